//! A large set: a table of members, and a count of what they have allocated.

use super::BytesHasher;
use super::member::Member;
use crate::table::{self, Position, Probe, Table};

/// See the head of this file.
#[derive(Clone, Default)]
pub(super) struct HashSet {
    table: Table<Member>,
    /// Bytes that the members have allocated.
    bytes: usize,
}

/// Members in the order of storage.
pub(super) type Iter<'a> = table::Iter<'a, Member>;

impl HashSet {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    #[inline]
    pub(super) fn contains(&self, member: &[u8], hasher: &impl BytesHasher) -> bool {
        let hash = hasher.hash_bytes(member);
        self.table.find(hash, |other| other.as_bytes() == member).is_some()
    }

    pub(super) fn insert(&mut self, member: &[u8], hasher: &impl BytesHasher) -> bool {
        let hash = hasher.hash_bytes(member);
        let probe = self.table.probe(hash, |other| other.as_bytes() == member);
        let Probe::Vacant(vacant) = probe else { return false };
        let member = Member::new(member);
        self.bytes += member.memory_bytes();
        vacant.insert(member, false, |other| hasher.hash_bytes(other.as_bytes()));
        true
    }

    pub(super) fn remove(&mut self, member: &[u8], hasher: &impl BytesHasher) -> bool {
        let hash = hasher.hash_bytes(member);
        self.take(hash, |other| other.as_bytes() == member).is_some()
    }

    fn take(&mut self, hash: u64, is_wanted: impl FnMut(&Member) -> bool) -> Option<Member> {
        let member = self.table.remove(hash, is_wanted)?;
        self.bytes -= member.memory_bytes();
        Some(member)
    }

    /// A member picked almost uniformly.
    pub(super) fn random(&self, random: impl FnMut() -> u64) -> Option<&Member> {
        self.table.random(random)
    }

    /// Takes out a member picked almost uniformly.
    pub(super) fn pop(
        &mut self,
        random: impl FnMut() -> u64,
        hasher: &impl BytesHasher,
    ) -> Option<Member> {
        let picked = self.random(random)?;
        let hash = hasher.hash_bytes(picked.as_bytes());
        // Where it is tells it from all others, and comparing that costs no look at their bytes.
        let place: *const Member = picked;
        self.take(hash, |member| std::ptr::eq(member, place))
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        self.table.iter()
    }

    pub(super) fn scan(&self, at: Position, mut visit: impl FnMut(&Member)) -> Option<Position> {
        self.table.scan(at, |member, _| visit(member))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.table.memory_bytes() + self.bytes
    }

    /// Frees about so many members; whether any are left.
    pub(super) fn free_slice(&mut self, steps: usize) -> bool {
        let bytes = &mut self.bytes;
        self.table.take_slice(steps, |member| *bytes -= member.memory_bytes())
    }
}
