//! What the tariff proposes for an offence (C3): effects with their article, for a person to confirm, change or reject.
//!
//! It takes the offence's id, the car, the session, what was missing where a penalty counts it, and the race whose grid is next; it decides nothing.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Micros;
use crate::decision::Effect;
use crate::names::EntryId;
use crate::rulebook::Law;
use crate::rulebook::weekend::{Tariff, TariffPenalty};
use crate::session::SessionName;

/// An offence of a car, as far as the tariff asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offence {
    /// Its id in the tariff: `short-stop`.
    pub id: String,
    /// The session.
    pub session: SessionName,
    /// The car.
    pub car: EntryId,
    /// What was missing of a minimum, where something was.
    pub shortfall: Micros,
    /// The next race, for places on its grid.
    pub next_race: Option<SessionName>,
}

/// What is proposed for an offence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The effects; none where it is at the stewards' discretion, or where there is no next grid.
    pub effects: Vec<Effect>,
    /// In words: `time 30.000 s plus what was missing: 37.000 s`.
    pub says: String,
    /// The line of the tariff.
    pub cite: Cite,
}

/// What the law's tariff proposes; `None` for an offence it does not know.
pub fn proposal(law: &Law, of: &Offence) -> Option<Proposal> {
    law.tariff.iter().find(|line| line.id == of.id).map(|line| line.proposal(of))
}

impl Tariff {
    /// What this line proposes for an offence.
    pub fn proposal(&self, of: &Offence) -> Proposal {
        let says = match &self.penalty {
            TariffPenalty::TimePlusShortfall(fixed) => alloc::format!("{}: {} s", self.penalty, plus(*fixed, of.shortfall)),
            TariffPenalty::GridPlaces(_) if of.next_race.is_none() => alloc::format!("{}; there is no next race", self.penalty),
            TariffPenalty::DriveThrough
            | TariffPenalty::StopAndGo(_)
            | TariffPenalty::Time(_)
            | TariffPenalty::GridPlaces(_)
            | TariffPenalty::Disqualification
            | TariffPenalty::Discretion => self.penalty.to_string(),
        };
        Proposal { effects: effect(&self.penalty, of).into_iter().collect(), says, cite: self.cite.clone() }
    }
}

/// The effect of a penalty of the tariff on a car; none where its size is not written, or where there is no grid to drop on.
fn effect(penalty: &TariffPenalty, of: &Offence) -> Option<Effect> {
    let (session, car) = (of.session.clone(), of.car.clone());
    match penalty {
        TariffPenalty::DriveThrough => Some(Effect::DriveThrough { session, car }),
        TariffPenalty::StopAndGo(time) => Some(Effect::StopAndGo { session, car, time: *time }),
        TariffPenalty::Time(time) => Some(Effect::AddTime { session, car, time: *time }),
        TariffPenalty::TimePlusShortfall(fixed) => Some(Effect::AddTime { session, car, time: plus(*fixed, of.shortfall) }),
        TariffPenalty::GridPlaces(places) => of.next_race.clone().map(|session| Effect::DropGrid { session, car, places: *places }),
        TariffPenalty::Disqualification => Some(Effect::Disqualify { session, car }),
        TariffPenalty::Discretion => None,
    }
}

fn plus(fixed: Micros, shortfall: Micros) -> Micros {
    Micros(fixed.0.saturating_add(shortfall.0.max(0)))
}

impl core::fmt::Display for TariffPenalty {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::DriveThrough => f.write_str("drive-through"),
            Self::StopAndGo(time) => write!(f, "stop-and-go of {time} s"),
            Self::Time(time) => write!(f, "{time} s added"),
            Self::TimePlusShortfall(time) => write!(f, "{time} s and what was missing added"),
            Self::GridPlaces(places) => write!(f, "{places} places on the next grid"),
            Self::Disqualification => f.write_str("disqualification"),
            Self::Discretion => f.write_str("at the stewards' discretion"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::RuleCitation;
    use alloc::sync::Arc;

    fn line(penalty: TariffPenalty) -> Tariff {
        let cite = RuleCitation {
            rule: "penalty.short-stop".into(),
            article: "C3".into(),
            source: None,
            assumed: None,
            file: "pit.toml".into(),
            line: 1,
            bulletin: None,
        };
        Tariff { id: "short-stop".into(), offence: "short".into(), penalty, cite: Arc::new(cite) }
    }

    #[test]
    fn each_line_of_a_tariff_proposes_its_effect_and_cites_its_article() {
        let race = SessionName { round: 1, id: "race-1".into() };
        let next = SessionName { round: 1, id: "race-2".into() };
        let of = Offence {
            id: "short-stop".into(),
            session: race.clone(),
            car: "7".into(),
            shortfall: Micros::seconds(7),
            next_race: Some(next.clone()),
        };
        let car = || EntryId::from("7");
        let told = |penalty| line(penalty).proposal(&of).effects;
        let session = || race.clone();
        assert_eq!(told(TariffPenalty::DriveThrough), [Effect::DriveThrough { session: session(), car: car() }]);
        let ten = Micros::seconds(10);
        assert_eq!(told(TariffPenalty::StopAndGo(ten)), [Effect::StopAndGo { session: session(), car: car(), time: ten }]);
        assert_eq!(told(TariffPenalty::Time(ten)), [Effect::AddTime { session: session(), car: car(), time: ten }]);
        // 75 s were asked for and 68 s found: the fixed part and the missing seconds (case 6).
        let proposal = line(TariffPenalty::TimePlusShortfall(Micros::seconds(30))).proposal(&of);
        assert_eq!(proposal.effects, [Effect::AddTime { session: session(), car: car(), time: Micros::seconds(37) }]);
        assert_eq!((proposal.says.as_str(), proposal.cite.article.as_str()), ("30.000 s and what was missing added: 37.000 s", "C3"));
        assert_eq!(told(TariffPenalty::GridPlaces(3)), [Effect::DropGrid { session: next, car: car(), places: 3 }]);
        assert_eq!(told(TariffPenalty::Disqualification), [Effect::Disqualify { session: session(), car: car() }]);
        assert_eq!(told(TariffPenalty::Discretion), []);
        let last = line(TariffPenalty::GridPlaces(3)).proposal(&Offence { next_race: None, ..of.clone() });
        assert_eq!((last.effects, last.says.as_str()), (Vec::new(), "3 places on the next grid; there is no next race"));
    }
}
