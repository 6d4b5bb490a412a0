//! The season as the server knows it at this moment, shared by all who ask.

use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use sport::date::Instant;
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::World;

use crate::clock::Clock;
use crate::framing::Framing;
use crate::replay::Replays;
use crate::ring::Ring;
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
    /// Nothing of it happens.
    pub simulated: bool,
}

/// The season as it is known now.
#[derive(Debug)]
pub struct Site {
    pub(crate) rulebook: Rulebook,
    /// As printed.
    pub(crate) title: String,
    season: RwLock<Season>,
    pub(crate) clock: Clock,
    watch: Clock,
    pub(crate) simulated: bool,
    pub(crate) ring: Ring,
    /// Sessions as pages look at them.
    pub(crate) sessions: Sessions,
    /// Replays that run, and the frames they show.
    pub(crate) replays: Replays,
    /// The evaluation of everything known, and of how many facts.
    evaluated: Mutex<Option<(usize, Arc<Evaluation>)>>,
}

impl Site {
    /// A site that has shown nothing yet.
    pub fn new(opening: Opening) -> Self {
        let Opening { rulebook, season, clock, watch, simulated } = opening;
        let ring = Ring::new(&format!("{:x}", watch.now().0));
        Self {
            rulebook,
            title: season.title.clone(),
            season: RwLock::new(season),
            clock,
            watch,
            simulated,
            ring,
            sessions: Sessions::keeping(12),
            replays: Replays::new(),
            evaluated: Mutex::new(None),
        }
    }

    /// More facts.
    pub fn hear(&self, facts: Vec<Fact>) {
        if !facts.is_empty() {
            self.season.write().expect("nobody panics while holding the season").take(facts);
        }
    }

    /// Shows what is known now as the next frame.
    pub fn show(&self) {
        let now = self.clock.now();
        let frame = {
            let season = self.season();
            let framing = Framing {
                rulebook: &self.rulebook,
                season: &season,
                moment: Moment { known: now, in_force: now },
                now,
                speed: self.clock.speed,
                simulated: self.simulated,
            };
            framing.frame(None).0
        };
        self.ring.show(frame, self.watch());
    }

    /// The season with all facts so far.
    pub(crate) fn season(&self) -> RwLockReadGuard<'_, Season> {
        self.season.read().expect("nobody panics while holding the season")
    }

    /// The time of day.
    pub(crate) fn watch(&self) -> Instant {
        self.watch.now()
    }

    /// The season evaluated: as known now, computed once for as long as no fact is added; or as at an earlier moment.
    pub(crate) fn evaluation(&self, season: &Season, at: Option<Instant>) -> Arc<Evaluation> {
        if let Some(at) = at {
            return Arc::new(evaluate(&self.rulebook, season, Moment { known: at, in_force: at }, None, &World::default()));
        }
        let facts = season.facts().len();
        let mut evaluated = self.evaluated.lock().expect("nobody panics while holding the evaluation");
        if let Some((of, evaluation)) = &*evaluated
            && *of == facts
        {
            return Arc::clone(evaluation);
        }
        let evaluation = Arc::new(evaluate(&self.rulebook, season, Moment::NOW, None, &World::default()));
        *evaluated = Some((facts, Arc::clone(&evaluation)));
        evaluation
    }
}
