//! The tables of a session: classification, running order, points, grid.

use maud::{Markup, html};

use crate::pages::live::encoded;
use crate::pages::parts::{drivers, plate, sourced};
use crate::pages::results::{colour, document, when, why_place, why_points};
use crate::results::asked::Asked;
use crate::results::grid::Start;
use crate::results::rows::{Done, LiveRow, ResultRow};
use crate::results::session::SessionSheet;
use crate::season::results::SourceNamed;
use crate::site::Site;

pub(crate) struct Tables<'a> {
    pub(crate) site: &'a Site,
    pub(crate) sheet: &'a SessionSheet,
    pub(crate) asked: &'a Asked,
}

/// Which columns have anything in them.
struct Columns {
    laps: bool,
    time: bool,
    gap: bool,
    best: bool,
    class: bool,
    cup: bool,
}

impl Columns {
    fn of(rows: &[&ResultRow], overall: bool) -> Self {
        let any = |has: fn(&ResultRow) -> bool| rows.iter().any(|row| has(row));
        Self {
            laps: any(|row| row.laps.is_some()),
            time: any(|row| !row.time.is_empty()),
            gap: any(|row| !row.gap.is_empty()),
            best: any(|row| !row.best_lap.is_empty()),
            class: overall,
            cup: any(|row| !row.cup.is_empty()),
        }
    }
}

