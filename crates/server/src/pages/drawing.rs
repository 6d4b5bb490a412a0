//! Charts drawn: one line a car in the colour of its class, its number at the end of it.

use maud::{Markup, html};
use sport::date::Micros;

use crate::api::charts::{Chart, Line, Point};
use crate::pages::charts::Kind;

/// What is drawn.
pub(crate) struct Drawing<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// By car.
    pub(crate) colours: Vec<usize>,
    /// The car that stands out.
    pub(crate) on: Option<&'a str>,
}

/// The drawing is this wide, in pixels.
const WIDTH: i64 = 1_080;
const LEFT: i64 = 62;
const RIGHT: i64 = 84;
const TOP: i64 = 14;
const BOTTOM: i64 = 30;
/// Numbers at the ends of lines stand at least so far apart.
const APART: i64 = 13;

/// Where what lies. Values grow downwards.
struct Scale {
    /// The first lap that is drawn; 0 is the grid.
    first: i64,
    last: i64,
    least: i64,
    most: i64,
    height: i64,
}

impl Scale {
    fn x(&self, lap: i64) -> i64 {
        LEFT + (lap - self.first) * (WIDTH - LEFT - RIGHT) * 10 / (self.last - self.first).max(1) / 10
    }

    /// Whether a value is drawn at its place; a visit to the pit lane or a lap behind the safety car is off the scale.
    fn holds(&self, value: i64) -> bool {
        (self.least..=self.most).contains(&value)
    }

    fn floor(&self) -> i64 {
        self.height - BOTTOM
    }

    fn y(&self, value: i64) -> i64 {
        let value = value.clamp(self.least, self.most);
        TOP + (value - self.least) * (self.height - TOP - BOTTOM) / (self.most - self.least).max(1)
    }
}

/// A car as it is drawn: its points as lap and value.
struct Drawn<'a> {
    line: &'a Line,
    colour: usize,
    points: Vec<(i64, i64)>,
    /// What each of them says.
    says: Vec<String>,
    /// Where its number stands.
    label: (i64, i64),
    /// Its line ends before the others do.
    out: bool,
}

/// The chart.
pub(crate) fn svg(of: &Drawing<'_>) -> Markup {
    let scale = scale(of);
    let mut drawn: Vec<Drawn<'_>> = of.chart.cars.iter().zip(&of.colours).map(|(line, colour)| drawn(of, &scale, line, *colour)).collect();
    spread(&scale, &mut drawn);
    let on = of.on.filter(|car| drawn.iter().any(|of| of.line.car == **car));
    html! {
        svg.lines width=(WIDTH) height=(scale.height) viewBox=(format!("0 0 {WIDTH} {}", scale.height)) role="group" aria-label=(of.title)
            data-on=[on] data-first=(scale.first) {
            title { (of.title) }
            desc { "One line a car, lap by lap; the table below says the same." }
            (neutral(of, &scale))
            (axes(of, &scale))
            @for car in drawn.iter().filter(|car| on != Some(car.line.car.as_str())) { (self::car(of, &scale, car, false)) }
            @for car in drawn.iter().filter(|car| on == Some(car.line.car.as_str())) { (self::car(of, &scale, car, true)) }
            g.spot visibility="hidden" { line x1="0" x2="0" y1=(TOP) y2=(scale.floor()) {} circle r="4" {} }
        }
    }
}

/// How many points of how many cars lie beyond the scale, where some do.
pub(crate) fn beyond(of: &Drawing<'_>) -> Option<(usize, usize)> {
    let scale = scale(of);
    let off = |line: &Line| line.laps.iter().filter_map(|point| value(of.kind, point)).filter(|value| !scale.holds(*value)).count();
    let off: Vec<usize> = of.chart.cars.iter().map(off).filter(|points| *points > 0).collect();
    (!off.is_empty()).then(|| (off.iter().sum(), off.len()))
}

/// The value of a point by which it is placed.
fn value(kind: Kind, point: &Point) -> Option<i64> {
    match kind {
        Kind::Lap => Some(i64::from(point.position)),
        Kind::Gap => point.gap_us,
        Kind::Times => Some(point.time_us),
    }
}

/// The height of a drawing by that of what is drawn.
fn tall(drawn: i64) -> i64 {
    drawn + TOP + BOTTOM
}

