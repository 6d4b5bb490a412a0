//! A race made of laps alone: every car drives laps of its own pace and stops each half-hour.

use sport::date::{Instant, Micros};
use sport::line::{Layout, Line, LineKind, Measures, Source, SourceKind};
use sport::passing::PassingId;
use sport::reading::Reading;

/// Three lines on the track, two in the pit lane; a backup loop at the finish line.
pub fn layout() -> Layout {
    let line = |id: &str, kind, at, in_pit_lane| Line { id: id.into(), kind, at, in_pit_lane };
    let source = |id: &str, line, kind| Source { id: id.into(), line, kind };
    let measures = Measures { length: 4_554, minimum_lap: Micros::seconds(60), top_speed: 100, coincidence: Micros(500_000) };
    let lines = vec![
        line("finish", LineKind::Finish, 0, false),
        line("s1", LineKind::Sector, 1_500, false),
        line("s2", LineKind::Sector, 3_000, false),
        line("pit-entry", LineKind::PitEntry, 4_300, true),
        line("pit-exit", LineKind::PitExit, 250, true),
    ];
    let sources = vec![
        source("finish-main", 0, SourceKind::Main),
        source("finish-backup", 0, SourceKind::Backup),
        source("s1", 1, SourceKind::Main),
        source("s2", 2, SourceKind::Main),
        source("pit-entry", 3, SourceKind::Main),
        source("pit-exit", 4, SourceKind::Main),
    ];
    Layout::new(measures, lines, sources).unwrap()
}

/// A race of so many cars and minutes: laps of 95 s and more by car, a stop each half-hour; in the order the passings are heard.
pub fn race(cars: usize, minutes: i64) -> Vec<(usize, Reading)> {
    const MS: i64 = 1_000;
    let mut heard = Vec::new();
    for car in 0..cars {
        let mut say = |at: i64, source| heard.push((car, Reading { at: Instant(at), passing: PassingId { fact: 1, nth: 0 }, source }));
        let slower = i64::try_from(car).unwrap();
        let mut at = slower * 300 * MS;
        let mut lap = 0;
        while at < (minutes * 60_000 + 100_000) * MS {
            lap += 1;
            let time = (95_000 + slower * 120 + (lap * (slower + 7) * 37) % 900) * MS;
            let stop = if lap % 18 == 9 + slower % 5 { 75_000 * MS } else { 0 };
            say(at + time / 3, 2);
            say(at + time * 2 / 3, 3);
            if stop > 0 {
                say(at + time - 4_000 * MS, 4);
                say(at + time + stop, 5);
            }
            say(at + time, 0);
            say(at + time - 2 * MS, 1);
            at += time + stop;
        }
    }
    heard.sort_by_key(|(_, reading)| reading.at);
    heard
}
