//! SPOP and SRANDMEMBER: forms and errors as the oracle's, and what must hold whatever comes up.

use std::collections::BTreeSet;

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{SAME_KIND, UNORDERED};
use testkit::{Reply, Server, script};

use super::{KEYS, fill};
use crate::{check, each_server};

#[test]
fn forms_and_errors() {
    check(&script![
        "SPOP",
        "SPOP none",
        "SPOP none 0",
        "SPOP none 3",
        "SPOP none -3",
        "SPOP none x",
        "SPOP none 1 2",
        "SRANDMEMBER",
        "SRANDMEMBER none",
        "SRANDMEMBER none 0",
        "SRANDMEMBER none 3",
        "SRANDMEMBER none -3",
        "SRANDMEMBER none 1 2",
        "SADD s a b c 1",
        "SPOP s 0",
        "SPOP s -1",
        "SPOP s x",
        "SPOP s 1 2",
        "SRANDMEMBER s 0",
        "SRANDMEMBER s" => SAME_KIND,
        "SRANDMEMBER s 1" => SAME_KIND,
        "SRANDMEMBER s 3" => SAME_KIND,
        "SRANDMEMBER s 4" => UNORDERED,
        "SRANDMEMBER s 100" => UNORDERED,
        "SRANDMEMBER s 9223372036854775807" => UNORDERED,
        "SRANDMEMBER s -1" => SAME_KIND,
        "SRANDMEMBER s -10" => SAME_KIND,
        "SPOP s 9223372036854775808",
        "SPOP s 9223372036854775807" => UNORDERED,
        "EXISTS s",
        "SADD s a",
        "SRANDMEMBER s",
        "SRANDMEMBER s -3",
        "SPOP s",
        "EXISTS s",
        "SADD s 5",
        "SPOP s 1",
        "EXISTS s",
    ]);
}

#[test]
fn counts() {
    let forms = ["SPOP none ?", "SRANDMEMBER none ?"];
    check(&each_with(&forms, INTEGERS));
    let mut steps = script!["SADD s 7"];
    // What is left of the words has no long list of sevens for an answer.
    let short: Vec<&str> = INTEGERS.iter().copied().filter(|it| !it.starts_with('-')).collect();
    steps.extend(each_with(&["SRANDMEMBER s ?", "SPOP s ?", "SADD s 7"], &short));
    check(&steps);
}

fn members(reply: &Reply) -> Vec<String> {
    reply.elements().iter().map(Reply::text).collect()
}

/// Each sample is made of members; those that must differ do, and popped ones are gone.
#[test]
fn samples_are_members() {
    let play = |server: &Server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step| step.text.clone()).collect();
        client.pipeline(&lines);
        for key in KEYS.iter().filter(|key| !["text", "none"].contains(key)) {
            let all: BTreeSet<String> =
                members(&client.cmd(&["SMEMBERS", key])).into_iter().collect();
            for count in [1, 2, all.len().div_ceil(4), all.len() - 1, all.len() + 1] {
                let sample = members(&client.cmd(&["SRANDMEMBER", key, &count.to_string()]));
                let unlike: BTreeSet<String> = sample.iter().cloned().collect();
                assert_eq!((sample.len(), unlike.len()), (count.min(all.len()), sample.len()));
                assert!(unlike.is_subset(&all), "{key} {count}");
                let any = members(&client.cmd(&["SRANDMEMBER", key, &format!("-{count}")]));
                assert_eq!(any.len(), count, "{key}");
                assert!(any.iter().all(|member| all.contains(member)), "{key}");
            }
            assert!(all.contains(&client.cmd(&["SRANDMEMBER", key]).text()));
            let mut left = all.clone();
            assert!(left.remove(&client.cmd(&["SPOP", key]).text()), "{key}");
            for count in [1, left.len() / 3, left.len() / 2, left.len()] {
                let popped = members(&client.cmd(&["SPOP", key, &count.to_string()]));
                assert!(popped.iter().all(|member| left.remove(member)), "{key} {count}");
                let now = members(&client.cmd(&["SMEMBERS", key])).into_iter().collect();
                assert_eq!(left, now, "{key} after SPOP {count}");
            }
            client.cmd(&["SPOP", key, "1000"]);
            assert_eq!(client.cmd(&["EXISTS", key]), Reply::Int(0), "{key}");
        }
    };
    each_server(play);
}

/// Every member comes up.
#[test]
fn no_member_is_left_out() {
    each_server(|server| {
        let mut client = server.client();
        let lines: Vec<String> = fill().iter().map(|step| step.text.clone()).collect();
        client.pipeline(&lines);
        for key in ["few", "words128", "words129", "odd"] {
            let all: BTreeSet<String> =
                members(&client.cmd(&["SMEMBERS", key])).into_iter().collect();
            let drawn = members(&client.cmd(&["SRANDMEMBER", key, "-5000"]));
            assert_eq!(drawn.into_iter().collect::<BTreeSet<_>>(), all, "{key}");
        }
    });
}
