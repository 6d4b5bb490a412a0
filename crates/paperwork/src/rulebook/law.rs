//! Lowering the tables of the field and the weekend to `sport`'s types.

use sport::citation::Cite;
use sport::date::Micros;
use sport::meeting_fact::Signal;
use sport::names::{ClassId, CupId, DriverId, SessionId};
use sport::rulebook::Law;
use sport::rulebook::award::Length;
use sport::rulebook::crew::{Class, CrewPattern, Cup, Dispensation, EntryRules, Granted, StatusRule};
use sport::rulebook::success::{SuccessPenalty, SuccessStep, SuccessUnit};
use sport::rulebook::weekend::{
    BopRule, CircuitMinimum, EarlySignal, EndRule, EveryStop, GridRule, Joker, LateSignal, PitReference, PitStop, Podium, QualifyingRule,
    SessionPlan, StartRule, Tariff, TechnicalStop,
};
use sport::session::SessionKind;

use super::{Lowering, drive_time, grid_source, scrutineering, stewarding};
use crate::fields::Fields;
use crate::tree::Node;
use crate::written;

/// The classes under `classes`.
pub(super) fn classes(fields: Fields<'_>) -> Vec<ClassId> {
    fields.texts("classes").into_iter().map(ClassId::new).collect()
}

/// The bounds under `minutes` and `kilometres`.
pub(super) fn length(fields: Fields<'_>) -> Length {
    let (minutes, kilometres) = (fields.pair("minutes", Node::whole), fields.pair("kilometres", Node::whole));
    Length {
        minutes_min: minutes.map(|(least, _)| least),
        minutes_max: minutes.map(|(_, most)| most),
        kilometres_min: kilometres.map(|(least, _)| least),
        kilometres_max: kilometres.map(|(_, most)| most),
    }
}

fn crews(fields: Fields<'_>, key: &str) -> Option<Vec<CrewPattern>> {
    fields.texts(key).into_iter().map(|text| written::crew(text).ok()).collect()
}

/// Whether a word is the one written; with nothing written, the default.
pub(super) fn is(fields: Fields<'_>, key: &str, word: &str, default: bool) -> bool {
    fields.text(key).map_or(default, |written| written == word)
}

impl Lowering {
    /// One version of the law from its tree.
    pub(super) fn law(&self, top: Fields<'_>) -> Option<Law> {
        let status = |which: &str| {
            let fields = top.inside("status").get(which)?.fields();
            Some(status(fields, self.cite(&format!("status.{which}"), fields, None)))
        };
        Some(Law {
            classes: self.rules(top, "class", class)?,
            cups: self.rules(top, "cup", cup)?,
            dispensations: self.rules(top, "dispensation", dispensation)?,
            entries: self.rule(top, "entries", entries)??,
            guests: status("guest")?,
            invitational: status("invitational")?,
            weekend: self.rules(top, "session", session)?,
            qualifying: self.rule(top, "qualifying", qualifying)?,
            grid: self.rule(top, "grid", grid)?,
            start: self.rule(top, "start", start)?,
            end: self.rule(top, "end", end)?,
            pit_stop: self.rule(top, "pit-stop", |fields, cite| self.pit_stop(fields, cite))?,
            drive_times: self.rules(top, "drive-time", drive_time::drive_time)?,
            success: self.rule(top, "success", |fields, cite| self.success(fields, cite))?,
            classified: self.rules(top, "classified", super::points::classified)?,
            shortened: self.rules(top, "shortened", super::points::shortened)?,
            tables: self.rules(top, "table", super::points::table)?,
            awards: self.rules(top, "award", super::points::award)?,
            championships: self.rules(top, "championship", |id, fields, cite| self.championship(top, id, fields, cite))?,
            podiums: self.rules(top, "podium", podium)?,
            tariff: self.rules(top, "penalty", tariff)?,
            conversion: self.rule(top, "conversion", stewarding::conversion)?,
            protest: self.rule(top, "protest", stewarding::protest)?,
            appeal: self.rule(top, "appeal", stewarding::appeal)?,
            licence: self.rule(top, "licence", |fields, cite| self.licence(fields, cite))?,
            bop: self.rule(top, "bop", bop)?,
            scrutineering: self.rule(top, "scrutineering", scrutineering::scrutineering)?,
            tyres: self.rule(top, "tyres", scrutineering::tyres)?,
        })
    }

