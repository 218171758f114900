//! MEMORY: what the memory is used for. USAGE is a data command: its key's shard answers it.

use command::Command;
use commands::Outcome;
use commands::databases::memory::usage;
use resp::{Args, ReplyWriter};

use super::survey::Survey;
use super::{help, parts};
use crate::declared::memory as declared;
use crate::{CoreCx, CorePart, MemoryFacts, Run, SessionCx};

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::MEMORY.subcommands(&[
    declared::MEMORY_DOCTOR.run(Run::Session(doctor)),
    declared::MEMORY_HELP.run(Run::Session(show_help)),
    declared::MEMORY_MALLOC_STATS.run(Run::Session(malloc_stats)),
    declared::MEMORY_PURGE.run(Run::EveryCore {
        check: parts::no_check,
        part: purge_part,
        fold: parts::fold_ok,
    }),
    declared::MEMORY_STATS.run(Run::EveryCore {
        check: parts::no_check,
        part: stats_part,
        fold: stats_fold,
    }),
    declared::MEMORY_USAGE.run(Run::Data(commands::Run::Shard(usage))),
])];

const HELP: &[&str] = &[
    "DOCTOR",
    "    Return memory problems reports.",
    "MALLOC-STATS",
    "    Return internal statistics report from the memory allocator.",
    "PURGE",
    "    Attempt to purge dirty pages for reclamation by the allocator.",
    "STATS",
    "    Return information about the memory usage of the server.",
    "USAGE <key> [SAMPLES <count>]",
    "    Return memory in bytes used by <key> and its value. Nested values are",
    "    sampled up to <count> times (default: 5, 0 means sample all).",
];

/// Below this the ratios that the doctor looks at say nothing, bytes.
const EMPTY_BYTES_MAX: u64 = 5 << 20;

/// Memory that is held without use is no concern below this, bytes.
const UNUSED_BYTES_MAX: u64 = 10 << 20;

const EMPTY: &str = "Hi Sam, this instance is empty or is using very little memory, my issues \
    detector can't be used in these conditions. Please, leave for your mission on Earth and fill \
    it with some data. The new Sam and I will be back to our programming as soon as I finished \
    rebooting.\n";
const HEALTHY: &str = "Hi Sam, I can't find any memory issue in your instance. I can only account \
    for what occurs on this base.\n";
const SICK: &str = "Sam, I detected a few issues in this Redis instance memory implants:\n\n";
const PEAK: &str = " * Peak memory: at some time more than one and a half times as much was used \
    as now. The allocator may keep what was freed since: MEMORY PURGE gives it back.\n\n";
const UNUSED: &str = " * High total RSS: the process occupies more than 1.4 times what it uses. \
    The allocator keeps memory that was freed, or it is fragmented: MEMORY PURGE may help.\n\n";
const FAREWELL: &str = "I'm here to keep you safe, Sam. I want to help you.\n";

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

/// REDIS: what it answers where the allocator is not jemalloc.
fn malloc_stats(_: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    writer.bulk(b"Stats not supported for the current allocator");
    Ok(())
}

fn doctor(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    writer.verbatim(b"txt", report(&cx.front.house.facts.memory()).as_bytes());
    Ok(())
}

fn report(memory: &MemoryFacts) -> String {
    if memory.used < EMPTY_BYTES_MAX {
        return EMPTY.to_owned();
    }
    let mut text = String::new();
    if memory.used_peak as f64 / memory.used as f64 > 1.5 {
        text.push_str(PEAK);
    }
    let unused = memory.resident.saturating_sub(memory.used);
    if memory.resident as f64 / memory.used as f64 > 1.4 && unused > UNUSED_BYTES_MAX {
        text.push_str(UNUSED);
    }
    if text.is_empty() { HEALTHY.to_owned() } else { [SICK, &text, FAREWELL].concat() }
}

/// Allocators keep free memory by thread, so every core gives back its own.
fn purge_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    cx.front.house.facts.purge();
    Box::new(())
}

fn stats_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    Box::new(Survey::take(cx, false))
}

