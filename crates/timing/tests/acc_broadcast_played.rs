//! Listening to a game of Assetto Corsa Competizione that plays sessions of ours, over a good network and over a bad one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use sport::session::SessionKind;
use timing::account::{Account, Car, Driver, Lap, Penalty, PenaltyKind};
use timing::sim::acc::broadcast::{EventKind, Phase, Request, Told};
use timing::sim::acc::broadcast_client::{Client, Completed, Happened, Listener, Session};
use timing::sim::acc::broadcast_played::Played;

const SECOND: i64 = 1_000_000;

fn listener() -> Listener {
    Listener { name: "Timing".into(), password: "asd".into(), command_password: String::new(), interval_ms: 250 }
}

/// A session of so many cars over so many laps of about forty seconds.
fn account(kind: SessionKind, cars: usize, laps: u32) -> Account {
    let mut account = Account::default();
    (account.about.kind, account.about.track) = (Some(kind), Some("Spa".into()));
    for car in 0..cars {
        let drivers = ["Ash", "Elm"].map(|last| Driver { first: Some("Driver".into()), last: Some(last.into()), ..Default::default() });
        account.cars.push(Car { number: (car + 1).to_string(), drivers: drivers.to_vec(), ..Car::default() });
        let mut end = 0;
        for number in 1..=laps {
            let ms = 40_000 + i64::try_from(car).expect("there are few") * 317 + i64::from(number) * 791 % 2_003;
            end += ms;
            let sectors = [ms / 3, ms / 3, ms - 2 * (ms / 3)].map(|ms| Some(Micros(ms * 1_000))).to_vec();
            let into_pit = number % 3 == 0;
            account.laps.push(Lap {
                time: Some(Micros(ms * 1_000)),
                elapsed: Some(Micros(end * 1_000)),
                sectors,
                driver: Some(usize::from(number / 3 % 2 == 1)),
                valid: number % 4 != 1,
                into_pit,
                ..Lap::of(car, number)
            });
        }
    }
    account.penalties.push(Penalty {
        car: 0,
        driver: None,
        kind: PenaltyKind::DriveThrough,
        words: "Drive through".into(),
        lap: Some(2),
        served: None,
        after: false,
        contained: false,
    });
    account
}

/// A network that loses, doubles and exchanges what is sent over it, by chances in a hundred.
struct Network {
    random: u64,
    loses: u64,
    doubles: u64,
    exchanges: u64,
    held: Option<Vec<u8>>,
}

impl Network {
    fn of(seed: u64, [loses, doubles, exchanges]: [u64; 3]) -> Self {
        Self { random: seed | 1, loses, doubles, exchanges, held: None }
    }

    fn chance(&mut self, of_hundred: u64) -> bool {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % 100 < of_hundred
    }

    /// What arrives of what is sent.
    fn send(&mut self, datagram: Vec<u8>) -> Vec<Vec<u8>> {
        if self.chance(self.loses) {
            return Vec::new();
        }
        let copies = if self.chance(self.doubles) { 2 } else { 1 };
        let mut arrives = Vec::new();
        for _ in 0..copies {
            if self.held.is_none() && self.chance(self.exchanges) {
                self.held = Some(datagram.clone());
                continue;
            }
            arrives.push(datagram.clone());
            arrives.extend(self.held.take());
        }
        arrives
    }
}

/// Lets a listener hear a game for so many seconds, ten times a second; at some of them the game is told something.
fn play(sessions: &[Account], mut network: Network, seconds: i64, mut at: impl FnMut(i64, &mut Played<u8>, Instant)) -> Vec<Happened> {
    let began = 1_000_000 * SECOND;
    let mut game = Played::of(sessions, "asd", Instant(began));
    let mut client = Client::of(listener());
    let mut told = Vec::new();
    for tenth in 0..seconds * 10 {
        let now = Instant(began + tenth * SECOND / 10);
        if tenth % 10 == 0 {
            at(tenth / 10, &mut game, now);
        }
        let mut sent = Vec::new();
        while let Some(request) = client.due(now) {
            for request in network.send(request) {
                sent.extend(game.take(&1, &request, now));
            }
        }
        sent.extend(game.due(now).into_iter().map(|(_, datagram)| datagram));
        for datagram in sent.into_iter().flat_map(|datagram| network.send(datagram)).collect::<Vec<_>>() {
            client.take(&datagram, now, |happened| told.extend(happened));
        }
    }
    told
}

/// What was told of the laps of each car, in each session that began.
fn laps_by_session(told: &[Happened]) -> Vec<BTreeMap<(u16, u32), Vec<&Completed>>> {
    let mut sessions: Vec<BTreeMap<(u16, u32), Vec<&Completed>>> = Vec::new();
    for told in told {
        if let Happened::Session(Session { began: true, .. }) = told {
            sessions.push(BTreeMap::new());
        } else if let Happened::Lap(lap) = told {
            sessions.last_mut().expect("a session has begun").entry((lap.car, lap.number)).or_default().push(lap);
        }
    }
    sessions
}

