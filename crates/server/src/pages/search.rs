//! Search.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::Page;
use crate::pages::layout::{self, Place, Sheet};
use crate::problem::Problem;
use crate::season::Known;
use crate::season::search::{Found, Hit, LONGEST, search};
use crate::site::Site;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Words, at most 80 characters: all of them must be found, whatever their accents and case.
    q: Option<String>,
}

/// What a search finds.
pub(crate) fn found(site: &Site, asked: &Asked) -> Result<Found, Problem> {
    let query = asked.q.as_deref().unwrap_or_default().trim();
    if query.chars().count() > LONGEST {
        return Err(Problem::unclear(format!("this is too long to look for; use at most {LONGEST} characters")));
    }
    let season = site.season();
    Ok(search(&Known::of(site, &season), query))
}

/// `/search`.
pub(crate) async fn page(State(site): State<Arc<Site>>, asked: Result<Query<Asked>, QueryRejection>) -> Page {
    let Query(asked) = asked?;
    let found = found(&site, &asked)?;
    let main = html! {
        h1 { "Search" }
        form.search action="/search" {
            label { "Look for " input type="search" name="q" value=(found.query) maxlength=(LONGEST); } " "
            button { "Search" }
        }
        @if found.query.is_empty() {
            p.quiet { "Drivers, cars by number, teams, sessions, decisions, documents." }
        } @else if found.hits.is_empty() {
            p { "Nothing is found for " strong { (found.query) } ". Every word must be found: try fewer, or the beginning of one." }
        } @else {
            p.sub { (crate::sentences::counted(found.of, "hit", "hits")) @if found.of > found.hits.len() { ", the best " (found.hits.len()) " of them" } }
            ol.plain.hits { @for hit in &found.hits { (line(hit)) } }
        }
    };
    Ok(layout::page(&site, &Sheet { title: "Search", place: Place::Season, head: html! {}, main }))
}

fn line(hit: &Hit) -> Markup {
    html! {
        li {
            p { a href=(hit.address) { @if hit.undone { s { (hit.title) } } @else { (hit.title) } } " " span.sub { (hit.kind) @if hit.undone { ", undone" } } }
            p.sub { (hit.says) }
        }
    }
}
