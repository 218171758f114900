//! Tests of the gate: who is let in, and in which words others are refused.

use command::CommandId;
use stdx::prng::Prng;

use crate::commands::harness::{Bench, NOW_MS, POSTPONED};
use crate::{Admission, Pause, PauseMode, Run, admit};

const NOAUTH: &str = "-NOAUTH Authentication required.\r\n";

/// What Redis 7.0 says of the same words.
#[test]
fn unknown_commands_are_quoted_as_redis_quotes_them() {
    let mut bench = Bench::new();
    let a = |count| "a".repeat(count);
    for (words, name, listed) in [
        (vec!["FOO".to_owned()], "FOO".to_owned(), String::new()),
        (vec!["foo".into(), "a\r\nb".into(), "c'd".into()], "foo".into(), "'a  b' 'c'd' ".into()),
        (vec!["f\r\noo\0z".into(), "a".into()], "f  oo".into(), "'a' ".into()),
        (vec!["foo".into(), "a\0b".into(), String::new()], "foo".into(), "'a' '' ".into()),
        (vec!["foo".into(), a(200), "b".into()], "foo".into(), format!("'{}' ", a(128))),
        (
            vec!["foo".into(), a(100), "b".repeat(99), "c".into()],
            "foo".into(),
            format!("'{}' '{}' ", a(100), "b".repeat(25)),
        ),
        (vec![a(200), "b".into()], a(128), "'b' ".into()),
        (vec![String::new()], String::new(), String::new()),
    ] {
        let words: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        let expected =
            format!("-ERR unknown command '{name}', with args beginning with: {listed}\r\n");
        assert_eq!(bench.ask_words(&words), expected);
    }
    let refused = "-ERR unknown command 'config|get', with args beginning with: 'a' \r\n";
    assert_eq!(bench.ask("config|get a"), refused);
}

#[test]
fn unknown_subcommands_point_to_the_help() {
    let mut bench = Bench::new();
    for (word, quoted) in [
        (b"foo".as_slice(), "foo".to_owned()),
        (b"", String::new()),
        (b"\0b", String::new()),
        (b"a\r\n\0b", "a  ".to_owned()),
        (&[b'a'; 200], "a".repeat(128)),
    ] {
        let expected = format!("-ERR unknown subcommand '{quoted}'. Try CONFIG HELP.\r\n");
        assert_eq!(bench.ask_words(&[b"config", word, b"x"]), expected);
    }
}

#[test]
fn the_number_of_words_is_checked() {
    let mut bench = Bench::new();
    for (line, name) in [
        ("CONFIG", "config"),
        ("config get", "config|get"),
        ("CLIENT ID x", "client|id"),
        ("GET", "get"),
        ("TIME x", "time"),
    ] {
        let expected = format!("-ERR wrong number of arguments for '{name}' command\r\n");
        assert_eq!(bench.ask(line), expected);
    }
}

#[test]
fn strangers_learn_what_exists_but_nothing_else() {
    let mut bench = Bench::new();
    bench.ask("CONFIG SET requirepass secret");
    bench.new_client();
    assert!(bench.ask("FOO").starts_with("-ERR unknown command 'FOO'"));
    assert!(bench.ask("CONFIG FOO").starts_with("-ERR unknown subcommand 'FOO'"));
    assert!(bench.ask("GET").starts_with("-ERR wrong number of arguments"));
    for line in ["GET a", "PING", "CONFIG GET hz", "DEBUG nosuch", "DEBUG SLEEP 0"] {
        assert_eq!(bench.ask(line), NOAUTH, "{line}");
    }
    assert_eq!(bench.ask("QUIT"), "+OK\r\n");
}

#[test]
fn pauses_hold_those_whom_they_mean() {
    let mut bench = Bench::new();
    let held = format!("-{POSTPONED}\r\n");
    bench.front().pause = Some(Pause { mode: PauseMode::Write, until_ms: NOW_MS + 1 });
    assert_eq!(bench.ask("PING"), "+PONG\r\n");
    assert_eq!(bench.ask("DEBUG OBJECT k"), "-ERR no such key\r\n");
    assert_eq!(bench.ask("SET k v"), held);
    bench.front().pause = Some(Pause { mode: PauseMode::All, until_ms: NOW_MS + 1 });
    for line in ["PING", "CLIENT UNPAUSE", "DEBUG OBJECT k", "COMMAND"] {
        assert_eq!(bench.ask(line), held);
    }
    assert!(bench.ask("NOSUCH").starts_with("-ERR unknown command"));
}

