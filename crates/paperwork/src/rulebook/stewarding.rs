//! The tables of stewarding: their shapes, and lowering them to `sport`'s types.

use sport::citation::Cite;
use sport::decision::PenaltyKind;
use sport::rulebook::stewarding::{AppealRule, Conversion, LicenceRule, LicenceStep, ProtestRule};

use super::Lowering;
use super::shapes::{ARTICLE, ARTICLE_INSIDE, ASSUMED, SOURCE};
use crate::fields::Fields;
use crate::shape::{Ids, Key, Kind, Shape};
use crate::written;

pub(super) static PENALTY: Shape = Shape {
    name: "penalty",
    doc: "One line of the tariff: what an offence costs, as a proposal.",
    keys: &[
        Key::must("offence", Kind::Text, "The offence in words."),
        Key::must("penalty", Kind::Penalty, "What it costs."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

pub(super) static CONVERSION: Shape = Shape {
    name: "conversion",
    doc: "What a penalty at the pit lane becomes that was not served in the race.",
    keys: &[
        Key::must("drive-through", Kind::Duration, "Added to the race time for a drive-through."),
        Key::must("stop-and-go", Kind::Duration, "Added for a stop-and-go, beside the time to stand still."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

pub(super) static PROTEST: Shape = Shape {
    name: "protest",
    doc: "Until when a result may be protested against.",
    keys: &[Key::must("within", Kind::Duration, "After the publication of a result that is not final."), ARTICLE, SOURCE, ASSUMED],
};

pub(super) static APPEAL: Shape = Shape {
    name: "appeal",
    doc: "Until when a decision may be appealed against, and which may not.",
    keys: &[
        Key::may("intention", Kind::Duration, "After the decision, for the intention to appeal; none is asked for when absent."),
        Key::must("lodged", Kind::Duration, "After the decision, for the appeal itself."),
        Key::may(
            "not-appealable",
            Kind::List(&Kind::Choice(PENALTIES)),
            "Penalties that may not be appealed against, served or converted.",
        ),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

/// The words of [`sport::decision::PenaltyKind`].
const PENALTIES: &[&str] = &[
    "time",
    "places",
    "laps",
    "lap-deletion",
    "grid",
    "drive-through",
    "stop-and-go",
    "disqualification",
    "reprimand",
    "fine",
    "licence-points",
    "points",
    "exclusion",
];

static LICENCE_STEP: Shape = Shape {
    name: "licence step",
    doc: "A threshold of points on a licence.",
    keys: &[
        Key::must("points", Kind::Whole(1, 99), "Reached with so many points at the end of an event."),
        Key::must("penalty", Kind::Penalty, "What is proposed."),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

pub(super) static LICENCE: Shape = Shape {
    name: "licence",
    doc: "What points on a driver's licence lead to.",
    keys: &[
        Key::must("step", Kind::Map(Ids::Any, &Kind::Table(&LICENCE_STEP)), "Thresholds; of those reached the highest is proposed."),
        Key::may("after-penalty", Kind::Whole(0, 99), "Taken from the total once a threshold was reached; 0 when absent."),
        Key::may("clean-event", Kind::Whole(0, 99), "Taken for an event a driver takes part in without points; 0 when absent."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

pub(super) fn conversion(fields: Fields<'_>, cite: Cite) -> Option<Conversion> {
    Some(Conversion { drive_through: fields.duration("drive-through")?, stop_and_go: fields.duration("stop-and-go")?, cite })
}

pub(super) fn protest(fields: Fields<'_>, cite: Cite) -> Option<ProtestRule> {
    Some(ProtestRule { within: fields.duration("within")?, cite })
}

pub(super) fn appeal(fields: Fields<'_>, cite: Cite) -> Option<AppealRule> {
    let kind = |word: &str| PenaltyKind::WORDS.iter().find(|(of, _)| *of == word).map(|(_, kind)| *kind);
    Some(AppealRule {
        intention: fields.duration("intention"),
        lodged: fields.duration("lodged")?,
        not_appealable: fields.texts("not-appealable").into_iter().map(kind).collect::<Option<_>>()?,
        cite,
    })
}

impl Lowering {
    pub(super) fn licence(&self, fields: Fields<'_>, cite: Cite) -> Option<LicenceRule> {
        let step = |(id, inner): (&str, Fields<'_>)| {
            Some(LicenceStep {
                id: id.to_owned(),
                points: inner.whole("points")?,
                penalty: written::penalty(inner.text("penalty")?)?,
                cite: self.cite(&format!("licence.step.{id}"), inner, Some(&cite)),
            })
        };
        let mut steps: Vec<LicenceStep> = fields.keyed("step").map(step).collect::<Option<_>>()?;
        steps.sort_by_key(|step| step.points);
        let number = |key| fields.whole(key).unwrap_or(0);
        Some(LicenceRule { steps, after_penalty: number("after-penalty"), clean_event: number("clean-event"), cite: cite.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_penalty_can_be_written() {
        let written = super::PENALTIES;
        assert_eq!(written, PenaltyKind::WORDS.map(|(word, _)| word));
    }
}
