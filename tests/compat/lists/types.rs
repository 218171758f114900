//! Lists among other types, and under the commands that take any.

use testkit::Reply;
use testkit::normalise::{NEAR_SECONDS, NEWER_ENCODING, SAME_KIND, UNORDERED};
use testkit::script;
use testkit::script::Step;

use super::check_in_all_forms;
use crate::ways::NUMBERS_ASIDE;
use crate::{check, each_server};

/// Every list command meets a string, with words that are right and words that are not.
#[test]
fn list_commands_on_strings() {
    let mut steps = script!["SET s 1"];
    for line in [
        "LPUSH s a",
        "RPUSH s a b",
        "LPUSHX s a",
        "RPUSHX s a",
        "LPOP s",
        "RPOP s 1",
        "LPOP s x",
        "LPOP s -1",
        "LPOP s 0",
        "LLEN s",
        "LRANGE s 0 1",
        "LRANGE s x 1",
        "LINDEX s 0",
        "LINDEX s x",
        "LSET s 0 a",
        "LSET s x a",
        "LINSERT s BEFORE a b",
        "LINSERT s x a b",
        "LREM s 0 a",
        "LREM s x a",
        "LTRIM s 0 1",
        "LTRIM s x 1",
        "LPOS s a",
        "LPOS s a RANK 0",
        "LPOS s a X",
        "LMOVE s l LEFT LEFT",
        "LMOVE s l LEFT x",
        "RPOPLPUSH s l",
        "LMPOP 1 s LEFT",
        "LMPOP 1 s x",
        "LMPOP 2 l s LEFT",
    ] {
        steps.push(line.into());
    }
    steps.extend(script!["GET s", "EXISTS l"]);
    check(&steps);
}

#[test]
fn string_commands_on_lists() {
    let mut steps = script!["RPUSH l a b c"];
    for line in [
        "GET l",
        "GETDEL l",
        "GETEX l",
        "GETEX l EX x",
        "GETSET l x",
        "SETNX l x",
        "SET l x NX",
        "SET l x GET",
        "SET l x XX GET",
        "INCR l",
        "INCRBY l x",
        "DECR l",
        "INCRBYFLOAT l 1",
        "APPEND l x",
        "STRLEN l",
        "GETRANGE l 0 1",
        "GETRANGE l x 1",
        "SUBSTR l 0 1",
        "SETRANGE l 0 x",
        "SETRANGE l 0 \"\"",
        "SETRANGE l x x",
        "MGET l none l",
        "MSETNX l 1 m 2",
        "LCS l none",
        "LCS none l LEN",
        "LRANGE l 0 -1",
    ] {
        steps.push(line.into());
    }
    steps.extend(script![
        "SET l x KEEPTTL",
        "GET l",
        "DEL l",
        "RPUSH l a",
        "MSET l x",
        "GET l",
        "DEL l",
        "RPUSH l a",
        "EXPIRE l 1000",
        "SET l x",
        "TTL l",
    ]);
    check_in_all_forms(&steps);
}

#[test]
fn commands_of_any_type() {
    check_in_all_forms(&script![
        "RPUSH l 1 2 3 4 5 6 7 8 9 10",
        "TYPE l",
        "EXISTS l",
        "OBJECT ENCODING l" => NEWER_ENCODING,
        "OBJECT REFCOUNT l",
        "OBJECT IDLETIME l" => NEAR_SECONDS,
        "DEBUG DIGEST-VALUE l none",
        "DEBUG DIGEST",
        "COPY l m",
        "RPUSH m 11",
        "LRANGE l 0 -1",
        "LRANGE m 0 -1",
        "COPY l m",
        "EXPIRE l 5000",
        "COPY l m REPLACE",
        "TTL m" => NEAR_SECONDS,
        "RENAME m n",
        "LRANGE n 0 -1",
        "MOVE n 1",
        "SELECT 1",
        "LRANGE n 0 -1",
        "DEBUG DIGEST",
        "SWAPDB 0 1",
        "LRANGE l 0 -1",
        "SWAPDB 0 1",
        "SELECT 0",
        "KEYS *" => UNORDERED,
        "MEMORY USAGE l" => SAME_KIND,
        "MEMORY USAGE l SAMPLES 0" => SAME_KIND,
        "PERSIST l",
        "DEL l",
        "RPUSH l a",
        "UNLINK l",
        "PEXPIREAT l 1",
        "RPUSH l a",
        "PEXPIREAT l 1",
        "EXISTS l",
        "DBSIZE",
    ]);
}

#[test]
fn objects() {
    let large = "x".repeat(9000);
    check(&[
        Step::words(&["RPUSH", "l", &large, "a", &large]),
        Step::line("DEBUG OBJECT l").by(&NUMBERS_ASIDE),
        Step::line("OBJECT ENCODING l"),
        Step::line("DEBUG DIGEST-VALUE l"),
    ]);
}

#[test]
fn walks_by_type() {
    each_server(|server| {
        let mut client = server.client();
        client.pipeline(&["MSET a 1 b 2", "RPUSH c x", "RPUSH d x", "RPUSH e x"]);
        for (name, count) in [("list", 3), ("LIST", 3), ("string", 2), ("set", 0)] {
            let (mut cursor, mut met) = ("0".to_owned(), 0);
            loop {
                let step = client.cmd(&["SCAN", &cursor, "TYPE", name]);
                let [next, keys] = step.elements() else { panic!("{step:?}") };
                met += keys.elements().len();
                cursor = next.text();
                if *next == Reply::bulk("0") {
                    break;
                }
            }
            assert_eq!(met, count, "{name}");
        }
    });
}

/// A larger list uses more, and a huge one is not looked at whole.
#[test]
fn a_longer_list_uses_more() {
    crate::each_shoal(|server| {
        let mut client = server.client();
        let words: Vec<String> = (0..10_000).map(|number| format!("element:{number}")).collect();
        let request = |words: &[String]| {
            let mut request = vec!["RPUSH".to_owned(), "l".to_owned()];
            request.extend_from_slice(words);
            request
        };
        let mut last = 0;
        for _ in 0..5 {
            assert!(client.cmd(&request(&words)).int() > 0);
            let usage = client.line("MEMORY USAGE l").int();
            assert!(usage >= last + 130_000 && usage <= last + 180_000, "{usage} after {last}");
            last = usage;
        }
    });
}
