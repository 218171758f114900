//! A sorted array of integers in as few bytes each as the largest needs: small sets of numbers.
//!
//! **Layout**, byte for byte that of Redis' intset, so that an RDB payload is a copy of it; all
//! numbers are little-endian:
//!
//! ```text
//! +---------------------+----------------+-----------+-----------+-----
//! | width: 2, 4 or 8    | count          | integer 0 | integer 1 | ...
//! | (u32)               | (u32)          | (i16, i32 or i64: the width)
//! +---------------------+----------------+-----------+-----------+-----
//! ```
//!
//! **Invariants**
//!
//! - The integers ascend and none comes twice.
//! - The width never shrinks: taking the largest integer out leaves the others as they are.

/// Bytes in front of the integers.
const HEADER: usize = 8;
/// The least and the greatest number of bytes that an integer can take.
const WIDTH_MIN: usize = 2;
const WIDTH_MAX: usize = 8;

/// See the head of this file.
#[derive(Clone, PartialEq, Eq)]
pub struct IntSet {
    bytes: Vec<u8>,
}

impl IntSet {
    /// More integers than this do not fit the format's 32-bit sizes with certainty.
    pub const LEN_MAX: usize = 1 << 30;

    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self { bytes: [(WIDTH_MIN as u32).to_le_bytes(), [0; 4]].concat() }
    }

    /// The set that these bytes are, if they keep every rule of the format.
    ///
    /// REDIS: an empty intset is refused by RESTORE, because no key holds one.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Self::validate(&bytes).then_some(Self { bytes })
    }

    /// Whether untrusted bytes are a set that is not empty.
    #[must_use]
    pub fn validate(bytes: &[u8]) -> bool {
        let Some((header, integers)) = bytes.split_at_checked(HEADER) else { return false };
        let (width, count) = (word(header, 0), word(header, 4));
        if !matches!(width, 2 | 4 | 8) || count == 0 {
            return false;
        }
        if integers.len() as u64 != u64::from(width) * u64::from(count) {
            return false;
        }
        integers
            .chunks_exact(width as usize)
            .map(decode)
            .is_sorted_by(|before, after| before < after)
    }

    /// The bytes of the format.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many integers there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        (self.bytes.len() - HEADER) / self.width()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    /// The integer at a place in ascending order.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<i64> {
        let width = self.width();
        let at = HEADER + index * width;
        self.bytes.get(at..at + width).map(decode)
    }

    /// The least integer.
    #[must_use]
    pub fn min(&self) -> Option<i64> {
        self.get(0)
    }

    /// The greatest integer.
    #[must_use]
    pub fn max(&self) -> Option<i64> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Whether the integer is there.
    #[inline]
    #[must_use]
    pub fn contains(&self, wanted: i64) -> bool {
        self.find(wanted).is_ok()
    }

    /// The integers in ascending order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = i64> + Clone + '_ {
        self.bytes[HEADER..].chunks_exact(self.width()).map(decode)
    }

    /// Adds an integer; false if it was there.
    pub fn insert(&mut self, integer: i64) -> bool {
        let width = width_of(integer);
        if width > self.width() {
            self.widen(width);
        }
        let Err(index) = self.find(integer) else { return false };
        let width = self.width();
        if self.bytes.capacity() - self.bytes.len() < width {
            // Small sets are kept small: an eighth to spare, not twice the size.
            self.bytes.reserve_exact(width + (self.bytes.len() / 8).next_multiple_of(WIDTH_MAX));
        }
        let (at, end) = (HEADER + index * width, self.bytes.len());
        self.bytes.resize(end + width, 0);
        self.bytes.copy_within(at..end, at + width);
        self.bytes[at..at + width].copy_from_slice(&integer.to_le_bytes()[..width]);
        self.write_count();
        true
    }

    /// Takes an integer out; false if it was not there.
    pub fn remove(&mut self, integer: i64) -> bool {
        let Ok(index) = self.find(integer) else { return false };
        let width = self.width();
        let at = HEADER + index * width;
        self.bytes.drain(at..at + width);
        self.write_count();
        if self.bytes.len() < self.bytes.capacity() / 2 {
            self.bytes.shrink_to_fit();
        }
        true
    }

    /// Gives memory back that was taken for integers to come.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    #[inline]
    fn width(&self) -> usize {
        word(&self.bytes, 0) as usize
    }

    /// The place of an integer, or the one where it belongs.
    #[inline]
    fn find(&self, wanted: i64) -> Result<usize, usize> {
        let integers = &self.bytes[HEADER..];
        // One search for each width, so that the innermost step is a plain load.
        match self.width() {
            2 => search::<2>(integers, wanted),
            4 => search::<4>(integers, wanted),
            _ => search::<8>(integers, wanted),
        }
    }

    /// Writes all integers anew with more bytes each.
    fn widen(&mut self, width: usize) {
        let mut wider = Vec::with_capacity(HEADER + (self.len() + 1) * width);
        wider.extend_from_slice(&(width as u32).to_le_bytes());
        wider.extend_from_slice(&self.bytes[4..HEADER]);
        for integer in self.iter() {
            wider.extend_from_slice(&integer.to_le_bytes()[..width]);
        }
        self.bytes = wider;
    }

    fn write_count(&mut self) {
        let count = u32::try_from(self.len()).expect("sets are converted long before LEN_MAX");
        self.bytes[4..HEADER].copy_from_slice(&count.to_le_bytes());
    }
}

