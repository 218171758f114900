//! The differential test: random scripts over a few keys.
//!
//! Every reply is compared, and then all that is left.
//!
//! Some seeds are always the same, one is drawn anew; a failure names its seed and
//! `SHOAL_SEED=<seed> cargo test --test compat differential` plays that one again.

use std::time::{SystemTime, UNIX_EPOCH};

use testkit::compare::Pace;
use testkit::generate::{
    BITMAPS, GENERIC, GEO, Generator, HASHES, HYPERLOGLOGS, LISTS, SETS, SORTED_SETS, STRINGS,
    inspection,
};
use testkit::script::Step;

use crate::STAGE;

/// Lines of one script.
const LINES: usize = 1500;

fn seeds(usual: &[u64]) -> Vec<u64> {
    if let Ok(seed) = std::env::var("SHOAL_SEED") {
        return vec![seed.parse().expect("SHOAL_SEED is a number")];
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    [usual, &[since.subsec_nanos().into()]].concat()
}

/// A random script, and then a look at everything.
fn script(seed: u64) -> Vec<Step> {
    let grammars = [STRINGS, BITMAPS, HYPERLOGLOGS, LISTS, SETS, HASHES, SORTED_SETS, GEO, GENERIC];
    let mut script = Generator::new(seed, &grammars).script(LINES);
    script.push(Step::from("DEBUG DIGEST"));
    script.extend(inspection());
    script
}

#[test]
fn differential_line_by_line() {
    for seed in seeds(&[1, 2, 3]) {
        STAGE.check_at(Pace::STEPS, &format!("SHOAL_SEED={seed}"), &script(seed));
    }
}

/// Hundreds of lines leave at once; the server sees them end at any byte.
#[test]
fn differential_in_pipelines() {
    for seed in seeds(&[11, 12, 13]) {
        let title = format!("SHOAL_SEED={seed}");
        let script = script(seed);
        STAGE.check_at(Pace { depth: 400, cuts: None }, &title, &script);
        STAGE.check_at(Pace { depth: 300, cuts: Some(seed) }, &title, &script);
    }
}
