//! Incidents: something that happened and that officials may judge, with its evidence, and the guard against the wrong car (case 10 b).

use alloc::string::String;
use alloc::vec::Vec;

use crate::accept::{Refusal, refuse};
use crate::decision::Decision;
use crate::fact::{Fact, What};
use crate::meeting_fact::{MeetingFact, Verdict};
use crate::names::{DriverId, EntryId, IncidentId};
use crate::passing::PassingId;
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// Something that happened and that officials may judge. Its moment is the moment the fact happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incident {
    /// Its number or short name.
    pub id: IncidentId,
    /// The session in which it happened.
    pub session: SessionName,
    /// The cars concerned; none where nobody knows yet.
    pub cars: Vec<EntryId>,
    /// What happened.
    pub what: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

/// What shows that something happened.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Evidence {
    /// A passing, as a source heard it.
    Passing(PassingId),
    /// A lap of a car.
    Lap {
        /// The car.
        car: EntryId,
        /// Which, from 1.
        lap: u32,
    },
    /// What somebody reported, in words.
    Report(String),
    /// Where it can be seen: a camera and a time.
    Video(String),
}

/// Which incident a decision answers, and what it rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The incident.
    pub incident: IncidentId,
    /// The evidence the decision cites.
    pub evidence: Vec<Evidence>,
    /// Why it acts on a car or a driver the incident does not name, where it does.
    pub other_car: Option<String>,
}

/// The live incident of an id.
pub fn incident<'a>(live: &[&'a Fact], id: &IncidentId) -> Option<&'a Incident> {
    incidents(live).into_iter().find(|incident| incident.id == *id)
}

/// Every live incident, in the order they happened.
pub fn incidents<'a>(live: &[&'a Fact]) -> Vec<&'a Incident> {
    let of = |fact: &&'a Fact| if let What::Meeting(MeetingFact::Incident(incident)) = &fact.what { Some(incident) } else { None };
    live.iter().filter_map(of).collect()
}

/// The live incidents of a session no decision answers.
pub fn unanswered<'a>(live: &[&'a Fact], session: &SessionName) -> Vec<&'a Incident> {
    let answers = |id: &IncidentId| {
        let mut decisions = live.iter().filter_map(|fact| fact.what.decision());
        decisions.any(|decision| decision.answers.as_ref().is_some_and(|answer| answer.incident == *id))
    };
    incidents(live).into_iter().filter(|incident| incident.session == *session && !answers(&incident.id)).collect()
}

/// The car a piece of evidence is of; `None` where it names none, or a passing of which nobody knows the car.
pub fn car_shown<'a>(live: &[&'a Fact], evidence: &'a Evidence) -> Option<&'a EntryId> {
    match evidence {
        Evidence::Lap { car, .. } => Some(car),
        Evidence::Passing(passing) => car_of(live, *passing),
        Evidence::Report(_) | Evidence::Video(_) => None,
    }
}

/// The car of a passing: a person's judgement first, then the car its transponder was in at that time.
fn car_of<'a>(live: &[&'a Fact], id: PassingId) -> Option<&'a EntryId> {
    let judged = live.iter().rev().find_map(|fact| {
        let What::Meeting(MeetingFact::Judged { passing, verdict, .. }) = &fact.what else { return None };
        (*passing == id).then_some(verdict)
    });
    if let Some(verdict) = judged {
        return if let Verdict::Of(car) = verdict { Some(car) } else { None };
    }
    let heard = live.iter().find(|fact| fact.number == u64::from(id.fact)).map(|fact| &fact.what);
    let Some(What::Meeting(MeetingFact::Heard(heard))) = heard else { return None };
    let passing = heard.passings.get(usize::from(id.nth))?;
    let number = passing.transponder?;
    live.iter().rev().find_map(|fact| {
        let What::Meeting(MeetingFact::Transponder { round, transponder, car, from }) = &fact.what else { return None };
        let there = *round == heard.round && *transponder == number && from.is_none_or(|from| from <= passing.at);
        there.then_some(car)
    })
}

