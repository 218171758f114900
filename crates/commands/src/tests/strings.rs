//! Whole strings: SET with its options, GET and its variants, several keys.

use bytes::Bytes;
use resp::{Argv, Protocol};

use super::harness::House;
use super::script;

#[test]
fn set_and_get() {
    script(
        "GET a -> nil
         SET a 1 -> OK
         GET a -> \"1\"
         SET a hello -> OK
         GET a -> \"hello\"
         SET a \"\" -> OK
         GET a -> \"\"
         SETNX a 1 -> 0
         SETNX b 1 -> 1
         GETSET b 2 -> \"1\"
         GETSET c 3 -> nil
         GETDEL c -> \"3\"
         GETDEL c -> nil",
    );
}

#[test]
fn set_conditions() {
    script(
        "SET a 1 XX -> nil
         SET a 1 NX -> OK
         SET a 2 NX -> nil
         SET a 2 XX -> OK
         SET a 3 NX GET -> \"2\"
         GET a -> \"2\"
         SET a 3 xx get -> \"2\"
         SET b 3 NX GET -> nil
         GET b -> \"3\"
         SET c 3 XX GET -> nil
         EXISTS c -> 0
         SET a 4 NX NX -> nil
         SET a 4 NX XX -> ERR syntax error
         SET a 4 GET GET -> \"3\"",
    );
}

#[test]
fn set_expiries() {
    script(
        "SET a 1 EX 10 -> OK
         PTTL a -> 10000
         SET a 1 PX 500 -> OK
         PTTL a -> 500
         SET a 1 EXAT 1700000100 -> OK
         PTTL a -> 100000
         SET a 1 PXAT 1700000100001 -> OK
         PTTL a -> 100001
         SET a 2 KEEPTTL -> OK
         PTTL a -> 100001
         SET a 2 -> OK
         TTL a -> -1
         SET a 2 KEEPTTL -> OK
         TTL a -> -1
         SET a 2 EX 1 EX 20 -> OK
         TTL a -> 20
         SETEX a 30 x -> OK
         TTL a -> 30
         PSETEX a 4000 x -> OK
         TTL a -> 4
         GETSET a y -> \"x\"
         TTL a -> -1",
    );
}

#[test]
fn set_refuses_wrong_options_before_it_looks_at_numbers() {
    script(
        "SET a 1 EX -> ERR syntax error
         SET a 1 EX 10 PX 10 -> ERR syntax error
         SET a 1 EX 10 KEEPTTL -> ERR syntax error
         SET a 1 KEEPTTL EX 10 -> ERR syntax error
         SET a 1 PERSIST -> ERR syntax error
         SET a 1 foo -> ERR syntax error
         SET a 1 EX x foo -> ERR syntax error
         SET a 1 EX x -> ERR value is not an integer or out of range
         SET a 1 EX 0 -> ERR invalid expire time in 'set' command
         SET a 1 PXAT -1 -> ERR invalid expire time in 'set' command
         SET a 1 EX 9223372036854775807 -> ERR invalid expire time in 'set' command
         SET a 1 EX 9223372036854775 -> ERR invalid expire time in 'set' command
         SET a 1 PX 9223372036854775807 -> ERR invalid expire time in 'set' command
         SET a 1 EXAT 9223372036854775807 -> ERR invalid expire time in 'set' command
         SET a 1 PXAT 9223372036854775807 -> OK
         SET b 1 XX EX 0 -> ERR invalid expire time in 'set' command
         SETEX a 0 x -> ERR invalid expire time in 'setex' command
         PSETEX a x x -> ERR value is not an integer or out of range
         PSETEX a -1 x -> ERR invalid expire time in 'psetex' command",
    );
}

#[test]
fn set_in_the_past_is_kept_until_somebody_looks() {
    script(
        "SET a 1 PXAT 1 -> OK
         DBSIZE -> 1
         GET a -> nil
         DBSIZE -> 0",
    );
}

#[test]
fn getex() {
    script(
        "SET a 1
         GETEX a EX 10 -> \"1\"
         TTL a -> 10
         GETEX a -> \"1\"
         TTL a -> 10
         GETEX a PERSIST -> \"1\"
         TTL a -> -1
         GETEX a PX 0 -> ERR invalid expire time in 'getex' command
         GETEX a EX x -> ERR value is not an integer or out of range
         GETEX a PERSIST EX 10 -> ERR syntax error
         GETEX a KEEPTTL -> ERR syntax error
         GETEX b PX 0 -> nil
         GETEX b PX x -> nil
         GETEX a EXAT 1 -> \"1\"
         EXISTS a -> 0",
    );
}

#[test]
fn several_keys() {
    script(
        "MSET a 1 b 2 c 3 d 4 -> OK
         MGET a b none c d a -> [\"1\" \"2\" nil \"3\" \"4\" \"1\"]
         MSET a 1 a 2 -> OK
         GET a -> \"2\"
         MSETNX x 1 a 1 -> 0
         EXISTS x -> 0
         MSETNX x 1 y 2 x 3 -> 1
         MGET x y -> [\"3\" \"2\"]
         MSET a 1 b -> ERR wrong number of arguments for 'mset' command
         MSETNX a 1 b -> ERR wrong number of arguments for 'msetnx' command
         SET a 1 EX 10
         MSET a 2
         TTL a -> -1",
    );
}

/// The value and what GET answers are the very memory that came in.
#[test]
fn a_big_value_is_moved_in_and_answered_by_reference() {
    let mut house = House::new(1);
    let value = Bytes::from(vec![b'v'; 100_000]);
    let mut words = Argv::from_words(&[b"SET", b"a"]);
    words.push_bytes(value.clone());
    assert_eq!(house.call(words.as_args()), b"+OK\r\n");

    let reply = house.call(Argv::from_words(&[b"GET", b"a"]).as_args());
    assert_eq!(reply, [b"$100000\r\n", &value[..], b"\r\n"].concat());
    let mut cx = house.shards[0].cx(house.db, keyspace::Author(1));
    let shared = cx.share_bytes(b"a").expect("it is big");
    assert_eq!(shared.as_ptr(), value.as_ptr());

    let range = house.call(Argv::from_words(&[b"GETRANGE", b"a", b"1", b"20000"]).as_args());
    assert_eq!(range, [b"$20000\r\n", &value[..20_000], b"\r\n"].concat());
    assert_eq!(house.run("APPEND a w"), "100001");
    assert_eq!(house.run("GETRANGE a 99999 -1"), "\"vw\"");
    assert_eq!(shared, value, "a reply that is under way keeps its bytes");
}

#[test]
fn resp3_has_its_own_null() {
    let mut house = House::new(1);
    house.protocol = Protocol::Resp3;
    assert_eq!(house.call(Argv::from_words(&[b"GET", b"a"]).as_args()), b"_\r\n");
    assert_eq!(house.call(Argv::from_words(&[b"MGET", b"a"]).as_args()), b"*1\r\n_\r\n");
}
