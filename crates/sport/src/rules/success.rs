//! The success ledger: who earned, where due, served how, what a late change leaves behind (D1–D5, P38, P39).

use alloc::vec::Vec;

use crate::classification::Classification;
use crate::date::Micros;
use crate::decision::Effect;
use crate::fact::{Fact, Served, ServedHow};
use crate::finding::{Finding, Weight};
use crate::ledger::{Due, DueState};
use crate::place::Places;
use crate::result::Finish;
use crate::roster::Roster;
use crate::rulebook::Law;
use crate::rulebook::championship::{Championship, CompetitorKind, Listed, SharedDrive, Ties, TwoCars};
use crate::rulebook::crew::StatusRule;
use crate::rulebook::success::SuccessPenalty;
use crate::rules::ranking::Field;
use crate::season::Season;
use crate::world::InForce;

/// What a classification earns.
#[derive(Default)]
pub(crate) struct Earned {
    /// What its first cars earn, with no word yet on where it is due.
    pub(crate) dues: Vec<Due>,
    /// Cars that may have earned something by a place nobody published.
    pub(crate) perhaps: Vec<usize>,
}

/// What a car still owes in a race.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Owed {
    pub(crate) entry: usize,
    /// Earned and not served at a stop.
    pub(crate) time: Micros,
    /// It was published whether it was served.
    pub(crate) told: bool,
    /// It may owe more than that: what it earned, or whether it took part in a race between, was not published.
    pub(crate) open: bool,
}

/// What a classification earns its first cars.
pub(crate) fn earned(
    season: &Season,
    roster: &Roster,
    law: &Law,
    of: &Classification,
    force: &InForce<'_>,
    findings: &mut Vec<Finding>,
) -> Earned {
    let mut earned = Earned::default();
    let Some(rule) = law.success.as_ref().filter(|_| of.annulled.is_none() && of.mark.is_none()) else { return earned };
    let session = &season.calendar.sessions[of.session];
    for class in &rule.classes {
        let ranked = counting(rule, law, class).rank_in(season, roster, of, force);
        let mut open = false;
        for (row, places) in of.rows.iter().zip(ranked) {
            let Some(places) = places else { continue };
            let amount = |place| rule.amount(session.minutes, session.kilometres, place).map(|(amount, _)| amount);
            match (places.exact().and_then(amount), places.exact()) {
                (Some(amount), Some(place)) if row.finish == Finish::Classified => earned.dues.push(Due {
                    class: class.clone(),
                    entry: row.entry,
                    earned_in: Some(of.session),
                    place,
                    amount,
                    unit: rule.unit,
                    due_in: None,
                    served: None,
                    state: DueState::Upcoming,
                }),
                (None, Some(_)) => {}
                _ if amount(places.best).is_some() => {
                    open = true;
                    earned.perhaps.push(row.entry);
                }
                _ => {}
            }
        }
        if open {
            findings.push(Finding {
                weight: Weight::Doubt,
                code: "success-places-unknown",
                about: alloc::format!("{}", session.name),
                says: alloc::format!(
                    "not every place of {class} that earns a success penalty was published; the ledger lists those that were"
                ),
            });
        }
    }
    earned.dues.sort_by_key(|due| (due.class.clone(), due.place));
    earned
}

/// The success penalty counts its places as a championship of the class would, by its own rule on guests (D4).
struct Counting {
    championship: Championship,
    guests: StatusRule,
    invitational: StatusRule,
}

fn counting(rule: &SuccessPenalty, law: &Law, class: &crate::names::ClassId) -> Counting {
    let own = |status: &StatusRule| StatusRule { scores: status.takes_success, others_move_up: true, ..status.clone() };
    let championship = Championship {
        id: "success".into(),
        title: "success penalty".into(),
        competitor: CompetitorKind::Entry,
        crews_on_one_line: false,
        classes: alloc::vec![class.clone()],
        cups: Vec::new(),
        driver_grades: None,
        driver_ages: None,
        by_registration: false,
        awards: Vec::new(),
        sum_of: Vec::new(),
        best_cars: None,
        newcomers_until: None,
        rounds_min: None,
        shared_drive: SharedDrive::Full,
        two_cars: TwoCars::Both,
        drive_min: None,
        keep: None,
        skip_rounds: Vec::new(),
        ties: Ties { steps: Vec::new(), cite: rule.cite.clone() },
        lowest_wins: false,
        listed: Listed::Everybody,
        cite: rule.cite.clone(),
    };
    Counting { championship, guests: own(&law.guests), invitational: own(&law.invitational) }
}

