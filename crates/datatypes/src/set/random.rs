//! Members by chance: one, some, with or without taking them out.

use stdx::prng::Prng;

use super::{BytesHasher, Encoded, Set, SetRules};
use crate::listpack::Element;

/// A sample larger than the set divided by this is drawn in one walk over the set; a smaller one
/// member by member, where few are drawn twice.
const WALK_FROM: usize = 3;

/// Keeping some members is worth it where so many times more are taken out.
const KEEP_FROM: usize = 5;

impl Set {
    /// A member by chance.
    pub fn random(&self, prng: &mut Prng) -> Option<Element<'_>> {
        match &self.0 {
            Encoded::Ints(ints) => {
                Some(Element::Int(ints.get(below(prng, ints.len())?).expect("it lies below len")))
            }
            Encoded::Pack(pack) => {
                let at = pack.seek(below(prng, pack.len())? as i64)?;
                Some(pack.get(at))
            }
            Encoded::Table(table) => {
                Some(Element::Bytes(table.random(|| prng.next_u64())?.as_bytes()))
            }
        }
    }

    /// Takes a member out by chance and hands it to `give`; false if there is none.
    pub fn pop<H: BytesHasher>(
        &mut self,
        prng: &mut Prng,
        rules: &SetRules<H>,
        give: impl FnOnce(Element<'_>),
    ) -> bool {
        match &mut self.0 {
            Encoded::Ints(ints) => {
                let Some(int) = below(prng, ints.len()).and_then(|index| ints.get(index)) else {
                    return false;
                };
                ints.remove(int);
                give(Element::Int(int));
            }
            Encoded::Pack(pack) => {
                let Some(at) = below(prng, pack.len()).and_then(|index| pack.seek(index as i64))
                else {
                    return false;
                };
                give(pack.get(at));
                pack.delete(at);
            }
            Encoded::Table(table) => {
                let Some(member) = table.pop(|| prng.next_u64(), &rules.hasher) else {
                    return false;
                };
                give(Element::Bytes(member.as_bytes()));
            }
        }
        true
    }

    /// Takes `count` members out by chance, or all if there are no more, and hands them to `give`.
    ///
    /// REDIS: what a large set is left with after it has lost almost all its members is packed
    /// anew: `SPOP k 999` of 1000 leaves a listpack.
    pub fn pop_many<H: BytesHasher>(
        &mut self,
        count: usize,
        prng: &mut Prng,
        rules: &SetRules<H>,
        mut give: impl FnMut(Element<'_>),
    ) {
        let kept = self.len().saturating_sub(count);
        // A product that overflows is larger than any count, too.
        let is_most = kept.saturating_mul(KEEP_FROM) <= count;
        if !is_most || !matches!(self.0, Encoded::Table(_)) {
            for _ in 0..count.min(self.len()) {
                self.pop(prng, rules, &mut give);
            }
            return;
        }
        let mut left = Self::new_listpack();
        for _ in 0..kept {
            self.pop(prng, rules, |element| {
                left.insert_element(element, rules);
            });
        }
        self.iter().for_each(give);
        *self = left;
    }

    /// Calls `visit` with `count` different members by chance, or with all if there are no more.
    pub fn sample<'a>(&'a self, count: usize, prng: &mut Prng, mut visit: impl FnMut(Element<'a>)) {
        let len = self.len();
        if let Encoded::Table(table) = &self.0
            && count < len / WALK_FROM
        {
            let mut drawn = stdx::HashSet::default();
            while drawn.len() < count {
                let Some(member) = table.random(|| prng.next_u64()) else { return };
                if drawn.insert(std::ptr::from_ref(member).addr()) {
                    visit(Element::Bytes(member.as_bytes()));
                }
            }
            return;
        }
        // Each member is taken with the chance that makes every sample equally likely: those
        // still wanted among those still to come.
        let mut wanted = count.min(len);
        for (index, element) in self.iter().enumerate() {
            let to_come = (len - index) as u64;
            if prng.below(to_come) < wanted as u64 {
                wanted -= 1;
                visit(element);
            }
        }
    }
}

fn below(prng: &mut Prng, len: usize) -> Option<usize> {
    (len > 0).then(|| prng.below(len as u64) as usize)
}
