//! One glommio executor per core around the core loop: the default runtime.
//!
//! A thread per core, in it one executor, and in that one task: the core loop, which owns the
//! sockets of the core through the same poller as the bare loop. The executor is there for its
//! *jobs*, which are file operations; sockets never go through it, because that costs twice as
//! much.
//!
//! - [`core_loop`]: the loop, and where it waits.
//! - [`jobs`]: what is out at the executor now.
//! - [`executor`]: how an executor is made, small, and whether this machine allows one at all.

pub mod executor;
pub mod jobs;

mod core_loop;

use std::io;

use runtime::{CoreTask, EpollNet, MeshEnd, Plan};

pub use executor::io_uring_available;

/// Runs a house until all its cores have stopped, or one has failed (see [`runtime::launch()`]).
pub fn run<M, C, B>(plan: Plan, build: B) -> io::Result<()>
where
    M: Send + 'static,
    C: CoreTask,
    B: Fn(MeshEnd<M>) -> C + Send + Sync + 'static,
{
    runtime::launch(plan, build, |core: &mut C, net: &mut EpollNet| {
        executor::make()?.run(core_loop::run(core, net))
    })
}
