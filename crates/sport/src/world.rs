//! Open matters, and which decisions are in force when they end one way or another.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::decision::{Against, Decision, Effect, Matter, MatterKind, Outcome};
use crate::fact::Fact;
use crate::names::{DecisionId, EntryId, MatterId};
use crate::session::SessionName;

/// How open matters end. A matter that is not named stays open: decisions stand as they are, unless it suspends one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct World {
    /// By matter.
    pub outcomes: BTreeMap<MatterId, Outcome>,
}

/// Matters and decisions at a moment.
#[derive(Clone, Debug)]
pub struct Docket<'a> {
    /// Every matter, in the order they were opened, with the number of its fact.
    pub matters: Vec<(u64, &'a Matter)>,
    /// Every decision, in the order they were taken, with the number of its fact.
    pub decisions: Vec<(u64, &'a Decision)>,
}

/// Why an effect holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ground {
    /// A decision.
    Decision(DecisionId),
    /// What a matter asks for, in a world in which it is upheld.
    Matter(MatterId),
}

impl core::fmt::Display for Ground {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Decision(id) => write!(f, "decision {id}"),
            Self::Matter(id) => write!(f, "{id} if upheld"),
        }
    }
}

/// An effect that holds in a world.
#[derive(Clone, Debug)]
pub struct Holds<'a> {
    /// By what.
    pub ground: Ground,
    /// The effect.
    pub effect: &'a Effect,
}

/// The effects that hold in a world, and the decisions they come from.
#[derive(Clone, Debug, Default)]
pub struct InForce<'a> {
    /// Effects in the order they were decided.
    pub effects: Vec<Holds<'a>>,
    /// Decisions in force.
    pub decisions: BTreeSet<DecisionId>,
}

impl<'a> InForce<'a> {
    /// The laps of a session that do not count, each with why.
    pub fn deleted_laps(&self, session: &SessionName) -> Vec<(&'a EntryId, u32, &Ground)> {
        let mut deleted = Vec::new();
        for Holds { ground, effect } in &self.effects {
            if let Effect::DeleteLap { session: of, car, lap } = effect
                && of == session
            {
                deleted.push((car, *lap, ground));
            }
        }
        deleted
    }

    /// The places cars drop on the grid of a race, in the order they were decided, each with why.
    pub fn grid_drops(&self, race: &SessionName) -> Vec<(&'a EntryId, u16, &Ground)> {
        let mut drops = Vec::new();
        for Holds { ground, effect } in &self.effects {
            if let Effect::DropGrid { session, car, places } = effect
                && session == race
            {
                drops.push((car, *places, ground));
            }
        }
        drops
    }

    /// The effects on one session.
    pub fn on(&self, session: &SessionName) -> impl Iterator<Item = &Holds<'a>> {
        let session = session.clone();
        self.effects.iter().filter(move |holds| holds.effect.session() == Some(&session))
    }
}

impl<'a> Docket<'a> {
    /// Reads the docket out of the live facts.
    pub fn of(live: &[&'a Fact]) -> Self {
        let matters = live.iter().filter_map(|fact| Some((fact.number, fact.what.matter()?)));
        let decisions = live.iter().filter_map(|fact| Some((fact.number, fact.what.decision()?)));
        Self { matters: matters.collect(), decisions: decisions.collect() }
    }

    /// The matters no decision has settled, without the intentions that an appeal followed. A ruling that was itself annulled has still
    /// settled its matter.
    pub fn open(&self) -> Vec<&'a Matter> {
        let settled =
            |matter: &Matter| self.decisions.iter().any(|(_, decision)| decision.settles.as_ref().is_some_and(|(id, _)| *id == matter.id));
        let matters = self.matters.iter().map(|(_, matter)| *matter);
        matters.filter(|matter| !settled(matter) && self.appeal_of(matter).is_none()).collect()
    }

