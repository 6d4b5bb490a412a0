//! The frames of the live page: the latest, those before it for clients that lost the line or watch with a delay, and a bell that rings
//! for each new one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use axum::body::Bytes;
use serde_json::{Value, json};
use sport::date::Instant;
use tokio::sync::watch;

use crate::frame::Frame;
use crate::patch;

/// So many frames are kept: at four a second, four minutes. The longest delay a viewer can ask for is shorter.
pub(crate) const KEPT: usize = 1_000;

/// Of so many frames one is kept whole; what the others were is made from it and what changed since, where somebody asks. All of them whole would
/// take four hundred times the memory.
const WHOLE: u64 = 32;

/// A numbered frame.
#[derive(Debug)]
pub(crate) struct Numbered {
    /// From 1, without gaps.
    pub(crate) n: u64,
    /// When it was shown, by the clock of whoever watches: the system's, not a simulation's.
    pub(crate) shown: Instant,
    /// What changed since the frame before, as it is sent; made once for all who listen.
    pub(crate) delta: Bytes,
    /// As long as it is the latest.
    latest: RwLock<Option<Latest>>,
    /// The whole of it as it is sent; made when the first asks for it.
    snapshot: OnceLock<Bytes>,
    /// The frame before; none where this one is kept whole.
    before: Option<Arc<Self>>,
    epoch: Arc<str>,
}

/// A frame as it is and as JSON.
#[derive(Clone, Debug)]
struct Latest {
    frame: Arc<Frame>,
    value: Value,
}

impl Numbered {
    /// The whole frame as it is sent.
    pub(crate) fn snapshot(&self) -> Bytes {
        self.snapshot.get_or_init(|| event("snapshot", &self.epoch, self.n, &json!({ "n": self.n, "frame": self.value() }))).clone()
    }

    /// The frame.
    pub(crate) fn frame(&self) -> Arc<Frame> {
        let latest = self.latest.read().expect(UNBROKEN).as_ref().map(|latest| Arc::clone(&latest.frame));
        latest.unwrap_or_else(|| Arc::new(serde_json::from_value(self.value()).expect("it was made from a frame")))
    }

    fn value(&self) -> Value {
        if let Some(latest) = &*self.latest.read().expect(UNBROKEN) {
            return latest.value.clone();
        }
        if let Some(snapshot) = self.snapshot.get() {
            return data(snapshot)["frame"].take();
        }
        let mut value = self.before.as_ref().expect("what is kept whole has its snapshot").value();
        patch::apply(&mut value, &data(&self.delta)["patch"]);
        value
    }
}

const UNBROKEN: &str = "nobody panics while holding it";

/// The data of an event made here.
fn data(event: &Bytes) -> Value {
    let text = std::str::from_utf8(event).expect("events are text");
    let (_, data) = text.split_once("\ndata: ").expect("every event has data");
    serde_json::from_str(data).expect("data is JSON")
}

/// An event as it is sent: `id: EPOCH-N`, one line of JSON.
fn event(kind: &str, epoch: &str, n: u64, data: &Value) -> Bytes {
    Bytes::from(format!("event: {kind}\nid: {epoch}-{n}\ndata: {data}\n\n"))
}

/// The frames.
#[derive(Debug)]
pub(crate) struct Ring {
    /// Another at each start of the server: numbers of one start say nothing to the next.
    epoch: Arc<str>,
    frames: RwLock<VecDeque<Arc<Numbered>>>,
    bell: watch::Sender<u64>,
    /// When it rang last, in microseconds.
    rang: AtomicI64,
}

impl Ring {
    pub(crate) fn new(epoch: &str) -> Self {
        Self { epoch: epoch.into(), frames: RwLock::new(VecDeque::new()), bell: watch::Sender::new(0), rang: AtomicI64::new(0) }
    }

