//! INFO's sections about what has happened so far.

use super::Lines;
use crate::Front;
use crate::commands::memory::percent;
use crate::commands::survey::Survey;

/// Nothing is written to disk yet; what can be said of that is said, because monitors ask for it.
pub(super) fn persistence(lines: &mut Lines, front: &Front, survey: &Survey) {
    lines.put("loading", 0);
    lines.put("async_loading", 0);
    lines.put("rdb_changes_since_last_save", survey.dirty);
    lines.put("rdb_bgsave_in_progress", 0);
    lines.put("rdb_last_save_time", front.house.started_ms / 1000);
    lines.put("rdb_last_bgsave_status", "ok");
    lines.put("rdb_last_bgsave_time_sec", -1);
    lines.put("rdb_current_bgsave_time_sec", -1);
    lines.put("rdb_saves", 0);
    lines.put("aof_enabled", 0);
    lines.put("aof_rewrite_in_progress", 0);
    lines.put("aof_rewrite_scheduled", 0);
    lines.put("aof_last_rewrite_time_sec", -1);
    lines.put("aof_current_rewrite_time_sec", -1);
    lines.put("aof_last_bgrewrite_status", "ok");
    lines.put("aof_rewrites", 0);
    lines.put("aof_last_write_status", "ok");
}

pub(super) fn stats(lines: &mut Lines, front: &Front, survey: &Survey) {
    let (stats, keyspace) = (&survey.stats, &survey.keyspace);
    let kilobytes = |bytes: u64| format!("{:.2}", bytes as f64 / 1024.0);
    lines.put("total_connections_received", stats.connections_received);
    lines.put("total_commands_processed", stats.commands_processed);
    lines.put("instantaneous_ops_per_sec", stats.command_rate.per_second());
    lines.put("total_net_input_bytes", stats.input_bytes);
    lines.put("total_net_output_bytes", stats.output_bytes);
    lines.put("instantaneous_input_kbps", kilobytes(stats.input_rate.per_second()));
    lines.put("instantaneous_output_kbps", kilobytes(stats.output_rate.per_second()));
    lines.put("rejected_connections", stats.rejected_connections);
    lines.put("expired_keys", keyspace.expired_keys);
    lines.put("expired_subkeys", keyspace.expired_fields);
    let stale = percent(keyspace.cycle_expired, keyspace.cycle_sampled);
    lines.put("expired_stale_perc", format_args!("{stale:.2}"));
    lines.put("expired_time_cap_reached_count", keyspace.cycle_time_cap_reached);
    lines.put("evicted_keys", keyspace.evicted_keys);
    lines.put("total_eviction_exceeded_time", stats.exceeded.total_ms(front.mono_ns));
    lines.put("current_eviction_exceeded_time", stats.exceeded.current_ms(front.mono_ns));
    lines.put("keyspace_hits", keyspace.hits);
    lines.put("keyspace_misses", keyspace.misses);
    lines.put("total_error_replies", stats.error_replies);
    lines.put("total_reads_processed", stats.reads);
    lines.put("total_writes_processed", stats.writes);
    let too_long = stats.query_buffer_limit_disconnections;
    lines.put("client_query_buffer_limit_disconnections", too_long);
    let too_slow = stats.output_buffer_limit_disconnections;
    lines.put("client_output_buffer_limit_disconnections", too_slow);
    lines.put("acl_access_denied_auth", stats.auth_failures);
    lines.put("shoal_hops", stats.hops);
    lines.put("shoal_transactions", stats.transactions);
    lines.put("shoal_transactions_under_way", stats.under_way.transactions);
    lines.put("shoal_intents", stats.under_way.intents);
    lines.put("shoal_queue_places", stats.under_way.places);
    lines.put("shoal_loans", stats.under_way.loans);
    lines.put("shoal_waiters", stats.under_way.waiters);
    lines.put("shoal_house_transactions", stats.house_transactions);
    lines.put("shoal_trains", stats.trains);
    lines.put("shoal_trains_met", stats.trains_met);
    lines.put("shoal_migrations", stats.migrations);
}
