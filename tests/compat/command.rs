//! COMMAND: what the server says of its commands.

use testkit::normalise::{SAME_KIND, UNORDERED};
use testkit::script::Step;
use testkit::{Client, Launch, script};

use crate::check;
use crate::hashes::expiring::ALL as NEWER;
use crate::ways::{DOCS, HELP, TREE};

#[test]
fn shape() {
    check(&script![
        "COMMAND FOO",
        "COMMAND COUNT" => SAME_KIND,
        "COMMAND COUNT a",
        "COMMAND HELP" => HELP,
        "COMMAND HELP a",
        "COMMAND LIST a",
        "COMMAND LIST FILTERBY",
        "COMMAND LIST FILTERBY FOO bar",
        "COMMAND LIST FILTERBY MODULE foo",
        "COMMAND LIST FILTERBY ACLCAT foo",
        "COMMAND LIST FILTERBY PATTERN foo*",
        "COMMAND LIST FILTERBY PATTERN get",
        "COMMAND LIST FILTERBY PATTERN swap*",
        "COMMAND LIST FILTERBY PATTERN SETE?" => UNORDERED,
        "COMMAND LIST FILTERBY PATTERN memory\\|*" => UNORDERED,
        "COMMAND LIST FILTERBY PATTERN foo* bar",
        "COMMAND DOCS foo",
        "COMMAND INFO foo",
        "COMMAND INFO GET foo get",
        "COMMAND INFO CONFIG|FOO CONFIG|GET config|set",
        "COMMAND INFO \"a\\x00\" \"\"",
    ]);
}

#[test]
fn keys_of_a_request() {
    check(&script![
        "COMMAND GETKEYS",
        "COMMAND GETKEYS get",
        "COMMAND GETKEYS get a",
        "COMMAND GETKEYS get a b",
        "COMMAND GETKEYS foo a b",
        "COMMAND GETKEYS mget a b c",
        "COMMAND GETKEYS mset a b c d",
        "COMMAND GETKEYS mset a b c",
        "COMMAND GETKEYS ping",
        "COMMAND GETKEYS rename a b",
        "COMMAND GETKEYS copy a b replace",
        "COMMAND GETKEYS object encoding a",
        "COMMAND GETKEYS object foo a",
        "COMMAND GETKEYS memory usage a",
        "COMMAND GETKEYS set k v EX 10",
        "COMMAND GETKEYS lcs a b",
        "COMMAND GETKEYS config get maxmemory",
        "COMMAND GETKEYS debug object a",
        "COMMAND GETKEYSANDFLAGS",
        "COMMAND GETKEYSANDFLAGS get a",
        "COMMAND GETKEYSANDFLAGS set k v",
        "COMMAND GETKEYSANDFLAGS set k v GET",
        "COMMAND GETKEYSANDFLAGS set k v NX GET",
        "COMMAND GETKEYSANDFLAGS mset a b c d",
        "COMMAND GETKEYSANDFLAGS rename a b",
        "COMMAND GETKEYSANDFLAGS copy a b",
        "COMMAND GETKEYSANDFLAGS getex a",
        "COMMAND GETKEYSANDFLAGS getdel a",
        "COMMAND GETKEYSANDFLAGS incr a",
        "COMMAND GETKEYSANDFLAGS expire a 1",
        "COMMAND GETKEYSANDFLAGS touch a b",
        "COMMAND GETKEYSANDFLAGS unlink a b",
        "COMMAND GETKEYSANDFLAGS move a 1",
        "COMMAND GETKEYSANDFLAGS foo",
        "COMMAND GETKEYSANDFLAGS ping",
    ]);
}

/// Containers that do not have all of their subcommands yet, or have newer ones too, and commands
/// that take newer words, which are compared with Redis 8.0.
const UNLIKE: &[&str] = &["client", "debug", "hscan", "waitaof", "zrank", "zrevrank"];

/// Whether the oracle knows the command as ours is. Newer ones are compared with Redis 8.0.
fn is_alike(name: &str) -> bool {
    !UNLIKE.contains(&name) && !NEWER.iter().any(|newer| newer.eq_ignore_ascii_case(name))
}

fn our_commands(client: &mut Client) -> Vec<String> {
    let list = client.cmd(&["COMMAND", "LIST"]);
    let mut names: Vec<String> = list
        .elements()
        .iter()
        .map(testkit::Reply::text)
        .filter(|name| !name.contains('|'))
        .collect();
    names.sort();
    names
}

/// Every command that we have is described as the oracle describes it.
#[test]
fn descriptions() {
    let server = Launch::shoal(env!("CARGO_BIN_EXE_shoal")).start();
    let names = our_commands(&mut server.client());
    assert!(names.len() > 60, "{names:?}");
    let step =
        |subcommand: &str, name: &String| Step::line(&format!("COMMAND {subcommand} {name}"));
    let mut steps = Vec::new();
    for name in names.iter().filter(|name| is_alike(name)) {
        steps.push(step("INFO", name).by(&TREE));
        steps.push(step("DOCS", name).by(&DOCS));
    }
    for name in [
        "kill", "list", "info", "id", "pause", "unpause", "unblock", "reply", "no-evict", "setname",
    ] {
        steps.push(Step::line(&format!("COMMAND INFO client|{name}")).by(&TREE));
        steps.push(Step::line(&format!("COMMAND DOCS client|{name}")).by(&DOCS));
    }
    check(&steps);
}

#[test]
fn count_list_and_info_agree() {
    crate::each_shoal(|server| {
        let mut client = server.client();
        let top = our_commands(&mut client);
        let count = client.cmd(&["COMMAND", "COUNT"]).int();
        assert_eq!(usize::try_from(count).unwrap(), top.len());
        for words in [&["COMMAND"][..], &["COMMAND", "INFO"]] {
            assert_eq!(client.cmd(words).elements().len(), top.len());
        }
        client.hello3();
        let testkit::Reply::Map(docs) = client.cmd(&["COMMAND", "DOCS"]) else {
            panic!("COMMAND DOCS is a map")
        };
        assert_eq!(docs.len(), top.len());
        for category in ["read", "write", "string", "keyspace", "fast", "admin", "connection"] {
            let listed = client.cmd(&["COMMAND", "LIST", "FILTERBY", "ACLCAT", category]);
            assert!(!listed.elements().is_empty(), "{category}");
        }
    });
}
