//! The lines of a long journal, checked by two threads.
//!
//! A line names the hash of the line before it, so each can be checked alone, and only whether one follows the other needs their order. What is
//! wrong is not named here: where anything is not in order, the reader of one line after the other looks again and says what.

use std::sync::{Mutex, mpsc};
use std::thread;

use rusqlite::{Connection, Rows};
use sport::fact::Fact;

use crate::hash::{Hash, Head};
use crate::heard::Known;
use crate::line::{self, Line};

/// A journal of fewer facts is read sooner than a thread is started.
pub(crate) const MANY: i64 = 500;
/// So many bytes are checked at once: small enough that both threads end together.
const SIZE: usize = 48 * 1024;
/// Facts for which room is made before the first is read; a damaged store may claim any number.
const ROOM: usize = 1 << 20;

/// Lines, each with the hash of its row behind it.
struct Batch {
    /// The number of the first.
    first: u64,
    text: Vec<u8>,
    /// Where each line ends, and where its hash does.
    ends: Vec<(usize, usize)>,
}

/// What a batch holds: facts that follow one another.
struct Checked {
    first: u64,
    /// The hash of the line before the first.
    prev: Hash,
    last: Hash,
    facts: Vec<Fact>,
}

/// Reads a store whose head row names so many facts. `None` where anything is not in order; the head row's hash is for the caller to compare.
pub(crate) fn read(connection: &Connection, facts: i64) -> rusqlite::Result<Option<(Vec<Fact>, Head)>> {
    let mut statement = connection.prepare("SELECT n, line, hash FROM facts ORDER BY n")?;
    let mut rows = statement.query([])?;
    let (queue, batches) = mpsc::channel();
    let batches = Mutex::new(batches);
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(|| check(&batches));
        let filled = fill(&mut rows, &queue);
        drop(queue);
        let mine = filled.map(|filled| filled.then(|| check(&batches)).flatten());
        (mine, other.join().ok().flatten())
    });
    let Some((mut checked, others)) = mine?.zip(others) else { return Ok(None) };
    checked.extend(others);
    checked.sort_unstable_by_key(|checked| checked.first);
    Ok(joined(checked, usize::try_from(facts).unwrap_or(0).min(ROOM)))
}

/// Puts every row into a batch. False where a row is none of a journal.
fn fill(rows: &mut Rows<'_>, queue: &mpsc::Sender<Batch>) -> rusqlite::Result<bool> {
    let batch = |first| Batch { first, text: Vec::with_capacity(SIZE + SIZE / 4), ends: Vec::with_capacity(SIZE / 256) };
    let (mut next, mut filling) = (1, batch(1));
    while let Some(row) = rows.next()? {
        let (number, line, hash) = (row.get_ref(0)?, row.get_ref(1)?, row.get_ref(2)?);
        let (Ok(number), Ok(line), Ok(hash)) = (number.as_i64(), line.as_bytes(), hash.as_bytes()) else { return Ok(false) };
        if u64::try_from(number) != Ok(next) {
            return Ok(false);
        }
        next += 1;
        filling.text.extend_from_slice(line);
        let end = filling.text.len();
        filling.text.extend_from_slice(hash);
        filling.ends.push((end, filling.text.len()));
        if filling.text.len() > SIZE {
            // Whoever takes it found something out of order where nobody takes it any more.
            let _ = queue.send(std::mem::replace(&mut filling, batch(next)));
        }
    }
    let _ = queue.send(filling);
    Ok(true)
}

/// Checks batches as long as there are any. `None` where anything is not in order.
fn check(batches: &Mutex<mpsc::Receiver<Batch>>) -> Option<Vec<Checked>> {
    let (mut checked, mut known) = (Vec::new(), Known::default());
    loop {
        let next = batches.lock().ok()?.recv();
        let Ok(batch) = next else { return Some(checked) };
        if !batch.ends.is_empty() {
            checked.push(batch.check(&mut known)?);
        }
    }
}

impl Batch {
    fn check(&self, known: &mut Known) -> Option<Checked> {
        let text = std::str::from_utf8(&self.text).ok()?;
        let mut facts = Vec::with_capacity(self.ends.len());
        let (mut number, mut from, mut chain) = (self.first, 0, None);
        for (end, hash_end) in self.ends.iter().copied() {
            let Line { fact, prev, hash } = line::read_with(text.get(from..end)?, known).ok()?;
            let follows = chain.is_none_or(|(_, last)| last == prev);
            if !follows || fact.number != number || *text.get(end..hash_end)?.as_bytes() != hash.digits() {
                return None;
            }
            facts.push(fact);
            chain = Some((chain.map_or(prev, |(first, _)| first), hash));
            (number, from) = (number + 1, hash_end);
        }
        let (prev, last) = chain?;
        Some(Checked { first: self.first, prev, last, facts })
    }
}

/// The batches one behind the other.
fn joined(checked: Vec<Checked>, room: usize) -> Option<(Vec<Fact>, Head)> {
    let mut head = Head::START;
    let mut facts = Vec::with_capacity(room);
    for mut batch in checked {
        if batch.prev != head.hash || batch.first != head.facts + 1 {
            return None;
        }
        facts.append(&mut batch.facts);
        head = Head { facts: u64::try_from(facts.len()).ok()?, hash: batch.last };
    }
    Some((facts, head))
}
