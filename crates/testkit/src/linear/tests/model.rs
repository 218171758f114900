//! The model takes back what it has done, and tells keyspaces apart.

use std::collections::BTreeMap;

use crate::linear::command::ALL;
use crate::linear::{Author, Keyspace, Kind};

#[test]
fn everything_can_be_taken_back() {
    let kinds: Vec<Kind> = ALL.iter().map(|(kind, _)| *kind).collect();
    for seed in 0..200 {
        let mut author = Author::new(seed, 0, 5, &kinds);
        let mut keyspace = Keyspace::empty(5);
        let mut past = Vec::new();
        for _ in 0..40 {
            past.push((keyspace.mark(), keyspace.fingerprint(), keyspace.values().to_vec()));
            match author.below(8) {
                0 => keyspace.watch(author.below(3) as usize, 1 + author.below(31)),
                1 => drop(keyspace.unwatch(author.below(3) as usize)),
                _ => drop(author.any_action().run(&mut keyspace, 0)),
            }
        }
        for (mark, print, values) in past.into_iter().rev() {
            keyspace.undo_to(mark);
            assert_eq!(keyspace.fingerprint(), print, "seed {seed}");
            assert_eq!(keyspace.values(), values, "seed {seed}");
        }
        assert_eq!(keyspace.fingerprint(), Keyspace::empty(5).fingerprint());
    }
}

#[test]
fn different_keyspaces_have_different_fingerprints() {
    let kinds: Vec<Kind> = ALL.iter().map(|(kind, _)| *kind).collect();
    let mut seen = BTreeMap::new();
    for seed in 0..300 {
        let mut author = Author::new(seed, 0, 4, &kinds);
        let mut keyspace = Keyspace::empty(4);
        for _ in 0..40 {
            author.any_action().run(&mut keyspace, 0);
            let values = keyspace.values().to_vec();
            let same = Keyspace::of(values.clone());
            assert_eq!(same.fingerprint(), keyspace.fingerprint(), "whatever led to it");
            let before = seen.insert(keyspace.fingerprint(), values.clone());
            assert!(before.is_none_or(|before| before == values));
        }
    }
    assert!(seen.len() > 3000, "{}", seen.len());
}
