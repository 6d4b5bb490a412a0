//! Lowering the tables of stewarding to `sport`'s types.

use sport::citation::Cite;
use sport::decision::PenaltyKind;
use sport::rulebook::stewarding::{AppealRule, Conversion, LicenceRule, LicenceStep, ProtestRule};

use super::Lowering;
use crate::fields::Fields;
use crate::written;

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
        let written = super::super::shapes::PENALTIES;
        assert_eq!(written, PenaltyKind::WORDS.map(|(word, _)| word));
    }
}
