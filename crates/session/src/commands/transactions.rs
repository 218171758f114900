//! MULTI, DISCARD and UNWATCH; EXEC and WATCH need the shards, so the server runs them.

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};

use crate::declared::transactions as declared;
use crate::{Multi, Run, SessionCx};

/// MULTI inside MULTI.
const NESTED: ReplyError = ReplyError::new("ERR MULTI calls can not be nested");
/// DISCARD of nothing.
const DISCARD_WITHOUT_MULTI: ReplyError = ReplyError::new("ERR DISCARD without MULTI");

/// What this file's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[
    declared::MULTI.run(Run::AtOnce(multi)),
    declared::EXEC.run(Run::Exec),
    declared::DISCARD.run(Run::AtOnce(discard)),
    declared::WATCH.run(Run::Watch),
    declared::UNWATCH.run(Run::Session(unwatch)),
];

fn multi(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    if cx.client.multi.is_some() {
        return Err(NESTED);
    }
    cx.client.multi = Some(Box::new(Multi::default()));
    writer.ok();
    Ok(())
}

fn discard(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.client.multi.take().ok_or(DISCARD_WITHOUT_MULTI)?;
    cx.forget_watched();
    writer.ok();
    Ok(())
}

fn unwatch(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.forget_watched();
    writer.ok();
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    #[test]
    fn commands_between_multi_and_discard_wait() {
        let mut bench = Bench::new();
        assert_eq!(bench.ask("MULTI"), "+OK\r\n");
        assert_eq!(bench.ask("SELECT 3"), "+QUEUED\r\n");
        assert_eq!(bench.ask("UNWATCH"), "+QUEUED\r\n");
        assert_eq!(bench.client().db.index(), 0);
        assert_eq!(bench.ask("MULTI"), "-ERR MULTI calls can not be nested\r\n");
        let multi = bench.client().multi.as_ref().expect("it is open");
        assert!(multi.len() == 2 && !multi.is_poisoned());
        assert_eq!(bench.ask("DISCARD"), "+OK\r\n");
        assert_eq!(bench.ask("DISCARD"), "-ERR DISCARD without MULTI\r\n");
        assert_eq!(bench.ask("SELECT 3"), "+OK\r\n");
    }

    #[test]
    fn what_may_not_be_queued_is_refused() {
        let mut bench = Bench::new();
        bench.ask("MULTI");
        let refused = "-ERR Command not allowed inside a transaction\r\n";
        assert_eq!(bench.ask("SHUTDOWN"), refused);
        assert!(bench.client().multi.as_ref().expect("it is open").is_poisoned());
    }

    #[test]
    fn reset_ends_it() {
        let mut bench = Bench::new();
        bench.ask("MULTI");
        assert_eq!(bench.ask("RESET"), "+RESET\r\n");
        assert_eq!(bench.ask("DISCARD"), "-ERR DISCARD without MULTI\r\n");
    }

    #[test]
    fn client_list_counts_what_waits() {
        let mut bench = Bench::new();
        bench.ask("MULTI");
        bench.ask("GET k");
        let asker = bench.client().id;
        bench.new_client();
        let list = bench.ask(&format!("CLIENT LIST ID {asker}"));
        let has = |field: &str| list.contains(&format!(" {field} "));
        assert!(has("flags=x") && has("multi=1") && !has("multi-mem=0"), "{list}");
    }
}
