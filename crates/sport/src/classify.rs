//! From published sheets and decisions in force to a classification.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::classification::{Classification, Classified, Order};
use crate::conversion::{self, PitLanePenalty};
use crate::date::Micros;
use crate::decision::Effect;
use crate::fact::Fact;
use crate::finding::{Finding, Weight};
use crate::names::MarkId;
use crate::place::Places;
use crate::points::Points;
use crate::result::{Finish, PublishedResult, ResultRow};
use crate::roster::Roster;
use crate::rulebook::Rulebook;
use crate::rules::cup::CupFit;
use crate::rules::distance::{self, Distance};
use crate::rules::penalties::{self, Runner, Scope};
use crate::rules::shortened::{Shortened, shortened};
use crate::rules::success::Owed;
use crate::season::Season;
use crate::world::{Docket, Ground, Holds, InForce};

/// What a classification is made from.
pub(crate) struct Sheets<'a> {
    pub(crate) season: &'a Season,
    pub(crate) roster: &'a Roster,
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) live: &'a [&'a Fact],
    pub(crate) docket: &'a Docket<'a>,
}

impl<'a> Sheets<'a> {
    /// The sheet to start from: the latest one whose contents are all in force, or, where there is none, the one with the
    /// fewest decisions in it that are not (a finding then).
    pub(crate) fn base(&self, session: usize, mark: Option<&MarkId>, force: &InForce<'_>) -> Option<(&'a Fact, &'a PublishedResult)> {
        let name = &self.season.calendar.sessions[session].name;
        let of_session = |result: &&PublishedResult| result.session == *name && result.mark.as_ref() == mark;
        let sheets = self.live.iter().filter_map(|fact| Some((*fact, fact.what.result().filter(of_session)?)));
        let lifted = |result: &PublishedResult| result.includes.iter().filter(|id| !force.decisions.contains(*id)).count();
        sheets.enumerate().min_by_key(|(at, (_, result))| (lifted(result), core::cmp::Reverse(*at))).map(|(_, sheet)| sheet)
    }

    /// The marks for which a session has sheets; the finish is `None` and comes last.
    pub(crate) fn marks(&self, session: usize) -> Vec<Option<MarkId>> {
        let name = &self.season.calendar.sessions[session].name;
        let mut marks: Vec<Option<MarkId>> = Vec::new();
        for fact in self.live {
            if let Some(result) = fact.what.result()
                && result.session == *name
                && !marks.contains(&result.mark)
            {
                marks.push(result.mark.clone());
            }
        }
        marks.sort_by_key(|mark| (mark.is_none(), mark.clone()));
        marks
    }

