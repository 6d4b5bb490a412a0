//! Published results and grids as requests: a table beside the file, an order of cars, or rows written out.

use sport::date::Micros;
use sport::fact::{Served, ServedHow, What};
use sport::names::{DecisionId, DriverId, EntryId, MarkId};
use sport::place::Places;
use sport::result::{Finish, GridRow, PublishedGrid, PublishedResult, Raced, ResultRow, ResultState};
use sport::session::SessionName;

use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::request::{Reader, request};
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::shared::{DEAD_HEAT, Standing, shared_places};
use crate::table;
use crate::tree::Node;
use crate::written::counted;

const CARS: Kind = Kind::List(&Kind::Id(Noun::Entry));
/// `3`, or `"6|7"` where the order was not published.
const PLACE: Kind = Kind::Either(&[Kind::Whole(1, 999), Kind::Text]);

request!(
    /// `[[result]]`.
    RESULT,
    "result",
    "A published classification: table, order or rows.",
    [
        Key::must("session", Kind::Session, "The session."),
        Key::may("mark", Kind::Id(Noun::Mark), "The mark inside the race, where it is not the finish (P2)."),
        Key::may("state", Kind::Choice(&["provisional", "amended", "final"]), "What the publisher called it; final when absent."),
        Key::may("document", Kind::Text, "The sheet's number."),
        Key::may("complete", Kind::Truth, "False where it does not list every car that took part: what it lacks becomes bounds. True when absent."),
        Key::may("includes", Kind::List(&Kind::Text), "Decisions whose effect the places contain."),
        Key::may("without", Kind::List(&Kind::Text), "Decisions taken before it whose effect they do not contain."),
        Key::may("raced-laps", Kind::Whole(0, 9999), "Laps the leader completed, where the race was cut short."),
        Key::may("scheduled-laps", Kind::Whole(1, 9999), "Laps that were scheduled."),
        Key::may("raced-time", Kind::Duration, "Race time run, where the race was cut short."),
        Key::may("fastest", CARS, "Cars named as holders of the fastest lap."),
        Key::may("table", Kind::Path, "A table of comma-separated columns, relative to this file; its columns are in docs/requests.md."),
        Key::may("order", CARS, "The cars in the order they finished, from first place on."),
        Key::may("rows", Kind::List(&Kind::Table(&ROW)), "The cars, each with what was published."),
        Key::may("not-classified", CARS, "Cars that started and were not classified."),
        Key::may("not-started", CARS, "Cars that did not start."),
        Key::may("disqualified", CARS, "Cars disqualified on the sheet."),
    ]
);

static ROW: Shape = Shape {
    name: "result row",
    doc: "One car of a result.",
    keys: &[
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::may("finish", Kind::Choice(&["classified", "not-classified", "not-started", "disqualified", "unknown"]), "How it ended."),
        Key::may("place", PLACE, "Place among all cars."),
        Key::may("class-place", PLACE, "Place in its class."),
        Key::may("cup-place", PLACE, "Place in its cup."),
        Key::may("laps", Kind::Whole(0, 9999), "Laps completed."),
        Key::may("time", Kind::Duration, "Total race time."),
        Key::may("gap", Kind::Duration, "Gap to the leader."),
        Key::may("best-lap", Kind::Duration, "Best lap."),
        Key::may("crew", Kind::List(&Kind::Text), "Who drove, where the sheet names them."),
        Key::may("drove", Kind::Map(Ids::Of(Noun::Driver), &Kind::Duration), "Driving time by driver (P10)."),
        Key::may("led", Kind::Truth, "Led a lap (P56)."),
        Key::may("note", Kind::Text, "The publisher's remark. `dead heat` in the notes of two cars lets them share a place."),
    ],
};

request!(
    /// `[[grid]]`.
    GRID,
    "grid",
    "A published starting grid: table, order or rows.",
    [
        Key::must("session", Kind::Session, "The race it is for."),
        Key::may("complete", Kind::Truth, "False where it does not list every car of the grid. True when absent."),
        Key::may("table", Kind::Path, "A table of comma-separated columns, relative to this file; its columns are in docs/requests.md."),
        Key::may("order", CARS, "The cars from pole position on."),
        Key::may("rows", Kind::List(&Kind::Table(&GRID_ROW)), "The cars, each with what was published."),
    ]
);

static GRID_ROW: Shape = Shape {
    name: "grid row",
    doc: "One car of a grid.",
    keys: &[
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::may("place", PLACE, "Place among all cars."),
        Key::may("class-place", PLACE, "Place in its class."),
        Key::may("cup-place", PLACE, "Place in its cup."),
        Key::may("driver", Kind::Text, "Who set the time."),
        Key::may("time", Kind::Duration, "The time it rests on."),
        Key::may("note", Kind::Text, "The publisher's remark. `dead heat` in the notes of two cars lets them share a place."),
    ],
};

