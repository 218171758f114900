//! The words in which a command is declared and all that follows from a declaration.
//!
//! A command is one constant: a [`Spec`] (its name, arity, flags, keys, arguments and texts) joined
//! with something that runs it into a [`Command`]. What runs it is a type parameter, because the
//! data commands and the session commands run in different ways and this crate knows neither.
//!
//! ```
//! use command::acl_category as acl;
//! use command::arg::key;
//! use command::flags::READONLY;
//! use command::key_spec::{ACCESS, LAST, RO, range};
//! use command::tips::NONDETERMINISTIC_OUTPUT_ORDER;
//! use command::{Arity::AtLeast, Command, CommandTable, Group, Spec};
//!
//! static COMMANDS: &[Command<fn() -> u8>] = &[Spec::new("SUNION", Group::Set, AtLeast(2))
//!     .since("1.0.0")
//!     .summary("Answers the union of several sets.")
//!     .complexity("O(N) for N members in all the sets together.")
//!     .flags(READONLY)
//!     .acl(acl::READ | acl::SET | acl::SLOW)
//!     .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
//!     .keys(&[range(RO | ACCESS, 1, LAST, 1)])
//!     .args(&[key("key").many()])
//!     .run(|| 7)];
//!
//! let table = CommandTable::new(&[COMMANDS]);
//! let id = table.lookup(b"sunion").expect("it was declared above");
//! assert_eq!(table.full_name(id), "sunion");
//! ```
//!
//! Derived, never repeated: lookup ([`CommandTable`]), arity, keys ([`key_spec`]), everything that
//! COMMAND answers ([`describe`]) and the table's invariants ([`check`]).
//!
//! Not here: running commands, rendering replies, permissions of users.

pub mod acl_category;
pub mod arg;
mod arity;
pub mod check;
mod command;
pub mod describe;
pub mod flags;
mod group;
pub mod key_spec;
mod slot;
mod spec;
mod table;
pub mod tips;

pub use arity::Arity;
pub use command::Command;
pub use group::Group;
pub use key_spec::{FoundKey, FoundKeys, SimpleKeys, Words};
pub use slot::Slot;
pub use spec::{DEPRECATED, PRIVATE_SUBCOMMANDS, SYSCMD, Spec};
pub use table::{CommandId, CommandTable, Unknown};