/// Refuses an incident whose evidence is of a car it does not name.
pub(crate) fn sound(season: &Season, incident: &Incident) -> Result<(), Refusal> {
    let live = season.live(Moment::NOW);
    for shown in incident.evidence.iter().filter_map(|evidence| car_shown(&live, evidence)) {
        if !incident.cars.contains(shown) {
            return Err(refuse(
                "evidence-of-another-car",
                alloc::format!("incident {} rests on evidence of car {shown}, which it does not name", incident.id),
                "name the car, or take the evidence out",
            ));
        }
    }
    Ok(())
}

/// Refuses a decision about an incident that acts on a car or driver the incident does not name, unless it says why in writing, and one
/// whose evidence is of another car. An incident that is not there is told by what clashes.
pub(crate) fn guard(season: &Season, decision: &Decision) -> Result<(), Refusal> {
    let Some(answer) = &decision.answers else { return Ok(()) };
    let live = season.live(Moment::NOW);
    let Some(about) = incident(&live, &answer.incident) else { return Ok(()) };
    let acted_on = || decision.effects.iter().filter_map(|effect| effect.car());
    if answer.other_car.as_ref().is_none_or(|why| why.trim().is_empty()) {
        if let Some(car) = acted_on().find(|car| !about.cars.contains(car)) {
            return Err(refuse(
                "another-car",
                alloc::format!("decision {} acts on car {car}; incident {} {}", decision.id, about.id, named(about)),
                "look which car it was; where it is meant, say why with `other-car`",
            ));
        }
        let drivers = decision.effects.iter().filter_map(|effect| effect.driver());
        if let Some(driver) = drivers.into_iter().find(|driver| !about.cars.iter().any(|car| may_drive(season, about, car, driver))) {
            return Err(refuse(
                "another-driver",
                alloc::format!("decision {} is against driver {driver}; incident {} {}", decision.id, about.id, named(about)),
                "look who was in the car; where he is meant, say why with `other-car`",
            ));
        }
    }
    let shown: Vec<&EntryId> = answer.evidence.iter().filter_map(|evidence| car_shown(&live, evidence)).collect();
    let (first, unshown) = (shown.first(), acted_on().find(|car| !shown.contains(car)));
    match first.zip(unshown) {
        Some((first, car)) => Err(refuse(
            "evidence-of-another-car",
            alloc::format!("decision {} acts on car {car} and rests on evidence of car {first}", decision.id),
            "cite evidence of every car it acts on, or decide on each car by itself",
        )),
        None => Ok(()),
    }
}

fn named(incident: &Incident) -> String {
    let cars: Vec<&str> = incident.cars.iter().map(EntryId::as_str).collect();
    if cars.is_empty() { String::from("names no car") } else { alloc::format!("names {}", cars.join(", ")) }
}

