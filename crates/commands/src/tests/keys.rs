//! Keys whatever their values are: deleting, renaming, copying, OBJECT.

use keyspace::{AccessPolicy, EvictionPolicy};

use super::harness::House;
use super::{script, script_on};

#[test]
fn keys_are_counted() {
    script(
        "MSET a 1 b 2 c 3
         EXISTS a b none a -> 3
         TOUCH a none -> 1
         DEL a none a -> 1
         UNLINK b c -> 2
         EXISTS a b c -> 0",
    );
}

#[test]
fn rename() {
    script(
        "MSET a 1 b 2
         RENAME a b -> OK
         MGET a b -> [nil \"1\"]
         RENAME none b -> ERR no such key
         RENAME none none -> ERR no such key
         RENAME b b -> OK
         RENAMENX b b -> 0
         RENAMENX none b -> ERR no such key
         RENAMENX b c -> 1
         SET a 1
         RENAMENX a c -> 0",
    );
}

/// The expiry goes with the value, and that of the overwritten key goes away.
#[test]
fn rename_takes_the_expiry_along() {
    script(
        "SET a 1 EX 10
         SET b 2
         RENAME a b -> OK
         TTL b -> 10
         SET a 3
         RENAME a b -> OK
         TTL b -> -1
         SET a 1 PXAT 1
         RENAME a b -> ERR no such key
         SET a 1 PXAT 1
         RENAMENX b a -> 1",
    );
}

#[test]
fn copy() {
    script(
        "SET a 1 EX 10
         COPY a b -> 1
         TTL b -> 10
         COPY a b -> 0
         SET a 2
         COPY a b REPLACE -> 1
         GET b -> \"2\"
         TTL b -> -1
         COPY none b -> 0
         COPY a a -> ERR source and destination objects are the same
         COPY a a DB 0 -> ERR source and destination objects are the same
         COPY a a DB 1 -> 1
         COPY a b DB 1 DB 2 REPLACE -> 1
         COPY a b DB 16 -> ERR DB index is out of range
         COPY a b DB -1 -> ERR DB index is out of range
         COPY a b DB x -> ERR value is not an integer or out of range
         COPY a b DB -> ERR syntax error
         COPY a b FOO -> ERR syntax error
         @db 1
         MGET a b -> [\"2\" nil]
         @db 2
         MGET a b -> [nil \"2\"]",
    );
}

#[test]
fn databases_are_numbers_of_32_bits() {
    let range = "ERR value is out of range, value must between -2147483648 and 2147483647";
    script(&format!(
        "COPY a b DB 2147483648 -> {range}
         MOVE a 9223372036854775807 -> {range}
         MOVE a 9223372036854775808 -> ERR value is not an integer or out of range"
    ));
}

#[test]
fn r#move() {
    script(
        "SET a 1 EX 10
         MOVE a 0 -> ERR source and destination objects are the same
         MOVE a 16 -> ERR DB index is out of range
         MOVE a x -> ERR value is not an integer or out of range
         MOVE none 1 -> 0
         MOVE a 1 -> 1
         EXISTS a -> 0
         SET a 2
         MOVE a 1 -> 0
         @db 1
         GET a -> \"1\"
         TTL a -> 10",
    );
}

#[test]
fn r#type() {
    script(
        "TYPE a -> none
         SET a 1
         TYPE a -> string",
    );
}

#[test]
fn encodings() {
    let embstr = "e".repeat(44);
    script(&format!(
        "OBJECT ENCODING a -> nil
         SET a 1
         OBJECT ENCODING a -> \"int\"
         SET a {embstr}
         OBJECT ENCODING a -> \"embstr\"
         APPEND a \"\"
         OBJECT ENCODING a -> \"raw\"
         RENAME a b
         OBJECT ENCODING b -> \"raw\"
         SET a {embstr}e
         OBJECT ENCODING a -> \"raw\"
         OBJECT REFCOUNT a -> 1
         SET a 9999
         OBJECT REFCOUNT a -> 2147483647
         SET a 10000
         OBJECT REFCOUNT a -> 1
         SET a -1
         OBJECT REFCOUNT a -> 1
         OBJECT REFCOUNT none -> nil"
    ));
}

#[test]
fn access_clocks_are_touched_by_uses_only() {
    script(
        "MSET a 1 b 1
         @ 5000
         OBJECT IDLETIME a -> 5
         TTL a
         TYPE a
         EXISTS a
         OBJECT ENCODING a
         OBJECT IDLETIME a -> 5
         GET a
         OBJECT IDLETIME a -> 0
         @ 3000
         TOUCH a
         OBJECT IDLETIME a -> 0
         OBJECT IDLETIME b -> 8
         RENAME a c
         @ 2000
         COPY c d
         OBJECT IDLETIME c -> 0
         OBJECT IDLETIME none -> nil",
    );
}

#[test]
fn frequencies_are_for_lfu_policies() {
    let advice = "Please note that when switching between policies at runtime LRU and LFU data \
                  will take some time to adjust.";
    let not_lfu = format!(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. {advice}"
    );
    let lfu = format!("ERR An LFU maxmemory policy is selected, idle time not tracked. {advice}");
    let mut house = House::new(1);
    script_on(
        &mut house,
        &format!(
            "SET a 1
             OBJECT FREQ none -> nil
             OBJECT FREQ a -> {not_lfu}"
        ),
    );
    house.shards[0].set_access(AccessPolicy {
        policy: EvictionPolicy::AllKeysLfu,
        lfu_log_factor: 0,
        ..AccessPolicy::default()
    });
    script_on(
        &mut house,
        &format!(
            "SET b 1
             OBJECT FREQ b -> 5
             GET b
             OBJECT FREQ b -> 6
             SET b 2
             OBJECT FREQ b -> 7
             COPY b c
             OBJECT FREQ c -> 5
             RENAME b d
             RENAME d b
             OBJECT FREQ b -> 10
             SET b 2 XX GET
             OBJECT FREQ b -> 12
             SET b 2 NX
             OBJECT FREQ b -> 13
             RENAMENX b b
             OBJECT FREQ b -> 14
             @ 120000
             OBJECT FREQ b -> 12
             OBJECT IDLETIME none -> nil
             OBJECT IDLETIME b -> {lfu}"
        ),
    );
}

#[test]
fn lookups_count_hits_and_misses() {
    let mut house = House::new(1);
    let mut counted = |line: &str| {
        house.run(line);
        let stats = std::mem::take(&mut house.shards[0].stats);
        (stats.hits, stats.misses)
    };
    assert_eq!(counted("SET a 1"), (0, 0));
    assert_eq!(counted("GET a"), (1, 0));
    assert_eq!(counted("GET b"), (0, 1));
    assert_eq!(counted("MGET a b a"), (2, 1));
    assert_eq!(counted("EXISTS a b"), (1, 1));
    assert_eq!(counted("TTL b"), (0, 1));
    assert_eq!(counted("OBJECT ENCODING a"), (1, 0));
    assert_eq!(counted("GETSET a 2"), (1, 0));
    assert_eq!(counted("SET a 2 GET"), (1, 0));
    assert_eq!(counted("SET a 2 NX"), (0, 0));
    assert_eq!(counted("INCR a"), (0, 0));
    assert_eq!(counted("COPY a b"), (1, 0));
    assert_eq!(counted("RENAME b c"), (0, 0));
    assert_eq!(counted("DEL a b"), (0, 0));
}

#[test]
fn help_is_a_list_of_lines() {
    let mut house = House::new(1);
    let help = house.run("OBJECT HELP");
    assert!(help.starts_with("[OBJECT <subcommand> [<arg> [value] [opt] ...]."), "{help}");
    assert!(help.ends_with("HELP     Prints this help.]"), "{help}");
}
