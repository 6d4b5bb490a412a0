//! The command line: every command, its help and its examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::told::FileArguments;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the answer is no: faults found, a journal is damaged, a request was refused
  2  the command line could not be understood
  3  something could not be read or written";

/// Parc Fermé runs a motor-sport championship from rulebook to official standings, and can say why every number is what it is.
#[derive(Parser, Debug)]
#[command(name = "parcferme", version, about, after_help = EXIT_CODES, disable_help_subcommand = true, max_term_width = 110)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check rulebooks and seasons: every fault at once, with file, line and the word that was probably meant
    ///
    /// PATH is a rulebook folder, a season folder, or a folder that holds some; nothing given means rulebooks/ and seasons/ here,
    /// or rulebook/ and season/.
    /// Cases beside a rulebook (its cases/ folder) and scenarios in a folder named cases/ are run.
    #[command(
        after_help = "Examples:\n  parcferme check\n  parcferme check seasons/blancpain-gt-series-asia-2018\n  parcferme check rulebooks --assumptions"
    )]
    Check {
        /// What to check
        paths: Vec<PathBuf>,
        /// List every value that is assumed because no text is known, with the reason
        #[arg(long)]
        assumptions: bool,
    },
    /// The standings of every championship, with what is not known given as at least and at most
    #[command(
        after_help = "Examples:\n  parcferme standings seasons/blancpain-gt-series-asia-2018\n  parcferme standings SEASON --championship gt3-drivers --after 2.2\n  parcferme standings SEASON --as-known-at 2018-07-01T00:00:00Z\n  parcferme standings SEASON --worlds\n  parcferme standings SEASON --format csv"
    )]
    Standings {
        /// The season's folder
        season: PathBuf,
        /// Only this championship, by its id
        #[arg(long, value_name = "ID")]
        championship: Option<String>,
        #[command(flatten)]
        moment: MomentArguments,
        /// Every outcome of the open protests and appeals, and which places depend on which
        #[arg(long, conflicts_with = "suppose")]
        worlds: bool,
        /// Suppose open matters end this way: A1=upheld, A2=rejected
        #[arg(long, value_name = "MATTER=OUTCOME", value_delimiter = ',')]
        suppose: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// The classification of a round's sessions, as published and as decisions have left it
    #[command(
        after_help = "Examples:\n  parcferme results SEASON 3\n  parcferme results SEASON 3 race-1\n  parcferme results SEASON 3.race-1\n  parcferme results SEASON 3 race-1 --format csv"
    )]
    Results {
        /// The season's folder
        season: PathBuf,
        /// The round's number; a session also works: 3.race-1, or 3.1 for its first race
        round: String,
        /// The session's id, such as race-1; all of the round when left out
        session: Option<String>,
        #[command(flatten)]
        moment: MomentArguments,
        #[command(flatten)]
        output: Output,
    },
    /// A round's meeting: its timetable and state, and what race control says while it runs
    ///
    /// Without an action: the timetable, and how far each session is. Every action is a fact in the journal.
    #[command(
        after_help = "Examples:\n  parcferme meeting SEASON 5\n  parcferme meeting SEASON 5 --format csv\n  parcferme meeting SEASON 5 open race-1\n  parcferme meeting SEASON 5 start race-1 --by 'Race director'\n  parcferme meeting SEASON 5 signal race-1 safety-car --at 2018-09-22T05:20:11.250Z\n  parcferme meeting SEASON 5 publish race-1 provisional"
    )]
    Meeting {
        /// The season's folder
        season: PathBuf,
        /// The round's number
        round: u16,
        #[command(subcommand)]
        act: Option<MeetingAct>,
        /// Who says it
        #[arg(long, default_value = "race control", value_name = "NAME", value_parser = crate::columns::plain, global = true)]
        by: String,
        /// When it happened; now when left out
        #[arg(long, value_name = "TIME", global = true)]
        at: Option<String>,
        /// Where it is written
        #[arg(long, value_parser = crate::columns::plain, global = true)]
        cite: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// The classification of a session from its passings, live or at any past moment, decisions applied; or of somebody else's file
    ///
    /// With a file instead of a season: its format is known by its content; printed are the classification as it claims it, what its laps or passings give,
    /// where the two differ, and what is odd in it.
    #[command(
        after_help = "Examples:\n  parcferme classify SEASON 5 race-1\n  parcferme classify SEASON 5.race-1 --at 2018-09-22T05:30:00Z\n  parcferme classify SEASON 5 q1 --format json\n  parcferme classify SEASON 5.race-1 --laps 19\n  parcferme classify SEASON 5.race-1 --chart\n  parcferme classify 260105_222500_R.json\n  parcferme classify 03_Classification.CSV --with 23_Analysis.CSV"
    )]
    Classify {
        /// The season's folder, or a file
        #[arg(value_name = "SEASON|FILE")]
        season: PathBuf,
        /// The round's number; a session also works: 5.race-1
        round: Option<String>,
        /// The session's id, such as race-1
        session: Option<String>,
        /// As it was known at this moment; now when left out
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Instead: the laps of this car, with sectors and what each rests on
        #[arg(long, value_name = "CAR", conflicts_with = "chart")]
        laps: Option<String>,
        /// Instead: the order at the end of every lap
        #[arg(long)]
        chart: bool,
        /// With a file: another of the same session, such as its laps beside its classification
        #[arg(long, value_name = "FILE")]
        with: Vec<PathBuf>,
        #[command(flatten)]
        how: FileArguments,
        #[command(flatten)]
        output: Output,
    },
    /// The grid of a race, with the reason for every place
    #[command(
        after_help = "Examples:\n  parcferme grid SEASON 5 race-1\n  parcferme grid SEASON 5.race-2 --publish --by 'Clerk of the course'"
    )]
    Grid {
        /// The season's folder
        season: PathBuf,
        /// The round's number; a session also works: 5.race-1
        round: String,
        /// The race's id, such as race-1
        session: Option<String>,
        /// Record it as the published grid
        #[arg(long)]
        publish: bool,
        /// Who publishes
        #[arg(long, default_value = "race control", value_name = "NAME", value_parser = crate::columns::plain)]
        by: String,
        #[command(flatten)]
        output: Output,
    },
    /// The pit board of a race: window, minimum with success seconds, earliest exit, breaches with what is proposed
    #[command(after_help = "Examples:\n  parcferme pit SEASON 5 race-1\n  parcferme pit SEASON 5.race-2 --at 2018-09-23T05:31:00Z")]
    Pit {
        /// The season's folder
        season: PathBuf,
        /// The round's number; a session also works: 5.race-1
        round: String,
        /// The race's id, such as race-1
        session: Option<String>,
        /// As it was known at this moment; now when left out
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// The success ledger: earned where, due where, served how, what is left
    #[command(after_help = "Examples:\n  parcferme dues SEASON\n  parcferme dues SEASON --after 3.1 --format csv")]
    Dues {
        /// The season's folder
        season: PathBuf,
        #[command(flatten)]
        moment: MomentArguments,
        #[command(flatten)]
        output: Output,
    },
    /// Balance of Performance: the values in force at a session, with the bulletin of each
    #[command(after_help = "Examples:\n  parcferme bop SEASON\n  parcferme bop SEASON 2.race-1")]
    Bop {
        /// The season's folder
        season: PathBuf,
        /// The session, such as 2.race-1; the last when left out
        session: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Scrutineering: what cars must measure, what was measured, what is out; sets of tyres allowed, marked and used
    ///
    /// Every measurement is held against the Balance of Performance in force at its own session, with success ballast.
    #[command(
        after_help = "Examples:\n  parcferme scrutineer SEASON 2\n  parcferme scrutineer SEASON 2 race-1\n  parcferme scrutineer SEASON 2 --format csv"
    )]
    Scrutineer {
        /// The season's folder
        season: PathBuf,
        /// The round's number; a session also works: 2.race-1
        round: String,
        /// The session's id; those of the round in which something was measured when left out
        session: Option<String>,
        #[command(flatten)]
        moment: MomentArguments,
        #[command(flatten)]
        output: Output,
    },
    /// Points on drivers' licences: in force, given by which decision, the threshold reached and what is proposed for it
    #[command(after_help = "Examples:\n  parcferme licences SEASON\n  parcferme licences SEASON --as-known-at 2018-07-01 --format csv")]
    Licences {
        /// The season's folder
        season: PathBuf,
        #[command(flatten)]
        moment: MomentArguments,
        #[command(flatten)]
        output: Output,
    },
    /// Why a number is what it is, down to published place, rule and decision
    ///
    /// The second word is a championship id (then COMPETITOR is a driver, team or maker), a session such as 3.race-1 (then it is a car:
    /// why that place), or `success` with COMPETITOR CAR@SESSION (why those success seconds).
    #[command(
        after_help = "Examples:\n  parcferme why SEASON gt3-drivers kodric\n  parcferme why SEASON 4.race-1 18\n  parcferme why SEASON success 19@3.race-1"
    )]
    Why {
        /// The season's folder
        season: PathBuf,
        /// A championship, a session, or `success`
        about: String,
        /// The competitor, the car, or CAR@SESSION
        competitor: String,
        #[command(flatten)]
        moment: MomentArguments,
        /// Suppose open matters end this way: A1=upheld
        #[arg(long, value_name = "MATTER=OUTCOME", value_delimiter = ',')]
        suppose: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Record facts: a result, a decision, a protest, an appeal, a ruling, seconds served, an undo
    ///
    /// Every request goes through one place that accepts or refuses it; a refusal records nothing. FILE.toml holds any number of requests.
    #[command(
        after_help = "Examples:\n  parcferme record SEASON requests.toml --by 'Race secretary'\n  parcferme record SEASON last-year.toml --by 'Archive' --recorded as-happened\n  parcferme record SEASON - <<'EOF'\n  [[decision]]\n  id = \"27\"\n  at = 2018-10-13T18:05:00Z\n  cite = \"Decision 27\"\n  authority = \"Stewards\"\n  article = \"C3\"\n  reason = \"Pit stop 0.1 s short\"\n  effects = [{ add-time = { session = \"6.race-1\", car = \"27\", time = \"30s\" } }]\n  EOF\n\nThe kinds of request and their keys: docs/requests.md"
    )]
    Record {
        /// The season's folder
        season: PathBuf,
        /// Requests in TOML; - for standard input
        requests: PathBuf,
        /// Who records, where the requests do not say
        #[arg(long, default_value = "parcferme", value_name = "NAME", value_parser = crate::columns::plain)]
        by: String,
        /// The moment of recording instead of now, for bringing in a season's past: a time, or `as-happened` for each fact's own
        ///
        /// Never later than now, and never earlier than a fact that is recorded already. A day means the end of that day (UTC). With
        /// `as-happened` the requests stand in the order they happened; a result or grid of a past season names its CSV table with
        /// `table = "race-1.csv"`, since `import` records a table as known from now on.
        #[arg(long, value_name = "TIME")]
        recorded: Option<String>,
        /// Check the requests and record nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Record one decision, and say until when it may be appealed against
    ///
    /// The same as `record` for a file that holds one decision and nothing else. `preview` shows first what it moves.
    #[command(
        after_help = "Examples:\n  parcferme preview SEASON decision.toml\n  parcferme decide SEASON decision.toml --by 'Race secretary'"
    )]
    Decide {
        /// The season's folder
        season: PathBuf,
        /// The decision in TOML; - for standard input
        requests: PathBuf,
        /// Who records
        #[arg(long, default_value = "parcferme", value_name = "NAME", value_parser = crate::columns::plain)]
        by: String,
        /// The moment of recording instead of now: a time, or `as-happened`; as for `record`
        #[arg(long, value_name = "TIME")]
        recorded: Option<String>,
        /// Check the decision and record nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Every table that requests would move: classifications, success ledger, standings, grids, licences, findings
    ///
    /// Only rows that change, before and after. Nothing is recorded.
    #[command(after_help = "Examples:\n  parcferme preview SEASON decision.toml\n  parcferme preview SEASON decision.toml --format json")]
    Preview {
        /// The season's folder
        season: PathBuf,
        /// Requests in TOML; - for standard input
        requests: PathBuf,
        /// Who would record
        #[arg(long, default_value = "parcferme", value_name = "NAME", value_parser = crate::columns::plain)]
        by: String,
        #[command(flatten)]
        output: Output,
    },
    /// Record a protest, and say which clocks run
    #[command(
        after_help = "Examples:\n  parcferme protest SEASON --id P1 --by 'Team One' --against-result 2.race-1 --reason 'Ride height of car 7' --cite 'Protest form 1'"
    )]
    Protest {
        /// The season's folder
        season: PathBuf,
        #[command(flatten)]
        matter: MatterArguments,
    },
    /// Record an appeal, or the intention to appeal, and say which clocks run
    #[command(
        after_help = "Examples:\n  parcferme appeal SEASON --intention --id N1 --by 'Team One' --against-decision 27 --suspends --reason 'The scales were not level' --cite 'Form 3'\n  parcferme appeal SEASON --id A1 --by 'Team One' --against-decision 27 --suspends --reason 'The scales were not level' --cite 'Notice of appeal'"
    )]
    Appeal {
        /// The season's folder
        season: PathBuf,
        #[command(flatten)]
        matter: MatterArguments,
        /// The intention to appeal, not the appeal itself
        #[arg(long)]
        intention: bool,
    },
    /// The facts of a season, newest last
    #[command(after_help = "Examples:\n  parcferme log SEASON\n  parcferme log SEASON --format json")]
    Log {
        /// The season's folder
        season: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Verify the journal: any changed, missing or reordered byte is found and its fact named
    #[command(after_help = "Examples:\n  parcferme verify SEASON")]
    Verify {
        /// The season's folder, or one journal file
        season: PathBuf,
    },
    Export(crate::export::ExportArguments),
    Import(crate::import::ImportArguments),
    Listen(crate::listen::ListenArguments),
    Play(crate::play::PlayArguments),
    Entrants(crate::entrants::EntrantArguments),
    /// A whole meeting, simulated: from the first practice to final results, into the season's journal
    ///
    /// Every other command reads what it records. The same seed on the same journal gives the same bytes; what was interrupted goes on when the
    /// command is repeated.
    #[command(
        after_help = "Examples:\n  parcferme simulate SEASON 1 --seed 7\n  parcferme simulate SEASON 1 --seed 7 --faults clock-step,lost-loop\n  parcferme simulate SEASON 1 --seed 7 --speed 60"
    )]
    Simulate {
        /// The season's folder
        season: PathBuf,
        /// The round's number
        round: u16,
        /// The same seed, the same meeting
        #[arg(long)]
        seed: u64,
        /// What may go wrong: none, all, or words with commas between them
        #[arg(long, default_value = "none", value_parser = crate::soak::faults)]
        faults: simulator::Faults,
        /// So many times faster than life; as fast as possible when left out
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        speed: Option<u32>,
    },
    Demo(crate::demo::DemoArguments),
    Serve(crate::serve::ServeArguments),
    Live(crate::live::LiveArguments),
    /// Simulated races with faults by the thousand, each held against the truth
    ///
    /// Ends with a line of counts. A race that comes out wrong without a finding prints the command that repeats it; of one seed everything is
    /// told: what happened, the findings, and what is wrong without one.
    #[command(after_help = "Examples:\n  parcferme soak --seeds 0..1000\n  parcferme soak --seeds 760 --faults clock-step,lost-loop")]
    Soak {
        /// The seeds: from, and up to but without
        #[arg(long, value_name = "A..B", value_parser = crate::soak::seeds)]
        seeds: std::ops::Range<u64>,
        /// What may go wrong: none, all, or words with commas between them
        #[arg(long, default_value = "all", value_parser = crate::soak::faults)]
        faults: simulator::Faults,
        /// The season's folder; the first below seasons/ when left out
        #[arg(long, value_name = "DIR")]
        season: Option<PathBuf>,
        /// The round; the first that can be simulated when left out
        #[arg(long)]
        round: Option<u16>,
    },
    /// Begin a new series: a rulebook and a season to fill in
    #[command(after_help = "Examples:\n  parcferme new 'Example GT League' league")]
    New {
        /// The series as printed
        series: String,
        /// The folder to make
        dir: PathBuf,
        /// The season's year
        #[arg(long, default_value_t = 2026, value_parser = year)]
        year: u16,
    },
    /// Shell completions on standard output
    #[command(after_help = "Examples:\n  parcferme completions bash > /etc/bash_completion.d/parcferme")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The man page on standard output
    #[command(after_help = "Examples:\n  parcferme man > parcferme.1")]
    Man,
}

