//! Tests of CLIENT on a bench.

use crate::commands::harness::{Bench, NOW_MS};
use crate::{Effect, Pause, PauseMode, ReplyMode};

const OK: &str = "+OK\r\n";
const SYNTAX: &str = "-ERR syntax error\r\n";

/// The text of a bulk string.
fn text(reply: &str) -> &str {
    reply.split_once("\r\n").expect("a header").1.trim_end_matches("\r\n")
}

fn ids(list: &str) -> Vec<&str> {
    text(list).lines().map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn names_are_kept_and_checked() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("CLIENT GETNAME"), "$-1\r\n");
    assert_eq!(bench.ask("CLIENT SETNAME me"), OK);
    assert_eq!(bench.ask("CLIENT GETNAME"), "$2\r\nme\r\n");
    let refused = "-ERR Client names cannot contain spaces, newlines or special characters.\r\n";
    for name in [b"a b".as_slice(), b"a\nb", b"\x80", b"\x7f"] {
        assert_eq!(bench.ask_words(&[b"CLIENT", b"SETNAME", name]), refused);
    }
    assert_eq!(bench.ask("CLIENT SETNAME \"\""), OK);
    assert_eq!(bench.ask("CLIENT GETNAME"), "$-1\r\n");
}

#[test]
fn libraries_introduce_themselves() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("CLIENT SETINFO LIB-NAME lib"), OK);
    assert_eq!(bench.ask("CLIENT SETINFO lib-ver 1.2"), OK);
    let refused = "-ERR Unrecognized option 'lib-foo'\r\n";
    assert_eq!(bench.ask("CLIENT SETINFO lib-foo x"), refused);
    let refused = "-ERR lib-ver cannot contain spaces, newlines or special characters.\r\n";
    assert_eq!(bench.ask_words(&[b"CLIENT", b"SETINFO", b"lib-ver", b"1 2"]), refused);
    assert!(bench.ask("CLIENT INFO").ends_with(" lib-name=lib lib-ver=1.2\n\r\n"));
}

#[test]
fn a_line_has_the_fields_of_redis_7_4() {
    let mut bench = Bench::new();
    bench.front().now_ms += 5_400;
    bench.client().last_interaction_ms = NOW_MS + 3_000;
    bench.ask("SELECT 3");
    bench.ask("CLIENT SETNAME me");
    let reply = bench.ask("CLIENT INFO");
    let line = text(&reply).trim_end();
    assert!(line.starts_with(
        "id=1 addr=127.0.0.1:50001 laddr=127.0.0.1:6379 fd=8 name=me age=5 idle=2 flags=N db=3 \
         sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=10 "
    ));
    assert!(
        line.ends_with(" events=r cmd=client|info user=default redir=-1 resp=2 lib-name= lib-ver=")
    );
    let fields: Vec<&str> = line.split(' ').map(|field| field.split_once('=').unwrap().0).collect();
    let expected = "id addr laddr fd name age idle flags db sub psub ssub multi watch qbuf \
        qbuf-free argv-mem multi-mem rbs rbp obl oll omem tot-mem events cmd user redir resp \
        lib-name lib-ver";
    assert_eq!(fields.join(" "), expected);
}

#[test]
fn flags_are_letters() {
    let mut bench = Bench::new();
    let flags = |bench: &mut Bench| {
        let info = bench.ask("CLIENT INFO");
        info.split(" flags=").nth(1).unwrap().split(' ').next().unwrap().to_owned()
    };
    assert_eq!(flags(&mut bench), "N");
    bench.ask("CLIENT NO-TOUCH ON");
    assert_eq!(flags(&mut bench), "T");
    bench.ask("CLIENT NO-EVICT on");
    bench.client().is_unix = true;
    assert_eq!(flags(&mut bench), "UeT");
    bench.ask("CLIENT NO-EVICT off");
    bench.ask("CLIENT NO-TOUCH off");
    assert_eq!(flags(&mut bench), "U");
    assert_eq!(bench.ask("CLIENT NO-EVICT foo"), SYNTAX);
    assert_eq!(bench.ask("CLIENT NO-TOUCH foo"), SYNTAX);
}

#[test]
fn list_shows_the_clients_of_all_cores_in_order() {
    let mut bench = Bench::new();
    bench.add_client(1);
    bench.add_client(0);
    bench.add_client(1);
    assert_eq!(ids(&bench.ask("CLIENT LIST")), ["id=1", "id=2", "id=3", "id=4"]);
    assert_eq!(ids(&bench.ask("CLIENT LIST TYPE normal")).len(), 4);
    for kind in ["pubsub", "slave", "REPLICA", "master"] {
        assert_eq!(bench.ask(&format!("CLIENT LIST TYPE {kind}")), "$0\r\n\r\n");
    }
    assert_eq!(ids(&bench.ask("CLIENT LIST ID 4 1 4 99 -1")), ["id=4", "id=1", "id=4"]);
    assert_eq!(bench.ask("CLIENT LIST TYPE foo"), "-ERR Unknown client type 'foo'\r\n");
    assert_eq!(bench.ask("CLIENT LIST ID 1 x"), "-ERR Invalid client ID\r\n");
    for line in ["TYPE", "ID", "FOO bar", "TYPE normal ID 3"] {
        assert_eq!(bench.ask(&format!("CLIENT LIST {line}")), SYNTAX, "{line}");
    }
    bench.ask("HELLO 3");
    assert!(bench.ask("CLIENT LIST").contains("\r\ntxt:id=1 "));
}

