//! What a case expects of a session that was timed: its order from the passings, the pit board of a car, the doubts.
//!
//! Everything is told by the time since the start signal, as officials speak of moments; it is `sport` that says it, and this only compares.

use sport::date::{Instant, Micros};
use sport::impulse::impulses;
use sport::live_session::LiveSession;
use sport::names::EntryId;
use sport::pit_board::PitCar;
use sport::pit_visit::PitVisit;
use sport::result::{Finish, ResultRow, ResultState};
use sport::rulebook::Rulebook;
use sport::rules::drive_time::DriveBreach;
use sport::rules::end::Ending;
use sport::season::{Moment, Season};

use crate::fields::Fields;
use crate::shape::{Key, Kind, Shape};

/// `timed`.
pub static TIMED: Shape = Shape {
    name: "timed",
    doc: "What the passings of a session give, before any decision. Times are counted from the start signal.",
    keys: &[
        Key::may("order", Kind::List(&Kind::Text), "Every car: `1 44 5 laps 8:20.000`, `not-classified 7 2 laps 3:20.000`."),
        Key::may(
            "ended",
            Kind::Text,
            "How it ended: `open`, `as planned at 8:20.000`, `early: given at 6:39.000, taken at 5:00.000`, `late: …`, `red flag at 5:30.000, taken after 3 laps`.",
        ),
        Key::may("as-planned", Kind::List(&Kind::Text), "The same had the signal been given when it was due; empty where it was."),
    ],
};

/// `board`.
pub static BOARD: Shape = Shape {
    name: "board",
    doc: "A car on the pit board. Times are counted from the start signal.",
    keys: &[
        Key::may(
            "window",
            Kind::Text,
            "`opens in 10.000`, `delayed by safety-car`, `open, closes in 9:00.000`, `closed`, `not over when the race ended: …`.",
        ),
        Key::may("minimum", Kind::Duration, "The least time from pit entry to pit exit, success seconds included."),
        Key::may("due", Kind::Duration, "The success seconds in it."),
        Key::may("rule", Kind::Text, "Where the minimum is written: `20.5`, `20.5 by bulletin 2`."),
        Key::may(
            "zone",
            Kind::Text,
            "The lines it is measured between, with metres from the finish line: `pit-entry at 6800 m to pit-exit at 200 m`.",
        ),
        Key::may(
            "earliest-exit",
            Kind::Text,
            "While it is in the pit lane: `27:15.000`, `27:15.000 or 27:18.000` where the entry was read twice, `: …` and why it would be no mandatory stop; `-` elsewhere.",
        ),
        Key::may(
            "stops",
            Kind::List(&Kind::Text),
            "Its visits to the pit lane: `1:08.000`, `1:16.500 or 1:13.500` by another reading, `40.000, joker`, `5:01.000, technical`, `inside`.",
        ),
        Key::may(
            "impulses",
            Kind::List(&Kind::Text),
            "What the pit lines heard, as sent: `pit-entry-main 26:03.000`, `… void: a false impulse`.",
        ),
        Key::may(
            "breaches",
            Kind::List(&Kind::Text),
            "What is suspected and proposed: `7.000 s too short: 30.000 s and what was missing added: 37.000 s by 20.5`.",
        ),
        Key::may("drove", Kind::List(&Kind::Text), "Each driver's time at the wheel: `Driver A 1:02:00.000`, `nobody named 20:00.000`."),
        Key::may(
            "drive-breaches",
            Kind::List(&Kind::Text),
            "What of it breaks a limit: `Driver A 1:08:00.000 without a stop, 3:00.000 too long: drive-through by P43`.",
        ),
    ],
};

/// One thing that must hold of a session's passings.
#[derive(Clone, Debug)]
pub enum PassingsCheck {
    /// The order, complete.
    Order(Vec<String>),
    /// How it ended.
    Ended(String),
    /// The order had the signal been given when it was due.
    AsPlanned(Vec<String>),
    /// One value of a car's line of the pit board.
    Board(EntryId, BoardKey, Vec<String>),
    /// Doubts: `CODE`, or `CAR CODE`.
    Doubts(Vec<String>),
}

/// A value of the pit board.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BoardKey {
    /// The window as it stands.
    Window,
    /// The minimum stop.
    Minimum,
    /// Success seconds in it.
    Due,
    /// Where the minimum is written.
    Rule,
    /// The lines it is measured between.
    Zone,
    /// From when the car may leave.
    EarliestExit,
    /// Its visits.
    Stops,
    /// What the pit lines heard of it.
    Impulses,
    /// What is suspected.
    Breaches,
    /// Each driver's time at the wheel.
    Drove,
    /// What of it breaks a limit.
    DriveBreaches,
}

