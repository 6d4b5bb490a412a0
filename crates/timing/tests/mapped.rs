//! Tables of everybody else: in seven languages, with titles before the header, with columns that only their owner knows, as text and as spreadsheets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use proptest::prelude::*;
use sport::date::Micros;
use sport::result::Finish;
use timing::account::{Account, Car, Claim, Driver, Lap};
use timing::mapped::mapping::{Known, Mapping, Meaning, Rows};
use timing::mapped::{self, Kind, Mapped};
use timing::table::Table;

fn read(text: &str, pairs: &[&str]) -> (Account, Vec<String>) {
    let (mapped, flaws) = Mapped::decode(text.as_bytes(), &Known::of(pairs).unwrap()).unwrap();
    assert!(mapped.encode() == text.as_bytes() || !flaws.is_empty());
    (mapped.account(), flaws.iter().map(ToString::to_string).collect())
}

fn refused(text: &str, pairs: &[&str]) -> String {
    Mapped::decode(text.as_bytes(), &Known::of(pairs).unwrap()).unwrap_err().to_string()
}

fn ms(time: i64) -> Option<Micros> {
    Some(Micros(time * 1_000))
}

/// Place, finish, number, drivers, laps, time, gap, laps behind, best lap.
type Told = (Option<u16>, Finish, String, Vec<String>, Option<u32>, Option<Micros>, Option<Micros>, Option<u32>, Option<Micros>);

fn told(account: &Account) -> Vec<Told> {
    let one = |claim: &Claim| {
        let car = &account.cars[claim.car];
        let drivers = car.drivers.iter().map(|driver| driver.name.clone()).collect();
        (claim.place, claim.finish, car.number.clone(), drivers, claim.laps, claim.time, claim.gap, claim.laps_down, claim.best)
    };
    account.claims.iter().map(one).collect()
}

/// What each of the tables below says.
fn expected() -> Vec<Told> {
    let crew = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let classified = Finish::Classified;
    vec![
        (Some(1), classified, "007".into(), crew(&["Ann South", "Zoë North"]), Some(35), ms(3_600_500), None, None, ms(93_374)),
        (Some(2), classified, "8".into(), crew(&["Max West"]), Some(35), ms(3_601_087), ms(587), None, ms(93_427)),
        (Some(3), classified, "9".into(), crew(&["Lee Lane"]), Some(34), None, None, Some(1), ms(94_000)),
        (None, Finish::NotClassified, "10".into(), crew(&["Kim Key"]), Some(14), None, None, None, ms(94_623)),
        (None, Finish::NotStarted, "11".into(), crew(&["Bo Bay"]), None, None, None, None, None),
        (None, Finish::Disqualified, "12".into(), crew(&["Ida Ink"]), Some(35), None, None, None, ms(93_900)),
    ]
}

