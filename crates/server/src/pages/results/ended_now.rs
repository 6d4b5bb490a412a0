//! The championships as they would stand if a session ended now.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use crate::pages::Page;
use crate::pages::layout::{self, Sheet};
use crate::pages::results::{AGAIN, again, competitors, seen_from, success};
use crate::pages::timed::{self, Tab};
use crate::results::asked::{self, Asked};
use crate::results::ended_now::{self, Moved, MovedLine};
use crate::site::Site;

/// So many lines of a table are shown, and those further down that would score.
const LINES: usize = 10;

/// `/sessions/{session}/if-it-ended-now`.
pub(crate) async fn ended_now(
    State(site): State<Arc<Site>>,
    of: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Page {
    let (Path(of), Query(asked)) = (of?, asked?);
    let (now, pit_board) = {
        let season = site.season();
        let asking = asked.of(&season)?;
        let session = asked::session(&season, &of)?;
        (
            ended_now::asked(&site, &season, session, &asking)?,
            site.rulebook.law_at(&season.calendar, session).has_pit_board(&season.calendar.sessions[session]),
        )
    };
    let fresh = now.running && asked.at.is_none();
    let path = format!("/sessions/{}/if-it-ended-now", now.session);
    let main = html! {
        div data-again=[fresh.then_some(AGAIN)] {
            div.title { h1 { (now.event) " · " (now.title) ", if it ended now" } (timed::ways(&site, &now.session, Tab::Ended, pit_board, true)) }
            (seen_from(&asked, &path))
            p.standing {
                @if now.published { strong { "A result is published" } ", and that counts. Below what the passings alone would give." }
                @else if now.running { strong { "Nothing of this counts yet" } ": " (now.state) "." }
                @else { strong { "No result is published yet" } ": " (now.state) "." }
            }
            @if !now.success.is_empty() {
                section { h2 { "Success penalties that would be earned" } (success::dues(&now.success, &asked)) }
            }
            div.cards { @for table in &now.tables { (moved(table)) } }
        }
    };
    let title = format!("If it ended now: {}, {}", now.title, now.event);
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &now.session), head: again(fresh), main }))
}

fn moved(table: &Moved) -> Markup {
    let shown = table.lines.iter().enumerate().filter(|(at, line)| *at < LINES || !line.gained.is_empty());
    html! {
        section {
            h2 { a href=(format!("/standings/{}", table.championship)) { (table.title) } }
            @if !table.moves { p.quiet { "Nothing would move." } }
            @if !table.lines.is_empty() {
                table {
                    caption.unseen { (table.title) ", if the session ended now" }
                    thead {
                        tr {
                            th.num scope="col" { "Pos" }
                            th scope="col" { span.unseen { "Places won" } }
                            th scope="col" { "Competitor" }
                            th.num scope="col" { "Scores" }
                            th.num scope="col" { "Points" }
                        }
                    }
                    tbody { @for (_, line) in shown { (self::line(table, line)) } }
                }
            }
        }
    }
}

fn line(table: &Moved, of: &MovedLine) -> Markup {
    html! {
        tr {
            td.num.pos { (of.position) }
            td.won { (won(of)) }
            td { (competitors(&table.competitor, &of.competitors, &of.name)) }
            td.num { @if !of.gained.is_empty() { @if !of.gained.starts_with('-') { "+" } (of.gained) } }
            td.num { strong { (of.points) } }
        }
    }
}

fn won(of: &MovedLine) -> Markup {
    html! {
        @match of.won {
            Some(places) if places > 0 => { "▲" (places) }
            Some(places) if places < 0 => { "▼" (-places) }
            Some(_) => {}
            None => "new"
        }
    }
}
