//! Directives that Redis knows and Shoal does not have yet.
//!
//! Configuration files written for Redis are full of them, mostly with the values that Redis has by
//! default. Such a value asks for nothing, so it is accepted in silence. Any other value is named
//! in a warning, or, where ignoring it would lose data or open a door, ends the start. They are not
//! parameters: CONFIG GET does not show them and CONFIG SET does not know them.
//!
//! When a feature arrives, its rows move from here into `table.rs`.

use crate::memory_size;

/// What a directive asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// What Shoal does anyway.
    Nothing,
    /// Something that Shoal does not do, and that the user can live without.
    Comfort,
    /// Something that the user relies on: data, access, or a role among other servers.
    Safety,
}

/// Judges a directive by its last value; none if Redis does not know it either.
pub(crate) fn judge(name: &[u8], words: &[Vec<u8>]) -> Option<Verdict> {
    let find = |rows: &[(&str, &'static str)]| {
        let row = rows.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
        row.map(|(_, neutral)| *neutral)
    };
    if ALWAYS_ASKING.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
        return Some(Verdict::Safety);
    }
    let (neutral, verdict) = find(SAFETY)
        .map(|neutral| (neutral, Verdict::Safety))
        .or_else(|| find(COMFORT).map(|neutral| (neutral, Verdict::Comfort)))?;
    Some(if means_same(&words.join(&b' '), neutral.as_bytes()) {
        Verdict::Nothing
    } else {
        verdict
    })
}

/// True for equal texts in any case, and for equal amounts of memory (`64mb`, `67108864`).
fn means_same(text: &[u8], neutral: &[u8]) -> bool {
    let is_amount = neutral.first().is_some_and(u8::is_ascii_digit);
    text.eq_ignore_ascii_case(neutral)
        || is_amount && !text.is_empty() && memory_size::parse(text) == memory_size::parse(neutral)
}

/// Directives without a neutral value.
const ALWAYS_ASKING: &[&str] = &["loadmodule", "rename-command", "user"];

/// Name and neutral value of what must not be ignored.
const SAFETY: &[(&str, &str)] = &[
    ("aclfile", ""),
    ("cluster-enabled", "no"),
    ("min-replicas-to-write", "0"),
    ("min-slaves-to-write", "0"),
    ("replicaof", "no one"),
    ("slaveof", "no one"),
    ("tls-port", "0"),
];

