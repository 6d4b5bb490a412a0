//! `import`: a journal, a published table in our own columns, or what somebody else's files tell, into a season.
//!
//! Of somebody else's files each session is recorded whole or not at all, under the hash of what was read: an import that was interrupted goes on where it
//! stopped, and one that is repeated changes nothing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use paperwork::read::Sources;
use paperwork::request::{self, Desk};
use paperwork::written::counted;
use sha2::{Digest as _, Sha256};
use sport::accept::Request;
use sport::date::Instant;
use sport::fact::Fact;
use sport::finding::Finding;
use sport::result::ResultState;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use timing::account::Account;
use timing::requests::{Asked, Terms};
use timing::together::together;
use timing::which::{self, Hints, Unclear};
use timing::{format, passings};

use crate::stop::Stop;
use crate::told::FileArguments;
use crate::{Answer, facts, moment, place, progress, record, told};

/// Bring journals, published tables and other people's files into a season
///
/// A journal (.jsonl) must continue what the season has; facts already there are skipped, so that repeating an import changes nothing. Its facts
/// keep the moments at which they were recorded.
///
/// A table in this program's own columns (docs/requests.md) becomes one result that is recorded now, whenever it was published: to bring in
/// a past season as it became known, write requests that name the tables and record them with `record --recorded as-happened`.
///
/// Anything else is known by its content: results of simulators, tables of timing companies, logs of scoreboards. A folder means every file in it.
/// Which session a file is of is found by what it says, by its name and by its folders; --session says it where that is not enough. Each session
/// is recorded whole or not at all, and once: an import that was interrupted or is repeated doubles nothing.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme import SEASON journal.jsonl\n  parcferme import SEASON race-1.csv --session 3.race-1 --state final --cite 'Classification 12' --at 2018-06-30T08:00:00Z\n  parcferme import SEASON results/\n  parcferme import SEASON 260105_214500_R.json --dry-run\n  parcferme import SEASON 23_Analysis_Race.CSV 03_Classification_Race.CSV --session 3.race-1 --laps"
)]
pub(crate) struct ImportArguments {
    /// The season's folder
    season: PathBuf,
    /// Files, or folders of files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The session it is of, such as 3.race-1
    #[arg(long)]
    session: Option<String>,
    /// provisional, amended or final
    #[arg(long, default_value = "provisional", value_parser = ["provisional", "amended", "final"])]
    state: String,
    /// Where it was published; its name and hash when left out
    #[arg(long, value_parser = crate::columns::plain)]
    cite: Option<String>,
    /// When it was published: a time with its offset, or a day, which means the end of that day (UTC). Of other people's files the end of the session's day
    /// when left out
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// For a table in our own columns: it does not list every car that took part
    #[arg(long)]
    incomplete: bool,
    /// Also record the laps, as passings of the finish line, where the file says when they ended: then charts and lap times are here too
    #[arg(long)]
    laps: bool,
    #[command(flatten)]
    how: FileArguments,
    /// Who records
    #[arg(long, default_value = "parcferme", value_name = "NAME", value_parser = crate::columns::plain)]
    by: String,
    /// Check it and record nothing
    #[arg(long)]
    dry_run: bool,
}

/// `import`.
pub(crate) fn run(arguments: &ImportArguments) -> Result<Answer, Stop> {
    let (rulebook, season) = place::written(&arguments.season)?;
    if let [only] = arguments.files.as_slice() {
        if only.extension().is_some_and(|extension| extension == "jsonl") {
            return journal(arguments, only, &rulebook, &season).map(Answer::from);
        }
        if !only.is_dir() && is_own_table(&told::bytes(only)?) {
            return table(arguments, only, &rulebook, &season).map(Answer::from);
        }
    }
    let mut import =
        Import { arguments, rulebook: &rulebook, season: &season, said: String::new(), done: 0, here: 0, unknown: 0, failed: 0 };
    import.all()
}

fn journal(arguments: &ImportArguments, file: &Path, rulebook: &Rulebook, season: &Season) -> Result<String, Stop> {
    if !journal::file::there(file).map_err(|error| facts::stop(&error))? {
        return Err(Stop::io(&file.display().to_string(), &"there is no such file"));
    }
    if arguments.dry_run {
        return Err(Stop::usage(format!("--dry-run is for a table; `parcferme verify {}` checks a journal", file.display())));
    }
    facts::import(&arguments.season, file, rulebook, season)
}

/// Whether a table has our own columns: what a car is called in it, nobody else calls it.
fn is_own_table(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.split(|byte| *byte == b',').any(|name| name.trim_ascii() == b"car")
}

