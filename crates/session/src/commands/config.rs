//! CONFIG: the parameters of a running server; `config` knows them, this file answers for them.
//!
//! Every core has its own copy of the configuration. CONFIG SET is tried on a copy first, so that
//! all cores take it or none does.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use command::Command;
use commands::Outcome;
use config::{Config, Language, SetError};
use keyspace::KeyspaceStats;
use resp::{Args, ReplyError, ReplyWriter};

use super::{help, parts};
use crate::declared::config as declared;
use crate::{CoreCx, CorePart, Effect, Facts, Front, Run, SessionCx, Stats};
use commands::errors::SYNTAX;

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::CONFIG.subcommands(&[
    declared::CONFIG_GET.run(Run::Session(get)),
    declared::CONFIG_HELP.run(Run::Session(show_help)),
    declared::CONFIG_RESETSTAT.run(Run::EveryCore {
        check: parts::no_check,
        part: reset_stat_part,
        fold: parts::fold_ok,
    }),
    declared::CONFIG_REWRITE.run(Run::Session(rewrite)),
    declared::CONFIG_SET.run(Run::EveryCore {
        check: check_set,
        part: set_part,
        fold: parts::fold_ok,
    }),
])];

const HELP: &[&str] = &[
    "GET <pattern>",
    "    Return parameters matching the glob-like <pattern> and their values.",
    "SET <directive> <value>",
    "    Set the configuration <directive> to <value>.",
    "RESETSTAT",
    "    Reset statistics reported by the INFO command.",
    "REWRITE",
    "    Rewrite the configuration file.",
];

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

fn get(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let patterns: Vec<&[u8]> = args.tail(2).iter().collect();
    let found = cx.front.config.get_matching(&patterns);
    writer.map(found.len());
    for (name, value) in &found {
        writer.bulk(name);
        writer.bulk(value);
    }
    Ok(())
}

/// The parameters' names and the texts of their new values.
fn pairs(args: Args<'_>) -> Vec<(&[u8], &[u8])> {
    let words = args.tail(2);
    (0..words.len() / 2).map(|pair| (words.at(pair * 2), words.at(pair * 2 + 1))).collect()
}

fn check_set(cx: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    if !args.len().is_multiple_of(2) {
        return Err(SYNTAX);
    }
    let mut tried = cx.front.config.clone();
    let is_local = cx.client.is_local();
    let pairs = pairs(args);
    tried.set_many(&pairs, is_local).map_err(|refused| set_refused(&refused))?;
    ask_the_system(cx.front.house.facts.as_ref(), &pairs, &tried)
}

/// What the values ask of the operating system, and what only it can refuse. The directory comes
/// last: once the process has gone there, nothing else fails.
fn ask_the_system(facts: &dyn Facts, pairs: &[(&[u8], &[u8])], tried: &Config) -> Outcome {
    let asked = |name: &str| pairs.iter().find(|pair| pair.0.eq_ignore_ascii_case(name.as_bytes()));
    let refuse = |name: &[u8], reason: String| {
        Err(set_refused(&SetError::Refused { name: name.into(), reason: reason.into() }))
    };
    if let Some((name, _)) = asked("maxclients")
        && let Err(room) = facts.room_for(tried.maxclients)
    {
        let reason = "The operating system is not able to handle the specified number of clients";
        return refuse(name, format!("{reason}, try with {room}"));
    }
    if let Some((name, dir)) = asked("dir")
        && let Err(reason) = facts.enter(Path::new(OsStr::from_bytes(dir)))
    {
        return refuse(name, reason);
    }
    Ok(())
}

fn set_refused(refused: &SetError) -> ReplyError {
    ReplyError::from(refused.reply())
}

fn set_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    // The check has asked whether the client may change protected parameters.
    let changed = cx.front.config.set_many(&pairs(args), true);
    assert!(changed.is_ok(), "all cores have the same configuration, and one has tried it");
    if let Some(dir) = cx.front.house.facts.working_dir() {
        cx.front.config.dir = Some(dir);
    }
    if cx.front.config.requirepass.is_none() {
        for (_, session) in cx.sessions.iter_mut() {
            session.client.authenticated = true;
        }
    }
    cx.front.effects.push(Effect::Reconfigured);
    Box::new(())
}

fn reset_stat_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    cx.front.stats = Stats::new(cx.front.table.len());
    for shard in cx.shards.iter_mut().flatten() {
        shard.stats = KeyspaceStats::default();
    }
    Box::new(())
}

fn rewrite(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    match rewrite_file(cx.front) {
        Ok(()) => {
            tracing::info!("CONFIG REWRITE executed with success.");
            writer.ok();
            Ok(())
        }
        Err(refused) => {
            tracing::warn!("CONFIG REWRITE failed: {refused}");
            Err(refused)
        }
    }
}

fn rewrite_file(front: &Front) -> Outcome {
    const NO_FILE: ReplyError = ReplyError::new("ERR The server is running without a config file");
    let house = &front.house;
    let (Some(path), Some(file)) = (&house.config_file, &house.config_text) else {
        return Err(NO_FILE);
    };
    let old = match file.read() {
        // Whoever removed the file gets a new one.
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        read => read.map_err(|error| not_rewritten(&error))?,
    };
    let new = config::rewrite(&old, Language::of(path), &front.config)
        .map_err(|refused| not_rewritten(&refused))?;
    file.replace(&new).map_err(|error| not_rewritten(&error))
}

fn not_rewritten(why: &dyn std::fmt::Display) -> ReplyError {
    ReplyError::from(format!("ERR Rewriting config file: {why}"))
}

#[cfg(test)]
mod tests;
