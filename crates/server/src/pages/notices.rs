//! The notice board, and a fact in full.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::layout::{self, Place, Sheet};
use crate::pages::parts::{moment, plate};
use crate::pages::{Lost, Page};
use crate::problem::Problem;
use crate::season::document::{Document, Field, Listing, document};
use crate::season::notices::{Kind, Notice, Wanted, board};
use crate::season::{Known, notices};
use crate::site::Site;

/// So many notices are on a page, and at most so many may be asked for.
const PAGE: usize = 100;
const MOST: usize = 500;

/// Which notices are asked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Only of this round.
    #[param(value_type = Option<u16>)]
    round: Option<String>,
    /// Only of this kind: `timetable`, `entries`, `grid`, `result`, `incident`, `decision`, `matter`, `success`, `bulletin`, `correction`.
    kind: Option<String>,
    /// Only those with a lower number: where the page before ended.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
    /// So many, at most 500; 100 where not told.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 500)]
    limit: Option<String>,
}

impl Asked {
    /// As numbers and kinds, or what of it cannot be understood.
    pub(crate) fn wanted(&self) -> Result<Wanted, Problem> {
        let kind = written(self.kind.as_deref()).map(|word| {
            let known = Kind::BOARD.iter().find(|(of, ..)| *of == word).map(|(_, kind, _)| *kind);
            let words: Vec<&str> = Kind::BOARD.iter().map(|(word, ..)| *word).collect();
            known.ok_or_else(|| Problem::unclear(format!("there is no kind {word}; kinds are {}", words.join(", "))))
        });
        let most = number::<usize>("limit", self.limit.as_deref())?.unwrap_or(PAGE);
        if !(1..=MOST).contains(&most) {
            return Err(Problem::unclear(format!("a limit of {most} is out of range; from 1 to {MOST}")));
        }
        Ok(Wanted {
            round: number("round", self.round.as_deref())?,
            kind: kind.transpose()?,
            before: number("before", self.before.as_deref())?,
            most,
        })
    }
}

