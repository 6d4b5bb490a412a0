//! The live page: one table that is the race.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use sport::date::Instant;
use sport::season::Moment;

use crate::assets;
use crate::clock::{parse, time_of_day};
use crate::frame::{Car, Frame, Message, PitWindow, Sector, SessionHead, Stop};
use crate::framing::Framing;
use crate::pages::layout::{self, Place, Sheet};
use crate::pages::timed::{self, Tab};
use crate::pages::{Lost, Page, parts};
use crate::problem::Problem;
use crate::sentences::{beside_signal, signal_shown};
use crate::site::Site;
use crate::stream::DELAY_MOST;

/// What a viewer may ask of the live page.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Only this class.
    pub(crate) class: Option<String>,
    /// Only this cup.
    pub(crate) cup: Option<String>,
    /// The car that stays in view.
    pub(crate) follow: Option<String>,
    /// Everything so many seconds late.
    pub(crate) delay: Option<u32>,
    /// As it stood at a moment.
    pub(crate) at: Option<String>,
    /// The address of the page where it is not `/live`.
    #[serde(skip)]
    pub(crate) page: Option<String>,
}

impl View {
    /// The address of the page with one of its wishes changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut view = self.clone();
        change(&mut view);
        let delay = view.delay.filter(|delay| *delay > 0).map(|delay| delay.to_string());
        let wishes = [("class", view.class), ("cup", view.cup), ("follow", view.follow), ("delay", delay), ("at", view.at)];
        let wishes: Vec<String> = wishes.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", encoded(&value?)))).collect();
        let page = view.page.as_deref().unwrap_or("/live");
        if wishes.is_empty() { page.to_owned() } else { format!("{page}?{}", wishes.join("&")) }
    }

    fn among(&self) -> Among<'_> {
        match (&self.class, &self.cup) {
            (_, Some(cup)) => Among::Cup(cup),
            (Some(_), None) => Among::Class,
            (None, None) => Among::All,
        }
    }

    fn shows(&self, car: &Car) -> bool {
        self.class.as_ref().is_none_or(|class| *class == car.class)
            && self.cup.as_ref().is_none_or(|cup| car.cup.split('|').any(|of| of == cup))
    }
}

/// A value in an address.
pub(crate) fn encoded(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(byte);
    value.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// `/live`.
pub(crate) async fn live(State(site): State<Arc<Site>>, view: Result<Query<View>, QueryRejection>) -> Page {
    let Query(view) = view?;
    let delay = view.delay.unwrap_or(0);
    if delay > DELAY_MOST {
        return Err(Lost(Problem::unclear(format!("a delay of {delay} s is too long; the longest is {DELAY_MOST} s"))));
    }
    let at = view.at.as_deref().map(|at| parse(at).ok_or_else(|| at.to_owned())).transpose();
    let at = at.map_err(|at| Problem::unclear(format!("`{at}` is no moment; write it as 2018-10-13T06:25:00Z")))?;
    let frame = match at {
        Some(at) => Arc::new(moment(&site, at)),
        None => {
            let shown = site.ring.shown_by(Instant(site.watch().0 - i64::from(delay) * 1_000_000));
            shown.map_or_else(|| Arc::new(Frame::default()), |shown| shown.frame())
        }
    };
    let stream =
        at.is_none().then(|| if delay > 0 { format!("/api/v1/live/stream?delay={delay}") } else { String::from("/api/v1/live/stream") });
    let screen = Screen { site: &site, frame: &frame, view: &view, stream, tab: Tab::Live, controls: None };
    let main = screen.main();
    let title = frame.session.as_ref().map_or_else(|| String::from("Live"), |session| format!("{} · Live", session.title));
    let head = html! {
        script src=(assets::address("live.js")) defer {}
        @if at.is_none() { noscript { meta http-equiv="refresh" content="5"; } }
    };
    Ok(layout::page(&site, &Sheet { title: &title, place: Place::Live, head, main }))
}

/// The frame as it stood at a moment.
pub(crate) fn moment(site: &Site, at: Instant) -> Frame {
    let season = site.season();
    let moment = Moment { known: at, in_force: at };
    let framing = Framing { rulebook: &site.rulebook, season: &season, moment, now: at, speed: 0, simulated: site.simulated() };
    framing.frame(None).0
}

/// A frame on a screen.
pub(crate) struct Screen<'a> {
    pub(crate) site: &'a Site,
    pub(crate) frame: &'a Frame,
    pub(crate) view: &'a View,
    /// Where a script gets what comes next; none for a moment that is over.
    pub(crate) stream: Option<String>,
    pub(crate) tab: Tab,
    /// What moves it through time in a replay; on the live page the delay does.
    pub(crate) controls: Option<Markup>,
}