#[test]
fn kill_by_address_kills_anybody() {
    let mut bench = Bench::new();
    let other = bench.add_client(1);
    assert_eq!(bench.ask("CLIENT KILL 1.2.3.4:5"), "-ERR No such client\r\n");
    assert_eq!(bench.ask("CLIENT KILL ID"), "-ERR No such client\r\n");
    assert_eq!(bench.take_effects(), []);
    assert_eq!(bench.ask("CLIENT KILL 127.0.0.1:50002"), OK);
    assert!(bench.cores[1].sessions[other].client.close_now);
    assert_eq!(bench.take_effects(), [Effect::CloseMarked]);
    assert_eq!(bench.ask("CLIENT KILL 127.0.0.1:50002"), "-ERR No such client\r\n");
    assert_eq!(bench.ask("CLIENT KILL 127.0.0.1:50001"), OK);
    assert!(bench.client().close_after_reply && !bench.client().close_now);
}

#[test]
fn kill_by_options_spares_the_asker_unless_told_otherwise() {
    let mut bench = Bench::new();
    let old = bench.add_client(0);
    bench.front().now_ms += 10_000;
    let young = bench.add_client(0);
    assert_eq!(bench.ask("CLIENT KILL ID 1"), ":0\r\n");
    assert_eq!(bench.ask("CLIENT KILL MAXAGE 11 TYPE normal"), ":0\r\n");
    assert_eq!(bench.ask("CLIENT KILL MAXAGE 10 USER default"), ":1\r\n");
    assert!(bench.cores[0].sessions[old].client.close_now);
    assert_eq!(bench.ask("CLIENT KILL LADDR 127.0.0.1:6379 ID 1 ID 3"), ":1\r\n");
    assert!(bench.cores[0].sessions[young].client.close_now);
    assert_eq!(bench.ask("CLIENT KILL TYPE pubsub SKIPME no"), ":0\r\n");
    assert!(!bench.client().close_after_reply);
    assert_eq!(bench.ask("CLIENT KILL TYPE normal SKIPME no"), ":1\r\n");
    assert!(bench.client().close_after_reply);
}

#[test]
fn kill_refuses_what_it_does_not_understand() {
    let mut bench = Bench::new();
    for (line, error) in [
        ("ID x SKIPME yes", "client-id should be greater than 0"),
        ("ID 0 SKIPME yes", "client-id should be greater than 0"),
        ("TYPE foo", "Unknown client type 'foo'"),
        ("USER foo", "No such user 'foo'"),
        ("MAXAGE x", "maxage is not an integer or out of range"),
        ("MAXAGE 0", "maxage should be greater than 0"),
        ("SKIPME foo", "syntax error"),
        ("FOO bar", "syntax error"),
        ("ID 1 FOO", "syntax error"),
    ] {
        assert_eq!(bench.ask(&format!("CLIENT KILL {line}")), format!("-ERR {error}\r\n"));
    }
    let refused = "-ERR wrong number of arguments for 'client|kill' command\r\n";
    assert_eq!(bench.ask("CLIENT KILL"), refused);
}

#[test]
fn a_pause_reaches_all_cores_and_only_grows() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("CLIENT PAUSE 500 write"), OK);
    let pause = |mode, ms| Some(Pause { mode, until_ms: NOW_MS + ms });
    assert_eq!(bench.take_effects(), [Effect::PauseChanged; 2]);
    for core in &bench.cores {
        assert_eq!(core.front.pause, pause(PauseMode::Write, 500));
    }
    bench.ask("CLIENT PAUSE 100 write");
    assert_eq!(bench.front().pause, pause(PauseMode::Write, 500));
    bench.ask("CLIENT PAUSE 700 WRITE");
    assert_eq!(bench.front().pause, pause(PauseMode::Write, 700));
    bench.front().now_ms += 701;
    bench.ask("CLIENT PAUSE 1 write");
    assert_eq!(bench.front().pause, pause(PauseMode::Write, 702));
    assert_eq!(bench.ask("CLIENT UNPAUSE"), OK);
    assert!(bench.cores.iter().all(|core| core.front.pause.is_none()));
}

#[test]
fn a_pause_refuses_what_it_does_not_understand() {
    let mut bench = Bench::new();
    for (line, error) in [
        ("a", "timeout is not an integer or out of range"),
        ("-1", "timeout is negative"),
        ("a foo", "CLIENT PAUSE mode must be WRITE or ALL"),
        (
            "1 ALL x",
            "unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.",
        ),
    ] {
        assert_eq!(bench.ask(&format!("CLIENT PAUSE {line}")), format!("-ERR {error}\r\n"));
    }
    assert_eq!(bench.front().pause, None);
    assert_eq!(bench.ask("CLIENT PAUSE 9223372036854775807 write"), OK);
}

#[test]
fn reply_changes_the_mode() {
    let mut bench = Bench::new();
    for (word, mode, reply) in [
        ("SKIP", ReplyMode::SkipNext, ""),
        ("on", ReplyMode::On, OK),
        ("OFF", ReplyMode::Off, ""),
        ("skip", ReplyMode::Off, ""),
        ("ON", ReplyMode::On, OK),
    ] {
        assert_eq!(bench.ask(&format!("CLIENT REPLY {word}")), reply);
        assert_eq!(bench.client().reply_mode, mode, "{word}");
    }
    assert_eq!(bench.ask("CLIENT REPLY foo"), SYNTAX);
}
