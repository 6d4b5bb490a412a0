//! What facts say against each other: two decisions of one number, an annulment of what is not there or came later, a ruling
//! on a matter that was undone. [`accept`](crate::accept::accept) refuses whatever would add one, also by undoing or by
//! undoing an undo; in a journal from elsewhere each is a finding.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::accept::{Refusal, refuse};
use crate::decision::Against;
use crate::fact::{Fact, What};
use crate::incident::Incident;
use crate::meeting_fact::MeetingFact;
use crate::names::DecisionId;
use crate::season::{Moment, live};

/// Every clash among the facts that count at a moment.
pub(crate) fn clashes<'a>(facts: impl DoubleEndedIterator<Item = &'a Fact> + Clone, moment: Moment) -> Vec<Refusal> {
    let mut found = Vec::new();
    let counting = live(facts.clone(), moment);
    undos(facts, &counting, &mut found);
    let placed = || counting.iter().enumerate();
    let decisions = first_of(placed().filter_map(|(place, fact)| Some((&fact.what.decision()?.id, place))));
    let matters = first_of(placed().filter_map(|(place, fact)| Some((&fact.what.matter()?.id, place))));
    let incidents = first_of(placed().filter_map(|(place, fact)| Some((&incident_of(&fact.what)?.id, place))));
    twice(&counting, &mut found);
    for (place, fact) in placed() {
        let earlier = |first: Option<&usize>| first.map(|first| *first < place);
        let decision = |id: &DecisionId| ON_A_DECISION.unless(earlier(decisions.get(id)), id.as_str(), fact.number);
        let names: Vec<Option<Refusal>> = match &fact.what {
            What::Decision(taken) => {
                let annuls = taken.effects.iter().filter_map(|effect| effect.annuls()).map(decision);
                let settles = taken.settles.iter().map(|(id, _)| ON_A_MATTER.unless(earlier(matters.get(id)), id.as_str(), fact.number));
                let of = taken.answers.iter().map(|answer| &answer.incident);
                let answers = of.map(|id| ON_AN_INCIDENT.unless(earlier(incidents.get(id)), id.as_str(), fact.number));
                annuls.chain(settles).chain(answers).collect()
            }
            What::Meeting(MeetingFact::PenaltyServed { decision: id, .. }) => alloc::vec![decision(id)],
            What::Matter(matter) => {
                let asked = matter.if_upheld.iter().filter_map(|effect| effect.annuls());
                let against = if let Against::Decision(id) = &matter.against { Some(id) } else { None };
                asked.chain(against).map(decision).collect()
            }
            // A sheet may have been dated before a decision it contains: stewards sign late.
            What::Result(result) => {
                let there = |id: &DecisionId| decisions.get(id).map(|_| true);
                result.includes.iter().chain(&result.without).map(|id| ON_A_DECISION.unless(there(id), id.as_str(), fact.number)).collect()
            }
            What::Grid(_)
            | What::Status { .. }
            | What::Grade { .. }
            | What::Bop(_)
            | What::Served(_)
            | What::Nomination { .. }
            | What::Meeting(_)
            | What::Undo { .. } => Vec::new(),
        };
        found.extend(names.into_iter().flatten());
    }
    found
}

