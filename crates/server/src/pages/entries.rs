//! Entry lists, and the season of a car, a driver, a team.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use crate::pages::layout::{self, Place, Sheet};
use crate::pages::live::encoded;
use crate::pages::parts::{crew, drivers, penalties, place, plate, session, sourced, team};
use crate::pages::{Lost, Page};
use crate::problem::Problem;
use crate::season::Known;
use crate::season::car::{self, CarRound, CarSeason};
use crate::season::competitor::{Brought, InChampionship, SessionPoints};
use crate::season::driver::{self, DriverSeason};
use crate::season::entries::{Crew, EntryLine, EntryList, lists};
use crate::season::results::{NoData, ResultLine};
use crate::season::team::{self as teams, TeamSeason};
use crate::site::Site;

/// Which entry list.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    round: Option<String>,
}

/// `/entries`.
pub(crate) async fn entries(State(site): State<Arc<Site>>, asked: Result<Query<Asked>, QueryRejection>) -> Page {
    let Query(asked) = asked?;
    let (lists, at) = {
        let season = site.season();
        let known = Known::of(&site, &season);
        let lists = lists(&known);
        let at = match asked.round.as_deref().filter(|round| !round.is_empty()) {
            Some(written) => chosen(&lists, written)?,
            None => lists.iter().position(|list| Some(list.round) == current(&known)).unwrap_or(0),
        };
        (lists, at)
    };
    let main = html! {
        h1 { "Entries" }
        nav.filters aria-label="Rounds" {
            @for (nth, list) in lists.iter().enumerate() {
                a href=(format!("/entries?round={}", list.round)) aria-current=[(nth == at).then_some("true")] { (list.round) " · " (list.event) }
            }
        }
        @if let Some(list) = lists.get(at) { (table(list)) } @else { p { "No round is on the calendar yet." } }
    };
    Ok(layout::page(&site, &Sheet { title: "Entries", place: Place::Entries, head: html! {}, main }))
}

/// The entry list of a round as written in an address.
pub(crate) fn chosen(lists: &[EntryList], written: &str) -> Result<usize, Problem> {
    let number: Option<u16> = written.parse().ok();
    let at = lists.iter().position(|list| Some(list.round) == number);
    at.ok_or_else(|| Problem::missing(format!("there is no round {written}; the calendar lists them")))
}

/// The round that is on or next.
fn current(known: &Known<'_>) -> Option<u16> {
    let sessions = &known.season.calendar.sessions;
    let day = 86_400_000_000;
    let next = sessions.iter().find(|session| session.date.midnight().0.saturating_add(day) > known.now.0);
    next.or(sessions.last()).map(|session| session.name.round)
}

fn table(list: &EntryList) -> Markup {
    let classes = list.entries.iter().map(|line| line.car.class.as_str());
    let count = |class: &str| list.entries.iter().filter(|line| line.car.class == class).count();
    let mut named: Vec<&str> = Vec::new();
    for class in classes {
        if !named.contains(&class) {
            named.push(class);
        }
    }
    let counts: Vec<String> = named.iter().map(|class| format!("{} {class}", count(class))).collect();
    html! {
        h2 { "Round " (list.round) " · " (list.event) }
        p.sub { (crate::sentences::counted(list.entries.len(), "car", "cars")) @if counts.len() > 1 { ": " (counts.join(", ")) } }
        table.entries.tight {
            caption.unseen { "Entry list of round " (list.round) }
            thead { tr { th scope="col" { "Car" } th scope="col" { "Class" } th scope="col" { "Crew" } th.desk scope="col" { "Team" } th.wide scope="col" { "Model" } } }
            tbody { @for line in &list.entries { (entry(line)) } }
        }
    }
}

fn entry(line: &EntryLine) -> Markup {
    html! {
        tr data-c=(line.car.colour) {
            td { (plate(&line.car)) }
            td.class { (line.car.class) p.sub { (line.crew.cup) } @if line.crew.status != "regular" { p.sub { (line.crew.status) } } }
            td {
                (crew(&line.crew))
                p.sub.phone { @if let Some(of) = &line.car.team { (team(of)) " · " } (line.car.model) }
            }
            td.desk { @if let Some(of) = &line.car.team { (team(of)) } p.sub.narrow { (line.car.model) } }
            td.wide { (line.car.model) }
        }
    }
}

