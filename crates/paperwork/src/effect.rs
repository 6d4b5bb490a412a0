//! Effects of decisions as people write them: `{ add-time = { session = "2.race-1", car = "19", time = "15s" } }`.

use sport::decision::{Effect, Named};
use sport::names::{ChampionshipId, DecisionId, DriverId, EntryId, MakerId, TeamId};
use sport::points::Points;
use sport::rulebook::championship::CompetitorKind;

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, only};
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::table;
use crate::tree::Node;

const SESSION: Key = Key::must("session", Kind::Session, "The session.");
const CAR: Key = Key::must("car", Kind::Id(Noun::Entry), "The car.");
const CHAMPIONSHIP: Key = Key::must("championship", Kind::Id(Noun::Championship), "The championship.");
const DRIVER: Key = Key::may("driver", Kind::Id(Noun::Driver), "A driver.");
const TEAM: Key = Key::may("team", Kind::Id(Noun::Team), "A team.");
const MAKER: Key = Key::may("maker", Kind::Text, "A manufacturer or constructor.");
const ENTRY: Key = Key::may("entry", Kind::Id(Noun::Entry), "An entry.");
const FROM_ROUND: Key = Key::must("from-round", Kind::Whole(1, 999), "From this round on.");

/// One effect: a table with exactly one key.
pub static EFFECT: Shape = Shape {
    name: "effect",
    doc: "One effect of a decision: exactly one key.",
    keys: &[
        Key::may("add-time", Kind::Table(&ADD_TIME), "Time added to a car's race time."),
        Key::may(
            "add-unserved-success",
            Kind::Table(&OF_SESSION),
            "Success seconds not served are added to the race times, of all cars that owe some as the results stand now.",
        ),
        Key::may("drop-places", Kind::Table(&DROP_PLACES), "A car drops places."),
        Key::may("deduct-laps", Kind::Table(&DEDUCT_LAPS), "Laps taken from a car."),
        Key::may("disqualify", Kind::Table(&DISQUALIFY), "A car is disqualified; those behind move up."),
        Key::may("annul-session", Kind::Table(&OF_SESSION), "The session has no classification and no points."),
        Key::may("withhold-points", Kind::Table(&OF_SESSION), "The session's points are withheld; the classification stands."),
        Key::may("factor-points", Kind::Table(&FACTOR_POINTS), "The session's points are multiplied."),
        Key::may("ineligible", Kind::Table(&INELIGIBLE), "A car keeps its place and scores nothing."),
        Key::may("shares", Kind::Table(&SHARES), "The shares of a shared drive."),
        Key::may("deduct-points", Kind::Table(&DEDUCT_POINTS), "Points taken from a total."),
        Key::may("exclude", Kind::Table(&EXCLUDE), "Excluded from a championship; the races stand."),
        Key::may("restart", Kind::Table(&RESTART), "Points before a round are void."),
        Key::may("annul", Kind::Table(&ANNUL), "An earlier decision has no effect any more."),
        Key::may("drop-grid", Kind::Table(&DROP_GRID), "A car starts so many places further back."),
        Key::may("delete-lap", Kind::Table(&DELETE_LAP), "A lap of a car does not count."),
        Key::may("drive-through", Kind::Table(&DRIVE_THROUGH), "Through the pit lane; not served, it becomes time by [conversion]."),
        Key::may("stop-and-go", Kind::Table(&STOP_AND_GO), "A stop in the pit lane; not served, it becomes time by [conversion]."),
        Key::may("reprimand", Kind::Table(&REPRIMAND), "A reprimand."),
        Key::may("fine", Kind::Table(&FINE), "A fine."),
        Key::may("licence-points", Kind::Table(&LICENCE_POINTS), "Points on a driver's licence."),
    ],
};

static ADD_TIME: Shape = Shape {
    name: "add-time",
    doc: "Time added to a car's race time.",
    keys: &[SESSION, CAR, Key::must("time", Kind::Duration, "The time.")],
};
static OF_SESSION: Shape = Shape { name: "effect on a session", doc: "An effect on a whole session.", keys: &[SESSION] };
static DROP_PLACES: Shape =
    Shape { name: "drop-places", doc: "A car drops places.", keys: &[SESSION, CAR, Key::must("places", Kind::Whole(1, 999), "How many.")] };
