//! The weekend of a demo: every fact of it, and which of them the journal holds already, whatever else somebody recorded beside them.

use std::sync::Arc;

use simulator::Faults;
use sport::date::Instant;
use sport::fact::{Fact, What};
use sport::incident::Evidence;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::passing::PassingId;
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::SessionKind;

use crate::simulate::{self, Simulation};
use crate::stop::Stop;

/// The round that is simulated: the last of the season.
const ROUND: u16 = 6;
/// The weekend is watched from so long after the start of its first race: the window of the stop opens three minutes later.
const FROM: i64 = 22 * 60_000_000;

/// Whether a fact is of the round that is simulated, or later.
pub(crate) fn of_round(season: &Season, fact: &Fact) -> bool {
    begins(season).is_some_and(|first| fact.happened >= first)
}

/// The day of the first session of the round.
fn begins(season: &Season) -> Option<Instant> {
    season.calendar.sessions.iter().find(|session| session.name.round == ROUND).map(|session| session.date.midnight())
}

/// Every fact of the weekend, in the order they are recorded.
#[derive(Debug)]
pub(crate) struct Weekend {
    /// Facts before the first of it.
    before: usize,
    facts: Vec<Fact>,
}

impl Weekend {
    /// The weekend that follows the facts of the rounds before. Of one that was begun the seed is in its facts.
    pub(crate) fn of(rulebook: &Rulebook, written: &Season, known: &[Fact], seed: u64) -> Result<Self, Stop> {
        let ours = format!("{}, round {ROUND}, seed ", simulate::SIMULATED);
        let seed_of = |fact: &Fact| fact.citation.strip_prefix(&ours)?.parse().ok();
        let begun = known.iter().enumerate().find_map(|(at, fact)| Some((at, seed_of(fact)?)));
        let (before, seed) = begun.unwrap_or((known.len(), seed));
        let mut start = Season::new(&written.title, written.year, written.calendar.clone(), written.list.clone());
        // Whatever was recorded first is known when the weekend begins.
        let first = begins(written).unwrap_or(Instant(0));
        let in_time = |fact: &Fact| Fact { recorded: fact.recorded.min(first), ..fact.clone() };
        start.take(known[..before].iter().map(in_time).collect());
        let simulation = Simulation { round: ROUND, seed, faults: Faults::NONE, speed: None };
        Ok(Self { before, facts: simulate::whole(rulebook, &start, &simulation)? })
    }
}

/// How far the weekend is told: what a journal holds of it.
#[derive(Debug)]
pub(crate) struct Told {
    weekend: Arc<Weekend>,
    /// The number in the journal of each fact of the weekend that is there.
    numbers: Vec<u64>,
    /// Facts of the journal, whoever recorded them.
    heard: usize,
    /// When the last of the weekend's facts was recorded, by the clock of the weekend.
    known: Instant,
    /// When the last fact of the journal was recorded, as it is written there.
    recorded: Instant,
    /// Facts that cite the weekend and are none of it.
    strange: usize,
}

impl Told {
    /// Nothing of the journal was heard yet.
    pub(crate) fn nothing(weekend: &Arc<Weekend>) -> Self {
        let known = weekend.facts.first().map_or(Instant(0), |first| first.recorded);
        Self { weekend: Arc::clone(weekend), numbers: Vec::new(), heard: 0, known, recorded: Instant(i64::MIN), strange: 0 }
    }

    /// The next fact of the journal, as those who watch the weekend are told it.
    ///
    /// What somebody else records today is known from the moment of the weekend at which it came: by the clock of the weekend today is far away.
    pub(crate) fn hear(&mut self, fact: Fact) -> Fact {
        self.heard += 1;
        self.recorded = fact.recorded;
        let next = self.weekend.facts.get(self.numbers.len()).filter(|_| self.heard > self.weekend.before);
        match next.filter(|next| self.is(&fact, next)) {
            Some(next) => {
                self.known = next.recorded;
                self.numbers.push(fact.number);
            }
            None => self.strange += usize::from(self.weekend.facts.first().is_some_and(|own| own.citation == fact.citation)),
        }
        Fact { recorded: fact.recorded.min(self.known), ..fact }
    }

