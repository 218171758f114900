//! A key's slot, as a type of its own.

/// One of the 16384 hash slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u16);

impl Slot {
    /// How many slots there are.
    pub const COUNT: u16 = stdx::slot::SLOTS;

    /// The slot of this number, if there is one.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number < Self::COUNT { Some(Self(number)) } else { None }
    }

    /// The slot to which a key belongs, by its hash tag if it has one.
    #[inline]
    #[must_use]
    pub fn of_key(key: &[u8]) -> Self {
        Self(stdx::slot::slot_of(key))
    }

    /// The slot's number.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The slot's number as an index into a table of all slots.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_one_tag_share_a_slot() {
        assert_eq!(Slot::of_key(b"{user}.a"), Slot::of_key(b"{user}.b"));
        assert_eq!(Slot::of_key(b"foo").number(), 12182);
    }

    #[test]
    fn there_is_no_slot_16384() {
        assert_eq!(Slot::new(16383).map(Slot::index), Some(16383));
        assert_eq!(Slot::new(16384), None);
    }
}
