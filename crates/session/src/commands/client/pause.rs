//! CLIENT PAUSE and UNPAUSE: every core keeps the pause for its own clients.

use commands::Outcome;
use resp::{Args, ReplyError};
use stdx::number;

use crate::commands::parts;
use crate::commands::words::{is, misused_subcommand};
use crate::{CoreCx, CorePart, Effect, Pause, PauseMode, Run, SessionCx};

pub(super) const RUN_PAUSE: Run =
    Run::EveryCore { check: check_pause, part: pause_part, fold: parts::fold_ok };
pub(super) const RUN_UNPAUSE: Run =
    Run::EveryCore { check: parts::no_check, part: unpause_part, fold: parts::fold_ok };

fn parse(args: Args<'_>) -> Result<(i64, PauseMode), ReplyError> {
    let mode = match args.get(3) {
        None => PauseMode::All,
        Some(word) if is(word, "ALL") => PauseMode::All,
        Some(word) if is(word, "WRITE") => PauseMode::Write,
        Some(_) => return Err(ReplyError::new("ERR CLIENT PAUSE mode must be WRITE or ALL")),
    };
    let timeout_ms = number::parse_i64(args.at(2))
        .ok_or(ReplyError::new("ERR timeout is not an integer or out of range"))?;
    if timeout_ms < 0 {
        return Err(ReplyError::new("ERR timeout is negative"));
    }
    Ok((timeout_ms, mode))
}

fn check_pause(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    if args.len() > 4 {
        return Err(misused_subcommand(args));
    }
    parse(args).map(drop)
}

/// A pause that is under way is only ever made stricter and longer.
fn pause_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    if let Ok((timeout_ms, mode)) = parse(args) {
        let now_ms = cx.front.now_ms;
        let asked = Pause { mode, until_ms: now_ms.saturating_add(timeout_ms) };
        let under_way = cx.front.pause.filter(|pause| pause.until_ms > now_ms);
        cx.front.pause = Some(under_way.map_or(asked, |pause| pause.joined(asked)));
        cx.front.effects.push(Effect::PauseChanged);
    }
    Box::new(())
}

fn unpause_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    cx.front.pause = None;
    cx.front.effects.push(Effect::PauseChanged);
    Box::new(())
}
