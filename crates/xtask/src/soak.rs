//! `cargo xtask soak`: random scripts on the oracle and on Shoal, one seed after another.
//!
//! The same comparison as in the tests, on the full matrix, for as long as is asked. Where it
//! fails it says the seed; `cargo xtask soak --seed N --minutes 0` runs that one again.

use std::time::{Duration, Instant};

use testkit::compare::Comparison;
use testkit::generate::{GENERIC, Generator, STRINGS, inspection};
use testkit::matrix;

use crate::{Outcome, build, peers};

/// Lines of one script.
const LINES: usize = 3000;

const USAGE: &str = "usage: cargo xtask soak [--seed FIRST] [--minutes N]
                        [--profile NAME | --shoal EXECUTABLE]";

/// Runs seeds until the time is over; one at least.
pub(crate) fn run(words: &[String]) -> Outcome {
    let (mut seed, mut minutes, mut profile) = (1_u64, 10_u64, "release".to_owned());
    let mut executable = None;
    for pair in words.chunks(2) {
        let [name, value] = pair else { return Err(USAGE.into()) };
        match name.as_str() {
            "--seed" => seed = value.parse().map_err(|_| USAGE)?,
            "--minutes" => minutes = value.parse().map_err(|_| USAGE)?,
            "--profile" => profile.clone_from(value),
            "--shoal" => executable = Some(value.into()),
            _ => return Err(USAGE.into()),
        }
    }
    peers::oracle()?;
    let executable = match executable {
        Some(executable) => executable,
        None => build::shoal(&profile)?,
    };
    let deadline = Instant::now() + Duration::from_secs(60 * minutes);
    loop {
        println!("seed {seed}");
        let mut script = Generator::new(seed, &[STRINGS, GENERIC]).script(LINES);
        script.extend(inspection());
        // One line at a time, in short pipelines and in long ones, by turns.
        let depth = [1, 5, 100][(seed % 3) as usize];
        let comparison = Comparison::of(&executable).on(matrix::full()).pipelined(depth);
        comparison.title(format!("seed {seed}")).check(&script);
        seed += 1;
        if Instant::now() >= deadline {
            println!("no difference up to seed {}", seed - 1);
            return Ok(());
        }
    }
}
