//! MULTI, EXEC, DISCARD, WATCH and UNWATCH.

mod errors;
mod house;
mod queue;
mod watch;

use testkit::compare::Pace;
use testkit::script::Step;

use crate::STAGE;

/// Plays the script line by line, and again in one piece.
#[track_caller]
fn check_both(steps: &[Step]) {
    STAGE.check(steps);
    STAGE.check_at(Pace { depth: 200, cuts: None }, "pipelined", steps);
}
