//! The columns of published tables: what the reader knows, and the page that documents them.

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// As the header names it.
    pub name: &'static str,
    /// What its cells hold, one sentence.
    pub doc: &'static str,
}

const fn column(name: &'static str, doc: &'static str) -> Column {
    Column { name, doc }
}

const CAR: Column = column("car", "The car: the entry's id, or its number. The only column that must be there.");
const PLACE: Column = column(
    "place",
    "Place among all cars: `3`, or `6|7` for sixth or seventh where the order was not published; `6–7`, as it is printed, is read too.",
);
const CLASS_PLACE: Column = column("class-place", "Place in its class, written like `place`.");
const CUP_PLACE: Column = column("cup-place", "Place in its cup, written like `place`.");
const NOTE: Column = column("note", "The publisher's remark. `dead heat` in the notes of two cars lets them share a place.");
const SOURCE: Column = column("source", "Where this row was published, where the request's `cite` does not say; added to the note.");

/// The columns a result may have. Only `car` must be there.
pub const RESULT_COLUMNS: &[Column] = &[
    CAR,
    column(
        "finish",
        "How it ended: `classified`, `not-classified`, `not-started`, `disqualified` or `unknown`. Empty: `classified` with a place, `unknown` without.",
    ),
    PLACE,
    CLASS_PLACE,
    CUP_PLACE,
    column("laps", "Laps completed."),
    column("time", "Total race time: `1:02:24.881`."),
    column(
        "gap",
        "Gap to the leader: `1:33.396`, `+5.631`, `15s`. `+1 lap` is read where the laps are there, and says no more than they do.",
    ),
    column("best-lap", "Best lap: `1:33.396`."),
    column("crew", "Who drove, with ` / ` between: ids or full names of drivers. Empty: the crew of the entry list."),
    column("led", "`yes` where the car led a lap; `no` or empty where not."),
    column("success", "Success seconds taken in this race, or not served in it: `15s`. They become a fact of their own."),
    column(
        "success-how",
        "How: `at-stop` (when empty), `announced` or `not-served`. Of `not-served` seconds none counts as served; what was served in part is `at-stop`.",
    ),
    NOTE,
    SOURCE,
];
/// The columns a grid may have. Only `car` must be there.
pub const GRID_COLUMNS: &[Column] = &[
    CAR,
    PLACE,
    CLASS_PLACE,
    CUP_PLACE,
    column("driver", "Who set the time: id or full name."),
    column("time", "The time the place rests on: `2:03.367`."),
    NOTE,
    SOURCE,
];

/// Columns as a page for people.
pub fn page(title: &str, columns: &[Column]) -> String {
    let rows = columns.iter().map(|column| format!("| `{}` | {} |\n", column.name, column.doc.replace('|', "\\|")));
    format!("## {title}\n\n| column | what it holds |\n| --- | --- |\n{}", rows.collect::<String>())
}
