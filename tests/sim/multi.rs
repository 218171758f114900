//! MULTI, WATCH and EXEC on every schedule: all or nothing, and nothing left behind.

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, elements, for_each_seed, number, ok};

const MONEY: i64 = 100;

fn bank(seed: u64, accounts: usize) -> (House, Vec<String>) {
    let mut plan = Plan::any(seed);
    if seed.is_multiple_of(3) {
        plan = plan.narrow();
    }
    let shards = plan.shards;
    let mut house = House::new(&plan);
    let keys = if shards >= accounts {
        house.apart(accounts, "k")
    } else {
        (0..accounts).map(|number| format!("k{number}")).collect()
    };
    let teller = house.connect_anywhere();
    let mut words = vec!["MSET".to_owned()];
    keys.iter().for_each(|key| words.extend([key.clone(), MONEY.to_string()]));
    assert_eq!(house.ask(teller, &words), ok());
    (house, keys)
}

/// Sends a transfer between two accounts; some need the house, some ask every core.
fn send_transfer(house: &mut House, guest: Guest, keys: &[String]) {
    let (from, to) = (house.below(keys.len()), house.below(keys.len()));
    house.send(guest, &["MULTI"]);
    house.send(guest, &["DECRBY", &keys[from], "7"]);
    match house.below(8) {
        0 => house.send(guest, &["DBSIZE"]),
        1 => house.send(guest, &["CONFIG", "SET", "slowlog-max-len", "9"]),
        2 => house.send(guest, &["INFO", "keyspace"]),
        3 => house.send(guest, &["SELECT", "0"]),
        _ => {}
    }
    house.send(guest, &["INCRBY", &keys[to], "7"]);
    house.send(guest, &["EXEC"]);
}

fn mget(keys: &[String]) -> Vec<String> {
    [&["MGET".to_owned()], keys].concat()
}

fn check_sum(values: &[Reply]) {
    let sum: i64 = values
        .iter()
        .map(|value| {
            let text = value.text().expect("an account has a text");
            std::str::from_utf8(text).expect("digits").parse::<i64>().expect("a number")
        })
        .sum();
    assert_eq!(sum, MONEY * values.len() as i64, "{values:?}");
}

#[test]
fn transfers_keep_the_sum() {
    for_each_seed(200, |seed| {
        let (mut house, keys) = bank(seed, 2 + seed as usize % 3);
        let writers =
            [house.connect_anywhere(), house.connect_anywhere(), house.connect_anywhere()];
        let reader = house.connect_anywhere();
        for _ in 0..12 {
            for writer in writers {
                send_transfer(&mut house, writer, &keys);
                house.stroll(10);
            }
            house.send(reader, &mget(&keys));
            house.stroll(10);
        }
        house.run_until_answered();
        while let Some(reply) = house.take(reader) {
            check_sum(&elements(reply));
        }
    });
}

/// Clients leave between WATCH and EXEC, and while their keys are on loan.
#[test]
fn who_leaves_in_the_middle_takes_nothing_along() {
    for_each_seed(200, |seed| {
        let (mut house, keys) = bank(seed, 3);
        let reader = house.connect_anywhere();
        for _ in 0..8 {
            let leaver = house.connect_ignored();
            house.send(leaver, &[&["WATCH".to_owned(), "other".to_owned()], &keys[..]].concat());
            for _ in 0..house.below(3) {
                send_transfer(&mut house, leaver, &keys);
            }
            if house.below(2) == 0 {
                house.send(leaver, &["MULTI"]);
                house.send(leaver, &["INCR", &keys[0]]);
            }
            house.stroll(30);
            house.send(reader, &mget(&keys));
            match house.below(3) {
                0 => house.finish(leaver),
                _ => house.reset(leaver),
            }
        }
        let (lines, reader_line) = (house.lines(), house.line_of(reader));
        let left: Vec<_> = lines[1..].iter().filter(|line| **line != reader_line).collect();
        let all_closed = |sim: &mut runtime_sim::Sim| left.iter().all(|line| sim.is_closed(**line));
        house.sim.run_until(all_closed, 1_000_000).expect("who has left is let go");
        house.run_until_answered();
        while let Some(reply) = house.take(reader) {
            check_sum(&elements(reply));
        }
        // What they had begun ends without them.
        house.run_for_ms(100);
        let info = house.ask(reader, &["INFO", "clients"]);
        let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
        assert!(text.contains("total_watched_keys:0\r\n"), "{text}");
        assert!(text.contains("watching_clients:0\r\n"), "{text}");
        // No shard stands still, and the house is free.
        for line in [vec!["MULTI"], vec!["DBSIZE"]] {
            house.ask(reader, &line);
        }
        assert_eq!(elements(house.ask(reader, &["EXEC"])), [Reply::Integer(keys.len() as i64)]);
        assert_eq!(house.ask(reader, &["FLUSHALL"]), ok());
    });
}