#[test]
fn a_result_is_read_in_whatever_language_its_columns_are() {
    let tables = [
        "Position,Car No.,Drivers,Team,Class,Car,Laps,Total Time,Gap,Best Lap\n\
         1,007,Ann South / Zoë North,Northern Lights,GT3,Polaris,35,1:00:00.500,,1:33.374\n\
         2,8,Max West,Eight Oceans,GT3,Wave,35,1:00:01.087,+0.587,1:33.427\n\
         3,9,Lee Lane,Nine Lives,GT3,Cat,34,,1 Lap,1:34.000\n\
         DNF,10,Kim Key,Tenfold,GT3,Ten,14,,,1:34.623\n\
         DNS,11,Bo Bay,Eleven,GT3,Elf,,,,\n\
         DSQ,12,Ida Ink,Twelve,GT3,Doz,35,,,1:33.900\n",
        "Platz;Startnummer;Fahrer;Team;Klasse;Fahrzeug;Runden;Gesamtzeit;Rückstand;Beste Runde\r\n\
         1.;007;Ann South / Zoë North;Northern Lights;GT3;Polaris;35;1:00:00,500;;1:33,374\r\n\
         2.;8;Max West;Eight Oceans;GT3;Wave;35;1:00:01,087;0,587;1:33,427\r\n\
         3.;9;Lee Lane;Nine Lives;GT3;Cat;34;;1 Rd.;1:34,000\r\n\
         Ausfall;10;Kim Key;Tenfold;GT3;Ten;14;;;1:34,623\r\n\
         nicht gestartet;11;Bo Bay;Eleven;GT3;Elf;;;;\r\n\
         disqualifiziert;12;Ida Ink;Twelve;GT3;Doz;35;;;1:33,900\r\n",
        "Clt;N°;Pilotes;Écurie;Catégorie;Voiture;Tours;Temps;Écart;Meilleur tour\n\
         1;007;Ann South / Zoë North;Northern Lights;GT3;Polaris;35;\"1h00'00\"\"500\";;\"1'33\"\"374\"\n\
         2;8;Max West;Eight Oceans;GT3;Wave;35;\"1h00'01\"\"087\";0.587;\"1'33\"\"427\"\n\
         3;9;Lee Lane;Nine Lives;GT3;Cat;34;;1 tour;\"1'34\"\"000\"\n\
         Ab.;10;Kim Key;Tenfold;GT3;Ten;14;;;\"1'34\"\"623\"\n\
         Non partant;11;Bo Bay;Eleven;GT3;Elf;;;;\n\
         Disqualifié;12;Ida Ink;Twelve;GT3;Doz;35;;;\"1'33\"\"900\"\n",
        "Pos.\tNumero\tPiloti\tSquadra\tClasse\tVettura\tGiri\tTempo Totale\tDistacco\tMiglior Giro\n\
         1\t007\tAnn South / Zoë North\tNorthern Lights\tGT3\tPolaris\t35\t1:00'00.500\t\t1'33.374\n\
         2\t8\tMax West\tEight Oceans\tGT3\tWave\t35\t1:00'01.087\t+0.587\t1'33.427\n\
         3\t9\tLee Lane\tNine Lives\tGT3\tCat\t34\t\t1 giro\t1'34.000\n\
         Ritirato\t10\tKim Key\tTenfold\tGT3\tTen\t14\t\t\t1'34.623\n\
         Non partito\t11\tBo Bay\tEleven\tGT3\tElf\t\t\t\t\n\
         Squalificato\t12\tIda Ink\tTwelve\tGT3\tDoz\t35\t\t\t1'33.900\n",
        "Posición;Dorsal;Pilotos;Equipo;Categoría;Coche;Vueltas;Tiempo;Diferencia;Mejor vuelta\n\
         1º;007;Ann South / Zoë North;Northern Lights;GT3;Polaris;35;1:00:00.500;;1:33.374\n\
         2º;8;Max West;Eight Oceans;GT3;Wave;35;1:00:01.087;0.587;1:33.427\n\
         3º;9;Lee Lane;Nine Lives;GT3;Cat;34;;1 vuelta;1:34.000\n\
         Abandono;10;Kim Key;Tenfold;GT3;Ten;14;;;1:34.623\n\
         No salió;11;Bo Bay;Eleven;GT3;Elf;;;;\n\
         Excluido;12;Ida Ink;Twelve;GT3;Doz;35;;;1:33.900\n",
        "順位,車番,ドライバー,チーム,クラス,車名,周回数,所要時間,差,ベストラップ\n\
         1,007,Ann South／Zoë North,Northern Lights,GT3,Polaris,35,1:00'00.500,,1'33.374\n\
         2,8,Max West,Eight Oceans,GT3,Wave,35,1:00'01.087,0.587,1'33.427\n\
         3,9,Lee Lane,Nine Lives,GT3,Cat,34,,1周,１'３４.０００\n\
         リタイア,10,Kim Key,Tenfold,GT3,Ten,14,,,1'34.623\n\
         未出走,11,Bo Bay,Eleven,GT3,Elf,,,,\n\
         失格,12,Ida Ink,Twelve,GT3,Doz,35,,,1'33.900\n",
        "名次,车号,车手,车队,组别,赛车,圈数,总时间,差距,最快圈\n\
         1,007,Ann South、Zoë North,Northern Lights,GT3,Polaris,35,1:00:00.500,,1:33.374\n\
         2,8,Max West,Eight Oceans,GT3,Wave,35,1:00:01.087,0.587,1:33.427\n\
         3,9,Lee Lane,Nine Lives,GT3,Cat,34,,1圈,1:34.000\n\
         退赛,10,Kim Key,Tenfold,GT3,Ten,14,,,1:34.623\n\
         未发车,11,Bo Bay,Eleven,GT3,Elf,,,,\n\
         取消成绩,12,Ida Ink,Twelve,GT3,Doz,35,,,1:33.900\n",
    ];
    for table in tables {
        let (account, flaws) = read(table, &[]);
        assert_eq!((told(&account), flaws.len()), (expected(), 0), "{table}");
        let car = &account.cars[0];
        let words = [&car.team, &car.class, &car.model].map(|of| of.as_deref().unwrap_or_default());
        assert_eq!((words, mapped::is(table.as_bytes())), (["Northern Lights", "GT3", "Polaris"], true), "{table}");
    }
}

