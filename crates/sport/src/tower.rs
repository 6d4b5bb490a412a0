//! The timing tower: a session as it stands, car by car, the way a screen, a sheet and a terminal show it.
//!
//! Every front end prints these values; none computes its own.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use crate::as_it_stands::AsItStands;
use crate::classification::Classified;
use crate::date::{Instant, Micros};
use crate::lap_analysis::LapOf;
use crate::live_session::LiveSession;
use crate::meeting_fact::Signal;
use crate::names::{ClassId, CupId};
use crate::pit_visit::{PitVisit, visits};
use crate::reading::between;
use crate::result::Finish;
use crate::rules::end::Ending;
use crate::running::{Progress, Ranking};
use crate::season::Season;

/// How far a car is behind another; as printed, cut to milliseconds, so that the table's sums hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Behind {
    /// Nothing to say: it leads, it did not start, or a decision and not the road put it there.
    Nothing,
    /// On the same lap.
    Time(Micros),
    /// Laps down.
    Laps(u32),
}

/// `+7.259`, `+1 lap`, or nothing.
impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Time(time) => f.pad(&alloc::format!("+{time}")),
            Self::Laps(laps) => f.pad(&alloc::format!("+{}", counted(*laps))),
        }
    }
}

/// How far a car is behind others in a ranking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Distance {
    /// To the first.
    pub gap: Behind,
    /// To the car ahead.
    pub interval: Behind,
}

impl Distance {
    /// The same with the gap no less than that of the car ahead: of two cars that are on a lap the leader ended already, both are behind by at least so
    /// long, and the one ahead is ahead. On the same lap gap and interval add up.
    fn in_line(self, ahead: Self, same_lap: bool) -> Self {
        let (Behind::Time(gap), Behind::Time(before), Behind::Time(interval)) = (self.gap, ahead.gap, self.interval) else { return self };
        if !same_lap {
            return Self { gap: Behind::Time(gap.max(before)), ..self };
        }
        let gap = gap.max(Micros(before.0 + interval.0));
        Self { gap: Behind::Time(gap), interval: Behind::Time(Micros(gap.0 - before.0)) }
    }
}

/// Where a car is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whereabouts {
    /// Not heard since the start, or the session has not started.
    NotOut,
    /// Racing.
    Track,
    /// In the pit lane.
    Pit,
    /// On the lap on which it left the pit lane.
    OutLap,
    /// Silent for so long that it cannot be lapping.
    Stopped,
    /// It took the chequered signal.
    Finished,
}

impl Whereabouts {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("not-out", Self::NotOut),
        ("track", Self::Track),
        ("pit", Self::Pit),
        ("out-lap", Self::OutLap),
        ("stopped", Self::Stopped),
        ("finished", Self::Finished),
    ];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

/// Whose best a time is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BestOf {
    /// Nobody's.
    Nobody,
    /// The car's own best so far.
    Car,
    /// The best of its class so far: in a field of two classes the slower would else never show one.
    Class,
    /// The best of all so far.
    Session,
}

