//! The results of GT World Challenge Europe and the reports of Swiss Timing, on tables of their shape that were made for this.

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use sport::result::Finish;
use timing::account::{Account, Car, Claim, Driver, Lap};
use timing::gtwce::{self, Results};
use timing::swiss_tables::{self, PitStops, SectorList};
use timing::together::together;

fn codes(account: &Account) -> Vec<&str> {
    account.notes.iter().map(|note| note.code).collect()
}

fn ms(time: i64) -> Option<Micros> {
    Some(Micros(time * 1_000))
}

const RESULT: &str = "Pos,Car #,Class,Drivers,Team,Car,Time,Laps,Gap\n\
1,007,Pro Cup,\"Ann South, Zoë North\",Northern Lights,Polaris GT3,1:33.374,35,\n\
2,8,Pro-Am Cup,\"Lee Lane, Max West\",Eight Oceans,Wave GT3,1:33.427,35,0.587\n\
3,9,Pro-AM Cup,\"Kim Key, Bo Bay\",Nine Lives,Cat GT3,1:34.000,34,39.166\n\
NC,10,Silver Cup,\"Ida Ink, Una Urn\",Tenfold,Ten GT3,1:34.623,14,-35:59.888\n\
NC,11,Silver Cup,\"Eve Elm, Pia Pod\",\"Eleven, and Co\",Eleven GT3,,,\n";

#[test]
fn a_result_is_read_and_written_again_in_the_same_bytes() {
    let (results, flaws) = Results::decode(RESULT.as_bytes()).unwrap();
    assert_eq!((String::from_utf8(results.encode()).unwrap().as_str(), flaws.len()), (RESULT, 0));
    assert!(gtwce::is(RESULT.as_bytes()));
    let cup = |nth: usize| results.account().cars[nth].cup.clone();
    assert_eq!((cup(1).as_deref(), cup(2).as_deref()), (Some("Pro-Am Cup"), Some("Pro-AM Cup")));
}

#[test]
fn the_column_called_time_is_the_best_lap_and_a_gap_is_one_on_the_winners_lap_only() {
    let account = Results::decode(RESULT.as_bytes()).unwrap().0.account();
    let told: Vec<_> = account.claims.iter().map(|of| (of.place, of.finish, of.time, of.best, of.gap)).collect();
    let (classified, not) = (Finish::Classified, Finish::NotClassified);
    assert_eq!(
        told,
        [
            (Some(1), classified, None, ms(93_374), None),
            (Some(2), classified, None, ms(93_427), ms(587)),
            (Some(3), classified, None, ms(94_000), None),
            (None, not, None, ms(94_623), None),
            (None, not, None, None, None),
        ]
    );
    assert_eq!(codes(&account), ["gaps-of-lapped"]);
    let says = "the gaps of 2 cars that are not on the winner's lap say when they completed their last lap, and are not taken as gaps";
    assert_eq!(account.notes[0].says, says);
    assert_eq!(account.cars[4].drivers.iter().map(|driver| driver.name.as_str()).collect::<Vec<_>>(), ["Eve Elm", "Pia Pod"]);
    // Written from the account, everything but these gaps is there.
    let again = String::from_utf8(Results::of(&account).encode()).unwrap();
    assert_eq!(again, RESULT.replace(",39.166", ",").replace(",-35:59.888", ","));
}

#[test]
fn a_row_that_cannot_be_read_is_told_and_the_others_are_read() {
    for (cell, wrong, why) in [
        ("\n3,9", "\n0,9", "line 4: the place is `0`: neither a number nor NC"),
        ("\n3,9", "\nthird,9", "line 4: the place is `third`: neither a number nor NC"),
        ("\n3,9,", "\n3,,", "line 4: it has no car number"),
        (",34,", ",-34,", "line 4: the number of laps is `-34`, and that is none"),
        (",1:34.000,", ",-1:34.000,", "line 4: the best lap is below nothing"),
        (",39.166", ",1 Lap", "line 4: the gap is `1 Lap`, and that is none"),
        (",39.166", ",39.166,", "line 4: it has 10 cells, and the other rows have 9"),
    ] {
        let (results, flaws) = Results::decode(RESULT.replace(cell, wrong).as_bytes()).unwrap();
        assert_eq!((results.rows().count(), flaws.len()), (4, 1), "{why}");
        assert!(flaws[0].to_string().starts_with(&format!("{why}: ")), "{}", flaws[0]);
    }
    let most = RESULT.replace(",34,", ",4294967295,");
    assert_eq!(Results::decode(most.as_bytes()).unwrap().0.account().claims[2].laps, Some(u32::MAX));
    for end in 0..RESULT.len() {
        if let Ok((results, flaws)) = Results::decode(&RESULT.as_bytes()[..end]) {
            let lines = RESULT.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count();
            assert!(results.rows().count() + flaws.len() <= lines.max(1), "{end}");
        }
    }
}

