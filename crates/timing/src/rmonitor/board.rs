//! What a scoreboard is told of a session of ours: everything when it connects and every half minute, and between that what changed.
//!
//! As real feeds do it, the total and the position of `$G` contain what stewards added, and the total of `$J` does not: the difference of the two is the penalty.

use sport::as_it_stands::AsItStands;
use sport::date::{Date, Instant, Micros};
use sport::meeting_fact::Signal;
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::Season;
use sport::tower::tower;

use super::field::Time;
use super::record::{Flag, Record};

/// What a feed sends where a session is not by laps.
const NOT_BY_LAPS: u32 = 9_999;
/// Runs are numbered to here, and then from 1 again.
const RUNS: usize = 90;

/// What the board shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Board {
    /// The session, position on the calendar.
    session: usize,
    run: u32,
    name: String,
    track: String,
    /// Kilometres, as they are sent.
    length: String,
    classes: Vec<String>,
    began: Option<Instant>,
    clock: Clock,
    /// In the order of the classification.
    cars: Vec<Car>,
    /// Cars in the order of their best laps: position in `cars`.
    by_best: Vec<usize>,
}

/// What the heartbeat says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Clock {
    laps_to_go: u32,
    to_go: Time,
    of_day: Time,
    race: Time,
    flag: Flag,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Car {
    /// The entry's id.
    registration: String,
    number: String,
    transponder: String,
    first: String,
    last: String,
    team: String,
    class: i32,
    laps: Option<u32>,
    /// With what stewards added.
    total: Time,
    best_lap: i32,
    best: Time,
    /// Each lap and the total at its end, as driven.
    driven: Vec<(Time, Time)>,
}

impl Board {
    /// The board of a session as it stands at a moment. `transponder`: the transponder of an entry, where it has one.
    pub fn of(rulebook: &Rulebook, season: &Season, stands: &AsItStands, now: Instant, transponder: impl Fn(usize) -> Option<u32>) -> Self {
        let live = &stands.session;
        let on = &season.calendar.sessions[live.session];
        let round = season.calendar.round(on.name.round);
        let ranking = Ranking::of(on.kind);
        let mut classes: Vec<String> = Vec::new();
        let mut cars = Vec::new();
        for row in tower(season, stands) {
            let entry = &season.list.entries[row.classified.entry];
            let class = entry.class.to_string();
            let nth = classes.iter().position(|known| *known == class).unwrap_or_else(|| {
                classes.push(class);
                classes.len() - 1
            });
            let laps = live.laps_of(row.car);
            let start = live.start().unwrap_or(now);
            let driven: Vec<(Time, Time)> = laps.iter().map(|lap| (ms(lap.time), ms(Micros(lap.end.0 - start.0)))).collect();
            let best = laps.iter().enumerate().filter(|(_, lap)| lap.timed).min_by_key(|(_, lap)| lap.time);
            let total = if ranking == Ranking::Distance { row.classified.time } else { None };
            let driver = row.driver.or(row.classified.crew.first().copied()).map(|driver| season.list.drivers[driver].name.as_str());
            let (first, last) = driver.map_or(("", ""), |name| name.split_once(' ').unwrap_or(("", name)));
            let team = entry.team.as_ref().and_then(|id| season.list.team(id)).map(|team| season.list.teams[team].name.clone());
            cars.push(Car {
                registration: entry.id.to_string(),
                number: entry.label(),
                transponder: transponder(row.classified.entry).map_or_else(String::new, |of| of.to_string()),
                first: first.to_owned(),
                last: last.to_owned(),
                team: team.unwrap_or_default(),
                class: i32::try_from(nth + 1).unwrap_or(i32::MAX),
                laps: (!driven.is_empty()).then(|| row.laps()),
                total: total.map(ms).or(driven.last().map(|(_, total)| *total)).unwrap_or_default(),
                best_lap: best.map_or(0, |(nth, _)| i32::try_from(nth + 1).unwrap_or(i32::MAX)),
                best: best.map_or(Time::NEVER, |(_, lap)| ms(lap.time)),
                driven,
            });
        }
        let mut by_best: Vec<usize> = (0..cars.len()).collect();
        by_best.sort_by_key(|car| cars[*car].best);
        Self {
            session: live.session,
            run: u32::try_from(live.session % RUNS + 1).unwrap_or(1),
            name: format!("{} {}", on.kind.word(), on.number),
            track: round.map(|round| round.name.clone()).unwrap_or_default(),
            length: round.and_then(|round| round.layout.as_ref()).map(|layout| kilometres(layout.measures.length)).unwrap_or_default(),
            classes,
            began: live.start(),
            clock: clock(rulebook, season, stands, now),
            cars,
            by_best,
        }
    }

    /// Everything, as a feed sends it to whoever connects.
    pub fn refresh(&self, out: &mut String) {
        let mut say = |record: Record<'_>| record.encode(out);
        say(Record::Run { number: self.run, name: &self.name });
        say(Record::Setting { name: "TRACKNAME", value: &self.track });
        say(Record::Setting { name: "TRACKLENGTH", value: &self.length });
        self.classes.iter().enumerate().for_each(|(nth, name)| say(class(nth, name)));
        self.cars.iter().flat_map(|car| [car.competitor(), car.more()]).for_each(&mut say);
        self.cars.iter().enumerate().for_each(|(nth, car)| say(car.position(nth)));
        self.by_best.iter().enumerate().for_each(|(nth, car)| say(self.cars[*car].best(nth)));
        say(self.heartbeat());
    }

