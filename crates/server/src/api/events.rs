//! What the events of a stream carry, as the description of the API tells it. They are written where frames are numbered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::frame::Frame;

/// The data of an event of the live stream: of `snapshot` the first, of `delta` the second.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "described here, written by the ring")]
pub(crate) enum LiveEvent {
    Snapshot(Box<Snapshot>),
    Delta(Delta),
}

/// The data of an event of a replay: of `snapshot` the first, of `delta` the second, of `end` the third.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "described here, written by the replay")]
pub(crate) enum ReplayEvent {
    Snapshot(Box<Snapshot>),
    Delta(Delta),
    End(End),
}

/// A whole frame.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Snapshot {
    /// Its number.
    n: u64,
    /// The frame.
    frame: Frame,
}

/// What changed since the event before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delta {
    /// Its number: one more than that of the event before.
    n: u64,
    /// A JSON merge patch (RFC 7396) of the frame.
    #[schema(value_type = Object)]
    patch: serde_json::Value,
}

/// The session was closed: nothing follows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct End {
    /// The moment, RFC 3339.
    at: String,
}
