//! The pit board: the hour with the window in it, each car's stop as a bar on it, from when each may leave, and what is wrong with a stop.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use maud::{Markup, html};
use sport::date::{Instant, Micros};

use crate::api::pit::{self, At, DriveTimes, PitBoard, PitBoardCar, PitBoardVisit};
use crate::clock::parse;
use crate::frame::Frame;
use crate::pages::layout::{self, Sheet};
use crate::pages::parts::linked;
use crate::pages::timed::{self, Tab, percent};
use crate::pages::{Page, live};
use crate::results::chain::Names;
use crate::session_at::{self, When};
use crate::site::Site;

/// The route.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sessions/{id}/pit", get(board))
}

async fn board(State(site): State<Arc<Site>>, id: Result<Path<String>, PathRejection>, at: Result<Query<At>, QueryRejection>) -> Page {
    let (Path(id), Query(at)) = (id?, at?);
    let when = session_at::when(&site, at.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    let follows = timed::follows(&site, &season, &of, when);
    let showing = match pit::board(&site, &season, &of) {
        Ok(board) => Showing { site: &site, names: Names::of(&season), frame: &of.frame, board: &board, moment: when }.main(),
        // A race that was not started yet has one soon.
        Err(problem) if follows => html! { p.large { (problem.detail) } },
        Err(problem) => return Err(problem.into()),
    };
    let main = html! { (timed::top(&site, &of.frame, Tab::Pit, "Pit board")) (showing) };
    let main = timed::followed(&of.frame, follows, "stop window session", &main);
    let title = of.frame.session.as_ref().map_or_else(String::new, |session| format!("{} · Pit board", session.title));
    let head = timed::head(follows, &["watch.js"]);
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &id), head, main }))
}

/// In which part of the board a car stands, in the order of the board.
const PARTS: [(&str, &str); 6] = [
    ("in", "In the pit lane"),
    ("breach", "To look at"),
    ("decided", "Decided"),
    ("to-do", "Stop to do"),
    ("done", "Stop made"),
    ("none", "No stop owed"),
];

struct Showing<'a> {
    site: &'a Site,
    names: Names<'a>,
    frame: &'a Frame,
    board: &'a PitBoard,
    moment: When,
}

