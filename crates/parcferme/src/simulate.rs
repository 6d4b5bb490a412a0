//! `simulate`: a whole meeting from its first practice to its final results, into the season's journal, through the same door as every fact.
//!
//! The same seed on the same journal gives the same bytes. What was interrupted goes on where it stopped.

use std::path::Path;

use journal::JournalError;
use paperwork::written::counted;
use simulator::{Cannot, Faults, Orders, Plan, Said};
use sport::accept::{Request, accept};
use sport::clock::{Clocks, Hindrance};
use sport::date::{Instant, Micros};
use sport::decision::{Decision, Effect};
use sport::evaluate::evaluate;
use sport::fact::{Fact, Served, ServedHow, What};
use sport::grid;
use sport::incident::{self, Answer, Evidence, Incident};
use sport::live_session::LiveSession;
use sport::meeting_fact::MeetingFact;
use sport::names::{DecisionId, IncidentId};
use sport::pit_board::PitCar;
use sport::pit_visit::PitVisit;
use sport::result::ResultState;
use sport::rulebook::Rulebook;
use sport::rules::stops::Breach;
use sport::running::Ranking;
use sport::season::{Moment, Season};
use sport::world::World;

use crate::stop::Stop;
use crate::{facts, moment, place, progress};

/// Minutes after a session is closed at which its result is published, and its stewards decide.
const PROVISIONAL: i64 = 10 * 60_000_000;
const DECIDED: i64 = 35 * 60_000_000;
/// By no more than this the clock of a loop and that of race control differ.
const CLOCKS: i64 = 2_000_000;
const HOUR: i64 = 3_600_000_000;

/// What to simulate, and how fast.
pub(crate) struct Simulation {
    pub(crate) round: u16,
    pub(crate) seed: u64,
    pub(crate) faults: Faults,
    /// So many times faster than life; as fast as possible where none.
    pub(crate) speed: Option<u32>,
}

/// `simulate`.
pub(crate) fn run(folder: &Path, simulation: &Simulation) -> Result<String, Stop> {
    let (rulebook, begun) = place::written(folder)?;
    let round = begun.calendar.round(simulation.round);
    let round =
        round.ok_or_else(|| Stop::usage(format!("there is no round {}; rounds are {}", simulation.round, moment::rounds(&begun))))?;
    let plan = Plan { rulebook: &rulebook, season: &begun, round: simulation.round, seed: simulation.seed, faults: simulation.faults };
    for at in sessions(&begun, round.number) {
        plan.able(at).map_err(|why| cannot(&begun, simulation.round, why))?;
    }
    let (mut journal, made) = facts::open_to_append(folder, &begun.title)?;
    let known = journal.read().map_err(|error| facts::stop(&error))?;
    let citation = citation(simulation);
    let before = known.iter().position(|fact| fact.citation == citation).unwrap_or(known.len());
    if before == known.len() && known.iter().any(|fact| of_round(fact, simulation.round)) {
        return Err(Stop::no(format!("round {} has passings or signals already; {ANOTHER}", simulation.round)));
    }
    in_the_way(&known[..before], simulation.round)?;
    let mut season = begun.clone();
    known[..before].iter().for_each(|fact| season.apply(fact));
    let mut meeting = Meeting {
        rulebook: &rulebook,
        season,
        simulation,
        citation,
        fresh: Vec::new(),
        before: u64::try_from(before).unwrap_or(0),
        started: moment::now(),
    };
    if before > 0 {
        meeting.clone().rehearse()?;
    }
    let mut there = before;
    for (nth, step) in steps(&meeting.season, simulation.round).into_iter().enumerate() {
        meeting.step(step)?;
        let fresh = core::mem::take(&mut meeting.fresh);
        // What an interrupted run recorded already must be what this one says.
        let same = known[there..].iter().zip(&fresh).take_while(|(known, fresh)| known == fresh).count();
        if same < fresh.len() && there + same < known.len() {
            return Err(Stop::no(format!(
                "fact {} is not what seed {} says; something was recorded since",
                known[there + same].number,
                simulation.seed
            )));
        }
        there += same;
        meeting.record(&mut journal, &fresh[same..])?;
        progress(&format!("round {}: {} of 9 steps, {} facts", simulation.round, nth + 1, meeting.season.facts().len()));
    }
    progress("");
    let counts = meeting.season.facts().len() - before;
    let round = simulation.round;
    let published = known[..before].iter().filter(|fact| fact.what.result().is_some_and(|sheet| sheet.session.round == round)).count();
    let beside = match published {
        0 => String::new(),
        1 => format!("round {round} had a published result before: it stands beside the simulated ones, and the latest holds\n"),
        many => format!("round {round} had {many} published results before: they stand beside the simulated ones, and the latest holds\n"),
    };
    Ok(format!("{made}{counts} facts of round {round} simulated with seed {}; {}\n{beside}", simulation.seed, journal.head()))
}

