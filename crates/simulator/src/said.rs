//! What is said to our machine, in the order it arrives.

use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::MeetingFact;

use crate::truth::Truth;

/// One thing said; a request to record it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// When it arrives at our machine.
    pub at: Instant,
    /// When it is said to have happened: the same, or before where a person writes down later what happened.
    pub happened: Instant,
    /// Who says it.
    pub by: &'static str,
    /// Where it says so.
    pub citation: String,
    /// What.
    pub what: What,
}

/// A session as it was said, and as it was.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// In the order of arrival. Where one names an earlier one (a judged passing, an undo), it does so by the number that has as a fact
    /// when the first of them is fact [`crate::Orders::first_fact`] and each becomes one fact.
    pub said: Vec<Said>,
    /// The truth.
    pub truth: Truth,
}

impl Run {
    /// The same with the first thing said as fact number `first`, where it was number 1.
    pub(crate) fn numbered(mut self, first: u64) -> Self {
        let before = first.saturating_sub(1);
        let few = u32::try_from(before).unwrap_or(u32::MAX);
        for said in &mut self.said {
            match &mut said.what {
                What::Undo { fact, .. } => *fact = fact.saturating_add(before),
                What::Meeting(MeetingFact::Judged { passing, .. }) => passing.fact = passing.fact.saturating_add(few),
                What::Result(_)
                | What::Grid(_)
                | What::Decision(_)
                | What::Matter(_)
                | What::Status { .. }
                | What::Grade { .. }
                | What::Bop(_)
                | What::Served(_)
                | What::Nomination { .. }
                | What::Meeting(_) => {}
            }
        }
        self
    }
}
