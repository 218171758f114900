//! Lookups and writes against a plain map.

use bytes::Bytes;
use datatypes::Entry;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use stdx::HashMap;

use super::{START_MS, at, check_marks, cx, key, shard};
use crate::{Author, DbIndex, Shard, UnixMillis};

#[derive(Clone, Debug)]
enum Step {
    Set(usize, Vec<u8>, Option<i64>),
    SetBytes(usize, usize, Option<i64>),
    Delete(usize),
    SetExpire(usize, Option<i64>),
    Rename(usize, usize),
    Advance(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ttl = || proptest::option::of(0..1000i64);
    let value = || proptest::collection::vec(any::<u8>(), 0..60);
    let step = prop_oneof![
        (0..20usize, value(), ttl()).prop_map(|(key, value, ttl)| Step::Set(key, value, ttl)),
        (0..20usize, 16_380..16_390usize, ttl())
            .prop_map(|(key, bytes, ttl)| Step::SetBytes(key, bytes, ttl)),
        (0..20usize).prop_map(Step::Delete),
        (0..20usize, ttl()).prop_map(|(key, ttl)| Step::SetExpire(key, ttl)),
        (0..20usize, 0..20usize).prop_map(|(from, to)| Step::Rename(from, to)),
        (0..200i64).prop_map(Step::Advance),
    ];
    proptest::collection::vec(step, 1..80)
}

/// What a shard should hold: value and expiry, deleted when they expire.
#[derive(Default)]
struct Model {
    now: i64,
    keys: HashMap<usize, (Vec<u8>, Option<i64>)>,
}

impl Model {
    fn apply(&mut self, step: &Step) {
        let moment = |ttl: &Option<i64>| ttl.map(|ttl| START_MS + self.now + ttl);
        match step {
            Step::Set(key, value, ttl) => {
                self.keys.insert(*key, (value.clone(), moment(ttl)));
            }
            Step::SetBytes(key, bytes, ttl) => {
                self.keys.insert(*key, (vec![b'b'; *bytes], moment(ttl)));
            }
            Step::Delete(key) => {
                self.keys.remove(key);
            }
            Step::SetExpire(key, ttl) => {
                let moment = moment(ttl);
                if let Some((_, expire)) = self.keys.get_mut(key) {
                    *expire = moment;
                }
            }
            Step::Rename(from, to) => {
                if let Some(entry) = self.keys.remove(from) {
                    self.keys.insert(*to, entry);
                }
            }
            Step::Advance(ms) => self.now += ms,
        }
        let now = START_MS + self.now;
        self.keys.retain(|_, (_, expire)| expire.is_none_or(|at| at > now));
    }
}

fn apply(shard: &mut Shard, step: &Step) {
    let now = shard.now().0;
    let moment = |ttl: &Option<i64>| ttl.map(|ttl| UnixMillis(now + ttl));
    let mut cx = shard.cx(DbIndex(0), Author(1));
    match step {
        Step::Set(number, value, ttl) => cx.set_string(&key(*number), value, moment(ttl)),
        Step::SetBytes(number, bytes, ttl) => {
            cx.set_bytes(&key(*number), Bytes::from(vec![b'b'; *bytes]), moment(ttl));
        }
        Step::Delete(number) => {
            cx.delete(&key(*number));
        }
        Step::SetExpire(number, ttl) => {
            cx.set_expire(&key(*number), moment(ttl));
        }
        Step::Rename(from, to) => {
            if let Some(entry) = cx.remove(&key(*from)) {
                cx.put(entry.rename(&key(*to)));
            }
        }
        Step::Advance(ms) => shard.set_now(UnixMillis(now + ms)),
    }
}

proptest! {
    #[test]
    fn verbs_do_what_a_map_does(steps in steps()) {
        let mut shard = shard();
        let mut model = Model::default();
        for step in &steps {
            apply(&mut shard, step);
            model.apply(step);
            check_marks(&shard);
            for number in 0..20 {
                let mut text = itoa::Buffer::new();
                let expected = model.keys.get(&number);
                let mut cx = cx(&mut shard);
                let entry = cx.lookup_read(&key(number));
                let expire = entry.and_then(Entry::expire_at);
                let value = entry.and_then(|entry| entry.value().as_string(&mut text));
                assert_eq!(value, expected.map(|(value, _)| value.as_slice()), "{step:?}");
                assert_eq!(expire, expected.and_then(|(_, expire)| *expire), "{step:?}");
            }
            assert_eq!(shard.dbs()[0].len(), model.keys.len());
        }
    }
}

#[test]
fn lookups_count_and_writes_do_not() {
    let mut shard = shard();
    let mut cx = cx(&mut shard);
    cx.set_string(b"a", b"1", None);
    assert!(cx.lookup_read(b"a").is_some());
    assert!(cx.lookup_read_no_touch(b"b").is_none());
    assert!(cx.lookup_write(b"a").is_some());
    assert!(cx.peek(b"a").is_some());
    assert!(cx.contains(b"a"));
    assert_eq!((shard.stats.hits, shard.stats.misses), (1, 1));
}

#[test]
fn databases_are_apart() {
    let mut shard = shard();
    let mut cx = cx(&mut shard);
    cx.set_string(b"a", b"zero", at(10));
    let mut one = cx.in_db(DbIndex(1));
    assert!(one.lookup_read(b"a").is_none());
    one.set_string(b"a", b"one", None);
    shard.swap(DbIndex(0), DbIndex(1));
    let lengths: Vec<usize> = shard.dbs().iter().map(crate::Db::volatile).collect();
    assert_eq!(lengths, [0, 1, 0, 0]);
    check_marks(&shard);
}

/// A hint is for one slice of memory: another key of the same bytes is hashed by itself.
#[test]
fn a_hint_speeds_up_its_key_and_harms_no_other() {
    let mut shard = shard();
    let (a, b) = (b"a".to_vec(), b"b".to_vec());
    let hash = shard.hash(&a);
    let mut cx = cx(&mut shard);
    cx.set_hint(&a, hash);
    cx.set_string(&b, b"b", None);
    cx.set_string(&a, b"a", None);
    assert!(cx.contains(b"a"));
    assert!(cx.contains(b"b"));
}
