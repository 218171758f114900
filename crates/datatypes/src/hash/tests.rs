//! Hashes in entries against a plain model, at the edges of their encodings.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stdx::prng::Prng;

use super::{BytesHasher, Field, Hash, HashLimits, HashRef, HashRules};
use crate::Entry;
use crate::listpack::Listpack;
use crate::table::Position;

type Model = BTreeMap<Vec<u8>, (Vec<u8>, Option<i64>)>;

/// A hasher that is good, or one under which fields crowd into few chains.
#[derive(Clone, Debug)]
struct TestHasher {
    is_crowded: bool,
}

impl BytesHasher for TestHasher {
    fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        let mix = |hash: u64, byte: &u8| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        };
        let hash = bytes.iter().fold(bytes.len() as u64, mix);
        let hash = (hash ^ (hash >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if self.is_crowded { hash & 0x0300_0000_0000_0003 } else { hash }
    }
}

type Rules = HashRules<TestHasher>;

fn rules(entries: usize, value: usize) -> Rules {
    let hasher = TestHasher { is_crowded: false };
    HashRules { limits: HashLimits { entries, value }, hasher }
}

fn some_rules() -> impl Strategy<Value = Rules> {
    let entries = prop_oneof![0..12_usize, Just(40), Just(600)];
    let value = prop_oneof![0..30_usize, Just(3000)];
    (entries, value, any::<bool>()).prop_map(|(entries, value, is_crowded)| HashRules {
        limits: HashLimits { entries, value },
        hasher: TestHasher { is_crowded },
    })
}

