//! The table of parameters: each one declared once.
//!
//! A parameter is here only if it has an effect. What Redis has and Shoal has not yet is in
//! `not_yet.rs`. Defaults are in `values.rs`, beside the fields.

use std::path::PathBuf;

use crate::choice::{Choice, LogLevel, MaxmemoryPolicy, Permission, Pin, PipelineOrder, Runtime};
use crate::lists;
use crate::parameter::{Integer, Kind, Notation, Parameter, Words};
use crate::values::Config;

/// The parameter of this name, in any case.
pub fn lookup(name: &[u8]) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| name.eq_ignore_ascii_case(parameter.name.as_bytes()))
}

const I32_MIN: i64 = i32::MIN as i64;
const I32_MAX: i64 = i32::MAX as i64;
const U32_MAX: i64 = u32::MAX as i64;
const MIB: i64 = 1 << 20;
/// LIMIT: more executors than this is a slip of the finger.
const CORES_MAX: i64 = 1024;
/// LIMIT: a shard owns at least one slot.
const SHARDS_MAX: i64 = 16_384;

// The macros name the field once instead of twice; each makes a plain pair of functions of it.

macro_rules! boolean {
    ($field:ident) => {
        Kind::Boolean { get: |config| config.$field, set: |config, is_on| config.$field = is_on }
    };
}

macro_rules! integer {
    ($field:ident, $range:expr) => {
        integer!($field, $range, Notation::Decimal)
    };
    ($field:ident, $range:expr, $notation:expr) => {
        Kind::Integer(Integer {
            get: |config| to_i64(config.$field),
            set: |config, number| config.$field = in_range(number),
            range: $range,
            notation: $notation,
        })
    };
}

macro_rules! choice {
    ($field:ident: $words:ty) => {
        Kind::Choice {
            names: <$words>::NAMES,
            get: |config| config.$field.index(),
            set: |config, index| config.$field = <$words>::ALL[index],
        }
    };
}

macro_rules! path {
    ($field:ident) => {
        Kind::Path {
            get: |config| config.$field.as_deref(),
            set: |config, path| config.$field = path,
        }
    };
}

fn to_i64<T: TryInto<i64>>(number: T) -> i64 {
    number.try_into().ok().expect("set from an i64, or a default that a test has read")
}

fn in_range<T: TryFrom<i64>>(number: i64) -> T {
    number.try_into().ok().expect("the declared range lies within the field's type")
}

/// A relative directory is taken from the one before it, as if the process had changed into both.
fn set_dir(config: &mut Config, path: Option<PathBuf>) {
    config.dir = match (config.dir.take(), path) {
        (Some(before), Some(path)) => Some(before.join(path)),
        (before, None) => before,
        (None, path) => path,
    };
}

const fn parameter(name: &'static str, kind: Kind, summary: &'static str) -> Parameter {
    Parameter::new(name, kind, summary)
}