impl Screen<'_> {
    pub(crate) fn main(&self) -> Markup {
        let Some(session) = &self.frame.session else {
            return html! {
                h1 { "Live" }
                p.large { "No session has been opened yet." }
                (self.next())
                p { a href="/calendar" { "Calendar" } }
            };
        };
        html! {
            div.live data-stream=[self.stream.as_deref()] data-at=(self.frame.at) data-speed=(self.frame.speed) data-session=(session.id) data-over=[(!session.running).then_some("")]
                data-race=[session.kind.contains("race").then_some("")] data-class=[self.view.class.as_deref()] data-cup=[self.view.cup.as_deref()] data-follow=[self.view.follow.as_deref()] {
                (self.title(session))
                (self.band(session))
                (hour(session, self.frame.window.as_ref(), self.frame))
                (self.filters())
                div.columns {
                    div.race {
                        (self.tower())
                        p.sub.legend { "▲▼ places since the grid · ● best of all · ■ best of its class · • its own best · sectors: the same colours, pale where of the lap before · ? a cup nobody published" }
                        p.sub.legend.of-cup { "Gaps in a cup are among all cars shown: those that are in it, and those with ? that may be." }
                        template id="row" { (row(&Car::default(), "", &Shown { colour: 0, followed: false, follow: String::new(), hidden: false, among: Among::All })) }
                    }
                    aside { (self.beside(session)) }
                }
            }
        }
    }

    fn title(&self, session: &SessionHead) -> Markup {
        html! {
            div.title {
                h1 { span data-h="event" { (session.event) } " · " span data-h="title" { (session.title) } }
                (timed::tabs(self.site, session, self.tab))
                p.clock role="timer" aria-label=(if session.start.is_some() { "Time left" } else { "Time to the start" }) data-clock="" { (clock(session, &self.frame.at)) }
            }
        }
    }

    fn band(&self, session: &SessionHead) -> Markup {
        html! {
            div.signal data-signal=(session.signal) {
                div.bar {
                    p role="status" {
                        strong data-h="signal" { (signal_shown(&session.signal)) }
                        span.since { " since " span data-t="signal_since" { (at(&session.signal_since)) } }
                        " · " span data-h="far" { (far(session)) }
                    }
                    // On a phone the heading scrolls away, and this stays.
                    p.stays aria-hidden="true" { span.title-again data-h="title" { (session.title) } " " strong data-clock="" { (clock(session, &self.frame.at)) } }
                }
                @if self.controls.is_none() { (self.delay()) }
            }
            @if let Some(controls) = &self.controls { (controls) }
        }
    }

    /// The one control that moves everything on the live page together.
    fn delay(&self) -> Markup {
        html! {
            form.delay action="/live" {
                @for (name, value) in [("class", &self.view.class), ("cup", &self.view.cup), ("follow", &self.view.follow)] {
                    @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
                }
                @if self.view.at.is_some() {
                    span role="status" { "As it stood at " (at(&self.frame.at)) ": the address above is this moment" }
                    a href=(self.view.with(|view| view.at = None)) { "Back to live" }
                } @else {
                    label { "Delay " input type="number" name="delay" min="0" max=(DELAY_MOST) step="1" value=(self.view.delay.unwrap_or(0)); " s" }
                    a.share href=(self.view.with(|view| { view.at = Some(self.frame.at.clone()); view.delay = None; })) { "Share this moment" }
                    span.copied role="status" {}
                }
            }
        }
    }

    fn filters(&self) -> Markup {
        let law = self.site.rulebook.latest();
        let here = |class: &str| self.frame.cars.values().any(|car| car.class == class);
        let classes: Vec<_> = law.classes.iter().filter(|class| here(class.id.as_str())).collect();
        let cups: Vec<_> = law.cups.iter().filter(|cup| here(cup.class.as_str())).collect();
        let all = self.view.class.is_none() && self.view.cup.is_none();
        let current = |is: bool| is.then_some("true");
        html! {
            nav.filters aria-label="Cars shown" {
                a href=(self.view.with(|view| { view.class = None; view.cup = None; })) aria-current=[current(all)] { "All" }
                @for class in classes {
                    @let id = class.id.to_string();
                    @let is = self.view.class.as_ref() == Some(&id);
                    a href=(self.view.with(|view| { view.class = Some(id); view.cup = None; })) data-only-class=(class.id) aria-current=[current(is)] { (class.title) }
                }
                @for cup in cups {
                    @let id = cup.id.to_string();
                    @let is = self.view.cup.as_ref() == Some(&id);
                    a href=(self.view.with(|view| { view.cup = Some(id); view.class = None; })) data-only-cup=(cup.id) aria-current=[current(is)] { (cup.title) }
                }
            }
        }
    }

    /// What there is where no car is shown.
    fn nobody(&self) -> Markup {
        let there = |ids: &[&str]| if ids.is_empty() { String::new() } else { format!("; there are {}", ids.join(", ")) };
        let (law, cars) = (self.site.rulebook.latest(), &self.frame.cars);
        let classes: Vec<&str> =
            law.classes.iter().map(|class| class.id.as_str()).filter(|id| cars.values().any(|car| car.class == *id)).collect();
        let cups: Vec<&str> = law
            .cups
            .iter()
            .map(|cup| cup.id.as_str())
            .filter(|id| cars.values().any(|car| car.cup.split('|').any(|cup| cup == *id)))
            .collect();
        let none = !self.frame.cars.values().any(|car| self.view.shows(car));
        html! {
            p.large.nobody role="status" hidden[!none] {
                span.of-class { "No car of this class" (there(&classes)) "." }
                span.of-cup { "No car of this cup" (there(&cups)) "." }
            }
        }
    }

    fn tower(&self) -> Markup {
        let sectors = self.frame.cars.values().map(|car| car.sectors.len()).max().unwrap_or(0);
        html! {
            (self.nobody())
            table.tower {
                caption.unseen { "The order, car by car" }
                thead {
                    tr {
                        th scope="col" { "Pos" }
                        th.wide scope="col" { span.unseen { "Places won" } }
                        th.class scope="col" { span.of-class { "Class" } span.of-cup { "Cup" } }
                        th scope="col" { "Car" }
                        th.who scope="col" { "Driver" }
                        th.wide.num scope="col" { "Laps" }
                        th.num scope="col" { "Gap" }
                        th.mid.num scope="col" { "Int" }
                        th.num scope="col" { "Last" }
                        th.mid.num scope="col" { "Best" }
                        @if sectors > 0 { th.wide scope="col" { "Sectors" } }
                        th.stop scope="col" { @if self.frame.window.is_some() { "Stop" } @else { "State" } }
                    }
                }
                tbody {
                    @for id in &self.frame.order {
                        @if let Some(car) = self.frame.cars.get(id) {
                            (row(car, id, &self.shown(car, id)))
                        }
                    }
                }
            }
        }
    }

    fn shown(&self, car: &Car, id: &str) -> Shown<'_> {
        let followed = self.view.follow.as_deref() == Some(id);
        let follow = self.view.with(|view| view.follow = (!followed).then(|| id.to_owned()));
        Shown { colour: self.colour(car), followed, follow, hidden: !self.view.shows(car), among: self.view.among() }
    }

    fn colour(&self, car: &Car) -> usize {
        self.site.rulebook.latest().classes.iter().position(|class| class.id.as_str() == car.class).unwrap_or(0) % 4
    }

    /// The session that comes next, by the timetable.
    fn next(&self) -> Markup {
        html! {
            @if let Some(next) = &self.frame.next {
                p.next-session { "Next: " a href=(format!("/sessions/{}", next.id)) { strong { (next.title) } } ", " (parts::moment(&next.at)) " " span.zone { "UTC" } }
            }
        }
    }

    fn beside(&self, session: &SessionHead) -> Markup {
        html! {
            @if self.frame.window.is_some() {
                section.exits aria-label="Next legal exit" hidden[!awaited(session, self.frame)] {
                    h2 { "Next legal exit" }
                    div.next { (next_exit(self.frame)) }
                }
            }
            section.messages {
                h2 { "Race control" span.when { " · times " span.zone { "UTC" } } }
                ol tabindex="0" aria-label="Messages of race control" { (messages(self.frame)) }
            }
            @if session.kind.contains("race") && session.running && self.controls.is_none() {
                section {
                    h2 { "If it ended now" }
                    p { a href=(format!("/sessions/{}/if-it-ended-now", session.id)) { "Every table that would move" } }
                }
            }
            @if !session.running { (self.next()) }
            @if session.findings > 0 {
                p.findings { a href=(format!("/sessions/{}#findings", session.id)) { "Findings: " span data-h="findings" { (session.findings) } } }
            }
        }
    }
}

