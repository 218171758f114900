//! CLIENT KILL: every core marks those of its clients that are meant.

use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number;

use super::is_normal_type;
use crate::commands::authentication::DEFAULT_USER;
use crate::commands::parts;
use crate::commands::words::{error_with, is};
use crate::{Client, CoreCx, CorePart, Effect, Run, SessionCx};
use commands::errors::SYNTAX;

pub(super) const RUN: Run = Run::EveryCore { check, part, fold };

/// Whom CLIENT KILL means: those of whom all that is given is true.
struct Filter<'a> {
    id: Option<u64>,
    address: Option<&'a [u8]>,
    local_address: Option<&'a [u8]>,
    is_normal: bool,
    age_s_min: i64,
    skips_asker: bool,
}

impl<'a> Filter<'a> {
    fn parse(args: Args<'a>) -> Result<Self, ReplyError> {
        let mut filter = Self {
            id: None,
            address: None,
            local_address: None,
            is_normal: true,
            age_s_min: 0,
            skips_asker: true,
        };
        if args.len() == 3 {
            filter.address = Some(args.at(2));
            filter.skips_asker = false;
            return Ok(filter);
        }
        for at in (2..args.len()).step_by(2) {
            let value = args.get(at + 1).ok_or(SYNTAX)?;
            filter.take(args.at(at), value)?;
        }
        Ok(filter)
    }

    /// One option with its value; the last of several is the one that counts.
    fn take(&mut self, option: &[u8], value: &'a [u8]) -> Outcome {
        match () {
            () if is(option, "ID") => self.id = Some(client_id(value)?),
            () if is(option, "MAXAGE") => self.age_s_min = age(value)?,
            () if is(option, "TYPE") => self.is_normal = is_normal_type(value)?,
            () if is(option, "ADDR") => self.address = Some(value),
            () if is(option, "LADDR") => self.local_address = Some(value),
            () if is(option, "USER") => {
                if value != DEFAULT_USER.as_bytes() {
                    return Err(error_with("ERR No such user '", value, "'"));
                }
            }
            () if is(option, "SKIPME") && is(value, "yes") => self.skips_asker = true,
            () if is(option, "SKIPME") && is(value, "no") => self.skips_asker = false,
            () => return Err(SYNTAX),
        }
        Ok(())
    }

    fn means(&self, client: &Client, asker: u64, now_ms: i64) -> bool {
        self.is_normal
            && !(self.skips_asker && client.id == asker)
            && self.id.is_none_or(|id| id == client.id)
            && self.address.is_none_or(|address| address == client.peer.as_bytes())
            && self.local_address.is_none_or(|address| address == client.local.as_bytes())
            && (now_ms - client.created_ms) / 1000 >= self.age_s_min
    }
}

fn client_id(word: &[u8]) -> Result<u64, ReplyError> {
    number::parse_u64(word)
        .filter(|&id| (1..=i64::MAX as u64).contains(&id))
        .ok_or(ReplyError::new("ERR client-id should be greater than 0"))
}

fn age(word: &[u8]) -> Result<i64, ReplyError> {
    let age = number::parse_i64(word)
        .ok_or(ReplyError::new("ERR maxage is not an integer or out of range"))?;
    if age <= 0 {
        return Err(ReplyError::new("ERR maxage should be greater than 0"));
    }
    Ok(age)
}

fn check(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    Filter::parse(args).map(drop)
}

/// Whoever asks for its own end still gets the reply.
fn part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let mut killed: i64 = 0;
    let Ok(filter) = Filter::parse(args) else { return Box::new(killed) };
    for (_, session) in cx.sessions.iter_mut() {
        let client = &mut session.client;
        if client.close_now || !filter.means(client, cx.asker, cx.front.now_ms) {
            continue;
        }
        killed += 1;
        if client.id == cx.asker {
            client.close_after_reply = true;
        } else {
            client.close_now = true;
        }
    }
    if killed > 0 {
        cx.front.effects.push(Effect::CloseMarked);
    }
    Box::new(killed)
}

fn fold(
    _: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let killed: i64 = parts::of::<i64>(all).sum();
    match (args.len(), killed) {
        (3, 0) => return Err(ReplyError::new("ERR No such client")),
        (3, _) => writer.ok(),
        _ => writer.integer(killed),
    }
    Ok(())
}
