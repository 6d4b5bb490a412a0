//! A file of somebody else's, read: which format it is in, and what it tells.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use clap::Args;
use sport::session::SessionKind;
use timing::format::{Format, How, Told};
use timing::mapped::mapping::Known;
use timing::sim::acc::tables::Platform;

use crate::stop::Stop;

/// How a file of somebody else's is read.
#[derive(Args, Debug, Clone)]
pub(crate) struct FileArguments {
    /// Its format, where its content does not say it
    #[arg(long = "as", value_name = "FORMAT", value_parser = file_format)]
    pub(crate) format_of_file: Option<Format>,
    /// What the session is for, where the file does not say it
    #[arg(long, value_parser = session_kind, value_name = "KIND")]
    pub(crate) kind: Option<SessionKind>,
    /// What a column of a table holds: Startnummer=number, C=team; also header=3, sheet='Race 1', rows=laps, times=days, Aufgabe=not-classified
    #[arg(long = "map", value_name = "COLUMN=MEANING")]
    columns: Vec<String>,
    /// The file is of a console's server, which numbers some cars otherwise
    #[arg(long)]
    console: bool,
}

impl FileArguments {
    fn how(&self) -> Result<How, Stop> {
        let known = Known::of(&self.columns).map_err(|why| Stop::usage(format!("--map {why}")))?;
        Ok(How { known, platform: if self.console { Platform::Console } else { Platform::Pc } })
    }
}

/// A format by its word.
pub(crate) fn file_format(written: &str) -> Result<Format, String> {
    let words = Format::ALL;
    let found = words.iter().find(|(_, word, _)| *word == written).map(|(format, ..)| *format);
    found.ok_or_else(|| format!("formats are {}", words.map(|(_, word, _)| word).join(", ")))
}

fn session_kind(written: &str) -> Result<SessionKind, String> {
    let words = SessionKind::WORDS;
    let found = words.iter().find(|(word, _)| *word == written).map(|(_, kind)| *kind);
    found.ok_or_else(|| format!("kinds are {}", words.map(|(word, _)| word).join(", ")))
}

/// A larger file than this is read by nobody: the largest of a 24-hour race has not a tenth of it.
const LARGEST: u64 = 256 << 20;
/// So much of a file says which format it is in.
const BEGINNING: usize = 64 << 10;

/// The bytes of a file, where it is not larger than any file of a session.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Stop> {
    let broken = |error: std::io::Error| Stop::file(path, &error);
    let file = File::open(path).map_err(broken)?;
    let about = file.metadata().map_err(broken)?;
    if about.is_dir() {
        return Err(Stop::io(&path.display().to_string(), &"it is a folder; name a file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > LARGEST {
        let size = about.len() >> 20;
        let why =
            format!("it has {size} MiB, and no file of one session has more than {} MiB; name the file of one session", LARGEST >> 20);
        return Err(Stop::io(&path.display().to_string(), &why));
    }
    Ok(bytes)
}

/// What a file tells.
pub(crate) fn read(path: &Path, how: &FileArguments) -> Result<Told, Stop> {
    let bytes = bytes(path)?;
    of(path, &bytes, how)
}

/// The same, of bytes that were read already.
pub(crate) fn of(path: &Path, bytes: &[u8], how: &FileArguments) -> Result<Told, Stop> {
    let name = path.display();
    if bytes.is_empty() {
        return Err(Stop::no(format!("{name}: it is empty")));
    }
    let known = how.format_of_file.or_else(|| Format::of(&bytes[..bytes.len().min(BEGINNING)]));
    let Some(format) = known else {
        let words: Vec<&str> = Format::ALL.iter().map(|(_, word, _)| *word).collect();
        return Err(Stop::no(format!("{name}: its format is not known; name it with --as: {}", words.join(", "))));
    };
    format.read(bytes, &how.how()?).map_err(|flaw| Stop::no(format!("{name}: no {}: {flaw}", format.title())))
}