const STOPS: &str = "Nr;Driver in;Day time in;Time in;Driver out;Day time out;Time out;Nett Time;Reason;Lap In\r\n\
7;Zo\u{eb} North;23:30:00.000;30:00.000;Ann South;23:31:15.250;31:15.250;1:15.250;Driver change;12\r\n\
7;Ann South;23:59:30.000;59:30.000;Ann South;0:00:45.000;1:00:45.000;1:15.000;;24\r\n\
8;Max West;0:10:00.000;1:10:00.000;;;;;Retired;28\r\n";

#[test]
fn stops_are_read_and_written_again_in_the_same_bytes() {
    let bytes: Vec<u8> = STOPS.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let (stops, flaws) = PitStops::decode(&bytes).unwrap();
    assert!(stops.encode() == bytes && flaws.is_empty());
    assert!(swiss_tables::is_stops(&bytes) && !swiss_tables::is_sectors(&bytes));
    let account = stops.account();
    assert_eq!(account.cars[0].drivers[0].name, "Zoë North");
    let told: Vec<_> =
        account.stops.iter().map(|of| (of.car, of.driver_in, of.driver_out, of.lap, of.time, of.reason.as_deref())).collect();
    assert_eq!(
        told,
        [
            (0, Some(0), Some(1), Some(12), ms(75_250), Some("Driver change")),
            (0, Some(1), Some(1), Some(24), ms(75_000), None),
            // It came in and stayed.
            (1, Some(0), None, Some(28), None, Some("Retired")),
        ]
    );
    assert_eq!(account.stops[1].exit_at, Some(Instant(86_445_000_000)));
    assert_eq!((PitStops::of(&account).encode(), codes(&account)), (bytes, vec![]));
}

#[test]
fn a_stop_that_does_not_sum_up_is_noted_and_one_that_cannot_be_read_is_told() {
    let odd = STOPS.replace(";1:15.000;", ";1:16.000;").replace(";12\r", ";twelve\r");
    let (stops, flaws) = PitStops::decode(odd.as_bytes()).unwrap();
    assert!(flaws[0].to_string().starts_with("line 2: the lap is `twelve`, and that is no number: 7;Zo"), "{}", flaws[0]);
    assert_eq!((codes(&stops.account()), flaws.len()), (vec!["stop-differs"], 1));
    assert_eq!(PitStops::decode(STOPS.replace(";30:00.000;", ";-30:00.000;").as_bytes()).unwrap().1.len(), 1);
}

/// Twelve laps of two cars: the header comes again after ten rows.
fn sectors() -> String {
    let header = "Bib;Class;Driver1;Driver2;Driver3;Driver4;Car;Lap;Time;Sector1Time;SpeedTrap1;Sector2Time;SpeedTrap2;Sector3Time;SpeedTrap3;TopSpeed\r\n";
    let mut text = String::from(header);
    for nth in 0..12 {
        if nth == 10 {
            text.push_str(header);
        }
        let (car, lap) = (7 + nth / 6, nth % 6 + 1);
        text.push_str(&format!(
            "{car};GT3;Ann South;Max West;;;Polaris GT3;{lap};2:1{lap}.000;40.000;201;1:00.500;255;3{lap}.500;231;26{lap}\r\n"
        ));
    }
    text
}

#[test]
fn a_list_of_sectors_is_read_and_written_again_with_its_headers() {
    let text = sectors();
    let (list, flaws) = SectorList::decode(text.as_bytes()).unwrap();
    assert_eq!((String::from_utf8(list.encode()).unwrap(), flaws.len()), (text.clone(), 0));
    assert!(swiss_tables::is_sectors(text.as_bytes()) && !swiss_tables::is_stops(text.as_bytes()));
    let account = list.account();
    assert_eq!((account.cars.len(), account.laps.len()), (2, 12));
    let lap = &account.laps[11];
    assert_eq!((lap.car, lap.number, lap.time, lap.top_speed, lap.driver), (1, 6, ms(136_000), Some(26_600), None));
    assert_eq!(lap.sectors, [ms(40_000), ms(60_500), ms(36_500)]);
    assert_eq!(account.cars[1].drivers.len(), 2);
    // But for the speed traps, which no account has, it is written the same.
    let bare = text.replace(";201;", ";;").replace(";255;", ";;").replace(";231;", ";;");
    assert_eq!(String::from_utf8(SectorList::of(&account).encode()).unwrap(), bare);
}