/// A table in our own columns.
fn table(arguments: &ImportArguments, file: &Path, rulebook: &Rulebook, season: &Season) -> Result<String, Stop> {
    let wanted = [("--session", &arguments.session), ("--cite", &arguments.cite), ("--at", &arguments.at)];
    let (Some(session), Some(cite), Some(at)) = (&arguments.session, &arguments.cite, &arguments.at) else {
        let missing: Vec<&str> = wanted.iter().filter(|(_, given)| given.is_none()).map(|(name, _)| *name).collect();
        return Err(Stop::usage(format!("a table needs {} on the command line; see parcferme import --help", missing.join(", "))));
    };
    let session = moment::session(season, session)?;
    let happened = published(at)?;
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let (folder, name) = (file.parent().unwrap_or(Path::new("")), file.file_name().unwrap_or_default());
    // A table is a request like any other: written as one, it meets the same checks and the same words.
    let requests = format!(
        "[[result]]\nsession = {}\nstate = {}\nat = {}\ncite = {}\ncomplete = {}\ntable = {}\n",
        quoted(&season.calendar.sessions[session].name.to_string()),
        quoted(&arguments.state),
        moment::printed(happened),
        quoted(cite),
        !arguments.incomplete,
        quoted(&name.to_string_lossy()),
    );
    let mut sources = Sources::new(Path::new("."));
    let desk = Desk { calendar: &season.calendar, entries: &season.list, law: rulebook.latest() };
    let loaded = request::parse("the command line", &requests, folder, desk, &mut sources);
    let Some(written) = loaded.value else { return Err(Stop::faults(&loaded.faults, &sources)) };
    let requests: Vec<Request> = written.iter().map(|one| one.by(&arguments.by)).collect();
    let appended = record::append_now(&arguments.season, rulebook, season, &requests, arguments.dry_run)?;
    Ok(format!("{}{}", record::warnings(&loaded.faults), appended.text()))
}

fn published(at: &str) -> Result<Instant, Stop> {
    let happened = moment::instant(at)?;
    if happened > moment::now() {
        return Err(Stop::usage(format!("--at {at}: that has not happened yet; give the time it was published")));
    }
    Ok(happened)
}

/// What several files tell of one session.
struct OfSession {
    session: usize,
    files: Vec<PathBuf>,
    accounts: Vec<Account>,
    /// Over what was read of each file, in order.
    hash: Sha256,
}

struct Import<'a> {
    arguments: &'a ImportArguments,
    rulebook: &'a Rulebook,
    season: &'a Season,
    said: String,
    done: usize,
    here: usize,
    unknown: usize,
    failed: usize,
}

