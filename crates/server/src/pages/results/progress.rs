//! The progress chart: points after each race, as a drawing with a table beside it.

use maud::{Markup, html};

use crate::results::table::Progress;

/// All in tenths of a unit of the drawing.
const WIDTH: i64 = 9_600;
const HEIGHT: i64 = 3_400;
const LEFT: i64 = 400;
const RIGHT: i64 = 2_900;
const TOP: i64 = 120;
const BOTTOM: i64 = 260;
/// Names at the end of their lines are no nearer to each other.
const LABEL: i64 = 170;

/// A number of the drawing.
fn unit(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths.abs() % 10)
}

/// Where things are.
struct Scale {
    steps: i64,
    most: i64,
}

impl Scale {
    fn x(&self, step: usize) -> i64 {
        LEFT + (WIDTH - LEFT - RIGHT) * i64::try_from(step).unwrap_or(0) / self.steps.max(1)
    }

    fn y(&self, hundredths: i64) -> i64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * hundredths.clamp(0, self.most) / self.most.max(1)
    }

    /// The lines across: at most six, at round numbers of points.
    fn rungs(&self) -> Vec<i64> {
        let steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000];
        let step = steps.into_iter().map(|step| step * 100).find(|step| self.most / step <= 6).unwrap_or(self.most.max(1));
        (0..=self.most / step).map(|nth| nth * step).collect()
    }
}

/// The chart of a championship.
pub(crate) fn chart(of: &Progress) -> Markup {
    let most = of.courses.iter().flat_map(|course| &course.after).map(|after| after.hundredths).max().unwrap_or(0).max(100);
    let scale = Scale { steps: i64::try_from(of.sessions.len()).unwrap_or(1), most };
    let labels = labels(of, &scale);
    let far = WIDTH - RIGHT;
    html! {
        div.scroll tabindex="0" role="region" aria-label="Points after each race, drawn" {
            svg.progress viewBox=(format!("0 0 {} {}", WIDTH / 10, HEIGHT / 10)) role="img" aria-labelledby="progress-title progress-desc" {
                title id="progress-title" { "Points after each race" }
                desc id="progress-desc" { "The leading competitors, one line each; the same numbers are in the table below" }
                @for rung in scale.rungs() {
                    line.rung x1=(unit(LEFT)) x2=(unit(far)) y1=(unit(scale.y(rung))) y2=(unit(scale.y(rung))) {}
                    text.tick x=(unit(LEFT - 80)) y=(unit(scale.y(rung) + 40)) text-anchor="end" { (rung / 100) }
                }
                @for (step, session) in of.sessions.iter().enumerate() {
                    text.tick x=(unit(scale.x(step + 1))) y=(unit(HEIGHT - 60)) text-anchor="middle" { (session.short) }
                }
                @for (nth, (course, label)) in of.courses.iter().zip(&labels).enumerate().rev() {
                    g.course data-first=[(nth == 0).then_some("")] {
                        polyline points=(line(&scale, &course.after.iter().map(|after| after.hundredths).collect::<Vec<_>>())) {}
                        @for (step, after) in course.after.iter().enumerate() {
                            circle cx=(unit(scale.x(step + 1))) cy=(unit(scale.y(after.hundredths))) r="4" {
                                title { (course.name) ", after " (of.sessions[step].short) ": " (after.points) @if !after.position.is_empty() { ", place " (after.position) } }
                            }
                        }
                        text x=(unit(far + 120)) y=(unit(label + 40)) { (short(&course.name)) @if let Some(last) = course.after.last() { " " tspan.points { (last.points) } } }
                    }
                }
            }
        }
        details {
            summary { "The chart as a table" }
            div.scroll tabindex="0" role="region" aria-label="Points after each race" {
                table.standings {
                    caption.unseen { "Points after each race" }
                    thead { tr { th scope="col" { "Competitor" } @for session in &of.sessions { th.num scope="col" { (session.short) } } } }
                    tbody { @for course in &of.courses { tr { th.who scope="row" { (course.name) } @for after in &course.after { td.num { (after.points) } } } } }
                }
            }
        }
    }
}

/// A way from nothing on.
fn line(scale: &Scale, after: &[i64]) -> String {
    let start = format!("{},{}", unit(scale.x(0)), unit(scale.y(0)));
    let rest = after.iter().enumerate().map(|(step, points)| format!("{},{}", unit(scale.x(step + 1)), unit(scale.y(*points))));
    std::iter::once(start).chain(rest).collect::<Vec<_>>().join(" ")
}

/// Where the names stand: at the end of their lines, moved apart.
fn labels(of: &Progress, scale: &Scale) -> Vec<i64> {
    let end = |at: usize| scale.y(of.courses[at].after.last().map_or(0, |after| after.hundredths));
    let mut order: Vec<usize> = (0..of.courses.len()).collect();
    order.sort_by_key(|at| (end(*at), *at));
    let mut labels = vec![0; of.courses.len()];
    let mut free = i64::MIN;
    for at in &order {
        labels[*at] = end(*at).max(free);
        free = labels[*at] + LABEL;
    }
    // What was pushed out at the bottom pushes those above it up.
    let mut free = HEIGHT - BOTTOM;
    for at in order.iter().rev() {
        labels[*at] = labels[*at].min(free);
        free = labels[*at] - LABEL;
    }
    labels
}

/// A crew's surnames, or a name cut to what fits.
fn short(name: &str) -> String {
    const MOST: usize = 30;
    let surname = |one: &str| one.split_whitespace().last().unwrap_or(one).to_owned();
    let name = if name.contains(" / ") { name.split(" / ").map(surname).collect::<Vec<_>>().join(" / ") } else { name.to_owned() };
    if name.chars().count() <= MOST { name } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::{Course, Standing};

    #[test]
    fn names_at_the_end_of_lines_stand_apart_and_inside() {
        let course = |hundredths: i64| {
            let after = vec![Standing { position: String::new(), points: String::new(), hundredths }];
            Course { name: String::new(), competitors: Vec::new(), after }
        };
        let of = Progress { sessions: Vec::new(), courses: [5_000, 4_990, 100, 0, 0].map(course).into() };
        let scale = Scale { steps: 1, most: 5_000 };
        let mut at = labels(&of, &scale);
        at.sort_unstable();
        assert!(at.windows(2).all(|two| two[1] - two[0] >= LABEL), "{at:?}");
        assert!(at.iter().all(|y| (TOP..=HEIGHT - BOTTOM).contains(y)), "{at:?}");
    }

    #[test]
    fn rungs_are_round_and_few() {
        for most in [100, 2_500, 25_000, 1_000_000] {
            let rungs = Scale { steps: 1, most }.rungs();
            assert!(rungs.len() <= 7 && rungs[0] == 0 && rungs.len() > 1, "{rungs:?}");
        }
    }

    #[test]
    fn a_crew_is_named_by_its_surnames() {
        assert_eq!(short("Martin Kodric / Dennis Lind"), "Kodric / Lind");
        assert_eq!(short("GruppeM Racing Team"), "GruppeM Racing Team");
    }
}