impl BestOf {
    /// All, with the word each is written as.
    pub const WORDS: [(&'static str, Self); 4] =
        [("none", Self::Nobody), ("car", Self::Car), ("class", Self::Class), ("session", Self::Session)];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

/// A sector on the tower: of the lap the car is on, or still of the one before where it has not come so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TowerSector {
    /// Its time; none where an end of it was not heard.
    pub time: Option<Micros>,
    /// Whose best it is.
    pub best: BestOf,
    /// Whether it is of the lap the car is on.
    pub current: bool,
}

/// A row: a car as it is classified, and what it did.
#[derive(Clone, Debug)]
pub struct TowerRow {
    /// Position in [`LiveSession::cars`].
    pub car: usize,
    /// As classified.
    pub classified: Classified,
    /// Laps, times, as the passings have them.
    pub progress: Progress,
    /// In the whole field.
    pub overall: Distance,
    /// In its class.
    pub in_class: Distance,
    /// In each cup it is in or may be in, among the cars of its class of which the same holds: nobody knows who leads those surely in it.
    pub in_cups: Vec<(CupId, Distance)>,
    /// The lap completed last.
    pub last: Option<Micros>,
    /// Whose best that lap is.
    pub last_best: BestOf,
    /// Whose best its best lap is; the car's own where no other's.
    pub best_best: BestOf,
    /// The sum of its best sectors.
    pub ideal: Option<Micros>,
    /// One a sector.
    pub sectors: Vec<TowerSector>,
    /// Visits to the pit lane since the start.
    pub stops: usize,
    /// Where it is.
    pub whereabouts: Whereabouts,
    /// Since when it is in the pit lane; none elsewhere, or where its entry was not heard.
    pub in_since: Option<Instant>,
    /// Who is aboard, by position in the list of drivers, where anybody said.
    pub driver: Option<usize>,
}

impl TowerRow {
    /// Laps, deductions applied.
    pub fn laps(&self) -> u32 {
        self.classified.laps.unwrap_or(self.progress.laps)
    }
}

/// Silent for so many of its own laps, a car has stopped. A visit to the pit lane is heard and is no silence.
const SILENT_LAPS: i64 = 2;

/// The rows of a session as it stands, in the order of its classification; who is not classified yet, as they race or as they stand on the grid.
pub fn tower(season: &Season, of: &AsItStands) -> Vec<TowerRow> {
    let session = &of.session;
    let laps: Vec<Vec<LapOf>> = (0..session.cars.len()).map(|car| session.laps_of(car)).collect();
    let bests = Bests::of(season, session, &laps);
    let car = |entry: usize| session.cars.iter().position(|of| *of == entry);
    let classified = of.classification.iter().flat_map(|of| &of.rows);
    let mut order: Vec<(&Classified, usize)> = classified.filter_map(|row| Some((row, car(row.entry)?))).collect();
    if races_on(session) {
        // Who has too few laps to be classified, all of them on the first lap, is no less in front of whoever is behind. Who was not heard yet
        // stands as on the grid.
        let unplaced = |row: &Classified| [Finish::NotClassified, Finish::NotStarted].contains(&row.finish);
        let on_the_road = |row: &Classified, car| if unplaced(row) { session.running.place(car) } else { 0 };
        order.sort_by_key(|(row, car)| (row.place.is_none(), row.finish, on_the_road(row, *car)));
    }
    let mut rows: Vec<TowerRow> = Vec::new();
    for (classified, car) in order {
        let distances = Distances::of(season, session, &rows, classified, car);
        rows.push(row(session, &bests, &laps[car], car, classified, distances));
    }
    rows
}

fn row(session: &LiveSession, bests: &Bests<'_>, laps: &[LapOf], car: usize, classified: &Classified, distances: Distances) -> TowerRow {
    let progress = session.running.progress(car);
    let visits = visits(session.running.layout(), &session.running.tracks()[car]);
    let start = session.start().unwrap_or(Instant::FOREVER);
    let end = session.ending.at().unwrap_or(Instant::FOREVER);
    let stops = visits.iter().filter(|visit| visit.entry.is_some_and(|entry| entry.at > start && entry.at < end)).count();
    let whereabouts = whereabouts(session, car, &progress, visits.last());
    let inside = visits.last().filter(|_| whereabouts == Whereabouts::Pit);
    let last = laps.last();
    TowerRow {
        car,
        classified: classified.clone(),
        overall: distances.overall,
        in_class: distances.in_class,
        in_cups: distances.in_cups,
        last: last.map(|lap| lap.time),
        last_best: last.filter(|lap| lap.timed).map_or(BestOf::Nobody, |lap| bests.lap(car, Some(lap.time))),
        best_best: bests.lap(car, progress.best),
        ideal: session.ideal_lap(laps),
        sectors: sectors(session, bests, laps, car),
        stops,
        whereabouts,
        in_since: inside.and_then(|visit| visit.entry).map(|entry| entry.at),
        driver: session.driver(car, Instant::FOREVER),
        progress,
    }
}

fn whereabouts(session: &LiveSession, car: usize, progress: &Progress, visit: Option<&PitVisit>) -> Whereabouts {
    if progress.chequered {
        return Whereabouts::Finished;
    }
    if !session.started(car) {
        return Whereabouts::NotOut;
    }
    if visit.is_some_and(|visit| visit.inside) && session.ending.at().is_none() {
        return Whereabouts::Pit;
    }
    if silent(session, car, progress) {
        return Whereabouts::Stopped;
    }
    let left = visit.and_then(|visit| visit.exit).map(|exit| exit.at);
    match (left, progress.end) {
        (Some(left), end) if end.is_none_or(|end| end < left) => Whereabouts::OutLap,
        (Some(_) | None, _) => Whereabouts::Track,
    }
}

/// Whether a car was not heard for so long that it cannot be lapping.
fn silent(session: &LiveSession, car: usize, progress: &Progress) -> bool {
    let track = &session.running.tracks()[car];
    let heard = track.crossings().iter().rfind(|crossing| !crossing.impossible).map(|crossing| crossing.at);
    let usual = progress.best.unwrap_or(session.running.layout().measures.minimum_lap);
    let racing = session.signals.last().is_none_or(|(_, signal)| *signal != Signal::Red);
    racing && heard.is_some_and(|heard| between(heard, session.now).0 > SILENT_LAPS * usual.0)
}

/// The sectors of the lap a car is on, filled up with those of the lap before.
fn sectors(session: &LiveSession, bests: &Bests<'_>, laps: &[LapOf], car: usize) -> Vec<TowerSector> {
    let before = laps.last().map_or(&[][..], |lap| &lap.sectors);
    let timed = laps.last().is_some_and(|lap| lap.timed);
    let now = session.sectors_under_way(car, laps.last());
    let count = bests.sectors.first().map_or(0, Vec::len);
    let of = |at: usize| {
        let current = now.get(at).copied().flatten();
        let time = current.or_else(|| before.get(at).copied().flatten());
        let counts = current.is_some() || timed;
        TowerSector { time, best: if counts { bests.sector(car, at, time) } else { BestOf::Nobody }, current: current.is_some() }
    };
    (0..count).map(of).collect()
}

/// Whose best a lap is, and each of its sectors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LapBests {
    /// The lap.
    pub lap: BestOf,
    /// One a sector.
    pub sectors: Vec<BestOf>,
}

/// Whose best the laps of a car are by now, in the order of [`LiveSession::laps_of`]. What cannot be a best lap is nobody's.
pub fn lap_bests(season: &Season, session: &LiveSession, car: usize) -> Vec<LapBests> {
    let laps: Vec<Vec<LapOf>> = (0..session.cars.len()).map(|car| session.laps_of(car)).collect();
    let bests = Bests::of(season, session, &laps);
    let of = |lap: &LapOf| {
        let sectors = lap.sectors.iter().enumerate().map(|(at, time)| bests.sector(car, at, time.filter(|_| lap.timed)));
        LapBests { lap: bests.lap(car, lap.timed.then_some(lap.time)), sectors: sectors.collect() }
    };
    laps[car].iter().map(of).collect()
}

/// The best laps and sectors so far, by car.
struct Bests<'a> {
    session: &'a LiveSession,
    /// By car, then by sector.
    sectors: Vec<Vec<Option<Micros>>>,
    /// By car.
    class: Vec<&'a ClassId>,
}

