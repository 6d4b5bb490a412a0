//! The order in which a race lines up before any drop (B4, P28–P32): from the sessions that make its grid, as the rulebook takes them together.
//!
//! It takes what each car did in those sessions, penalties and deleted laps applied, and gives every car entered its place with the reason,
//! a phrase for each step. Cars without a time in what makes the order stand behind it, with leave of the stewards.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Micros;
use crate::grid::GridPlace;
use crate::names::SessionId;
use crate::place::Places;
use crate::result::Finish;
use crate::rulebook::grid_source::{GridBase, GridSource, GroupOrder, Through};
use crate::session::SessionName;

/// A session as a grid reads it.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Which.
    pub(crate) name: SessionName,
    /// Whether it was a race: then a car has its place without a time.
    pub(crate) race: bool,
    /// The cars, in the order of the result.
    pub(crate) cars: Vec<Ran>,
}

/// What a car did in a session.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// Position in the entry list.
    pub(crate) entry: usize,
    /// How it ended.
    pub(crate) finish: Finish,
    /// Its place, as far as it is known.
    pub(crate) place: Option<Places>,
    /// Its best lap.
    pub(crate) best: Option<Micros>,
    /// Who set it, where known.
    pub(crate) driver: Option<usize>,
    /// The best lap of each driver of whom it is known.
    pub(crate) by_driver: Vec<(usize, Micros)>,
}

/// A car entered for the race.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    /// Position in the entry list.
    pub(crate) entry: usize,
    /// Its drivers, each with the name as printed.
    pub(crate) crew: Vec<(usize, String)>,
    /// Whether a driver is missing there.
    pub(crate) crew_open: bool,
}

/// What a line-up is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineUp<'a> {
    /// What the rulebook says.
    pub(crate) source: &'a GridSource,
    /// The sessions of this round it asks; one that is not held here is not among them.
    pub(crate) runs: &'a [Run],
    /// Every car entered for the race.
    pub(crate) entered: &'a [Entered],
    /// The article of the grid, for cars without a time.
    pub(crate) article: &'a str,
    /// Whether they start at the back; false: they are not on the grid.
    pub(crate) without_time_at_back: bool,
}

/// A car in the order, and whether it has a time or place there rather than standing behind it.
#[derive(Clone, Debug)]
pub(crate) struct Lined {
    pub(crate) place: GridPlace,
    pub(crate) timed: bool,
}

impl Lined {
    pub(crate) fn new(entry: usize, timed: bool, time: Option<Micros>, driver: Option<usize>, why: String) -> Self {
        Self { place: GridPlace { entry, driver, time, reasons: alloc::vec![why] }, timed }
    }
}