/// Name and neutral value of what may be ignored with a warning.
const COMFORT: &[(&str, &str)] = &[
    ("acl-pubsub-default", "resetchannels"),
    ("acllog-max-len", "128"),
    ("active-defrag-cycle-max", "25"),
    ("active-defrag-cycle-min", "1"),
    ("active-defrag-ignore-bytes", "104857600"),
    ("active-defrag-max-scan-fields", "1000"),
    ("active-defrag-threshold-lower", "10"),
    ("active-defrag-threshold-upper", "100"),
    ("activedefrag", "no"),
    ("activerehashing", "yes"),
    ("always-show-logo", "no"),
    ("aof-disable-auto-gc", "no"),
    ("aof-load-truncated", "yes"),
    ("aof-rewrite-cpulist", ""),
    ("aof-rewrite-incremental-fsync", "yes"),
    ("aof-timestamp-enabled", "no"),
    ("aof-use-rdb-preamble", "yes"),
    ("aof_rewrite_cpulist", ""),
    ("appenddirname", "appendonlydir"),
    ("appendfilename", "appendonly.aof"),
    ("appendfsync", "everysec"),
    ("auto-aof-rewrite-min-size", "67108864"),
    ("auto-aof-rewrite-percentage", "100"),
    ("bgsave-cpulist", ""),
    ("bgsave_cpulist", ""),
    ("bind-source-addr", ""),
    ("bio-cpulist", ""),
    ("bio_cpulist", ""),
    ("busy-reply-threshold", "5000"),
    ("cluster-allow-pubsubshard-when-down", "yes"),
    ("cluster-allow-reads-when-down", "no"),
    ("cluster-allow-replica-migration", "yes"),
    ("cluster-announce-bus-port", "0"),
    ("cluster-announce-hostname", ""),
    ("cluster-announce-human-nodename", ""),
    ("cluster-announce-ip", ""),
    ("cluster-announce-port", "0"),
    ("cluster-announce-tls-port", "0"),
    ("cluster-compatibility-sample-ratio", "0"),
    ("cluster-config-file", "nodes.conf"),
    ("cluster-link-sendbuf-limit", "0"),
    ("cluster-migration-barrier", "1"),
    ("cluster-node-timeout", "15000"),
    ("cluster-port", "0"),
    ("cluster-preferred-endpoint-type", "ip"),
    ("cluster-replica-no-failover", "no"),
    ("cluster-replica-validity-factor", "10"),
    ("cluster-require-full-coverage", "yes"),
    ("cluster-slave-no-failover", "no"),
    ("cluster-slave-validity-factor", "10"),
    ("crash-log-enabled", "yes"),
    ("crash-memcheck-enabled", "yes"),
    ("dbfilename", "dump.rdb"),
    ("dynamic-hz", "yes"),
    ("enable-module-command", "no"),
    ("hide-user-data-from-log", "no"),
    ("ignore-warnings", ""),
    ("io-threads", "1"),
    ("io-threads-do-reads", "no"),
    ("jemalloc-bg-thread", "yes"),
    ("lazyfree-lazy-expire", "no"),
    ("lazyfree-lazy-server-del", "no"),
    ("lazyfree-lazy-user-del", "no"),
    ("lazyfree-lazy-user-flush", "no"),
    ("list-compress-depth", "0"),
    ("locale-collate", ""),
    ("lua-time-limit", "5000"),
    ("masterauth", ""),
    ("masteruser", ""),
    ("max-new-connections-per-cycle", "10"),
    ("max-new-tls-connections-per-cycle", "1"),
    ("maxmemory-clients", "0"),
    ("min-replicas-max-lag", "10"),
    ("min-slaves-max-lag", "10"),
    ("no-appendfsync-on-rewrite", "no"),
    ("notify-keyspace-events", ""),
    ("oom-score-adj", "no"),
    ("oom-score-adj-values", "0 200 800"),
    ("proc-title-template", "{title} {listen-addr} {server-mode}"),
    ("propagation-error-behavior", "ignore"),
    ("rdb-del-sync-files", "no"),
    ("rdb-save-incremental-fsync", "yes"),
    ("rdbchecksum", "yes"),
    ("rdbcompression", "yes"),
    ("repl-backlog-size", "1048576"),
    ("repl-backlog-ttl", "3600"),
    ("repl-disable-tcp-nodelay", "no"),
    ("repl-diskless-load", "disabled"),
    ("repl-diskless-sync", "yes"),
    ("repl-diskless-sync-delay", "5"),
    ("repl-diskless-sync-max-replicas", "0"),
    ("repl-ping-replica-period", "10"),
    ("repl-ping-slave-period", "10"),
    ("repl-timeout", "60"),
    ("replica-announce-ip", ""),
    ("replica-announce-port", "0"),
    ("replica-announced", "yes"),
    ("replica-full-sync-buffer-limit", "0"),
    ("replica-ignore-disk-write-errors", "no"),
    ("replica-ignore-maxmemory", "yes"),
    ("replica-lazy-flush", "no"),
    ("replica-priority", "100"),
    ("replica-read-only", "yes"),
    ("replica-serve-stale-data", "yes"),
    ("sanitize-dump-payload", "no"),
    ("server-cpulist", ""),
    ("server_cpulist", ""),
    ("set-proc-title", "yes"),
    ("shutdown-on-sigint", "default"),
    ("shutdown-on-sigterm", "default"),
    ("shutdown-timeout", "10"),
    ("slave-announce-ip", ""),
    ("slave-announce-port", "0"),
    ("slave-ignore-maxmemory", "yes"),
    ("slave-lazy-flush", "no"),
    ("slave-priority", "100"),
    ("slave-read-only", "yes"),
    ("slave-serve-stale-data", "yes"),
    ("socket-mark-id", "0"),
    ("stop-writes-on-bgsave-error", "yes"),
    ("stream-node-max-bytes", "4096"),
    ("stream-node-max-entries", "100"),
    ("supervised", "no"),
    ("syslog-enabled", "no"),
    ("syslog-facility", "local0"),
    ("syslog-ident", "redis"),
    ("tls-auth-clients", "yes"),
    ("tls-ca-cert-dir", ""),
    ("tls-ca-cert-file", ""),
    ("tls-cert-file", ""),
    ("tls-ciphers", ""),
    ("tls-ciphersuites", ""),
    ("tls-client-cert-file", ""),
    ("tls-client-key-file", ""),
    ("tls-client-key-file-pass", ""),
    ("tls-cluster", "no"),
    ("tls-dh-params-file", ""),
    ("tls-key-file", ""),
    ("tls-key-file-pass", ""),
    ("tls-prefer-server-ciphers", "no"),
    ("tls-protocols", ""),
    ("tls-replication", "no"),
    ("tls-session-cache-size", "20480"),
    ("tls-session-cache-timeout", "300"),
    ("tls-session-caching", "yes"),
    ("tracking-table-max-keys", "1000000"),
];

#[cfg(test)]
mod tests {
    use super::{ALWAYS_ASKING, COMFORT, SAFETY, Verdict, judge};
    use crate::table::lookup;

    fn judge_line(line: &str) -> Option<Verdict> {
        let mut words = line.split(' ').map(|word| word.as_bytes().to_vec());
        let name = words.next().expect("split gives at least one word");
        judge(&name, &words.collect::<Vec<_>>())
    }

    #[test]
    fn a_default_value_asks_for_nothing() {
        for (name, neutral) in SAFETY.iter().chain(COMFORT) {
            let words = [neutral.as_bytes().to_vec()];
            assert_eq!(judge(name.as_bytes(), &words), Some(Verdict::Nothing), "{name}");
        }
        for line in
            ["maxmemory-clients 0", "MAXMEMORY-CLIENTS 0b", "auto-aof-rewrite-min-size 64mb"]
        {
            assert_eq!(judge_line(line), Some(Verdict::Nothing), "{line}");
        }
        assert_eq!(judge_line("oom-score-adj-values 0 200 800"), Some(Verdict::Nothing));
        assert_eq!(judge_line("replicaof no one"), Some(Verdict::Nothing));
    }

    #[test]
    fn other_values_ask_for_comfort_or_safety() {
        assert_eq!(judge_line("maxmemory-clients 100mb"), Some(Verdict::Comfort));
        assert_eq!(judge_line("io-threads 4"), Some(Verdict::Comfort));
        assert_eq!(judge_line("tls-port 6380"), Some(Verdict::Safety));
        assert_eq!(judge_line("rename-command FLUSHALL "), Some(Verdict::Safety));
        assert_eq!(judge_line("no-such-thing 1"), None);
    }

    #[test]
    fn a_directive_is_in_one_list_only() {
        let rows = SAFETY.iter().chain(COMFORT).map(|(name, _)| *name);
        let mut names: Vec<&str> = rows.chain(ALWAYS_ASKING.iter().copied()).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
        for name in names {
            assert!(lookup(name.as_bytes()).is_none(), "{name} is a parameter");
        }
    }
}
