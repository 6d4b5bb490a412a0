//! The second scorer's classifications: the sheet in force, with what was decided beside it.

use std::collections::BTreeMap;

use sport::decision::Effect;
use sport::entry::EntryStatus;
use sport::fact::{Fact, ServedHow, What};
use sport::names::{ChampionshipId, DriverId, EntryId, MarkId};
use sport::result::{Finish, PublishedResult, Raced};
use sport::rulebook::Rulebook;
use sport::rulebook::success::SuccessUnit;
use sport::season::Season;
use sport::session::{SessionKind, SessionName};

use crate::docket::Force;
use crate::fraction::{Fraction, ONE, from, over};

/// One car in an order.
#[derive(Clone, Debug)]
pub struct Row {
    pub car: EntryId,
    pub finish: Finish,
    pub place: Option<u32>,
    pub laps: Option<u32>,
    pub time: Option<i64>,
    pub best_lap: Option<i64>,
    pub crew: Vec<DriverId>,
    pub drove: BTreeMap<DriverId, i64>,
    pub led: bool,
}

/// An order with all that touches its points.
#[derive(Clone, Debug)]
pub struct Order {
    pub session: usize,
    pub mark: Option<MarkId>,
    pub rows: Vec<Row>,
    pub fastest: Vec<EntryId>,
    pub annulled: bool,
    pub withheld: bool,
    pub factor: Fraction,
    /// Cars that score nothing: in these championships (all when empty), and whether others move up.
    pub ineligible: Vec<(EntryId, Vec<ChampionshipId>, bool)>,
    pub shares: BTreeMap<EntryId, Vec<(DriverId, Fraction)>>,
}

/// All orders of a season up to a session: marks before the finish.
pub fn orders(rulebook: &Rulebook, season: &Season, facts: &[Fact], force: &Force, through: usize) -> Vec<Order> {
    let mut orders = Vec::new();
    for (ix, session) in season.calendar.sessions.iter().enumerate().take(through + 1) {
        let mut marks: Vec<Option<MarkId>> = sheets(facts, &session.name).filter_map(|sheet| sheet.mark.clone()).map(Some).collect();
        marks.sort();
        marks.dedup();
        marks.push(None);
        for mark in marks {
            if let Some(sheet) = sheet_in_force(facts, force, &session.name, mark.as_ref()) {
                let order = order(rulebook, season, facts, force, ix, sheet, &orders);
                orders.push(order);
            }
        }
    }
    orders
}

fn sheets<'a>(facts: &'a [Fact], name: &'a SessionName) -> impl DoubleEndedIterator<Item = &'a PublishedResult> {
    facts.iter().filter_map(move |fact| match &fact.what {
        What::Result(result) if result.session == *name => Some(result),
        _ => None,
    })
}

/// The last sheet all of whose decisions are in force; where there is none, the last of those with the fewest that are not.
fn sheet_in_force<'a>(facts: &'a [Fact], force: &Force, name: &'a SessionName, mark: Option<&MarkId>) -> Option<&'a PublishedResult> {
    let of_mark: Vec<&PublishedResult> = sheets(facts, name).filter(|sheet| sheet.mark.as_ref() == mark).collect();
    let lifted = |sheet: &&&PublishedResult| sheet.includes.iter().filter(|id| !force.decisions.contains(*id)).count();
    of_mark.iter().rev().min_by_key(lifted).copied()
}

