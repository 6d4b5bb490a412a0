//! What keeps a site true: facts as they are recorded become frames, not more of them than a phone can follow.

use std::sync::Arc;
use std::time::Duration;

use sport::fact::Fact;

use crate::site::Site;

/// So often is asked for news.
const ASK: Duration = Duration::from_millis(50);
/// A frame at most so often.
const FRAME: i64 = 250_000;
/// A frame at least so often: clocks run on and silent cars stop while nothing is recorded.
const STILL: i64 = 1_000_000;
/// Of the time, at most one part in so many goes into frames, however long the race has become.
const SHARE: i64 = 4;

/// Asks for news until it is told to stop. What goes wrong is said once, and asked for again.
///
/// `news` gives the facts recorded since it was asked last; `said` is told what went wrong, and when it went right again.
pub fn feed(site: &Arc<Site>, mut news: impl FnMut() -> Result<Vec<Fact>, String>, mut said: impl FnMut(&str), stop: impl Fn() -> bool) {
    let mut wrong: Option<String> = None;
    let (mut fresh, mut shown, mut took) = (true, i64::MIN / 2, 0);
    while !stop() {
        // Before the news: what is recorded after this moment may be among them, but nothing recorded before it is missing.
        let moment = site.moment();
        match news() {
            Ok(facts) => {
                if wrong.take().is_some() {
                    said("the journal can be read again");
                }
                fresh |= !facts.is_empty();
                site.hear(facts);
            }
            Err(why) => {
                if wrong.as_ref() != Some(&why) {
                    said(&why);
                    wrong = Some(why);
                }
            }
        }
        let now = site.watch().0;
        // A clock that was set back does not hold the frames back.
        let since = if now < shown { i64::MAX } else { now - shown };
        let every = FRAME.max(took * SHARE);
        if wrong.is_some() {
            // Without facts the clock would run on and every car seem to stand.
            site.stand_still();
        } else if (fresh && since >= every) || since >= STILL.max(took * SHARE) {
            site.show_at(moment);
            (fresh, shown) = (false, now);
            took = site.watch().0 - now;
        }
        // What waits for its frame does not wait for the next question as well.
        let due = if fresh { shown + every - site.watch().0 } else { i64::MAX };
        std::thread::sleep(ASK.min(Duration::from_micros(due.max(1_000).unsigned_abs())));
    }
}