impl<'a> Bests<'a> {
    fn of(season: &'a Season, session: &'a LiveSession, laps: &[Vec<LapOf>]) -> Self {
        let sectors = laps.iter().map(|laps| session.best_sectors(laps)).collect();
        let class = session.cars.iter().map(|entry| &season.list.entries[*entry].class).collect();
        Self { session, sectors, class }
    }

    fn best(&self, car: usize, time: Option<Micros>, of: impl Fn(usize) -> Option<Micros>) -> BestOf {
        // As printed, cut to milliseconds: two times that look the same are the same.
        let Some(time) = time.map(Micros::whole_ms) else { return BestOf::Nobody };
        let beats = |cars: &mut dyn Iterator<Item = usize>| cars.filter_map(&of).map(Micros::whole_ms).all(|best| time <= best);
        let cars = 0..self.sectors.len();
        if beats(&mut cars.clone()) {
            BestOf::Session
        } else if beats(&mut cars.filter(|other| self.class[*other] == self.class[car])) {
            BestOf::Class
        } else if beats(&mut core::iter::once(car)) {
            BestOf::Car
        } else {
            BestOf::Nobody
        }
    }

    fn lap(&self, car: usize, time: Option<Micros>) -> BestOf {
        self.best(car, time, |car| self.session.running.progress(car).best)
    }