/// How a row is shown.
struct Shown<'a> {
    /// The position of its class in the rulebook, for its colour.
    colour: usize,
    followed: bool,
    /// Where one goes to follow it, or to follow it no longer.
    follow: String,
    hidden: bool,
    among: Among<'a>,
}

/// Among which cars gaps are told.
#[derive(Clone, Copy)]
enum Among<'a> {
    All,
    Class,
    Cup(&'a str),
}

impl Shown<'_> {
    fn gap<'c>(&self, car: &'c Car) -> &'c str {
        match self.among {
            Among::All => &car.gap,
            Among::Class => &car.class_gap,
            Among::Cup(cup) => car.in_cups.get(cup).map_or("", |of| &of.gap),
        }
    }

    fn interval<'c>(&self, car: &'c Car) -> &'c str {
        match self.among {
            Among::All => &car.interval,
            Among::Class => &car.class_interval,
            Among::Cup(cup) => car.in_cups.get(cup).map_or("", |of| &of.interval),
        }
    }
}

/// A car's row. A script fills the same cells by their `data-k`; nothing else prints one.
fn row(car: &Car, id: &str, shown: &Shown<'_>) -> Markup {
    let stop = car.stop.as_ref();
    let of = |part: fn(&Stop) -> &str| stop.map_or("", part);
    // Where nobody said who is aboard, it is one of the crew.
    let (driver, others) = if car.driver.is_empty() { (&*car.others, "") } else { (&*car.driver, &*car.others) };
    html! {
        tr data-car=(id) data-state=(car.state) data-class=(car.class) data-cup=(car.cup) data-stop=(of(|stop| &stop.state))
            data-c=(shown.colour) data-followed=[shown.followed.then_some("")] hidden[shown.hidden] {
            td.pos {
                a.follow href=(shown.follow) title=(format!("Follow car {}", car.number)) aria-current=[shown.followed.then_some("true")] data-k="position" { (car.position) }
            }
            td.gained.wide data-k="gained" { (gained(car.gained)) }
            td.class {
                span.of-class { span data-k="class" { (car.class) } " " span data-k="class_position" { (car.class_position) } }
                span.of-cup data-k="cup_position" { (car.cup_position) }
            }
            td.plate { a href=(format!("/entries/{id}")) title=(car.number) data-k="number" { (car.number) } }
            td.who {
                p { strong data-k="driver" { (driver) } " " span.others data-k="others" { (others) } }
                p.sub {
                    span.inclass {
                        span.of-class { span data-k="class" { (car.class) } " " span data-k="class_position" { (car.class_position) } }
                        span.of-cup { "cup " span data-k="cup_position" { (car.cup_position) } }
                    }
                    span data-k="team" { (car.team) } span data-k="model" { (car.model) } span.cup data-k="cup_title" { (car.cup_title) }
                    span.note data-k="note" { (car.note) }
                }
                p.sub.stopline {
                    span.due data-k="stop.due" { (of(|stop| &stop.due)) }
                    span data-k="stop.says" { (of(|stop| &stop.says)) }
                    span data-k="stop.detail" { (of(|stop| &stop.detail)) }
                }
            }
            td.num.wide data-k="laps" { (car.laps) }
            // Where it was at the line says nothing of a car that stands.
            td.num.gap { span.at data-k="gap" { (shown.gap(car)) } strong.instead data-k="state" { (car.state.replace('-', " ")) } }
            td.num.mid.quiet { span.at data-k="interval" { (shown.interval(car)) } }
            td.num data-k="last" data-best=(car.last_best) { (car.last) }
            td.num.mid data-k="best" data-best=(car.best_best) { (car.best) }
            td.sectors.wide { @for sector in &car.sectors { (self::sector(sector)) } }
            td.stop {
                p { span.state data-k="state" { (car.state.replace('-', " ")) } strong data-k="stop.says" { (of(|stop| &stop.says)) } }
                p.sub {
                    span.due data-k="stop.due" { (of(|stop| &stop.due)) }
                    span data-k="stop.detail" { (of(|stop| &stop.detail)) }
                    @if let Some(earliest) = stop.and_then(|stop| stop.earliest.as_deref()) { span.earliest { "out from " (at(earliest)) } }
                }
            }
        }
    }
}

