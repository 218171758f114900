//! INFO: the server in numbers, in sections of `field:value` lines.
//!
//! A field is there only if there is a fact behind it; its name and place are those of Redis, and
//! what Redis does not have begins with `shoal_`.

mod activity;
mod per_command;
mod server;
mod sizes;

use std::fmt::{Display, Write};

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyWriter};

use super::parts;
use super::survey::Survey;
use super::words::is;
use crate::declared::server as declared;
use crate::{CoreCx, CorePart, Front, Run, SessionCx};

/// What this file's command is and does.
pub(super) static COMMANDS: &[Command<Run>] =
    &[declared::INFO.run(Run::EveryCore { check: parts::no_check, part, fold })];

/// A section: its name, whether a plain INFO shows it, and its lines.
struct Section {
    name: &'static str,
    is_default: bool,
    write: fn(&mut Lines, &Front, &Survey),
}

const fn section(name: &'static str, write: fn(&mut Lines, &Front, &Survey)) -> Section {
    Section { name, is_default: true, write }
}

const fn on_demand(name: &'static str, write: fn(&mut Lines, &Front, &Survey)) -> Section {
    Section { name, is_default: false, write }
}

/// Needs the histograms, which are not collected for the others.
const LATENCYSTATS: &str = "Latencystats";

/// In the order in which they are printed, however they were asked for.
static SECTIONS: [Section; 13] = [
    section("Server", server::server),
    section("Clients", server::clients),
    section("Memory", sizes::memory),
    section("Persistence", activity::persistence),
    section("Stats", activity::stats),
    section("Replication", server::replication),
    section("CPU", server::cpu),
    section("Modules", |_, _, _| {}),
    on_demand("Commandstats", per_command::commandstats),
    section("Errorstats", per_command::errorstats),
    on_demand(LATENCYSTATS, per_command::latencystats),
    section("Cluster", server::cluster),
    section("Keyspace", sizes::keyspace),
];

/// The sections that the words of a request name.
fn asked(args: Args<'_>) -> impl Iterator<Item = &'static Section> {
    let names = args.tail(1);
    let has = move |name: &str| names.iter().any(|word| is(word, name));
    let all = has("all") || has("everything");
    let default = names.is_empty() || has("default");
    SECTIONS
        .iter()
        .filter(move |section| all || (default && section.is_default) || has(section.name))
}

fn part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let with_histograms = asked(args).any(|section| section.name == LATENCYSTATS);
    Box::new(Survey::take(cx, with_histograms))
}

fn fold(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let survey = Survey::of_all(parts::of(all));
    let mut lines = Lines(String::new());
    for section in asked(args) {
        if !lines.0.is_empty() {
            lines.0.push_str("\r\n");
        }
        lines.0.push_str(&format!("# {}\r\n", section.name));
        (section.write)(&mut lines, cx.front, &survey);
    }
    writer.verbatim(b"txt", lines.0.as_bytes());
    Ok(())
}

/// The text as it grows.
struct Lines(String);

impl Lines {
    fn put(&mut self, field: &str, value: impl Display) {
        write!(self.0, "{field}:{value}\r\n").expect("a string takes everything");
    }

    /// A number of bytes, and again for people.
    fn put_bytes(&mut self, field: &str, bytes: u64) {
        self.put(field, bytes);
        self.put(&format!("{field}_human"), human(bytes));
    }
}

/// `1.50M`
fn human(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["K", "M", "G", "T", "P"];
    if bytes < 1024 {
        return format!("{bytes}B");
    }
    let power = (bytes.ilog2() / 10).min(UNITS.len() as u32);
    let number = bytes as f64 / 1024f64.powi(power as i32);
    format!("{number:.2}{}", UNITS[power as usize - 1])
}

#[cfg(test)]
mod tests;
