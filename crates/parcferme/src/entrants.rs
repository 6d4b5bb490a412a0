//! `entrants`: an entry list out of other people's files, to be looked through and kept as a season's entries.toml.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use sport::grade::Grade;
use timing::account::Car;

use crate::stop::Stop;
use crate::told::FileArguments;
use crate::{facts, told};

/// Write an entry list from other people's files: a server's entry list, or the results of races that were driven
///
/// Every car is entered with the drivers, the team, the model and the number the files tell, every driver with the account as a player, by which later results know
/// him. What they do not tell is left out, and classes are as the file names them: look through it, give the drivers their grades, and keep it as a season's
/// entries.toml; `check` says what is still missing.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  parcferme entrants entrylist.json > entries.toml\n  parcferme entrants results/*_R.json --rounds 1,2,3 --to seasons/mine/entries.toml"
)]
pub(crate) struct EntrantArguments {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The rounds they are entered for
    #[arg(long, value_name = "ROUNDS", value_delimiter = ',', default_value = "1", value_parser = clap::value_parser!(u16).range(1..=999))]
    rounds: Vec<u16>,
    /// The class of cars of which the files tell none
    #[arg(long, default_value = "GT3", value_parser = crate::columns::plain)]
    class: String,
    /// The file to write instead of standard output; one that is there is not replaced
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    how: FileArguments,
}

/// `entrants`.
pub(crate) fn run(arguments: &EntrantArguments) -> Result<String, Stop> {
    let mut list = List::default();
    for file in &arguments.files {
        for account in told::read(file, &arguments.how)?.accounts {
            account.cars.iter().for_each(|car| list.add(car, &arguments.class));
        }
    }
    if list.cars.is_empty() {
        return Err(Stop::no("no car with a driver is in these files"));
    }
    let text = list.text(&arguments.rounds);
    let Some(to) = &arguments.to else { return Ok(text) };
    if to.exists() {
        return Err(Stop::usage(format!("{} is there already; name a new file", to.display())));
    }
    journal::file::save(to, text.as_bytes()).map_err(|error| facts::stop(&error))?;
    Ok(format!("{}: {} cars, {} drivers\n", to.display(), list.cars.len(), list.drivers.len()))
}

#[derive(Default)]
struct List {
    /// By id: the name as printed.
    teams: BTreeMap<String, String>,
    /// By id: the name as printed, the account as a player, the grade.
    drivers: BTreeMap<String, (String, Option<String>, Option<Grade>)>,
    /// By number, as first told.
    cars: BTreeMap<(u32, String), Entered>,
}

struct Entered {
    team: Option<String>,
    class: String,
    model: Option<String>,
    maker: Option<String>,
    crew: Vec<String>,
}

impl List {
    fn add(&mut self, car: &Car, class: &str) {
        let crew: Vec<String> =
            car.drivers.iter().filter(|driver| !driver.name.trim().is_empty()).map(|driver| self.driver(driver)).collect();
        let number = car.number.trim().to_owned();
        if crew.is_empty() || number.is_empty() {
            return;
        }
        let team = car.team.as_ref().filter(|team| !team.trim().is_empty()).map(|name| {
            let id = slug(name);
            self.teams.entry(id.clone()).or_insert_with(|| name.trim().to_owned());
            id
        });
        // Numbers in their own order: 7 before 12, and what is none behind them.
        let order = number.parse().unwrap_or(u32::MAX);
        let entered = self.cars.entry((order, number)).or_insert_with(|| Entered {
            team: team.clone(),
            class: car.class.clone().unwrap_or_else(|| class.to_owned()),
            model: car.model.clone(),
            maker: car.maker.clone(),
            crew: Vec::new(),
        });
        for driver in crew {
            if !entered.crew.contains(&driver) {
                entered.crew.push(driver);
            }
        }
    }

    /// The id of a driver: of the same player the same, of two with one name two.
    fn driver(&mut self, driver: &timing::account::Driver) -> String {
        let known = |(_, (_, player, _)): &(&String, &(String, Option<String>, Option<Grade>))| player.is_some() && *player == driver.id;
        if let Some((id, _)) = self.drivers.iter().find(known) {
            return id.clone();
        }
        let name = driver.name.trim().to_owned();
        let base = slug(&name);
        let same = |id: &String| self.drivers.get(id).is_none_or(|(other, player, _)| *other == name && *player == driver.id);
        let mut ids = std::iter::once(base.clone()).chain((2_u32..).map(|nth| format!("{base}-{nth}")));
        let id = ids.find(same).unwrap_or(base);
        self.drivers.entry(id.clone()).or_insert((name, driver.id.clone(), driver.grade));
        id
    }

    fn text(&self, rounds: &[u16]) -> String {
        let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
        let rounds = rounds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut text = String::from("# Made from other people's files: look through it, and give the drivers their grades.\n");
        for (id, name) in &self.teams {
            _ = writeln!(text, "\n[team.{id}]\nname = {}", quoted(name));
        }
        for (id, (name, player, grade)) in &self.drivers {
            _ = writeln!(text, "\n[driver.{id}]\nname = {}", quoted(name));
            if let Some(grade) = grade {
                _ = writeln!(text, "grade = \"{grade:?}\"");
            }
            if let Some(player) = player {
                _ = writeln!(text, "players = [{}]", quoted(player));
            }
        }
        for ((_, number), car) in &self.cars {
            let id = slug(number);
            _ = writeln!(text, "\n[entry.{id}]\nnumber = {}", quoted(number));
            let mut line = |key: &str, value: Option<&String>| {
                if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
                    _ = writeln!(text, "{key} = {}", quoted(value));
                }
            };
            line("team", car.team.as_ref());
            line("class", Some(&car.class));
            line("model", car.model.as_ref());
            line("maker", car.maker.as_ref());
            let crew = car.crew.iter().map(|id| quoted(id)).collect::<Vec<_>>().join(", ");
            _ = writeln!(text, "\n[entry.{id}.crew.1]\nrounds = [{rounds}]\ndrivers = [{crew}]");
        }
        text
    }
}

/// A name as an id: small letters, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if letter.is_alphanumeric() {
            // Other letters are kept apart by what they are, and an id is written in plain ones.
            _ = write!(slug, "u{:x}", u32::from(letter));
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    // An id has room for so much.
    let slug = slug.get(..slug.len().min(60)).unwrap_or(slug);
    if slug.is_empty() { String::from("nobody") } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids() {
        assert_eq!(["Team Über-Steer!", "  ", "xX_fast_Xx", "007"].map(slug), ["team-ufcber-steer", "nobody", "xx-fast-xx", "007"]);
        assert_eq!(slug(&"a".repeat(200)).len(), 60);
    }
}
