//! CLIENT UNBLOCK: the core of the client that is meant lets it go, if it waits.

use commands::Outcome;
use commands::args::integer;
use resp::{Args, ReplyError, ReplyWriter};

use crate::commands::parts;
use crate::commands::words::{is, misused_subcommand};
use crate::{Blocked, CoreCx, CorePart, Effect, Run, SessionCx};

pub(super) const RUN: Run = Run::EveryCore { check, part, fold };

/// The client that is meant, and whether it is told an error.
fn parse(args: Args<'_>) -> Result<(i64, bool), ReplyError> {
    let as_error = match args.get(3) {
        None => false,
        Some(word) if is(word, "TIMEOUT") => false,
        Some(word) if is(word, "ERROR") => true,
        Some(_) => {
            return Err(ReplyError::new("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"));
        }
    };
    Ok((integer(args.at(2))?, as_error))
}

fn check(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    if args.len() > 4 {
        return Err(misused_subcommand(args));
    }
    parse(args).map(drop)
}

/// Whether it has left depends on the shard on which it waits: the part of its core is told later
/// ([`Effect::Unblock`]). All others have nothing to do with it.
fn part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    if let Ok((id, as_error)) = parse(args) {
        let is_meant = |client: u64| i64::try_from(client) == Ok(id);
        let blocked = cx.sessions.iter().find(|(_, session)| is_meant(session.client.id));
        if let Some((key, _)) = blocked.filter(|(_, session)| session.blocked != Blocked::No) {
            cx.front.effects.push(Effect::Unblock { key, as_error });
        }
    }
    Box::new(0_i64)
}

fn fold(
    _: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    writer.integer(parts::of::<i64>(all).sum());
    Ok(())
}
