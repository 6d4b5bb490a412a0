//! The description of the API that is checked in is the one that is served.

use std::fs;
use std::path::Path;

#[test]
fn the_description_of_the_api_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let made = server::description();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("the description can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == made, "docs/openapi.json is not what the server says; run UPDATE=1 cargo test -p server --test openapi");
}
