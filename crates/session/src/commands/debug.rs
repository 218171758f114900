//! DEBUG: for tests of the server itself and of its clients.

mod protocol;

use command::Command;
use commands::Outcome;
use commands::databases::debug::{Population, object};
use commands::databases::digest;
use keyspace::Author;
use resp::{Args, ReplyError, ReplyWriter};

use super::words::{leading_flag, leading_float, misused_subcommand};
use super::{help, parts};
use crate::declared::debug as declared;
use crate::{Client, CoreCx, CorePart, Effect, Front, Run, SessionCx};

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::DEBUG.subcommands(&[
    declared::DEBUG_DIGEST.run(Run::Data(commands::Run::EveryShard {
        part: digest::digest_part,
        fold: digest::digest_fold,
    })),
    declared::DEBUG_DIGEST_VALUE.run(Run::Data(commands::Run::Gather {
        check: commands::no_check,
        part: digest::digest_value_part,
        fold: digest::digest_value_fold,
    })),
    declared::DEBUG_ERROR.run(Run::Session(error)),
    declared::DEBUG_HELP.run(Run::Session(show_help)),
    declared::DEBUG_LOG.run(Run::Session(log)),
    declared::DEBUG_OBJECT.run(Run::Data(commands::Run::Shard(object))),
    declared::DEBUG_POPULATE.run(Run::EveryCore {
        check: check_populate,
        part: populate_part,
        fold: parts::fold_ok,
    }),
    declared::DEBUG_PROTOCOL.run(Run::Session(protocol::example)),
    declared::DEBUG_SET_ACTIVE_EXPIRE.run(Run::EveryCore {
        check: parts::no_check,
        part: set_active_expire_part,
        fold: parts::fold_ok,
    }),
    declared::DEBUG_SLEEP.run(Run::EveryCore {
        check: parts::no_check,
        part: sleep_part,
        fold: parts::fold_ok,
    }),
])];

/// What a client is told whom `enable-debug-command` keeps out.
pub(crate) const NOT_ALLOWED: ReplyError = ReplyError::new(
    "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you \
     can run it from a local connection, otherwise you need to set this option in the \
     configuration file, and then restart the server.",
);

const HELP: &[&str] = &[
    "DIGEST",
    "    Output a hex signature representing the current DB content.",
    "DIGEST-VALUE <key> [<key> ...]",
    "    Output a hex signature of the values of all the specified keys.",
    "ERROR <string>",
    "    Return a Redis protocol error with <string> as message. Useful for clients",
    "    unit tests to simulate Redis errors.",
    "LOG <message>",
    "    Write <message> to the server log.",
    "OBJECT <key>",
    "    Show low level info about `key` and associated value.",
    "POPULATE <count> [<prefix>] [<size>]",
    "    Create <count> string keys named key:<num>. If <prefix> is specified then",
    "    it is used instead of the 'key' prefix.",
    "PROTOCOL <type>",
    "    Reply with a test value of the specified type. <type> can be: string,",
    "    integer, double, bignum, null, array, set, map, attrib, push, verbatim,",
    "    true, false.",
    "SET-ACTIVE-EXPIRE <0|1>",
    "    Setting it to 0 disables expiring keys in background when they are not",
    "    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the",
    "    default.",
    "SLEEP <seconds>",
    "    Stop the server for <seconds>. Decimals allowed.",
];

/// Whether `enable-debug-command` lets this client in.
pub(crate) fn is_allowed(front: &Front, client: &Client) -> bool {
    front.config.enable_debug_command.permits(client.is_local())
}

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

/// REDIS: an error that was asked for is no failure, and nothing counts it. Its line ends become
/// spaces, whereas other errors lose those at their edges.
fn error(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let flat = |byte: &u8| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte };
    let text: Vec<u8> = args.at(2).iter().map(flat).collect();
    writer.raw(&[b"-", text.as_slice(), b"\r\n"].concat());
    Ok(())
}

fn log(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    tracing::warn!("DEBUG LOG: {}", args.at(2).escape_ascii());
    writer.ok();
    Ok(())
}

fn set_active_expire_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    for shard in cx.shards.iter_mut().flatten() {
        shard.active_expire = leading_flag(args.at(2));
    }
    Box::new(())
}

/// REDIS: what is no number is no time.
fn sleep_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let us = (leading_float(args.at(2)) * 1e6) as u64;
    if us > 0 {
        cx.front.effects.push(Effect::Sleep(us));
    }
    Box::new(())
}

fn check_populate(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    if args.len() > 5 {
        return Err(misused_subcommand(args));
    }
    Population::parse(args).map(drop)
}

/// Each shard makes those of the keys that are its own.
fn populate_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let Ok(population) = Population::parse(args) else { return Box::new(()) };
    for (index, shard) in cx.shards.iter_mut().enumerate() {
        if let Some(shard) = shard {
            let owns = |key: &[u8]| (cx.shard_of)(key) == index;
            population.make(&mut shard.cx(cx.db, Author(cx.asker)), 0..population.count, owns);
        }
    }
    Box::new(())
}

#[cfg(test)]
mod tests;