    /// What changed since `before`: a run that began clears the board and is told whole; of the same run each lap once, and what else is not as it was.
    pub fn changes(&self, before: &Self, now: Instant, out: &mut String) {
        if self.session != before.session {
            self.clear(now, out);
            self.refresh(out);
            return;
        }
        let mut say = |record: Record<'_>| record.encode(out);
        for (nth, name) in self.classes.iter().enumerate().filter(|(nth, name)| before.classes.get(*nth) != Some(name)) {
            say(class(nth, name));
        }
        let of = |car: &Car| before.cars.iter().position(|was| was.registration == car.registration);
        for car in &self.cars {
            let was = of(car).map(|nth| &before.cars[nth]);
            if was.is_none_or(|was| was.competitor() != car.competitor() || was.more() != car.more()) {
                say(car.competitor());
                say(car.more());
            }
        }
        // Who crossed the line first is told first.
        let mut crossed: Vec<(Time, &Car, Time)> = Vec::new();
        for car in &self.cars {
            let known = of(car).map_or(0, |nth| before.cars[nth].driven.len());
            crossed.extend(car.driven.iter().skip(known).map(|(lap, total)| (*total, car, *lap)));
        }
        crossed.sort_by_key(|(total, ..)| *total);
        for (total, car, lap) in crossed {
            say(Record::Crossing { car: &car.registration, lap, total });
        }
        for (nth, car) in self.cars.iter().enumerate() {
            if of(car).is_none_or(|was| before.cars[was].position(was) != car.position(nth)) {
                say(car.position(nth));
            }
        }
        for (nth, car) in self.by_best.iter().enumerate() {
            let (car, was) = (&self.cars[*car], before.by_best.get(nth).map(|was| before.cars[*was].best(nth)));
            if was != Some(car.best(nth)) {
                say(car.best(nth));
            }
        }
        if self.clock != before.clock {
            say(self.heartbeat());
        }
    }

    /// Clears the board of what was shown before.
    fn clear(&self, now: Instant, out: &mut String) {
        let at = of_day(self.began.unwrap_or(now));
        let (time, date) =
            (format!("{:02}:{:02}:{:02}.{:03}", at.0 / 3_600_000, at.0 / 60_000 % 60, at.0 / 1_000 % 60, at.0 % 1_000), day(now));
        Record::Clear { time: &time, date: &date }.encode(out);
    }

    fn heartbeat(&self) -> Record<'_> {
        let Clock { laps_to_go, to_go, of_day, race, flag } = self.clock;
        Record::Heartbeat { laps_to_go, to_go, of_day, race, flag }
    }
}

impl Car {
    fn competitor(&self) -> Record<'_> {
        let Self { registration: car, number, transponder, first, last, team, class, .. } = self;
        Record::Competitor { car, number, transponder, first, last, nationality: team, class: *class }
    }

    fn more(&self) -> Record<'_> {
        let Self { registration: car, number, first, last, team, class, .. } = self;
        Record::CompetitorMore { car, number, class: *class, first, last, nationality: "", more: team }
    }

    fn position(&self, nth: usize) -> Record<'_> {
        let laps = self.laps.and_then(|laps| i32::try_from(laps).ok());
        Record::Position { position: place(nth), car: &self.registration, laps, total: self.total }
    }

    fn best(&self, nth: usize) -> Record<'_> {
        Record::Best { position: place(nth), car: &self.registration, lap: self.best_lap, time: self.best }
    }
}

fn place(nth: usize) -> u32 {
    u32::try_from(nth + 1).unwrap_or(u32::MAX)
}

fn class(nth: usize, name: &str) -> Record<'_> {
    Record::Class { number: i32::try_from(nth + 1).unwrap_or(i32::MAX), name }
}

fn ms(time: Micros) -> Time {
    Time(time.0.div_euclid(1_000))
}

fn of_day(at: Instant) -> Time {
    ms(Micros(at.0.rem_euclid(86_400_000_000)))
}

/// `03 Dec 24`.
fn day(at: Instant) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(Date { year, month, day }) = Date::of_days(at.0.div_euclid(86_400_000_000)) else { return String::new() };
    format!("{day:02} {} {:02}", MONTHS[usize::from(month - 1)], year.rem_euclid(100))
}

/// Metres as kilometres: `5.451`.
fn kilometres(metres: u32) -> String {
    format!("{}.{:03}", metres / 1_000, metres % 1_000)
}

/// Whole seconds: a feed has no finer ones in its heartbeat.
fn whole(time: Time) -> Time {
    Time(time.0.max(0) / 1_000 * 1_000)
}

fn clock(rulebook: &Rulebook, season: &Season, stands: &AsItStands, now: Instant) -> Clock {
    let live = &stands.session;
    let on = &season.calendar.sessions[live.session];
    let race = live.race_clock(rulebook, season).map_or(Micros(0), |clock| clock.time(now));
    let planned = on.minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60));
    let to_go = planned.map_or(Micros(0), |planned| Micros((planned.0 - race.0).max(0)));
    let leader = live.running.order().map(|progress| progress.laps).max().unwrap_or(0);
    let laps_to_go = on.laps.map_or(NOT_BY_LAPS, |laps| laps.saturating_sub(leader));
    let shown = live.signals.iter().rev().map(|(_, signal)| *signal).find(|signal| *signal != Signal::Close);
    let flag = match shown {
        Some(Signal::Green) => Flag::Green,
        Some(Signal::FullCourseYellow | Signal::SafetyCar) => Flag::Yellow,
        Some(Signal::Red) => Flag::Red,
        Some(Signal::Chequered) => Flag::Finish,
        Some(Signal::Open | Signal::Close) | None => Flag::None,
    };
    Clock { laps_to_go, to_go: whole(ms(to_go)), of_day: whole(of_day(now)), race: whole(ms(race)), flag }
}
