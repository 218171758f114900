//! CLIENT PAUSE: commands wait until a moment, or until CLIENT UNPAUSE.

/// Which commands wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PauseMode {
    /// All of them.
    All,
    /// Those that may write.
    Write,
}

/// A pause under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pause {
    /// Which commands wait.
    pub mode: PauseMode,
    /// When it ends, milliseconds since 1970.
    pub until_ms: i64,
}

impl Pause {
    /// Both pauses at once: the stricter mode, the later end.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let is_all = self.mode == PauseMode::All || other.mode == PauseMode::All;
        Self {
            mode: if is_all { PauseMode::All } else { PauseMode::Write },
            until_ms: self.until_ms.max(other.until_ms),
        }
    }
}