/// `/entries/{car}`.
pub(crate) async fn car(State(site): State<Arc<Site>>, path: Result<Path<String>, PathRejection>) -> Page {
    let Path(id) = path?;
    let of = {
        let season = site.season();
        car::season(&Known::of(&site, &season), &id)
    };
    let of = of.ok_or_else(|| Lost(Problem::missing(format!("no car {id} is entered; the entry list names those that are"))))?;
    let title = format!("Car {}", of.car.number);
    Ok(layout::page(
        &site,
        &Sheet { title: &title, place: Place::Entries, head: html! {}, main: car_main(&of, &title, crate::pages::success(&site)) },
    ))
}

fn car_main(of: &CarSeason, title: &str, in_rulebook: bool) -> Markup {
    html! {
        div.title data-c=(of.car.colour) {
            h1 { (title) }
            p.sub { (of.car.class) @if !of.car.model.is_empty() { " · " (of.car.model) } @if let Some(of) = &of.car.team { " · " (team(of)) } }
        }
        h2 { "Crews" }
        table.tight {
            caption.unseen { "Crews by round" }
            thead { tr { th scope="col" { "Rounds" } th scope="col" { "Crew" } th scope="col" { "Cup" } } }
            tbody {
                @for (rounds, of) in spells(&of.rounds) {
                    tr {
                        td { @for round in rounds { a href=(format!("/calendar/{}", round.round)) title=(round.event) { (round.round) } " " } }
                        td { (crew(of)) }
                        td { (of.cup) @if of.status != "regular" { p.sub { (of.status) } } }
                    }
                }
            }
        }
        h2 { "Results" }
        (results(&of.results, &of.no_data, true, &brought(&of.points)))
        @if in_rulebook || !of.success.is_empty() {
            h2 { "Success penalties" }
            (success(of))
        }
        h2 { "Decisions" }
        (penalties(&of.penalties))
    }
}

/// The rounds by crew, in the order each crew first came.
fn spells(rounds: &[CarRound]) -> Vec<(Vec<&CarRound>, &Crew)> {
    let mut spells: Vec<(Vec<&CarRound>, &Crew)> = Vec::new();
    for round in rounds {
        match spells.iter_mut().find(|(_, crew)| **crew == round.crew) {
            Some((of, _)) => of.push(round),
            None => spells.push((vec![round], &round.crew)),
        }
    }
    spells
}

fn success(of: &CarSeason) -> Markup {
    html! {
        @if of.success.is_empty() {
            p.quiet { "None earned." }
        } @else {
            table.tight {
                caption.unseen { "Success penalties" }
                thead { tr { th scope="col" { "Earned in" } th.num scope="col" { "Place" } th.num scope="col" { "Amount" } th scope="col" { "Due in" } th scope="col" { "State" } } }
                tbody {
                    @for due in &of.success {
                        tr {
                            td { @if let Some(of) = &due.earned_in { (session(of)) } }
                            td.num { @if let Some(earned) = due.earned_in.as_ref().filter(|_| due.place > 0) { (place(&due.place.to_string(), &format!("/why/place/{}/{}", earned.id, encoded(&of.car.id)))) } }
                            td.num { @match &due.why { Some(why) => { a href=(why) { (due.amount) } }, None => { (due.amount) } } }
                            td { @if let Some(of) = &due.due_in { (session(of)) } }
                            td { (due.state) }
                        }
                    }
                }
            }
        }
    }
}

/// A column of points: its heading, and what a line has in it.
type Column<'a> = (&'a str, Box<dyn Fn(&ResultLine) -> Markup + 'a>);

