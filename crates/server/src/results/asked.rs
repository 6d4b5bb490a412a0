//! What an address asks for: a session, a car, a championship, a moment, a supposed world. Bad input is told, never guessed.

use serde::Deserialize;
use sport::date::Instant;
use sport::decision::Outcome;
use sport::names::{ChampionshipId, EntryId, MatterId, SessionId};
use sport::rulebook::Rulebook;
use sport::rulebook::championship::Championship;
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::why::Question;
use sport::world::{Docket, World};
use utoipa::IntoParams;

use crate::clock::parse;
use crate::pages::live::encoded;
use crate::problem::Problem;
use crate::results::kind;

/// From which moment, through which session, in which world.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// As known and in force at a moment, RFC 3339.
    #[param(format = DateTime)]
    pub(crate) at: Option<String>,
    /// Through this session only, such as `2.race-1`.
    pub(crate) after: Option<String>,
    /// Supposing that open matters end so: `A1=upheld`, several with commas between.
    pub(crate) suppose: Option<String>,
}

/// The same, looked up.
pub(crate) struct Asking {
    /// `None` for everything known now.
    pub(crate) at: Option<Instant>,
    pub(crate) through: Option<usize>,
    pub(crate) world: World,
}

impl Asking {
    pub(crate) fn moment(&self) -> Moment {
        self.at.map_or(Moment::NOW, |at| Moment { known: at, in_force: at })
    }

    /// Whether it is the season as it is known now, whole, with its matters open.
    pub(crate) fn plain(&self) -> bool {
        self.at.is_none() && self.through.is_none() && self.world.outcomes.is_empty()
    }
}

impl Asked {
    /// Looks up what is asked.
    pub(crate) fn of(&self, season: &Season) -> Result<Asking, Problem> {
        // What a form sends empty is not asked for.
        let written = |part: &'_ Option<String>| part.clone().filter(|part| !part.is_empty());
        let at = written(&self.at).as_deref().map(moment).transpose()?;
        let through = written(&self.after).as_deref().map(|after| session(season, after)).transpose()?;
        let seen = at.map_or(Moment::NOW, |at| Moment { known: at, in_force: at });
        let world = self.suppose.as_deref().map_or_else(|| Ok(World::default()), |suppose| world(season, seen, suppose))?;
        Ok(Asking { at, through, world })
    }

    /// What stands after the question mark, for a link that keeps it.
    pub(crate) fn query(&self) -> String {
        let wishes = [("at", &self.at), ("after", &self.after), ("suppose", &self.suppose)];
        let wishes: Vec<String> = wishes
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", encoded(value.as_ref().filter(|value| !value.is_empty())?))))
            .collect();
        if wishes.is_empty() { String::new() } else { format!("?{}", wishes.join("&")) }
    }
}

fn moment(written: &str) -> Result<Instant, Problem> {
    parse(written).ok_or_else(|| Problem::unclear(format!("`{written}` is no moment; write it as 2018-10-13T06:25:00Z")))
}

/// A session as written: `2.race-1`, or `2.1` for race 1 of round 2.
pub(crate) fn session(season: &Season, written: &str) -> Result<usize, Problem> {
    let found = written.split_once('.').and_then(|(round, rest)| {
        let round: u16 = round.parse().ok()?;
        match rest.parse::<u16>() {
            Ok(number) => season.calendar.race(round, number),
            Err(_) => season.calendar.find(&SessionName { round, id: SessionId::new(rest) }),
        }
    });
    found.ok_or_else(|| Problem::missing(format!("there is no session `{written}`; one is named as 2.race-1, and the calendar has all")))
}

/// A car by the id of its entry, asked for in a session.
pub(crate) fn car(season: &Season, session: usize, written: &str, folder: &str) -> Result<usize, Problem> {
    let found = season.list.entry(&EntryId::new(written));
    found.ok_or_else(|| {
        let namesake = namesake(season, session, written, folder);
        Problem::missing(namesake.unwrap_or_else(|| format!("there is no car `{written}`; the entry list has all")))
    })
}

/// Where a car is asked for by its number and not by its id: which car of that number is entered there, and its address in a folder.
pub(crate) fn namesake(season: &Season, session: usize, written: &str, folder: &str) -> Option<String> {
    let name = &season.calendar.sessions[session].name;
    let entered = season.list.entries.iter().filter(|entry| entry.spell(name.round).is_some());
    let id = &entered.filter(|entry| entry.id.as_str() != written).find(|entry| entry.number.as_deref() == Some(written))?.id;
    Some(format!("car {written} in {name} is {id}: {folder}/{}", encoded(id.as_str())))
}

/// A championship by its id.
pub(crate) fn championship<'a>(rulebook: &'a Rulebook, written: &str) -> Result<&'a Championship, Problem> {
    let law = rulebook.latest();
    law.championship(&ChampionshipId::new(written)).ok_or_else(|| {
        let known: Vec<&str> = law.championships.iter().map(|of| of.id.as_str()).collect();
        Problem::missing(format!("there is no championship `{written}`; there are {}", known.join(", ")))
    })
}

fn world(season: &Season, moment: Moment, written: &str) -> Result<World, Problem> {
    let live = season.live(moment);
    let open = Docket::of(&live).open();
    let mut world = World::default();
    for one in written.split(',').filter(|one| !one.is_empty()) {
        let unclear = || Problem::unclear(format!("`{one}` is no outcome of a matter; write MATTER=upheld or MATTER=rejected"));
        let (matter, outcome) = one.rsplit_once('=').ok_or_else(unclear)?;
        let outcome = Outcome::WORDS.iter().find(|(word, _)| *word == outcome).map(|(_, outcome)| *outcome).ok_or_else(unclear)?;
        let matter = MatterId::new(matter);
        if !open.iter().any(|of| of.id == matter) {
            let ids: Vec<&str> = open.iter().map(|of| of.id.as_str()).collect();
            let ids = if ids.is_empty() { String::from("none is") } else { ids.join(", ") };
            return Err(Problem::unclear(format!("matter {matter} is not open; open: {ids}")));
        }
        if world.outcomes.insert(matter, outcome).is_some() {
            return Err(Problem::unclear(format!("`{one}`: a matter ends once; give it one outcome")));
        }
    }
    Ok(world)
}

/// The points of a competitor in a championship, by the ids of both.
pub(crate) fn total(rulebook: &Rulebook, season: &Season, championship: &str, competitor: &str) -> Result<Question, Problem> {
    let of = self::championship(rulebook, championship)?;
    let found = season.list.competitor(of.competitor, competitor);
    let found = found.ok_or_else(|| {
        Problem::missing(format!("there is no {} `{competitor}`; /standings/{} has those there are", kind(of.competitor), of.id))
    })?;
    Ok(Question::Total(of.id.clone(), found))
}
