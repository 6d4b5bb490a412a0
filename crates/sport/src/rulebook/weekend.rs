//! The weekend: sessions, qualifying, grid, start, the mandatory stop, podiums, the tariff, BoP (sections B, C, F).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::meeting_fact::Signal;
use crate::names::{ClassId, CupId, SessionId};
use crate::rulebook::grid_source::GridSource;
use crate::session::SessionKind;

/// A session of the weekend format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionPlan {
    /// `race-1`.
    pub id: SessionId,
    /// What it is for.
    pub kind: SessionKind,
    /// As printed.
    pub title: String,
    /// Days after the round's first day.
    pub day: u16,
    /// Scheduled minutes.
    pub minutes: Option<u16>,
    /// Scheduled kilometres.
    pub kilometres: Option<u16>,
    /// Scheduled laps.
    pub laps: Option<u32>,
    /// What its grid is made from.
    pub grid_from: Option<GridSource>,
    /// Where it is written.
    pub cite: Cite,
}

/// Who drives in which qualifying session (B3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QualifyingRule {
    /// True: each driver takes part in one session only.
    pub one_session_each: bool,
    /// The session in which the crew's highest-rated driver takes part.
    pub highest_rated_in: Option<SessionId>,
    /// True: with equal grades the entrant nominates.
    pub equal_grades_nominated: bool,
    /// True: a lap by the wrong driver does not count.
    pub wrong_driver_deleted: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// How a grid is made (B4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GridRule {
    /// True: cars without a qualifying time start at the back with leave of the stewards.
    pub without_time_at_back: bool,
    /// True: a car that does not start leaves its place empty or is closed up; the pole passes to the next.
    pub pole_passes_on: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// How a race starts and ends (B5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StartRule {
    /// True for a rolling start.
    pub rolling: bool,
    /// True: race time runs from the start signal.
    pub time_from_signal: bool,
    /// True: the chequered signal is shown to the leader at the first crossing after the time.
    pub chequered_to_leader: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// What ends a session whose chequered signal was given before it was due (case 9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EarlySignal {
    /// The leader's last crossing of the line before the signal.
    LastCrossing,
    /// The signal.
    Signal,
}

/// What ends a session whose chequered signal was given after it was due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LateSignal {
    /// The crossing at which it was due.
    Due,
    /// The signal.
    Signal,
}

/// How a race ends when something goes wrong (B5, case 9).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndRule {
    /// The chequered signal came too early.
    pub early: EarlySignal,
    /// It came too late.
    pub late: LateSignal,
    /// A red flag ended the race: the result is taken so many laps before the one in which it was shown; 1 is the lap before.
    pub red_laps_back: u16,
    /// Race time goes on while the race is suspended.
    pub time_runs_when_suspended: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// The point of a stop that must lie inside the window.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PitReference {
    /// Crossing the pit-entry line.
    Entry,
    /// Crossing the pit-exit line.
    Exit,
}

/// The mandatory stop (C1, C2, P35).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitStop {
    /// How many.
    pub count: u16,
    /// Race time at which the window opens.
    pub opens: Micros,
    /// Race time at which it closes.
    pub closes: Micros,
    /// What must lie inside the window.
    pub reference: PitReference,
    /// Whether another driver must take over.
    pub driver_change: bool,
    /// Minimum time from pit entry to pit exit, where the circuit does not set its own.
    pub minimum: Micros,
    /// Minimum by circuit id.
    pub minimum_at: Vec<CircuitMinimum>,
    /// Whether success seconds are added to the minimum.
    pub adds_success: bool,
    /// Signals that delay the window where they are shown when it should open: it opens when they end, and closes later by as much (C4).
    pub delayed_by: Vec<Signal>,
    /// Whether the window closes later by as long as the race was suspended inside it (C4).
    pub red_extends: bool,
    /// The minimum holds for every stop and not for the mandatory ones alone.
    pub every: Option<EveryStop>,
    /// The long technical stop (P37).
    pub technical: Option<TechnicalStop>,
    /// Where it is written.
    pub cite: Cite,
}

/// The minimum, without success seconds, holds for every stop beside the mandatory ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EveryStop {
    /// Stops that are exempt from it (P36).
    pub joker: Option<Joker>,
}

/// Joker stops (P36): shorter than the minimum, and no breach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Joker {
    /// How many.
    pub count: u16,
    /// In each period of so much race time; in the race where there is none.
    pub per: Option<Micros>,
    /// Where it is written.
    pub cite: Cite,
}

/// The technical stop (P37): one long stop, beside the mandatory ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TechnicalStop {
    /// From pit entry to pit exit.
    pub minimum: Micros,
    /// Race time from which on it may be made.
    pub opens: Micros,
    /// Race time until which it may be made; by the same reference as the mandatory stop.
    pub closes: Micros,
    /// Where it is written.
    pub cite: Cite,
}

/// A minimum stop for one circuit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CircuitMinimum {
    /// The circuit's id.
    pub circuit: String,
    /// From pit entry to pit exit.
    pub minimum: Micros,
    /// Where it is written.
    pub cite: Cite,
}

impl PitStop {
    /// The minimum stop of a car at a circuit with success seconds due, and the rule it came from (C2).
    pub fn minimum_for(&self, circuit: &str, due: Micros) -> (Micros, &Cite) {
        let local = self.minimum_at.iter().find(|local| local.circuit == circuit);
        let (base, cite) = local.map_or((self.minimum, &self.cite), |local| (local.minimum, &local.cite));
        let added = if self.adds_success { due.0 } else { 0 };
        (Micros(base.0 + added), cite)
    }

    /// Whether a stop with these race times lies inside the window as planned (C1); the moments of opening and closing are inside.
    pub fn inside_window(&self, entry: Micros, exit: Micros) -> bool {
        let at = self.judged(entry, exit);
        self.opens <= at && at <= self.closes
    }

    /// The end of a stop that must lie inside the window.
    pub fn judged<T>(&self, entry: T, exit: T) -> T {
        match self.reference {
            PitReference::Entry => entry,
            PitReference::Exit => exit,
        }
    }
}

/// A podium ceremony (E7).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Podium {
    /// Its id.
    pub id: String,
    /// As printed.
    pub title: String,
    /// The class.
    pub class: ClassId,
    /// The cup, where it is a cup's.
    pub cup: Option<CupId>,
    /// How many steps.
    pub places: u16,
    /// Where it is written.
    pub cite: Cite,
}

/// One line of the tariff (C3): what an offence costs, as a proposal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tariff {
    /// Its id: `short-stop`.
    pub id: String,
    /// The offence in words.
    pub offence: String,
    /// What it costs.
    pub penalty: TariffPenalty,
    /// Where it is written.
    pub cite: Cite,
}

/// What an offence costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TariffPenalty {
    /// Through the pit lane without stopping.
    DriveThrough,
    /// A stop in the pit lane of so long.
    StopAndGo(Micros),
    /// Added to the race time.
    Time(Micros),
    /// Added to the race time: a fixed part and what was missing (case 6).
    TimePlusShortfall(Micros),
    /// Places on the next grid.
    GridPlaces(u16),
    /// Disqualification.
    Disqualification,
    /// At the stewards' discretion: the size was never published.
    Discretion,
}

/// Balance of Performance (F1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BopRule {
    /// Classes that run to it.
    pub classes: Vec<ClassId>,
    /// True: a bulletin may change it during an event.
    pub during_event: bool,
    /// How long before a race a bulletin must be published; none where the article names no time.
    pub notice: Option<Micros>,
    /// Where it is written.
    pub cite: Cite,
}
