//! ZSCAN: errors and small sorted sets as the oracle's, whole walks by what they find.

use std::collections::BTreeMap;

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{WALK_STEP, WHOLE_WALK};
use testkit::{Client, Reply, Server, matrix, script};

use super::{OTHERS, ZSETS, each_key, fill};
use crate::{STAGE, check, each_shoal};

#[test]
fn errors_and_small_ones() {
    let mut steps = script![
        "ZSCAN",
        "ZSCAN z",
        "ZSCAN none 0",
        "ZSCAN none x",
        "ZSCAN none 0 COUNT x",
        "ZSCAN none 0 wrong",
        "ZADD z 1 1 2.5 2 inf b -0 c 1e17 d 0.1 e",
        "ZSCAN z 0",
        "ZSCAN z 99",
        "ZSCAN z 0 COUNT 1",
        "ZSCAN z 0 MATCH [12]",
        "ZSCAN z 0 MATCH * COUNT 1",
        "ZSCAN z 0 MATCH x",
        "ZSCAN z 0 COUNT 0",
        "ZSCAN z 0 COUNT -1",
        "ZSCAN z 0 COUNT",
        "ZSCAN z 0 MATCH",
        "ZSCAN z 0 TYPE zset",
        "ZSCAN z x COUNT 0",
        "ZSCAN z 0 COUNT x wrong",
    ];
    let cursors = each_with(&["ZSCAN z ? COUNT 100", "ZSCAN z 0 COUNT ?"], INTEGERS);
    steps.extend(cursors.into_iter().map(|step| step.by(&WALK_STEP)));
    let mut filled = fill();
    let whole = each_key(&[ZSETS, OTHERS].concat(), &["ZSCAN ? 0 COUNT 100000"]);
    filled.extend(whole.into_iter().map(|step| step.by(&WHOLE_WALK)));
    steps.extend(filled);
    check(&steps);
}

const WALKS: &[&[&str]] =
    &[&[], &["COUNT", "1"], &["COUNT", "100"], &["MATCH", "m1*"], &["MATCH", "*5", "COUNT", "7"]];

#[track_caller]
fn walk(client: &mut Client, key: &str, options: &[&str]) -> BTreeMap<String, String> {
    let (mut found, mut cursor) = (BTreeMap::new(), "0".to_owned());
    for _ in 0..10_000 {
        let reply = client.cmd(&[&["ZSCAN", key, &cursor], options].concat());
        let [next, words] = reply.elements() else { panic!("ZSCAN {key}: {reply:?}") };
        let words: Vec<String> = words.elements().iter().map(Reply::text).collect();
        found.extend(words.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())));
        cursor = next.text();
        if cursor == "0" {
            return found;
        }
    }
    panic!("ZSCAN {key} {options:?} does not come to an end")
}

#[test]
fn walks_find_the_same_members() {
    let play = |server: &Server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step| step.text.clone()).collect();
        client.pipeline(&lines);
        let walks = ZSETS.iter().flat_map(|key| WALKS.iter().map(move |options| (*key, *options)));
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
        let pairs: String = (0..2000).map(|number| format!(" {number} m{number}")).collect();
        client.pipeline(&[format!("ZADD z{pairs}")]);
        let (mut found, mut cursor) = (Vec::new(), "0".to_owned());
        for step in 0..10_000 {
            let reply = client.cmd(&["ZSCAN", "z", &cursor, "COUNT", "7"]);
            found.extend(reply.elements()[1].elements().iter().map(Reply::text));
            cursor = reply.elements()[0].text();
            if cursor == "0" {
                break;
            }
            let line = if step % 100 < 50 {
                let new: String = (0..60).map(|number| format!(" 7 new:{step}:{number}")).collect();
                format!("ZADD z{new}")
            } else {
                let round = step - 50;
                let old: String = (0..60).map(|number| format!(" new:{round}:{number}")).collect();
                format!("ZREM z{old}")
            };
            client.pipeline(&[line]);
        }
        assert_eq!(cursor, "0", "the walk comes to an end");
        let found: std::collections::BTreeSet<String> = found.into_iter().collect();
        assert!((0..2000).all(|number| found.contains(&format!("m{number}"))));
    });
}
