//! Every parameter declared once; YAML, redis.conf and command-line sources.
//!
//! ```text
//! command line --CommandLine::parse--> Sources --load--> Loaded { Config, warnings }
//! CONFIG GET   --Config::get_matching                      |
//! CONFIG SET   --Config::set_many  <-----------------------+
//! CONFIG REWRITE --rewrite(old text, Config)--> new text
//! ```
//!
//! A parameter is a field of [`Config`] (`values.rs`, with its default) and a row of [`PARAMETERS`]
//! (`table.rs`, with its name, legal values and mutability). All else follows from the row.
//!
//! **Invariants:** a declared parameter has an effect; a directive of Redis without effect is never
//! ignored in silence (`not_yet.rs`); a source or CONFIG SET applies wholly or not at all.
//!
//! **Not here:** files, sockets, the log. The server hands in [`Files`] and acts on changes.

mod buffer_limits;
mod choice;
mod lists;
mod live;
mod memory_size;
mod not_yet;
mod parameter;
mod rewrite;
mod sources;
mod table;
mod values;

pub use buffer_limits::{BufferLimit, BufferLimits};
pub use choice::{Choice, LogLevel, MaxmemoryPolicy, Permission, Pin, PipelineOrder, Runtime};
pub use live::SetError;
pub use parameter::{Mutability, Parameter, Reason};
pub use rewrite::{RewriteError, rewrite};
pub use sources::command_line::{CommandLine, Sources};
pub use sources::help::help;
pub use sources::load::{Language, Loaded, load};
pub use sources::{Files, LoadError, Place};
pub use table::{PARAMETERS, lookup};
pub use values::Config;