impl Import<'_> {
    fn all(&mut self) -> Result<Answer, Stop> {
        let mut files = Vec::new();
        for path in &self.arguments.files {
            gather(path, &mut files)?;
        }
        let alone = files.len() == 1;
        let mut sessions: Vec<OfSession> = Vec::new();
        for (nth, file) in files.iter().enumerate() {
            progress(&format!("reading {} of {}: {}", nth + 1, files.len(), file.display()));
            match self.read(file, alone) {
                Ok(read) => read.into_iter().for_each(|one| join(&mut sessions, one)),
                Err(stop) if alone => return Err(stop),
                Err(stop) => self.fail(stop.text()),
            }
        }
        sessions.sort_by_key(|of| of.session);
        let count = sessions.len();
        for (nth, of) in sessions.into_iter().enumerate() {
            progress(&format!("recording {} of {count}", nth + 1));
            match self.session(of) {
                Ok(()) => {}
                Err(stop) if alone => return Err(stop),
                Err(stop) => self.fail(stop.text()),
            }
        }
        progress("");
        if self.unknown == files.len() {
            let folder = self.arguments.files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
            let many = counted(files.len(), "file", "files");
            return Err(Stop::no(format!("{folder}: {many}, and none is in a known format; `parcferme import --help` says what is read")));
        }
        let mut said = std::mem::take(&mut self.said);
        if !alone {
            let part = |count: usize, what: &str| if count == 0 { String::new() } else { format!(", {count} {what}") };
            let here = part(self.here, "here already");
            let (unknown, failed) = (part(self.unknown, "of no known format"), part(self.failed, "could not be imported"));
            _ = writeln!(said, "{} imported{here}{unknown}{failed}", counted(self.done, "session", "sessions"));
        }
        if self.arguments.dry_run {
            said.push_str("nothing was recorded\n");
        }
        Ok(Answer { text: said, code: u8::from(self.failed > 0) })
    }

    fn fail(&mut self, why: &str) {
        self.failed += 1;
        _ = writeln!(self.said, "error: {}", why.trim_end());
    }

    /// What a file tells, each session with its place on the calendar. Nothing of a file that is in no known format, where others are there too.
    fn read(&mut self, file: &Path, alone: bool) -> Result<Vec<OfSession>, Stop> {
        let bytes = told::bytes(file)?;
        if !alone && self.arguments.how.format_of_file.is_none() && format::Format::of(&bytes).is_none() {
            self.unknown += 1;
            return Ok(Vec::new());
        }
        let told = told::of(file, &bytes, &self.arguments.how)?;
        if !told.flaws.is_empty() {
            _ = writeln!(self.said, "{}: {} not understood; `parcferme classify {0}` shows them", file.display(), told.flaws.len());
        }
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let parts: Vec<String> = whole.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let hints = Hints::of(&parts.iter().map(String::as_str).collect::<Vec<_>>());
        let mut sessions = Vec::new();
        for account in told.accounts {
            let session = self.which(file, &account, &hints)?;
            let hash = Sha256::new_with_prefix(&bytes);
            sessions.push(OfSession { session, files: vec![file.to_owned()], accounts: vec![account], hash });
        }
        Ok(sessions)
    }

    fn which(&self, file: &Path, account: &Account, hints: &Hints) -> Result<usize, Stop> {
        if let Some(written) = &self.arguments.session {
            return moment::session(self.season, written);
        }
        let sessions = &self.season.calendar.sessions;
        which::session(account, &self.season.calendar, hints).map_err(|unclear| {
            let why = match unclear {
                Unclear::None => String::from("no session of the calendar fits it"),
                Unclear::Several(fits) => {
                    let names: Vec<String> = fits.iter().take(6).map(|nth| sessions[*nth].name.to_string()).collect();
                    let more = if fits.len() > names.len() { ", …" } else { "" };
                    format!("it can be {}{more}", names.join(", "))
                }
            };
            Stop::no(format!("{}: {why}; say which with --session, such as --session 1.race", file.display()))
        })
    }

    /// Records one session.
    fn session(&mut self, of: OfSession) -> Result<(), Stop> {
        let name = &self.season.calendar.sessions[of.session].name;
        let files: Vec<String> =
            of.files.iter().filter_map(|file| file.file_name()).map(|name| name.to_string_lossy().into_owned()).collect();
        let hash: String = of.hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let read = format!("{} (sha256 {hash})", files.join(" + "));
        let citation = self.arguments.cite.as_ref().map_or_else(|| read.clone(), |cite| format!("{cite}: {read}"));
        let (known, _) = facts::read(&self.arguments.season, Some(&self.season.title))?;
        if let Some(fact) = here(self.season, known, &read) {
            self.here += 1;
            _ = writeln!(self.said, "{read} → {name}: here already, fact {fact}");
            return Ok(());
        }
        let account = together(of.accounts);
        let terms = Terms {
            session: of.session,
            happened: self.happened(of.session)?,
            by: self.arguments.by.clone(),
            citation,
            state: ResultState::WORDS
                .iter()
                .find(|(word, _)| *word == self.arguments.state)
                .map_or(ResultState::Provisional, |(_, of)| *of),
            document: None,
        };
        let mut asked = Asked::of(&account, self.rulebook, self.season, &terms);
        if self.arguments.laps {
            let laps = passings::of(&account, self.season, &terms);
            asked.requests.splice(0..0, laps.requests);
            asked.findings.extend(laps.findings);
        }
        if asked.requests.is_empty() {
            return Err(Stop::no(format!("{read}: nothing of it can be recorded for {name}{}", findings(&asked.findings))));
        }
        let appended = record::append_now(&self.arguments.season, self.rulebook, self.season, &asked.requests, self.arguments.dry_run)
            .map_err(|stop| Stop::no(format!("{read} → {name}: {}", stop.text())))?;
        self.done += 1;
        let cars = account.cars.len();
        let what = format!("{}, {}", counted(cars, "car", "cars"), counted(appended.facts.len(), "fact", "facts"));
        let would = if self.arguments.dry_run { "would be recorded" } else { "recorded" };
        _ = write!(self.said, "{}{read} → {name}: {what} {would}{}", appended.made, findings(&asked.findings));
        _ = write!(self.said, "\n{}", appended.news);
        Ok(())
    }

    /// When it was published: as given, else the end of the session's day, or now where that has not come.
    fn happened(&self, session: usize) -> Result<Instant, Stop> {
        let day = self.season.calendar.sessions[session].date;
        let end = Instant(day.midnight().0 + 86_400_000_000 - 1);
        self.arguments.at.as_deref().map_or_else(|| Ok(end.min(moment::now())), published)
    }
}

/// The file, or every file of the folder and of those in it, by name.
fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|error| Stop::file(path, &error))?;
    let mut inside: Vec<PathBuf> = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(|error| Stop::file(path, &error))?.path());
    }
    inside.sort();
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    inside.iter().filter(|path| !hidden(path) && !path.is_symlink()).try_for_each(|path| gather(path, files))
}

/// Files of one session that tell different things of it are one account: a classification, its laps, the weather. Two that both claim a classification are two.
fn join(sessions: &mut Vec<OfSession>, one: OfSession) {
    let claims = |of: &OfSession| of.accounts.iter().any(|account| !account.claims.is_empty());
    let laps = |of: &OfSession| of.accounts.iter().any(|account| !account.laps.is_empty());
    let other =
        sessions.iter_mut().rev().find(|of| of.session == one.session && !(claims(of) && claims(&one)) && !(laps(of) && laps(&one)));
    let Some(other) = other else { return sessions.push(one) };
    other.hash.update(one.hash.finalize());
    other.files.extend(one.files);
    other.accounts.extend(one.accounts);
}

/// The fact that was recorded of the very same bytes, where one is in force.
fn here(season: &Season, known: Vec<Fact>, read: &str) -> Option<u64> {
    let mut season = season.clone();
    season.take(known);
    season.live(Moment::NOW).iter().find(|fact| fact.citation.ends_with(read)).map(|fact| fact.number)
}

fn findings(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("\n  {}: {}: {}", finding.weight.word(), finding.about, finding.says)).collect()
}
