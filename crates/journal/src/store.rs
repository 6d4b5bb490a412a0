//! A journal in an embedded SQLite store: one file a season, one writer at a time, any number of readers.
//!
//! The table `facts` holds the lines as they are exported, the table `head` how many there are and the last hash. Both
//! change in one transaction, in WAL mode with `synchronous=FULL`: what [`Journal::append`] acknowledged is on disk.

use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use sport::fact::Fact;

use crate::damage::{Damage, Flaw};
use crate::error::JournalError;
use crate::file;
use crate::hash::{Hash, Head};
use crate::jsonl::{self, Text, Verified};
use crate::line::{self, Chain};
use crate::schema::{altered, name_season, season, unaltered};
use crate::{batch, look, schema};

/// The mark in the file's header: `PFj1` in ASCII.
const APPLICATION: i64 = 0x5046_6a31;
/// The format of the tables.
const FORMAT: i64 = 1;
/// How long to wait for another writer, in milliseconds.
const PATIENCE_MS: i32 = 5_000;
const APPENDING: &str = "appending to the journal";

/// A season's facts in a file.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Absent for a reader, which opens the file anew for each look.
    writer: Option<Connection>,
    head: Head,
}

impl Journal {
    /// Creates an empty journal where no file is.
    pub fn create(path: &Path) -> Result<Self, JournalError> {
        if file::there(path)? && std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
            return Err(JournalError::AlreadyThere { path: path.to_owned() });
        }
        look::log_left(path)?;
        let doing = "creating the journal";
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, doing)?;
        let store = |error| store_error(path, doing, &error);
        wal(&connection, path)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
        let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(store)?;
        if tables > 0 {
            return Err(JournalError::AlreadyThere { path: path.to_owned() });
        }
        schema::tables(&transaction).map_err(store)?;
        transaction.execute("INSERT INTO head VALUES (1, 0, ?1)", [Hash::START.to_string()]).map_err(store)?;
        transaction.pragma_update(None, "application_id", APPLICATION).map_err(store)?;
        transaction.pragma_update(None, "user_version", FORMAT).map_err(store)?;
        transaction.commit().map_err(store)?;
        file::sync_folder(path).map_err(|why| JournalError::file(path, doing, why))?;
        Ok(Self { path: path.to_owned(), writer: Some(connection), head: Head::START })
    }

    /// Opens a journal to append to it. Any number may be open; who appends second is told so.
    ///
    /// A store whose tables or triggers were altered is refused: what is appended to it could be lost.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        exists(path)?;
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, "opening the journal")?;
        check_format(&connection, path)?;
        unaltered(&connection, path)?;
        wal(&connection, path)?;
        let mut journal = Self { path: path.to_owned(), writer: Some(connection), head: Head::START };
        // In one look: a fact that comes in between would make the two places that say the head differ.
        journal.head = journal.look(last)?;
        Ok(journal)
    }

    /// Refuses where the store at `path` is gone and its log is not: the log may hold the only copy of its last facts.
    pub fn not_lost(path: &Path) -> Result<(), JournalError> {
        look::log_left(path)
    }

    /// Opens a journal to read only. Creates no file and needs no right to write, not even to the folder.
    ///
    /// Each look at the journal sees what is there at that moment. A journal whose writer was killed keeps two files
    /// beside it (`-wal`, `-shm`); a reader needs both or neither.
    pub fn open_to_read(path: &Path) -> Result<Self, JournalError> {
        exists(path)?;
        let head = look::at(path, |connection| {
            check_format(connection, path)?;
            last(connection, path)
        })?;
        Ok(Self { path: path.to_owned(), writer: None, head })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far this journal is known: as of opening, reading or appending, whichever was last.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Appends facts in one transaction and returns the new head once they are on disk: all of them or none.
    ///
    /// They must continue the journal as it is known here; if someone else's fact came first, nothing is stored.
    pub fn append(&mut self, facts: &[Fact]) -> Result<Head, JournalError> {
        let (head, rows) = chained(self.head, facts)?;
        let path = self.path.as_path();
        let store = |error| store_error(path, APPENDING, &error);
        let Some(connection) = &mut self.writer else { return Err(JournalError::ReadOnly { path: self.path.clone() }) };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
        unaltered(&transaction, path)?;
        let found = last(&transaction, path)?;
        if found != self.head {
            return Err(JournalError::Overtaken { path: self.path.clone(), known: self.head, found });
        }
        insert(&transaction, path, head, &rows)?;
        transaction.commit().map_err(store)?;
        self.head = head;
        Ok(head)
    }

    /// Appends what `decide` makes of the facts that came since this journal was last read: nobody else's fact can come first, for nobody else can
    /// write until it has answered. So it should answer soon. All of it is stored, or, where it refuses, nothing.
    pub fn decide<E: From<JournalError>>(&mut self, decide: impl FnOnce(Vec<Fact>) -> Result<Vec<Fact>, E>) -> Result<Head, E> {
        let path = self.path.as_path();
        let store = |error| store_error(path, APPENDING, &error);
        let Some(connection) = &mut self.writer else { return Err(JournalError::ReadOnly { path: self.path.clone() }.into()) };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
        unaltered(&transaction, path)?;
        let (mut chain, found) = (Chain::after(self.head), last(&transaction, path)?);
        let news = since(&transaction, path, self.head, &mut chain)?;
        if chain.head() != Some(found) {
            let flaw = Flaw::HeadRow { written: found.to_string(), found: chain.head().unwrap_or(self.head) };
            return Err(JournalError::Damaged { damage: vec![Damage { path: path.to_owned(), line: None, fact: None, flaw }] }.into());
        }
        let facts = decide(news)?;
        let (head, rows) = chained(found, &facts)?;
        insert(&transaction, path, head, &rows)?;
        transaction.commit().map_err(store)?;
        self.head = head;
        Ok(head)
    }

    /// The season the store was made for; `None` where it was never said.
    pub fn season(&self) -> Result<Option<String>, JournalError> {
        self.look(season)
    }

    /// Refuses where the store was made for another season than the one with this title. Says nothing where it was never said.
    pub fn is_of(&self, title: &str) -> Result<(), JournalError> {
        match self.season()? {
            Some(made_for) if made_for != title => {
                Err(JournalError::OtherSeason { path: self.path.clone(), made_for, season: title.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Says for which season the store is, once; refuses where it was made for another.
    pub fn claim(&mut self, title: &str) -> Result<(), JournalError> {
        if self.season()?.is_none() {
            let path = self.path.as_path();
            let store = |error| store_error(path, "naming the season of the journal", &error);
            let Some(connection) = &mut self.writer else { return Err(JournalError::ReadOnly { path: self.path.clone() }) };
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store)?;
            unaltered(&transaction, path)?;
            if season(&transaction, path)?.is_none() {
                name_season(&transaction, title).map_err(store)?;
                transaction.commit().map_err(store)?;
            }
        }
        self.is_of(title)
    }

    /// Refuses where a text holds another fact than the store before the shorter of the two ends.
    pub fn agrees(&self, text: &Text) -> Result<(), JournalError> {
        let shared = self.head.facts.min(text.head().facts);
        let first = self.look(|connection, path| {
            if shared == 0 || hash_of(connection, path, shared)?.as_deref() == text.hash(shared).map(|hash| hash.to_string()).as_deref() {
                return Ok(None);
            }
            let mut first = None;
            walk(connection, path, &mut |fact, hash, _| {
                if first.is_none() && text.hash(fact.number) != Some(hash) {
                    first = Some(fact.number);
                }
            })?;
            Ok(Some(first.unwrap_or(shared)))
        })?;
        first.map_or(Ok(()), |fact| Err(JournalError::Forked { path: self.path.clone(), text: text.path().to_owned(), fact }))
    }

    /// Appends what a text has beyond the store, and nothing where it has no more. Both must hold the same facts as far as both go.
    ///
    /// The lines and hashes in the store are then those of the text. All of it is stored, or nothing.
    pub fn take(&mut self, text: &Text) -> Result<Head, JournalError> {
        loop {
            self.agrees(text)?;
            let rest = text.after(self.head.facts);
            if rest.is_empty() {
                return Ok(self.head);
            }
            match self.append(rest) {
                // Each fact that came first leaves less to take, so this ends.
                Err(JournalError::Overtaken { known, found, .. }) if found.facts > known.facts => self.head = found,
                other => return other,
            }
        }
    }

    /// Reads all facts; every byte of their lines is checked.
    pub fn read(&mut self) -> Result<Vec<Fact>, JournalError> {
        let (facts, head) = self.look(|connection, path| {
            if let Some(read) = together(connection, path)? {
                return Ok(read);
            }
            let mut facts = Vec::new();
            let head = walk(connection, path, &mut |fact, _, _| {
                facts.push(fact);
            })?;
            Ok((facts, head))
        })?;
        self.head = head;
        Ok(facts)
    }

    /// The lines as they are exported, without line ends; every byte is checked.
    pub fn lines(&mut self) -> Result<Vec<String>, JournalError> {
        let (lines, head) = self.look(|connection, path| {
            let mut lines = Vec::new();
            let head = walk(connection, path, &mut |_, _, line| {
                lines.push(String::from_utf8_lossy(line).into_owned());
            })?;
            Ok((lines, head))
        })?;
        self.head = head;
        Ok(lines)
    }

    /// Checks every byte of the facts, the store's own structure, and that the head says what the facts say.
    pub fn verify(&self) -> Result<Verified, Vec<Damage>> {
        let verified = self.look(|connection, path| {
            let mut broken = integrity(connection, path);
            broken.extend(altered(connection, path)?);
            if !broken.is_empty() {
                return Err(JournalError::Damaged { damage: broken });
            }
            walk(connection, path, &mut |_, _, _| ())
        });
        match verified {
            Ok(head) => Ok(Verified { facts: head.facts, head }),
            Err(JournalError::Damaged { damage }) => Err(damage),
            Err(error) => Err(vec![jsonl::unreachable_damage(&self.path, &error)]),
        }
    }

    /// Writes the journal as text: the same lines, and the closing line. Every byte is checked on the way.
    ///
    /// If this fails, what was written so far has no closing line.
    pub fn export(&self, to: &mut dyn Write) -> Result<Head, JournalError> {
        // Lines are gathered first: a look may have to start again.
        let mut text = Vec::new();
        let head = self.look(|connection, path| {
            text.clear();
            walk(connection, path, &mut |_, _, line| {
                text.extend_from_slice(line);
                text.push(b'\n');
            })
        })?;
        text.extend_from_slice(jsonl::closing(head).as_bytes());
        text.push(b'\n');
        let failed = |why| JournalError::file(&self.path, "exporting the journal", why);
        to.write_all(&text).and_then(|()| to.flush()).map_err(failed)?;
        Ok(head)
    }

    /// Replaces the file at `path` by the journal as text, at once or not at all.
    pub fn export_to(&self, path: &Path) -> Result<Head, JournalError> {
        file::replace(path, |to| self.export(to))
    }

    /// Looks at one unchanging state of the journal.
    fn look<T>(&self, mut look: impl FnMut(&Connection, &Path) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let path = self.path.as_path();
        let Some(connection) = &self.writer else {
            return look::at(path, |connection| {
                check_format(connection, path)?;
                look(connection, path)
            });
        };
        let snapshot = connection.unchecked_transaction().map_err(|error| store_error(path, "reading the journal", &error))?;
        look(&snapshot, path)
    }
}

/// A row of the table `facts`.
struct Row {
    number: i64,
    line: String,
    hash: Hash,
}

/// The rows of facts that continue a journal, and its head after them.
fn chained(head: Head, facts: &[Fact]) -> Result<(Head, Vec<Row>), JournalError> {
    let mut head = head;
    let mut rows = Vec::with_capacity(facts.len());
    for fact in facts {
        let expected = head.facts.saturating_add(1);
        if fact.number != expected {
            return Err(JournalError::Misnumbered { expected, found: fact.number });
        }
        let (line, hash) = line::write(fact, head.hash).map_err(|why| JournalError::Unwritable { fact: fact.number, why })?;
        rows.push(Row { number: row_number(fact.number)?, line, hash });
        head = Head { facts: fact.number, hash };
    }
    Ok((head, rows))
}

/// Stores rows that continue the journal, and its head after them.
fn insert(transaction: &Transaction<'_>, path: &Path, head: Head, rows: &[Row]) -> Result<(), JournalError> {
    let store = |error| store_error(path, APPENDING, &error);
    let mut insert = transaction.prepare_cached("INSERT INTO facts (n, line, hash) VALUES (?1, ?2, ?3)").map_err(store)?;
    for Row { number, line, hash } in rows {
        insert.execute((number, line, hash.to_string())).map_err(store)?;
    }
    let facts = row_number(head.facts)?;
    let mut update = transaction.prepare_cached("UPDATE head SET facts = ?1, hash = ?2").map_err(store)?;
    update.execute((facts, head.hash.to_string())).map(|_| ()).map_err(store)
}

/// The facts after a head that was read, each checked as it continues `chain`. A store that does not hold what was read is told.
pub(crate) fn since(connection: &Connection, path: &Path, read: Head, chain: &mut Chain) -> Result<Vec<Fact>, JournalError> {
    if read.facts > 0 && hash_of(connection, path, read.facts)? != Some(read.hash.to_string()) {
        return Err(JournalError::TakenBack { path: path.to_owned(), read, found: last(connection, path)? });
    }
    let mut facts = Vec::new();
    for line in lines_after(connection, path, chain.facts())? {
        let expected = chain.next();
        let damaged =
            |flaw| JournalError::Damaged { damage: vec![Damage { path: path.to_owned(), line: None, fact: Some(expected), flaw }] };
        facts.push(chain.check(line.as_bytes()).map_err(damaged)?.0);
    }
    Ok(facts)
}

fn row_number(number: u64) -> Result<i64, JournalError> {
    i64::try_from(number).map_err(|_| JournalError::Unwritable { fact: number, why: "the number is too large".to_owned() })
}

/// The facts of a long journal, read by two threads: `None` for a short one, and where anything is not in order.
fn together(connection: &Connection, path: &Path) -> Result<Option<(Vec<Fact>, Head)>, JournalError> {
    let (facts, hash) = head_row(connection, path)?;
    if facts < batch::MANY {
        return Ok(None);
    }
    let read = batch::read(connection, facts).map_err(|error| store_error(path, "reading the journal", &error))?;
    Ok(read.filter(|(_, head)| u64::try_from(facts) == Ok(head.facts) && hash == head.hash.to_string()))
}

/// Hands out every line in order, checks it, and compares the end with the head row.
fn walk(connection: &Connection, path: &Path, each: &mut dyn FnMut(Fact, Hash, &[u8])) -> Result<Head, JournalError> {
    let store = |error| store_error(path, "reading the journal", &error);
    let mut damage = Vec::new();
    let mut chain = Chain::new();
    let mut statement = connection.prepare("SELECT n, line, hash FROM facts ORDER BY n").map_err(store)?;
    let mut rows = statement.query([]).map_err(store)?;
    while let Some(row) = rows.next().map_err(store)? {
        let expected = chain.next();
        let (number, line, hash) = (row.get_ref(0), row.get_ref(1), row.get_ref(2));
        let (number, line, hash) = (number.map_err(store)?, line.map_err(store)?, hash.map_err(store)?);
        let odd = |_| not_a_journal(path, "a row of the facts holds something else than a line");
        let (line, hash) = (line.as_bytes().map_err(odd)?, hash.as_bytes().map_err(odd)?);
        let row_number = number.as_i64().map_err(odd)?;
        let flaw = match chain.check(line) {
            Ok((fact, _)) if u64::try_from(row_number) != Ok(fact.number) => Some(Flaw::RowNumber { row: row_number }),
            Ok((_, own)) if own.digits() != *hash => Some(Flaw::RowHash { row: String::from_utf8_lossy(hash).into_owned() }),
            Ok((fact, own)) => {
                each(fact, own, line);
                None
            }
            Err(flaw) => Some(flaw),
        };
        damage.extend(flaw.map(|flaw| Damage { path: path.to_owned(), line: None, fact: Some(expected), flaw }));
    }
    let (facts, hash) = head_row(connection, path)?;
    match chain.head() {
        Some(head) if damage.is_empty() && u64::try_from(facts) == Ok(head.facts) && hash == head.hash.to_string() => return Ok(head),
        Some(found) if damage.is_empty() => {
            let flaw = Flaw::HeadRow { written: format!("{facts}, {hash}"), found };
            damage.push(Damage { path: path.to_owned(), line: None, fact: None, flaw });
        }
        _ => (),
    }
    Err(JournalError::Damaged { damage })
}

/// The lines after the first `facts`, in order, as they stand.
fn lines_after(connection: &Connection, path: &Path, facts: u64) -> Result<Vec<String>, JournalError> {
    let store = |error| store_error(path, "following the journal", &error);
    let mut statement = connection.prepare_cached("SELECT line FROM facts WHERE n > ?1 ORDER BY n").map_err(store)?;
    let rows = statement.query_map([row_number(facts)?], |row| row.get(0)).map_err(store)?;
    rows.collect::<rusqlite::Result<Vec<String>>>().map_err(store)
}

/// The head as the last fact and the head row agree on it.
fn last(connection: &Connection, path: &Path) -> Result<Head, JournalError> {
    let store = |error| store_error(path, "reading the head of the journal", &error);
    let mut statement = connection.prepare_cached("SELECT n, hash FROM facts ORDER BY n DESC LIMIT 1").map_err(store)?;
    let row = statement.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    let (number, hash) = row.optional().map_err(store)?.unwrap_or_else(|| (0, Hash::START.to_string()));
    let (facts, written) = head_row(connection, path)?;
    let head = Head { facts: u64::try_from(number).unwrap_or(0), hash: Hash::parse(&hash).unwrap_or(Hash::START) };
    if number != facts || hash != written || head.hash.to_string() != hash {
        let flaw = Flaw::HeadRow { written: format!("{facts}, {written}"), found: head };
        return Err(JournalError::Damaged { damage: vec![Damage { path: path.to_owned(), line: None, fact: None, flaw }] });
    }
    Ok(head)
}

fn head_row(connection: &Connection, path: &Path) -> Result<(i64, String), JournalError> {
    let store = |error| store_error(path, "reading the head of the journal", &error);
    let mut statement = connection.prepare_cached("SELECT facts, hash FROM head").map_err(store)?;
    let row = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(store)?;
    row.ok_or_else(|| not_a_journal(path, "its head row is missing"))
}

/// What the store's own check says, other than that all is well.
fn integrity(connection: &Connection, path: &Path) -> Vec<Damage> {
    let damage = |why| Damage { path: path.to_owned(), line: None, fact: None, flaw: Flaw::Store { why } };
    let said = connection.prepare("PRAGMA integrity_check").and_then(|mut check| {
        let rows = check.query_map([], |row| row.get::<_, String>(0))?;
        rows.collect::<Result<Vec<_>, _>>()
    });
    match said {
        Ok(said) => said.into_iter().filter(|line| line != "ok").map(damage).collect(),
        Err(error) => vec![damage(error.to_string())],
    }
}

/// The hash stored beside a fact.
fn hash_of(connection: &Connection, path: &Path, number: u64) -> Result<Option<String>, JournalError> {
    let store = |error| store_error(path, "reading the journal", &error);
    let number = row_number(number)?;
    connection.query_row("SELECT hash FROM facts WHERE n = ?1", [number], |row| row.get(0)).optional().map_err(store)
}

fn exists(path: &Path) -> Result<(), JournalError> {
    if !file::there(path)? {
        look::log_left(path)?;
        return Err(JournalError::Missing { path: path.to_owned() });
    }
    look::companions(path).iter().try_for_each(|beside| file::there(beside).map(|_| ()))
}

/// A connection with everything set that guards against damage.
pub(crate) fn connect(target: &Path, flags: OpenFlags, doing: &'static str) -> Result<Connection, JournalError> {
    let store = |error| store_error(target, doing, &error);
    let mut connection = Connection::open_with_flags(target, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(store)?;
    guard(&mut connection).map_err(store)?;
    Ok(connection)
}

/// Waits for another writer, unless that was done for long enough. Each wait is short: who looks seldom never comes in beside one that writes
/// without pause.
fn wait(waited: i32) -> bool {
    std::thread::sleep(std::time::Duration::from_millis(1));
    waited < PATIENCE_MS
}

/// Settings of every connection.
pub(crate) fn guard(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(wait))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "synchronous", "FULL")
}

fn wal(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let doing = "switching to write-ahead logging";
    let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
    let mode = mode.map_err(|error| store_error(path, doing, &error))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(JournalError::Store { path: path.to_owned(), doing, why: format!("the file system only allows {mode}") })
}

fn check_format(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let number = |name| {
        let number = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        number.map_err(|error| store_error(path, "opening the journal", &error))
    };
    if number("application_id")? != APPLICATION {
        return Err(not_a_journal(path, "the mark of a journal is missing in its header"));
    }
    match number("user_version")? {
        FORMAT => Ok(()),
        format if format > FORMAT => Err(JournalError::TooNew { path: path.to_owned(), format }),
        format => Err(not_a_journal(path, &format!("its format is {format}"))),
    }
}

fn not_a_journal(path: &Path, why: &str) -> JournalError {
    JournalError::NotAJournal { path: path.to_owned(), why: why.to_owned() }
}

/// What the store reports, in the journal's words.
pub(crate) fn store_error(path: &Path, doing: &'static str, error: &rusqlite::Error) -> JournalError {
    use rusqlite::ErrorCode;
    let (path, why) = (path.to_owned(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Busy { path },
        Some(ErrorCode::ReadOnly) => JournalError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => JournalError::Full { path },
        Some(ErrorCode::SystemIoFailure) if file::no_room_beside(&path) => JournalError::Full { path },
        Some(ErrorCode::NotADatabase) => JournalError::NotAJournal { path, why: "it is no SQLite file".to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => {
            JournalError::Damaged { damage: vec![Damage { path, line: None, fact: None, flaw: Flaw::Store { why } }] }
        }
        Some(_) | None => JournalError::Store { path, doing, why },
    }
}

#[cfg(test)]
mod tests {
    use sport::date::Instant;
    use sport::fact::What;

    use super::*;

    #[test]
    fn a_full_disk_is_said_and_nothing_is_stored() {
        let path = std::env::temp_dir().join(format!("journal-full-{}.sqlite", std::process::id()));
        let mut journal = Journal::create(&path).expect("a store");
        let writer = journal.writer.as_ref().expect("open to append");
        writer.pragma_update(None, "max_page_count", 8).expect("a disk of eight pages");
        let what = What::Undo { fact: 1, reason: "x".repeat(100_000) };
        let fact = Fact { number: 1, happened: Instant(0), recorded: Instant(0), by: "b".into(), citation: "c".into(), what };
        let refused = journal.append(&[fact]).expect_err("there is no room");
        assert!(matches!(refused, JournalError::Full { .. }), "{refused}");
        assert_eq!((journal.read().expect("sound"), journal.head()), (Vec::new(), Head::START));
        drop(journal);
        std::fs::remove_file(&path).expect("the store");
        let full = JournalError::file(&path, "writing", std::io::ErrorKind::StorageFull.into());
        assert!(
            full.to_string().ends_with(": the disk is full; nothing was recorded or replaced; free space there and try again"),
            "{full}"
        );
        assert!(!file::no_room_beside(&path));
    }
}
