//! The charts of a session: positions by lap, gaps by lap, lap times.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use sport::date::Micros;
use sport::running::Ranking;
use sport::season::Season;

use crate::api::charts::{self, Chart, Line, MOST, Part, Point};
use crate::pages::drawing::{self, Drawing};
use crate::pages::layout::{self, Sheet};
use crate::pages::timed::{self, Tab, address};
use crate::pages::{Lost, Page};
use crate::problem::Problem;
use crate::sentences::counted;
use crate::session_at::{self, SessionAt};
use crate::site::Site;

/// The route.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sessions/{id}/charts", get(chart))
}

/// What a reader may ask of the charts.
#[derive(Clone, Debug, Default, Deserialize)]
struct View {
    /// `lap`, `gap`, `times`.
    chart: Option<String>,
    /// The car that stands out.
    car: Option<String>,
    class: Option<String>,
    to: Option<String>,
    from: Option<u32>,
    at: Option<String>,
}

/// A chart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Lap,
    Gap,
    Times,
}

impl Kind {
    const WORDS: [(&'static str, Self, &'static str); 3] =
        [("lap", Self::Lap, "Positions"), ("gap", Self::Gap, "Gaps"), ("times", Self::Times, "Lap times")];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind, _)| *kind == self).map_or("", |(word, ..)| word)
    }

    /// The value of a point as it is printed; none where it has none.
    pub(crate) fn value(self, point: &Point) -> Option<String> {
        match self {
            Self::Lap => Some(point.position.to_string()),
            Self::Gap => point.gap_us.map(|gap| if gap > 0 { format!("+{}", Micros(gap)) } else { Micros(gap).to_string() }),
            Self::Times => Some(Micros(point.time_us).to_string()),
        }
    }
}

async fn chart(State(site): State<Arc<Site>>, id: Result<Path<String>, PathRejection>, view: Result<Query<View>, QueryRejection>) -> Page {
    let (Path(id), Query(view)) = (id?, view?);
    let when = session_at::when(&site, view.at.as_deref())?;
    let season = site.season();
    let of = session_at::seen(&site, &season, &id, when)?;
    let follows = timed::follows(&site, &season, &of, when);
    let race = of.stands.session.running.ranking() == Ranking::Distance;
    let kind = kind(view.chart.as_deref(), race)?;
    let class = view.class.clone().filter(|class| !class.is_empty());
    let part = Part { at: None, class, to: view.to.clone(), from: view.from };
    let chart = charts::chart(&season, &of, &part)?;
    let showing = Showing { site: &site, season: &season, of: &of, view: &view, chart: &chart, kind, race };
    let main = html! { (timed::top(&site, &of.frame, Tab::Charts, "Charts")) (showing.main()) };
    let main = timed::followed(&of.frame, follows, "laps session", &main);
    let title = of.frame.session.as_ref().map_or_else(String::new, |session| format!("{} · Charts", session.title));
    let head = timed::head(follows, &["watch.js", "chart.js"]);
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &id), head, main }))
}

/// The chart that is asked for. Where the best lap counts, positions and gaps by lap say nothing.
fn kind(written: Option<&str>, race: bool) -> Result<Kind, Lost> {
    let usual = if race { Kind::Lap } else { Kind::Times };
    let Some(written) = written.filter(|written| !written.is_empty() && race) else { return Ok(usual) };
    let found = Kind::WORDS.iter().find(|(word, ..)| *word == written);
    let found = found.ok_or_else(|| Problem::unclear(format!("there is no chart `{written}`; there are lap, gap and times")))?;
    Ok(found.1)
}

struct Showing<'a> {
    site: &'a Site,
    season: &'a Season,
    of: &'a SessionAt,
    view: &'a View,
    chart: &'a Chart,
    kind: Kind,
    race: bool,
}

