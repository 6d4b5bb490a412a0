//! Parts that several pages about the season share.

use maud::{Markup, html};

use crate::clock::{parse, printed};
use crate::named::{CarNamed, PersonNamed, TeamNamed};
use crate::pages::live::encoded;
use crate::results::chain::Names;
use crate::season::SessionTitle;
use crate::season::entries::{Crew, CrewMember};
use crate::season::penalties::PenaltyLine;
use crate::season::results::SourceNamed;

/// A car's number on its plate, as a link to its season.
pub(crate) fn plate(car: &CarNamed) -> Markup {
    html! { a.plate href=(format!("/entries/{}", encoded(&car.id))) data-c=(car.colour) title=(car.number) aria-label=(format!("Car {}", car.number)) { (car.number) } }
}

/// A driver as a link.
pub(crate) fn driver(of: &PersonNamed) -> Markup {
    html! { a href=(format!("/drivers/{}", encoded(&of.id))) { (of.name) } }
}

/// Drivers as links, with slashes between.
pub(crate) fn drivers(of: &[PersonNamed], open: bool) -> Markup {
    html! {
        @for (nth, one) in of.iter().enumerate() {
            @if nth > 0 { " / " }
            (driver(one))
        }
        @if open { @if !of.is_empty() { " / " } span.quiet { "not published" } }
    }
}

/// A team as a link.
pub(crate) fn team(of: &TeamNamed) -> Markup {
    html! { a href=(format!("/teams/{}", encoded(&of.id))) { (of.name) } }
}

/// A session as a link, with its event below.
pub(crate) fn session(of: &SessionTitle) -> Markup {
    html! { a href=(format!("/sessions/{}", of.id)) { (of.title) } p.sub { (of.event) } }
}

/// A crew with its grades.
pub(crate) fn crew(of: &Crew) -> Markup {
    html! {
        @for member in &of.drivers { p { (self::member(member)) } }
        @for member in &of.perhaps { p.quiet { (self::member(member)) " perhaps" } }
        @if of.open { p.quiet { "a name is not published" } }
    }
}

fn member(of: &CrewMember) -> Markup {
    html! { (driver(&of.driver)) @if !of.grade.is_empty() { " " span.sub { (of.grade) } } }
}

/// A moment as day and time: in UTC as it is sent, in the reader's own time where a script runs.
pub(crate) fn moment(written: &str) -> Markup {
    let at = parse(written);
    let text = at.map_or_else(
        || written.to_owned(),
        |at| jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| printed(at), |time| time.strftime("%Y-%m-%d %H:%M").to_string()),
    );
    html! { time datetime=(written) { (text) } }
}

/// What a result was published as.
pub(crate) fn state(word: &str) -> Markup {
    html! { span class=(format!("tag {word}")) { (word) } }
}

/// A place as a link to its reasons.
pub(crate) fn place(place: &str, why: &str) -> Markup {
    html! { @if !place.is_empty() { a href=(why) { (place) } } }
}

/// A note with the sources it names as links to the document that rests on them.
pub(crate) fn sourced(note: &str, sources: &[SourceNamed], fact: u64) -> Markup {
    html! {
        @for part in note.split_inclusive(|c: char| !c.is_alphanumeric()) {
            @let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
            @match sources.iter().find(|source| source.id == word) {
                Some(source) => { a href=(format!("/documents/{fact}")) title=(source.says) { (word) } (part.get(word.len()..).unwrap_or_default()) }
                None => (part)
            }
        }
    }
}

/// Decisions against somebody.
pub(crate) fn penalties(of: &[PenaltyLine]) -> Markup {
    html! {
        @if of.is_empty() {
            p.quiet { "None." }
        } @else {
            ol.plain {
                @for line in of {
                    li {
                        p {
                            a href=(format!("/documents/{}", line.fact)) { "Decision " (line.decision) }
                            @if let Some(session) = &line.session { " · " a href=(format!("/sessions/{}", session.id)) { (session.title) ", " (session.event) } }
                            " · " strong { (line.says.join(", ")) }
                            @if !line.in_force { " " span.alert { "not in force" } }
                        }
                        p.sub { (moment(&line.at)) " · " (line.authority) " · article " (line.article) " · " (line.reason) }
                    }
                }
            }
        }
    }
}

/// A sentence with links where it names facts, decisions and sessions.
pub(crate) fn linked(names: &Names<'_>, text: &str) -> Markup {
    html! {
        @for part in names.parts(text) {
            @match part.leads {
                Some(leads) => a href=(leads) { (part.text) }
                None => (part.text)
            }
        }
    }
}