/// Who reads a counter under WATCH and writes it back has counted if EXEC ran, and only then.
#[test]
fn watched_counters_lose_nothing() {
    for_each_seed(150, |seed| {
        let (mut house, keys) = bank(seed, 2);
        let clients =
            [house.connect_anywhere(), house.connect_anywhere(), house.connect_anywhere()];
        let mut wins = 0;
        for _ in 0..8 {
            for client in clients {
                house.send(client, &["WATCH", "counter", &keys[1]]);
                house.send(client, &["GET", "counter"]);
            }
            house.run_until_answered();
            let values = clients.map(|client| {
                assert_eq!(house.take(client), Some(ok()));
                match house.take(client).expect("GET is answered") {
                    Reply::NullBulk => 0,
                    value => {
                        let text = value.text().expect("a text");
                        std::str::from_utf8(text).expect("digits").parse::<i64>().expect("a number")
                    }
                }
            });
            for (client, value) in clients.into_iter().zip(values) {
                house.send(client, &["MULTI"]);
                house.send(client, &["SET", "counter", &(value + 1).to_string()]);
                if house.below(3) == 0 {
                    house.send(client, &["DBSIZE"]);
                }
                house.send(client, &["INCR", &keys[0]]);
                house.send(client, &["EXEC"]);
                house.stroll(10);
            }
            house.run_until_answered();
            let mut won = 0;
            for client in clients {
                while let Some(reply) = house.take(client) {
                    won += i64::from(matches!(reply, Reply::Array(_)));
                }
            }
            assert_eq!(won, 1, "of those who saw the same, one gets through");
            wins += won;
        }
        let client = clients[0];
        assert_eq!(house.ask(client, &["GET", "counter"]), bulk(Some(wins.to_string().as_bytes())));
        assert_eq!(number(&house.ask(client, &["INCR", &keys[0]])), MONEY + wins + 1);
    });
}

/// Shards travel while others ask how many keys there are: each of them counts once.
#[test]
fn questions_count_every_key_once() {
    for_each_seed(200, |seed| {
        let (mut house, keys) = bank(seed, 4);
        let writers = [house.connect_anywhere(), house.connect_anywhere()];
        let readers = [house.connect_anywhere(), house.connect_anywhere()];
        for _ in 0..10 {
            for writer in writers {
                house.send(writer, &["MULTI"]);
                house.send(writer, &["INFO", "keyspace"]);
                house.send(writer, &["RENAME", &keys[0], "other"]);
                house.send(writer, &["CONFIG", "SET", "slowlog-max-len", "9"]);
                house.send(writer, &["RENAME", "other", &keys[0]]);
                house.send(writer, &["EXEC"]);
                house.stroll(15);
            }
            for reader in readers {
                house.send(reader, &["INFO", "keyspace"]);
                house.stroll(15);
            }
        }
        house.run_until_answered();
        let expected = format!("db0:keys={},", keys.len());
        let check = |reply: &Reply| {
            let text = String::from_utf8_lossy(reply.text().expect("a text")).into_owned();
            assert!(text.contains(&expected), "{text}");
        };
        for reader in readers {
            while let Some(reply) = house.take(reader) {
                check(&reply);
            }
        }
        for writer in writers {
            while let Some(reply) = house.take(writer) {
                if let Reply::Array(replies) = reply {
                    check(&replies[0]);
                }
            }
        }
    });
}