fn order(
    rulebook: &Rulebook,
    season: &Season,
    facts: &[Fact],
    force: &Force,
    ix: usize,
    sheet: &PublishedResult,
    before: &[Order],
) -> Order {
    let session = &season.calendar.sessions[ix];
    let on_it = |effect: &Effect| effect.session() == Some(&session.name);
    // A sheet contains what moves places. At a mark only a disqualification still does (P2): time, laps and places are taken at the finish.
    let still = |ground: &str, effect: &Effect| {
        let at_the_finish = matches!(effect, Effect::Disqualify { .. }) || sheet.mark.is_none();
        at_the_finish && sheet.includes.iter().all(|id| id.as_str() != ground)
    };
    let all: Vec<&Effect> = force.effects.iter().filter(|(_, effect)| on_it(effect)).map(|(_, effect)| effect).collect();
    let missing: Vec<&Effect> =
        force.effects.iter().filter(|(ground, effect)| on_it(effect) && still(ground, effect)).map(|(_, effect)| effect).collect();
    let mut rows = rows_of(season, sheet, session.name.round);
    add_times_and_take_laps(rulebook, season, facts, ix, &missing, before, &mut rows);
    disqualify(&missing, &mut rows);
    fall_short(rulebook, season, ix, &missing, &mut rows);
    drop_places(&missing, &mut rows);
    let mut factor = from(session.points_factor).times(shortened(rulebook, season, ix, sheet.raced));
    let mut order = Order {
        session: ix,
        mark: sheet.mark.clone(),
        fastest: sheet.fastest.clone(),
        annulled: all.iter().any(|effect| matches!(effect, Effect::AnnulSession { .. })),
        withheld: all.iter().any(|effect| matches!(effect, Effect::WithholdPoints { .. })),
        factor,
        rows,
        ineligible: Vec::new(),
        shares: BTreeMap::new(),
    };
    for effect in all {
        match effect {
            Effect::FactorPoints { factor: more, .. } => factor = factor.times(from(*more)),
            Effect::Ineligible { car, championships, others_move_up, .. } => {
                order.ineligible.push((car.clone(), championships.clone(), *others_move_up));
            }
            Effect::Shares { car, shares, .. } => {
                order.shares.insert(car.clone(), shares.iter().map(|(driver, share)| (driver.clone(), from(*share))).collect());
            }
            _ => {}
        }
    }
    order.factor = factor;
    order
}

fn rows_of(season: &Season, sheet: &PublishedResult, round: u16) -> Vec<Row> {
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let entry = &season.list.entries[season.list.entry(&row.car).expect("entered")];
        let entered = entry.spell(round).map_or(Vec::new(), |spell| spell.crew.clone());
        rows.push(Row {
            car: row.car.clone(),
            finish: row.finish,
            place: row.place.filter(|_| row.finish == Finish::Classified).and_then(|place| place.exact()).map(u32::from),
            laps: row.laps,
            time: row.time.map(|time| time.0),
            best_lap: row.best_lap.map(|lap| lap.0),
            crew: if row.crew.is_empty() { entered } else { row.crew.clone() },
            drove: row.drove.iter().map(|(driver, time)| (driver.clone(), time.0)).collect(),
            led: row.led,
        });
    }
    rows
}

/// Places again from 1, cars that compare equal on the same one.
fn number(rows: &mut [Row], equal: impl Fn(&Row, &Row) -> bool) {
    let before = rows.to_vec();
    for ix in 0..rows.len() {
        let first = (0..=ix).find(|other| equal(&before[*other], &before[ix])).unwrap_or(ix);
        rows[ix].place = Some(u32::try_from(first + 1).expect("few cars"));
    }
}

fn placed(rows: &[Row]) -> (Vec<Row>, Vec<Row>) {
    let (mut with, without): (Vec<Row>, Vec<Row>) = rows.iter().cloned().partition(|row| row.place.is_some());
    with.sort_by_key(|row| row.place);
    (with, without)
}

fn add_times_and_take_laps(
    rulebook: &Rulebook,
    season: &Season,
    facts: &[Fact],
    ix: usize,
    effects: &[&Effect],
    before: &[Order],
    rows: &mut Vec<Row>,
) {
    let mut changed = false;
    for effect in effects {
        match effect {
            Effect::AddTime { car, time, .. } => {
                rows.iter_mut().filter(|row| row.car == *car).for_each(|row| row.time = row.time.map(|was| was + time.0));
                changed = true;
            }
            Effect::DeductLaps { car, laps, .. } => {
                rows.iter_mut().filter(|row| row.car == *car).for_each(|row| row.laps = row.laps.map(|was| was.saturating_sub(*laps)));
                changed = true;
            }
            Effect::AddUnservedSuccess { session } => {
                for row in rows.iter_mut() {
                    let owed = due_in(rulebook, season, facts, before, ix, &row.car) - served(facts, session, &row.car);
                    row.time = row.time.map(|was| was + owed.max(0));
                }
                changed = true;
            }
            _ => {}
        }
    }
    if changed {
        let (mut with, without) = placed(rows);
        with.sort_by_key(|row| (std::cmp::Reverse(row.laps), row.time, row.place));
        number(&mut with, |a, b| (a.laps, a.time, a.place) == (b.laps, b.time, b.place));
        *rows = with.into_iter().chain(without).collect();
    }
}

