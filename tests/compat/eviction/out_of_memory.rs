//! Who is refused when memory runs out, and in which words.

use testkit::script;
use testkit::script::Step;

use crate::check;

/// Plays the lines where there is no memory, on keys that are there.
#[track_caller]
fn check_without_memory(policy: &str, lines: &[&str]) {
    let mut steps = script![
        "CONFIG SET maxmemory 0",
        "MSET a 1 b 2 c 3",
        "RPUSH list x y z",
        "SADD set x y z",
    ]
    .to_vec();
    steps.push(Step::words(&["CONFIG", "SET", "maxmemory-policy", policy]));
    steps.push(Step::line("CONFIG SET maxmemory 1"));
    steps.extend(lines.iter().map(|line| Step::line(line)));
    steps.push(Step::line("CONFIG SET maxmemory 0 maxmemory-policy noeviction"));
    check(&steps);
}

#[test]
fn parameters() {
    check(&script![
        "CONFIG SET maxmemory abc",
        "CONFIG SET maxmemory -1",
        "CONFIG SET maxmemory 1.5gb",
        "CONFIG SET maxmemory 100mb",
        "CONFIG GET maxmemory",
        "CONFIG SET maxmemory 2g",
        "CONFIG GET maxmemory",
        "CONFIG SET maxmemory 0",
        "CONFIG SET maxmemory-samples 0",
        "CONFIG SET maxmemory-samples 2147483648",
        "CONFIG SET maxmemory-samples 1",
        "CONFIG SET maxmemory-samples 5",
        "CONFIG SET maxmemory-eviction-tenacity 101",
        "CONFIG SET maxmemory-eviction-tenacity -1",
        "CONFIG SET maxmemory-eviction-tenacity 0",
        "CONFIG SET maxmemory-eviction-tenacity 10",
        "CONFIG SET lazyfree-lazy-eviction maybe",
        "CONFIG SET lazyfree-lazy-eviction yes",
        "CONFIG GET lazyfree-lazy-eviction",
        "CONFIG SET lazyfree-lazy-eviction no",
        "CONFIG SET maxmemory-policy allkeys-lfu",
        "CONFIG GET maxmemory-policy",
        "CONFIG SET maxmemory-policy some",
        "CONFIG SET maxmemory-policy noeviction",
    ]);
}

/// One command of every kind that is there, those first that may need memory.
#[test]
fn who_may_need_memory_is_refused() {
    check_without_memory(
        "noeviction",
        &[
            "SET d 4",
            "SET a",
            "SET a 1 FOO",
            "SETNX a 1",
            "SETEX a 10 1",
            "GETSET a 1",
            "APPEND a 1",
            "SETRANGE a 0 x",
            "INCR a",
            "DECR a",
            "INCRBYFLOAT a 1",
            "MSET a 1 b 1 c 1",
            "MSETNX d 1 e 1 f 1",
            "MSET a",
            "COPY a d",
            "LPUSH list 1",
            "RPUSHX list 1",
            "LINSERT list BEFORE x y",
            "LSET list 0 z",
            "RPOPLPUSH list other",
            "LMOVE list other LEFT LEFT",
            "SADD set 1",
            "SUNIONSTORE other set",
            "SINTERSTORE other set another third",
            "SDIFFSTORE other set another",
            // These may not, or free some.
            "GET a",
            "MGET a b c",
            "GETEX a EX 100",
            "GETDEL c",
            "EXPIRE a 100",
            "PERSIST a",
            "RENAME a d",
            "LPOP list",
            "LTRIM list 0 0",
            "LREM list 0 x",
            "SREM set x",
            "SMOVE set other y",
            "SMISMEMBER set x y",
            "MOVE b 1",
            "SELECT 1",
            "SWAPDB 0 1",
            "EXISTS a b c d e f",
            "OBJECT ENCODING d",
            "TYPE d",
            "PING",
            "ECHO a",
            "FOO",
            "UNLINK a b c",
            "DEL d",
            "SCAN 0 COUNT",
            "FLUSHDB",
            "FLUSHALL",
            "SET a 1",
            "DBSIZE",
        ],
    );
}

