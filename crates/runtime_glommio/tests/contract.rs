//! The glommio runtime keeps the contract of a runtime, where the machine allows io_uring at all.

use std::io;

use runtime::Plan;

#[path = "../../runtime/tests/contract/mod.rs"]
#[macro_use]
mod contract;

fn run(plan: Plan, build: contract::Build) -> io::Result<()> {
    runtime_glommio::run(plan, build)
}

/// Nothing can be tested in a container that forbids io_uring.
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn runner() -> Option<contract::Runner> {
    match runtime_glommio::io_uring_available(2) {
        Ok(()) => Some(run),
        Err(reason) => {
            eprintln!("skipped: {reason}");
            None
        }
    }
}

keeps_the_contract!(runner());
