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
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

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
fn marked(time: &str, of: &str) -> String {
    let mark = match of {
        "session" => "*",
        "class" => "+",
        "car" => "'",
        _ => " ",
    };
    format!("{time}{mark}")
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

/// The columns in the order they are shown: what each is called, and how soon it is wanted where there is little room.
const COLUMNS: [(&str, u8); 11] = [
    ("Pos", 0),
    ("No", 0),
    ("Class", 5),
    ("Driver", 1),
    ("Team", 8),
    ("Laps", 4),
    ("Gap", 1),
    ("Int", 7),
    ("Last", 2),
    ("Best", 6),
    ("Stop", 3),
];
/// The columns of words, by position, with what each is content with; the first is given room first. All others are shown whole or not at all.
const WORDS: [(usize, u16); 3] = [(10, 16), (3, 14), (4, 14)];
/// Of a car's number so much is shown: some cars write a word.
const NUMBER: usize = 6;

/// A text that fits, with a sign where something was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut shown = String::new();
    for c in text.chars() {
        if shown.width() + c.width().unwrap_or(0) >= width {
            break;
        }
        shown.push(c);
    }
    shown + "…"
}

/// What a column holds of a car.
fn text(car: &Car, at: usize, in_class: bool) -> String {
    match COLUMNS[at].0 {
        "Pos" => car.position.clone(),
        "No" => cut(&car.number, NUMBER),
        "Class" => format!("{} {}", car.class, car.class_position),
        "Driver" => car.driver.clone(),
        "Team" => car.team.clone(),
        "Laps" => car.laps.clone(),
        // Where one class is shown, gaps are told in it.
        "Gap" if in_class => car.class_gap.clone(),
        "Gap" => car.gap.clone(),
        "Int" if in_class => car.class_interval.clone(),
        "Int" => car.interval.clone(),
        "Last" => marked(&car.last, &car.last_best),
        "Best" => marked(&car.best, &car.best_best),
        _ => stop(car),
    }
}

/// The columns that a terminal has room for, by position, and how wide each is, by the widest that each holds.
fn fitting(holds: &[u16; COLUMNS.len()], width: u16) -> Vec<(usize, u16)> {
    let content = |at: usize| WORDS.iter().find(|(of, _)| *of == at).map_or(holds[at], |(_, least)| holds[at].min(*least));
    let mut wanted: Vec<usize> = (0..COLUMNS.len()).collect();
    wanted.sort_by_key(|at| COLUMNS[*at].1);
    let mut room = width + 1;
    let mut shown = Vec::new();
    // What comes sooner is never left out for what comes later.
    for at in wanted {
        let Some(left) = room.checked_sub(content(at) + 1) else { break };
        room = left;
        shown.push((at, content(at)));
    }
    for (at, _) in WORDS {
        if let Some((_, wide)) = shown.iter_mut().find(|(of, _)| *of == at) {
            let more = room.min(holds[at] - *wide);
            (*wide, room) = (*wide + more, room - more);
        }
    }
    shown.sort_unstable();
    shown
}

/// The table.
fn tower<'f>(frame: &'f Frame, shown: &[&'f String], in_class: bool, width: u16) -> Table<'f> {
    let cars: Vec<&Car> = shown.iter().map(|id| &frame.cars[*id]).collect();
    let holds: [u16; COLUMNS.len()] = std::array::from_fn(|at| {
        let widest = cars.iter().map(|car| text(car, at, in_class).width()).max().unwrap_or(0);
        u16::try_from(widest.max(COLUMNS[at].0.len())).unwrap_or(u16::MAX).min(200)
    });
    let columns = fitting(&holds, width);
    let leans_left = |at: usize| matches!(COLUMNS[at].0, "Class" | "Driver" | "Team" | "Stop");
    let leaning =
        |at: usize, text: String| Cell::new(Line::from(text).alignment(if leans_left(at) { Alignment::Left } else { Alignment::Right }));
    let style = |car: &Car, at: usize| match (COLUMNS[at].0, car.stop.as_ref().map(|stop| stop.state.as_str())) {
        ("Last", _) => best(&car.last_best),
        ("Best", _) => best(&car.best_best),
        ("Stop", Some("in")) => Style::new().fg(Color::Yellow),
        ("Stop", Some("breach")) => Style::new().fg(Color::Red),
        ("Stop", Some("done")) => Style::new().fg(Color::Green),
        _ => Style::new(),
    };
    let cell = |car: &Car, at: usize, wide: u16| leaning(at, cut(&text(car, at, in_class), usize::from(wide))).style(style(car, at));
    let rows: Vec<Row<'_>> =
        cars.iter().map(|car| Row::new(columns.iter().map(|(at, wide)| cell(car, *at, *wide)).collect::<Vec<_>>())).collect();
    let head: Vec<Cell<'_>> = columns.iter().map(|(at, _)| leaning(*at, COLUMNS[*at].0.to_owned())).collect();
    Table::new(rows, columns.iter().map(|(_, wide)| Constraint::Length(*wide)))
        .header(Row::new(head).style(Style::new().add_modifier(Modifier::DIM)))
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
    fn columns_are_as_wide_as_what_they_hold_and_a_narrow_terminal_leaves_some_out() {
        // As in the race of the demo: a stop with what is wrong with it, drivers with short names.
        let holds = [3, 6, 8, 16, 24, 4, 7, 7, 9, 9, 48];
        for width in 30..220 {
            let shown = fitting(&holds, width);
            let needs: u16 = shown.iter().map(|(_, wide)| wide + 1).sum::<u16>() - 1;
            assert!(needs <= width, "{width}: {needs}");
            let whole = |at: usize, wide: u16| wide == holds[at] || WORDS.iter().any(|(of, least)| *of == at && wide >= *least);
            assert!(shown.iter().all(|(at, wide)| whole(*at, *wide)), "{width}: {shown:?}");
        }
        let names = |width| fitting(&holds, width).into_iter().map(|(at, _)| COLUMNS[at].0).collect::<Vec<_>>();
        assert_eq!(names(80), ["Pos", "No", "Class", "Driver", "Laps", "Gap", "Last", "Stop"]);
        assert_eq!(names(160).len(), COLUMNS.len());
        assert_eq!(fitting(&holds, 160)[10], (10, 48), "the stop is told whole");
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("[porsche]", NUMBER), "[pors…");
        assert_eq!(cut("[911]", NUMBER), "[911]");
        assert_eq!((cut("鈴木一郎", 6), cut("鈴木一郎", 8)), (String::from("鈴木…"), String::from("鈴木一郎")));
    }
}