/// What race control says.
#[derive(Subcommand, Debug)]
pub(crate) enum MeetingAct {
    /// The pit exit opens: passings belong to the session from here on
    Open {
        /// The session, such as race-1
        session: String,
    },
    /// The start signal
    Start {
        /// The session
        session: String,
    },
    /// Any signal: green, full-course-yellow, safety-car, red, chequered
    Signal {
        /// The session
        session: String,
        /// The signal
        #[arg(value_parser = ["green", "full-course-yellow", "safety-car", "red", "chequered"])]
        signal: String,
    },
    /// The session is over: nothing later belongs to it
    Stop {
        /// The session
        session: String,
    },
    /// When a session is to begin
    Timetable {
        /// The session
        session: String,
        /// A time with its offset: 2018-09-22T13:10:00+08:00
        begins: String,
    },
    /// The classification from passings is published: from here on it counts
    Publish {
        /// The session
        session: String,
        /// provisional, amended or final
        #[arg(value_parser = ["provisional", "amended", "final"])]
        state: String,
    },
}

/// For whom a command's answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Programs: every byte as it is.
    Programs,
    /// People.
    People,
    /// People, with faults in colours.
    Styled,
}

impl Command {
    /// For whom the answer is.
    pub(crate) fn shown(&self) -> Shown {
        match self {
            Self::Check { .. } => Shown::Styled,
            Self::Standings { output, .. }
            | Self::Results { output, .. }
            | Self::Meeting { output, .. }
            | Self::Classify { output, .. }
            | Self::Grid { output, .. }
            | Self::Pit { output, .. }
            | Self::Dues { output, .. }
            | Self::Bop { output, .. }
            | Self::Scrutineer { output, .. }
            | Self::Licences { output, .. }
            | Self::Why { output, .. }
            | Self::Preview { output, .. }
            | Self::Log { output, .. } => {
                if output.format == Format::Text {
                    Shown::People
                } else {
                    Shown::Programs
                }
            }
            Self::Export(_) | Self::Entrants(_) | Self::Completions { .. } | Self::Man => Shown::Programs,
            Self::Simulate { .. }
            | Self::Soak { .. }
            | Self::Demo(_)
            | Self::Serve(_)
            | Self::Live(_)
            | Self::Record { .. }
            | Self::Decide { .. }
            | Self::Protest { .. }
            | Self::Appeal { .. }
            | Self::Verify { .. }
            | Self::Import(_)
            | Self::Listen(_)
            | Self::Play(_)
            | Self::New { .. } => Shown::People,
        }
    }
}

