//! Answers that change with the facts alone: who has the latest is told so, and is sent nothing.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sport::season::Season;

use crate::site::Site;

/// The tag of what is known now. Weak, for the same is sent compressed and not.
pub(crate) fn tag(site: &Site, season: &Season) -> [(HeaderName, HeaderValue); 1] {
    let tag = format!("W/\"{}-{}\"", site.ring.epoch(), season.facts().len());
    [(header::ETAG, HeaderValue::from_str(&tag).expect("an epoch and a number are plain"))]
}

/// The answer to one who has what is known now; none where something is to be sent.
pub(crate) fn unchanged(site: &Site, season: &Season, headers: &HeaderMap) -> Option<Response> {
    let tag = tag(site, season);
    let has = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let latest = tag[0].1.to_str().ok()?;
    has.split(',').any(|one| one.trim() == latest).then(|| (StatusCode::NOT_MODIFIED, tag).into_response())
}
