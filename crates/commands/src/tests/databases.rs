//! Whole databases, and the parts of DEBUG and MEMORY.

use keyspace::Author;
use resp::{Argv, Protocol, ReplyBuffer, ReplyWriter};

use super::harness::House;
use super::{script, script_on};
use crate::databases::{debug, digest, memory};
use crate::{Outcome, Part};

#[test]
fn flushing() {
    script(
        "MSET a 1 b 2 c 3
         DBSIZE -> 3
         @db 1
         DBSIZE -> 0
         SET a 1
         FLUSHDB -> OK
         DBSIZE -> 0
         @db 0
         DBSIZE -> 3
         FLUSHDB FOO -> ERR syntax error
         FLUSHDB SYNC SYNC -> ERR syntax error
         FLUSHALL FOO -> ERR syntax error
         DBSIZE -> 3
         FLUSHDB async -> OK
         SET a 1
         FLUSHALL SYNC -> OK
         DBSIZE -> 0",
    );
}

#[test]
fn swapdb() {
    script(
        "SET a zero EX 10
         @db 1
         SET a one
         SWAPDB 0 1 -> OK
         GET a -> \"zero\"
         TTL a -> 10
         @db 0
         GET a -> \"one\"
         SWAPDB 0 0 -> OK
         SWAPDB x x -> ERR invalid first DB index
         SWAPDB 0 x -> ERR invalid second DB index
         SWAPDB 2147483648 0 -> ERR invalid first DB index
         SWAPDB 0 16 -> ERR DB index is out of range
         SWAPDB -1 0 -> ERR DB index is out of range",
    );
}

/// Runs something that writes a reply; the line without its end.
fn line(run: impl FnOnce(&mut ReplyWriter<'_>) -> Outcome) -> String {
    let mut buffer = ReplyBuffer::new();
    let mut reply = ReplyWriter::new(&mut buffer, Protocol::Resp2);
    if let Err(error) = run(&mut reply) {
        reply.error(&error);
    }
    String::from_utf8(buffer.to_vec()).unwrap().trim_end().to_owned()
}

fn words(line: &str) -> Argv {
    Argv::from_words(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>())
}

fn digest(house: &mut House) -> String {
    let request = words("DEBUG DIGEST");
    let request = request.as_args();
    let db = house.db;
    let parts: Vec<Part> = house
        .shards
        .iter_mut()
        .map(|shard| Part::whole(digest::digest_part(&mut shard.cx(db, Author(1)), request)))
        .collect();
    line(|reply| digest::digest_fold(request, &parts, reply))
}

/// The digests are what Redis 7.0 answers.
#[test]
fn digests_equal_those_of_redis() {
    for shards in [1, 3] {
        let mut house = House::new(shards);
        assert_eq!(digest(&mut house), "+0000000000000000000000000000000000000000");
        script_on(
            &mut house,
            "MSET a 1 b hello c \"\"
             SET d x EX 1000
             @db 3
             SET a 12345",
        );
        assert_eq!(digest(&mut house), "+c38af1fbb742fa1c33a1e18c39185cfb1295daf6");
    }
}

#[test]
fn values_have_digests() {
    let mut house = House::new(1);
    script_on(&mut house, "MSET k1 ohmytext k2 mynewtext");
    let request = words("DEBUG DIGEST-VALUE k1 k2 none");
    let request = request.as_args();
    let part = digest::digest_value_part(&mut house.shards[0].cx(house.db, Author(1)), request);
    let reply = line(|reply| digest::digest_value_fold(request, &[Part::whole(part)], reply));
    assert_eq!(
        reply,
        "*3\r\n\
         +ffcf83d567f94fc04c6e6f5de8921497ed9a6a8c\r\n\
         +fa7a50b34337f09c06b8070332195f36e975566f\r\n\
         +0000000000000000000000000000000000000000"
    );
}

#[test]
fn populate_makes_each_key_where_it_belongs() {
    let mut house = House::new(3);
    script_on(&mut house, "SET pre:1 mine");
    let request = words("DEBUG POPULATE 30 pre 10");
    let population = debug::Population::parse(request.as_args()).expect("it is well-formed");
    for shard in 0..3 {
        let owned: Vec<Vec<u8>> = (0..30)
            .map(|number| format!("pre:{number}").into_bytes())
            .filter(|key| house.shard_of(key) == shard)
            .collect();
        let mut cx = house.shards[shard].cx(house.db, Author(1));
        population.make(&mut cx, 0..30, |key| owned.iter().any(|mine| mine == key));
    }
    script_on(
        &mut house,
        "DBSIZE -> 30
         GET pre:1 -> \"mine\"
         GET pre:2 -> \"value:2\\x00\\x00\\x00\"
         GET pre:29 -> \"value:29\\x00\\x00\"",
    );
    for wrong in ["x", "-1", "1 p x", "1 p -1"] {
        let request = words(&format!("DEBUG POPULATE {wrong}"));
        let error = debug::Population::parse(request.as_args()).expect_err("it is none");
        assert_eq!(error.line(), b"ERR value is out of range, must be positive");
    }
}

#[test]
fn debug_object_and_memory_usage() {
    let mut house = House::new(1);
    script_on(&mut house, "MSET a 12345 b ohmytext");
    let mut cx = house.shards[0].cx(house.db, Author(1));
    let shown = |reply: String| reply.split_once(" refcount").map(|(_, rest)| rest.to_owned());
    let reply = line(|reply| debug::object(&mut cx, words("DEBUG OBJECT a").as_args(), reply));
    let rest = ":1 encoding:int serializedlength:3 lru:5501184 lru_seconds_idle:0";
    assert_eq!(shown(reply).as_deref(), Some(rest));
    let reply = line(|reply| debug::object(&mut cx, words("DEBUG OBJECT c").as_args(), reply));
    assert_eq!(reply, "-ERR no such key");
    let mut usage = |text: &str| line(|reply| memory::usage(&mut cx, words(text).as_args(), reply));
    assert!(usage("MEMORY USAGE b").starts_with(':'));
    assert!(usage("MEMORY USAGE b SAMPLES 0").starts_with(':'));
    assert_eq!(usage("MEMORY USAGE c"), "$-1");
    assert_eq!(usage("MEMORY USAGE c FOO"), "-ERR syntax error");
    assert_eq!(usage("MEMORY USAGE b SAMPLES -1"), "-ERR syntax error");
    assert_eq!(usage("MEMORY USAGE b SAMPLES x"), "-ERR value is not an integer or out of range");
}
