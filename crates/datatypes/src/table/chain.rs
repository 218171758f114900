//! A bucket with its overflow buckets, taken as one: what all the keys of one address live in.
//!
//! ```text
//! head                       overflow                  overflow
//! +-----------------+----+   +-----------------+----+  +----------------------+
//! | six entries     | *--+-->| six entries     | *--+->| one to seven entries |
//! +-----------------+----+   +-----------------+----+  +----------------------+
//! ```
//!
//! **Invariants:** only the last bucket has vacant slots, and what it holds would not fit into the
//! one before it. So most lookups end in the first cache line, and an emptied chain is given up.

use super::bucket::{Bucket, Tagged};
use super::meta::{LINK_SLOT, SLOTS};

/// The wanted entry.
#[inline]
pub(super) fn find<H>(
    head: &Bucket<H>,
    fingerprint: u8,
    mut is_wanted: impl FnMut(&H) -> bool,
) -> Option<&H> {
    let mut bucket = head;
    loop {
        if let Some(slot) = bucket.position(fingerprint, &mut is_wanted) {
            return Some(bucket.handle(slot));
        }
        bucket = bucket.link()?;
    }
}

/// The bucket of the chain, and the slot in it, where the wanted entry is.
#[inline]
pub(super) fn find_mut<H>(
    head: &mut Bucket<H>,
    fingerprint: u8,
    mut is_wanted: impl FnMut(&H) -> bool,
) -> Option<(&mut Bucket<H>, usize)> {
    let mut bucket = head;
    loop {
        if let Some(slot) = bucket.position(fingerprint, &mut is_wanted) {
            return Some((bucket, slot));
        }
        bucket = bucket.link_mut()?;
    }
}

/// How many links away, and in which slot, the wanted entry is.
///
/// In two steps with [`nth_bucket`] this does what [`find_mut`] does, for callers that need the
/// table back in between.
#[inline]
pub(super) fn locate<H>(
    head: &Bucket<H>,
    fingerprint: u8,
    mut is_wanted: impl FnMut(&H) -> bool,
) -> Option<(u32, usize)> {
    let mut bucket = head;
    let mut depth = 0;
    loop {
        if let Some(slot) = bucket.position(fingerprint, &mut is_wanted) {
            return Some((depth, slot));
        }
        bucket = bucket.link()?;
        depth += 1;
    }
}

/// The bucket `depth` links away.
#[inline]
pub(super) fn nth_bucket<H>(head: &mut Bucket<H>, depth: u32) -> Option<&mut Bucket<H>> {
    let mut bucket = head;
    for _ in 0..depth {
        bucket = bucket.link_mut()?;
    }
    Some(bucket)
}

/// Where an entry was put, and whether an overflow bucket had to be made for it.
pub(super) struct Put<'a, H> {
    pub(super) bucket: &'a mut Bucket<H>,
    pub(super) slot: usize,
    pub(super) overflowed: bool,
}

/// Puts an entry into the first vacant slot of the chain, making one if there is none.
#[inline]
pub(super) fn put<H>(head: &mut Bucket<H>, mut entry: Tagged<H>) -> Put<'_, H> {
    let mut bucket = head;
    loop {
        match bucket.put(entry) {
            Ok(slot) => return Put { bucket, slot, overflowed: false },
            Err(back) => entry = back,
        }
        if !bucket.meta().is_linked() {
            return overflow(bucket, entry);
        }
        bucket = bucket.link_mut().expect("it is linked, as was just seen");
    }
}

/// Puts an entry into a new bucket behind a full one.
#[cold]
fn overflow<H>(bucket: &mut Bucket<H>, entry: Tagged<H>) -> Put<'_, H> {
    let mut next = Box::new(Bucket::new());
    // The link needs slot 6, so whoever lives there moves out with the newcomer.
    if let Some(moved) = bucket.take(LINK_SLOT) {
        drop(next.put(moved));
    }
    let Ok(slot) = next.put(entry) else { unreachable!("a new bucket has room for two") };
    bucket.set_link(next);
    let bucket = bucket.link_mut().expect("the link was just set");
    Put { bucket, slot, overflowed: true }
}

