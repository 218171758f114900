//! How large the nodes of a list get: `list-max-listpack-size`.

/// Bytes of a node by the parameter's values -1 to -5.
const SIZES: [usize; 5] = [4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10];
/// REDIS: a node limited by its count is limited to this size, too.
const SIZE_WITH_COUNT: usize = 8 << 10;
/// REDIS: bytes that an entry is taken to add to its element, which is never too few for a short
/// one.
const ENTRY_OVERHEAD: usize = 8;

/// One value of `list-max-listpack-size`: a count of elements, or, negative, the name of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeLimit(i32);

impl Default for NodeLimit {
    fn default() -> Self {
        Self(-2)
    }
}

impl NodeLimit {
    /// The limit for this value of the parameter. Zero is one element, less than -5 is -5.
    pub fn new(list_max_listpack_size: i32) -> Self {
        Self(list_max_listpack_size)
    }

    /// The parameter as Redis keeps it with a list: within -5 and 32767.
    pub fn value(self) -> i32 {
        self.0.clamp(-(SIZES.len() as i32), i32::from(i16::MAX))
    }

    /// The most elements of a node, where these are what is limited.
    fn count(self) -> Option<usize> {
        usize::try_from(self.0).ok().map(|count| count.max(1))
    }

    /// The most bytes of a node.
    pub(super) fn bytes(self) -> usize {
        match usize::try_from(self.0.unsigned_abs()) {
            Ok(level) if self.0 < 0 => SIZES[level.min(SIZES.len()) - 1],
            _ => SIZE_WITH_COUNT,
        }
    }

    /// Whether a node must not become like this.
    pub(super) fn is_exceeded(self, bytes: usize, count: usize) -> bool {
        bytes > self.bytes() || self.count().is_some_and(|most| count > most)
    }

    /// Whether an element may join a node like this.
    pub(super) fn allows(self, element_bytes: usize, node_bytes: usize, count: usize) -> bool {
        !self.is_exceeded(node_bytes + element_bytes + ENTRY_OVERHEAD, count + 1)
    }

    /// Whether an element has to be a node by itself.
    pub(super) fn is_large(self, element_bytes: usize) -> bool {
        element_bytes > self.bytes()
    }

    /// Whether a list's only node is so small that it is kept without nodes again.
    ///
    /// Half of the limit, so that a list at the limit does not go to and fro.
    pub(super) fn is_small(self, bytes: usize, count: usize) -> bool {
        match self.count() {
            Some(most) => count <= most / 2,
            None => bytes <= self.bytes() / 2,
        }
    }

    /// Whether a list that was made of one node at once is kept without nodes.
    pub(super) fn is_enough(self, bytes: usize, count: usize) -> bool {
        match self.count() {
            Some(most) => count <= most,
            None => bytes <= self.bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NodeLimit;

    #[test]
    fn values_mean_what_they_mean_to_redis() {
        let bytes = [-1, -2, -3, -4, -5, -6, i32::MIN].map(|value| NodeLimit::new(value).bytes());
        assert_eq!(bytes, [4096, 8192, 16_384, 32_768, 65_536, 65_536, 65_536]);
        for (value, count) in [(0, 1), (1, 1), (128, 128), (i32::MAX, i32::MAX as usize)] {
            let limit = NodeLimit::new(value);
            assert!(!limit.is_exceeded(8192, count) && limit.is_exceeded(7, count + 1));
            assert!(limit.is_exceeded(8193, 1) && limit.is_large(8193) && !limit.is_large(8192));
        }
        let limit = NodeLimit::default();
        assert!(limit.allows(8192 - 7 - 8, 7, 0) && !limit.allows(8192 - 7 - 7, 7, 0));
        assert!(limit.is_small(4096, 9999) && !limit.is_small(4097, 1));
        assert!(limit.is_enough(8192, 9999) && !limit.is_enough(8193, 1));
        let limit = NodeLimit::new(5);
        assert!(limit.is_enough(9999, 5) && !limit.is_enough(1, 6));
        assert!(limit.is_small(9999, 2) && !limit.is_small(1, 3));
        assert!(!NodeLimit::new(1).is_small(1, 1));
    }
}
