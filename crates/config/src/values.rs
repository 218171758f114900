//! The values of all parameters, typed, for those who act on them.
//!
//! A field has the name of its parameter (`table.rs`) with underscores. The table says what text is
//! legal; the defaults below are the only place that says where a parameter starts.

use std::path::PathBuf;

use crate::buffer_limits::BufferLimits;
use crate::choice::{LogLevel, MaxmemoryPolicy, Permission, Pin, PipelineOrder, Runtime};

/// One consistent set of values. Cloned to every core when CONFIG SET changes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// TCP port; 0 = do not listen on TCP.
    pub port: u16,
    /// Addresses to listen on; `*` = any, a leading `-` = may be unavailable, none = no TCP.
    pub bind: Vec<String>,
    pub unixsocket: Option<PathBuf>,
    /// Permission bits of the Unix socket; 0 = as the umask leaves them.
    pub unixsocketperm: u32,
    pub tcp_backlog: u32,
    pub protected_mode: bool,
    /// Seconds after which an idle client is closed; 0 = never.
    pub timeout: u32,
    /// Seconds between TCP keep-alive probes; 0 = none.
    pub tcp_keepalive: u32,
    pub maxclients: u32,
    pub databases: u32,
    /// The default user's password; none = no password is needed.
    pub requirepass: Option<Vec<u8>>,

    /// Working directory; none = where the process was started.
    pub dir: Option<PathBuf>,
    /// Start a process in the background and leave the terminal to its user.
    pub daemonize: bool,
    pub pidfile: Option<PathBuf>,
    /// None = standard output.
    pub logfile: Option<PathBuf>,
    pub loglevel: LogLevel,

    /// Background turns per second.
    pub hz: u32,
    /// 1 to 10: how much of the time active expiry may take.
    pub active_expire_effort: u32,
    /// Bytes; 0 = no limit.
    pub maxmemory: u64,
    pub maxmemory_policy: MaxmemoryPolicy,
    /// Keys looked at for each one evicted.
    pub maxmemory_samples: u32,
    /// 0 to 100: how long a command may wait for eviction.
    pub maxmemory_eviction_tenacity: u32,
    pub lazyfree_lazy_eviction: bool,
    pub lfu_log_factor: u32,
    /// Minutes until an LFU counter is decremented; 0 = never.
    pub lfu_decay_time: u32,

    /// Elements of a list's node; negative: -1 to -5 = 4 to 64 KiB.
    pub list_max_listpack_size: i32,
    /// Members.
    pub set_max_intset_entries: usize,
    /// Members.
    pub set_max_listpack_entries: usize,
    /// Bytes.
    pub set_max_listpack_value: usize,
    /// Bytes.
    pub hll_sparse_max_bytes: usize,
    /// Fields.
    pub hash_max_listpack_entries: usize,
    /// Bytes.
    pub hash_max_listpack_value: usize,
    /// Members.
    pub zset_max_listpack_entries: usize,
    /// Bytes.
    pub zset_max_listpack_value: usize,

    /// Bytes.
    pub proto_max_bulk_len: u64,
    /// Bytes.
    pub client_query_buffer_limit: u64,
    pub client_output_buffer_limit: BufferLimits,

    /// Microseconds; 0 = log everything, negative = log nothing.
    pub slowlog_log_slower_than: i64,
    pub slowlog_max_len: u64,
    /// Milliseconds; 0 = the monitor is off.
    pub latency_monitor_threshold: u64,
    pub latency_tracking: bool,
    pub latency_tracking_info_percentiles: Vec<f64>,

    pub disable_thp: bool,

    pub enable_debug_command: Permission,
    pub enable_protected_configs: Permission,

    /// Number of executors; 0 = one for each usable CPU.
    pub cores: u32,
    /// Number of shards of the keyspace; 0 = as many as cores.
    pub shards: u32,
    pub pin: Pin,
    pub pipeline_order: PipelineOrder,
    pub runtime: Runtime,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            port: 6379,
            bind: vec!["*".to_owned(), "-::*".to_owned()],
            unixsocket: None,
            unixsocketperm: 0,
            tcp_backlog: 511,
            protected_mode: true,
            timeout: 0,
            tcp_keepalive: 300,
            maxclients: 10_000,
            databases: 16,
            requirepass: None,
            dir: None,
            daemonize: false,
            pidfile: None,
            logfile: None,
            loglevel: LogLevel::Notice,
            hz: 10,
            active_expire_effort: 1,
            maxmemory: 0,
            maxmemory_policy: MaxmemoryPolicy::Noeviction,
            maxmemory_samples: 5,
            maxmemory_eviction_tenacity: 10,
            lazyfree_lazy_eviction: false,
            lfu_log_factor: 10,
            lfu_decay_time: 1,
            list_max_listpack_size: -2,
            set_max_intset_entries: 512,
            set_max_listpack_entries: 128,
            set_max_listpack_value: 64,
            hll_sparse_max_bytes: 3000,
            hash_max_listpack_entries: 512,
            hash_max_listpack_value: 64,
            zset_max_listpack_entries: 128,
            zset_max_listpack_value: 64,
            proto_max_bulk_len: 512 << 20,
            client_query_buffer_limit: 1 << 30,
            client_output_buffer_limit: BufferLimits::default(),
            slowlog_log_slower_than: 10_000,
            slowlog_max_len: 128,
            latency_monitor_threshold: 0,
            latency_tracking: true,
            latency_tracking_info_percentiles: vec![50.0, 99.0, 99.9],
            disable_thp: true,
            enable_debug_command: Permission::No,
            enable_protected_configs: Permission::No,
            cores: 0,
            shards: 0,
            pin: Pin::Auto,
            pipeline_order: PipelineOrder::Strict,
            runtime: Runtime::Auto,
        }
    }
}
