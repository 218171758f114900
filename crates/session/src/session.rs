//! A session: one client with its input, its replies, and whether it may go on.

use crate::{Client, Input, Replies, Ticket};

/// Whether a session's next request may run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// It may.
    #[default]
    Running,
    /// A command of its own is under way over several shards or cores; what follows must not
    /// overtake it.
    Waiting,
    /// A command that may wait for its keys is under way.
    Blocked,
    /// CLIENT PAUSE.
    Paused,
    /// Its next request needs answers to earlier ones first: for their credit, or for their order.
    Stalled,
}

/// Whether a client is known to wait for something to happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Blocked {
    /// It is not, or nobody knows yet.
    #[default]
    No,
    /// Until it happens.
    ForEver,
    /// At most until some moment.
    ForAWhile,
}

/// The last command of a session that may write and is made elsewhere: with strict pipelines, what
/// writes after it must come after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LastWrite {
    /// None that matters.
    #[default]
    None,
    /// A call to that shard, where calls keep their order.
    Call(u16, Ticket),
    /// A transaction; transactions keep their order.
    Transaction(Ticket),
}

/// One client's conversation.
pub struct Session {
    /// Who it is.
    pub client: Client,
    /// What it sent and has not run.
    pub input: Input,
    /// What it is answered.
    pub replies: Replies,
    /// Whether its next request may run.
    pub standing: Standing,
    /// What is known of its waiting, while it is [`Standing::Blocked`].
    pub blocked: Blocked,
    /// Its last write that is under way; kept up with strict pipelines alone.
    pub last_write: LastWrite,
    /// Which core its recent keyed commands went to; decides about migration.
    pub drift: Drift,
    /// It has output to be sent this turn and is on the core's list.
    pub flush_queued: bool,
    /// Since when its output has been above the soft limit, milliseconds since 1970.
    pub soft_limit_since_ms: Option<i64>,
}

impl Session {
    /// A session that has sent nothing yet.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            input: Input::default(),
            replies: Replies::default(),
            standing: Standing::Running,
            blocked: Blocked::No,
            last_write: LastWrite::None,
            drift: Drift::default(),
            flush_queued: false,
            soft_limit_since_ms: None,
        }
    }

    /// Whether nothing of it is outstanding, so that it could move to another core. The beginning
    /// of a request that is still arriving moves with it.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.standing == Standing::Running
            && self.replies.is_settled()
            && self.replies.ready().is_empty()
            && self.input.backlog.is_none()
            && self.client.multi.is_none()
            && self.client.watched.is_empty()
            && !self.client.close_after_reply
            && !self.client.close_now
    }
}

/// Keyed commands in one window of the drift measure.
const DRIFT_WINDOW: u16 = 1024;

/// Commands of a window that may go elsewhere if the session is to move (10 %).
const DRIFT_STRAYS_MAX: u16 = DRIFT_WINDOW / 10;

/// Counts where a session's keyed commands go: the core that takes almost all should own it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drift {
    candidate: u16,
    strays: u16,
    seen: u16,
}

impl Drift {
    /// Counts keyed commands for a core. Answers the core that took 90 % of a whole window.
    #[inline]
    pub fn count(&mut self, core: u16, commands: u16) -> Option<u16> {
        if self.seen == 0 {
            self.candidate = core;
        }
        self.seen += commands;
        if core != self.candidate {
            self.strays += commands;
            if self.strays > DRIFT_STRAYS_MAX {
                // This window is lost for its candidate: the next command names another one.
                *self = Self::default();
                return None;
            }
        }
        if self.seen < DRIFT_WINDOW {
            return None;
        }
        let verdict = self.candidate;
        *self = Self::default();
        Some(verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_drifts_to_the_core_that_takes_nine_tenths() {
        let mut drift = Drift::default();
        let verdicts: Vec<_> =
            (0..1024).filter_map(|n| drift.count(if n % 20 == 1 { 0 } else { 3 }, 1)).collect();
        assert_eq!(verdicts, [3]);
    }

    #[test]
    fn an_even_mix_does_not_drift() {
        let mut drift = Drift::default();
        assert!((0..10_240).all(|n| drift.count(n % 2, 1).is_none()));
        assert!((0..10_240).all(|n| drift.count(u16::from(n % 8 == 0), 1).is_none()));
    }
}
