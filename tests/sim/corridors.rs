//! Corridors that are too small and credits that are used up: everything still ends.

use resp::Reply;
use server::CallLimits;

use crate::house::{Guest, House, Plan, for_each_seed, ok};

/// A client on each core that keeps all other cores busy.
fn clients(house: &mut House, each: usize) -> Vec<Guest> {
    (0..house.cores * each).map(|number| house.connect(number % house.cores)).collect()
}

/// Counts that went up by one for each INCR, however many clients sent them.
fn check_counters(house: &mut House, clients: &[Guest], keys: &[String], incremented: &[i64]) {
    for (key, count) in keys.iter().zip(incremented) {
        let value = house.ask(clients[0], &["GET", key]);
        assert_eq!(value, Reply::Bulk(count.to_string().into_bytes()), "{key}");
    }
}

/// Every client increments keys of all cores, with commands over several shards in between.
fn storm(house: &mut House, requests: usize, each: usize) {
    let clients = clients(house, each);
    let keys = house.apart(8, "count");
    let mut incremented = vec![0; keys.len()];
    for _ in 0..requests {
        for client in &clients {
            let index = house.below(keys.len());
            match house.below(40) {
                0 => house.send(*client, &[&["MGET".to_owned()], &keys[..]].concat()),
                1 => house.send(*client, &["MSET", "x:1", "1", "x:2", "2", "x:3", "3"]),
                2 => house.send(*client, &["RENAME", "x:1", "x:2"]),
                3 => house.send(*client, &["GET", &"long".repeat(1 + index * 30)]),
                _ => {
                    incremented[index] += 1;
                    house.send(*client, &["INCR", &keys[index]]);
                }
            }
        }
    }
    house.run_until_answered();
    for client in &clients {
        while house.take(*client).is_some() {}
    }
    check_counters(house, &clients, &keys, &incremented);
}

#[test]
fn all_is_answered_however_little_credit_there_is() {
    for_each_seed(150, |seed| {
        let cores = 2 + seed as usize % 3;
        let mut house = House::new(&Plan::new(seed, cores, cores + seed as usize % 3).narrow());
        storm(&mut house, 60, 2);
    });
}

#[test]
fn thousands_of_calls_both_ways_at_once_come_back() {
    for_each_seed(3, |seed| {
        let mut plan = Plan::new(seed, 2, 2);
        plan.corridor_capacity = 2;
        storm(&mut House::new(&plan), 4_000, 2);
    });
}

#[test]
fn a_client_without_credit_holds_nobody_else_up() {
    for_each_seed(60, |seed| {
        let mut plan = Plan::new(seed, 2, 2);
        plan.call_limits = CallLimits { calls: 2, bytes: 1 << 20 };
        let mut house = House::new(&plan);
        let (greedy, modest) = (house.connect(0), house.connect(0));
        let (here, there) = (house.key_on(0, "here"), house.key_on(1, "there"));
        for _ in 0..300 {
            house.send(greedy, &["INCR", &there]);
        }
        house.stroll(40);
        for _ in 0..10 {
            assert_eq!(house.ask(modest, &["SET", &here, "v"]), ok());
        }
        assert!(house.awaited(greedy) > 0, "seed {seed}: the greedy one was served first");
        house.run_until_answered();
    });
}

#[test]
fn a_value_beyond_all_credit_goes_alone() {
    for_each_seed(40, |seed| {
        let mut plan = Plan::new(seed, 3, 3);
        plan.call_limits = CallLimits { calls: 4, bytes: 1_000 };
        plan.corridor_capacity = 1;
        let mut house = House::new(&plan);
        let client = house.connect(0);
        let keys = house.apart(3, "big");
        for round in 0..20 {
            let key = &keys[round % 3];
            let value = "v".repeat(500 + house.below(3) * 9_000);
            house.send(client, &["SET", key, &value]);
            house.send(client, &["STRLEN", key]);
        }
        house.run_until_answered();
        for _ in 0..20 {
            assert_eq!(house.reply(client), ok());
            assert!(matches!(house.reply(client), Reply::Integer(500..)));
        }
    });
}
