//! The value types and their encodings as plain data, the hash table among them.
//!
//! - [`table`]: the hash table of keyspaces, large hashes and large sets.
//! - [`bits`]: strings as bits, and as integers of any width.
//! - [`entry`]: a key with its expiry and its value, in one allocation behind one pointer.
//! - [`geohash`]: places on earth as numbers, and distances.
//! - [`hyperloglog`]: strings that estimate how many different elements were added to them.
//! - [`hash`]: fields with values, each with an expiry if it is given one.
//! - [`list`]: elements in an order of their own, in one listpack or in many nodes.
//! - [`listpack`]: small elements in one run of bytes, the compact form of all collections.
//! - [`object`]: values that live outside of their entry: a [`string`], a [`set`], a [`zset`].
//!
//! **Not here:** the clock, randomness that is not handed in, I/O, and what a command makes of all
//! this (`keyspace`, `commands`).

pub mod bits;
pub mod entry;
pub mod geohash;
pub mod hash;
pub mod hyperloglog;
pub mod list;
pub mod listpack;
pub mod object;
pub mod set;
pub mod string;
pub mod table;
pub mod zset;

pub use entry::{Entry, HashMut, ValueRef};
pub use hash::{Hash, HashLimits, HashRef, HashRules};
pub use list::List;
pub use listpack::Listpack;
pub use object::Object;
pub use set::{Set, SetLimits, SetRules};
pub use string::StringObject;
pub use table::{Place, Position, Table};
pub use zset::{Zset, ZsetLimits, ZsetRules};
