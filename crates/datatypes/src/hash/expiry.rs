//! Fields that expire: giving and taking moments, and finding the dead.

use super::{BytesHasher, Encoded, Field, Hash, HashRef, HashRules, Seen, pack};

/// Buckets of a table that one look for dead fields visits.
const BUCKETS_PER_LOOK: usize = 64;

/// Dead fields of a compact encoding that one look finds at most.
const FIELDS_PER_LOOK: usize = 256;

impl<'a> HashRef<'a> {
    /// No field expires before; `None` if none ever does.
    #[inline]
    #[must_use]
    pub fn next_expiry(self) -> Option<i64> {
        match self.0 {
            Seen::Pack(pack) if !pack.has_moments() => None,
            Seen::Pack(pack) => pack.nth(0)?.expire_at,
            Seen::Table(table) => table.next_expiry(),
        }
    }

    /// Whether some field has an expiry.
    #[inline]
    #[must_use]
    pub fn has_volatile(self) -> bool {
        self.next_expiry().is_some()
    }

    /// The fields that have not expired.
    pub fn live(self, now: i64) -> impl Iterator<Item = Field<'a>> {
        self.iter().filter(move |field| !field.is_dead(now))
    }

    /// How many fields have not expired.
    #[must_use]
    pub fn live_len(self, now: i64) -> usize {
        if self.next_expiry().is_none_or(|at| at > now) {
            return self.len();
        }
        self.live(now).count()
    }
}

impl Hash {
    /// Gives a field another expiry, or none; whether it is there.
    pub fn set_expire<H: BytesHasher>(
        &mut self,
        name: &[u8],
        expire_at: Option<i64>,
        rules: &HashRules<H>,
    ) -> bool {
        if expire_at.is_some() {
            self.make_ex();
        }
        match &mut self.0 {
            Encoded::Pack(_) => self.as_ref().get(name, rules).is_some(),
            Encoded::PackEx(pack) => pack::set_moment(pack, name, expire_at),
            Encoded::Table(table) => table.set_expire(name, expire_at, &rules.hasher),
        }
    }

    /// Takes some of the fields out that have expired and hands their names to `give`. The work is
    /// bounded; as long as there may be more, `next_expiry` lies in the past.
    pub fn take_dead<H: BytesHasher>(
        &mut self,
        now: i64,
        rules: &HashRules<H>,
        mut give: impl FnMut(&[u8]),
    ) {
        let mut dead: Vec<Vec<u8>> = Vec::new();
        match &mut self.0 {
            Encoded::Pack(_) => {}
            Encoded::PackEx(_) => {
                let fields = self.as_ref().iter().take_while(|field| field.is_dead(now));
                dead.extend(fields.take(FIELDS_PER_LOOK).map(|field| field.name.to_vec()));
            }
            Encoded::Table(table) => {
                table.walk_expired(now, BUCKETS_PER_LOOK, |name| dead.push(name.to_vec()));
            }
        }
        for name in &dead {
            self.remove(name, rules);
            give(name);
        }
    }
}
