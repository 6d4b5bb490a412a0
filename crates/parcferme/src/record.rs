//! `record`: requests become facts through [`sport::accept::accept`], all of a file or none of it.

use std::io::Read as _;
use std::path::Path;

use journal::JournalError;
use paperwork::fault::{Fault, Loaded};
use paperwork::read::Sources;
use paperwork::request::{self, Desk, Written};
use paperwork::written::counted;
use sport::accept::{Refusal, Request, accept};
use sport::date::Instant;
use sport::decision::Effect;
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::Fact;
use sport::finding::Finding;
use sport::live_session::LiveSession;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::world::World;

use crate::stop::Stop;
use crate::{classify, facts, log, moment, place, preview};

/// When facts are said to have been recorded.
#[derive(Clone, Copy)]
enum Recorded {
    /// When they are.
    Now,
    /// At this moment, which is past.
    At(Instant),
    /// When they happened: a past brought in as it became known.
    AsHappened,
}

/// Requests that were read, and the season they are for before its first fact.
pub(crate) struct Read {
    pub(crate) rulebook: Rulebook,
    pub(crate) season: Season,
    pub(crate) written: Vec<Written>,
    /// A line about each warning.
    warnings: String,
    sources: Sources,
}

impl Read {
    /// Of a file, or of standard input.
    pub(crate) fn of(folder: &Path, requests: &Path) -> Result<Self, Stop> {
        if requests.extension().is_some_and(|extension| extension == "csv") {
            let (season, table) = (folder.display(), requests.display());
            return Err(Stop::usage(format!(
                "{table} is a table: `parcferme import {season} {table}` records one, with --session, --state, --cite and --at"
            )));
        }
        if requests == Path::new("-") {
            return Self::text(folder, "standard input", &standard_input()?);
        }
        Self::by(folder, |desk, sources| request::requests(requests, desk, sources))
    }

    /// Of a text; `name` is what faults call it.
    pub(crate) fn text(folder: &Path, name: &str, text: &str) -> Result<Self, Stop> {
        Self::by(folder, |desk, sources| request::parse(name, text, Path::new(""), desk, sources))
    }

