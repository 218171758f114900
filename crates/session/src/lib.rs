//! One client's conversation: what it may ask, and in which order it is answered.
//!
//! The commands about clients and the server live here as well.
//!
//! A core has one [`Front`] (its clients' side: configuration, statistics, slow log) and a
//! [`Session`] per client. Everything here is synchronous and without I/O: `server` moves bytes
//! between sessions and sockets and between cores.
//!
//! **Not here:** data commands (`commands`), transactions over shards (`txn`).

mod client;
pub mod commands;
mod declared;
mod facts;
mod front;
mod gate;
mod house;
mod input;
mod latency;
mod multi;
mod pause;
mod rate;
mod replies;
mod run;
mod session;
mod slowlog;
mod stats;
mod table;

pub use client::{Client, ReplyMode};
pub use facts::{ConfigFile, CpuFacts, Facts, FixedFacts, MachineFacts, MemoryFacts};
pub use front::{Effect, Front, Patience};
pub use gate::{Admission, admit};
pub use house::{House, Spare};
pub use input::{Backlog, Input};
pub use latency::LatencyMonitor;
pub use multi::{Multi, Queue, Queued, Watched};
pub use pause::{Pause, PauseMode};
pub use rate::Rate;
pub use replies::{Block, Replies, Run as ReplyRun, Strand, Ticket};
pub use run::{
    CoreCx, CoreFoldFn, CorePart, CorePartFn, ForeseeFn, Outlook, Run, SessionCheckFn, SessionCx,
    SessionFn, Sessions,
};
pub use session::{Blocked, Drift, LastWrite, Session, Standing};
pub use slowlog::{SlowEntry, Slowlog, shortened};
pub use stats::{CommandStats, Exceeded, Stats, UnderWay};
pub use table::{Table, table};