fn sector(sector: &Sector) -> Markup {
    html! { span data-best=(sector.best) data-current=[sector.current.then_some("")] title=(sector.time) { span.unseen { (sector.time) " " } } }
}

fn gained(places: Option<i32>) -> String {
    match places {
        Some(places) if places > 0 => format!("▲{places}"),
        Some(places) if places < 0 => format!("▼{}", -places),
        Some(_) | None => String::new(),
    }
}

/// A moment of a frame as a time of day.
fn at(written: &str) -> Markup {
    parse(written).map_or_else(|| html! { (written) }, layout::time)
}

/// The messages, the latest first; where they are of several days, each day's below its date.
fn messages(frame: &Frame) -> Markup {
    let day = |said: &Message| said.at.get(..10).unwrap_or_default().to_owned();
    let days: BTreeSet<String> = frame.messages.values().map(day).collect();
    let all: Vec<(&String, &Message)> = frame.messages.iter().rev().collect();
    html! {
        @for (nth, (number, said)) in all.iter().enumerate() {
            @if days.len() > 1 && (nth == 0 || day(all[nth - 1].1) != day(said)) { li.day { (day(said)) } }
            (message(number, said))
        }
    }
}

fn message(number: &str, said: &Message) -> Markup {
    html! { li data-n=(number) data-kind=(said.kind) { (at(&said.at)) " " span { (said.says) } } }
}

