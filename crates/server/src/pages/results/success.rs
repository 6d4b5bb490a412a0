//! The success ledger.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};

use crate::pages::Page;
use crate::pages::layout::{self, Place, Sheet};
use crate::pages::live::encoded;
use crate::pages::parts::plate;
use crate::pages::results::{findings, seen_from};
use crate::results::asked::Asked;
use crate::results::ledger::{self, DueRow};
use crate::results::table::{self, SessionNamed};
use crate::site::Site;

/// `/success`.
pub(crate) async fn success(State(site): State<Arc<Site>>, asked: Result<Query<Asked>, QueryRejection>) -> Page {
    let Query(asked) = asked?;
    let ledger = {
        let season = site.season();
        let asking = asked.of(&season)?;
        ledger::ledger(&site, &season, &table::evaluation(&site, &season, &asking))
    };
    let main = html! {
        div.title { h1 { "Success penalties" } nav aria-label="Standings" { a href="/standings" { "Championships" } a href="/success" aria-current="page" { "Success penalties" } } }
        (seen_from(&asked, "/success"))
        @if !ledger.has_success_penalty { p.large { "The rulebook has no success penalty." } }
        @else if ledger.dues.is_empty() { p.large { "Nothing is earned yet." } }
        @else { (dues(&ledger.dues, &asked)) }
        (findings(&ledger.findings))
    };
    Ok(layout::page(&site, &Sheet { title: "Success penalties", place: Place::Standings, head: html! {}, main }))
}

/// Lines of the ledger.
pub(crate) fn dues(of: &[DueRow], asked: &Asked) -> Markup {
    html! {
        table.ledger {
            caption.unseen { "Success penalties: earned where, due where, served how, left" }
            thead {
                tr {
                    th scope="col" { "Earned in" }
                    th.mid scope="col" { "By place" }
                    th scope="col" { "Car" }
                    th.num scope="col" { "Amount" }
                    th scope="col" { "Due in" }
                    th.num.mid scope="col" { "Served" }
                    th scope="col" { "State" }
                }
            }
            tbody { @for due in of { (row(due, asked)) } }
        }
    }
}

fn row(due: &DueRow, asked: &Asked) -> Markup {
    let about = due.earned_in.as_ref().or(due.due_in.as_ref());
    html! {
        tr data-state=(due.state) {
            td { (named(due.earned_in.as_ref())) }
            td.mid { @if due.place > 0 { (due.place) " in " (due.class) } }
            td { (plate(&due.car)) }
            td.num {
                @if let Some(about) = about { a href=(format!("/why/success/{}/{}{}", about.id, encoded(&due.car.id), asked.query())) { (due.amount) } }
            }
            td { (named(due.due_in.as_ref())) }
            td.num.mid { (due.served.as_deref().unwrap_or_default()) }
            td { (due.says) }
        }
    }
}

fn named(session: Option<&SessionNamed>) -> Markup {
    html! {
        @if let Some(of) = session {
            a href=(format!("/sessions/{}", of.id)) title=(format!("{}, {}", of.event, of.title)) { (of.short) }
            p.sub.mid { (of.event) }
        }
    }
}
