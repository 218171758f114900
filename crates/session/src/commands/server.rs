//! TIME, SHUTDOWN and LOLWUT.

mod lolwut;

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};

use super::words::is;
use crate::declared::server as declared;
use crate::{Effect, Run, SessionCx};
use commands::errors::SYNTAX;

/// What this file's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[
    declared::LOLWUT.run(Run::Session(lolwut::lolwut)),
    declared::SHUTDOWN.run(Run::Session(shutdown)),
    declared::TIME.run(Run::Session(time)),
];

fn time(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let now_us = cx.front.now_us();
    writer.array(2);
    writer.bulk_integer(now_us / 1_000_000);
    writer.bulk_integer(now_us % 1_000_000);
    Ok(())
}

/// What SHUTDOWN's words ask for.
#[derive(Default)]
struct Ending {
    saves: bool,
    saves_not: bool,
    is_now: bool,
    is_forced: bool,
    aborts: bool,
}

impl Ending {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let mut ending = Self::default();
        for word in args.tail(1).iter() {
            let switch = match () {
                () if is(word, "SAVE") => &mut ending.saves,
                () if is(word, "NOSAVE") => &mut ending.saves_not,
                () if is(word, "NOW") => &mut ending.is_now,
                () if is(word, "FORCE") => &mut ending.is_forced,
                () if is(word, "ABORT") => &mut ending.aborts,
                () => return Err(SYNTAX),
            };
            *switch = true;
        }
        let ends = ending.saves || ending.saves_not || ending.is_now || ending.is_forced;
        if (ending.saves && ending.saves_not) || (ending.aborts && ends) {
            return Err(SYNTAX);
        }
        Ok(ending)
    }
}

/// Ends the process; the client sees its connection end, not a reply.
///
/// Nothing waits for replicas here, so no shutdown is ever under way that ABORT could stop, and NOW
/// changes nothing.
fn shutdown(cx: &mut SessionCx<'_>, args: Args<'_>, _: &mut ReplyWriter<'_>) -> Outcome {
    let ending = Ending::parse(args)?;
    if ending.aborts {
        return Err(ReplyError::new("ERR No shutdown in progress."));
    }
    if ending.saves && !ending.is_forced {
        tracing::warn!("SHUTDOWN SAVE: this server cannot save its data yet.");
        return Err(ReplyError::new("ERR Errors trying to SHUTDOWN. Check logs."));
    }
    tracing::warn!("User requested shutdown...");
    cx.front.effects.push(Effect::Stop);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Effect;
    use crate::commands::harness::Bench;

    #[test]
    fn time_is_the_turns_time() {
        let mut bench = Bench::new();
        bench.front().now_ms = 1_700_000_000_123;
        assert_eq!(bench.ask("TIME"), "*2\r\n$10\r\n1700000000\r\n$6\r\n123000\r\n");
    }

    #[test]
    fn shutdown_stops_or_says_why_not() {
        let mut bench = Bench::new();
        for line in ["foo", "SAVE NOSAVE", "ABORT NOW", "NOW FORCE ABORT"] {
            assert_eq!(bench.ask(&format!("SHUTDOWN {line}")), "-ERR syntax error\r\n");
        }
        assert_eq!(bench.ask("SHUTDOWN ABORT"), "-ERR No shutdown in progress.\r\n");
        let refused = "-ERR Errors trying to SHUTDOWN. Check logs.\r\n";
        assert_eq!(bench.ask("SHUTDOWN SAVE"), refused);
        assert_eq!(bench.take_effects(), []);
        for line in ["SHUTDOWN", "SHUTDOWN nosave NOW", "SHUTDOWN SAVE FORCE"] {
            assert_eq!(bench.ask(line), "");
            assert_eq!(bench.take_effects(), [Effect::Stop]);
        }
    }
}
