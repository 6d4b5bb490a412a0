//! The shapes of a rulebook's tables. Keys are named like the fields of `sport::rulebook`.

use super::drive_time::DRIVE_TIME;
use super::scrutineering::{SCRUTINEERING, TYRES};
use super::stewarding::{APPEAL, CONVERSION, LICENCE, PENALTY, PROTEST};
use crate::shape::{Ids, Key, Kind, Noun, Shape};

pub(super) const ARTICLE: Key =
    Key::must("article", Kind::Text, "The article as the series numbers it, or the clause of docs/championship.md.");
pub(super) const ARTICLE_INSIDE: Key = Key::may("article", Kind::Text, "The article, where it is not that of the table around.");
pub(super) const SOURCE: Key = Key::may("source", Kind::Text, "Ids of the sources that say so, separated by spaces.");
pub(super) const ASSUMED: Key = Key::may(
    "assumed",
    Kind::Either(&[Kind::Text, Kind::Only(false)]),
    "Why the value is assumed; false lifts what a lower layer assumed.",
);
const TITLE: Key = Key::must("title", Kind::Text, "As printed.");

const COUNT: Kind = Kind::Whole(0, 1000);
const ROUND: Kind = Kind::Whole(1, 999);
pub(super) const MINUTES: Kind = Kind::Whole(0, 10_000);
pub(super) const KILOMETRES: Kind = Kind::Whole(0, 10_000);
const CREWS: Kind = Kind::Either(&[Kind::List(&Kind::Crew), Kind::Crew]);
const CLASSES: Kind = Kind::List(&Kind::Id(Noun::Class));
const ROUNDS: Kind = Kind::List(&ROUND);
const SESSIONS: Kind = Kind::Either(&[Kind::Id(Noun::SessionPlan), Kind::List(&Kind::Id(Noun::SessionPlan))]);
const SESSION_KIND: Kind = Kind::Choice(&["practice", "qualifying", "qualifying-race", "race", "warm-up"]);
const OTHERS: Kind = Kind::Choice(&["move-up", "keep-place"]);

/// A document values are taken from.
static SOURCE_SHAPE: Shape = Shape {
    name: "source",
    doc: "A document values are taken from.",
    keys: &[Key::must("site", Kind::Text, "Who published it."), Key::must("page", Kind::Text, "Title and date.")],
};

static CLASS: Shape = Shape {
    name: "class",
    doc: "A class of cars.",
    keys: &[TITLE, Key::may("admits", CREWS, "The crews it admits; any crew when absent."), ARTICLE, SOURCE, ASSUMED],
};