#[test]
fn a_lap_that_is_listed_twice_is_noted_and_one_that_cannot_be_read_is_told() {
    let (list, flaws) = SectorList::decode(sectors().replace(";5;2:15", ";4;2:15").replace(";6;2:16", ";0;2:16").as_bytes()).unwrap();
    let account = list.account();
    assert_eq!((account.laps.len(), codes(&account), flaws.len()), (8, vec!["lap-twice", "lap-twice"], 2));
    assert_eq!(account.laps[3].time, ms(134_000));
}

#[test]
fn stops_and_sectors_of_a_race_make_one_account() {
    let (stops, _) = PitStops::decode(STOPS.as_bytes()).unwrap();
    let (list, _) = SectorList::decode(sectors().as_bytes()).unwrap();
    let one = together(vec![list.account(), stops.account()]);
    let crews: Vec<Vec<&str>> = one.cars.iter().map(|car| car.drivers.iter().map(|driver| driver.name.as_str()).collect()).collect();
    assert_eq!(crews, [vec!["Ann South", "Max West", "Zoë North"], vec!["Ann South", "Max West"]]);
    assert_eq!((one.stops[0].driver_in, one.stops[0].driver_out, one.stops[2].driver_in), (Some(2), Some(0), Some(1)));
}

fn named(names: &[String]) -> Vec<Driver> {
    names.iter().map(|name| Driver { name: name.clone(), ..Driver::default() }).collect()
}

proptest! {
    #[test]
    fn results_that_are_written_are_read(
        rows in prop::collection::vec((prop::option::of(1_u16..99), "[A-Z][a-z,;\"]{0,6}[a-z]", prop::collection::vec("[A-Z][a-zé]{1,5}", 0..4), prop::option::of(1_i64..9_000_000), prop::option::of(0_u32..600)), 0..9),
    ) {
        let mut account = Account::default();
        for (nth, (place, team, names, best, laps)) in rows.into_iter().enumerate() {
            account.cars.push(Car { number: format!("0{nth}"), team: Some(team), drivers: named(&names), ..Car::default() });
            let (finish, status) = if place.is_some() { (Finish::Classified, None) } else { (Finish::NotClassified, Some("NC".into())) };
            account.claims.push(Claim { place, finish, status, laps, best: best.and_then(ms), ..Claim::of(nth) });
        }
        let (again, flaws) = Results::decode(&Results::of(&account).encode()).unwrap();
        prop_assert_eq!((again.account(), flaws), (account, vec![]));
    }

    #[test]
    fn sectors_that_are_written_are_read(
        cars in prop::collection::vec((prop::collection::vec("[A-Z][a-zé]{1,5}", 0..5), prop::collection::vec((prop::option::of(0_i64..9_000_000), prop::option::of(0_u32..40_000)), 1..13)), 1..4),
    ) {
        let mut account = Account::default();
        for (nth, (names, laps)) in cars.into_iter().enumerate() {
            account.cars.push(Car { number: format!("{nth}"), class: Some("GT3".into()), drivers: named(&names[..names.len().min(4)]), ..Car::default() });
            for (number, (time, top_speed)) in (1..).zip(laps) {
                account.laps.push(Lap { time: time.and_then(ms), top_speed, ..Lap::of(nth, number) });
            }
        }
        let (again, flaws) = SectorList::decode(&SectorList::of(&account).encode()).unwrap();
        prop_assert_eq!((again.account(), flaws), (account, vec![]));
    }

    #[test]
    fn whatever_stands_in_a_cell_nothing_stops(cell in "[0-9A-Za-z:.,'\\-+ ]{0,12}", nth in 0_usize..400, text in 0_usize..3) {
        let text = [RESULT.replace(',', ";"), STOPS.to_owned(), sectors()][text].clone();
        let mut cells: Vec<&str> = text.split(';').collect();
        let nth = nth % cells.len();
        cells[nth] = &cell;
        let bytes = cells.join(";").into_bytes();
        let accounts = [
            Results::decode(&bytes).map(|(read, _)| read.account()),
            PitStops::decode(&bytes).map(|(read, _)| read.account()),
            SectorList::decode(&bytes).map(|(read, _)| read.account()),
        ];
        for account in accounts.into_iter().flatten() {
            let _ = (Results::of(&account), PitStops::of(&account), SectorList::of(&account));
        }
    }
}