/// Every lap of an account was told once, and as it was.
fn assert_told(account: &Account, told: &BTreeMap<(u16, u32), Vec<&Completed>>) {
    assert_eq!(told.len(), account.laps.len());
    let mut out = vec![false; account.cars.len()];
    for lap in &account.laps {
        let of = &told[&(u16::try_from(lap.car).expect("there are few"), lap.number)];
        assert_eq!(of.len(), 1, "{of:?}");
        let of = of[0];
        assert_eq!((of.time, &of.splits, of.valid), (lap.time, &lap.sectors, Some(lap.valid)));
        assert_eq!((of.driver.map(usize::from), of.into, of.out), (lap.driver, lap.into_pit, out[lap.car]));
        let elapsed = of.elapsed.expect("its clock was heard of").0 - lap.elapsed.map_or(0, |at| at.0);
        assert!(elapsed.abs() <= 1_000, "{elapsed} microseconds from when it ended: {of:?}");
        out[lap.car] = lap.into_pit;
    }
}

#[test]
fn a_listener_is_told_a_session_that_is_played_as_its_account_tells_it() {
    let race = account(SessionKind::Race, 5, 7);
    let told = play(std::slice::from_ref(&race), Network::of(1, [0; 3]), 330, |_, _, _| {});
    assert_told(&race, &laps_by_session(&told)[0]);
    let phases: Vec<Phase> =
        told.iter().filter_map(|told| if let Happened::Session(session) = told { Some(session.phase) } else { None }).collect();
    assert_eq!(phases, [Phase::PreSession, Phase::Session, Phase::SessionOver, Phase::PostSession]);
    let entries: Vec<_> = told
        .iter()
        .filter_map(|told| if let Happened::Entry(entry) = told { Some((entry.number, entry.drivers.len())) } else { None })
        .collect();
    assert_eq!(entries, [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2)]);
    let said: Vec<_> =
        told.iter().filter_map(|told| if let Happened::Said(said) = told { Some((said.kind, said.car)) } else { None }).collect();
    assert_eq!(said, [(EventKind::Green, None), (EventKind::Penalty, Some(0)), (EventKind::SessionOver, None)]);
    // Into the pit lane and out after laps 3 and 6, and in at the end.
    let pits: Vec<_> =
        told.iter().filter_map(|told| if let Happened::PitLane(of) = told { Some(of) } else { None }).filter(|of| of.car == 2).collect();
    assert_eq!(pits.iter().map(|of| of.into).collect::<Vec<_>>(), [true, false, true, false, true]);
}

#[test]
fn whoever_does_not_know_the_password_is_told_nothing() {
    let mut game = Played::of(&[account(SessionKind::Race, 1, 1)], "secret", Instant(0));
    let greeting = Client::of(listener()).greeting();
    let answer = Told::decode(&game.take(&1, &greeting, Instant(0))[0]).unwrap();
    assert!(matches!(answer, Told::Registration(of) if !of.accepted && of.error == "wrong password"));
    assert!(game.take(&1, &Request::EntryList { connection: 1 }.encode(), Instant(0)).is_empty());
    assert!(game.take(&1, b"noise", Instant(0)).is_empty() && game.due(Instant(SECOND)).is_empty());
}

#[test]
fn a_weekend_is_played_one_session_after_the_other_and_one_of_them_again() {
    let weekend = [account(SessionKind::Qualifying, 3, 2), account(SessionKind::Race, 3, 3)];
    let told = play(&weekend, Network::of(3, [10, 5, 5]), 420, |second, game, now| {
        // The race is at its second lap.
        if second == 190 {
            game.restart(now);
        }
    });
    let sessions = laps_by_session(&told);
    assert_eq!(sessions.len(), 3);
    assert_told(&weekend[0], &sessions[0]);
    assert_told(&weekend[1], &sessions[2]);
    assert!((1..9).contains(&sessions[1].len()) && sessions[1].values().all(|told| told.len() == 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn over_a_network_that_loses_doubles_and_exchanges_every_lap_is_told_once(seed: u64) {
        let race = account(SessionKind::Race, 4, 6);
        let told = play(std::slice::from_ref(&race), Network::of(seed, [10, 10, 10]), 290, |_, _, _| {});
        let sessions = laps_by_session(&told);
        prop_assert_eq!(sessions.len(), 1);
        assert_told(&race, &sessions[0]);
        let said = told.iter().filter(|told| matches!(told, Happened::Said(_))).count();
        prop_assert!(said <= 3, "{said}");
    }
}
