//! What pages load: style, script, the typeface. All of it is in the binary, and its address changes with its bytes.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// A file that pages load.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

/// A macro, for the bytes are read when this is compiled.
macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!(concat!("../assets/", $name)) }
    };
}

static ASSETS: [Asset; 9] = [
    asset!("style.css", "text/css; charset=utf-8"),
    asset!("live.js", "text/javascript; charset=utf-8"),
    asset!("page.js", "text/javascript; charset=utf-8"),
    asset!("watch.js", "text/javascript; charset=utf-8"),
    asset!("chart.js", "text/javascript; charset=utf-8"),
    asset!("replay.js", "text/javascript; charset=utf-8"),
    asset!("overlay.js", "text/javascript; charset=utf-8"),
    asset!("overlay.css", "text/css; charset=utf-8"),
    asset!("inter.woff2", "font/woff2"),
];

/// The address of a file: a page that was made before an update asks for what it was made with, or gets a clear no.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The typeface is named in the style without a version: it has the style's.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    // FNV-1a: any change of a byte changes it; nobody's security rests on it.
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = ASSETS.iter().flat_map(|asset| asset.bytes).fold(0xcbf2_9ce4_8422_2325, fold);
    format!("{hash:016x}")
});

/// Serves a file.
pub(crate) fn serve(version: &str, name: &str) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == name && version == *VERSION);
    let asset = asset.ok_or_else(|| Problem::missing(String::from("no such file; load the page again, it may have changed")))?;
    let mut response = asset.bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
