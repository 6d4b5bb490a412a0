//! A session: its result, what it rests on, and what may still change it.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use crate::pages::Page;
use crate::pages::layout::{self, Sheet};
use crate::pages::parts::plate;
use crate::pages::results::{again, classification, docket, document, findings, seen_from, when};
use crate::pages::timed::{self, Tab};
use crate::results::asked::{self, Asked};
use crate::results::session::{self, Publication, SessionSheet, Within};
use crate::site::Site;

/// `/sessions/{session}`.
pub(crate) async fn session(
    State(site): State<Arc<Site>>,
    of: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Page {
    let (Path(of), Query(asked)) = (of?, asked?);
    let sheet = {
        let season = site.season();
        let asking = asked.of(&season)?;
        session::sheet(&site, &season, asked::session(&season, &of)?, &asking)
    };
    let running = sheet.state == "running" && asked.at.is_none();
    let screen = Screen { site: &site, sheet: &sheet, asked: &asked };
    let main = html! { div data-again=[running.then_some(super::AGAIN)] { (screen.main()) } };
    let title = format!("{}, {}", sheet.title, sheet.event);
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &sheet.id), head: again(running), main }))
}

struct Screen<'a> {
    site: &'a Site,
    sheet: &'a SessionSheet,
    asked: &'a Asked,
}

impl Screen<'_> {
    fn main(&self) -> Markup {
        let sheet = self.sheet;
        let tables = classification::Tables { site: self.site, sheet, asked: self.asked };
        html! {
            div.title {
                h1 { a href=(format!("/calendar/{}", sheet.round)) { (sheet.event) } " · " (sheet.title) }
                (timed::ways(self.site, &sheet.id, Tab::Result, sheet.pit_board, sheet.timed))
            }
            (seen_from(self.asked, &format!("/sessions/{}", sheet.id)))
            (self.standing())
            (tables.classification())
            (tables.running())
            (tables.points())
            (self.podiums())
            (tables.marks())
            (docket::decisions(&sheet.decisions))
            (docket::matters(&sheet.matters))
            (docket::incidents(&sheet.incidents))
            (tables.grid())
            (self.sheets())
            (findings(&sheet.findings))
        }
    }

    /// The state of the result, as large as what it is about.
    fn standing(&self) -> Markup {
        let sheet = self.sheet;
        let (state, said) = match sheet.state.as_str() {
            "running" => ("running", "nothing of it is published"),
            "unpublished" => ("ended", "no result is published yet"),
            "none" => ("no result", "is recorded"),
            state => (state, ""),
        };
        let hindered = if sheet.state == "final" { "Published as final, and since then " } else { "Not final while " };
        html! {
            div.standing data-state=(sheet.state) {
                p { strong class={ "tag " (sheet.state) } { (state) } " " (said) @if let Some(of) = &sheet.published { " " (published(of)) } }
                @for remark in &sheet.remarks { p { (remark) "." } }
                @for clock in &sheet.clocks { @if clock.runs || clock.lodged == "protest" { (within(clock)) } }
                @if !sheet.hindrances.is_empty() { p { (hindered) strong { (sheet.hindrances.join("; ")) } "." } }
                @if sheet.state == "none" { p.quiet { (sheet.date) } }
            }
        }
    }

    fn podiums(&self) -> Markup {
        let sheet = self.sheet;
        html! {
            @if !sheet.podiums.is_empty() {
                section {
                    h2 { "Podiums" }
                    p.sub { "As staged: by the first result published. A later change does not stage them again." }
                    div.cards.podiums {
                        @for podium in &sheet.podiums {
                            div {
                                h3 { (podium.title) }
                                ol {
                                    @for step in &podium.steps {
                                        li {
                                            @match step {
                                                Some(car) => { (plate(car)) " " @if let Some(team) = &car.team { (team.name) } @else { (car.model) } }
                                                None => span.quiet { "not published" }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Every sheet that was published of it.
    fn sheets(&self) -> Markup {
        let sheet = self.sheet;
        html! {
            @if sheet.publications.len() > 1 {
                section {
                    h2 { "Sheets" }
                    ol.plain {
                        @for of in &sheet.publications {
                            li { strong class={ "tag " (of.state) } { (of.state) } " " (published(of)) @if let Some(mark) = &of.mark { ", at " (mark) } }
                        }
                    }
                }
            }
        }
    }
}

/// A sheet: its document, its time, where it says so.
fn published(of: &Publication) -> Markup {
    html! {
        @if let Some(document) = &of.document { "document " (document) ", " }
        (document(of.fact)) ", " (when(&of.at))
        span.quiet { " · " (of.by) ", " (of.citation) }
    }
}

fn within(of: &Within) -> Markup {
    html! {
        p {
            @if of.runs { (super::capital(&of.lodged)) " against " (of.against) " until " strong { (when(&of.until)) } }
            @else { span.quiet { "The time for a " (of.lodged) " against " (of.against) " ran out " (when(&of.until)) } }
            span.quiet { " (article " (of.article) ")" }
        }
    }
}
