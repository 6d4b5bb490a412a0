//! A line's record.

use super::field::{Fields, Line, Time, Wrong};

/// The signal on the scoreboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flag {
    /// None: the session has not begun.
    None,
    /// Green.
    Green,
    /// Yellow, a full-course yellow or a safety car: the feed has one word for them.
    Yellow,
    /// Red.
    Red,
    /// Chequered.
    Finish,
}

impl Flag {
    /// All, with the six letters each is sent as.
    const SENT: [(&'static str, Self); 5] =
        [("      ", Self::None), ("Green ", Self::Green), ("Yellow", Self::Yellow), ("Red   ", Self::Red), ("Finish", Self::Finish)];

    #[inline]
    fn of(text: &str) -> Option<Self> {
        // Six letters each, as specified.
        let found = match text.as_bytes() {
            [b'G', b'r', b'e', b'e', b'n', b' '] => Some(Self::Green),
            [b' ', b' ', b' ', b' ', b' ', b' '] => Some(Self::None),
            [b'Y', b'e', b'l', b'l', b'o', b'w'] => Some(Self::Yellow),
            [b'R', b'e', b'd', b' ', b' ', b' '] => Some(Self::Red),
            [b'F', b'i', b'n', b'i', b's', b'h'] => Some(Self::Finish),
            _ => None,
        };
        found.or_else(|| Self::unpadded(text))
    }

    #[cold]
    fn unpadded(text: &str) -> Option<Self> {
        Self::SENT.iter().find(|(sent, _)| sent.trim_end() == text.trim_end()).map(|(_, flag)| *flag)
    }

    fn sent(self) -> &'static str {
        Self::SENT.iter().find(|(_, flag)| *flag == self).map_or("", |(sent, _)| sent)
    }
}

/// One record. Texts are as sent, without their quotes; a car is told by its registration, which need not be its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record<'a> {
    /// `$F`, every second: the state of the session.
    Heartbeat {
        /// 9999 where the session is not by laps.
        laps_to_go: u32,
        /// Until the end.
        to_go: Time,
        /// Of the day, at the track.
        of_day: Time,
        /// Since the first green.
        race: Time,
        /// The signal.
        flag: Flag,
    },
    /// `$A`: a competitor.
    Competitor {
        /// Registration.
        car: &'a str,
        /// On the car.
        number: &'a str,
        /// A number in most feeds; empty or a word in some.
        transponder: &'a str,
        /// First name.
        first: &'a str,
        /// Last name, or the team's.
        last: &'a str,
        /// Nationality, or anything else.
        nationality: &'a str,
        /// The number of the class.
        class: i32,
    },
    /// `$COMP`: a competitor, otherwise.
    CompetitorMore {
        /// Registration.
        car: &'a str,
        /// On the car.
        number: &'a str,
        /// The number of the class.
        class: i32,
        /// First name.
        first: &'a str,
        /// Last name, or the team's.
        last: &'a str,
        /// Nationality; in a race of IMSA `Retired` or `Excluded`.
        nationality: &'a str,
        /// Whatever the timekeeper put there.
        more: &'a str,
    },
    /// `$B`: the run. Another number begins another session.
    Run {
        /// From 1 to 99.
        number: u32,
        /// Its name.
        name: &'a str,
    },
    /// `$C`: a class.
    Class {
        /// Its number.
        number: i32,
        /// Its name; it may change while a session runs.
        name: &'a str,
    },
    /// `$E`: a setting, such as `TRACKNAME` and `TRACKLENGTH`.
    Setting {
        /// Which.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// `$G`: the order of the race, penalties included.
    Position {
        /// From 1.
        position: u32,
        /// Registration.
        car: &'a str,
        /// None before the first; feeds have sent negative ones.
        laps: Option<i32>,
        /// With the time of penalties.
        total: Time,
    },
    /// `$H`: the order by best laps.
    Best {
        /// From 1.
        position: u32,
        /// Registration.
        car: &'a str,
        /// In which lap; 0 where there is none.
        lap: i32,
        /// Its time.
        time: Time,
    },
    /// `$I`: the scoreboard is to be emptied.
    Clear {
        /// Of the day.
        time: &'a str,
        /// As sent.
        date: &'a str,
    },
    /// `$J`: a car came over the line, once each time.
    Crossing {
        /// Registration.
        car: &'a str,
        /// Of this lap.
        lap: Time,
        /// Without the time of penalties.
        total: Time,
    },
    /// `$COR`: a correction by the photo cell. From the specification; in no feed seen.
    Correction {
        /// Registration.
        car: &'a str,
        /// On the car.
        number: &'a str,
        /// Laps.
        laps: Option<i32>,
        /// The right total.
        total: Time,
        /// Against what was sent.
        by: Time,
    },
    /// `$L` of IMSA: a car crossed a line.
    LineCrossing {
        /// On the car; `Tx` and a transponder where the car is not known.
        car: &'a str,
        /// The number of the line: `T1`, `P2`.
        line: &'a str,
        /// `SFT`, `SFP` start/finish on the track or in the pit lane; `POT`, `POP`, `PIT`, `PIP` pit out and in.
        kind: &'a str,
        /// `MM/DD/YYYY`.
        date: &'a str,
        /// Of the day.
        time: Time,
        /// Driver and class, where they are sent.
        more: Option<&'a str>,
    },
    /// What this program makes nothing of: sections of the track, extensions of relays.
    Other {
        /// As `$T`.
        command: &'a str,
        /// Everything behind its comma.
        rest: Option<&'a str>,
    },
    /// `##` and a time: when a relay received what follows.
    Stamp(&'a str),
}

impl<'a> Record<'a> {
    /// From a line without its end.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence without an end.
    pub fn decode(line: &'a str) -> Result<Self, String> {
        Self::read(line, &mut false)
    }

    /// The same; `open` becomes true where its last text was begun and not closed: it may go on in the next line.
    pub(crate) fn read(line: &'a str, open: &mut bool) -> Result<Self, String> {
        let bytes = line.as_bytes();
        if let Some(stamp) = line.strip_prefix("##") {
            return Ok(Self::Stamp(stamp));
        }
        let end = bytes.iter().position(|byte| *byte == b',').unwrap_or(bytes.len());
        let mut of = Fields::of(line, end + 1);
        let record = match &line[..end] {
            "$G" => position(&mut of),
            "$J" => crossing(&mut of),
            "$H" => best(&mut of),
            "$F" => heartbeat(&mut of),
            "$A" => competitor(&mut of),
            "$COMP" => competitor_more(&mut of),
            command => Self::seldom(command, &mut of),
        };
        *open = of.open;
        record
    }

    /// Tells a record of a kind that comes all the time, where it is sound and whole; false where it is another. It is told from where it is read: a
    /// record is large to be moved.
    #[inline(always)]
    pub(crate) fn often(line: &'a str, tell: &mut impl FnMut(Self)) -> bool {
        let mut of = Fields::of(line, 3);
        match line.as_bytes() {
            [b'$', b'G', b',', ..] => told(position(&mut of), &of, tell),
            [b'$', b'J', b',', ..] => told(crossing(&mut of), &of, tell),
            [b'$', b'H', b',', ..] => told(best(&mut of), &of, tell),
            [b'$', b'F', b',', ..] => told(heartbeat(&mut of), &of, tell),
            [b'$', b'A', b',', ..] => told(competitor(&mut of), &of, tell),
            [b'$', b'C', b'O', b'M', b'P', b',', ..] => {
                of = Fields::of(line, 6);
                told(competitor_more(&mut of), &of, tell)
            }
            [b'#', b'#', ..] => {
                tell(Self::Stamp(&line[2..]));
                true
            }
            _ => false,
        }
    }

    /// A record of a kind that does not come all the time.
    fn seldom(command: &'a str, of: &mut Fields<'a>) -> Result<Self, String> {
        Ok(match command {
            "$B" => Self::Run { number: of.number("the run")?, name: of.text("its name")? },
            "$C" => Self::Class { number: of.number("the class")?, name: of.text("its name")? },
            "$E" => Self::Setting { name: of.text("the setting")?, value: of.text("its value")? },
            "$I" => Self::Clear { time: of.text("the time")?, date: of.text("the date")? },
            "$COR" => Self::Correction {
                car: of.text("the registration")?,
                number: of.text("the number")?,
                laps: of.maybe("the laps")?,
                total: of.time("the total")?,
                by: of.time("the correction")?,
            },
            "$L" => Self::LineCrossing {
                car: of.text("the car")?,
                line: of.text("the line")?,
                kind: of.text("the kind of crossing")?,
                date: of.text("the date")?,
                time: of.time("the time")?,
                more: of.rest(),
            },
            command if command.starts_with('$') && command[1..].bytes().all(|byte| byte.is_ascii_alphanumeric()) && command.len() > 1 => {
                Self::Other { command, rest: of.rest() }
            }
            _ => return Err(String::from("a record begins with $ and its command")),
        })
    }

    /// As a line with its end.
    pub fn encode(&self, out: &mut String) {
        out.push_str(match self {
            Self::Heartbeat { .. } => "$F",
            Self::Competitor { .. } => "$A",
            Self::CompetitorMore { .. } => "$COMP",
            Self::Run { .. } => "$B",
            Self::Class { .. } => "$C",
            Self::Setting { .. } => "$E",
            Self::Position { .. } => "$G",
            Self::Best { .. } => "$H",
            Self::Clear { .. } => "$I",
            Self::Crossing { .. } => "$J",
            Self::Correction { .. } => "$COR",
            Self::LineCrossing { .. } => "$L",
            Self::Other { command, .. } => command,
            Self::Stamp(_) => "##",
        });
        let mut line = Line(out);
        match *self {
            Self::Heartbeat { laps_to_go, to_go, of_day, race, flag } => {
                line.bare(laps_to_go).whole(to_go).whole(of_day).whole(race).quoted(flag.sent());
            }
            Self::Competitor { car, number, transponder, first, last, nationality, class } => {
                line.quoted(car).quoted(number).plain(transponder).quoted(first).quoted(last).quoted(nationality).bare(class);
            }
            Self::CompetitorMore { car, number, class, first, last, nationality, more } => {
                line.quoted(car).quoted(number).bare(class).quoted(first).quoted(last).quoted(nationality).quoted(more);
            }
            Self::Run { number, name } => {
                line.bare(number).quoted(name);
            }
            Self::Class { number, name } => {
                line.bare(number).quoted(name);
            }
            Self::Setting { name, value } => {
                line.quoted(name).quoted(value);
            }
            Self::Position { position, car, laps, total } => {
                line.bare(position).quoted(car).maybe(laps).exact(total);
            }
            Self::Best { position, car, lap, time } => {
                line.bare(position).quoted(car).bare(lap).exact(time);
            }
            Self::Clear { time, date } => {
                line.quoted(time).quoted(date);
            }
            Self::Crossing { car, lap, total } => {
                line.quoted(car).exact(lap).exact(total);
            }
            Self::Correction { car, number, laps, total, by } => {
                line.quoted(car).quoted(number).maybe(laps).exact(total).signed(by);
            }
            Self::LineCrossing { car, line: of, kind, date, time, more } => {
                line.quoted(car).quoted(of).quoted(kind).quoted(date).exact(time);
                if let Some(more) = more {
                    line.bare(more);
                }
            }
            Self::Other { rest, .. } => {
                if let Some(rest) = rest {
                    line.bare(rest);
                }
            }
            Self::Stamp(stamp) => line.0.push_str(stamp),
        }
        out.push_str("\r\n");
    }
}

#[inline(always)]
fn told<'a>(record: Result<Record<'a>, Wrong>, of: &Fields<'_>, tell: &mut impl FnMut(Record<'a>)) -> bool {
    match record {
        Ok(record) if !of.open => {
            tell(record);
            true
        }
        _ => false,
    }
}

