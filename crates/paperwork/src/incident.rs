//! Incidents as people write them, the evidence of incidents and decisions, and penalties that were served.

use sport::fact::What;
use sport::incident::{Answer, Evidence, Incident};
use sport::meeting_fact::MeetingFact;
use sport::names::{DecisionId, EntryId, IncidentId};
use sport::passing::PassingId;

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, only, request};
use crate::shape::{Key, Kind, Noun, Shape};
use crate::tree::Node;

request!(
    /// `[[incident]]`.
    INCIDENT,
    "incident",
    "Something that happened, at the time of `at`, and that officials may judge.",
    [
        Key::must("id", Kind::Text, "Its number or short name."),
        Key::must("session", Kind::Session, "The session."),
        Key::may("cars", Kind::List(&Kind::Id(Noun::Entry)), "The cars concerned; none where nobody knows yet."),
        Key::must("what", Kind::Text, "What happened."),
        Key::may("evidence", Kind::List(&Kind::Table(&EVIDENCE)), "What shows it."),
    ]
);

request!(
    /// `[[penalty-served]]`.
    PENALTY_SERVED,
    "penalty-served",
    "A car served its drive-through or stop-and-go at the time of `at`.",
    [
        Key::must("decision", Kind::Text, "The decision that gave it."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
    ]
);

/// What shows that something happened: a table with exactly one key.
pub static EVIDENCE: Shape = Shape {
    name: "evidence",
    doc: "What shows that something happened: exactly one key.",
    keys: &[
        Key::may("passing", Kind::Pair(&Kind::Whole(0, u32::MAX as i64)), "A passing: the fact that holds it and its place there, from 0."),
        Key::may("lap", Kind::Table(&LAP), "A lap of a car."),
        Key::may("report", Kind::Text, "What somebody reported, in words."),
        Key::may("video", Kind::Text, "Where it can be seen: a camera and a time."),
    ],
};

static LAP: Shape = Shape {
    name: "lap",
    doc: "A lap of a car.",
    keys: &[Key::must("car", Kind::Id(Noun::Entry), "The car."), Key::must("lap", Kind::Whole(1, 99_999), "Which, from 1.")],
};

impl Reader<'_> {
    pub(crate) fn incident(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        let cars: Vec<EntryId> = fields.list("cars").iter().filter_map(|node| self.car_at(node, session.round)).collect();
        let (id, what) = (IncidentId::new(fields.text("id")?), fields.text("what")?.to_owned());
        let evidence = self.evidence(fields.list("evidence"));
        Some(What::Meeting(MeetingFact::Incident(Incident { id, session, cars, what, evidence })))
    }

    pub(crate) fn penalty_served(&mut self, fields: &Fields<'_>) -> Option<What> {
        let decision = DecisionId::new(fields.text("decision")?);
        Some(What::Meeting(MeetingFact::PenaltyServed { decision, car: self.any_car(fields, "car")? }))
    }

    /// Which incident a decision answers; evidence without one has nothing to stand for.
    pub(crate) fn answer(&mut self, fields: &Fields<'_>) -> Option<Answer> {
        let evidence = self.evidence(fields.list("evidence"));
        let Some(incident) = fields.text("incident") else {
            for key in ["evidence", "other-car"].into_iter().filter(|key| fields.get(key).is_some()) {
                let fault = Fault::error("missing-key", fields.place_of(key), format!("`{key}` says nothing without `incident`"));
                self.faults.push(fault.help("name the incident the decision answers"));
            }
            return None;
        };
        let other_car = fields.text("other-car").map(str::to_owned);
        Some(Answer { incident: IncidentId::new(incident), evidence, other_car })
    }

    fn evidence(&mut self, list: &[Node]) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for node in list {
            let Some(only) = only(node, "a piece of evidence", self.faults) else { continue };
            let text = || only.node.text().map(str::to_owned);
            evidence.extend(match only.key.as_str() {
                "passing" => self.passing(&only.node),
                "lap" => self.lap(&only.node.fields()),
                "report" => text().map(Evidence::Report),
                _ => text().map(Evidence::Video),
            });
        }
        evidence
    }

    fn lap(&mut self, fields: &Fields<'_>) -> Option<Evidence> {
        Some(Evidence::Lap { car: self.any_car(fields, "car")?, lap: fields.whole("lap")? })
    }

    fn passing(&mut self, node: &Node) -> Option<Evidence> {
        let [fact, nth] = node.items() else { return None };
        let (fact, nth) = (fact.whole()?, nth.whole::<u16>());
        if nth.is_none() {
            self.faults.push(Fault::error("out-of-range", &node.place, "a fact holds at most 65,535 passings").label("the second number"));
        }
        Some(Evidence::Passing(PassingId { fact, nth: nth? }))
    }
}