    fn by(folder: &Path, read: impl FnOnce(Desk<'_>, &mut Sources) -> Loaded<Vec<Written>>) -> Result<Self, Stop> {
        let (rulebook, season) = place::written(folder)?;
        let mut sources = Sources::new(Path::new("."));
        let desk = Desk { calendar: &season.calendar, entries: &season.list, law: rulebook.latest() };
        let loaded = read(desk, &mut sources);
        let Some(written) = loaded.value else { return Err(Stop::faults(&loaded.faults, &sources)) };
        Ok(Self { rulebook, season, written, warnings: warnings(&loaded.faults), sources })
    }

    /// Records them.
    pub(crate) fn record(&self, folder: &Path, by: &str, recorded: Option<&str>, dry_run: bool) -> Result<String, Stop> {
        let recorded = match recorded {
            None => Recorded::Now,
            Some("as-happened") => Recorded::AsHappened,
            Some(written) => Recorded::At(moment::instant(written)?),
        };
        let refused = |at: usize, refusal: &Refusal| self.refused(recorded, &self.written[at], refusal);
        let appended = append(folder, &self.rulebook, &self.season, &self.requests(by), recorded, dry_run, &refused)?;
        Ok(format!("{}{}", self.warnings, appended.text()))
    }

    /// The season as it is known, and the facts they would become on it.
    pub(crate) fn supposed(&self, folder: &Path, by: &str) -> Result<(Season, Vec<Fact>), Stop> {
        let mut known = self.season.clone();
        facts::read(folder, Some(&known.title))?.0.iter().for_each(|fact| known.apply(fact));
        let refused = |at: usize, refusal: &Refusal| self.refused(Recorded::Now, &self.written[at], refusal);
        let accepted = accepted(&self.rulebook, &mut known.clone(), &self.requests(by), Recorded::Now, &refused)?;
        Ok((known, accepted))
    }

    fn requests(&self, by: &str) -> Vec<Request> {
        self.written.iter().map(|one| one.by(by)).collect()
    }

    fn refused(&self, recorded: Recorded, written: &Written, refusal: &Refusal) -> Stop {
        // A moment of recording that the command line gave stands in no request.
        let given = refusal.code.starts_with("recorded-") && refusal.code != "recorded-before" && !matches!(recorded, Recorded::AsHappened);
        let place = if given { &written.place } else { written.place_of(refusal.code, &refusal.reason) };
        let fault = Fault::error(refusal.code, place, refusal.reason.clone()).help(refusal.remedy.clone());
        Stop::faults(&[fault], &self.sources).and("nothing was recorded")
    }
}

/// A line about each warning in what was read.
pub(crate) fn warnings(faults: &[Fault]) -> String {
    let line = |fault: &Fault| format!("warning: {}:{}:{}: {}\n", fault.file, fault.line, fault.column, fault.message);
    faults.iter().map(line).collect()
}

/// Records requests that were made by a command, now: all of them or none.
pub(crate) fn now(folder: &Path, rulebook: &Rulebook, begun: &Season, requests: &[Request]) -> Result<String, Stop> {
    append_now(folder, rulebook, begun, requests, false).map(|appended| appended.text())
}

/// `record`.
pub(crate) fn run(folder: &Path, requests: &Path, by: &str, recorded: Option<&str>, dry_run: bool) -> Result<String, Stop> {
    Read::of(folder, requests)?.record(folder, by, recorded, dry_run)
}

/// Requests of this many bytes are read from standard input, at most.
const INPUT_MAX: u64 = 8 << 20;

fn standard_input() -> Result<String, Stop> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(INPUT_MAX + 1).read_to_end(&mut bytes).map_err(|error| Stop::io("standard input", &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > INPUT_MAX) {
        return Err(Stop::no("standard input is larger than 8 MiB; record it in several parts"));
    }
    String::from_utf8(bytes).map_err(|_| Stop::no("standard input is not UTF-8 text; save it as UTF-8"))
}

/// The facts that requests become, one after the other, on a season that is as it is known now.
fn accepted(
    rulebook: &Rulebook,
    season: &mut Season,
    requests: &[Request],
    recorded: Recorded,
    refused: Refused<'_>,
) -> Result<Vec<Fact>, Stop> {
    // Asked after the journal was read, so that no fact in it is younger.
    let now = moment::now();
    let mut accepted: Vec<Fact> = Vec::new();
    for (nth, request) in requests.iter().cloned().enumerate() {
        let at = match recorded {
            Recorded::Now => now,
            Recorded::At(at) => at,
            Recorded::AsHappened => request.happened,
        };
        if let Some(refusal) = untimely(season.facts().last(), at, now) {
            return Err(refused(nth, &refusal));
        }
        let facts = accept(rulebook, season, request, at).map_err(|refusal| refused(nth, &refusal))?;
        facts.iter().for_each(|fact| season.apply(fact));
        accepted.extend(facts);
    }
    Ok(accepted)
}

/// What to say of a request that was refused, by its position.
type Refused<'r> = &'r dyn Fn(usize, &Refusal) -> Stop;

/// What was recorded, or would be.
pub(crate) struct Appended {
    /// The facts.
    pub(crate) facts: Vec<Fact>,
    /// What had to be done for the store, as a line.
    pub(crate) made: String,
    /// A line about each fact.
    said: String,
    /// What the facts bring beside themselves.
    pub(crate) news: String,
    /// Where they were recorded and how far the journal goes, or that nothing was.
    pub(crate) end: String,
}

impl Appended {
    /// All of it.
    pub(crate) fn text(&self) -> String {
        let Self { made, said, news, end, .. } = self;
        format!("{made}{said}{news}{end}")
    }
}

/// Records requests now, or only looks whether they could be.
pub(crate) fn append_now(
    folder: &Path,
    rulebook: &Rulebook,
    begun: &Season,
    requests: &[Request],
    dry_run: bool,
) -> Result<Appended, Stop> {
    let refused = |_: usize, refusal: &Refusal| Stop::no(format!("{refusal}; nothing was recorded"));
    append(folder, rulebook, begun, requests, Recorded::Now, dry_run, &refused)
}

fn append(
    folder: &Path,
    rulebook: &Rulebook,
    begun: &Season,
    requests: &[Request],
    recorded: Recorded,
    dry_run: bool,
    refused: Refused<'_>,
) -> Result<Appended, Stop> {
    let told = |known: Season, facts: Vec<Fact>, made: String, end: String| {
        let mut after = known.clone();
        facts.iter().for_each(|fact| after.apply(fact));
        let (said, news) = (said(&facts, after.facts()), news(rulebook, &known, &after, &facts));
        Appended { facts, made, said, news, end }
    };
    let mut known = begun.clone();
    if dry_run {
        facts::read(folder, Some(&begun.title))?.0.iter().for_each(|fact| known.apply(fact));
        let accepted = accepted(rulebook, &mut known.clone(), requests, recorded, refused)?;
        let end = format!("{} would be recorded; nothing was\n", counted(accepted.len(), "fact", "facts"));
        return Ok(told(known, accepted, String::new(), end));
    }
    let (mut journal, made) = facts::open_to_append(folder, &begun.title)?;
    journal.read().map_err(|error| facts::stop(&error))?.iter().for_each(|fact| known.apply(fact));
    let mut decided = accepted(rulebook, &mut known.clone(), requests, recorded, refused)?;
    let head = match journal.append(&decided) {
        Ok(head) => head,
        // Somebody else's fact came first: ask again with it known, and let nobody write meanwhile.
        Err(JournalError::Overtaken { .. }) => journal.decide(|news| -> Result<Vec<Fact>, Stop> {
            news.iter().for_each(|fact| known.apply(fact));
            decided = accepted(rulebook, &mut known.clone(), requests, recorded, refused)?;
            Ok(decided.clone())
        })?,
        Err(error) => return Err(facts::stop(&error)),
    };
    let end = format!("recorded in {}; {head}\n", journal.path().display());
    Ok(told(known, decided, made, end))
}

/// A line about each fact, among all that are known.
pub(crate) fn said(facts: &[Fact], known: &[Fact]) -> String {
    let line = |fact: &Fact| {
        let (kind, says) = log::words_among(&fact.what, known);
        format!("fact {}: {kind} {says}\n", fact.number)
    };
    facts.iter().map(line).collect()
}

/// Of the findings that facts bring, so many are told.
const TOLD: usize = 5;

/// What new facts bring beside themselves: sheets that are not the ones in force, and findings that were not there before.
fn news(rulebook: &Rulebook, before: &Season, after: &Season, accepted: &[Fact]) -> String {
    let of = |season: &Season| evaluate(rulebook, season, Moment::NOW, None, &World::default());
    let (was, is) = (of(before), of(after));
    let mut news: String = accepted.iter().filter_map(|fact| outdone(after, &is, accepted, fact)).collect();
    news.push_str(&preview::undone(rulebook, before, after, accepted));
    let (was, is) = (deleting(rulebook, before, accepted, was.findings), deleting(rulebook, after, accepted, is.findings));
    let new: Vec<&Finding> = is.iter().filter(|finding| !was.contains(finding)).collect();
    if !new.is_empty() {
        news.push_str("new findings:\n");
    }
    for finding in new.iter().take(TOLD) {
        news.push_str(&format!("  {}: {}: {}\n", finding.weight.word(), finding.about, finding.says));
    }
    if new.len() > TOLD {
        news.push_str(&format!("  … and {} more; `standings` tells them all\n", new.len() - TOLD));
    }
    news
}

/// The findings, with what is doubtful about sessions of which decisions delete laps: whether those laps were driven only their passings say.
fn deleting(rulebook: &Rulebook, season: &Season, accepted: &[Fact], mut findings: Vec<Finding>) -> Vec<Finding> {
    let effects = accepted.iter().filter_map(|fact| fact.what.decision()).flat_map(|decision| &decision.effects);
    let mut sessions: Vec<usize> = effects
        .filter_map(|effect| if let Effect::DeleteLap { session, .. } = effect { season.calendar.find(session) } else { None })
        .collect();
    sessions.sort_unstable();
    sessions.dedup();
    let live = sessions.into_iter().filter_map(|session| LiveSession::of(rulebook, season, Moment::NOW, session));
    live.for_each(|live| findings.extend(classify::findings(season, &live)));
    findings
}

/// What to say of a sheet that is not the one its session's classification starts from.
fn outdone(season: &Season, evaluation: &Evaluation, accepted: &[Fact], fact: &Fact) -> Option<String> {
    let sheet = fact.what.result()?;
    let at = season.calendar.find(&sheet.session)?;
    let of = evaluation.classifications.iter().find(|of| of.session == at && of.mark == sheet.mark)?;
    // Of several sheets in one file the last is expected to hold.
    if of.fact == fact.number || accepted.iter().any(|one| one.number == of.fact) {
        return None;
    }
    let held = season.facts().iter().find(|one| one.number == of.fact)?;
    let (number, from) = (held.number, moment::printed(held.happened));
    let why = if held.happened > fact.happened {
        format!("of several sheets the one published last counts; where its `at` is wrong, undo fact {number} and record that sheet anew")
    } else {
        format!("fact {} contains a decision that is not in force", fact.number)
    };
    Some(format!("fact {number} of {from} still holds for {}: {why}\n", sheet.session))
}

/// Why nothing can be recorded at a moment after the `last` fact, if so. The times of recording in a journal only go forward and never past
/// now: otherwise what was known at a moment would change afterwards.
fn untimely(last: Option<&Fact>, at: Instant, now: Instant) -> Option<Refusal> {
    if at > now {
        let reason = format!("it would be recorded at {}, and it is {} now", moment::printed(at), moment::printed(now));
        let remedy = String::from("give a moment of recording that is past, or leave --recorded out");
        return Some(Refusal { code: "recorded-in-the-future", reason, remedy });
    }
    let last = last.filter(|last| at < last.recorded)?;
    let known = moment::printed(last.recorded);
    let reason = format!("it would be recorded at {}, before fact {} was: {known}", moment::printed(at), last.number);
    let remedy = format!(
        "facts are recorded in the order they become known: leave --recorded out, or give --recorded a time of {known} or later; if the \
         clock is behind that, set it"
    );
    Some(Refusal { code: "recorded-backwards", reason, remedy })
}

/// The facts of a journal that would be refused if they were recorded one after the other, with their numbers.
pub(crate) fn refusals(rulebook: &Rulebook, begun: &Season, journal: &[Fact]) -> Vec<(u64, Refusal)> {
    let (mut season, now, mut refusals) = (begun.clone(), moment::now(), Vec::new());
    for fact in journal {
        let Fact { happened, recorded, by, citation, what, .. } = fact.clone();
        let refusal = untimely(season.facts().last(), recorded, now)
            .or_else(|| accept(rulebook, &season, Request { happened, by, citation, what }, recorded).err());
        refusals.extend(refusal.map(|refusal| (fact.number, refusal)));
        season.apply(fact);
    }
    refusals
}

/// The facts of a journal that were recorded before an earlier one was, or not yet, with their numbers.
pub(crate) fn backwards(journal: &[Fact]) -> Vec<(u64, Refusal)> {
    let now = moment::now();
    let before = std::iter::once(None).chain(journal.iter().map(Some));
    let found = journal.iter().zip(before);
    found.filter_map(|(fact, last)| untimely(last, fact.recorded, now).map(|refusal| (fact.number, refusal))).collect()
}
