//! The tables of the championships: all with their leaders, and one in full.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use crate::pages::layout::{self, Place, Sheet};
use crate::pages::live::encoded;
use crate::pages::results::{competitors, docket, findings, progress, seen_from, why_points};
use crate::pages::{Lost, Page, success};
use crate::problem::Problem;
use crate::results::asked::{self, Asked};
use crate::results::docket::MatterOf;
use crate::results::table::{self, ChampionshipTable, SessionNamed, TableLine};
use crate::results::worlds::{self, OpenMatters};
use crate::site::Site;

/// So many lines of each table stand on the page of all.
const LEADERS: usize = 5;

/// `/standings`.
pub(crate) async fn all(State(site): State<Arc<Site>>, asked: Result<Query<Asked>, QueryRejection>) -> Page {
    let Query(asked) = asked?;
    let (tables, matters) = {
        let season = site.season();
        let asking = asked.of(&season)?;
        let evaluation = table::evaluation(&site, &season, &asking);
        let worlds = asking.plain().then(|| site.worlds(&season));
        let told = |of: &Arc<sport::standings::Standings>| {
            let table = table::table(&site, &season, &evaluation, of);
            let moves = worlds.as_ref().is_some_and(|worlds| worlds::moves(worlds.as_deref().ok(), &table));
            (table, moves)
        };
        let tables: Vec<(ChampionshipTable, bool)> = evaluation.standings.iter().map(told).collect();
        (tables, crate::results::docket::open(&season, &season.live(asking.moment())))
    };
    let query = asked.query();
    let main = html! {
        div.title { h1 { "Standings" } nav aria-label="Standings" { a href="/standings" aria-current="page" { "Championships" } @if success(&site) { a href="/success" { "Success penalties" } } } }
        (seen_from(&asked, "/standings"))
        @if tables.iter().any(|(_, moves)| *moves) { (provisional(&matters, "/standings")) }
        div.cards {
            @for (table, moves) in &tables {
                section {
                    h2 { a href=(format!("/standings/{}{query}", table.championship)) { (table.title) } @if *moves { " " span.tag.provisional { "provisional" } } }
                    @if table.lines.is_empty() { p.quiet { "No scores yet." } } @else {
                        table {
                            caption.unseen { (table.title) ": the leaders" }
                            thead { tr { th.num scope="col" { "Pos" } th scope="col" { "Competitor" } th.num scope="col" { "Points" } } }
                            tbody {
                                @for line in table.lines.iter().take(LEADERS) {
                                    tr {
                                        td.num.pos { (line.position) }
                                        td { (competitors(&table.competitor, &line.competitors, &line.name)) }
                                        td.num { (total(table, line, &asked)) }
                                    }
                                }
                            }
                        }
                        p.sub { a href=(format!("/standings/{}{query}", table.championship)) { @if table.lines.len() == 1 { "The whole table" } @else { "All " (table.lines.len()) " lines" } } }
                    }
                }
            }
        }
    };
    Ok(layout::page(&site, &Sheet { title: "Standings", place: Place::Standings, head: html! {}, main }))
}

