//! What the pages of a timed session have in common: its name, the way from one to the other, and that they follow it while it runs.

use maud::{Markup, html};
use sport::meeting::opened_last;
use sport::season::{Moment, Season};

use crate::assets;
use crate::clock::parse;
use crate::frame::{Frame, SessionHead};
use crate::named;
use crate::pages::layout::{self, Place};
use crate::sentences::{beside_signal, signal_shown};
use crate::session_at::{SessionAt, When};
use crate::site::Site;

/// The pages of a timed session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tab {
    Live,
    Pit,
    Charts,
    Laps,
    Replay,
    Ended,
    Result,
}

/// The session live timing is of, where it is this one.
fn live(site: &Site, session: &str) -> Option<SessionHead> {
    site.latest()?.session.clone().filter(|head| head.id == session)
}

/// Where the pages of a session belong: to what is live while it runs, to the calendar before and after.
pub(crate) fn place(site: &Site, session: &str) -> Place {
    if live(site, session).is_some_and(|head| head.running) { Place::Live } else { Place::Calendar }
}

/// The way from one to the other.
pub(crate) fn tabs(site: &Site, head: &SessionHead, tab: Tab) -> Markup {
    ways(site, &head.id, tab, head.pit_board, true)
}

/// The way from one page of a session to the other, the same on all of them. Without passings there is a result at most.
pub(crate) fn ways(site: &Site, session: &str, tab: Tab, pit_board: bool, timed: bool) -> Markup {
    let live = live(site, session);
    let ends = live.as_ref().is_some_and(|head| head.running && head.kind.contains("race"));
    let current = |of: Tab| (of == tab).then_some("page");
    html! {
        nav aria-label="Session" {
            @if live.is_some() || tab == Tab::Live { a href="/live" aria-current=[current(Tab::Live)] { "Timing" } }
            @if pit_board && timed || tab == Tab::Pit { a href=(format!("/sessions/{session}/pit")) aria-current=[current(Tab::Pit)] { "Pit board" } }
            @if timed { a href=(format!("/sessions/{session}/charts")) aria-current=[current(Tab::Charts)] { "Charts" } }
            @if tab == Tab::Laps { span.here aria-current="page" { "Laps" } }
            @if timed { a href=(format!("/sessions/{session}/replay")) aria-current=[current(Tab::Replay)] { "Replay" } }
            @if ends || tab == Tab::Ended {
                a href=(format!("/sessions/{session}/if-it-ended-now")) aria-current=[current(Tab::Ended)] { "If it ended now" }
            }
            a href=(format!("/sessions/{session}")) aria-current=[current(Tab::Result)] { "Result" }
        }
    }
}

/// The name of the session, the way to its other pages, and the signal in force while it runs.
pub(crate) fn top(site: &Site, frame: &Frame, tab: Tab, what: &str) -> Markup {
    let Some(session) = &frame.session else { return html! {} };
    html! {
        div.title {
            h1 { (session.event) " · " (session.title) " · " (what) }
            (tabs(site, session, tab))
        }
        @if session.running { (band(session)) }
    }
}

fn band(session: &SessionHead) -> Markup {
    let (signal, state) = (signal_shown(&session.signal), beside_signal(&session.state, &session.signal));
    html! {
        div.signal data-signal=(session.signal) {
            p { strong { (signal) } " since " (time(&session.signal_since)) @if !state.is_empty() { " · " (state) } }
        }
    }
}

/// A moment of a frame as a time of day.
pub(crate) fn time(written: &str) -> Markup {
    parse(written).map_or_else(|| html! { (written) }, layout::time)
}

/// A moment of a frame as a time of day to the millisecond.
pub(crate) fn exactly(written: &str) -> Markup {
    let shown = parse(written).map_or_else(|| written.to_owned(), crate::clock::time_of_day_ms);
    html! { time datetime=(written) { (shown) } }
}

/// Whether a page follows its session: it shows the present, and the session is open.
pub(crate) fn follows(site: &Site, season: &Season, of: &SessionAt, when: When) -> bool {
    let now = site.clock.now();
    let moment = Moment { known: now, in_force: now };
    when == When::Now && !of.stands.session.closed() && opened_last(season, moment) == Some(of.stands.session.session)
}

/// The part of a page that is fetched anew when one of the words of `heed` changed on the live stream; it is the whole of the page that moves.
pub(crate) fn followed(frame: &Frame, follows: bool, heed: &str, main: &Markup) -> Markup {
    let session = frame.session.as_ref().map_or("", |session| session.id.as_str());
    html! {
        div.watched data-session=(session) data-at=(frame.at) data-speed=(frame.speed) data-heed=(heed)
            data-stream=[follows.then_some("/api/v1/live/stream")] { (main) }
    }
}

/// What goes into the head of such a page.
pub(crate) fn head(follows: bool, scripts: &[&str]) -> Markup {
    html! {
        @for script in scripts { script src=(assets::address(script)) defer {} }
        @if follows { noscript { meta http-equiv="refresh" content="10"; } }
    }
}

/// A car's number as a link.
pub(crate) fn plate(number: &str, address: &str, colour: usize) -> Markup {
    html! { a.plate href=(address) data-c=(colour) title=(number) { (number) } }
}

/// The colour of a class: its position in the rulebook.
pub(crate) fn colour(site: &Site, class: &str) -> usize {
    named::colour(&site.rulebook, class)
}

/// A share of a whole as it stands in a style, within 0 and 100 %.
pub(crate) fn percent(part: i64, whole: i64) -> String {
    let share = part.clamp(0, whole.max(0)).saturating_mul(10_000) / whole.max(1);
    format!("{}.{:02}%", share / 100, share % 100)
}

/// An address with what is asked of it; what is empty is left out.
pub(crate) fn address(page: &str, wishes: &[(&str, Option<&str>)]) -> String {
    let wishes = wishes.iter().filter_map(|(key, value)| value.filter(|value| !value.is_empty()).map(|value| (key, value)));
    let wishes: Vec<String> = wishes.map(|(key, value)| format!("{key}={}", super::live::encoded(value))).collect();
    if wishes.is_empty() { page.to_owned() } else { format!("{page}?{}", wishes.join("&")) }
}
