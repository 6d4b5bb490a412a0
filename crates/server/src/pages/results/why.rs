//! Why a number is what it is: the chain down to passings, decisions and articles.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use sport::why::Question;

use crate::pages::layout::{self, Place, Sheet};
use crate::pages::live::encoded;
use crate::pages::parts::linked;
use crate::pages::results::seen_from;
use crate::pages::timed;
use crate::pages::{Lost, Page};
use crate::results::asked::{self, Asked};
use crate::results::chain::{self, Chain, Link, Names};
use crate::site::Site;

/// A chain of more reasons than this is shown folded below its second step.
const UNFOLDED: usize = 60;

type Pair = Result<Path<(String, String)>, PathRejection>;
type Words = Result<Query<Asked>, QueryRejection>;

/// `/why/points/{championship}/{competitor}`.
pub(crate) async fn points(State(site): State<Arc<Site>>, of: Pair, asked: Words) -> Page {
    let (Path((championship, competitor)), Query(asked)) = (of?, asked?);
    let season = site.season();
    let question = asked::total(&site.rulebook, &season, &championship, &competitor)?;
    let title = asked::championship(&site.rulebook, &championship)?.title.clone();
    let whole =
        Whole { site: &site, asked: &asked, path: format!("/why/points/{championship}/{}", encoded(&competitor)), place: Place::Standings };
    whole.page(&season, &question, &[(format!("/standings/{championship}"), title)])
}

/// `/why/place/{session}/{car}`.
pub(crate) async fn place(State(site): State<Arc<Site>>, of: Pair, asked: Words) -> Page {
    let (Path((session, car)), Query(asked)) = (of?, asked?);
    let season = site.season();
    let at = asked::session(&season, &session)?;
    let entry = asked::car(&season, at, &car, &format!("/why/place/{}", season.calendar.sessions[at].name))?;
    let name = &season.calendar.sessions[at].name;
    let whole = Whole {
        site: &site,
        asked: &asked,
        path: format!("/why/place/{name}/{}", encoded(&car)),
        place: timed::place(&site, &name.to_string()),
    };
    let ways = [
        (format!("/sessions/{name}"), format!("Result of {name}")),
        (format!("/sessions/{name}/laps/{}", encoded(&car)), String::from("Its laps")),
    ];
    whole.page(&season, &Question::Place(at, entry), &ways)
}

/// `/why/success/{session}/{car}`.
pub(crate) async fn success(State(site): State<Arc<Site>>, of: Pair, asked: Words) -> Page {
    let (Path((session, car)), Query(asked)) = (of?, asked?);
    let season = site.season();
    let at = asked::session(&season, &session)?;
    let entry = asked::car(&season, at, &car, &format!("/why/success/{}", season.calendar.sessions[at].name))?;
    let name = &season.calendar.sessions[at].name;
    let whole = Whole { site: &site, asked: &asked, path: format!("/why/success/{name}/{}", encoded(&car)), place: Place::Standings };
    let ways = [(String::from("/success"), String::from("Success penalties")), (format!("/sessions/{name}"), format!("Result of {name}"))];
    whole.page(&season, &Question::Success(at, entry), &ways)
}

struct Whole<'a> {
    site: &'a Site,
    asked: &'a Asked,
    path: String,
    place: Place,
}

impl Whole<'_> {
    fn page(&self, season: &sport::season::Season, question: &Question, ways: &[(String, String)]) -> Page {
        let asking = self.asked.of(season).map_err(Lost)?;
        let chain = chain::chain(self.site, season, &asking, question)?;
        let names = Names::of(season);
        let folded = chain.reason.count() > UNFOLDED;
        let main = html! {
            p.sub { "Why" }
            div.title {
                h1 { (linked(&names, &chain.reason.says)) }
                nav aria-label="About" { @for (way, name) in ways { a href=(way) { (name) } } }
            }
            (seen_from(self.asked, &self.path))
            (cites(&names, &chain.reason))
            @if !chain.reason.because.is_empty() {
                ol.why { @for link in &chain.reason.because { (self::link(&names, link, 1, folded)) } }
            }
            (self.suppose(&chain))
        };
        let title = format!("Why: {}", chain.reason.says);
        Ok(layout::page(self.site, &Sheet { title: &title, place: self.place, head: html! {}, main }))
    }

    /// The same in worlds in which what is open has ended.
    fn suppose(&self, chain: &Chain) -> Markup {
        html! {
            @if !chain.open.is_empty() {
                section {
                    h2 { "Open matters" }
                    ul.plain {
                        @for id in &chain.open {
                            li {
                                strong { (id) }
                                @for word in ["upheld", "rejected"] {
                                    @let outcome = format!("{id}={word}");
                                    " · " a href=(format!("{}?suppose={}", self.path, encoded(&outcome))) aria-current=[chain.supposed.contains(&outcome).then_some("true")] { "suppose it is " (word) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn link(names: &Names<'_>, of: &Link, depth: usize, folded: bool) -> Markup {
    html! {
        li {
            @if of.because.is_empty() {
                p { (linked(names, &of.says)) }
                (cites(names, of))
            } @else {
                details open[!folded || depth < 1] {
                    // What unfolds is a button, and holds no links: they stand below it.
                    summary { (of.says) }
                    (named(names, &of.says))
                    (cites(names, of))
                    ol.why { @for one in &of.because { (link(names, one, depth + 1, folded && depth < 1)) } }
                }
            }
        }
    }
}

/// What a sentence names, as links.
fn named(names: &Names<'_>, text: &str) -> Markup {
    let parts: Vec<_> = names.parts(text).into_iter().filter(|part| part.leads.is_some()).collect();
    html! {
        @if !parts.is_empty() {
            p.cite { @for (nth, part) in parts.iter().enumerate() { @if nth > 0 { " · " } a href=[part.leads.as_ref()] { (part.text) } } }
        }
    }
}

fn cites(names: &Names<'_>, of: &Link) -> Markup {
    html! { @for cite in &of.cites { p.cite { (linked(names, cite)) } } }
}
