//! WATCH: who has touched what, as two connections see it.

use testkit::script::Step;
use testkit::{Client, Reply, script};

use super::check_both;
use crate::{each_server, each_shoal};

/// EXEC after this was done to a watched key `a`, on another connection and on the same one.
fn after(touches: &[&str]) -> Vec<Step> {
    let mut steps = Vec::new();
    for by in ["@b ", ""] {
        steps.extend(script!["SELECT 0", "FLUSHALL", "MSET a 1 b 2", "SET e v PX 100000"]);
        steps.extend(script!["@b SELECT 0", "WATCH a b none"]);
        steps.extend(touches.iter().map(|touch| Step::from(format!("{by}{touch}"))));
        steps.extend(script!["SELECT 0", "MULTI", "SET ran 1", "EXEC", "GET ran"]);
        steps.extend(script!["MULTI", "SET ran 2", "EXEC", "GET ran"]);
    }
    steps
}

#[test]
fn any_change_counts() {
    for touch in [
        "SET a 1",
        "SET none 1",
        "SET other 1",
        "APPEND a x",
        "APPEND a \"\"",
        "INCR a",
        "GETSET a 1",
        "GETDEL a",
        "GETEX a",
        "GETEX a EX 100",
        "GETEX a PERSIST",
        "GET a",
        "DEL a",
        "DEL none",
        "DEL other",
        "UNLINK b",
        "EXPIRE a 100",
        "EXPIRE none 100",
        "EXPIRE a -1",
        "PERSIST a",
        "TOUCH a",
        "EXISTS a",
        "RENAME a c",
        "RENAME c a",
        "RENAME e a",
        "RENAMENX e a",
        "RENAMENX e none",
        "COPY a c",
        "COPY e a",
        "COPY e a REPLACE",
        "COPY e none",
        "MOVE a 1",
        "MSET x 1 y 2",
        "MSET x 1 b 2",
        "MSETNX none 1 x 2",
        "MSETNX none 1 a 2",
        "SETRANGE a 0 \"\"",
        "SETRANGE a 0 x",
        "SETRANGE none 0 \"\"",
        "SET a v NX",
        "SET a v XX",
        "INCR e",
        "INCRBYFLOAT a 0",
        "FLUSHALL",
        "FLUSHDB",
        "SWAPDB 0 1",
        "SWAPDB 2 1",
        "SWAPDB 0 0",
    ] {
        check_both(&after(&[touch]));
    }
}

#[test]
fn keys_are_of_a_database() {
    check_both(&after(&["SELECT 1", "SET a 1"]));
    check_both(&after(&["SELECT 1", "FLUSHDB"]));
    check_both(&after(&["SELECT 1", "SET a 1", "SWAPDB 1 0"]));
    check_both(&after(&["SELECT 1", "MOVE a 0", "COPY a b DB 0"]));
    check_both(&after(&["SELECT 1", "SET x 1", "COPY x a DB 0 REPLACE"]));
    check_both(&script![
        "SELECT 1",
        "WATCH a",
        "SELECT 0",
        "WATCH a",
        "@b SELECT 1",
        "@b SET a 1",
        "MULTI",
        "PING",
        "EXEC",
        "WATCH a",
        "@b SET a 2",
        "MULTI",
        "PING",
        "EXEC",
        "WATCH a",
        "@b SWAPDB 0 1",
        "MULTI",
        "PING",
        "EXEC",
        "WATCH none",
        "@b SWAPDB 0 1",
        "@b FLUSHALL",
        "MULTI",
        "PING",
        "EXEC",
    ]);
}

#[test]
fn interest_ends() {
    for end in ["UNWATCH", "RESET", "EXEC a"] {
        check_both(&after(&["SET a 2", end]));
        check_both(&after(&[end, "SET a 2"]));
    }
    check_both(&script![
        "WATCH a",
        "MULTI",
        "DISCARD",
        "@b SET a 1",
        "MULTI",
        "GET a",
        "EXEC",
        "WATCH a",
        "WATCH a a b a",
        "MULTI",
        "UNWATCH",
        "GET a",
        "EXEC",
        "WATCH a",
        "@b SET a 2",
        "MULTI",
        "UNWATCH",
        "GET a",
        "EXEC",
        "WATCH a",
        "@b SET a 3",
        "MULTI",
        "FOO",
        "EXEC",
        "MULTI",
        "GET a",
        "EXEC",
    ]);
}

#[test]
fn nothing_of_an_aborted_exec_happens() {
    check_both(&script![
        "SET a 1",
        "WATCH a b c d e f g h",
        "@b SET h 1",
        "MULTI",
        "SELECT 3",
        "CLIENT SETNAME me",
        "MSET a 2 b 3 c 4",
        "RENAME a d",
        "EXEC",
        "CLIENT GETNAME",
        "MGET a b c d e f g h",
        "WATCH a",
        "@b DEL a",
        "MULTI",
        "FLUSHALL",
        "DBSIZE",
        "CONFIG SET maxclients 77",
        "EXEC",
        "DBSIZE",
        "CONFIG GET maxclients",
    ]);
}

#[test]
fn own_changes_inside_exec_count_for_others_only() {
    check_both(&script![
        "WATCH a",
        "@b WATCH a",
        "@c WATCH b",
        "MULTI",
        "SET a 1",
        "EXEC",
        "@b MULTI",
        "@b SET b 1",
        "@b EXEC",
        "@c MULTI",
        "@c SET b 2",
        "@c EXEC",
        "WATCH a b c d e f g h",
        "@b MULTI",
        "@b RENAME a h",
        "@b SET z 1",
        "@b EXEC",
        "MULTI",
        "GET h",
        "EXEC",
    ]);
}

