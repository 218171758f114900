//! A shard without memory vetoes what would need some: then no shard does any of it.

use resp::Reply;

use super::harness::Town;
use crate::Message;

const SEEDS: u64 = 300;

fn refused() -> Reply {
    Reply::Error(b"OOM command not allowed when used memory > 'maxmemory'.".to_vec())
}

fn mset(keys: &[String], value: usize) -> String {
    let pairs: Vec<String> = keys.iter().map(|key| format!("{key} {value}")).collect();
    format!("MSET {}", pairs.join(" "))
}

/// Clients set all keys to one value while memory comes and goes by shard. Answers how many of
/// them were refused, and whether somebody saw two values at once.
fn storm(seed: u64, tamper: impl FnMut(&mut Message) + 'static) -> (usize, bool) {
    let shards = 2 + seed as usize % 5;
    let mut town = Town::new(seed, 1 + seed as usize % 4, shards);
    town.on_message = Box::new(tamper);
    let keys = town.apart(shards);
    let mut sent = Vec::new();
    for value in 0..12 {
        let shard = town.below(shards);
        town.full[shard] = town.below(2) == 0;
        let client = town.below(4);
        sent.push((value, town.send(client, &mset(&keys, value))));
        for _ in 0..town.below(12) {
            town.step();
        }
    }
    let mut is_torn = false;
    loop {
        let is_free = keys.iter().all(|key| !town.is_met(key));
        if is_free {
            let seen: Vec<_> = keys.iter().map(|key| town.peek(key)).collect();
            is_torn |= seen.windows(2).any(|pair| pair[0] != pair[1]);
        }
        if !town.step() {
            break;
        }
    }
    town.run();
    let last = town.peek(&keys[0]);
    let is_refused = |op| *town.history.reply(op) == refused();
    let refused: Vec<usize> =
        sent.iter().filter(|(_, op)| is_refused(*op)).map(|(value, _)| *value).collect();
    for value in &refused {
        assert_ne!(last, Some(value.to_string()), "what was refused was not done");
    }
    (refused.len(), is_torn)
}

#[test]
fn mset_with_one_shard_out_of_memory() {
    let mut refused = 0;
    for seed in 0..SEEDS {
        let (count, is_torn) = storm(seed, |_| {});
        assert!(!is_torn, "half of an MSET with seed {seed}");
        refused += count;
    }
    let all = SEEDS as usize * 12;
    assert!((all / 10..all * 9 / 10).contains(&refused), "{refused} of {all} were refused");
}

/// The planted mistake: a shard that runs its part in spite of the veto of another one. The test
/// above must see it.
#[test]
fn a_shard_that_runs_in_spite_of_a_veto_is_caught() {
    let is_caught = |seed| {
        let run = std::panic::AssertUnwindSafe(|| {
            storm(seed, |message| {
                if let Message::Withdraw { txn, shard, asked } = *message
                    && shard.0 == 0
                {
                    *message = Message::Go { txn, shard, asked, number: asked };
                }
            })
        });
        std::panic::catch_unwind(run).map_or(true, |(_, is_torn)| is_torn)
    };
    assert!((0..20).any(is_caught));
}

#[test]
fn what_needs_no_memory_is_not_vetoed() {
    let mut town = Town::new(1, 2, 3);
    let keys = town.apart(3);
    town.ask(&mset(&keys, 1));
    town.full = vec![true; 3];
    assert_eq!(town.ask(&mset(&keys, 2)), refused());
    let value = || Reply::Bulk(b"1".to_vec());
    assert_eq!(town.ask(&format!("MGET {}", keys.join(" "))), Reply::Array(vec![value(); 3]));
    assert_eq!(town.ask(&format!("RENAME {} {}", keys[0], keys[1])), Reply::Simple(b"OK".to_vec()));
    assert_eq!(town.ask(&format!("DEL {} {}", keys[1], keys[2])), Reply::Integer(2));
}

/// Keys that belong together are lent only when nobody has anything against it.
#[test]
fn a_program_with_one_shard_out_of_memory_borrows_nothing() {
    for full in 0..3 {
        let mut town = Town::new(full as u64, 3, 3);
        let keys = town.apart(3);
        town.full[full] = true;
        let line = format!("MSETNX {} 1 {} 1 {} 1", keys[0], keys[1], keys[2]);
        assert_eq!(town.ask(&line), refused());
        assert!(keys.iter().all(|key| town.peek(key).is_none()));
        town.full[full] = false;
        assert_eq!(town.ask(&line), Reply::Integer(1));
    }
}
