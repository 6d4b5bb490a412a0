//! Seeds under which the order was once wrong and no finding said so: each stays right or doubted.
//!
//! A seed is a case only as long as the simulator makes the same race of it. What was wrong in general is held by cases of `sport` and `cases/`.

use std::path::Path;
use std::process::Command;

/// Rounds, each with its seeds.
const ONCE_WRONG: [(&str, &[u32]); 2] = [
    (
        "1",
        &[
            6658, 7467, 13_306, 42_625, 44_903, 68_190, 80_029, 90_165, 205_935, 206_804, 227_895, 234_037, 252_092, 285_453, 295_525,
            404_598, 463_214, 505_336, 533_062, 563_093, 567_471, 580_940, 581_156, 581_688, 591_235, 666_223, 733_873, 799_694, 899_900,
            1_520_211, 1_537_517, 1_595_677,
        ],
    ),
    ("2", &[1001, 2011, 3861, 7220]),
];

#[test]
fn seeds_once_wrong_are_right_or_doubted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (round, seeds) in ONCE_WRONG {
        for seed in seeds.iter().map(u32::to_string) {
            let soak = ["soak", "--seeds", &seed, "--faults", "all", "--season", "seasons/blancpain-gt-series-asia-2018", "--round", round];
            let told = Command::new(env!("CARGO_BIN_EXE_parcferme")).current_dir(&root).args(soak).output().expect("the binary runs");
            let said = String::from_utf8_lossy(&told.stdout);
            assert!(told.status.success() && said.contains("1 races, 0 wrong orders, 0 unflagged guesses"), "{said}");
        }
    }
}
