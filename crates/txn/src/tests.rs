//! Tests of transactions: coordinators, arbiter and shards, with messages carried in random order.

mod harness;
mod interleavings;
mod loans;
mod locks;
mod routes;
