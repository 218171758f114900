//! Tests of transactions: coordinators and shards, with messages carried in random order.

mod fairness;
mod harness;
mod history;
mod interleavings;
mod linear;
mod loans;
mod orders;
mod replay;
mod routes;
mod veto;
