//! The season as its pages and the API show it: values printed once, from what the core computed, for both alike.

pub(crate) mod car;
pub(crate) mod competitor;
pub(crate) mod document;
pub(crate) mod driver;
pub(crate) mod entries;
pub(crate) mod glance;
pub(crate) mod icalendar;
pub(crate) mod notices;
pub(crate) mod penalties;
pub(crate) mod programme;
pub(crate) mod results;
pub(crate) mod search;
pub(crate) mod team;

use std::sync::Arc;

use serde::Serialize;
use sport::date::Instant;
use sport::evaluation::Evaluation;
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::names::{EntryId, TeamId};
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::session::{Session, SessionName};
use utoipa::ToSchema;

use crate::named::{self, CarNamed, PersonNamed, TeamNamed};
use crate::sentences::Teller;
use crate::site::Site;

/// What is known of a season when somebody asks.
pub(crate) struct Known<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
    /// The facts that count, in the order they happened, without the passings: of those there are very many, and nothing here needs them.
    pub(crate) live: Vec<&'a Fact>,
    pub(crate) evaluation: Arc<Evaluation>,
    /// What the clock shows.
    pub(crate) now: Instant,
}

impl<'a> Known<'a> {
    pub(crate) fn of(site: &'a Site, season: &'a Season) -> Self {
        let mut live = season.live(Moment::NOW);
        live.retain(|fact| !matches!(fact.what, What::Meeting(MeetingFact::Heard(_))));
        Self { rulebook: &site.rulebook, season, live, evaluation: site.evaluation(season, None), now: site.clock.now() }
    }

    pub(crate) fn teller(&self) -> Teller<'a> {
        Teller { rulebook: self.rulebook, season: self.season }
    }

    /// A car as pages name it.
    pub(crate) fn car(&self, entry: usize) -> CarNamed {
        named::car(self.rulebook, self.season, entry)
    }

    /// A car by its id; one that the entry list has no more is named all the same.
    pub(crate) fn car_of(&self, id: &EntryId) -> CarNamed {
        let unknown =
            || CarNamed { id: id.to_string(), number: id.to_string(), class: String::new(), team: None, model: String::new(), colour: 0 };
        self.season.list.entry(id).map_or_else(unknown, |entry| self.car(entry))
    }

    /// A driver as pages name one.
    pub(crate) fn driver(&self, driver: usize) -> PersonNamed {
        named::driver(self.season, driver)
    }

    /// A team by id.
    pub(crate) fn team_of(&self, id: &TeamId) -> TeamNamed {
        named::team(self.season, id)
    }

    /// Whether a session has a pit board.
    fn has_pit_board(&self, session: &Session) -> bool {
        let at = self.season.calendar.find(&session.name);
        at.is_some_and(|at| self.rulebook.law_at(&self.season.calendar, at).has_pit_board(session))
    }

    /// A session as pages name it.
    pub(crate) fn session(&self, name: &SessionName) -> SessionTitle {
        SessionTitle { id: name.to_string(), title: self.teller().session(name), round: name.round, event: self.event(name.round) }
    }

    /// The circuit of a round, as printed.
    pub(crate) fn event(&self, round: u16) -> String {
        self.season.calendar.round(round).map_or_else(String::new, |round| round.name.clone())
    }
}

/// A session by its names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SessionTitle {
    /// `6.race-1`.
    pub(crate) id: String,
    /// `Race 1`.
    pub(crate) title: String,
    /// Its round.
    pub(crate) round: u16,
    /// The circuit, as printed.
    pub(crate) event: String,
}
