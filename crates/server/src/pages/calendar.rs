//! The calendar: rounds, their sessions, their times; and the same for other programs.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::cached;
use crate::pages::layout::{self, Place, Sheet};
use crate::pages::parts::{moment, state};
use crate::pages::{Lost, Page, success};
use crate::problem::Problem;
use crate::season::programme::{self, RoundLine, SessionLine};
use crate::season::{Known, icalendar};
use crate::site::Site;

/// `/calendar`.
pub(crate) async fn calendar(State(site): State<Arc<Site>>) -> Page {
    let rounds = rounds(&site);
    let main = html! {
        h1 { "Calendar" }
        p.sub { a href="/calendar.ics" { "Subscribe (iCalendar)" } }
        div.rounds { @for round in &rounds {
            section.round id=(format!("round-{}", round.round)) {
                h2 { a href=(format!("/calendar/{}", round.round)) { (round.round) " · " (round.event) } }
                p.sub { (round.country) " · " (days(round)) }
                (sessions(round))
            }
        } }
        @if rounds.is_empty() { p { "No round is on the calendar yet." } }
    };
    Ok(layout::page(&site, &Sheet { title: "Calendar", place: Place::Calendar, head: html! {}, main }))
}

/// `/calendar/{round}`.
pub(crate) async fn round(State(site): State<Arc<Site>>, path: Result<Path<String>, PathRejection>) -> Page {
    let Path(number) = path?;
    let rounds = rounds(&site);
    let round = find(&rounds, &number)?;
    let title = format!("Round {}", round.round);
    let at = rounds.iter().position(|of| of.round == round.round).unwrap_or(0);
    let link = |of: Option<&RoundLine>, rel: &str| html! { @if let Some(of) = of { a rel=(rel) href=(format!("/calendar/{}", of.round)) { (of.round) " · " (of.event) } } };
    let main = html! {
        h1 { (title) " · " (round.event) }
        p.sub { (round.country) " · " (days(round)) }
        (sessions(round))
        h2 { "More of this round" }
        p {
            a href=(format!("/entries?round={}", round.round)) { "Entry list" } " · "
            a href=(format!("/documents?round={}", round.round)) { "Documents" }
            @if success(&site) { " · " a href="/success" { "Success penalties" } }
        }
        nav.beside aria-label="Rounds" {
            (link(at.checked_sub(1).and_then(|at| rounds.get(at)), "prev"))
            (link(rounds.get(at + 1), "next"))
        }
    };
    Ok(layout::page(&site, &Sheet { title: &title, place: Place::Calendar, head: html! {}, main }))
}

/// `/calendar.ics`.
pub(crate) async fn icalendar(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Lost> {
    let season = site.season();
    if let Some(unchanged) = cached::unchanged(&site, &season, &headers) {
        return Ok(unchanged);
    }
    let text = icalendar::calendar(&Known::of(&site, &season));
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((kind, cached::tag(&site, &season), text).into_response())
}

/// The rounds, with what the live page knows of the session that is on.
pub(crate) fn rounds(site: &Site) -> Vec<RoundLine> {
    let frame = site.ring.latest().map(|latest| latest.frame());
    let season = site.season();
    programme::calendar(&Known::of(site, &season), frame.as_ref().and_then(|frame| frame.session.as_ref()))
}

/// The round of a number as written in an address.
pub(crate) fn find<'a>(rounds: &'a [RoundLine], written: &str) -> Result<&'a RoundLine, Problem> {
    let number: Option<u16> = written.parse().ok();
    let round = rounds.iter().find(|round| Some(round.round) == number);
    round.ok_or_else(|| Problem::missing(format!("there is no round {written}; the calendar lists them")))
}

fn days(round: &RoundLine) -> Markup {
    html! { (round.first_day) @if round.last_day != round.first_day { " to " (round.last_day) } }
}

/// The sessions of a round.
pub(crate) fn sessions(round: &RoundLine) -> Markup {
    html! {
        @if round.sessions.is_empty() {
            p.quiet { "No sessions are told yet." }
        } @else {
            table.programme.tight {
                caption.unseen { "Sessions of round " (round.round) }
                thead { tr { th scope="col" { "Session" } th.num.wide scope="col" { "Length" } th scope="col" { "Begins" } th scope="col" { "State" } th.links scope="col" { "More" } } }
                tbody { @for session in &round.sessions { (line(session)) } }
            }
        }
    }
}

fn line(of: &SessionLine) -> Markup {
    html! {
        tr data-kind=(of.kind) data-running=[of.running.then_some("")] {
            td { a href=(format!("/sessions/{}", of.id)) { (of.title) } }
            td.num.wide { @if let Some(minutes) = of.minutes { (minutes) " min" } }
            td { @match &of.begins { Some(at) => { (moment(at)) }, None => { time datetime=(of.date) { (of.date) } } } }
            td {
                @if of.running { a href="/live" { strong { "live" } ": " (of.state) } }
                @else if let (Some(result), Some(fact)) = (&of.result, of.result_fact) { a href=(format!("/documents/{fact}")) { (state(result)) } }
                @else { span.quiet { (of.state) } }
            }
            td.links {
                @if let Some(fact) = of.grid_fact { a href=(format!("/documents/{fact}")) { "Grid" } " " }
                @if of.timed {
                    a href=(format!("/sessions/{}/charts", of.id)) { "Charts" } " "
                    @if of.pit_board { a href=(format!("/sessions/{}/pit", of.id)) { "Pit" } " " }
                    @if !of.running { a href=(format!("/sessions/{}/replay", of.id)) { "Replay" } }
                }
            }
        }
    }
}
