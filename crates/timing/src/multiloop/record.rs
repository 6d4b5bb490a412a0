//! A line's record. A field that a record does not have, because it was cut or nothing stands in it, is none.

use super::field::{Fields, Line, Ms, Seconds, Separator, Value as _, Wrong};
use super::letter::{Kind, Lane, RunKind, Source, TrackStatus};

/// Records whose fields come one after the other: what each is, and so how it is written.
macro_rules! records {
    ($($(#[$about:meta])* $name:ident { $($(#[$means:meta])* $field:ident: $value:ty = $what:literal,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
            pub struct $name<'a> {
                $($(#[$means])* pub $field: Option<$value>,)*
            }

            impl<'a> $name<'a> {
                fn read(of: &mut Fields<'a>) -> Result<Self, Wrong> {
                    Ok(Self { $($field: of.next($what)?,)* })
                }

                fn write(&self, line: &mut Line<'a>) {
                    $(line.put(self.$field);)*
                }
            }
        )*
    };
}

records! {
    /// `$H`, every second: the state of the run.
    Heartbeat {
        /// The flag.
        track: TrackStatus<'a> = "the track status",
        /// What time it is.
        now: Seconds = "the time",
        /// Since the start.
        elapsed: Ms = "the elapsed time",
        /// Decimal, as its one reader has it; all others are not.
        laps_to_go: i32 = "the laps to go",
        /// Until the end.
        to_go: Ms = "the time to go",
    }

    /// `$C`: a car completed a lap, and where that puts it.
    Lap {
        /// In its class, as it seems: the last rank below is over all.
        rank: u32 = "the rank",
        /// On the car.
        number: &'a str = "the number",
        /// The id of its entry.
        id: u32 = "the entry",
        /// Laps completed.
        laps: u32 = "the laps",
        /// From the start to the end of its last lap.
        elapsed: Ms = "the elapsed time",
        /// Its last lap.
        last: Ms = "the last lap",
        /// Where it drove it.
        lane: Lane<'a> = "the status of the lap",
        /// Its best lap.
        best: Ms = "the fastest lap",
        /// In which lap that was.
        best_lap: u32 = "the number of the fastest lap",
        /// Behind the leader.
        behind_leader: Ms = "the time behind the leader",
        /// Laps behind the leader.
        laps_behind_leader: u32 = "the laps behind the leader",
        /// Behind the car in front.
        behind_next: Ms = "the time behind the car in front",
        /// Laps behind the car in front.
        laps_behind_next: u32 = "the laps behind the car in front",
        /// Among all cars.
        overall_rank: u32 = "the overall rank",
        /// The best lap of all.
        overall_best: Ms = "the overall best lap",
        /// What the timekeeper says of it: `Active`, `Unknown`, `In Pit`.
        status: &'a str = "the status",
        /// The flag.
        track: TrackStatus<'a> = "the track status",
        /// Stops.
        stops: u32 = "the stops",
        /// The lap of its last stop.
        last_stop: u32 = "the lap of the last stop",
        /// Its place on the grid.
        start: u32 = "the starting position",
        /// Laps it led.
        led: u32 = "the laps led",
    }

    /// `$S`: a car completed a section of the track.
    Section {
        /// On the car.
        number: &'a str = "the number",
        /// The id of its entry.
        id: u32 = "the entry",
        /// Which: `S1`, `S2`, `S3`, `PIT`, `VMAX`.
        section: &'a str = "the section",
        /// Since the start.
        elapsed: Ms = "the elapsed time",
        /// In the section.
        time: Ms = "the time of the section",
        /// In which lap.
        lap: u32 = "the lap",
    }

    /// `$L`: a car crossed a line.
    Crossing {
        /// On the car.
        number: &'a str = "the number",
        /// The id of its entry.
        id: u32 = "the entry",
        /// Which: `SF`, `SFPIT`, `POUT`, `PIN`, `IM1`, `IM2`, `VIN`, `VOUT`.
        line: &'a str = "the line",
        /// What saw it.
        source: Source<'a> = "the source",
        /// Since the start.
        elapsed: Ms = "the elapsed time",
        /// The flag.
        track: TrackStatus<'a> = "the track status",
        /// Where it crossed it.
        lane: Lane<'a> = "the lane",
    }

    /// `$F`: what flags there were.
    Flags {
        /// The flag.
        track: TrackStatus<'a> = "the track status",
        /// The leader's lap.
        lap: u32 = "the lap",
        /// Under green.
        green: Ms = "the time under green",
        /// Laps under green.
        green_laps: u32 = "the laps under green",
        /// Under yellow.
        yellow: Ms = "the time under yellow",
        /// Laps under yellow.
        yellow_laps: u32 = "the laps under yellow",
        /// Under red.
        red: Ms = "the time under red",
        /// How often it was yellow.
        yellows: u32 = "the number of yellows",
        /// The number of the car that leads.
        leader: &'a str = "the leader",
        /// How often the lead changed.
        lead_changes: u32 = "the lead changes",
        /// Miles per hour over the race, with a point.
        average: &'a str = "the average speed",
    }

    /// `$N`: another car leads.
    Leader {
        /// On the car.
        number: &'a str = "the number",
        /// The id of its entry.
        id: u32 = "the entry",
        /// In which lap.
        lap: u32 = "the lap",
        /// Since the start.
        elapsed: Ms = "the elapsed time",
        /// The how-manieth change it is.
        nth: u32 = "the lead change",
    }

    /// `$R`: the run.
    Run {
        /// The event.
        event: &'a str = "the event",
        /// The same, short.
        short: &'a str = "the short name of the event",
        /// The run.
        name: &'a str = "the name of the run",
        /// What it is for.
        kind: RunKind<'a> = "the kind of run",
        /// When it starts.
        start: Seconds = "the start",
    }

    /// `$A`: what the timekeepers announce.
    Announcement {
        /// Its number.
        nth: u32 = "the number of the message",
        /// What is to be done with it: `A` as it seems to add it.
        action: &'a str = "the action",
        /// How urgent.
        priority: &'a str = "the priority",
        /// When.
        at: Seconds = "the time",
        /// What.
        text: &'a str = "the text",
    }

    /// `$I`: a lap does not count.
    Invalidated {
        /// On the car; `??` where it is not known.
        number: &'a str = "the number",
        /// The id of its entry.
        id: u32 = "the entry",
        /// At the end of the lap, since the start.
        elapsed: Ms = "the elapsed time",
    }

    /// `$V`: which version of the feed.
    Version {
        /// Major.
        major: u32 = "the major version",
        /// Minor.
        minor: u32 = "the minor version",
        /// Whatever the server says of itself.
        about: &'a str = "the description",
    }

    /// `$USAC:DRIVERID`: another driver is aboard. From the published description; not seen.
    DriverOn {
        /// The id of the entry.
        id: u32 = "the entry",
        /// When, on a clock that is not said.
        at: Ms = "the time",
        /// What the driver chose on the hardware: 0 to 9.
        driver: &'a str = "the driver",
        /// Who it is.
        name: &'a str = "the driver's name",
    }

    /// `$USAC:S`: a section of the track, also such as is only reckoned. From the published description; not seen.
    SectorTime {
        /// The id of the entry.
        id: u32 = "the entry",
        /// When, on a clock that is not said.
        at: Ms = "the time",
        /// Which: `S1`, or `S1a` of those that are only reckoned.
        section: &'a str = "the section",
        /// In it.
        time: Ms = "the time of the section",
    }

    /// `$USAC:TZ`: where the track is. From the published description; not seen.
    Zone {
        /// Such as `America/Los_Angeles`.
        name: &'a str = "the time zone",
        /// When, on a clock that is not said.
        at: Ms = "the time",
    }
}

/// `$E`: an entry.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Entry<'a> {
    /// On the car.
    pub number: Option<&'a str>,
    /// Its id, by which everything else tells it.
    pub id: Option<u32>,
    /// Who drives, or who entered it.
    pub driver: Option<&'a str>,
    /// Its place on the grid.
    pub start: Option<u32>,
    /// How many fields it says that it has. Written where they are not more.
    pub count: Option<u32>,
    /// Class, car, town, region, licence, colour, sponsor, … as the timekeepers laid them out.
    pub fields: Vec<&'a str>,
    /// The id of the competitor.
    pub competitor: Option<u32>,
}

impl<'a> Entry<'a> {
    fn read(of: &mut Fields<'a>) -> Result<Self, Wrong> {
        let (number, id) = (of.next("the number")?, of.next("the entry")?);
        let (driver, start) = (of.next("the driver")?, of.next("the starting position")?);
        let count: Option<u32> = of.next("the number of fields")?;
        let fields = (0..count.unwrap_or(0)).map_while(|_| of.text()).collect();
        Ok(Self { number, id, driver, start, count, fields, competitor: of.next("the competitor")? })
    }

    fn write(&self, line: &mut Line<'a>) {
        line.put(self.number);
        line.put(self.id);
        line.put(self.driver);
        line.put(self.start);
        line.put(at_least(self.count, self.fields.len()));
        line.put_all(&self.fields);
        line.put(self.competitor);
    }
}

/// `$T`: the track.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Track<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// The same, short.
    pub venue: Option<&'a str>,
    /// In miles, with a point.
    pub miles: Option<&'a str>,
    /// How many sections it says that it has. Written where they are not more.
    pub count: Option<u32>,
    /// Its sections.
    pub sections: Vec<Stretch<'a>>,
}