#[inline(always)]
fn position<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    let (position, car) = (of.number("the position")?, of.text("the registration")?);
    Ok(Record::Position { position, car, laps: of.maybe("the laps")?, total: of.time("the total")? })
}

#[inline(always)]
fn best<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    let (position, car) = (of.number("the position")?, of.text("the registration")?);
    Ok(Record::Best { position, car, lap: of.maybe("the best lap")?.unwrap_or(0), time: of.time("its time")? })
}

#[inline(always)]
fn competitor<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    Ok(Record::Competitor {
        car: of.text("the registration")?,
        number: of.text("the number")?,
        transponder: of.text("the transponder")?.trim_matches(|c: char| c.is_ascii_control() || c == ' '),
        first: of.text("the first name")?,
        last: of.text("the last name")?,
        nationality: of.text("the nationality")?,
        class: of.number("the class")?,
    })
}

#[inline(always)]
fn competitor_more<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    Ok(Record::CompetitorMore {
        car: of.text("the registration")?,
        number: of.text("the number")?,
        class: of.number("the class")?,
        first: of.text("the first name")?,
        last: of.text("the last name")?,
        nationality: of.text("the nationality")?,
        more: of.text("the addition")?,
    })
}

#[inline(always)]
fn crossing<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    Ok(Record::Crossing { car: of.text("the registration")?, lap: of.time("the lap")?, total: of.time("the total")? })
}

#[inline(always)]
fn heartbeat<'a>(of: &mut Fields<'a>) -> Result<Record<'a>, Wrong> {
    let (laps_to_go, to_go, of_day) = (of.number("laps to go")?, of.time("the time to go")?, of.time("the time of day")?);
    let (race, flag) = (of.time("the race time")?, of.text("the flag")?);
    let flag = Flag::of(flag).ok_or_else(|| format!("the flag `{flag}` is none of Green, Yellow, Red, Finish and blanks"))?;
    Ok(Record::Heartbeat { laps_to_go, to_go, of_day, race, flag })
}
