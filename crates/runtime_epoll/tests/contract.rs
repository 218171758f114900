//! The bare epoll loop keeps the contract of a runtime.

use std::io;

use runtime::Plan;

#[path = "../../runtime/tests/contract/mod.rs"]
#[macro_use]
mod contract;

fn run(plan: Plan, build: contract::Build) -> io::Result<()> {
    runtime_epoll::run(plan, build)
}

keeps_the_contract!(Some(run));
