//! Changes of a command that ran on borrowed keys: each goes to the shard that owns its key.

use keyspace::{Change, Shard, Touches};

/// Takes those of the shard's new changes out that touch keys of other shards.
///
/// A move between two shards becomes what each of them can replay alone: the source's loss and the
/// target's new value. A value made of several keys is told by itself.
///
/// LIMIT: a value is told as it is when the whole program has ended, so what later commands of the
/// same EXEC did to that key is in it already and follows in the list as well. Whoever replays
/// changes has to leave those out.
pub(crate) fn changes_elsewhere(shard: &mut Shard, is_ours: impl Fn(&[u8]) -> bool) -> Vec<Change> {
    if !shard.changes.is_recording() {
        return Vec::new();
    }
    let all: Vec<Change> = shard.changes.drain().collect();
    let mut elsewhere = Vec::new();
    for change in all {
        for change in split(shard, change, &is_ours) {
            let ours = match &change.touches {
                Touches::Key { key, .. } => is_ours(key),
                _ => true,
            };
            if ours { shard.changes.push(change) } else { elsewhere.push(change) }
        }
    }
    elsewhere
}

/// The changes that say the same, each for one shard.
fn split(shard: &mut Shard, change: Change, is_ours: &impl Fn(&[u8]) -> bool) -> Vec<Change> {
    if let Touches::Made { db, key, of } = &change.touches {
        if is_ours(key) && of.iter().all(|source| is_ours(source)) {
            return vec![change];
        }
        let key = (*db, key.clone());
        return commands::generic::rename::made(shard, &change, &key);
    }
    let Touches::Move { from, to } = &change.touches else { return vec![change] };
    if is_ours(&from.1) && is_ours(&to.1) {
        return vec![change];
    }
    let (from, to) = (from.clone(), to.clone());
    commands::generic::rename::apart(shard, &change, from, &to)
}