static DEDUCT_LAPS: Shape = Shape {
    name: "deduct-laps",
    doc: "Laps taken from a car.",
    keys: &[SESSION, CAR, Key::must("laps", Kind::Whole(1, 9999), "How many.")],
};
static DISQUALIFY: Shape = Shape { name: "disqualify", doc: "A car is disqualified.", keys: &[SESSION, CAR] };
static FACTOR_POINTS: Shape = Shape {
    name: "factor-points",
    doc: "The session's points are multiplied.",
    keys: &[SESSION, Key::must("factor", Kind::Exact, "0 to 10.")],
};
static INELIGIBLE: Shape = Shape {
    name: "ineligible",
    doc: "A car keeps its place and scores nothing.",
    keys: &[
        SESSION,
        CAR,
        Key::may("championships", Kind::List(&Kind::Id(Noun::Championship)), "In these; in all when absent."),
        Key::must("others", Kind::Choice(&["move-up", "keep-place"]), "Whether those behind gain a scoring place."),
    ],
};
static SHARES: Shape = Shape {
    name: "shares",
    doc: "The shares of a shared drive.",
    keys: &[SESSION, CAR, Key::must("shares", Kind::Map(Ids::Of(Noun::Driver), &Kind::Exact), "Each driver's share, 0 to 1.")],
};
static DEDUCT_POINTS: Shape = Shape {
    name: "deduct-points",
    doc: "Points taken from a total.",
    keys: &[CHAMPIONSHIP, DRIVER, TEAM, MAKER, ENTRY, Key::must("points", Kind::Exact, "How many are taken; negative gives."), FROM_ROUND],
};
static EXCLUDE: Shape = Shape {
    name: "exclude",
    doc: "Excluded from a championship; the races stand.",
    keys: &[
        CHAMPIONSHIP,
        DRIVER,
        TEAM,
        MAKER,
        ENTRY,
        Key::must("points", Kind::Choice(&["kept", "zero"]), "Whether the points stay printed beside the label."),
        FROM_ROUND,
    ],
};
static RESTART: Shape = Shape {
    name: "restart",
    doc: "Points before a round are void, and what was taken from them.",
    keys: &[CHAMPIONSHIP, DRIVER, TEAM, MAKER, ENTRY, FROM_ROUND],
};
static ANNUL: Shape =
    Shape { name: "annul", doc: "An earlier decision has no effect any more.", keys: &[Key::must("decision", Kind::Text, "Its id.")] };
static DROP_GRID: Shape = Shape {
    name: "drop-grid",
    doc: "A car starts so many places further back.",
    keys: &[Key::must("session", Kind::Session, "The race whose grid it is."), CAR, Key::must("places", Kind::Whole(1, 999), "How many.")],
};
static DELETE_LAP: Shape = Shape {
    name: "delete-lap",
    doc: "A lap of a car does not count.",
    keys: &[SESSION, CAR, Key::must("lap", Kind::Whole(1, 99_999), "Which, from 1.")],
};
static DRIVE_THROUGH: Shape = Shape { name: "drive-through", doc: "Through the pit lane without stopping.", keys: &[SESSION, CAR] };
static STOP_AND_GO: Shape = Shape {
    name: "stop-and-go",
    doc: "A stop in the pit lane.",
    keys: &[SESSION, CAR, Key::must("time", Kind::Duration, "The time to stand still.")],
};
static REPRIMAND: Shape = Shape {
    name: "reprimand",
    doc: "A reprimand.",
    keys: &[CAR, Key::may("driver", Kind::Id(Noun::Driver), "The driver, where it is his and not the team's.")],
};
static FINE: Shape = Shape {
    name: "fine",
    doc: "A fine.",
    keys: &[
        Key::must("car", Kind::Id(Noun::Entry), "The car of the competitor who pays."),
        Key::must("amount", Kind::Exact, "How much, at most two decimals."),
        Key::must("currency", Kind::Text, "The currency: EUR."),
    ],
};
static LICENCE_POINTS: Shape = Shape {
    name: "licence-points",
    doc: "Points on a driver's licence.",
    keys: &[Key::must("driver", Kind::Id(Noun::Driver), "The driver."), Key::must("points", Kind::Whole(1, 99), "How many.")],
};