#[test]
fn the_header_may_have_titles_before_it_and_rows_may_end_early() {
    let text = "Race 1, Somewhere, 12 laps\n\nProvisional\nPos;No.;Name;Class;Laps;Diff;Gap;Best Tm;In Lap\n\
        1;7;Ann South;GT3;12;;;1:40.000;3\n2;8;Max West;GT3;12;5.000;5.000;1:40.500;4\n3;9;Lee Lane;GT3;12;7.500;2.500\nFastest lap: 7\n";
    let (account, flaws) = read(text, &[]);
    // Behind the first, not behind the car ahead.
    assert_eq!(account.claims.iter().map(|claim| claim.gap).collect::<Vec<_>>(), [None, ms(5_000), ms(7_500)]);
    assert_eq!((account.claims[1].best_lap, account.claims[2].best), (Some(4), None));
    assert_eq!(flaws, ["line 8: it has no car number: Fastest lap: 7"]);
    // Where nothing is said of who did not finish, nothing is said of who did.
    assert_eq!(account.claims[0].finish, Finish::Unknown);
    // A last row without its line end was cut.
    let cut = text.replace("\nFastest lap: 7\n", "");
    assert_eq!(
        read(&cut, &[]).1,
        ["line 7: it ends after 7 cells of 9, without a line end: it was cut off: 3;9;Lee Lane;GT3;12;7.500;2.500"]
    );
    assert_eq!(read(&text.replace("2.500\n", "2.500;;;;\n"), &[]).1.len(), 1);
    assert_eq!(read(&text.replace("2.500\n", "2.500;;;x\n"), &[]).1.len(), 2);
}

#[test]
fn whoever_knows_better_says_which_column_holds_what() {
    let text = "Who,Thing,Result,When,Kart\nAnn South,7,1,93374,A\nMax West,8,Aufgabe,95000,B\n";
    let pairs =
        ["Who=driver", "Thing=number", "C=place", "when=best", "Kart=model", "Aufgabe=not-classified", "times=milliseconds", "header=1"];
    let (account, flaws) = read(text, &pairs);
    let claims: Vec<_> = account.claims.iter().map(|of| (of.place, of.finish, of.best, of.status.as_deref())).collect();
    assert_eq!(claims, [(Some(1), Finish::Classified, ms(93_374), None), (None, Finish::NotClassified, ms(95_000), Some("Aufgabe"))]);
    assert_eq!((account.cars[1].model.as_deref(), account.cars[1].drivers[0].name.as_str(), flaws.len()), (Some("B"), "Max West", 0));
    // What is said takes the place of what is guessed.
    let text = "Pos,No,Time,Best\n1,7,1:40.000,59:00.000\n";
    assert_eq!(read(text, &["Time=best", "Best=time"]).0.claims[0].best, ms(100_000));
    // Of two columns with one name the first counts.
    assert_eq!(read("Pos,No,No\n1,7,8\n", &[]).0.cars[0].number, "7");
    assert_eq!(read("car,pos,team\n#7,1,West\n", &[]).0.cars[0].number, "7");
    assert_eq!(read("car,pos,team\nWave GT3,1,West\n", &["team=number"]).0.cars[0].model.as_deref(), Some("Wave GT3"));
}

