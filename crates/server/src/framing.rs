//! A frame of the live page, from the season as it stands at a moment.

use std::collections::BTreeMap;

use sport::as_it_stands::AsItStands;
use sport::date::{Instant, Micros};
use sport::fact::{Fact, What};
use sport::grid;
use sport::meeting::opened_last;
use sport::meeting_fact::{MeetingFact, Signal};
use sport::names::CupId;
use sport::pit_board::PitCar;
use sport::place::Places;
use sport::rulebook::Rulebook;
use sport::rules::cup::CupFit;
use sport::rules::pit_window::Window;
use sport::running::Ranking;
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::tower::{self, Distance, TowerRow};

use crate::clock::{printed, to_ms};
use crate::frame::{Car, Frame, InCup, Next, PitWindow, Sector, SessionHead, Stop, Visit};
use crate::messages;
use crate::sentences::effect_words;

/// When sessions begin by the timetable.
type Timetable<'s> = BTreeMap<&'s SessionName, Instant>;

/// What a frame is made from.
pub(crate) struct Framing<'s> {
    pub(crate) rulebook: &'s Rulebook,
    pub(crate) season: &'s Season,
    pub(crate) moment: Moment,
    /// What the clock shows.
    pub(crate) now: Instant,
    pub(crate) speed: u32,
    pub(crate) simulated: bool,
}

/// A session's title as the rulebook prints it: `Race 1`.
pub(crate) fn title(rulebook: &Rulebook, season: &Season, session: usize) -> String {
    grid::plan(rulebook, season, session).map_or_else(|| season.calendar.sessions[session].name.id.to_string(), |plan| plan.title.clone())
}

/// A place as it is printed; nothing where it is not known at all.
pub(crate) fn place(place: Option<Places>) -> String {
    place.filter(|place| *place != Places::ANY).map_or_else(String::new, |place| place.to_string())
}

impl<'s> Framing<'s> {
    /// The frame, of a session or of the one that was opened last, and the session as it stands.
    pub(crate) fn frame(&self, session: Option<usize>) -> (Frame, Option<AsItStands>) {
        let session = session.or_else(|| opened_last(self.season, self.moment));
        let of = session.and_then(|at| AsItStands::of(self.rulebook, self.season, self.moment, at));
        let timetable = self.timetable();
        let mut frame = Frame {
            at: to_ms(self.now),
            speed: self.speed,
            simulated: self.simulated,
            season: self.season.title.clone(),
            next: self.next(&timetable),
            ..Frame::default()
        };
        if let Some(of) = &of {
            let board = of.session.pit_board(self.rulebook, self.season);
            let board = board.unwrap_or_default();
            frame.session = Some(self.head(of, &timetable));
            frame.window = board.first().map(window);
            for row in tower::tower(self.season, of) {
                let id = self.season.list.entries[row.classified.entry].id.to_string();
                let pit = board.iter().find(|car| car.car == row.car);
                frame.order.push(id.clone());
                frame.cars.insert(id, self.car(of, &row, pit));
            }
            frame.messages = messages::of_round(self.rulebook, self.season, self.moment, of, &board);
        }
        (frame, of)
    }

