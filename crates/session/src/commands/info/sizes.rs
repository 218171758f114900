//! INFO's sections about how much there is: memory and keys.

use config::{Choice, MaxmemoryPolicy};

use super::Lines;
use crate::commands::memory::percent;
use crate::commands::survey::Survey;
use crate::{Front, MemoryFacts};

pub(super) fn memory(lines: &mut Lines, front: &Front, survey: &Survey) {
    let facts = &front.house.facts;
    let memory = facts.memory();
    let overhead = survey.overhead_bytes(memory.used_at_start);
    let dataset = memory.used.saturating_sub(overhead);
    let net = memory.used.saturating_sub(memory.used_at_start);
    let policy = front.config.maxmemory_policy;
    lines.put_bytes("used_memory", memory.used);
    lines.put_bytes("used_memory_rss", memory.resident);
    lines.put_bytes("used_memory_peak", memory.used_peak);
    lines.put(
        "used_memory_peak_perc",
        format_args!("{:.2}%", percent(memory.used, memory.used_peak)),
    );
    lines.put("used_memory_overhead", overhead);
    lines.put("used_memory_startup", memory.used_at_start);
    lines.put("used_memory_dataset", dataset);
    lines.put("used_memory_dataset_perc", format_args!("{:.2}%", percent(dataset, net)));
    lines.put("allocator_allocated", memory.used);
    lines.put("allocator_active", memory.held);
    lines.put("allocator_resident", memory.resident);
    lines.put_bytes("total_system_memory", facts.machine().memory);
    lines.put_bytes("maxmemory", front.config.maxmemory);
    lines.put("maxmemory_policy", MaxmemoryPolicy::NAMES[policy.index()]);
    let mut put_surplus = |[ratio, bytes]: [&str; 2], more: u64, less: u64| {
        lines.put(ratio, format_args!("{:.2}", more as f64 / less.max(1) as f64));
        lines.put(bytes, more.cast_signed() - less.cast_signed());
    };
    let MemoryFacts { used, held, resident, .. } = memory;
    put_surplus(["allocator_frag_ratio", "allocator_frag_bytes"], held, used);
    put_surplus(["allocator_rss_ratio", "allocator_rss_bytes"], resident, held);
    put_surplus(["mem_fragmentation_ratio", "mem_fragmentation_bytes"], resident, used);
    // Replicas and a log would have buffers that do not count.
    lines.put("mem_not_counted_for_evict", 0);
    lines.put("mem_clients_normal", survey.clients.memory_bytes);
    lines.put("mem_allocator", &facts.machine().allocator);
    lines.put("lazyfree_pending_objects", survey.lazyfree_pending);
    lines.put("lazyfreed_objects", survey.keyspace.lazyfreed_objects);
}

/// A line for each database that has keys.
pub(super) fn keyspace(lines: &mut Lines, _: &Front, survey: &Survey) {
    for (index, db) in survey.dbs.iter().enumerate().filter(|(_, db)| db.keys > 0) {
        let (keys, volatile, avg_ttl_ms) = (db.keys, db.volatile, db.avg_ttl_ms);
        let facts = format_args!("keys={keys},expires={volatile},avg_ttl={avg_ttl_ms}");
        lines.put(&format!("db{index}"), facts);
    }
}
