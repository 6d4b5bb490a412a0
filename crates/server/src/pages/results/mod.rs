//! Results, standings, the success ledger, and the reasons behind each number.

mod classification;
mod docket;
mod ended_now;
mod progress;
mod session;
mod standings;
mod success;
mod why;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use maud::{Markup, html};

use crate::clock::parse;
use crate::named;
use crate::pages::layout;
use crate::pages::live::encoded;
use crate::results::asked::Asked;
use crate::results::{Look, Named};
use crate::site::Site;

/// The pages' routes.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/sessions/{session}", get(session::session))
        .route("/sessions/{session}/if-it-ended-now", get(ended_now::ended_now))
        .route("/standings", get(standings::all))
        .route("/standings/{championship}", get(standings::one))
        .route("/success", get(success::success))
        .route("/why/points/{championship}/{competitor}", get(why::points))
        .route("/why/place/{session}/{car}", get(why::place))
        .route("/why/success/{session}/{car}", get(why::success))
}

/// So often a page of a session that runs is loaded again, in seconds.
const AGAIN: u32 = 10;

/// What goes into the head of a page that is to stay true by itself.
fn again(running: bool) -> Markup {
    html! { @if running { noscript { meta http-equiv="refresh" content=(AGAIN); } } }
}

/// The colour of a class: its position in the rulebook.
fn colour(site: &Site, class: &str) -> usize {
    named::colour(&site.rulebook, class)
}

/// A number with its reasons.
fn why_place(session: &str, car: &str, asked: &Asked, text: &str) -> Markup {
    html! { @if !text.is_empty() { a href=(format!("/why/place/{session}/{}{}", encoded(car), asked.query())) { (text) } } }
}

/// Points with their reasons.
fn why_points(championship: &str, competitor: &str, asked: &Asked, text: &str) -> Markup {
    html! { @if !text.is_empty() { a href=(format!("/why/points/{championship}/{}{}", encoded(competitor), asked.query())) { (text) } } }
}

/// Competitors of a line, each leading to its page.
fn competitors(kind: &str, of: &[Named], name: &str) -> Markup {
    let folder = match kind {
        "driver" => "drivers",
        "team" => "teams",
        "entry" => "entries",
        _ => return html! { (name) },
    };
    html! {
        @for (at, one) in of.iter().enumerate() {
            @if at > 0 { " / " }
            a href=(format!("/{folder}/{}", encoded(&one.id))) { (one.name) }
        }
    }
}

/// A moment as written in data, with its day.
fn when(written: &str) -> Markup {
    parse(written).map_or_else(|| html! { (written) }, layout::moment)
}

/// A fact as the notice board has it.
fn document(fact: u64) -> Markup {
    html! { a href=(format!("/documents/{fact}")) { "fact " (fact) } }
}

/// What a person should look at; nothing where there is nothing.
fn findings(found: &[Look]) -> Markup {
    html! {
        @if !found.is_empty() {
            section {
                h2 id="findings" { "To look at" }
                ul.plain.looks {
                    @for of in found {
                        li data-weight=(of.weight) { strong { (of.weight) } " " span.quiet { (of.about) } " " (of.says) }
                    }
                }
            }
        }
    }
}

/// From where a page looks, where not from now, and the way back.
fn seen_from(asked: &Asked, path: &str) -> Markup {
    let words = [("as known at", &asked.at), ("after", &asked.after), ("supposing", &asked.suppose)];
    let words: Vec<String> =
        words.into_iter().filter_map(|(word, value)| Some(format!("{word} {}", value.as_ref()?.replace('=', " ")))).collect();
    html! {
        @if !words.is_empty() {
            p.asked { strong { (capital(&words.join(", "))) } " " a href=(path) { "As it stands now" } }
        }
    }
}

/// With a capital at its beginning.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
