//! The binary: arguments, clock, wiring, exit codes. The only place that reads the time of day.

mod arguments;
mod bop;
mod check;
mod classify;
mod classify_file;
mod columns;
mod demo;
mod drive;
mod dues;
mod entrants;
mod export;
mod facts;
mod faults;
mod grid;
mod import;
mod lap_analysis;
mod licences;
mod listen;
mod live;
mod live_line;
mod live_screen;
mod log;
mod meeting;
mod moment;
mod new;
mod pit;
mod place;
mod play;
mod preview;
mod record;
mod recorded;
mod results;
mod scoreboard;
mod scrutineer;
mod serve;
mod simulate;
mod soak;
mod standings;
mod stewards;
mod stop;
mod told;
mod weekend;
mod why;
mod worlds;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::arguments::{Arguments, Command, Shown};
use crate::classify::Show;
use crate::stop::Stop;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let shown = arguments.command.shown();
    let for_whom = |text: String| match shown {
        Shown::Programs => text,
        Shown::People => columns::visible(&text, false),
        Shown::Styled => columns::visible(&text, faults::colours()),
    };
    match run(arguments.command) {
        Ok(answer) => print(&for_whom(answer.text)).map_or_else(|stop| stop.report(), |()| ExitCode::from(answer.code)),
        Err(stop) => stop.report(),
    }
}

/// What a command prints, and the code it ends with.
pub(crate) struct Answer {
    /// For standard output.
    pub(crate) text: String,
    /// 0, or 1 where the answer is no.
    pub(crate) code: u8,
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self { text, code: 0 }
    }
}

/// Writes to standard output; a reader that has gone away is not an error.
fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(broken) if broken.kind() != std::io::ErrorKind::BrokenPipe => Err(Stop::file(Path::new("standard output"), &broken)),
        _ => Ok(()),
    }
}

/// Says something to the person at the terminal while work goes on; silent where nobody watches.
pub(crate) fn progress(text: &str) {
    if std::io::stderr().is_terminal() {
        let mut err = std::io::stderr().lock();
        // Progress is a courtesy: where it cannot be shown, the work goes on.
        _ = write!(err, "\r\x1b[K{}", columns::visible(text, false)).and_then(|()| err.flush());
    }
}

fn run(command: Command) -> Result<Answer, Stop> {
    match command {
        Command::Check { paths, assumptions } => check::run(&paths, assumptions),
        Command::Standings { season, championship, moment, worlds, suppose, output } => {
            place::standings(&season, championship.as_deref(), &moment, worlds, &suppose, output.format).map(Answer::from)
        }
        Command::Results { season, round, session, moment, output } => {
            place::results(&season, &round, session.as_deref(), &moment, output.format).map(Answer::from)
        }
        Command::Meeting { season, round, act, by, at, cite, output } => {
            meeting::run(&season, round, act.as_ref(), &meeting::Said { by, at, cite }, output.format).map(Answer::from)
        }
        Command::Classify { season, round: None, with, how, output, .. } if !season.is_dir() => {
            classify_file::run(&season, &with, &how, output.format).map(Answer::from)
        }
        Command::Classify { season, round, session, at, laps, chart, output, .. } => {
            let Some(round) = round else {
                return Err(Stop::usage("name the round, or a session, of the season: 5 race-1, or 5.race-1"));
            };
            let show = match laps {
                Some(car) => Show::Laps(car),
                None if chart => Show::Chart,
                None => Show::Classification,
            };
            classify::run(&season, &round, session.as_deref(), at.as_deref(), &show, output.format).map(Answer::from)
        }
        Command::Grid { season, round, session, publish, by, output } => {
            grid::run(&season, &round, session.as_deref(), publish, &by, output.format).map(Answer::from)
        }
        Command::Pit { season, round, session, at, output } => {
            pit::run(&season, &round, session.as_deref(), at.as_deref(), output.format).map(Answer::from)
        }
        Command::Dues { season, moment, output } => place::dues(&season, &moment, output.format).map(Answer::from),
        Command::Bop { season, session, output } => place::bop(&season, session.as_deref(), output.format).map(Answer::from),
        Command::Scrutineer { season, round, session, moment, output } => {
            place::scrutineer(&season, &round, session.as_deref(), &moment, output.format).map(Answer::from)
        }
        Command::Licences { season, moment, output } => place::licences(&season, &moment, output.format).map(Answer::from),
        Command::Why { season, about, competitor, moment, suppose, output } => {
            why::run(&season, &about, &competitor, &moment, &suppose, output.format).map(Answer::from)
        }
        Command::Record { season, requests, by, recorded, dry_run } => {
            record::run(&season, &requests, &by, recorded.as_deref(), dry_run).map(Answer::from)
        }
        Command::Decide { season, requests, by, recorded, dry_run } => {
            stewards::decide(&season, &requests, &by, recorded.as_deref(), dry_run).map(Answer::from)
        }
        Command::Preview { season, requests, by, output } => preview::run(&season, &requests, &by, output.format).map(Answer::from),
        Command::Protest { season, matter } => stewards::matter(&season, "protest", &matter).map(Answer::from),
        Command::Appeal { season, matter, intention } => {
            stewards::matter(&season, if intention { "intention" } else { "appeal" }, &matter).map(Answer::from)
        }
        Command::Log { season, output } => log::run(&season, output.format).map(Answer::from),
        Command::Verify { season } => facts::verify(&season),
        Command::Export(export) => export::run(&export).map(Answer::from),
        Command::Entrants(entrants) => entrants::run(&entrants).map(Answer::from),
        Command::Play(play) => play::run(&play).map(Answer::from),
        Command::Listen(listen) => listen::run(&listen).map(Answer::from),
        Command::Import(import) => import::run(&import),
        Command::Simulate { season, round, seed, faults, speed } => {
            simulate::run(&season, &simulate::Simulation { round, seed, faults, speed }).map(Answer::from)
        }
        Command::Demo(demo) => demo::run(&demo).map(Answer::from),
        Command::Live(live) => live::run(&live).map(Answer::from),
        Command::Serve(serve) => serve::run(&serve).map(Answer::from),
        Command::Soak { seeds, faults, season, round } => soak::run(&soak::Soak { seeds, season, round, faults }),
        Command::New { series, dir, year } => new::run(&series, &dir, year).map(Answer::from),
        Command::Completions { shell } => Ok(completions(shell).into()),
        Command::Man => man().map(Answer::from),
    }
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "parcferme", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn man() -> Result<String, Stop> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut text).map_err(|broken| Stop::io("the man page", &broken))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