#[test]
fn what_is_not_known_is_said_with_what_would_help() {
    assert_eq!(
        refused("a,b\n1,2\n", &[]),
        "line 1: none of its first 30 lines names columns that are known; say what they hold, such as Startnummer=number: a,b"
    );
    let lacks = "line 1: no column is known to hold the car's number; say which does, such as Pos=number: Pos,Team";
    assert_eq!(refused("Pos,Team\n1,West\n", &[]), lacks);
    assert_eq!(refused("No,Team\n1,West\n", &[]).split(';').next(), Some("line 1: no column is known to hold a place, laps or a time"));
    assert_eq!(refused("No,Pos\n7,1\n", &["Nr=number"]), "line 1: no column is called `Nr`; there are No, Pos: No,Pos");
    assert_eq!(refused("No,Pos\n7,1\n", &["header=9"]), "line 9: there is no such line to be a header: ");
    for (pair, why) in [
        ("number", "`number` is no pair such as Startnummer=number: the name of a column, =, and what it holds"),
        ("header=0", "`header=0`: header cannot be `0`"),
        ("times=soon", "`times=soon`: times cannot be `soon`"),
        ("rows=cars", "`rows=cars`: rows cannot be `cars`"),
    ] {
        assert_eq!(Known::of(&[pair]).unwrap_err(), why);
    }
    assert!(Known::of(&["a=b"]).unwrap_err().starts_with("`a=b`: a column can hold number, place, "));
    assert_eq!(Meaning::WORDS.iter().filter(|(word, of)| of.word() == *word).count(), 27);
}

#[test]
fn laps_are_told_from_results_by_their_rows() {
    let text = "No,Driver,Lap,Time,S1,S2,S3\n7,Ann South,1,1:40.5,30,40.5,30\n7,Max West,2,1:39.5,,,\n8,Lee Lane,1,1:41.0,,,\n8,Lee Lane,2,DNF,,,\n";
    let (account, flaws) = read(text, &[]);
    let laps: Vec<_> = account.laps.iter().map(|lap| (lap.car, lap.number, lap.driver, lap.time)).collect();
    assert_eq!(laps, [(0, 1, Some(0), ms(100_500)), (0, 2, Some(1), ms(99_500)), (1, 1, Some(0), ms(101_000)), (1, 2, Some(0), None)]);
    assert_eq!((account.laps[0].sectors.as_slice(), flaws.len()), ([ms(30_000), ms(40_500), ms(30_000)].as_slice(), 0));
    // A column called *lap* counts laps where every car is once.
    let (account, _) = read("Pos,No,Driver,Lap,Time\n1,7,Ann South,12,20:00.000\n2,8,Max West,12,20:01.000\n", &[]);
    assert_eq!((account.claims[0].laps, account.claims[0].time, account.laps.len()), (Some(12), ms(1_200_000), 0));
    let (account, _) = read("No,Lap,Lap time\n7,1,1:40.000\n8,1,1:41.000\n", &["rows=laps"]);
    assert_eq!(account.laps.len(), 2);
    let again = read("No,Lap,Lap time\n7,1,1:40.000\n7,1,1:41.000\n7,0,1:00\n7,,1:00\n", &["rows=laps"]);
    assert_eq!((again.0.laps.len(), again.0.notes[0].code, again.1.len()), (1, "lap-twice", 2));
}

