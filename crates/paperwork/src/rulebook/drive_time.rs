//! Limits on the time at the wheel: `[drive-time.ID]`, its shape, lowered and checked.

use std::num::NonZeroU32;

use sport::citation::Cite;
use sport::rulebook::drive_time::{Allotment, DriveLimit, DriveTimeRule};

use super::law::length;
use super::shapes::{ARTICLE, ASSUMED, KILOMETRES, MINUTES, SOURCE};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::shape::{Key, Kind, Shape};
use crate::tree::Node;
use crate::written;

/// `[drive-time.ID]`.
pub(super) static DRIVE_TIME: Shape = Shape {
    name: "drive-time",
    doc: "A limit on the time drivers are at the wheel, on the track and while the race is not suspended: exactly one of the first six keys.",
    keys: &[
        Key::may("without-stop-max", Kind::Duration, "Between two stops of the car, at most."),
        Key::may("without-change-max", Kind::Duration, "Until another driver takes over, stops or not, at most."),
        Key::may("total-max", Kind::Duration, "A driver's time in all, at most."),
        Key::may("share-max", Kind::Exact, "A driver's share of the car's time, 0 to 1, at most."),
        Key::may("total-min", Kind::Duration, "A driver's time in all, at least; of cars that finish."),
        Key::may("rest-min", Kind::Duration, "From handing over to taking over again, at least."),
        Key::may(
            "neutral",
            Kind::Duration,
            "With without-stop-max: at most, where the safety car was out or a full-course yellow shown in it.",
        ),
        Key::may(
            "per",
            Kind::Duration,
            "With total-max, share-max and total-min: in each period of so much race time; in the race when absent.",
        ),
        Key::may("together", Kind::Truth, "With total-min: the drivers of these grades together; false when absent."),
        Key::may("grades", Kind::List(&Kind::Choice(written::GRADES)), "For drivers of these grades; for all when absent."),
        Key::may("minutes", Kind::Pair(&MINUTES), "In races of so many scheduled minutes, at least and at most."),
        Key::may("kilometres", Kind::Pair(&KILOMETRES), "In races of so many scheduled kilometres, at least and at most."),
        ARTICLE,
        SOURCE,
        ASSUMED,
    ],
};

const LIMITS: [&str; 6] = ["without-stop-max", "without-change-max", "total-max", "share-max", "total-min", "rest-min"];

/// A rule from its table.
pub(super) fn drive_time(id: &str, fields: Fields<'_>, cite: Cite) -> Option<DriveTimeRule> {
    let per = fields.duration("per");
    let limit = if let Some(most) = fields.duration("without-stop-max") {
        DriveLimit::WithoutStop { most, neutral: fields.duration("neutral") }
    } else if let Some(most) = fields.duration("without-change-max") {
        DriveLimit::WithoutChange { most }
    } else if let Some(most) = fields.duration("total-max") {
        DriveLimit::Most { most: Allotment::Time(most), per }
    } else if let Some((over, under)) = share(fields) {
        DriveLimit::Most { most: Allotment::Share { over, under }, per }
    } else if let Some(least) = fields.duration("total-min") {
        DriveLimit::Least { least, per, together: fields.truth("together").unwrap_or(false) }
    } else {
        DriveLimit::Rest { least: fields.duration("rest-min")? }
    };
    let grades = fields.texts("grades").into_iter().filter_map(written::grade).collect();
    Some(DriveTimeRule { id: id.to_owned(), length: length(fields), grades, limit, cite })
}

/// The share under `share-max`, as so many of so many parts.
fn share(fields: Fields<'_>) -> Option<(u32, NonZeroU32)> {
    let written = fields.exact("share-max")?.exact();
    let (over, under) = written.split_once('/').unwrap_or((&written, "1"));
    Some((over.parse().ok()?, under.parse().ok()?))
}

/// What only the whole table can get wrong.
pub(super) fn check(top: Fields<'_>, faults: &mut Vec<Fault>) {
    for (id, fields) in top.keyed("drive-time") {
        super::cross::one_of(&format!("drive-time {id}"), fields, &LIMITS, faults);
        super::cross::not_empty(fields, "grades", faults);
        super::cross::share(fields, "share-max", faults);
        super::cross::ordered("range-order", fields, "minutes", Node::whole::<i64>, faults);
        super::cross::ordered("range-order", fields, "kilometres", Node::whole::<i64>, faults);
        let with: [(&str, &[&str]); 3] =
            [("neutral", &LIMITS[..1]), ("per", &["total-max", "share-max", "total-min"]), ("together", &["total-min"])];
        for (key, with) in with {
            if fields.get(key).is_some() && !with.iter().any(|limit| fields.get(limit).is_some()) {
                let message = format!("drive-time {id} has {key} without {}", with.join(" or "));
                faults.push(Fault::error("one-of", fields.place_of(key), message).label("without effect"));
            }
        }
        if fields.duration("per").is_some_and(|per| per.0 <= 0) {
            faults.push(Fault::error("out-of-range", fields.place_of("per"), "per is no time at all").label("too short"));
        }
    }
}
