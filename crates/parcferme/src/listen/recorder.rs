//! What was heard, into the journal: several times a second, all that came together as one fact, and nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use journal::Journal;
use paperwork::written::counted;
use sport::accept::{Request, accept};
use sport::date::Instant;
use sport::fact::{Fact, What};
use sport::meeting_fact::{Heard, MeetingFact};
use sport::names::{EntryId, SourceId};
use sport::passing::{Passing, Transponder};
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};

use super::ListenArguments;
use super::health::Shared;
use super::line::{News, Said};
use crate::stop::Stop;
use crate::{facts, moment};

/// What comes within this is recorded together.
const TOGETHER: Duration = Duration::from_millis(200);
/// A fact holds at most so many passings.
const AT_ONCE: usize = 60_000;
/// Two readings of a transponder by one source within this are one: a decoder that is asked again tells what it told.
const SAME: i64 = 300_000;
/// What a decoder kept of an earlier day is none of this meeting's.
const OLD: i64 = 20 * 3_600_000_000;

/// Writes what was heard.
pub(crate) struct Recorder {
    rulebook: Rulebook,
    season: Season,
    journal: Journal,
    round: u16,
    by: String,
    sources: Vec<(SourceId, String)>,
    health: Shared,
    /// By source: when each transponder was heard, as recorded.
    known: Vec<BTreeMap<Option<Transponder>, BTreeSet<Instant>>>,
    /// By source: what was heard and is not recorded yet, with when it arrived.
    waiting: Vec<Vec<(Instant, Passing)>>,
    /// Cars of feeds, which have no transponder that the season knows.
    cars: Vec<(String, Transponder)>,
    recorded: usize,
    old: usize,
}

impl Recorder {
    /// At the end of the journal as it is.
    pub(crate) fn open(arguments: &ListenArguments, rulebook: Rulebook, mut season: Season, health: Shared) -> Result<Self, Stop> {
        let (mut journal, made) = facts::open_to_append(&arguments.season, &season.title)?;
        if !made.is_empty() {
            crate::serve::said(made.trim_end());
        }
        season.take(journal.read().map_err(|error| facts::stop(&error))?);
        let sources: Vec<(SourceId, String)> = arguments
            .source
            .iter()
            .map(|spoken| (spoken.source.clone(), format!("heard from {}://{}", spoken.what.word(), spoken.address)))
            .collect();
        let mut recorder = Self {
            rulebook,
            journal,
            round: arguments.round,
            by: arguments.by.clone(),
            known: vec![BTreeMap::new(); sources.len()],
            waiting: vec![Vec::new(); sources.len()],
            sources,
            health,
            cars: Vec::new(),
            recorded: 0,
            old: 0,
            season,
        };
        let facts = recorder.season.facts().to_vec();
        facts.iter().for_each(|fact| recorder.learn(fact));
        Ok(recorder)
    }

    /// Whether passings of a source are in the journal.
    pub(crate) fn heard_before(&self, nth: usize) -> bool {
        !self.known[nth].is_empty()
    }

    /// What a fact says was heard of our sources.
    fn learn(&mut self, fact: &Fact) {
        let What::Meeting(MeetingFact::Heard(heard)) = &fact.what else { return };
        if heard.round != self.round {
            return;
        }
        let Some(nth) = self.sources.iter().position(|(source, _)| *source == heard.source) else { return };
        for passing in heard.passings.iter() {
            self.known[nth].entry(passing.transponder).or_default().insert(passing.at);
        }
    }

