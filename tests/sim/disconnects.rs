//! Clients that leave in the middle of what they asked for: it ends, and nobody else notices.

use resp::Reply;

use crate::house::{House, Plan, bulk, for_each_seed, number, ok};
use crate::scripted::{Repertoire, Scripted};

/// Nobody means to use anything, nothing is on loan, nobody waits.
fn check_that_nothing_is_left(house: &mut House) {
    // The last messages to shards have no answer that a client could wait for.
    house.run_for_ms(1);
    let client = house.connect_anywhere();
    let info = house.ask(client, &["INFO", "stats"]);
    let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
    for name in ["transactions_under_way", "intents", "queue_places", "loans"] {
        assert!(text.contains(&format!("\r\nshoal_{name}:0\r\n")), "{name}: {text}");
    }
}

/// Clients on every core run commands over all shards: no shard stands still, no lock is held.
fn check_that_all_goes_on(house: &mut House, keys: &[String]) {
    for core in 0..house.cores {
        let client = house.connect(core);
        assert_eq!(house.ask(client, &["FLUSHALL"]), ok());
        let mut words = vec!["MSET".to_owned()];
        keys.iter().for_each(|key| words.extend([key.clone(), key.clone()]));
        assert_eq!(house.ask(client, &words), ok());
        assert_eq!(house.ask(client, &["RENAME", &keys[0], &keys[1]]), ok());
        assert_eq!(number(&house.ask(client, &["DBSIZE"])), keys.len() as i64 - 1);
        for (index, key) in keys.iter().enumerate() {
            let expected = [None, Some(keys[0].as_bytes()), Some(key.as_bytes())][index.min(2)];
            assert_eq!(house.ask(client, &["GET", key]), bulk(expected));
        }
    }
}

#[test]
fn what_a_vanished_client_began_leaves_nothing_behind() {
    for_each_seed(300, |seed| {
        let mut plan = Plan::any(seed);
        if seed.is_multiple_of(3) {
            plan = plan.narrow();
        }
        let mut house = House::new(&plan);
        let core = house.below(house.cores);
        let mut witness = Scripted::connect(&mut house, core, 3);
        let keys = house.apart(4, "k");
        for _ in 0..6 {
            let leaver = house.connect_ignored();
            for _ in 0..house.below(12) {
                let (one, other) = (house.below(4), house.below(4));
                match house.below(6) {
                    0 => house.send(leaver, &["MSET", &keys[one], "1", &keys[other], "2"]),
                    1 => house.send(leaver, &["RENAME", &keys[one], &keys[other]]),
                    2 => house.send(leaver, &["DBSIZE"]),
                    3 => house.send(leaver, &["CONFIG", "SET", "slowlog-max-len", "9"]),
                    4 => house.send(leaver, &["RANDOMKEY"]),
                    _ => house.send(leaver, &["SET", &keys[one], "3"]),
                }
            }
            witness.send_some(&mut house, 4, Repertoire::Any);
            house.stroll(40);
            if house.below(2) == 0 {
                house.reset(leaver);
            } else {
                house.finish(leaver);
            }
        }
        let lines = house.lines();
        let witness_line = house.line_of(witness.guest);
        let all_closed = |sim: &mut runtime_sim::Sim| {
            let mut others = lines.iter().filter(|line| **line != witness_line);
            others.all(|line| sim.is_closed(*line))
        };
        house.sim.run_until(all_closed, 1_000_000).expect("who has left is let go");
        house.run_until_answered();
        witness.check_all(&mut house);
        check_that_nothing_is_left(&mut house);
        check_that_all_goes_on(&mut house, &keys);
        check_that_nothing_is_left(&mut house);
    });
}

#[test]
fn the_number_of_clients_comes_back_to_what_it_was() {
    for_each_seed(60, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let stays = house.connect_anywhere();
        for _ in 0..10 {
            let leaver = house.connect_ignored();
            house.send(leaver, &["FLUSHALL"]);
            house.stroll(20);
            house.reset(leaver);
        }
        let lines = house.lines();
        let all_closed =
            |sim: &mut runtime_sim::Sim| lines[1..].iter().all(|line| sim.is_closed(*line));
        house.sim.run_until(all_closed, 1_000_000).expect("who has left is let go");
        let info = house.ask(stays, &["INFO", "clients"]);
        let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
        assert!(text.contains("connected_clients:1\r\n"), "{text}");
        // Those who have left do not count against the limit, those who are here do.
        assert_eq!(house.ask(stays, &["CONFIG", "SET", "maxclients", "2"]), ok());
        let second = house.connect_anywhere();
        assert_eq!(house.ask(second, &["ECHO", "v"]), bulk(Some(b"v")));
        let third = house.connect_anywhere();
        let line = house.line_of(third);
        house.sim.run_until(|sim| sim.is_closed(line), 100_000).expect("it is turned away");
        // It is told once; a socket may take any part of that.
        let told = house.sim.received(line);
        assert!(!told.is_empty() && b"-ERR max number of clients reached\r\n".starts_with(&told));
    });
}

#[test]
fn what_was_sent_before_the_end_is_answered() {
    for_each_seed(200, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let core = house.below(house.cores);
        let mut client = Scripted::connect(&mut house, core, 0);
        client.send_some(&mut house, 30, Repertoire::Any);
        house.finish(client.guest);
        house.run_until_answered();
        client.check_all(&mut house);
        let line = house.line_of(client.guest);
        house.sim.run_until(|sim| sim.is_closed(line), 100_000).expect("then it is closed");
    });
}

#[test]
fn quit_is_the_last_reply() {
    for_each_seed(100, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let core = house.below(house.cores);
        let mut client = Scripted::connect(&mut house, core, 0);
        client.send_some(&mut house, 30, Repertoire::Any);
        client.send(&mut house, vec!["QUIT".into()]);
        house.send_unanswered(client.guest, &["SET", "after", "the end"]);
        let line = house.line_of(client.guest);
        house.run_until(|sim| sim.is_closed(line));
        client.check_all(&mut house);
        let other = house.connect_anywhere();
        assert_eq!(house.ask(other, &["EXISTS", "after"]), Reply::Integer(0));
    });
}
