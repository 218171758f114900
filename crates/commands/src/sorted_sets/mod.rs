//! Sorted set commands: what is declared of them, theme by theme.
//!
//! | declared in | handlers |
//! |---|---|
//! | `declared_members` | `add` (ZADD, ZINCRBY), `members`, `pop`, `blocking`, `random`, `scan` |
//! | `declared_ranges` | `range`, by what `range_request` reads |
//! | `declared_algebra` | `algebra`, `parts` (the same over several shards), `store` |
//!
//! `lookup` is how they find and answer sorted sets, `words` how they read scores and ends of
//! ranges.

mod add;
mod algebra;
mod blocking;
mod declared_algebra;
mod declared_members;
mod declared_ranges;
mod lookup;
mod members;
mod parts;
mod pop;
mod random;
mod range;
mod range_request;
mod scan;
mod store;
mod words;

pub(crate) use add::zadd;
pub(crate) use lookup::read_zset;

pub use declared_algebra::COMMANDS as ALGEBRA;
pub use declared_members::COMMANDS as MEMBERS;
pub use declared_ranges::COMMANDS as RANGES;