fn written(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

fn number<N: std::str::FromStr>(name: &str, value: Option<&str>) -> Result<Option<N>, Problem> {
    let parsed =
        written(value).map(|value| value.parse().map_err(|_| Problem::unclear(format!("{name} is a number, and `{value}` is none"))));
    parsed.transpose()
}

/// `/documents`.
pub(crate) async fn documents(State(site): State<Arc<Site>>, asked: Result<Query<Asked>, QueryRejection>) -> Page {
    let Query(asked) = asked?;
    let wanted = asked.wanted()?;
    let (notices, more, rounds) = {
        let season = site.season();
        let known = Known::of(&site, &season);
        let (notices, more) = board(&known, wanted);
        let rounds: Vec<(u16, String)> = season.calendar.rounds.iter().map(|round| (round.number, round.name.clone())).collect();
        (notices, more, rounds)
    };
    let older = notices.last().filter(|_| more).map(|last| address(wanted.round, wanted.kind, Some(last.fact)));
    let main = html! {
        h1 { "Documents" }
        p.sub { "The notice board: everything published or decided, by the number of its fact, newest first. Nothing is ever taken down." }
        nav.filters aria-label="Rounds" {
            a href=(address(None, wanted.kind, None)) aria-current=[wanted.round.is_none().then_some("true")] { "All rounds" }
            @for (round, event) in &rounds {
                a href=(address(Some(*round), wanted.kind, None)) aria-current=[(wanted.round == Some(*round)).then_some("true")] { (round) " · " (event) }
            }
        }
        nav.filters aria-label="Kinds" {
            a href=(address(wanted.round, None, None)) aria-current=[wanted.kind.is_none().then_some("true")] { "All kinds" }
            @for (_, kind, title) in Kind::BOARD {
                a href=(address(wanted.round, Some(kind), None)) aria-current=[(wanted.kind == Some(kind)).then_some("true")] { (title) }
            }
        }
        @if wanted.kind.is_none_or(|kind| kind == Kind::Entries) {
            @let round = wanted.round.map_or_else(String::new, |round| format!("?round={round}"));
            p.sub { "The entry list as it stands now: " a href=(format!("/entries{round}")) { "Entries" } }
        }
        @if notices.is_empty() { p { "Nothing of this was published." } } @else { (table(&notices)) }
        @if wanted.before.is_some() || older.is_some() {
            nav.beside aria-label="Pages" {
                @if wanted.before.is_some() { a href=(address(wanted.round, wanted.kind, None)) { "Newest" } }
                @if let Some(older) = older { a rel="next" href=(older) { "Older" } }
            }
        }
    };
    Ok(layout::page(&site, &Sheet { title: "Documents", place: Place::Documents, head: html! {}, main }))
}

fn address(round: Option<u16>, kind: Option<Kind>, before: Option<u64>) -> String {
    let round = round.map(|round| format!("round={round}"));
    let kind = kind.map(|kind| format!("kind={}", kind.word()));
    let before = before.map(|before| format!("before={before}"));
    let wishes: Vec<String> = [round, kind, before].into_iter().flatten().collect();
    if wishes.is_empty() { String::from("/documents") } else { format!("/documents?{}", wishes.join("&")) }
}

fn table(notices: &[Notice]) -> Markup {
    html! {
        table.board.tight {
            caption.unseen { "Notices, newest first" }
            thead { tr { th.num scope="col" { "No" } th.wide scope="col" { "Happened" } th.wide scope="col" { "Recorded" } th scope="col" { "Notice" } } }
            tbody {
                @for notice in notices {
                    tr data-undone=[notice.undone_by.map(|_| "")] {
                        td.num { a href=(format!("/documents/{}", notice.fact)) { (notice.fact) } }
                        td.wide.when { (moment(&notice.happened)) }
                        td.wide.when { (moment(&notice.recorded)) }
                        td {
                            (title(notice))
                            p.sub { (notice.says) }
                            p.sub.narrow { (moment(&notice.happened)) @if notice.recorded != notice.happened { ", recorded " (moment(&notice.recorded)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a notice is, struck through where it was undone.
fn title(notice: &Notice) -> Markup {
    let event = notice.session.as_ref().map_or_else(String::new, |session| session.event.clone());
    let name = html! {
        a href=(format!("/documents/{}", notice.fact)) { (notice.title) }
        @if !event.is_empty() { " · " (event) } @else if let [round] = notice.rounds.as_slice() { " · round " (round) }
    };
    html! {
        p {
            @match notice.undone_by {
                Some(undo) => { s { (name) } " " a.alert href=(format!("/documents/{undo}")) { "undone by fact " (undo) } },
                None => { (name) },
            }
            @if let Some(fact) = notice.undoes { " " a href=(format!("/documents/{fact}")) { "fact " (fact) } }
            // Who is penalised is seen at a glance; a success penalty says it itself.
            @if ["decision", "matter", "incident"].contains(&notice.kind.as_str()) { @for car in &notice.cars { " " (plate(car)) } }
        }
    }
}

/// Notices as a short list.
pub(crate) fn list(notices: &[Notice]) -> Markup {
    html! {
        @if notices.is_empty() { p.quiet { "Nothing was published yet." } }
        ol.plain {
            @for notice in notices {
                li { (title(notice)) p.sub { (moment(&notice.happened)) " · " (notice.says) } }
            }
        }
    }
}

/// `/documents/{fact}`.
pub(crate) async fn fact(State(site): State<Arc<Site>>, path: Result<Path<String>, PathRejection>) -> Page {
    let Path(written) = path?;
    let of = {
        let season = site.season();
        find(&Known::of(&site, &season), &written)?
    };
    let title = format!("{} · Fact {}", of.notice.title, of.notice.fact);
    Ok(layout::page(&site, &Sheet { title: &title, place: Place::Documents, head: html! {}, main: page(&of) }))
}

/// The document of a fact as written in an address.
pub(crate) fn find(known: &Known<'_>, written: &str) -> Result<Document, Lost> {
    let number = written.parse::<u64>().ok();
    let of = number.and_then(|number| document(known, number));
    let last = known.season.facts().last().map_or(0, |fact| fact.number);
    of.ok_or_else(|| Lost(Problem::missing(format!("there is no fact {written}; the last is {last}"))))
}

fn page(of: &Document) -> Markup {
    let notice = &of.notice;
    let event = notice.session.as_ref().map(|session| session.event.as_str());
    html! {
        article.document {
            p.tag { "Fact " (notice.fact) " · " (kind_title(&notice.kind)) }
            h1 { @if notice.undone_by.is_some() { s { (notice.title) } } @else { (notice.title) } @if let Some(event) = event { ", " (event) } }
            @if let Some(undo) = notice.undone_by {
                p.alert { "It has no effect: undone by " a href=(format!("/documents/{undo}")) { "fact " (undo) } "." }
            }
            dl.facts {
                @for field in &of.fields { dt { (field.label) } dd { (value(field)) } }
                dt { "Happened" } dd { (moment(&notice.happened)) }
                dt { "Recorded" } dd { (moment(&notice.recorded)) " by " (of.by) }
                @if !of.citation.is_empty() { dt { "Source" } dd { (of.citation) } }
                @for source in &of.sources { dt { (source.label) } dd.sub { (source.value) } }
            }
            @if let Some(table) = &of.table { (rows(table)) }
        }
        p { a href="/documents" { "Notice board" } @for round in &notice.rounds { " · " a href=(format!("/documents?round={round}")) { "Documents of round " (round) } } }
    }
}

fn kind_title(word: &str) -> &str {
    notices::Kind::BOARD.iter().find(|(of, ..)| *of == word).map_or("Record", |(.., title)| title)
}

fn value(field: &Field) -> Markup {
    html! { @match &field.address { Some(address) if !field.value.is_empty() => { a href=(address) { (field.value) } }, Some(_) | None => { (field.value) } } }
}

/// Columns of numbers.
const NUMBERS: [&str; 10] = ["Pos", "In class", "In cup", "Laps", "Time", "Gap", "Best lap", "Ballast kg", "Restrictor mm", "Fuel l"];

fn rows(table: &Listing) -> Markup {
    let num = |label: &str| NUMBERS.contains(&label).then_some("num");
    html! {
        div.scroll tabindex="0" role="region" aria-label="What the fact lists" {
            table {
                caption.unseen { "What the fact lists" }
                thead { tr { @for column in &table.columns { th class=[num(column)] scope="col" { (column) } } } }
                tbody { @for row in &table.rows { tr { @for cell in row { td class=[num(&cell.label)] { (value(cell)) } } } } }
            }
        }
        @if table.of > table.rows.len() { p.quiet { "The first " (table.rows.len()) " of " (table.of) "." } }
    }
}
