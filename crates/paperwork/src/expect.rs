//! What a case expects, and whether the evaluation gives it. Every difference is a fault at the line that expected it.

use sport::classification::Classification;
use sport::clock::Clocks;
use sport::date::{Instant, Micros};
use sport::evaluation::Evaluation;
use sport::fact::What;
use sport::grid::{self, Grid, NoGrid};
use sport::ledger::{Due, DueState};
use sport::live_session::LiveSession;
use sport::names::{ChampionshipId, ClassId, DriverId, EntryId};
use sport::place::Places;
use sport::points::Points;
use sport::result::Finish;
use sport::rulebook::success::SuccessUnit;
use sport::rulebook::{Law, Rulebook};
use sport::rules::tariff::Offence;
use sport::rules::{cup, licence, podium, tariff};
use sport::scrutineering;
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::standings::{Line, Standings};
use sport::world::{Docket, World};

use crate::fault::Fault;
use crate::place::Place;
use crate::timed::{PassingsCheck, Timed};

/// One block of expectations: a moment, a world, and what must hold there.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What a reader is told.
    pub say: String,
    /// The moment it is asked from.
    pub moment: Moment,
    /// The last session counted.
    pub through: Option<usize>,
    /// How open matters are supposed to end.
    pub world: World,
    /// What must hold.
    pub checks: Vec<(Place, Check)>,
}

/// One thing that must hold. Lists are complete unless said otherwise.
#[derive(Clone, Debug)]
pub enum Check {
    /// The first lines of a table, as `PLACE NAME POINTS`; with `whole` there are no others.
    Table {
        /// Which.
        championship: ChampionshipId,
        /// `1 Driver A / Driver B 25`, `2= Driver C 12..18`, `EXC Driver D 4`.
        lines: Vec<String>,
        /// No further lines.
        whole: bool,
    },
    /// The cars with a place in a classification, in order.
    Order(SessionName, Vec<EntryId>),
    /// The cars in the order of the sheet before decisions.
    Road(SessionName, Vec<EntryId>),
    /// The grid published last, pole position first.
    Grid(SessionName, Vec<EntryId>),
    /// The grid the rulebook makes, pole position first.
    Starts(SessionName, Vec<EntryId>),
    /// Why a car starts there.
    StartsWhy(SessionName, EntryId, Vec<String>),
    /// Cars without a place: `D dsq`, `E not-classified`.
    Out(SessionName, Vec<String>),
    /// The open matters that touch a session.
    Open(SessionName, Vec<String>),
    /// What stands in the way of a final result: `matter A1 is open`.
    Hindered(SessionName, Vec<String>),
    /// `annulled`, `withheld`, or a state of the sheet.
    State(SessionName, String),
    /// The number of the sheet the classification starts from; `-` where it has none.
    Document(SessionName, String),
    /// What was done to a car: `decision D1: 30 s added`.
    Effects(SessionName, EntryId, Vec<String>),
    /// The factor on a session's points.
    Factor(SessionName, Points),
    /// The ledger's lines, as `CAR AMOUNT DUE-IN STATE`; those due in one session where one is named.
    Dues(Option<SessionName>, Vec<String>),
    /// The cup of each car in a round: `pro-am`, `none`, `no-cups`, `open`.
    Cup(u16, EntryId, String),
    /// Whether the class admits a car's crew in a round.
    Admitted(u16, EntryId, bool),
    /// The cars on a podium by a session's classification.
    Podium(SessionName, String, Vec<String>),
    /// What a model must run to in a session: `ballast_kg 10 by 2`.
    Bop(SessionName, String, Vec<String>),
    /// What a car measured in a session, each value with its limit.
    Measured(SessionName, EntryId, Vec<String>),
    /// The sets of tyres of a car in a round.
    Tyres(u16, EntryId, String),
    /// The minimum stop of a car at a circuit with so much due.
    Stop {
        /// The circuit's id.
        circuit: String,
        /// Success time due.
        due: Micros,
        /// The minimum.
        minimum: Micros,
    },
    /// Whether a stop with these race times lies inside the window.
    Window {
        /// Race time at the pit entry.
        entry: Micros,
        /// Race time at the pit exit.
        exit: Micros,
        /// The answer.
        inside: bool,
    },
    /// Whether a car with these laps is classified behind a winner with those, in a session.
    Classified {
        /// The session.
        session: SessionName,
        /// The car's laps.
        laps: u32,
        /// The winner's.
        winner: u32,
        /// The answer.
        classified: bool,
    },
    /// Points on a driver's licence.
    Licence(DriverId, u16),
    /// What the tariff proposes for an offence of a car in a session, in words: `drive-through by article C3`.
    Proposal {
        /// The offence's id, the session and the car.
        offence: Offence,
        /// In words.
        says: String,
    },
    /// Findings by code, all of them.
    Findings(Vec<String>),
    /// A competitor's place depends on exactly these open matters.
    Depends {
        /// The table.
        championship: ChampionshipId,
        /// The competitor as printed.
        competitor: String,
        /// The matters.
        matters: Vec<String>,
    },
    /// What broke the tie of a competitor with the line above.
    Tie {
        /// The table.
        championship: ChampionshipId,
        /// The competitor as printed.
        competitor: String,
        /// In words; `-` where no tie was broken.
        says: String,
    },
    /// What the passings of a session give.
    Passings(SessionName, PassingsCheck),
    /// The rulebook's value as written, by its dotted name.
    Value(String, String),
}