/// How far it is, beside the signal.
fn far(session: &SessionHead) -> String {
    if session.running && session.start.is_some() && session.kind.contains("race") {
        format!("{} laps", session.laps)
    } else {
        beside_signal(&session.state, &session.signal).to_owned()
    }
}

fn awaits(window: Option<&PitWindow>) -> String {
    let signal = window.and_then(|window| window.awaits.as_deref());
    signal.map_or_else(String::new, |signal| format!(", later if the {} lasts", signal_shown(signal)))
}

/// The race time left, or laps; before the start, how long it is until then by the timetable.
fn clock(session: &SessionHead, now: &str) -> String {
    let until = |at: &Option<String>| at.as_deref().and_then(parse).zip(parse(now)).map(|(at, now)| (at.0 - now.0) / 1_000_000);
    let hours = |left: i64| {
        if left >= 3_600 {
            format!("{}:{:02}:{:02}", left / 3_600, left / 60 % 60, left % 60)
        } else {
            format!("{}:{:02}", left / 60, left % 60)
        }
    };
    match (&session.start, session.of_laps) {
        (None, _) if session.running => match until(&session.planned) {
            Some(left) if left > 0 => format!("start in {}", hours(left)),
            Some(_) => String::from("start due"),
            None => String::new(),
        },
        (_, Some(of)) => format!("{} / {of}", session.laps),
        (_, None) => until(&session.ends).map_or_else(String::new, |left| hours(left.max(0))),
    }
}