impl Reader<'_> {
    /// Every effect of a list that is understood.
    pub(crate) fn effects(&mut self, list: &[Node]) -> Vec<Effect> {
        let mut effects = Vec::new();
        for node in list {
            let Some(only) = only(node, "an effect", self.faults) else { continue };
            let fields = only.node.fields();
            let effect = match only.key.as_str() {
                "deduct-points" | "exclude" | "restart" => self.on_total(&only.key, &fields),
                "annul" => fields.text("decision").map(|id| Effect::Annul { decision: DecisionId::new(id) }),
                "reprimand" | "fine" | "licence-points" => self.beside_the_order(&only.key, &fields),
                key => self.on_session(key, &fields),
            };
            effects.extend(effect);
        }
        effects
    }

    /// The first round from this on for which the car is entered: places on a grid are carried over to it. This round where there is none.
    fn next_entered(&self, fields: &Fields<'_>, round: u16) -> u16 {
        let Some(written) = fields.text("car") else { return round };
        let rounds = self.desk.calendar.rounds.iter().map(|round| round.number);
        rounds.filter(|of| *of >= round).find(|of| table::entered(self.desk.entries, written, *of).is_some()).unwrap_or(round)
    }

    fn on_session(&mut self, key: &str, fields: &Fields<'_>) -> Option<Effect> {
        let session = self.session(fields)?;
        match key {
            "add-unserved-success" => return Some(Effect::AddUnservedSuccess { session }),
            "annul-session" => return Some(Effect::AnnulSession { session }),
            "withhold-points" => return Some(Effect::WithholdPoints { session }),
            "factor-points" => {
                let factor = self.between(fields.get("factor")?, 10)?;
                return Some(Effect::FactorPoints { session, factor });
            }
            _ => {}
        }
        let round = if key == "drop-grid" { self.next_entered(fields, session.round) } else { session.round };
        let car = self.car(fields, "car", round)?;
        match key {
            "add-time" => Some(Effect::AddTime { session, car, time: fields.duration("time")? }),
            "drop-places" => Some(Effect::DropPlaces { session, car, places: fields.whole("places")? }),
            "deduct-laps" => Some(Effect::DeductLaps { session, car, laps: fields.whole("laps")? }),
            "disqualify" => Some(Effect::Disqualify { session, car }),
            "drop-grid" => Some(Effect::DropGrid { session, car, places: fields.whole("places")? }),
            "delete-lap" => Some(Effect::DeleteLap { session, car, lap: fields.whole("lap")? }),
            "drive-through" => Some(Effect::DriveThrough { session, car }),
            "stop-and-go" => Some(Effect::StopAndGo { session, car, time: fields.duration("time")? }),
            "ineligible" => {
                let championships = fields.texts("championships").into_iter().map(ChampionshipId::new).collect();
                let others_move_up = fields.choice("others", &[("move-up", true), ("keep-place", false)])?;
                Some(Effect::Ineligible { session, car, championships, others_move_up })
            }
            "shares" => {
                let entries = fields.inside("shares").entries();
                let shares: Vec<_> =
                    entries.iter().filter_map(|entry| Some((DriverId::new(&entry.key), self.between(&entry.node, 1)?))).collect();
                Some(Effect::Shares { session, car, shares })
            }
            _ => None,
        }
    }

    /// What moves no car: reprimands, fines, points on a licence.
    fn beside_the_order(&mut self, key: &str, fields: &Fields<'_>) -> Option<Effect> {
        match key {
            "reprimand" => Some(Effect::Reprimand { car: self.any_car(fields, "car")?, driver: fields.text("driver").map(DriverId::new) }),
            "fine" => {
                let hundredths = self.hundredths(fields.get("amount")?)?;
                Some(Effect::Fine { car: self.any_car(fields, "car")?, hundredths, currency: fields.text("currency")?.to_owned() })
            }
            _ => Some(Effect::LicencePoints { driver: DriverId::new(fields.text("driver")?), points: fields.whole("points")? }),
        }
    }

    /// An amount of money in whole hundredths, more than nothing.
    fn hundredths(&mut self, node: &Node) -> Option<u64> {
        let whole = match (node.exact()? * Points::whole(100)).parts() {
            (whole, 1) => u64::try_from(whole).ok().filter(|amount| *amount > 0),
            _ => None,
        };
        if whole.is_none() {
            let fault = Fault::error("bad-value", &node.place, "not an amount of money").label("more than 0, at most two decimals");
            self.faults.push(fault);
        }
        whole
    }

    /// An exact number from 0 to `most`.
    fn between(&mut self, node: &Node, most: i64) -> Option<Points> {
        let number = node.exact()?;
        if number < Points::ZERO || number > Points::whole(most) {
            let message = format!("{} is not between 0 and {most}", number.exact());
            self.faults.push(Fault::error("out-of-range", &node.place, message).label("out of range"));
            return None;
        }
        Some(number)
    }

    fn on_total(&mut self, key: &str, fields: &Fields<'_>) -> Option<Effect> {
        let competitor = self.named(fields)?;
        let championship = ChampionshipId::new(fields.text("championship")?);
        self.can_name(key, &championship, &competitor, fields);
        let from_round = self.round_at(fields.get("from-round")?)?;
        match key {
            "deduct-points" => Some(Effect::DeductPoints { championship, competitor, points: fields.exact("points")?, from_round }),
            "exclude" => {
                let keeps_points = fields.choice("points", &[("kept", true), ("zero", false)])?;
                Some(Effect::Exclude { championship, competitor, keeps_points, from_round })
            }
            _ => Some(Effect::Restart { championship, competitor, from_round }),
        }
    }

    /// A total is that of a competitor the championship ranks, and a sum has no points of its own to void.
    fn can_name(&mut self, key: &str, id: &ChampionshipId, competitor: &Named, fields: &Fields<'_>) {
        let Some(of) = self.desk.law.championship(id) else { return };
        let (written, fits) = match competitor {
            Named::Driver(_) => ("driver", of.competitor == CompetitorKind::Driver),
            Named::Team(_) => ("team", of.competitor == CompetitorKind::Team),
            Named::Maker(_) => ("maker", matches!(of.competitor, CompetitorKind::Maker | CompetitorKind::Constructor)),
            Named::Entry(_) => ("entry", of.competitor == CompetitorKind::Entry),
        };
        if !fits {
            let ranked = match of.competitor {
                CompetitorKind::Driver => "driver",
                CompetitorKind::Team => "team",
                CompetitorKind::Maker | CompetitorKind::Constructor => "maker",
                CompetitorKind::Entry => "entry",
            };
            let message = format!("{id} does not rank by {written}");
            let fault = Fault::error("competitor-of-another-kind", fields.place_of(written), message).label("not ranked there");
            self.faults.push(fault.help(format!("name the {ranked}, or another championship")));
        }
        if key == "restart" && !of.sum_of.is_empty() {
            let parts: Vec<&str> = of.sum_of.iter().map(ChampionshipId::as_str).collect();
            let message = format!("{id} is the sum of other championships: it has no points of its own to void");
            let fault = Fault::error("without-effect", fields.place_of("championship"), message).label("a sum");
            self.faults.push(fault.help(format!("restart {}", parts.join(" and "))));
        }
    }

    /// Exactly one of driver, team, maker and entry.
    fn named(&mut self, fields: &Fields<'_>) -> Option<Named> {
        let driver = fields.text("driver").map(|id| Named::Driver(DriverId::new(id)));
        let team = fields.text("team").map(|id| Named::Team(TeamId::new(id)));
        let maker = fields.text("maker").map(|id| Named::Maker(MakerId::new(id)));
        let entry = fields.text("entry").map(|id| Named::Entry(EntryId::new(id)));
        let mut named: Vec<Named> = [driver, team, maker, entry].into_iter().flatten().collect();
        if named.len() != 1 {
            let message = format!("exactly one of driver, team, maker and entry is named, not {}", named.len());
            self.faults.push(Fault::error("one-of", fields.place(), message).label("who?"));
            return None;
        }
        match named.pop()? {
            Named::Maker(id) if !self.makers().contains(&id.as_str()) => {
                let help = crate::suggest::help(id.as_str(), self.makers());
                let fault =
                    Fault::error("unknown-maker", fields.place_of("maker"), format!("there is no maker \"{id}\"")).label("unknown maker");
                self.faults.push(fault.help_if(help));
                None
            }
            Named::Entry(id) if self.desk.entries.entry(&id).is_none() => {
                let help = crate::suggest::help(id.as_str(), self.desk.entries.entries.iter().map(|entry| entry.id.as_str()));
                let fault =
                    Fault::error("unknown-car", fields.place_of("entry"), format!("there is no car \"{id}\"")).label("not an entered car");
                self.faults.push(fault.help_if(help));
                None
            }
            named @ (Named::Driver(_) | Named::Team(_) | Named::Maker(_) | Named::Entry(_)) => Some(named),
        }
    }

    fn makers(&self) -> Vec<&str> {
        let entries = &self.desk.entries.entries;
        entries.iter().flat_map(|entry| [&entry.maker, &entry.constructor]).flatten().map(|maker| maker.as_str()).collect()
    }
}