impl Showing<'_> {
    fn main(&self) -> Markup {
        let board = self.board;
        html! {
            @if matches!(self.moment, When::At(_)) {
                p { "As known at " (timed::time(&board.at)) ". " a href=(format!("/sessions/{}/pit", board.session)) { "As it stands now" } }
            }
            @if let Some(session) = &self.frame.session { (live::hour(session, board.window.as_ref(), self.frame)) }
            @if board.window.is_some() {
                (self.window())
                div.scroll tabindex="0" role="region" aria-label="Pit board" { (self.table()) }
                (self.foot())
            }
            @if let Some(drives) = &board.drive_times { (self.drive_times(drives)) }
        }
    }

    fn window(&self) -> Markup {
        let board = self.board;
        let state = board.window.as_ref().map_or("", |window| window.state.as_str());
        let of = |part: &str| board.cars.iter().filter(|car| car.state == part).count();
        let until = board.window.as_ref().map(|window| if state == "opens" { window.opens.as_str() } else { window.closes.as_str() });
        let opening = board.window.as_ref().filter(|window| !window.opens.is_empty() && !window.closes.is_empty());
        html! {
            p.windowline {
                strong { (match state {
                    "opens" => "Window opens in ",
                    "delayed" => "Window delayed",
                    "open" => "Window open, closes in ",
                    "unfinished" => "The race ended before the window was over",
                    _ => "Window closed",
                }) }
                @if matches!(state, "opens" | "open") && let Some(until) = until { (self.countdown(until)) }
                @if let Some(window) = opening { span.quiet { " " (timed::time(&window.opens)) "–" (timed::time(&window.closes)) } }
                span.tally { (of("in")) " in the lane · " (of("to-do")) " to do · " (of("done")) " made · " (of("breach")) " to look at" }
            }
        }
    }

    /// A time that runs down; as of the page's moment where no script runs.
    fn countdown(&self, until: &str) -> Markup {
        let left = parse(until).zip(parse(&self.frame.at)).map_or(0, |(until, now)| until.0 - now.0);
        html! { span.until data-until=(until) { @if left > 0 { (minutes(left)) } @else { "may leave" } } }
    }

    fn table(&self) -> Markup {
        // The gauge is as long as the longest stop that is asked for, and something beyond it.
        let longest = self.board.cars.iter().map(|car| car.minimum_us).max().unwrap_or(0);
        let scale = longest + longest / 4;
        html! {
            table.pitboard data-scale=(scale / 1_000) {
                caption.unseen { "Every car with its stop" }
                thead { tr {
                    th.num.mid scope="col" { "Pos" }
                    th scope="col" { "Car, success" }
                    th.mid scope="col" { "Team" }
                    th scope="col" { "Stop: time in the pit lane, and where in the race" }
                } }
                @for (part, title) in PARTS {
                    @let cars = self.part(part);
                    @if !cars.is_empty() {
                        tbody data-part=(part) {
                            tr.part { th colspan="4" scope="rowgroup" { (title) span.quiet { " " (cars.len()) } } }
                            @for car in cars { (self.row(car, scale)) }
                        }
                    }
                }
            }
        }
    }

    /// The cars of a part: in the lane by who may leave first, otherwise in the order of the race.
    fn part(&self, part: &str) -> Vec<&PitBoardCar> {
        let mut cars: Vec<&PitBoardCar> = self.board.cars.iter().filter(|car| car.state == part).collect();
        if part == "in" {
            cars.sort_by_key(|car| car.earliest_exit.as_deref().and_then(parse).unwrap_or(Instant::FOREVER));
        }
        cars
    }

    fn row(&self, car: &PitBoardCar, scale: i64) -> Markup {
        let link = format!("/sessions/{}/laps/{}", self.board.session, car.car);
        html! {
            tr data-car=(car.car) data-stop=(car.state) {
                td.num.mid { (car.position) }
                td {
                    (timed::plate(&car.number, &link, timed::colour(self.site, &car.class))) " "
                    @if car.due_us > 0 {
                        a.success href=(format!("/why/success/{}/{}", self.board.session, car.car)) { "+" (Micros(car.due_us)) }
                    }
                }
                td.mid { (car.team) p.sub { (car.driver) } }
                td { div.pair { div.bars { (gauge(car, scale, &self.frame.at)) (self.lane(car)) } div.says { (self.says(car)) } } }
            }
        }
    }

    /// The race from start to end, with the window and the car's visits on it.
    fn lane(&self, car: &PitBoardCar) -> Markup {
        let board = self.board;
        let span = board.start.as_deref().and_then(parse).zip(board.ends.as_deref().and_then(parse));
        let Some((start, ends)) = span else { return html! {} };
        let now = parse(&board.at).unwrap_or(ends);
        let whole = ends.0 - start.0;
        let place = |from: Instant, to: Instant| {
            let (from, to) = ((from.0 - start.0).clamp(0, whole), (to.0 - start.0).clamp(0, whole));
            format!("left:{};width:{}", percent(from, whole), percent(to - from, whole))
        };
        let opening = board.window.as_ref().and_then(|window| parse(&window.opens).zip(parse(&window.closes)));
        let bar = |nth: usize, visit: &PitBoardVisit| {
            let (entry, exit) = (visit.entry.as_deref().and_then(parse), visit.exit.as_deref().and_then(parse));
            let inside = exit.is_none() && car.since.is_some() && car.since == visit.entry;
            let from = entry.or(exit)?;
            let to = exit.or(inside.then_some(now)).unwrap_or(from);
            let broken = car.breaches.iter().any(|breach| breach.visit == Some(nth));
            let kind = if inside {
                "in"
            } else if broken {
                "breach"
            } else if visit.kind.is_empty() {
                "other"
            } else {
                "done"
            };
            Some((place(from, to), kind))
        };
        html! {
            div.lane aria-hidden="true" {
                @if let Some((opens, closes)) = opening { span.window style=(place(opens, closes)) {} }
                @for (nth, visit) in car.visits.iter().enumerate() {
                    @if let Some((style, kind)) = bar(nth, visit) { span.visit data-kind=(kind) style=(style) {} }
                }
            }
        }
    }

    fn says(&self, car: &PitBoardCar) -> Markup {
        let times = car.visits.iter().filter(|visit| !visit.kind.is_empty());
        let others = car.visits.iter().filter(|visit| visit.kind.is_empty() && visit.exit.is_some()).count();
        html! {
            @match car.state.as_str() {
                "in" if !self.board.running => p { "stood in the pit lane at the end" },
                "in" => {
                    @match car.earliest_exit.as_deref() {
                        Some(exit) => {
                            p.exit { (self.countdown(exit)) }
                            p.sub { "out from " (timed::exactly(exit)) }
                            @for other in &car.other_exits { p.sub { "or, by another reading, from " (timed::exactly(other)) } }
                        }
                        None if car.since.is_some() => p { "in the pit lane" },
                        None => p { "in the pit lane; its entry was not heard" }
                    }
                    @if !car.untimely.is_empty() { p.alert { (car.untimely) } }
                }
                "to-do" if car.asked > 1 => p { (car.made) " of " (car.asked) " made" },
                "to-do" => p.quiet { "no stop yet" },
                _ => {}
            }
            @for visit in times {
                p { strong { (visit.time) } @if visit.kind != "mandatory" { " " (visit.kind) } span.sub { " lap " (visit.lap) } }
            }
            @for breach in &car.breaches {
                p.alert { (breach.says) }
                @if let Some(proposal) = breach.proposal.as_ref().filter(|_| car.decided.is_empty()) { p.sub { "proposed: " (proposal.says) ", article " (proposal.article) } }
            }
            // Once something is decided, nothing is proposed any more.
            @if !car.decided.is_empty() { p.sub { (linked(&self.names, &car.decided)) } }
            @if others > 0 { p.sub { (others) @if others == 1 { " other visit" } @else { " other visits" } } }
        }
    }

    fn foot(&self) -> Markup {
        let board = self.board;
        html! {
            p.key {
                span.swatch data-kind="base" {} "minimum "
                span.swatch data-kind="due" {} "success seconds due "
                span.swatch data-kind="took" {} "time in the lane "
                span.swatch data-kind="missing" {} "short of the minimum"
            }
            p.sub {
                @if let Some(article) = &board.article { "The stop is asked for by article " (article) ". " }
                @if let Some(zone) = &board.zone { "Measured from " (zone) ". " }
                "What is proposed is no penalty until the stewards confirm it. "
                a href=(format!("/api/v1/sessions/{}/pit", board.session)) { "As JSON" }
            }
        }
    }

    fn drive_times(&self, drives: &[DriveTimes]) -> Markup {
        html! {
            h2 { "Time at the wheel" }
            div.scroll tabindex="0" role="region" aria-label="Time at the wheel" {
                table {
                    caption.unseen { "Every driver's time at the wheel" }
                    thead { tr {
                        th scope="col" { "Car" }
                        th scope="col" { "Driver" }
                        th.num scope="col" { "At the wheel" }
                        th scope="col" { "To look at" }
                    } }
                    @for of in drives { (self.at_the_wheel(of)) }
                }
            }
        }
    }

    fn at_the_wheel(&self, of: &DriveTimes) -> Markup {
        let nobody = (of.unknown_us > 0).then(|| (None, String::from("nobody named"), of.unknown_us));
        let drivers = of.drivers.iter().map(|driver| (Some(&driver.driver), driver.name.clone(), driver.time_us)).chain(nobody);
        let drivers: Vec<_> = drivers.collect();
        let rows = drivers.len();
        html! {
            tbody {
                @for (nth, (id, name, time)) in drivers.into_iter().enumerate() {
                    tr {
                        @if nth == 0 {
                            td rowspan=(rows) {
                                (timed::plate(&of.number, &format!("/sessions/{}/laps/{}", self.board.session, of.car), timed::colour(self.site, &of.class)))
                            }
                        }
                        td { @if let Some(id) = id { a href=(format!("/drivers/{id}")) { (name) } } @else { span.quiet { (name) } } }
                        td.num { (Micros(time)) }
                        @if nth == 0 {
                            td rowspan=(rows) {
                                @for breach in &of.breaches {
                                    p.alert { (breach.says) }
                                    @if let Some(proposal) = &breach.proposal { p.sub { "proposed: " (proposal.says) ", article " (proposal.article) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The stop as a bar: what is asked for, the success seconds of it apart, what it took, and what is missing.
fn gauge(car: &PitBoardCar, scale: i64, now: &str) -> Markup {
    let base = (car.minimum_us - car.due_us).max(0);
    let stop = car.visits.iter().filter(|visit| !visit.kind.is_empty()).find_map(|visit| visit.time_us);
    let broken = car.breaches.iter().find_map(|breach| breach.visit).and_then(|at| car.visits.get(at)?.time_us);
    let since = car.since.as_deref().and_then(parse).zip(parse(now)).map(|(since, now)| (now.0 - since.0).max(0));
    let took = since.or(broken).or(stop);
    let short = car.breaches.iter().map(|breach| breach.shortfall_us).max().unwrap_or(0);
    let due = if car.due_us > 0 { format!(", {} s of it success seconds", Micros(car.due_us)) } else { String::new() };
    let took_says = took.map_or_else(|| String::from("no stop yet"), |took| Micros(took).to_string());
    html! {
        div.gauge role="img" aria-label=(format!("{took_says}; at least {}{due}", car.minimum)) {
            span.base style=(format!("width:{}", percent(base, scale))) {}
            @if car.due_us > 0 { span.due_part style=(format!("left:{};width:{}", percent(base, scale), percent(car.due_us, scale))) {} }
            // What is missing is missing at a stop that was made, not at the visit that goes on.
            @if short > 0 && since.is_none() && let Some(took) = took {
                span.missing style=(format!("left:{};width:{}", percent(took, scale), percent(short, scale))) {}
            }
            @if let Some(took) = took {
                span.took data-since=[car.since.as_deref()] style=(format!("width:{}", percent(took, scale))) {}
            }
        }
    }
}

/// Minutes, seconds and milliseconds: `0:17.600`.
fn minutes(us: i64) -> String {
    let ms = us / 1_000;
    format!("{}:{:02}.{:03}", ms / 60_000, ms / 1_000 % 60, ms % 1_000)
}
