//! How far a decoder's clock is from ours, and how fast it goes away from it.
//!
//! All that can be seen is when a passing arrived. It arrives late, sometimes very late, and never early: what is true lies along the lower edge of what was
//! seen. The line that touches that edge from below and is nearest to all of it is the clock (the linear programme of Moon, Skelly and Towsley, 1999). It
//! needs no mean, which one delay would spoil, and a pause only makes it surer of the drift.

use std::collections::VecDeque;

use sport::date::{Instant, Micros};

/// Measures the clock of a decoder. It keeps about an hour.
#[derive(Clone, Default, Debug)]
pub struct DriftMeter {
    /// By the decoder's time.
    spans: VecDeque<Span>,
    /// Points that arrived before they can have, and after how many: some are a step, one is nothing.
    early: Vec<(u64, Point)>,
    late: Option<Run>,
    /// All that arrived.
    seen: u64,
}

/// What was measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    /// Our time less the decoder's, at its newest. The least delay of a message is in it.
    pub offset: Micros,
    /// The offset may be less by this, and hardly by more.
    pub unsure: Micros,
    /// How much faster than ours it goes, in parts of a thousand million; negative where it goes slower. 1,000 are one in a million.
    pub drift_ppb: i64,
    /// The drift may be more or less by this, and hardly by more.
    pub drift_unsure_ppb: i64,
    /// From the first to the newest of what this is measured from, by the decoder's clock.
    pub over: Micros,
}

/// The decoder's clock was set: what was measured before is no more. A step of less than half of what messages are late in the mean is not told from that:
/// the measure follows it within the hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// When the first by the new clock arrived; a little earlier where one before it was late.
    pub at: Instant,
    /// How far it was set forward; negative where it was set back. Not surer than the offset was, and is.
    pub by: Micros,
}

/// A message: the decoder's time, and how much later than that by our clock it arrived.
#[derive(Clone, Copy, Debug)]
struct Point {
    time: i64,
    delay: i64,
}

/// Some seconds of the decoder's time: the message that was least late, and all of them together.
#[derive(Clone, Copy, Debug)]
struct Span {
    nth: i64,
    least: Point,
    count: i64,
    delays: i128,
}

/// Points in a row that are later than those before.
#[derive(Clone, Debug)]
struct Run {
    /// What was known when it began, and what is later than usual: these points may have moved it since.
    line: Line,
    usual: i64,
    began: i64,
    count: usize,
    newest: VecDeque<Point>,
}

/// A line: so much delay at a time, and so much more for so much later.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: Point,
    rise: i128,
    run: i128,
    /// The time of the last point it touches.
    touches_until: i64,
}

/// Within this the drift of a clock is less than a message is unsure.
const SPAN: i64 = 4_000_000;
/// An hour of them.
const SPANS: i64 = 900;
/// Fewer points say nothing.
const LEAST: i64 = 8;
/// So many are needed to say that one cannot be.
const SETTLED: u64 = 32;
/// No clock that is one goes wrong by more than one in so many.
const FASTEST: i128 = 1_000;
/// Below this nothing is a step.
const STEP: i64 = 5_000;
/// So many too early among so many are a step.
const EARLY: usize = 3;
const AMONG: u64 = 64;
/// So many in a row too late, over so long, are a step, and no network that was busy.
const LATE: usize = 48;
const LATE_FOR: i64 = 60_000_000;
/// Of the points of a run so many are kept.
const NEWEST: usize = 64;
/// Times that no clock has are no points: 285 years from 1970.
const BEYOND: u64 = 1 << 53;
/// Of a thousand million.
const PPB: i128 = 1_000_000_000;

impl DriftMeter {
    /// Of a clock of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A message with a decoder's time arrived. Only what was sent when it happened says something of the clock: what was asked for again is not given.
    pub fn add(&mut self, decoder: Micros, arrived: Instant) -> Option<Step> {
        if decoder.0.unsigned_abs() > BEYOND || arrived.0.unsigned_abs() > BEYOND {
            return None;
        }
        self.seen += 1;
        let point = Point { time: decoder.0, delay: arrived.0 - decoder.0 };
        let Some(line) = self.line() else {
            self.keep(point);
            return None;
        };
        let lateness = self.lateness(line);
        let measured = self.along(line, lateness);
        // Nearer to the edge of what was seen, nobody knows.
        let slack = STEP + line.strays(point.time, measured.drift_unsure_ppb) - line.strays(self.newest(), measured.drift_unsure_ppb);
        let unsure = 3 * measured.unsure.0;
        if line.below(point) < -(lateness.min(unsure) + slack) && self.seen > SETTLED {
            return self.too_early(point, line);
        }
        self.keep(point);
        self.too_late(point, line, (lateness / 2).max(unsure) + slack)
    }

    /// What is measured so far; nothing where too little came.
    pub fn measured(&self) -> Option<Measured> {
        let line = self.line()?;
        Some(self.along(line, self.lateness(line)))
    }

    fn along(&self, line: Line, lateness: i64) -> Measured {
        let (first, last) = (self.spans.front().map_or(0, |span| span.least.time), self.newest());
        let over = last - first;
        let middle = first + over / 2;
        let count = |after: bool| self.spans.iter().filter(|span| (span.least.time > middle) == after).map(|span| span.count).sum::<i64>();
        // Of so many late by chance the least is hardly later than this.
        let unsure = |count: i64| lateness.saturating_mul(6) / (count + 1) + 1;
        let (before, after) = (unsure(count(false)), unsure(count(true)));
        let drift_unsure_ppb = clamp(i128::from(before + after) * PPB / i128::from(line.touches_until - line.from.time).max(1));
        Measured {
            offset: Micros(clamp(line.at(last))),
            unsure: Micros(after + line.strays(last, drift_unsure_ppb)),
            drift_ppb: clamp(-line.rise * PPB / line.run),
            drift_unsure_ppb,
            over: Micros(over),
        }
    }

