//! The tables and triggers of a store: how they are made, and whether they are still what they were.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::damage::{Damage, Flaw};
use crate::error::JournalError;
use crate::store::store_error;

/// Everything in a store: kind, name, the table it belongs to, and the words that make it, as SQLite keeps them.
const SCHEMA: [[&str; 4]; 5] = [
    ["table", "facts", "facts", "CREATE TABLE facts (n INTEGER PRIMARY KEY, line TEXT NOT NULL, hash TEXT NOT NULL) STRICT"],
    [
        "table",
        "head",
        "head",
        "CREATE TABLE head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), facts INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
    ],
    [
        "trigger",
        "facts_stay",
        "facts",
        "CREATE TRIGGER facts_stay BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END",
    ],
    [
        "trigger",
        "facts_keep",
        "facts",
        "CREATE TRIGGER facts_keep BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END",
    ],
    SEASON,
];
/// Stores made before seasons were named have none.
const SEASON: [&str; 4] =
    ["table", "season", "season", "CREATE TABLE season (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), title TEXT NOT NULL) STRICT"];

/// Makes every table and trigger in an empty store.
pub(crate) fn tables(connection: &Connection) -> rusqlite::Result<()> {
    SCHEMA.iter().try_for_each(|[_, _, _, sql]| connection.execute_batch(sql))
}

/// Writes for which season the store is; in a store made before seasons were named, with the table.
pub(crate) fn name_season(connection: &Connection, title: &str) -> rusqlite::Result<()> {
    let [_, _, _, sql] = SEASON;
    connection.execute_batch(&sql.replacen("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))?;
    connection.execute("INSERT INTO season VALUES (1, ?1)", [title]).map(|_| ())
}

/// What differs from the tables and triggers that the format has.
pub(crate) fn altered(connection: &Connection, path: &Path) -> Result<Vec<Damage>, JournalError> {
    let store = |error| store_error(path, "reading the tables of the journal", &error);
    let mut statement = connection.prepare_cached("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema").map_err(store)?;
    let rows = statement.query_map([], |row| Ok([row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).map_err(store)?;
    let found = rows.collect::<Result<Vec<_>, _>>().map_err(store)?;
    let is = |row: &[String; 4], object: &[&str; 4]| row.iter().zip(object).all(|(found, expected)| found == expected);
    let missing = SCHEMA.iter().filter(|object| **object != SEASON && !found.iter().any(|row| is(row, object)));
    let missing = missing.map(|[kind, name, ..]| format!("the {kind} {name} is missing or another"));
    let strange = found.iter().filter(|row| !SCHEMA.iter().any(|object| is(row, object)));
    let strange = strange.map(|[kind, name, ..]| format!("the {kind} {name} is not the format's"));
    let damage = |why| Damage { path: path.to_owned(), line: None, fact: None, flaw: Flaw::Schema { why } };
    Ok(missing.chain(strange).map(damage).collect())
}

/// Refuses a store whose tables or triggers were altered.
pub(crate) fn unaltered(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let damage = altered(connection, path)?;
    if damage.is_empty() { Ok(()) } else { Err(JournalError::Damaged { damage }) }
}

/// The title in the table `season`, where there is one.
pub(crate) fn season(connection: &Connection, path: &Path) -> Result<Option<String>, JournalError> {
    let store = |error| store_error(path, "reading the season of the journal", &error);
    let known = connection.query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'season'", [], |_| Ok(()));
    if known.optional().map_err(store)?.is_none() {
        return Ok(None);
    }
    connection.query_row("SELECT title FROM season", [], |row| row.get(0)).optional().map_err(store)
}
