//! Watched keys, against a model that does what Redis does: a list of watchers, each with a flag.

use std::sync::Arc;

use proptest::prelude::*;

use super::{START_MS, at, shard};
use crate::{Author, DbIndex, Event, LentKey, Shard, Sighting, UnixMillis};

/// What happens to a shard with two databases and three keys.
#[derive(Clone, Copy, Debug)]
enum Step {
    Watch(usize, usize),
    /// The number of a watcher, among those there are.
    Unwatch(usize),
    Set(usize, usize, Option<i64>),
    Delete(usize, usize),
    Meet(usize, usize),
    Flush(usize),
    Swap,
    Pass(i64),
    /// A key goes on loan and comes back, changed there or not.
    Lend(usize, usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let place = || (0..2usize, 0..3usize);
    prop_oneof![
        3 => place().prop_map(|(db, key)| Step::Watch(db, key)),
        3 => (0..8usize).prop_map(Step::Unwatch),
        3 => (place(), prop::option::of(1..30i64))
            .prop_map(|((db, key), ttl)| Step::Set(db, key, ttl)),
        1 => place().prop_map(|(db, key)| Step::Delete(db, key)),
        2 => place().prop_map(|(db, key)| Step::Meet(db, key)),
        1 => (0..2usize).prop_map(Step::Flush),
        2 => Just(Step::Swap),
        3 => (1..20i64).prop_map(Step::Pass),
        1 => (place(), any::<bool>()).prop_map(|((db, key), change)| Step::Lend(db, key, change)),
    ]
}

struct Watcher {
    place: (usize, usize),
    is_expired: bool,
    is_dirty: bool,
    sighting: Sighting,
}

/// What Redis keeps: the keys with their expiries, and the watchers with their flags.
#[derive(Default)]
struct Model {
    now: i64,
    keys: [[Option<Option<i64>>; 3]; 2],
    watchers: Vec<Watcher>,
}

impl Model {
    fn is_dead(&self, (db, key): (usize, usize)) -> bool {
        self.keys[db][key].flatten().is_some_and(|end| end <= self.now)
    }

    /// `touchWatchedKey`
    fn touch(&mut self, place: (usize, usize)) {
        let is_gone = self.keys[place.0][place.1].is_none();
        for watcher in self.watchers.iter_mut().filter(|watcher| watcher.place == place) {
            if watcher.is_expired && is_gone {
                watcher.is_expired = false;
            } else {
                watcher.is_dirty = true;
            }
        }
    }

    fn meet(&mut self, place: (usize, usize)) {
        if self.is_dead(place) {
            self.keys[place.0][place.1] = None;
            self.touch(place);
        }
    }

    /// `touchAllWatchedKeysInDb`
    fn touch_all(&mut self, db: usize, replaced_with: Option<usize>) {
        let (keys, now) = (self.keys, self.now);
        for watcher in self.watchers.iter_mut().filter(|watcher| watcher.place.0 == db) {
            let key = watcher.place.1;
            let was_there = keys[db][key].is_some();
            let other = replaced_with.and_then(|other| keys[other][key]);
            if !was_there && other.is_none() {
                continue;
            }
            let other_is_dead = other.flatten().is_some_and(|end| end <= now);
            if watcher.is_expired {
                if other.is_none() {
                    watcher.is_expired = false;
                    continue;
                }
                if other_is_dead {
                    continue;
                }
            } else if !was_there && other_is_dead {
                watcher.is_expired = true;
                continue;
            }
            watcher.is_dirty = true;
        }
    }
}

const KEYS: [&[u8]; 3] = [b"a", b"b", b"c"];

fn db(number: usize) -> DbIndex {
    DbIndex(number as u16)
}

fn set(shard: &mut Shard, place: (usize, usize), end: Option<UnixMillis>) {
    let mut cx = shard.cx(db(place.0), Author(1));
    cx.set_string(KEYS[place.1], b"v", end);
    cx.changed(KEYS[place.1], Event::string("set"), |_| {});
}

fn play(shard: &mut Shard, model: &mut Model, step: Step) {
    match step {
        Step::Watch(number, key) => {
            let sighting = shard.watch(db(number), Arc::from(KEYS[key]));
            let (place, is_expired) = ((number, key), model.is_dead((number, key)));
            model.watchers.push(Watcher { place, is_expired, is_dirty: false, sighting });
        }
        Step::Unwatch(number) => {
            if model.watchers.is_empty() {
                return;
            }
            let watcher = model.watchers.remove(number % model.watchers.len());
            let ends = !watcher.is_expired && model.is_dead(watcher.place);
            let is_intact = shard.unwatch(&watcher.sighting);
            assert_eq!(is_intact, !watcher.is_dirty && !ends, "{:?}", watcher.place);
        }
        Step::Set(number, key, ttl) => {
            model.meet((number, key));
            let end = ttl.map(|ttl| model.now + ttl);
            model.keys[number][key] = Some(end);
            model.touch((number, key));
            set(shard, (number, key), end.and_then(at));
        }
        Step::Delete(number, key) => {
            model.meet((number, key));
            let is_there = model.keys[number][key].take().is_some();
            let mut cx = shard.cx(db(number), Author(1));
            assert_eq!(cx.delete(KEYS[key]), is_there);
            if is_there {
                model.touch((number, key));
                cx.changed(KEYS[key], Event::generic("del"), |_| {});
            }
        }
        Step::Meet(number, key) => {
            model.meet((number, key));
            shard.cx(db(number), Author(1)).contains(KEYS[key]);
        }
        Step::Flush(number) => {
            model.touch_all(number, None);
            model.keys[number] = [None; 3];
            shard.flush(db(number), true);
        }
        Step::Swap => {
            model.touch_all(0, Some(1));
            model.touch_all(1, Some(0));
            model.keys.swap(0, 1);
            shard.swap(db(0), db(1));
        }
        Step::Pass(ms) => {
            model.now += ms;
            shard.set_now(UnixMillis(START_MS + model.now));
        }
        Step::Lend(number, key, change) => {
            model.meet((number, key));
            let mut home = super::shard();
            home.set_now(shard.now());
            let mut guests = shard.lend(vec![LentKey { db: db(number), key: KEYS[key].into() }]);
            home.admit(&mut guests);
            if change {
                model.keys[number][key] = Some(None);
                model.touch((number, key));
                set(&mut home, (number, key), None);
            }
            home.dismiss(&mut guests);
            assert_eq!(home.watched_keys(), 0, "marks go home with their keys");
            shard.admit(&mut guests);
        }
    }
}

proptest! {
    #[test]
    fn watchers_learn_what_redis_would_tell_them(
        steps in prop::collection::vec(step(), 1..80),
        is_recording in any::<bool>(),
    ) {
        let mut shard = shard();
        shard.changes.record(is_recording);
        let mut model = Model::default();
        for step in steps {
            play(&mut shard, &mut model, step);
            let mut places: Vec<_> = model.watchers.iter().map(|it| it.place).collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(shard.watched_keys(), places.len());
        }
        while !model.watchers.is_empty() {
            play(&mut shard, &mut model, Step::Unwatch(0));
        }
        prop_assert_eq!(shard.watched_keys(), 0);
        prop_assert_eq!(shard.changes.is_observed(), is_recording);
    }
}