    /// Whether a fact of the journal is one of the weekend.
    fn is(&self, fact: &Fact, own: &Fact) -> bool {
        let alike = fact.happened == own.happened && fact.by == own.by && fact.citation == own.citation;
        alike && fact.what == self.renumbered(&own.what)
    }

    /// How many facts of the journal were heard.
    pub(crate) fn heard(&self) -> usize {
        self.heard
    }

    /// Refuses a journal that holds another weekend than the one that would be gone on with.
    pub(crate) fn ours(&self) -> Result<(), Stop> {
        if self.strange == 0 {
            return Ok(());
        }
        Err(Stop::no("the folder holds a weekend that another version of the program made; name a new folder with --dir"))
    }

    /// The moment it is watched from: where it stopped, or the middle of its first race.
    pub(crate) fn begin(&self) -> Instant {
        if !self.numbers.is_empty() {
            return self.known;
        }
        let race = self.weekend.facts.iter().find(|fact| {
            matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, signal: Signal::Green }) if session.id.as_str().starts_with(SessionKind::Race.word()))
        });
        race.map_or(Instant(0), |green| Instant(green.happened.0 + FROM))
    }

    /// When the next fact of the weekend will be recorded; none after the last.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.weekend.facts.get(self.numbers.len()).map(|fact| fact.recorded)
    }

    /// What is to be recorded by a moment and is not yet, as it continues the journal.
    pub(crate) fn due(&self, now: Instant) -> Vec<Fact> {
        let rest = &self.weekend.facts[self.numbers.len()..];
        let ready = rest.iter().take_while(|fact| fact.recorded <= now);
        let number = |at: usize| (self.heard + 1 + at) as u64;
        // In a journal the times of recording only go forward.
        let to_write = |(at, fact): (usize, &Fact)| Fact {
            number: number(at),
            recorded: fact.recorded.max(self.recorded),
            what: self.renumbered(&fact.what),
            ..fact.clone()
        };
        ready.enumerate().map(to_write).collect()
    }

    /// The number in the journal of a fact that the weekend knows by its own: of one still to come, as if nobody else recorded anything before it.
    fn number(&self, own: u64) -> u64 {
        let Some(nth) = own.checked_sub(self.weekend.before as u64 + 1) else { return own };
        let nth = usize::try_from(nth).unwrap_or(usize::MAX);
        self.numbers.get(nth).copied().unwrap_or_else(|| (self.heard + 1 + nth.saturating_sub(self.numbers.len())) as u64)
    }

    /// What a fact says, with the facts it names by their numbers in the journal.
    fn renumbered(&self, what: &What) -> What {
        let mut what = what.clone();
        let passing = |id: &mut PassingId| id.fact = u32::try_from(self.number(u64::from(id.fact))).unwrap_or(id.fact);
        let shown = |evidence: &mut Vec<Evidence>| {
            for one in evidence {
                if let Evidence::Passing(id) = one {
                    passing(id);
                }
            }
        };
        match &mut what {
            What::Undo { fact, .. } => *fact = self.number(*fact),
            What::Decision(decision) => decision.answers.iter_mut().for_each(|answer| shown(&mut answer.evidence)),
            What::Meeting(MeetingFact::Incident(incident)) => shown(&mut incident.evidence),
            What::Meeting(MeetingFact::Judged { passing: id, .. }) => passing(id),
            What::Meeting(
                MeetingFact::Heard(_)
                | MeetingFact::Signal { .. }
                | MeetingFact::Timetable { .. }
                | MeetingFact::Transponder { .. }
                | MeetingFact::Aboard { .. }
                | MeetingFact::Measured(_)
                | MeetingFact::TyreSet { .. }
                | MeetingFact::PenaltyServed { .. },
            )
            | What::Result(_)
            | What::Grid(_)
            | What::Matter(_)
            | What::Status { .. }
            | What::Grade { .. }
            | What::Bop(_)
            | What::Served(_)
            | What::Nomination { .. } => {}
        }
        what
    }
}

