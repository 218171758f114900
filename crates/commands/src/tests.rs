//! Tests of the handlers by command text, on one shard and on three.

mod any_words;
mod bitmaps;
mod changes;
mod counters;
mod databases;
mod expiry;
mod harness;
mod hashes;
mod hyperloglog;
mod keys;
mod lcs;
mod lists;
mod ranges;
mod replay;
mod scan;
mod sets;
mod sorted_sets;
mod strings;

use harness::House;

/// Runs lines of the form `request -> reply` on one shard and on three.
///
/// `@ 1500` lets 1.5 seconds pass, `@db 1` selects a database; a line without an arrow is only run.
#[track_caller]
fn script(lines: &str) {
    for shards in [1, 3] {
        script_on(&mut House::new(shards), lines);
    }
}

#[track_caller]
fn script_on(house: &mut House, lines: &str) {
    for line in lines.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
        if let Some(ms) = line.strip_prefix("@ ") {
            house.advance(ms.parse().expect("milliseconds"));
        } else if let Some(db) = line.strip_prefix("@db ") {
            house.db = keyspace::DbIndex(db.parse().expect("a database"));
        } else if let Some((request, reply)) = line.split_once(" -> ") {
            let shards = house.shards.len();
            assert_eq!(house.run(request), reply, "{request} on {shards} shards");
        } else {
            house.run(line);
        }
    }
}