fn scale(of: &Drawing<'_>) -> Scale {
    let (from, until) = (i64::from(of.chart.from), i64::from(of.chart.until));
    let cars = i64::try_from(of.chart.cars.len()).unwrap_or(i64::MAX);
    let points = || of.chart.cars.iter().flat_map(|line| &line.laps);
    match of.kind {
        // The grid is where the first lap begins.
        Kind::Lap => Scale { first: from - 1, last: until, least: 1, most: cars.max(2), height: tall((cars * 17).max(216)) },
        Kind::Gap => {
            let mut gaps: Vec<i64> = points().filter_map(|point| point.gap_us).collect();
            gaps.sort_unstable();
            // A car that lost many laps would press all others together: one gap in twenty may be off the scale, unless all are not much more.
            let of = |twentieths: usize| gaps.get((gaps.len() * twentieths / 20).min(gaps.len().saturating_sub(1))).copied().unwrap_or(0);
            let (near, far) = (of(1).min(0), of(19).max(1_000_000));
            let least = gaps.first().copied().unwrap_or(0).max(near + near / 4).min(0);
            let last = gaps.last().copied().unwrap_or(0);
            let most = if last <= far + far / 2 { last } else { far + far / 4 }.max(1_000_000);
            Scale { first: from, last: until, least, most, height: tall((cars * APART).max(516)) }
        }
        Kind::Times => {
            let mut slowest = 0;
            for line in &of.chart.cars {
                // Visits to the pit lane and laps behind the safety car are off the scale, or racing laps would be one line.
                let best = line.laps.iter().filter(|point| point.timed).map(|point| point.time_us).min().unwrap_or(0);
                slowest = slowest.max(best + best / 14);
            }
            let least = points().map(|point| point.time_us).min().unwrap_or(0);
            Scale { first: from, last: until, least, most: slowest.max(least + 1_000_000), height: tall((cars * APART).max(516)) }
        }
    }
}

fn drawn<'a>(of: &Drawing<'_>, scale: &Scale, line: &'a Line, colour: usize) -> Drawn<'a> {
    let mut points = Vec::with_capacity(line.laps.len() + 1);
    let mut says = Vec::with_capacity(line.laps.len() + 1);
    if of.kind == Kind::Lap && of.chart.from == 1 {
        points.push((0, i64::from(line.grid)));
        says.push(format!("{} on the grid", line.grid));
    }
    for point in &line.laps {
        if let (Some(value), Some(text)) = (value(of.kind, point), of.kind.value(point)) {
            points.push((i64::from(point.lap), value));
            says.push(text);
        }
    }
    let label = points.last().map_or((LEFT, TOP), |(lap, value)| (scale.x(*lap) + 6, scale.y(*value)));
    // Whoever was lapped a few times is no car that stopped.
    let few = ((scale.last - scale.first) / 10).max(2);
    let out = points.last().is_some_and(|(lap, _)| *lap < scale.last - few);
    Drawn { line, colour, points, says, label, out }
}

