//! A session's classification: what was published, with every decision in force applied to it.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::date::Micros;
use crate::entry::EntryList;
use crate::names::MarkId;
use crate::place::Places;
use crate::points::Points;
use crate::result::{Finish, PublishedResult, ResultRow, ResultState};
use crate::rules::cup::CupFit;
use crate::running::Ranking;
use crate::tower::Behind;
use crate::world::Ground;

/// One car in a classification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classified {
    /// Position in the entry list.
    pub entry: usize,
    /// How it ended, decisions applied.
    pub finish: Finish,
    /// The place it was published in, before decisions that the sheet does not contain. Of the classification's [`Order`].
    pub published: Option<Places>,
    /// The place it has now, in the classification's [`Order`]. `None` for a car without a place.
    pub place: Option<Places>,
    /// Its place in its class, where published or countable.
    pub class_place: Option<Places>,
    /// Its place in its cup, where published or countable.
    pub cup_place: Option<Places>,
    /// Laps completed, deductions applied.
    pub laps: Option<u32>,
    /// Race time with what was added; relative to the leader where only gaps were published.
    pub time: Option<Micros>,
    /// Best lap.
    pub best_lap: Option<Micros>,
    /// The cup of its crew.
    pub cup: CupFit,
    /// Known drivers, by position in the driver list.
    pub crew: Vec<usize>,
    /// Drivers who may have been aboard.
    pub perhaps: Vec<usize>,
    /// A driver's name is missing.
    pub crew_open: bool,
    /// Driving times, where published.
    pub drove: Vec<(usize, Micros)>,
    /// Led a lap.
    pub led: bool,
    /// False for an entered car that no sheet names: it may have taken part.
    pub on_sheet: bool,
    /// What was done to it, by what.
    pub effects: Vec<(Ground, String)>,
    /// The publisher's remark.
    pub note: Option<String>,
}

impl Classified {
    /// Whether it can have a place: classified, or not known not to be.
    pub fn may_finish(&self) -> bool {
        matches!(self.finish, Finish::Classified | Finish::Unknown)
    }
}

/// The order the places of a classification count in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// All cars together.
    Overall,
    /// Each class by itself: nobody published the order of all.
    Class,
}

/// A classification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classification {
    /// Position in the calendar.
    pub session: usize,
    /// The mark inside the race, where it is not the finish.
    pub mark: Option<MarkId>,
    /// What the publisher called the sheet it starts from.
    pub state: ResultState,
    /// The fact it starts from.
    pub fact: u64,
    /// Whether the sheet lists every car that took part.
    pub complete: bool,
    /// What the places count in.
    pub order: Order,
    /// The cars: those with a place in order, then the others.
    pub rows: Vec<Classified>,
    /// By what the session is annulled: there is no classification then, the rows are the order before.
    pub annulled: Option<Ground>,
    /// By what its points are withheld.
    pub withheld: Option<Ground>,
    /// On all points of the session: the calendar's, the shortened race's, a decision's.
    pub factor: Points,
    /// Further factors of which one holds, where a race was cut short and nobody published what a step of the rulebook asks for;
    /// empty in the ordinary case.
    pub factor_open: Vec<Points>,
    /// Where the factor comes from, in words.
    pub factor_reasons: Vec<String>,
    /// Open matters that touch it.
    pub open: Vec<crate::names::MatterId>,
}

impl Classified {
    /// The car's row on a sheet.
    pub fn on<'a>(&self, sheet: &'a PublishedResult, list: &EntryList) -> Option<&'a ResultRow> {
        sheet.rows.iter().find(|row| row.car == list.entries[self.entry].id)
    }

    /// The time as it is printed: the leader of a sheet that prints gaps has none, or its time where the sheet prints it.
    pub fn printed_time(&self, sheet: Option<&PublishedResult>, list: &EntryList) -> String {
        let leads = self.finish == Finish::Classified && self.published == Some(Places::exactly(1));
        let printed = sheet.filter(|sheet| leads && prints_gaps(sheet)).and_then(|sheet| self.on(sheet, list));
        let first = printed.filter(|on| on.gap.is_none() && self.time.is_none_or(|time| time == Micros(0)));
        let time = first.map_or(self.time, |on| on.time);
        time.map_or_else(|| String::from(if first.is_some() { "-" } else { "" }), |time| time.to_string())
    }
}

/// Whether a sheet prints gaps instead of times.
fn prints_gaps(sheet: &PublishedResult) -> bool {
    sheet.rows.iter().any(|row| row.gap.is_some() && row.time.is_none())
}

impl Classification {
    /// How far a car is behind the first of all, as its times or laps tell; where they tell nothing, nothing.
    pub fn behind(&self, sheet: Option<&PublishedResult>, ranking: Ranking, row: &Classified) -> Behind {
        let first = self.rows.first().filter(|first| self.order == Order::Overall && first.place == Some(Places::exactly(1)));
        let Some(first) = first.filter(|first| first.entry != row.entry && row.finish == Finish::Classified) else {
            return Behind::Nothing;
        };
        // The difference of what is printed, which is cut to milliseconds: the sheet's sums hold.
        let time = |ahead: Option<Micros>, own: Option<Micros>| {
            let difference = ahead.zip(own).map(|(ahead, own)| Micros(own.whole_ms().0 - ahead.whole_ms().0));
            difference.filter(|difference| difference.0 >= 0).map_or(Behind::Nothing, Behind::Time)
        };
        if ranking == Ranking::BestLap {
            return time(first.best_lap, row.best_lap);
        }
        match first.laps.zip(row.laps).map(|(first, own)| first.saturating_sub(own)) {
            Some(0) | None if sheet.is_some_and(prints_gaps) => time(Some(Micros(0)), row.time),
            Some(0) | None => time(first.time, row.time),
            Some(laps) => Behind::Laps(laps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Points;

    fn row(entry: usize, laps: u32, time: i64) -> Classified {
        let place = Some(Places::exactly(u16::try_from(entry).expect("few") + 1));
        Classified {
            entry,
            finish: Finish::Classified,
            published: place,
            place,
            class_place: None,
            cup_place: None,
            laps: Some(laps),
            time: Some(Micros(time)),
            best_lap: Some(Micros(90_000_000 + time)),
            cup: CupFit::NoCups,
            crew: Vec::new(),
            perhaps: Vec::new(),
            crew_open: false,
            drove: Vec::new(),
            led: false,
            on_sheet: true,
            effects: Vec::new(),
            note: None,
        }
    }

    #[test]
    fn a_car_is_behind_by_time_on_the_same_lap_and_by_laps_otherwise() {
        let rows = alloc::vec![row(0, 30, 1_000_999), row(1, 30, 3_500_100), row(2, 28, 500_000)];
        let mut of = Classification {
            session: 0,
            mark: None,
            state: ResultState::Provisional,
            fact: 1,
            complete: true,
            order: Order::Overall,
            rows,
            annulled: None,
            withheld: None,
            factor: Points::ONE,
            factor_open: Vec::new(),
            factor_reasons: Vec::new(),
            open: Vec::new(),
        };
        let told = |of: &Classification, ranking| [0, 1, 2].map(|at: usize| of.behind(None, ranking, &of.rows[at]).to_string());
        assert_eq!(told(&of, Ranking::Distance), ["", "+2.500", "+2 laps"]);
        assert_eq!(told(&of, Ranking::BestLap), ["", "+2.500", ""]);
        of.order = Order::Class;
        assert_eq!(told(&of, Ranking::Distance), ["", "", ""], "who is first of all is not known");
    }
}
