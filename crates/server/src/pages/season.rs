//! The season's first page: what is on or next, what was published last, who leads, what is open.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};

use crate::pages::layout::{self, Place, Sheet};
use crate::pages::notices;
use crate::pages::parts::{drivers, moment, place, plate, state};
use crate::pages::{Page, calendar, success};
use crate::season::Known;
use crate::season::glance::{Glance, Leaders, NotFinal, SessionLeaders, glance};
use crate::site::Site;

/// `/`.
pub(crate) async fn season(State(site): State<Arc<Site>>) -> Page {
    let of = look(&site);
    let main = main(&of, success(&site));
    let head = if of.live.is_some() {
        html! { noscript { meta http-equiv="refresh" content="20"; } }
    } else {
        html! {}
    };
    Ok(layout::page(&site, &Sheet { title: "The season", place: Place::Season, head, main }))
}

/// The season at a glance, with what the live page knows.
pub(crate) fn look(site: &Site) -> Glance {
    let frame = site.ring.latest().map(|latest| latest.frame());
    let season = site.season();
    let known = Known::of(site, &season);
    let live = frame.as_ref().and_then(|frame| frame.session.as_ref());
    glance(&known, site.simulated(), live, frame.as_ref().and_then(|frame| frame.next.as_ref()))
}

fn main(of: &Glance, success: bool) -> Markup {
    html! {
        h1 { (of.season) }
        (now(of))
        div.season-columns {
            div {
                @for results in &of.results { (session(results)) }
                h2 { "Championships" }
                @if of.championships.iter().all(|of| of.lines.is_empty()) { p.quiet { "No points yet." } }
                div.cards { @for championship in &of.championships { (leaders(championship)) } }
                p { a href="/standings" { "Standings" } @if success { " · " a href="/success" { "Success penalties" } } }
            }
            div {
                (open(of))
                @if let Some(round) = &of.round {
                    h2 { a href=(format!("/calendar/{}", round.round)) { "Round " (round.round) " · " (round.event) } }
                    (calendar::sessions(round))
                    p { a href="/calendar" { "All rounds" } }
                }
                h2 { "Latest notices" }
                (notices::list(&of.notices))
                p { a href="/documents" { "Notice board" } }
            }
        }
    }
}

fn now(of: &Glance) -> Markup {
    html! {
        div.on-now {
            @if let Some(live) = &of.live {
                p.large { a href="/live" { strong { "Live: " (live.title) } ", " (live.event) } }
                p.quiet { (live.state) }
            } @else if let Some(next) = &of.next {
                p.large { "Next: " a href=(format!("/sessions/{}", next.id)) { strong { (next.title) } } ", " (moment(&next.at)) }
            } @else if let Some(round) = &of.round {
                p.large { "Round " (round.round) ": " a href=(format!("/calendar/{}", round.round)) { (round.event) } ", " (round.first_day) " to " (round.last_day) }
            }
        }
    }
}

fn session(of: &SessionLeaders) -> Markup {
    html! {
        h2 { a href=(format!("/sessions/{}", of.session.id)) { (of.session.title) ", " (of.session.event) } " " (state(&of.state)) }
        @if of.annulled { p.alert { "Annulled: no classification, no points." } }
        @if of.lines.is_empty() {
            p.quiet { "Nobody published the first places." }
        } @else {
            table.tight {
                caption.unseen { "The first of each class in " (of.session.title) ", " (of.session.event) }
                thead { tr { th.num scope="col" { "In class" } th scope="col" { "Class" } th scope="col" { "Car" } th scope="col" { "Crew" } } }
                tbody {
                    @for line in &of.lines {
                        tr data-c=(line.car.colour) {
                            td.num { (place(&line.class_place, &line.why)) }
                            td.class { (line.car.class) }
                            td { (plate(&line.car)) }
                            td { (drivers(&line.crew, line.crew_open)) }
                        }
                    }
                }
            }
        }
    }
}

fn leaders(of: &Leaders) -> Markup {
    html! {
        section {
            h3 { a href=(format!("/standings/{}", of.championship)) { (of.title) } }
            table {
                caption.unseen { "The first of " (of.title) }
                thead.unseen { tr { th scope="col" { "Place" } th scope="col" { "Competitor" } th scope="col" { "Points" } } }
                tbody {
                    @for line in &of.lines {
                        tr {
                            td.num.rank { (place(&line.line.place, &line.line.why)) }
                            td { @match &line.address { Some(address) => { a href=(address) { (line.line.name) } }, None => { (line.line.name) } } }
                            td.num { a href=(line.line.why) { (line.line.points) } }
                        }
                    }
                }
            }
        }
    }
}

fn open(of: &Glance) -> Markup {
    html! {
        h2 { "Open matters" }
        @if of.matters.is_empty() && of.provisional.is_empty() {
            p.quiet { "None: every published result is final." }
        }
        ul.plain {
            @for matter in &of.matters {
                li {
                    p { a href=(format!("/documents/{}", matter.fact)) { strong { (crate::sentences::capital(&matter.kind)) " " (matter.id) } } " since " (moment(&matter.since)) }
                    p.sub { (matter.says) }
                }
            }
            @for result in of.provisional.iter().filter(|result| !result.because.is_empty()) {
                li {
                    p { (published(result)) " " (state(&result.state)) }
                    @for obstacle in &result.because {
                        p.sub { (obstacle.says) @if let Some(until) = &obstacle.until { ", until " (moment(until)) } }
                    }
                }
            }
            @let free: Vec<&NotFinal> = of.provisional.iter().filter(|result| result.because.is_empty()).collect();
            @if !free.is_empty() {
                li {
                    p { "Not final yet, and nothing stands in the way:" }
                    @for result in free { p.sub { (published(result)) } }
                }
            }
        }
    }
}

fn published(of: &NotFinal) -> Markup {
    html! { a href=(format!("/sessions/{}", of.session.id)) { (of.session.title) ", " (of.session.event) } }
}
