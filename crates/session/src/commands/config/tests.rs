//! Tests of CONFIG on a bench.

use std::io;
use std::sync::{Arc, Mutex};

use crate::commands::harness::{Bench, NOW_MS};
use crate::{ConfigFile, Effect, House};

const OK: &str = "+OK\r\n";

#[test]
fn get_answers_a_map_of_what_matches() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("CONFIG GET nosuch"), "*0\r\n");
    assert_eq!(bench.ask("CONFIG GET hz"), "*2\r\n$2\r\nhz\r\n$2\r\n10\r\n");
    assert!(bench.ask("CONFIG GET slowlog-* hz").starts_with("*6\r\n"));
    bench.ask("HELLO 3");
    assert_eq!(bench.ask("CONFIG GET hz"), "%1\r\n$2\r\nhz\r\n$2\r\n10\r\n");
}

#[test]
fn set_reaches_all_cores() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask("CONFIG SET hz 20 maxclients 7"), OK);
    assert_eq!(bench.take_effects(), [Effect::Reconfigured; 2]);
    for core in &bench.cores {
        assert_eq!((core.front.config.hz, core.front.config.maxclients), (20, 7));
    }
}

#[test]
fn set_changes_all_or_nothing() {
    let mut bench = Bench::new();
    for (line, error) in [
        ("hz 20 maxclients", "syntax error"),
        ("hz 20 nosuch 1", "Unknown option or number of arguments for CONFIG SET - 'nosuch'"),
        (
            "hz 20 maxclients abc",
            "CONFIG SET failed (possibly related to argument 'maxclients') - \
             argument couldn't be parsed into an integer",
        ),
        (
            "hz 20 databases 3",
            "CONFIG SET failed (possibly related to argument 'databases') - \
             can't set immutable config",
        ),
        (
            "hz 20 dir /tmp",
            "CONFIG SET failed (possibly related to argument 'dir') - can't set protected config",
        ),
    ] {
        assert_eq!(bench.ask(&format!("CONFIG SET {line}")), format!("-ERR {error}\r\n"));
    }
    assert_eq!(bench.take_effects(), []);
    assert!(bench.cores.iter().all(|core| core.front.config.hz == 10));
}

#[test]
fn protected_parameters_may_be_open_to_local_clients() {
    let mut bench = Bench::new();
    for core in &mut bench.cores {
        core.front.config.enable_protected_configs = config::Permission::Local;
    }
    assert_eq!(bench.ask("CONFIG SET dir /tmp"), OK);
    bench.client().peer = "10.0.0.1:5".into();
    assert!(bench.ask("CONFIG SET dir /var").ends_with("can't set protected config\r\n"));
}

#[test]
fn without_a_password_everybody_is_in() {
    let mut bench = Bench::new();
    bench.ask("CONFIG SET requirepass secret");
    let stranger = bench.add_client(1);
    assert!(!bench.cores[1].sessions[stranger].client.authenticated);
    assert_eq!(bench.ask("CONFIG SET requirepass \"\""), OK);
    assert!(bench.cores[1].sessions[stranger].client.authenticated);
}

#[test]
fn resetstat_forgets_what_was_counted() {
    let mut bench = Bench::new();
    bench.ask("CONFIG SET nosuch 1");
    bench.cores[1].front.stats.connections_received = 3;
    bench.cores[0].shards[0].as_mut().unwrap().stats.hits = 5;
    assert_eq!(bench.ask("CONFIG RESETSTAT"), OK);
    let stats = bench.ask("INFO stats errorstats");
    for line in ["total_connections_received:0", "keyspace_hits:0", "total_error_replies:0"] {
        assert!(stats.contains(line), "{line}");
    }
    assert!(stats.ends_with("# Errorstats\r\n\r\n"));
    assert!(bench.ask("INFO commandstats").contains("cmdstat_config|resetstat:calls=1,"));
}

/// A file in memory; `None` is one that nobody may read.
#[derive(Debug, Clone)]
struct Paper(Arc<Mutex<Option<Vec<u8>>>>);

impl ConfigFile for Paper {
    fn read(&self) -> io::Result<Vec<u8>> {
        self.0.lock().unwrap().clone().ok_or(io::ErrorKind::PermissionDenied.into())
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        *self.0.lock().unwrap() = Some(text.to_vec());
        Ok(())
    }
}

#[test]
fn rewrite_changes_the_file() {
    let paper = Paper(Arc::new(Mutex::new(Some(b"# mine\nhz 10\n".to_vec()))));
    let mut house = House::new("f".repeat(40), NOW_MS, 2, 2);
    house.config_file = Some("/etc/redis.conf".into());
    house.config_text = Some(Box::new(paper.clone()));
    let mut bench = Bench::with_house(house);
    bench.ask("CONFIG SET hz 20");
    assert_eq!(bench.ask("CONFIG REWRITE"), OK);
    let text = String::from_utf8(paper.0.lock().unwrap().clone().unwrap()).unwrap();
    assert!(text.starts_with("# mine\nhz 20\n"), "{text}");
    *paper.0.lock().unwrap() = None;
    assert_eq!(bench.ask("CONFIG REWRITE"), "-ERR Rewriting config file: permission denied\r\n");
}

#[test]
fn rewrite_needs_a_file() {
    let refused = "-ERR The server is running without a config file\r\n";
    assert_eq!(Bench::new().ask("CONFIG REWRITE"), refused);
}
