//! What Multiloop puts on a board. A car is told by the id of its entry, which stands for its registration as it is written.

use sport::date::{Instant, Micros};
use sport::session::SessionKind;

use super::cars::Heard;
use super::{Best, Clock, Entry, Lap, LineCrossing, Position, Run, Scoreboard, TRACK_LENGTH, TRACK_NAME};
use crate::account::Flag;
use crate::multiloop::letter::{Lane, RunKind, TrackStatus};
use crate::multiloop::record::{self, Header, Record, What};

/// The number that stands for a car nobody knows.
const NOBODY: &str = "??";
const DAY: i64 = 86_400_000_000;

impl Scoreboard {
    /// Takes a record of a feed, that of another run included: whoever wants to know which run is over asks a [`super::reader::Reader`].
    pub(super) fn hear_multiloop(&mut self, record: &Record<'_>, told: Option<Instant>) -> Option<Heard> {
        match &record.what {
            What::Run(of) => self.run = run_of(&record.header, of),
            What::Track(of) => {
                self.setting(TRACK_NAME, of.name?);
                self.setting(TRACK_LENGTH, of.miles.unwrap_or_default());
            }
            What::Heartbeat(of) => {
                let now = of.now.map_or(Micros(0), |now| Micros(now.instant().0.rem_euclid(DAY)));
                let micros = |time: Option<crate::multiloop::field::Ms>| time.map_or(Micros(0), |time| time.micros());
                let laps_to_go = of.laps_to_go.and_then(|laps| u32::try_from(laps).ok());
                let flag = of.track.and_then(flag_of);
                self.clock = Some(Clock { laps_to_go, to_go: micros(of.to_go), of_day: now, race: micros(of.elapsed), flag });
            }
            What::Flags(of) => {
                if let (Some(clock), Some(track)) = (&mut self.clock, of.track) {
                    clock.flag = flag_of(track);
                }
            }
            What::Entry(of) => self.entry(of)?,
            What::Lap(of) => return self.lap(of, told),
            What::Crossing(of) => {
                let race = of.elapsed.map(|time| time.micros());
                let kind = of.lane.map(lane).unwrap_or_default().to_owned();
                let line = of.line?.to_owned();
                self.known(of.number, of.id)?.line = Some(LineCrossing { line, kind, date: String::new(), of_day: None, race });
            }
            // What stands where other records have the id of the entry is, in those seen, the sequence: the number says which car it is.
            What::Invalidated(of) => self.numbered(of.number?)?.invalidate(of.elapsed?.micros()),
            What::Section(_) | What::Leader(_) | What::Announcement(_) | What::Version(_) => {}
            What::DriverOn(_) | What::SectorTime(_) | What::Zone(_) | What::Other(_) => {}
        }
        None
    }

    fn entry(&mut self, of: &record::Entry<'_>) -> Option<()> {
        let registration = registration(of.id?);
        let class = of.fields.first().filter(|class| !class.is_empty()).map_or(0, |class| self.class_named(class));
        // The first two fields are the class and the car in every entry seen; the others differ.
        let (more, last) = (of.fields.get(1).map(|car| (*car).to_owned()), of.driver.unwrap_or_default().to_owned());
        let number = of.number.unwrap_or_default().to_owned();
        self.car(&registration)?.enter(Entry { number, last, class, more, ..Entry::default() });
        Some(())
    }

    fn lap(&mut self, of: &record::Lap<'_>, told: Option<Instant>) -> Option<Heard> {
        let lap = Lap::told(of.track.and_then(flag_of), told);
        let car = self.known(of.number, of.id)?;
        let some = |time: Option<crate::multiloop::field::Ms>| time.map(|time| time.micros()).filter(|time| time.0 > 0);
        let laps = of.laps.and_then(|laps| i32::try_from(laps).ok());
        if let Some(place) = of.overall_rank.or(of.rank) {
            car.position = Some(Position { place, laps, total: some(of.elapsed) });
        }
        if let Some(time) = some(of.best) {
            car.improve(Best { place: None, lap: of.best_lap.filter(|lap| *lap > 0), time: Some(time) });
        }
        car.stops = of.stops.or(car.stops);
        let number = of.laps.filter(|laps| *laps > 0)?;
        let (time, total) = (some(of.last)?, some(of.elapsed)?);
        Some(car.count(Lap { number, time, total, into_pit: of.lane == Some(Lane::Pit), ..lap }))
    }

    /// The car of an entry.
    fn known(&mut self, number: Option<&str>, id: Option<u32>) -> Option<&mut super::Car> {
        if number == Some(NOBODY) {
            return None;
        }
        let id = registration(id?);
        let number = number.filter(|number| !number.is_empty());
        let car = self.car(&id)?;
        // A lap may be told before its entry is, and says at least the number.
        if let (None, Some(number)) = (&car.entry, number) {
            car.entry = Some(Entry { number: number.to_owned(), ..Entry::default() });
        }
        Some(car)
    }
}

/// The id of an entry, as it is written.
pub(super) fn registration(id: u32) -> String {
    format!("{id:X}")
}

/// The run a record tells of. Its number stands in what every record begins with: `Q1` is the first qualifying.
pub(super) fn run_of(header: &Header<'_>, of: &record::Run<'_>) -> Run {
    let digits = header.preamble.unwrap_or_default().trim_start_matches(|letter: char| !letter.is_ascii_digit());
    Run {
        number: digits.parse().ok(),
        name: of.name.unwrap_or_default().to_owned(),
        event: of.event.unwrap_or_default().to_owned(),
        kind: of.kind.and_then(kind_of),
        start: of.start.map(|start| start.instant()),
    }
}

fn kind_of(kind: RunKind<'_>) -> Option<SessionKind> {
    match kind {
        RunKind::Practice => Some(SessionKind::Practice),
        RunKind::Qualifying | RunKind::SingleCarQualifying => Some(SessionKind::Qualifying),
        RunKind::Race => Some(SessionKind::Race),
        RunKind::Other(_) => None,
    }
}

fn flag_of(track: TrackStatus<'_>) -> Option<Flag> {
    match track {
        TrackStatus::Green => Some(Flag::Green),
        TrackStatus::Yellow => Some(Flag::Yellow),
        TrackStatus::Red => Some(Flag::Red),
        TrackStatus::White => Some(Flag::White),
        TrackStatus::Chequered => Some(Flag::Chequered),
        TrackStatus::Unflagged | TrackStatus::Cold | TrackStatus::Other(_) => None,
    }
}

fn lane(lane: Lane<'_>) -> &str {
    match lane {
        Lane::Track => "T",
        Lane::Pit => "P",
        Lane::Other(other) => other,
    }
}
