//! What happens by time alone, and walks over keys that come and go meanwhile.

use std::collections::BTreeSet;

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, elements, for_each_seed, number, ok};

#[test]
fn a_key_is_gone_when_its_time_is_over() {
    for_each_seed(80, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let client = house.connect_anywhere();
        let keys = house.apart(5, "k");
        for key in &keys {
            assert_eq!(house.ask(client, &["SET", key, "v", "PX", "500"]), ok());
        }
        house.run_for_ms(400);
        let all = [&["EXISTS".to_owned()], &keys[..]].concat();
        assert_eq!(house.ask(client, &all), Reply::Integer(5));
        house.run_for_ms(200);
        assert_eq!(house.ask(client, &all), Reply::Integer(0));
        assert_eq!(house.ask(client, &["GET", &keys[0]]), Reply::NullBulk);
    });
}

#[test]
fn keys_that_nobody_asks_for_vanish_all_the_same() {
    for_each_seed(40, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let client = house.connect_anywhere();
        for index in 0..300 {
            let ms = (100 + house.below(2_000)).to_string();
            house.send(client, &["SET", &format!("k:{index}"), "v", "PX", &ms]);
        }
        house.run_until_answered();
        while house.take(client).is_some() {}
        house.run_for_ms(10_000);
        assert_eq!(house.ask(client, &["DBSIZE"]), Reply::Integer(0));
    });
}

#[test]
fn a_house_that_nobody_uses_comes_to_rest() {
    for_each_seed(40, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let client = house.connect_anywhere();
        let keys = house.apart(3, "k");
        house.ask(client, &["MSET", &keys[0], "1", &keys[1], "2", &keys[2], "3"]);
        house.ask(client, &["PEXPIRE", &keys[0], "3000"]);
        house.ask(client, &["FLUSHALL", "ASYNC"]);
        house.ask(client, &["SET", &keys[1], "v", "PX", "3000"]);
        let rests = (0..100_000).any(|_| !house.sim.step());
        assert!(rests, "seed {seed}: it goes on and on");
        assert_eq!(house.ask(client, &["DBSIZE"]), Reply::Integer(0));
    });
}

#[test]
fn an_expiry_moves_with_its_key() {
    for_each_seed(60, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let client = house.connect_anywhere();
        let keys = house.apart(3, "k");
        house.ask(client, &["SET", &keys[0], "v", "PX", "5000"]);
        assert_eq!(house.ask(client, &["RENAME", &keys[0], &keys[1]]), ok());
        assert_eq!(house.ask(client, &["COPY", &keys[1], &keys[2]]), Reply::Integer(1));
        for key in &keys[1..] {
            let left = number(&house.ask(client, &["PTTL", key]));
            assert!((4_000..=5_000).contains(&left), "{left} ms");
        }
        house.run_for_ms(5_000);
        let gone = house.ask(client, &["MGET", &keys[1], &keys[2]]);
        assert_eq!(gone, Reply::Array(vec![Reply::NullBulk; 2]));
        // An expired key is not there for a command that borrows it, either.
        house.ask(client, &["SET", &keys[0], "v", "PX", "100"]);
        house.run_for_ms(101);
        assert!(house.ask(client, &["RENAME", &keys[0], &keys[1]]).is_error());
    });
}

#[test]
fn silent_clients_are_closed_and_others_are_not() {
    for_each_seed(40, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let silent: Vec<_> = (0..3).map(|_| house.connect_anywhere()).collect();
        let lively = house.connect_anywhere();
        assert_eq!(house.ask(lively, &["CONFIG", "SET", "timeout", "5"]), ok());
        for second in 0..12 {
            assert_eq!(house.ask(lively, &["PING"]), Reply::Simple(b"PONG".into()));
            let closed = silent.iter().filter(|guest| house.is_closed(**guest)).count();
            assert!(second > 4 || closed == 0, "closed after {second} seconds");
            house.run_for_ms(1_000);
        }
        assert!(silent.iter().all(|guest| house.is_closed(*guest)));
    });
}

/// Walks over all keys and answers those that were met.
fn scan(house: &mut House, client: Guest, mut between: impl FnMut(&mut House)) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    let mut cursor = "0".to_owned();
    loop {
        let count = (1 + house.below(20)).to_string();
        let [next, keys] = &elements(house.ask(client, &["SCAN", &cursor, "COUNT", &count]))[..]
        else {
            panic!("a cursor and keys")
        };
        let keys = elements(keys.clone());
        met.extend(
            keys.iter().map(|key| String::from_utf8_lossy(key.text().expect("a key")).into_owned()),
        );
        cursor = String::from_utf8_lossy(next.text().expect("a cursor")).into_owned();
        if cursor == "0" {
            return met;
        }
        between(house);
    }
}

#[test]
fn a_walk_meets_every_key_that_was_there_all_along() {
    for_each_seed(60, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let (walker, busy) = (house.connect_anywhere(), house.connect_anywhere());
        let stable: BTreeSet<String> = (0..100).map(|index| format!("stable:{index}")).collect();
        for key in &stable {
            house.send(busy, &["SET", key, "v"]);
        }
        house.run_until_answered();
        let met = scan(&mut house, walker, |house| {
            for _ in 0..house.below(30) {
                let (one, other) = (house.below(400), house.below(400));
                let (one, other) = (format!("passing:{one}"), format!("passing:{other}"));
                match house.below(4) {
                    0 => house.send(busy, &["DEL", &one, &other]),
                    1 => house.send(busy, &["RENAME", &one, &other]),
                    2 => house.send(busy, &["MSET", &one, "v", &other, "v"]),
                    _ => house.send(busy, &["SET", &one, "v"]),
                }
            }
            house.stroll(40);
        });
        let missed: Vec<&String> = stable.difference(&met).collect();
        assert!(missed.is_empty(), "missed {missed:?}");
        house.run_until_answered();
        let kept = [&["MGET".to_owned()], &stable.iter().cloned().collect::<Vec<_>>()[..]].concat();
        assert!(elements(house.ask(walker, &kept)).iter().all(|it| *it == bulk(Some(b"v"))));
    });
}