impl LineUp<'_> {
    /// Every car entered, first place first.
    pub(crate) fn order(&self) -> Vec<Lined> {
        let mut order = match &self.source.base {
            GridBase::Result(session) => self.run(session).map_or_else(Vec::new, |run| self.result(run)),
            GridBase::FastestLaps(session) => self.run(session).map_or_else(Vec::new, |run| self.fastest_laps(run)),
            GridBase::Laps { sessions, of, how } => self.combined(&self.runs_of(sessions), *of, *how),
            GridBase::Places { sessions, ties } => {
                let ties = ties.as_ref().or(sessions.last()).and_then(|session| self.run(session));
                self.places_summed(&self.runs_of(sessions), ties)
            }
            GridBase::Groups { sessions, order } => self.groups(&self.runs_of(sessions), *order),
        };
        self.absent(&mut order);
        // Who has no time is behind who has one, whatever made the order.
        order.sort_by_key(|lined| !lined.timed);
        for through in &self.source.through {
            if let Some(run) = self.run(&through.session) {
                self.through(&mut order, through, run);
            }
        }
        order
    }

    fn run(&self, session: &SessionId) -> Option<&Run> {
        self.runs.iter().find(|run| run.name.id == *session)
    }

    fn runs_of(&self, sessions: &[SessionId]) -> Vec<&Run> {
        sessions.iter().filter_map(|session| self.run(session)).collect()
    }

    /// Cars that took no part in what makes the order; and nobody twice, or who is not entered.
    fn absent(&self, order: &mut Vec<Lined>) {
        let mut seen: Vec<usize> = Vec::new();
        order.retain(|lined| {
            let fresh = !seen.contains(&lined.place.entry) && self.entered.iter().any(|entered| entered.entry == lined.place.entry);
            seen.push(lined.place.entry);
            fresh
        });
        let names: Vec<String> = self.runs_of(self.source.base.sessions()).iter().map(|run| alloc::format!("{}", run.name)).collect();
        let why = alloc::format!("took no part in {}: {}", names.join(" or "), self.at_back());
        let absent = self.entered.iter().filter(|entered| !seen.contains(&entered.entry));
        order.extend(absent.map(|entered| Lined::new(entered.entry, false, None, None, why.clone())));
    }

    pub(crate) fn at_back(&self) -> String {
        // Where the rulebook says nothing of it no article can be named.
        let article = if self.article.is_empty() { String::new() } else { alloc::format!(" ({})", self.article) };
        if self.without_time_at_back {
            alloc::format!("at the back with leave of the stewards{article}")
        } else {
            alloc::format!("not on the grid{article}")
        }
    }

    fn result(&self, run: &Run) -> Vec<Lined> {
        let lined = |ran: &Ran| {
            let time = ran.best.filter(|_| ran.place.is_some() && !run.race);
            let why = told(run, ran).unwrap_or_else(|missing| alloc::format!("{missing}: {}", self.at_back()));
            Lined::new(ran.entry, ran.place.is_some(), time, ran.driver, why)
        };
        run.cars.iter().map(lined).collect()
    }

    fn fastest_laps(&self, run: &Run) -> Vec<Lined> {
        let mut cars: Vec<&Ran> = run.cars.iter().collect();
        cars.sort_by_key(|ran| (ran.best.is_none(), ran.best));
        let lined = |(at, ran): (usize, &&Ran)| {
            let why = match ran.best {
                Some(best) => alloc::format!("fastest lap {} of {} with {best}", at + 1, run.name),
                None => alloc::format!("no time in {}: {}", run.name, self.at_back()),
            };
            Lined::new(ran.entry, ran.best.is_some(), ran.best, ran.driver, why)
        };
        cars.iter().enumerate().map(lined).collect()
    }

    fn groups(&self, runs: &[&Run], order: GroupOrder) -> Vec<Lined> {
        let mut groups: Vec<&Run> = runs.to_vec();
        let fastest = |run: &Run| run.cars.iter().filter(|ran| ran.place.is_some()).filter_map(|ran| ran.best).min();
        if order == GroupOrder::FastestFirst {
            groups.sort_by_key(|run| (fastest(run).is_none(), fastest(run)));
        }
        let mut all: Vec<(usize, usize, Lined)> = Vec::new();
        for (group, run) in groups.iter().enumerate() {
            all.extend(self.result(run).into_iter().enumerate().map(|(nth, lined)| (nth, group, lined)));
        }
        match order {
            GroupOrder::FastestFirst | GroupOrder::AsWritten => all.sort_by_key(|(nth, group, lined)| (!lined.timed, *nth, *group)),
            GroupOrder::Behind => all.sort_by_key(|(nth, group, lined)| (!lined.timed, *group, *nth)),
        }
        all.into_iter().map(|(_, _, lined)| lined).collect()
    }

    /// The first so many places as a further session gives them; who set no time there stays behind those who did, in the order before.
    fn through(&self, order: &mut [Lined], through: &Through, run: &Run) {
        let timed = order.iter().filter(|lined| lined.timed).count();
        let cars = timed.min(through.cars.into());
        let (front, rest) = order.split_at_mut(cars);
        for lined in rest.iter_mut().filter(|lined| lined.timed) {
            let ran = run.cars.iter().any(|ran| ran.entry == lined.place.entry && ran.best.is_some());
            let counts = if ran { "; what it did there does not count" } else { "" };
            lined.place.reasons.push(alloc::format!("not among the {} that go through to {}{counts}", through.cars, run.name));
        }
        let at = |lined: &Lined| run.cars.iter().position(|ran| ran.entry == lined.place.entry && ran.place.is_some());
        for lined in front.iter_mut() {
            let why = match at(lined).map(|at| &run.cars[at]) {
                Some(ran) => {
                    (lined.place.time, lined.place.driver) = (ran.best, ran.driver);
                    told(run, ran).unwrap_or_default()
                }
                None => alloc::format!("went through to {} and set no time there: behind those that did", run.name),
            };
            lined.place.reasons.push(why);
        }
        front.sort_by_key(|lined| at(lined).unwrap_or(usize::MAX));
    }
}

