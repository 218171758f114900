use crate::commands::harness::{Bench, NOW_MS};
use crate::{Pause, PauseMode};

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
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
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
#[should_panic(expected = "nothing waits on the bench")]
fn a_pause_of_all_holds_everybody() {
    let mut bench = Bench::new();
    bench.front().pause = Some(Pause { mode: PauseMode::All, until_ms: NOW_MS + 1 });
    bench.ask("CLIENT UNPAUSE");
}

#[test]
#[should_panic(expected = "nothing waits on the bench")]
fn a_pause_of_writes_holds_writers() {
    let mut bench = Bench::new();
    bench.front().pause = Some(Pause { mode: PauseMode::Write, until_ms: NOW_MS + 1 });
    assert_eq!(bench.ask("PING"), "+PONG\r\n");
    assert_eq!(bench.ask("DEBUG OBJECT k"), "-ERR no such key\r\n");
    bench.ask("SET k v");
}
