//! Doubts about times: clocks that stepped, sources that were silent or alone, readings that differ.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::alignment::Alignment;
use crate::date::{Instant, Micros};
use crate::doubts::Look;
use crate::finding::Weight;
use crate::line::LineKind;
use crate::meeting::Batch;
use crate::reading::{DIFFER, Lap, Reading};
use crate::watch::Watch;

impl Look<'_> {
    /// Clocks that stepped, and readings that came late.
    pub(crate) fn clocks(&mut self, clocks: &Alignment) {
        for step in &clocks.steps {
            let way = if step.by.0 >= 0 { "back" } else { "forward" };
            let says = alloc::format!(
                "the clock of {} stepped {way} by about {} s at {}; its readings were set right by {}",
                self.source(step.source),
                Micros(step.by.0.abs()),
                self.when(step.at),
                if step.paired { "the other source of its line" } else { "the time they arrived, which is less exact" }
            );
            let weight = if step.paired && !step.few { Weight::Note } else { Weight::Doubt };
            self.say(weight, "clock-stepped", None, says);
        }
        for lag in &clocks.lags {
            let way = if lag.by.0 >= 0 { "later" } else { "sooner" };
            let sources: Vec<&str> = lag.sources.iter().map(|source| self.source(*source)).collect();
            let says = alloc::format!(
                "what {} heard arrived about {} s {way} than usual from {} on: taken for the way here, not for a step of their clocks",
                sources.join(", "),
                Micros(lag.by.0.abs()),
                self.when(lag.at)
            );
            let weight = if lag.few { Weight::Doubt } else { Weight::Note };
            self.say(weight, "arrived-late", None, says);
        }
        let heard = self.heard_in_session();
        let sources = (0..self.live.running.layout().sources().len()).filter_map(|source| u8::try_from(source).ok());
        let ahead: Vec<(u8, Micros)> = sources.filter_map(|source| Some((source, clocks.ahead(&heard, source)?))).collect();
        for (source, by) in ahead {
            let says = alloc::format!(
                "what {} heard arrived up to {by} s before it happened: its clock is ahead of ours, and race times are so much too long",
                self.source(source)
            );
            self.say(Weight::Doubt, "clock-ahead", None, says);
        }
        for apart in &clocks.apart {
            let says = alloc::format!(
                "{} and {} differ by {} s from {} on, and nothing says which is right",
                self.source(apart.source),
                self.source(apart.other),
                apart.by,
                self.when(apart.at)
            );
            self.say(Weight::Doubt, "clocks-differ", None, says);
        }
    }

    /// What the sources sent while the session was open.
    fn heard_in_session(&self) -> Vec<Batch<'_>> {
        let Some((open, close)) = self.meeting.span(&self.season.calendar.sessions[self.live.session].name) else { return Vec::new() };
        let during = |batch: &&Batch<'_>| batch.arrived >= open && batch.arrived <= close.min(self.live.now);
        self.meeting.batches.iter().filter(during).copied().collect()
    }

    /// Sources that car after car passed unheard, though others heard those cars.
    pub(crate) fn sources(&mut self) {
        let watch = Watch::of(&self.live.running);
        for source in 0..self.live.running.layout().sources().len() {
            for (from, to, cars) in watch.silences(source) {
                let source = u8::try_from(source).expect("a layout has fewer than 256 sources");
                let silent = alloc::format!("{} heard nothing from {} to {}", self.source(source), self.when(from), self.when(to));
                if let Some((nth, other)) = self.alone_then(source) {
                    let from = self.alone_since(source, nth, from);
                    let silent = alloc::format!("{} heard nothing from {} to {}", self.source(source), self.when(from), self.when(to));
                    let says = alloc::format!("{silent}; {cars} cars were timed by {other} alone, and nothing checked its clock");
                    self.say(Weight::Doubt, "one-source", None, says);
                } else {
                    let says = alloc::format!("{silent}, while {cars} cars went by that others heard");
                    self.say(Weight::Doubt, "source-silent", None, says);
                }
            }
        }
    }

    /// Since when the other source was alone: what it sent after the silent one was heard last counts, even where its clock puts that before.
    fn alone_since(&self, silent: u8, other: u8, from: Instant) -> Instant {
        let readings = || self.live.running.tracks().iter().flat_map(|track| track.readings());
        let last = readings().filter(|reading| reading.source == silent && reading.at <= from).map(|reading| reading.passing.fact).max();
        let alone = |reading: &&Reading| reading.source == other && reading.at < from && Some(reading.passing.fact) > last;
        readings().filter(alone).map(|reading| reading.at).min().unwrap_or(from)
    }

    /// The other source of the finish line, where there is one.
    fn alone_then(&self, silent: u8) -> Option<(u8, &str)> {
        let layout = self.live.running.layout();
        let line = layout.sources()[usize::from(silent)].line;
        let finish = layout.lines()[usize::from(line)].kind == LineKind::Finish;
        let others = layout.sources().iter().enumerate().filter(|(at, source)| *at != usize::from(silent) && source.line == line);
        let mut others = others.filter_map(|(at, source)| Some((u8::try_from(at).ok()?, source.id.as_str())));
        others.next().filter(|_| finish)
    }

    /// Laps whose end only one source read, while its clock may have stepped already or not yet.
    pub(crate) fn unsure(&mut self, car: usize, clocks: &Alignment) {
        if clocks.steps.is_empty() {
            return;
        }
        let track = &self.live.running.tracks()[car];
        let counted = self.live.running.progress(car).laps as usize;
        for (nth, lap) in track.laps()[..counted].iter().enumerate() {
            let crossing = &track.crossings()[lap.crossing as usize];
            let Some(reading) = track.evidence(crossing).filter(|_| crossing.readings == 1) else { continue };
            let step = clocks
                .steps
                .iter()
                .find(|step| step.source == reading.source && step.unsure < reading.at && reading.at.0 <= step.at.0 + 1_000_000);
            if let Some(step) = step {
                let says = alloc::format!(
                    "the end of lap {} was read by {} alone, about when its clock stepped by {} s",
                    nth + 1,
                    self.source(step.source),
                    Micros(step.by.0.abs())
                );
                self.say(Weight::Doubt, "clock-unsure", Some(car), says);
            }
        }
    }

    /// Laps whose end only the second source of the line read, and how far it lies beside the first is not known.
    pub(crate) fn unmeasured(&mut self, car: usize, clocks: &Alignment) {
        let layout = self.live.running.layout();
        let track = &self.live.running.tracks()[car];
        let counted = self.live.running.progress(car).laps as usize;
        let alone = |lap: &Lap| {
            let reading = track.evidence(&track.crossings()[lap.crossing as usize])?;
            clocks.unmeasured(layout, self.live.running.tracks(), reading.source).map(|first| (reading.source, first))
        };
        let ends: Vec<(usize, (u8, u8))> =
            track.laps()[..counted].iter().enumerate().filter_map(|(nth, lap)| Some((nth, alone(lap)?))).collect();
        let Some((_, (source, first))) = ends.first().copied() else { return };
        let laps: Vec<String> = ends.iter().map(|(nth, _)| alloc::format!("{}", nth + 1)).collect();
        let word = if laps.len() == 1 { "lap" } else { "laps" };
        let says = alloc::format!(
            "the end of {word} {} was read by {} alone, and too few crossings tell how far it lies from {}",
            laps.join(", "),
            self.source(source),
            self.source(first)
        );
        self.say(Weight::Doubt, "source-unmeasured", Some(car), says);
    }

    /// Laps whose end two sources read at different times.
    pub(crate) fn contradicted(&mut self, car: usize) {
        let track = &self.live.running.tracks()[car];
        let layout = self.live.running.layout();
        let counted = self.live.running.progress(car).laps as usize;
        let mut worst: Option<(usize, Micros)> = None;
        for (nth, lap) in track.laps()[..counted].iter().enumerate() {
            let crossing = &track.crossings()[lap.crossing as usize];
            let by = track.otherwise(layout, crossing).iter().map(|other| (other.at.0 - crossing.at.0).abs()).max().unwrap_or(0);
            if by > DIFFER && worst.is_none_or(|(_, worst)| by > worst.0) {
                worst = Some((nth, Micros(by)));
            }
        }
        if let Some((nth, by)) = worst {
            let says = alloc::format!("the end of lap {} was read twice, {by} s apart", nth + 1);
            self.say(Weight::Doubt, "readings-differ", Some(car), says);
        }
    }

    /// Lines on the track that one source read twice at one crossing.
    pub(crate) fn twice(&mut self, car: usize) {
        let track = &self.live.running.tracks()[car];
        let layout = self.live.running.layout();
        let on_track = |source: u8| matches!(layout.line(layout.source(source).line).kind, LineKind::Finish | LineKind::Sector);
        let near = layout.measures.coincidence.0;
        let mut latest: BTreeMap<u8, Instant> = BTreeMap::new();
        let mut again = track.readings().iter().filter(|reading| on_track(reading.source)).filter_map(|reading| {
            let before = latest.insert(reading.source, reading.at)?;
            let by = reading.at.0 - before.0;
            (by > DIFFER && by <= near).then_some((reading, Micros(by)))
        });
        let Some((first, by)) = again.next() else { return };
        let (times, source, when) = (again.count() + 1, self.source(first.source), self.when(first.at));
        let says = alloc::format!(
            "one crossing was read twice by one source, {times} times, first by {source} at {when}, {by} s apart: perhaps its transponder is in two cars"
        );
        self.say(Weight::Doubt, "read-twice", Some(car), says);
    }
}
