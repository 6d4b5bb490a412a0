//! Places dropped on a grid (B4).
//!
//! A car that drops n places starts n places behind where it qualified, in the last place at worst. The places of the cars that drop are
//! filled by those that do not, who move up in their order: nobody is ahead of where his drop puts him because another dropped too. Cars that
//! land on one place keep the order they qualified in, the later ones behind; where that leads beyond the end of the grid, all of them
//! move up until they fit.

use alloc::vec::Vec;

/// Where each car starts: `by` says of each, in the order it qualified, how many places it drops. Gives positions in that order, first place first.
pub(crate) fn dropped(by: &[usize]) -> Vec<usize> {
    let last = by.len().saturating_sub(1);
    let mut droppers: Vec<(usize, usize)> =
        (0..by.len()).filter(|at| by[*at] > 0).map(|at| (last.min(at.saturating_add(by[at])), at)).collect();
    droppers.sort_unstable();
    let mut free = 0;
    for (place, _) in &mut droppers {
        *place = free.max(*place);
        free = *place + 1;
    }
    let mut end = by.len();
    for (place, _) in droppers.iter_mut().rev() {
        *place = (*place).min(end - 1);
        end = *place;
    }
    let mut others = (0..by.len()).filter(|at| by[*at] == 0);
    let mut droppers = droppers.into_iter().peekable();
    let starts = |place: usize| match droppers.next_if(|(of, _)| *of == place) {
        Some((_, at)) => at,
        None => others.next().expect("as many places as cars"),
    };
    (0..by.len()).map(starts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(cars: usize, drops: &[(usize, usize)]) -> Vec<usize> {
        let mut by = alloc::vec![0; cars];
        drops.iter().for_each(|(at, places)| by[*at] += places);
        dropped(&by)
    }

    #[test]
    fn a_car_drops_as_many_places_as_it_was_given() {
        assert_eq!(order(6, &[(1, 3)]), [0, 2, 3, 4, 1, 5]);
        assert_eq!(order(6, &[(4, 10)]), [0, 1, 2, 3, 5, 4], "to the last at most");
        assert_eq!(order(6, &[(0, 1), (0, 2)]), [1, 2, 3, 0, 4, 5], "two drops add up");
        assert_eq!(order(0, &[]), []);
    }

    #[test]
    fn the_places_of_two_that_drop_are_filled_by_those_that_do_not() {
        // Pole drops two and starts third, though the second car drops five: it does not move up into second place.
        assert_eq!(order(8, &[(0, 2), (1, 5)]), [2, 3, 0, 4, 5, 6, 1, 7]);
        assert_eq!(order(5, &[(0, 2), (1, 2)]), [2, 3, 0, 1, 4]);
    }

    #[test]
    fn who_lands_on_one_place_keeps_the_order() {
        assert_eq!(order(6, &[(0, 3), (1, 2)]), [2, 3, 4, 0, 1, 5], "both on the fourth place");
        assert_eq!(order(5, &[(1, 10), (3, 10)]), [0, 2, 4, 1, 3], "both on the last place");
        assert_eq!(order(3, &[(0, 9), (1, 9), (2, 9)]), [0, 1, 2], "where all drop, nobody does");
    }

    /// The same, slowly: who drops is put on his place, behind whoever stands there; the others fill what is left.
    fn slowly(by: &[usize]) -> Vec<usize> {
        let mut grid: Vec<Option<usize>> = alloc::vec![None; by.len()];
        let mut targets: Vec<(usize, usize)> =
            (0..by.len()).filter(|at| by[*at] > 0).map(|at| ((at + by[at]).min(by.len() - 1), at)).collect();
        targets.sort_unstable();
        for (target, at) in targets {
            let mut place = target;
            while place < grid.len() && grid[place].is_some() {
                place += 1;
            }
            if place == grid.len() {
                // No room behind: those at the end move up by one, into the nearest gap.
                let gap = (0..grid.len()).rev().find(|place| grid[*place].is_none()).unwrap();
                grid.remove(gap);
                grid.push(None);
                place = grid.len() - 1;
            }
            grid[place] = Some(at);
        }
        for at in (0..by.len()).filter(|at| by[*at] == 0) {
            let gap = grid.iter().position(Option::is_none).unwrap();
            grid[gap] = Some(at);
        }
        grid.into_iter().map(Option::unwrap).collect()
    }

    proptest! {
        #[test]
        fn as_the_slow_way_and_who_does_not_drop_never_loses_a_place(by in proptest::collection::vec(prop_oneof![3 => Just(0_usize), 2 => 1_usize..12], 0..14)) {
            let order = dropped(&by);
            prop_assert_eq!(&order, &slowly(&by));
            for (place, at) in order.iter().enumerate() {
                // Who drops is ahead of where he qualified only where nobody is behind him who does not drop.
                let squeezed = order[place..].iter().all(|at| by[*at] > 0);
                prop_assert!(if by[*at] == 0 { place <= *at } else { place >= *at || squeezed }, "{} to {} in {:?}", at, place, by);
            }
        }
    }
}
