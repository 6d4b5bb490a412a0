//! The chain behind a number: each reason with what it rests on, and the reasons behind it.

use serde::Serialize;
use sport::season::Season;
use sport::session::SessionName;
use sport::why::{Question, Reason, why};
use sport::world::Docket;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::results::asked::{self, Asking};
use crate::site::Site;

/// A number and its reasons.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Chain {
    /// The open matters it is supposed to rest on, each with its outcome: `A1=upheld`.
    pub(crate) supposed: Vec<String>,
    /// The matters that are open, by id.
    pub(crate) open: Vec<String>,
    /// The reasons.
    pub(crate) reason: Link,
}

/// A reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(no_recursion)]
pub(crate) struct Link {
    /// One sentence.
    pub(crate) says: String,
    /// Rules, facts and decisions it rests on.
    pub(crate) cites: Vec<String>,
    /// What is behind it.
    pub(crate) because: Vec<Self>,
}

impl Link {
    fn of(reason: Reason) -> Self {
        let cites = reason.cites.into_iter().filter(|cite| !cite.is_empty()).collect();
        Self { says: reason.says, cites, because: reason.because.into_iter().map(Self::of).collect() }
    }

    /// How many reasons there are, this one included.
    pub(crate) fn count(&self) -> usize {
        1 + self.because.iter().map(Self::count).sum::<usize>()
    }
}

/// The chain that answers a question.
pub(crate) fn chain(site: &Site, season: &Season, asking: &Asking, question: &Question) -> Result<Chain, Problem> {
    let reason = site.seats.compute(|| why(&site.rulebook, season, asking.moment(), asking.through, &asking.world, question));
    let reason = reason.ok_or_else(|| none(site, season, question))?;
    let live = season.live(asking.moment());
    let supposed = asking.world.outcomes.iter().map(|(matter, outcome)| format!("{matter}={}", outcome.word())).collect();
    let open = Docket::of(&live).open().into_iter().map(|matter| matter.id.to_string()).collect();
    Ok(Chain { supposed, open, reason: Link::of(reason) })
}

/// Why there is no such number.
fn none(site: &Site, season: &Season, question: &Question) -> Problem {
    let named = |session: usize| season.calendar.sessions[session].name.to_string();
    let label = |entry: usize| season.list.entries[entry].label();
    // Another car of that number may be the one that is meant.
    let other = |what: &str, session: usize, entry: usize| {
        let here = season.list.entries[entry].spell(season.calendar.sessions[session].name.round).is_some();
        let id = season.list.entries[entry].id.as_str();
        asked::namesake(season, session, id, &format!("/why/{what}/{}", named(session))).filter(|_| !here)
    };
    Problem::missing(match question {
        Question::Total(id, _) => format!("there is no line of that competitor in {id}; /standings/{id} has those there are"),
        Question::Place(session, entry) => other("place", *session, *entry).unwrap_or_else(|| {
            format!("car {} has no place in {name}; /sessions/{name} has those that have", label(*entry), name = named(*session))
        }),
        Question::Success(session, entry) => match &site.rulebook.law_at(&season.calendar, *session).success {
            None => String::from("the rulebook has no success penalty"),
            Some(_) => other("success", *session, *entry).unwrap_or_else(|| {
                format!(
                    "car {} earned nothing in {}, and nothing is due of it there; /success has the ledger",
                    label(*entry),
                    named(*session)
                )
            }),
        },
    })
}

/// A part of a sentence, and where it leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    pub(crate) leads: Option<String>,
}

