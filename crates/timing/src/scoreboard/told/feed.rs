//! A feed: what is sent to all who listen, and what to who connects.

use sport::date::Instant;

use super::multiloop::Speaker;
use crate::multiloop::field::Separator;
use crate::scoreboard::Scoreboard;

/// Everything is sent again so often, in microseconds.
const REFRESH: i64 = 30_000_000;

/// What a feed speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// RMonitor.
    Rmonitor,
    /// Multiloop, with what parts its fields.
    Multiloop(Separator),
}

/// A feed of a board.
#[derive(Debug)]
pub struct Feed {
    speech: Speech,
    shown: Option<Scoreboard>,
    /// When everything was sent last.
    refreshed: Instant,
}

#[derive(Debug)]
enum Speech {
    Rmonitor,
    Multiloop(Box<Speaker>),
}

impl Feed {
    /// A feed of an empty board.
    pub fn new(language: Language) -> Self {
        let speech = match language {
            Language::Rmonitor => Speech::Rmonitor,
            Language::Multiloop(separator) => Speech::Multiloop(Box::new(Speaker::new(separator))),
        };
        Self { speech, shown: None, refreshed: Instant(i64::MIN / 2) }
    }

    /// Shows what is on the board at a moment: tells what all who listen are sent. It is to be called whenever a car crosses the line, a flag is waved, and every second.
    pub fn show(&mut self, board: Scoreboard, at: Instant) -> Vec<u8> {
        let mut out = match &self.shown {
            Some(before) => self.speech.changes(before, &board, at),
            None => Vec::new(),
        };
        if at.0 - self.refreshed.0 >= REFRESH {
            self.refreshed = at;
            out.extend(self.speech.refresh(&board, at));
        }
        self.shown = Some(board);
        out
    }

    /// What is sent to who connects at a moment, before anything else.
    pub fn connected(&mut self, at: Instant) -> Vec<u8> {
        self.shown.as_ref().map(|board| self.speech.refresh(board, at)).unwrap_or_default()
    }
}

impl Speech {
    fn refresh(&mut self, board: &Scoreboard, at: Instant) -> Vec<u8> {
        match self {
            Self::Rmonitor => {
                let mut out = String::new();
                board.refresh(&mut out);
                out.into_bytes()
            }
            Self::Multiloop(speaker) => speaker.refresh(board, at),
        }
    }

    fn changes(&mut self, before: &Scoreboard, board: &Scoreboard, at: Instant) -> Vec<u8> {
        match self {
            Self::Rmonitor => {
                let mut out = String::new();
                board.changes(before, at, &mut out);
                out.into_bytes()
            }
            Self::Multiloop(speaker) => speaker.changes(before, board, at),
        }
    }
}
