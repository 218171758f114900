//! SLOWLOG.

use testkit::{Reply, Server, script};

use crate::ways::{HELP, SLOW_ENTRIES};
use crate::{check, each_server};

#[test]
fn questions() {
    check(&script![
        "CONFIG SET slowlog-log-slower-than -1",
        "SLOWLOG",
        "SLOWLOG FOO",
        "SLOWLOG HELP" => HELP,
        "SLOWLOG RESET",
        "SLOWLOG LEN",
        "SLOWLOG GET",
        "SLOWLOG GET abc",
        "SLOWLOG GET -2",
        "SLOWLOG GET -1",
        "SLOWLOG GET 0",
        "SLOWLOG GET 1 2",
        "SLOWLOG RESET a",
        "SLOWLOG LEN a",
        "CONFIG SET slowlog-log-slower-than 10000",
    ]);
}

#[test]
fn entries() {
    let long = "x".repeat(300);
    let many = "w ".repeat(40);
    // On a busy machine anything may take ten milliseconds.
    check(&script![
        "CONFIG SET slowlog-log-slower-than -1",
        "SLOWLOG RESET",
        "CLIENT SETNAME me",
        "CONFIG SET slowlog-log-slower-than 0",
        "PING",
        "SET a 1",
        "GET a",
        "MGET a b c",
        "DBSIZE",
        "FOO",
        "GET",
        "INCR a b",
        format!("ECHO {long}"),
        format!("DEL {many}"),
        "CONFIG SET slowlog-log-slower-than -1",
        "SLOWLOG LEN",
        "SLOWLOG GET 1" => SLOW_ENTRIES,
        "SLOWLOG GET 3" => SLOW_ENTRIES,
        "SLOWLOG GET" => SLOW_ENTRIES,
        "SLOWLOG GET -1" => SLOW_ENTRIES,
        "SLOWLOG GET 100" => SLOW_ENTRIES,
        "CONFIG SET slowlog-max-len 2",
        "CONFIG SET slowlog-log-slower-than 0",
        "PING",
        "CONFIG SET slowlog-log-slower-than -1",
        "SLOWLOG LEN",
        "SLOWLOG GET -1" => SLOW_ENTRIES,
        "SLOWLOG RESET",
        "SLOWLOG LEN",
        "CONFIG SET slowlog-max-len 128",
        "CONFIG SET slowlog-log-slower-than 10000",
        "CLIENT SETNAME \"\"",
    ]);
}

#[test]
fn ids_rise_over_all_cores() {
    each_server(|server: &Server| {
        let mut client = server.client();
        client.line("SLOWLOG RESET");
        client.line("CONFIG SET slowlog-log-slower-than 0");
        for n in 0..30 {
            server.client().line(&format!("SET key:{n} 1"));
        }
        client.line("CONFIG SET slowlog-log-slower-than 10000");
        let entries = client.line("SLOWLOG GET 30");
        let ids: Vec<i64> =
            entries.elements().iter().map(|entry| entry.elements()[0].int()).collect();
        assert_eq!(ids.len(), 30);
        assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "the newest comes first: {ids:?}");
        assert_eq!(client.line("SLOWLOG RESET"), Reply::ok());
    });
}