impl Counting {
    fn rank_in(&self, season: &Season, roster: &Roster, of: &Classification, force: &InForce<'_>) -> Vec<Option<Places>> {
        let Self { championship, guests, invitational } = self;
        let field = Field {
            season,
            roster,
            guests,
            invitational,
            championship,
            classification: of,
            force,
            rounds_entered: &[],
            passes_ineligible: true,
        };
        field.rank().into_iter().map(|one| one.scoring).collect()
    }
}

/// Success seconds served, by position in calendar and entry list.
pub(crate) struct ServedAt {
    pub(crate) session: usize,
    entry: usize,
    time: Micros,
    how: ServedHow,
}

/// What was served in the season, in the order of the facts; looked up once for all worlds.
pub(crate) fn served(season: &Season, live: &[&Fact], roster: &Roster) -> Vec<ServedAt> {
    let at = |served: &Served| {
        let (session, entry) = (season.calendar.find(&served.session)?, roster.entry(&served.car)?);
        // What is told of a car that did not serve is what it should have served.
        let time = if served.how == ServedHow::NotServed { Micros(0) } else { served.time };
        Some(ServedAt { session, entry, time, how: served.how })
    };
    live.iter().filter_map(|fact| at(fact.what.served()?)).collect()
}

/// What dues are settled by.
pub(crate) struct Settling<'a> {
    pub(crate) season: &'a Season,
    /// Whether the law at a session keeps what is due in a race the car misses (D4).
    pub(crate) kept: &'a dyn Fn(usize) -> bool,
    pub(crate) served: &'a [ServedAt],
    pub(crate) results: &'a [&'a Classification],
    pub(crate) force: &'a InForce<'a>,
}

impl Settling<'_> {
    fn served(&self, session: usize, entry: usize) -> Option<(Micros, ServedHow)> {
        let latest = self.served.iter().rev().find(|served| served.session == session && served.entry == entry);
        latest.map(|served| (served.time, served.how))
    }

    /// Whether a car is known to have served in a race, and so to have taken part. That it served nothing says nothing of that.
    fn served_something(&self, session: usize, entry: usize) -> bool {
        self.served(session, entry).is_some_and(|(_, how)| how != ServedHow::NotServed)
    }

    fn result(&self, session: usize) -> Option<&Classification> {
        self.results.iter().find(|of| of.session == session && of.mark.is_none()).copied()
    }

    /// What each car still owes in a session: what is due there, less what was served at a stop. `perhaps`: the race in which a car
    /// may have earned something by a place nobody published, and the car.
    pub(crate) fn owed(&self, dues: &[Due], perhaps: &[(usize, usize)], session: usize) -> Vec<Owed> {
        let mut owed: Vec<Owed> = Vec::new();
        for due in dues.iter().filter(|due| due.due_in == Some(session) && due.earned_in.is_some()) {
            let served = due.served.filter(|(_, how)| *how == ServedHow::AtStop).map_or(0, |(time, _)| time.0);
            let told = matches!(due.served, Some((_, ServedHow::AtStop | ServedHow::NotServed)));
            owed.push(Owed { entry: due.entry, time: Micros(due.amount.0.saturating_sub(served).max(0)), told, open: false });
        }
        let elsewhere = dues.iter().filter(|due| due.due_in != Some(session));
        let elsewhere = elsewhere.filter_map(|due| Some((due.earned_in?, due.entry)));
        for (earned_in, entry) in elsewhere.chain(perhaps.iter().copied()) {
            if !self.may_fall_due(earned_in, entry, session) {
                continue;
            }
            match owed.iter_mut().find(|of| of.entry == entry) {
                Some(of) => of.open = true,
                None => owed.push(Owed { entry, time: Micros(0), told: true, open: true }),
            }
        }
        owed.retain(|of| of.time.0 > 0 || of.open);
        owed
    }

    /// Whether what a car earned in a race may be due in a session: the next race, or one after races it may have missed.
    fn may_fall_due(&self, earned_in: usize, entry: usize, session: usize) -> bool {
        let mut next = self.season.calendar.next_race(earned_in);
        while let Some(race) = next.filter(|race| *race < session) {
            // What is due in a race without a result waits there.
            let Some(of) = self.result(race) else { return false };
            let row = of.rows.iter().find(|row| row.entry == entry);
            let took_part = row.is_some_and(|row| row.on_sheet && row.finish != Finish::NotStarted);
            if took_part || self.served_something(race, entry) || !(self.kept)(race) {
                return false;
            }
            next = self.season.calendar.next_race(race);
        }
        next == Some(session)
    }
}

