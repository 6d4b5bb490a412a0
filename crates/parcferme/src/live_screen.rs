//! The live page as a terminal shows it.

use ratatui::Frame as Area;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row, Table, TableState, Widget as _};
use server::frame::{Car, Frame};
use sport::date::Instant;

use crate::live::Heard;

/// What the person at the keyboard chose.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    /// Only this class.
    class: Option<String>,
    /// The car that stays in view.
    follow: Option<String>,
    table: TableState,
}

impl Screen {
    /// A key was pressed.
    pub(crate) fn key(&mut self, key: KeyCode, frame: Option<&Frame>) {
        let Some(frame) = frame else { return };
        if key == KeyCode::Char('c') {
            let mut classes: Vec<&str> = frame.cars.values().map(|car| car.class.as_str()).collect();
            classes.sort_unstable();
            classes.dedup();
            let next = self.class.as_ref().map_or(0, |class| classes.iter().position(|of| of == class).map_or(0, |at| at + 1));
            self.class = classes.get(next).map(|class| (*class).to_owned());
        } else if key == KeyCode::Down || key == KeyCode::Up {
            let shown = self.shown(frame);
            let at = self.follow.as_ref().and_then(|id| shown.iter().position(|of| *of == id));
            let next = match (at, key == KeyCode::Down) {
                (None, _) => Some(0),
                (Some(at), true) => Some((at + 1).min(shown.len().saturating_sub(1))),
                (Some(at), false) => at.checked_sub(1),
            };
            self.follow = next.and_then(|at| shown.get(at)).map(|id| (*id).clone());
        }
    }

    /// The ids of the cars that are shown, in order.
    fn shown<'f>(&self, frame: &'f Frame) -> Vec<&'f String> {
        let of = |id: &&String| frame.cars.get(*id).is_some_and(|car| self.class.as_ref().is_none_or(|class| *class == car.class));
        frame.order.iter().filter(of).collect()
    }

    /// Draws what is known at a moment of the terminal's own clock.
    pub(crate) fn draw(&mut self, heard: &Heard, now: Instant, area: &mut Area<'_>) {
        let all = area.area();
        let Some(frame) = &heard.frame else {
            let waits = heard.lost.as_ref().map_or_else(|| String::from("waiting for the first frame"), |lost| lost.why.clone());
            area.render_widget(Paragraph::new(waits), all);
            return;
        };
        // The clock runs on between frames, as fast as the session's does.
        let passed = (now.0 - heard.at).max(0).saturating_mul(i64::from(frame.speed));
        let [head, table, messages] = Layout::vertical([Constraint::Length(3), Constraint::Min(4), Constraint::Length(5)]).areas(all);
        area.render_widget(Paragraph::new(self.head(frame, passed, heard.lost.as_ref().map(|lost| lost.why.as_str()))), head);
        let shown = self.shown(frame);
        self.table.select(self.follow.as_ref().and_then(|id| shown.iter().position(|of| *of == id)));
        area.render_stateful_widget(tower(frame, &shown, self.class.is_some(), table.width), table, &mut self.table);
        let lines: Vec<Line<'_>> = messages_of(frame).take(5).collect();
        area.render_widget(Paragraph::new(lines), messages);
    }

    fn head(&self, frame: &Frame, passed: i64, lost: Option<&str>) -> Vec<Line<'static>> {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let mut title = vec![Span::styled(frame.season.clone(), bold)];
        if frame.simulated {
            title.push(Span::styled("  SIMULATION", bold));
        }
        if let Some(class) = &self.class {
            title.push(Span::raw(format!("  {class} only")));
        }
        if let Some(lost) = lost {
            title.push(Span::styled(format!("  line lost: {lost}"), Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)));
        }
        let Some(session) = &frame.session else { return vec![Line::from(title), Line::raw("no session has been opened yet")] };
        let clock = session.ends.as_deref().zip(Some(frame.at.as_str())).and_then(|(ends, at)| {
            let left =
                (crate::moment::instant(ends).ok()?.0 - crate::moment::instant(at).ok()?.0 - if session.running { passed } else { 0 })
                    .max(0)
                    / 1_000_000;
            Some(format!("{}:{:02}", left / 60, left % 60))
        });
        let signal = Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED).fg(colour(&session.signal));
        let window = frame.window.as_ref().map_or_else(String::new, |window| format!("   pit window {}", window.state));
        vec![
            Line::from(title),
            Line::from(format!("{} · {}   {}", session.event, session.title, clock.unwrap_or_default())).style(bold),
            Line::from(vec![
                Span::styled(format!(" {} ", session.signal.replace('-', " ").to_uppercase()), signal),
                Span::raw(format!(" {}{window}", session.state)),
            ]),
        ]
    }
}

