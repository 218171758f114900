//! Commands that concern every core: one order for all, and all cores alike afterwards.

use std::collections::BTreeSet;

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, elements, for_each_seed, ok};

/// A house of several cores with a client on each.
fn house_of_all_cores(seed: u64) -> (House, Vec<Guest>) {
    let cores = 2 + seed as usize % 3;
    let mut plan = Plan::new(seed, cores, cores + 1);
    if seed.is_multiple_of(4) {
        plan = plan.narrow();
    }
    let mut house = House::new(&plan);
    let clients = (0..cores).map(|core| house.connect(core)).collect();
    (house, clients)
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(reply.text().expect("a text")).into_owned()
}

#[test]
fn settings_at_the_same_time_leave_all_cores_alike() {
    for_each_seed(100, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        let values: Vec<String> = (0..12).map(|_| (1 + house.below(1000)).to_string()).collect();
        for value in &values {
            let client = clients[house.below(clients.len())];
            house.send(client, &["CONFIG", "SET", "slowlog-max-len", value]);
            house.send(client, &["CONFIG", "GET", "slowlog-max-len"]);
            house.stroll(10);
        }
        house.run_until_answered();
        for client in &clients {
            while house.take(*client).is_some() {}
        }
        let mut seen = BTreeSet::new();
        for client in &clients {
            let pair = elements(house.ask(*client, &["CONFIG", "GET", "slowlog-max-len"]));
            seen.insert(text(&pair[1]));
        }
        assert_eq!(seen.len(), 1, "the cores disagree: {seen:?}");
        assert!(values.contains(&seen.into_iter().next().expect("one")));
    });
}

#[test]
fn a_client_reads_the_setting_that_it_has_made() {
    for_each_seed(60, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        for (index, client) in clients.iter().enumerate() {
            let value = (100 + index).to_string();
            house.send(*client, &["CONFIG", "SET", "slowlog-max-len", &value]);
            house.send(*client, &["CONFIG", "GET", "slowlog-max-len"]);
            assert_eq!(house.reply(*client), ok());
            assert_eq!(elements(house.reply(*client))[1], bulk(Some(value.as_bytes())));
        }
    });
}

#[test]
fn everybody_is_on_the_list_of_clients() {
    for_each_seed(80, |seed| {
        let (mut house, mut clients) = house_of_all_cores(seed);
        for _ in 0..house.below(6) {
            clients.push(house.connect_anywhere());
        }
        let mut ids = BTreeSet::new();
        for client in &clients {
            let Reply::Integer(id) = house.ask(*client, &["CLIENT", "ID"]) else {
                panic!("an id is a number")
            };
            ids.insert(id);
        }
        assert_eq!(ids.len(), clients.len(), "ids are never used twice");
        let keys = house.apart(3, "k");
        for _ in 0..5 {
            for client in &clients {
                house.send(*client, &["MSET", &keys[0], "1", &keys[1], "2", &keys[2], "3"]);
            }
            let asker = clients[house.below(clients.len())];
            house.send(asker, &["CLIENT", "LIST"]);
            house.send(asker, &["INFO", "clients"]);
            house.run_until_answered();
            let mut replies = Vec::new();
            for client in &clients {
                while let Some(reply) = house.take(*client) {
                    replies.push(reply);
                }
            }
            let texts: Vec<String> =
                replies.iter().filter(|reply| **reply != ok()).map(text).collect();
            let [list, info] = &texts[..] else { panic!("two texts: {texts:?}") };
            let listed: BTreeSet<i64> = list
                .lines()
                .filter_map(|line| line.strip_prefix("id=")?.split(' ').next()?.parse().ok())
                .collect();
            assert_eq!(listed, ids);
            assert!(info.contains(&format!("connected_clients:{}\r\n", clients.len())), "{info}");
        }
    });
}

#[test]
fn a_client_of_another_core_is_killed_and_nobody_else() {
    for_each_seed(150, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        let keys = house.apart(3, "k");
        let victim = house.connect_anywhere();
        let Reply::Integer(id) = house.ask(victim, &["CLIENT", "ID"]) else {
            panic!("an id is a number")
        };
        house.ignore(victim);
        for _ in 0..house.below(10) {
            house.send(victim, &["MSET", &keys[0], "1", &keys[1], "2"]);
            house.send(victim, &["RENAME", &keys[1], &keys[2]]);
            house.send(victim, &["GET", &keys[0]]);
        }
        house.stroll(60);
        let killer = clients[house.below(clients.len())];
        let killed = house.ask(killer, &["CLIENT", "KILL", "ID", &id.to_string()]);
        assert_eq!(killed, Reply::Integer(1));
        let line = house.line_of(victim);
        house.sim.run_until(|sim| sim.is_closed(line), 100_000).expect("it is closed");
        for client in &clients {
            let words = ["MSET", keys[0].as_str(), "a", &keys[1], "b", &keys[2], "c"];
            assert_eq!(house.ask(*client, &words), ok());
            let killed = house.ask(*client, &["CLIENT", "KILL", "ID", &id.to_string()]);
            assert_eq!(killed, Reply::Integer(0), "it is gone");
        }
    });
}

#[test]
fn a_pause_holds_writers_on_all_cores_until_it_is_lifted() {
    for_each_seed(60, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        let keys = house.apart(3, "k");
        let warden = house.connect_anywhere();
        assert_eq!(house.ask(warden, &["CLIENT", "PAUSE", "100000", "WRITE"]), ok());
        for client in &clients {
            let key = keys[house.below(keys.len())].clone();
            house.send(*client, &["GET", &key]);
            house.send(*client, &["MSET", &keys[0], "1", &keys[1], "2"]);
            house.send(*client, &["GET", &keys[0]]);
        }
        house.run_for_ms(500);
        for client in &clients {
            assert_eq!(house.awaited(*client), 2, "a read passes, a write waits");
            assert_eq!(house.take(*client), Some(Reply::NullBulk));
        }
        assert_eq!(house.ask(warden, &["CLIENT", "UNPAUSE"]), ok());
        for client in &clients {
            assert_eq!(house.reply(*client), ok());
            assert_eq!(house.reply(*client), bulk(Some(b"1")));
        }
    });
}

#[test]
fn a_pause_of_everything_ends_by_time() {
    for_each_seed(60, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        assert_eq!(house.ask(clients[0], &["CLIENT", "PAUSE", "700"]), ok());
        for client in &clients {
            house.send(*client, &["PING"]);
            house.send(*client, &["DBSIZE"]);
        }
        house.run_for_ms(600);
        assert!(clients.iter().all(|client| house.awaited(*client) == 2), "all wait");
        house.run_for_ms(300);
        for client in &clients {
            assert_eq!(house.take(*client), Some(Reply::Simple(b"PONG".into())));
            assert_eq!(house.take(*client), Some(Reply::Integer(0)));
        }
    });
}

#[test]
fn shutdown_ends_all_cores() {
    for_each_seed(40, |seed| {
        let (mut house, clients) = house_of_all_cores(seed);
        let keys = house.apart(2, "k");
        for client in &clients {
            house.ignore(*client);
            house.send(*client, &["MSET", &keys[0], "1", &keys[1], "2"]);
        }
        house.stroll(20);
        let client = clients[house.below(clients.len())];
        house.send(client, &["SHUTDOWN", "NOSAVE"]);
        house.sim.run_until(|sim| sim.is_ended(), 100_000).expect("it ends");
    });
}