/// A session that every column of the tables written here has something of.
fn session() -> Account {
    let mut account = Account::default();
    let of = |number: &str, names: &[&str]| Car {
        number: number.into(),
        transponder: Some("1234567".into()),
        class: Some("GT3".into()),
        cup: Some("Am".into()),
        team: Some("Team \"Ö\", Ltd".into()),
        model: Some("Wave GT3".into()),
        maker: Some("Wave".into()),
        drivers: names.iter().map(|name| Driver { name: (*name).to_owned(), ..Driver::default() }).collect(),
        grid: Some(12),
        ..Car::default()
    };
    account.cars = vec![of("007", &["Ann South", "Zoë North"]), of("7", &["Max West"]), of("70", &[])];
    let first = Claim {
        finish: Finish::Classified,
        status: Some("classified".into()),
        place: Some(1),
        class_place: Some(1),
        laps: Some(600),
        time: ms(86_400_123),
        best: ms(93_374),
        best_lap: Some(17),
        ..Claim::of(0)
    };
    let second = Claim { place: Some(2), class_place: Some(2), time: ms(86_401_124), gap: ms(1_001), car: 1, ..first.clone() };
    let third = Claim { finish: Finish::Disqualified, status: Some("DSQ".into()), laps_down: Some(1), laps: Some(599), ..Claim::of(2) };
    account.claims = vec![first, second, third];
    let lap = |car, number, driver, time| Lap {
        driver,
        time: ms(time),
        sectors: vec![ms(30_001), None, ms(29_999)],
        elapsed: ms(time * i64::from(number)),
        ..Lap::of(car, number)
    };
    account.laps = vec![lap(0, 1, Some(0), 93_374), lap(0, 2, Some(1), 93_375), lap(1, 1, Some(0), 3_600_001)];
    account
}

/// The same, as far as the columns of laps go.
fn of_laps(account: &Account) -> Account {
    let mut laps = Account { cars: account.cars[..2].to_vec(), laps: account.laps.clone(), ..Account::default() };
    for car in &mut laps.cars {
        (car.transponder, car.cup, car.maker, car.grid) = (None, None, None, None);
    }
    laps
}

#[test]
fn a_session_is_written_as_text_and_as_a_spreadsheet_and_read_back() {
    let account = session();
    let results = Account { laps: Vec::new(), ..account.clone() };
    for kind in [Kind::Text, Kind::Sheet("Race 1".into())] {
        for (rows, expected) in [(Rows::Results, &results), (Rows::Laps, &of_laps(&account))] {
            let bytes = Mapped::of_rows(&account, kind.clone(), rows).encode();
            let (again, flaws) = Mapped::decode(&bytes, &Known::default()).unwrap();
            assert_eq!((&again.account(), flaws.len()), (expected, 0), "{kind:?} {rows:?}");
            assert!(mapped::is(&bytes));
            // The same session is the same file.
            assert_eq!(Mapped::of_rows(&account, kind.clone(), rows).encode(), bytes);
        }
    }
    assert_eq!(Mapped::of(&account, Kind::Text).mapping().rows, Rows::Results);
    assert_eq!(Mapped::of(&of_laps(&account), Kind::Text).mapping().rows, Rows::Laps);
    let empty = Mapped::of(&Account::default(), Kind::Text);
    assert_eq!(Mapped::decode(&empty.encode(), &Known::default()).unwrap().0.account(), Account::default());
}

mod spreadsheets {
    use std::io::{Cursor, Write as _};

    use rust_xlsxwriter::{Format, Workbook};
    use zip::write::SimpleFileOptions;
    use zip::{ZipArchive, ZipWriter};

    use super::*;