impl Tables<'_> {
    /// What was done to a car's result, and what the publisher remarked.
    fn notes(&self, effects: &[Done], note: Option<(&str, &[SourceNamed])>, on_sheet: bool) -> Markup {
        let fact = self.sheet.published.as_ref().map_or(0, |of| of.fact);
        html! {
            @for of in effects { p.sub.done { (of.says) " (" (of.by) ")" } }
            @if !on_sheet { p.sub { "not on the sheet" } }
            @if let Some((note, sources)) = note { p.sub { (sourced(note, sources, fact)) } }
        }
    }

    pub(crate) fn classification(&self) -> Markup {
        let rows = &self.sheet.classification;
        let of = |finishes: &[&str]| rows.iter().filter(|row| finishes.contains(&row.finish.as_str())).collect::<Vec<_>>();
        let (placed, not, out) = (of(&["classified", "unknown"]), of(&["not-classified", "not-started"]), of(&["disqualified"]));
        html! {
            @if !rows.is_empty() {
                section aria-label="Classification" {
                    (self.table("Classification", &placed))
                    @if !not.is_empty() { h2 { "Not classified" } (self.table("Not classified", &not)) }
                    @if !out.is_empty() { h2 { "Disqualified" } (self.table("Disqualified", &out)) }
                }
            }
        }
    }

    /// Orders at marks inside the race.
    pub(crate) fn marks(&self) -> Markup {
        html! {
            @for of in &self.sheet.marks {
                section { h2 { "At " (of.mark) } (self.table(&format!("Order at {}", of.mark), &of.classification.iter().collect::<Vec<_>>())) }
            }
        }
    }

    fn table(&self, caption: &str, rows: &[&ResultRow]) -> Markup {
        let overall = self.sheet.overall;
        let columns = Columns::of(rows, overall);
        html! {
            table.result {
                caption.unseen { (caption) }
                thead {
                    tr {
                        th.num scope="col" { "Pos" }
                        th scope="col" { "Car" }
                        th scope="col" { "Crew" }
                        @if columns.class { th.mid scope="col" { "Class" } }
                        @if columns.cup { th.mid scope="col" { "Cup" } }
                        @if columns.laps { th.num.mid scope="col" { "Laps" } }
                        @if columns.time { th.num scope="col" { "Time" } }
                        @if columns.gap { th.num.mid scope="col" { "Gap" } }
                        @if columns.best { th.num.mid scope="col" { "Best lap" } }
                    }
                }
                @if overall {
                    tbody { @for row in rows { (self.row(row, &columns)) } }
                } @else {
                    // Only places in class are known: each class by itself.
                    @for chunk in by_class(rows) {
                        tbody {
                            tr { th.rowgroup colspan="9" scope="rowgroup" data-c=(colour(self.site, &chunk[0].car.class)) { (chunk[0].car.class) } }
                            @for row in &chunk { (self.row(row, &columns)) }
                        }
                    }
                }
            }
        }
    }

    fn row(&self, row: &ResultRow, columns: &Columns) -> Markup {
        let (session, car) = (&self.sheet.id, &row.car.id);
        let why = |text: &str| why_place(session, car, self.asked, text);
        let position =
            if self.sheet.overall || row.position.chars().any(char::is_alphabetic) { &row.position } else { &row.class_position };
        html! {
            tr data-c=(colour(self.site, &row.car.class)) {
                td.num.pos {
                    @if position.is_empty() { (why("?")) } @else { (why(position)) }
                    @if !row.on_road.is_empty() { p.sub { "was " (row.on_road) } }
                }
                td { (plate(&row.car)) }
                td.who {
                    p { (drivers(&row.crew, row.crew_open)) }
                    p.sub {
                        span { @if let Some(team) = &row.car.team { a href=(format!("/teams/{}", encoded(&team.id))) { (team.name) } } }
                        span.model[row.car.team.is_some()] { (row.car.model) }
                        span.thin { @if !row.cup_position.is_empty() { (row.cup_title) " " (row.cup_position) } }
                        span.thin { @if columns.class && !row.class_position.is_empty() { (row.car.class) " " (row.class_position) } }
                        span.thin { @if let Some(laps) = row.laps { (laps) " laps" } }
                    }
                    (self.notes(&row.effects, row.note.as_deref().map(|note| (note, &row.sources[..])), row.on_sheet))
                }
                @if columns.class { td.class.mid { (row.car.class) " " (why(&row.class_position)) } }
                @if columns.cup { td.mid.cup { (row.cup_title) " " (why(&row.cup_position)) } }
                @if columns.laps { td.num.mid { (self.laps(row)) } }
                @if columns.time { td.num { (row.time) @if !columns.gap { "" } @else { p.sub.thin { (row.gap) } } } }
                @if columns.gap { td.num.mid { (row.gap) } }
                @if columns.best { td.num.mid data-fastest=[row.fastest.then_some("")] { (row.best_lap) } }
            }
        }
    }

    fn laps(&self, row: &ResultRow) -> Markup {
        let Some(laps) = row.laps else { return html! {} };
        html! {
            @if self.sheet.timed { a href=(format!("/sessions/{}/laps/{}", self.sheet.id, encoded(&row.car.id))) { (laps) } } @else { (laps) }
        }
    }

    /// The order by the passings, while nothing is published.
    pub(crate) fn running(&self) -> Markup {
        let Some(order) = &self.sheet.running else { return html! {} };
        html! {
            section {
                h2 { "Order by its passings: " (order.state) }
                table.result {
                    caption.unseen { "The running order" }
                    thead {
                        tr {
                            th.num scope="col" { "Pos" }
                            th scope="col" { "Car" }
                            th scope="col" { "Driver" }
                            th.mid scope="col" { "Class" }
                            th.mid scope="col" { "Cup" }
                            th.num.mid scope="col" { "Laps" }
                            th.num scope="col" { "Gap" }
                            th.num.mid scope="col" { "Best lap" }
                            th.num.mid scope="col" { "Stops" }
                        }
                    }
                    tbody { @for row in &order.rows { (self.running_row(row)) } }
                }
            }
        }
    }

    fn running_row(&self, row: &LiveRow) -> Markup {
        let (session, car) = (&self.sheet.id, &row.car.id);
        let why = |text: &str| why_place(session, car, self.asked, text);
        html! {
            tr data-c=(colour(self.site, &row.car.class)) {
                td.num.pos { (why(&row.position)) }
                td { (plate(&row.car)) }
                td.who {
                    p { (row.driver) }
                    p.sub { span { @if let Some(team) = &row.car.team { (team.name) } } span.model[row.car.team.is_some()] { (row.car.model) } span.thin { @if !row.cup_position.is_empty() { (row.cup_title) " " (row.cup_position) } } }
                    (self.notes(&row.effects, None, true))
                }
                td.class.mid { (row.car.class) " " (why(&row.class_position)) }
                td.mid.cup { (row.cup_title) " " (why(&row.cup_position)) }
                td.num.mid { a href=(format!("/sessions/{session}/laps/{}", encoded(car))) { (row.laps) } }
                td.num { (row.gap) }
                td.num.mid { (row.best_lap) }
                td.num.mid { (row.stops) }
            }
        }
    }

    /// What each car scored, by championship.
    pub(crate) fn points(&self) -> Markup {
        let (scored_in, rows) = (&self.sheet.scored_in, &self.sheet.classification);
        html! {
            @if !scored_in.is_empty() {
                section {
                    h2 { "Points" }
                    div.scroll tabindex="0" role="region" aria-label="Points by championship" {
                        table.scored {
                            caption.unseen { "What each car scored, by championship" }
                            thead {
                                tr {
                                    th scope="col" { "Car" }
                                    @for of in scored_in { th.num scope="col" { a href=(format!("/standings/{}", of.id)) { (of.name) } } }
                                }
                            }
                            tbody {
                                @for row in rows.iter().filter(|row| !row.points.is_empty()) {
                                    tr {
                                        th scope="row" { (plate(&row.car)) }
                                        @for of in scored_in { td.num { (self.scored(row, &of.id)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn scored(&self, row: &ResultRow, championship: &str) -> Markup {
        html! {
            @for (at, one) in row.points.iter().filter(|of| of.championship == championship).enumerate() {
                @if at > 0 { " / " }
                (why_points(championship, &one.competitor, self.asked, &one.points))
            }
        }
    }

    pub(crate) fn grid(&self) -> Markup {
        let Some(grid) = &self.sheet.grid else { return html! {} };
        html! {
            section {
                h2 id="grid" { "Starting grid" }
                p.sub {
                    @match (grid.fact, &grid.at) {
                        (Some(fact), Some(at)) => { "Published " (when(at)) ", " (document(fact)) @if !grid.complete { "; incomplete as published" } }
                        _ => "Not published; as the results that make it give it"
                    }
                }
                table.result {
                    caption.unseen { "The starting grid" }
                    thead {
                        tr { th.num scope="col" { "Pos" } th scope="col" { "Car" } th scope="col" { "Driver" } th.num scope="col" { "Time" } th.mid scope="col" { "Why there" } }
                    }
                    tbody { @for place in &grid.places { (self.start(place)) } }
                }
            }
        }
    }

    fn start(&self, of: &Start) -> Markup {
        html! {
            tr {
                td.num.pos { (of.position) @if of.position.is_empty() && !of.class_position.is_empty() { span.sub { (of.car.class) " " (of.class_position) } } }
                td { (plate(&of.car)) }
                td.who {
                    p { @if let Some(driver) = &of.driver { a href=(format!("/drivers/{}", encoded(&driver.id))) { (driver.name) } } }
                    p.sub { @if let Some(team) = &of.car.team { (team.name) } }
                    p.sub.thin { (of.reasons.join("; ")) }
                }
                td.num { (of.time) }
                td.mid { @for reason in &of.reasons { p.sub { (reason) } } }
            }
        }
    }
}

fn by_class<'a>(rows: &[&'a ResultRow]) -> Vec<Vec<&'a ResultRow>> {
    let mut classes: Vec<Vec<&ResultRow>> = Vec::new();
    for row in rows {
        match classes.iter_mut().find(|of| of[0].car.class == row.car.class) {
            Some(of) => of.push(row),
            None => classes.push(vec![row]),
        }
    }
    classes
}
