//! What an entry list must satisfy under its rulebook: crews, cups, licences, numbers (A4–A6, E4, P21–P23).

use sport::date::Date;
use sport::entry::{Entry, EntryList, Spell};
use sport::grade::Grade;
use sport::names::DriverId;
use sport::rulebook::Law;
use sport::rulebook::championship::TwoCars;
use sport::rulebook::crew::Granted;
use sport::rules::cup::{CupFit, admits, cup_of, grade_in};
use sport::session::Calendar;

use crate::entries::{Placed, item};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::tree::Value;
use crate::written::counted;
use crate::{suggest, written};

/// What an entry list is checked against.
pub(crate) struct Ground<'a> {
    pub(crate) calendar: &'a Calendar,
    /// Whether every round of the calendar could be read.
    pub(crate) numbered: bool,
    pub(crate) law: &'a Law,
    /// Whether a driver championship says `two-cars`, whatever it says.
    pub(crate) two_cars: bool,
}

/// Checks the entry list against the calendar and the law.
pub(crate) fn check(list: &EntryList, placed: &[Placed<'_>], ground: &Ground<'_>, faults: &mut Vec<Fault>) {
    let Ground { calendar, law, .. } = *ground;
    let two_cars = ground.two_cars || law.championships.iter().any(|championship| championship.two_cars != TwoCars::Both);
    let numbers: Vec<u16> = calendar.rounds.iter().map(|round| round.number).collect();
    lawless(placed, &numbers, ground.numbered, faults);
    for placed in placed {
        let entry = &placed.entry;
        for (spell, fields) in entry.spells.iter().zip(&placed.spells) {
            let desk = Desk { list, law, entry, spell, fields };
            if desk.size(faults) {
                desk.class_and_cup(calendar, faults);
            }
        }
    }
    for round in calendar.rounds.iter().map(|round| round.number) {
        let here: Vec<&Placed<'_>> = placed.iter().filter(|placed| placed.entry.spell(round).is_some()).collect();
        licences(&here, round, law, faults);
        drivers_once(&here, round, two_cars, faults);
        minimum(&here, round, law, faults);
    }
}

/// What holds whatever the rulebook says: rounds that exist, nobody in a crew twice, no number on two cars of an event. `rounds` are those of
/// the calendar, `numbered` says whether all of them could be read.
pub(crate) fn lawless(placed: &[Placed<'_>], rounds: &[u16], numbered: bool, faults: &mut Vec<Fault>) {
    for placed in placed {
        rounds_of(placed, rounds, numbered, faults);
        placed.entry.spells.iter().zip(&placed.spells).for_each(|(spell, fields)| drivers(spell, fields, faults));
    }
    for round in rounds {
        let here: Vec<&Placed<'_>> = placed.iter().filter(|placed| placed.entry.spell(*round).is_some()).collect();
        numbers(&here, *round, faults);
    }
}

/// Every round exists, and none is there twice.
fn rounds_of(placed: &Placed<'_>, known: &[u16], numbered: bool, faults: &mut Vec<Fault>) {
    let mut seen: Vec<u16> = Vec::new();
    for fields in &placed.spells {
        for node in fields.list("rounds") {
            let Some(round) = node.whole::<u16>() else { continue };
            let id = &placed.entry.id;
            if !known.contains(&round) && numbered {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                let fault = Fault::error("unknown-round", &node.place, format!("there is no round {round}")).label("unknown round");
                faults.push(fault.help(format!("rounds: {}", known.join(", "))));
            } else if seen.contains(&round) {
                let message = format!("entry {id} has two crews for round {round}");
                faults.push(Fault::error("round-twice", &node.place, message).label("again").help("one crew a round"));
            }
            seen.push(round);
        }
    }
}

/// Nobody is in one crew twice.
fn drivers(spell: &Spell, fields: &Fields<'_>, faults: &mut Vec<Fault>) {
    for (ix, driver) in spell.crew.iter().enumerate() {
        if spell.crew[..ix].contains(driver) {
            faults
                .push(Fault::error("driver-twice", item(fields, "drivers", ix), format!("{driver} is in this crew twice")).label("again"));
        }
    }
    for (ix, driver) in spell.perhaps.iter().enumerate() {
        if spell.crew.contains(driver) {
            let message = format!("{driver} is in this crew, and perhaps in it");
            faults.push(Fault::error("driver-twice", item(fields, "perhaps", ix), message).label("again").help("keep one of the two"));
        }
    }
}

/// One spell under examination.
struct Desk<'a, 't> {
    list: &'a EntryList,
    law: &'a Law,
    entry: &'a Entry,
    spell: &'a Spell,
    fields: &'a Fields<'t>,
}

impl Desk<'_, '_> {
    /// Whether there are as many drivers as the rulebook asks for (A6), or a dispensation admits the crew (A5).
    fn size(&self, faults: &mut Vec<Fault>) -> bool {
        let (least, most) = self.law.entries.crew;
        let size = self.spell.crew.len();
        let read = self.fields.list("drivers").iter().filter_map(|node| node.text()).filter(|id| written::is_id(id)).count();
        if self.fields.get("drivers").is_none_or(|node| !matches!(&node.value, Value::List(items) if items.len() == read)) {
            // Told already: how many drivers were meant is not known.
            return false;
        }
        let too_few = size < usize::from(least) && !self.spell.crew_open;
        let granted = || {
            self.law.dispensations.iter().any(|dispensation| match &dispensation.grants {
                Granted::Crew { class, crew, .. } => *class == self.entry.class && crew.slots.len() == size,
                Granted::Grade { .. } => false,
            })
        };
        let wrong = (too_few || size > usize::from(most)) && !granted();
        if wrong {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let message = format!("a crew of {size}; a car has {wanted} drivers (article {})", self.law.entries.cite.article);
            let help =
                if too_few { "write crew-open = true where a name is not known" } else { "take the drivers out who are not entered" };
            faults.push(
                Fault::error("crew-size", self.fields.place_of("drivers"), message).label(format!("{wanted} drivers expected")).help(help),
            );
        }
        !wrong
    }

    fn grades(&self, day: Date) -> Vec<Option<Grade>> {
        let known = |id: &DriverId| self.list.driver(id).and_then(|ix| self.list.drivers[ix].grade_on(day));
        self.spell.crew.iter().map(|id| grade_in(self.law, id, known(id))).collect()
    }

    /// The class admits the crew, and the crew is of the cup it claims, on the day of each round.
    fn class_and_cup(&self, calendar: &Calendar, faults: &mut Vec<Fault>) {
        let Some(class) = self.law.class(&self.entry.class) else { return };
        let known = |id: &DriverId| self.list.driver(id).is_some();
        if self.spell.crew.is_empty() || !self.spell.crew.iter().all(known) {
            return;
        }
        for round in &self.spell.rounds {
            let Some(day) = calendar.sessions.iter().find(|session| session.name.round == *round).map(|session| session.date) else {
                continue;
            };
            let grades = self.grades(day);
            if !self.admitted(&grades) {
                let message = format!("{} does not admit {} (article {})", class.id, self.worded(&grades), class.cite.article);
                faults.push(
                    Fault::error("crew-not-admitted", self.fields.place_of("drivers"), message).label(format!("not a {} crew", class.id)),
                );
                return;
            }
            let fault = self.cup(&grades);
            if fault.is_some() {
                faults.extend(fault);
                return;
            }
        }
    }

    fn admitted(&self, grades: &[Option<Grade>]) -> bool {
        let known: Vec<Grade> = grades.iter().copied().flatten().collect();
        if known.len() == grades.len() && !self.spell.crew_open {
            return admits(self.law, &self.entry.class, &known);
        }
        let Some(class) = self.law.class(&self.entry.class) else { return true };
        let granted = self.law.dispensations.iter().filter_map(|dispensation| match &dispensation.grants {
            Granted::Crew { class, crew, .. } if *class == self.entry.class => Some(crew),
            Granted::Crew { .. } | Granted::Grade { .. } => None,
        });
        class.admits.is_empty() || class.admits.iter().chain(granted).any(|crew| crew.could_fit(&known))
    }

    fn cup(&self, grades: &[Option<Grade>]) -> Option<Fault> {
        let fits = cup_of(self.law, &self.entry.class, grades, self.spell.crew_open);
        let place = self.fields.place_of("cup");
        let Some(claimed) = &self.spell.cup else {
            let message = format!("{} fits no cup of {}: it scores in the class only", self.worded(grades), self.entry.class);
            let nothing = fits == CupFit::None;
            return nothing.then(|| Fault::warning("crew-fits-no-cup", self.fields.place_of("drivers"), message).label("no cup"));
        };
        let cup = self.law.cup(claimed)?;
        if cup.class != self.entry.class {
            let own = self.law.cups.iter().filter(|cup| cup.class == self.entry.class).map(|cup| cup.id.as_str());
            let message = format!("{claimed} is a cup of {}, not of {}", cup.class, self.entry.class);
            let help = suggest::help(claimed.as_str(), own).or_else(|| Some("leave the cup out".to_owned()));
            return Some(Fault::error("cup-of-other-class", place, message).label("a cup of another class").help_if(help));
        }
        let help = match fits {
            CupFit::Cup(fits) if fits == *claimed => return None,
            CupFit::Open(possible) if possible.contains(claimed) => return None,
            CupFit::Cup(fits) => format!("did you mean \"{fits}\"?"),
            CupFit::Open(possible) if !possible.is_empty() => {
                format!("possible: {}", possible.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
            CupFit::Open(_) | CupFit::None | CupFit::NoCups => "it fits no cup: leave the cup out, or correct a grade".to_owned(),
        };
        let message = format!("{} is not a crew of {} (article {})", self.worded(grades), cup.title, cup.cite.article);
        Some(Fault::error("cup-does-not-fit", place, message).label("not this cup").help(help))
    }

    /// `kodric (Silver) + lind (Gold)`.
    fn worded(&self, grades: &[Option<Grade>]) -> String {
        let drivers = self.spell.crew.iter().zip(grades);
        drivers.map(|(id, grade)| format!("{id} ({})", grade.map_or("grade unknown", Grade::word))).collect::<Vec<_>>().join(" + ")
    }
}

/// Reports what holds for several rounds at its first.
fn tell(fault: Fault, faults: &mut Vec<Fault>) {
    let told = |earlier: &Fault| earlier.code == fault.code && earlier.file == fault.file && earlier.span == fault.span;
    if !faults.iter().any(told) {
        faults.push(fault);
    }
}

/// A number is on one car of an event.
fn numbers(here: &[&Placed<'_>], round: u16, faults: &mut Vec<Fault>) {
    for (ix, placed) in here.iter().enumerate() {
        let Some(number) = &placed.entry.number else { continue };
        if let Some(first) = here[..ix].iter().find(|first| first.entry.number.as_ref() == Some(number)) {
            let message = format!("number {number} is on entries {} and {} in round {round}", first.entry.id, placed.entry.id);
            tell(
                Fault::error("number-twice", placed.fields.place_of("number"), message).label("again").help("one number a car and event"),
                faults,
            );
        }
    }
}

/// At most so many cars under one licence (E4).
fn licences(here: &[&Placed<'_>], round: u16, law: &Law, faults: &mut Vec<Fault>) {
    let Some(most) = law.entries.cars_per_licence else { return };
    for (ix, placed) in here.iter().enumerate() {
        let Some(team) = &placed.entry.team else { continue };
        let before = here[..ix].iter().filter(|other| other.entry.team.as_ref() == Some(team)).count();
        if before >= usize::from(most) {
            let message = format!(
                "car {} is number {} of {team} in round {round}; a licence has {most} (article {})",
                placed.entry.id,
                before + 1,
                law.entries.cite.article
            );
            tell(Fault::error("licence-full", placed.fields.place_of("team"), message).label("one too many"), faults);
        }
    }
}

/// A driver is in one car at an event, unless a championship says what two are worth to him (P12). Two of one class are rare even then.
fn drivers_once(here: &[&Placed<'_>], round: u16, two_cars: bool, faults: &mut Vec<Fault>) {
    let crew = |placed: &Placed<'_>| placed.entry.spell(round).map_or(&[][..], |spell| &spell.crew).to_vec();
    for (ix, placed) in here.iter().enumerate() {
        for (at, driver) in crew(placed).iter().enumerate() {
            let mut others = here[..ix].iter().filter(|first| crew(first).contains(driver));
            let Some(first) = others.find(|first| !two_cars || first.entry.class == placed.entry.class) else { continue };
            let spell = placed.entry.spells.iter().position(|spell| spell.rounds.contains(&round));
            let place = spell.map_or(placed.fields.place(), |spell| item(&placed.spells[spell], "drivers", at));
            let of = if first.entry.class == placed.entry.class { format!(" of {}", placed.entry.class) } else { String::new() };
            let message = format!("{driver} is in cars {} and {}{of} in round {round}", first.entry.id, placed.entry.id);
            let fault = if two_cars {
                Fault::warning("driver-in-two-cars", place, message)
                    .help("two-cars of the rulebook's championships says what they are worth")
            } else {
                let help = "a driver shares one car at an event, unless two-cars of a championship says what two are worth";
                Fault::error("driver-in-two-cars", place, message).help(help)
            };
            tell(fault.label("again"), faults);
        }
    }
}

/// A class exists with so many entries (P23). What follows is the organiser's decision, so this only warns.
fn minimum(here: &[&Placed<'_>], round: u16, law: &Law, faults: &mut Vec<Fault>) {
    let Some(least) = law.entries.class_minimum else { return };
    // A class that was told as unknown may be any of them.
    if here.iter().any(|placed| law.class(&placed.entry.class).is_none()) {
        return;
    }
    for class in &law.classes {
        let of: Vec<&&Placed<'_>> = here.iter().filter(|placed| placed.entry.class == class.id).collect();
        if let Some(first) = of.first().filter(|_| of.len() < usize::from(least)) {
            let message = format!(
                "{} has {} in round {round}, fewer than {least} (article {})",
                class.id,
                counted(of.len(), "entry", "entries"),
                law.entries.cite.article
            );
            tell(Fault::warning("class-below-minimum", first.fields.place_of("class"), message).label("too few of this class"), faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use sport::rulebook::championship::{Championship, TwoCars};

    use crate::fault::Weight;
    use crate::sample;

    const EXTRA: &str = "[entry.28.crew.1]\nrounds = [1]";

    fn told(changes: &[(&str, &str)]) -> Vec<String> {
        sample::told(&sample::with(changes).faults)
    }

    #[test]
    fn every_fault_of_an_entry_list_has_its_place_and_remedy() {
        for (from, to, expected) in [
            ("team = \"fff\"\nclass = \"GT3\"", "team = \"fff\"\nclass = \"GT33\"", "20:9 unknown-class (did you mean \"GT3\"?)"),
            ("cup = \"silver\"", "cup = \"silber\"", "26:7 unknown-cup (did you mean \"silver\"?)"),
            ("team = \"fff\"", "team = \"ffff\"", "19:8 unknown-team (did you mean \"fff\"?)"),
            ("[\"kodric\", \"lind\"]", "[\"kodrik\", \"lind\"]", "25:12 unknown-driver (did you mean \"kodric\"?)"),
            ("team = \"fff\"", "championships = [\"gt3\"]", "19:18 unknown-championship (-)"),
            ("cup = \"silver\"", "cup = \"am\"", "26:7 cup-does-not-fit (did you mean \"silver\"?)"),
            (
                "name = \"Reinhold Renger\"\ngrade = \"Bronze\"",
                "name = \"Reinhold Renger\"\ngrade = \"Silver\"",
                "39:11 crew-not-admitted (-)",
            ),
            ("[\"chen\", \"slade\"]", "[\"chen\"]", "32:11 crew-size (write crew-open = true where a name is not known)"),
            (EXTRA, "[entry.28.crew.2]\nrounds = [1, 1]", "31:14 round-twice (one crew a round)"),
            (EXTRA, "[entry.28.crew.2]\nrounds = [1, 7]", "31:14 unknown-round (rounds: 1, 2)"),
            ("number = \"28\"", "number = \"19\"", "28:10 number-twice (one number a car and event)"),
            (
                "[\"chen\", \"slade\"]",
                "[\"chen\", \"lind\"]",
                "32:20 driver-in-two-cars (a driver shares one car at an event, unless two-cars of a championship says what two are worth)",
            ),
            ("[\"chen\", \"slade\"]", "[\"slade\", \"slade\"]", "32:21 driver-twice (-)"),
            ("[\"chen\", \"slade\"]", "[\"chen\", \"slade\"]\nperhaps = [\"chen\"]", "33:12 driver-twice (keep one of the two)"),
            (
                "[driver.lind]",
                "grades = { 2018-06-01 = \"Gold\" }\n[driver.lind]",
                "5:9 contradiction (keep grade for the whole year, or grades by day)",
            ),
            (
                "name = \"Tim Slade\"",
                "name = \"Tim Slade\"\ngrades = { 2019-01-01 = \"Gold\" }",
                "14:12 other-year (write the day the grade holds from)",
            ),
            ("name = \"Tim Slade\"", "name = \"Tim Slade\"\nborn = 2018-01-01", "14:8 other-year (-)"),
            ("name = \"Tim Slade\"", "name = \"Tim Slade\"\ngrade = \"Golden\"", "14:9 unknown-word (did you mean \"Gold\"?)"),
        ] {
            let loaded = sample::with(&[(from, to)]);
            assert_eq!(sample::told(&loaded.faults), [expected], "{to}");
            assert!(loaded.value.is_none(), "{to}");
        }
    }

    #[test]
    fn a_driver_in_two_cars_is_an_error_unless_a_championship_says_two_cars() {
        let mut nominated = sample::rulebook();
        nominated.versions[0].law.championships = vec![Championship { two_cars: TwoCars::Nominated, ..sample::championship("drivers") }];
        let with = |from: &str, to: &str, rulebook: (&sport::rulebook::Rulebook, bool)| {
            let list = sample::ENTRIES.replace(from, to);
            sample::under_said(sample::SEASON, &list, (rulebook.0.clone(), rulebook.1))
        };
        let (same, other) = (("[\"chen\", \"slade\"]", "[\"chen\", \"lind\"]"), ("[\"renger\"]", "[\"chen\"]"));
        // `two-cars = "both"` written out, and a value that says more.
        for rulebook in [(&sample::rulebook(), true), (&nominated, false)] {
            let loaded = with(same.0, same.1, rulebook);
            assert_eq!(
                sample::told(&loaded.faults),
                [
                    "12:9 driver-in-no-crew (enter the driver in a crew, or take him out)",
                    "32:20 driver-in-two-cars (two-cars of the rulebook's championships says what they are worth)"
                ]
            );
            assert!(loaded.value.is_some());
            // One in GT3 and one in GT4: he scores in the car he nominates (P12).
            let told = sample::told(&with(other.0, other.1, rulebook).faults);
            assert_eq!(told, ["14:9 driver-in-no-crew (enter the driver in a crew, or take him out)"]);
        }
        assert!(with(same.0, same.1, (&sample::rulebook(), false)).value.is_none());
    }

    #[test]
    fn a_gold_driver_in_an_am_crew_is_pointed_at_on_the_day_the_grade_holds() {
        let am = ("cup = \"pro-am\"", "cup = \"am\"");
        let graded = |grade: &'static str| ("name = \"Tim Slade\"", grade);
        let gold = told(&[am, graded("name = \"Tim Slade\"\ngrade = \"Gold\"")]);
        assert_eq!(gold, ["34:7 cup-does-not-fit (did you mean \"pro-am\"?)"]);
        // Bronze on the day of the round, Gold afterwards.
        let later = told(&[am, graded("name = \"Tim Slade\"\ngrades = { 2018-01-01 = \"Bronze\", 2018-04-15 = \"Gold\" }")]);
        assert_eq!(later, [""; 0]);
        // An unknown grade contradicts nothing.
        assert_eq!(told(&[am]), [""; 0]);
    }

    #[test]
    fn a_crew_that_fits_no_cup_is_a_warning_and_loads() {
        let golds = [("grade = \"Silver\"", "grade = \"Gold\""), ("cup = \"silver\"\n", "")];
        let loaded = sample::with(&golds);
        assert_eq!(sample::told(&loaded.faults), ["25:11 crew-fits-no-cup (-)"]);
        assert!(loaded.faults[0].weight == Weight::Warning && loaded.value.is_some());
    }

    #[test]
    fn a_cup_of_another_class_is_an_error() {
        let told = told(&[("drivers = [\"renger\"]", "drivers = [\"renger\"]\ncup = \"am\"")]);
        assert_eq!(told, ["40:7 cup-of-other-class (leave the cup out)"]);
    }

    #[test]
    fn a_fourth_car_on_one_licence_and_a_thin_class() {
        let more = "[driver.kodric]\nname = \"K\"\n";
        let mut list = sample::ENTRIES
            .replace("[driver.kodric]\n", more)
            .replace("name = \"K\"\nname = \"Martin Kodric\"", "name = \"Martin Kodric\"");
        for number in 1..=3 {
            list.push_str(&format!("[entry.9{number}]\nteam = \"fff\"\nclass = \"GT3\"\n[entry.9{number}.crew.1]\nrounds = [2]\ndrivers = []\ncrew-open = true\n"));
        }
        let mut rulebook = sample::rulebook();
        let sound = sample::under(sample::SEASON, &list, rulebook.clone());
        assert_eq!(sample::told(&sound.faults), ["55:8 licence-full (-)"]);
        rulebook.versions[0].law.entries.class_minimum = Some(2);
        rulebook.versions[0].law.entries.cars_per_licence = None;
        let thin = sample::under(sample::SEASON, &list, rulebook);
        assert!(sample::told(&thin.faults).contains(&"36:9 class-below-minimum (-)".to_owned()), "{:?}", sample::told(&thin.faults));
        assert!(thin.value.is_some(), "a warning");
    }
}
