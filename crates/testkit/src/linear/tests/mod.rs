//! Tests of the checker: histories whose verdict is known, and a checker that tries everything.

mod brute;
mod known;
mod model;
