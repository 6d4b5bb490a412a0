//! `soak`: simulated races with faults by the thousand, each held against the truth.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Clock;

use simulator::soak::{Outcome, Standing, judge};
use simulator::{Faults, Orders, Plan, Said};
use sport::date::{Instant, Micros};
use sport::fact::Fact;
use sport::live_session::LiveSession;
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::{Moment, Season};

use crate::stop::Stop;
use crate::{Answer, moment, place, progress};

/// What to run.
pub(crate) struct Soak {
    pub(crate) seeds: Range<u64>,
    pub(crate) season: Option<PathBuf>,
    pub(crate) round: Option<u16>,
    pub(crate) faults: Faults,
}

/// What came out, of all races so far.
#[derive(Default)]
struct Counts {
    races: u64,
    right: u64,
    by_car: u64,
    whole: u64,
    wrong: u64,
    guesses: u64,
    told: String,
}

impl Counts {
    fn count(&mut self, outcome: &Outcome) {
        self.races += 1;
        self.guesses += u64::try_from(outcome.guesses).unwrap_or(u64::MAX);
        match outcome.standing {
            Standing::Right => self.right += 1,
            Standing::DoubtedByCar => self.by_car += 1,
            Standing::DoubtedWhole => self.whole += 1,
            Standing::Wrong => self.wrong += 1,
        }
    }

    /// So many races, and their share in percent to a tenth.
    fn share(&self, of: u64) -> String {
        let tenths = (of * 1_000 + self.races / 2) / self.races.max(1);
        format!("{of} ({}.{} %)", tenths / 10, tenths % 10)
    }
}

/// `soak`.
pub(crate) fn run(soak: &Soak) -> Result<Answer, Stop> {
    let folder = match &soak.season {
        Some(folder) => folder.clone(),
        None => somewhere()?,
    };
    let (rulebook, season) = place::written(&folder)?;
    let (round, race) = race(&rulebook, &season, soak.round)?;
    let (counts, next, begun) = (Mutex::new(Counts::default()), AtomicU64::new(soak.seeds.start), Clock::now());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let alone = soak.seeds.end - soak.seeds.start == 1;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let following = |seed: u64| (seed < soak.seeds.end).then(|| seed + 1);
                    let Ok(seed) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, following) else { break };
                    let plan = Plan { rulebook: &rulebook, season: &season, round, seed, faults: soak.faults };
                    let Some(raced) = one(&plan, race) else { break };
                    let Ok(mut counts) = counts.lock() else { break };
                    counts.count(&raced.outcome);
                    if alone {
                        counts.told.push_str(&raced.whole(seed));
                    } else if !raced.outcome.wrong.is_empty() {
                        let (happened, wrong) = (raced.happened.join("; "), raced.outcome.wrong.join("\n  "));
                        let repeat = repeat(seed, soak.faults, &folder, round);
                        let _ = writeln!(counts.told, "seed {seed}: {happened}\n  {wrong}\n  repeat: {repeat}");
                    }
                    if counts.races % 500 == 0 {
                        progress(&format!("{} of {} races", counts.races, soak.seeds.end - soak.seeds.start));
                    }
                }
            });
        }
    });
    progress("");
    let counts = counts.into_inner().map_err(|_| Stop::trouble("a worker stopped"))?;
    let seconds = begun.elapsed().as_secs_f64().max(0.001);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = counts.races as f64 * 60.0 / seconds;
    let text = format!(
        "{}{} races, {} wrong orders, {} unflagged guesses; {} with the true order throughout, {rate:.0} races a minute on {workers} threads; \
         {} exactly right, {} doubted by car, {} doubted as a whole\n",
        counts.told,
        counts.races,
        counts.wrong,
        counts.guesses,
        counts.right,
        counts.share(counts.right),
        counts.share(counts.by_car),
        counts.share(counts.whole)
    );
    Ok(Answer { text, code: u8::from(counts.wrong > 0 || counts.guesses > 0) })
}

/// The command that runs one race again.
fn repeat(seed: u64, faults: Faults, folder: &Path, round: u16) -> String {
    format!("parcferme soak --seeds {seed} --faults {faults} --season {} --round {round}", folder.display())
}

/// The first season folder below `seasons/` here.
fn somewhere() -> Result<PathBuf, Stop> {
    let none = || Stop::usage(String::from("there is no seasons/ folder here; name a season with --season"));
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir("seasons").map_err(|_| none())?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders.into_iter().find(|folder| folder.join("season.toml").is_file()).ok_or_else(none)
}

