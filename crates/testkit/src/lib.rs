//! What the tests share: a client, servers under test, the oracle, generators.
//!
//! Tests only: no crate of the product uses this one.
//!
//! | room | what for |
//! |---|---|
//! | [`client`] | a blocking client that speaks RESP2 and RESP3 |
//! | [`server`] | the real executables, started and ended with the test |
//! | [`oracle`] | where the packaged reference servers are |
//! | [`mod@script`] | command lines as tests write them |
//! | [`compare`] | the same script on two servers, reply bytes compared |
//! | [`stage`] | servers that many scripts share |
//! | [`normalise`] | named ways to compare replies that cannot be equal |
//! | [`awkward`] | numbers, names and values that commands stumble over |
//! | [`generate`] | seeded random scripts |
//! | [`matrix`] | shard counts, runtimes and protocols a test runs on |
//!
//! Everything here panics when something goes wrong: a test that cannot talk to its server has
//! failed, and the panic says what was asked and what came back.
#![allow(
    clippy::disallowed_methods,
    reason = "tests run in the real world: they read its clock, start its processes and wait"
)]

pub mod address;
pub mod awkward;
pub mod client;
pub mod compare;
pub mod generate;
pub mod linear;
pub mod matrix;
pub mod normalise;
pub mod oracle;
pub mod reply;
pub mod script;
pub mod server;
pub mod stage;
pub mod words;

pub use address::Address;
pub use client::{Client, Protocol};
pub use reply::Reply;
pub use server::{Launch, Server};
pub use stage::Stage;
