//! Time to live.

use super::script;

#[test]
fn keys_expire() {
    script(
        "SET a 1 EX 10
         @ 9999
         GET a -> \"1\"
         TTL a -> 0
         PTTL a -> 1
         @ 1
         GET a -> nil
         TTL a -> -2
         SET a 1 EX 10
         @ 10000
         EXISTS a -> 0
         INCR a -> 1
         TTL a -> -1",
    );
}

/// No verb sees what has expired, and what is written in its place starts anew.
#[test]
fn an_expired_key_is_no_key() {
    let verbs = [
        "APPEND a x -> 1",
        "SETNX a 1 -> 1",
        "SET a 1 XX -> nil",
        "SET a 1 GET -> nil",
        "DEL a -> 0",
        "EXPIRE a 10 -> 0",
        "PERSIST a -> 0",
        "RENAME a b -> ERR no such key",
        "COPY a b -> 0",
        "MOVE a 1 -> 0",
        "KEYS * -> []",
        "RANDOMKEY -> nil",
        "SETRANGE a 1 x -> 2",
        "INCRBYFLOAT a 1 -> \"1\"",
        "GETDEL a -> nil",
        "MSETNX a 1 -> 1",
        "STRLEN a -> 0",
        "TYPE a -> none",
        "OBJECT ENCODING a -> nil",
        "MGET a -> [nil]",
    ];
    for verb in verbs {
        script(&format!(
            "SET a 1 PX 1
             @ 1
             {verb}"
        ));
    }
}

#[test]
fn setting_and_asking() {
    script(
        "SET a 1
         TTL a -> -1
         PTTL a -> -1
         EXPIRETIME a -> -1
         PEXPIRETIME a -> -1
         TTL b -> -2
         PTTL b -> -2
         EXPIRETIME b -> -2
         PEXPIRETIME b -> -2
         EXPIRE a 100 -> 1
         TTL a -> 100
         EXPIRETIME a -> 1700000100
         PEXPIRE a 1500 -> 1
         TTL a -> 2
         PTTL a -> 1500
         PEXPIRETIME a -> 1700000001500
         EXPIRETIME a -> 1700000002
         EXPIREAT a 1700000010 -> 1
         PTTL a -> 10000
         PEXPIREAT a 1700000010001 -> 1
         PTTL a -> 10001
         PERSIST a -> 1
         PERSIST a -> 0
         PERSIST b -> 0
         EXPIRE b 10 -> 0
         PEXPIREAT a 9223372036854775807 -> 1
         EXPIRETIME a -> 9223372036854776
         PEXPIRETIME a -> 9223372036854775807",
    );
}

#[test]
fn the_past_deletes() {
    script(
        "SET a 1
         EXPIRE a 0 -> 1
         EXISTS a -> 0
         SET a 1
         EXPIRE a -1 -> 1
         EXISTS a -> 0
         SET a 1
         PEXPIREAT a -9223372036854775808 -> 1
         DBSIZE -> 0",
    );
}

#[test]
fn conditions() {
    script(
        "SET a 1
         EXPIRE a 100 XX -> 0
         EXPIRE a 100 GT -> 0
         EXPIRE a 100 LT -> 1
         EXPIRE a 200 NX -> 0
         EXPIRE a 200 LT -> 0
         EXPIRE a 100 LT -> 0
         EXPIRE a 100 GT -> 0
         EXPIRE a 200 xx gt -> 1
         EXPIRE a 100 XX LT -> 1
         PERSIST a
         EXPIRE a 100 NX NX -> 1
         EXPIRE a -1 GT -> 0
         EXPIRE a -1 LT -> 1
         EXISTS a -> 0",
    );
}

#[test]
fn errors_in_order() {
    let nx = "ERR NX and XX, GT or LT options at the same time are not compatible";
    script(&format!(
        "SET a 1
         EXPIRE a 10 NX XX -> {nx}
         EXPIRE a 10 NX GT -> {nx}
         EXPIRE a 10 NX XX GT LT -> {nx}
         EXPIRE a 10 GT LT -> ERR GT and LT options at the same time are not compatible
         EXPIRE a x NX XX -> {nx}
         EXPIRE a x FOO -> ERR Unsupported option FOO
         EXPIRE a 10 \"\" -> ERR Unsupported option\x20
         EXPIRE a x -> ERR value is not an integer or out of range
         EXPIRE b x -> ERR value is not an integer or out of range
         EXPIRE b 9223372036854775807 -> ERR invalid expire time in 'expire' command
         EXPIRE a 9223372036854775 -> ERR invalid expire time in 'expire' command
         PEXPIRE a 9223372036854775807 -> ERR invalid expire time in 'pexpire' command
         EXPIREAT a -9223372036854775808 -> ERR invalid expire time in 'expireat' command"
    ));
}