/// `/standings/{championship}`.
pub(crate) async fn one(
    State(site): State<Arc<Site>>,
    of: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Page {
    let (Path(of), Query(asked)) = (of?, asked?);
    let (table, went, open, held) = {
        let season = site.season();
        let (asking, of) = (asked.of(&season)?, asked::championship(&site.rulebook, &of)?);
        let evaluation = table::evaluation(&site, &season, &asking);
        let standings = evaluation.table(&of.id).ok_or_else(|| Lost(Problem::missing(format!("{} has no table yet", of.title))))?;
        let table = table::table(&site, &season, &evaluation, standings);
        let went = table::asked_progress(&site, &season, standings, &asking);
        let whole = table::evaluation(&site, &season, &Asked { after: None, ..asked.clone() }.of(&season)?);
        let held = whole.table(&of.id).map_or_else(Vec::new, |of| table::table(&site, &season, &whole, of).sessions);
        (table, went, worlds::asked(&site, &season, &of.id, &asking), held)
    };
    let path = format!("/standings/{}", table.championship);
    let main = html! {
        div.title { h1 { (table.title) } (others(&site, &table.championship, &asked)) }
        (seen_from(&asked, &path))
        @if let Some(open) = open.as_ref().filter(|open| !open.same) { (provisional(&open.matters, &path)) }
        (after(&asked, &held, &path))
        (lines(&table, &asked))
        @if let Some(went) = went.filter(|went| went.sessions.len() > 1 && !went.courses.is_empty()) {
            section { h2 { "How it went" } (progress::chart(&went)) }
        }
        @if let Some(open) = &open { (depends(open)) }
        (findings(&table.findings))
    };
    Ok(layout::page(&site, &Sheet { title: &table.title, place: Place::Standings, head: html! {}, main }))
}

/// The other championships.
fn others(site: &Site, here: &str, asked: &Asked) -> Markup {
    let query = asked.query();
    html! {
        nav aria-label="Standings" {
            @for of in &site.rulebook.latest().championships {
                a href=(format!("/standings/{}{query}", of.id)) aria-current=[(of.id.as_str() == here).then_some("page")] { (of.title) }
            }
        }
    }
}

/// That open matters may change it.
fn provisional(open: &[MatterOf], path: &str) -> Markup {
    html! {
        @if !open.is_empty() {
            div.standing {
                p { strong.tag.provisional { "Provisional" } " until what is open is settled:" }
                @for one in open {
                    p {
                        (one.kind) " " (one.id) " by " (one.by) " against " (one.against) " "
                        @for (word, outcome) in [("upheld", "if upheld"), ("rejected", "if rejected")] {
                            " · " a href=(format!("{path}?suppose={}", encoded(&format!("{}={word}", one.id)))) { (outcome) }
                        }
                    }
                }
            }
        }
    }
}

/// The table after an earlier session.
fn after(asked: &Asked, held: &[SessionNamed], path: &str) -> Markup {
    html! {
        @if held.len() > 1 {
            form.after action=(path) {
                @for (name, value) in [("at", &asked.at), ("suppose", &asked.suppose)] {
                    @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
                }
                label { "After " select name="after" {
                    @for of in held.iter().rev() {
                        option value=(of.id) selected[asked.after.as_ref() == Some(&of.id)] { (of.short) " " (of.event) ", " (of.title) }
                    }
                } }
                " " button { "Show" }
            }
        }
    }
}

fn total(table: &ChampionshipTable, line: &TableLine, asked: &Asked) -> Markup {
    let text = if line.points == line.at_most { line.points.clone() } else { format!("{}–{}", line.points, line.at_most) };
    let first = line.competitors.first().map_or("", |first| first.id.as_str());
    why_points(&table.championship, first, asked, &text)
}

fn lines(table: &ChampionshipTable, asked: &Asked) -> Markup {
    let possible = table.lines.iter().any(|line| !line.possible.is_empty());
    html! {
        @if table.unknown_places > 0 {
            p.quiet { "Where places were never published, points lie between two numbers: at least the first, at most the second." }
        }
        @if table.lines.is_empty() { p.large { "No scores yet." } } @else {
            div.scroll tabindex="0" role="region" aria-label=(table.title) {
                table.standings {
                    caption.unseen { (table.title) }
                    thead {
                        tr {
                            th.num scope="col" { "Pos" }
                            th scope="col" { "Competitor" }
                            th.num scope="col" { "Points" }
                            @if possible { th.num scope="col" { "Possible" } }
                            th.num scope="col" { "Wins" }
                            @for of in &table.sessions {
                                th.num scope="col" { a href=(format!("/sessions/{}", of.id)) title=(format!("{}, {}", of.event, of.title)) { (of.short) } }
                            }
                        }
                    }
                    tbody { @for line in &table.lines { (self::line(table, line, possible, asked)) } }
                }
            }
        }
    }
}

fn line(table: &ChampionshipTable, line: &TableLine, possible: bool, asked: &Asked) -> Markup {
    html! {
        tr {
            td.num.pos { (line.position) }
            th.who scope="row" {
                (competitors(&table.competitor, &line.competitors, &line.name))
                @for remark in &line.remarks { p.sub { (remark) } }
            }
            td.num.total { (total(table, line, asked)) }
            @if possible { td.num.quiet { (line.possible) } }
            td.num { @if line.wins > 0 { (line.wins) } }
            @for of in &table.sessions {
                td.num {
                    @if let Some(score) = line.scores.iter().find(|score| score.session == of.id) {
                        @if score.kept { (score.points) } @else { s title="dropped" { (score.points) } }
                    }
                }
            }
        }
    }
}

/// What each outcome of the open matters would change.
fn depends(open: &OpenMatters) -> Markup {
    html! {
        section {
            h2 { "What open matters would change" }
            ol.plain.docket { @for one in &open.matters { (docket::matter(one)) } }
            @if open.worlds.is_none() { p { (worlds::too_many(open.matters.len())) "; look at one outcome above." } }
            @if open.same { p { strong { "Nothing in this table" } ": it is the same whatever happens." } }
            @if !open.competitors.is_empty() {
                div.scroll tabindex="0" role="region" aria-label="Who depends on what" {
                    table {
                        caption.unseen { "Competitors whose place or points depend on an open matter" }
                        thead {
                            tr {
                                th.num scope="col" { "Places" }
                                th scope="col" { "Competitor" }
                                th.num scope="col" { "Points" }
                                th.num scope="col" { "Possible" }
                                th scope="col" { "Place depends on" }
                                th scope="col" { "Points depend on" }
                            }
                        }
                        tbody {
                            @for one in &open.competitors {
                                tr {
                                    td.num.pos { (one.places) }
                                    th.who scope="row" { (one.name) }
                                    td.num { (one.points) }
                                    td.num { (one.possible) }
                                    td { (one.place_depends_on.join(", ")) }
                                    td { (one.points_depend_on.join(", ")) }
                                }
                            }
                        }
                    }
                }
            }
            @if !open.outcomes.is_empty() {
                dl.facts.outcomes {
                    @for of in &open.outcomes {
                        dt { (super::capital(&of.when)) }
                        dd { @for (at, leader) in of.leaders.iter().enumerate() { @if at > 0 { " · " } (leader.position) " " (leader.name) " " strong { (leader.points) } } }
                    }
                }
                @if open.different > open.outcomes.len() { p.sub { (open.different - open.outcomes.len()) " further tables" } }
            }
        }
    }
}
