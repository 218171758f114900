//! INFO's sections about the process and its surroundings.

use super::Lines;
use crate::Front;
use crate::commands::authentication::REDIS_VERSION;
use crate::commands::survey::Survey;

/// The LRU clock of Redis: seconds in 24 bits.
const LRU_CLOCK_BITS: i64 = (1 << 24) - 1;

const SECONDS_PER_DAY: i64 = 86_400;

pub(super) fn server(lines: &mut Lines, front: &Front, _: &Survey) {
    let house = &front.house;
    let now_s = front.now_ms / 1000;
    let uptime_s = (front.now_ms - house.started_ms).max(0) / 1000;
    lines.put("redis_version", REDIS_VERSION);
    lines.put("shoal_version", env!("CARGO_PKG_VERSION"));
    lines.put("redis_mode", "standalone");
    lines.put("os", &house.facts.machine().os);
    lines.put("arch_bits", usize::BITS);
    lines.put("monotonic_clock", "POSIX clock_gettime");
    lines.put("multiplexing_api", "epoll");
    lines.put("process_id", house.pid);
    lines.put("process_supervised", "no");
    lines.put("run_id", &house.run_id);
    lines.put("tcp_port", front.config.port);
    lines.put("server_time_usec", front.now_us());
    lines.put("uptime_in_seconds", uptime_s);
    lines.put("uptime_in_days", uptime_s / SECONDS_PER_DAY);
    lines.put("hz", front.config.hz);
    lines.put("configured_hz", front.config.hz);
    lines.put("lru_clock", now_s & LRU_CLOCK_BITS);
    lines.put("executable", house.executable.display());
    let config_file = house.config_file.as_deref().unwrap_or("".as_ref());
    lines.put("config_file", config_file.display());
    lines.put("shoal_cores", house.cores);
    lines.put("shoal_shards", house.shards);
    lines.put("shoal_runtime", house.runtime);
    listeners(lines, front);
}

/// Where the server listens: a numbered line for each kind of address.
fn listeners(lines: &mut Lines, front: &Front) {
    let config = &front.config;
    let mut all = Vec::new();
    if config.port != 0 {
        let addresses: String = config.bind.iter().map(|bind| format!("bind={bind},")).collect();
        all.push(format!("name=tcp,{addresses}port={}", config.port));
    }
    if let Some(path) = &config.unixsocket {
        all.push(format!("name=unix,bind={}", path.display()));
    }
    for (index, listener) in all.iter().enumerate() {
        lines.put(&format!("listener{index}"), listener);
    }
}

pub(super) fn clients(lines: &mut Lines, front: &Front, survey: &Survey) {
    lines.put("connected_clients", survey.clients.connected);
    lines.put("maxclients", front.config.maxclients);
    lines.put("client_recent_max_input_buffer", survey.stats.recent_max_input_buffer);
    lines.put("client_recent_max_output_buffer", survey.stats.recent_max_output_buffer);
    lines.put("blocked_clients", survey.clients.paused + survey.clients.blocked);
    lines.put("watching_clients", survey.clients.watching);
    lines.put("clients_in_timeout_table", survey.clients.with_timeout);
    lines.put("total_watched_keys", survey.watched_keys);
    lines.put("total_blocking_keys", survey.awaited_keys);
    // Nobody waits for a key to vanish: there are no streams.
    lines.put("total_blocking_keys_on_nokey", 0);
}

/// A server without replicas.
pub(super) fn replication(lines: &mut Lines, front: &Front, _: &Survey) {
    lines.put("role", "master");
    lines.put("connected_slaves", 0);
    lines.put("master_failover_state", "no-failover");
    lines.put("master_replid", &front.house.replid);
    lines.put("master_replid2", "0".repeat(40));
    lines.put("master_repl_offset", 0);
    lines.put("second_repl_offset", -1);
    lines.put("repl_backlog_active", 0);
}

pub(super) fn cpu(lines: &mut Lines, front: &Front, _: &Survey) {
    let cpu = front.house.facts.cpu();
    let seconds = |us: u64| format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
    lines.put("used_cpu_sys", seconds(cpu.system_us));
    lines.put("used_cpu_user", seconds(cpu.user_us));
    lines.put("used_cpu_sys_children", seconds(cpu.children_system_us));
    lines.put("used_cpu_user_children", seconds(cpu.children_user_us));
}

pub(super) fn cluster(lines: &mut Lines, _: &Front, _: &Survey) {
    lines.put("cluster_enabled", 0);
}
