//! Large XML files and archived sessions, up to 50 megabytes, and the worst that can be made of them: four times as much takes four times as long. Not in the default run:
//! `cargo test --release -- --ignored`.

use std::time::{Duration, Instant};

use timing::sim::rfactor::Results;
use timing::swiss::entry_list::EntryList;
use timing::swiss::result_list::ResultList;
use timing::swiss::session::Session;
use timing::xml::Document;

/// Reads a file of so many rows, tells its account and writes it again.
type Reading = fn(usize) -> Duration;

fn timed(bytes: &[u8], read: impl Fn(&[u8]) -> usize) -> Duration {
    let began = Instant::now();
    assert!(read(bytes) > 0);
    began.elapsed()
}

fn rfactor(count: usize, stream: impl Fn(usize) -> String, within: impl Fn(usize) -> String, drivers: &str) -> Duration {
    let lines: String = (0..count).map(stream).collect();
    let rows: String = (0..count).map(within).collect();
    let text = format!(
        "<rFactorXML version=\"1.0\"><RaceResults><Race><Stream>\n{lines}</Stream>\n{drivers}{rows}</Driver></Race></RaceResults></rFactorXML>"
    );
    timed(text.as_bytes(), |bytes| {
        let (results, flaws) = Results::decode(bytes).expect("it is a result");
        let account = results.account();
        Results::of(&account).encode().len() + results.encode().len() + flaws.len()
    })
}

const DRIVER: &str = "<Driver><Name>Ash</Name>\n";

const READINGS: [(&str, Reading); 11] = [
    ("laps of one car", |count| {
        let lap = |nth: usize| {
            let fuel = r#"fuel="0.706" twfl="0.933" twfr="0.949" twrl="0.941" twrr="0.953" fcompound="3,Soft" rcompound="3,Soft""#;
            format!(
                "<Lap num=\"{}\" p=\"4\" et=\"{nth}.0000\" s1=\"34.6581\" s2=\"29.6147\" s3=\"26.0562\" {fuel}>90.3290</Lap>\n",
                nth + 1
            )
        };
        rfactor(count, |_| String::new(), lap, DRIVER)
    }),
    ("lines of a stream", |count| {
        let line = |nth| format!("<Score et=\"{nth}.5\">Ash({}) lap={nth} point=0 t=90.329 et={nth}.458</Score>\n", nth % 1_000);
        rfactor(count, line, |_| String::new(), DRIVER)
    }),
    ("penalties that wait and are served", |count| {
        let line = |nth: usize| {
            let says = if nth.is_multiple_of(3) { "served 1st Stop/Go penalty" } else { "received Stop/Go penalty, 10s, 0laps" };
            format!("<Penalty et=\"{nth}.5\">Ash {says}</Penalty>\n")
        };
        rfactor(count, line, |nth| format!("<Lap num=\"{}\" et=\"{nth}.0\">1.0</Lap>", nth + 1), DRIVER)
    }),
    ("a driver for every lap", |count| {
        let row = |nth| {
            let lap = nth + 1;
            format!("<Lap num=\"{lap}\">90.0</Lap><Swap startLap=\"{lap}\" endLap=\"{lap}\">Driver {nth}</Swap>\n")
        };
        rfactor(count, |_| String::new(), row, DRIVER)
    }),
    ("as many cars", |count| {
        let row = |nth| format!("</Driver><Driver><Name>Driver {nth}</Name><CarNumber>{}</CarNumber><Position>{nth}</Position>", nth % 7);
        rfactor(
            count,
            |nth| format!("<Incident et=\"1\">Driver {nth}({nth}) reported contact (1) with another vehicle Ash(0)</Incident>"),
            row,
            DRIVER,
        )
    }),
    ("laps that are none", |count| {
        rfactor(count, |_| String::new(), |_| String::from("<Lap num=\"x\">a lap without a number</Lap>"), DRIVER)
    }),
    ("an `&` after the other", |count| {
        let text = format!("<a>{}</a>", "&&amp;&x;&".repeat(20 * count));
        timed(text.as_bytes(), |bytes| {
            let document = Document::decode(bytes).expect("it is one");
            document.root.text().len() + document.encode().len()
        })
    }),
    ("attributes without end", |count| {
        let attributes: String = (0..10 * count).map(|nth| format!(" a{nth}='{nth}'")).collect();
        timed(format!("<a{attributes}/>").as_bytes(), |bytes| {
            let document = Document::decode(bytes).expect("it is one");
            document.root.attribute("b").map_or(1, |value| value.len()) + document.encode().len()
        })
    }),
    ("entries", |count| {
        let entry = |nth| format!("<ENTR><Bib>{nth}</Bib><Driver1><First>Driver</First><Last>Ash</Last></Driver1></ENTR>\r\n");
        let text = format!("<FILE>{}</FILE>", (0..count).map(entry).collect::<String>());
        timed(text.as_bytes(), |bytes| EntryList::of(&EntryList::decode(bytes).expect("it is one").0.account()).encode().len())
    }),
    ("results", |count| {
        let row = |nth: usize| format!("<RES><Bib>{nth}</Bib><Pos>{}</Pos><BestTime>{nth}</BestTime><Rank>x</Rank></RES>\r\n", count - nth);
        let text = format!("<FILE>{}</FILE>", (0..count).map(row).collect::<String>());
        timed(text.as_bytes(), |bytes| ResultList::of(&ResultList::decode(bytes).expect("it is one").0.account()).encode().len())
    }),
    ("laps and announcements of a viewer", |count| {
        let crew: Vec<String> = (0..count).map(|nth| format!(r#"{{"id":"{nth}","name":"Driver {nth}"}}"#)).collect();
        let laps: Vec<String> =
            (0..count).map(|nth| format!(r#"{{"lapNr":{},"driverId":"{nth}","lapTime":{{"ms":90000}}}}"#, nth + 1)).collect();
        let said = vec![r#"{"text":"CAR 1 FINAL WARNING","dt":"04.07.2031 10:15:00.000"}"#; count];
        let text = format!(
            r#"{{"vm":{{"cars":[{{"nr":"1","drivers":[{}]}}],"announcements":[{}]}},"carsDetail":[{{"nr":"1","lapHistory":[{}]}}]}}"#,
            crew.join(","),
            said.join(","),
            laps.join(",")
        );
        timed(text.as_bytes(), |bytes| {
            let session = Session::decode(bytes).expect("it is one").0;
            session.account().laps.len() + session.encode().len()
        })
    }),
];

#[test]
#[ignore = "takes a while: cargo test --release -p timing --test xml_large -- --ignored --nocapture"]
fn what_is_four_times_as_long_takes_four_times_as_long() {
    for (nth, (what, reading)) in READINGS.into_iter().enumerate() {
        // Of the first 50 megabytes.
        let count = if nth == 0 { 270_000 } else { 100_000 };
        let least = |count| (0..3).map(|_| reading(count)).min();
        let (quarter, whole) = (least(count / 4).unwrap_or_default(), least(count).unwrap_or_default());
        eprintln!("{what}: {count} in {whole:?}, a quarter of them in {quarter:?}");
        // Sixteen times would be the square; a machine with other work is uneven.
        assert!(whole < quarter * 12, "{what}");
    }
}
