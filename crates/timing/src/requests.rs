//! What an account asks to be recorded in a season: the classification it claims, as a published result, and the grid it tells of.
//!
//! Nothing is filled in but what only we can say: who of the cars told without a word of how they ended is classified, by the rulebook's share of the distance.

use std::collections::BTreeMap;

use sport::accept::Request;
use sport::date::{Instant, Micros};
use sport::fact::What;
use sport::finding::{Finding, Weight};
use sport::names::{ClassId, DriverId};
use sport::place::Places;
use sport::result::{Finish, GridRow, PublishedGrid, PublishedResult, Raced, ResultRow, ResultState};
use sport::rulebook::Rulebook;
use sport::rules::distance;
use sport::running::Ranking;
use sport::season::Season;
use sport::session::Session;

use crate::account::{Account, Claim};
use crate::matched::Matched;
use crate::reckoned::Reckoned;

/// How an account is to be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Position of the session on the calendar.
    pub session: usize,
    /// When it was published.
    pub happened: Instant,
    /// Who records it.
    pub by: String,
    /// Where it is from.
    pub citation: String,
    /// What the publisher calls it.
    pub state: ResultState,
    /// The sheet's number.
    pub document: Option<String>,
}

/// What is to be recorded, and what a person should look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The requests, in order.
    pub requests: Vec<Request>,
    /// Doubts about who is who, and what the file leaves open.
    pub findings: Vec<Finding>,
}

impl Asked {
    /// The result, and the grid where the account tells the place of every car of a race.
    pub fn of(account: &Account, rulebook: &Rulebook, season: &Season, terms: &Terms) -> Self {
        let on = &season.calendar.sessions[terms.session];
        let matched = Matched::of(account, &season.list, on.name.round);
        let reckoned = Reckoned::of(account, Ranking::of(on.kind));
        let mut sheet = Sheet { account, season, on, matched: &matched, findings: Vec::new() };
        let claims = sheet.claims(&reckoned);
        let rows = sheet.rows(rulebook, terms.session, &claims);
        let grid = sheet.grid();
        let mut findings = sheet.findings;
        findings.extend(matched.findings);
        let request = |what| Request { happened: terms.happened, by: terms.by.clone(), citation: terms.citation.clone(), what };
        let mut requests: Vec<Request> = grid.map(|grid| request(What::Grid(grid))).into_iter().collect();
        if !rows.is_empty() {
            requests.push(request(What::Result(PublishedResult {
                session: on.name.clone(),
                mark: None,
                state: terms.state,
                document: terms.document.clone(),
                complete: true,
                includes: Vec::new(),
                without: Vec::new(),
                raced: Raced::Full,
                fastest: Vec::new(),
                rows,
            })));
        }
        Self { requests, findings }
    }
}

struct Sheet<'a> {
    account: &'a Account,
    season: &'a Season,
    on: &'a Session,
    matched: &'a Matched,
    findings: Vec<Finding>,
}

