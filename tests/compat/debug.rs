//! DEBUG, as far as it is there.

use testkit::normalise::SAME_KIND;
use testkit::{Launch, script};

use crate::ways::{NUMBERS_ASIDE, SAME_ENDS};
use crate::{check, each_server};

#[test]
fn questions() {
    check(&script![
        "DEBUG",
        "DEBUG FOO",
        "DEBUG \"F\\r\\nO\" x",
        "DEBUG HELP" => SAME_ENDS,
        "DEBUG SLEEP",
        "DEBUG SLEEP abc",
        "DEBUG SLEEP 0",
        "DEBUG SLEEP 0.001",
        "DEBUG SLEEP 0 0",
        "DEBUG ERROR",
        "DEBUG ERROR foo",
        "DEBUG ERROR \"-foo bar\"",
        "DEBUG ERROR \"ERR foo bar\"",
        "DEBUG ERROR \"ERR a\\r\\nb\"",
        "DEBUG LOG",
        "DEBUG LOG foo",
        "DEBUG STRINGMATCH-LEN",
        "DEBUG STRINGMATCH-LEN 100 *",
        "DEBUG STRINGMATCH-LEN 10 a*",
        "DEBUG STRINGMATCH-LEN abc *",
        "DEBUG SET-ACTIVE-EXPIRE",
        "DEBUG SET-ACTIVE-EXPIRE 0",
        "DEBUG SET-ACTIVE-EXPIRE 1",
        "DEBUG REPLYBUFFER",
        "DEBUG REPLYBUFFER foo",
    ]);
}

#[test]
fn objects() {
    check(&script![
        "MSET a 1 b hello",
        "DEBUG OBJECT",
        "DEBUG OBJECT none",
        "DEBUG OBJECT b" => NUMBERS_ASIDE,
        "DEBUG OBJECT a" => SAME_KIND,
        "DEBUG OBJECT a b",
    ]);
}

#[test]
fn digests() {
    check(&script![
        "DEBUG DIGEST",
        "MSET a 1 b 2 c 3 d 4 e hello f \"\" g \"\\x00\\xff\"",
        "DEBUG DIGEST",
        "DEBUG DIGEST a",
        "DEBUG DIGEST-VALUE",
        "DEBUG DIGEST-VALUE a",
        "DEBUG DIGEST-VALUE g a none b f e",
        "SELECT 2",
        "MSET a 1 z 9",
        "DEBUG DIGEST",
        "DEBUG DIGEST-VALUE a z b",
        "PEXPIREAT a 99999999999999",
        "DEBUG DIGEST",
        "DEBUG DIGEST-VALUE a",
        "DEL a z",
        "SELECT 0",
        "DEBUG DIGEST",
        "FLUSHALL",
        "DEBUG DIGEST",
    ]);
}

#[test]
fn population() {
    check(&script![
        "DEBUG POPULATE",
        "DEBUG POPULATE abc",
        "DEBUG POPULATE -1",
        "DEBUG POPULATE 0",
        "DBSIZE",
        "DEBUG POPULATE 100",
        "DBSIZE",
        "GET key:0",
        "GET key:99",
        "GET key:100",
        "DEBUG POPULATE 10 foo",
        "GET foo:9",
        "DEBUG POPULATE 10 bar 5",
        "GET bar:0",
        "DEBUG POPULATE 10 bar 50",
        "GET bar:9",
        "DEBUG POPULATE 10 baz 50",
        "GET baz:9",
        "DEBUG POPULATE 10 qux abc",
        "DEBUG POPULATE 1 a b c d",
        "DEBUG DIGEST",
        "DBSIZE",
    ]);
}

#[test]
fn every_kind_of_reply() {
    check(&script![
        "DEBUG PROTOCOL",
        "DEBUG PROTOCOL foo",
        "DEBUG PROTOCOL string",
        "DEBUG PROTOCOL integer",
        "DEBUG PROTOCOL double",
        "DEBUG PROTOCOL null",
        "DEBUG PROTOCOL array",
        "DEBUG PROTOCOL set",
        "DEBUG PROTOCOL map",
        "DEBUG PROTOCOL attrib",
        "DEBUG PROTOCOL push",
        "DEBUG PROTOCOL verbatim",
        "DEBUG PROTOCOL true",
        "DEBUG PROTOCOL false",
        "DEBUG PROTOCOL bignum",
    ]);
}

#[test]
fn keys_stay_where_nobody_looks_while_expiry_is_off() {
    each_server(|server| {
        let mut client = server.client();
        client.line("DEBUG SET-ACTIVE-EXPIRE 0");
        client.line("MSET a 1 b 2 c 3 d 4");
        for key in ["a", "b", "c", "d"] {
            client.line(&format!("PEXPIRE {key} 1"));
        }
        client.line("DEBUG SLEEP 0.3");
        assert_eq!(client.line("DBSIZE").int(), 4);
        assert_eq!(client.line("GET a"), testkit::Reply::Nil);
        assert_eq!(client.line("DBSIZE").int(), 3);
        client.line("DEBUG SET-ACTIVE-EXPIRE 1");
        while client.line("DBSIZE").int() > 0 {}
    });
}

/// The door is shut unless the configuration opens it.
#[test]
fn permission() {
    for (value, is_open) in [("no", false), ("yes", true), ("local", true)] {
        for launch in [Launch::oracle(), Launch::shoal(env!("CARGO_BIN_EXE_shoal"))] {
            let server = launch.args(["--enable-debug-command", value]).start();
            let reply = server.client().line("DEBUG SLEEP 0");
            assert_eq!(reply.error().is_empty(), is_open, "{value}: {reply:?}");
            if !is_open {
                assert!(reply.error().starts_with("ERR DEBUG command not allowed. If the"));
            }
        }
    }
}
