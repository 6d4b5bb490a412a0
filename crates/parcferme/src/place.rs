//! A season's folder: everything in it loaded or nothing, and the questions that read it.

use std::path::Path;

use paperwork::fault::Weight;
use paperwork::read::Sources;
use sport::evaluate::evaluate;
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::names::ChampionshipId;
use sport::rulebook::Rulebook;
use sport::rulebook::championship::Championship;
use sport::season::{Moment, Season};
use sport::standings::Standings;
use sport::worlds::{self, MATTERS_MAX};

use crate::arguments::{Format, MomentArguments};
use crate::dues::ledger;
use crate::results::Sheet;
use crate::scrutineer::Bay;
use crate::stop::Stop;
use crate::{bop as bop_table, facts, moment, standings as tables};

/// The first digits of a rulebook's hash: enough to tell two editions apart.
pub(crate) fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// A season with its facts.
pub(crate) struct Place {
    pub(crate) rulebook: Rulebook,
    pub(crate) season: Season,
    /// Number of facts and the hash of the last, as printed.
    pub(crate) head: String,
}

/// What people wrote in a season's folder, before any fact. Nothing is half-loaded.
pub(crate) fn written(folder: &Path) -> Result<(Rulebook, Season), Stop> {
    if !folder.is_dir() {
        return Err(Stop::io(&folder.display().to_string(), &"there is no such folder"));
    }
    let inside = folder.join("season");
    if !folder.join("season.toml").exists() && inside.join("season.toml").is_file() {
        return Err(Stop::usage(format!("{} holds no season.toml; did you mean {}?", folder.display(), inside.display())));
    }
    load(folder, Path::new("."))
}

/// The same for the public: what it cites is named from the tree the season is in, not from where the program runs.
pub(crate) fn shown(folder: &Path) -> Result<(Rulebook, Season), Stop> {
    // Faults are told to whoever runs it, by names from here.
    written(folder)?;
    let tree = folder.ancestors().find(|above| above.join("rulebooks").is_dir());
    load(folder, tree.unwrap_or(folder))
}

fn load(folder: &Path, root: &Path) -> Result<(Rulebook, Season), Stop> {
    let mut sources = Sources::new(root);
    let loaded = paperwork::season::season(folder, &mut sources);
    match loaded.value {
        Some(written) => {
            let season = written.begin();
            Ok((written.rulebook, season))
        }
        None => {
            let errors: Vec<_> = loaded.faults.into_iter().filter(|fault| fault.weight == Weight::Error).collect();
            Err(Stop::faults(&errors, &sources))
        }
    }
}

/// A season's folder with every fact.
pub(crate) fn open(folder: &Path) -> Result<Place, Stop> {
    let (rulebook, mut season) = written(folder)?;
    let (facts, head) = facts::read(folder, Some(&season.title))?;
    season.take(facts);
    Ok(Place { rulebook, season, head })
}

impl Place {
    /// What a table was made from, for its head.
    fn made_from(&self, arguments: &MomentArguments) -> String {
        let rulebook = format!("rulebook {} edition {} ({})", self.rulebook.id, self.rulebook.edition, short(&self.rulebook.hash));
        let mut head = format!("{rulebook} · {}", self.head);
        for (word, value) in
            [("after", &arguments.after), ("as known at", &arguments.as_known_at), ("as in force at", &arguments.in_force_at)]
        {
            if let Some(value) = value {
                head.push_str(&format!(" · {word} {value}"));
            }
        }
        let known = arguments.as_known_at.as_deref().and_then(|written| moment::instant(written).ok());
        if let (Some(known), Some(first)) = (known, self.season.facts().first())
            && known < first.recorded
        {
            let first = moment::printed(first.recorded);
            head.push_str(&format!(
                "\nnothing was recorded by then: the first fact was at {first}; --in-force-at asks what held in the sport at a moment"
            ));
        }
        head
    }

    /// A championship of the rulebook by its id, or the one that was probably meant.
    pub(crate) fn championship(&self, written: &str) -> Result<&Championship, Stop> {
        let law = self.rulebook.latest();
        if let Some(of) = law.championship(&ChampionshipId::new(written)) {
            return Ok(of);
        }
        let known: Vec<&str> = law.championships.iter().map(|of| of.id.as_str()).collect();
        let help = paperwork::suggest::nearest(written, known.iter().copied())
            .map_or_else(|| format!("championships: {}", known.join(", ")), |near| format!("did you mean {near}?"));
        Err(Stop::usage(format!("there is no championship {written}; {help}")))
    }
}

