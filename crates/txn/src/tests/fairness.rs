//! Nobody waits for ever: a hot key does not hold a wide transaction, nor a busy one a call.

use super::harness::{Op, Town};

/// Clients who never stop wanting the hot keys, by transactions and calls.
fn heat(town: &mut Town, keys: &[String], round: usize) {
    let (hot, warm) = (&keys[0], &keys[1]);
    match town.below(4) {
        0 => town.send(1, &format!("SET {hot} {round}")),
        1 => town.send(2, &format!("MSET {hot} {round} {warm} {round}")),
        2 => town.send(3, &format!("MGET {warm} {hot}")),
        _ => town.send(4, &format!("RENAME {hot} {warm}")),
    };
}

/// Sends something into the heat. Answers the command, and how many others were sent before its
/// reply came.
fn through_the_heat(seed: u64, line: impl Fn(&[String]) -> String) -> (Town, Op, usize) {
    let mut town = Town::new(seed, 1 + seed as usize % 4, 4);
    let keys = town.apart(4);
    keys.iter().for_each(|key| town.put(key, "v", None));
    for round in 0..60 {
        heat(&mut town, &keys, round);
        town.step();
    }
    let op = town.send(0, &line(&keys));
    let mut sent = 0;
    while !town.history.is_answered(op) {
        heat(&mut town, &keys, sent);
        sent += 1;
        // More is sent than comes to an end: whoever could be overtaken for ever would be.
        for _ in 0..6 {
            town.step();
        }
        assert!(sent < 3_000, "seed {seed}: it waits for ever");
    }
    (town, op, sent)
}

#[test]
fn a_wide_transaction_is_not_overtaken_once_its_number_is_decided() {
    for seed in 0..150 {
        let line = |keys: &[String]| {
            let pairs: Vec<String> = keys.iter().map(|key| format!("{key} wide")).collect();
            format!("MSET {}", pairs.join(" "))
        };
        let (mut town, op, _) = through_the_heat(seed, line);
        town.run();
        assert_eq!(town.history.overtakers(op), 0, "seed {seed}");
    }
}

#[test]
fn a_reader_of_everything_comes_to_its_turn() {
    for seed in 0..150 {
        through_the_heat(seed, |_| "DBSIZE".to_owned()).0.run();
        through_the_heat(seed, |keys| format!("MGET {}", keys.join(" "))).0.run();
    }
}

#[test]
fn a_call_for_the_hot_key_comes_to_its_turn() {
    for seed in 0..150 {
        through_the_heat(seed, |keys| format!("GET {}", keys[0])).0.run();
    }
}
