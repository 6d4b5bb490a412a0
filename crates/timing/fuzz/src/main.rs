//! One of the targets, named by `PARCFERME_TARGET`, under libFuzzer: see `run` beside it.
#![no_main]

mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let wanted = std::env::var("PARCFERME_TARGET").expect("PARCFERME_TARGET names a target");
    targets::ALL.iter().find(|(name, _)| *name == wanted).map(|(_, target)| *target).expect("there is such a target")
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
