//! `live`: the live page in a terminal, for the timekeeper's laptop.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use server::frame::Frame;
use server::{Clock, Opening, Site};

use crate::live_screen::{Screen, once};
use crate::place::{self, Place};
use crate::stop::Stop;
use crate::{live_line, moment, serve};

/// Live timing in a terminal, of a season's folder or of a server
///
/// q ends it; c goes through the classes; up and down choose a car to follow.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme live SEASON\n  parcferme live http://127.0.0.1:8018\n  parcferme live http://127.0.0.1:8018 --once"
)]
pub(crate) struct LiveArguments {
    /// The season's folder, or the address of a server
    #[arg(value_name = "SEASON|URL")]
    from: String,
    /// Print the table as it stands, and end
    #[arg(long)]
    once: bool,
}

/// What is known of the race here: the last frame, and what is wrong with the line where it was lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) frame: Option<Arc<Frame>>,
    /// When it came.
    pub(crate) at: i64,
    pub(crate) lost: Option<Lost>,
}

/// What is wrong with the line.
#[derive(Clone, Debug)]
pub(crate) struct Lost {
    pub(crate) why: String,
    /// Whether who asks again at once will be told the same.
    for_good: bool,
}

impl Lost {
    pub(crate) fn for_good(why: &str) -> Self {
        Self { why: why.to_owned(), for_good: true }
    }

    pub(crate) fn perhaps_not_for_long(why: &str) -> Self {
        Self { why: why.to_owned(), for_good: false }
    }
}

/// Where frames come from: whoever has one puts it here.
pub(crate) type Board = Arc<Mutex<Heard>>;

/// How often the screen is drawn anew.
const DRAWN: Duration = Duration::from_millis(100);
/// So long `--once` waits for the first frame.
const FIRST: Duration = Duration::from_secs(10);

/// `live`.
pub(crate) fn run(arguments: &LiveArguments) -> Result<String, Stop> {
    let heard: Board = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let folder = Path::new(&arguments.from);
    let port = arguments.from.rsplit_once(':').and_then(|(_, port)| port.trim_end_matches('/').parse::<u16>().ok());
    if port.is_some() && !arguments.from.contains("://") && !folder.exists() {
        let from = &arguments.from;
        return Err(Stop::usage(format!("there is no folder `{from}`; if a server is meant, write http://{from}")));
    }
    let listening = if arguments.from.contains("://") {
        live_line::listen(&arguments.from, Arc::clone(&heard), Arc::clone(&over))?
    } else {
        follow(folder, Arc::clone(&heard), Arc::clone(&over))?
    };
    let shown = if arguments.once || !std::io::stdout().is_terminal() {
        first(&arguments.from, &heard)
    } else {
        watch(&heard).map(|()| String::new())
    };
    over.store(true, Ordering::Relaxed);
    listening.join().map_err(|_| Stop::io("the live view", &"it broke off; this is a fault of the program"))?;
    shown
}

/// Frames of a season's folder, made here.
fn follow(folder: &Path, heard: Board, over: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, Stop> {
    let Place { rulebook, season, .. } = place::open(folder)?;
    let clock = Clock { now: Arc::new(moment::now), speed: 1 };
    let mut news = serve::follow(folder, season.facts().len());
    let site = Arc::new(Site::new(Opening { rulebook, season, watch: clock.clone(), clock, simulated: crate::simulate::SIMULATED }));
    Ok(std::thread::spawn(move || {
        let put = |lost: Option<Lost>| {
            let mut heard = heard.lock().expect("nobody panics while holding the frame");
            heard.lost = lost;
            if let Some(frame) = site.latest() {
                heard.at = moment::now().0;
                heard.frame = Some(frame);
            }
        };
        let news = || {
            put(None);
            news()
        };
        server::feed(&site, news, |why| put(Some(Lost::perhaps_not_for_long(why))), || over.load(Ordering::Relaxed));
    }))
}

/// The first frame, as text.
fn first(from: &str, heard: &Board) -> Result<String, Stop> {
    let until = moment::now().0 + i64::try_from(FIRST.as_micros()).unwrap_or(0);
    loop {
        let known = heard.lock().expect("nobody panics while holding the frame").clone();
        if let Some(frame) = known.frame {
            return Ok(once(&frame));
        }
        if moment::now().0 > until || known.lost.as_ref().is_some_and(|lost| lost.for_good) {
            return Err(Stop::io(from, &known.lost.map_or_else(|| String::from("nothing was heard for ten seconds"), |lost| lost.why)));
        }
        std::thread::sleep(DRAWN / 2);
    }
}

/// Draws until somebody ends it.
fn watch(heard: &Board) -> Result<(), Stop> {
    let broken = |error: std::io::Error| Stop::io("the terminal", &error);
    let mut terminal = ratatui::try_init().map_err(broken)?;
    let mut screen = Screen::default();
    let ended = loop {
        let known = heard.lock().expect("nobody panics while holding the frame").clone();
        if let Err(error) = terminal.draw(|area| screen.draw(&known, moment::now(), area)) {
            break Err(broken(error));
        }
        match event::poll(DRAWN).and_then(|ready| if ready { event::read().map(Some) } else { Ok(None) }) {
            Ok(Some(Event::Key(key))) if key.kind == KeyEventKind::Press => {
                let interrupted = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
                if interrupted || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) {
                    break Ok(());
                }
                screen.key(key.code, known.frame.as_deref());
            }
            Ok(_) => {}
            Err(error) => break Err(broken(error)),
        }
    };
    ratatui::restore();
    ended
}
