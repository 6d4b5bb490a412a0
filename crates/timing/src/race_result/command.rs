//! What a host sends to a RACE RESULT decoder.

/// A command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Which version of the protocol it is to speak.
    Protocol(String),
    /// Whether passings are to be sent when they happen.
    Push {
        /// Those that happen from now on.
        new: bool,
        /// Those that the file in use has already. Said by others, not seen.
        old: bool,
    },
    /// How many passings are there?
    Passings,
    /// The passings from a number on.
    From {
        /// The first.
        first: u64,
        /// How many.
        count: u64,
    },
    /// How is it?
    Status,
    /// Keep passings, in a new file.
    Start,
    /// Keep none.
    Stop,
    /// Any other: its name and its fields.
    Other(Vec<String>),
}

impl Command {
    /// From a line with its end or without; `None` where nothing is on it.
    pub fn decode(line: &[u8]) -> Option<Self> {
        let line = super::text(line);
        let fields: Vec<&str> = line.trim_end_matches(['\r', '\n']).split(';').collect();
        Some(match fields[..] {
            [""] => return None,
            ["SETPROTOCOL", version] => Self::Protocol(version.to_owned()),
            ["SETPUSHPASSINGS", new, old] => Self::Push { new: new == "1", old: old == "1" },
            ["PASSINGS"] => Self::Passings,
            ["GETSTATUS"] => Self::Status,
            ["STARTOPERATION"] => Self::Start,
            ["STOPOPERATION"] => Self::Stop,
            [one] => match one.split_once(':').map_or((one.parse(), Ok(1)), |(first, count)| (first.parse(), count.parse())) {
                (Ok(first), Ok(count)) => Self::From { first, count },
                _ => Self::Other(vec![one.to_owned()]),
            },
            _ => Self::Other(fields.into_iter().map(str::to_owned).collect()),
        })
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        let bit = |of: bool| if of { "1" } else { "0" };
        super::bytes(&match self {
            Self::Protocol(version) => format!("SETPROTOCOL;{version}"),
            Self::Push { new, old } => format!("SETPUSHPASSINGS;{};{}", bit(*new), bit(*old)),
            Self::Passings => String::from("PASSINGS"),
            Self::From { first, count } => format!("{first}:{count}"),
            Self::Status => String::from("GETSTATUS"),
            Self::Start => String::from("STARTOPERATION"),
            Self::Stop => String::from("STOPOPERATION"),
            Self::Other(fields) => fields.join(";"),
        })
    }
}