/// A pause of writes holds what would be queued, and an EXEC that would write.
#[test]
fn pauses_hold_transactions() {
    let mut bench = Bench::new();
    let held = format!("-{POSTPONED}\r\n");
    let write_pause = Some(Pause { mode: PauseMode::Write, until_ms: NOW_MS + 1 });
    bench.ask("MULTI");
    assert_eq!(bench.ask("GET k"), "+QUEUED\r\n");
    bench.front().pause = write_pause;
    let is_held = |bench: &mut Bench| {
        let (front, table) = (&bench.cores[0].front, crate::table());
        let (_, session) = bench.cores[0].sessions.iter().next_back().expect("a client");
        let words = resp::Argv::from_words(&[b"EXEC"]);
        let admission = admit(front, &session.client, words.as_args(), table.lookup(b"EXEC"));
        matches!(admission, Admission::Postpone)
    };
    assert_eq!(bench.ask("SET k v"), held);
    assert!(!is_held(&mut bench), "it only reads");
    bench.front().pause = None;
    assert_eq!(bench.ask("SET k v"), "+QUEUED\r\n");
    assert_eq!(bench.ask("DEBUG OBJECT k"), "+QUEUED\r\n", "private containers wait as well");
    bench.front().pause = write_pause;
    assert!(is_held(&mut bench));
}

/// Who needs memory is refused where there is none; so is everything that a queue would have to
/// remember, but not what ends the queue.
#[test]
fn without_memory_only_what_needs_none_is_let_in() {
    const OOM: &str = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    let mut bench = Bench::new();
    bench.front().is_out_of_memory = true;
    assert_eq!(bench.ask("SET k v"), OOM);
    assert!(bench.ask("SET k").starts_with("-ERR wrong number"), "the words come first");
    assert_eq!(bench.ask("GET k"), "$-1\r\n");
    assert_eq!(bench.ask("MULTI"), "+OK\r\n");
    for line in ["GET k", "PING", "SET k v", "MULTI", "WATCH k", "UNWATCH"] {
        assert_eq!(bench.ask(line), OOM, "{line}");
    }
    assert_eq!(bench.ask("DISCARD"), "+OK\r\n");
    bench.ask("MULTI");
    assert_eq!(bench.ask("RESET"), "+RESET\r\n");
}

/// EXEC needs memory if one of its commands does.
#[test]
fn without_memory_a_queue_runs_that_needs_none() {
    let mut bench = Bench::new();
    for (line, is_refused) in [("GET k", false), ("SET k v", true), ("DEL k", false)] {
        bench.front().is_out_of_memory = false;
        bench.ask("MULTI");
        assert_eq!(bench.ask(line), "+QUEUED\r\n");
        bench.front().is_out_of_memory = true;
        let (front, table) = (&bench.cores[0].front, crate::table());
        let (_, session) = bench.cores[0].sessions.iter().next_back().expect("a client");
        let words = resp::Argv::from_words(&[b"EXEC"]);
        let admission = admit(front, &session.client, words.as_args(), table.lookup(b"EXEC"));
        assert_eq!(matches!(admission, Admission::Refuse(..)), is_refused, "{line}");
        bench.new_client();
    }
}

/// Whatever the words, there is an answer.
#[test]
fn no_words_are_too_strange() {
    const SEED: u64 = 2026;
    const MORE: [&[u8]; 28] = [
        b"",
        b"\0",
        b"a\r\nb",
        b"\xff",
        b"0",
        b"1",
        b"-1",
        b"9223372036854775807",
        b"1e9999",
        b"99999999999999999999",
        b"all",
        b"on",
        b"TYPE",
        b"normal",
        b"FILTERBY",
        b"AUTH",
        b"SETNAME",
        b"hz",
        b"requirepass",
        b"*",
        b"VERSION",
        b"5",
        b"MAXAGE",
        b"ADDR",
        b"SKIPME",
        b"no",
        b"set",
        b"default",
    ];
    let mut bench = Bench::new();
    let table = bench.front().table;
    let is_ours = |id: &CommandId| match table.get(*id).run {
        Some(Run::Data(run)) => matches!(run, commands::Run::Shard(_)),
        Some(Run::Exec | Run::Watch) => false,
        _ => !["POPULATE", "MULTI"].contains(&table.get(*id).spec.name),
    };
    let ours: Vec<CommandId> = table.all().filter(is_ours).collect();
    let mut prng = Prng::new(SEED);
    for round in 0..20_000 {
        let id = ours[prng.below(ours.len() as u64) as usize];
        let name = table.full_name(id).to_owned();
        let mut words: Vec<&[u8]> = name.split('|').map(str::as_bytes).collect();
        for _ in 0..prng.below(6) {
            words.push(MORE[prng.below(MORE.len() as u64) as usize]);
        }
        let reply = bench.ask_words(&words);
        let silent = ["shutdown", "client|reply"].contains(&name.as_str());
        assert!(silent || reply.ends_with("\r\n"), "seed {SEED}, round {round}: {words:?}");
        if prng.below(20) == 0 {
            bench.front().pause = None;
            bench.take_effects();
            bench.new_client();
        }
    }
}
