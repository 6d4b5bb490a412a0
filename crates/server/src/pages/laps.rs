//! The laps of a car: what each took, its sectors, who drove, visits to the pit lane, and laps that were deleted.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use maud::{Markup, html};
use sport::date::Micros;
use sport::season::Season;

use crate::api::laps::{self, CarLaps, Lap};
use crate::api::pit::At;
use crate::pages::Page;
use crate::pages::layout::{self, Sheet};
use crate::pages::timed::{self, Tab};
use crate::session_at::{self, SessionAt};
use crate::site::Site;

/// The route.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sessions/{id}/laps/{car}", get(of_car))
}

async fn of_car(
    State(site): State<Arc<Site>>,
    path: Result<Path<(String, String)>, PathRejection>,
    at: Result<Query<At>, QueryRejection>,
) -> Page {
    let (Path((id, car)), Query(at)) = (path?, at?);
    let when = session_at::when(&site, at.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    let car = laps::find(&season, &of, &id, &car)?;
    let laps = laps::of(&season, &of, car);
    let follows = timed::follows(&site, &season, &of, when);
    let main = html! {
        (timed::top(&site, &of.frame, Tab::Laps, &format!("Car {}", laps.number)))
        (cars(&site, &season, &of, &laps.car))
        (who(&of, &laps))
        @if laps.laps.is_empty() { p.large { "No lap yet." } } @else { (table(&laps)) }
        p.sub {
            a href=(timed::address(&format!("/sessions/{id}/charts"), &[("car", Some(&laps.car))])) { "On the charts" } " · "
            a href=(format!("/entries/{}", laps.car)) { "The entry" } " · "
            a href=(format!("/api/v1/sessions/{id}/laps/{}", laps.car)) { "As JSON" }
        }
    };
    let main = timed::followed(&of.frame, follows, "laps sectors session", &main);
    let title = of.frame.session.as_ref().map_or_else(String::new, |session| format!("Car {} · {} · Laps", laps.number, session.title));
    let head = timed::head(follows, &["watch.js"]);
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &id), head, main }))
}

/// The cars of the session, each a link to its laps.
fn cars(site: &Site, season: &Season, of: &SessionAt, current: &str) -> Markup {
    let session = &season.calendar.sessions[of.stands.session.session].name;
    html! {
        nav.plates aria-label="Cars" {
            @for id in &of.frame.order {
                @if let Some(car) = of.frame.cars.get(id) {
                    a.plate href=(format!("/sessions/{session}/laps/{id}")) data-c=(timed::colour(site, &car.class))
                        title=(car.number)
                        aria-current=[(id == current).then_some("page")] { (car.number) }
                }
            }
        }
    }
}

/// Who it is, and what its laps come to.
fn who(of: &SessionAt, laps: &CarLaps) -> Markup {
    let best = laps.best.and_then(|best| laps.laps.get(usize::try_from(best).ok()?.checked_sub(1)?));
    html! {
        @if let Some(car) = of.frame.cars.get(&laps.car) {
            p { strong { (car.driver) } " " (car.others) span.quiet { " · " (car.team) " · " (car.model) } }
            dl.facts {
                dt { "Place" } dd { a href=(format!("/why/place/{}/{}", laps.session, laps.car)) { (car.position) } " · " (car.class) " " (car.class_position) }
                dt { "Laps" } dd { (laps.laps.len()) }
                @if let Some(best) = best { dt { "Best lap" } dd { (best.time) " in lap " (best.lap) } }
                @if let Some(ideal) = laps.ideal_us { dt { "Ideal lap" } dd { (Micros(ideal)) span.quiet { ", the sum of the best sectors" } } }
            }
        }
    }
}

fn table(laps: &CarLaps) -> Markup {
    // Where no line divides the lap, its one sector is the lap.
    let sectors = if laps.best_sectors_us.len() > 1 { laps.best_sectors_us.len() } else { 0 };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Laps" {
            table.laps {
                caption.unseen { "Lap by lap" }
                thead { tr {
                    th.num scope="col" { "Lap" }
                    th.num scope="col" { "Time" }
                    @for sector in 1..=sectors { th.num scope="col" { "Sector " (sector) } }
                    th scope="col" { "Driver" }
                    th scope="col" { "Pit lane" }
                    th scope="col" { "Note" }
                } }
                tbody { @for lap in &laps.laps { (row(lap, laps.best == Some(lap.lap), sectors)) } }
                @if sectors > 0 {
                    tfoot { tr {
                        th.num scope="row" { "Best" }
                        td.num { @if let Some(ideal) = laps.ideal_us { (Micros(ideal)) } }
                        @for best in &laps.best_sectors_us { td.num { @if let Some(best) = best { (Micros(*best)) } } }
                        td colspan="3" { @if laps.ideal_us.is_some() { "ideal lap" } }
                    } }
                }
            }
        }
        p.key {
            span data-best="session" { "●" } " best of all "
            span data-best="class" { "■" } " best of its class "
            span data-best="car" { "•" } " its own best"
        }
    }
}

fn row(lap: &Lap, best: bool, sectors: usize) -> Markup {
    let evidence = lap.passing.map_or_else(
        || String::from("nothing heard this crossing; those around it leave no other reading"),
        |(fact, nth)| format!("ended by passing {nth} of fact {fact}"),
    );
    html! {
        tr data-lap=(lap.lap) data-best=[best.then_some("")] {
            th.num scope="row" { (lap.lap) }
            td.num data-best=(lap.best) title=(evidence) { @if lap.deleted { del { (lap.time) } } @else { (lap.time) } }
            @for sector in lap.sectors.iter().take(sectors) { td.num data-best=(sector.best) { (sector.time) } }
            td { (lap.driver) }
            td { @if let Some(pit) = &lap.pit { (pit) } }
            td.note {
                (lap.why)
                @if lap.passing.is_none() { @if !lap.why.is_empty() { "; " } "end not heard, inferred" }
            }
        }
    }
}
