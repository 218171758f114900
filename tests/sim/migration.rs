//! A connection moves to the core that owns what it asks for, and nothing is lost on the way.

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, for_each_seed, number, ok};
use crate::scripted::{Repertoire, Scripted};

/// How many connections have moved.
fn migrations(house: &mut House, client: Guest) -> i64 {
    let info = house.ask(client, &["INFO", "stats"]);
    let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
    let mut lines = text.lines();
    let moved = lines.find_map(|line| line.strip_prefix("shoal_migrations:"));
    moved.expect("INFO counts them").parse().expect("a number")
}

/// A prefix of keys that are all on this core.
fn prefix_on(house: &House, core: usize) -> String {
    let number = house.key_on(core, "t").replace("t:", "");
    // A tag hashes as the whole key that it is taken from.
    format!("{{t:{number}}}")
}

#[test]
fn a_client_moves_to_where_its_keys_are() {
    for_each_seed(20, |seed| {
        let mut house = House::new(&Plan::new(seed, 2, 2));
        let (client, other) = (house.connect(0), house.connect(0));
        let key = house.key_on(1, "k");
        for round in 0..2_500 {
            assert_eq!(house.ask(client, &["INCR", &key]), Reply::Integer(round + 1));
        }
        assert_eq!(migrations(&mut house, other), 1);
        assert_eq!(house.ask(client, &["GET", &key]), bulk(Some(b"2500")));
    });
}

#[test]
fn nothing_is_lost_or_reordered_when_it_moves_while_it_pipelines() {
    for_each_seed(40, |seed| {
        let cores = 2 + seed as usize % 3;
        let mut house = House::new(&Plan::new(seed, cores, cores + 1));
        let prefix = prefix_on(&house, 1);
        let mut client = Scripted::connect_with_prefix(&mut house, 0, 0, prefix);
        let mut home = 1;
        for round in 0..120 {
            client.send_some(&mut house, 120, Repertoire::Simple);
            house.stroll(30);
            client.check(&mut house);
            if round % 4 == 0 {
                // Now and then it pauses, as clients do.
                house.run_until_answered();
            }
            if round % 40 == 39 {
                home = (home + 1) % cores;
                client.turn_to(prefix_on(&house, home));
            }
        }
        house.run_until_answered();
        client.check_all(&mut house);
        let other = house.connect_anywhere();
        assert!(migrations(&mut house, other) > 0, "seed {seed}: it never moved");
    });
}

#[test]
fn calls_without_a_reply_are_not_overtaken_by_a_move() {
    for_each_seed(40, |seed| {
        let mut house = House::new(&Plan::new(seed, 3, 3));
        let client = house.connect(0);
        let (near, far) = (house.key_on(1, "near"), house.key_on(2, "far"));
        let mut sum = 0;
        for _ in 0..4 {
            house.send_unanswered(client, &["CLIENT", "REPLY", "OFF"]);
            for index in 0..1_100 {
                house.send_unanswered(client, &["INCR", &near]);
                if index % 15 == 0 {
                    house.send_unanswered(client, &["INCR", &far]);
                    sum += 1;
                }
            }
            house.send(client, &["CLIENT", "REPLY", "ON"]);
            house.send(client, &["GET", &far]);
            assert_eq!(house.reply(client), ok());
            assert_eq!(number(&house.reply(client)), sum);
        }
    });
}

#[test]
fn a_client_that_asks_all_cores_stays() {
    for_each_seed(20, |seed| {
        let mut house = House::new(&Plan::new(seed, 2, 4));
        let client = house.connect(0);
        let keys = house.apart(4, "k");
        for round in 0..40 {
            for index in 0..100 {
                house.send(client, &["SET", &keys[(round + index) % 4], "v"]);
            }
            house.run_until_answered();
        }
        while house.take(client).is_some() {}
        assert_eq!(migrations(&mut house, client), 0);
    });
}
