//! The feed of USAC over a WebSocket: each message a JSON object with a `command`, Multiloop's or one of USAC's own.
//!
//! Published are the addresses, the commands, and how a client chooses among them; the names of the members of a record are not, and no message was seen. So a message
//! is kept as the object it is, and only the choosing is understood. The three additions whose fields are published for the feed in lines are records of
//! [`super::record`].

use crate::flaw::Flaw;
use crate::json::{Document, Indent, Json, Object, Style};

/// Before the path of a series, such as `sro`.
pub const ADDRESS: &str = "wss://timing.usacnation.com/ws/";

/// The commands a client may ask for, as published. The server's default has `$USAC:AVGPOS`, `$USAC:POINTS`, `$USAC:INTPOS` and `ping` beside them.
pub const COMMANDS: [&str; 23] = [
    "$USAC:STINTS",
    "$USAC:CAN",
    "$USAC:POS",
    "$USAC:STINT",
    "$USAC:GPS",
    "$USAC:ENTRY",
    "$USAC:TZ",
    "$USAC:WEATHER",
    "$USAC:L",
    "$USAC:S",
    "$USAC:DRIVERID",
    "$T",
    "$A",
    "$H",
    "$C",
    "$S",
    "$L",
    "$I",
    "$F",
    "$N",
    "$E",
    "$R",
    "$V",
];

/// A message.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// `$USAC:SUBSCRIPTIONS` from the server, first and after each request: what it sends from now on.
    Subscribed(Vec<String>),
    /// A client asks for these commands and no others.
    Subscribe(Vec<String>),
    /// Any other command, with the whole message.
    Other {
        /// Which.
        command: String,
        /// As it came.
        message: Document,
    },
}

const COMMAND: &str = "command";
const SUBSCRIPTIONS: &str = "subscriptions";
const SUBSCRIBED: &str = "$USAC:SUBSCRIPTIONS";
/// The longest message.
const MOST: usize = 1 << 20;

impl Message {
    /// From the text of one message of the WebSocket.
    ///
    /// # Errors
    /// It is no JSON object, or one without a command.
    pub fn decode(text: &[u8]) -> Result<Self, Flaw> {
        let flaw = |why: String| Flaw::of(0, Some(1), text, why);
        if text.len() > MOST {
            return Err(flaw(format!("a message has at most {MOST} bytes")));
        }
        let message = Document::decode(text)?;
        let listed = listed(&message.root);
        match (message.root.get(COMMAND).and_then(Json::text), listed) {
            (Some(SUBSCRIBED), Some(listed)) => Ok(Self::Subscribed(listed)),
            (None, Some(listed)) => Ok(Self::Subscribe(listed)),
            (Some(command), _) => Ok(Self::Other { command: command.to_owned(), message }),
            (None, None) => Err(flaw(String::from("a message is an object with a command"))),
        }
    }

    /// As the text of one message.
    pub fn encode(&self) -> Vec<u8> {
        let list = |commands: &[String]| Json::List(commands.iter().map(|command| command.as_str().into()).collect());
        let root = match self {
            Self::Subscribed(commands) => Object::of([(COMMAND, SUBSCRIBED.into()), (SUBSCRIPTIONS, list(commands))]),
            Self::Subscribe(commands) => Object::of([(SUBSCRIPTIONS, list(commands))]),
            Self::Other { message, .. } => return message.encode(),
        };
        let style = Style { indent: Indent::None, spaced: false, ..Style::default() };
        style.write(&root.into()).into_bytes()
    }
}

/// The commands of `subscriptions`: none where one of them is no text.
fn listed(root: &Json) -> Option<Vec<String>> {
    let Json::List(list) = root.get(SUBSCRIPTIONS)? else { return None };
    list.iter().map(|command| command.text().map(str::to_owned)).collect()
}
