//! Who may drive in which qualifying session (B3); a lap by somebody else does not count.

use alloc::vec::Vec;

use crate::grade::Grade;
use crate::names::SessionId;
use crate::rulebook::weekend::QualifyingRule;

/// Why a driver may not take part in a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Barred {
    /// The crew's highest-rated driver must take part here, and he is not.
    NotHighestRated,
    /// He must take part in another session, and in one only.
    HighestRated,
    /// He took part in an earlier session, and may in one only.
    TookPart,
}

impl Barred {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotHighestRated => "the crew's highest-rated driver must take part in this session",
            Self::HighestRated => "the crew's highest-rated driver takes part in the other session only",
            Self::TookPart => "each driver takes part in one session only",
        }
    }
}

/// Whether a driver of a crew may take part in a session. `crew` are the crew's drivers with their grades, where known; `before` those who
/// took part in an earlier qualifying session of the round. Nobody is barred by a grade that is not known.
pub fn barred(
    rule: &QualifyingRule,
    session: &SessionId,
    crew: &[(usize, Option<Grade>)],
    before: &[usize],
    driver: usize,
) -> Option<Barred> {
    let grades: Option<Vec<Grade>> = crew.iter().map(|(_, grade)| *grade).collect();
    let own = crew.iter().find(|(of, _)| *of == driver).and_then(|(_, grade)| *grade);
    if let (Some(place), Some(grades), Some(own)) = (&rule.highest_rated_in, grades, own) {
        let highest = grades.iter().max().copied();
        let alone = grades.iter().filter(|grade| Some(**grade) == highest).count() == 1;
        if place == session && Some(own) != highest {
            return Some(Barred::NotHighestRated);
        }
        if place != session && rule.one_session_each && Some(own) == highest && alone && crew.len() > 1 {
            return Some(Barred::HighestRated);
        }
    }
    (rule.one_session_each && crew.len() > 1 && before.contains(&driver)).then_some(Barred::TookPart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::RuleCitation;

    fn rule() -> QualifyingRule {
        let cite = alloc::sync::Arc::new(RuleCitation {
            rule: "qualifying".into(),
            article: "B3".into(),
            source: None,
            assumed: None,
            file: "weekend.toml".into(),
            line: 1,
            bulletin: None,
        });
        QualifyingRule {
            one_session_each: true,
            highest_rated_in: Some("q2".into()),
            equal_grades_nominated: true,
            wrong_driver_deleted: true,
            cite,
        }
    }

    #[test]
    fn the_highest_rated_driver_takes_part_in_the_second_session_and_nowhere_else() {
        let crew = [(0, Some(Grade::Bronze)), (1, Some(Grade::Gold))];
        let in_session = |session: &str, driver| barred(&rule(), &session.into(), &crew, &[], driver);
        assert_eq!((in_session("q1", 0), in_session("q2", 1)), (None, None));
        assert_eq!((in_session("q1", 1), in_session("q2", 0)), (Some(Barred::HighestRated), Some(Barred::NotHighestRated)));
    }

    #[test]
    fn with_equal_grades_the_entrant_nominates_and_each_drives_once() {
        let crew = [(0, Some(Grade::Silver)), (1, Some(Grade::Silver))];
        assert_eq!(barred(&rule(), &"q1".into(), &crew, &[], 1), None);
        assert_eq!(barred(&rule(), &"q2".into(), &crew, &[1], 1), Some(Barred::TookPart));
        assert_eq!(barred(&rule(), &"q2".into(), &crew, &[1], 0), None);
    }

    #[test]
    fn nobody_is_barred_by_a_grade_that_is_not_known_or_alone_in_a_car() {
        let crew = [(0, None), (1, Some(Grade::Gold))];
        assert_eq!(barred(&rule(), &"q1".into(), &crew, &[], 1), None);
        assert_eq!(barred(&rule(), &"q2".into(), &[(0, Some(Grade::Bronze))], &[0], 0), None);
    }
}
