//! LATENCY: spikes by event, and how long each command takes.
//!
//! Every core watches itself; the folds put the cores' series of one event together.

mod doctor;
mod graph;
mod histogram;

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::HashSet;

use super::words::until_nul;
use super::{help, parts};
use crate::declared::latency as declared;
use crate::{CoreCx, CorePart, LatencyMonitor, Run, SessionCx};

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::LATENCY.subcommands(&[
    declared::LATENCY_DOCTOR.run(of_events(doctor::fold)),
    declared::LATENCY_GRAPH.run(of_events(graph)),
    declared::LATENCY_HELP.run(Run::Session(show_help)),
    declared::LATENCY_HISTOGRAM.run(histogram::RUN),
    declared::LATENCY_HISTORY.run(of_events(history)),
    declared::LATENCY_LATEST.run(of_events(latest)),
    declared::LATENCY_RESET.run(Run::EveryCore {
        check: parts::no_check,
        part: reset_part,
        fold: reset_fold,
    }),
])];

const HELP: &[&str] = &[
    "DOCTOR",
    "    Return a human readable latency analysis report.",
    "GRAPH <event>",
    "    Return an ASCII latency graph for the <event> class.",
    "HISTORY <event>",
    "    Return time-latency samples for the <event> class.",
    "LATEST",
    "    Return the latest latency samples for all events.",
    "RESET [<event> ...]",
    "    Reset latency data of one or more <event> classes.",
    "    (default: reset all data for all event classes)",
    "HISTOGRAM [COMMAND ...]",
    "    Return a cumulative distribution of latencies in the format of a histogram for the \
     specified command names.",
    "    If no commands are specified then all histograms are replied.",
];

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

/// The shape of a command that looks at all events of all cores.
const fn of_events(fold: crate::CoreFoldFn) -> Run {
    Run::EveryCore { check: parts::no_check, part: events_part, fold }
}

fn events_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    Box::new(cx.front.latency.clone())
}

/// The cores' events as those of one server.
fn joined(all: Vec<CorePart>) -> LatencyMonitor {
    let mut events = LatencyMonitor::default();
    for monitor in parts::of::<LatencyMonitor>(all) {
        events.join(monitor);
    }
    events
}

fn latest(
    _: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let monitor = joined(all);
    writer.array(monitor.events.len());
    for (event, series) in &monitor.events {
        let last = series.spikes.back().expect("a series begins with a spike");
        writer.array(4);
        writer.bulk(event.as_bytes());
        writer.integer(last.at_s);
        writer.integer(last.latency_ms as i64);
        writer.integer(series.max_ms as i64);
    }
    Ok(())
}

fn history(
    _: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let monitor = joined(all);
    let Some(series) = monitor.series(args.at(2)) else {
        writer.array(0);
        return Ok(());
    };
    writer.array(series.spikes.len());
    for spike in &series.spikes {
        writer.array(2);
        writer.integer(spike.at_s);
        writer.integer(spike.latency_ms as i64);
    }
    Ok(())
}

fn graph(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let monitor = joined(all);
    let event = args.at(2);
    let Some(series) = monitor.series(event) else {
        let parts: [&[u8]; 3] = [b"ERR No samples available for event '", until_nul(event), b"'"];
        return Err(ReplyError::from(parts.concat()));
    };
    let event = String::from_utf8_lossy(event);
    writer.verbatim(b"txt", graph::draw(&event, series, cx.front.now_ms / 1000).as_bytes());
    Ok(())
}

/// Forgets events and answers which ones: several cores may have the same.
fn reset_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let named = args.tail(2);
    let is_meant =
        |event: &str| named.is_empty() || named.iter().any(|name| name == event.as_bytes());
    let events = &mut cx.front.latency.events;
    let reset: Vec<&'static str> = events.keys().copied().filter(|event| is_meant(event)).collect();
    events.retain(|event, _| !is_meant(event));
    Box::new(reset)
}

fn reset_fold(
    _: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let reset: HashSet<&str> = parts::of::<Vec<&'static str>>(all).flatten().collect();
    writer.integer(reset.len() as i64);
    Ok(())
}

#[cfg(test)]
mod tests;
