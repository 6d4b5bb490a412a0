//! What fuzzing found and kept: every input goes through its target again.

use std::path::Path;

#[path = "../fuzz/src/targets.rs"]
mod targets;

#[test]
fn every_input_that_was_kept_goes_through_its_target() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::ALL {
        let path = corpus.join(format!("{name}.hex"));
        let kept = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}; fuzz/run 60 {name} makes it", path.display()));
        for line in kept.lines() {
            let bytes: Vec<u8> =
                (0..line.len()).step_by(2).map(|at| u8::from_str_radix(&line[at..at + 2], 16).expect("two digits a byte")).collect();
            target(&bytes);
        }
        assert!(kept.lines().count() > 20, "{name}: its corpus is empty");
    }
}