/// The facts of a whole meeting that follow those of a season, without writing them anywhere.
pub(crate) fn whole(rulebook: &Rulebook, season: &Season, simulation: &Simulation) -> Result<Vec<Fact>, Stop> {
    let mut meeting = Meeting {
        rulebook,
        season: season.clone(),
        simulation,
        citation: citation(simulation),
        fresh: Vec::new(),
        before: u64::try_from(season.facts().len()).unwrap_or(0),
        started: moment::now(),
    };
    steps(season, simulation.round).into_iter().try_for_each(|step| meeting.step(step))?;
    Ok(meeting.fresh)
}

/// What every fact of a simulated meeting cites, before the round and the seed: nobody takes it for one that happened.
pub(crate) const SIMULATED: &str = "simulated meeting";

fn citation(simulation: &Simulation) -> String {
    format!("{SIMULATED}, round {}, seed {}", simulation.round, simulation.seed)
}

/// Why a session of a round cannot be simulated, and what to do.
pub(crate) fn cannot(season: &Season, round: u16, why: Cannot) -> Stop {
    let (name, id) = season.calendar.round(round).map_or(("the circuit", "x"), |round| (round.name.as_str(), round.circuit.as_str()));
    match why {
        Cannot::NoSession => Stop::usage(format!("there is no such session in round {round}")),
        Cannot::NoLines => Stop::no(format!("{name} has no lines; write [line.x] and [timing.x] into circuits/{id}.toml")),
        Cannot::NoPitLines => Stop::no(format!(
            "{name} has no lines at both ends of its pit lane, and the rulebook asks for a stop that nobody would see; \
             write a line of kind pit-entry and one of kind pit-exit into circuits/{id}.toml"
        )),
    }
}

/// The sessions of a round, by position on the calendar.
fn sessions(season: &Season, round: u16) -> Vec<usize> {
    (0..season.calendar.sessions.len()).filter(|at| season.calendar.sessions[*at].name.round == round).collect()
}

const ANOTHER: &str = "simulate another round, or a copy of the season's folder without its journal";

/// Facts of a round that a simulated meeting would say again: success seconds served, decisions and incidents of the same numbers. Told before
/// the first fact is written.
fn in_the_way(known: &[Fact], round: u16) -> Result<(), Stop> {
    let what = |fact: &Fact| {
        if fact.what.served().is_some_and(|served| served.session.round == round) {
            return Some("success seconds served");
        }
        if fact.what.decision().is_some_and(|decision| decision.id.as_str().starts_with(&format!("{round}-"))) {
            return Some("decisions of the numbers it would give");
        }
        let incident = matches!(&fact.what, What::Meeting(MeetingFact::Incident(of)) if of.session.round == round);
        incident.then_some("incidents")
    };
    let mut there: Vec<(&'static str, u64)> = known.iter().filter_map(|fact| Some((what(fact)?, fact.number))).collect();
    there.sort_unstable();
    let kinds = there.chunk_by(|one, other| one.0 == other.0);
    let kinds: Vec<String> =
        kinds.map(|of| format!("{} ({}, the first is fact {})", of[0].0, counted(of.len(), "fact", "facts"), of[0].1)).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    Err(Stop::no(format!("round {round} has {} already; nothing was recorded: {ANOTHER}", kinds.join(" and "))))
}

fn of_round(fact: &Fact, round: u16) -> bool {
    let What::Meeting(fact) = &fact.what else { return false };
    matches!(fact, MeetingFact::Heard(heard) if heard.round == round)
        || matches!(fact, MeetingFact::Signal { session, .. } if session.round == round)
}

/// A part of the meeting that is recorded in one go.
#[derive(Clone, Copy)]
enum Step {
    Fittings,
    /// A session, by position on the calendar.
    Session(usize),
    /// Every result becomes final.
    Finals,
}

fn steps(season: &Season, round: u16) -> Vec<Step> {
    let sessions = sessions(season, round).into_iter().map(Step::Session);
    std::iter::once(Step::Fittings).chain(sessions).chain([Step::Finals]).collect()
}

#[derive(Clone)]
struct Meeting<'a> {
    rulebook: &'a Rulebook,
    season: Season,
    simulation: &'a Simulation,
    citation: String,
    /// Facts accepted and not yet recorded.
    fresh: Vec<Fact>,
    /// Facts that were there before the first of the meeting.
    before: u64,
    /// When the simulation was begun, for its pace.
    started: Instant,
}

