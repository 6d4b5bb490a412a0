//! Reads a feed onto a board, and says which run is over.
//!
//! A feed has no word for the end of a run but the beginning of another. RMonitor has `$I`, which empties the board; but a relay that connects again sends it in the
//! middle of a run, and after it only a part of what was on the board. So what was known stays until it is told that another run began: by its number or its name, or by
//! a race clock that begins again. Without `$I` a timekeeper closes a run with number 95, and what is told then is already of the run that comes.

use sport::date::{Date, Instant, Micros};

use super::cars::Heard;
use super::from_multiloop::run_of;
use super::{CLOSED, Run, Scoreboard};
use crate::account::{Flag, Message};
use crate::multiloop;
use crate::multiloop::letter::Kind;
use crate::multiloop::record::What;
use crate::rmonitor;

/// So many changes of the flag, and so many announcements, are kept of a run.
const MOST: usize = 5_000;

/// One run as a feed told it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Session {
    /// What was on the board at its end, or is now.
    pub board: Scoreboard,
    /// The flags, each from when it was told.
    pub flags: Vec<Flown>,
    /// What the timekeepers announced. Multiloop has that.
    pub messages: Vec<Message>,
    /// When the first record of it was told, where that is written down.
    pub began: Option<Instant>,
    /// And the last.
    pub ended: Option<Instant>,
    /// What was odd in it.
    pub odd: Odd,
}

/// A flag from a moment on; none is one too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flown {
    /// Which.
    pub flag: Option<Flag>,
    /// Since the start.
    pub race: Micros,
    /// The time of day at the track.
    pub of_day: Micros,
    /// When it was told, where that is written down.
    pub told: Option<Instant>,
}

/// What is counted of the oddities of a feed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Odd {
    /// How often the board was to be emptied in the middle of the run.
    pub resets: u32,
    /// Laps that were told a second time.
    pub repeated: u32,
    /// Laps that were told again with another time, which counts.
    pub set_right: u32,
    /// Laps told again that were driven before the first that was heard of the car.
    pub unknown: u32,
    /// Corrections by a photo cell.
    pub corrections: u32,
    /// Records of kinds that tell nothing that is understood here.
    pub others: u32,
}

/// A reader of a feed or of a log of one.
#[derive(Clone, Default, Debug)]
pub struct Reader {
    session: Session,
    /// What was told since the board was to be emptied, until it is known whether the run goes on.
    since: Option<Box<Session>>,
    /// Something was ranked or driven in this run.
    counted: bool,
    /// By the stamps of a relay or by the feed itself.
    at: Option<Instant>,
}

impl Reader {
    /// Before anything was told.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is on the board. While it is not known whether a run goes on that is what was.
    pub fn board(&self) -> &Scoreboard {
        &self.session.board
    }

    /// The run that is on the board.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The feed is over, and with it the run that is on the board.
    pub fn end(mut self) -> Session {
        self.goes_on();
        self.session
    }

    /// Takes a record of RMonitor. Tells the run that is over with it.
    pub fn rmonitor(&mut self, record: &rmonitor::record::Record<'_>) -> Option<Session> {
        use rmonitor::record::Record;
        let over = match *record {
            Record::Stamp(stamp) => {
                self.at = instant(stamp).or(self.at);
                return None;
            }
            Record::Run { number, name } => self.run(&Run { number: Some(number), name: name.to_owned(), ..Run::default() }),
            Record::Heartbeat { race, .. } => self.clock(race.some().map_or(Micros(0), super::from_rmonitor::micros)),
            Record::Clear { .. } => {
                self.empty();
                None
            }
            Record::Position { .. } | Record::Best { .. } | Record::Crossing { .. } => {
                self.counted |= self.since.is_none();
                None
            }
            Record::Setting { .. } | Record::Class { .. } | Record::Competitor { .. } | Record::CompetitorMore { .. } => None,
            Record::Correction { .. } => {
                self.now().odd.corrections += 1;
                None
            }
            Record::Other { .. } => {
                self.now().odd.others += 1;
                None
            }
            Record::LineCrossing { .. } => None,
        };
        let at = self.at;
        let session = self.now();
        let heard = session.board.hear_rmonitor(record, at);
        session.heard(heard, at);
        over
    }

    /// Takes a record of Multiloop. Tells the run that is over with it.
    pub fn multiloop(&mut self, record: &multiloop::record::Record<'_>) -> Option<Session> {
        let mut over = None;
        match &record.what {
            What::Run(of) => {
                let (known, told) = (&self.session.board.run, run_of(&record.header, of));
                let another = (known.number, &known.name, known.kind, known.start) != (told.number, &told.name, told.kind, told.start);
                let begins = another && record.header.kind != Some(Kind::Updated) || record.header.kind == Some(Kind::New);
                if *known != Run::default() && begins {
                    over = self.begins();
                }
            }
            What::Heartbeat(of) => self.at = of.now.map(|now| now.instant()).or(self.at),
            What::Lap(_) => self.counted = true,
            What::Announcement(of) if self.session.messages.len() < MOST => {
                let (at, text) = (of.at.map(|at| at.instant()), of.text.unwrap_or_default().to_owned());
                self.session.messages.push(Message { elapsed: None, at, text });
            }
            What::Other(_) => self.session.odd.others += 1,
            What::Entry(_) | What::Section(_) | What::Crossing(_) | What::Flags(_) | What::Leader(_) | What::Track(_) => {}
            What::Announcement(_) | What::Invalidated(_) | What::Version(_) => {}
            What::DriverOn(_) | What::SectorTime(_) | What::Zone(_) => {}
        }
        let heard = self.session.board.hear_multiloop(record, self.at);
        self.session.heard(heard, self.at);
        over
    }