/// Nothing that the policy permits is there, so nothing can be evicted.
#[test]
fn a_volatile_policy_without_volatile_keys_refuses() {
    for policy in ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"] {
        check_without_memory(policy, &["SET d 1", "MSET a 2 b 2 c 2", "GET a", "DBSIZE"]);
    }
}

#[test]
fn a_queue_needs_memory() {
    check_without_memory(
        "noeviction",
        &[
            "MULTI", "GET a", "EXEC", // Refused, so EXEC is.
            "MULTI", "PING", "DISCARD", "MULTI", "SET a 2", "RESET", "MULTI", "MULTI", "EXEC",
            "WATCH a", "MULTI", "EXEC", "MULTI", "WATCH a", "EXEC", "MULTI", "FOO", "EXEC",
            "MULTI", "GET", "EXEC", "EXEC", "DISCARD", "MULTI", "QUIT",
        ],
    );
}

/// Whether the queue needs memory is asked at EXEC.
#[test]
fn memory_runs_out_before_exec() {
    for queue in [
        &["SET a 2"][..],
        &["GET a"],
        &["DEL a", "GET b"],
        &["GET a", "SET b 2", "SET c 2"],
        &["SET a 2", "SET b 2", "SET c 2", "DBSIZE"],
        &["MGET a b c", "DBSIZE", "PING"],
        &["PING"],
        &[],
    ] {
        for watched in ["PING", "WATCH a b nothing"] {
            let mut steps = script!["CONFIG SET maxmemory 0", "MSET a 1 b 1 c 1"].to_vec();
            steps.push(Step::line(watched));
            steps.push(Step::line("MULTI"));
            steps.extend(queue.iter().map(|line| Step::line(line)));
            steps.extend_from_slice(&script![
                "@other CONFIG SET maxmemory 1",
                "EXEC",
                "EXEC",
                "MGET a b c",
                "CONFIG SET maxmemory 0",
                "SET a 3",
                "MULTI",
                "GET a",
                "EXEC",
            ]);
            check(&steps);
        }
    }
}

/// Touched keys and missing memory: memory is asked for first. (Redis forgets what is queued after
/// a watched key was touched, and so that it needs memory.)
#[test]
fn a_touched_key_does_not_matter_then() {
    check(&script![
        "MSET a 1 b 1 c 1",
        "WATCH a",
        "MULTI",
        "SET b 2",
        "SET c 2",
        "@other SET a 2",
        "@other CONFIG SET maxmemory 1",
        "EXEC",
        "CONFIG SET maxmemory 0",
        "MGET a b c",
        "MULTI",
        "SET b 2",
        "SET c 2",
        "EXEC",
    ]);
}

/// A queue that has begun runs to its end, though it takes the memory away itself.
#[test]
fn what_has_begun_is_not_refused() {
    check(&script![
        "MULTI",
        "SET a 1",
        "CONFIG SET maxmemory 1",
        "SET b 1",
        "MSET c 1 d 1 e 1",
        "CONFIG SET maxmemory 0",
        "EXEC",
        "MGET a b c d e",
    ]);
}

#[test]
fn it_is_counted_as_a_rejection() {
    crate::each_server(|server| {
        let mut client = server.client();
        client.line("CONFIG RESETSTAT");
        client.line("CONFIG SET maxmemory 1");
        client.line("SET a 1");
        client.line("MSET a 1 b 1 c 1");
        client.line("CONFIG SET maxmemory 0");
        let text = client.line("INFO everything").text();
        for name in ["cmdstat_set:", "cmdstat_mset:"] {
            let line = text.lines().find(|line| line.starts_with(name));
            let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
            assert!(line.contains("calls=0,"), "{line}");
            assert!(line.ends_with("rejected_calls=1,failed_calls=0"), "{line}");
        }
        assert!(text.contains("errorstat_OOM:count=2\r\n"), "{text}");
    });
}
