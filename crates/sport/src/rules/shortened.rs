//! What a shortened race gives: full, half or no points, in the rulebook's steps (E6, P20).

use alloc::vec::Vec;

use crate::date::Micros;
use crate::points::Points;
use crate::result::{Finish, PublishedResult, Raced};
use crate::rulebook::Law;
use crate::rulebook::award::ShortenedStep;
use crate::session::Session;

/// How long a race cut short ran, as far as it was published.
struct Run {
    /// Laps completed by the leader.
    laps: Laps,
    /// Of the scheduled length.
    share: Option<Points>,
}

/// Laps completed by the leader, as far as they were published.
enum Laps {
    Known(u32),
    /// Some car completed so many: the leader perhaps more.
    AtLeast(u32),
    /// Not even that.
    Unknown,
}

/// `None` for the full length.
fn run(session: &Session, sheet: &PublishedResult) -> Option<Run> {
    Some(match sheet.raced {
        Raced::Full => return None,
        Raced::Laps { completed, scheduled } => Run {
            laps: Laps::Known(completed),
            share: scheduled.or(session.laps).and_then(|scheduled| ratio(completed.into(), scheduled.into())),
        },
        Raced::Time { run, laps } => {
            let scheduled = session.minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60));
            Run { laps: laps.map_or_else(|| printed(sheet), Laps::Known), share: scheduled.and_then(|scheduled| ratio(run.0, scheduled.0)) }
        }
    })
}

/// What the laps of the sheet's cars say of the leader's.
fn printed(sheet: &PublishedResult) -> Laps {
    let ran = || sheet.rows.iter().filter(|row| row.finish != Finish::NotStarted);
    match ran().filter_map(|row| row.laps).max() {
        None => Laps::Unknown,
        Some(most) if sheet.complete && ran().all(|row| row.laps.is_some()) => Laps::Known(most),
        Some(most) => Laps::AtLeast(most),
    }
}

/// What a race gives of its points.
pub(crate) enum Shortened<'a> {
    /// All: it was not cut short, or no step holds.
    Full,
    /// What the first step that holds says.
    By(&'a ShortenedStep),
    /// What a step asks for was not published: one of these factors.
    Open(Vec<Points>),
}

/// The first step that holds.
pub(crate) fn shortened<'a>(law: &'a Law, session: &Session, sheet: &PublishedResult) -> Shortened<'a> {
    let Some(Run { laps, share }) = run(session, sheet) else { return Shortened::Full };
    let mut possible: Vec<Points> = Vec::new();
    for step in &law.shortened {
        let fewer = |bound| match laps {
            Laps::Known(laps) => Some(laps < bound),
            Laps::AtLeast(laps) => (laps >= bound).then_some(false),
            // A race of which the time run is known and no laps is judged by its time.
            Laps::Unknown => share.map(|_| false),
        };
        let by_laps = step.laps_below.map_or(Some(true), fewer);
        let by_share = step.share_below.map_or(Some(true), |bound| share.map(|share| share < bound));
        match (by_laps, by_share) {
            (Some(false), _) | (_, Some(false)) => {}
            (Some(true), Some(true)) if possible.is_empty() => return Shortened::By(step),
            (Some(true), Some(true)) => {
                possible.push(step.factor);
                return Shortened::Open(possible);
            }
            _ => possible.push(step.factor),
        }
    }
    if possible.is_empty() {
        return Shortened::Full;
    }
    possible.push(Points::ONE);
    Shortened::Open(possible)
}

/// An exact share.
fn ratio(run: i64, scheduled: i64) -> Option<Points> {
    if scheduled <= 0 {
        return None;
    }
    Some(Points::whole(run).split(usize::try_from(scheduled).ok()?))
}
