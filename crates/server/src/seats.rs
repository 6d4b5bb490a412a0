//! Seats for what takes long to compute: no more of it at a time than leaves room for the live stream and for pages that are quick.

use std::sync::{Condvar, Mutex, PoisonError};

/// The seats that are free, and a bell for those who wait.
#[derive(Debug)]
pub(crate) struct Seats {
    free: Mutex<usize>,
    bell: Condvar,
}

impl Seats {
    /// So many.
    pub(crate) fn of(most: usize) -> Self {
        Self { free: Mutex::new(most), bell: Condvar::new() }
    }

    /// Computes once a seat is free. Nothing that is computed may ask for another seat, or all would wait for each other.
    pub(crate) fn compute<T>(&self, make: impl FnOnce() -> T) -> T {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.bell.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        drop(free);
        let _seat = Seat(self);
        make()
    }
}

/// Given back when it is dropped, also by a panic.
struct Seat<'a>(&'a Seats);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.bell.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn no_more_are_computed_at_a_time_than_there_are_seats_and_what_breaks_gives_its_seat_back() {
        let seats = Seats::of(2);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let one = |nth: usize| {
            seats.compute(|| {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(5));
                now.fetch_sub(1, Ordering::SeqCst);
                assert!(!nth.is_multiple_of(3), "broken off");
            });
        };
        std::thread::scope(|scope| {
            for nth in 1..=12 {
                let one = &one;
                scope.spawn(move || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(nth))));
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert_eq!(*seats.free.lock().expect("nobody panics while holding it"), 2);
    }
}
