//! The seam between the core loop and the world, as traits, and what all runtimes share.
//!
//! A core of the server is synchronous: somebody calls [`CoreTask::turn`] with what became ready,
//! and the core answers what it wants next. A runtime is whatever calls it. The seam is small on
//! purpose:
//!
//! ```text
//!                 turn(net, events, clock)             Next: busy, idle until, stop
//!   runtime  ---------------------------------->  CoreTask  ------------------------->  runtime
//!                                                   |   ^
//!              Net: recv, send, watch, close  <-----+   +----->  MeshEnd: corridors to other cores
//! ```
//!
//! - [`clock`]: time, handed in.
//! - [`net`]: the sockets of one core, [`slots`] how they are named; [`poller`] does it on epoll.
//! - [`task`]: what a runtime drives.
//! - [`mesh`]: the corridors between cores, [`park`] their protocol of going to sleep, [`waker`]
//!   what rouses a sleeping core.
//! - [`listen`], [`cpus`] and [`process`]: what start-up asks of the machine.
//! - [`launch`] and [`turns`]: threads, and the loop that the real runtimes share.
//!
//! Not here: any word of Redis, and any `async` (that is `runtime_glommio` alone).

pub mod clock;
pub mod cpus;
pub mod launch;
pub mod listen;
pub mod mesh;
pub mod net;
pub mod park;
pub mod poller;
pub mod process;
pub mod slots;
pub mod task;
pub mod turns;
pub mod waker;

mod acceptor;
mod address;

pub use clock::{Clock, Now, SystemClock};
pub use launch::{Plan, launch};
pub use listen::{ListenSpec, Listeners, UnixSpec};
pub use mesh::{MeshEnd, mesh};
pub use net::{ConnId, Net, NetEvent, PeerInfo, Socket, Wait};
pub use poller::EpollNet;
pub use task::{CoreTask, Next};
pub use waker::Waker;
