//! Tests of DEBUG on a bench.

use config::Permission;

use crate::Effect;
use crate::commands::harness::Bench;

const OK: &str = "+OK\r\n";

fn misused(word: &str) -> String {
    format!(
        "-ERR unknown subcommand or wrong number of arguments for '{word}'. Try DEBUG HELP.\r\n"
    )
}

#[test]
fn debug_is_closed_unless_opened() {
    let mut bench = Bench::new();
    let refused = "-ERR DEBUG command not allowed. If the enable-debug-command option is set to \
        \"local\", you can run it from a local connection, otherwise you need to set this option \
        in the configuration file, and then restart the server.\r\n";
    bench.front().config.enable_debug_command = Permission::Local;
    assert_eq!(bench.ask("DEBUG SLEEP 0"), OK);
    bench.client().peer = "10.0.0.1:5".into();
    assert_eq!(bench.ask("DEBUG SLEEP 0"), refused);
    assert_eq!(bench.ask("DEBUG nosuch"), refused);
    let arity = "-ERR wrong number of arguments for 'debug' command\r\n";
    assert_eq!(bench.ask("DEBUG"), arity);
    bench.client().is_unix = true;
    assert_eq!(bench.ask("DEBUG SLEEP 0"), OK);
    bench.front().config.enable_debug_command = Permission::No;
    assert_eq!(bench.ask("DEBUG SLEEP 0"), refused);
}

#[test]
fn unknown_and_misused_subcommands_are_refused_alike() {
    let mut bench = Bench::new();
    for line in ["foo", "SLEEP", "SLEEP 0 0", "help x", "STRINGMATCH-LEN 1 a", "POPULATE"] {
        assert_eq!(
            bench.ask(&format!("debug {line}")),
            misused(line.split(' ').next().unwrap()),
            "{line}"
        );
    }
    assert_eq!(bench.ask("DEBUG POPULATE 1 a 2 3"), misused("POPULATE"));
    assert_eq!(bench.ask_words(&[b"DEBUG", b"a\0b"]), misused("a"));
}

#[test]
fn sleep_lets_every_core_stand_still() {
    let mut bench = Bench::new();
    for (word, us) in [("0.25", 250_000), ("1x", 1_000_000)] {
        assert_eq!(bench.ask(&format!("DEBUG SLEEP {word}")), OK);
        assert_eq!(bench.take_effects(), [Effect::Sleep(us); 2]);
    }
    for word in ["0", "-1", "x", "nan"] {
        assert_eq!(bench.ask(&format!("DEBUG SLEEP {word}")), OK);
        assert_eq!(bench.take_effects(), [], "{word}");
    }
}

#[test]
fn active_expiry_can_be_stopped_everywhere() {
    let mut bench = Bench::new();
    for (word, is_on) in [("0", false), ("1", true), ("x", false), ("7", true)] {
        assert_eq!(bench.ask(&format!("DEBUG SET-ACTIVE-EXPIRE {word}")), OK);
        for core in &bench.cores {
            assert!(core.shards.iter().flatten().all(|shard| shard.active_expire == is_on));
        }
    }
}

#[test]
fn errors_are_answered_as_they_are() {
    let mut bench = Bench::new();
    for (text, reply) in [
        (b"FOO bar".as_slice(), "-FOO bar\r\n"),
        (b"a\r\nb", "-a  b\r\n"),
        (b"\r\na\n", "-  a \r\n"),
        (b"", "-\r\n"),
        (b"-X y", "--X y\r\n"),
        (b"a\0b", "-a\0b\r\n"),
    ] {
        assert_eq!(bench.ask_words(&[b"DEBUG", b"ERROR", text]), reply);
    }
    assert_eq!(bench.front().stats.error_replies, 0);
    assert_eq!(bench.ask("DEBUG LOG hello"), OK);
}

#[test]
fn populate_makes_each_key_on_its_shard() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("DEBUG POPULATE 1000 k 20"), OK);
    let keys = bench.cores.iter().flat_map(|core| &core.shards).flatten();
    let counts: Vec<usize> = keys.map(|shard| shard.dbs()[0].len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 1000);
    assert!(counts.iter().all(|count| *count > 300), "{counts:?}");
    bench.ask("SELECT 3");
    assert_eq!(bench.ask("DEBUG POPULATE 5"), OK);
    let keys = bench.cores.iter().flat_map(|core| &core.shards).flatten();
    assert_eq!(keys.map(|shard| shard.dbs()[3].len()).sum::<usize>(), 5);
    let refused = "-ERR value is out of range, must be positive\r\n";
    for line in ["x", "-1", "1 a b", "1 a -1"] {
        assert_eq!(bench.ask(&format!("DEBUG POPULATE {line}")), refused);
    }
}

#[test]
fn object_looks_at_a_key() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("DEBUG OBJECT nosuch"), "-ERR no such key\r\n");
    bench.set("k", "value", None);
    let reply = bench.ask("DEBUG OBJECT k");
    assert!(reply.starts_with("+Value at:0x") && reply.contains(" encoding:embstr "), "{reply}");
}