/// A weekend of signals and judgements for tests: each judgement names the fact before it.
#[cfg(test)]
pub(crate) fn made_up(before: usize, facts: usize) -> Arc<Weekend> {
    let fact = |nth: usize| {
        let (number, at) = ((before + nth + 1) as u64, Instant(1_000 * nth as i64));
        let passing = PassingId { fact: u32::try_from(number).expect("few facts") - 1, nth: 0 };
        let judged = MeetingFact::Judged { passing, verdict: sport::meeting_fact::Verdict::Void, reason: String::from("a bird") };
        Fact { number, happened: at, recorded: at, by: "race control".into(), citation: "simulated".into(), what: What::Meeting(judged) }
    };
    Arc::new(Weekend { before, facts: (0..facts).map(fact).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Instant = Instant(1_000_000_000);

    fn foreign(number: u64) -> Fact {
        let what = What::Undo { fact: 1, reason: "a slip".into() };
        Fact { number, happened: TODAY, recorded: TODAY, by: "Kim".into(), citation: "a note".into(), what }
    }

    /// Records what is due by a moment, and gives what those who watch are told.
    fn record(told: &mut Told, now: i64, journal: &mut Vec<Fact>) -> Vec<Fact> {
        let due = told.due(Instant(now));
        journal.extend(due.iter().cloned());
        due.into_iter().map(|fact| told.hear(fact)).collect()
    }

    #[test]
    fn the_next_fact_is_found_by_what_is_there_whatever_somebody_else_recorded_between() {
        let weekend = made_up(1, 6);
        let (mut told, mut journal) = (Told::nothing(&weekend), vec![foreign(1)]);
        told.hear(foreign(1));
        record(&mut told, 2_000, &mut journal);
        for number in [5, 6] {
            journal.push(foreign(number));
            assert_eq!(told.hear(foreign(number)).recorded, Instant(2_000), "known from the moment of the weekend at which it came");
        }
        // Who starts again knows no more than the journal.
        let mut again = Told::nothing(&weekend);
        journal.clone().into_iter().for_each(|fact| _ = again.hear(fact));
        assert_eq!((again.begin(), again.next(), again.heard()), (Instant(2_000), Some(Instant(3_000)), 6));
        let shown = record(&mut again, i64::MAX, &mut journal);
        assert_eq!(shown.iter().map(|fact| (fact.number, fact.recorded.0)).collect::<Vec<_>>(), [(7, 3_000), (8, 4_000), (9, 5_000)]);
        assert_eq!(again.next(), None);
        again.ours().map_err(|stop| stop.text().to_owned()).unwrap();
        // Nothing twice, the numbers without gaps, the times only forward, and each judgement of the passing it was of.
        assert_eq!(journal.iter().map(|fact| fact.number).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
        assert!(journal.windows(2).all(|two| two[0].recorded <= two[1].recorded));
        let judged =
            |fact: &Fact| if let What::Meeting(MeetingFact::Judged { passing, .. }) = &fact.what { Some(passing.fact) } else { None };
        assert_eq!(journal.iter().filter_map(judged).collect::<Vec<_>>(), [1, 2, 3, 4, 7, 8]);
    }

    #[test]
    fn a_weekend_of_another_version_is_not_gone_on_with() {
        let mut told = Told::nothing(&made_up(0, 3));
        told.hear(Fact { by: "another".into(), ..made_up(0, 1).facts[0].clone() });
        assert!(told.ours().err().is_some_and(|stop| stop.text().contains("--dir")));
    }
}
