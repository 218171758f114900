//! Commands over several shards happen at one moment, for everybody who looks.

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, elements, for_each_seed, number};

/// A house with several shards, and keys on different ones.
fn house_with_keys(seed: u64, keys: usize) -> (House, Vec<String>) {
    let mut plan = Plan::any(seed);
    plan.shards = plan.shards.max(2);
    if seed.is_multiple_of(3) {
        plan = plan.narrow();
    }
    let house = House::new(&plan);
    let keys = house.apart(keys, "k");
    (house, keys)
}

/// `MSET key value key value ...`, the same value everywhere.
fn send_mset(house: &mut House, guest: Guest, name: &str, keys: &[String], value: &str) {
    let mut words = vec![name.to_owned()];
    keys.iter().for_each(|key| words.extend([key.clone(), value.to_owned()]));
    house.send(guest, &words);
}

fn mget(keys: &[String]) -> Vec<String> {
    [&["MGET".to_owned()], keys].concat()
}

/// What the readers were answered, as far as it has come.
fn drain(house: &mut House, readers: &[Guest], mut look: impl FnMut(Vec<Reply>)) {
    for reader in readers {
        while let Some(reply) = house.take(*reader) {
            look(elements(reply));
        }
    }
}

#[test]
fn nobody_sees_half_of_an_mset() {
    for_each_seed(150, |seed| {
        let (mut house, keys) = house_with_keys(seed, 2 + seed as usize % 3);
        let writers = [house.connect_anywhere(), house.connect_anywhere()];
        let readers = [house.connect_anywhere(), house.connect_anywhere()];
        let check = |values: Vec<Reply>| {
            assert!(values.windows(2).all(|pair| pair[0] == pair[1]), "torn: {values:?}");
        };
        for round in 0..25 {
            for (index, writer) in writers.into_iter().enumerate() {
                match house.below(5) {
                    0 => house.send(writer, &["FLUSHALL"]),
                    1 => house.send(writer, &[&["DEL".to_owned()], &keys[..]].concat()),
                    _ => send_mset(&mut house, writer, "MSET", &keys, &format!("{round}.{index}")),
                }
                house.stroll(10);
            }
            for reader in readers {
                house.send(reader, &mget(&keys));
                house.stroll(10);
            }
            drain(&mut house, &readers, check);
        }
        house.run_until_answered();
        drain(&mut house, &readers, check);
    });
}

#[test]
fn who_has_seen_the_new_value_never_sees_an_old_one_after_it() {
    for_each_seed(100, |seed| {
        let (mut house, keys) = house_with_keys(seed, 3);
        let (writer, reader) = (house.connect_anywhere(), house.connect_anywhere());
        for value in 1..60 {
            send_mset(&mut house, writer, "MSET", &keys, &value.to_string());
        }
        let mut last = 0;
        for index in 0..60 {
            let key = &keys[index % keys.len()];
            let seen = number(&house.ask(reader, &["GET", key]));
            assert!(seen >= last, "{key} is {seen} after another key was {last}");
            last = seen;
        }
        house.run_until_answered();
    });
}

#[test]
fn a_renamed_key_is_always_in_one_place() {
    for_each_seed(150, |seed| {
        let (mut house, keys) = house_with_keys(seed, 2);
        let (writer, reader) = (house.connect_anywhere(), house.connect_anywhere());
        let value = if seed % 2 == 0 { "v".to_owned() } else { "v".repeat(100) };
        house.ask(writer, &["SET", &keys[0], &value]);
        for round in 0..40 {
            let (from, to) = (&keys[round % 2], &keys[(round + 1) % 2]);
            house.send(writer, &["RENAME", from, to]);
            house.stroll(8);
            match house.below(3) {
                0 => house.send(reader, &["DBSIZE"]),
                1 => house.send(reader, &["EXISTS", &keys[0], &keys[1]]),
                _ => house.send(reader, &mget(&keys)),
            }
            house.stroll(8);
        }
        house.run_until_answered();
        while let Some(reply) = house.take(reader) {
            match reply {
                Reply::Array(values) => {
                    let there = values.iter().filter(|reply| **reply != Reply::NullBulk).count();
                    assert_eq!(there, 1, "both names or none: {values:?}");
                    assert!(values.contains(&bulk(Some(value.as_bytes()))));
                }
                count => assert_eq!(count, Reply::Integer(1)),
            }
        }
    });
}

#[test]
fn msetnx_sets_all_or_nothing() {
    for_each_seed(150, |seed| {
        let (mut house, keys) = house_with_keys(seed, 3);
        let writers: Vec<Guest> = (0..3).map(|_| house.connect_anywhere()).collect();
        let reader = house.connect_anywhere();
        for round in 0..20 {
            for (index, writer) in writers.iter().enumerate() {
                let pair = [keys[index].clone(), keys[(index + 1) % 3].clone()];
                send_mset(&mut house, *writer, "MSETNX", &pair, &format!("{round}.{index}"));
                house.stroll(8);
            }
            house.send(reader, &mget(&keys));
            if house.below(2) == 0 {
                house.send(writers[0], &[&["DEL".to_owned()], &keys[..]].concat());
            }
        }
        house.run_until_answered();
        // Any two pairs share a key, so one pair is there or none.
        drain(&mut house, &[reader], |values| {
            let there: Vec<&Reply> = values.iter().filter(|it| **it != Reply::NullBulk).collect();
            assert!(there.is_empty() || there.len() == 2 && there[0] == there[1], "{values:?}");
        });
    });
}

#[test]
fn swapped_databases_change_places_at_once() {
    for_each_seed(60, |seed| {
        let (mut house, keys) = house_with_keys(seed, 4);
        let (writer, reader) = (house.connect_anywhere(), house.connect_anywhere());
        send_mset(&mut house, writer, "MSET", &keys, "0");
        house.send(writer, &["SELECT", "1"]);
        send_mset(&mut house, writer, "MSET", &keys, "1");
        house.run_until_answered();
        for _ in 0..20 {
            house.send(writer, &["SWAPDB", "0", "1"]);
            house.stroll(8);
            house.send(reader, &mget(&keys));
            house.stroll(8);
        }
        house.run_until_answered();
        drain(&mut house, &[reader], |values| {
            assert!(values.windows(2).all(|pair| pair[0] == pair[1]), "torn: {values:?}");
        });
    });
}
