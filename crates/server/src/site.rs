//! The season as the server knows it at this moment, shared by all who ask.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use sport::date::Instant;
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::progress::{After, progress};
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::World;
use sport::worlds::{Worlds, worlds};

use crate::clock::Clock;
use crate::frame::Frame;
use crate::framing::Framing;
use crate::kept::Kept;
use crate::replay::Replays;
use crate::ring::Ring;
use crate::seats::Seats;
use crate::session_at::Sessions;

/// What the binary hands over: what people wrote, the facts so far, and the clock.
#[derive(Debug)]
pub struct Opening {
    /// The rulebook.
    pub rulebook: Rulebook,
    /// The season, with its facts so far.
    pub season: Season,
    /// What tells the time of the season: a simulation's clock, or the day's.
    pub clock: Clock,
    /// The time of day, by which viewers wait.
    pub watch: Clock,
    /// What a fact cites that nobody recorded of anything that happened.
    pub simulated: &'static str,
}

/// The season as it is known now.
#[derive(Debug)]
pub struct Site {
    pub(crate) rulebook: Rulebook,
    /// As printed.
    pub(crate) title: String,
    /// Shared with whoever computes from it: nobody waits for them, and what they have does not change.
    season: RwLock<Arc<Season>>,
    pub(crate) clock: Clock,
    watch: Clock,
    simulated: AtomicBool,
    cited: &'static str,
    pub(crate) ring: Ring,
    /// Where what takes long is computed.
    pub(crate) seats: Seats,
    /// The evaluation of everything known, by the number of facts.
    evaluated: Kept<usize, Arc<Evaluation>>,
    /// The tables after each session, by the number of facts that are none of a running meeting.
    went: Kept<usize, Arc<Vec<After>>>,
    /// The tables in every world of open matters, by the same number.
    worlds: Kept<usize, Result<Arc<Worlds>, usize>>,
    /// Sessions as pages look at them.
    pub(crate) sessions: Sessions,
    /// Replays that run, and the frames they show.
    pub(crate) replays: Replays,
}

impl Site {
    /// A site that has shown nothing yet.
    pub fn new(opening: Opening) -> Self {
        let Opening { rulebook, season, clock, watch, simulated } = opening;
        let ring = Ring::new(&format!("{:x}", watch.now().0));
        let made_up = season.facts().iter().any(|fact| fact.citation.starts_with(simulated));
        Self {
            rulebook,
            title: season.title.clone(),
            season: RwLock::new(Arc::new(season)),
            clock,
            watch,
            simulated: AtomicBool::new(made_up),
            cited: simulated,
            ring,
            seats: Seats::of(std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2))),
            evaluated: Kept::default(),
            went: Kept::default(),
            worlds: Kept::default(),
            sessions: Sessions::keeping(12),
            replays: Replays::new(),
        }
    }

    /// More facts.
    pub fn hear(&self, facts: Vec<Fact>) {
        if facts.iter().any(|fact| fact.citation.starts_with(self.cited)) {
            self.simulated.store(true, Ordering::Relaxed);
        }
        if !facts.is_empty() {
            Arc::make_mut(&mut self.season.write().expect("nobody panics while holding the season")).take(facts);
        }
    }

    /// The moment that a frame shows: now, by the clock of the season, to the whole millisecond that is printed. Who asks again what was
    /// known at the printed moment gets the same frame.
    pub fn moment(&self) -> Instant {
        let now = self.clock.now();
        Instant(now.0 - now.0.rem_euclid(1_000))
    }

    /// Shows what is known now as the next frame.
    pub fn show(&self) {
        self.show_at(self.moment());
    }

    /// Shows what was known at a moment as the next frame.
    pub(crate) fn show_at(&self, now: Instant) {
        let frame = {
            let season = self.season();
            let framing = Framing {
                rulebook: &self.rulebook,
                season: &season,
                moment: Moment { known: now, in_force: now },
                now,
                speed: self.clock.speed,
                simulated: self.simulated(),
            };
            framing.frame(None).0
        };
        self.ring.show(frame, self.watch());
    }

    /// Nothing can be shown just now: the last frame stands, and who listens is told that the line is alive.
    pub(crate) fn stand_still(&self) {
        self.ring.stand_still(self.watch());
    }

    /// The frame shown last; none before the first.
    pub fn latest(&self) -> Option<Arc<Frame>> {
        self.ring.latest().map(|latest| latest.frame())
    }

    /// The number of the latest frame and when it was shown, by the clock of whoever watches; none before the first.
    pub fn shown(&self) -> Option<(u64, Instant)> {
        self.ring.latest().map(|frame| (frame.n, frame.shown))
    }

    /// Whether anything of what is shown was made up by a simulator.
    pub(crate) fn simulated(&self) -> bool {
        self.simulated.load(Ordering::Relaxed)
    }

    /// What the rulebook says.
    pub fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// The season with all facts so far.
    pub fn season(&self) -> Arc<Season> {
        Arc::clone(&self.season.read().expect("nobody panics while holding the season"))
    }

    /// The time of day.
    pub(crate) fn watch(&self) -> Instant {
        self.watch.now()
    }

    /// The season evaluated: as known now, computed once for as long as no fact is added; or as at an earlier moment.
    pub(crate) fn evaluation(&self, season: &Season, at: Option<Instant>) -> Arc<Evaluation> {
        let moment = at.map_or(Moment::NOW, |at| Moment { known: at, in_force: at });
        let make = || Arc::new(self.seats.compute(|| evaluate(&self.rulebook, season, moment, None, &World::default())));
        if at.is_some() { make() } else { self.evaluated.get(season.facts().len(), make) }
    }

    /// The tables after each session, as known now.
    pub(crate) fn progress(&self, season: &Season) -> Arc<Vec<After>> {
        self.went.get(told(season), || Arc::new(self.seats.compute(|| progress(&self.rulebook, season, Moment::NOW))))
    }

    /// The tables in every world of the open matters, as known now; where they are too many, how many they are.
    pub(crate) fn worlds(&self, season: &Season) -> Result<Arc<Worlds>, usize> {
        self.worlds.get(told(season), || self.seats.compute(|| worlds(&self.rulebook, season, Moment::NOW, None)).map(Arc::new))
    }
}

/// How many facts there are that a table can depend on: what is heard while a meeting runs counts once it is published. What officials write down
/// beside it, such as a penalty that was served, may count at once.
fn told(season: &Season) -> usize {
    season.facts().iter().filter(|fact| !matches!(&fact.what, What::Meeting(of) if heard(of))).count()
}

/// Whether a fact of a meeting is one of those that come by the thousand and are in no table before a sheet is made of them.
fn heard(fact: &MeetingFact) -> bool {
    matches!(fact, MeetingFact::Heard(_) | MeetingFact::Aboard { .. } | MeetingFact::Transponder { .. } | MeetingFact::Timetable { .. })
}
