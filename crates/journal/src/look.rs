//! A reader's look at a store: read only, without creating a file.
//!
//! SQLite in WAL mode wants two files beside the store (`-wal`, `-shm`) and a reader would create them. While they are
//! there a reader shares them. While they are not, nobody writes, and the store is read as an unchanging file; should a
//! writer come in meanwhile, the look starts again.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::error::JournalError;
use crate::store::{connect, guard, store_error};

/// How often a look may start again because a writer came in.
const TRIES: usize = 10;
const OPENING: &str = "opening the journal to read";

/// Looks at one state of the store at `path`.
pub(crate) fn at<T>(path: &Path, mut look: impl FnMut(&Connection) -> Result<T, JournalError>) -> Result<T, JournalError> {
    for _ in 0..TRIES {
        if logged(path)? {
            let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, OPENING)?;
            let snapshot = connection.unchecked_transaction().map_err(|error| store_error(path, OPENING, &error))?;
            return look(&snapshot);
        }
        let before = stamp(path);
        let result = unchanging(path).and_then(|connection| look(&connection));
        if before == stamp(path) && !logged(path)? {
            return result;
        }
    }
    Err(JournalError::Busy { path: path.to_owned() })
}

/// Whether there is a log beside the store that holds something.
fn logged(path: &Path) -> Result<bool, JournalError> {
    let log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if log && !beside(path, "-shm").exists() {
        let why = "there is a `-wal` file without its `-shm` file; copy both, or open the journal once to append".to_owned();
        return Err(JournalError::Store { path: path.to_owned(), doing: OPENING, why });
    }
    Ok(log)
}

/// Differs once somebody wrote to the file. The clock is not read: the file system's mark is compared with itself.
fn stamp(path: &Path) -> Option<impl PartialEq + use<>> {
    let file = fs::metadata(path).ok()?;
    Some((file.len(), file.modified().ok()?))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

fn unchanging(path: &Path) -> Result<Connection, JournalError> {
    let absolute = std::path::absolute(path).map_err(|why| JournalError::File { path: path.to_owned(), doing: OPENING, why })?;
    let store = |error| store_error(path, OPENING, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address(&absolute), flags).map_err(store)?;
    guard(&connection).map_err(store)?;
    Ok(connection)
}

/// The file as an address that says it does not change.
fn address(absolute: &Path) -> String {
    let mut address = String::from("file://");
    if cfg!(windows) {
        address.push('/');
    }
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => address.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => address.push(char::from(*byte)),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address.push_str("?immutable=1");
    address
}