impl Expect {
    /// Everything that does not hold.
    pub fn unmet(&self, rulebook: &Rulebook, season: &Season, values: &dyn Fn(&str) -> Option<String>) -> Vec<Fault> {
        let evaluation = sport::evaluate::evaluate(rulebook, season, self.moment, self.through, &self.world);
        let scene = Scene { rulebook, season, evaluation: &evaluation, expect: self, values };
        let differs = |(place, check): &(Place, Check)| {
            let differs = scene.differs(check)?;
            Some(Fault::error("case-unmet", place, format!("{}: {differs}", self.say)).label("not so"))
        };
        self.checks.iter().filter_map(differs).collect()
    }
}

struct Scene<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    evaluation: &'a Evaluation,
    expect: &'a Expect,
    values: &'a dyn Fn(&str) -> Option<String>,
}

impl Scene<'_> {
    /// In words, what is different; `None` where it is as expected.
    fn differs(&self, check: &Check) -> Option<String> {
        match check {
            Check::Table { championship, lines, whole } => self.table(championship, lines, *whole),
            Check::Order(session, cars) => self.compare_cars(session, cars, "the classification", |of| self.placed(of, |row| row.place)),
            Check::Road(session, cars) => {
                self.compare_cars(session, cars, "the order on the road", |of| self.placed(of, |row| row.published))
            }
            Check::Grid(session, cars) => {
                let wanted: Vec<String> = cars.iter().map(ToString::to_string).collect();
                same(&wanted, &self.grid(session), &format!("the grid of {session}"))
            }
            Check::Starts(session, cars) => self.starts(session, cars),
            Check::StartsWhy(session, car, reasons) => self.starts_why(session, car, reasons),
            Check::Out(session, cars) => self.compare(session, cars, |of| {
                of.rows
                    .iter()
                    .filter(|row| row.on_sheet && !row.may_finish())
                    .map(|row| format!("{} {}", self.car(row.entry), finish(row.finish)))
                    .collect()
            }),
            Check::Open(session, matters) => self.compare(session, matters, |of| of.open.iter().map(ToString::to_string).collect()),
            Check::Hindered(session, wanted) => self.hindered(session, wanted),
            Check::State(session, state) => self.compare(session, std::slice::from_ref(state), |of| vec![state_of(of)]),
            Check::Document(session, number) => self.compare(session, std::slice::from_ref(number), |of| vec![self.document(of)]),
            Check::Effects(session, car, effects) => self.compare(session, effects, |of| self.effects(of, car)),
            Check::Factor(session, factor) => self.compare(session, &[factor.exact()], |of| vec![of.factor.exact()]),
            Check::Dues(into, lines) => {
                let at = into.as_ref().and_then(|into| self.season.calendar.find(into));
                let dues = self.evaluation.ledger.iter().filter(|due| at.is_none() || due.due_in == at);
                same(lines, &dues.map(|due| self.due(due)).collect::<Vec<_>>(), "the ledger")
            }
            Check::Cup(round, car, cup) => same(std::slice::from_ref(cup), &[self.cup(*round, car)], "the cup"),
            Check::Admitted(round, car, admitted) => {
                let is = self.admitted(*round, car);
                (is != Some(*admitted)).then(|| format!("admitted is {is:?}"))
            }
            Check::Podium(session, id, cars) => self.podium(session, id, cars),
            Check::Bop(session, model, values) => self.bop(session, model, values),
            Check::Measured(session, car, wanted) => self.measured(session, car, wanted),
            Check::Tyres(round, car, wanted) => self.tyres(*round, car, wanted),
            Check::Stop { circuit, due, minimum } => {
                let stop = self.rulebook.latest().pit_stop.as_ref()?.minimum_for(circuit, *due).0;
                (stop != *minimum).then(|| format!("the minimum stop is {stop}, not {minimum}"))
            }
            Check::Window { entry, exit, inside } => {
                let is = self.rulebook.latest().pit_stop.as_ref()?.inside_window(*entry, *exit);
                (is != *inside).then(|| format!("the stop is {} the window", if is { "inside" } else { "outside" }))
            }
            Check::Classified { session, laps, winner, classified } => self.classified(session, *laps, *winner, *classified),
            Check::Licence(driver, points) => {
                let live = self.season.live(self.expect.moment);
                let force = Docket::of(&live).in_force(&self.expect.world);
                let after = self.expect.through.map(|at| self.season.calendar.sessions[at].name.round);
                let is = licence::total(&licence::licences(self.rulebook, self.season, &live, &force), driver, after);
                (is != *points).then(|| format!("driver {driver} has {is} licence points"))
            }
            Check::Proposal { offence, says } => self.proposal(offence, says),
            Check::Findings(codes) => {
                let mut found: Vec<String> = self.evaluation.findings.iter().map(|finding| finding.code.to_owned()).collect();
                found.sort();
                found.dedup();
                same(codes, &found, "the findings")
            }
            Check::Depends { championship, competitor, matters } => self.depends(championship, competitor, matters),
            Check::Tie { championship, competitor, says } => self.tie(championship, competitor, says),
            Check::Passings(session, check) => self.passings(session, check),
            Check::Value(rule, value) => {
                let is = (self.values)(rule);
                (is.as_deref() != Some(value)).then(|| format!("{rule} is {}", is.unwrap_or_else(|| String::from("not in the rulebook"))))
            }
        }
    }

    fn passings(&self, name: &SessionName, check: &PassingsCheck) -> Option<String> {
        let (rulebook, season, moment) = (self.rulebook, self.season, self.expect.moment);
        let Some(session) = season.calendar.find(name) else { return Some(format!("there is no session {name}")) };
        let Some(of) = LiveSession::of(rulebook, season, moment, session) else {
            return Some(format!("{name} was not opened, or its circuit has no lines"));
        };
        match (Timed { rulebook, season, moment, of }).compared(check) {
            Ok((wanted, is, what)) => same(wanted, &is, &what),
            Err(missing) => Some(missing),
        }
    }

    fn made(&self, session: &SessionName) -> Result<Grid, String> {
        let race = self.season.calendar.find(session).ok_or_else(|| format!("there is no session {session}"))?;
        let grid = grid::grid(self.rulebook, self.season, self.expect.moment, &self.expect.world, race);
        grid.map_err(|no| match no {
            NoGrid::NoSource => format!("the rulebook names no session that makes the grid of {session}"),
            NoGrid::NoResult(of) => format!("{} has no result", self.season.calendar.sessions[of].name),
        })
    }

    fn starts(&self, session: &SessionName, cars: &[EntryId]) -> Option<String> {
        let wanted: Vec<String> = cars.iter().map(ToString::to_string).collect();
        match self.made(session) {
            Ok(grid) => {
                let starts: Vec<String> = grid.places.iter().map(|place| self.car(place.entry)).collect();
                same(&wanted, &starts, &format!("the grid made for {session}"))
            }
            Err(why) => Some(why),
        }
    }

    fn starts_why(&self, session: &SessionName, car: &EntryId, reasons: &[String]) -> Option<String> {
        match self.made(session) {
            Ok(grid) => {
                let of = grid.places.iter().chain(&grid.out).find(|place| self.season.list.entries[place.entry].id == *car);
                same(reasons, of.map_or(&[], |place| &place.reasons), &format!("why {car} starts there in {session}"))
            }
            Err(why) => Some(why),
        }
    }

    fn grid(&self, session: &SessionName) -> Vec<String> {
        let live = self.season.live(self.expect.moment);
        let of = |fact: &&sport::fact::Fact| if let What::Grid(grid) = &fact.what { Some(grid.clone()) } else { None };
        let grids = live.iter().rev().filter_map(of);
        let mut rows = grids.into_iter().find(|grid| grid.session == *session).map_or_else(Vec::new, |grid| grid.rows);
        rows.sort_by_key(|row| row.place);
        rows.iter().filter(|row| row.place.is_some()).map(|row| row.car.to_string()).collect()
    }

    fn measured(&self, name: &SessionName, car: &EntryId, wanted: &[String]) -> Option<String> {
        let Some(session) = self.season.calendar.find(name) else { return Some(format!("there is no session {name}")) };
        let live = self.season.live(self.expect.moment);
        let all = scrutineering::scrutinised(self.rulebook, self.season, &live, self.expect.through, session);
        let mine = all.iter().filter(|of| self.car(of.entry) == car.as_str());
        let is: Vec<String> = mine.flat_map(|of| of.readings.iter().map(sport::scrutineering::Reading::says)).collect();
        same(wanted, &is, &format!("what car {car} measured in {name}"))
    }

    fn tyres(&self, round: u16, car: &EntryId, wanted: &str) -> Option<String> {
        let live = self.season.live(self.expect.moment);
        let all = scrutineering::tyres(self.rulebook, self.season, &live, round);
        let is = all.iter().find(|of| self.car(of.entry) == car.as_str()).map_or_else(|| String::from("not entered"), ToString::to_string);
        (is != wanted).then(|| format!("the sets of car {car} are {is}, not {wanted}"))
    }

    fn proposal(&self, offence: &Offence, says: &str) -> Option<String> {
        let session = self.season.calendar.find(&offence.session);
        let Some(session) = session else { return Some(format!("there is no session {}", offence.session)) };
        let next = self.season.calendar.next_race(session).map(|at| self.season.calendar.sessions[at].name.clone());
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let proposal = tariff::proposal(law, &Offence { next_race: next, ..offence.clone() });
        let is = proposal.map_or_else(
            || String::from("the tariff does not know it"),
            |proposal| format!("{} by article {}", proposal.says, proposal.cite.article),
        );
        (is != says).then(|| format!("{} is proposed, not {says}", is))
    }

    fn hindered(&self, name: &SessionName, wanted: &[String]) -> Option<String> {
        let Some(session) = self.season.calendar.find(name) else { return Some(format!("there is no session {name}")) };
        let live = self.season.live(self.expect.moment);
        let clocks = Clocks { rulebook: self.rulebook, season: self.season, live: &live };
        let last = live.iter().map(|fact| fact.happened).max().unwrap_or(Instant(0));
        let at = if self.expect.moment.in_force == Instant::FOREVER { last } else { self.expect.moment.in_force };
        let is: Vec<String> = clocks.hindrances(session, at).iter().map(ToString::to_string).collect();
        same(wanted, &is, "what stands in the way of a final result")
    }

    fn tie(&self, championship: &ChampionshipId, competitor: &str, says: &str) -> Option<String> {
        let Some(table) = self.evaluation.table(championship) else { return Some(format!("there is no championship {championship}")) };
        let line = table.lines.iter().find(|line| line.name == competitor);
        let tie = line.and_then(|line| line.tie.clone()).unwrap_or_else(|| String::from("-"));
        (tie != says).then(|| format!("the tie of {competitor} is broken by \"{tie}\", not \"{says}\""))
    }

    /// The number of the sheet a classification starts from.
    fn document(&self, of: &Classification) -> String {
        let sheet = self.season.facts().iter().find(|fact| fact.number == of.fact).and_then(|fact| fact.what.result());
        sheet.and_then(|result| result.document.clone()).unwrap_or_else(|| String::from("-"))
    }

    fn effects(&self, of: &Classification, car: &EntryId) -> Vec<String> {
        let mine = of.rows.iter().filter(|row| self.car(row.entry) == car.as_str());
        mine.flat_map(|row| row.effects.iter().map(|(ground, says)| format!("{ground}: {says}"))).collect()
    }

    fn car(&self, entry: usize) -> String {
        self.season.list.entries[entry].id.to_string()
    }

    fn table(&self, championship: &ChampionshipId, lines: &[String], whole: bool) -> Option<String> {
        let Some(table) = self.evaluation.table(championship) else { return Some(format!("there is no championship {championship}")) };
        let mut printed: Vec<String> = table.lines.iter().map(line).collect();
        if !whole {
            printed.truncate(lines.len());
        }
        same(lines, &printed, &title(table))
    }

    fn of(&self, session: &SessionName) -> Result<&Classification, String> {
        let at = self.season.calendar.find(session).ok_or_else(|| format!("there is no session {session}"))?;
        self.evaluation.classification(at).ok_or_else(|| format!("{session} has no result"))
    }

    fn compare(&self, session: &SessionName, wanted: &[String], is: impl Fn(&Classification) -> Vec<String>) -> Option<String> {
        match self.of(session) {
            Ok(of) => same(wanted, &is(of), &session.to_string()),
            Err(missing) => Some(missing),
        }
    }

    fn compare_cars(
        &self,
        session: &SessionName,
        wanted: &[EntryId],
        what: &str,
        is: impl Fn(&Classification) -> Vec<String>,
    ) -> Option<String> {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        match self.of(session) {
            Ok(of) => same(&wanted, &is(of), &format!("{what} of {session}")),
            Err(missing) => Some(missing),
        }
    }

    fn placed(&self, of: &Classification, place: impl Fn(&sport::classification::Classified) -> Option<Places>) -> Vec<String> {
        if of.annulled.is_some() {
            return Vec::new();
        }
        let mut cars: Vec<(Places, String)> =
            of.rows.iter().filter(|row| row.on_sheet).filter_map(|row| Some((place(row)?, self.car(row.entry)))).collect();
        cars.sort();
        cars.into_iter().map(|(_, car)| car).collect()
    }

    fn due(&self, due: &Due) -> String {
        let amount = match due.unit {
            SuccessUnit::Time => format!("{}s", Points::whole(due.amount.0).split(1_000_000)),
            SuccessUnit::Ballast => format!("{}kg", Points::whole(due.amount.0).split(1000)),
        };
        let into = due.due_in.map_or_else(|| String::from("-"), |at| self.season.calendar.sessions[at].name.to_string());
        let mut state = due.state.word().to_owned();
        if let DueState::Left(open) | DueState::TooMuch(open) = &due.state {
            state.push_str(&format!(" {}s", Points::whole(open.0).split(1_000_000)));
        }
        format!("{} {amount} {into} {state}", self.car(due.entry))
    }

    /// The class of a car, the grades of its crew on a round's first day, and the law of that day.
    fn crew(&self, round: u16, car: &EntryId) -> Option<(&ClassId, Vec<Option<sport::grade::Grade>>, &Law)> {
        let entry = self.season.list.entry(car)?;
        let spell = self.season.list.entries[entry].spell(round)?;
        let first = self.season.calendar.sessions.iter().position(|session| session.name.round == round)?;
        let live = self.season.live(self.expect.moment);
        let law = self.rulebook.law_at(&self.season.calendar, first);
        let day = self.season.calendar.sessions[first].date;
        let grade = |driver: &sport::names::DriverId| {
            let own = self.season.list.driver(driver).and_then(|at| self.season.grade_on(&live, at, day));
            cup::grade_in(law, driver, own)
        };
        Some((&self.season.list.entries[entry].class, spell.crew.iter().map(grade).collect(), law))
    }

    fn cup(&self, round: u16, car: &EntryId) -> String {
        let Some((class, grades, law)) = self.crew(round, car) else { return String::from("not entered") };
        match cup::cup_of(law, class, &grades, false) {
            cup::CupFit::Cup(cup) => cup.to_string(),
            cup::CupFit::None => String::from("none"),
            cup::CupFit::NoCups => String::from("no-cups"),
            cup::CupFit::Open(_) => String::from("open"),
        }
    }

    fn admitted(&self, round: u16, car: &EntryId) -> Option<bool> {
        let (class, grades, law) = self.crew(round, car)?;
        let grades: Option<Vec<_>> = grades.into_iter().collect();
        Some(cup::admits(law, class, &grades?))
    }

    fn podium(&self, session: &SessionName, id: &str, cars: &[String]) -> Option<String> {
        let of = match self.of(session) {
            Ok(of) => of,
            Err(missing) => return Some(missing),
        };
        let podium = self.rulebook.law_at(&self.season.calendar, of.session).podiums.iter().find(|podium| podium.id == id);
        let Some(podium) = podium else { return Some(format!("there is no podium {id}")) };
        let steps = podium::steps(podium, self.season, of);
        let steps: Vec<String> = steps.iter().map(|step| step.map_or_else(|| String::from("?"), |entry| self.car(entry))).collect();
        same(cars, &steps, "the podium")
    }

    fn bop(&self, session: &SessionName, model: &str, wanted: &[String]) -> Option<String> {
        let Some(at) = self.season.calendar.find(session) else { return Some(format!("there is no session {session}")) };
        let models = sport::bop::in_force(self.season, &self.season.live(self.expect.moment), at);
        let values = models.get(model).map(sport::bop::InForce::values).unwrap_or_default();
        let values: Vec<String> = values.iter().map(|(name, value, bulletin)| format!("{name} {value} by {bulletin}")).collect();
        same(wanted, &values, "the Balance of Performance")
    }

    fn classified(&self, session: &SessionName, laps: u32, winner: u32, wanted: bool) -> Option<String> {
        let Some(at) = self.season.calendar.find(session) else { return Some(format!("there is no session {session}")) };
        let rule = self
            .rulebook
            .law_at(&self.season.calendar, at)
            .classified
            .iter()
            .find(|rule| rule.sessions.hold(&self.season.calendar.sessions[at]));
        let Some(rule) = rule else { return Some(format!("no rule says who is classified in {session}")) };
        let is = rule.enough(laps, winner);
        (is != wanted).then(|| format!("{laps} of {winner} laps is {}", if is { "enough" } else { "not enough" }))
    }

    fn depends(&self, championship: &ChampionshipId, competitor: &str, matters: &[String]) -> Option<String> {
        let worlds = match sport::worlds::worlds(self.rulebook, self.season, self.expect.moment, self.expect.through) {
            Ok(worlds) => worlds,
            Err(open) => return Some(format!("{open} matters are open")),
        };
        let table = worlds.tables.iter().find(|table| table.championship == *championship);
        let Some(table) = table else { return Some(format!("there is no championship {championship}")) };
        let Some(one) = table.competitors.iter().find(|one| one.name == competitor) else {
            return Some(format!("{competitor} is not in the table"));
        };
        let is: Vec<String> = one.place_depends_on.iter().map(|at| worlds.matters[*at].id.to_string()).collect();
        same(matters, &is, &format!("what the place of {competitor} depends on"))
    }
}