/// The first race of a round that can be simulated.
fn race(rulebook: &Rulebook, season: &Season, round: Option<u16>) -> Result<(u16, usize), Stop> {
    if let Some(wanted) = round.filter(|wanted| season.calendar.round(*wanted).is_none()) {
        return Err(Stop::usage(format!("there is no round {wanted}; rounds are {}", moment::rounds(season))));
    }
    let sessions = season.calendar.sessions.iter().enumerate();
    let races = sessions.filter(|(_, session)| Ranking::of(session.kind) == Ranking::Distance);
    let mut why = None;
    for (at, session) in races.filter(|(_, session)| round.is_none_or(|wanted| wanted == session.name.round)) {
        let plan = Plan { rulebook, season, round: session.name.round, seed: 0, faults: Faults::NONE };
        match plan.able(at) {
            Ok(()) => return Ok((session.name.round, at)),
            Err(cannot) => why = why.or(Some(crate::simulate::cannot(season, session.name.round, cannot))),
        }
    }
    Err(why.unwrap_or_else(|| Stop::no("there is no race to simulate")))
}

/// One race.
struct Raced {
    /// How it came out.
    outcome: Outcome,
    /// What went wrong in it.
    happened: Vec<String>,
    season: Season,
    live: LiveSession,
}

impl Raced {
    /// What a person would have been told to look at.
    fn findings(&self) -> Vec<String> {
        let finding = |doubt| {
            let finding = self.live.finding(&self.season, doubt);
            format!("{} ({}): {}", finding.about, finding.code, finding.says)
        };
        self.live.doubts.iter().map(finding).collect()
    }

    /// All of it, for who runs one seed.
    fn whole(&self, seed: u64) -> String {
        let mut told = format!("seed {seed}\n");
        let parts = [("what happened", &self.happened), ("findings", &self.findings()), ("wrong without a finding", &self.outcome.wrong)];
        for (head, lines) in parts {
            let none = if lines.is_empty() { " nothing" } else { "" };
            let _ = writeln!(told, "{head}:{none}");
            for line in lines {
                let _ = writeln!(told, "  {line}");
            }
        }
        told
    }
}

fn one(plan: &Plan<'_>, race: usize) -> Option<Raced> {
    let list = &plan.season.list;
    let begins = Instant(plan.season.calendar.sessions[race].date.midnight().0 + 5 * 3_600_000_000);
    let mut season = plan.season.clone();
    apply(&mut season, &simulator::fittings(plan, |_| begins));
    let grid: Vec<usize> = (0..list.entries.len()).filter(|entry| list.entries[*entry].spell(plan.round).is_some()).collect();
    let due = vec![Micros(0); grid.len()];
    let run = simulator::session(plan, &Orders { session: race, begins, grid, due, first_fact: season.next_number() }).ok()?;
    apply(&mut season, &run.said);
    let live = LiveSession::of(plan.rulebook, &season, Moment::NOW, race)?;
    Some(Raced {
        outcome: judge(&season, &live, &run.truth),
        happened: run.truth.faults.into_iter().map(|happened| happened.words).collect(),
        season,
        live,
    })
}

fn apply(season: &mut Season, said: &[Said]) {
    for one in said {
        let (by, citation) = (one.by.to_owned(), one.citation.clone());
        season.apply(&Fact {
            number: season.next_number(),
            happened: one.happened,
            recorded: one.at,
            by,
            citation,
            what: one.what.clone(),
        });
    }
}

/// Seeds as written: `0..1000`, or one.
pub(crate) fn seeds(written: &str) -> Result<Range<u64>, String> {
    let number = |text: &str| text.replace('_', "").parse::<u64>().map_err(|_| format!("`{text}` is no seed; write 0..1000"));
    match written.split_once("..") {
        Some((from, to)) => {
            let (from, to) = (number(from)?, number(to)?);
            if from < to { Ok(from..to) } else { Err(format!("{written} holds no seed; write the smaller one first")) }
        }
        None => number(written).map(|seed| seed..seed + 1),
    }
}

/// Faults as written, for the command line.
pub(crate) fn faults(written: &str) -> Result<Faults, String> {
    Faults::parse(written).map_err(|word| {
        let known: Vec<&str> = simulator::Fault::WORDS.iter().map(|(word, _)| *word).collect();
        let near = paperwork::suggest::nearest(&word, known.iter().copied());
        let help =
            near.map_or_else(|| format!("write none, all, or some of: {}", known.join(", ")), |near| format!("did you mean {near}?"));
        format!("there is no fault {word}; {help}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_race_is_repeated_with_the_faults_it_was_run_with() {
        let faults = faults("lost-loop, clock-step").unwrap_or_default();
        let again = repeat(760, faults, Path::new("seasons/s"), 2);
        assert_eq!(again, "parcferme soak --seeds 760 --faults lost-loop,clock-step --season seasons/s --round 2");
    }
}
