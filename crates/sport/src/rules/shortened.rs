//! What a shortened race gives: full, half or no points, in the rulebook's steps (E6, P20).

use crate::citation::Cite;
use crate::date::Micros;
use crate::points::Points;
use crate::result::{PublishedResult, Raced};
use crate::rulebook::Law;
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
            (laps, scheduled.and_then(|scheduled| ratio(run.0 / 1_000_000, scheduled.0 / 1_000_000)))
        }
    })
}

/// Whether a step that may hold asks for a share nobody published.
pub(crate) fn share_unknown(law: &Law, session: &Session, sheet: &PublishedResult) -> bool {
    let Some((laps, None)) = run(session, sheet) else { return false };
    let may_hold = |bound: Option<u32>| bound.is_none_or(|bound| laps.is_none_or(|laps| laps < bound));
    shortened(law, session, sheet).is_none() && law.shortened.iter().any(|step| step.share_below.is_some() && may_hold(step.laps_below))
}

/// The factor of the first step that holds, with its rule; `None` where no step holds and the points are full.
pub fn shortened<'a>(law: &'a Law, session: &Session, sheet: &PublishedResult) -> Option<(Points, &'a Cite)> {
    let (laps, share) = run(session, sheet)?;
    let holds = |below: Option<bool>, asked: bool| !asked || below == Some(true);
    let step = law.shortened.iter().find(|step| {
        holds(step.laps_below.zip(laps).map(|(bound, laps)| laps < bound), step.laps_below.is_some())
            && holds(step.share_below.zip(share).map(|(bound, share)| share < bound), step.share_below.is_some())
    })?;
    (step.factor != Points::ONE).then_some((step.factor, &step.cite))
}

/// An exact share; seconds and laps are whole numbers well inside the range of written fractions once reduced to ten-thousandths at most.
fn ratio(run: i64, scheduled: i64) -> Option<Points> {
    if scheduled <= 0 {
        return None;
    }
    Some(Points::whole(run).split(usize::try_from(scheduled).ok()?))
}