/// What is done while a watched key ends, and whether EXEC runs then.
struct Ending {
    /// Before WATCH, once the key's time is over if `is_dead` is set.
    before: &'static [&'static str],
    /// The key's time is over as it is watched.
    is_dead: bool,
    /// After both.
    after: &'static [&'static str],
    runs: bool,
}

const ENDINGS: [Ending; 14] = [
    Ending { before: &[], is_dead: false, after: &[], runs: false },
    Ending { before: &[], is_dead: false, after: &["EXISTS a"], runs: false },
    Ending { before: &[], is_dead: false, after: &["FLUSHALL"], runs: false },
    Ending { before: &[], is_dead: false, after: &["SWAPDB 0 1"], runs: false },
    Ending { before: &[], is_dead: true, after: &[], runs: true },
    Ending { before: &[], is_dead: true, after: &["EXISTS a"], runs: true },
    Ending { before: &[], is_dead: true, after: &["FLUSHALL"], runs: true },
    Ending { before: &[], is_dead: true, after: &["SWAPDB 0 1"], runs: true },
    Ending { before: &[], is_dead: true, after: &["DEL a"], runs: true },
    Ending { before: &[], is_dead: true, after: &["SET a 1"], runs: false },
    Ending { before: &[], is_dead: true, after: &["EXISTS a", "SET a 1"], runs: false },
    Ending { before: &[], is_dead: true, after: &["RENAME a b"], runs: true },
    // An absent key in whose place a dead one comes.
    Ending { before: &["SWAPDB 0 1"], is_dead: true, after: &["SWAPDB 0 1"], runs: true },
    Ending {
        before: &["SWAPDB 0 1"],
        is_dead: true,
        after: &["SWAPDB 0 1", "EXISTS a"],
        runs: true,
    },
];

/// The cycle is off: a key ends when its time is over, and vanishes when somebody meets it.
#[test]
fn expired_keys() {
    each_server(|server| {
        let mut client = server.client();
        let mut other = server.client();
        assert_eq!(client.line("DEBUG SET-ACTIVE-EXPIRE 0"), Reply::ok());
        for (number, ending) in ENDINGS.iter().enumerate() {
            client.line("FLUSHALL");
            client.line("SET a v PX 100");
            client.line("SET clock v PX 110");
            let wait = |other: &mut Client| while other.line("EXISTS clock") != Reply::Int(0) {};
            if ending.is_dead {
                wait(&mut other);
            }
            ending.before.iter().for_each(|line| drop(other.line(line)));
            assert_eq!(client.line("WATCH a"), Reply::ok());
            wait(&mut other);
            ending.after.iter().for_each(|line| drop(other.line(line)));
            assert_eq!(client.line("MULTI"), Reply::ok());
            client.line("PING");
            let ran = client.line("EXEC") != Reply::NilArray;
            assert_eq!(ran, ending.runs, "ending {number}, {:?}", server.address());
        }
        assert_eq!(client.line("DEBUG SET-ACTIVE-EXPIRE 1"), Reply::ok());
    });
}

/// The cycle finds keys that nobody meets.
#[test]
fn keys_that_the_cycle_finds() {
    each_server(|server| {
        let mut client = server.client();
        for key in ["a", "b", "c"] {
            // On a busy machine it may be over before it is watched: then once more.
            while {
                client.cmd(&["SET", key, "v", "PX", "30"]);
                client.cmd(&["WATCH", key]);
                client.cmd(&["EXISTS", key]) == Reply::Int(0)
            } {
                client.cmd(&["UNWATCH"]);
            }
            while client.line("DBSIZE") != Reply::Int(0) {}
            client.line("MULTI");
            client.line("PING");
            assert_eq!(client.line("EXEC"), Reply::NilArray, "{key}");
        }
    });
}

/// What is counted of those who watch comes back to nothing.
#[test]
fn nothing_is_left_behind() {
    let field = |client: &mut Client, name: &str| {
        let info = client.line("INFO clients");
        let text = info.text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a field");
        line.trim_start_matches(':').trim().to_owned()
    };
    each_shoal(|server| {
        let mut admin = server.client();
        let keys: Vec<String> = (0..2_000).map(|number| format!("key:{number}")).collect();
        let words: Vec<&str> = ["WATCH"].into_iter().chain(keys.iter().map(|key| &**key)).collect();
        let mut clients: Vec<Client> = (0..4).map(|_| server.client()).collect();
        for client in &mut clients {
            assert_eq!(client.cmd(&words), Reply::ok());
            assert_eq!(client.line("WATCH key:1 key:2 another"), Reply::ok());
        }
        assert_eq!(field(&mut admin, "total_watched_keys"), "2001");
        assert_eq!(field(&mut admin, "watching_clients"), "4");
        assert_eq!(clients[0].line("UNWATCH"), Reply::ok());
        clients[1].line("MULTI");
        clients[1].line("MGET key:1 key:2 key:3");
        assert!(matches!(clients[1].line("EXEC"), Reply::Array(_)));
        clients[2].line("MULTI");
        clients[2].line("DBSIZE");
        admin.line("SET key:1999 v");
        assert_eq!(clients[2].line("EXEC"), Reply::NilArray);
        assert_eq!(field(&mut admin, "total_watched_keys"), "2001");
        drop(clients);
        while field(&mut admin, "total_watched_keys") != "0" {}
        assert_eq!(field(&mut admin, "watching_clients"), "0");
    });
}
