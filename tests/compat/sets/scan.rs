//! SSCAN: errors and small sets as the oracle's, whole walks by what they find.

use std::collections::BTreeSet;

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{WALK_STEP, WHOLE_WALK};
use testkit::script::Step;
use testkit::{Client, Reply, Server, matrix, script};

use super::{KEYS, fill};
use crate::{STAGE, check, each_shoal};

#[test]
fn errors_and_small_sets() {
    let mut steps = script![
        "SSCAN",
        "SSCAN s",
        "SSCAN none 0",
        "SSCAN none x",
        "SSCAN none 0 COUNT x",
        "SSCAN none 0 wrong",
        "SADD s 1 2 3",
        "SSCAN s 0" => WHOLE_WALK,
        "SSCAN s 99" => WHOLE_WALK,
        "SSCAN s 0 COUNT 1" => WHOLE_WALK,
        "SSCAN s 0 MATCH [12]" => WHOLE_WALK,
        "SSCAN s 0 MATCH * COUNT 1" => WHOLE_WALK,
        "SSCAN s 0 MATCH x",
        "SSCAN s 0 COUNT 0",
        "SSCAN s 0 COUNT -1",
        "SSCAN s 0 COUNT",
        "SSCAN s 0 MATCH",
        "SSCAN s 0 TYPE set",
        "SSCAN s 0 NOVALUES",
        "SSCAN s x COUNT 0",
        "SSCAN s 0 COUNT x wrong",
        "SADD s x",
        "SSCAN s 0 COUNT 100" => WHOLE_WALK,
        "SSCAN s 0 MATCH x COUNT 100" => WHOLE_WALK,
    ];
    let cursors = each_with(&["SSCAN s ? COUNT 100", "SSCAN s 0 COUNT ?"], INTEGERS);
    steps.extend(cursors.into_iter().map(|step| step.by(&WALK_STEP)));
    check(&steps);
}

const WALKS: &[&[&str]] =
    &[&[], &["COUNT", "1"], &["COUNT", "100"], &["MATCH", "m1*"], &["MATCH", "*5", "COUNT", "7"]];

#[track_caller]
fn walk(client: &mut Client, key: &str, options: &[&str]) -> BTreeSet<String> {
    let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
    for _ in 0..10_000 {
        let reply = client.cmd(&[&["SSCAN", key, &cursor], options].concat());
        let [next, members] = reply.elements() else { panic!("SSCAN {key}: {reply:?}") };
        found.extend(members.elements().iter().map(Reply::text));
        cursor = next.text();
        if cursor == "0" {
            return found;
        }
    }
    panic!("SSCAN {key} {options:?} does not come to an end")
}

#[test]
fn walks_find_the_same_members() {
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
        let members: Vec<String> = (0..2000).map(|number| format!("m{number}")).collect();
        let words: Vec<&str> =
            ["SADD", "s"].into_iter().chain(members.iter().map(String::as_str)).collect();
        client.cmd(&words);
        let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
        for step in 0..10_000 {
            let reply = client.cmd(&["SSCAN", "s", &cursor, "COUNT", "7"]);
            found.extend(reply.elements()[1].elements().iter().map(Reply::text));
            cursor = reply.elements()[0].text();
            if cursor == "0" {
                break;
            }
            let (verb, round) = if step % 100 < 50 { ("SADD", step) } else { ("SREM", step - 50) };
            let new: String = (0..60).map(|number| format!(" new:{round}:{number}")).collect();
            client.pipeline(&[format!("{verb} s{new}")]);
        }
        assert_eq!(cursor, "0", "the walk comes to an end");
        assert!(members.iter().all(|member| found.contains(member)));
    });
}
