//! `export`: the journal as lines, or a session in somebody else's format.

use std::path::PathBuf;

use clap::Args;
use sport::season::Moment;
use timing::format::Format;
use timing::ours;

use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{facts, moment};

/// Write the journal as JSON lines, or a session in somebody else's format, to a file or standard output
///
/// A session is written as it is known: the classification with every decision in force in it, its laps and stops where it was timed here. Formats that are about
/// a session that is to come, such as an entry list of a server, have the ballast that is due in it and the grid.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme export SEASON > journal.jsonl\n  parcferme export SEASON --to seasons/mine/journal.jsonl\n  parcferme export SEASON 5.race-1 --as p3 --to race-1.hex"
)]
pub(crate) struct ExportArguments {
    /// The season's folder
    season: PathBuf,
    /// The session, such as 5.race-1; the journal when left out
    #[arg(requires = "format")]
    session: Option<String>,
    /// The format
    #[arg(long = "as", value_name = "FORMAT", value_parser = crate::arguments::file_format, requires = "session")]
    format: Option<Format>,
    /// The file to write instead of standard output; replaced whole or not at all
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// `export`.
pub(crate) fn run(arguments: &ExportArguments) -> Result<String, Stop> {
    let (Some(session), Some(format)) = (&arguments.session, arguments.format) else {
        return facts::export(&arguments.season, arguments.to.as_deref());
    };
    let Place { rulebook, season, .. } = place::open(&arguments.season)?;
    let session = moment::session(&season, session)?;
    let account = ours::session(&rulebook, &season, Moment::NOW, session);
    let bytes = format.write(&account).map_err(|why| Stop::no(format!("{}: {why}", season.calendar.sessions[session].name)))?;
    match &arguments.to {
        Some(path) => {
            journal::file::save(path, &bytes).map_err(|error| facts::stop(&error))?;
            Ok(format!("{}: {}, {} bytes\n", path.display(), format.title(), bytes.len()))
        }
        None => String::from_utf8(bytes)
            .map_err(|_| Stop::usage(format!("{} is not written as plain text; name a file with --to", format.title()))),
    }
}
