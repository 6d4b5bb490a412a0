//! The overlay: tower, pit window and class leaders on nothing, to be laid over a video by streaming software.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use crate::assets;
use crate::frame::{Car, Frame};
use crate::pages::timed::{address, colour};
use crate::pages::{Lost, Page};
use crate::problem::Problem;
use crate::sentences::signal_shown;
use crate::site::Site;
use crate::stream::DELAY_MOST;

/// The route.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/overlay", get(overlay))
}

/// What a streamer may ask of the overlay.
#[derive(Clone, Debug, Default, Deserialize)]
struct Wish {
    /// `tower,window,leaders`.
    show: Option<String>,
    class: Option<String>,
    rows: Option<u16>,
    /// Of the letters, in pixels.
    size: Option<u16>,
    /// `left` or `right`.
    side: Option<String>,
    /// Everything so many seconds late, as the picture is.
    delay: Option<u32>,
}

/// What can be shown.
const PARTS: [&str; 3] = ["tower", "window", "leaders"];
const ROWS: std::ops::RangeInclusive<u16> = 1..=60;
const SIZES: std::ops::RangeInclusive<u16> = 10..=80;

fn unclear(says: String) -> Lost {
    Lost(Problem::unclear(says))
}

async fn overlay(State(site): State<Arc<Site>>, wish: Result<Query<Wish>, QueryRejection>) -> Page {
    let Query(wish) = wish?;
    let shown: Vec<&str> = wish.show.as_deref().unwrap_or("tower,window,leaders").split(',').map(str::trim).collect();
    if let Some(other) = shown.iter().find(|part| !PARTS.contains(part)) {
        return Err(unclear(format!("there is no part `{other}` of the overlay; there are {}", PARTS.join(", "))));
    }
    let (rows, size, delay) = (wish.rows.unwrap_or(20), wish.size.unwrap_or(22), wish.delay.unwrap_or(0));
    if !ROWS.contains(&rows) || !SIZES.contains(&size) || delay > DELAY_MOST {
        return Err(unclear(format!("rows are 1 to 60, a size is 10 to 80 pixels, a delay is 0 to {DELAY_MOST} seconds")));
    }
    let side = wish.side.as_deref().unwrap_or("left");
    if !["left", "right"].contains(&side) {
        return Err(unclear(format!("a side is left or right, not `{side}`")));
    }
    let now = sport::date::Instant(site.watch().0 - i64::from(delay) * 1_000_000);
    let frame = site.ring.shown_by(now).map_or_else(|| Arc::new(Frame::default()), |shown| shown.frame());
    let delay = (delay > 0).then(|| delay.to_string());
    let over = Over { site: &site, frame: &frame, class: wish.class.as_deref().filter(|class| !class.is_empty()), rows: rows.into() };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Overlay · " (site.title) }
                link rel="stylesheet" href=(assets::address("overlay.css"));
                link rel="icon" href="data:,";
                script src=(assets::address("page.js")) defer {}
                script src=(assets::address("overlay.js")) defer {}
                noscript { meta http-equiv="refresh" content="5"; }
            }
            body style=(format!("font-size:{size}px")) {
                main.overlay data-side=(side) data-stream=(address("/api/v1/live/stream", &[("delay", delay.as_deref())])) data-class=[over.class] data-rows=(rows)
                    data-classes=(over.classes().join("|")) {
                    h1.unseen { "Overlay" }
                    @for part in shown { (over.part(part)) }
                }
            }
        }
    })
}

struct Over<'a> {
    site: &'a Site,
    frame: &'a Frame,
    class: Option<&'a str>,
    rows: usize,
}

impl Over<'_> {
    /// The classes by colour.
    fn classes(&self) -> Vec<&str> {
        self.site.rulebook.latest().classes.iter().map(|class| class.id.as_str()).collect()
    }

    fn cars(&self) -> impl Iterator<Item = &Car> {
        let cars = self.frame.order.iter().filter_map(|id| self.frame.cars.get(id));
        cars.filter(|car| self.class.is_none_or(|class| car.class == class))
    }

    fn part(&self, part: &str) -> Markup {
        match part {
            "tower" => self.tower(),
            "window" => self.window(),
            _ => self.leaders(),
        }
    }

    fn tower(&self) -> Markup {
        let session = self.frame.session.as_ref();
        html! {
            section.tower aria-label="Order" {
                p.head data-signal=(session.map_or("", |session| session.signal.as_str())) {
                    strong.title { (session.map_or("", |session| session.title.as_str())) }
                    span.signal { (session.map_or("", |session| signal_shown(&session.signal))) }
                    span.clock {}
                }
                ol { @for car in self.cars().take(self.rows) { (self.row(car)) } }
            }
        }
    }

    fn row(&self, car: &Car) -> Markup {
        let position = if self.class.is_some() { &car.class_position } else { &car.position };
        html! {
            li data-state=(car.state) {
                b { (position) }
                i data-c=(colour(self.site, &car.class)) { (car.number) }
                span.name { (if car.driver.is_empty() { &car.team } else { &car.driver }) }
                span.gap { (gap(car)) }
            }
        }
    }

    fn window(&self) -> Markup {
        html! {
            section.window aria-label="Pit window" hidden[self.frame.window.is_none()] {
                p.state { (self.frame.window.as_ref().map_or_else(String::new, |window| format!("Pit window {}", window.state))) }
                p.exit {}
            }
        }
    }

    fn leaders(&self) -> Markup {
        let leads = |class: &&str| self.frame.order.iter().filter_map(|id| self.frame.cars.get(id)).find(|car| car.class == **class);
        let classes = self.classes();
        html! {
            section.leaders aria-label="Class leaders" {
                ul {
                    @for car in classes.iter().filter_map(leads) {
                        li {
                            b { (car.class) }
                            i data-c=(colour(self.site, &car.class)) { (car.number) }
                            span.name { (if car.driver.is_empty() { &car.team } else { &car.driver }) }
                        }
                    }
                }
            }
        }
    }
}

/// What stands where the gap does.
fn gap(car: &Car) -> &str {
    match car.state.as_str() {
        "pit" => "PIT",
        "stopped" => "STOPPED",
        _ => &car.gap,
    }
}