    /// The classification of a session (or of a mark in it). `owed` is what each car still owed of its success seconds there.
    pub(crate) fn classify(
        &self,
        session: usize,
        mark: Option<&MarkId>,
        force: &InForce<'_>,
        owed: &[Owed],
        findings: &mut Vec<Finding>,
    ) -> Option<Classification> {
        let (fact, sheet) = self.base(session, mark, force)?;
        let about = || alloc::format!("{}", sheet.session);
        self.oddities(fact, sheet, force, findings);
        let order = if sheet.rows.iter().any(|row| row.place.is_some()) { Order::Overall } else { Order::Class };
        let mut rows = self.rows(session, sheet, order);
        let effects: Vec<&Holds<'_>> = force.on(&sheet.session).filter(|holds| applies(sheet, holds)).collect();
        let touched = self.apply(session, &mut rows, sheet.complete, order, &effects, owed);
        let unsettled = |row: &&Classified| {
            !row.effects.is_empty()
                && row.place.is_some_and(|place| place.exact().is_none())
                && row.published.and_then(Places::exact).is_some()
        };
        for row in rows.iter().filter(unsettled) {
            let car = self.season.list.entries[row.entry].label();
            findings.push(Finding {
                weight: Weight::Doubt,
                code: "order-open",
                about: about(),
                says: alloc::format!(
                    "what the sheet prints (places, laps, times) does not say where car {car} comes out, so its place is a range; record a \
                     sheet that prints more"
                ),
            });
        }
        self.derive_places(&mut rows, order, !touched, findings, sheet);
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let class = |row: &Classified| law.classes.iter().position(|class| class.id == self.season.list.entries[row.entry].class);
        let class = |row: &Classified| if order == Order::Class { class(row) } else { None };
        let known = |row: &Classified| row.place.map(|place| (place.worst == Places::OPEN, place));
        rows.sort_by_key(|row| {
            (!row.on_sheet, class(row), row.place.is_none(), known(row), row.finish, Reverse(row.laps), row.time, row.entry)
        });
        let (factor, factor_reasons) = self.factor(session, sheet, &effects);
        let factor_open = match shortened(law, &self.season.calendar.sessions[session], sheet) {
            Shortened::Open(factors) => factors,
            Shortened::Full | Shortened::By(_) => Vec::new(),
        };
        if !factor_open.is_empty() {
            findings.push(Finding {
                weight: Weight::Doubt,
                code: "share-unknown",
                about: about(),
                says: String::from(
                    "the race was cut short, and the laps or the share of it that a step of the rulebook asks for were not published; its \
                     points are at least and at most",
                ),
            });
        }
        let by = |wanted: fn(&Effect) -> bool| effects.iter().find(|holds| wanted(holds.effect)).map(|holds| holds.ground.clone());
        Some(Classification {
            session,
            mark: mark.cloned(),
            state: sheet.state,
            fact: fact.number,
            complete: sheet.complete,
            order,
            annulled: by(|effect| matches!(effect, Effect::AnnulSession { .. })),
            withheld: by(|effect| matches!(effect, Effect::WithholdPoints { .. })),
            rows,
            factor,
            factor_open,
            factor_reasons,
            open: self.docket.open_on(&sheet.session).iter().map(|matter| matter.id.clone()).collect(),
        })
    }

