//! What goes wrong with transponders, sources and our machine, as the sources see it.

use sport::passing::Transponder;

use crate::dice::{Dice, MILLION};

/// A car that is not heard, or not always.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Silence {
    /// Place on the grid.
    pub(crate) car: u16,
    /// From this moment.
    pub(crate) from: i64,
    /// Until this.
    pub(crate) to: i64,
    /// How many of a million passings are missed.
    pub(crate) missed: i64,
}

/// A car that sends another car's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    /// Place on the grid of the car.
    pub(crate) car: u16,
    /// The number it sends.
    pub(crate) number: Transponder,
    /// From this moment.
    pub(crate) from: i64,
    /// Whether it sends its own as well.
    pub(crate) beside: bool,
}

/// A time and what is between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// From this moment.
    pub(crate) from: i64,
    /// Until this.
    pub(crate) to: i64,
}

impl Span {
    /// Whether a moment lies in it.
    pub(crate) fn holds(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }
}

/// What goes wrong with one source.
#[derive(Clone, Debug, Default)]
pub(crate) struct AtSource {
    /// It hears nothing.
    pub(crate) lost: Vec<Span>,
    /// Its clock jumps: when, and by how much.
    pub(crate) steps: Vec<(i64, i64)>,
    /// Nothing it sends arrives until it is connected again.
    pub(crate) cut_off: Vec<Span>,
    /// It keeps what nobody took, for when our machine is back.
    pub(crate) remembers: bool,
}

/// What goes wrong in a session.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    /// Cars that are not heard.
    pub(crate) silences: Vec<Silence>,
    /// Cars with another's number.
    pub(crate) doubles: Vec<Double>,
    /// By source.
    pub(crate) sources: Vec<AtSource>,
    /// Our machine hears nothing.
    pub(crate) power: Option<Span>,
}

/// What becomes of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It arrives.
    Arrives,
    /// It arrives then, with everything else that waited.
    Waits(i64),
    /// It never does.
    Lost,
}

impl Troubles {
    /// Whether a loop hears a car at a moment.
    pub(crate) fn heard(&self, car: u16, at: i64, dice: &mut Dice) -> bool {
        let silent = self.silences.iter().filter(|silence| silence.car == car && silence.from <= at && at < silence.to);
        let missed = silent.map(|silence| silence.missed).max().unwrap_or(0);
        missed == 0 || (missed < MILLION && !dice.chance(missed))
    }

    /// The numbers a car sends at a moment: one, and perhaps a second.
    pub(crate) fn numbers(&self, car: u16, own: Transponder, at: i64) -> (Transponder, Option<Transponder>) {
        match self.doubles.iter().find(|double| double.car == car && double.from <= at) {
            None => (own, None),
            Some(double) if double.beside => (own, Some(double.number)),
            Some(double) => (double.number, None),
        }
    }

    /// What becomes of a batch of a source that would arrive at a moment.
    pub(crate) fn fate(&self, source: usize, arrival: i64) -> Fate {
        let of = &self.sources[source];
        let waits = of.cut_off.iter().find(|span| span.holds(arrival)).map(|span| span.to);
        let at = waits.unwrap_or(arrival);
        match self.power.filter(|power| power.holds(at)) {
            Some(power) if of.remembers => Fate::Waits(power.to + 3 * MILLION),
            Some(_) => Fate::Lost,
            None => waits.map_or(Fate::Arrives, Fate::Waits),
        }
    }

    /// When something that a person says arrives: what was said without power is written down in its order when it is back.
    pub(crate) fn said(&self, at: i64) -> i64 {
        match self.power {
            Some(power) if at >= power.from => at.max(power.to + 2 * MILLION + (at - power.from) / 10),
            Some(_) | None => at,
        }
    }
}

impl AtSource {
    /// How far its clock is from the true time at a moment.
    pub(crate) fn wrong_by(&self, at: i64) -> i64 {
        self.steps.iter().filter(|(from, _)| *from <= at).map(|(_, by)| by).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn troubles(remembers: bool) -> Troubles {
        let source = AtSource { cut_off: vec![Span { from: 10, to: 20 }], remembers, steps: vec![(5, 7), (9, -7)], ..AtSource::default() };
        Troubles { sources: vec![source], power: Some(Span { from: 15, to: 40 }), ..Troubles::default() }
    }

    #[test]
    fn what_waits_for_a_machine_without_power_waits_longer_or_is_lost() {
        assert_eq!(troubles(true).fate(0, 9), Fate::Arrives);
        assert_eq!(troubles(true).fate(0, 12), Fate::Waits(40 + 3 * MILLION));
        assert_eq!(troubles(false).fate(0, 12), Fate::Lost);
        assert_eq!(troubles(false).fate(0, 40), Fate::Arrives);
    }

    #[test]
    fn what_is_said_keeps_its_order_through_a_power_cut() {
        let said: Vec<i64> = [0, 14, 15, 39, 41, 3_000_000].map(|at| troubles(true).said(at)).to_vec();
        assert!(said.is_sorted(), "{said:?}");
        assert_eq!((said[1], said[2]), (14, 40 + 2 * MILLION));
    }

    #[test]
    fn a_clock_that_jumps_back_is_right_again() {
        let of = &troubles(true).sources[0];
        assert_eq!([4, 5, 9].map(|at| of.wrong_by(at)), [0, 7, 0]);
    }
}
