//! ZRANDMEMBER: forms and errors as the oracle's, and what must hold whatever comes up.

use std::collections::BTreeMap;

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::SAME_KIND;
use testkit::{Server, script};

use super::{ZSETS, fill};
use crate::{check, each_server};

#[test]
fn forms_and_errors() {
    let mut steps = script![
        "ZRANDMEMBER",
        "ZRANDMEMBER none",
        "ZRANDMEMBER none 3",
        "ZRANDMEMBER none -3 WITHSCORES",
        "ZADD z 1 a 2 b 3.5 c",
        "SET text 1",
        "ZRANDMEMBER text",
        "ZRANDMEMBER text x",
        "ZRANDMEMBER text 0",
        "ZRANDMEMBER z" => SAME_KIND,
        "ZRANDMEMBER z 0",
        "ZRANDMEMBER z 0 WITHSCORES",
        "ZRANDMEMBER z 2" => SAME_KIND,
        "ZRANDMEMBER z 2 WITHSCORES" => SAME_KIND,
        "ZRANDMEMBER z 3",
        "ZRANDMEMBER z 3 WITHSCORES",
        "ZRANDMEMBER z 9223372036854775807",
        "ZRANDMEMBER z 9223372036854775807 WITHSCORES",
        "ZRANDMEMBER z 4611686018427387903 withscores",
        "ZRANDMEMBER z -9223372036854775807 WITHSCORES",
        "ZRANDMEMBER z -4611686018427387904 WITHSCORES",
        "ZRANDMEMBER z -9223372036854775808",
        "ZRANDMEMBER z -5" => SAME_KIND,
        "ZRANDMEMBER z -5 WITHSCORES" => SAME_KIND,
        "ZRANDMEMBER z 1 wrong",
        "ZRANDMEMBER z x wrong",
        "ZRANDMEMBER z 1 WITHSCORES wrong",
        "ZADD one 7 a",
        "ZRANDMEMBER one",
        "ZRANDMEMBER one -3",
        "ZRANDMEMBER one -2 WITHSCORES",
    ];
    steps.extend(each_with(&["ZRANDMEMBER none ?", "ZRANDMEMBER none ? WITHSCORES"], INTEGERS));
    let mut filled = fill();
    filled.extend(super::each_key(ZSETS, &["ZRANDMEMBER ? 5000 WITHSCORES"]));
    steps.extend(filled);
    check(&steps);
}

/// Each sample is made of members with their scores; those that must differ do.
#[test]
fn samples_are_members() {
    let play = |server: &Server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step| step.text.clone()).collect();
        client.pipeline(&lines);
        let mut pairs = |words: &[&str]| -> Vec<(String, String)> {
            let reply = client.cmd(words);
            let words: Vec<String> = reply.elements().iter().map(testkit::Reply::text).collect();
            words.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
        };
        for key in ZSETS {
            let all: BTreeMap<String, String> =
                pairs(&["ZRANGE", key, "0", "-1", "WITHSCORES"]).into_iter().collect();
            for count in [1, 2, all.len().div_ceil(4), all.len() - 1, all.len() + 1] {
                let count_text = count.to_string();
                let sample = pairs(&["ZRANDMEMBER", key, &count_text, "WITHSCORES"]);
                let unlike: BTreeMap<String, String> = sample.iter().cloned().collect();
                assert_eq!((sample.len(), unlike.len()), (count.min(all.len()), sample.len()));
                assert!(sample.iter().all(|(member, score)| all.get(member) == Some(score)));
                let any = pairs(&["ZRANDMEMBER", key, &format!("-{count}"), "WITHSCORES"]);
                assert_eq!(any.len(), count, "{key}");
                assert!(any.iter().all(|(member, score)| all.get(member) == Some(score)));
            }
        }
        for key in ["few", "m128", "m129"] {
            let drawn = pairs(&["ZRANDMEMBER", key, "-5000", "WITHSCORES"]);
            let drawn: BTreeMap<String, String> = drawn.into_iter().collect();
            let all = pairs(&["ZRANGE", key, "0", "-1", "WITHSCORES"]);
            assert_eq!(drawn.len(), all.len(), "every member of {key} comes up");
        }
    };
    each_server(play);
}