impl Sheet<'_> {
    fn tell(&mut self, weight: Weight, code: &'static str, says: String) {
        self.findings.push(Finding { weight, code, about: self.on.name.to_string(), says });
    }

    fn ranking(&self) -> Ranking {
        Ranking::of(self.on.kind)
    }

    /// What the file claims; where it claims nothing, the order its laps give.
    fn claims(&mut self, reckoned: &Reckoned) -> Vec<Claim> {
        if !self.account.claims.is_empty() {
            return self.account.claims.clone();
        }
        self.tell(Weight::Note, "no-claims", String::from("the file claims no classification; the order is the one its laps give"));
        let claim = |row: &crate::reckoned::Row| Claim {
            place: row.place,
            laps: Some(row.laps),
            time: row.time.filter(|_| reckoned.ranking == Ranking::Distance),
            best: row.best,
            best_lap: row.best_lap,
            ..Claim::of(row.car)
        };
        reckoned.rows.iter().map(claim).collect()
    }

    fn rows(&mut self, rulebook: &Rulebook, session: usize, claims: &[Claim]) -> Vec<ResultRow> {
        let led = self.led();
        let finishes = self.finishes(rulebook, session, claims);
        let mut rows = Vec::new();
        for (claim, finish) in claims.iter().zip(finishes) {
            let Some(entry) = self.matched.cars[claim.car] else { continue };
            let classified = matches!(finish, Finish::Classified | Finish::Unknown);
            let place = |place: Option<u16>| place.filter(|_| classified).map(Places::exactly);
            let (crew, drove) = self.crew(claim);
            rows.push(ResultRow {
                place: place(claim.place),
                class_place: place(claim.class_place),
                laps: claim.laps,
                time: claim.time.filter(|_| self.ranking() == Ranking::Distance),
                gap: claim.gap.filter(|gap| gap.0 > 0 && claim.time.is_none() && self.ranking() == Ranking::Distance),
                best_lap: claim.best,
                crew,
                drove,
                led: led.contains(&claim.car),
                note: claim.status.clone().filter(|status| !status.eq_ignore_ascii_case(finish.word())),
                ..ResultRow::of(self.season.list.entries[entry].id.clone(), finish)
            });
        }
        self.close_up(&mut rows, claims);
        rows
    }

    /// Places move up where a car ahead was left out because it is entered nowhere: the file's places count cars of which the season knows nothing.
    fn close_up(&mut self, rows: &mut [ResultRow], claims: &[Claim]) {
        let left_out: Vec<u16> =
            claims.iter().filter(|claim| self.matched.cars[claim.car].is_none()).filter_map(|claim| claim.place).collect();
        if left_out.is_empty() {
            return;
        }
        let mut moved = 0;
        for row in rows {
            let Some(place) = row.place.and_then(Places::exact) else { continue };
            let up = left_out.iter().filter(|out| **out < place).count();
            moved += usize::from(up > 0);
            row.place = place.checked_sub(u16::try_from(up).unwrap_or(u16::MAX)).map(Places::exactly);
            row.class_place = None;
        }
        if moved > 0 {
            let says = format!("{moved} cars are placed as if those left out had not taken part");
            self.tell(Weight::Doubt, "places-closed-up", says);
        }
    }

    /// How each ended: as the file says; where it does not, by the rulebook.
    fn finishes(&mut self, rulebook: &Rulebook, session: usize, claims: &[Claim]) -> Vec<Finish> {
        if claims.iter().all(|claim| claim.finish != Finish::Unknown) {
            return claims.iter().map(|claim| claim.finish).collect();
        }
        if self.ranking() == Ranking::BestLap {
            let by_best = |claim: &Claim| match (claim.finish, claim.best) {
                (Finish::Unknown, Some(_)) => Finish::Classified,
                (Finish::Unknown, None) => Finish::NotClassified,
                (told, _) => told,
            };
            return claims.iter().map(by_best).collect();
        }
        let class = |claim: &Claim| self.matched.cars[claim.car].map(|entry| &self.season.list.entries[entry].class);
        let unknown = ClassId::new("-");
        let laps: Option<Vec<(&ClassId, u32)>> = claims.iter().map(|claim| Some((class(claim).unwrap_or(&unknown), claim.laps?))).collect();
        let Some(laps) = laps else { return claims.iter().map(|claim| claim.finish).collect() };
        let law = rulebook.law_at(&self.season.calendar, session);
        let by_distance = distance::finishes(law, self.on, &laps);
        let finishes: Vec<Finish> =
            claims.iter().zip(by_distance).map(|(claim, by)| if claim.finish == Finish::Unknown { by } else { claim.finish }).collect();
        let says = "the file does not say who is classified; whoever completed the distance the rulebook asks for is";
        self.tell(Weight::Note, "classified-by-distance", says.to_owned());
        finishes
    }

    /// Who drove the car, in the order they are told, and how long each: from the laps, where every one of them says who drove it and how long it took.
    fn crew(&self, claim: &Claim) -> (Vec<DriverId>, Vec<(DriverId, Micros)>) {
        let id = |driver: usize| self.matched.drivers[claim.car][driver].map(|nth| self.season.list.drivers[nth].id.clone());
        let mut drove: BTreeMap<usize, i64> = BTreeMap::new();
        let mut whole = true;
        for lap in self.account.laps_of(claim.car) {
            let Some(driver) = lap.driver else {
                whole = false;
                continue;
            };
            whole &= lap.time.is_some();
            *drove.entry(driver).or_default() += lap.time.map_or(0, |time| time.0);
        }
        let named = 0..self.account.cars[claim.car].drivers.len();
        let aboard: Vec<usize> = if drove.is_empty() { named.collect() } else { drove.keys().copied().collect() };
        let mut crew: Vec<DriverId> = Vec::new();
        for driver in aboard.into_iter().filter_map(id) {
            if !crew.contains(&driver) {
                crew.push(driver);
            }
        }
        let times: Vec<(usize, i64)> = if claim.drove.is_empty() && whole {
            drove.into_iter().collect()
        } else {
            claim.drove.iter().map(|(driver, time)| (*driver, time.0)).collect()
        };
        let mut by_driver: Vec<(DriverId, Micros)> = Vec::new();
        for (driver, time) in times {
            let Some(id) = id(driver) else { continue };
            match by_driver.iter_mut().find(|(known, _)| *known == id) {
                Some((_, total)) => total.0 += time,
                None => by_driver.push((id, Micros(time))),
            }
        }
        (crew, by_driver.into_iter().filter(|(_, time)| self.ranking() == Ranking::Distance && time.0 > 0).collect())
    }

    /// Cars that completed a lap of a race as the first, where the file says when laps were completed.
    fn led(&self) -> Vec<usize> {
        if self.ranking() != Ranking::Distance {
            return Vec::new();
        }
        let mut first: BTreeMap<u32, (Option<Micros>, usize)> = BTreeMap::new();
        for lap in &self.account.laps {
            match first.get_mut(&lap.number) {
                None if lap.elapsed.is_some() || self.account.laps_as_completed => {
                    first.insert(lap.number, (lap.elapsed, lap.car));
                }
                Some(leader) if lap.elapsed.is_some() && lap.elapsed < leader.0 => *leader = (lap.elapsed, lap.car),
                _ => {}
            }
        }
        let mut led: Vec<usize> = first.into_values().map(|(_, car)| car).collect();
        led.sort_unstable();
        led.dedup();
        led
    }

    /// The grid of a race, where every car is told with its place.
    fn grid(&mut self) -> Option<PublishedGrid> {
        if self.ranking() != Ranking::Distance || self.account.cars.is_empty() {
            return None;
        }
        let mut rows = Vec::new();
        for (nth, car) in self.account.cars.iter().enumerate() {
            let place = car.grid?;
            let Some(entry) = self.matched.cars[nth] else { continue };
            let car = self.season.list.entries[entry].id.clone();
            let place = Some(Places::exactly(place));
            rows.push(GridRow { car, place, class_place: None, cup_place: None, driver: None, time: None, note: None });
        }
        rows.sort_by_key(|row| row.place.map(|place| place.best));
        let twice = rows.windows(2).any(|pair| pair[0].place == pair[1].place);
        if twice {
            self.tell(Weight::Doubt, "grid-unclear", String::from("two cars are told with one place of the grid; no grid is recorded"));
        }
        (!twice && !rows.is_empty()).then(|| PublishedGrid { session: self.on.name.clone(), complete: true, rows })
    }
}
