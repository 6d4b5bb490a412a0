//! What is asked of the simulator.

use sport::date::{Instant, Micros};
use sport::line::{Layout, LineKind};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::{Session, SessionKind};

use crate::faults::Faults;

/// A meeting to be simulated.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The law it runs under.
    pub rulebook: &'a Rulebook,
    /// Calendar and entry list.
    pub season: &'a Season,
    /// The round.
    pub round: u16,
    /// The same seed gives the same meeting, byte for byte, on every machine.
    pub seed: u64,
    /// What may go wrong between the track and our machine. The track does not know of it: the truth of a seed is the same under any
    /// faults.
    pub faults: Faults,
}

/// One session to be simulated.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Position in the calendar's sessions.
    pub session: usize,
    /// When it is to begin; a race starts within a minute after.
    pub begins: Instant,
    /// The cars: positions in the entry list, in the order of the grid.
    pub grid: Vec<usize>,
    /// Success seconds due, car by car as on the grid; none where missing.
    pub due: Vec<Micros>,
    /// The number the first fact of the session will have, as [`Season::next_number`] gives it.
    pub first_fact: u64,
}

/// Why a session cannot be simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cannot {
    /// The calendar has no such session.
    NoSession,
    /// Its circuit has no timing lines.
    NoLines,
    /// Its rulebook asks for a stop, and its circuit has no lines at the ends of the pit lane: nobody could say who stopped.
    NoPitLines,
}

impl<'a> Plan<'a> {
    /// Whether a session, by position on the calendar, can be simulated.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn able(&self, session: usize) -> Result<(), Cannot> {
        self.session(session).map(|_| ())
    }

    /// The session, its circuit's lines and the circuit's id.
    pub(crate) fn session(&self, at: usize) -> Result<(&'a Session, &'a Layout, &'a str), Cannot> {
        let calendar = &self.season.calendar;
        let session = calendar.sessions.get(at).ok_or(Cannot::NoSession)?;
        let round = calendar.round(session.name.round).ok_or(Cannot::NoSession)?;
        let layout = round.layout.as_ref().ok_or(Cannot::NoLines)?;
        let has = |kind: LineKind| layout.lines().iter().any(|line| line.kind == kind);
        if !has(LineKind::Finish) {
            return Err(Cannot::NoLines);
        }
        let stops = is_race(session) && self.rulebook.law_at(calendar, at).pit_stop.is_some();
        if stops && !(has(LineKind::PitEntry) && has(LineKind::PitExit)) {
            return Err(Cannot::NoPitLines);
        }
        Ok((session, layout, &round.circuit))
    }
}

/// Whether cars race in a session, or drive for a time.
pub(crate) fn is_race(session: &Session) -> bool {
    match session.kind {
        SessionKind::Race | SessionKind::QualifyingRace => true,
        SessionKind::Practice | SessionKind::Qualifying | SessionKind::WarmUp => false,
    }
}
