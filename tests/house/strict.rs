//! Strict pipelines on real cores, seen by third parties.

use testkit::{Reply, Server, matrix};

use crate::{KEYS, at_once};

/// Servers with two and seven shards.
fn strict_servers() -> impl Iterator<Item = Server> {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards > 1);
    cells.map(|cell| {
        let launch = cell.launch(env!("CARGO_BIN_EXE_shoal"));
        launch.args(["--pipeline-order", "strict"]).start()
    })
}

fn counter(server: &Server, name: &str) -> u64 {
    let info = server.client().cmd(&["INFO", "stats"]).text();
    let value = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.expect("INFO counts it").parse().expect("a number")
}

/// All keys get the same number in one pipeline, again and again; whoever has seen a number at a
/// key sees it at the keys before it.
#[test]
fn who_has_seen_the_last_write_sees_those_before_it() {
    for server in strict_servers() {
        let zeros: Vec<&str> = KEYS.into_iter().flat_map(|key| [key, "0"]).collect();
        assert_eq!(server.client().cmd(&[&["MSET"], &zeros[..]].concat()), Reply::ok());
        let mut client = server.client();
        let writer = move || {
            for round in 1..3000 {
                let lines = KEYS.map(|key| format!("SET {key} {round}"));
                assert!(client.pipeline(&lines).iter().all(|reply| *reply == Reply::ok()));
            }
        };
        let observer = |_| -> Box<dyn FnMut() + Send> {
            let mut client = server.client();
            Box::new(move || {
                let mut seen = 0;
                for key in KEYS.into_iter().rev() {
                    let value = client.cmd(&["GET", key]).text().parse::<u64>().expect("a number");
                    assert!(value >= seen, "{key} is {value} after a later one was {seen}");
                    seen = value;
                }
            })
        };
        at_once(vec![Box::new(writer)], (0..4).map(observer).collect());
        assert!(counter(&server, "shoal_trains") >= 2999);
    }
}

/// Several clients move amounts between accounts in pipelines that are in each other's way.
#[test]
fn transfers_in_pipelines_keep_the_sum_at_the_end_and_nothing_is_stuck() {
    for server in strict_servers() {
        let writer = |number: usize| -> Box<dyn FnOnce() + Send> {
            let mut client = server.client();
            Box::new(move || {
                for round in 0..600 {
                    let key = |step: usize| KEYS[(number * 3 + round * step) % KEYS.len()];
                    let lines = [
                        format!("INCRBY {} -3", key(1)),
                        format!("GET {}", key(1)),
                        format!("INCRBY {} 1", key(3)),
                        format!("INCRBY {} 2", key(5)),
                    ];
                    let replies = client.pipeline(&lines);
                    assert_eq!(replies[1].text(), replies[0].int().to_string(), "its own past");
                }
            })
        };
        at_once((0..6).map(writer).collect(), Vec::new());
        let mut client = server.client();
        let sum: i64 = KEYS.map(|key| client.cmd(&["INCRBY", key, "0"]).int()).iter().sum();
        assert_eq!(sum, 0);
        assert!(counter(&server, "shoal_trains_met") > 0, "nobody was in anybody's way");
        assert_eq!(counter(&server, "shoal_intents"), 0);
        assert_eq!(counter(&server, "shoal_queue_places"), 0);
    }
}

/// The order can be changed while pipelines are under way.
#[test]
fn the_order_changes_under_way() {
    for server in strict_servers() {
        let mut client = server.client();
        let writer = move || {
            for round in 0..2000 {
                let lines = KEYS.map(|key| format!("SET {key} {round}"));
                assert!(client.pipeline(&lines).iter().all(|reply| *reply == Reply::ok()));
            }
        };
        let mut changer = server.client();
        let mut turns = 0;
        let observer = move || {
            let order = if turns % 2 == 0 { "relaxed" } else { "strict" };
            turns += 1;
            assert_eq!(changer.cmd(&["CONFIG", "SET", "pipeline-order", order]), Reply::ok());
            let expected = [Reply::bulk("pipeline-order"), Reply::bulk(order)];
            assert_eq!(changer.cmd(&["CONFIG", "GET", "pipeline-order"]).elements(), expected);
        };
        at_once(vec![Box::new(writer)], vec![Box::new(observer)]);
    }
}
