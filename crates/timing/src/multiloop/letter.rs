//! What is said by a letter. A letter that nobody told of is kept.

use std::borrow::Cow;

use super::field::Value;

macro_rules! letters {
    ($(#[$about:meta])* $name:ident { $($(#[$means:meta])* $variant:ident = $letter:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name<'a> {
            $($(#[$means])* $variant,)*
            /// Something else, as sent.
            Other(&'a str),
        }

        impl<'a> Value<'a> for $name<'a> {
            const SHOULD: &'static str = "a letter";

            fn read(field: &'a str) -> Option<Self> {
                Some(match field.trim() {
                    $($letter => Self::$variant,)*
                    _ => Self::Other(field),
                })
            }

            fn write(self) -> Cow<'a, str> {
                Cow::Borrowed(match self {
                    $(Self::$variant => $letter,)*
                    Self::Other(letter) => letter,
                })
            }
        }
    };
}

letters! {
    /// The state of the track.
    TrackStatus {
        /// Green.
        Green = "G",
        /// Yellow.
        Yellow = "Y",
        /// Red.
        Red = "R",
        /// White: the last lap.
        White = "W",
        /// Chequered.
        Chequered = "K",
        /// No flag: the run has not begun.
        Unflagged = "U",
        /// A cold track. In the captures before a run, and nowhere explained.
        Cold = "C",
    }
}

letters! {
    /// Where a car came over a line, or drove a lap.
    Lane {
        /// On the track.
        Track = "T",
        /// In the pit lane.
        Pit = "P",
    }
}

letters! {
    /// What saw a car at a line.
    Source {
        /// The antenna of the decoder.
        Antenna = "A",
        /// A person.
        Manual = "M",
        /// A photo cell.
        PhotoCell = "P",
    }
}

letters! {
    /// What a run is for.
    RunKind {
        /// Practice.
        Practice = "P",
        /// Qualifying.
        Qualifying = "Q",
        /// Qualifying one car at a time.
        SingleCarQualifying = "S",
        /// A race.
        Race = "R",
    }
}

/// Whether a record is news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It was not sent before.
    New,
    /// It was, and is sent again for who came later.
    Repeated,
    /// It corrects one that was sent.
    Updated,
}

impl Value<'_> for Kind {
    const SHOULD: &'static str = "N, R or U";

    fn read(field: &str) -> Option<Self> {
        match field.trim() {
            "N" => Some(Self::New),
            "R" => Some(Self::Repeated),
            "U" => Some(Self::Updated),
            _ => None,
        }
    }

    fn write(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::New => "N",
            Self::Repeated => "R",
            Self::Updated => "U",
        })
    }
}