    /// Where what is told now is kept.
    fn now(&mut self) -> &mut Session {
        self.since.as_deref_mut().unwrap_or(&mut self.session)
    }

    /// The board is to be emptied.
    fn empty(&mut self) {
        let resets = u32::from(self.counted);
        match &mut self.since {
            Some(since) => since.odd.resets += resets,
            None if self.session.board.cars.is_empty() => {}
            None => self.since = Some(Box::new(Session { odd: Odd { resets, ..Odd::default() }, ..Session::default() })),
        }
    }

    /// Another run begins, with what was told since the board was emptied. Tells the one before it, if anything was counted in that.
    fn begins(&mut self) -> Option<Session> {
        let mut next = self.since.take().map_or_else(Session::default, |since| *since);
        next.odd.resets = 0;
        let counted = std::mem::replace(&mut self.counted, next.board.has_counted());
        let over = std::mem::replace(&mut self.session, next);
        counted.then_some(over)
    }

    /// The run that was on the board goes on.
    fn goes_on(&mut self) {
        if let Some(since) = self.since.take() {
            self.counted |= since.board.has_counted();
            self.session.goes_on_with(*since);
        }
    }

    /// A run is told, the same or another.
    fn run(&mut self, told: &Run) -> Option<Session> {
        let known = &self.session.board.run;
        let same = (known.number, &known.name) == (told.number, &told.name);
        if self.since.is_some() {
            if same {
                self.goes_on();
            } else if known.number.is_some() {
                return self.begins();
            } else if self.session.board.clock.is_none_or(|clock| clock.race.0 <= 0) {
                // Which run it was nobody said, and no clock ran that could say it.
                self.goes_on();
            }
            return None;
        }
        if same || known.number.is_none() {
            return None;
        }
        let before = self.counted.then(|| self.session.board.without_laps());
        let over = before.map(|board| std::mem::replace(&mut self.session, Session { board, ..Session::default() }));
        self.counted = false;
        // The result of a run that is closed stays on the board.
        if told.number != Some(CLOSED) {
            self.session.board.begin_counting();
        }
        over
    }

    /// The race clock is told. After the board was emptied it says whether the run goes on.
    fn clock(&mut self, race: Micros) -> Option<Session> {
        self.since.as_ref()?;
        let before = self.session.board.clock.map_or(Micros(0), |clock| clock.race);
        if before.0 <= 0 {
            return None;
        }
        if race >= before {
            self.goes_on();
            return None;
        }
        self.begins()
    }
}

impl Session {
    /// Notes when something was told, and what became of it.
    fn heard(&mut self, heard: Option<Heard>, at: Option<Instant>) {
        self.began = self.began.or(at);
        self.ended = at.or(self.ended);
        match heard {
            Some(Heard::Again) => self.odd.repeated += 1,
            Some(Heard::SetRight) => self.odd.set_right += 1,
            Some(Heard::Unknown) => self.odd.unknown += 1,
            Some(Heard::New) | None => {}
        }
        let Some(clock) = self.board.clock else { return };
        if self.flags.last().and_then(|last| last.flag) != clock.flag && self.flags.len() < MOST {
            self.flags.push(Flown { flag: clock.flag, race: clock.race, of_day: clock.of_day, told: at });
        }
    }

    /// What was told after the board was emptied belongs to this run.
    fn goes_on_with(&mut self, since: Self) {
        self.board.update(since.board);
        for flown in since.flags {
            if self.flags.last().is_none_or(|last| last.flag != flown.flag) {
                self.flags.push(flown);
            }
        }
        self.messages.extend(since.messages);
        self.ended = since.ended.or(self.ended);
        let Odd { resets, repeated, set_right, unknown, corrections, others } = since.odd;
        self.odd.resets += resets;
        self.odd.repeated += repeated;
        self.odd.set_right += set_right;
        self.odd.unknown += unknown;
        self.odd.corrections += corrections;
        self.odd.others += others;
    }
}

/// A stamp of a relay: `2025-04-26 14:44:13.478`, in UTC as it seems, five hours ahead of the clock at its track in summer.
fn instant(stamp: &str) -> Option<Instant> {
    let (day, clock) = stamp.trim().split_once(' ')?;
    let mut parts = day.splitn(3, '-').map(str::parse::<i16>);
    let mut next = || parts.next()?.ok();
    let (year, month, day) = (next()?, u8::try_from(next()?).ok()?, u8::try_from(next()?).ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let of_day = crate::written::time(clock).filter(|time| (0..86_400_000_000).contains(&time.0))?;
    Some(Instant(Date { year, month, day }.midnight().0 + of_day.0))
}
