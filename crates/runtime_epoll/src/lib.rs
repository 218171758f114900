//! A bare epoll loop around a core, for machines that forbid io_uring.
//!
//! A thread per core, and in it nothing but the core: a turn, a poll, a turn. A core with nothing
//! to do sleeps in `epoll_wait`, where its sockets, its eventfd and its next deadline end the
//! sleep.

use std::io;

use runtime::{CoreTask, MeshEnd, Plan};

/// Runs a house until all its cores have stopped, or one has failed (see [`runtime::launch()`]).
pub fn run<M, C, B>(plan: Plan, build: B) -> io::Result<()>
where
    M: Send + 'static,
    C: CoreTask,
    B: Fn(MeshEnd<M>) -> C + Send + Sync + 'static,
{
    runtime::launch(plan, build, |core, net| runtime::turns::run(core, net))
}