impl Meeting<'_> {
    /// The whole meeting without writing it: what was recorded before may refuse any of it, and half a meeting is of no use.
    fn rehearse(mut self) -> Result<(), Stop> {
        let steps = steps(&self.season, self.simulation.round);
        steps.into_iter().try_for_each(|step| self.step(step)).map_err(|stop| stop.and(&format!("\nnothing was recorded: {ANOTHER}")))
    }

    fn step(&mut self, step: Step) -> Result<(), Stop> {
        match step {
            Step::Fittings => {
                let times: Vec<Instant> = (0..self.season.calendar.sessions.len()).map(|at| begins(&self.season, at)).collect();
                let plan = self.plan();
                let said = simulator::fittings(&plan, |at| times[at]);
                self.all(said)
            }
            Step::Session(at) => self.session(at),
            Step::Finals => self.finals(),
        }
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            rulebook: self.rulebook,
            season: &self.season,
            round: self.simulation.round,
            seed: self.simulation.seed,
            faults: self.simulation.faults,
        }
    }

    fn all(&mut self, said: Vec<Said>) -> Result<(), Stop> {
        said.into_iter().try_for_each(|one| self.record_at(one.happened, one.at, one.by, one.what))
    }

    /// One thing said becomes a fact, recorded as it happens.
    fn say(&mut self, at: Instant, by: &str, what: What) -> Result<(), Stop> {
        self.record_at(at, at, by, what)
    }

    /// The same, recorded when it arrives, and never before what is recorded already.
    fn record_at(&mut self, happened: Instant, at: Instant, by: &str, what: What) -> Result<(), Stop> {
        let recorded = self.season.facts().last().map_or(at, |last| last.recorded.max(at));
        let request = Request { happened, by: by.to_owned(), citation: self.citation.clone(), what };
        let facts = accept(self.rulebook, &self.season, request, recorded).map_err(|refusal| Stop::no(format!("{refusal}")))?;
        facts.iter().for_each(|fact| self.season.apply(fact));
        self.fresh.extend(facts);
        Ok(())
    }

    fn session(&mut self, at: usize) -> Result<(), Stop> {
        let start = begins(&self.season, at);
        let race = Ranking::of(self.season.calendar.sessions[at].kind) == Ranking::Distance;
        let entered = |season: &Season| {
            let list = &season.list.entries;
            (0..list.len()).filter(|entry| list[*entry].spell(self.simulation.round).is_some()).collect::<Vec<usize>>()
        };
        let mut order = entered(&self.season);
        if race && grid::sources(self.rulebook, &self.season, at).is_some() {
            let of = crate::grid::of(self.rulebook, &self.season, at)?;
            let sheet = grid::sheet(&self.season, at, &of);
            self.say(Instant(start.0 - HOUR), "clerk of the course", What::Grid(sheet))?;
            order = of.places.iter().map(|place| place.entry).collect();
        }
        let due = self.due(at, &order);
        let orders = Orders { session: at, begins: start, grid: order, due, first_fact: self.season.next_number() };
        let run = simulator::session(&self.plan(), &orders);
        let run = run.map_err(|why| cannot(&self.season, self.simulation.round, why))?;
        let end = run.said.last().map_or(start, |last| last.at);
        for one in run.said {
            let what = self.shown(at, one.happened, one.at, one.what);
            self.record_at(one.happened, one.at, one.by, what)?;
        }
        self.publish(at, ResultState::Provisional, Instant(end.0 + PROVISIONAL))?;
        if race {
            self.judge(at, Instant(end.0 + DECIDED))?;
        }
        Ok(())
    }

    /// What race control says of a stop rests on its readings, as far as they are known by then.
    fn shown(&self, session: usize, happened: Instant, at: Instant, mut what: What) -> What {
        if let What::Meeting(MeetingFact::Incident(incident)) = &mut what {
            if simulator::at_a_stop(incident) {
                self.reads(session, incident, happened, at);
            }
        } else if let What::Decision(decision) = &mut what
            && let Some(answer) = &mut decision.answers
            && let Some(incident) = incident::incident(&self.season.live(Moment::NOW), &answer.incident)
        {
            decision.reason.clone_from(&incident.what);
            answer.evidence.clone_from(&incident.evidence);
        }
        what
    }

    /// Adds to an incident what the pit board said at a moment of the stop it is about.
    fn reads(&self, session: usize, incident: &mut Incident, happened: Instant, at: Instant) {
        let moment = Moment { known: at, in_force: at };
        let Some(live) = LiveSession::of(self.rulebook, &self.season, moment, session) else { return };
        let Some(cars) = live.pit_board(self.rulebook, &self.season) else { return };
        let named = |car: &&PitCar| incident.cars.contains(&self.season.list.entries[live.cars[car.car]].id);
        let Some(car) = cars.iter().find(named) else { return };
        let Some(visit) = car.visits.iter().position(|visit| over(visit, happened)) else { return };
        let facts = self.season.live(Moment::NOW);
        let mut readings = readings(&live, car, visit);
        readings.retain(|reading| incident::car_shown(&facts, reading).is_some_and(|shown| incident.cars.contains(shown)));
        incident.evidence.splice(0..0, readings);
        let of = |breach: &&Breach| matches!(breach, Breach::Short { .. } | Breach::OutsideWindow { .. }) && breach.visit() == Some(visit);
        if let Some(breach) = car.board.breaches.iter().find(of) {
            incident.what = breach.to_string();
        }
    }

    /// Success seconds due in a race, by grid position.
    fn due(&self, at: usize, order: &[usize]) -> Vec<Micros> {
        let evaluation = evaluate(self.rulebook, &self.season, Moment::NOW, Some(at), &World::default());
        let of = |entry: &usize| {
            evaluation.ledger.iter().filter(|due| due.due_in == Some(at) && due.entry == *entry).map(|due| due.amount.0).sum()
        };
        order.iter().map(|entry| Micros(of(entry))).collect()
    }

    fn publish(&mut self, at: usize, state: ResultState, when: Instant) -> Result<(), Stop> {
        let Some(live) = LiveSession::of(self.rulebook, &self.season, Moment::NOW, at) else { return Ok(()) };
        let sheet = live.sheet(self.rulebook, &self.season, state);
        self.say(when, "timekeeper", What::Result(sheet))
    }

    /// The stewards confirm what the pit board proposes, and the seconds served are written down.
    fn judge(&mut self, at: usize, when: Instant) -> Result<(), Stop> {
        let Some(live) = LiveSession::of(self.rulebook, &self.season, Moment::NOW, at) else { return Ok(()) };
        let Some(cars) = live.pit_board(self.rulebook, &self.season) else { return Ok(()) };
        let mut decided = false;
        for car in &cars {
            if car.due.0 > 0 && live.started(car.car) {
                let served = self.served(&live, at, car);
                self.say(Instant(when.0 - 60_000_000), "timekeeper", What::Served(served))?;
            }
            for breach in &car.board.breaches {
                let sure = !matches!(breach, Breach::Short { doubtful: true, .. }) && !self.answered(&live, car, breach);
                if sure && live.running.progress(car.car).chequered {
                    decided |= self.decide(&live, car, breach, when)?;
                }
            }
        }
        if decided {
            self.publish(at, ResultState::Amended, Instant(when.0 + 120_000_000))?;
        }
        Ok(())
    }

    /// Whether race control gave a penalty for it during the race: whose only stop it judged owes nothing more for it.
    fn answered(&self, live: &LiveSession, car: &PitCar, breach: &Breach) -> bool {
        let session = &self.season.calendar.sessions[live.session].name;
        let id = &self.season.list.entries[live.cars[car.car]].id;
        let covers = |happened: Instant| match breach {
            Breach::Short { visit, .. } => car.board.asked == 1 || over(&car.visits[*visit], happened),
            Breach::OutsideWindow { .. } | Breach::Missing { .. } => true,
            Breach::NoDriverChange { .. } | Breach::Unread { .. } | Breach::MissingTechnical { .. } => false,
        };
        let of = |fact: &Fact| {
            let What::Meeting(MeetingFact::Incident(incident)) = &fact.what else { return false };
            simulator::at_a_stop(incident) && incident.session == *session && incident.cars.contains(id) && covers(fact.happened)
        };
        self.season.facts().iter().any(of)
    }

    fn served(&self, live: &LiveSession, at: usize, car: &PitCar) -> Served {
        let base = car.board.minimum.0 - car.due.0;
        let longest = car.visits.iter().filter_map(|visit| visit.time()).map(|time| time.0).max();
        let time = Micros(longest.map_or(0, |longest| (longest - base).clamp(0, car.due.0)));
        let how = if time.0 > 0 { ServedHow::AtStop } else { ServedHow::NotServed };
        let id = self.season.list.entries[live.cars[car.car]].id.clone();
        Served { session: self.season.calendar.sessions[at].name.clone(), car: id, time, how }
    }

    /// An incident with its evidence, and the decision that answers it.
    fn decide(&mut self, live: &LiveSession, car: &PitCar, breach: &Breach, when: Instant) -> Result<bool, Stop> {
        let Some(proposal) = live.proposal(self.rulebook, &self.season, car.car, breach) else { return Ok(false) };
        let session = self.season.calendar.sessions[live.session].name.clone();
        let id = self.season.list.entries[live.cars[car.car]].id.clone();
        let number = format!("{}-{}", self.simulation.round, simulator::decisions(&self.season, self.simulation.round) + 1);
        let what = breach.to_string();
        let evidence = evidence(live, car, breach);
        let incident = Incident {
            id: IncidentId::new(&format!("I{number}")),
            session: session.clone(),
            cars: vec![id.clone()],
            what: what.clone(),
            evidence: evidence.clone(),
        };
        self.say(Instant(when.0 - 600_000_000), "race director", What::Meeting(MeetingFact::Incident(incident)))?;
        // At their discretion the stewards of the simulation add half a minute.
        let effects = if proposal.effects.is_empty() {
            vec![Effect::AddTime { session, car: id, time: Micros::seconds(30) }]
        } else {
            proposal.effects
        };
        let answers = Some(Answer { incident: IncidentId::new(&format!("I{number}")), evidence, other_car: None });
        let decision = Decision {
            id: DecisionId::new(&number),
            authority: String::from("Stewards"),
            article: proposal.cite.article.clone(),
            reason: what,
            effects,
            settles: None,
            answers,
        };
        self.say(when, "stewards", What::Decision(decision)).map(|()| true)
    }

    /// Once no clock runs any more and nothing is open, every result is published as final.
    fn finals(&mut self) -> Result<(), Stop> {
        let sessions = sessions(&self.season, self.simulation.round);
        let mut when = self.season.facts().last().map_or(Instant(0), |last| last.recorded);
        for session in &sessions {
            when = when.max(self.free(*session, when));
        }
        for session in sessions {
            self.publish(session, ResultState::Final, when)?;
        }
        Ok(())
    }

    /// The first moment after `when` at which no clock about a session runs.
    fn free(&self, session: usize, when: Instant) -> Instant {
        let live = self.season.live(Moment::NOW);
        let clocks = Clocks { rulebook: self.rulebook, season: &self.season, live: &live };
        let until = |hindrance: &Hindrance| if let Hindrance::Clock(clock) = hindrance { Some(clock.until) } else { None };
        let last = clocks.hindrances(session, when).iter().filter_map(until).max();
        last.map_or(when, |last| Instant(last.0 + 60_000_000))
    }

    /// Appends facts, at the pace asked for.
    fn record(&self, journal: &mut journal::Journal, fresh: &[Fact]) -> Result<(), Stop> {
        let append = |journal: &mut journal::Journal, facts: &[Fact]| match journal.append(facts) {
            Err(JournalError::Overtaken { .. }) => {
                Err(Stop::no("another program recorded a fact meanwhile; run the same command again to go on"))
            }
            Err(error) => Err(broken_off(&error, journal.head().facts.saturating_sub(self.before))),
            Ok(_) => Ok(()),
        };
        let Some(speed) = self.simulation.speed else { return append(journal, fresh) };
        let begun = self.season.facts().iter().find(|fact| fact.citation == self.citation).map_or(Instant(0), |fact| fact.recorded);
        let mut rest = fresh;
        while let Some(next) = rest.first() {
            let due = self.started.0 + (next.recorded.0 - begun.0) / i64::from(speed.max(1));
            let wait = due - moment::now().0;
            if wait > 0 {
                std::thread::sleep(std::time::Duration::from_micros(wait.unsigned_abs()));
            }
            let passed = begun.0 + (moment::now().0 - self.started.0) * i64::from(speed.max(1));
            let ready = rest.partition_point(|fact| fact.recorded.0 <= passed).max(1);
            append(journal, &rest[..ready])?;
            rest = &rest[ready..];
        }
        Ok(())
    }
}

