//! Facts on disk: appended, read, verified; never interpreted, never changed.
//!
//! [`Journal`] is the store of a live season, [`jsonl`] the same facts as text, [`line`](mod@line) one fact of either.
//! The text and the store hold the same lines, so the same facts have the same [`Head`] wherever they are.
//!
//! # The format, version 1
//!
//! What follows is enough to write a reader in another language. `tests/goldens/v1.jsonl` has every kind of fact. Lines
//! of version 1 are read forever; what version 1 cannot say gets a version 2 beside it.
//!
//! ## The text
//!
//! UTF-8 without byte order mark; every line ends with LF, the last one too; a line has at most 16 MiB. One line a fact in
//! the order of their numbers, then the closing line, which tells a complete text from one that lost its end:
//!
//! ```text
//! {"facts":26,"head":"21014be1fb3446cf4f456c0df9a51c5d19f469ac28b78fd14d2cf990c3ef53e9"}
//! ```
//!
//! `facts` counts the lines before, `head` is the hash of the last of them, or 64 zeros where there is none.
//!
//! ## The line
//!
//! A JSON object without white space, its fields in this order:
//!
//! | field | value |
//! | --- | --- |
//! | `v` | the version, `1` |
//! | `n` | the fact's number, from 1 without gaps |
//! | `happened` | when it happened, a time |
//! | `recorded` | when it was recorded, a time |
//! | `by` | who recorded it, text |
//! | `cite` | where it says so, text |
//! | `fact` | what happened: an object with one field, the kind |
//! | `prev` | the `hash` of the line before; 64 zeros in the first line |
//! | `hash` | SHA-256 of all bytes of the line before `,"hash":`, as 64 lower-case hexadecimal digits |
//!
//! `,"hash":` occurs once in a line. A hash is checked by hand, here for fact 7, and compared with the end of line 7:
//!
//! ```text
//! sed -n 7p journal.jsonl | sed 's/,"hash":.*//' | tr -d '\n' | sha256sum
//! ```
//!
//! ## One spelling
//!
//! A fact has exactly one spelling, or it would have two hashes; a reader that writes the fact again gets the same bytes.
//! Fields stand in the order given here. A field marked `?` is left out where it is absent, an empty list, or false; all
//! others are always there. Unknown fields are refused. In text only `"`, `\` and U+0000 to U+001F are escaped: as `\"`, `\\`,
//! `\b`, `\t`, `\n`, `\f`, `\r`, and `\u00xx` with lower-case digits otherwise.
//!
//! | value | is written |
//! | --- | --- |
//! | time | `"2018-04-14T12:00:00Z"`, UTC, with exactly six decimals where it is not a whole second; from the year 0000 to 9999-12-30T22:00:00Z |
//! | day | `"2018-04-14"`, a day that exists |
//! | span, `…_us` | a whole number of microseconds, 64 bits with sign |
//! | places | `3`; `[6,7]` for 6 to 7; `[8,null]` for 8 or worse; from 1 to 65535, where a worst place of 65535 means `null` unless the best is 65535 too |
//! | points | `"25"`, `"-15/2"`: lowest terms, the sign in front, the denominator at most 10000 |
//! | session | `"2.race-1"`: the round, a dot, the session's id |
//! | name | the id as text, not empty |
//! | word | one of the words given |
//! | round, lap, count | a whole number: rounds and places to drop 16 bits, laps 32 bits |
//!
//! ## The kinds
//!
//! `result`, a published classification: `session`, `mark?` (name), `state` (`provisional`, `amended`, `final`), `document?`,
//! `complete?` (true), `includes?` (decisions' names), `without?` (the same), `raced?`, `fastest?` (entries' names), `rows?`.
//! `raced` is absent for the full length, or `{"laps":{"completed":12,"scheduled":31}}` with `scheduled?`, or
//! `{"time":{"run_us":1800000000,"laps":17}}` with `laps?`. A row is `car` (name), `finish` (`classified`, `not-classified`,
//! `not-started`, `disqualified`, `unknown`), `place?`, `class_place?`, `cup_place?` (places), `laps?`, `time_us?`, `gap_us?`,
//! `best_lap_us?`, `crew?` (drivers' names), `drove?` (a list of `driver`, `time_us`), `led?` (true), `note?`.
//!
//! `grid`, a published grid: `session`, `complete?`, `rows?` of `car`, `place?`, `class_place?`, `cup_place?`, `driver?`,
//! `time_us?`, `note?`.
//!
//! `decision`: `id` (name), `authority`, `article`, `reason`, `effects?`, `settles?` of `matter` (name) and `outcome` (`upheld`,
//! `rejected`, `withdrawn`).
//!
//! `matter`: `id` (name), `kind` (`protest`, `appeal`, `review`, `inquiry`), `by`, `against` (`{"decision":"…"}` or
//! `{"result":"2.race-1"}`), `if_upheld?` (effects), `suspends?` (true), `reason`.
//!
//! `status`: `car`, `status` (`regular`, `guest`, `invitational`), `rounds?` (numbers).
//!
//! `grade`: `driver`, `grade` (`bronze`, `silver`, `gold`, `platinum`), `from` (day).
//!
//! `bop`, a Balance of Performance bulletin: `number`, `from_round`, `from_session?` (name), `article`, `rows?` of `model`,
//! `ballast_kg?`, `restrictor_hundredths_mm?`, `boost?`, `ride_height_tenths_mm?` (`[front,rear]`), `engine_map?`, `fuel_tenths_l?`.
//!
//! `served`: `session`, `car`, `time_us`, `how` (`at-stop`, `announced`, `not-served`).
//!
//! `nomination`: `session`, `driver`, `car`, `championships?` (names).
//!
//! `undo`: `fact` (the earlier fact's number), `reason`.
//!
//! An effect is an object with one field, its kind:
//!
//! | kind | fields |
//! | --- | --- |
//! | `add-time` | `session`, `car`, `time_us` |
//! | `add-unserved-success` | `session` |
//! | `drop-places` | `session`, `car`, `places` |
//! | `deduct-laps` | `session`, `car`, `laps` |
//! | `disqualify` | `session`, `car` |
//! | `annul-session` | `session` |
//! | `withhold-points` | `session` |
//! | `factor-points` | `session`, `factor` (points) |
//! | `ineligible` | `session`, `car`, `championships?` (names), `others_move_up?` (true) |
//! | `shares` | `session`, `car`, `shares?` of `driver`, `share` (points) |
//! | `deduct-points` | `championship`, `competitor`, `points`, `from_round` |
//! | `exclude` | `championship`, `competitor`, `keeps_points?` (true), `from_round` |
//! | `restart` | `championship`, `competitor`, `from_round` |
//! | `annul` | `decision` |
//!
//! A competitor is `{"driver":"…"}`, `{"team":"…"}`, `{"maker":"…"}` or `{"entry":"…"}`. What a field means stands at the
//! type of the same name in `sport`; this crate never asks.
//!
//! ## The store
//!
//! A SQLite file with the application id `0x50466a31` and the user version 1. Table `facts`: `n` the number, `line` the line
//! without its line end, `hash` the line's hash. Table `head`: one row with the count `facts` and the last `hash`. Table `season`,
//! where there is one: the `title` of the season that the store was made for. Two triggers refuse to change or remove a fact. With any
//! other table, trigger, index or view, nothing is appended.
//!
//! # What the chain finds, and what it cannot
//!
//! Any byte that was changed, lost, added or moved is found and the fact named, as long as not every later line, and the head,
//! was written anew. Whoever can do that can only be found out by a head that was kept elsewhere: print it on the sheets.

mod batch;
mod damage;
mod error;
pub mod file;
mod follow;
mod hash;
mod heard;
pub mod jsonl;
pub mod line;
mod look;
mod schema;
mod store;
mod wire;

pub use crate::damage::{Damage, Flaw};
pub use crate::error::JournalError;
pub use crate::follow::Follower;
pub use crate::hash::{Hash, Head};
pub use crate::jsonl::{Text, Verified};
pub use crate::store::Journal;
