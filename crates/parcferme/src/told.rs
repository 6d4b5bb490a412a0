//! A file of somebody else's, read: which format it is in, and what it tells.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use timing::format::{Format, Told};

use crate::arguments::FileArguments;
use crate::stop::Stop;

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
    format.read(bytes).map_err(|flaw| Stop::no(format!("{name}: no {}: {flaw}", format.title())))
}
