//! Changes of a command that ran on borrowed keys: each goes to the shard that owns its key.

use keyspace::{Change, Shard, Touches};

/// Takes those of a command's changes out that touch keys of other shards; the command has just
/// run, and its changes are those from number `first` on.
///
/// A move between two shards becomes what each of them can replay alone: the source's loss and the
/// target's new value. A value made of several keys is told by itself. Both are told as they are
/// now, so this is to be asked behind every command: what later ones do follows in the list.
pub(crate) fn changes_elsewhere(
    shard: &mut Shard,
    first: usize,
    is_ours: impl Fn(&[u8]) -> bool,
) -> Vec<Change> {
    if shard.changes.listed() == first {
        return Vec::new();
    }
    let new: Vec<Change> = shard.changes.drain_from(first).collect();
    let mut elsewhere = Vec::new();
    for change in new {
        split(shard, change, &is_ours, &mut |shard, change| {
            let ours = match &change.touches {
                Touches::Key { key, .. } => is_ours(key),
                _ => true,
            };
            if ours { shard.changes.push(change) } else { elsewhere.push(change) }
        });
    }
    elsewhere
}

/// Hands out the changes that say the same, each for one shard.
fn split(
    shard: &mut Shard,
    change: Change,
    is_ours: &impl Fn(&[u8]) -> bool,
    tell: &mut impl FnMut(&mut Shard, Change),
) {
    match &change.touches {
        Touches::Made { db, key, of }
            if !is_ours(key) || of.iter().any(|source| !is_ours(source)) =>
        {
            let key = (*db, key.clone());
            let made = commands::generic::rename::made(shard, &change, &key);
            tell(shard, made);
        }
        Touches::Move { from, to } if !is_ours(&from.1) || !is_ours(&to.1) => {
            let (from, to) = (from.clone(), to.clone());
            for change in commands::generic::rename::apart(shard, &change, from, &to) {
                tell(shard, change);
            }
        }
        _ => tell(shard, change),
    }
}