/// Where each due is served and what became of it.
pub(crate) fn settle(by: &Settling<'_>, dues: &mut Vec<Due>) {
    let season = by.season;
    for due in dues.iter_mut() {
        let Some(earned_in) = due.earned_in else { continue };
        due.due_in = season.calendar.next_race(earned_in);
        while let Some(next) = due.due_in
            && let Some(of) = by.result(next)
            && absent(of, due.entry)
            && !by.served_something(next, due.entry)
        {
            if !(by.kept)(next) {
                due.state = DueState::LapsedAbsent;
                break;
            }
            due.due_in = season.calendar.next_race(next);
        }
        if due.state == DueState::LapsedAbsent {
            continue;
        }
        // A car earns in a race and serves in the next it takes part in, so it never owes twice in one.
        let Some(next) = due.due_in else {
            due.state = DueState::Lapsed;
            continue;
        };
        due.served = by.served(next, due.entry);
        let name = &season.calendar.sessions[next].name;
        let converted =
            by.force.on(name).find(|holds| matches!(holds.effect, Effect::AddUnservedSuccess { .. })).map(|holds| holds.ground.clone());
        due.state = match (due.served, converted, by.result(next).is_some()) {
            (Some((time, ServedHow::AtStop)), _, _) if time >= due.amount => {
                if time == due.amount {
                    DueState::Served
                } else {
                    DueState::TooMuch(Micros(time.0.saturating_sub(due.amount.0)))
                }
            }
            (_, Some(ground), _) => DueState::AddedToTime(ground),
            (Some((time, ServedHow::AtStop | ServedHow::NotServed)), None, _) => {
                DueState::Left(Micros(due.amount.0.saturating_sub(time.0.clamp(0, due.amount.0))))
            }
            (Some((_, ServedHow::Announced)), None, _) => DueState::Announced,
            (None, None, true) => DueState::NotPublished,
            (None, None, false) => DueState::Upcoming,
        };
    }
    let unearned: Vec<Due> = served_without_due(season, by.served, dues);
    dues.extend(unearned);
}

fn absent(of: &Classification, entry: usize) -> bool {
    match of.rows.iter().find(|row| row.entry == entry) {
        None => of.complete,
        Some(row) => row.finish == Finish::NotStarted,
    }
}

/// Seconds served that nothing, as the results stand now, had earned: what a late change leaves behind (D3).
fn served_without_due(season: &Season, all_served: &[ServedAt], dues: &[Due]) -> Vec<Due> {
    let mut left: Vec<Due> = Vec::new();
    for ServedAt { session, entry, time, how } in all_served {
        let (at, entry) = (*session, *entry);
        let known = |due: &Due| due.due_in == Some(at) && due.entry == entry;
        if time.0 == 0 || *how == ServedHow::NotServed || dues.iter().chain(&left).any(known) {
            continue;
        }
        left.push(Due {
            class: season.list.entries[entry].class.clone(),
            entry,
            earned_in: None,
            place: 0,
            amount: Micros(0),
            unit: crate::rulebook::success::SuccessUnit::Time,
            due_in: Some(at),
            served: Some((*time, *how)),
            state: if *how == ServedHow::AtStop { DueState::TooMuch(*time) } else { DueState::Announced },
        });
    }
    left
}