    /// What tells this start of the server from others.
    pub(crate) fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Shows a frame. One that differs from the last in nothing but its moment is not shown, unless that is so old that a clock would run away.
    pub(crate) fn show(&self, frame: Frame, shown: Instant) {
        let value = serde_json::to_value(&frame).expect("a frame has only texts for keys");
        let last = self.latest();
        let n = last.as_ref().map_or(1, |last| last.n + 1);
        let patch = last.as_ref().map_or_else(|| Some(value.clone()), |last| patch::between(&last.value(), &value));
        let only_time = |patch: &Value| patch.as_object().is_some_and(|patch| patch.len() == 1 && patch.contains_key("at"));
        // A clock that was set back says nothing about how old the last one is.
        let still = last.as_ref().is_some_and(|last| (0..STILL).contains(&(shown.0 - last.shown.0)));
        let Some(patch) = patch.filter(|patch| !(still && only_time(patch))) else {
            self.stand_still(shown);
            return;
        };
        let delta = event("delta", &self.epoch, n, &json!({ "n": n, "patch": patch }));
        let whole = n % WHOLE == 1;
        let numbered = Arc::new(Numbered {
            n,
            shown,
            delta,
            latest: RwLock::new(Some(Latest { frame: Arc::new(frame), value })),
            snapshot: OnceLock::new(),
            before: if whole { None } else { last.clone() },
            epoch: Arc::clone(&self.epoch),
        });
        if whole {
            numbered.snapshot();
        }
        let mut frames = self.frames.write().expect(UNBROKEN);
        if frames.len() == KEPT {
            frames.pop_front();
        }
        frames.push_back(numbered);
        drop(frames);
        if let Some(last) = last {
            last.latest.write().expect(UNBROKEN).take();
        }
        self.ring(n, shown);
    }

    /// No frame is shown. A line that died is noticed by what is said on it now and then all the same.
    pub(crate) fn stand_still(&self, at: Instant) {
        if !(0..QUIET).contains(&(at.0 - self.rang.load(Ordering::Relaxed))) {
            self.ring(SILENCE, at);
        }
    }

    fn ring(&self, what: u64, at: Instant) {
        self.rang.store(at.0, Ordering::Relaxed);
        self.bell.send_replace(what);
    }

    /// The latest frame; none before the first.
    pub(crate) fn latest(&self) -> Option<Arc<Numbered>> {
        self.frames.read().expect(UNBROKEN).back().cloned()
    }

    /// The latest frame that was shown by a moment; the oldest kept where all are later.
    pub(crate) fn shown_by(&self, at: Instant) -> Option<Arc<Numbered>> {
        let frames = self.frames.read().expect(UNBROKEN);
        let after = frames.partition_point(|frame| frame.shown <= at);
        frames.get(after.saturating_sub(1)).cloned()
    }

    /// The frame with a number, while it is kept.
    pub(crate) fn numbered(&self, n: u64) -> Option<Arc<Numbered>> {
        let frames = self.frames.read().expect(UNBROKEN);
        let first = frames.front()?.n;
        frames.get(usize::try_from(n.checked_sub(first)?).ok()?).cloned()
    }

    /// Rings with the number of each new frame, and with [`SILENCE`] where there was none for long.
    pub(crate) fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// The number in an event's id, where it is of this start of the server.
    pub(crate) fn number(&self, id: &str) -> Option<u64> {
        let (epoch, n) = id.rsplit_once('-')?;
        (epoch == &*self.epoch).then(|| n.parse().ok()).flatten()
    }
}