fn disqualify(effects: &[&Effect], rows: &mut Vec<Row>) {
    for effect in effects {
        if let Effect::Disqualify { car, .. } = effect {
            for row in rows.iter_mut().filter(|row| row.car == *car) {
                row.finish = Finish::Disqualified;
                row.place = None;
            }
        }
    }
    let (mut with, without) = placed(rows);
    number(&mut with, |a, b| a.place == b.place);
    *rows = with.into_iter().chain(without).collect();
}

/// A car from which laps were taken and that has too few of the winner's left is not classified.
fn fall_short(rulebook: &Rulebook, season: &Season, ix: usize, effects: &[&Effect], rows: &mut Vec<Row>) {
    let law = rulebook.law_at(&season.calendar, ix);
    let class = |car: &EntryId| season.list.entries.iter().find(|entry| entry.id == *car).expect("entered").class.clone();
    // The winner is who is first in the end, had nobody fallen short.
    let mut field = rows.clone();
    drop_places(effects, &mut field);
    field.retain(|row| row.place.is_some());
    for row in rows.iter_mut().filter(|row| row.place.is_some()) {
        let mine = class(&row.car);
        let taken = effects.iter().any(|effect| matches!(effect, Effect::DeductLaps { car, .. } if *car == row.car));
        let fits = |rule: &&sport::rulebook::award::ClassifiedRule| {
            rule.sessions.hold(&season.calendar.sessions[ix]) && (rule.classes.is_empty() || rule.classes.contains(&mine))
        };
        let Some(rule) = law.classified.iter().find(fits).filter(|_| taken) else { continue };
        let rivals: Vec<&Row> = field.iter().filter(|other| !rule.of_class_winner || class(&other.car) == mine).collect();
        let first = rivals.iter().filter_map(|other| other.place).min();
        let most = rivals.iter().filter(|other| other.place == first).filter_map(|other| other.laps).max().unwrap_or(0);
        let asked = from(rule.share).times(over(i128::from(most), 1));
        let asked = if rule.round_down { over(asked.0.div_euclid(asked.1), 1) } else { asked };
        if over(i128::from(row.laps.unwrap_or(0)), 1).against(asked).is_lt() {
            (row.finish, row.place) = (Finish::NotClassified, None);
        }
    }
    let (mut with, without) = placed(rows);
    number(&mut with, |a, b| a.place == b.place);
    *rows = with.into_iter().chain(without).collect();
}

fn drop_places(effects: &[&Effect], rows: &mut Vec<Row>) {
    // Of several cars the last drops first, so that each loses places to the cars behind it.
    let (mut falling, _) = placed(rows);
    falling.reverse();
    for car in falling.iter().map(|row| &row.car) {
        let of_car =
            |effect: &&Effect| if let Effect::DropPlaces { car: of, places, .. } = effect { (of == car).then_some(*places) } else { None };
        let places: u16 = effects.iter().filter_map(of_car).sum();
        if places > 0 {
            let (mut with, without) = placed(rows);
            if let Some(at) = with.iter().position(|row| row.car == *car) {
                let tied: Vec<Option<u32>> = with.iter().map(|row| row.place).collect();
                let from = with[at].place.expect("placed") as usize - 1;
                let to = (from + usize::from(places)).min(with.len() - 1);
                let moved = with.remove(at);
                // Nobody stands between two cars in a dead heat.
                let mut to = to;
                while to > 0 && to < with.len() && with[to].place == with[to - 1].place {
                    to += 1;
                }
                with.insert(to, moved);
                let same =
                    |a: &Row, b: &Row| a.car == b.car || (a.car != *car && b.car != *car && a.place == b.place && tied.contains(&a.place));
                number(&mut with, same);
            }
            *rows = with.into_iter().chain(without).collect();
        }
    }
}

