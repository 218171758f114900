//! The server: INFO, TIME, LOLWUT, and SHUTDOWN where it is refused.

use testkit::normalise::SAME_KIND;
use testkit::{Reply, Server, script};

use crate::{check, each_server, each_shoal};

#[test]
fn time_and_lolwut() {
    check(&script![
        "TIME" => SAME_KIND,
        "TIME a",
        "LOLWUT" => SAME_KIND,
        "LOLWUT VERSION 5" => SAME_KIND,
        "LOLWUT VERSION 6" => SAME_KIND,
        "LOLWUT VERSION" => SAME_KIND,
        "LOLWUT 1 2 3" => SAME_KIND,
    ]);
}

#[test]
fn shutdown_refused() {
    check(&script![
        "SHUTDOWN foo",
        "SHUTDOWN NOSAVE SAVE",
        "SHUTDOWN SAVE NOSAVE",
        "SHUTDOWN ABORT",
        "SHUTDOWN ABORT NOW",
        "SHUTDOWN NOW NOW2",
        "PING",
    ]);
}

/// Fields of what is not there yet: scripts, modules, replicas, snapshots and logs, tracking,
/// channels, threads for I/O, defragmentation; and of the build and the allocator of Redis.
const NOT_OURS: &[&str] = &[
    "active_defrag",
    "aof_",
    "atomicvar_api",
    "clients_in_timeout_table",
    "cluster_connections",
    "current_active_defrag_time",
    "current_cow",
    "current_fork_perc",
    "current_save_keys",
    "dump_payload_sanitizations",
    "evicted_clients",
    "expire_cycle_cpu_milliseconds",
    "gcc_version",
    "instantaneous_input_repl_kbps",
    "instantaneous_output_repl_kbps",
    "io_thread",
    "latest_fork_usec",
    "mem_aof_buffer",
    "mem_clients_slaves",
    "mem_cluster_links",
    "mem_replication_backlog",
    "mem_total_replication_buffers",
    "migrate_cached_sockets",
    "module_fork",
    "number_of_",
    "pubsub",
    "rdb_last_cow_size",
    "rdb_last_load_keys",
    "redis_build_id",
    "redis_git",
    "repl_backlog_",
    "reply_buffer_",
    "rss_overhead",
    "slave_expires_tracked_keys",
    "sync_",
    "total_active_defrag_time",
    "total_forks",
    "total_net_repl",
    "tracking_",
    "unexpected_error_replies",
    "used_cpu_sys_main_thread",
    "used_cpu_user_main_thread",
    "used_memory_functions",
    "used_memory_lua",
    "used_memory_scripts",
    "used_memory_vm",
];

/// Sections, each with the names of its fields.
fn skeleton(server: &Server, words: &[&str]) -> Vec<(String, Vec<String>)> {
    let text = server.client().cmd(words).text();
    let mut sections = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            sections.push((name.to_owned(), Vec::new()));
        } else if let Some((name, _)) = line.split_once(':') {
            sections.last_mut().expect("a field is in a section").1.push(name.to_owned());
        }
    }
    sections
}

/// Some traffic, so that sections about commands and keys have something to say.
fn traffic(server: &Server) {
    let mut client = server.client();
    client.line("CONFIG RESETSTAT");
    for line in ["SET a 1", "GET a", "GET", "FOO", "INCR a b", "SET b 1 EX 1000", "SELECT 3"] {
        client.line(line);
    }
    client.line("SET c 1");
}

#[test]
fn info_has_the_sections_and_fields_of_redis() {
    let questions: [&[&str]; 7] = [
        &["INFO"],
        &["INFO", "default"],
        &["INFO", "all"],
        &["INFO", "everything"],
        &["INFO", "Server", "clients"],
        &["INFO", "foo"],
        &["INFO", "keyspace", "foo", "keyspace"],
    ];
    let ask = |server: &Server| {
        traffic(server);
        questions.map(|words| skeleton(server, words))
    };
    let expected = crate::STAGE.on_oracle(ask);
    each_shoal(|server| {
        for (theirs, (ours, words)) in expected.iter().zip(ask(server).iter().zip(questions)) {
            let names = |all: &[(String, Vec<String>)]| -> Vec<String> {
                all.iter().map(|(name, _)| name.clone()).collect()
            };
            assert_eq!(names(ours), names(theirs), "{words:?}");
            for ((section, theirs), (_, ours)) in theirs.iter().zip(ours) {
                check_fields(section, theirs, ours);
            }
        }
    });
}

#[track_caller]
fn check_fields(section: &str, theirs: &[String], ours: &[String]) {
    let is_ours = |name: &String| !NOT_OURS.iter().any(|start| name.starts_with(start));
    let missing: Vec<&String> =
        theirs.iter().filter(|name| is_ours(name) && !ours.contains(name)).collect();
    assert!(missing.is_empty(), "{section} lacks {missing:?}");
    if matches!(section, "Commandstats" | "Latencystats") {
        return;
    }
    let common = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|name| those.contains(name)).cloned().collect()
    };
    assert_eq!(common(ours, theirs), common(theirs, ours), "the order in {section}");
}

/// The value of a field of INFO.
fn info(server: &Server, name: &str) -> String {
    let text = server.client().cmd(&["INFO", "everything"]).text();
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let line = lines.find(|(field, _)| *field == name);
    line.unwrap_or_else(|| panic!("no {name} in {text}")).1.to_owned()
}

#[test]
fn info_counts_over_all_cores() {
    each_server(|server: &Server| {
        let mut client = server.client();
        client.line("CONFIG RESETSTAT");
        for n in 0..50 {
            assert_eq!(client.line(&format!("SET key:{n} {n}")), Reply::ok());
            assert_eq!(client.line(&format!("GET key:{n}")).text(), n.to_string());
            assert_eq!(client.line(&format!("GET none:{n}")), Reply::Nil);
        }
        client.line("SET key:0");
        client.line("INCR key:0 1");
        client.line("SET key:0 x");
        client.line("INCR key:0");
        client.line("FOO");
        client.line("CONFIG FOO");
        client.line("SET t v PX 100000");
        assert_eq!(info(server, "keyspace_hits"), "50");
        assert_eq!(info(server, "keyspace_misses"), "50");
        assert_eq!(info(server, "total_error_replies"), "5");
        assert_eq!(info(server, "errorstat_ERR"), "count=5");
        let set = info(server, "cmdstat_set");
        assert!(set.starts_with("calls=52,usec="), "{set}");
        assert!(set.ends_with("rejected_calls=1,failed_calls=0"), "{set}");
        let incr = info(server, "cmdstat_incr");
        assert!(incr.starts_with("calls=1,"), "{incr}");
        assert!(incr.ends_with("rejected_calls=1,failed_calls=1"), "{incr}");
        let keys = info(server, "db0");
        assert!(keys.starts_with("keys=51,expires=1,avg_ttl="), "{keys}");
        assert_eq!(info(server, "role"), "master");
        assert_eq!(info(server, "tcp_port"), server.address().port().to_string());
        assert!(info(server, "process_id").parse::<u32>().unwrap() > 1);
    });
}
