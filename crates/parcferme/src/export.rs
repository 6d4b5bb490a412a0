//! `export`: the journal as lines, or a session in somebody else's format.

use std::fmt::Write as _;
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
    #[arg(requires = "formats")]
    session: Option<String>,
    /// The format; several, with commas between, are written into a folder
    #[arg(long = "as", value_name = "FORMAT", value_parser = crate::told::file_format, value_delimiter = ',', requires = "session")]
    formats: Vec<Format>,
    /// The file to write instead of standard output, or a folder; each file is replaced whole or not at all
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
}

/// `export`.
pub(crate) fn run(arguments: &ExportArguments) -> Result<String, Stop> {
    let to = arguments.to.as_deref();
    let Some(session) = &arguments.session else { return facts::export(&arguments.season, to) };
    let Place { rulebook, season, .. } = place::open(&arguments.season)?;
    let session = moment::session(&season, session)?;
    let account = ours::session(&rulebook, &season, Moment::NOW, session);
    let written = |format: &Format| {
        let name = &season.calendar.sessions[session].name;
        format.write(&account).map_err(|why| Stop::no(format!("{name} as {}: {why}", format.word()))).map(|bytes| (*format, bytes))
    };
    // All of them before the first is written: a server does not get half of what it needs.
    let files: Vec<(Format, Vec<u8>)> = arguments.formats.iter().map(written).collect::<Result<_, _>>()?;
    let Some(to) = to else {
        let [(format, bytes)] = files.as_slice() else {
            return Err(Stop::usage("several formats are several files; name a folder with --to"));
        };
        // Sixteen-bit letters pass for text with nothing between them.
        let text = String::from_utf8(bytes.clone()).ok().filter(|text| !text.contains('\0'));
        return text.ok_or_else(|| Stop::usage(format!("{} is not written as plain text; name a file with --to", format.title())));
    };
    let folder = files.len() > 1 || to.is_dir() || to.as_os_str().to_string_lossy().ends_with('/');
    if folder {
        std::fs::create_dir_all(to).map_err(|error| Stop::file(to, &error))?;
    }
    let mut said = String::new();
    for (format, bytes) in files {
        let path = if folder { to.join(format.file_name()) } else { to.to_owned() };
        journal::file::save(&path, &bytes).map_err(|error| facts::stop(&error))?;
        _ = writeln!(said, "{}: {}, {} bytes", path.display(), format.title(), bytes.len());
    }
    Ok(said)
}