fn words() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (-8..8_i64).prop_map(|int| int.to_string().into_bytes()),
        1 => any::<i64>().prop_map(|int| int.to_string().into_bytes()),
        4 => "[a-c]{0,2}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..200),
        1 => (0..1500_usize).prop_map(|length| vec![b'x'; length]),
        1 => proptest::sample::select(vec!["007", "-0", "+1", " 1", "9223372036854775808"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

fn moments() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![1 => Just(None), 4 => (1..20_i64).prop_map(Some), 1 => Just(Some(1 << 46))]
}

#[derive(Clone, Debug)]
enum Step {
    Set(Vec<u8>, Vec<u8>, bool),
    Remove(Vec<u8>),
    Expire(Vec<u8>, Option<i64>),
    Bury(i64),
    Expect(Vec<u8>),
    Copy(Vec<u8>),
    Rename(Vec<u8>),
    KeyExpires(Option<i64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        24 => (words(), words(), any::<bool>())
            .prop_map(|(name, value, keep)| Step::Set(name, value, keep)),
        6 => words().prop_map(Step::Remove),
        4 => (words(), moments()).prop_map(|(name, at)| Step::Expire(name, at)),
        1 => (0..20_i64).prop_map(Step::Bury),
        1 => words().prop_map(Step::Expect),
        1 => words().prop_map(Step::Copy),
        1 => words().prop_map(Step::Rename),
        1 => moments().prop_map(Step::KeyExpires),
    ];
    proptest::collection::vec(step, 0..100)
}

fn bury(entry: &mut Entry, model: &mut Model, now: i64, rules: &Rules) {
    let mut rounds = 0;
    while entry.hash().and_then(HashRef::next_expiry).is_some_and(|at| at <= now) {
        let mut hash = entry.hash_mut().expect("it is a hash");
        hash.take_dead(now, rules, |name| {
            let (_, at) = model.remove(name).expect("what dies was there");
            assert!(at.is_some_and(|at| at <= now));
        });
        rounds += 1;
        assert!(rounds < 100, "looking for the dead comes to an end");
    }
    assert!(model.values().all(|(_, at)| at.is_none_or(|at| at > now)));
}

fn step(entry: &mut Entry, model: &mut Model, step: Step, rules: &Rules) {
    let mut hash = entry.hash_mut().expect("it is a hash");
    match step {
        Step::Set(name, value, keep) => {
            let old = model.get(&name).map(|(_, at)| *at);
            assert_eq!(hash.set(&name, &value, keep, rules), old.is_none());
            model.insert(name, (value, old.flatten().filter(|_| keep)));
        }
        Step::Remove(name) => {
            assert_eq!(hash.remove(&name, rules), model.remove(&name).is_some());
        }
        Step::Expire(name, at) => {
            let found = model.get_mut(&name).map(|field| field.1 = at);
            assert_eq!(hash.set_expire(&name, at, rules), found.is_some());
        }
        Step::Bury(now) => bury(entry, model, now, rules),
        Step::Expect(word) => hash.expect([&word[..]].into_iter(), rules),
        Step::Copy(key) => {
            let copy = entry.copy_as(&key);
            assert_eq!(copy.hash(), entry.hash());
            assert_eq!(copy.encoding(), entry.encoding());
            *entry = copy;
        }
        Step::Rename(key) => {
            let old = std::mem::replace(entry, Entry::new_int(b"", 0, None, 0));
            *entry = old.rename(&key);
            assert_eq!(entry.key(), key);
        }
        Step::KeyExpires(at) => entry.set_expire(at),
    }
}

fn listed(hash: HashRef<'_>) -> Model {
    let field = |it: Field<'_>| (it.name.to_vec(), (it.value.to_vec(), it.expire_at));
    let listed: Vec<_> = hash.iter().map(field).collect();
    let count = listed.len();
    let model: Model = listed.into_iter().collect();
    assert_eq!(model.len(), count, "no field is there twice");
    model
}

fn check(entry: &Entry, model: &Model, rules: &Rules) {
    let hash = entry.hash().expect("it is a hash");
    assert_eq!(listed(hash), *model);
    assert_eq!((hash.len(), hash.is_empty()), (model.len(), model.is_empty()));
    for (name, (value, at)) in model {
        let field = hash.get(name, rules).expect("the model has it");
        assert_eq!((field.value.to_vec(), field.expire_at), (value.clone(), *at));
    }
    let (mut found, mut at) = (Model::new(), Some(Position::START));
    while let Some(position) = at {
        at = hash.scan(position, |it| {
            found.insert(it.name.to_vec(), (it.value.to_vec(), it.expire_at));
        });
    }
    assert_eq!(found, *model);
    let moments = || model.values().filter_map(|(_, at)| *at);
    assert_eq!(hash.has_volatile(), moments().next().is_some());
    assert!(hash.next_expiry() <= moments().min());
    assert_eq!(entry.has_volatile_fields(), hash.has_volatile());
    let dead = moments().filter(|at| *at <= 10).count();
    assert_eq!(hash.live_len(10), model.len() - dead);
    let random = hash.random(&mut Prng::new(1)).map(|field| field.name.to_vec());
    assert_eq!(random.is_some(), !model.is_empty());
    assert!(random.is_none_or(|name| model.contains_key(&name)));
    check_encoding(entry, model, rules);
}

fn check_encoding(entry: &Entry, model: &Model, rules: &Rules) {
    let hash = entry.hash().expect("it is a hash");
    if hash.encoding() == "hashtable" {
        assert_eq!(hash.to_listpack(), None);
        return;
    }
    let longest = model.iter().flat_map(|(name, (value, _))| [name.len(), value.len()]).max();
    assert!(longest.unwrap_or(0) <= rules.limits.value && model.len() <= rules.limits.entries);
    let stride = if hash.encoding() == "listpackex" { 3 } else { 2 };
    let bytes = hash.to_listpack().expect("it is compact").into_owned();
    let pack = Listpack::from_valid_bytes(bytes).expect("it is a listpack");
    assert_eq!(pack.len(), model.len() * stride);
    let moments: Vec<_> = hash.iter().map(|field| field.expire_at.unwrap_or(i64::MAX)).collect();
    assert!(moments.is_sorted(), "{moments:?}");
}

proptest! {
    #[test]
    fn behaves_as_the_model(rules in some_rules(), steps in steps()) {
        let mut entry = Entry::new_hash(b"key", Hash::new(), None, 7);
        let mut model = Model::new();
        for change in steps {
            step(&mut entry, &mut model, change, &rules);
            check(&entry, &model, &rules);
        }
    }
}

fn filled(fields: usize, rules: &Rules) -> Entry {
    let mut entry = Entry::new_hash(b"key", Hash::new(), None, 0);
    let mut hash = entry.hash_mut().expect("it is a hash");
    for number in 0..fields {
        assert!(hash.set(format!("f{number}").as_bytes(), b"value", false, rules));
    }
    entry
}

#[test]
fn small_hashes_are_in_one_allocation() {
    let entry = filled(5, &rules(128, 64));
    // A header of 8, a key of 3, and 5 times 4 and 7 bytes.
    assert_eq!(entry.memory_bytes(), 72);
    assert_eq!(entry.encoding(), "listpack");
    assert_eq!((entry.free_effort(), entry.is_collection()), (1, true));
}

#[test]
fn a_hash_may_begin_with_any_words() {
    let limits = HashLimits { entries: 2, value: 5 };
    for (words, encoding) in
        [(&["a", "b"][..], "listpack"), (&["a", "abcdef"][..], "hashtable"), (&[][..], "listpack")]
    {
        let hash = Hash::for_words(words.iter().map(|word| word.as_bytes()), &limits);
        assert_eq!(hash.as_ref().encoding(), encoding);
    }
}

#[test]
fn large_hashes_are_freed_in_slices() {
    let mut entry = filled(1000, &rules(10, 64));
    assert_eq!((entry.encoding(), entry.free_effort()), ("hashtable", 1001));
    let mut slices = 1;
    while entry.free_slice(50) {
        slices += 1;
    }
    assert!((15..=40).contains(&slices), "{slices} slices");
    assert!(entry.hash().is_some_and(HashRef::is_empty));
}

#[test]
fn the_dead_of_a_large_hash_are_found_in_bounded_steps() {
    let rules = rules(10, 64);
    let mut entry = filled(5000, &rules);
    let mut hash = entry.hash_mut().expect("it is a hash");
    for number in 0..5000 {
        let at = if number % 2 == 0 { 100 } else { 200 + number };
        assert!(hash.set_expire(format!("f{number}").as_bytes(), Some(at), &rules));
    }
    let (mut dead, mut looks) = (0, 0);
    while hash.as_ref().next_expiry().is_some_and(|at| at <= 100) {
        let before = dead;
        hash.take_dead(100, &rules, |_| dead += 1);
        assert!(dead - before < 1000, "a step is bounded");
        looks += 1;
        assert!(looks < 100);
    }
    assert_eq!((dead, hash.as_ref().len()), (2500, 2500));
    assert_eq!(hash.as_ref().next_expiry(), Some(201));
}

#[test]
fn every_field_comes_up_alike() {
    for fields in [7, 300] {
        let entry = filled(fields, &rules(20, 64));
        let hash = entry.hash().expect("it is a hash");
        let (mut single, mut sampled) = (vec![0_u32; fields], vec![0_u32; fields]);
        let index = |field: Field<'_>| -> usize {
            String::from_utf8_lossy(&field.name.to_vec()[1..]).parse().expect("f and a number")
        };
        let mut prng = Prng::new(9);
        for _ in 0..fields * 200 {
            single[index(hash.random(&mut prng).expect("it is not empty"))] += 1;
        }
        for _ in 0..400 {
            hash.sample(fields / 2, &mut prng, |field| sampled[index(field)] += 1);
        }
        assert!(single.iter().all(|count| (120..300).contains(count)), "{single:?}");
        assert!(sampled.iter().all(|count| (130..270).contains(count)), "{sampled:?}");
    }
}
