//! SCAN: walks are compared by what they find, since cursors are each server's own.

use std::collections::BTreeSet;

use testkit::awkward::{INTEGERS, KEYS, each_with};
use testkit::client::request;
use testkit::normalise::WALK_STEP;
use testkit::{Client, Reply, Server, matrix, script};

use crate::{STAGE, check};

/// A walk that takes more steps than this does not end.
const STEPS_MAX: usize = 10_000;

/// Walks to the end and returns all that was found.
#[track_caller]
fn walk(client: &mut Client, options: &[&str]) -> Vec<Vec<u8>> {
    let (mut found, mut cursor) = (Vec::new(), "0".to_owned());
    for _ in 0..STEPS_MAX {
        let reply = client.cmd(&[&["SCAN", &cursor], options].concat());
        let [next, keys] = reply.elements() else { panic!("SCAN {cursor} {options:?}: {reply:?}") };
        let bulk = |key: &Reply| match key {
            Reply::Bulk(bytes) => bytes.clone(),
            other => panic!("SCAN found {other:?}"),
        };
        found.extend(keys.elements().iter().map(bulk));
        cursor = next.text();
        if cursor == "0" {
            return found;
        }
    }
    panic!("SCAN {options:?} does not come to an end")
}

/// Fills databases 0 and 1.
fn fill(server: &Server) {
    let mut client = server.client();
    let mut bytes = Vec::new();
    for number in 0..2000 {
        bytes.extend(request(&["SET", &format!("key:{number}"), "v"]));
    }
    for key in KEYS {
        bytes.extend(request(&[b"SET", *key, b"v"]));
    }
    bytes.extend(request(&["DEBUG", "SET-ACTIVE-EXPIRE", "0"]));
    for number in 0..200 {
        bytes.extend(request(&["SET", &format!("over:{number}"), "v", "PXAT", "1"]));
        bytes.extend(request(&["SET", &format!("later:{number}"), "v", "EX", "100000"]));
    }
    bytes.extend(request(&["SELECT", "1"]));
    bytes.extend(request(&["SET", "elsewhere", "v"]));
    client.raw(&bytes);
    for _ in 0..2000 + KEYS.len() + 1 + 400 + 2 {
        assert_eq!(client.read_reply(), Reply::ok());
    }
}

const WALKS: &[&[&str]] = &[
    &[],
    &["COUNT", "1"],
    &["COUNT", "3"],
    &["COUNT", "100"],
    &["COUNT", "100000"],
    &["COUNT", "9223372036854775807"],
    &["MATCH", "*"],
    &["MATCH", "key:1?"],
    &["MATCH", "key:1*", "COUNT", "50"],
    &["match", "[^k]*", "count", "1000"],
    &["MATCH", "{a}*"],
    &["MATCH", "key:77"],
    &["MATCH", "nothing"],
    &["MATCH", "over:*", "COUNT", "400"],
    &["TYPE", "string"],
    &["TYPE", "STRING", "COUNT", "500"],
    &["TYPE", "list"],
    &["TYPE", "nosuch"],
    &["TYPE", "string", "MATCH", "later:*", "COUNT", "20"],
    &["COUNT", "10", "COUNT", "1000"],
];

#[test]
fn walks_find_the_same_keys() {
    let play = |server: &Server| {
        fill(server);
        let mut client = server.client();
        let walk = |options: &&[&str]| walk(&mut client, options).into_iter().collect();
        let found: Vec<BTreeSet<_>> = WALKS.iter().map(walk).collect();
        assert_eq!(server.client().cmd(&["DEBUG", "SET-ACTIVE-EXPIRE", "1"]), Reply::ok());
        found
    };
    let expected = STAGE.on_oracle(play);
    for cell in matrix::cells() {
        let actual = STAGE.on_shoal(&cell, play);
        for (options, (expected, actual)) in WALKS.iter().zip(expected.iter().zip(&actual)) {
            assert_eq!(expected, actual, "{cell:?} {options:?}");
        }
    }
}

/// What is there from the beginning to the end of a walk is found, whatever else happens.
#[test]
fn walks_find_what_stays_while_others_come_and_go() {
    let play = |server: &Server| {
        fill(server);
        let (mut walker, mut writer) = (server.client(), server.client());
        let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
        for step in 0.. {
            let reply = walker.cmd(&["SCAN", &cursor, "COUNT", "7"]);
            found.extend(reply.elements()[1].elements().iter().map(Reply::text));
            cursor = reply.elements()[0].text();
            if cursor == "0" {
                break;
            }
            // The table grows to several times its size, and shrinks by what is not looked for.
            let lines: Vec<String> = match step % 100 {
                0..60 => (0..40).map(|n| format!("SET new:{step}:{n} v")).collect(),
                _ => (0..60).map(|n| format!("DEL new:{}:{n}", step - 60)).collect(),
            };
            writer.pipeline(&lines);
        }
        for number in 0..2000 {
            assert!(found.contains(&format!("key:{number}")), "key:{number}");
        }
    };
    matrix::cells().iter().for_each(|cell| STAGE.on_shoal(cell, play));
}

#[test]
fn errors() {
    let mut steps = script![
        "SCAN",
        "SCAN 0",
        "SCAN 0 COUNT",
        "SCAN 0 COUNT x",
        "SCAN 0 COUNT 0",
        "SCAN 0 COUNT -1",
        "SCAN 0 COUNT 1.5",
        "SCAN 0 COUNT 10 COUNT 0",
        "SCAN 0 MATCH",
        "SCAN 0 TYPE",
        "SCAN 0 wrong x",
        "SCAN 0 NOVALUES",
        "SCAN 0 \"\" x",
        "SCAN 0 COUNT x wrong",
        "SCAN 0 wrong COUNT 0",
        "SCAN x",
        "SCAN x COUNT 0",
        "SCAN 0x",
        "SCAN 1.0",
        "SCAN \"\"",
        "SCAN \" 0\"",
        "SCAN 0 MATCH * COUNT 10 TYPE string",
        "SET k v",
        "SCAN 0",
        "SCAN 0 MATCH x",
    ];
    steps.extend(each_with(&["SCAN ?", "SCAN 0 COUNT ? MATCH nothing"], INTEGERS));
    check(&steps.into_iter().map(|step| step.by(&WALK_STEP)).collect::<Vec<_>>());
}