/// Results, with the car or the crew, and a column of points for each championship. Where there is no room for columns, the points stand below the session.
fn results(lines: &[ResultLine], without: &[NoData], of_car: bool, points: &[Column<'_>]) -> Markup {
    html! {
        @if lines.is_empty() {
            p.quiet { "No results yet." }
        } @else {
            table.results.tight {
                caption.unseen { "Results in calendar order" }
                thead {
                    tr {
                        th scope="col" { "Session" }
                        @if !of_car { th scope="col" { "Car" } }
                        th.num scope="col" { "Pos" }
                        th.num scope="col" { "Class" }
                        th.num scope="col" { "Cup" }
                        @for (heading, _) in points { th.num.wide scope="col" { (heading) } }
                        @if of_car { th.wide scope="col" { "Crew" } }
                        th.wide scope="col" { "Notes" }
                    }
                }
                tbody { @for line in lines { (result(line, of_car, points)) } }
            }
        }
        @if !without.is_empty() {
            h3 { "No data" }
            ul.plain {
                @for of in without {
                    li { a href=(format!("/sessions/{}", of.session.id)) { (of.session.title) ", " (of.session.event) } ": " span.quiet { (of.says) } }
                }
            }
        }
    }
}

fn result(line: &ResultLine, of_car: bool, points: &[Column<'_>]) -> Markup {
    let told: Vec<(&str, String)> = points.iter().map(|(heading, cell)| (*heading, cell(line).into_string())).collect();
    let notes = || html! { @for note in &line.notes { p.sub { (sourced(note, &line.sources, line.fact)) } } };
    html! {
        tr data-c=(line.car.colour) {
            td {
                (session(&line.session))
                @if line.state != "final" { p { (crate::pages::parts::state(&line.state)) } }
                p.sub.narrow.points { @for (heading, cell) in told.iter().filter(|(_, cell)| !cell.is_empty()) { span { (PreEscaped(cell)) " " (heading) } } }
                div.narrow { (notes()) }
            }
            @if !of_car { td { (plate(&line.car)) } }
            td.num { (place(&line.place, &line.why)) }
            td.num { (place(&line.class_place, &line.why)) }
            td.num { (place(&line.cup_place, &line.why)) @if !line.cup_place.is_empty() { p.sub { (line.cup) } } }
            @for (_, cell) in &told { td.num.wide { (PreEscaped(cell)) } }
            @if of_car { td.wide { (drivers(&line.crew, line.crew_open)) } }
            td.wide { (notes()) }
        }
    }
}

/// `/drivers/{id}`.
pub(crate) async fn driver(State(site): State<Arc<Site>>, path: Result<Path<String>, PathRejection>) -> Page {
    let Path(id) = path?;
    let of = {
        let season = site.season();
        driver::season(&Known::of(&site, &season), &id)
    };
    let of = of.ok_or_else(|| Lost(Problem::missing(format!("no driver {id} is entered; the entry list names those that are"))))?;
    Ok(layout::page(&site, &Sheet { title: &of.driver.name, place: Place::Entries, head: html! {}, main: driver_main(&of) }))
}

fn driver_main(of: &DriverSeason) -> Markup {
    html! {
        div.title {
            h1 { (of.driver.name) }
            p.sub {
                (of.nationality)
                @if let Some(points) = of.licence_points { " " (crate::sentences::counted(usize::from(points), "licence point", "licence points")) }
            }
        }
        (championships(&of.championships))
        h2 { "Rounds" }
        table.tight {
            caption.unseen { "Rounds with car and crew" }
            thead { tr { th scope="col" { "Round" } th scope="col" { "Car" } th scope="col" { "With" } th scope="col" { "Grade" } th scope="col" { "Cup" } } }
            tbody {
                @for round in &of.rounds {
                    tr data-c=(round.car.colour) {
                        td { a href=(format!("/calendar/{}", round.round)) { (round.round) " · " (round.event) } }
                        td { (plate(&round.car)) @if !round.sure { p.sub { "perhaps" } } }
                        td { (drivers(&round.with, false)) @if let Some(of) = &round.car.team { p.sub { (team(of)) } } }
                        td { (round.grade) }
                        td { (round.cup) }
                    }
                }
            }
        }
        h2 { "Results" }
        (with_points(&of.results, &of.no_data, &of.championships))
        h2 { "Decisions" }
        (penalties(&of.penalties))
    }
}

/// `/teams/{id}`.
pub(crate) async fn team_page(State(site): State<Arc<Site>>, path: Result<Path<String>, PathRejection>) -> Page {
    let Path(id) = path?;
    let of = {
        let season = site.season();
        teams::season(&Known::of(&site, &season), &id)
    };
    let of = of.ok_or_else(|| Lost(Problem::missing(format!("there is no team {id}; the entry list names those there are"))))?;
    Ok(layout::page(&site, &Sheet { title: &of.team.name, place: Place::Entries, head: html! {}, main: team_main(&of) }))
}

fn team_main(of: &TeamSeason) -> Markup {
    let rounds = |rounds: &[u16]| rounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    html! {
        div.title { h1 { (of.team.name) } }
        (championships(&of.championships))
        h2 { "Cars" }
        table.tight {
            caption.unseen { "Cars of the team" }
            thead { tr { th scope="col" { "Car" } th scope="col" { "Class" } th scope="col" { "Model" } th scope="col" { "Rounds" } } }
            tbody {
                @for car in &of.cars {
                    tr data-c=(car.car.colour) { td { (plate(&car.car)) } td.class { (car.car.class) } td { (car.car.model) } td { (rounds(&car.rounds)) } }
                }
            }
        }
        h2 { "Results" }
        (with_points(&of.results, &of.no_data, &of.championships))
        h2 { "Decisions" }
        (penalties(&of.penalties))
    }
}

fn championships(of: &[InChampionship]) -> Markup {
    html! {
        h2 { "Championships" }
        @if of.is_empty() {
            p.quiet { "No points yet." }
        } @else {
            table.tight {
                caption.unseen { "Place and points in each championship" }
                thead { tr { th.num scope="col" { "Place" } th.num scope="col" { "Points" } th scope="col" { "Championship" } } }
                tbody {
                    @for one in of {
                        tr {
                            td.num.rank { (place(&one.place, &one.why)) @if !one.possible.is_empty() { p.sub { "possible " (one.possible) } } }
                            td.num { a href=(one.why) { (one.points) } }
                            td { a href=(format!("/standings/{}", one.championship)) { (one.title) } p.sub { (one.name) } }
                        }
                    }
                }
            }
        }
    }
}

/// Results with a column of points for each championship.
fn with_points(lines: &[ResultLine], without: &[NoData], championships: &[InChampionship]) -> Markup {
    let scored = |of: &SessionPoints, line: &ResultLine| of.session == line.session.id && of.car == line.car.id;
    let column = |one: &'_ InChampionship| {
        let (sessions, why) = (one.sessions.clone(), one.why.clone());
        let cell = move |line: &ResultLine| {
            html! {
                @for of in sessions.iter().filter(|of| scored(of, line)) { a href=(why) { @if of.counts { (of.points) } @else { s { (of.points) } } } }
            }
        };
        (one.title.clone(), cell)
    };
    let columns: Vec<(String, _)> = championships.iter().map(column).collect();
    let columns: Vec<Column<'_>> =
        columns.iter().map(|(title, cell)| (title.as_str(), Box::new(cell) as Box<dyn Fn(&ResultLine) -> Markup>)).collect();
    results(lines, without, false, &columns)
}

/// A column for each championship a car brought points in.
fn brought(of: &[Brought]) -> Vec<Column<'_>> {
    let mut titles: Vec<&str> = Vec::new();
    for one in of {
        if !titles.contains(&one.title.as_str()) {
            titles.push(&one.title);
        }
    }
    let column = |title: &'_ str| {
        let mine: Vec<Brought> = of.iter().filter(|one| one.title == title).cloned().collect();
        move |line: &ResultLine| html! { @for one in mine.iter().filter(|one| one.session == line.session.id) { a href=(one.why) { (one.points) } } }
    };
    titles.into_iter().map(|title| (title, Box::new(column(title)) as Box<dyn Fn(&ResultLine) -> Markup>)).collect()
}