fn year(written: &str) -> Result<u16, String> {
    written.parse().map_err(|_| String::from("write the year in four digits, such as 2026"))
}

/// The moment a question is asked from.
#[derive(Args, Debug, Clone)]
pub(crate) struct MomentArguments {
    /// Only what was held through this round, or race of it: 2 or 2.1; a session also works: 2.race-1
    #[arg(long, value_name = "ROUND[.RACE]")]
    pub(crate) after: Option<String>,
    /// As known at a moment: facts recorded later are left out. A time with its offset, or a day, which means the end of that day (UTC)
    #[arg(long, value_name = "TIME")]
    pub(crate) as_known_at: Option<String>,
    /// As in force at a moment: what happened later is left out, whenever it was recorded. Written like --as-known-at
    #[arg(long, value_name = "TIME")]
    pub(crate) in_force_at: Option<String>,
}

/// A protest or an appeal.
#[derive(Args, Debug, Clone)]
pub(crate) struct MatterArguments {
    /// Its number or short name
    #[arg(long, value_parser = crate::columns::plain)]
    pub(crate) id: String,
    /// Who lodges it
    #[arg(long, value_name = "NAME", value_parser = crate::columns::plain)]
    pub(crate) by: String,
    /// The decision it is directed at
    #[arg(long, value_name = "ID", value_parser = crate::columns::plain, conflicts_with = "against_result")]
    pub(crate) against_decision: Option<String>,
    /// The session whose result it is directed at: 2.race-1
    #[arg(long, value_name = "SESSION", value_parser = crate::columns::plain)]
    pub(crate) against_result: Option<String>,
    /// The grounds
    #[arg(long, value_parser = crate::columns::plain)]
    pub(crate) reason: String,
    /// Where it says so: a form, a document
    #[arg(long, value_parser = crate::columns::plain)]
    pub(crate) cite: String,
    /// The decision has no effect until the matter is settled
    #[arg(long)]
    pub(crate) suspends: bool,
    /// When it was lodged: a time with its offset; now when left out
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Who records
    #[arg(long, default_value = "parcferme", value_name = "NAME", value_parser = crate::columns::plain)]
    pub(crate) recorder: String,
    /// Check it and record nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The form of the answer.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Text for people; CSV and JSON are stable and documented in docs/output.md
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Csv,
    Json,
}