/// Takes the wanted entry out and closes the gap; also tells how many overflow buckets that freed.
#[inline]
pub(super) fn remove<H>(
    head: &mut Bucket<H>,
    fingerprint: u8,
    is_wanted: impl FnMut(&H) -> bool,
) -> Option<(Tagged<H>, usize)> {
    let (bucket, slot) = find_mut(head, fingerprint, is_wanted)?;
    let entry = bucket.take(slot)?;
    let freed = if head.meta().is_linked() { close_gap(head) } else { 0 };
    Some((entry, freed))
}

/// Restores the invariants after one entry has left a linked chain; returns the buckets freed.
///
/// Each bucket with a gap pulls an entry forward from the next one, so the gap wanders to the end,
/// where the last bucket is given up as soon as the one before it can hold what is left.
#[cold]
fn close_gap<H>(head: &mut Bucket<H>) -> usize {
    let mut bucket = head;
    while let Some(mut next) = bucket.take_link() {
        let vacant = SLOTS - bucket.meta().occupied().count();
        let left = next.meta().occupied().count();
        if left <= vacant && !next.meta().is_linked() {
            drain(&mut next, |entry| drop(bucket.put(entry)));
            return 1;
        }
        // One vacant slot is the link's own.
        let pulled = if vacant > 1 { next.meta().occupied().next() } else { None };
        if let Some(entry) = pulled.and_then(|slot| next.take(slot)) {
            drop(bucket.put(entry));
        }
        bucket.set_link(next);
        bucket = bucket.link_mut().expect("the link was just set");
    }
    0
}

/// Calls `visit` with every entry of the chain and its mark; returns how many there were.
#[inline]
pub(super) fn for_each<H>(head: &Bucket<H>, mut visit: impl FnMut(&H, bool)) -> usize {
    let mut bucket = head;
    let mut count = 0;
    loop {
        let meta = bucket.meta();
        for slot in meta.occupied() {
            visit(bucket.handle(slot), meta.is_marked(slot));
            count += 1;
        }
        match bucket.link() {
            Some(next) => bucket = next,
            None => return count,
        }
    }
}

/// Takes all entries out, the chain with them; returns how many overflow buckets it had.
#[inline]
pub(super) fn drain<H>(head: &mut Bucket<H>, mut give: impl FnMut(Tagged<H>)) -> usize {
    let mut freed = 0;
    let mut link = head.take_link();
    head.take_all(&mut give);
    while let Some(mut bucket) = link {
        freed += 1;
        link = bucket.take_link();
        bucket.take_all(&mut give);
    }
    freed
}

/// What [`split`] made.
pub(super) struct Split<H> {
    /// The head of the new chain.
    pub(super) moved: Bucket<H>,
    /// Overflow buckets that are gone, and those that are new.
    pub(super) freed: usize,
    pub(super) added: usize,
}

/// Moves those of the entries that `is_moved` names to a chain of their own.
pub(super) fn split<H>(head: &mut Bucket<H>, is_moved: impl Fn(&H) -> bool) -> Split<H> {
    let mut split = Split { moved: Bucket::new(), freed: 0, added: 0 };
    if head.meta().is_linked() {
        let mut kept = Bucket::new();
        split.freed = drain(head, |entry| {
            let half = if is_moved(&entry.handle) { &mut split.moved } else { &mut kept };
            split.added += usize::from(put(half, entry).overflowed);
        });
        *head = kept;
        return split;
    }
    for slot in head.meta().occupied() {
        if is_moved(head.handle(slot))
            && let Some(entry) = head.take(slot)
        {
            drop(split.moved.put(entry));
        }
    }
    split
}

/// The entry at a place in the order in which [`for_each`] goes.
pub(super) fn nth<H>(head: &Bucket<H>, place: usize) -> Option<&H> {
    let mut bucket = head;
    let mut place = place;
    loop {
        let count = bucket.meta().occupied().count();
        if place < count {
            return bucket.meta().occupied().nth(place).map(|slot| bucket.handle(slot));
        }
        place -= count;
        bucket = bucket.link()?;
    }
}
