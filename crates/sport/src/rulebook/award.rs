//! What points are given for: tables, awards, who is classified, what a shortened race gives (E1, E6, P1–P6, P16, P19, P20, P27, P52–P56).

use alloc::vec::Vec;

use crate::citation::Cite;
use crate::names::{AwardId, ClassId, MarkId, SessionId, TableId};
use crate::points::Points;
use crate::rulebook::crew::CrewPattern;
use crate::session::{Session, SessionKind};

/// A points table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PointsTable {
    /// `top-ten`.
    pub id: TableId,
    /// How a place becomes points.
    pub scale: Scale,
    /// Where it is written.
    pub cite: Cite,
}

/// How a place becomes points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scale {
    /// A list for first, second, …; every further classified place gets `rest`.
    Places {
        /// For first, second, third, …
        points: Vec<Points>,
        /// For every further classified place.
        rest: Points,
    },
    /// `base × (N − P + 1/2) / N` with `N` starters in the ranking, rounded half up (P3).
    ByStarters {
        /// The base: 10.
        base: Points,
        /// Decimals kept.
        decimals: u32,
    },
    /// The place itself; the lowest sum wins (P5).
    PlaceItself,
}

impl Scale {
    /// Points for a place among so many starters.
    pub fn points(&self, place: u16, starters: u16) -> Points {
        match self {
            Self::Places { points, rest } => usize::from(place).checked_sub(1).and_then(|ix| points.get(ix)).copied().unwrap_or(*rest),
            Self::ByStarters { base, decimals } => {
                let starters = i64::from(starters.max(place));
                let share = Points::fraction(2 * (starters - i64::from(place)) + 1, 2 * starters)
                    .expect("a place among starters is a small fraction");
                (*base * share).rounded(*decimals)
            }
            Self::PlaceItself => Points::whole(i64::from(place)),
        }
    }
}

/// A condition on a race's scheduled length. Bounds are inclusive; what is not named is not asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Length {
    /// At least so many minutes.
    pub minutes_min: Option<u16>,
    /// At most so many minutes.
    pub minutes_max: Option<u16>,
    /// At least so many kilometres.
    pub kilometres_min: Option<u16>,
    /// At most so many kilometres.
    pub kilometres_max: Option<u16>,
}

impl Length {
    /// Whether a session of this length meets it.
    pub fn holds(&self, minutes: Option<u16>, kilometres: Option<u16>) -> bool {
        let at_least = |bound: Option<u16>, value: Option<u16>| bound.is_none_or(|bound| value.is_some_and(|value| value >= bound));
        let at_most = |bound: Option<u16>, value: Option<u16>| bound.is_none_or(|bound| value.is_some_and(|value| value <= bound));
        at_least(self.minutes_min, minutes)
            && at_most(self.minutes_max, minutes)
            && at_least(self.kilometres_min, kilometres)
            && at_most(self.kilometres_max, kilometres)
    }
}

/// The sessions an award (or another rule) is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sessions {
    /// Of this kind.
    pub kind: SessionKind,
    /// With one of these ids; any when empty.
    pub ids: Vec<SessionId>,
    /// In one of these rounds; any when empty.
    pub rounds: Vec<u16>,
    /// Of this length.
    pub length: Length,
}

impl Sessions {
    /// Whether a session is meant.
    pub fn hold(&self, session: &Session) -> bool {
        session.kind == self.kind
            && (self.ids.is_empty() || self.ids.contains(&session.name.id))
            && (self.rounds.is_empty() || self.rounds.contains(&session.name.round))
            && self.length.holds(session.minutes, session.kilometres)
    }
}

/// Something points are given for, in some sessions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Award {
    /// `race`, `pole`.
    pub id: AwardId,
    /// In these sessions.
    pub sessions: Sessions,
    /// At a mark inside the race, where it is not the finish (P2).
    pub mark: Option<MarkId>,
    /// For what.
    pub basis: Basis,
    /// Multiplies the points (P55).
    pub factor: Points,
    /// Further factors by crew, the first that fits (P27).
    pub crew_factors: Vec<CrewFactor>,
    /// Whether its places count for countback (P54).
    pub countback: bool,
    /// Where it is written.
    pub cite: Cite,
}

/// What an award looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Basis {
    /// The place in the championship's ranking. A pole point is this on a qualifying session.
    Place {
        /// The table.
        table: TableId,
    },
    /// Laps behind the winner of the ranking; the last step holds for all further laps (P16).
    LapsBehind {
        /// Points on the lead lap, one lap behind, …
        points: Vec<Points>,
    },
    /// The fastest lap among the ranking's cars; several with the same time split it exactly (P52).
    FastestLap {
        /// To be split.
        points: Points,
        /// Only for a car with at least this classified place; not met, nobody scores.
        place_max: Option<u16>,
    },
    /// Led a lap (P56).
    Led {
        /// To every car that did.
        points: Points,
    },
}

/// A factor for some crews (P27).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CrewFactor {
    /// The crew.
    pub crew: CrewPattern,
    /// The factor.
    pub factor: Points,
    /// Only in the first so many scoring places.
    pub place_max: Option<u16>,
}

/// Who is classified (E6, P19).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassifiedRule {
    /// In these sessions; the first rule that fits holds.
    pub sessions: Sessions,
    /// For these classes; all when empty.
    pub classes: Vec<ClassId>,
    /// The share of the winner's laps a car must complete; with a share of zero every car that started is classified, also without a lap.
    pub share: Points,
    /// The share is taken of the class winner's laps, not of the overall winner's.
    pub of_class_winner: bool,
    /// True: the required laps are rounded down to whole laps. False: the exact share is required.
    pub round_down: bool,
    /// True: the car must take the chequered signal.
    pub take_chequered: bool,
    /// Where it is written.
    pub cite: Cite,
}

impl ClassifiedRule {
    /// Whether a car with these laps is classified behind a winner with those.
    pub fn enough(&self, laps: u32, winner: u32) -> bool {
        let required = self.share * Points::whole(i64::from(winner));
        let required = if self.round_down {
            let (over, under) = required.parts();
            Points::whole(i64::try_from(over.div_euclid(under)).expect("laps fit in a number"))
        } else {
            required
        };
        Points::whole(i64::from(laps)) >= required
    }
}

/// One step of the rule for shortened races (P20). The first whose condition holds gives the factor; none: full points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShortenedStep {
    /// Holds when the leader completed fewer laps than this.
    pub laps_below: Option<u32>,
    /// Holds when less than this share of the scheduled length was run.
    pub share_below: Option<Points>,
    /// Factor on all points of the session.
    pub factor: Points,
    /// Where it is written.
    pub cite: Cite,
}
