//! CLIENT LIST: every core prints its clients, the fold puts them in order.

use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::{HashMap, number};

use super::{is_normal_type, line};
use crate::commands::parts;
use crate::commands::words::is;
use crate::{CoreCx, CorePart, Run, SessionCx};
use commands::errors::SYNTAX;

pub(super) const RUN: Run = Run::EveryCore { check, part, fold };

/// Whom CLIENT LIST shall show.
enum Choice {
    All,
    Nobody,
    /// These, in this order, as often as they were named.
    Ids(Vec<i64>),
}

impl Choice {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let Some(option) = args.get(2) else { return Ok(Self::All) };
        match args.len() {
            4 if is(option, "TYPE") => {
                Ok(if is_normal_type(args.at(3))? { Self::All } else { Self::Nobody })
            }
            4.. if is(option, "ID") => {
                let ids: Option<_> = args.tail(3).iter().map(number::parse_i64).collect();
                ids.map(Self::Ids).ok_or(ReplyError::new("ERR Invalid client ID"))
            }
            _ => Err(SYNTAX),
        }
    }

    fn has(&self, id: i64) -> bool {
        match self {
            Self::All => true,
            Self::Nobody => false,
            Self::Ids(ids) => ids.contains(&id),
        }
    }
}

type Lines = Vec<(i64, Vec<u8>)>;

fn check(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    Choice::parse(args).map(drop)
}

fn part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let mut lines = Lines::new();
    let Ok(choice) = Choice::parse(args) else { return Box::new(lines) };
    for (_, session) in cx.sessions.iter().filter(|(_, session)| !session.client.close_now) {
        let id = session.client.id as i64;
        if choice.has(id) {
            let mut text = Vec::new();
            line::write(&mut text, session, cx.front);
            lines.push((id, text));
        }
    }
    Box::new(lines)
}

fn fold(
    _: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let mut lines: Lines = parts::of::<Lines>(all).flatten().collect();
    let text: Vec<u8> = if let Choice::Ids(ids) = Choice::parse(args)? {
        let by_id: HashMap<i64, Vec<u8>> = lines.into_iter().collect();
        ids.iter().filter_map(|id| by_id.get(id)).flatten().copied().collect()
    } else {
        lines.sort_unstable_by_key(|(id, _)| *id);
        lines.into_iter().flat_map(|(_, line)| line).collect()
    };
    writer.verbatim(b"txt", &text);
    Ok(())
}
