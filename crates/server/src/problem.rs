//! What went wrong with a request, and what to do: a page for people, problem details (RFC 9457) for programs.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Problem details, as the API answers where it cannot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The status code.
    pub status: u16,
    /// What kind of problem, in a few words.
    pub title: String,
    /// What exactly, and what to do.
    pub detail: String,
}

impl Problem {
    /// What was asked for is not there.
    pub(crate) fn missing(detail: String) -> Self {
        Self::of(StatusCode::NOT_FOUND, detail)
    }

    /// What was asked for cannot be understood.
    pub(crate) fn unclear(detail: String) -> Self {
        Self::of(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn of(status: StatusCode, detail: String) -> Self {
        Self { status: status.as_u16(), title: status.canonical_reason().unwrap_or("Problem").to_owned(), detail: bounded(detail) }
    }

    pub(crate) fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// What a stranger wrote may come back in a sentence, but not at any length, and without what would change how the rest of it reads.
fn bounded(detail: String) -> String {
    const MOST: usize = 300;
    let turns = |letter: char| letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if detail.len() <= MOST && !detail.contains(turns) {
        return detail;
    }
    let more = detail.chars().nth(MOST).map(|_| '…');
    detail.chars().take(MOST).map(|letter| if turns(letter) { '\u{fffd}' } else { letter }).chain(more).collect()
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::unclear(String::from("this address cannot be read"))
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        Self::unclear(String::from("what stands after the question mark of this address cannot be read"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.code(), Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