    fn sector(&self, car: usize, at: usize, time: Option<Micros>) -> BestOf {
        self.best(car, time, |car| self.sectors[car].get(at).copied().flatten())
    }
}

/// A car's distances to those before it in the table.
struct Distances {
    overall: Distance,
    in_class: Distance,
    in_cups: Vec<(CupId, Distance)>,
}

impl Distances {
    fn of(season: &Season, session: &LiveSession, ahead: &[TowerRow], classified: &Classified, car: usize) -> Self {
        let class = |entry: usize| &season.list.entries[entry].class;
        let to = |of: Option<&TowerRow>| behind(session, of, classified, car);
        let laps = session.running.progress(car).laps;
        let among = |mut with: &mut dyn Iterator<Item = &TowerRow>, of: &dyn Fn(&TowerRow) -> Distance| {
            let first = with.next();
            let last = (&mut with).last().or(first);
            let own = Distance { gap: to(first), interval: to(last) };
            let ahead = last.filter(|_| first.is_some_and(|first| last.is_some_and(|last| first.car != last.car)));
            ahead.map_or(own, |ahead| own.in_line(of(ahead), ahead.progress.laps == laps))
        };
        let in_class = |row: &&TowerRow| class(row.classified.entry) == class(classified.entry);
        let in_cup = |cup: &CupId| {
            let with = |row: &&TowerRow| in_class(row) && row.classified.cup.is(cup) != Some(false);
            let of = |row: &TowerRow| row.in_cups.iter().find(|(of, _)| of == cup).map_or(row.in_class, |(_, distance)| *distance);
            (cup.clone(), among(&mut ahead.iter().filter(with), &of))
        };
        Self {
            overall: among(&mut ahead.iter(), &|row| row.overall),
            in_class: among(&mut ahead.iter().filter(in_class), &|row| row.in_class),
            in_cups: classified.cup.possible().iter().map(in_cup).collect(),
        }
    }
}

/// Laps or time behind another car; nothing where a decision, not the road, put it behind.
fn behind(of: &LiveSession, ahead: Option<&TowerRow>, classified: &Classified, car: usize) -> Behind {
    let Some(ahead) = ahead.filter(|_| classified.finish != Finish::NotStarted) else { return Behind::Nothing };
    // The difference of what is printed, which is cut to milliseconds: the sheet's sums hold.
    let ms = |time: Micros| time.0.div_euclid(1_000);
    let time = |ahead: Option<Micros>, own: Option<Micros>| {
        let difference = ahead.zip(own).map(|(ahead, own)| Micros((ms(own) - ms(ahead)) * 1_000)).filter(|difference| difference.0 >= 0);
        difference.map_or(Behind::Nothing, Behind::Time)
    };
    if of.running.ranking() == Ranking::BestLap {
        return time(ahead.classified.best_lap, classified.best_lap);
    }
    // To whom the chequered signal was not shown yet, the race goes on.
    if of.ending.at().is_none() || (!of.closed() && !of.running.progress(car).chequered && of.started(car)) {
        return on_the_road(of, ahead.car, car);
    }
    let (first, own) = (ahead.classified.laps.unwrap_or(0), classified.laps.unwrap_or(0));
    match first.checked_sub(own) {
        Some(0) => time(ahead.classified.time, classified.time),
        Some(laps) => Behind::Laps(laps),
        None => Behind::Nothing,
    }
}

