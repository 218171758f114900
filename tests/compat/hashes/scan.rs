//! HSCAN: errors and small hashes as the oracle's, whole walks by what they find.

use std::collections::BTreeSet;

use testkit::awkward::{INTEGERS, each_with};
use testkit::compare::Comparison;
use testkit::normalise::{WALK_STEP, WHOLE_WALK};
use testkit::oracle::Packaged;
use testkit::script::Step;
use testkit::{Client, Reply, Server, matrix, script};

use super::{KEYS, fill};
use crate::{STAGE, check, each_shoal};

#[test]
fn errors_and_small_hashes() {
    let mut steps = script![
        "HSCAN",
        "HSCAN h",
        "HSCAN none 0",
        "HSCAN none x",
        "HSCAN none 0 COUNT x",
        "HSCAN none 0 wrong",
        "HSET h 1 a 2 b 3 c",
        "HSCAN h 0",
        "HSCAN h 99",
        "HSCAN h 0 COUNT 1",
        "HSCAN h 0 MATCH [12]",
        "HSCAN h 0 MATCH * COUNT 1",
        "HSCAN h 0 MATCH x",
        "HSCAN h 0 COUNT 0",
        "HSCAN h 0 COUNT -1",
        "HSCAN h 0 COUNT",
        "HSCAN h 0 MATCH",
        "HSCAN h 0 TYPE hash",
        "HSCAN h x COUNT 0",
        "HSCAN h 0 COUNT x wrong",
        "HSET h x y",
        "HSCAN h 0 COUNT 100",
        "HSCAN h 0 MATCH x COUNT 100",
    ];
    let cursors = each_with(&["HSCAN h ? COUNT 100", "HSCAN h 0 COUNT ?"], INTEGERS);
    steps.extend(cursors.into_iter().map(|step| step.by(&WALK_STEP)));
    check(&steps);
}

/// NOVALUES came with Redis 7.4.
#[test]
fn names_alone() {
    let mut steps = fill();
    steps.extend(script![
        "HSCAN few 0 NOVALUES",
        "HSCAN few 0 novalues MATCH f[12]",
        "HSCAN few 0 NOVALUES NOVALUES COUNT 5",
        "HSCAN few 0 NOVALUES x",
        "HSCAN few 0 NOVALUES COUNT 0",
        "HSCAN none 0 NOVALUES",
        "HSCAN text 0 NOVALUES",
        "HSCAN many513 0 COUNT 10000 NOVALUES" => WHOLE_WALK,
    ]);
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards != 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(&steps);
}

const WALKS: &[&[&str]] =
    &[&[], &["COUNT", "1"], &["COUNT", "100"], &["MATCH", "f1*"], &["MATCH", "*5", "COUNT", "7"]];

#[track_caller]
fn walk(client: &mut Client, key: &str, options: &[&str]) -> BTreeSet<String> {
    let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
    for _ in 0..10_000 {
        let reply = client.cmd(&[&["HSCAN", key, &cursor], options].concat());
        let [next, fields] = reply.elements() else { panic!("HSCAN {key}: {reply:?}") };
        let pairs = fields.elements().chunks(2);
        found.extend(pairs.map(|pair| format!("{} {}", pair[0].text(), pair[1].text())));
        cursor = next.text();
        if cursor == "0" {
            return found;
        }
    }
    panic!("HSCAN {key} {options:?} does not come to an end")
}

#[test]
fn walks_find_the_same_fields() {
    let play = |server: &Server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step: &Step| step.text.clone()).collect();
        client.pipeline(&lines);
        let keys = KEYS.iter().filter(|key| **key != "text");
        let walks = keys.flat_map(|key| WALKS.iter().map(move |options| (*key, *options)));
        walks.map(|(key, options)| walk(&mut client, key, options)).collect::<Vec<_>>()
    };
    let expected = STAGE.on_oracle(play);
    for cell in matrix::cells() {
        assert_eq!(STAGE.on_shoal(&cell, play), expected, "{cell:?}");
    }
}

/// What is there from the beginning to the end of a walk is found, whatever else happens.
#[test]
fn walks_find_what_stays_while_others_come_and_go() {
    each_shoal(|server| {
        let mut client = server.client();
        let stays: String = (0..2000).map(|number| format!(" f{number} v")).collect();
        client.pipeline(&[format!("HSET h{stays}")]);
        let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
        for step in 0..10_000 {
            let reply = client.cmd(&["HSCAN", "h", &cursor, "COUNT", "7", "NOVALUES"]);
            found.extend(reply.elements()[1].elements().iter().map(Reply::text));
            cursor = reply.elements()[0].text();
            if cursor == "0" {
                break;
            }
            let new = |round: usize, value: &str| -> String {
                (0..60).map(|number| format!(" new:{round}:{number}{value}")).collect()
            };
            let line = match step % 100 {
                ..50 => format!("HSET h{}", new(step, " v")),
                _ => format!("HDEL h{}", new(step - 50, "")),
            };
            client.pipeline(&[line]);
        }
        assert_eq!(cursor, "0", "the walk comes to an end");
        assert!((0..2000).all(|number| found.contains(&format!("f{number}"))));
    });
}
