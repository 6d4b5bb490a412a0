//! The session that runs as an RMonitor feed, for scoreboards, overlays and apps that read one.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use server::Site;
use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::fact::What;
use sport::meeting::opened_last;
use sport::meeting_fact::MeetingFact;
use sport::season::{Moment, Season};
use timing::scoreboard::Scoreboard as Board;

use crate::serve::said;

/// How often the board is looked at: a crossing shows within this.
const LOOK: Duration = Duration::from_millis(200);
/// Everything is sent again so often, as the protocol has it.
const REFRESH: i64 = 30_000_000;
/// A scoreboard that has taken nothing of so many messages is let go.
const BEHIND: usize = 64;
/// And one that takes nothing at all for so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many may listen.
const MOST: usize = 200;

/// What is on the board, and who is told.
#[derive(Default)]
struct Told {
    board: Option<Board>,
    listeners: Vec<SyncSender<Arc<str>>>,
}

/// Serves the session that runs to every scoreboard that connects, until it is told to stop.
pub(crate) fn serve(site: &Arc<Site>, listener: TcpListener, over: &Arc<AtomicBool>) -> JoinHandle<()> {
    let told = Arc::new(Mutex::new(Told::default()));
    {
        let told = Arc::clone(&told);
        // It waits for whoever connects, and ends with the program.
        std::thread::spawn(move || listener.incoming().flatten().for_each(|line| join(&told, line)));
    }
    let (site, over) = (Arc::clone(site), Arc::clone(over));
    std::thread::spawn(move || {
        let (mut refreshed, mut shown) = (i64::MIN / 2, (usize::MAX, i64::MIN));
        while !over.load(Ordering::Relaxed) {
            let (season, now) = (site.season(), site.moment());
            // Every second the clock goes on, whatever else stands still.
            let state = (season.facts().len(), now.0.div_euclid(1_000_000));
            if state != shown {
                shown = state;
                let board = board(&site, &season, now);
                let mut told = told.lock().expect("nobody panics while holding the board");
                told.tell(board, now, now.0 - refreshed >= REFRESH);
                if now.0 - refreshed >= REFRESH {
                    refreshed = now.0;
                }
            }
            std::thread::sleep(LOOK);
        }
    })
}

impl Told {
    /// Tells everybody what changed, or everything.
    fn tell(&mut self, board: Option<Board>, now: Instant, everything: bool) {
        let mut text = String::new();
        match (&board, &self.board) {
            (Some(board), Some(before)) => board.changes(before, now, &mut text),
            (Some(board), None) => board.refresh(&mut text),
            (None, _) => {}
        }
        if let (true, Some(board)) = (everything, &board) {
            board.refresh(&mut text);
        }
        if board.is_some() {
            self.board = board;
        }
        if !text.is_empty() {
            let text: Arc<str> = Arc::from(text);
            self.listeners.retain(|listener| listener.try_send(Arc::clone(&text)).is_ok());
        }
    }
}

/// A scoreboard that connected is told everything, and from then on what changes.
fn join(told: &Arc<Mutex<Told>>, mut line: TcpStream) {
    let (sender, receiver) = sync_channel::<Arc<str>>(BEHIND);
    {
        let mut told = told.lock().expect("nobody panics while holding the board");
        if told.listeners.len() >= MOST {
            return;
        }
        let mut text = String::new();
        if let Some(board) = &told.board {
            board.refresh(&mut text);
        }
        _ = sender.try_send(Arc::from(text));
        told.listeners.push(sender);
    }
    // What cannot be set is as the system has it.
    _ = line.set_write_timeout(Some(PATIENCE));
    _ = line.set_nodelay(true);
    std::thread::spawn(move || {
        for text in receiver {
            if line.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
}

/// The board of the session that was opened last.
fn board(site: &Site, season: &Season, now: Instant) -> Option<Board> {
    let moment = Moment { known: now, in_force: now };
    let session = opened_last(season, moment)?;
    let stands = AsItStands::of(site.rulebook(), season, moment, session)?;
    let round = season.calendar.sessions[session].name.round;
    let live = season.live(moment);
    let fitted = |entry: usize| {
        let id = &season.list.entries[entry].id;
        let of = |what: &What| {
            let What::Meeting(MeetingFact::Transponder { round: of, transponder, car, .. }) = what else { return None };
            (*of == round && car == id).then_some(transponder.0)
        };
        live.iter().rev().find_map(|fact| of(&fact.what))
    };
    Some(Board::of(site.rulebook(), season, &stands, now, fitted))
}

/// Listens for scoreboards, and says so.
pub(crate) fn listen(at: SocketAddr) -> Result<TcpListener, crate::stop::Stop> {
    let listener = crate::serve::listen(at)?;
    let at = listener.local_addr().map_err(|error| crate::stop::Stop::io("the address", &error))?;
    said(&format!("RMonitor for scoreboards: {at}"));
    Ok(listener)
}
