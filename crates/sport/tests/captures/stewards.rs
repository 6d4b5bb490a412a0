//! What stewards decided about the races of the captures, and what was printed of races whose sheet no capture holds.
//!
//! Each decision has its ground: who said so, or that only the official sheet shows it.

/// A decision about one car.
pub(crate) struct Decided<'a> {
    /// The file of laps, from its folder on.
    pub(crate) race: &'a str,
    pub(crate) car: &'a str,
    pub(crate) act: Act,
    pub(crate) reason: &'a str,
    /// Where it says so; `inferred from the official sheet` where only a difference shows it.
    pub(crate) ground: &'a str,
}

/// What stewards did to a result.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// Seconds added.
    Time(i64),
    /// Laps taken.
    Laps(u32),
    /// Places dropped.
    Places(u16),
    /// Disqualified.
    Disqualified,
}

/// The decisions that changed a row. None of the nine IMSA races has one: their sheets are the road, car by car.
pub(crate) const DECIDED: &[Decided<'_>] = &[Decided {
    race: "wec/2025/imola_6h.csv",
    car: "50",
    act: Act::Time(45),
    reason: "responsible for a contact with car 8; a drive-through after the race",
    ground: "Sportscar365, Imola Post-Race Notebook, 21 April 2025",
}];

/// One car as reports printed it.
pub(crate) struct Printed {
    pub(crate) car: &'static str,
    /// `None`: not classified.
    pub(crate) place: Option<u16>,
    /// Of its class, not of all.
    pub(crate) of_class: bool,
    pub(crate) laps: Option<u32>,
    /// Behind the first of all, or of the class.
    pub(crate) behind_ms: Option<i64>,
}

const fn overall(place: u16, car: &'static str, laps: Option<u32>, behind_ms: Option<i64>) -> Printed {
    Printed { car, place: Some(place), of_class: false, laps, behind_ms }
}

const fn in_class(place: u16, car: &'static str, laps: Option<u32>, behind_ms: Option<i64>) -> Printed {
    Printed { car, place: Some(place), of_class: true, laps, behind_ms }
}

const fn out(car: &'static str) -> Printed {
    Printed { car, place: None, of_class: false, laps: None, behind_ms: None }
}

/// Imola, 6 hours, 20 April 2025: gt-eins.at, speedweek.com and motorsport-total.com of the race; the ninth of the class: players.bio.
pub(crate) const IMOLA: &[Printed] = &[
    overall(1, "51", Some(212), None),
    overall(2, "20", Some(212), Some(8_490)),
    overall(3, "36", Some(212), Some(12_450)),
    overall(4, "83", Some(212), None),
    overall(5, "8", Some(212), None),
    overall(15, "50", None, None),
    in_class(1, "92", Some(193), None),
    in_class(2, "46", Some(193), Some(316)),
    in_class(3, "78", Some(193), None),
    in_class(4, "87", Some(193), None),
    in_class(9, "95", None, None),
    out("21"),
    out("27"),
];

/// Spa, 6 hours, 10 May 2025: gt-eins.at and p300.it of the race.
pub(crate) const SPA: &[Printed] = &[
    overall(1, "51", Some(150), None),
    overall(2, "50", Some(150), Some(4_229)),
    overall(3, "36", Some(150), None),
    overall(4, "8", None, None),
    overall(5, "12", None, None),
    overall(6, "38", None, None),
    overall(7, "7", None, None),
    in_class(1, "21", None, None),
    in_class(2, "88", None, None),
    in_class(3, "54", None, None),
    in_class(8, "78", None, None),
];