impl Default for IntSet {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for IntSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The least width that an integer fits.
fn width_of(integer: i64) -> usize {
    if i16::try_from(integer).is_ok() {
        2
    } else if i32::try_from(integer).is_ok() {
        4
    } else {
        8
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The integer of two, four or eight bytes.
#[inline]
fn decode(bytes: &[u8]) -> i64 {
    match *bytes {
        [a, b] => i64::from(i16::from_le_bytes([a, b])),
        [a, b, c, d] => i64::from(i32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => i64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => unreachable!("widths are 2, 4 and 8"),
    }
}

#[inline]
fn search<const WIDTH: usize>(integers: &[u8], wanted: i64) -> Result<usize, usize> {
    let (integers, _) = integers.as_chunks::<WIDTH>();
    integers.binary_search_by(|bytes| decode(bytes).cmp(&wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::IntSet;

    fn integers() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => -20..20_i64,
            1 => any::<i16>().prop_map(i64::from),
            1 => any::<i32>().prop_map(i64::from),
            1 => any::<i64>(),
            1 => proptest::sample::select(vec![
                i64::MIN, i64::MAX, i64::from(i32::MIN), i64::from(i32::MAX) + 1, -32_769, 32_767,
            ]),
        ]
    }

    proptest! {
        #[test]
        fn behaves_as_a_sorted_set(
            steps in proptest::collection::vec((any::<bool>(), integers()), 0..200),
        ) {
            let (mut set, mut model) = (IntSet::new(), BTreeSet::new());
            for (adds, integer) in steps {
                if adds {
                    prop_assert_eq!(set.insert(integer), model.insert(integer));
                } else {
                    prop_assert_eq!(set.remove(integer), model.remove(&integer));
                }
                prop_assert_eq!(set.contains(integer), model.contains(&integer));
                prop_assert!(set.iter().eq(model.iter().copied()));
                prop_assert_eq!(set.len(), model.len());
                prop_assert_eq!(set.min(), model.first().copied());
                prop_assert_eq!(set.max(), model.last().copied());
                prop_assert_eq!(IntSet::validate(set.as_bytes()), !model.is_empty());
            }
            let copy = IntSet::from_bytes(set.as_bytes().to_vec());
            prop_assert_eq!(copy, (!model.is_empty()).then_some(set));
        }

        #[test]
        fn any_bytes_are_judged(mut bytes in proptest::collection::vec(0..9_u8, 0..40)) {
            if let Some(set) = IntSet::from_bytes(bytes.clone()) {
                prop_assert!(!set.is_empty());
                prop_assert!(set.iter().all(|integer| set.contains(integer)));
            }
            bytes.splice(0..0, [2, 0, 0, 0]);
            let is_set = IntSet::validate(&bytes);
            prop_assert_eq!(is_set, IntSet::from_bytes(bytes).is_some());
        }
    }

    #[test]
    fn bytes_are_those_of_redis() {
        let mut set = IntSet::new();
        for integer in [5, -1, 300] {
            set.insert(integer);
        }
        let narrow = [2, 0, 0, 0, 3, 0, 0, 0, 0xff, 0xff, 5, 0, 44, 1];
        assert_eq!(set.as_bytes(), narrow);
        set.insert(1 << 16);
        set.remove(1 << 16);
        let wide = [4, 0, 0, 0, 3, 0, 0, 0, 255, 255, 255, 255, 5, 0, 0, 0, 44, 1, 0, 0];
        assert_eq!(set.as_bytes(), wide);
    }

    #[test]
    fn wrong_bytes_are_refused() {
        let good = [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0];
        assert!(IntSet::validate(&good));
        let spoiled = |at: usize, byte: u8| {
            let mut bytes = good;
            bytes[at] = byte;
            IntSet::validate(&bytes)
        };
        assert!(!spoiled(0, 3), "no such width");
        assert!(!spoiled(4, 1) && !spoiled(4, 3) && !spoiled(7, 0x80), "another count");
        assert!(!spoiled(8, 2) && !spoiled(8, 3), "not ascending");
        assert!(!IntSet::validate(&[2, 0, 0, 0, 0, 0, 0, 0]), "empty");
        assert!(!IntSet::validate(&good[..11]) && !IntSet::validate(&good[..7]), "cut off");
    }
}