    /// When each session begins by the timetable as it was told last.
    fn timetable(&self) -> Timetable<'s> {
        let told = |fact: &'s Fact| {
            if let What::Meeting(MeetingFact::Timetable { session, at }) = &fact.what { Some((session, *at)) } else { None }
        };
        self.season.live(self.moment).into_iter().filter_map(told).collect()
    }

    /// The session that comes next by the timetable.
    fn next(&self, timetable: &Timetable<'_>) -> Option<Next> {
        let (name, at) = timetable.iter().filter(|(_, at)| **at > self.now).min_by_key(|(_, at)| **at)?;
        let session = self.season.calendar.find(name)?;
        Some(Next { id: name.to_string(), title: title(self.rulebook, self.season, session), at: printed(*at) })
    }

    fn head(&self, of: &AsItStands, timetable: &Timetable<'_>) -> SessionHead {
        let session = &of.session;
        let on = &self.season.calendar.sessions[session.session];
        let clock = session.race_clock(self.rulebook, self.season);
        let schedule = session.running.schedule();
        let ends = clock.as_ref().zip(on.minutes).map(|(clock, minutes)| clock.when(Micros::seconds(i64::from(minutes) * 60)));
        let (since, signal) = session.signals.last().copied().unwrap_or((session.now, Signal::Open));
        // A clock that stands shows the same time a second later.
        let stands = clock.is_some_and(|clock| {
            session.ending.at().is_none()
                && clock.time(session.now).0 > 0
                && clock.time(session.now) == clock.time(Instant(session.now.0 - 1))
        });
        SessionHead {
            id: on.name.to_string(),
            title: title(self.rulebook, self.season, session.session),
            event: self.season.calendar.round(on.name.round).map_or_else(String::new, |round| round.name.clone()),
            kind: on.kind.word().to_owned(),
            running: session.ending.at().is_none() && !session.closed(),
            state: tower::state(session),
            signal: signal.word().to_owned(),
            signal_since: printed(since),
            planned: timetable.get(&on.name).copied().map(printed),
            start: session.start().map(printed),
            ends: ends.map(printed),
            clock_stands: stands,
            laps: session.running.order().next().map_or(0, |leader| leader.laps),
            of_laps: schedule.laps,
            pit_board: self.rulebook.law_at(&self.season.calendar, session.session).has_pit_board(on),
            findings: session.doubts.len(),
        }
    }

    fn car(&self, of: &AsItStands, row: &TowerRow, pit: Option<&PitCar>) -> Car {
        let list = &self.season.list;
        let classified = &row.classified;
        let entry = &list.entries[classified.entry];
        let round = self.season.calendar.sessions[of.session.session].name.round;
        let crew = entry.spell(round).map_or(&[][..], |spell| &spell.crew);
        let aboard = row.driver.map(|driver| &list.drivers[driver]);
        let name = |id| list.driver(id).map(|at| list.drivers[at].name.as_str());
        let others: Vec<&str> = crew.iter().filter(|id| aboard.is_none_or(|aboard| aboard.id != **id)).filter_map(name).collect();
        let time = |time: Option<Micros>| time.map_or_else(String::new, |time| time.to_string());
        let sectors = row.sectors.iter().map(|sector| Sector {
            time: time(sector.time),
            best: sector.best.word().to_owned(),
            current: sector.current,
        });
        let race = of.session.running.ranking() == Ranking::Distance;
        let held = classified.place.and_then(Places::exact);
        let grid = i32::try_from(row.car + 1).unwrap_or(0);
        let notes: Vec<String> = classified.effects.iter().map(|(ground, says)| format!("{says} ({ground})")).collect();
        Car {
            number: entry.label(),
            position: tower::position(&of.session, classified),
            gained: held.filter(|_| race && of.session.start().is_some()).map(|held| grid - i32::from(held)),
            class: entry.class.to_string(),
            class_position: place(classified.class_place),
            cup: classified.cup.ids(),
            cup_title: classified.cup.title(self.rulebook),
            cup_position: if matches!(classified.cup, CupFit::Open(_)) { String::from("?") } else { place(classified.cup_place) },
            driver: aboard.map_or_else(String::new, |driver| driver.name.clone()),
            others: others.join(" / "),
            team: entry.team.as_ref().and_then(|id| list.team(id)).map_or_else(String::new, |team| list.teams[team].name.clone()),
            model: entry.model.clone().unwrap_or_default(),
            laps: row.laps().to_string(),
            gap: row.overall.gap.to_string(),
            interval: row.overall.interval.to_string(),
            class_gap: row.in_class.gap.to_string(),
            class_interval: row.in_class.interval.to_string(),
            in_cups: row.in_cups.iter().map(in_cup).collect(),
            last: time(row.last),
            last_best: row.last_best.word().to_owned(),
            best: time(row.progress.best),
            best_best: row.best_best.word().to_owned(),
            sectors: sectors.collect(),
            stops: row.stops.to_string(),
            state: row.whereabouts.word().to_owned(),
            note: notes.join("; "),
            stop: pit.map(|pit| self.stop(of, pit)),
        }
    }

    /// What was decided about a stop of a car in this session: once it is, nothing is proposed any more.
    fn decided(&self, of: &AsItStands, pit: &PitCar) -> Option<String> {
        let session = &self.season.calendar.sessions[of.session.session].name;
        let car = &self.season.list.entries[of.session.cars[pit.car]].id;
        let live = self.season.live(self.moment);
        let about = |fact: &&Fact| {
            let decision = fact.what.decision()?;
            decision.answers.as_ref()?;
            let mut acts = decision.effects.iter().filter(|effect| effect.car() == Some(car) && effect.session() == Some(session));
            acts.find_map(effect_words).map(|words| format!("{words}, decision {}", decision.id))
        };
        live.iter().rev().find_map(about)
    }

    fn stop(&self, of: &AsItStands, pit: &PitCar) -> Stop {
        let board = &pit.board;
        let inside = pit.visits.last().filter(|visit| visit.inside);
        // Who made its stop may leave as it likes: a drive-through is no stop.
        let current = pit.visits.len().saturating_sub(1);
        let made = board.mandatory.iter().filter(|visit| **visit != current).count();
        let owed = made < usize::from(board.asked);
        let due = if pit.due.0 > 0 { pit.due.to_string() } else { String::new() };
        let (state, says, detail) = if let Some(visit) = inside {
            let untimely = board.untimely.map_or_else(String::new, |why| why.to_string());
            ("in", String::from("in the pit lane"), if visit.entry.is_some() { untimely } else { String::from("entry not heard") })
        } else if let Some(breach) = board.breaches.first() {
            let proposal = of.session.proposal(self.rulebook, self.season, pit.car, breach);
            let proposed = proposal.map_or_else(String::new, |proposal| format!("proposed: {}", proposal.says));
            match self.decided(of, pit) {
                Some(decided) => ("decided", breach.to_string(), decided),
                None => ("breach", breach.to_string(), proposed),
            }
        } else if board.mandatory.len() >= usize::from(board.asked) && board.asked > 0 {
            let times = board.mandatory.iter().filter_map(|visit| pit.visits[*visit].time()).map(|time| time.to_string());
            ("done", String::from("stop made"), times.collect::<Vec<_>>().join(", "))
        } else if matches!(board.window, Window::Closed | Window::Unfinished) {
            // Who stopped for good before it was over owes none.
            ("none", String::from("no stop owed"), String::new())
        } else {
            let left = usize::from(board.asked) - board.mandatory.len().min(usize::from(board.asked));
            let says = if board.asked > 1 { format!("{left} of {} to do", board.asked) } else { String::from("no stop yet") };
            ("to-do", says, String::new())
        };
        let visit = |(nth, visit): (usize, &sport::pit_visit::PitVisit)| Visit {
            entry: visit.entry.map(|crossing| printed(crossing.at)),
            exit: visit.exit.map(|crossing| printed(crossing.at)),
            time: visit.time().map_or_else(String::new, |time| time.to_string()),
            mandatory: board.mandatory.contains(&nth),
        };
        Stop {
            state: state.to_owned(),
            says,
            detail,
            due,
            minimum: board.minimum.to_string(),
            due_us: pit.due.0,
            minimum_us: board.minimum.0,
            since: inside.and_then(|visit| visit.entry).map(|entry| printed(entry.at)),
            earliest: board.earliest_exit.filter(|_| inside.is_some() && owed).map(printed),
            visits: pit.visits.iter().enumerate().map(visit).collect(),
        }
    }
}

fn in_cup((cup, distance): &(CupId, Distance)) -> (String, InCup) {
    (cup.to_string(), InCup { gap: distance.gap.to_string(), interval: distance.interval.to_string() })
}

fn window(car: &PitCar) -> PitWindow {
    let state = match car.board.window {
        Window::OpensIn(_) => "opens",
        Window::Delayed(_) => "delayed",
        Window::ClosesIn(_) => "open",
        Window::Closed => "closed",
        Window::Unfinished => "unfinished",
    };
    let (opens, closes) = car.opening;
    PitWindow {
        state: state.to_owned(),
        opens: printed(opens),
        closes: printed(closes),
        awaits: car.awaits.map(|signal| signal.word().to_owned()),
    }
}