fn may_drive(season: &Season, incident: &Incident, car: &EntryId, driver: &DriverId) -> bool {
    let list = &season.list;
    let spell = list.entry(car).and_then(|entry| list.entries[entry].spell(incident.session.round));
    spell.is_some_and(|spell| spell.crew_open || spell.crew.contains(driver) || spell.perhaps.contains(driver))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Instant;
    use crate::decision::Effect;
    use crate::entry::EntryList;
    use crate::meeting_fact::Heard;
    use crate::passing::{Passing, Transponder};
    use crate::session::Calendar;

    fn at(number: u64, what: MeetingFact) -> Fact {
        let at = Instant(i64::try_from(number).expect("few facts"));
        Fact { number, happened: at, recorded: at, by: "a".into(), citation: "b".into(), what: What::Meeting(what) }
    }

    fn fitted(transponder: u32, car: &str, from: Option<i64>) -> MeetingFact {
        MeetingFact::Transponder { round: 1, transponder: Transponder(transponder), car: car.into(), from: from.map(Instant) }
    }

    fn judged(nth: u16, verdict: Verdict) -> MeetingFact {
        MeetingFact::Judged { passing: PassingId { fact: 1, nth }, verdict, reason: "seen".into() }
    }

    fn heard() -> MeetingFact {
        let of = |at, transponder: Option<u32>| Passing { at: Instant(at), transponder: transponder.map(Transponder) };
        let passings = [of(100, Some(10)), of(200, Some(10)), of(300, None), of(400, Some(11))];
        MeetingFact::Heard(Heard { round: 1, source: "finish-main".into(), passings: passings.into() })
    }

    fn shown(facts: &[Fact], nth: u16) -> Option<String> {
        let live: Vec<&Fact> = facts.iter().collect();
        car_shown(&live, &Evidence::Passing(PassingId { fact: 1, nth })).map(|car| String::from(car.as_str()))
    }

    #[test]
    fn a_passing_is_of_the_car_its_transponder_was_in_then_unless_a_person_judged_it() {
        let mut facts = alloc::vec![at(1, heard()), at(2, fitted(10, "7", None)), at(3, fitted(10, "8", Some(150)))];
        assert_eq!(shown(&facts, 0).as_deref(), Some("7"));
        assert_eq!(shown(&facts, 1).as_deref(), Some("8"), "changed over between the two");
        assert_eq!(shown(&facts, 2), None, "a light barrier");
        assert_eq!(shown(&facts, 3), None, "in no car anybody told of");
        assert_eq!(shown(&facts, 9), None, "not there");
        facts.push(at(4, judged(0, Verdict::Of("9".into()))));
        facts.push(at(5, judged(1, Verdict::Void)));
        assert_eq!(shown(&facts, 0).as_deref(), Some("9"));
        assert_eq!(shown(&facts, 1), None, "no crossing of any car");
    }

    #[test]
    fn a_decision_rests_on_evidence_of_every_car_it_acts_on() {
        let race = || SessionName { round: 1, id: "race-1".into() };
        let incident = Incident {
            id: "I1".into(),
            session: race(),
            cars: alloc::vec!["7".into(), "8".into()],
            what: "x".into(),
            evidence: Vec::new(),
        };
        let mut season = Season::new("a season", 2018, Calendar::default(), EntryList::default());
        for fact in [at(1, heard()), at(2, fitted(10, "7", None)), at(3, MeetingFact::Incident(incident))] {
            season.apply(&fact);
        }
        let passing = || Evidence::Passing(PassingId { fact: 1, nth: 0 });
        let told = |car: &str, evidence: Vec<Evidence>, other_car: Option<&str>| {
            let decision = Decision {
                id: "D1".into(),
                authority: "Stewards".into(),
                article: "1".into(),
                reason: "x".into(),
                effects: alloc::vec![Effect::DriveThrough { session: race(), car: car.into() }],
                settles: None,
                answers: Some(Answer { incident: "I1".into(), evidence, other_car: other_car.map(String::from) }),
            };
            guard(&season, &decision).err().map(|refusal| refusal.code)
        };
        assert_eq!(told("7", alloc::vec![passing()], None), None);
        assert_eq!(told("8", alloc::vec![passing()], None), Some("evidence-of-another-car"));
        assert_eq!(told("8", alloc::vec![passing(), Evidence::Lap { car: "8".into(), lap: 1 }], None), None);
        assert_eq!(told("8", alloc::vec![Evidence::Video("camera 3".into())], None), None, "a camera names no car");
        assert_eq!(told("9", Vec::new(), None), Some("another-car"));
        assert_eq!(told("9", Vec::new(), Some(" ")), Some("another-car"), "a reason says something");
        assert_eq!(told("9", Vec::new(), Some("the incident names its sister")), None);
        assert_eq!(told("9", alloc::vec![passing()], Some("the incident names its sister")), Some("evidence-of-another-car"));
    }
}
