//! CLIENT: what a client says of itself and does with others.

mod kill;
mod line;
mod list;
mod pause;
mod unblock;

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};

use super::help;
use super::words::{error_with, is, on_off};
use crate::declared::client as declared;
use crate::{ReplyMode, Run, SessionCx};
use commands::errors::SYNTAX;

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::CLIENT.subcommands(&[
    declared::CLIENT_GETNAME.run(Run::Session(get_name)),
    declared::CLIENT_HELP.run(Run::Session(show_help)),
    declared::CLIENT_ID.run(Run::Session(id)),
    declared::CLIENT_INFO.run(Run::Session(info)),
    declared::CLIENT_KILL.run(kill::RUN),
    declared::CLIENT_LIST.run(list::RUN),
    declared::CLIENT_NO_EVICT.run(Run::Session(no_evict)),
    declared::CLIENT_NO_TOUCH.run(Run::Switch { run: no_touch, foresee: |_, _| None }),
    declared::CLIENT_PAUSE.run(pause::RUN_PAUSE),
    declared::CLIENT_REPLY.run(Run::Session(reply)),
    declared::CLIENT_SETINFO.run(Run::Session(set_info)),
    declared::CLIENT_SETNAME.run(Run::Session(set_name)),
    declared::CLIENT_UNBLOCK.run(unblock::RUN),
    declared::CLIENT_UNPAUSE.run(pause::RUN_UNPAUSE),
])];

const HELP: &[&str] = &[
    "GETNAME",
    "    Return the name of the current connection.",
    "ID",
    "    Return the ID of the current connection.",
    "INFO",
    "    Return information about the current client connection.",
    "KILL <ip:port>",
    "    Kill connection made from <ip:port>.",
    "KILL <option> <value> [<option> <value> [...]]",
    "    Kill connections. Options are:",
    "    * ADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made from the specified address",
    "    * LADDR (<ip:port>|<unixsocket>:0)",
    "      Kill connections made to specified local address",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Kill connections by type.",
    "    * USER <username>",
    "      Kill connections authenticated by <username>.",
    "    * SKIPME (YES|NO)",
    "      Skip killing current connection (default: yes).",
    "    * ID <client-id>",
    "      Kill connections by client id.",
    "    * MAXAGE <maxage>",
    "      Kill connections older than the specified age.",
    "LIST [options ...]",
    "    Return information about client connections. Options:",
    "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
    "      Return clients of specified type.",
    "UNBLOCK <clientid> [TIMEOUT|ERROR]",
    "    Unblock the specified blocked client.",
    "UNPAUSE",
    "    Stop the current client pause, resuming traffic.",
    "PAUSE <timeout> [WRITE|ALL]",
    "    Suspend all, or just write, clients for <timeout> milliseconds.",
    "REPLY (ON|OFF|SKIP)",
    "    Control the replies sent to the current connection.",
    "SETNAME <name>",
    "    Assign the name <name> to the current connection.",
    "SETINFO <option> <value>",
    "    Set client meta attr. Options are:",
    "    * LIB-NAME: the client lib name.",
    "    * LIB-VER: the client lib version.",
    "NO-EVICT (ON|OFF)",
    "    Protect current client connection from eviction.",
    "NO-TOUCH (ON|OFF)",
    "    Will not touch LRU/LFU stats when this mode is on.",
];

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

fn id(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    writer.integer(cx.client.id as i64);
    Ok(())
}

fn get_name(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    if cx.client.name.is_empty() {
        writer.null();
    } else {
        writer.bulk(&cx.client.name);
    }
    Ok(())
}

fn set_name(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    check_name(args.at(2))?;
    cx.client.name = args.at(2).into();
    writer.ok();
    Ok(())
}

/// CLIENT LIST separates fields by spaces and clients by line ends, so names have neither.
fn is_printable(name: &[u8]) -> bool {
    name.iter().all(|byte| (b'!'..=b'~').contains(byte))
}

/// Refuses a name that would break CLIENT LIST.
pub(super) fn check_name(name: &[u8]) -> Outcome {
    const BAD_NAME: ReplyError =
        ReplyError::new("ERR Client names cannot contain spaces, newlines or special characters.");
    if is_printable(name) { Ok(()) } else { Err(BAD_NAME) }
}

fn set_info(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let (option, value) = (args.at(2), args.at(3));
    let field = match () {
        () if is(option, "LIB-NAME") => &mut cx.client.lib_name,
        () if is(option, "LIB-VER") => &mut cx.client.lib_ver,
        () => return Err(error_with("ERR Unrecognized option '", option, "'")),
    };
    if !is_printable(value) {
        let why = " cannot contain spaces, newlines or special characters.";
        return Err(error_with("ERR ", option, why));
    }
    *field = value.into();
    writer.ok();
    Ok(())
}

fn info(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let mut text = Vec::new();
    line::write_own(&mut text, cx.client, cx.front, args);
    writer.verbatim(b"txt", &text);
    Ok(())
}

fn no_evict(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.client.no_evict = on_off(args.at(2))?;
    writer.ok();
    Ok(())
}

fn no_touch(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.client.no_touch = on_off(args.at(2))?;
    writer.ok();
    Ok(())
}

/// The mode that is set here decides about the reply to this very command, too.
fn reply(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let mode = &mut cx.client.reply_mode;
    match args.at(2) {
        word if is(word, "ON") => {
            *mode = ReplyMode::On;
            writer.ok();
        }
        word if is(word, "OFF") => *mode = ReplyMode::Off,
        word if is(word, "SKIP") => {
            if *mode != ReplyMode::Off {
                *mode = ReplyMode::SkipNext;
            }
        }
        _ => return Err(SYNTAX),
    }
    Ok(())
}

/// The classes of clients; all of ours are normal ones.
fn is_normal_type(name: &[u8]) -> Result<bool, ReplyError> {
    match () {
        () if is(name, "normal") => Ok(true),
        () if ["slave", "replica", "pubsub", "master"].iter().any(|other| is(name, other)) => {
            Ok(false)
        }
        () => Err(error_with("ERR Unknown client type '", name, "'")),
    }
}

#[cfg(test)]
mod tests;
