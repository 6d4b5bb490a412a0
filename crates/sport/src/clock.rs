//! Clocks of protests and appeals (G2): until when each may be lodged, whether a result can become final, and what came too late or too soon.
//!
//! Nothing here refuses: a matter that came late is recorded all the same, and a person decides what becomes of it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::Instant;
use crate::decision::{Against, Decision, Matter, MatterKind, PenaltyKind};
use crate::fact::{Fact, What};
use crate::finding::{Finding, Weight};
use crate::incident::{incident, unanswered};
use crate::meeting_fact::MeetingFact;
use crate::names::{IncidentId, MatterId};
use crate::result::ResultState;
use crate::rulebook::{Law, Rulebook};
use crate::season::{Moment, Season};
use crate::session::SessionName;
use crate::world::Docket;

/// What a clock runs for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Lodged {
    /// A protest against a result.
    Protest,
    /// The intention to appeal against a decision.
    Intention,
    /// The appeal itself.
    Appeal,
}

impl Lodged {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Protest => "protest",
            Self::Intention => "intention to appeal",
            Self::Appeal => "appeal",
        }
    }
}

/// A clock that was started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    /// What may be lodged while it runs.
    pub lodged: Lodged,
    /// Against what.
    pub against: Against,
    /// When it was started: the publication, the decision.
    pub from: Instant,
    /// The last moment in time.
    pub until: Instant,
    /// The rule.
    pub cite: Cite,
}

impl Clock {
    /// Whether it still runs; its last moment is in time.
    pub fn runs_at(&self, at: Instant) -> bool {
        self.from <= at && at <= self.until
    }
}

/// What stands in the way of a final result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hindrance {
    /// A matter that is open.
    Matter(MatterId),
    /// An incident no decision answers.
    Incident(IncidentId),
    /// A clock that runs.
    Clock(Clock),
}

impl core::fmt::Display for Hindrance {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Matter(id) => write!(f, "matter {id} is open"),
            Self::Incident(id) => write!(f, "incident {id} is not decided"),
            Self::Clock(clock) => match &clock.against {
                Against::Decision(id) => write!(f, "the time for an {} against decision {id} runs", clock.lodged.word()),
                Against::Result(_) => write!(f, "the time for a {} runs", clock.lodged.word()),
            },
        }
    }
}

/// The season's law and facts at a moment, as clocks read them.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<'a> {
    /// The law.
    pub rulebook: &'a Rulebook,
    /// The calendar.
    pub season: &'a Season,
    /// The facts that count, in the order they happened.
    pub live: &'a [&'a Fact],
}

impl<'a> Clocks<'a> {
    /// Every clock that was started about a session, run out or not: the latest result that is not final, and each decision.
    pub fn of(&self, session: usize) -> Vec<Clock> {
        let name = &self.season.calendar.sessions[session].name;
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let mut clocks: Vec<Clock> = self.protest(law, name, Instant::FOREVER).into_iter().collect();
        let docket = Docket::of(self.live);
        let acting = docket.acting_on(name);
        for (fact, decision) in self.live.iter().filter_map(|fact| Some((*fact, fact.what.decision()?))) {
            let directed = |matter: &Matter| match &matter.against {
                Against::Result(of) => of == name,
                Against::Decision(id) => acting.contains(id),
            };
            // A protest that was rejected changes nothing, and its rejection can be appealed against (case 2).
            let settled = decision.settles.as_ref().is_some_and(|(id, _)| docket.matter(id).is_some_and(directed));
            if settled || acting.contains(&decision.id) || self.answers_in(decision) == Some(name) {
                clocks.extend(self.appeal(law, &docket, fact.happened, decision));
            }
        }
        clocks
    }

    /// The clocks that were started against one thing.
    pub fn against(&self, against: &Against) -> Vec<Clock> {
        match against {
            Against::Result(name) => {
                let session = self.season.calendar.find(name);
                let law = session.map(|session| self.rulebook.law_at(&self.season.calendar, session));
                law.and_then(|law| self.protest(law, name, Instant::FOREVER)).into_iter().collect()
            }
            Against::Decision(id) => {
                let docket = Docket::of(self.live);
                let of = |fact: &&'a Fact| Some((fact.happened, fact.what.decision().filter(|decision| decision.id == *id)?));
                let taken = self.live.iter().find_map(of);
                taken.map_or_else(Vec::new, |(at, decision)| self.appeal(self.law_of(decision), &docket, at, decision))
            }
        }
    }

    /// What stands in the way of the session's result becoming final at a moment. The right to appeal without an intention in time is gone,
    /// so where an intention is asked for only its clock counts.
    pub fn hindrances(&self, session: usize, at: Instant) -> Vec<Hindrance> {
        let name = &self.season.calendar.sessions[session].name;
        let open = Docket::of(self.live).open_on(name).into_iter().map(|matter| Hindrance::Matter(matter.id.clone()));
        let incidents = unanswered(self.live, name).into_iter().map(|incident| Hindrance::Incident(incident.id.clone()));
        let clocks = self.of(session);
        let asked = |against: &Against| clocks.iter().any(|clock| clock.lodged == Lodged::Intention && clock.against == *against);
        let counts = |clock: &&Clock| clock.runs_at(at) && (clock.lodged != Lodged::Appeal || !asked(&clock.against));
        open.chain(incidents).chain(clocks.iter().filter(counts).cloned().map(Hindrance::Clock)).collect()
    }

