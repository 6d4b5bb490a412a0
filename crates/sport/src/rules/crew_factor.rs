//! Factors on points by crew (P27): of an award's factors the first whose crew and place fit.

use alloc::vec::Vec;

use crate::grade::Grade;
use crate::place::Places;
use crate::rulebook::award::CrewFactor;

/// The factors that may apply, in order, `None` for none of them; one where it is certain. `grades` are the crew's, `None` where
/// nobody published one of them: then any may apply. `places` is the scoring place.
pub(crate) fn possible<'a>(factors: &'a [CrewFactor], grades: Option<&[Grade]>, places: Option<Places>) -> Vec<Option<&'a CrewFactor>> {
    let Some(grades) = grades else { return factors.iter().map(Some).chain([None]).collect() };
    let mut possible = Vec::new();
    for factor in factors.iter().filter(|factor| factor.crew.fits(grades)) {
        let reaches = factor.place_max.is_none_or(|max| places.is_some_and(|places| places.best <= max));
        let surely = factor.place_max.is_none_or(|max| places.is_some_and(|places| places.worst <= max));
        if reaches {
            possible.push(Some(factor));
        }
        if surely {
            return possible;
        }
    }
    possible.push(None);
    possible
}