impl Reader<'_> {
    /// A result, and what its table says was served.
    pub(crate) fn result(&mut self, fields: &Fields<'_>) -> Vec<What> {
        let Some(session) = self.session(fields) else { return Vec::new() };
        let (rows, served) = self.rows(fields, session.round);
        self.once(rows.iter().map(|row| &row.car), fields);
        let served = served.into_iter().map(|(car, time, how)| What::Served(Served { session: session.clone(), car, time, how }));
        let served: Vec<What> = served.collect();
        let result = What::Result(PublishedResult {
            mark: fields.text("mark").map(MarkId::new),
            state: fields.choice("state", &ResultState::WORDS).unwrap_or(ResultState::Final),
            document: fields.text("document").map(str::to_owned),
            complete: fields.truth("complete").unwrap_or(true),
            includes: fields.texts("includes").into_iter().map(DecisionId::new).collect(),
            without: fields.texts("without").into_iter().map(DecisionId::new).collect(),
            raced: self.raced(fields),
            fastest: fields.list("fastest").iter().filter_map(|node| self.car_at(node, session.round)).collect(),
            rows,
            session,
        });
        std::iter::once(result).chain(served).collect()
    }

    fn raced(&mut self, fields: &Fields<'_>) -> Raced {
        let laps = fields.whole("raced-laps");
        match (fields.duration("raced-time"), laps) {
            (Some(run), laps) => Raced::Time { run, laps },
            (None, Some(completed)) => {
                let scheduled = fields.whole("scheduled-laps");
                if let Some(scheduled) = scheduled.filter(|scheduled| completed > *scheduled) {
                    let message = format!("{} raced of {scheduled} scheduled", counted(completed as usize, "lap", "laps"));
                    let fault = Fault::error("out-of-range", fields.place_of("raced-laps"), message).label("more than scheduled");
                    self.faults.push(fault.help("give the laps the leader completed, at most as many as were scheduled"));
                }
                Raced::Laps { completed, scheduled }
            }
            (None, None) => {
                if fields.get("scheduled-laps").is_some() {
                    let fault = Fault::error("missing-value", fields.place_of("scheduled-laps"), "scheduled-laps without raced-laps");
                    self.faults.push(fault.label("how many were raced?").help("add raced-laps, or take scheduled-laps out"));
                }
                Raced::Full
            }
        }
    }

    /// The rows of a result, whichever way they are written.
    fn rows(&mut self, fields: &Fields<'_>, round: u16) -> (Vec<ResultRow>, Vec<(EntryId, Micros, ServedHow)>) {
        let (mut rows, mut served) = (Vec::new(), Vec::new());
        if !self.one_way(fields) {
            return (rows, served);
        }
        if let Some((name, text)) = self.table(fields) {
            let table = table::results(&name, &text, self.desk.entries, round, self.faults);
            (rows, served) = (table.rows, table.served);
        }
        for (ix, node) in fields.list("order").iter().enumerate() {
            let Some(car) = self.car_at(node, round) else { continue };
            let place = u16::try_from(ix + 1).ok().map(Places::exactly);
            rows.push(ResultRow { place, ..ResultRow::of(car, Finish::Classified) });
        }
        for node in fields.list("rows") {
            rows.extend(self.row(&node.fields(), round));
        }
        if fields.get("rows").is_some() {
            self.places_once(fields, &rows.iter().map(Standing::of_result).collect::<Vec<_>>(), round);
        }
        let rest = [("not-classified", Finish::NotClassified), ("not-started", Finish::NotStarted), ("disqualified", Finish::Disqualified)];
        for (key, finish) in rest {
            let cars: Vec<EntryId> = fields.list(key).iter().filter_map(|node| self.car_at(node, round)).collect();
            rows.extend(cars.into_iter().map(|car| ResultRow::of(car, finish)));
        }
        (rows, served)
    }

    fn row(&mut self, row: &Fields<'_>, round: u16) -> Option<ResultRow> {
        let car = self.car(row, "car", round)?;
        let [place, class_place, cup_place] = self.places(row);
        let placed = place.or(class_place).or(cup_place).is_some();
        let finish = row.choice("finish", &Finish::WORDS).unwrap_or(if placed { Finish::Classified } else { Finish::Unknown });
        let crew = row.list("crew").iter().filter_map(|node| self.driver_named(node.text()?, &node.place)).collect();
        let drove = row.inside("drove").entries().iter();
        Some(ResultRow {
            place,
            class_place,
            cup_place,
            laps: row.whole("laps"),
            time: row.duration("time"),
            gap: row.duration("gap"),
            best_lap: row.duration("best-lap"),
            crew,
            drove: drove.filter_map(|entry| Some((DriverId::new(&entry.key), entry.node.duration()?))).collect(),
            led: row.truth("led").unwrap_or(false),
            note: row.text("note").map(str::to_owned),
            ..ResultRow::of(car, finish)
        })
    }

    pub(crate) fn grid(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        let rows = self.grid_rows(fields, &session);
        self.once(rows.iter().map(|row| &row.car), fields);
        Some(What::Grid(PublishedGrid { complete: fields.truth("complete").unwrap_or(true), rows, session }))
    }

    fn grid_rows(&mut self, fields: &Fields<'_>, session: &SessionName) -> Vec<GridRow> {
        if !self.one_way(fields) {
            return Vec::new();
        }
        if let Some((name, text)) = self.table(fields) {
            return table::grid(&name, &text, self.desk.entries, session.round, self.faults);
        }
        let of = |car| GridRow { car, place: None, class_place: None, cup_place: None, driver: None, time: None, note: None };
        let mut rows = Vec::new();
        for (ix, node) in fields.list("order").iter().enumerate() {
            let Some(car) = self.car_at(node, session.round) else { continue };
            rows.push(GridRow { place: u16::try_from(ix + 1).ok().map(Places::exactly), ..of(car) });
        }
        for node in fields.list("rows") {
            let row = node.fields();
            let Some(car) = self.car(&row, "car", session.round) else { continue };
            let [place, class_place, cup_place] = self.places(&row);
            let driver = row.get("driver").and_then(|node| self.driver_named(node.text()?, &node.place));
            let note = row.text("note").map(str::to_owned);
            rows.push(GridRow { place, class_place, cup_place, driver, time: row.duration("time"), note, ..of(car) });
        }
        self.places_once(fields, &rows.iter().map(Standing::of_grid).collect::<Vec<_>>(), session.round);
        rows
    }

    /// Whether there is exactly one of table, order and rows, or for results only lists of cars without a place.
    fn one_way(&mut self, fields: &Fields<'_>) -> bool {
        let ways = ["table", "order", "rows"].into_iter().filter(|key| fields.get(key).is_some()).count();
        let lists = ["not-classified", "not-started", "disqualified"].into_iter().any(|key| fields.get(key).is_some());
        let sound = ways == 1 || (ways == 0 && lists);
        if !sound {
            let message = format!("the cars are written in one way of table, order and rows, not in {ways}");
            self.faults
                .push(Fault::error("one-of", fields.place(), message).label("here").help("keep exactly one of table, order and rows"));
        }
        sound
    }

    /// The name and text of the table a request names.
    fn table(&mut self, fields: &Fields<'_>) -> Option<(String, std::sync::Arc<str>)> {
        let path = self.folder.join(fields.text("table")?);
        let before = self.faults.len();
        let text = self.sources.read(&path, self.faults);
        // A file that is there and is no table was told where it is; one that is not there, where it is named.
        if text.is_none() && self.faults.get(before).is_some_and(|fault| fault.code == "cannot-read") {
            let fault = Fault::error("no-table", fields.place_of("table"), "the table this names cannot be used").label("named here");
            self.faults.push(fault.help("write its path from this file's folder on"));
        }
        Some((self.sources.name(&path), text?))
    }

    fn places(&mut self, row: &Fields<'_>) -> [Option<Places>; 3] {
        ["place", "class-place", "cup-place"].map(|key| row.get(key).and_then(|node| self.place(node)))
    }

    fn place(&mut self, node: &Node) -> Option<Places> {
        let written = node.text();
        let places = written.map_or_else(|| node.whole().map(Places::exactly), table::places);
        if let (None, Some(written)) = (places, written) {
            let fault = Fault::error("bad-place", &node.place, format!("\"{written}\" is no place")).label("not a place");
            self.faults.push(fault.help("write 3, or \"6|7\" for sixth or seventh"));
        }
        places
    }

    /// No car is written twice. Tables report their own with the line.
    fn once<'c>(&mut self, cars: impl Iterator<Item = &'c EntryId>, fields: &Fields<'_>) {
        let mut seen: Vec<&EntryId> = Vec::new();
        for car in cars {
            if seen.contains(&car) {
                let message = format!("car {car} is in the sheet twice");
                let place = self.written_again(car, fields).unwrap_or(fields.place());
                self.faults.push(Fault::error("car-twice", place, message).label("again").help("keep one row a car"));
            }
            seen.push(car);
        }
    }

    /// Where a car stands for the second time.
    fn written_again<'t>(&self, car: &EntryId, fields: &Fields<'t>) -> Option<&'t Place> {
        let rows = fields.list("rows").iter().filter_map(|row| row.fields().get("car"));
        let lists = ["order", "not-classified", "not-started", "disqualified"].into_iter().flat_map(|key| fields.list(key));
        let round = fields.session("session")?.round;
        let same = |node: &&Node| {
            let entry = node.text().and_then(|written| table::entered(self.desk.entries, written, round));
            entry.is_some_and(|entry| entry.id == *car)
        };
        rows.chain(lists).filter(same).nth(1).map(|node| &node.place)
    }

    /// No two cars hold one place of the same ranking, unless the sheet shows a dead heat, as in a table.
    fn places_once(&mut self, fields: &Fields<'_>, rows: &[Standing<'_>], round: u16) {
        for shared in shared_places(self.desk.entries, round, rows) {
            let mut node = fields.list("rows").iter().filter(|node| {
                let written = node.fields().text("car");
                written.and_then(|written| table::entered(self.desk.entries, written, round)).is_some_and(|entry| entry.id == shared.car)
            });
            let place = node.next_back().map_or(fields.place(), |node| node.fields().place_of(shared.column));
            self.faults.push(Fault::error("place-twice", place, shared.message()).label("again").help(DEAD_HEAT));
        }
    }
}
