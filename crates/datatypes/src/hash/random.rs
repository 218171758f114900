//! Fields by chance: one, or some that differ.

use stdx::prng::Prng;

use super::{Field, HashRef, Seen};

/// A sample larger than the hash divided by this is drawn in one walk over the hash; a smaller one
/// field by field, where few are drawn twice.
const WALK_FROM: usize = 3;

impl<'a> HashRef<'a> {
    /// A field by chance.
    pub fn random(self, prng: &mut Prng) -> Option<Field<'a>> {
        match self.0 {
            Seen::Pack(pack) => match pack.len() {
                0 => None,
                len => pack.nth(prng.below(len as u64) as usize),
            },
            Seen::Table(table) => Some(table.random(|| prng.next_u64())?.field()),
        }
    }

    /// Calls `visit` with `count` different fields by chance, or with all if there are no more.
    pub fn sample(self, count: usize, prng: &mut Prng, mut visit: impl FnMut(Field<'a>)) {
        let len = self.len();
        if let Seen::Table(table) = self.0
            && count < len / WALK_FROM
        {
            let mut drawn = stdx::HashSet::default();
            while drawn.len() < count {
                let Some(pair) = table.random(|| prng.next_u64()) else { return };
                if drawn.insert(std::ptr::from_ref(pair).addr()) {
                    visit(pair.field());
                }
            }
            return;
        }
        // Each field is taken with the chance that makes every sample equally likely: those still
        // wanted among those still to come.
        let mut wanted = count.min(len);
        for (index, field) in self.iter().enumerate() {
            let to_come = (len - index) as u64;
            if prng.below(to_come) < wanted as u64 {
                wanted -= 1;
                visit(field);
            }
        }
    }
}
