//! LATENCY.

use testkit::script;

use crate::check;
use crate::ways::{HELP, HISTOGRAMS, NUMBERS_ASIDE};

#[test]
fn questions() {
    check(&script![
        "LATENCY",
        "LATENCY FOO",
        "LATENCY HELP" => HELP,
        "LATENCY RESET" => NUMBERS_ASIDE,
        "LATENCY LATEST",
        "LATENCY LATEST a",
        "LATENCY HISTORY",
        "LATENCY HISTORY command",
        "LATENCY HISTORY a b",
        "LATENCY GRAPH",
        "LATENCY GRAPH command",
        "LATENCY GRAPH \"a\\r\\nb\"",
        "LATENCY RESET command",
        "LATENCY RESET a b c",
        "LATENCY DOCTOR",
        "LATENCY DOCTOR a",
        "LATENCY HISTOGRAM foo",
    ]);
}

#[test]
fn histograms() {
    check(&script![
        "CONFIG RESETSTAT",
        "SET a 1",
        "GET a",
        "GET a",
        "INCR a",
        "LATENCY HISTOGRAM set" => HISTOGRAMS,
        "LATENCY HISTOGRAM set GET foo incr" => HISTOGRAMS,
        "LATENCY HISTOGRAM set foo set" => HISTOGRAMS,
        "LATENCY HISTOGRAM config|resetstat" => HISTOGRAMS,
        "LATENCY HISTOGRAM config" => HISTOGRAMS,
        "LATENCY HISTOGRAM mset",
        "CONFIG RESETSTAT",
        "LATENCY HISTOGRAM set get incr",
    ]);
}

#[test]
fn a_slow_command_is_an_event() {
    check(&script![
        "LATENCY RESET" => NUMBERS_ASIDE,
        "CONFIG SET latency-monitor-threshold 20",
        "DEBUG SLEEP 0.03",
        "LATENCY LATEST" => NUMBERS_ASIDE,
        "LATENCY HISTORY command" => NUMBERS_ASIDE,
        "LATENCY GRAPH command" => NUMBERS_ASIDE,
        "LATENCY RESET command" => NUMBERS_ASIDE,
        "LATENCY LATEST",
        "CONFIG SET latency-monitor-threshold 0",
    ]);
}
