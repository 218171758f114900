//! What std might have had: slot hash, Redis' glob, number text as Redis prints it, seeded PRNG.
//!
//! The ground floor: plain functions on bytes and numbers, used by every other crate.
//!
//! **Not here:** allocation-heavy structures (`datatypes`), anything that knows a command, the
//! clock.

pub mod glob;
pub mod long_double;
pub mod number;
pub mod prefetch;
pub mod prng;
pub mod slot;

/// The house's map: seeded per process, so that hash flooding finds nothing to aim at.
#[expect(clippy::disallowed_types, reason = "the one place where the seeded hasher is chosen")]
pub type HashMap<K, V> = std::collections::HashMap<K, V, ahash::RandomState>;

/// The house's set, hashed like [`HashMap`].
#[expect(clippy::disallowed_types, reason = "the one place where the seeded hasher is chosen")]
pub type HashSet<T> = std::collections::HashSet<T, ahash::RandomState>;