    fn pit_stop(&self, fields: Fields<'_>, cite: Cite) -> Option<PitStop> {
        let (opens, closes) = fields.pair("window", Node::duration)?;
        let local = |(circuit, inner): (&str, Fields<'_>)| {
            let cite = self.cite(&format!("pit-stop.at.{circuit}"), inner, Some(&cite));
            Some(CircuitMinimum { circuit: circuit.to_owned(), minimum: inner.duration("minimum")?, cite })
        };
        Some(PitStop {
            count: fields.whole("count").unwrap_or(1),
            opens,
            closes,
            reference: if is(fields, "reference", "exit", false) { PitReference::Exit } else { PitReference::Entry },
            driver_change: fields.truth("driver-change").unwrap_or(true),
            minimum: fields.duration("minimum")?,
            minimum_at: fields.keyed("at").map(local).collect::<Option<_>>()?,
            adds_success: fields.truth("adds-success").unwrap_or(false),
            delayed_by: Signal::WORDS
                .iter()
                .filter(|(word, _)| fields.texts("delayed-by").contains(word))
                .map(|(_, signal)| *signal)
                .collect(),
            red_extends: fields.truth("red-extends").unwrap_or(false),
            every: is(fields, "minimum-for", "every-stop", false).then(|| EveryStop { joker: self.joker(fields, &cite) }),
            technical: self.technical(fields, &cite),
            cite: cite.clone(),
        })
    }

    fn joker(&self, fields: Fields<'_>, around: &Cite) -> Option<Joker> {
        let inner = fields.get("joker")?.fields();
        Some(Joker { count: inner.whole("count")?, per: inner.duration("per"), cite: self.cite("pit-stop.joker", inner, Some(around)) })
    }

    fn technical(&self, fields: Fields<'_>, around: &Cite) -> Option<TechnicalStop> {
        let inner = fields.get("technical")?.fields();
        let (opens, closes) = inner.pair("window", Node::duration)?;
        let cite = self.cite("pit-stop.technical", inner, Some(around));
        Some(TechnicalStop { minimum: inner.duration("minimum")?, opens, closes, cite })
    }

    fn success(&self, fields: Fields<'_>, cite: Cite) -> Option<SuccessPenalty> {
        let amount = |node: &Node| written::duration(node.text()?).or_else(|| written::grams(node.text()?).map(Micros));
        let step = |(id, inner): (&str, Fields<'_>)| {
            let amounts = inner.list("amounts").iter().map(amount).collect::<Option<_>>()?;
            Some(SuccessStep { length: length(inner), amounts, cite: self.cite(&format!("success.step.{id}"), inner, Some(&cite)) })
        };
        Some(SuccessPenalty {
            unit: fields.choice("unit", &[("time", SuccessUnit::Time), ("ballast", SuccessUnit::Ballast)])?,
            classes: classes(fields),
            steps: fields.keyed("step").map(step).collect::<Option<_>>()?,
            kept_when_absent: is(fields, "when-absent", "kept", false),
            cite: cite.clone(),
        })
    }
}