/// `standings`.
pub(crate) fn standings(
    folder: &Path,
    only: Option<&str>,
    arguments: &MomentArguments,
    all_worlds: bool,
    suppose: &[String],
    format: Format,
) -> Result<String, Stop> {
    let place = open(folder)?;
    let (moment, through) = (moment::moment(arguments)?, moment::through(&place.season, arguments)?);
    let only = only.map(|id| place.championship(id)).transpose()?;
    let wanted = |id: &ChampionshipId| only.is_none_or(|only| only.id == *id);
    let head = place.made_from(arguments);
    if all_worlds {
        let worlds = worlds::worlds(&place.rulebook, &place.season, moment, through).map_err(|open| {
            Stop::no(format!("{open} matters are open; at most {} are worked through at once; look at an earlier moment with --as-known-at, or at one world with --suppose", MATTERS_MAX))
        })?;
        let across: Vec<_> = worlds.tables.iter().filter(|table| wanted(&table.championship)).collect();
        return Ok(crate::worlds::worlds(&place.season, &worlds, &across, &head, format));
    }
    let world = moment::world(&place.season, moment, suppose)?;
    let evaluation = evaluate(&place.rulebook, &place.season, moment, through, &world);
    let shown: Vec<&Standings> = evaluation.standings.iter().map(|table| &**table).filter(|table| wanted(&table.championship)).collect();
    Ok(tables::tables(&place.season, &evaluation, &shown, &head, suppose, format))
}

/// `results`.
pub(crate) fn results(
    folder: &Path,
    written: &str,
    session: Option<&str>,
    arguments: &MomentArguments,
    format: Format,
) -> Result<String, Stop> {
    let place = open(folder)?;
    let season = &place.season;
    let (round, session) = moment::round(season, written, session)?;
    let (moment, through) = (moment::moment(arguments)?, moment::through(season, arguments)?);
    let sessions: Vec<usize> = match session {
        Some(session) => vec![session],
        None => (0..season.calendar.sessions.len()).filter(|at| season.calendar.sessions[*at].name.round == round).collect(),
    };
    let evaluation = evaluate(&place.rulebook, season, moment, through, &sport::world::World::default());
    let live = season.live(moment);
    let sheet = Sheet { season, rulebook: &place.rulebook, live: &live, evaluation: &evaluation, moment };
    let held: Vec<usize> = if session.is_some() { sessions } else { sessions.into_iter().filter(|at| sheet.has(*at)).collect() };
    if held.is_empty() && format == Format::Text {
        return Ok(format!("{}\nround {round}: no result recorded\n", season.title));
    }
    Ok(sheet.print(&held, format))
}

/// `dues`.
pub(crate) fn dues(folder: &Path, arguments: &MomentArguments, format: Format) -> Result<String, Stop> {
    let place = open(folder)?;
    let (moment, through) = (moment::moment(arguments)?, moment::through(&place.season, arguments)?);
    let evaluation = evaluate(&place.rulebook, &place.season, moment, through, &sport::world::World::default());
    let mut head = place.made_from(arguments);
    let laws = (0..place.season.calendar.sessions.len()).map(|at| place.rulebook.law_at(&place.season.calendar, at));
    if laws.into_iter().all(|law| law.success.is_none()) {
        head.push_str("\nthe rulebook has no success penalty");
    }
    Ok(ledger(&place.season, &evaluation, &head, format))
}

/// `scrutineer`: one session, or those of the round in which something was measured.
pub(crate) fn scrutineer(
    folder: &Path,
    written: &str,
    session: Option<&str>,
    arguments: &MomentArguments,
    format: Format,
) -> Result<String, Stop> {
    let place = open(folder)?;
    let season = &place.season;
    let (round, session) = moment::round(season, written, session)?;
    let (moment, through) = (moment::moment(arguments)?, moment::through(season, arguments)?);
    let live = season.live(moment);
    let measured = |at: usize| {
        let name = &season.calendar.sessions[at].name;
        let of = |fact: &&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Measured(of)) if of.session == *name);
        name.round == round && live.iter().any(of)
    };
    let sessions: Vec<usize> = match session {
        Some(session) => vec![session],
        None => (0..season.calendar.sessions.len()).filter(|at| measured(*at)).collect(),
    };
    let bay = Bay { rulebook: &place.rulebook, season, live: &live, through };
    Ok(bay.print(round, &sessions, format))
}

/// `licences`.
pub(crate) fn licences(folder: &Path, arguments: &MomentArguments, format: Format) -> Result<String, Stop> {
    let place = open(folder)?;
    let (moment, through) = (moment::moment(arguments)?, moment::through(&place.season, arguments)?);
    let after = through.map(|session| place.season.calendar.sessions[session].name.round);
    let live = place.season.live(moment);
    Ok(crate::licences::table(&place.rulebook, &place.season, &live, after, &place.made_from(arguments), format))
}

/// `bop`.
pub(crate) fn bop(folder: &Path, session: Option<&str>, format: Format) -> Result<String, Stop> {
    let place = open(folder)?;
    let last = || {
        let last = place.season.calendar.sessions.len().checked_sub(1);
        last.ok_or_else(|| Stop::no(format!("{} has no sessions: its rulebook's weekend is empty", place.season.title)))
    };
    let session = session.map_or_else(last, |written| moment::session(&place.season, written))?;
    Ok(bop_table::table(&place.season, &place.season.live(Moment::NOW), session, format))
}