/// Why a part of the meeting was not recorded, of which so many facts are.
fn broken_off(error: &JournalError, recorded: u64) -> Stop {
    let facts = counted(usize::try_from(recorded).unwrap_or(usize::MAX), "fact of the meeting is", "facts of the meeting are");
    let on = "run the same command again to go on";
    if let JournalError::Full { path } = error {
        return Stop::trouble(format!("{}: the disk is full; {facts} recorded; free space there and {on}", path.display()));
    }
    facts::stop(error).and(&format!("; {facts} recorded; {on}"))
}

/// Whether something happened in a visit that is over.
fn over(visit: &PitVisit, happened: Instant) -> bool {
    let Some((entry, exit)) = visit.entry.zip(visit.exit) else { return false };
    entry.at.0 - CLOCKS <= happened.0 && happened.0 <= exit.at.0 + CLOCKS
}

/// The readings a breach rests on: of a stop, its entry and its exit.
fn evidence(live: &LiveSession, car: &PitCar, breach: &Breach) -> Vec<Evidence> {
    match breach {
        Breach::Short { visit, .. } | Breach::OutsideWindow { visit } | Breach::NoDriverChange { visit } => readings(live, car, *visit),
        Breach::Missing { .. } | Breach::MissingTechnical { .. } | Breach::Unread { .. } => {
            vec![Evidence::Report(String::from("no stop was heard in the window"))]
        }
    }
}

