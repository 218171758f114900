//! LATENCY HISTOGRAM: how long each command took, as counts up to rising limits.
//!
//! The limits are 1024, 2048, 4096 ... nanoseconds, and where the histogram's buckets are wider
//! than a nanosecond, the end of the bucket that a limit lies in.

use command::CommandId;
use commands::Outcome;
use hdrhistogram::Histogram;
use resp::{Args, ReplyWriter};

use crate::commands::parts;
use crate::{CoreCx, CorePart, Run, SessionCx, Table};

pub(super) const RUN: Run = Run::EveryCore { check: parts::no_check, part, fold };

const FIRST_LIMIT_NS: u64 = 1024;

type Measured = Vec<(CommandId, Box<Histogram<u64>>)>;

/// Everything that has been measured of the named commands; of all if none is named. Whoever names
/// a container means its subcommands.
fn part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let table = cx.front.table;
    let mut measured = Measured::new();
    for id in asked(table, args) {
        if let Some(histogram) = &cx.front.stats.commands[id.index()].histogram {
            measured.push((id, histogram.clone()));
        }
    }
    Box::new(measured)
}

fn asked(table: &Table, args: Args<'_>) -> Vec<CommandId> {
    let names = args.tail(2);
    if names.is_empty() {
        return table.all().collect();
    }
    let mut ids = Vec::new();
    for id in names.iter().filter_map(|name| table.by_full_name(name)) {
        ids.push(id);
        ids.extend(table.subcommands(id));
    }
    ids
}

fn fold(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let table = cx.front.table;
    let mut joined: Vec<Option<Histogram<u64>>> = vec![None; table.len()];
    for measured in parts::of::<Measured>(all) {
        // A command may have been named twice, but a core has measured it once.
        let mut seen = vec![false; table.len()];
        for (id, histogram) in measured {
            if !std::mem::replace(&mut seen[id.index()], true) {
                join(&mut joined[id.index()], &histogram);
            }
        }
    }
    let ids: Vec<CommandId> =
        asked(table, args).into_iter().filter(|id| joined[id.index()].is_some()).collect();
    writer.map(ids.len());
    for id in ids {
        let histogram = joined[id.index()].as_ref().expect("the others were filtered out");
        writer.bulk(table.full_name(id).as_bytes());
        write(histogram, writer);
    }
    Ok(())
}

/// Adds a core's histogram to those of the cores before it.
pub(in crate::commands) fn join(sum: &mut Option<Histogram<u64>>, of_core: &Histogram<u64>) {
    match sum {
        None => *sum = Some(of_core.clone()),
        Some(sum) => sum.add(of_core).expect("all histograms are made with the same bounds"),
    }
}

fn write(histogram: &Histogram<u64>, writer: &mut ReplyWriter<'_>) {
    writer.map(2);
    writer.bulk(b"calls");
    writer.integer(histogram.len() as i64);
    writer.bulk(b"histogram_usec");
    let counts = cumulative(histogram);
    writer.map(counts.len());
    for (limit_us, count) in counts {
        writer.integer(limit_us as i64);
        writer.integer(count as i64);
    }
}

/// Limits in microseconds and how many measurements lie below; those that add nothing are left out.
fn cumulative(histogram: &Histogram<u64>) -> Vec<(u64, u64)> {
    let mut counts = Vec::new();
    let mut before = 0;
    let mut limit = FIRST_LIMIT_NS;
    while before < histogram.len() {
        let end = histogram.highest_equivalent(limit);
        let count = histogram.count_between(0, end);
        if count > before {
            counts.push((end / 1000, count));
            before = count;
        }
        limit *= 2;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_redis() {
        let mut histogram = Histogram::new_with_bounds(1, 1_000_000_000, 2).unwrap();
        let mut limit = 1024;
        while limit <= 1_000_000_000 {
            histogram.record(limit).unwrap();
            limit *= 2;
        }
        let limits: Vec<u64> = cumulative(&histogram).into_iter().map(|(limit, _)| limit).collect();
        assert_eq!(limits[..11], [1, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1056]);
        assert_eq!(limits.len(), 20);
    }

    #[test]
    fn counts_add_up_and_skip_what_is_empty() {
        let mut histogram = Histogram::new_with_bounds(1, 1_000_000_000, 2).unwrap();
        histogram.record_n(1, 3).unwrap();
        histogram.record_n(5_000, 2).unwrap();
        histogram.record(1_000_000_000).unwrap();
        assert_eq!(cumulative(&histogram), [(1, 3), (8, 5), (1_082_130, 6)]);
    }
}