    /// The appeal that took the place of an intention: by the same, against the same.
    pub fn appeal_of(&self, intention: &Matter) -> Option<&'a Matter> {
        let follows =
            |matter: &&&'a Matter| matter.kind == MatterKind::Appeal && matter.by == intention.by && matter.against == intention.against;
        self.matters.iter().map(|(_, matter)| matter).find(follows).filter(|_| intention.kind == MatterKind::Intention).copied()
    }

    /// The matter of an id.
    pub fn matter(&self, id: &MatterId) -> Option<&'a Matter> {
        self.matters.iter().map(|(_, matter)| *matter).find(|matter| matter.id == *id)
    }

    /// What a decision annuls: what it says, and what an upheld matter was directed at.
    fn annuls(&self, decision: &'a Decision) -> Vec<&'a DecisionId> {
        let said = self.effects_of(decision).iter().filter_map(Effect::annuls);
        let upheld = decision.settles.as_ref().filter(|(_, outcome)| *outcome == Outcome::Upheld);
        let directed = upheld.and_then(|(id, _)| self.matter(id)).and_then(|matter| match &matter.against {
            Against::Decision(id) => Some(id),
            Against::Result(_) => None,
        });
        said.chain(directed).collect()
    }

    /// What holds in a world. Later decisions are asked first: an annulment that was itself annulled annuls nothing, so
    /// what it had taken away is back exactly as it was (case 3).
    pub fn in_force(&self, world: &World) -> InForce<'a> {
        let open = self.open();
        let mut annulled: BTreeSet<&DecisionId> = BTreeSet::new();
        for matter in &open {
            let outcome = world.outcomes.get(&matter.id);
            let takes_away = outcome == Some(&Outcome::Upheld) || (outcome.is_none() && matter.suspends);
            if let (Against::Decision(id), true) = (&matter.against, takes_away) {
                annulled.insert(id);
            }
            if outcome == Some(&Outcome::Upheld) {
                annulled.extend(matter.if_upheld.iter().filter_map(Effect::annuls));
            }
        }
        for (_, decision) in self.decisions.iter().rev() {
            if !annulled.contains(&decision.id) {
                annulled.extend(self.annuls(decision));
            }
        }
        let mut force = InForce::default();
        for (_, decision) in self.decisions.iter().filter(|(_, decision)| !annulled.contains(&decision.id)) {
            force.decisions.insert(decision.id.clone());
            let ground = Ground::Decision(decision.id.clone());
            force.effects.extend(self.effects_of(decision).iter().map(|effect| Holds { ground: ground.clone(), effect }));
        }
        for matter in open.iter().filter(|matter| world.outcomes.get(&matter.id) == Some(&Outcome::Upheld)) {
            let ground = Ground::Matter(matter.id.clone());
            force.effects.extend(matter.if_upheld.iter().map(|effect| Holds { ground: ground.clone(), effect }));
        }
        force
    }

    /// A decision's effects: its own words, or what the upheld matter asked for where it says nothing itself.
    fn effects_of(&self, decision: &'a Decision) -> &'a [Effect] {
        match &decision.settles {
            Some((id, Outcome::Upheld)) if decision.effects.is_empty() => self.matter(id).map_or(&[], |matter| &matter.if_upheld),
            _ => &decision.effects,
        }
    }

    /// The decisions that open matters suspend in a world, each with the matter: were those rejected, it would be in force.
    pub fn suspended(&self, world: &World) -> Vec<(&'a Decision, &'a Matter)> {
        let open = || self.open().into_iter().filter(|matter| matter.suspends && !world.outcomes.contains_key(&matter.id));
        let mut rejected = world.clone();
        rejected.outcomes.extend(open().map(|matter| (matter.id.clone(), Outcome::Rejected)));
        let force = self.in_force(&rejected);
        let told = open().filter_map(|matter| {
            let Against::Decision(id) = &matter.against else { return None };
            let (_, decision) = self.decisions.iter().find(|(_, decision)| decision.id == *id)?;
            force.decisions.contains(id).then_some((*decision, matter))
        });
        told.collect()
    }

    /// Those of them that act on a session; with a car, those that act on it or on the whole session.
    pub fn suspended_on(&self, world: &World, session: &SessionName, car: Option<&EntryId>) -> Vec<(&'a Decision, &'a Matter)> {
        let touching = self.open_on(session);
        let others = |effect: &Effect| {
            let other_session = effect.session().is_some_and(|of| of != session);
            other_session || effect.total().is_some() || effect.car().zip(car).is_some_and(|(acted_on, car)| acted_on != car)
        };
        let mut all = self.suspended(world);
        all.retain(|(decision, matter)| {
            let acts = decision.effects.is_empty() || !decision.effects.iter().all(others);
            acts && touching.iter().any(|touching| touching.id == matter.id)
        });
        all
    }

    /// The open matters that touch a session: directed at its result, at a decision that acts on it, or asking for one.
    pub fn open_on(&self, session: &SessionName) -> Vec<&'a Matter> {
        let acting = self.acting_on(session);
        let asks = |effect: &Effect| effect.session() == Some(session) || effect.annuls().is_some_and(|id| acting.contains(id));
        let touches = |matter: &Matter| {
            matter.if_upheld.iter().any(asks)
                || match &matter.against {
                    Against::Result(of) => of == session,
                    Against::Decision(id) => acting.contains(id),
                }
        };
        self.open().into_iter().filter(|matter| touches(matter)).collect()
    }

    /// The decisions that act on a session, themselves or through what they annul: a ruling that lifts a penalty does (case 4).
    pub fn acting_on(&self, session: &SessionName) -> BTreeSet<&'a DecisionId> {
        let mut acting = BTreeSet::new();
        for (_, decision) in &self.decisions {
            let itself = self.effects_of(decision).iter().any(|effect| effect.session() == Some(session));
            if itself || self.annuls(decision).iter().any(|earlier| acting.contains(*earlier)) {
                acting.insert(&decision.id);
            }
        }
        acting
    }
}