/// The readings of a visit's entry and exit.
fn readings(live: &LiveSession, car: &PitCar, visit: usize) -> Vec<Evidence> {
    let visit = &car.visits[visit];
    let track = &live.running.tracks()[car.car];
    let readings = [visit.entry, visit.exit].into_iter().flatten().filter_map(|crossing| track.evidence(&crossing));
    readings.map(|reading| Evidence::Passing(reading.passing)).collect()
}

/// When a session of a simulated meeting starts: two hours after one another, from ten in the morning in eastern Asia.
fn begins(season: &Season, at: usize) -> Instant {
    let on = &season.calendar.sessions[at];
    let nth = season.calendar.sessions[..at].iter().filter(|other| other.name.round == on.name.round && other.date == on.date).count();
    let nth = i64::try_from(nth).unwrap_or(0);
    Instant(on.date.midnight().0 + (2 + 2 * nth) * HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_how_much_is_recorded_and_that_the_same_command_goes_on() {
        let told = |error: &JournalError, recorded: u64| broken_off(error, recorded).text().to_owned();
        assert_eq!(
            told(&JournalError::Full { path: "s/journal.sqlite".into() }, 1_728),
            "s/journal.sqlite: the disk is full; 1728 facts of the meeting are recorded; free space there and run the same command again to go on"
        );
        let busy = told(&JournalError::Busy { path: "s/journal.sqlite".into() }, 1);
        assert!(busy.ends_with("; 1 fact of the meeting is recorded; run the same command again to go on\n"), "{busy}");
    }
}