fn colour(signal: &str) -> Color {
    match signal {
        "green" => Color::Green,
        "full-course-yellow" | "safety-car" => Color::Yellow,
        "red" => Color::Red,
        _ => Color::Reset,
    }
}

fn best(of: &str) -> Style {
    match of {
        "session" => Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
        "class" => Style::new().fg(Color::Magenta),
        "car" => Style::new().fg(Color::Green),
        _ => Style::new(),
    }
}

/// A time with a mark for those who cannot see its colour.
fn marked(time: &str, of: &str) -> Cell<'static> {
    let mark = match of {
        "session" => "*",
        "class" => "+",
        "car" => "'",
        _ => " ",
    };
    Cell::new(Line::from(format!("{time}{mark}")).alignment(Alignment::Right)).style(best(of))
}

fn right(text: &str) -> Cell<'static> {
    Cell::new(Line::from(text.to_owned()).alignment(Alignment::Right))
}

/// What is said of a car's whereabouts and its stop, the more urgent first.
fn stop(car: &Car) -> String {
    let state = if matches!(car.state.as_str(), "track" | "not-out") { String::new() } else { car.state.replace('-', " ").to_uppercase() };
    let said = car.stop.as_ref().map_or_else(String::new, |stop| {
        let due = if stop.due.is_empty() { String::new() } else { format!(" +{} s", stop.due) };
        match stop.earliest.as_deref().and_then(|at| at.get(11..23).or(at.get(11..19))) {
            Some(earliest) => format!("out from {earliest}{due}"),
            None => format!("{}{}{due}", stop.says, if stop.detail.is_empty() { String::new() } else { format!(" {}", stop.detail) }),
        }
    });
    [state, said].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The columns in the order they are shown: what each is called, how wide it is, and how soon it is wanted where there is little room. A number is shown
/// whole or not at all.
const COLUMNS: [(&str, u16, u8); 11] = [
    ("Pos", 3, 0),
    ("No", 6, 0),
    ("Class", 8, 3),
    ("Driver", 22, 1),
    ("Team", 22, 8),
    ("Laps", 4, 7),
    ("Gap", 10, 1),
    ("Int", 10, 6),
    ("Last", 10, 2),
    ("Best", 10, 4),
    ("Stop", 30, 5),
];

/// The columns that a terminal has room for, by position.
fn fitting(width: u16) -> Vec<usize> {
    let mut wanted: Vec<usize> = (0..COLUMNS.len()).collect();
    wanted.sort_by_key(|at| COLUMNS[*at].2);
    let mut room = width + 1;
    // What comes sooner is never left out for what comes later.
    let mut shown: Vec<usize> = wanted
        .into_iter()
        .take_while(|at| {
            let needs = COLUMNS[*at].1 + 1;
            let fits = needs <= room;
            room = room.saturating_sub(needs);
            fits
        })
        .collect();
    shown.sort_unstable();
    shown
}

/// The table.
fn tower<'f>(frame: &'f Frame, shown: &[&'f String], in_class: bool, width: u16) -> Table<'f> {
    let columns = fitting(width);
    let row = |id: &&String| {
        let car = &frame.cars[*id];
        let cell = |at: usize| match COLUMNS[at].0 {
            "Pos" => right(&car.position),
            "No" => right(&car.number.chars().take(6).collect::<String>()),
            "Class" => Cell::new(format!("{} {}", car.class, car.class_position)),
            "Driver" => Cell::new(car.driver.clone()),
            "Team" => Cell::new(car.team.clone()),
            "Laps" => right(&car.laps),
            // Where one class is shown, gaps are told in it.
            "Gap" => right(if in_class { &car.class_gap } else { &car.gap }),
            "Int" => right(if in_class { &car.class_interval } else { &car.interval }),
            "Last" => marked(&car.last, &car.last_best),
            "Best" => marked(&car.best, &car.best_best),
            _ => Cell::new(stop(car)).style(match car.stop.as_ref().map(|stop| stop.state.as_str()) {
                Some("in") => Style::new().fg(Color::Yellow),
                Some("breach") => Style::new().fg(Color::Red),
                Some("done") => Style::new().fg(Color::Green),
                _ => Style::new(),
            }),
        };
        Row::new(columns.iter().map(|at| cell(*at)).collect::<Vec<_>>())
    };
    let head = columns.iter().map(|at| {
        let text = Line::from(COLUMNS[*at].0);
        Cell::new(if matches!(COLUMNS[*at].0, "Class" | "Driver" | "Team" | "Stop") { text } else { text.alignment(Alignment::Right) })
    });
    let widths = columns.iter().map(|at| {
        if COLUMNS[*at].0 == "Driver" || COLUMNS[*at].0 == "Stop" {
            Constraint::Min(COLUMNS[*at].1)
        } else {
            Constraint::Length(COLUMNS[*at].1)
        }
    });
    Table::new(shown.iter().map(row).collect::<Vec<_>>(), widths)
        .header(Row::new(head.collect::<Vec<_>>()).style(Style::new().add_modifier(Modifier::DIM)))
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED))
}

