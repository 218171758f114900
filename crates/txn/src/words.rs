//! Words of a request that several shards use: copied once, and shared.

use std::sync::Arc;

use resp::{Args, Argv};

use crate::route::Spans;

/// All words of a request, or those of a part.
#[derive(Clone)]
pub struct Words {
    all: Arc<Argv>,
    part: Option<Spans>,
}

impl Words {
    /// All of them.
    #[must_use]
    pub fn all(all: Arc<Argv>) -> Self {
        Self { all, part: None }
    }

    /// Those that lie there.
    #[must_use]
    pub(crate) fn part(all: Arc<Argv>, part: Spans) -> Self {
        Self { all, part: Some(part) }
    }

    /// To look at.
    #[inline]
    #[must_use]
    pub fn as_args(&self) -> Args<'_> {
        let all = self.all.as_args();
        match &self.part {
            Some(part) => Args::new(all.bytes(), part, all.big_values()),
            None => all,
        }
    }
}