/// The session as a band: how far it is, and where the window of the stop lies in it.
pub(crate) fn hour(session: &SessionHead, window: Option<&PitWindow>, frame: &Frame) -> Markup {
    let span = session.start.as_deref().and_then(parse).zip(session.ends.as_deref().and_then(parse));
    let Some((start, ends)) = span else { return html! {} };
    let share = |at: Instant| (at.0 - start.0).clamp(0, ends.0 - start.0).saturating_mul(10_000) / (ends.0 - start.0).max(1);
    let percent = |share: i64| format!("{}.{:02}%", share / 100, share % 100);
    let now = parse(&frame.at).map_or(0, share);
    let minutes = (ends.0 - start.0) / 60_000_000;
    html! {
        div.hour data-from=(crate::clock::printed(start)) data-to=(crate::clock::printed(ends)) {
            span.from { "0" }
            @if let Some((opens, closes)) = window.and_then(|window| Some((parse(&window.opens)?, parse(&window.closes)?))) {
                @let state = window.map_or("", |window| window.state.as_str());
                // Its name stands where there is room for it.
                @let says = if share(opens) > 5_000 { Some("before") } else if share(closes) > 7_000 { Some("inside") } else { None };
                div.window data-state=(state) data-says=[says] data-early=[(share(closes) < 4_500).then_some("")] data-awaits=[window.and_then(|window| window.awaits.as_deref())] style=(format!("left:{};width:{}", percent(share(opens)), percent(share(closes) - share(opens)))) {
                    span { "pit window " span.times { (minute(start, opens)) "–" (minute(start, closes)) } span.awaits { (awaits(window)) } }
                }
            }
            div.now style=(format!("left:{}", percent(now))) {}
            span.to { (minutes) " min" }
        }
    }
}

fn minute(start: Instant, at: Instant) -> String {
    let seconds = (at.0 - start.0).div_euclid(1_000_000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Whether anybody is waited for at a stop: not once the race is over, nor once the window is and nobody is at one.
fn awaited(session: &SessionHead, frame: &Frame) -> bool {
    let ahead = frame.window.as_ref().is_some_and(|window| ["opens", "delayed", "open"].contains(&window.state.as_str()));
    session.running && (ahead || frame.cars.values().any(|car| car.stop.as_ref().is_some_and(|stop| stop.state == "in")))
}

/// Which car may leave its stop next, and when.
fn next_exit(frame: &Frame) -> Markup {
    let waiting = |id: &String| {
        let car = frame.cars.get(id)?;
        let stop = car.stop.as_ref().filter(|stop| stop.state == "in")?;
        Some((stop.earliest.clone()?, car, stop))
    };
    let next = frame.order.iter().filter_map(waiting).min_by(|one, other| one.0.cmp(&other.0));
    html! {
        @if let Some((earliest, car, stop)) = next {
            p.exit { strong { (car.number) } " " span.until data-until=(earliest) {} }
            p { (car.team) " may leave at " (parse(&earliest).map_or_else(String::new, time_of_day)) ": " (stop.minimum) " s" }
        } @else {
            p.quiet { "no car at its stop" }
        }
    }
}
