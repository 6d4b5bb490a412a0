//! Classes, cups by crew, dispensations and what an entry must satisfy (section A of the championship).

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::grade::{Grade, GradeSet};
use crate::names::{ClassId, CupId, DriverId};

/// A class of cars.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Class {
    /// `GT3`.
    pub id: ClassId,
    /// As printed.
    pub title: String,
    /// The crews it admits; any crew when empty.
    pub admits: Vec<CrewPattern>,
    /// Where it is written.
    pub cite: Cite,
}

/// A crew by grades: one set of allowed grades for each driver. A crew fits when its drivers can be dealt onto the slots one to one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CrewPattern {
    /// One a driver.
    pub slots: Vec<GradeSet>,
}

impl CrewPattern {
    /// Whether drivers of these grades fill the pattern exactly.
    pub fn fits(&self, grades: &[Grade]) -> bool {
        self.slots.len() == grades.len() && self.could_fit(grades)
    }

    /// Whether drivers of these grades fill some of the pattern's slots: what remains possible when others are not known.
    pub fn could_fit(&self, grades: &[Grade]) -> bool {
        fn deal(slots: &[GradeSet], grades: &[Grade]) -> bool {
            let Some((grade, others)) = grades.split_first() else { return true };
            (0..slots.len()).any(|ix| {
                let mut rest = slots.to_vec();
                rest.remove(ix).has(*grade) && deal(&rest, others)
            })
        }
        grades.len() <= self.slots.len() && self.slots.len() <= 8 && deal(&self.slots, grades)
    }
}

/// A cup: a ranking inside a class by crew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cup {
    /// `pro-am`.
    pub id: CupId,
    /// As printed.
    pub title: String,
    /// The class it is part of.
    pub class: ClassId,
    /// The crews that belong to it.
    pub crews: Vec<CrewPattern>,
    /// Where it is written.
    pub cite: Cite,
}

/// An exception a series grants (A3, A5, P22).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dispensation {
    /// Its id in the rulebook.
    pub id: String,
    /// What is granted.
    pub grants: Granted,
    /// Why.
    pub reason: String,
    /// Where it is written.
    pub cite: Cite,
}

/// What a dispensation grants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Granted {
    /// A crew a class would not admit otherwise.
    Crew {
        /// The class.
        class: ClassId,
        /// The cup the crew then counts for, where it counts for one.
        cup: Option<CupId>,
        /// The crew.
        crew: CrewPattern,
    },
    /// A driver counts as another grade.
    Grade {
        /// The driver.
        driver: DriverId,
        /// The grade in this series.
        grade: Grade,
    },
}

/// What an entry list must satisfy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryRules {
    /// Drivers a car (A6), at least and at most.
    pub crew: (u16, u16),
    /// Cars under one licence at one event (E4); no limit when absent.
    pub cars_per_licence: Option<u16>,
    /// A class needs so many entries to exist (P23).
    pub class_minimum: Option<u16>,
    /// Where it is written.
    pub cite: Cite,
}

/// What an entry with a special status scores (A2, P57, P58).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusRule {
    /// Whether it scores in the championships.
    pub scores: bool,
    /// Where it does not: whether those behind gain a scoring place.
    pub others_move_up: bool,
    /// Whether it is counted when the success penalty's places are counted (D4).
    pub takes_success: bool,
    /// Where it is written.
    pub cite: Cite,
}