static CUP: Shape = Shape {
    name: "cup",
    doc: "A cup: a ranking inside a class by crew.",
    keys: &[
        TITLE,
        Key::must("class", Kind::Id(Noun::Class), "The class it is part of."),
        Key::must("crews", CREWS, "The crews that belong to it."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static DISPENSATION: Shape = Shape {
    name: "dispensation",
    doc: "An exception a series grants: a crew a class would not admit, or a driver in another grade.",
    keys: &[
        Key::may("class", Kind::Id(Noun::Class), "The class that admits the crew."),
        Key::may("cup", Kind::Id(Noun::Cup), "The cup the crew counts for."),
        Key::may("crew", Kind::Crew, "The crew."),
        Key::may("driver", Kind::Id(Noun::Driver), "The driver."),
        Key::may("grade", Kind::Choice(crate::written::GRADES), "The grade in this series."),
        Key::must("reason", Kind::Text, "Why."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static ENTRIES: Shape = Shape {
    name: "entries",
    doc: "What an entry list must satisfy.",
    keys: &[
        Key::must("crew", Kind::Pair(&Kind::Whole(1, 8)), "Drivers a car, at least and at most."),
        Key::may("cars-per-licence", Kind::Whole(1, 100), "Cars under one licence at one event; no limit when absent."),
        Key::may("class-minimum", Kind::Whole(1, 100), "A class needs so many entries to exist."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static STATUS: Shape = Shape {
    name: "status",
    doc: "What an entry with a special status scores.",
    keys: &[
        Key::may("scores", Kind::Truth, "Whether it scores in the championships; false when absent."),
        Key::may("others", OTHERS, "Where it does not score: whether those behind gain a place (move-up when absent)."),
        Key::may("success", Kind::Choice(&["counted", "skipped"]), "Whether the success penalty counts its place (skipped when absent)."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static STATUSES: Shape = Shape {
    name: "statuses",
    doc: "What entries with a special status score.",
    keys: &[Key::must("guest", Kind::Table(&STATUS), "Guests."), Key::must("invitational", Kind::Table(&STATUS), "Invitational entries.")],
};

static SESSION: Shape = Shape {
    name: "session",
    doc: "A session of the weekend format; sessions are held in the order they are written.",
    keys: &[
        Key::must("kind", SESSION_KIND, "What it is for."),
        TITLE,
        Key::must("day", Kind::Whole(0, 30), "Days after the round's first day."),
        Key::may("minutes", MINUTES, "Scheduled minutes."),
        Key::may("kilometres", KILOMETRES, "Scheduled kilometres."),
        Key::may("laps", Kind::Whole(1, 10_000), "Scheduled laps."),
        Key::may("grid-from", SESSIONS, "The session whose result makes its grid, or the sessions, taken together as `grid-by` says."),
        Key::may(
            "grid-by",
            Kind::Choice(super::grid_source::BY),
            "How: by the result of one session (when absent); by the fastest laps of one; by the average, the sum or the best of best laps; by \
             the sum of places, lowest first; groups by turns, the group with the fastest lap first or as written; one group behind the other.",
        ),
        Key::may(
            "grid-laps",
            Kind::Choice(super::grid_source::LAPS),
            "Whose best laps are taken together: the car's of each session (when absent), or each driver's of the crew.",
        ),
        Key::may(
            "grid-missing",
            Kind::Choice(super::grid_source::MISSING),
            "A car that lacks one of the laps of an average: behind those that lack none (when absent), or by the average of those it has.",
        ),
        Key::may(
            "grid-ties",
            Kind::Id(Noun::SessionPlan),
            "Equal sums of places: the better in this session is ahead; in the last of them when absent.",
        ),
        Key::may(
            "through",
            Kind::Map(Ids::Of(Noun::SessionPlan), &Kind::Whole(1, 999)),
            "Knock-out and superpole: sessions for the front places, in order, each with how many cars go through to it.",
        ),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static QUALIFYING: Shape = Shape {
    name: "qualifying",
    doc: "Who drives in which qualifying session.",
    keys: &[
        Key::may("one-session-each", Kind::Truth, "Each driver takes part in one session only."),
        Key::may("highest-rated-in", Kind::Id(Noun::SessionPlan), "The session in which the crew's highest-rated driver takes part."),
        Key::may(
            "equal-grades",
            Kind::Choice(&["nominated", "free"]),
            "With equal grades the entrant nominates (when absent), or is free.",
        ),
        Key::may("wrong-driver", Kind::Choice(&["deleted", "counted"]), "What becomes of a lap by the wrong driver (deleted when absent)."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static GRID: Shape = Shape {
    name: "grid",
    doc: "How a grid is made.",
    keys: &[
        Key::may("without-time", Kind::Choice(&["back", "out"]), "Where cars without a time start (back when absent)."),
        Key::may("pole-passes-on", Kind::Truth, "The pole passes to the next car when its car does not start."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static START: Shape = Shape {
    name: "start",
    doc: "How a race starts and ends.",
    keys: &[
        Key::may("rolling", Kind::Truth, "A rolling start (when absent)."),
        Key::may("time-from", Kind::Choice(&["signal", "leader-at-line"]), "Where race time runs from (signal when absent)."),
        Key::may("chequered-to", Kind::Choice(&["leader", "all"]), "Who is shown the chequered signal first (leader when absent)."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static END: Shape = Shape {
    name: "end",
    doc: "How a race ends when something goes wrong.",
    keys: &[
        Key::may(
            "early-signal",
            Kind::Choice(&["last-crossing", "signal"]),
            "What ends the race where the chequered signal came before it was due: the leader's last crossing before it, or the signal (when absent).",
        ),
        Key::may(
            "late-signal",
            Kind::Choice(&["due", "signal"]),
            "What ends it where the signal came late: the crossing at which it was due (when absent), or the signal.",
        ),
        Key::may(
            "red-laps-back",
            Kind::Whole(1, 9),
            "A red flag that ends the race: the result is taken so many laps before the one in which it was shown (1 when absent).",
        ),
        Key::may(
            "suspended-time",
            Kind::Choice(&["runs", "stops"]),
            "Whether race time runs while the race is suspended (runs when absent).",
        ),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static MINIMUM: Shape = Shape {
    name: "circuit minimum",
    doc: "A minimum stop for one circuit.",
    keys: &[Key::must("minimum", Kind::Duration, "From pit entry to pit exit."), ARTICLE_INSIDE, SOURCE, ASSUMED],
};

static JOKER: Shape = Shape {
    name: "joker",
    doc: "Stops that may be shorter than the minimum.",
    keys: &[
        Key::must("count", Kind::Whole(1, 100), "How many."),
        Key::may("per", Kind::Duration, "In each period of so much race time, by the pit entry; in the race when absent."),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

static TECHNICAL: Shape = Shape {
    name: "technical stop",
    doc: "One long stop in a time of the race, beside the mandatory ones.",
    keys: &[
        Key::must("minimum", Kind::Duration, "From pit entry to pit exit."),
        Key::must("window", Kind::Pair(&Kind::Duration), "Race time from and until which it may be made; signals do not move it."),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

static PIT_STOP: Shape = Shape {
    name: "pit-stop",
    doc: "The mandatory stop.",
    keys: &[
        Key::may("count", Kind::Whole(0, 100), "How many; one when absent."),
        Key::must("window", Kind::Pair(&Kind::Duration), "Race time at which the window opens and closes."),
        Key::may("reference", Kind::Choice(&["entry", "exit"]), "What must lie inside the window (entry when absent)."),
        Key::may("driver-change", Kind::Truth, "Whether another driver must take over; true when absent."),
        Key::must("minimum", Kind::Duration, "From pit entry to pit exit, where the circuit does not set its own."),
        Key::may("adds-success", Kind::Truth, "Whether success seconds are added to the minimum; false when absent."),
        Key::may(
            "delayed-by",
            Kind::List(&Kind::Choice(&["safety-car", "full-course-yellow", "red"])),
            "Signals that delay the window where they are shown when it should open: it opens when they end, and closes later by as much.",
        ),
        Key::may("red-extends", Kind::Truth, "The window closes later by as long as the race is suspended inside it; false when absent."),
        Key::may("at", Kind::Map(Ids::Of(Noun::Circuit), &Kind::Table(&MINIMUM)), "Minimum by circuit."),
        Key::may(
            "minimum-for",
            Kind::Choice(&["mandatory", "every-stop"]),
            "Whether the minimum holds for the mandatory stops (when absent) or, without success seconds, for every further stop as well.",
        ),
        Key::may("joker", Kind::Table(&JOKER), "Stops exempt from the minimum, where it holds for every stop."),
        Key::may("technical", Kind::Table(&TECHNICAL), "The technical stop."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static STEP: Shape = Shape {
    name: "success step",
    doc: "The amounts for races of one length.",
    keys: &[
        Key::may("minutes", Kind::Pair(&MINUTES), "Scheduled minutes of the race that earned it, at least and at most."),
        Key::may("kilometres", Kind::Pair(&KILOMETRES), "Scheduled kilometres, at least and at most."),
        Key::must("amounts", Kind::List(&Kind::Amount), "For first, second, third, …"),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

static SUCCESS: Shape = Shape {
    name: "success",
    doc: "The success penalty.",
    keys: &[
        Key::must("unit", Kind::Choice(&["time", "ballast"]), "Counted in time at the stop or in ballast."),
        Key::must("classes", CLASSES, "The classes that count their own places."),
        Key::may(
            "when-absent",
            Kind::Choice(&["kept", "lapses"]),
            "What becomes of it when the car misses the next race (lapses when absent).",
        ),
        Key::must("step", Kind::Map(Ids::Any, &Kind::Table(&STEP)), "Amounts by race length; the first that fits."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static CLASSIFIED: Shape = Shape {
    name: "classified",
    doc: "Who is classified; the first rule that fits holds.",
    keys: &[
        Key::may("kind", SESSION_KIND, "In sessions of this kind; race when absent."),
        Key::may("sessions", Kind::List(&Kind::Id(Noun::SessionPlan)), "In these sessions; any when absent."),
        Key::may("rounds", ROUNDS, "In these rounds; any when absent."),
        Key::may("minutes", Kind::Pair(&MINUTES), "Scheduled minutes, at least and at most."),
        Key::may("kilometres", Kind::Pair(&KILOMETRES), "Scheduled kilometres, at least and at most."),
        Key::may("classes", CLASSES, "For these classes; all when absent."),
        Key::must("share", Kind::Exact, "The share of the laps of who is first in the end, 0 to 1; 0 asks only to start."),
        Key::may("of", Kind::Choice(&["overall-winner", "class-winner"]), "Whose laps (overall-winner when absent)."),
        Key::may("rounding", Kind::Choice(&["down", "exact"]), "Required laps rounded down to whole laps (when absent), or exact."),
        Key::may("take-chequered", Kind::Truth, "The car must take the chequered signal; false when absent."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static SHORTENED: Shape = Shape {
    name: "shortened",
    doc: "One step of the rule for shortened races; the first whose condition holds gives the factor.",
    keys: &[
        Key::may(
            "laps-below",
            Kind::Whole(1, 10_000),
            "Holds when the leader completed fewer laps; not asked of a race told by its time with no laps of any car.",
        ),
        Key::may("share-below", Kind::Exact, "Holds when less than this share of the scheduled length was run."),
        Key::must("factor", Kind::Exact, "Factor on all points of the session, 0 to 1."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static TABLE: Shape = Shape {
    name: "table",
    doc: "A points table: a list, a formula over the starters, or the place itself.",
    keys: &[
        Key::may("points", Kind::List(&Kind::Exact), "For first, second, third, …"),
        Key::may("rest", Kind::Exact, "For every further classified place; 0 when absent."),
        Key::may("by-starters", Kind::Exact, "The base b of b × (N − P + 1/2) / N with N starters."),
        Key::may("decimals", Kind::Whole(0, 4), "Decimals kept of by-starters; 2 when absent."),
        Key::may("place-itself", Kind::Only(true), "The place is the number of points; the lowest sum wins."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static CREW_FACTOR: Shape = Shape {
    name: "crew-factor",
    doc: "A factor for some crews; the first that fits.",
    keys: &[
        Key::must("crew", Kind::Crew, "The crew."),
        Key::must("factor", Kind::Exact, "The factor."),
        Key::may("place-max", Kind::Whole(1, 999), "Only in the first so many scoring places."),
        SOURCE,
        ASSUMED,
    ],
};

static AWARD: Shape = Shape {
    name: "award",
    doc: "Something points are given for: exactly one of table, laps-behind, fastest-lap and led.",
    keys: &[
        Key::may("kind", SESSION_KIND, "In sessions of this kind; race when absent."),
        Key::may("sessions", Kind::List(&Kind::Id(Noun::SessionPlan)), "In these sessions; any when absent."),
        Key::may("rounds", ROUNDS, "In these rounds; any when absent."),
        Key::may("minutes", Kind::Pair(&MINUTES), "Scheduled minutes, at least and at most."),
        Key::may("kilometres", Kind::Pair(&KILOMETRES), "Scheduled kilometres, at least and at most."),
        Key::may("mark", Kind::Id(Noun::Mark), "At a mark inside the race, where it is not the finish."),
        Key::may("table", Kind::Id(Noun::Table), "By place, from this table."),
        Key::may(
            "laps-behind",
            Kind::List(&Kind::Exact),
            "Points on the lead lap, one lap behind, …; the last holds for all further laps.",
        ),
        Key::may("fastest-lap", Kind::Exact, "Points for the fastest lap, split exactly among equals."),
        Key::may("place-max", Kind::Whole(1, 999), "Fastest lap only for a car with at least this place."),
        Key::may("led", Kind::Exact, "Points for every car that led a lap."),
        Key::may("factor", Kind::Exact, "Multiplies the points; 1 when absent."),
        Key::may("countback", Kind::Truth, "Whether its places count for countback; true for tables at the finish of a race when absent."),
        Key::may("crew-factor", Kind::Map(Ids::Any, &Kind::Table(&CREW_FACTOR)), "Further factors by crew."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

const TIE_STEPS: Key = Key::must(
    "steps",
    Kind::List(&Kind::Choice(&["wins", "countback-scoring", "countback-classified", "earliest-best", "latest-better"])),
    "Tried in order; then the place is shared.",
);

static TIES: Shape = Shape { name: "ties", doc: "How ties fall.", keys: &[TIE_STEPS, ARTICLE, SOURCE, ASSUMED] };

static TIES_INSIDE: Shape =
    Shape { name: "championship ties", doc: "How ties fall in this championship.", keys: &[TIE_STEPS, ARTICLE_INSIDE, SOURCE, ASSUMED] };

static BEST_CARS: Shape = Shape {
    name: "best-cars",
    doc: "Only the best so many cars of a competitor score.",
    keys: &[
        Key::must("count", Kind::Whole(1, 100), "How many score."),
        Key::may("surplus", Kind::Choice(&["invisible", "keeps-place"]), "Whether surplus cars keep their place (invisible when absent)."),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

static KEEP_RANGE: Shape = Shape {
    name: "keep range",
    doc: "A range of rounds with its number of results kept.",
    keys: &[
        Key::must("rounds", Kind::Pair(&ROUND), "First and last round."),
        Key::must(
            "best",
            Kind::Either(&[Kind::Whole(0, 999), Kind::List(&Kind::Pair(&COUNT))]),
            "Results kept: a number, or [held, best] pairs, the last whose held is reached.",
        ),
    ],
};

static KEEP: Shape = Shape {
    name: "keep",
    doc: "Dropped results.",
    keys: &[
        Key::may("unit", Kind::Choice(&["round", "session"]), "What is kept or dropped as one (session when absent)."),
        Key::may(
            "disqualification",
            Kind::Choice(&["counts", "droppable"]),
            "Whether a disqualification's zero can be dropped (counts when absent).",
        ),
        Key::must("range", Kind::Map(Ids::Any, &Kind::Table(&KEEP_RANGE)), "Ranges of rounds; what is outside all of them always counts."),
        ARTICLE_INSIDE,
        SOURCE,
        ASSUMED,
    ],
};

static CHAMPIONSHIP: Shape = Shape {
    name: "championship",
    doc: "A championship: who competes, what counts, how ties fall, who is listed.",
    keys: &[
        TITLE,
        Key::must("competitor", Kind::Choice(&["driver", "team", "maker", "constructor", "entry"]), "Who competes."),
        Key::may(
            "lines",
            Kind::Choice(&["crew", "each"]),
            "Drivers who scored together throughout on one line (when absent), or each alone.",
        ),
        Key::may("classes", CLASSES, "Cars of these classes are ranked; all when absent."),
        Key::may("cups", Kind::List(&Kind::Id(Noun::Cup)), "Cars of these cups only; all when absent."),
        Key::may("driver-grades", Kind::List(&Kind::Choice(crate::written::GRADES)), "Only drivers of these grades score."),
        Key::may("driver-ages", Kind::Pair(&Kind::Whole(0, 120)), "Only drivers of this age on the season's first day, both inclusive."),
        Key::may("by-registration", Kind::Truth, "Only entries registered for it are ranked."),
        Key::may("awards", Kind::List(&Kind::Id(Noun::Award)), "What counts."),
        Key::may("sum-of", Kind::List(&Kind::Id(Noun::Championship)), "The sum of these championships' points instead."),
        Key::may("newcomers-until", ROUND, "Entries first entered for a later round are not ranked."),
        Key::may("rounds-min", ROUND, "Competitors that enter fewer rounds are not ranked, nor cars of which that is so of every driver."),
        Key::may("shared-drive", Kind::Choice(&["full", "split", "nothing"]), "What a shared drive gives each driver (full when absent)."),
        Key::may(
            "two-cars",
            Kind::Choice(&["both", "better", "nominated"]),
            "A driver in two cars of one session (both when absent); of a race with marks, at each by itself.",
        ),
        Key::may("drive-min", Kind::Duration, "Driving time a driver needs to score; taken as long enough where nobody published it."),
        Key::may("skip-rounds", ROUNDS, "Rounds that do not count here."),
        Key::may("lowest-wins", Kind::Truth, "The lowest total wins."),
        Key::may("listed", Kind::Choice(&["scorers", "finishers", "everybody"]), "Who is listed (scorers when absent)."),
        Key::may("ties", Kind::Table(&TIES_INSIDE), "How ties fall here, where it is not the rulebook's [ties]."),
        Key::may("best-cars", Kind::Table(&BEST_CARS), "Only the best so many cars score."),
        Key::may("keep", Kind::Table(&KEEP), "Dropped results."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static PODIUM: Shape = Shape {
    name: "podium",
    doc: "A podium ceremony.",
    keys: &[
        TITLE,
        Key::must("class", Kind::Id(Noun::Class), "The class."),
        Key::may("cup", Kind::Id(Noun::Cup), "The cup, where it is a cup's."),
        Key::may("places", Kind::Whole(1, 20), "How many steps; 3 when absent."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

static BOP: Shape = Shape {
    name: "bop",
    doc: "Balance of Performance.",
    keys: &[
        Key::must("classes", CLASSES, "Classes that run to it."),
        Key::may("during-event", Kind::Truth, "A bulletin may change it during an event; false when absent."),
        Key::may("notice", Kind::Duration, "How long before a race a bulletin must be published."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

/// The rules, and the document's own keys. `$must` makes the two rules no rulebook can do without: a bulletin writes what it changes.
macro_rules! rules {
    ($must:path; $($own:expr),* $(,)?) => {
        &[
            $($own,)*
            Key::may("remove", Kind::List(&Kind::Text), "Dotted names of rules taken away from the layer below: cup.silver."),
            Key::may("source", Kind::Map(Ids::Any, &Kind::Table(&SOURCE_SHAPE)), "Documents the values are taken from."),
            Key::may("class", Kind::Map(Ids::Any, &Kind::Table(&CLASS)), "Classes of cars."),
            Key::may("cup", Kind::Map(Ids::Any, &Kind::Table(&CUP)), "Cups by crew."),
            Key::may("dispensation", Kind::Map(Ids::Any, &Kind::Table(&DISPENSATION)), "Exceptions the series grants."),
            $must("entries", Kind::Table(&ENTRIES), "What an entry list must satisfy."),
            $must("status", Kind::Table(&STATUSES), "What entries with a special status score."),
            Key::may("session", Kind::Map(Ids::Any, &Kind::Table(&SESSION)), "The sessions of a weekend, in order."),
            Key::may("qualifying", Kind::Table(&QUALIFYING), "Who drives in which qualifying session."),
            Key::may("grid", Kind::Table(&GRID), "How a grid is made."),
            Key::may("start", Kind::Table(&START), "How a race starts and ends."),
            Key::may("end", Kind::Table(&END), "How a race ends when something goes wrong."),
            Key::may("pit-stop", Kind::Table(&PIT_STOP), "The mandatory stop."),
            Key::may("drive-time", Kind::Map(Ids::Any, &Kind::Table(&DRIVE_TIME)), "How long drivers may and must be at the wheel."),
            Key::may("success", Kind::Table(&SUCCESS), "The success penalty."),
            Key::may("classified", Kind::Map(Ids::Any, &Kind::Table(&CLASSIFIED)), "Who is classified."),
            Key::may("shortened", Kind::Map(Ids::Any, &Kind::Table(&SHORTENED)), "What a shortened race gives, in the order tried."),
            Key::may("table", Kind::Map(Ids::Any, &Kind::Table(&TABLE)), "Points tables."),
            Key::may("award", Kind::Map(Ids::Any, &Kind::Table(&AWARD)), "What points are given for."),
            Key::may("ties", Kind::Table(&TIES), "How ties fall, where a championship does not say."),
            Key::may("championship", Kind::Map(Ids::Any, &Kind::Table(&CHAMPIONSHIP)), "The championships."),
            Key::may("podium", Kind::Map(Ids::Any, &Kind::Table(&PODIUM)), "Podium ceremonies."),
            Key::may("penalty", Kind::Map(Ids::Any, &Kind::Table(&PENALTY)), "The tariff of penalties."),
            Key::may("conversion", Kind::Table(&CONVERSION), "What a drive-through or stop-and-go becomes that was not served."),
            Key::may("protest", Kind::Table(&PROTEST), "Until when a result may be protested against."),
            Key::may("appeal", Kind::Table(&APPEAL), "Until when a decision may be appealed against, and which may not."),
            Key::may("licence", Kind::Table(&LICENCE), "What points on a driver's licence lead to."),
            Key::may("bop", Kind::Table(&BOP), "Balance of Performance."),
            Key::may("scrutineering", Kind::Table(&SCRUTINEERING), "What measurements are held against."),
            Key::may("tyres", Kind::Table(&TYRES), "Sets of tyres."),
        ]
    };
}

/// A rulebook: all files directly in its folder together.
pub static RULEBOOK: Shape = Shape {
    name: "rulebook",
    doc: "What a series wrote down for a year. All files directly in the folder are one rulebook.",
    keys: rules![
        Key::must;
        Key::must("series", Kind::Text, "The series as printed."),
        Key::must("year", Kind::Whole(1900, 2999), "The season's year."),
        Key::must("edition", Kind::Text, "The edition as the writer numbers it."),
        Key::may("extends", Kind::Path, "The folder of the rulebook this one is laid over."),
    ],
};

/// A bulletin: a change of the law from a session on.
pub static BULLETIN: Shape = Shape {
    name: "bulletin",
    doc: "A change of the law from a session on.",
    keys: rules![
        Key::may;
        Key::must("number", Kind::Text, "The bulletin's number as published."),
        Key::must("from", Kind::Session, "The first session it applies to: 4.race-1."),
        Key::may("date", Kind::Day, "The day it was published."),
        Key::must("article", Kind::Text, "The article that allows it; stands for every rule in it that names none."),
    ],
};