impl Showing<'_> {
    /// The address with some wishes changed.
    fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let from = self.view.from.map(|from| from.to_string());
        let mut wishes = [
            ("chart", Some(self.kind.word())),
            ("class", self.view.class.as_deref()),
            ("car", self.view.car.as_deref()),
            ("to", self.view.to.as_deref()),
            ("from", from.as_deref()),
            ("at", self.view.at.as_deref()),
        ];
        for (key, value) in &mut wishes {
            if let Some((_, changed)) = changes.iter().find(|(of, _)| of == key) {
                *value = *changed;
            }
        }
        address(&format!("/sessions/{}/charts", self.chart.session), &wishes)
    }

    fn main(&self) -> Markup {
        html! {
            div.choices { (self.kinds()) (self.classes()) }
            @if self.chart.laps == 0 {
                p.large { "No lap has been completed yet." }
            } @else {
                (self.laps_shown())
                div.chartpage {
                    figure.chart {
                        figcaption { strong { (self.caption()) } " " span.readout role="status" { (self.hint()) } }
                        div.scroll tabindex="0" role="region" aria-label="Chart" { (drawing::svg(&self.drawing())) }
                        @if let Some((points, cars)) = drawing::beyond(&self.drawing()) {
                            p.sub.beyond { (counted(points, "value", "values")) " of " (counted(cars, "car", "cars")) " beyond the scale: a mark at the edge stands for each, and the table has them." }
                        }
                    }
                    (self.cars())
                }
                details { summary { "The same as a table" } div.scroll tabindex="0" role="region" aria-label="The chart as a table" { (self.table()) } }
            }
            p.sub { a href=(self.json()) { "As JSON" } }
        }
    }

    fn kinds(&self) -> Markup {
        html! {
            @if self.race {
                nav.filters aria-label="Chart" {
                    @for (word, kind, title) in Kind::WORDS {
                        a href=(self.with(&[("chart", Some(word))])) aria-current=[(kind == self.kind).then_some("true")] { (title) }
                    }
                }
            }
        }
    }

    fn classes(&self) -> Markup {
        let entries = self.of.stands.session.cars.iter().map(|entry| &self.season.list.entries[*entry].class);
        let mut here: Vec<&str> = entries.map(sport::names::ClassId::as_str).collect();
        here.sort_unstable();
        here.dedup();
        let classes = self.site.rulebook.latest().classes.iter().filter(|class| here.contains(&class.id.as_str()));
        let all = self.view.class.as_deref().is_none_or(str::is_empty);
        html! {
            @if here.len() > 1 {
                nav.filters aria-label="Cars shown" {
                    a href=(self.with(&[("class", None)])) aria-current=[all.then_some("true")] { "All" }
                    @for class in classes {
                        @let is = self.view.class.as_deref() == Some(class.id.as_str());
                        a href=(self.with(&[("class", Some(class.id.as_str()))])) aria-current=[is.then_some("true")] { (class.title) }
                    }
                }
            }
        }
    }

    /// Which laps are shown, where not all are.
    fn laps_shown(&self) -> Markup {
        let Chart { laps, from, until, .. } = *self.chart;
        let (before, after) = (from.saturating_sub(MOST).max(1).to_string(), (until + 1).to_string());
        html! {
            @if until - from + 1 < laps {
                p {
                    "Laps " (from) " to " (until) " of " (laps) ". "
                    @if from > 1 { a href=(self.with(&[("from", Some(&before))])) { "Earlier laps" } " " }
                    @if until < laps { a href=(self.with(&[("from", Some(&after))])) { "Later laps" } }
                }
            }
        }
    }

    fn caption(&self) -> String {
        let class = self.view.class.as_deref().filter(|class| !class.is_empty()).map_or_else(String::new, |class| format!(", {class}"));
        match self.kind {
            Kind::Lap => format!("Position at the end of each lap{class}"),
            Kind::Gap => {
                let to = self.chart.to.as_ref().map_or_else(|| String::from("the first"), |to| format!("car {}", self.number(to)));
                format!("Gap to {to} at the end of each lap{class}")
            }
            Kind::Times => format!("Lap times{class}"),
        }
    }

    /// What stands where a script shows what is pointed at.
    fn hint(&self) -> String {
        let Some(line) = self.view.car.as_deref().and_then(|car| self.chart.cars.iter().find(|line| line.car == car)) else {
            return String::new();
        };
        let last = line.laps.last().and_then(|point| Some(format!("lap {}: {}", point.lap, self.kind.value(point)?)));
        format!("Car {} · {} · {}", line.number, line.name, last.unwrap_or_else(|| String::from("no lap")))
    }

    fn number<'a>(&'a self, car: &'a str) -> &'a str {
        self.chart.cars.iter().find(|line| line.car == car).map_or(car, |line| line.number.as_str())
    }

    fn drawing(&self) -> Drawing<'_> {
        let colour = |line: &Line| timed::colour(self.site, &line.class);
        Drawing {
            chart: self.chart,
            kind: self.kind,
            title: self.caption(),
            colours: self.chart.cars.iter().map(colour).collect(),
            on: self.view.car.as_deref(),
        }
    }

    /// The cars: one stands out, and gaps may be to any.
    fn cars(&self) -> Markup {
        let reference = self.chart.to.as_deref();
        html! {
            aside {
                h2 { "Cars" }
                p.sub { "One that is pointed at or chosen stands out. ● its line ends before the others." }
                nav.plates aria-label="Car that stands out" {
                    @for line in &self.chart.cars {
                        @let on = self.view.car.as_deref() == Some(line.car.as_str());
                        @let to = (!on).then_some(line.car.as_str());
                        a.plate href=(self.with(&[("car", to)])) data-car=(line.car) data-c=(timed::colour(self.site, &line.class))
                            aria-current=[on.then_some("true")] title=(line.name) { (line.number) }
                    }
                }
                @if let Some(car) = self.view.car.as_deref().filter(|car| self.chart.cars.iter().any(|line| line.car == *car)) {
                    p { a href=(format!("/sessions/{}/laps/{}", self.chart.session, super::live::encoded(car))) { "Laps of car " (self.number(car)) } }
                    @if self.kind == Kind::Gap && reference != Some(car) {
                        p { a href=(self.with(&[("to", Some(car))])) { "Gaps to car " (self.number(car)) } }
                    }
                }
                @if self.kind == Kind::Gap && reference.is_some() { p { a href=(self.with(&[("to", None)])) { "Gaps to the first" } } }
            }
        }
    }

    fn table(&self) -> Markup {
        let Chart { from, until, .. } = *self.chart;
        let at = |line: &Line, lap: u32| line.laps.iter().find(|point| point.lap == lap).cloned();
        html! {
            @if self.kind == Kind::Lap {
                table.grid {
                    caption { (self.caption()) }
                    thead { tr { th.num scope="col" { "Lap" } @for place in 1..=self.chart.cars.len() { th.num scope="col" { (place) } } } }
                    tbody {
                        @for lap in from..=until {
                            tr {
                                th.num scope="row" { (lap) }
                                @for line in self.in_order(lap) { td.num data-c=(timed::colour(self.site, &line.class)) { (line.number) } }
                            }
                        }
                    }
                }
            } @else {
                table.grid {
                    caption { (self.caption()) }
                    thead { tr { th.num scope="col" { "Lap" } @for line in &self.chart.cars { th.num scope="col" { (line.number) } } } }
                    tbody {
                        @for lap in from..=until {
                            tr {
                                th.num scope="row" { (lap) }
                                @for line in &self.chart.cars { td.num { (at(line, lap).and_then(|point| self.kind.value(&point)).unwrap_or_default()) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The cars that ended a lap, by position.
    fn in_order(&self, lap: u32) -> Vec<&Line> {
        let place = |line: &&Line| line.laps.iter().find(|point| point.lap == lap).map(|point| point.position);
        let mut lines: Vec<(u16, &Line)> = self.chart.cars.iter().filter_map(|line| Some((place(&line)?, line))).collect();
        lines.sort_unstable_by_key(|(place, _)| *place);
        lines.into_iter().map(|(_, line)| line).collect()
    }

    fn json(&self) -> String {
        let from = self.view.from.map(|from| from.to_string());
        let wishes = [
            ("class", self.view.class.as_deref()),
            ("to", self.view.to.as_deref()),
            ("from", from.as_deref()),
            ("at", self.view.at.as_deref()),
        ];
        address(&format!("/api/v1/sessions/{}/charts/lap", self.chart.session), &wishes)
    }
}