impl BoardKey {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 11] = [
        ("window", Self::Window),
        ("minimum", Self::Minimum),
        ("due", Self::Due),
        ("rule", Self::Rule),
        ("zone", Self::Zone),
        ("earliest-exit", Self::EarliestExit),
        ("stops", Self::Stops),
        ("impulses", Self::Impulses),
        ("breaches", Self::Breaches),
        ("drove", Self::Drove),
        ("drive-breaches", Self::DriveBreaches),
    ];
}

/// The checks of a table `timed`.
pub(crate) fn timed(fields: &Fields<'_>) -> Vec<PassingsCheck> {
    let texts = |key: &str| fields.get(key).map(|_| fields.texts(key).into_iter().map(str::to_owned).collect());
    let mut checks: Vec<PassingsCheck> = texts("order").map(PassingsCheck::Order).into_iter().collect();
    checks.extend(fields.text("ended").map(|ended| PassingsCheck::Ended(ended.to_owned())));
    checks.extend(texts("as-planned").map(PassingsCheck::AsPlanned));
    checks
}

/// The checks of a car's table in `board`.
pub(crate) fn board(car: &str, fields: &Fields<'_>) -> Vec<PassingsCheck> {
    let written = |(word, key): (&str, BoardKey)| {
        let node = fields.get(word)?;
        let wanted = match (key, node.duration()) {
            // However it is written, a time is compared as it is printed.
            (BoardKey::Minimum | BoardKey::Due, Some(time)) => vec![time.to_string()],
            _ => fields.texts(word).into_iter().map(str::to_owned).collect(),
        };
        Some(PassingsCheck::Board(EntryId::new(car), key, wanted))
    };
    BoardKey::WORDS.into_iter().filter_map(written).collect()
}

/// A session at a moment, with what it is asked by.
pub(crate) struct Timed<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
    pub(crate) moment: Moment,
    pub(crate) of: LiveSession,
}

