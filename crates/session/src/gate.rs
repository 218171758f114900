//! The gate: the questions that every request must pass, in the order in which clients see them.
//!
//! 1. Is there such a command, with so many words?
//! 2. Is it one that the configuration protects (DEBUG)?
//! 3. Has the client authenticated, or does the command not need it?
//! 4. Is there memory for it? (Whatever MULTI would have to remember needs some.)
//! 5. Is the server paused?
//! 6. Has MULTI been called, so that the command waits for EXEC?

use command::flags::{DENYOOM, ENDS_MULTI, MAY_REPLICATE, NO_AUTH, NO_MULTI, PROTECTED, WRITE};
use command::{Command, CommandId, PRIVATE_SUBCOMMANDS};
use commands::errors::OUT_OF_MEMORY;
use resp::{Args, ReplyError};

use crate::commands::debug;
use crate::commands::words::{misused_subcommand, quoted, until_nul};
use crate::{Client, Front, Multi, PauseMode, Run};

/// SHUTDOWN and the like between MULTI and EXEC.
const NOT_IN_MULTI: ReplyError = ReplyError::new("ERR Command not allowed inside a transaction");

/// What the gate decides.
pub enum Admission {
    /// The command may run.
    Run(CommandId, &'static Command<Run>),
    /// It waits for EXEC.
    Queue(CommandId, &'static Command<Run>),
    /// It is refused; the command is known if it is to be counted as rejected.
    Refuse(ReplyError, Option<CommandId>),
    /// It must wait for the end of a pause.
    Postpone,
    /// It is a web browser's, sent here by somebody's page: the connection ends without a reply.
    HangUp,
}

/// Lets a request in, or not. `id` is what the table answers for its first word.
#[inline]
pub fn admit(front: &Front, client: &Client, args: Args<'_>, id: Option<CommandId>) -> Admission {
    let Some(id) = id else {
        let is = |word: &[u8]| args.at(0).eq_ignore_ascii_case(word);
        if is(b"post") || is(b"host:") {
            return Admission::HangUp;
        }
        return Admission::Refuse(unknown_command(args), None);
    };
    let command = front.table.get(id);
    if !command.subcommands.is_empty() {
        return admit_subcommand(front, client, args, id, command);
    }
    admit_known(front, client, args, id, command)
}

#[inline]
fn admit_known(
    front: &Front,
    client: &Client,
    args: Args<'_>,
    id: CommandId,
    command: &'static Command<Run>,
) -> Admission {
    let spec = &command.spec;
    if !spec.arity.accepts(args.len()) {
        return Admission::Refuse(wrong_arity(front, id), Some(id));
    }
    let ordinary = client.authenticated
        && front.pause.is_none()
        && client.multi.is_none()
        && !front.is_out_of_memory
        && !spec.has(PROTECTED);
    if ordinary { Admission::Run(id, command) } else { ask_further(front, client, id, command) }
}

/// The questions that hardly ever matter.
#[cold]
fn ask_further(
    front: &Front,
    client: &Client,
    id: CommandId,
    command: &'static Command<Run>,
) -> Admission {
    let spec = &command.spec;
    if spec.has(PROTECTED) && !debug::is_allowed(front, client) {
        return Admission::Refuse(debug::NOT_ALLOWED, Some(id));
    }
    if !client.authenticated && !spec.has(NO_AUTH) {
        return Admission::Refuse(ReplyError::new("NOAUTH Authentication required."), Some(id));
    }
    let multi = client.multi.as_deref();
    if multi.is_some() && spec.has(NO_MULTI) {
        return Admission::Refuse(NOT_IN_MULTI, Some(id));
    }
    if front.is_out_of_memory && needs_memory(command, multi) {
        return Admission::Refuse(OUT_OF_MEMORY, Some(id));
    }
    match front.pause {
        Some(pause) if is_held_by(pause.mode, command, multi) => Admission::Postpone,
        _ => enter(client, id, command),
    }
}

/// REDIS: between MULTI and EXEC everything is refused, for a queue may grow without end, but for
/// what ends it; and EXEC, if one of the queued commands would be.
fn needs_memory(command: &Command<Run>, multi: Option<&Multi>) -> bool {
    command.spec.has(DENYOOM)
        || multi.is_some_and(|multi| match command.run {
            Some(Run::Exec) => multi.has(DENYOOM),
            _ => !command.spec.has(ENDS_MULTI),
        })
}

/// Nothing speaks against the command: it runs, now or at EXEC.
fn enter(client: &Client, id: CommandId, command: &'static Command<Run>) -> Admission {
    if client.multi.is_some() && command.run.is_some_and(Run::is_queued) {
        return Admission::Queue(id, command);
    }
    Admission::Run(id, command)
}

/// REDIS: a pause of all commands holds CLIENT UNPAUSE as well; only its time ends it.
fn is_held_by(mode: PauseMode, command: &Command<Run>, multi: Option<&Multi>) -> bool {
    match mode {
        PauseMode::All => true,
        PauseMode::Write if matches!(command.run, Some(Run::Exec)) => {
            multi.is_some_and(|multi| multi.has(WRITE | MAY_REPLICATE))
        }
        PauseMode::Write => command.spec.has(WRITE) || command.spec.has(MAY_REPLICATE),
    }
}

/// The second word chooses the command.
#[cold]
fn admit_subcommand(
    front: &Front,
    client: &Client,
    args: Args<'_>,
    id: CommandId,
    container: &'static Command<Run>,
) -> Admission {
    if container.spec.doc_flags & PRIVATE_SUBCOMMANDS != 0 {
        return admit_private(front, client, args, id);
    }
    let Some(word) = args.get(1) else {
        return match container.run {
            Some(_) => admit_known(front, client, args, id, container),
            None => Admission::Refuse(wrong_arity(front, id), Some(id)),
        };
    };
    match front.table.subcommand(id, word) {
        Some(id) => admit_known(front, client, args, id, front.table.get(id)),
        None => Admission::Refuse(unknown_subcommand(container.spec.name, word), None),
    }
}

/// To whoever may not use such a container, nothing is told of what it contains.
fn admit_private(
    front: &Front,
    client: &Client,
    args: Args<'_>,
    container: CommandId,
) -> Admission {
    let admission = admit_known(front, client, args, container, front.table.get(container));
    if !matches!(admission, Admission::Run(..)) {
        return admission;
    }
    let subcommand = front.table.subcommand(container, args.at(1));
    match subcommand.map(|id| (id, front.table.get(id))) {
        Some((id, command)) if command.spec.arity.accepts(args.len()) => enter(client, id, command),
        _ => Admission::Refuse(misused_subcommand(args), Some(container)),
    }
}

/// How long the list of words grows until it is cut, bytes.
const LISTED_BYTES_MAX: usize = 128;

fn unknown_command(args: Args<'_>) -> ReplyError {
    let mut text = b"ERR unknown command '".to_vec();
    text.extend_from_slice(quoted(args.at(0)));
    text.extend_from_slice(b"', with args beginning with: ");
    let start = text.len();
    for word in args.tail(1).iter() {
        let used = text.len() - start;
        if used >= LISTED_BYTES_MAX {
            break;
        }
        let word = until_nul(word);
        text.push(b'\'');
        text.extend_from_slice(&word[..word.len().min(LISTED_BYTES_MAX - used)]);
        text.extend_from_slice(b"' ");
    }
    ReplyError::from(text)
}

fn unknown_subcommand(container: &str, word: &[u8]) -> ReplyError {
    let mut text = b"ERR unknown subcommand '".to_vec();
    text.extend_from_slice(quoted(word));
    text.extend_from_slice(b"'. Try ");
    text.extend_from_slice(container.as_bytes());
    text.extend_from_slice(b" HELP.");
    ReplyError::from(text)
}

pub(crate) fn wrong_arity(front: &Front, id: CommandId) -> ReplyError {
    let name = front.table.full_name(id);
    ReplyError::from(format!("ERR wrong number of arguments for '{name}' command"))
}

#[cfg(test)]
mod tests;