fn shortened(rulebook: &Rulebook, season: &Season, ix: usize, raced: Raced) -> Fraction {
    let session = &season.calendar.sessions[ix];
    let (laps, share) = match raced {
        Raced::Full => return ONE,
        Raced::Laps { completed, scheduled } => (Some(completed), scheduled.map(|of| over(i128::from(completed), i128::from(of)))),
        Raced::Time { run, laps } => (laps, session.minutes.map(|minutes| over(i128::from(run.0), i128::from(minutes) * 60_000_000))),
    };
    for step in &rulebook.law_at(&season.calendar, ix).shortened {
        let few = step.laps_below.is_some_and(|below| laps.is_some_and(|laps| laps < below));
        let short = step.share_below.is_some_and(|below| share.is_some_and(|share| share.against(from(below)).is_lt()));
        if few || short {
            return from(step.factor);
        }
    }
    ONE
}

fn served(facts: &[Fact], session: &SessionName, car: &EntryId) -> i64 {
    let mut said = facts.iter().filter_map(|fact| match &fact.what {
        What::Served(of) if of.session == *session && of.car == *car => Some(of),
        _ => None,
    });
    said.next_back().map_or(0, |of| if of.how == ServedHow::AtStop { of.time.0 } else { 0 })
}

/// Success seconds a car brings to a race: what earlier races gave it that comes due here.
fn due_in(rulebook: &Rulebook, season: &Season, facts: &[Fact], before: &[Order], race: usize, car: &EntryId) -> i64 {
    let mut due = 0;
    for order in before {
        let session = &season.calendar.sessions[order.session];
        let law = rulebook.law_at(&season.calendar, order.session);
        let Some(success) = &law.success else { continue };
        let entry = &season.list.entries[season.list.entry(car).expect("entered")];
        let counts = session.kind == SessionKind::Race && order.mark.is_none() && !order.annulled && success.unit == SuccessUnit::Time;
        if !counts || !success.classes.contains(&entry.class) {
            continue;
        }
        let takes = |row: &&Row| {
            let other = &season.list.entries[season.list.entry(&row.car).expect("entered")];
            let rule = match status(season, facts, &row.car, session.name.round) {
                EntryStatus::Regular => return other.class == entry.class,
                EntryStatus::Guest => &law.guests,
                EntryStatus::Invitational => &law.invitational,
            };
            other.class == entry.class && rule.takes_success
        };
        let counted: Vec<&Row> = order.rows.iter().filter(|row| row.place.is_some()).filter(takes).collect();
        let Some(own) = counted.iter().find(|row| row.car == *car) else { continue };
        let place = counted.iter().filter(|row| row.place < own.place).count() + 1;
        let step = success.steps.iter().find(|step| step.length.holds(session.minutes, session.kilometres));
        let amount = step.and_then(|step| step.amounts.get(place - 1)).map_or(0, |amount| amount.0);
        let mut next = season.calendar.next_race(order.session);
        while let Some(at) = next.filter(|at| *at < race && success.kept_when_absent) {
            let took_part = before.iter().any(|order| {
                order.session == at
                    && order.mark.is_none()
                    && order.rows.iter().any(|row| row.car == *car && row.finish != Finish::NotStarted)
            });
            // Of a race without a result nobody knows that the car was absent.
            let published = before.iter().any(|order| order.session == at && order.mark.is_none());
            if took_part || !published {
                break;
            }
            next = season.calendar.next_race(at);
        }
        due += if next == Some(race) { amount } else { 0 };
    }
    due
}

/// How an entry takes part in a round.
pub fn status(season: &Season, facts: &[Fact], car: &EntryId, round: u16) -> EntryStatus {
    let mut status = season.list.entries[season.list.entry(car).expect("entered")].status;
    for fact in facts {
        match &fact.what {
            What::Status { car: of, status: now, rounds } if of == car && rounds.is_empty() => {
                let last = season.calendar.sessions.iter().rfind(|session| session.name.round == round).expect("a session");
                if fact.happened.0 < (last.date.days_since_1970() + 1) * 86_400_000_000 {
                    status = *now;
                }
            }
            What::Status { car: of, status: now, rounds } if of == car && rounds.contains(&round) => status = *now,
            _ => {}
        }
    }
    status
}