fn finish(finish: Finish) -> &'static str {
    if finish == Finish::Disqualified { "dsq" } else { finish.word() }
}

fn state_of(of: &Classification) -> String {
    if of.annulled.is_some() {
        return String::from("annulled");
    }
    if of.withheld.is_some() {
        return String::from("withheld");
    }
    of.state.word().to_owned()
}

fn title(table: &Standings) -> String {
    table.championship.to_string()
}

fn line(line: &Line) -> String {
    let place = line
        .label
        .clone()
        .or_else(|| line.place.map(|place| format!("{place}{}", if line.shared { "=" } else { "" })))
        .unwrap_or_else(|| String::from("-"));
    let points = if line.points.is_exact() {
        line.points.at_least.published()
    } else {
        format!("{}..{}", line.points.at_least, line.points.at_most)
    };
    format!("{place} {} {points}", line.name)
}

/// In words, where two lists differ first.
fn same(wanted: &[String], is: &[String], what: &str) -> Option<String> {
    if wanted == is {
        return None;
    }
    let at = wanted.iter().zip(is).take_while(|(wanted, is)| wanted == is).count();
    let words = |list: &[String]| list.get(at).map_or_else(|| String::from("nothing more"), |item| format!("\"{item}\""));
    Some(format!("{what} differs at {}: expected {}, is {} [{}]", at + 1, words(wanted), words(is), is.join(", ")))
}

/// The moment a block is asked from.
pub fn moment(known: Option<Instant>, in_force: Option<Instant>) -> Moment {
    Moment { known: known.unwrap_or(Instant::FOREVER), in_force: in_force.unwrap_or(Instant::FOREVER) }
}
