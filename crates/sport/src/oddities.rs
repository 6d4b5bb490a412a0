//! What a person should look at on a published sheet: each a finding, none of them changes a number.

use alloc::string::String;
use alloc::vec::Vec;

use crate::classify::{Sheets, applies};
use crate::conversion::{self, PitLanePenalty};
use crate::decision::{Decision, Effect};
use crate::fact::Fact;
use crate::finding::{Finding, Weight};
use crate::names::{ClassId, DecisionId, EntryId};
use crate::place::Places;
use crate::result::{Finish, PublishedResult, ResultRow, ResultState};
use crate::rules::distance;
use crate::session::SessionKind;
use crate::world::{Ground, Holds, InForce};

impl Sheets<'_> {
    /// Everything odd about a sheet, in a world.
    pub(crate) fn oddities(&self, fact: &Fact, sheet: &PublishedResult, force: &InForce<'_>, findings: &mut Vec<Finding>) {
        let mut say = |weight: Weight, code: &'static str, says: String| {
            findings.push(Finding { weight, code, about: alloc::format!("{}", sheet.session), says });
        };
        self.contained(fact, sheet, force, &mut say);
        self.acting(fact, sheet, force, &mut say);
        self.served_in_vain(sheet, force, &mut say);
        if sheet.complete && sheet.mark.is_none() {
            let round = sheet.session.round;
            let entries = self.season.list.entries.iter().filter(|entry| entry.spell(round).is_some());
            let missing = entries.filter(|entry| !sheet.rows.iter().any(|row| row.car == entry.id));
            let missing: Vec<String> = missing.map(|entry| entry.label()).collect();
            if !missing.is_empty() {
                let says = alloc::format!(
                    "the sheet is said to be complete and lacks entered cars, which are taken not to have taken part: {}",
                    missing.join(", ")
                );
                say(Weight::Note, "cars-not-listed", says);
            }
        }
        self.replaced(fact, sheet, &mut say);
        for row in sheet.rows.iter().filter(|row| matches!(row.finish, Finish::Disqualified | Finish::NotStarted)) {
            if let Some(place) = row.place.or(row.class_place).or(row.cup_place) {
                let says =
                    alloc::format!("car {} is printed {} and with place {place}; the place is not counted", row.car, row.finish.word());
                say(Weight::Note, "place-not-counted", says);
            }
        }
        let places: Option<Vec<Places>> = finishers(sheet).map(|row| row.place).collect();
        if let Some(places) =
            places.filter(|places| sheet.complete && sheet.rows.iter().all(|row| row.finish != Finish::Unknown) && !places.is_empty())
            && let Some(gap) = gap(&places)
        {
            let says = alloc::format!(
                "the sheet is said to be complete, and no car has place {gap}; points are given by the cars listed ahead: where one is missing, \
                 record the sheet again, with it or as not complete"
            );
            say(Weight::Contradiction, "place-missing", says);
        }
        for (ahead, behind) in against_the_clock(sheet) {
            let says = alloc::format!(
                "car {} has place {} before car {} with place {}; the laps and times printed say otherwise; the places are taken",
                ahead.car,
                ahead.place.unwrap_or(Places::ANY),
                behind.car,
                behind.place.unwrap_or(Places::ANY)
            );
            say(Weight::Doubt, "times-contradict-places", says);
        }
        self.against_the_distance(sheet, &mut say);
        self.strangers(sheet, &mut say);
        self.crews_in_part(sheet, &mut say);
    }

    /// What is odd about the effects on a sheet.
    fn acting(&self, fact: &Fact, sheet: &PublishedResult, force: &InForce<'_>, say: &mut dyn FnMut(Weight, &'static str, String)) {
        for holds in force.on(&sheet.session).filter(|holds| applies(sheet, holds)) {
            let Some(car) = holds.effect.car() else { continue };
            let row = sheet.rows.iter().find(|row| row.car == *car);
            let at_pit_lane = self.at_pit_lane(sheet, holds);
            let converted = matches!(at_pit_lane, Some(PitLanePenalty::Becomes { .. }));
            let moves = matches!(holds.effect, Effect::AddTime { .. } | Effect::DropPlaces { .. } | Effect::DeductLaps { .. }) || converted;
            let out = |row: &ResultRow| !matches!(row.finish, Finish::Classified | Finish::Unknown);
            if row.is_none() && sheet.complete {
                let says =
                    alloc::format!("{} acts on car {car}, which the complete sheet of fact {} does not list", holds.ground, fact.number);
                say(Weight::Contradiction, "car-not-on-sheet", says);
            } else if moves && row.is_some_and(out) {
                let says = alloc::format!("{} moves car {car}, which has no place to lose", holds.ground);
                say(Weight::Note, "nothing-to-lose", says);
            }
            beside_the_order(holds, car, at_pit_lane.as_ref(), say);
        }
    }

    /// Penalties at the pit lane that were served and then annulled: what they cost on the road stays lost, and is not passed over (case 6).
    fn served_in_vain(&self, sheet: &PublishedResult, force: &InForce<'_>, say: &mut dyn FnMut(Weight, &'static str, String)) {
        let annulled = self.docket.decisions.iter().map(|(_, decision)| *decision).filter(|of| !force.decisions.contains(&of.id));
        for decision in annulled.filter(|_| sheet.mark.is_none()) {
            let here = decision.effects.iter().filter(|effect| effect.session() == Some(&sheet.session));
            let at_pit_lane = here.filter(|effect| matches!(effect, Effect::DriveThrough { .. } | Effect::StopAndGo { .. }));
            for car in at_pit_lane.filter_map(Effect::car).filter(|car| conversion::served(self.live, &decision.id, car)) {
                let says = alloc::format!(
                    "car {car} served the penalty of decision {}, which does not hold any more; what it lost on the road is not given back",
                    decision.id
                );
                say(Weight::Note, "served-in-vain", says);
            }
        }
    }

    /// What became of a drive-through or stop-and-go in the session of a sheet.
    fn at_pit_lane(&self, sheet: &PublishedResult, holds: &Holds<'_>) -> Option<PitLanePenalty> {
        let session = self.season.calendar.find(&sheet.session)?;
        conversion::pit_lane(self.rulebook.law_at(&self.season.calendar, session), self.live, holds)
    }

    /// Cars classified without the distance, or with it and not classified where nothing else is asked; the sheet is taken (E6, P19).
    fn against_the_distance(&self, sheet: &PublishedResult, say: &mut dyn FnMut(Weight, &'static str, String)) {
        let Some(session) = self.season.calendar.find(&sheet.session).filter(|_| sheet.mark.is_none()) else { return };
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let class = |row: &ResultRow| self.roster.entry(&row.car).map(|entry| &self.season.list.entries[entry].class);
        let rows: Vec<(&ResultRow, &ClassId)> = sheet.rows.iter().filter_map(|row| Some((row, class(row)?))).collect();
        for of in &law.classes {
            let Some(rule) = distance::rule(law, &self.season.calendar.sessions[session], &of.id) else { continue };
            let field =
                || rows.iter().filter(|(row, class)| row.finish == Finish::Classified && (!rule.of_class_winner || **class == of.id));
            let first = field().find(|(row, _)| if rule.of_class_winner { row.class_place } else { row.place } == Some(Places::exactly(1)));
            let laps: Vec<Option<u32>> = field().map(|(row, _)| row.laps).collect();
            let most = laps.iter().flatten().copied().max().unwrap_or(0);
            let (winner, at_most) = match first {
                Some((row, _)) => distance::winner(&[row.laps], most, true, true),
                None => (most, distance::winner(&laps, most, sheet.complete, false).1),
            };
            let article = &rule.cite.article;
            for (row, _) in rows.iter().filter(|(_, class)| **class == of.id) {
                let Some(laps) = row.laps else { continue };
                let enough = |winner: u32| winner > 0 && rule.enough(laps, winner);
                if row.finish == Finish::Classified && !rule.enough(laps, winner) {
                    let says = alloc::format!(
                        "car {} is classified with {laps} laps; article {article} asks for {} of {winner}; the sheet is taken",
                        row.car,
                        rule.share.exact()
                    );
                    say(Weight::Doubt, "classified-short", says);
                } else if row.finish == Finish::NotClassified && !rule.take_chequered && at_most.is_some_and(enough) {
                    let says = alloc::format!(
                        "car {} is not classified with {laps} laps of {winner}, which article {article} finds enough; the sheet is taken",
                        row.car
                    );
                    say(Weight::Note, "not-classified-with-distance", says);
                }
            }
        }
    }

    /// What a sheet says of the decisions in it, and does not say.
    fn contained(&self, fact: &Fact, sheet: &PublishedResult, force: &InForce<'_>, say: &mut dyn FnMut(Weight, &'static str, String)) {
        for id in sheet.includes.iter().filter(|id| !force.decisions.contains(*id)) {
            let says =
                alloc::format!("decision {id} is not in force, but every sheet recorded contains its effect; record the sheet without it");
            say(Weight::Doubt, "sheet-contains-lifted-decision", says);
        }
        for id in self.perhaps_contained(fact, sheet, force) {
            let says = alloc::format!(
                "the sheet of fact {} was published after decision {id} and does not say whether it contains it; it was applied to the \
                 sheet: record the sheet again with `includes` if it is in there already, and with `without` if it is not",
                fact.number
            );
            say(Weight::Doubt, "sheet-may-contain-decision", says);
        }
        let disqualified = |decision: &&Decision| sheet.includes.contains(&decision.id);
        for decision in self.docket.decisions.iter().map(|(_, decision)| *decision).filter(disqualified) {
            for effect in &decision.effects {
                let Effect::Disqualify { session, car } = effect else { continue };
                let placed = |row: &&ResultRow| row.car == *car && matches!(row.finish, Finish::Classified | Finish::NotClassified);
                if *session == sheet.session && sheet.rows.iter().any(|row| placed(&row)) {
                    let says = alloc::format!(
                        "the sheet is said to contain decision {}, which disqualifies car {car}, and does not list the car as \
                         disqualified; the sheet is taken",
                        decision.id
                    );
                    say(Weight::Contradiction, "contained-decision-not-seen", says);
                }
            }
        }
    }

    /// Decisions in force that change places, were taken before the sheet was published, and are not said to be in it.
    fn perhaps_contained<'f>(&self, fact: &Fact, sheet: &PublishedResult, force: &'f InForce<'_>) -> Vec<&'f DecisionId> {
        let taken = |id: &DecisionId| {
            self.docket.decisions.iter().filter(|(_, decision)| decision.id == *id).any(|(number, _)| {
                self.live.iter().any(|of| of.number == *number && (of.happened, of.number) < (fact.happened, fact.number))
            })
        };
        let elsewhere = |effect: &Effect| {
            matches!(effect, Effect::Ineligible { .. } | Effect::Shares { .. } | Effect::DropGrid { .. } | Effect::DeleteLap { .. })
        };
        let acts = |holds: &&Holds<'_>| {
            let served = self.at_pit_lane(sheet, holds).is_some_and(|became| !matches!(became, PitLanePenalty::Becomes { .. }));
            holds.effect.car().is_some() && !elsewhere(holds.effect) && !served
        };
        let mut ids: Vec<&DecisionId> = force
            .on(&sheet.session)
            .filter(|holds| acts(holds) && applies(sheet, holds))
            .filter_map(|holds| if let Ground::Decision(id) = &holds.ground { Some(id) } else { None })
            .filter(|id| taken(id) && !sheet.without.contains(id))
            .collect();
        ids.dedup();
        ids
    }

    /// A sheet that takes the place of one that was final, or that listed more.
    fn replaced(&self, fact: &Fact, sheet: &PublishedResult, say: &mut dyn FnMut(Weight, &'static str, String)) {
        let of = |result: &&PublishedResult| result.session == sheet.session && result.mark == sheet.mark;
        let earlier = self.live.iter().filter(|of| (of.happened, of.number) < (fact.happened, fact.number));
        for (number, before) in earlier.filter_map(|earlier| Some((earlier.number, earlier.what.result().filter(of)?))) {
            if before.state == ResultState::Final && sheet.state == ResultState::Provisional {
                let says = alloc::format!("the final sheet of fact {number} is replaced by the provisional one of fact {}", fact.number);
                say(Weight::Doubt, "final-replaced", says);
            }
            if before.complete && (!sheet.complete || sheet.rows.len() < before.rows.len()) {
                let says = alloc::format!(
                    "the complete sheet of fact {number} lists {} cars; the one of fact {} that replaces it {} {}",
                    before.rows.len(),
                    fact.number,
                    if sheet.complete { "lists" } else { "is not complete and lists" },
                    sheet.rows.len()
                );
                say(Weight::Doubt, "smaller-sheet", says);
            }
        }
    }

    /// Drivers the sheet puts in a car for which they are not entered in the round.
    fn strangers(&self, sheet: &PublishedResult, say: &mut dyn FnMut(Weight, &'static str, String)) {
        for row in &sheet.rows {
            let Some(entry) = self.roster.entry(&row.car) else { continue };
            let Some(spell) = self.season.list.entries[entry].spell(sheet.session.round) else { continue };
            for driver in &row.crew {
                if !spell.crew_open && !spell.crew.contains(driver) && !spell.perhaps.contains(driver) {
                    let says = alloc::format!("the sheet puts driver {driver} in car {}; the entry list does not", row.car);
                    say(Weight::Doubt, "driver-not-of-the-crew", says);
                }
            }
        }
    }

    /// Cars of a sheet made of passings that name one driver of several, though the rulebook asks for another at the stop: a change that
    /// nobody recorded takes the points from whoever took over (C2, D2).
    fn crews_in_part(&self, sheet: &PublishedResult, say: &mut dyn FnMut(Weight, &'static str, String)) {
        let Some(session) = self.season.calendar.find(&sheet.session).filter(|_| sheet.mark.is_none()) else { return };
        if self.season.calendar.sessions[session].kind != SessionKind::Race {
            return;
        }
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let Some(rule) = law.pit_stop.as_ref().filter(|rule| rule.driver_change) else { return };
        // Times at the wheel stand on a sheet that passings give; a printed one says who drove by naming him.
        let alone = |row: &&ResultRow| row.finish == Finish::Classified && row.crew.len() == 1 && row.drove.len() == 1;
        let of = |row: &ResultRow| {
            let entry = &self.season.list.entries[self.roster.entry(&row.car)?];
            let others = entry.spell(sheet.session.round)?.crew.iter().any(|driver| *driver != row.crew[0]);
            others.then(|| alloc::format!("{} ({})", entry.label(), row.crew[0]))
        };
        let cars: Vec<String> = sheet.rows.iter().filter(alone).filter_map(of).collect();
        if !cars.is_empty() {
            let says = alloc::format!(
                "one driver alone is named, and scores, in {}, though article {} asks for another at the stop: where a change was not recorded, \
                 record who was aboard and publish the sheet again",
                cars.join(", "),
                rule.cite.article
            );
            say(Weight::Doubt, "crew-in-part", says);
        }
    }
}

/// Penalties at the pit lane, and laps that a printed sheet is not made of.
fn beside_the_order(
    holds: &Holds<'_>,
    car: &EntryId,
    at_pit_lane: Option<&PitLanePenalty>,
    say: &mut dyn FnMut(Weight, &'static str, String),
) {
    match (at_pit_lane, holds.effect) {
        (Some(PitLanePenalty::Becomes { says, .. }), _) => {
            let says = alloc::format!("{} on car {car}: {says}; where it was served, record that", holds.ground);
            say(Weight::Note, "penalty-converted", says);
        }
        (Some(PitLanePenalty::Open), _) => {
            let says = alloc::format!(
                "{} gives car {car} a penalty at the pit lane that is not recorded as served; the rulebook has no [conversion], so \
                 it does nothing",
                holds.ground
            );
            say(Weight::Doubt, "conversion-unknown", says);
        }
        (None, Effect::DeleteLap { lap, .. }) => {
            let says = alloc::format!(
                "{} deletes lap {lap} of car {car}; a printed sheet is not made of laps and stays as it is: record the sheet issued \
                 after it, with `includes`, or publish it anew from its passings",
                holds.ground
            );
            say(Weight::Doubt, "deletion-not-in-sheet", says);
        }
        (Some(PitLanePenalty::Served) | None, _) => {}
    }
}

fn finishers(sheet: &PublishedResult) -> impl Iterator<Item = &ResultRow> {
    sheet.rows.iter().filter(|row| row.finish == Finish::Classified)
}

/// The first place nobody has, where all are exact: so many cars in front of each, dead heats aside.
fn gap(places: &[Places]) -> Option<u16> {
    let mut exact: Vec<u16> = places.iter().map(|place| place.exact()).collect::<Option<_>>()?;
    exact.sort_unstable();
    (1_u16..).zip(exact).find(|(next, place)| place > next).map(|(next, _)| next)
}

/// Neighbours on the sheet whose laps and times are printed and say the opposite of their places.
fn against_the_clock(sheet: &PublishedResult) -> Vec<(&ResultRow, &ResultRow)> {
    let mut rows: Vec<&ResultRow> =
        finishers(sheet).filter(|row| row.place.and_then(Places::exact).is_some() && (row.time.is_some() || row.gap.is_some())).collect();
    rows.sort_by_key(|row| row.place);
    let against = |a: &ResultRow, b: &ResultRow| {
        let times = a.time.zip(b.time).or(a.gap.zip(b.gap));
        a.laps < b.laps || (a.laps == b.laps && times.is_some_and(|(a, b)| a > b))
    };
    rows.windows(2).map(|pair| (pair[0], pair[1])).filter(|(a, b)| a.laps.is_some() == b.laps.is_some() && against(a, b)).collect()
}