impl Timed<'_> {
    /// What is wanted, what is, and what both are of.
    pub(crate) fn compared<'c>(&self, check: &'c PassingsCheck) -> Result<(&'c [String], Vec<String>, String), String> {
        let name = &self.season.calendar.sessions[self.of.session].name;
        Ok(match check {
            PassingsCheck::Order(wanted) => (wanted, self.rows(&self.of), format!("the order of {name} from its passings")),
            PassingsCheck::AsPlanned(wanted) => {
                let planned = self.of.as_planned();
                (wanted, planned.map_or_else(Vec::new, |of| self.rows(&of)), format!("the order of {name} had it ended as planned"))
            }
            PassingsCheck::Ended(wanted) => (std::slice::from_ref(wanted), vec![self.ended()], format!("how {name} ended")),
            PassingsCheck::Doubts(wanted) => {
                let car = |car: Option<usize>| car.map_or_else(String::new, |car| format!("{} ", self.car(car)));
                let told = self.of.doubts.iter().map(|doubt| format!("{}{}", car(doubt.car), doubt.code));
                (wanted, told.collect(), format!("the doubts about {name}"))
            }
            PassingsCheck::Board(car, key, wanted) => {
                let board = self.of.pit_board(self.rulebook, self.season);
                let Some(board) = board else {
                    return Err(format!("{name} has no pit board: no stop is asked for, or it has not started"));
                };
                let line = board.iter().find(|line| self.car(line.car) == car.as_str());
                let Some(line) = line else { return Err(format!("car {car} is not in {name}")) };
                let (word, _) = BoardKey::WORDS.iter().find(|(_, of)| of == key).expect("every key has a word");
                (wanted, self.told(line, *key), format!("the {word} of car {car} in {name}"))
            }
        })
    }

    fn car(&self, car: usize) -> &str {
        self.season.list.entries[self.of.cars[car]].id.as_str()
    }

    /// The time since the start signal.
    fn when(&self, at: Instant) -> Micros {
        self.of.start().map_or(Micros(at.0), |start| Micros(at.0 - start.0))
    }

    fn rows(&self, of: &LiveSession) -> Vec<String> {
        let sheet = of.sheet(self.rulebook, self.season, ResultState::Provisional);
        let row = |row: &ResultRow| {
            let place = row.place.map_or_else(String::new, |place| place.to_string());
            let how = if row.finish == Finish::Classified { place } else { row.finish.word().to_owned() };
            let laps = row.laps.unwrap_or(0);
            let time = row.time.or(row.best_lap).map_or_else(String::new, |time| format!(" {time}"));
            format!("{how} {} {laps} {}{time}", row.car, if laps == 1 { "lap" } else { "laps" })
        };
        sheet.rows.iter().map(row).collect()
    }

    fn ended(&self) -> String {
        let when = |at| self.when(at);
        match self.of.ending {
            Ending::Open => String::from("open"),
            Ending::Due(at) => format!("as planned at {}", when(at)),
            Ending::Signalled(at) => format!("signalled, taken at {}", when(at)),
            Ending::Early { given, at } => format!("early: given at {}, taken at {}", when(given), when(at)),
            Ending::Late { given, at } => format!("late: given at {}, taken at {}", when(given), when(at)),
            Ending::Red { shown, laps, .. } => format!("red flag at {}, taken after {laps} laps", when(shown)),
        }
    }

    fn told(&self, line: &PitCar, key: BoardKey) -> Vec<String> {
        match key {
            BoardKey::Window => vec![line.board.window.to_string()],
            BoardKey::Minimum => vec![line.board.minimum.to_string()],
            BoardKey::Due => vec![line.due.to_string()],
            BoardKey::Rule => self.rule(line).into_iter().collect(),
            BoardKey::Zone => self.of.pit_zone().map(|zone| zone.to_string()).into_iter().collect(),
            BoardKey::EarliestExit => {
                let exits = line.board.earliest_exit.iter().chain(&line.board.other_exits);
                let exits: Vec<String> = exits.map(|at| self.when(*at).to_string()).collect();
                let untimely = line.board.untimely.map_or_else(String::new, |why| format!(": {why}"));
                vec![if exits.is_empty() { String::from("-") } else { exits.join(" or ") + &untimely }]
            }
            BoardKey::Stops => line.visits.iter().enumerate().map(|(at, visit)| self.stop(visit) + kind(line, at)).collect(),
            BoardKey::Impulses => {
                let heard = impulses(self.season, self.moment, self.of.session, self.of.cars[line.car]);
                let void = |why: &Option<String>| why.as_ref().map_or_else(String::new, |why| format!(", void: {why}"));
                heard.iter().map(|of| format!("{} {}{}", of.source, self.when(of.at), void(&of.void))).collect()
            }
            BoardKey::Drove => self.drove(line.car),
            BoardKey::DriveBreaches => self.drive_breaches(line.car),
            BoardKey::Breaches => line.board.breaches.iter().map(|breach| self.breach(line, breach)).collect(),
        }
    }

    fn rule(&self, line: &PitCar) -> Option<String> {
        let rule = self.of.stop_rule(self.rulebook, self.season)?;
        let round = self.season.calendar.round(self.season.calendar.sessions[self.of.session].name.round)?;
        let (_, cite) = rule.minimum_for(&round.circuit, line.due);
        let bulletin = cite.bulletin.as_ref().map_or_else(String::new, |number| format!(" by bulletin {number}"));
        Some(format!("{}{bulletin}", cite.article))
    }

    fn stop(&self, visit: &PitVisit) -> String {
        let Some(time) = visit.time() else {
            return String::from(match (visit.inside, visit.entry) {
                (true, _) => "inside",
                (false, Some(_)) => "exit not heard",
                (false, None) => "entry not heard",
            });
        };
        let others = visit.other_times(self.of.running.layout());
        std::iter::once(time).chain(others).map(|time| time.to_string()).collect::<Vec<_>>().join(" or ")
    }

    fn drove(&self, car: usize) -> Vec<String> {
        let board = self.of.drive_board(self.rulebook, self.season).unwrap_or_default();
        let Some(of) = board.iter().find(|of| of.car == car) else { return Vec::new() };
        let named = |(driver, time): &(usize, Micros)| format!("{} {time}", self.season.list.drivers[*driver].name);
        let unknown = (of.unknown.0 > 0).then(|| format!("nobody named {}", of.unknown));
        of.drivers.iter().map(named).chain(unknown).collect()
    }

    fn drive_breaches(&self, car: usize) -> Vec<String> {
        let board = self.of.drive_board(self.rulebook, self.season).unwrap_or_default();
        let told = |breach: &DriveBreach| {
            let proposal = self.of.drive_proposal(self.rulebook, self.season, car, breach);
            let proposal = proposal.map_or_else(String::new, |of| format!(": {} by {}", of.says, of.cite.article));
            format!("{}{proposal}", breach.told(self.season))
        };
        board.iter().filter(|of| of.car == car).flat_map(|of| &of.breaches).map(told).collect()
    }

    fn breach(&self, line: &PitCar, breach: &sport::rules::stops::Breach) -> String {
        let proposal = self.of.proposal(self.rulebook, self.season, line.car, breach);
        let proposal = proposal.map_or_else(String::new, |of| format!(": {} by {}", of.says, of.cite.article));
        format!("{breach}{proposal}")
    }
}

/// What a visit was, where it was no ordinary stop.
fn kind(line: &PitCar, visit: usize) -> &'static str {
    match (line.board.jokers.contains(&visit), line.board.technical == Some(visit)) {
        (true, _) => ", joker",
        (false, true) => ", technical",
        (false, false) => "",
    }
}
