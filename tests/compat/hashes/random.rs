//! HRANDFIELD: forms and errors as the oracle's, and what must hold whatever comes up.

use std::collections::{BTreeMap, BTreeSet};

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{SAME_KIND, UNORDERED};
use testkit::{Reply, Server, script};

use super::{KEYS, fill};
use crate::{check, each_server};

#[test]
fn forms_and_errors() {
    check(&script![
        "HRANDFIELD",
        "HRANDFIELD none",
        "HRANDFIELD none 0",
        "HRANDFIELD none 3",
        "HRANDFIELD none -3 WITHVALUES",
        "HRANDFIELD none x",
        "HRANDFIELD none 1 wrong",
        "HRANDFIELD none 1 WITHVALUES x",
        "HRANDFIELD none x wrong",
        "HSET h a 1 b 2 c 3",
        "HRANDFIELD h" => SAME_KIND,
        "HRANDFIELD h 0",
        "HRANDFIELD h 0 WITHVALUES",
        "HRANDFIELD h 1" => SAME_KIND,
        "HRANDFIELD h 2 withvalues" => SAME_KIND,
        "HRANDFIELD h 3" => UNORDERED,
        "HRANDFIELD h 100 WITHVALUES",
        "HRANDFIELD h -2" => SAME_KIND,
        "HRANDFIELD h -7 WITHVALUES" => SAME_KIND,
        "HRANDFIELD h 1 wrong",
        "HRANDFIELD h 1 WITHVALUES x",
        "HRANDFIELD h 4611686018427387903 WITHVALUES",
        "HRANDFIELD h 4611686018427387904 WITHVALUES",
        "HRANDFIELD h 4611686018427387904",
        "HRANDFIELD h -4611686018427387904 WITHVALUES",
        "HRANDFIELD h -9223372036854775808 WITHVALUES",
        "HRANDFIELD h -9223372036854775808 wrong",
        "HRANDFIELD h 9223372036854775807",
    ]);
}

#[test]
fn counts() {
    check(&each_with(&["HRANDFIELD none ?", "HRANDFIELD none ? WITHVALUES"], INTEGERS));
    let mut steps = script!["HSET h a 7"];
    // What is left of the words has no long list for an answer.
    let short: Vec<&str> = INTEGERS.iter().copied().filter(|it| !it.starts_with('-')).collect();
    steps.extend(each_with(&["HRANDFIELD h ?", "HRANDFIELD h ? WITHVALUES"], &short));
    check(&steps);
}

fn texts(reply: &Reply) -> Vec<String> {
    reply.elements().iter().map(Reply::text).collect()
}

fn pairs(reply: &Reply) -> Vec<(String, String)> {
    texts(reply).chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

/// Each sample is made of fields with their values; those that must differ do.
#[test]
fn samples_are_fields() {
    let play = |server: &Server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step| step.text.clone()).collect();
        client.pipeline(&lines);
        for key in KEYS.iter().filter(|key| !["text", "none"].contains(key)) {
            let all: BTreeMap<_, _> = pairs(&client.cmd(&["HGETALL", key])).into_iter().collect();
            for count in [1, 2, all.len().div_ceil(4), all.len() - 1, all.len() + 1] {
                let some = count.to_string();
                let sample = texts(&client.cmd(&["HRANDFIELD", key, &some]));
                let unlike: BTreeSet<&String> = sample.iter().collect();
                assert_eq!((sample.len(), unlike.len()), (count.min(all.len()), sample.len()));
                assert!(unlike.iter().all(|name| all.contains_key(*name)), "{key} {count}");
                for count in [some.clone(), format!("-{some}")] {
                    let sample = pairs(&client.cmd(&["HRANDFIELD", key, &count, "WITHVALUES"]));
                    assert!(sample.iter().all(|(name, value)| all[name] == *value), "{key}");
                    if count.starts_with('-') {
                        assert_eq!(format!("-{}", sample.len()), count);
                    }
                }
            }
            assert!(all.contains_key(&client.cmd(&["HRANDFIELD", key]).text()));
        }
    };
    each_server(play);
}

/// Every field comes up.
#[test]
fn no_field_is_left_out() {
    each_server(|server| {
        let mut client = server.client();
        for (key, fields) in [("small", 10), ("large", 600)] {
            let words: String = (0..fields).map(|number| format!(" f{number} x")).collect();
            client.pipeline(&[format!("HSET {key}{words}")]);
            let mut met = BTreeSet::new();
            for _ in 0..100 {
                met.extend(texts(&client.cmd(&["HRANDFIELD", key, "-100"])));
            }
            assert_eq!(met.len(), fields, "{key}");
        }
    });
}