    /// The sheet's rows, and after them the entered cars that an incomplete sheet does not name.
    fn rows(&self, session: usize, sheet: &PublishedResult, order: Order) -> Vec<Classified> {
        let round = self.season.calendar.sessions[session].name.round;
        let gaps_only = sheet.rows.iter().filter(|row| row.finish == Finish::Classified).any(|row| row.time.is_none() && row.gap.is_some());
        let leader = if gaps_only { sheet.rows.iter().find_map(|row| row.time.filter(|_| row.gap.is_none())) } else { None };
        let mut seen = alloc::vec![false; self.season.list.entries.len()];
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            // A car stands once on a sheet: `accept` sees to it, a journal from elsewhere may not.
            let row = self.row(round, row, order, leader.unwrap_or(Micros(0)), gaps_only);
            rows.extend(row.filter(|row| !core::mem::replace(&mut seen[row.entry], true)));
        }
        if !sheet.complete {
            for entry in (0..seen.len()).filter(|entry| !seen[*entry]) {
                let unnamed = ResultRow::of(self.season.list.entries[entry].id.clone(), Finish::Unknown);
                if self.roster.taking(round, entry).is_some()
                    && let Some(mut row) = self.row(round, &unnamed, order, Micros(0), false)
                {
                    row.on_sheet = false;
                    rows.push(row);
                }
            }
        }
        rows
    }

    fn row(&self, round: u16, row: &ResultRow, order: Order, leader: Micros, gaps_only: bool) -> Option<Classified> {
        let entry = self.roster.entry(&row.car)?;
        let taking = self.roster.taking(round, entry);
        let may_finish = matches!(row.finish, Finish::Classified | Finish::Unknown);
        let place = match order {
            Order::Overall => row.place,
            Order::Class => row.class_place,
        };
        // A driver stands once in a crew: `accept` sees to it, a journal from elsewhere may not.
        let mut named: Vec<usize> = Vec::with_capacity(row.crew.len());
        for driver in row.crew.iter().filter_map(|driver| self.roster.driver(driver)) {
            if !named.contains(&driver) {
                named.push(driver);
            }
        }
        let entered = taking.map_or(&[][..], |taking| &taking.crew);
        // The leader of a sheet of gaps has none, and is none behind itself.
        let leads = order == Order::Overall && row.finish == Finish::Classified && row.place == Some(Places::exactly(1));
        let time = match gaps_only {
            true => row.gap.or(row.time.map(|time| Micros(time.0.saturating_sub(leader.0)))).or(leads.then_some(Micros(0))),
            false => row.time,
        };
        let place = place.filter(|_| may_finish);
        Some(Classified {
            entry,
            finish: row.finish,
            published: place,
            place: place.or(may_finish.then_some(Places::ANY)),
            class_place: row.class_place.filter(|_| may_finish),
            cup_place: row.cup_place.filter(|_| may_finish),
            laps: row.laps,
            time,
            best_lap: row.best_lap,
            cup: taking.map_or(CupFit::None, |taking| taking.cup.clone()),
            crew_open: taking.is_some_and(|taking| taking.crew_open) && named.len() < 2,
            perhaps: taking.map_or(&[][..], |taking| &taking.perhaps).iter().copied().filter(|driver| !named.contains(driver)).collect(),
            crew: if named.is_empty() { entered.to_vec() } else { named },
            drove: row.drove.iter().filter_map(|(driver, time)| Some((self.roster.driver(driver)?, *time))).collect(),
            led: row.led,
            on_sheet: true,
            effects: Vec::new(),
            note: row.note.clone(),
        })
    }

    /// Applies effects in each order separately; true where any order changed.
    fn apply(&self, session: usize, rows: &mut [Classified], complete: bool, order: Order, effects: &[&Holds<'_>], owed: &[Owed]) -> bool {
        let mut runners: Vec<Runner> = rows.iter().map(runner).collect();
        let at = |car| rows.iter().position(|row| Some(row.entry) == self.roster.entry(car));
        for holds in effects {
            let mut done = |ix: usize, says: String| runners[ix].effects.push((holds.ground.clone(), says));
            match holds.effect {
                Effect::AddTime { car, time, .. } => {
                    let Some(ix) = at(car) else { continue };
                    done(ix, alloc::format!("{time} s added"));
                    runners[ix].added.0 = runners[ix].added.0.saturating_add(time.0);
                }
                Effect::AddUnservedSuccess { .. } => {
                    for of in owed {
                        // Who did not start owes nothing here: what was due lapses or is kept (D4).
                        let there = |row: &Classified| row.entry == of.entry && row.finish != Finish::NotStarted;
                        let Some(ix) = rows.iter().position(there) else { continue };
                        if of.time.0 > 0 {
                            runners[ix].effects.push((holds.ground.clone(), alloc::format!("{} s of success penalty added", of.time)));
                        }
                        if of.open {
                            let says = String::from("perhaps success penalty added; what it owed was not published");
                            runners[ix].effects.push((holds.ground.clone(), says));
                        }
                        runners[ix].added.0 = runners[ix].added.0.saturating_add(of.time.0);
                        runners[ix].added_open |= of.open;
                    }
                }
                Effect::DropPlaces { car, places, .. } => {
                    let Some(ix) = at(car) else { continue };
                    done(ix, alloc::format!("{places} place{} dropped", if *places == 1 { "" } else { "s" }));
                    runners[ix].places_dropped = runners[ix].places_dropped.saturating_add(*places);
                }
                Effect::DeductLaps { car, laps, .. } => {
                    let Some(ix) = at(car) else { continue };
                    done(ix, alloc::format!("{laps} lap{} taken", if *laps == 1 { "" } else { "s" }));
                    runners[ix].laps_taken = runners[ix].laps_taken.saturating_add(*laps);
                }
                Effect::Disqualify { car, .. } => {
                    let Some(ix) = at(car) else { continue };
                    done(ix, String::from("disqualified"));
                    runners[ix].disqualified = true;
                }
                Effect::DriveThrough { car, .. } | Effect::StopAndGo { car, .. } => {
                    let Some(ix) = at(car) else { continue };
                    let law = self.rulebook.law_at(&self.season.calendar, session);
                    if let Some(PitLanePenalty::Becomes { time, says }) = conversion::pit_lane(law, self.live, holds) {
                        done(ix, says);
                        runners[ix].added.0 = runners[ix].added.0.saturating_add(time.0);
                    }
                }
                Effect::AnnulSession { .. }
                | Effect::WithholdPoints { .. }
                | Effect::FactorPoints { .. }
                | Effect::Ineligible { .. }
                | Effect::Shares { .. }
                | Effect::DeductPoints { .. }
                | Effect::Exclude { .. }
                | Effect::Restart { .. }
                | Effect::Annul { .. }
                | Effect::DropGrid { .. }
                | Effect::DeleteLap { .. }
                | Effect::Reprimand { .. }
                | Effect::Fine { .. }
                | Effect::LicencePoints { .. } => {}
            }
        }
        let touched = runners.iter().any(|runner| !runner.effects.is_empty());
        if touched {
            self.distances(session, rows, complete, order, effects, &mut runners);
            self.reorder(rows, complete, order, &mut runners);
        }
        touched
    }

    /// Whether the cars from which laps are taken have still completed the distance to be classified (E6, P19).
    fn distances(&self, session: usize, rows: &[Classified], complete: bool, order: Order, effects: &[&Holds<'_>], runners: &mut [Runner]) {
        if runners.iter().all(|runner| runner.laps_taken == 0) {
            return;
        }
        let class = |ix: usize| &self.season.list.entries[rows[ix].entry].class;
        let laps = |ix: usize| rows[ix].laps.map(|laps| laps.saturating_sub(runners[ix].laps_taken));
        // Who wins is who is first once everything else was applied; it need not be who completed most laps.
        let (mut ended, mut with) = (rows.to_vec(), runners.to_vec());
        self.reorder(&mut ended, complete, order, &mut with);
        let ahead = |ix: usize, of: usize| {
            let comparable = order == Order::Overall || class(ix) == class(of);
            let places = ended[ix].place.zip(ended[of].place);
            comparable && places.is_some_and(|(place, other)| place.worst < other.best)
        };
        let racing: Vec<usize> = (0..rows.len()).filter(|ix| ended[*ix].place.is_some() && ended[*ix].may_finish()).collect();
        let moved = runners.iter().any(|runner| runner.places_dropped > 0);
        let everybody = complete && rows.iter().all(|row| row.finish != Finish::Unknown);
        let law = self.rulebook.law_at(&self.season.calendar, session);
        let short: Vec<usize> = racing.iter().copied().filter(|ix| runners[*ix].laps_taken > 0).collect();
        let exact = |ix: usize| ended[ix].place.is_some_and(|place| place.exact().is_some());
        let mut found = Vec::new();
        for ix in short {
            let Some(rule) = distance::rule(law, &self.season.calendar.sessions[session], class(ix)) else { continue };
            let field: Vec<usize> = racing.iter().copied().filter(|of| !rule.of_class_winner || class(*of) == class(ix)).collect();
            let may_win: Vec<usize> = field.iter().copied().filter(|of| !field.iter().any(|other| ahead(*other, *of))).collect();
            let on_the_road = field.iter().filter_map(|of| laps(*of)).max().filter(|_| !moved).unwrap_or(0);
            let first = |of: &usize| ended[*of].place == Some(Places::exactly(1)) && (order == Order::Overall || rule.of_class_winner);
            let all_won = may_win.iter().all(|of| may_win.iter().all(|other| ended[*of].place == ended[*other].place) && exact(*of));
            let may_win: Vec<Option<u32>> = may_win.iter().map(|of| laps(*of)).collect();
            let winner = distance::winner(&may_win, on_the_road, everybody || field.iter().any(first), all_won);
            found.push((ix, rule, distance::covered(rule, laps(ix), winner)));
        }
        for (ix, rule, distance) in found {
            runners[ix].distance = distance;
            let says = match runners[ix].distance {
                Distance::Enough => continue,
                Distance::Short => "under the distance to be classified",
                Distance::Unknown => "perhaps under the distance to be classified; laps were not published",
            };
            let takes = |holds: &&&Holds<'_>| {
                let mine = holds.effect.car().and_then(|car| self.roster.entry(car)) == Some(rows[ix].entry);
                mine && matches!(holds.effect, Effect::DeductLaps { .. })
            };
            if let Some(by) = effects.iter().rfind(takes) {
                runners[ix].effects.push((by.ground.clone(), alloc::format!("{says}, article {}", rule.cite.article)));
            }
        }
    }

    fn reorder(&self, rows: &mut [Classified], complete: bool, order: Order, runners: &mut [Runner]) {
        let class = |row: &Classified| &self.season.list.entries[row.entry].class;
        // Whatever happens to cars of other classes, those of a class none of whose cars is given anything stay in their order.
        let given: Vec<usize> = (0..rows.len()).filter(|ix| !runners[*ix].effects.is_empty()).collect();
        let kept: Vec<_> = (0..rows.len())
            .map(|ix| {
                let calm = given.iter().all(|other| class(&rows[*other]) != class(&rows[ix]));
                let counted = self.counted(rows, order, complete, ix).filter(|_| calm);
                let published = (rows[ix].class_place.filter(|_| calm), rows[ix].cup_place.filter(|_| calm));
                (counted.as_ref().map(|places| places.0).or(published.0), counted.and_then(|places| places.1).or(published.1))
            })
            .collect();
        let mut done: Vec<bool> = alloc::vec![false; rows.len()];
        for first in 0..rows.len() {
            if done[first] {
                continue;
            }
            let members: Vec<usize> =
                (first..rows.len()).filter(|ix| order == Order::Overall || class(&rows[*ix]) == class(&rows[first])).collect();
            let mut group: Vec<Runner> = members.iter().map(|ix| runners[*ix].clone()).collect();
            if group.iter().any(|runner| !runner.effects.is_empty()) {
                let whole = members.len() == rows.len();
                penalties::apply(&mut group, Scope { complete, whole });
                for (ix, runner) in members.iter().zip(group) {
                    let row = &mut rows[*ix];
                    (row.place, row.finish, row.laps, row.time) = (runner.place, runner.finish, runner.laps, runner.time);
                    row.effects.extend(runner.effects);
                    (row.class_place, row.cup_place) = kept[*ix];
                    if order == Order::Class {
                        row.class_place = row.place;
                    }
                }
            }
            members.iter().for_each(|ix| done[*ix] = true);
        }
    }

    /// Class and cup places that can be counted from the order; a published one that disagrees is a finding.
    fn derive_places(&self, rows: &mut [Classified], order: Order, untouched: bool, findings: &mut Vec<Finding>, sheet: &PublishedResult) {
        for ix in 0..rows.len() {
            let Some((class_place, cup_place)) = self.counted(rows, order, sheet.complete, ix) else { continue };
            let row = &mut rows[ix];
            for (published, counted, what) in [(row.class_place, Some(class_place), "class"), (row.cup_place, cup_place, "cup")] {
                if let (true, Some(published), Some(counted)) = (untouched, published, counted)
                    && published.both(counted).is_none()
                {
                    let car = self.season.list.entries[row.entry].label();
                    findings.push(Finding {
                        weight: Weight::Contradiction,
                        code: "places-contradict",
                        about: alloc::format!("{}", sheet.session),
                        says: alloc::format!(
                            "car {car} was published {published} in its {what}; the order published beside it gives {counted}"
                        ),
                    });
                }
            }
            row.class_place = row.class_place.or(Some(class_place));
            row.cup_place = row.cup_place.or(cup_place);
        }
    }

    /// A car's places in class and cup, where every place in front of it is somebody's whose class is known, or nobody's: a complete sheet
    /// that gives every car its place has nobody left for a place it lacks. Behind cars whose cup is not known the place in cup is a range.
    fn counted(&self, rows: &[Classified], order: Order, complete: bool, ix: usize) -> Option<(Places, Option<Places>)> {
        let class = |row: &Classified| &self.season.list.entries[row.entry].class;
        let row = &rows[ix];
        let place = row.place.and_then(Places::exact).filter(|_| row.finish == Finish::Classified)?;
        let ahead = rows.iter().filter(|other| other.place.and_then(Places::exact).is_some_and(|other| other < place));
        let (mut known, mut in_class, mut in_cup, mut unsure) = (0_u16, 0_u16, 0_u16, 0_u16);
        let cup = if let CupFit::Cup(cup) = &row.cup { Some(cup) } else { None };
        for other in ahead {
            let same = class(other) == class(row);
            known += u16::from(same || order == Order::Overall);
            in_class += u16::from(same);
            match cup.map(|cup| other.cup.is(cup)) {
                Some(Some(true)) if same => in_cup += 1,
                Some(None) if same => unsure += 1,
                _ => {}
            }
        }
        let placed = |row: &Classified| row.finish == Finish::Classified && row.place.and_then(Places::exact).is_some();
        let filled = known + 1 == place || (complete && rows.iter().filter(|row| row.may_finish()).all(placed));
        let in_cup = cup.map(|_| Places { best: in_cup + 1, worst: in_cup + unsure + 1 });
        filled.then_some((Places::exactly(in_class + 1), in_cup))
    }

    /// The factor on all points of the session, and where it comes from.
    fn factor(&self, session: usize, sheet: &PublishedResult, effects: &[&Holds<'_>]) -> (Points, Vec<String>) {
        let on = &self.season.calendar.sessions[session];
        let mut factor = on.points_factor;
        let mut reasons = Vec::new();
        if factor != Points::ONE {
            reasons.push(alloc::format!("{} × by the calendar", factor.exact()));
        }
        let law = self.rulebook.law_at(&self.season.calendar, session);
        if let Shortened::By(step) = shortened(law, on, sheet)
            && step.factor != Points::ONE
        {
            factor = factor * step.factor;
            reasons.push(alloc::format!("{} × for a shortened race, {}", step.factor.exact(), step.cite));
        }
        for holds in effects {
            if let Effect::FactorPoints { factor: by, .. } = holds.effect {
                factor = factor * *by;
                reasons.push(alloc::format!("{} × by {}", by.exact(), holds.ground));
            }
        }
        (factor, reasons)
    }
}

/// Whether an effect is still to be applied to a sheet. A sheet can contain what moves places and nothing else; added time,
/// deducted laps and dropped places act on the finish, not on a mark that was passed before (P2).
pub(crate) fn applies(sheet: &PublishedResult, holds: &Holds<'_>) -> bool {
    let contained = matches!(&holds.ground, Ground::Decision(id) if sheet.includes.contains(id));
    match holds.effect {
        Effect::AddTime { .. }
        | Effect::AddUnservedSuccess { .. }
        | Effect::DropPlaces { .. }
        | Effect::DeductLaps { .. }
        | Effect::DriveThrough { .. }
        | Effect::StopAndGo { .. } => !contained && sheet.mark.is_none(),
        Effect::Disqualify { .. } | Effect::DeleteLap { .. } => !contained,
        Effect::AnnulSession { .. }
        | Effect::WithholdPoints { .. }
        | Effect::FactorPoints { .. }
        | Effect::Ineligible { .. }
        | Effect::Shares { .. }
        | Effect::DeductPoints { .. }
        | Effect::Exclude { .. }
        | Effect::Restart { .. }
        | Effect::Annul { .. }
        | Effect::DropGrid { .. }
        | Effect::Reprimand { .. }
        | Effect::Fine { .. }
        | Effect::LicencePoints { .. } => true,
    }
}

fn runner(row: &Classified) -> Runner {
    Runner {
        finish: row.finish,
        place: row.place,
        laps: row.laps,
        time: row.time,
        disqualified: false,
        added: Micros(0),
        added_open: false,
        laps_taken: 0,
        distance: Distance::Enough,
        places_dropped: 0,
        effects: Vec::new(),
    }
}