/// The messages of race control, the latest first.
fn messages_of(frame: &Frame) -> impl Iterator<Item = Line<'static>> + '_ {
    frame.messages.values().rev().map(|said| {
        let at = said.at.get(11..19).unwrap_or_default().to_owned();
        Line::from(vec![Span::styled(at, Style::new().add_modifier(Modifier::DIM)), Span::raw(format!(" {}", said.says))])
    })
}

/// As wide as `--once` prints.
const WIDE: u16 = 160;

/// A frame as text, without a terminal.
pub(crate) fn once(frame: &Frame) -> String {
    let screen = Screen::default();
    let shown = screen.shown(frame);
    let rows = u16::try_from(shown.len()).unwrap_or(u16::MAX).min(200) + 1;
    let mut buffer = Buffer::empty(Rect::new(0, 0, WIDE, rows + 3 + 5));
    Paragraph::new(screen.head(frame, 0, None)).render(Rect::new(0, 0, WIDE, 3), &mut buffer);
    ratatui::widgets::Widget::render(tower(frame, &shown, false, WIDE), Rect::new(0, 3, WIDE, rows), &mut buffer);
    Paragraph::new(messages_of(frame).take(5).collect::<Vec<_>>()).render(Rect::new(0, 3 + rows, WIDE, 5), &mut buffer);
    let line = |y: u16| (0..WIDE).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned() + "\n";
    (0..buffer.area.height).map(line).collect::<String>().trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_terminal_leaves_columns_out_and_cuts_none() {
        for width in 30..200 {
            let shown = fitting(width);
            let needs: u16 = shown.iter().map(|at| COLUMNS[*at].1).sum::<u16>() + u16::try_from(shown.len()).unwrap_or(0) - 1;
            assert!(needs <= width, "{width}: {needs}");
        }
        let names = |width| fitting(width).into_iter().map(|at| COLUMNS[at].0).collect::<Vec<_>>();
        assert_eq!(names(80), ["Pos", "No", "Class", "Driver", "Gap", "Last", "Best"]);
        assert_eq!(names(60), ["Pos", "No", "Driver", "Gap", "Last"]);
        assert_eq!(names(160).len(), COLUMNS.len());
    }
}
