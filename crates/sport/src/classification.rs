//! A session's classification: what was published, with every decision in force applied to it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::names::MarkId;
use crate::place::Places;
use crate::points::Points;
use crate::result::{Finish, ResultState};
use crate::rules::cup::CupFit;
use crate::world::Ground;

/// One car in a classification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classified {
    /// Position in the entry list.
    pub entry: usize,
    /// How it ended, decisions applied.
    pub finish: Finish,
    /// The place it was published in, before decisions that the sheet does not contain. Of the classification's [`Order`].
    pub published: Option<Places>,
    /// The place it has now, in the classification's [`Order`]. `None` for a car without a place.
    pub place: Option<Places>,
    /// Its place in its class, where published or countable.
    pub class_place: Option<Places>,
    /// Its place in its cup, where published or countable.
    pub cup_place: Option<Places>,
    /// Laps completed, deductions applied.
    pub laps: Option<u32>,
    /// Race time with what was added; relative to the leader where only gaps were published.
    pub time: Option<Micros>,
    /// Best lap.
    pub best_lap: Option<Micros>,
    /// The cup of its crew.
    pub cup: CupFit,
    /// Known drivers, by position in the driver list.
    pub crew: Vec<usize>,
    /// Drivers who may have been aboard.
    pub perhaps: Vec<usize>,
    /// A driver's name is missing.
    pub crew_open: bool,
    /// Driving times, where published.
    pub drove: Vec<(usize, Micros)>,
    /// Led a lap.
    pub led: bool,
    /// False for an entered car that no sheet names: it may have taken part.
    pub on_sheet: bool,
    /// What was done to it, by what.
    pub effects: Vec<(Ground, String)>,
    /// The publisher's remark.
    pub note: Option<String>,
}

impl Classified {
    /// Whether it can have a place: classified, or not known not to be.
    pub fn may_finish(&self) -> bool {
        matches!(self.finish, Finish::Classified | Finish::Unknown)
    }
}

/// The order the places of a classification count in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// All cars together.
    Overall,
    /// Each class by itself: nobody published the order of all.
    Class,
}

/// A classification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classification {
    /// Position in the calendar.
    pub session: usize,
    /// The mark inside the race, where it is not the finish.
    pub mark: Option<MarkId>,
    /// What the publisher called the sheet it starts from.
    pub state: ResultState,
    /// The fact it starts from.
    pub fact: u64,
    /// Whether the sheet lists every car that took part.
    pub complete: bool,
    /// What the places count in.
    pub order: Order,
    /// The cars: those with a place in order, then the others.
    pub rows: Vec<Classified>,
    /// By what the session is annulled: there is no classification then, the rows are the order before.
    pub annulled: Option<Ground>,
    /// By what its points are withheld.
    pub withheld: Option<Ground>,
    /// On all points of the session: the calendar's, the shortened race's, a decision's.
    pub factor: Points,
    /// Further factors of which one holds, where a race was cut short and nobody published what a step of the rulebook asks for;
    /// empty in the ordinary case.
    pub factor_open: Vec<Points>,
    /// Where the factor comes from, in words.
    pub factor_reasons: Vec<String>,
    /// Open matters that touch it.
    pub open: Vec<crate::names::MatterId>,
}
