//! CONFIG: parameters of the running server.

use testkit::normalise::UNORDERED;
use testkit::script;

use crate::ways::HELP;
use crate::{check, each_shoal};

#[test]
fn reading() {
    check(&script![
        "CONFIG",
        "CONFIG FOO",
        "CONFIG HELP" => HELP,
        "CONFIG HELP a",
        "CONFIG GET",
        "CONFIG GET maxclients",
        "CONFIG GET MAXclients",
        "CONFIG GET foo",
        "CONFIG GET \"\"",
        "CONFIG GET maxclients timeout" => UNORDERED,
        "CONFIG GET maxclients maxclients maxclient*" => UNORDERED,
        "CONFIG GET hz port*foo",
        "CONFIG GET slowlog*" => UNORDERED,
        "CONFIG GET lfu-*" => UNORDERED,
        "CONFIG GET save",
        "CONFIG GET appendonly",
        "CONFIG GET client-output* client-query*" => UNORDERED,
        "CONFIG GET latency*" => UNORDERED,
        "CONFIG GET bind",
        "CONFIG GET requirepass",
        "CONFIG GET enable-debug* enable-protected*" => UNORDERED,
        "CONFIG GET unix*" => UNORDERED,
        "CONFIG GET tcp*" => UNORDERED,
        "CONFIG GET proto*" => UNORDERED,
        "CONFIG GET databases",
        "CONFIG GET maxmemory maxmemory-[pse]* lazyfree-lazy-ev*" => UNORDERED,
        "CONFIG GET loglevel logfile pidfile" => UNORDERED,
        "CONFIG GET daemonize protected-mode" => UNORDERED,
        "CONFIG GET [dh][az]*emonize [h]?" => UNORDERED,
    ]);
}

#[test]
fn setting_numbers() {
    check(&script![
        "CONFIG SET",
        "CONFIG SET maxclients",
        "CONFIG SET foo bar",
        "CONFIG SET foo bar baz",
        "CONFIG SET maxclients abc",
        "CONFIG SET maxclients 0",
        "CONFIG SET maxclients -1",
        "CONFIG SET maxclients 99999999999",
        "CONFIG SET maxclients 100",
        "CONFIG GET maxclients",
        "CONFIG SET timeout 10 timeout 20",
        "CONFIG SET timeout 10 foo 20",
        "CONFIG SET timeout abc hz 10",
        "CONFIG SET hz 100000",
        "CONFIG GET hz",
        "CONFIG SET hz 0",
        "CONFIG GET hz",
        "CONFIG SET hz 10",
        "CONFIG SET timeout -1",
        "CONFIG SET timeout 100",
        "CONFIG SET timeout 0",
        "CONFIG SET databases 3",
        "CONFIG SET tcp-backlog 3",
        "CONFIG SET tcp-keepalive 10",
        "CONFIG SET tcp-keepalive -1",
        "CONFIG SET tcp-keepalive 300",
        "CONFIG SET slowlog-log-slower-than -2",
        "CONFIG SET slowlog-log-slower-than 9223372036854775807",
        "CONFIG SET slowlog-log-slower-than 9223372036854775808",
        "CONFIG SET slowlog-log-slower-than 10000",
        "CONFIG SET slowlog-max-len -1",
        "CONFIG SET slowlog-max-len 0",
        "CONFIG SET slowlog-max-len 128",
        "CONFIG SET latency-monitor-threshold -1",
        "CONFIG SET latency-monitor-threshold 0",
        "CONFIG SET lfu-log-factor -1",
        "CONFIG SET lfu-decay-time abc",
        "CONFIG SET active-expire-effort 11",
        "CONFIG SET active-expire-effort 10",
        "CONFIG SET active-expire-effort 1",
        "CONFIG SET maxclients 10000",
    ]);
}

#[test]
fn setting_amounts_and_words() {
    check(&script![
        "CONFIG SET proto-max-bulk-len 1",
        "CONFIG SET proto-max-bulk-len 1mb",
        "CONFIG GET proto-max-bulk-len",
        "CONFIG SET proto-max-bulk-len 512mb",
        "CONFIG SET client-query-buffer-limit 1",
        "CONFIG SET client-query-buffer-limit 1gb",
        "CONFIG SET maxmemory-policy foo",
        "CONFIG SET maxmemory-policy ALLKEYS-lfu",
        "CONFIG GET maxmemory-policy",
        "CONFIG SET maxmemory-policy noeviction",
        "CONFIG SET client-output-buffer-limit \"normal 1mb 2mb 3\"",
        "CONFIG GET client-output-buffer-limit",
        "CONFIG SET client-output-buffer-limit \"foo 1 2 3\"",
        "CONFIG SET client-output-buffer-limit \"normal 1 2\"",
        "CONFIG SET client-output-buffer-limit \"normal 1 2 x\"",
        "CONFIG SET client-output-buffer-limit \"replica 1 2 3 normal 0 0 0\"",
        "CONFIG GET client-output-buffer-limit",
        "CONFIG SET client-output-buffer-limit \"normal 0 0 0 slave 268435456 67108864 60\"",
        "CONFIG SET latency-tracking maybe",
        "CONFIG SET latency-tracking no",
        "CONFIG SET latency-tracking YES",
        "CONFIG SET latency-tracking-info-percentiles \"50 99\"",
        "CONFIG GET latency-tracking-info-percentiles",
        "CONFIG SET latency-tracking-info-percentiles 101",
        "CONFIG SET latency-tracking-info-percentiles abc",
        "CONFIG SET latency-tracking-info-percentiles \"\"",
        "CONFIG GET latency-tracking-info-percentiles",
        "CONFIG SET latency-tracking-info-percentiles \"50 99 99.9\"",
        "CONFIG SET loglevel foo",
        "CONFIG SET loglevel debug",
        "CONFIG SET loglevel notice",
        "CONFIG SET protected-mode maybe",
        "CONFIG SET save \"\"",
        "CONFIG SET appendonly no",
        "CONFIG SET \"a\\r\\nb\" c",
    ]);
}

#[test]
fn what_only_the_start_can_set() {
    check(&script![
        "CONFIG SET unixsocket foo",
        "CONFIG SET unixsocketperm 700",
        "CONFIG SET logfile foo",
        "CONFIG SET pidfile foo",
        "CONFIG SET daemonize yes",
        "CONFIG SET enable-debug-command no",
        "CONFIG SET enable-protected-configs yes",
        "CONFIG SET dir /tmp",
        "CONFIG SET timeout 5 databases 3",
        "CONFIG GET timeout",
    ]);
}

/// On Redis these can be changed at any time; here the sockets are bound once.
#[test]
fn addresses_stay() {
    each_shoal(|server| {
        let mut client = server.client();
        for (name, value) in [("port", "7000"), ("bind", "127.0.0.1")] {
            let reply = client.cmd(&["CONFIG", "SET", name, value]);
            let expected = format!(
                "ERR CONFIG SET failed (possibly related to argument '{name}') - \
                 can't set immutable config"
            );
            assert_eq!(reply.error(), expected);
        }
    });
}

#[test]
fn statistics_and_files() {
    check(&script![
        "CONFIG RESETSTAT",
        "CONFIG RESETSTAT a",
        "CONFIG REWRITE",
        "CONFIG REWRITE a",
        "SET k v",
        "GET k",
        "GET none",
        "CONFIG RESETSTAT",
    ]);
}