records! {
    /// A section of a track.
    Stretch {
        /// Its name.
        name: &'a str = "the section",
        /// How long, in inches. Whether in decimal digits is not said, so as sent.
        inches: &'a str = "its length",
        /// The line where it begins.
        from: &'a str = "where it begins",
        /// The line where it ends.
        to: &'a str = "where it ends",
    }
}

impl<'a> Track<'a> {
    fn read(of: &mut Fields<'a>) -> Result<Self, Wrong> {
        let (name, venue, miles) = (of.next("the track")?, of.next("the venue")?, of.next("the length")?);
        let count: Option<u32> = of.next("the number of sections")?;
        let mut sections = Vec::new();
        while !of.is_over() && sections.len() < count.map_or(0, |count| count as usize) {
            sections.push(Stretch::read(of)?);
        }
        Ok(Self { name, venue, miles, count, sections })
    }

    fn write(&self, line: &mut Line<'a>) {
        line.put(self.name);
        line.put(self.venue);
        line.put(self.miles);
        line.put(at_least(self.count, self.sections.len()));
        self.sections.iter().for_each(|section| section.write(line));
    }
}

/// A count as it was said, unless there is more.
fn at_least(said: Option<u32>, there: usize) -> Option<u32> {
    let there = u32::try_from(there).unwrap_or(u32::MAX);
    said.max((there > 0).then_some(there))
}

