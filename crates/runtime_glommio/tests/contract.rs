//! The glommio runtime keeps the contract of a runtime, where the machine allows io_uring at all.

use std::io;

use runtime::Plan;

#[path = "../../runtime/tests/contract/mod.rs"]
#[macro_use]
mod contract;

fn run(plan: Plan, build: contract::Build) -> io::Result<()> {
    runtime_glommio::run(plan, build)
}

keeps_the_contract!(run);