/// Every parameter. Sorted by subject; CONFIG GET answers in this order.
pub static PARAMETERS: &[Parameter] = &[
    // The way in.
    parameter("port", integer!(port, 0..=65_535), "TCP port, 0 = none.").immutable(),
    parameter(
        "bind",
        Kind::Words(Words {
            get: lists::bind_text,
            set: lists::set_bind,
            lines: lists::bind_lines,
        }),
        "Addresses to listen on.",
    )
    .immutable(),
    parameter("unixsocket", path!(unixsocket), "Path of the Unix socket.").immutable(),
    parameter(
        "unixsocketperm",
        integer!(unixsocketperm, 0..=0o777, Notation::Octal),
        "Permissions of the Unix socket, octal.",
    )
    .immutable(),
    parameter(
        "tcp-backlog",
        integer!(tcp_backlog, 0..=I32_MAX),
        "Connections that may wait to be accepted.",
    )
    .immutable(),
    parameter(
        "protected-mode",
        boolean!(protected_mode),
        "Without a password, answer clients of this machine only.",
    ),
    parameter("timeout", integer!(timeout, 0..=I32_MAX), "Close clients idle for these seconds."),
    parameter(
        "tcp-keepalive",
        integer!(tcp_keepalive, 0..=I32_MAX),
        "Seconds between keep-alive probes.",
    ),
    parameter("maxclients", integer!(maxclients, 1..=U32_MAX), "Most clients at a time."),
    parameter("databases", integer!(databases, 1..=I32_MAX), "Number of databases.").immutable(),
    parameter(
        "requirepass",
        Kind::Text {
            get: |config| config.requirepass.as_deref(),
            set: |config, password| config.requirepass = password,
        },
        "Password of the default user.",
    )
    .secret(),
    // The process.
    parameter(
        "dir",
        Kind::Path { get: |config| config.dir.as_deref(), set: set_dir },
        "Working directory.",
    )
    .protected(),
    parameter("daemonize", boolean!(daemonize), "Run in the background.").immutable(),
    parameter("pidfile", path!(pidfile), "File that receives the process id.").immutable(),
    parameter("logfile", path!(logfile), "File for the server's log.").immutable(),
    parameter("loglevel", choice!(loglevel: LogLevel), "How much the log says."),
    // Keys.
    parameter(
        "hz",
        Kind::Integer(Integer {
            get: |config| to_i64(config.hz),
            // REDIS: `CONFIG SET hz 100000` is OK and means 500.
            set: |config, number| config.hz = in_range(number.clamp(1, 500)),
            range: 0..=I32_MAX,
            notation: Notation::Decimal,
        }),
        "Background turns per second.",
    ),
    parameter(
        "active-expire-effort",
        integer!(active_expire_effort, 1..=10),
        "How hard to look for expired keys.",
    ),
    // Memory.
    parameter(
        "maxmemory",
        integer!(maxmemory, 0..=i64::MAX, Notation::Memory),
        "Most memory to use, 0 = no limit.",
    ),
    parameter(
        "maxmemory-policy",
        choice!(maxmemory_policy: MaxmemoryPolicy),
        "Which keys to evict when memory runs out.",
    ),
    parameter(
        "maxmemory-samples",
        integer!(maxmemory_samples, 1..=I32_MAX),
        "Keys to look at for each one to evict.",
    ),
    parameter(
        "maxmemory-eviction-tenacity",
        integer!(maxmemory_eviction_tenacity, 0..=100),
        "How long a command may wait for eviction; 100 = as long as it takes.",
    ),
    parameter(
        "lazyfree-lazy-eviction",
        boolean!(lazyfree_lazy_eviction),
        "Tell of evicted keys as of UNLINK; they are freed in slices in any case.",
    ),
    parameter(
        "lfu-log-factor",
        integer!(lfu_log_factor, 0..=I32_MAX),
        "How slowly LFU counters saturate.",
    ),
    parameter(
        "lfu-decay-time",
        integer!(lfu_decay_time, 0..=I32_MAX),
        "Minutes until an LFU counter sinks.",
    ),
    // Encodings.
    parameter(
        "list-max-listpack-size",
        integer!(list_max_listpack_size, I32_MIN..=I32_MAX),
        "Elements of a list's node; -1 to -5 = 4, 8, 16, 32, 64 KiB of them.",
    ),
    parameter(
        "list-max-ziplist-size",
        integer!(list_max_listpack_size, I32_MIN..=I32_MAX),
        "The old name of list-max-listpack-size.",
    )
    .alias_of("list-max-listpack-size"),
    parameter(
        "set-max-intset-entries",
        integer!(set_max_intset_entries, 0..=i64::MAX),
        "Most members of a set of integers that is kept as an intset.",
    ),
    parameter(
        "set-max-listpack-entries",
        integer!(set_max_listpack_entries, 0..=i64::MAX),
        "Most members of a set that is kept as a listpack.",
    ),
    parameter(
        "set-max-listpack-value",
        integer!(set_max_listpack_value, 0..=i64::MAX),
        "Longest member, in bytes, of a set that is kept as a listpack.",
    ),
    parameter(
        "hll-sparse-max-bytes",
        integer!(hll_sparse_max_bytes, 0..=i64::MAX, Notation::Memory),
        "Longest HyperLogLog that is kept in sparse form.",
    ),
    parameter(
        "hash-max-listpack-entries",
        integer!(hash_max_listpack_entries, 0..=i64::MAX),
        "Most fields of a hash that is kept as a listpack.",
    ),
    parameter(
        "hash-max-ziplist-entries",
        integer!(hash_max_listpack_entries, 0..=i64::MAX),
        "The old name of hash-max-listpack-entries.",
    )
    .alias_of("hash-max-listpack-entries"),
    parameter(
        "hash-max-listpack-value",
        integer!(hash_max_listpack_value, 0..=i64::MAX, Notation::Memory),
        "Longest name or value, in bytes, of a field of a hash that is kept as a listpack.",
    ),
    parameter(
        "hash-max-ziplist-value",
        integer!(hash_max_listpack_value, 0..=i64::MAX, Notation::Memory),
        "The old name of hash-max-listpack-value.",
    )
    .alias_of("hash-max-listpack-value"),
    parameter(
        "zset-max-listpack-entries",
        integer!(zset_max_listpack_entries, 0..=i64::MAX),
        "Most members of a sorted set that is kept as a listpack.",
    ),
    parameter(
        "zset-max-ziplist-entries",
        integer!(zset_max_listpack_entries, 0..=i64::MAX),
        "The old name of zset-max-listpack-entries.",
    )
    .alias_of("zset-max-listpack-entries"),
    parameter(
        "zset-max-listpack-value",
        integer!(zset_max_listpack_value, 0..=i64::MAX, Notation::Memory),
        "Longest member, in bytes, of a sorted set that is kept as a listpack.",
    ),
    parameter(
        "zset-max-ziplist-value",
        integer!(zset_max_listpack_value, 0..=i64::MAX, Notation::Memory),
        "The old name of zset-max-listpack-value.",
    )
    .alias_of("zset-max-listpack-value"),
    // Limits of one client.
    parameter(
        "proto-max-bulk-len",
        integer!(proto_max_bulk_len, MIB..=i64::MAX, Notation::Memory),
        "Longest single argument.",
    ),
    parameter(
        "client-query-buffer-limit",
        integer!(client_query_buffer_limit, MIB..=i64::MAX, Notation::Memory),
        "Longest unread input of a client.",
    ),
    parameter(
        "client-output-buffer-limit",
        Kind::Words(Words {
            get: |config| config.client_output_buffer_limit.text(),
            set: |config, words| {
                config.client_output_buffer_limit =
                    config.client_output_buffer_limit.with(words)?;
                Ok(())
            },
            lines: |config, default| {
                config.client_output_buffer_limit.lines(&default.client_output_buffer_limit)
            },
        }),
        "Most unread output of a client, by class.",
    ),
    // Watching.
    parameter(
        "slowlog-log-slower-than",
        integer!(slowlog_log_slower_than, -1..=i64::MAX),
        "Microseconds above which a command is slow, -1 = none is.",
    ),
    parameter("slowlog-max-len", integer!(slowlog_max_len, 0..=i64::MAX), "Slow commands kept."),
    parameter(
        "latency-monitor-threshold",
        integer!(latency_monitor_threshold, 0..=i64::MAX),
        "Milliseconds above which LATENCY remembers an event, 0 = never.",
    ),
    parameter("latency-tracking", boolean!(latency_tracking), "Measure latency by command."),
    parameter("disable-thp", boolean!(disable_thp), "Do without transparent huge pages.")
        .immutable(),
    parameter(
        "latency-tracking-info-percentiles",
        Kind::Words(Words {
            get: lists::percentiles_text,
            set: lists::set_percentiles,
            lines: lists::percentiles_lines,
        }),
        "Percentiles that INFO latencystats shows.",
    ),
    // Dangerous doors.
    parameter(
        "enable-debug-command",
        choice!(enable_debug_command: Permission),
        "Who may use DEBUG.",
    )
    .immutable(),
    parameter(
        "enable-protected-configs",
        choice!(enable_protected_configs: Permission),
        "Who may CONFIG SET protected parameters.",
    )
    .immutable(),
    // Asked for by redis-benchmark and many clients.
    parameter(
        "save",
        Kind::Fixed { value: "", reason: "save points are not supported yet" },
        "Save points; only none is possible yet.",
    ),
    parameter(
        "appendonly",
        Kind::Fixed { value: "no", reason: "the append-only log is not supported yet" },
        "The append-only log; only no is possible yet.",
    ),
    // Cores.
    parameter(
        "cores",
        integer!(cores, 0..=CORES_MAX),
        "Number of cores to run on, 0 = all that are usable.",
    )
    .immutable(),
    parameter(
        "shards",
        integer!(shards, 0..=SHARDS_MAX),
        "Number of shards of the keyspace, 0 = as many as cores.",
    )
    .immutable(),
    parameter("pin", choice!(pin: Pin), "Bind each core's thread to a CPU.").immutable(),
    parameter(
        "pipeline-order",
        choice!(pipeline_order: PipelineOrder),
        "Whether others see the writes of one pipeline in order, on several shards too.",
    ),
    parameter(
        "runtime",
        choice!(runtime: Runtime),
        "Event loop; auto takes glommio where io_uring is permitted.",
    )
    .immutable(),
];