/// How far a car is behind another while they race: by how much it ended its last lap later than the other ended the same lap. A lap down is
/// whom the other had passed by then; one that the other merely began meanwhile is none, or every car would be a lap down for as long as it
/// takes to follow the leader over the line.
fn on_the_road(of: &LiveSession, ahead: usize, car: usize) -> Behind {
    let start = of.start().unwrap_or(Instant::FOREVER);
    let ends = |car: usize| &of.running.tracks()[car].laps()[..of.running.progress(car).laps as usize];
    let (first, own) = (ends(ahead), ends(car));
    let Some(last) = own.last() else { return Behind::Nothing };
    let then = first.partition_point(|lap| lap.end < last.end);
    // Of a car that came to a stop the other is further away than it was then.
    let laps = then.saturating_sub(own.len()).max(first.len().saturating_sub(own.len() + 1));
    if laps > 0 {
        return Behind::Laps(u32::try_from(laps).unwrap_or(u32::MAX));
    }
    let Some(same) = first.get(own.len() - 1) else { return Behind::Nothing };
    let ms = |at: Instant| between(start, at).whole_ms().0;
    let then = ms(last.end) - ms(same.end);
    // The other ended the lap that this one is still on: it is further away by now than so long ago, be it that it was behind then.
    let since = first.get(own.len()).map_or(0, |next| ms(of.now) - ms(next.end));
    let difference = then.max(since);
    if difference < 0 { Behind::Nothing } else { Behind::Time(Micros(difference)) }
}

/// Whether a race is not over.
fn races_on(of: &LiveSession) -> bool {
    of.ending.at().is_none() && of.running.ranking() == Ranking::Distance
}

/// Whether a car goes on after the end: the chequered signal was not shown to it yet.
fn goes_on(of: &LiveSession, car: usize) -> bool {
    let signalled = matches!(of.ending, Ending::Due(_) | Ending::Signalled(_) | Ending::Early { .. } | Ending::Late { .. });
    let progress = of.running.progress(car);
    let racing = signalled && of.running.ranking() == Ranking::Distance && !of.closed();
    racing && of.started(car) && !progress.chequered && !silent(of, car, &progress)
}

/// A car's place as printed, or why it has none.
pub fn position(of: &LiveSession, row: &Classified) -> String {
    let car = of.cars.iter().position(|entry| *entry == row.entry);
    match row.finish.without_place() {
        // Before the end nobody knows that it does not start.
        Some(_) if of.ending.at().is_none() && row.finish == Finish::NotStarted => String::from("-"),
        // Nor who will not be classified: it races on, and until it took the chequered signal itself.
        Some(_) if row.finish == Finish::NotClassified && (races_on(of) || car.is_some_and(|car| goes_on(of, car))) => {
            // Who did not start is in front of nobody.
            let ahead = |car: usize| of.running.order().take_while(|ahead| ahead.car != car).filter(|ahead| of.started(ahead.car)).count();
            car.map_or_else(String::new, |car| (ahead(car) + 1).to_string())
        }
        Some(word) => String::from(word),
        None => row.place.map_or_else(String::new, |place| place.to_string()),
    }
}

fn counted(laps: u32) -> String {
    alloc::format!("{laps} lap{}", if laps == 1 { "" } else { "s" })
}

/// How far a session is, in words.
pub fn state(of: &LiveSession) -> String {
    let leader = counted(of.running.order().next().map_or(0, |leader| leader.laps));
    // Where the best lap counts, it says nothing how many the first drove.
    let laps = |word: &str| if of.running.ranking() == Ranking::Distance { alloc::format!("{word}{leader}") } else { String::new() };
    let last = of.signals.last().map_or("", |(_, signal)| signal.word());
    match (of.start(), of.ending) {
        (None, _) => String::from("open, not started"),
        (Some(_), Ending::Open) => alloc::format!("{last}{}", laps(", ")),
        (Some(_), Ending::Due(_) | Ending::Signalled(_)) => alloc::format!("ended{}", laps(" after ")),
        (Some(_), Ending::Early { .. }) => alloc::format!("ended early after {leader}"),
        (Some(_), Ending::Late { .. }) => alloc::format!("ended after {leader}, signal late"),
        (Some(_), Ending::Red { .. }) => alloc::format!("stopped by a red flag, counted after {leader}"),
    }
}
