//! What a shortened race gives: full, half or no points, in the rulebook's steps (E6, P20).

use alloc::vec::Vec;

use crate::date::Micros;
use crate::points::Points;
use crate::result::{PublishedResult, Raced};
use crate::rulebook::Law;
use crate::rulebook::award::ShortenedStep;
use crate::session::Session;

/// Laps run and the share of the scheduled length run, as far as they were published; `None` for the full length.
fn run(session: &Session, sheet: &PublishedResult) -> Option<(Option<u32>, Option<Points>)> {
    Some(match sheet.raced {
        Raced::Full => return None,
        Raced::Laps { completed, scheduled } => {
            (Some(completed), scheduled.or(session.laps).and_then(|scheduled| ratio(completed.into(), scheduled.into())))
        }
        Raced::Time { run, laps } => {
            let scheduled = session.minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60));
            let printed = || sheet.rows.iter().filter_map(|row| row.laps).max();
            (laps.or_else(printed), scheduled.and_then(|scheduled| ratio(run.0 / 1_000_000, scheduled.0 / 1_000_000)))
        }
    })
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
    let Some((laps, share)) = run(session, sheet) else { return Shortened::Full };
    let mut possible: Vec<Points> = Vec::new();
    for step in &law.shortened {
        // A race of which the time run is known and no laps is judged by its time.
        let fewer = |bound| laps.map(|laps| laps < bound).or(share.map(|_| false));
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

/// An exact share; seconds and laps are whole numbers well inside the range of written fractions once reduced to ten-thousandths at most.
fn ratio(run: i64, scheduled: i64) -> Option<Points> {
    if scheduled <= 0 {
        return None;
    }
    Some(Points::whole(run).split(usize::try_from(scheduled).ok()?))
}