/// The place of the first fact of each id.
fn first_of<'a, Id: Ord + 'a>(all: impl Iterator<Item = (&'a Id, usize)>) -> BTreeMap<&'a Id, usize> {
    let mut first = BTreeMap::new();
    for (id, place) in all {
        first.entry(id).or_insert(place);
    }
    first
}

/// A fact that rests on a decision or matter that is not there, or that came later.
struct Rests {
    noun: &'static str,
    unknown: &'static str,
    later: &'static str,
}

const ON_A_DECISION: Rests = Rests { noun: "decision", unknown: "unknown-decision", later: "later-decision" };
const ON_A_MATTER: Rests = Rests { noun: "matter", unknown: "unknown-matter", later: "later-matter" };
const ON_AN_INCIDENT: Rests = Rests { noun: "incident", unknown: "unknown-incident", later: "later-incident" };

impl Rests {
    /// `earlier`: whether it came earlier; `None` where it is not there.
    fn unless(&self, earlier: Option<bool>, id: &str, fact: u64) -> Option<Refusal> {
        let noun = self.noun;
        match earlier {
            Some(true) => None,
            Some(false) => Some(refuse(
                self.later,
                alloc::format!("fact {fact} rests on {noun} {id}, which came later"),
                "give each the time it happened",
            )),
            None => Some(refuse(
                self.unknown,
                alloc::format!("fact {fact} rests on {noun} {id}, which is not there"),
                "record what it rests on first, and undo that last",
            )),
        }
    }
}

fn incident_of(what: &What) -> Option<&Incident> {
    if let What::Meeting(MeetingFact::Incident(incident)) = what { Some(incident) } else { None }
}

/// One number, two incidents, or a penalty of one decision served twice by one car.
fn twice_in_a_meeting(counting: &[&Fact], found: &mut Vec<Refusal>) {
    let (mut incidents, mut served) = (BTreeMap::new(), BTreeMap::new());
    for fact in counting {
        if let Some(incident) = incident_of(&fact.what)
            && let Some(first) = incidents.insert(&incident.id, fact.number)
        {
            found.push(refuse(
                "incident-exists",
                alloc::format!("incident {} was recorded before, in fact {first}", incident.id),
                "give the new incident another id; to correct the old one, undo it and record it anew",
            ));
        }
        if let What::Meeting(MeetingFact::PenaltyServed { decision, car }) = &fact.what
            && let Some(first) = served.insert((decision, car), fact.number)
        {
            found.push(refuse(
                "penalty-served-before",
                alloc::format!("fact {first} says that car {car} served its penalty of decision {decision}"),
                "undo that fact first if it is wrong",
            ));
        }
    }
}

/// One number, two decisions; one matter opened or settled twice; one car's success seconds of one race served twice.
fn twice(counting: &[&Fact], found: &mut Vec<Refusal>) {
    twice_in_a_meeting(counting, found);
    let (mut decisions, mut matters, mut settled, mut served) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for fact in counting {
        let number = fact.number;
        match &fact.what {
            What::Decision(decision) => {
                if let Some(first) = decisions.insert(&decision.id, number) {
                    found.push(refuse(
                        "decision-exists",
                        alloc::format!("decision {} was recorded before, in fact {first}", decision.id),
                        "give the new decision another number; to withdraw the old one, record a decision that annuls it",
                    ));
                }
                if let Some((matter, _)) = &decision.settles
                    && let Some(first) = settled.insert(matter, number)
                {
                    found.push(refuse(
                        "settled",
                        alloc::format!("matter {matter} is settled by fact {first}"),
                        "a later appeal is a matter of its own",
                    ));
                }
            }
            What::Matter(matter) => {
                if let Some(first) = matters.insert(&matter.id, number) {
                    found.push(refuse(
                        "matter-exists",
                        alloc::format!("matter {} was opened before, in fact {first}", matter.id),
                        "give the new matter another id",
                    ));
                }
            }
            What::Served(of) => {
                if let Some(first) = served.insert((&of.session, &of.car, of.how), number) {
                    found.push(refuse(
                        "served-before",
                        alloc::format!("fact {first} says what car {} served in {}", of.car, of.session),
                        "undo that fact first if it is wrong",
                    ));
                }
            }
            What::Result(_)
            | What::Grid(_)
            | What::Status { .. }
            | What::Grade { .. }
            | What::Bop(_)
            | What::Nomination { .. }
            | What::Meeting(_)
            | What::Undo { .. } => {}
        }
    }
}

/// An undo undoes one earlier fact, once, and not before it happened.
fn undos<'a>(facts: impl Iterator<Item = &'a Fact> + Clone, counting: &[&Fact], found: &mut Vec<Refusal>) {
    let mut undone: BTreeMap<u64, u64> = BTreeMap::new();
    for undo in counting {
        let What::Undo { fact: number, .. } = &undo.what else { continue };
        let Some(earlier) = facts.clone().find(|fact| fact.number == *number && fact.number < undo.number) else {
            found.push(refuse("unknown-fact", alloc::format!("there is no fact {number} to undo"), "see `log` for the numbers of facts"));
            continue;
        };
        if undo.happened < earlier.happened {
            found.push(refuse(
                "undone-before",
                alloc::format!("fact {number} happened later than this undoing of it"),
                "give the time at which it was found to be wrong",
            ));
        }
        if let Some(first) = undone.insert(*number, undo.number) {
            found.push(refuse(
                "undone-twice",
                alloc::format!("fact {number} is undone by facts {} and {}", first.min(undo.number), first.max(undo.number)),
                "one undoing is enough; to bring the fact back, undo the one that counts, and no other",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Instant;
    use crate::grade::Grade;

    fn fact(number: u64, at: i64, what: What) -> Fact {
        Fact { number, happened: Instant(at), recorded: Instant(at), by: "a".into(), citation: "b".into(), what }
    }

    fn undo(number: u64, at: i64, of: u64) -> Fact {
        fact(number, at, What::Undo { fact: of, reason: "slip".into() })
    }

    fn codes(facts: &[Fact]) -> Vec<&'static str> {
        clashes(facts.iter(), Moment::NOW).into_iter().map(|clash| clash.code).collect()
    }

    #[test]
    fn a_fact_is_undone_once_and_not_before_it_happened() {
        let day = crate::date::Date { year: 2018, month: 1, day: 1 };
        let first = || fact(1, 100, What::Grade { driver: "a".into(), grade: Grade::Gold, from: day });
        assert_eq!(codes(&[first(), undo(2, 100, 1)]), [""; 0], "in the same moment");
        assert_eq!(codes(&[first(), undo(2, 99, 1)]), ["undone-before"]);
        assert_eq!(codes(&[first(), undo(2, 100, 1), undo(3, 100, 1)]), ["undone-twice"]);
        // The undoing was undone: the fact can be undone again, and then that undoing cannot come back.
        let again = [first(), undo(2, 100, 1), undo(3, 100, 2), undo(4, 100, 1)];
        assert_eq!(codes(&again), [""; 0]);
        assert_eq!(codes(&[&again[..], &[undo(5, 100, 3)]].concat()), ["undone-twice"]);
    }
}
