//! A reader's look at a store: read only, without creating a file.
//!
//! SQLite in WAL mode wants two files beside the store (`-wal`, `-shm`) and a reader would create them. While they are
//! there a reader shares them. While they are not, nobody writes, and the store is read as an unchanging file; should a
//! writer come in meanwhile, the look starts again.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::JournalError;
use crate::store::{connect, guard, store_error};

/// How often a look may start again because a writer came in.
const TRIES: u32 = 20;
/// How long to wait before the first new start; each later one waits longer.
const PAUSE: Duration = Duration::from_millis(1);
const OPENING: &str = "opening the journal to read";

/// Looks at one state of the store at `path`.
pub(crate) fn at<T>(path: &Path, mut look: impl FnMut(&Connection) -> Result<T, JournalError>) -> Result<T, JournalError> {
    for attempt in 0..TRIES {
        std::thread::sleep(PAUSE * attempt);
        match Log::beside(path) {
            Log::Kept => {
                let look = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, OPENING).and_then(|connection| {
                    let snapshot = connection.unchecked_transaction().map_err(|error| store_error(path, OPENING, &error))?;
                    look(&snapshot)
                });
                // A writer that leaves takes the log away while it is opened.
                if look.is_ok() || Log::beside(path) == Log::Kept {
                    return look;
                }
            }
            // A writer that leaves removes the index a moment before the log.
            Log::Torn => (),
            Log::Absent => {
                let before = stamp(path);
                let result = unchanging(path).and_then(|connection| look(&connection));
                if before == stamp(path) && Log::beside(path) == Log::Absent {
                    return result;
                }
            }
        }
    }
    if Log::beside(path) == Log::Torn {
        let why = "there is a `-wal` file without its `-shm` file; copy both, or open the journal once to append".to_owned();
        return Err(JournalError::Store { path: path.to_owned(), doing: OPENING, why });
    }
    Err(JournalError::Busy { path: path.to_owned() })
}

/// The log beside a store: what is appended but not yet in the store itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Log {
    /// There is none, or it is empty.
    Absent,
    /// It is there with its index.
    Kept,
    /// It is there without its index.
    Torn,
}

impl Log {
    fn beside(path: &Path) -> Self {
        if !fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Self::Absent;
        }
        if beside(path, "-shm").exists() { Self::Kept } else { Self::Torn }
    }
}

/// Differs once somebody wrote to the file. The clock is not read: the file system's mark is compared with itself.
fn stamp(path: &Path) -> Option<impl PartialEq + use<>> {
    let file = fs::metadata(path).ok()?;
    Some((file.len(), file.modified().ok()?))
}

/// Refuses where the store at `path` is gone and its log is not: the log may hold the only copy of its last facts.
pub(crate) fn log_left(path: &Path) -> Result<(), JournalError> {
    let log = beside(path, "-wal");
    if !path.exists() && fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(JournalError::LogLeft { path: path.to_owned(), log });
    }
    Ok(())
}

/// What SQLite may open beside a store.
pub(crate) fn companions(path: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|end| beside(path, end))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

fn unchanging(path: &Path) -> Result<Connection, JournalError> {
    let absolute = std::path::absolute(path).map_err(|why| JournalError::file(path, OPENING, why))?;
    let store = |error| store_error(path, OPENING, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(address(&absolute), flags).map_err(store)?;
    guard(&mut connection).map_err(store)?;
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