/// What the bell rings where there is no news: no frame has this number. One bell for all, because a timer each would cost every stream memory
/// and every frame a look at all of them.
pub(crate) const SILENCE: u64 = u64::MAX;
/// After so long without news something is said, in microseconds.
pub(crate) const QUIET: i64 = 15_000_000;
/// After so long a frame is shown even if nothing changed but its moment.
const STILL: i64 = 5_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Message;

    fn frame(at: &str, season: &str) -> Frame {
        Frame { at: at.into(), season: season.into(), ..Frame::default() }
    }

    #[test]
    fn frames_are_numbered_and_what_differs_in_its_moment_only_is_not_shown() {
        let ring = Ring::new("e");
        ring.show(frame("1", "a"), Instant(0));
        ring.show(frame("2", "a"), Instant(1_000_000));
        assert_eq!(ring.latest().map(|of| of.n), Some(1));
        ring.show(frame("3", "b"), Instant(2_000_000));
        ring.show(frame("4", "b"), Instant(2_000_000 + STILL));
        assert_eq!(ring.latest().map(|of| of.n), Some(3));
        let delta = |n| String::from_utf8(ring.numbered(n).expect("kept").delta.to_vec()).expect("text");
        assert_eq!(delta(2), "event: delta\nid: e-2\ndata: {\"n\":2,\"patch\":{\"at\":\"3\",\"season\":\"b\"}}\n\n");
        assert_eq!(delta(3), "event: delta\nid: e-3\ndata: {\"n\":3,\"patch\":{\"at\":\"4\"}}\n\n");
        assert_eq!((ring.number("e-2"), ring.number("f-2"), ring.number("2")), (Some(2), None, None));
        assert_eq!(ring.shown_by(Instant(2_500_000)).map(|of| of.n), Some(2));
        assert_eq!(ring.shown_by(Instant(-1)).map(|of| of.n), Some(1), "as old as is kept");
    }

    #[test]
    fn the_bell_rings_once_where_nothing_is_shown_for_long() {
        let ring = Ring::new("e");
        let mut bell = ring.bell();
        let mut rings = |at: i64| {
            ring.show(frame("1", "a"), Instant(at * 1_000_000));
            bell.has_changed().expect("the ring is there").then(|| *bell.borrow_and_update())
        };
        assert_eq!((rings(0), rings(14), rings(15), rings(16), rings(30)), (Some(1), None, Some(SILENCE), None, Some(SILENCE)));
        assert_eq!(ring.latest().map(|of| of.n), Some(1));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_back() {
        let ring = Ring::new("e");
        let mut bell = ring.bell();
        let mut rings = |at: &str, shown: i64| {
            ring.show(frame(at, "a"), Instant(shown * 1_000_000));
            bell.has_changed().expect("the ring is there").then(|| *bell.borrow_and_update())
        };
        // An hour back: the next frame is shown though only its moment differs, and the one after it is still again.
        assert_eq!((rings("1", 5_000), rings("2", 5_001), rings("3", 1_400), rings("4", 1_401)), (Some(1), None, Some(2), None));
        ring.stand_still(Instant(1_400_000_000 + QUIET));
        assert_eq!(*bell.borrow_and_update(), SILENCE);
        ring.stand_still(Instant(0));
        assert!(bell.has_changed().is_ok_and(|changed| changed), "and so is what is said against silence");
    }

    #[test]
    fn what_is_not_kept_whole_is_made_again() {
        let ring = Ring::new("e");
        let mut whole = Vec::new();
        for nth in 0..2 * WHOLE + 3 {
            let messages = (nth.saturating_sub(5)..nth).map(|of| {
                let says = nth.to_string();
                (of.to_string(), Message { at: String::new(), kind: String::new(), says, cars: Vec::new() })
            });
            ring.show(Frame { messages: messages.collect(), ..frame("1", &nth.to_string()) }, Instant(0));
            let latest = ring.latest().expect("one is shown");
            whole.push((latest.frame(), if nth % 3 == 0 { latest.snapshot() } else { Bytes::new() }));
        }
        for (n, (frame, snapshot)) in (1..).zip(whole) {
            let kept = ring.numbered(n).expect("kept");
            assert_eq!(kept.frame(), frame);
            assert!(snapshot.is_empty() || snapshot == kept.snapshot());
            assert_eq!(data(&kept.snapshot()), json!({ "n": n, "frame": &*frame }));
        }
    }

    #[test]
    fn old_frames_are_let_go() {
        let ring = Ring::new("e");
        for nth in 0..KEPT + 5 {
            ring.show(frame("1", &nth.to_string()), Instant(0));
        }
        assert!(ring.numbered(5).is_none() && ring.numbered(6).is_some());
        assert_eq!(ring.latest().map(|of| of.n), Some(KEPT as u64 + 5));
        assert!(ring.numbered(KEPT as u64 + 6).is_none());
    }
}