    /// Records until every line has ended, and says how much.
    pub(crate) fn keep(mut self, heard: &Receiver<News>) -> Result<String, Stop> {
        loop {
            let mut news: Vec<News> = Vec::new();
            let first = heard.recv_timeout(TOGETHER);
            let ended = matches!(first, Err(RecvTimeoutError::Disconnected));
            news.extend(first);
            if !news.is_empty() {
                std::thread::sleep(TOGETHER);
                news.extend(heard.try_iter());
            }
            news.into_iter().for_each(|news| self.hear(news));
            let written = self.write();
            if ended {
                let left: usize = self.waiting.iter().map(Vec::len).sum();
                let old = if self.old > 0 { format!("; {} of earlier days left out", self.old) } else { String::new() };
                let said = format!("{} recorded{old}; {}\n", counted(self.recorded, "passing", "passings"), self.journal.head());
                return if left == 0 { Ok(said) } else { Err(written.err().unwrap_or_else(|| Stop::trouble(said))) };
            }
            if written.is_err() {
                // What could not be recorded waits, and is tried again.
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }

    fn hear(&mut self, News { nth, arrived, what }: News) {
        match what {
            Said::Passing(passing) => {
                let of = self.known[nth].entry(passing.transponder).or_default();
                let near = Instant(passing.at.0 - SAME)..=Instant(passing.at.0 + SAME);
                if of.range(near).next().is_some() {
                    return;
                }
                if arrived.0 - passing.at.0 > OLD {
                    self.old += 1;
                    return;
                }
                of.insert(passing.at);
                self.waiting[nth].push((arrived, passing));
            }
            Said::Car { number, transponder } => self.cars.push((number, transponder)),
        }
    }

    /// Records what waits.
    fn write(&mut self) -> Result<(), Stop> {
        let mut requests = self.cars();
        let mut taken = vec![0; self.waiting.len()];
        for (nth, waiting) in self.waiting.iter().enumerate() {
            for together in waiting.chunks(AT_ONCE) {
                let arrived = together.iter().map(|(arrived, _)| *arrived).max().unwrap_or(Instant(0));
                let passings = together.iter().map(|(_, passing)| *passing).collect();
                let (source, citation) = self.sources[nth].clone();
                let heard = MeetingFact::Heard(Heard { round: self.round, source, passings });
                requests.push(Request { happened: arrived, by: self.by.clone(), citation, what: What::Meeting(heard) });
            }
            taken[nth] = waiting.len();
        }
        if requests.is_empty() {
            self.cars.clear();
            return Ok(());
        }
        let (rulebook, mut after) = (&self.rulebook, self.season.clone());
        let mut refused: Option<String> = None;
        let written = self.journal.decide(|news| -> Result<Vec<Fact>, Stop> {
            let mut decided: Vec<Fact> = Vec::new();
            news.iter().for_each(|fact| after.apply(fact));
            for request in &requests {
                match accept(rulebook, &after, request.clone(), moment::now()) {
                    Ok(facts) => {
                        facts.iter().for_each(|fact| after.apply(fact));
                        decided.extend(facts);
                    }
                    // What can never be recorded must not hold up the rest.
                    Err(refusal) => refused = Some(refusal.to_string()),
                }
            }
            Ok(decided)
        });
        let trouble = written.as_ref().err().map(|stop| stop.text().trim_end().to_owned()).or(refused);
        for (nth, health) in self.health.iter().enumerate() {
            health.trouble(trouble.clone());
            let (done, left) = if written.is_ok() { (taken[nth], 0) } else { (0, self.waiting[nth].len()) };
            health.recorded(done, left);
        }
        written?;
        // Only now: what came from others is read again where this was not written.
        self.season = after;
        self.recorded += taken.iter().sum::<usize>();
        self.waiting.iter_mut().for_each(Vec::clear);
        self.cars.clear();
        Ok(())
    }

    /// Cars of feeds as fittings of what they are heard as, those that are entered and not fitted yet.
    fn cars(&mut self) -> Vec<Request> {
        let live = self.season.live(Moment::NOW);
        let mut requests = Vec::new();
        for (number, transponder) in &self.cars {
            let label = |entry: &sport::entry::Entry| entry.number.clone().unwrap_or_else(|| entry.id.to_string());
            let mut entered = self.season.list.entries.iter().filter(|entry| entry.spell(self.round).is_some() && label(entry) == *number);
            let Some(car) = entered.next().map(|entry| entry.id.clone()) else { continue };
            let fitted = |what: &What| matches!(what, What::Meeting(MeetingFact::Transponder { round, transponder: of, car: on, .. }) if (*round, of, on) == (self.round, transponder, &car));
            if !live.iter().any(|fact| fitted(&fact.what)) && !requested(&requests, &car) {
                let what = MeetingFact::Transponder { round: self.round, transponder: *transponder, car, from: None };
                let citation = format!("car {number} of the feed");
                requests.push(Request { happened: moment::now(), by: self.by.clone(), citation, what: What::Meeting(what) });
            }
        }
        requests
    }
}

fn requested(requests: &[Request], car: &EntryId) -> bool {
    requests.iter().any(|request| matches!(&request.what, What::Meeting(MeetingFact::Transponder { car: of, .. }) if of == car))
}