/// Moves the numbers at the right edge apart, keeping their order and within the drawing. The numbers of cars whose line ends earlier stand below
/// them, the longest line first: beside its end a number would stand on another's line.
fn spread(scale: &Scale, drawn: &mut [Drawn<'_>]) {
    let mut ends: Vec<usize> = (0..drawn.len()).filter(|at| !drawn[*at].points.is_empty()).collect();
    ends.sort_by_key(|at| {
        let last = drawn[*at].points.last().map_or(0, |(lap, _)| *lap);
        if drawn[*at].out { (true, -last, drawn[*at].label.1) } else { (false, 0, drawn[*at].label.1) }
    });
    let (mut above, floor) = (TOP - APART, scale.height - BOTTOM);
    for at in &ends {
        drawn[*at].label.0 = WIDTH - RIGHT + 14;
        drawn[*at].label.1 = drawn[*at].label.1.max(above + APART);
        above = drawn[*at].label.1;
    }
    let mut below = floor + APART;
    for at in ends.iter().rev() {
        drawn[*at].label.1 = drawn[*at].label.1.min(below - APART);
        below = drawn[*at].label.1;
    }
}

fn car(of: &Drawing<'_>, scale: &Scale, car: &Drawn<'_>, on: bool) -> Markup {
    let Some((last, end)) = car.points.last().map(|(lap, value)| (scale.x(*lap), scale.y(*value))) else { return html! {} };
    let points: Vec<String> = car.points.iter().map(|(lap, value)| format!("{},{}", scale.x(*lap), scale.y(*value))).collect();
    let (points, ink) = (points.join(" "), ink(scale, &car.points));
    let line = car.line;
    let (first_lap, text) = (car.points.first().map_or(1, |(lap, _)| *lap), car.says.join("|"));
    let told = match of.kind {
        Kind::Lap => format!(
            "grid {}, lap {}: {}",
            line.grid,
            of.chart.until.min(line.laps.last().map_or(0, |of| of.lap)),
            car.says.last().map_or("", |says| says)
        ),
        Kind::Gap | Kind::Times => format!("lap {}: {}", line.laps.last().map_or(0, |of| of.lap), car.says.last().map_or("", |says| says)),
    };
    let name = format!("Car {}, {}", line.number, line.name);
    html! {
        g.car data-car=(line.car) data-number=(line.number) data-name=(line.name) data-c=(car.colour) data-from=(first_lap) data-says=(text)
            data-on=[on.then_some("")] tabindex="0" role="img" aria-label=(format!("{name}; {told}")) {
            title { (name) "; " (told) }
            polyline.hit points=(points) {}
            path.ink d=(ink) {}
            @if car.out { circle.end cx=(last) cy=(end) r="3" {} }
            @if of.kind == Kind::Lap && of.chart.from == 1 {
                text.start x=(LEFT - 8) y=(scale.y(i64::from(line.grid)) + 4) text-anchor="end" { (short(&line.number)) }
            }
            @if !car.out && (last + 6, end) != car.label { line.lead x1=(last + 2) y1=(end) x2=(car.label.0 - 3) y2=(car.label.1) {} }
            text x=(car.label.0) y=(car.label.1 + 4) { @if car.out { "● " } (short(&line.number)) }
        }
    }
}

/// The line, broken where a value is off the scale: there only a mark says that there is one.
fn ink(scale: &Scale, points: &[(i64, i64)]) -> String {
    let (mut path, mut pen) = (String::new(), 'M');
    for (lap, value) in points {
        let x = scale.x(*lap);
        if scale.holds(*value) {
            path.push_str(&format!("{pen}{x},{}", scale.y(*value)));
            // A point between two that are off the scale is seen all the same.
            if pen == 'M' {
                path.push_str("h1");
            }
            pen = 'L';
        } else {
            let edge = if *value > scale.most { scale.floor() } else { TOP };
            path.push_str(&format!("M{x},{edge}v{}", if *value > scale.most { -6 } else { 6 }));
            pen = 'M';
        }
    }
    path
}

/// A number at the end of a line; an id that stands for a number may be long.
fn short(number: &str) -> String {
    if number.chars().count() <= 6 { number.to_owned() } else { number.chars().take(5).chain(['…']).collect() }
}

/// When the race was neutralised or suspended.
fn neutral(of: &Drawing<'_>, scale: &Scale) -> Markup {
    let (first, last) = (scale.first, scale.last);
    html! {
        g.neutral {
            @for span in &of.chart.neutral {
                @let (from, until) = (i64::from(span.from) - 1, i64::from(span.until));
                @if until > first && from < last {
                    @let (left, right) = (scale.x(from.max(first)), scale.x(until.min(last)));
                    rect data-signal=(span.signal) x=(left) y=(TOP - 8) width=(right - left) height=(scale.floor() - TOP + 8) {
                        title { (span.signal.replace('-', " ")) ", laps " (span.from) " to " (span.until) }
                    }
                }
            }
        }
    }
}

fn axes(of: &Drawing<'_>, scale: &Scale) -> Markup {
    let laps = step(scale.last - scale.first, 14, &[1, 2, 5, 10, 20, 25, 50]);
    let first = (scale.first / laps * laps).max(laps);
    let first = if first < scale.first { first + laps } else { first };
    let ticks = ticks(of, scale);
    html! {
        g.axes aria-hidden="true" {
            @for (at, says) in ticks {
                line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(at) y2=(at) {}
                @if !says.is_empty() { text x=(LEFT - 8) y=(at + 4) text-anchor="end" { (says) } }
            }
            @for lap in (first..=scale.last).step_by(usize::try_from(laps).unwrap_or(1)) {
                line.tick x1=(scale.x(lap)) x2=(scale.x(lap)) y1=(scale.floor()) y2=(scale.floor() + 5) {}
                text x=(scale.x(lap)) y=(scale.floor() + 18) text-anchor="middle" { (lap) }
            }
            text x=(LEFT - 8) y=(scale.floor() + 18) text-anchor="end" { "lap" }
        }
    }
}

/// Where values are marked, with what stands there.
fn ticks(of: &Drawing<'_>, scale: &Scale) -> Vec<(i64, String)> {
    const SECOND: i64 = 1_000_000;
    match of.kind {
        // Each car begins at its own number.
        Kind::Lap => Vec::new(),
        Kind::Gap | Kind::Times => {
            let every = step((scale.most - scale.least) / SECOND, 10, &[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]) * SECOND;
            let first = scale.least.div_euclid(every) + i64::from(scale.least.rem_euclid(every) != 0);
            let marked = (first..=scale.most.div_euclid(every)).map(|nth| nth * every);
            let says = |value: i64| {
                // Whole seconds: what is printed to the millisecond ends in nothing else.
                let text = Micros(value).to_string();
                let text = text.strip_suffix(".000").unwrap_or(&text);
                if of.kind == Kind::Gap && value > 0 { format!("+{text}") } else { text.to_owned() }
            };
            marked.map(|value| (scale.y(value), says(value))).collect()
        }
    }
}

/// The smallest of some steps by which a span is divided into no more than so many.
fn step(span: i64, most: i64, steps: &[i64]) -> i64 {
    steps.iter().copied().find(|step| span / step <= most).or(steps.last().copied()).unwrap_or(1)
}