    /// A decoder's time by our clock.
    pub fn ours(&self, decoder: Micros) -> Option<Instant> {
        let line = self.line()?;
        Some(Instant(clamp(i128::from(decoder.0) + line.at(decoder.0))))
    }

    fn newest(&self) -> i64 {
        self.spans.back().map_or(0, |span| span.least.time)
    }

    fn keep(&mut self, point: Point) {
        let nth = point.time.div_euclid(SPAN);
        let at = self.spans.partition_point(|span| span.nth < nth);
        match self.spans.get_mut(at) {
            Some(span) if span.nth == nth => {
                span.count += 1;
                span.delays += i128::from(point.delay);
                if point.delay < span.least.delay {
                    span.least = point;
                }
            }
            _ => self.spans.insert(at, Span { nth, least: point, count: 1, delays: i128::from(point.delay) }),
        }
        let newest = self.newest().div_euclid(SPAN);
        while self.spans.front().is_some_and(|span| newest - span.nth > SPANS) {
            self.spans.pop_front();
        }
    }

    fn too_early(&mut self, point: Point, line: Line) -> Option<Step> {
        self.late = None;
        self.early.retain(|(seen, _)| self.seen - seen < AMONG);
        self.early.push((self.seen, point));
        if self.early.len() < EARLY {
            return None;
        }
        let points: Vec<Point> = std::mem::take(&mut self.early).into_iter().map(|(_, point)| point).collect();
        let first = points.iter().map(|of| of.time + of.delay).min()?;
        let least = points.iter().map(|of| line.below(*of)).min()?;
        Some(self.step(points, Instant(first), -least))
    }

    fn too_late(&mut self, point: Point, line: Line, usual: i64) -> Option<Step> {
        let arrived = point.time + point.delay;
        let begins = || Run { line, usual, began: arrived, count: 0, newest: VecDeque::new() };
        let run = self.late.get_or_insert_with(begins);
        if run.line.below(point) <= run.usual {
            self.late = None;
            return None;
        }
        run.count += 1;
        run.newest.push_back(point);
        if run.newest.len() > NEWEST {
            run.newest.pop_front();
        }
        if run.count < LATE || arrived - run.began < LATE_FOR {
            return None;
        }
        let Run { line, began, newest, .. } = self.late.take()?;
        // The first of them may have been late by the old clock.
        let least = newest.iter().map(|of| line.below(*of)).min()?;
        Some(self.step(newest, Instant(began), -least))
    }

    fn step(&mut self, points: impl IntoIterator<Item = Point>, at: Instant, by: i64) -> Step {
        *self = Self::new();
        points.into_iter().for_each(|point| self.keep(point));
        Step { at, by: Micros(by) }
    }

    /// How much later than the line messages are, in the mean.
    fn lateness(&self, line: Line) -> i64 {
        let (count, sum) = self.spans.iter().fold((0_i128, 0_i128), |(count, sum), span| {
            (count + i128::from(span.count), sum + span.delays - i128::from(span.count) * line.at(span.least.time))
        });
        clamp(sum / count.max(1)).max(0)
    }

    /// The line below all points that is nearest to all of them.
    fn line(&self) -> Option<Line> {
        let count: i64 = self.spans.iter().map(|span| span.count).sum();
        if count < LEAST {
            return None;
        }
        let edge = edge(self.spans.iter().map(|span| span.least));
        let middle = self.spans.iter().map(|span| i128::from(span.least.time) * i128::from(span.count)).sum::<i128>() / i128::from(count);
        let after = edge.partition_point(|point| i128::from(point.time) <= middle).clamp(1, edge.len().max(2) - 1);
        let from = edge[after - 1];
        let Some(to) = edge.get(after) else { return Some(Line { from, rise: 0, run: 1, touches_until: from.time }) };
        let (rise, run) = (i128::from(to.delay) - i128::from(from.delay), i128::from(to.time) - i128::from(from.time));
        if rise.abs() * FASTEST <= run {
            return Some(Line { from, rise, run, touches_until: to.time });
        }
        // A line as steep as a clock can be, as high as it can lie.
        let steep = Line { from, rise: rise.signum(), run: FASTEST, touches_until: from.time };
        let lowest = edge.iter().min_by_key(|point| i128::from(point.delay) - steep.at(point.time))?;
        Some(Line { from: *lowest, touches_until: lowest.time, ..steep })
    }
}

impl Line {
    /// How far a clock may be off it at a time after the last that it touches, for its drift is not known exactly.
    fn strays(&self, time: i64, unsure_ppb: i64) -> i64 {
        let drift = i128::from(unsure_ppb).min(PPB / FASTEST);
        clamp(i128::from(time - self.touches_until).max(0) * drift / PPB)
    }

    /// How far it is below a point.
    fn below(&self, point: Point) -> i64 {
        clamp(i128::from(point.delay) - self.at(point.time))
    }

    fn at(&self, time: i64) -> i128 {
        i128::from(self.from.delay) + (i128::from(time) - i128::from(self.from.time)) * self.rise / self.run
    }
}

/// The points no line between two others lies below: the lower edge, by time.
fn edge(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut edge: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = edge[..] {
            let (width, height) = (i128::from(b.time) - i128::from(a.time), i128::from(b.delay) - i128::from(a.delay));
            let (wider, higher) = (i128::from(point.time) - i128::from(a.time), i128::from(point.delay) - i128::from(a.delay));
            // b lies on or above the line from a to the new one.
            if height * wider < higher * width {
                break;
            }
            edge.pop();
        }
        edge.push(point);
    }
    edge
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