/// A car's place in a session in words, or what it lacks.
fn told(run: &Run, ran: &Ran) -> Result<String, String> {
    let name = &run.name;
    match (ran.place, ran.best.filter(|_| !run.race)) {
        (Some(place), Some(time)) => Ok(alloc::format!("place {place} in {name} with {time}")),
        (Some(place), None) => Ok(alloc::format!("place {place} in {name}")),
        (None, _) => Err(match ran.finish {
            Finish::Disqualified => alloc::format!("disqualified in {name}"),
            Finish::NotClassified | Finish::Classified | Finish::Unknown if run.race => alloc::format!("not classified in {name}"),
            Finish::NotStarted if run.race => alloc::format!("did not start in {name}"),
            Finish::Classified | Finish::NotClassified | Finish::NotStarted | Finish::Unknown => alloc::format!("no time in {name}"),
        }),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A session of these cars, each with its time in thousandths; none: no time.
    pub(crate) fn run(id: &str, cars: &[(usize, Option<i64>)]) -> Run {
        let mut sorted: Vec<(usize, Option<i64>)> = cars.to_vec();
        sorted.sort_by_key(|(_, time)| time.unwrap_or(i64::MAX));
        let ran = |(at, (entry, time)): (usize, &(usize, Option<i64>))| Ran {
            entry: *entry,
            finish: if time.is_some() { Finish::Classified } else { Finish::NotClassified },
            place: time.map(|_| Places::exactly(u16::try_from(at + 1).unwrap())),
            best: time.map(|time| Micros(time * 1_000)),
            driver: None,
            by_driver: Vec::new(),
        };
        Run { name: SessionName { round: 1, id: id.into() }, race: false, cars: sorted.iter().enumerate().map(ran).collect() }
    }

    pub(crate) fn order(base: GridBase, through: &[(&str, u16)], runs: &[Run], cars: usize) -> Vec<GridPlace> {
        let through = through.iter().map(|(session, cars)| Through { session: (*session).into(), cars: *cars }).collect();
        let crew =
            |entry: usize| alloc::vec![(entry * 2, alloc::format!("Driver {entry}A")), (entry * 2 + 1, alloc::format!("Driver {entry}B"))];
        let entered: Vec<Entered> = (0..cars).map(|entry| Entered { entry, crew: crew(entry), crew_open: false }).collect();
        let source = GridSource { base, through };
        let lined = LineUp { source: &source, runs, entered: &entered, article: "B4", without_time_at_back: true }.order();
        lined.into_iter().map(|lined| lined.place).collect()
    }

    pub(crate) fn cars(order: &[GridPlace]) -> Vec<usize> {
        order.iter().map(|place| place.entry).collect()
    }

    #[test]
    fn the_order_of_one_session_and_behind_it_who_has_no_time_or_was_not_there() {
        let q1 = run("q1", &[(0, Some(104_000)), (1, None), (2, Some(103_500))]);
        let grid = order(GridBase::Result("q1".into()), &[], &[q1], 4);
        assert_eq!(cars(&grid), [2, 0, 1, 3]);
        let told: Vec<&str> = grid.iter().map(|place| place.reasons[0].as_str()).collect();
        assert_eq!(told[0], "place 1 in 1.q1 with 1:43.500");
        assert_eq!(told[2], "no time in 1.q1: at the back with leave of the stewards (B4)");
        assert_eq!(told[3], "took no part in 1.q1: at the back with leave of the stewards (B4)");
    }

    #[test]
    fn the_fastest_laps_of_the_race_before_make_the_grid_whatever_the_places_there() {
        let mut race = run("race-1", &[(0, Some(105_000)), (1, Some(104_000)), (2, Some(106_000)), (3, None)]);
        race.race = true;
        race.cars.sort_by_key(|ran| ran.entry);
        let grid = order(GridBase::FastestLaps("race-1".into()), &[], &[race.clone()], 4);
        assert_eq!(cars(&grid), [1, 0, 2, 3]);
        assert_eq!(grid[0].reasons, ["fastest lap 1 of 1.race-1 with 1:44.000"]);
        assert_eq!(cars(&order(GridBase::Result("race-1".into()), &[], &[race], 4)), [0, 1, 2, 3], "by its result it is another");
    }

    #[test]
    fn two_groups_by_turns_or_one_behind_the_other() {
        let a = run("q1-a", &[(0, Some(104_000)), (1, Some(105_000)), (2, None)]);
        let b = run("q1-b", &[(3, Some(103_000)), (4, Some(106_000)), (5, Some(107_000))]);
        let of = |order_of| {
            let base = GridBase::Groups { sessions: alloc::vec!["q1-a".into(), "q1-b".into()], order: order_of };
            cars(&order(base, &[], &[a.clone(), b.clone()], 6))
        };
        assert_eq!(of(GroupOrder::FastestFirst), [3, 0, 4, 1, 5, 2]);
        assert_eq!(of(GroupOrder::AsWritten), [0, 3, 1, 4, 5, 2]);
        assert_eq!(of(GroupOrder::Behind), [0, 1, 3, 4, 5, 2]);
    }

    #[test]
    fn in_a_knock_out_those_eliminated_take_the_places_below() {
        let q1 =
            run("q1", &[(0, Some(100_000)), (1, Some(101_000)), (2, Some(102_000)), (3, Some(103_000)), (4, Some(104_000)), (5, None)]);
        let q2 = run("q2", &[(0, Some(100_500)), (1, Some(99_500)), (2, Some(99_000)), (3, None)]);
        let q3 = run("q3", &[(1, Some(98_000)), (2, Some(98_500))]);
        let grid = order(GridBase::Result("q1".into()), &[("q2", 4), ("q3", 2)], &[q1, q2, q3], 6);
        assert_eq!(cars(&grid), [1, 2, 0, 3, 4, 5]);
        assert_eq!(grid[0].reasons, ["place 2 in 1.q1 with 1:41.000", "place 2 in 1.q2 with 1:39.500", "place 1 in 1.q3 with 1:38.000"]);
        assert_eq!(grid[0].time, Some(Micros(98_000_000)));
        assert_eq!(grid[2].reasons[2], "not among the 2 that go through to 1.q3");
        assert_eq!(grid[3].reasons[1], "went through to 1.q2 and set no time there: behind those that did");
        assert_eq!(grid[4].reasons[1], "not among the 4 that go through to 1.q2");
        assert_eq!(grid[5].reasons.len(), 1, "who has no time in the first part is in no later one");
    }

    #[test]
    fn superpole_decides_the_front_and_a_car_that_ran_without_going_through_gains_nothing() {
        let q = run("q", &[(0, Some(100_000)), (1, Some(101_000)), (2, Some(102_000))]);
        let superpole = run("superpole", &[(0, Some(99_500)), (1, Some(99_000)), (2, Some(98_000))]);
        let grid = order(GridBase::Result("q".into()), &[("superpole", 2)], &[q, superpole], 3);
        assert_eq!(cars(&grid), [1, 0, 2]);
        assert_eq!(grid[2].reasons[1], "not among the 2 that go through to 1.superpole; what it did there does not count");
    }
}
