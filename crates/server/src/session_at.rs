//! A session at a moment, computed once for all who look at it at about the same time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::fact::{Fact, What};
use sport::meeting_fact::{MeetingFact, Signal};
use sport::names::SessionId;
use sport::pit_board::PitCar;
use sport::season::{Moment, Season};
use sport::session::SessionName;

use crate::clock::parse;
use crate::frame::Frame;
use crate::framing::Framing;
use crate::problem::Problem;
use crate::site::Site;

/// A session at a moment: as the live page shows it, and what that was made from.
#[derive(Debug)]
pub(crate) struct SessionAt {
    pub(crate) frame: Frame,
    pub(crate) stands: AsItStands,
    board: OnceLock<Option<Vec<PitCar>>>,
}

impl SessionAt {
    /// The pit board; none where there is none.
    pub(crate) fn board(&self, site: &Site, season: &Season) -> Option<&[PitCar]> {
        self.board.get_or_init(|| self.stands.session.pit_board(&site.rulebook, season)).as_deref()
    }
}

/// The moment a page is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    /// As it stands.
    Now,
    /// As it was known then.
    At(Instant),
}

/// What was computed lately.
#[derive(Debug)]
pub(crate) struct Sessions {
    most: usize,
    kept: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    session: usize,
    when: When,
    /// Of so many facts.
    facts: usize,
    /// By the clock of whoever watches.
    computed: Instant,
    took: i64,
    over: bool,
    of: Arc<SessionAt>,
}

/// What runs is looked at anew so often at most.
const FRESH: i64 = 250_000;
/// At most one part in so many of the time goes into it, however long the race has become.
const SHARE: i64 = 4;

impl Sessions {
    /// Keeps so many.
    pub(crate) fn keeping(most: usize) -> Self {
        Self { most, kept: Mutex::new(VecDeque::new()) }
    }

    /// A session at a moment; `None` where it was not opened by then, or its circuit has no lines.
    pub(crate) fn get(&self, site: &Site, season: &Season, session: usize, when: When) -> Option<Arc<SessionAt>> {
        let (facts, began) = (season.facts().len(), site.watch());
        // Whoever comes meanwhile waits for what is computed, and does not compute it again. What broke off left nothing behind.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |of: &Kept| match when {
            When::Now if of.over => of.facts == facts,
            When::Now => (0..FRESH.max(of.took * SHARE)).contains(&(began.0 - of.computed.0)),
            When::At(_) => of.facts == facts,
        };
        if let Some(at) = kept.iter().position(|of| (of.session, of.when) == (session, when)) {
            if holds(&kept[at]) {
                return Some(Arc::clone(&kept[at].of));
            }
            kept.remove(at);
        }
        let of = Arc::new(at(site, season, session, when)?);
        let over = of.stands.session.closed();
        let took = site.watch().0 - began.0;
        kept.push_back(Kept { session, when, facts, computed: began, took, over, of: Arc::clone(&of) });
        if kept.len() > self.most {
            kept.pop_front();
        }
        Some(of)
    }
}

fn at(site: &Site, season: &Season, session: usize, when: When) -> Option<SessionAt> {
    let clock = site.clock.now();
    let (known, now) = match when {
        When::Now => (clock, clock),
        When::At(at) => (at, at),
    };
    let speed = if when == When::Now { site.clock.speed } else { 0 };
    let moment = Moment { known, in_force: now };
    let framing = Framing { rulebook: &site.rulebook, season, moment, now, speed, simulated: site.simulated() };
    let (frame, stands) = site.seats.compute(|| framing.frame(Some(session)));
    Some(SessionAt { frame, stands: stands?, board: OnceLock::new() })
}

/// A session of the calendar by its name, such as `6.race-1`.
pub(crate) fn find(season: &Season, written: &str) -> Result<usize, Problem> {
    let name = written.split_once('.').and_then(|(round, id)| Some(SessionName { round: round.parse().ok()?, id: SessionId::new(id) }));
    let found = name.and_then(|name| season.calendar.find(&name)).filter(|at| season.calendar.sessions[*at].name.to_string() == written);
    found.ok_or_else(|| {
        Problem::missing(format!("there is no session `{written}`; sessions are named as in 2.race-1, and the calendar has them all"))
    })
}

/// A moment of an address. Nothing later than now can be asked for.
pub(crate) fn when(site: &Site, at: Option<&str>) -> Result<When, Problem> {
    let Some(written) = at.filter(|at| !at.is_empty()) else { return Ok(When::Now) };
    let at = parse(written).ok_or_else(|| Problem::unclear(format!("`{written}` is no moment; write it as 2018-10-13T06:25:00Z")))?;
    Ok(if at < site.clock.now() { When::At(at) } else { When::Now })
}

/// A session by its name at a moment, or why it cannot be shown.
pub(crate) fn seen(site: &Site, season: &Season, written: &str, when: When) -> Result<Arc<SessionAt>, Problem> {
    let session = find(season, written)?;
    site.sessions.get(site, season, session, when).ok_or_else(|| not_timed(written))
}

/// That there is nothing to look at.
pub(crate) fn not_timed(session: &str) -> Problem {
    Problem::missing(format!(
        "no passings of {session} were recorded by then: there are no laps and no stops to show. Its result, if it has one, is at /sessions/{session}"
    ))
}

/// When a session was open, and its signals, by everything known.
pub(crate) struct Opened {
    pub(crate) open: Instant,
    /// When it was closed; now where it is not.
    pub(crate) until: Instant,
    pub(crate) closed: bool,
    pub(crate) signals: Vec<(Instant, Signal)>,
}

/// `None` where it was not opened.
pub(crate) fn span(site: &Site, season: &Season, session: usize) -> Option<Opened> {
    let name = &season.calendar.sessions[session].name;
    let given = |fact: &&Fact| {
        let What::Meeting(MeetingFact::Signal { session, signal }) = &fact.what else { return None };
        (session == name).then_some((fact.happened, *signal))
    };
    let live = season.live(Moment::NOW);
    let signals: Vec<(Instant, Signal)> = live.iter().filter_map(given).collect();
    let open = signals.iter().find(|(_, signal)| *signal == Signal::Open)?.0;
    let close = signals.iter().rfind(|(_, signal)| *signal == Signal::Close).map(|(at, _)| *at);
    Some(Opened { open, until: close.unwrap_or_else(|| site.clock.now()).max(open), closed: close.is_some(), signals })
}