/// A part in a whole, in percent.
pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn stats_fold(
    cx: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let survey = Survey::of_all(parts::of(all));
    let memory = cx.front.house.facts.memory();
    let overhead = survey.overhead_bytes(memory.used_at_start);
    let dataset = memory.used.saturating_sub(overhead);
    let net = memory.used.saturating_sub(memory.used_at_start);
    let fragmentation = memory.resident as f64 / memory.used.max(1) as f64;
    let used_dbs = survey.dbs.iter().filter(|db| db.keys > 0).count();
    writer.map(13 + used_dbs);
    let integer = |writer: &mut ReplyWriter<'_>, field: &str, value: u64| {
        writer.bulk(field.as_bytes());
        writer.integer(value as i64);
    };
    let double = |writer: &mut ReplyWriter<'_>, field: &str, value: f64| {
        writer.bulk(field.as_bytes());
        writer.double(value);
    };
    integer(writer, "peak.allocated", memory.used_peak);
    integer(writer, "total.allocated", memory.used);
    integer(writer, "startup.allocated", memory.used_at_start);
    integer(writer, "clients.normal", survey.clients.memory_bytes);
    for (index, db) in survey.dbs.iter().enumerate().filter(|(_, db)| db.keys > 0) {
        writer.bulk(format!("db.{index}").as_bytes());
        writer.map(1);
        integer(writer, "overhead.hashtable.main", db.table_bytes);
    }
    integer(writer, "overhead.total", overhead);
    integer(writer, "keys.count", survey.keys());
    integer(writer, "keys.bytes-per-key", net / survey.keys().max(1));
    integer(writer, "dataset.bytes", dataset);
    double(writer, "dataset.percentage", percent(dataset, net));
    double(writer, "peak.percentage", percent(memory.used, memory.used_peak));
    integer(writer, "allocator.resident", memory.resident);
    double(writer, "fragmentation", fragmentation);
    writer.bulk(b"fragmentation.bytes");
    writer.integer(memory.resident as i64 - memory.used as i64);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;
    use crate::{FixedFacts, MemoryFacts};

    fn with_memory(used: u64, used_peak: u64, resident: u64) -> Bench {
        let memory = MemoryFacts { used, used_peak, used_at_start: 1000, held: resident, resident };
        Bench::with_facts(FixedFacts { memory, ..FixedFacts::default() })
    }

    #[test]
    fn the_doctor_sees_what_is_wrong() {
        const MIB: u64 = 1 << 20;
        let said = |used, peak, resident| with_memory(used, peak, resident).ask("MEMORY DOCTOR");
        assert!(said(MIB, MIB, 100 * MIB).contains("Hi Sam, this instance is empty"));
        assert!(said(100 * MIB, 110 * MIB, 120 * MIB).contains("can't find any memory issue"));
        assert!(said(100 * MIB, 200 * MIB, 120 * MIB).contains("* Peak memory"));
        assert!(said(100 * MIB, 100 * MIB, 200 * MIB).contains("* High total RSS"));
        assert!(said(6 * MIB, 6 * MIB, 12 * MIB).contains("can't find any memory issue"));
    }

    #[test]
    fn stats_are_a_map_of_what_is_known() {
        let mut bench = with_memory(5000, 8000, 10_000);
        bench.ask("HELLO 3");
        let reply = bench.ask("MEMORY STATS");
        assert!(reply.starts_with("%13\r\n$14\r\npeak.allocated\r\n:8000\r\n"), "{reply}");
        assert!(reply.contains("$15\r\npeak.percentage\r\n,62.5\r\n"), "{reply}");
        assert!(reply.contains("$13\r\nfragmentation\r\n,2\r\n"), "{reply}");
        assert!(reply.contains("$10\r\nkeys.count\r\n:0\r\n"), "{reply}");
        bench.set("k", "v", None);
        let reply = bench.ask("MEMORY STATS");
        assert!(reply.starts_with("%14\r\n"), "{reply}");
        assert!(reply.contains("$4\r\ndb.0\r\n%1\r\n"), "{reply}");
    }

    #[test]
    fn purge_is_ok() {
        assert_eq!(Bench::new().ask("MEMORY PURGE"), "+OK\r\n");
    }
}