fn class(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Class> {
    Some(Class { id: ClassId::new(id), title: fields.text("title")?.to_owned(), admits: crews(fields, "admits")?, cite })
}

fn cup(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Cup> {
    let class = ClassId::new(fields.text("class")?);
    Some(Cup { id: CupId::new(id), title: fields.text("title")?.to_owned(), class, crews: crews(fields, "crews")?, cite })
}

fn dispensation(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Dispensation> {
    let grants = match fields.text("driver") {
        Some(driver) => Granted::Grade { driver: DriverId::new(driver), grade: written::grade(fields.text("grade")?)? },
        None => Granted::Crew {
            class: ClassId::new(fields.text("class")?),
            cup: fields.text("cup").map(CupId::new),
            crew: fields.crew("crew")?,
        },
    };
    Some(Dispensation { id: id.to_owned(), grants, reason: fields.text("reason")?.to_owned(), cite })
}

fn entries(fields: Fields<'_>, cite: Cite) -> Option<EntryRules> {
    let crew = fields.pair("crew", Node::whole)?;
    Some(EntryRules { crew, cars_per_licence: fields.whole("cars-per-licence"), class_minimum: fields.whole("class-minimum"), cite })
}

fn status(fields: Fields<'_>, cite: Cite) -> StatusRule {
    StatusRule {
        scores: fields.truth("scores").unwrap_or(false),
        others_move_up: is(fields, "others", "move-up", true),
        takes_success: is(fields, "success", "counted", false),
        cite,
    }
}

fn session(id: &str, fields: Fields<'_>, cite: Cite) -> Option<SessionPlan> {
    Some(SessionPlan {
        id: SessionId::new(id),
        kind: fields.choice("kind", &SessionKind::WORDS)?,
        title: fields.text("title")?.to_owned(),
        day: fields.whole("day")?,
        minutes: fields.whole("minutes"),
        kilometres: fields.whole("kilometres"),
        laps: fields.whole("laps"),
        grid_from: grid_source::grid_source(fields),
        cite,
    })
}

fn qualifying(fields: Fields<'_>, cite: Cite) -> Option<QualifyingRule> {
    Some(QualifyingRule {
        one_session_each: fields.truth("one-session-each").unwrap_or(false),
        highest_rated_in: fields.text("highest-rated-in").map(SessionId::new),
        equal_grades_nominated: is(fields, "equal-grades", "nominated", true),
        wrong_driver_deleted: is(fields, "wrong-driver", "deleted", true),
        cite,
    })
}

fn grid(fields: Fields<'_>, cite: Cite) -> Option<GridRule> {
    let pole_passes_on = fields.truth("pole-passes-on").unwrap_or(true);
    Some(GridRule { without_time_at_back: is(fields, "without-time", "back", true), pole_passes_on, cite })
}

fn start(fields: Fields<'_>, cite: Cite) -> Option<StartRule> {
    Some(StartRule {
        rolling: fields.truth("rolling").unwrap_or(true),
        time_from_signal: is(fields, "time-from", "signal", true),
        chequered_to_leader: is(fields, "chequered-to", "leader", true),
        cite,
    })
}

fn end(fields: Fields<'_>, cite: Cite) -> Option<EndRule> {
    Some(EndRule {
        early: if is(fields, "early-signal", "last-crossing", false) { EarlySignal::LastCrossing } else { EarlySignal::Signal },
        late: if is(fields, "late-signal", "signal", false) { LateSignal::Signal } else { LateSignal::Due },
        red_laps_back: fields.whole("red-laps-back").unwrap_or(1),
        time_runs_when_suspended: is(fields, "suspended-time", "runs", true),
        cite,
    })
}

fn podium(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Podium> {
    Some(Podium {
        id: id.to_owned(),
        title: fields.text("title")?.to_owned(),
        class: ClassId::new(fields.text("class")?),
        cup: fields.text("cup").map(CupId::new),
        places: fields.whole("places").unwrap_or(3),
        cite,
    })
}

fn tariff(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Tariff> {
    let penalty = written::penalty(fields.text("penalty")?)?;
    Some(Tariff { id: id.to_owned(), offence: fields.text("offence")?.to_owned(), penalty, cite })
}

fn bop(fields: Fields<'_>, cite: Cite) -> Option<BopRule> {
    Some(BopRule {
        classes: classes(fields),
        during_event: fields.truth("during-event").unwrap_or(false),
        notice: fields.duration("notice"),
        cite,
    })
}
