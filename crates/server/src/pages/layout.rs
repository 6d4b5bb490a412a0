//! What all pages have in common: head, navigation, foot.

use maud::{DOCTYPE, Markup, html};
use sport::meeting_fact::Signal;

use crate::assets;
use crate::frame::Frame;
use crate::pages::breaks::breakable;
use crate::site::Site;

/// The places of the site, in the order of the navigation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The season's first page.
    Season,
    /// What is on.
    Live,
    /// Rounds and sessions, and what is below them.
    Calendar,
    /// Championships.
    Standings,
    /// Cars, drivers, teams.
    Entries,
    /// The notice board.
    Documents,
}

const PLACES: [(Place, &str, &str); 5] = [
    (Place::Live, "/live", "Live"),
    (Place::Calendar, "/calendar", "Calendar"),
    (Place::Standings, "/standings", "Standings"),
    (Place::Entries, "/entries", "Entries"),
    (Place::Documents, "/documents", "Documents"),
];

/// A page.
pub(crate) struct Sheet<'a> {
    pub(crate) title: &'a str,
    pub(crate) place: Place,
    /// Goes into the head: a page's own script, or how it goes on without one.
    pub(crate) head: Markup,
    pub(crate) main: Markup,
}

/// A page of the site.
pub(crate) fn page(site: &Site, sheet: &Sheet<'_>) -> Markup {
    let season = &site.title;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (head(&format!("{} · {season}", sheet.title)))
                (sheet.head)
            }
            body {
                a.skip href="#main" { "Skip to content" }
                header.top {
                    a.season href="/" aria-current=[(sheet.place == Place::Season).then_some("page")] { (season) }
                    nav aria-label="Site" {
                        @for (place, address, name) in PLACES {
                            a href=(address) aria-current=[(sheet.place == place).then_some("page")] { (name) }
                        }
                    }
                    p.times.sub { "Times " span.zone { "UTC" } }
                    form.find action="/search" role="search" {
                        input type="search" name="q" aria-label="Search" placeholder="Search" maxlength="80";
                    }
                }
                @if site.simulated() { (simulation(site)) }
                main id="main" { (breakable(&sheet.main)) }
                footer {
                    p { "Times of day: " span.zone { "UTC" } "; the circuit's own are not told. Every official number is a link to its reasons." }
                    p { a href="/api/v1/openapi.json" { "API" } " · " a href="/calendar.ics" { "iCalendar" } " · " a href="/overlay" { "Overlay" } }
                }
            }
        }
    }
}

/// That this is a simulation: how fast it goes, or that it is over.
fn simulation(site: &Site) -> Markup {
    let speed = site.clock.speed;
    let ended =
        |frame: &Frame| frame.next.is_none() && frame.session.as_ref().is_some_and(|session| session.signal == Signal::Close.word());
    let over = site.latest().is_some_and(|frame| ended(&frame));
    html! {
        aside.simulation aria-label="Simulation" {
            p {
                strong { "Simulation" } " What runs live here is made up by a simulator"
                span data-over="false" hidden[over] { @if speed > 1 { ", " (speed) " times faster than life" } "." }
                span data-over="true" hidden[!over] { ". The weekend is over: nothing more comes live." }
            }
        }
    }
}

/// A page where there is no site to speak of: an error.
pub(crate) fn bare(title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { (head(title)) }
            body {
                header.top {
                    nav aria-label="Site" {
                        @for (_, address, name) in PLACES { a href=(address) { (name) } }
                    }
                }
                main id="main" { (breakable(main)) }
            }
        }
    }
}

fn head(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { (title) }
        link rel="preload" href=(assets::address("inter.woff2")) as="font" type="font/woff2" crossorigin;
        link rel="stylesheet" href=(assets::address("style.css"));
        link rel="icon" href="data:,";
        script src=(assets::address("page.js")) defer {}
    }
}

/// A time of day: in UTC as it is sent, in the reader's own time where a script runs.
pub(crate) fn time(at: sport::date::Instant) -> Markup {
    html! { time datetime=(crate::clock::printed(at)) { (crate::clock::time_of_day(at)) } }
}

/// A moment with its day: in UTC as it is sent, in the reader's own time where a script runs.
pub(crate) fn moment(at: sport::date::Instant) -> Markup {
    html! { time datetime=(crate::clock::printed(at)) { (crate::clock::day_and_time(at)) } }
}
