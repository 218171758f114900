//! What is refused, and what becomes of the rest.

use testkit::client::{Outcome, request};
use testkit::{Reply, script};

use super::check_both;
use crate::{check, each_shoal};

#[test]
fn words_without_sense() {
    check_both(&script![
        "EXEC",
        "DISCARD",
        "UNWATCH",
        "EXEC a",
        "DISCARD a",
        "UNWATCH a",
        "WATCH",
        "MULTI a",
        "MULTI",
        "MULTI",
        "WATCH a",
        "SET a 1",
        "EXEC",
        "MULTI",
        "EXEC a",
        "EXEC",
        "MULTI",
        "DISCARD a",
        "EXEC",
        "MULTI",
        "MULTI a",
        "EXEC",
        "MULTI",
        "WATCH",
        "EXEC",
    ]);
}

#[test]
fn a_refused_command_spoils_the_rest() {
    for bad in ["FOO", "GET", "SET a", "CONFIG", "CONFIG FOO", "OBJECT", "CLIENT FOO", "SHUTDOWN"] {
        check_both(&script![
            "SET a 1", "WATCH a", "MULTI", "INCR a", bad, "INCR a", "EXEC", "GET a", "MULTI", bad,
            "DISCARD", "MULTI", "INCR a", "EXEC", "MULTI", bad, "RESET", "EXEC",
        ]);
    }
}

#[test]
fn who_is_not_known_cannot_begin() {
    check(&script![
        "CONFIG SET requirepass secret",
        "RESET",
        "MULTI",
        "EXEC",
        "EXEC a",
        "DISCARD",
        "WATCH a",
        "UNWATCH",
        "SET a 1",
        "AUTH secret",
        "MULTI",
        "SET a 1",
        "AUTH wrong",
        "AUTH secret",
        "EXEC",
        "CONFIG SET requirepass \"\"",
    ]);
}

/// Whoever queues more than `client-query-buffer-limit` is cut off, and the queue is gone: so
/// Redis does since 7.2.
#[test]
fn a_queue_is_input_that_has_not_run() {
    each_shoal(|server| {
        let mut admin = server.client();
        let limit = "CONFIG SET client-query-buffer-limit";
        assert_eq!(admin.line(&format!("{limit} 1048576")), Reply::ok());
        let mut client = server.client();
        assert_eq!(client.line("MULTI"), Reply::ok());
        let request = request(&["SET", "k", &"v".repeat(10_000)]);
        let is_cut_off = (0..300).any(|_| {
            client.try_raw(&request).is_err() || matches!(client.outcome(), Outcome::Closed)
        });
        assert!(is_cut_off, "the queue grows without end");
        assert_eq!(admin.cmd(&["EXISTS", "k"]), Reply::Int(0));
        assert_eq!(admin.line(&format!("{limit} 1073741824")), Reply::ok());
    });
}
