//! Commands without keys, and commands about all cores, between MULTI and EXEC.

use testkit::normalise::{SAME_KIND, UNORDERED};
use testkit::script;
use testkit::{Client, Reply};

use super::check_both;
use crate::{check, each_shoal};

#[test]
fn whole_databases() {
    check_both(&script![
        "MSET a 1 b 2 c 3 d 4 e 5",
        "MULTI",
        "DBSIZE",
        "SET f 6",
        "DBSIZE",
        "KEYS f*",
        "SELECT 2",
        "DBSIZE",
        "MSET a 2 b 2",
        "MGET a b c",
        "SWAPDB 0 2",
        "MGET a b c d",
        "DBSIZE",
        "RENAME a e",
        "MSETNX a 1 q 2",
        "EXISTS a b c d e f q",
        "SWAPDB 0 x",
        "FLUSHDB",
        "DBSIZE",
        "RANDOMKEY",
        "SELECT 0",
        "DBSIZE",
        "DEL a",
        "COPY b z DB 2",
        "RANDOMKEY",
        "INCR z",
        "DBSIZE",
        "EXEC",
        "MGET a b c d e f q",
        "KEYS *" => UNORDERED,
        "SELECT 2",
        "KEYS *" => UNORDERED,
        "MULTI",
        "FLUSHALL",
        "DBSIZE",
        "EXEC",
        "DBSIZE",
    ]);
}

/// A key goes to another database while other shards' keys are there.
#[test]
fn from_one_database_to_another() {
    check_both(&script![
        "MSET a 1 b 2 c 3 d 4 e 5",
        "MULTI",
        "MOVE a 1",
        "MOVE b 1",
        "MOVE c 1",
        "MOVE nosuch 1",
        "GET a",
        "INCR d",
        "EXEC",
        "MGET a b c d e",
        "SELECT 1",
        "MGET a b c d e",
        "KEYS *" => UNORDERED,
        "MULTI",
        "MOVE a 0",
        "MOVE b 0",
        "SET a again",
        "EXEC",
        "MGET a b c",
        "SELECT 0",
        "MGET a b c",
    ]);
}

#[test]
fn all_cores() {
    check_both(&script![
        "MULTI",
        "CONFIG SET maxclients 5000",
        "CONFIG GET maxclients",
        "SET a 1",
        "CONFIG SET foo bar",
        "CONFIG SET proto-max-bulk-len 1mb",
        "SETRANGE a 1048577 x",
        "CONFIG SET proto-max-bulk-len 512mb",
        "SETRANGE b 1048577 x",
        "STRLEN b",
        "CONFIG RESETSTAT",
        "CONFIG SET maxclients 10000",
        "CLIENT NO-EVICT ON",
        "EXEC",
        "CONFIG GET maxclients",
        "MGET a",
    ]);
    check(&script!["MULTI", "INFO", "CLIENT LIST", "CLIENT ID", "EXEC" => SAME_KIND, "PING"]);
    check(&script![
        "MULTI",
        "SELECT 1",
        "HELLO 3",
        "GET none",
        "HELLO 2",
        "GET none",
        "HELLO 9",
        "EXEC" => SAME_KIND,
        "PING",
    ]);
}

#[test]
fn walks() {
    check(&script![
        "MSET a 1 b 2 c 3",
        "MULTI",
        "SCAN 0 COUNT 1000",
        "SCAN x",
        "EXEC" => SAME_KIND,
        "MULTI",
        "SCAN x",
        "SCAN 0 COUNT 0",
        "SCAN 0 TYPE",
        "EXEC",
        "MULTI",
        "KEYS *",
        "EXEC" => SAME_KIND,
        "KEYS *" => UNORDERED,
    ]);
}

#[test]
fn the_whole_keyspace_is_counted_inside() {
    each_shoal(|server| {
        let mut client = server.client();
        let keys: Vec<String> = (0..100).map(|number| format!("key:{number}")).collect();
        let pairs: Vec<&str> = keys.iter().flat_map(|key| [key.as_str(), "v"]).collect();
        client.line("MULTI");
        client.cmd(&[&["MSET"], &pairs[..]].concat());
        client.line("INFO keyspace");
        client.line("DBSIZE");
        client.line("CLIENT LIST");
        client.line("DEBUG DIGEST");
        client.line("KEYS *");
        let reply = client.line("EXEC");
        let replies = reply.elements();
        assert!(replies[1].text().contains("db0:keys=100,"), "{replies:?}");
        assert_eq!(replies[2], Reply::Int(100));
        assert!(replies[3].text().contains(" multi=6 "), "{replies:?}");
        assert!(replies[3].text().contains(" cmd=exec "), "{replies:?}");
        assert_eq!(replies[5].elements().len(), 100);
        assert_eq!(client.line("DEBUG DIGEST"), replies[4]);
    });
}

/// Many clients want the house at once, and questions come in between.
#[test]
fn houses_take_turns() {
    each_shoal(|server| {
        let house = |mut client: Client| {
            for _ in 0..30 {
                let lines = ["MULTI", "DBSIZE", "INFO keyspace", "INCR n", "DBSIZE", "EXEC"];
                let replies = client.pipeline(&lines);
                let Reply::Array(replies) = &replies[5] else { panic!("{replies:?}") };
                assert_eq!(replies.len(), 4);
            }
        };
        let others = |mut client: Client| {
            for _ in 0..60 {
                client.pipeline(&[
                    "INFO",
                    "MSET a 1 b 2 c 3",
                    "CONFIG SET maxclients 9999",
                    "GET n",
                ]);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..3 {
                let (one, other) = (server.client(), server.client());
                scope.spawn(move || house(one));
                scope.spawn(move || others(other));
            }
        });
        let mut client = server.client();
        assert_eq!(client.line("GET n"), Reply::bulk("90"));
        client.line("CONFIG SET maxclients 10000");
    });
}
