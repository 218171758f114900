//! The end of waiting without anything: timeouts, in order and with nothing left behind.

use super::check_everywhere;

#[test]
fn time_runs_out() {
    for command in [
        "BLPOP K:q 0.02",
        "BRPOP K:q K:p K:r 0.02",
        "BLMPOP 0.02 2 K:q K:p LEFT",
        "BLMOVE K:q K:to LEFT RIGHT 0.02",
        "BRPOPLPUSH K:q K:to 0.02",
        "WAIT 1 20",
    ] {
        let sent = format!("@b> {command}");
        let again = format!("@b {command}");
        check_everywhere(&[
            &sent,
            "@b<",
            "blocked 0",
            "INFO clients ?= clients_in_timeout_table:0",
            &again,
            "RPUSH K:q 1 2",
            "LLEN K:q",
        ]);
    }
}

#[test]
fn who_has_no_time_left_is_passed_over() {
    check_everywhere(&[
        "@b> BLPOP K:q K:p 1",
        "blocked 1",
        "@c> BLPOP K:q 0",
        "blocked 2",
        "INFO clients ?= clients_in_timeout_table:1",
        "@b<",
        "blocked 1",
        "RPUSH K:q 1",
        "@c<",
        "EXISTS K:q",
    ]);
}

#[test]
fn a_pause_does_not_stop_the_time() {
    check_everywhere(&[
        "@b> BLPOP K:q 0.02",
        "blocked 1",
        "CLIENT PAUSE 400 WRITE",
        "@b<",
        "@b> BLPOP K:q 0.02",
        "blocked 1",
        "@b<",
        // Whoever comes next on this server must not be held by it.
        "CLIENT UNPAUSE",
    ]);
}
