//! The comparison, tested by comparing the oracle with itself.

use super::*;
use crate::{normalise, script};

/// Plays one script on one oracle and another on a second, and compares by the first.
fn compared(first: &[Step], second: &[Step]) -> Option<String> {
    let mut reports = [Protocol::Resp2, Protocol::Resp3].into_iter().map(|protocol| {
        let (one, other) = (Launch::oracle().start(), Launch::oracle().start());
        let oracle = play(one.address(), protocol, first);
        differences(first, &oracle, &play(other.address(), protocol, second))
    });
    let report = reports.next().flatten();
    assert_eq!(report.is_some(), reports.next().flatten().is_some());
    report
}

#[test]
fn a_server_equals_itself() {
    let steps = script![
        "SET a \"x\\x00y\"",
        "GET a",
        "HSET h f v",
        "HGETALL h",
        "INCR a",
        "NOSUCH command",
        "SADD s 3 x 1 y",
        "SMEMBERS s" => normalise::UNORDERED,
        "TIME" => normalise::SAME_KIND,
        "INFO server" => normalise::SAME_FIELDS,
        "@b> BLPOP q 0",
        "RPUSH q 1",
        "@b<",
        Step::raw("*1\r\n$-5\r\n"),
        "<",
        "GET a",
    ];
    assert_eq!(compared(&steps, &steps), None);
}

#[test]
fn a_difference_names_line_and_replies() {
    let first = script!["SET a 1", "GET a", "STRLEN a", "QUIT", "<"];
    let second = script!["SET a 1", "APPEND a 2", "STRLEN a", "PING", "PING"];
    let report = compared(&first, &second).unwrap();
    assert!(report.contains("line 2: GET a\n  compared: bytes\n  oracle: $1\\r\\n1\\r\\n"));
    assert!(report.contains("shoal:  :2\\r\\n"), "{report}");
    assert!(report.contains("line 5: <"), "{report}");
    assert!(report.contains("4 of 5 lines differ"), "{report}");
}

#[test]
fn a_normaliser_still_sees_what_it_promises() {
    let first = script!["RPUSH l a b", "LRANGE l 0 -1" => normalise::UNORDERED];
    let second = script!["RPUSH l b a", "LRANGE l 0 -1"];
    assert_eq!(compared(&first, &second), None);
    let third = script!["RPUSH l b c", "LRANGE l 0 -1"];
    let report = compared(&first, &third).unwrap();
    assert!(report.contains("compared: the elements without their order"), "{report}");
}

#[test]
fn pipelines_change_nothing() {
    let steps = script![
        "SET a 1",
        "INCR a",
        "@b GET a",
        "@b> BLPOP q 0",
        "RPUSH q 1",
        "GET a",
        "@b<",
        "QUIT",
        "<",
        "GET a",
        "GET b",
    ];
    let transcripts = [1, 2, 100].map(|depth| {
        let server = Launch::oracle().start();
        play_pipelined(server.address(), Protocol::Resp2, &steps, depth)
    });
    assert_eq!(transcripts[0], transcripts[1]);
    assert_eq!(transcripts[0], transcripts[2]);
    assert_eq!(transcripts[0].len(), steps.len());
    let server = Launch::oracle().start();
    let pace = Pace { depth: 100, cuts: Some(1) };
    assert_eq!(transcripts[0], play_at(server.address(), Protocol::Resp2, &steps, pace));
}

#[test]
fn silence_ends_a_transcript_and_is_a_difference() {
    let script = script!["PING", "PING"];
    let pong = Some(Outcome::Reply(b"+PONG\r\n".to_vec()));
    let whole = vec![pong.clone(), pong.clone()];
    let silent = vec![Some(Outcome::Silent)];
    let report = differences(&script, &whole, &silent).unwrap();
    assert!(report.contains("shoal:  Silent"), "{report}");
    assert_eq!(differences(&script, &whole, &whole), None);
}