/// A sentence cut where it names a fact (`fact 12`), a decision (`decision 7`) or a session (`2.race-1`).
pub(crate) struct Names<'a> {
    season: &'a Season,
    /// Decisions with the facts they were recorded as.
    decisions: Vec<(String, u64)>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(season: &'a Season) -> Self {
        let decisions = season.facts().iter().filter_map(|fact| Some((fact.what.decision()?.id.to_string(), fact.number)));
        Self { season, decisions: decisions.collect() }
    }

    /// The parts of a sentence, in order.
    pub(crate) fn parts<'t>(&self, text: &'t str) -> Vec<Part<'t>> {
        let (mut parts, mut done) = (Vec::new(), 0);
        let mut before = None;
        for (start, word) in words(text) {
            let end = start + word.len();
            let noun = before.map(|(at, noun)| (at, noun, self.named(noun, word)));
            let found = match noun {
                Some((at, _, Some(leads))) => Some((at, leads)),
                Some((_, _, None)) | None => self.session(word).map(|leads| (start, leads)),
            };
            before = Some((start, word));
            let Some((from, leads)) = found else { continue };
            if from > done {
                parts.push(Part { text: &text[done..from], leads: None });
            }
            parts.push(Part { text: &text[from..end], leads: Some(leads) });
            (done, before) = (end, None);
        }
        if done < text.len() {
            parts.push(Part { text: &text[done..], leads: None });
        }
        parts
    }

    fn named(&self, noun: &str, word: &str) -> Option<String> {
        match noun {
            "fact" => word.parse::<u64>().ok().filter(|number| self.season.facts().iter().any(|fact| fact.number == *number)),
            "decision" | "Decision" => self.decisions.iter().find(|(id, _)| id == word).map(|(_, fact)| *fact),
            _ => None,
        }
        .map(|fact| format!("/documents/{fact}"))
    }

    fn session(&self, word: &str) -> Option<String> {
        let (round, id) = word.split_once('.')?;
        let name = SessionName { round: round.parse().ok()?, id: id.into() };
        self.season.calendar.find(&name).map(|_| format!("/sessions/{name}"))
    }
}

/// The words of a text with where each begins, punctuation around them left out.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let around = |c: char| !c.is_alphanumeric();
    text.split(' ').scan(0, move |at, word| {
        let start = *at;
        *at += word.len() + 1;
        let left = word.trim_start_matches(around);
        Some((start + word.len() - left.len(), left.trim_end_matches(around)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sport::date::{Date, Instant};
    use sport::decision::Decision;
    use sport::entry::EntryList;
    use sport::fact::{Fact, What};
    use sport::points::Points;
    use sport::session::{Calendar, Session, SessionKind};

    fn season() -> Season {
        let session = Session {
            name: SessionName { round: 2, id: "race-1".into() },
            kind: SessionKind::Race,
            number: 1,
            date: Date { year: 2018, month: 5, day: 12 },
            minutes: Some(60),
            kilometres: None,
            laps: None,
            points_factor: Points::ONE,
            without_awards: Vec::new(),
        };
        let calendar = Calendar { rounds: Vec::new(), sessions: vec![session] };
        let mut season = Season::new("a season", 2018, calendar, EntryList::default());
        let decision = Decision {
            id: "7".into(),
            authority: String::new(),
            article: String::new(),
            reason: String::new(),
            effects: Vec::new(),
            settles: None,
            answers: None,
        };
        let at = Instant(0);
        season.apply(&Fact {
            number: 1,
            happened: at,
            recorded: at,
            by: String::new(),
            citation: String::new(),
            what: What::Decision(decision),
        });
        season
    }

    #[test]
    fn a_sentence_leads_where_it_names_something() {
        let season = season();
        let names = Names::of(&season);
        let told = |text: &str| {
            let parts = names.parts(text);
            assert_eq!(parts.iter().map(|part| part.text).collect::<String>(), text, "nothing of it is lost");
            parts.into_iter().filter_map(|part| Some(format!("{} -> {}", part.text, part.leads?))).collect::<Vec<_>>()
        };
        assert_eq!(
            told("2.race-1: car 19, (fact 1), decision 7."),
            ["2.race-1 -> /sessions/2.race-1", "fact 1 -> /documents/1", "decision 7 -> /documents/1"]
        );
        assert_eq!(
            told("decision 7 of Stewards, fact 1: fact 1"),
            ["decision 7 -> /documents/1", "fact 1 -> /documents/1", "fact 1 -> /documents/1"]
        );
        for nothing in ["", " ", "fact", "fact  1", "fact 2", "decision 8", "3.race-1", "à la fact é (…) 2.race-2", "a\u{2003}b \u{202e}c"]
        {
            assert_eq!(told(nothing), [""; 0], "{nothing}");
        }
    }
}