    /// What is odd about the times of matters and of final results.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for fact in self.live {
            if let Some(matter) = fact.what.matter() {
                self.lodged(fact.happened, matter, &mut found);
            }
            self.too_soon(fact, &mut found);
        }
        found
    }

    /// The clock of the last result before a moment that is not final.
    fn protest(&self, law: &Law, session: &SessionName, before: Instant) -> Option<Clock> {
        let rule = law.protest.as_ref()?;
        let of = |fact: &&&Fact| {
            let of = fact.what.result().filter(|result| result.session == *session && result.mark.is_none());
            fact.happened <= before && of.is_some_and(|result| result.state != ResultState::Final)
        };
        let from = self.live.iter().rev().find(of)?.happened;
        let until = Instant(from.0.saturating_add(rule.within.0));
        Some(Clock { lodged: Lodged::Protest, against: Against::Result(session.clone()), from, until, cite: rule.cite.clone() })
    }

    /// The clocks of a decision of stewards; a court's ruling has its own.
    fn appeal(&self, law: &Law, docket: &Docket<'_>, from: Instant, decision: &Decision) -> Vec<Clock> {
        let Some(rule) = law.appeal.as_ref().filter(|_| !of_a_court(docket, decision)) else { return Vec::new() };
        if not_appealable(decision, &rule.not_appealable) {
            return Vec::new();
        }
        let clock = |lodged, within: crate::date::Micros| Clock {
            lodged,
            against: Against::Decision(decision.id.clone()),
            from,
            until: Instant(from.0.saturating_add(within.0)),
            cite: rule.cite.clone(),
        };
        let intention = rule.intention.map(|within| clock(Lodged::Intention, within));
        intention.into_iter().chain([clock(Lodged::Appeal, rule.lodged)]).collect()
    }

    fn answers_in(&self, decision: &Decision) -> Option<&'a SessionName> {
        incident(self.live, &decision.answers.as_ref()?.incident).map(|incident| &incident.session)
    }

    /// The law of the session a decision is about; the latest where it names none.
    fn law_of(&self, decision: &Decision) -> &'a Law {
        let named = decision.effects.iter().find_map(|effect| effect.session()).or(self.answers_in(decision));
        let session = named.and_then(|name| self.season.calendar.find(name));
        session.map_or(self.rulebook.latest(), |session| self.rulebook.law_at(&self.season.calendar, session))
    }

    /// What is odd about a matter's time, or about what it is against.
    fn lodged(&self, at: Instant, matter: &Matter, found: &mut Vec<Finding>) {
        let mut say = |weight: Weight, code: &'static str, says: String| {
            found.push(Finding { weight, code, about: alloc::format!("matter {}", matter.id), says });
        };
        let late = |clock: &Clock| {
            alloc::format!(
                "{} {} came {} after its last moment; it is kept for a person to decide ({})",
                matter.kind.word(),
                matter.id,
                crate::date::Micros(at.0.saturating_sub(clock.until.0)),
                clock.cite
            )
        };
        match (matter.kind, &matter.against) {
            (MatterKind::Protest, Against::Result(name)) => {
                let Some(session) = self.season.calendar.find(name) else { return };
                let clock = self.protest(self.rulebook.law_at(&self.season.calendar, session), name, at);
                if let Some(clock) = clock.filter(|clock| clock.until < at) {
                    say(Weight::Doubt, "lodged-late", late(&clock));
                }
            }
            (MatterKind::Intention | MatterKind::Appeal, Against::Decision(id)) => {
                let docket = Docket::of(self.live);
                let Some((_, decision)) = docket.decisions.iter().find(|(_, decision)| decision.id == *id) else { return };
                let rule = self.law_of(decision).appeal.as_ref();
                if let Some(rule) = rule.filter(|rule| not_appealable(decision, &rule.not_appealable)) {
                    let says = alloc::format!(
                        "{} {} is against decision {id}, which may not be appealed against ({})",
                        matter.kind.word(),
                        matter.id,
                        rule.cite
                    );
                    return say(Weight::Doubt, "not-appealable", says);
                }
                let clocks = self.against(&matter.against);
                let wanted = if matter.kind == MatterKind::Intention { Lodged::Intention } else { Lodged::Appeal };
                if let Some(clock) = clocks.iter().find(|clock| clock.lodged == wanted && clock.until < at) {
                    say(Weight::Doubt, "lodged-late", late(clock));
                }
                let intention = clocks.iter().find(|clock| clock.lodged == Lodged::Intention);
                if let Some(clock) = intention.filter(|clock| matter.kind == MatterKind::Appeal && !self.announced(matter, clock)) {
                    let says = alloc::format!(
                        "no intention of {} to appeal against decision {id} is recorded in time ({})",
                        matter.by,
                        clock.cite
                    );
                    say(Weight::Doubt, "no-intention", says);
                }
            }
            (MatterKind::Protest | MatterKind::Review | MatterKind::Inquiry, _)
            | (MatterKind::Intention | MatterKind::Appeal, Against::Result(_)) => {}
        }
    }

    /// Whether an intention by the same against the same was lodged in time.
    fn announced(&self, appeal: &Matter, clock: &Clock) -> bool {
        let mut matters = self.live.iter().filter_map(|fact| Some((fact.happened, fact.what.matter()?)));
        matters.any(|(at, matter)| {
            let same = matter.by == appeal.by && matter.against == appeal.against;
            matter.kind == MatterKind::Intention && same && clock.runs_at(at)
        })
    }

    /// A final result that was published while something stood in its way, unless it was published again since.
    fn too_soon(&self, fact: &Fact, found: &mut Vec<Finding>) {
        let Some(sheet) = fact.what.result() else { return };
        let later = |of: &&Fact| {
            let again = of.what.result().is_some_and(|of| of.session == sheet.session && of.mark.is_none());
            again && (of.happened, of.number) > (fact.happened, fact.number)
        };
        if self.live.iter().copied().any(|of| later(&of)) {
            return;
        }
        let mut say = |why: String| {
            found.push(Finding {
                weight: Weight::Doubt,
                code: "final-too-soon",
                about: alloc::format!("{}", sheet.session),
                says: alloc::format!(
                    "the result of fact {} was published as final {why}; once nothing stands in the way, publish it as final again",
                    fact.number
                ),
            });
        };
        for hindrance in self.stood_in_the_way(fact) {
            say(alloc::format!("while {hindrance}"));
        }
        let session = self.season.calendar.find(&sheet.session).filter(|_| sheet.state == ResultState::Final && sheet.mark.is_none());
        let rule = session.and_then(|session| self.rulebook.law_at(&self.season.calendar, session).protest.as_ref());
        let before = self.before(fact);
        if let Some(rule) = rule.filter(|_| Clocks { live: &before, ..*self }.never_provisional(&sheet.session)) {
            say(alloc::format!("and none was published before it: the time for a protest did not run ({})", rule.cite));
        }
    }

    /// What stood in the way of a sheet as it was published as final; nothing where it was not.
    pub(crate) fn stood_in_the_way(&self, fact: &Fact) -> Vec<Hindrance> {
        let sheet = fact.what.result().filter(|sheet| sheet.state == ResultState::Final && sheet.mark.is_none());
        let Some(session) = sheet.and_then(|sheet| self.season.calendar.find(&sheet.session)) else { return Vec::new() };
        let before = self.before(fact);
        Clocks { live: &before, ..*self }.hindrances(session, fact.happened)
    }

    /// What had happened before a fact.
    fn before(&self, fact: &Fact) -> Vec<&'a Fact> {
        self.live.iter().copied().filter(|of| (of.happened, of.number) < (fact.happened, fact.number)).collect()
    }

    /// Whether a session that was followed here had no result yet. Of one that was not, the sheets before the final one are often not known.
    fn never_provisional(&self, name: &SessionName) -> bool {
        let signal = |fact: &&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Signal { session, .. }) if session == name);
        let sheet = |fact: &&Fact| fact.what.result().is_some_and(|of| of.session == *name && of.mark.is_none());
        self.live.iter().copied().any(|fact| signal(&fact)) && !self.live.iter().copied().any(|fact| sheet(&fact))
    }
}

/// What is odd about the times of matters and of final results at a moment.
pub(crate) fn findings(rulebook: &Rulebook, season: &Season, moment: Moment) -> Vec<Finding> {
    // Of a meeting's thousands of facts only incidents and signals matter here.
    let mut live = season.live(moment);
    live.retain(|fact| !matches!(&fact.what, What::Meeting(of) if !matches!(of, MeetingFact::Incident(_) | MeetingFact::Signal { .. })));
    Clocks { rulebook, season, live: &live }.findings()
}

/// Whether every penalty of a decision is one that may not be appealed against.
fn not_appealable(decision: &Decision, kinds: &[PenaltyKind]) -> bool {
    let mut penalties = decision.effects.iter().filter_map(|effect| effect.penalty()).peekable();
    penalties.peek().is_some() && penalties.all(|kind| kinds.contains(&kind))
}

fn of_a_court(docket: &Docket<'_>, decision: &Decision) -> bool {
    let settled = decision.settles.as_ref().map(|(id, _)| id);
    let of =
        |(_, matter): &(u64, &Matter)| Some(&matter.id) == settled && matches!(matter.kind, MatterKind::Appeal | MatterKind::Intention);
    docket.matters.iter().any(of)
}
