//! The replay of a session: the live page at any moment of it, going on at any speed.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use sport::date::Instant;
use sport::meeting_fact::Signal;

use crate::assets;
use crate::clock::{parse, printed, time_of_day};
use crate::pages::layout::{self, Sheet};
use crate::pages::live::{Screen, View};
use crate::pages::timed::{self, Tab, address, percent};
use crate::pages::{Page, layout::time};
use crate::problem::Problem;
use crate::replay::{FASTEST, Span};
use crate::sentences::signal_words;
use crate::session_at::{find, not_timed, span};
use crate::site::Site;

/// The route.
pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sessions/{id}/replay", get(replay))
}

/// What a viewer may ask of a replay.
#[derive(Clone, Debug, Default, Deserialize)]
struct Wish {
    at: Option<String>,
    speed: Option<u32>,
    class: Option<String>,
    cup: Option<String>,
    follow: Option<String>,
}

const SPEEDS: [u32; 5] = [1, 5, 10, 30, 60];

async fn replay(State(site): State<Arc<Site>>, id: Result<Path<String>, PathRejection>, wish: Result<Query<Wish>, QueryRejection>) -> Page {
    let (Path(id), Query(wish)) = (id?, wish?);
    let at = wish
        .at
        .as_deref()
        .filter(|at| !at.is_empty())
        .map(|at| parse(at).ok_or_else(|| Problem::unclear(format!("`{at}` is no moment; write it as 2018-10-13T06:25:00Z"))));
    let at = at.transpose()?;
    let speed = wish.speed.unwrap_or(1).clamp(1, FASTEST);
    let season = site.season();
    let session = find(&season, &id)?;
    let of = Span::of(&site, &season, session).ok_or_else(|| not_timed(&id))?;
    let at = at.unwrap_or(of.start).clamp(of.open, of.until);
    let frame = site.replays.frame(&site, &season, session, at);
    let page = format!("/sessions/{id}/replay");
    let signals = span(&site, &season, session).map_or_else(Vec::new, |of| of.signals);
    let controls = Controls { id: &id, page: &page, of, at, speed, wish: &wish, signals: &signals };
    let view = View {
        class: wish.class.clone(),
        cup: wish.cup.clone(),
        follow: wish.follow.clone(),
        at: Some(printed(at)),
        page: Some(page.clone()),
        ..View::default()
    };
    let screen = Screen { site: &site, frame: &frame, view: &view, stream: None, tab: Tab::Replay, controls: Some(controls.markup()) };
    let main = screen.main();
    let title = frame.session.as_ref().map_or_else(String::new, |session| format!("{} · Replay", session.title));
    let head = html! {
        script src=(assets::address("replay.js")) defer {}
        script src=(assets::address("live.js")) defer {}
    };
    Ok(layout::page(&site, &Sheet { title: &title, place: timed::place(&site, &id), head, main }))
}

struct Controls<'a> {
    id: &'a str,
    page: &'a str,
    of: Span,
    at: Instant,
    speed: u32,
    wish: &'a Wish,
    signals: &'a [(Instant, Signal)],
}

impl Controls<'_> {
    fn to(&self, at: Instant) -> String {
        let at = printed(at.clamp(self.of.open, self.of.until));
        let speed = self.speed.to_string();
        let wish = self.wish;
        let wishes = [
            ("class", wish.class.as_deref()),
            ("cup", wish.cup.as_deref()),
            ("follow", wish.follow.as_deref()),
            ("speed", Some(speed.as_str())),
            ("at", Some(at.as_str())),
        ];
        address(self.page, &wishes)
    }

    /// A moment so many minutes away.
    fn away(&self, minutes: i64) -> String {
        self.to(Instant(self.at.0 + minutes * 60_000_000))
    }

    fn markup(&self) -> Markup {
        let (open, until) = (self.of.open, self.of.until);
        html! {
            form.replay action=(self.page) data-replay=(format!("/api/v1/sessions/{}/replay", self.id)) data-first=(printed(open)) data-last=(printed(until)) {
                @for (name, value) in [("class", &self.wish.class), ("cup", &self.wish.cup), ("follow", &self.wish.follow)] {
                    @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
                }
                div.scripted hidden {
                    button type="button" data-do="play" aria-pressed="false" { "Play" }
                    label { "Speed "
                        select name="speed" {
                            @for speed in SPEEDS { option value=(speed) selected[speed == self.speed] { (speed) "×" } }
                        }
                    }
                    div.track {
                        (self.band())
                        input type="range" min="0" max=((until.0 - open.0) / 1_000_000) step="1" value=((self.at.0 - open.0) / 1_000_000)
                            aria-label="Moment of the session";
                    }
                    output { (time(self.at)) }
                }
                div.steps {
                    a href=(self.to(self.of.start)) { "Start" }
                    a href=(self.away(-10)) { "−10 min" }
                    a href=(self.away(-1)) { "−1 min" }
                    a href=(self.away(1)) { "+1 min" }
                    a href=(self.away(10)) { "+10 min" }
                    a href=(self.to(until)) { "End" }
                    label { "Moment " input type="text" name="at" value=(printed(self.at)) size="24" maxlength="40"; }
                    button { "Show" }
                }
            }
        }
    }

    /// The signals as they were, along the track.
    fn band(&self) -> Markup {
        let whole = self.of.until.0 - self.of.open.0;
        let part = |nth: usize, (at, signal): &(Instant, Signal)| {
            let until = self.signals.get(nth + 1).map_or(self.of.until, |(at, _)| *at);
            let style = format!("left:{};width:{}", percent(at.0 - self.of.open.0, whole), percent(until.0 - at.0, whole));
            html! { span data-signal=(signal.word()) style=(style) title=(format!("{} from {} UTC", signal_words(*signal), time_of_day(*at))) {} }
        };
        html! { div.signals aria-hidden="true" { @for (nth, given) in self.signals.iter().enumerate() { (part(nth, given)) } } }
    }
}
