//! The line to a game of Assetto Corsa Competizione, which tells of laps in datagrams.

use std::collections::BTreeMap;
use std::net::UdpSocket;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::Duration;

use sport::date::{Instant, Micros};
use sport::passing::Passing;
use timing::decoder::Counts;
use timing::sim::acc::broadcast::Phase;
use timing::sim::acc::broadcast_client::{Client, Happened, Listener};

use super::line::{Line, News, Said, heard_as};
use crate::moment;

/// How often it asks whether there is something to be said.
const LOOK: Duration = Duration::from_millis(250);
/// How often the game is to tell, in milliseconds.
const INTERVAL: i32 = 100;

/// What is known of the game.
struct Game {
    client: Client,
    /// When the session began.
    began: Option<i64>,
    /// Numbers of the cars, by the game's.
    numbers: BTreeMap<u16, String>,
}

impl Line {
    /// Listens to a game until it is told to stop.
    pub(super) fn keep_game(&self, password: &str, news: &Sender<News>) {
        let listener = Listener {
            name: String::from("parcferme"),
            password: password.to_owned(),
            command_password: String::new(),
            interval_ms: INTERVAL,
        };
        let mut game = Game { client: Client::of(listener), began: None, numbers: BTreeMap::new() };
        while !self.over.load(Ordering::Relaxed) {
            match self.socket() {
                Ok(socket) => {
                    let why = self.play(&mut game, &socket, news);
                    self.health[self.nth].lost(why);
                }
                Err(why) => self.health[self.nth].lost(why),
            }
            self.wait(Duration::from_secs(2));
        }
    }

    fn socket(&self) -> Result<UdpSocket, String> {
        let told = |error: std::io::Error| error.to_string();
        let any = if self.spoken.address.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
        let socket = UdpSocket::bind(any).map_err(told)?;
        socket.connect(&self.spoken.address).map_err(told)?;
        socket.set_read_timeout(Some(LOOK)).map_err(told)?;
        Ok(socket)
    }

    /// Until the socket breaks, or it is told to stop.
    fn play(&self, game: &mut Game, socket: &UdpSocket, news: &Sender<News>) -> String {
        let mut datagram = vec![0; 64 << 10];
        while !self.over.load(Ordering::Relaxed) {
            while let Some(saying) = game.client.due(moment::now()) {
                // A game that is not there yet answers nothing, and is asked again.
                if socket.send(&saying).is_err() {
                    break;
                }
            }
            let read = socket.recv(&mut datagram);
            let now = moment::now();
            if let Ok(length) = read {
                self.happened(game, &datagram[..length], now, news);
            } else if !game.client.is_registered() {
                self.health[self.nth].lost(String::from("the game does not answer"));
            }
        }
        if let Some(goodbye) = game.client.goodbye() {
            // Where it does not come, the game forgets us by itself.
            _ = socket.send(&goodbye);
        }
        String::from("ended")
    }

    fn happened(&self, game: &mut Game, datagram: &[u8], now: Instant, news: &Sender<News>) {
        let health = &self.health[self.nth];
        let tell = |what| _ = news.send(News { nth: self.nth, arrived: now, what });
        let mut counts = Counts::default();
        let (began, numbers) = (&mut game.began, &mut game.numbers);
        game.client.take(datagram, now, |told| match told {
            Ok(Happened::Registered(_)) => health.up(),
            Ok(Happened::Refused(of)) => health.lost(format!("the game refuses: {}", of.error)),
            Ok(Happened::Session(of)) => {
                // Before the start its clock stands.
                if of.elapsed.0 > 0 && (of.phase == Phase::Session || began.is_none()) {
                    *began = Some(now.0 - of.elapsed.0);
                } else if of.began {
                    *began = None;
                }
            }
            Ok(Happened::Entry(of)) => {
                let number = of.number.to_string();
                tell(Said::Car { number: number.clone(), transponder: heard_as(&number) });
                numbers.insert(of.car, number);
            }
            Ok(Happened::Lap(of)) => {
                let (Some(began), Some(Micros(elapsed)), Some(number)) = (*began, of.elapsed, numbers.get(&of.car)) else { return };
                counts.passings += 1;
                tell(Said::Passing(Passing { at: Instant(began + elapsed), transponder: Some(heard_as(number)) }));
            }
            Ok(Happened::Track(_) | Happened::Left(_) | Happened::PitLane(_) | Happened::Said(_)) => {}
            Err(_) => counts.flaws += 1,
        });
        health.fed(now, counts);
    }
}
