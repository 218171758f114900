//! How many words a command takes, its own name counted.

/// How many words a command takes, its own name (and its container's name) counted.
///
/// `GET key` is `Exactly(2)`, `DEL key [key ...]` is `AtLeast(2)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// This many words, no more and no fewer.
    Exactly(u16),
    /// This many words or more.
    AtLeast(u16),
}

impl Arity {
    /// Whether a request of this many words may be this command.
    #[inline]
    #[must_use]
    pub const fn accepts(self, words: usize) -> bool {
        match self {
            Self::Exactly(count) => words == count as usize,
            Self::AtLeast(count) => words >= count as usize,
        }
    }

    /// The fewest words with which the command can be called.
    #[must_use]
    pub const fn least(self) -> usize {
        match self {
            Self::Exactly(count) | Self::AtLeast(count) => count as usize,
        }
    }

    /// The number COMMAND INFO shows: negative when more words are allowed.
    #[must_use]
    pub fn shown(self) -> i64 {
        match self {
            Self::Exactly(count) => i64::from(count),
            Self::AtLeast(count) => -i64::from(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arity::{AtLeast, Exactly};

    #[test]
    fn exactly_takes_one_count_and_at_least_takes_all_above() {
        assert!(Exactly(2).accepts(2));
        assert!(!Exactly(2).accepts(1));
        assert!(!Exactly(2).accepts(3));
        assert!(AtLeast(2).accepts(2));
        assert!(AtLeast(2).accepts(70_000));
        assert!(!AtLeast(2).accepts(1));
    }

    #[test]
    fn open_arities_are_shown_negative() {
        assert_eq!((Exactly(2).shown(), AtLeast(3).shown()), (2, -3));
    }
}
