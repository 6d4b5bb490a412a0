//! One rule per file: the article, what it takes, what it gives, its tests.

pub(crate) mod awards;
pub(crate) mod combined;
pub(crate) mod crew_factor;
pub mod cup;
pub mod distance;
pub mod drive_time;
pub mod end;
pub(crate) mod further_stops;
pub(crate) mod grid_drops;
pub(crate) mod keep;
pub mod licence;
pub(crate) mod line_up;
pub(crate) mod penalties;
pub mod pit_window;
pub mod podium;
pub mod qualifying;
pub mod ranking;
pub mod shortened;
pub mod stops;
pub(crate) mod success;
pub mod tariff;
pub(crate) mod ties;
