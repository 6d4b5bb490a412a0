//! Files as a journal uses them: regular ones only, replaced whole, and a full disk said as such.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::JournalError;

/// Bytes that the smallest writing to a store needs beside it.
const ROOM: usize = 64 * 1024;

/// Whether a file is there. What is there and is no regular file is refused before it is opened: a pipe would keep a reader waiting for ever.
///
/// A link is what it points at; a link that points at nothing is refused, as it says there should be something.
pub fn there(path: &Path) -> Result<bool, JournalError> {
    match fs::metadata(path) {
        Ok(file) if file.is_file() => Ok(true),
        Ok(file) => Err(JournalError::NotAFile { path: path.to_owned(), is: kind(file.file_type()) }),
        Err(why) if why.kind() == io::ErrorKind::NotFound => match fs::symlink_metadata(path) {
            Ok(_) => Err(JournalError::NotAFile { path: path.to_owned(), is: "a link that points at nothing" }),
            Err(_) => Ok(false),
        },
        Err(why) => Err(JournalError::file(path, "looking for the file", why)),
    }
}

fn kind(of: FileType) -> &'static str {
    if of.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if of.is_fifo() {
            return "a pipe";
        }
        if of.is_socket() {
            return "a socket";
        }
    }
    "a device"
}

/// Whether an error says that there is no room left.
pub fn is_full(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether there is no room left beside a file, found by trying: the store does not say why a write failed.
pub(crate) fn no_room_beside(path: &Path) -> bool {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.room", std::process::id()));
    let beside = path.with_file_name(name);
    let tried = fresh(&beside).and_then(|mut file| file.write_all(&[0; ROOM]).and_then(|()| file.sync_all()));
    // What it was tried with is of no use to anybody.
    let _ = fs::remove_file(&beside);
    tried.is_err_and(|why| is_full(&why))
}

/// Opens a regular file to read.
pub(crate) fn open(path: &Path) -> Result<BufReader<File>, JournalError> {
    if !there(path)? {
        return Err(JournalError::Missing { path: path.to_owned() });
    }
    File::open(path).map(BufReader::new).map_err(|why| JournalError::file(path, "reading the journal", why))
}

/// Replaces the file at `path` by these bytes, at once or not at all.
///
/// # Errors
/// It cannot be written, or is no regular file.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    replace(path, |to| to.write_all(bytes).map_err(|why| JournalError::file(path, "writing the file", why)))
}

/// Writes beside `path` and moves the whole file there once it is on disk. Through a link, the file it points at is replaced.
pub(crate) fn replace<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<T, JournalError>) -> Result<T, JournalError> {
    let failed = |why| JournalError::file(path, "writing the file", why);
    let before = if there(path)? { Some(fs::canonicalize(path).map_err(failed)?) } else { None };
    let target = before.clone().unwrap_or_else(|| path.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = target.with_file_name(name);
    let mut to = BufWriter::new(fresh(&beside).map_err(failed)?);
    let filled = fill(&mut to).and_then(|head| {
        let file = to.into_inner().map_err(|error| failed(error.into_error()))?;
        if let Some(before) = &before {
            // Who could not read the old file cannot read the new one.
            let rights = fs::metadata(before).map_err(failed)?.permissions();
            file.set_permissions(rights).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        fs::rename(&beside, &target).map_err(failed)?;
        sync_folder(&target).map_err(failed)?;
        Ok(head)
    });
    if filled.is_err() {
        // What could not be completed is of no use; the error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    filled
}

/// A new file; one that a killed process of the same number left is removed, never written through.
fn fresh(path: &PathBuf) -> io::Result<File> {
    let create = || OpenOptions::new().write(true).create_new(true).open(path);
    match create() {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(path).and_then(|()| create()),
        made => made,
    }
}

/// Makes a new name in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
