//! From one encoding to another: when, and by what rules. All of them are Redis 7.2's.

use stdx::number::i64_len;

use super::algebra::has_twins;
use super::{BytesHasher, Encoded, HashSet, IntSet, Set, SetLimits, SetRules};
use crate::listpack::{Element, Listpack};

/// Whether a listpack takes a member that it does not have.
pub(super) fn takes(pack: &Listpack, member: &[u8], limits: &SetLimits) -> bool {
    pack.len() < limits.listpack_entries
        && member.len() <= limits.listpack_value
        && pack.has_room_for(member.len())
}

impl Set {
    /// Makes room for `count` members more, which are about to be added. They count as many even if
    /// some of them are there.
    pub fn expect<H: BytesHasher>(&mut self, count: usize, rules: &SetRules<H>) {
        let limit = match &self.0 {
            Encoded::Ints(_) => rules.limits.intset_entries,
            Encoded::Pack(_) => rules.limits.listpack_entries,
            Encoded::Table(_) => return,
        };
        if count > limit {
            self.make_table(rules);
        }
    }

    /// The set of these integers.
    #[must_use]
    pub fn from_ints<H: BytesHasher>(ints: IntSet, rules: &SetRules<H>) -> Self {
        let is_few = ints.len() <= rules.limits.intset_entries;
        let mut set = Self(Encoded::Ints(ints));
        if !is_few {
            set.make_table(rules);
        }
        set
    }

    /// The set of these elements; `None` if one of them is there twice.
    ///
    /// REDIS: how long they are does not matter: `RESTORE` keeps what somebody else has packed.
    #[must_use]
    pub fn from_listpack<H: BytesHasher>(pack: Listpack, rules: &SetRules<H>) -> Option<Self> {
        let is_few = pack.len() <= rules.limits.listpack_entries;
        if is_few && has_twins(&pack) {
            return None;
        }
        let count = pack.len();
        let mut set = Self(Encoded::Pack(pack));
        if !is_few {
            set.make_table(rules);
        }
        // A table has taken twins for one.
        (set.len() == count).then_some(set)
    }

    /// Turns a set of integers back into an intset if they are few enough. The caller knows that
    /// all members are integers; if one is none, nothing happens.
    pub fn make_ints(&mut self, limits: &SetLimits) {
        if self.len() > limits.intset_entries.min(IntSet::LEN_MAX) {
            return;
        }
        let mut ints = IntSet::new();
        for element in self.iter() {
            let int = match element {
                Element::Int(int) => int,
                Element::Bytes(bytes) => match Element::of(bytes) {
                    Element::Int(int) => int,
                    Element::Bytes(_) => return,
                },
            };
            ints.insert(int);
        }
        self.0 = Encoded::Ints(ints);
    }

    /// Makes an intset take any members, this one first: a listpack if that takes all of them.
    pub(super) fn leave_ints<H: BytesHasher>(&mut self, member: &[u8], rules: &SetRules<H>) {
        let Encoded::Ints(ints) = &self.0 else { return };
        let limits = &rules.limits;
        let longest = ints.min().into_iter().chain(ints.max()).map(i64_len).max().unwrap_or(0);
        if ints.len() >= limits.listpack_entries
            || member.len().max(longest) > limits.listpack_value
        {
            return self.make_table(rules);
        }
        let mut pack = Listpack::new();
        for int in ints.iter() {
            pack.push_back(itoa::Buffer::new().format(int).as_bytes());
        }
        self.0 = Encoded::Pack(pack);
    }

    /// Makes the set a table, if it is none.
    pub(super) fn make_table<H: BytesHasher>(&mut self, rules: &SetRules<H>) {
        if matches!(self.0, Encoded::Table(_)) {
            return;
        }
        let mut table = HashSet::default();
        for element in self.iter() {
            table.insert(element.as_bytes(&mut itoa::Buffer::new()), &rules.hasher);
        }
        self.0 = Encoded::Table(Box::new(table));
    }
}
