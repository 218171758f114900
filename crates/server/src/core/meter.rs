//! Times commands: runs of a brief command together, others one by one.
//!
//! A pipeline of sixteen GETs is measured as a whole and counted as sixteen times its mean: reading
//! the clock for each would cost more than a tenth of the command. Commands that may take long
//! (those without the FAST flag), and all of them while `slowlog-log-slower-than` or
//! `latency-monitor-threshold` is below a millisecond, are measured alone.

use command::CommandId;

/// Thresholds below this, in microseconds, want every command measured alone.
pub(crate) const EXACT_BELOW_US: i64 = 1_000;

/// A run of one command that is being measured.
#[derive(Default)]
pub(crate) struct Meter {
    /// The clock when the run began, nanoseconds.
    started_ns: u64,
    command: Option<CommandId>,
    calls: u64,
    /// Every command is measured alone.
    pub exact: bool,
}

/// A run that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub command: CommandId,
    pub calls: u64,
    pub nanoseconds: u64,
}

impl Meter {
    /// A turn begins.
    pub(super) fn begin(&mut self, now_ns: u64) {
        self.started_ns = now_ns;
    }

    /// Counts one more call; false if the run before it must be ended first.
    #[inline]
    pub(super) fn joins(&mut self, command: CommandId) -> bool {
        if self.command == Some(command) {
            self.calls += 1;
            return true;
        }
        false
    }

    /// Begins a run with one call.
    #[inline]
    pub(super) fn start(&mut self, command: CommandId) {
        debug_assert!(self.command.is_none(), "one run at a time");
        self.command = Some(command);
        self.calls = 1;
    }

    /// Whether a run is under way.
    #[inline]
    pub(super) fn is_running(&self) -> bool {
        self.command.is_some()
    }

    /// The command of the run that is under way.
    #[inline]
    pub(super) fn running(&self) -> Option<CommandId> {
        self.command
    }

    /// Counts more calls of the run that is under way.
    #[inline]
    pub(super) fn join(&mut self, calls: u64) {
        debug_assert!(self.command.is_some() || calls == 0, "a run is under way");
        self.calls += calls;
    }

    /// Ends the run.
    pub(super) fn end(&mut self, now_ns: u64) -> Option<Run> {
        let command = self.command.take()?;
        let nanoseconds = now_ns.saturating_sub(self.started_ns);
        self.started_ns = now_ns;
        Some(Run { command, calls: self.calls, nanoseconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_one_command_however_often() {
        let table = session::table();
        let id = table.all().next().expect("there are commands");
        let mut meter = Meter::default();
        meter.begin(100);
        assert!(!meter.joins(id));
        meter.start(id);
        assert!(meter.joins(id));
        assert_eq!(meter.end(160), Some(Run { command: id, calls: 2, nanoseconds: 60 }));
        assert_eq!(meter.end(170), None);
    }
}
