//! What was computed last, kept for as long as it holds.

use std::sync::Mutex;

/// One value and what it was computed from. Whoever comes meanwhile waits for it and does not compute it again.
#[derive(Debug)]
pub(crate) struct Kept<K, T>(Mutex<Option<(K, T)>>);

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<K: PartialEq, T: Clone> Kept<K, T> {
    /// The value for a key, computed where the one kept is another's.
    pub(crate) fn get(&self, key: K, make: impl FnOnce() -> T) -> T {
        // What a panic left behind is computed anew.
        let mut kept = self.0.lock().unwrap_or_else(|poisoned| {
            self.0.clear_poison();
            let mut kept = poisoned.into_inner();
            *kept = None;
            kept
        });
        if let Some((of, value)) = &*kept
            && *of == key
        {
            return value.clone();
        }
        let value = make();
        *kept = Some((key, value.clone()));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_computed_once_for_a_key() {
        let kept: Kept<usize, usize> = Kept::default();
        assert_eq!((kept.get(1, || 10), kept.get(1, || 20), kept.get(2, || 30), kept.get(1, || 40)), (10, 10, 30, 40));
    }

    #[test]
    fn what_breaks_off_is_tried_again() {
        let kept: Kept<usize, usize> = Kept::default();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| kept.get(1, || panic!("broken off"))));
        assert!(broken.is_err());
        assert_eq!(kept.get(1, || 10), 10);
    }
}
