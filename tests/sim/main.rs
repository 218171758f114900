//! The whole house in one thread, on a seeded schedule with a virtual clock.
//!
//! Every test runs many seeds; a failure names its seed, and `SHOAL_SEED=n` repeats it alone.
//! `SHOAL_SEEDS=n` runs as many for every test.

#![expect(clippy::print_stderr, reason = "a failing test names its seed")]

mod any_words;
mod atomicity;
mod blocking;
mod corridors;
mod disconnects;
mod every_core;
mod house;
mod linear;
mod memory;
mod migration;
mod model;
mod multi;
mod pipelines;
mod scripted;
mod time;