    /// As somebody would make it by hand: a title, times as the program keeps them and as numbers and as text, a number as a number, a sheet before it.
    fn by_hand() -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "to be published").unwrap();
        let sheet = book.add_worksheet().set_name("Race").unwrap();
        sheet.write(0, 0, "Result of race 1").unwrap();
        for (column, name) in (0..).zip(["Pos", "Nr.", "Fahrer", "Runden", "Zeit", "Abstand", "Beste Runde"]) {
            sheet.write(3, column, name).unwrap();
        }
        let span = Format::new().set_num_format("mm:ss.000");
        let days = |ms: f64| ms / 86_400_000.0;
        sheet.write(4, 0, 1).unwrap().write(4, 1, 7).unwrap().write(4, 2, "Ann South").unwrap().write(4, 3, 35).unwrap();
        sheet.write_with_format(4, 4, days(3_600_500.0), &span).unwrap().write_with_format(4, 6, days(93_374.0), &span).unwrap();
        sheet.write(5, 0, 2).unwrap().write(5, 1, "007").unwrap().write(5, 2, "Max West").unwrap().write(5, 3, 35).unwrap();
        sheet.write(5, 4, days(3_601_087.0)).unwrap().write(5, 5, 0.587).unwrap().write(5, 6, "1:33,427").unwrap();
        sheet.write(7, 0, "DNF").unwrap().write(7, 1, 9).unwrap().write(7, 6, 94.623).unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_sheet_made_by_hand_is_read() {
        let (mapped, flaws) = Mapped::decode(&by_hand(), &Known::default()).unwrap();
        let account = mapped.account();
        let told: Vec<_> =
            account.claims.iter().map(|of| (account.cars[of.car].number.as_str(), of.time, of.gap, of.best, of.finish)).collect();
        assert_eq!(
            told,
            [
                ("7", ms(3_600_500), None, ms(93_374), Finish::Classified),
                ("007", ms(3_601_087), ms(587), ms(93_427), Finish::Classified),
                ("9", None, None, ms(94_623), Finish::NotClassified),
            ]
        );
        assert_eq!(flaws, []);
        // Written again it is another archive, and tells the same.
        assert_eq!(Mapped::decode(&mapped.encode(), &Known::default()).unwrap().0.account(), account);
        let known = |pair: &str| Known::of(&[pair]).unwrap();
        let refused = |pair| Mapped::decode(&by_hand(), &known(pair)).unwrap_err().why;
        assert!(refused("sheet=Notes").starts_with("sheet Notes: none of its first 30 lines"), "{}", refused("sheet=Notes"));
        assert_eq!(refused("sheet=Race 2"), "the spreadsheet cannot be read: no sheet is called `Race 2`; there are Notes, Race");
        assert!(Mapped::decode(&by_hand(), &known("header=4")).is_ok() && refused("header=5").contains("hold the car's number"));
    }

    /// A spreadsheet with one of its parts replaced.
    fn with(part: &str, text: &[u8]) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(by_hand())).unwrap();
        let mut made = ZipWriter::new(Cursor::new(Vec::new()));
        let mut seen = false;
        for nth in 0..archive.len() {
            let name = archive.by_index(nth).unwrap().name().unwrap().into_owned();
            if name == part {
                made.start_file(name, SimpleFileOptions::default()).unwrap();
                made.write_all(text).unwrap();
                seen = true;
            } else {
                made.raw_copy_file(archive.by_index_raw(nth).unwrap()).unwrap();
            }
        }
        assert!(seen, "{part}");
        made.finish().unwrap().into_inner()
    }

    fn refused(bytes: &[u8]) -> String {
        Mapped::decode(bytes, &Known::default()).unwrap_err().why
    }

    const SHEET: &str = "xl/worksheets/sheet2.xml";
    const BEFORE: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";

    #[test]
    fn an_archive_that_unpacks_to_gigabytes_is_refused_before_it_is() {
        let bomb = with(SHEET, &vec![b' '; 70 << 20]);
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        assert_eq!(refused(&bomb), "the spreadsheet cannot be read: it unpacks to 70 MiB, and no session has more than 64");
        // One that says it is small, and is not.
        let mut lies = bomb.clone();
        let size = (70_u32 << 20).to_le_bytes();
        for at in (0..lies.len() - 4).filter(|at| bomb[*at..at + 4] == size) {
            lies[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
        }
        assert_ne!(lies, bomb);
        assert!(refused(&lies).starts_with("the spreadsheet cannot be read: "), "{}", refused(&lies));
    }

    #[test]
    fn a_sheet_that_claims_to_be_endless_takes_no_more_than_it_has() {
        let cell = |place: &str| format!("{BEFORE}<row><c r=\"{place}\"><v>1</v></c></row></sheetData></worksheet>");
        let far = refused(&with(SHEET, cell("XFD1048576").as_bytes()));
        assert_eq!(far, "the spreadsheet cannot be read: a cell is in row 1048576 and column 16384, and no table of a session is as large");
        let dimension = BEFORE.replace("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
        let wide = format!("{dimension}<row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>");
        assert!(refused(&with(SHEET, wide.as_bytes())).starts_with("sheet Notes: none of its first"));
        // Rows that are full of nothing but their last cell.
        let rows: String = (1..=20_000).map(|row| format!("<row r=\"{row}\"><c r=\"IV{row}\"><v>1</v></c></row>")).collect();
        let full = format!("{BEFORE}{rows}</sheetData></worksheet>");
        assert_eq!(refused(&with(SHEET, full.as_bytes())), "the spreadsheet cannot be read: it has more cells than any session");
        // One long text in a hundred thousand cells.
        let long = format!("<sst uniqueCount=\"1\"><si><t>{}</t></si></sst>", "x".repeat(30_000));
        let cells: String = (1..=100_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
        let mut archive = ZipArchive::new(Cursor::new(with(SHEET, format!("{BEFORE}{cells}</sheetData></worksheet>").as_bytes()))).unwrap();
        let mut made = ZipWriter::new(Cursor::new(Vec::new()));
        for nth in 0..archive.len() {
            let part = archive.by_index_raw(nth).unwrap();
            if part.name().unwrap() != "xl/sharedStrings.xml" {
                made.raw_copy_file(part).unwrap();
            }
        }
        made.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
        made.write_all(long.as_bytes()).unwrap();
        assert_eq!(refused(&made.finish().unwrap().into_inner()), "the spreadsheet cannot be read: it has more cells than any session");
    }

    #[test]
    fn a_spreadsheet_that_says_it_has_more_than_it_has_is_refused() {
        let count = b"<sst xmlns=\"x\" uniqueCount=\"999999999999\"><si><t>a</t></si></sst>";
        let says = "the spreadsheet cannot be read: it says that it has 999999999999 texts, in 65 bytes";
        assert_eq!(refused(&with("xl/sharedStrings.xml", count)), says);
        let back = BEFORE.replace("<sheetData>", "<dimension ref=\"B5:A1\"/><sheetData>");
        assert!(!refused(&with(SHEET, format!("{back}</sheetData></worksheet>").as_bytes())).is_empty());
        let order = format!(
            "{BEFORE}<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"4\"><c r=\"A4\"><v>1</v></c></row></sheetData></worksheet>"
        );
        assert_eq!(refused(&with(SHEET, order.as_bytes())), "the spreadsheet cannot be read: row 4 comes after row 5");
        let nested = format!("{BEFORE}{}", "<row>".repeat(10_000));
        assert!(refused(&with(SHEET, nested.as_bytes())).starts_with("the spreadsheet cannot be read: "));
    }

    #[test]
    fn a_spreadsheet_that_ends_anywhere_or_is_changed_anywhere_is_refused_or_read() {
        let bytes = by_hand();
        for end in (0..bytes.len()).step_by(7) {
            assert!(Mapped::decode(&bytes[..end], &Known::default()).is_err(), "{end}");
        }
        for at in (0..bytes.len()).step_by(11) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            if let Ok((mapped, _)) = Mapped::decode(&changed, &Known::default()) {
                mapped.account();
            }
        }
        assert!(refused(b"PK\x03\x04").starts_with("the spreadsheet cannot be read: "));
    }
}

#[test]
fn what_a_sheet_has_no_room_for_is_left_out() {
    let mut account = session();
    (account.cars[0].team, account.cars[1].team) = (Some("é".repeat(40_000)), Some("🏁".repeat(20_000)));
    let (again, _) = Mapped::decode(&Mapped::of(&account, Kind::Sheet(String::new())).encode(), &Known::default()).unwrap();
    let cars = again.account().cars;
    assert_eq!((cars[0].team.as_ref(), cars[1].team.as_ref()), (Some(&"é".repeat(32_767)), Some(&"🏁".repeat(16_383))));
}

#[test]
fn a_row_that_cannot_be_read_is_told_and_the_others_are_read() {
    let text = "Pos,No,Laps,Total time,Best\n1,7,12,20:00.000,1:40.000\n2,8,12,20:01.000,1:40.500\n";
    let digits = "9".repeat(400);
    for (cell, wrong, why) in [
        ("2,8", "second,8", "what should be place is `second`"),
        (",8,12", ",8,-12", "what should be laps is `-12`"),
        (",8,12", ",,12", "it has no car number"),
        ("20:01.000", "-20:01.000", "what should be time is `-20:01.000`"),
        ("1:40.500", "1:40.500.1", "what should be best is `1:40.500.1`"),
        ("1:40.500", digits.as_str(), &format!("what should be best is `{}`", &digits[..40])),
    ] {
        let (account, flaws) = read(&text.replace(cell, wrong), &[]);
        assert_eq!((account.claims.len(), flaws.len()), (1, 1), "{why}");
        assert!(flaws[0].starts_with(&format!("line 3: {why}: ")), "{}", flaws[0]);
    }
    assert_eq!(read(&text.replace(",8,12", ",8,4294967295"), &[]).0.claims[1].laps, Some(u32::MAX));
    let twice = read(&text.replace(",8,", ",7,"), &[]).0;
    assert_eq!((twice.notes[0].code, twice.notes[0].says.as_str()), ("car-twice", "car 7 is in line 2 already"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn words_that_are_written_into_a_spreadsheet_are_read(team in "[^ -]([^ ]{0,9}[^ ])?", name in "[A-Z][a-zé ]{0,9}[a-z]", number in "[0-9]{1,3}[A-Z]?") {
        let drivers = vec![Driver { name, ..Driver::default() }];
        let cars = vec![Car { number, team: Some(team).filter(|team| team.trim() == team), drivers, ..Car::default() }];
        let claims = vec![Claim { place: Some(1), ..Claim::of(0) }];
        let account = Account { cars, claims, ..Account::default() };
        let bytes = Mapped::of(&account, Kind::Sheet("[not a name]".into())).encode();
        prop_assert_eq!(Mapped::decode(&bytes, &Known::default()).unwrap().0.account(), account);
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_a_table_or_none(text in "(Pos|No|Driver|Lap|Time|Gap|[0-9:.]{0,6}|,|;|\n|\"|DNF){0,60}") {
        if let Ok((mapped, _)) = Mapped::decode(text.as_bytes(), &Known::default()) {
            let account = mapped.account();
            for rows in [Rows::Results, Rows::Laps] {
                Mapped::of_rows(&account, Kind::Text, rows);
            }
        }
        mapped::is(text.as_bytes());
        if let Ok((table, _)) = Table::decode(text.as_bytes()) {
            _ = Mapping::of(&table, &Known { header: Some(1), ..Known::default() });
        }
    }
}
