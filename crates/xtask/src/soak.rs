//! `cargo xtask soak`: what tests do for seconds, for as long as is asked, one seed after another.
//!
//! - `soak`: random scripts on the oracle and on Shoal, compared on the full matrix.
//! - `soak linear`: many clients at once, and whether one keyspace could have answered them all;
//!   first on simulated schedules, then on real cores.
//!
//! A failure says its seed; with `--seed N --minutes 0` that one runs again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use testkit::compare::Comparison;
use testkit::generate::{
    BITMAPS, GENERIC, GEO, Generator, HASHES, HYPERLOGLOGS, LISTS, SETS, SORTED_SETS, STRINGS,
    inspection,
};
use testkit::linear::{Crowd, Order};
use testkit::matrix;

use crate::{Outcome, build, peers, shell};

/// Lines of one script.
const LINES: usize = 3000;

/// How long a crowd is watched on one server.
const CROWD: Duration = Duration::from_secs(20);
/// Simulated schedules of each kind, for every minute that is asked for.
const SCHEDULES_PER_MINUTE: u64 = 1000;

const USAGE: &str = "usage: cargo xtask soak [linear] [--seed FIRST] [--minutes N]
                        [--profile NAME | --shoal EXECUTABLE]";

/// What is asked for.
struct Asked {
    seed: u64,
    minutes: u64,
    executable: PathBuf,
}

/// Runs seeds until the time is over; one at least.
pub(crate) fn run(words: &[String]) -> Outcome {
    let is_linear = words.first().is_some_and(|word| word == "linear");
    let asked = asked(&words[usize::from(is_linear)..])?;
    if is_linear {
        schedules(&asked)?;
        return repeat(&asked, |seed| crowds(&asked.executable, seed));
    }
    peers::oracle()?;
    repeat(&asked, |seed| scripts(&asked.executable, seed))
}

fn asked(words: &[String]) -> Result<Asked, String> {
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
    let executable = match executable {
        Some(executable) => executable,
        None => build::shoal(&profile)?,
    };
    Ok(Asked { seed, minutes, executable })
}

fn repeat(asked: &Asked, run: impl Fn(u64)) -> Outcome {
    let deadline = Instant::now() + Duration::from_secs(60 * asked.minutes);
    let mut seed = asked.seed;
    loop {
        println!("seed {seed}");
        run(seed);
        if Instant::now() >= deadline {
            println!("nothing found up to seed {seed}");
            return Ok(());
        }
        seed += 1;
    }
}

fn scripts(executable: &Path, seed: u64) {
    let mut script = Generator::new(
        seed,
        &[STRINGS, BITMAPS, HYPERLOGLOGS, LISTS, SETS, HASHES, SORTED_SETS, GEO, GENERIC],
    )
    .script(LINES);
    script.extend(inspection());
    // One line at a time, in short pipelines and in long ones, by turns.
    let depth = [1, 5, 100][(seed % 3) as usize];
    let comparison = Comparison::of(executable).on(matrix::full()).pipelined(depth);
    comparison.title(format!("seed {seed}")).check(&script);
}

fn schedules(asked: &Asked) -> Outcome {
    let seeds = asked.minutes * SCHEDULES_PER_MINUTE;
    let mut cargo = shell::cargo();
    cargo.args(["test", "--test", "sim", "linear"]).current_dir(shell::root());
    if seeds > 0 {
        cargo.env("SHOAL_SEEDS", seeds.to_string());
    }
    shell::run(&mut cargo)
}

fn crowds(executable: &Path, seed: u64) {
    for cell in matrix::full() {
        let server = cell.launch(executable).start();
        let count = Crowd::new(&server, seed, Order::of_shards(cell.shards, true)).demand(CROWD);
        println!("{} shards on {}: {count} operations in order", cell.shards, cell.runtime);
    }
}