/// What every record begins with. Additions of USAC may come without.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Header<'a> {
    /// Whether it is news.
    pub kind: Option<Kind>,
    /// Counted by the server; what it counts differs from command to command.
    pub sequence: Option<u32>,
    /// Which run, such as `Q1`.
    pub preamble: Option<&'a str>,
}

/// A record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record<'a> {
    /// What it begins with.
    pub header: Header<'a>,
    /// What it says.
    pub what: What<'a>,
    /// What stands behind the fields that are known: a record that ends with a separator has an empty one.
    pub more: Vec<&'a str>,
}

/// What a record says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What<'a> {
    /// The state of the run.
    Heartbeat(Heartbeat<'a>),
    /// An entry.
    Entry(Entry<'a>),
    /// A lap.
    Lap(Lap<'a>),
    /// A section.
    Section(Section<'a>),
    /// A line.
    Crossing(Crossing<'a>),
    /// Flags.
    Flags(Flags<'a>),
    /// Another leader.
    Leader(Leader<'a>),
    /// The run.
    Run(Run<'a>),
    /// The track.
    Track(Track<'a>),
    /// An announcement.
    Announcement(Announcement<'a>),
    /// A lap that does not count.
    Invalidated(Invalidated<'a>),
    /// The version.
    Version(Version<'a>),
    /// Another driver.
    DriverOn(DriverOn<'a>),
    /// A section, by USAC.
    SectorTime(SectorTime<'a>),
    /// Where the track is.
    Zone(Zone<'a>),
    /// What this program makes nothing of: its command, such as `$X`. Everything behind it is in [`Record::more`].
    Other(&'a str),
}

impl<'a> Record<'a> {
    /// From a line without its end, as [`Separator::read`] reads it. One that was cut has the fields it still has.
    ///
    /// # Errors
    /// It is no record, says nothing, or has a field that is not what it should be.
    pub fn decode(line: &'a str, separator: Separator) -> Result<Self, Wrong> {
        let mut of = Fields::of(line, separator);
        let command = of.text().unwrap_or_default();
        if command.len() < 2 || !command.starts_with('$') {
            return Err(String::from("a record begins with $ and its command"));
        }
        if !is_known(command) {
            return Ok(Self { header: Header::default(), what: What::Other(command), more: of.all() });
        }
        let header = header(command, &mut of)?;
        if of.is_empty() {
            return Err(String::from("it ends before it says anything"));
        }
        let what = What::read(command, &mut of)?;
        Ok(Self { header, what, more: of.all() })
    }

    /// Writes it as a line with its end.
    pub fn encode(&self, separator: Separator, out: &mut Vec<u8>) {
        let mut line = Line::default();
        line.put(Some(self.what.command()));
        if self.has_header() {
            line.put(self.header.kind);
            line.put(self.header.sequence);
            line.put(self.header.preamble);
        }
        self.what.write(&mut line);
        line.put_all(&self.more);
        line.write(separator, out);
    }

    fn has_header(&self) -> bool {
        let command = self.what.command();
        is_known(command) && (!command.starts_with(USAC) || self.header != Header::default())
    }
}

/// Before the commands that USAC added.
const USAC: &str = "$USAC:";

/// The three fields behind the command. Whether the additions of USAC have them is not published; no field of theirs is one of these letters.
fn header<'a>(command: &str, of: &mut Fields<'a>) -> Result<Header<'a>, Wrong> {
    if command.starts_with(USAC) && of.clone().text().and_then(Kind::read).is_none() {
        return Ok(Header::default());
    }
    Ok(Header { kind: of.next("the record type")?, sequence: of.next("the sequence")?, preamble: of.next("the preamble")? })
}

/// The commands, each with what it says.
macro_rules! commands {
    ($($command:literal => $name:ident,)*) => {
        fn is_known(command: &str) -> bool {
            matches!(command, $($command)|*)
        }

        impl<'a> What<'a> {
            fn read(command: &'a str, of: &mut Fields<'a>) -> Result<Self, Wrong> {
                Ok(match command {
                    $($command => Self::$name($name::read(of)?),)*
                    _ => Self::Other(command),
                })
            }

            fn write(&self, line: &mut Line<'a>) {
                match self {
                    $(Self::$name(what) => what.write(line),)*
                    Self::Other(_) => {}
                }
            }

            /// Its command, such as `$H`.
            pub fn command(&self) -> &'a str {
                match self {
                    $(Self::$name(_) => $command,)*
                    Self::Other(command) => command,
                }
            }
        }
    };
}

commands! {
    "$H" => Heartbeat,
    "$E" => Entry,
    "$C" => Lap,
    "$S" => Section,
    "$L" => Crossing,
    "$F" => Flags,
    "$N" => Leader,
    "$R" => Run,
    "$T" => Track,
    "$A" => Announcement,
    "$I" => Invalidated,
    "$V" => Version,
    "$USAC:DRIVERID" => DriverOn,
    "$USAC:S" => SectorTime,
    "$USAC:TZ" => Zone,
}
