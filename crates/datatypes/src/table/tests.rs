//! The table against a plain model, and its bounds counted.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::prelude::*;

use super::bucket::CHUNK;
use super::*;

/// An entry that counts how many of its kind are alive.
struct Item(Box<(u64, Rc<Cell<usize>>)>);

impl Item {
    fn new(key: u64, alive: &Rc<Cell<usize>>) -> Self {
        alive.set(alive.get() + 1);
        Self(Box::new((key, Rc::clone(alive))))
    }

    fn key(&self) -> u64 {
        self.0.0
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        self.0.1.set(self.0.1.get() - 1);
    }
}

impl Handle for Item {
    fn address(&self) -> *const u8 {
        std::ptr::from_ref(&*self.0).cast()
    }
}

/// An entry without memory of its own, for large tables.
struct Number(u64);

impl Handle for Number {
    fn address(&self) -> *const u8 {
        std::ptr::null()
    }
}

fn mix(key: u64) -> u64 {
    let mut hash = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Hash functions: a good one, and one under which keys crowd into few chains.
fn hash_with(is_crowded: bool, key: u64) -> u64 {
    if is_crowded { mix(key) & 0x0300_0000_0000_000b } else { mix(key) }
}

/// A walk under way, with the keys that it has yet to meet.
struct Walk {
    at: Position,
    expected: BTreeSet<u64>,
}

/// The table, the model, and two walks that go on while both change.
struct World {
    table: Table<Item>,
    model: BTreeMap<u64, bool>,
    alive: Rc<Cell<usize>>,
    is_crowded: bool,
    walk: Option<Walk>,
    marked_walk: Option<Walk>,
}

#[derive(Clone, Debug)]
enum Step {
    Insert { key: u64, count: u64, marked: bool },
    Remove { key: u64, count: u64 },
    Mark { key: u64, marked: bool },
    Replace { key: u64, marked: bool },
    Walk { buckets: u64 },
    Random { seed: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = 0..3_000_u64;
    let step = prop_oneof![
        4 => (key.clone(), 1..200_u64, any::<bool>())
            .prop_map(|(key, count, marked)| Step::Insert { key, count, marked }),
        4 => (key.clone(), 1..400_u64).prop_map(|(key, count)| Step::Remove { key, count }),
        2 => (key.clone(), any::<bool>()).prop_map(|(key, marked)| Step::Mark { key, marked }),
        2 => (key, any::<bool>()).prop_map(|(key, marked)| Step::Replace { key, marked }),
        4 => (1..40_u64).prop_map(|buckets| Step::Walk { buckets }),
        1 => any::<u64>().prop_map(|seed| Step::Random { seed }),
    ];
    proptest::collection::vec(step, 1..80)
}

impl World {
    fn new(is_crowded: bool) -> Self {
        Self {
            table: Table::new(),
            model: BTreeMap::new(),
            alive: Rc::default(),
            is_crowded,
            walk: None,
            marked_walk: None,
        }
    }

    fn hash(&self, key: u64) -> u64 {
        hash_with(self.is_crowded, key)
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Insert { key, count, marked } => {
                (key..key + count).for_each(|key| self.insert(key, marked));
            }
            Step::Remove { key, count } => (key..key + count).for_each(|key| self.remove(key)),
            Step::Mark { key, marked } => self.mark(key, marked),
            Step::Replace { key, marked } => self.replace(key, marked),
            Step::Walk { buckets } => (0..buckets).for_each(|_| self.walk_on()),
            Step::Random { seed } => {
                let mut state = seed;
                let picked = self.table.random(|| {
                    state += 1;
                    mix(state)
                });
                assert_eq!(picked.is_some(), !self.model.is_empty());
                assert!(picked.is_none_or(|item| self.model.contains_key(&item.key())));
            }
        }
        assert_eq!(self.table.len(), self.model.len());
        assert_eq!(self.alive.get(), self.model.len());
    }

    fn insert(&mut self, key: u64, marked: bool) {
        let hash = self.hash(key);
        let is_crowded = self.is_crowded;
        match self.table.probe(hash, |item| item.key() == key) {
            Probe::Found(found) => {
                assert_eq!(found.get().key(), key);
                assert_eq!(Some(&found.is_marked()), self.model.get(&key));
            }
            Probe::Vacant(vacant) => {
                let item = Item::new(key, &self.alive);
                let item = vacant.insert(item, marked, |item| hash_with(is_crowded, item.key()));
                assert_eq!(item.key(), key);
                assert_eq!(self.model.insert(key, marked), None);
            }
        }
    }

    fn remove(&mut self, key: u64) {
        let removed = self.table.remove(self.hash(key), |item| item.key() == key);
        assert_eq!(removed.map(|item| item.key()), self.model.remove(&key).map(|_| key));
        for walk in [&mut self.walk, &mut self.marked_walk].into_iter().flatten() {
            walk.expected.remove(&key);
        }
    }

    fn mark(&mut self, key: u64, marked: bool) {
        let is_there = self.table.set_mark(self.hash(key), |item| item.key() == key, marked);
        assert_eq!(is_there, self.model.contains_key(&key));
        self.note_mark(key, marked);
    }

    fn note_mark(&mut self, key: u64, marked: bool) {
        self.model.entry(key).and_modify(|mark| *mark = marked);
        if let Some(walk) = &mut self.marked_walk
            && !marked
        {
            walk.expected.remove(&key);
        }
    }

    fn replace(&mut self, key: u64, marked: bool) {
        let new = Item::new(key, &self.alive);
        let hash = self.hash(key);
        if let Some(place) = self.table.locate(hash, |item| item.key() == key) {
            assert_eq!(self.table.at(place).key(), key);
            let mut found = self.table.occupied_at(place);
            assert_eq!(found.replace(new, marked).key(), key);
            self.note_mark(key, marked);
        } else {
            assert!(!self.model.contains_key(&key));
        }
    }

    fn walk_on(&mut self) {
        let all = || self.model.keys().copied().collect();
        let mut walk =
            self.walk.take().unwrap_or_else(|| Walk { at: Position::START, expected: all() });
        let next = self.table.scan(walk.at, |item, marked| {
            assert_eq!(self.model.get(&item.key()), Some(&marked));
            walk.expected.remove(&item.key());
        });
        self.walk = walk.goes_on(next, self.is_crowded);

        let marked = || self.model.iter().filter(|(_, mark)| **mark).map(|(key, _)| *key).collect();
        let mut walk = self
            .marked_walk
            .take()
            .unwrap_or_else(|| Walk { at: Position::START, expected: marked() });
        let next = self.table.scan_marked(walk.at, |item| {
            assert_eq!(self.model.get(&item.key()), Some(&true));
            walk.expected.remove(&item.key());
        });
        self.marked_walk = walk.goes_on(next, self.is_crowded);
    }

    fn check(&self) {
        let mut met = BTreeMap::new();
        self.table.for_each(|item, marked| assert_eq!(met.insert(item.key(), marked), None));
        assert_eq!(met, self.model);
        for &key in self.model.keys() {
            let found = self.table.find(self.hash(key), |item| item.key() == key);
            assert_eq!(found.map(Item::key), Some(key));
        }
        for key in 10_000..10_100 {
            assert!(self.table.find(self.hash(key), |item| item.key() == key).is_none());
        }
        let overflow: usize =
            (0..self.table.buckets()).map(|index| chain_depth(&self.table, index)).sum();
        assert_eq!(overflow, self.table.overflow_buckets);
        assert_chains_are_tight(&self.table);
    }
}

impl Walk {
    /// The walk at its next position: everything before that has been met.
    fn goes_on(mut self, next: Option<Position>, is_crowded: bool) -> Option<Self> {
        let Some(next) = next else {
            assert_eq!(self.expected, BTreeSet::new(), "the walk has missed these");
            return None;
        };
        assert!(next > self.at);
        for &key in &self.expected {
            assert!(Position::of_hash(hash_with(is_crowded, key)) >= next, "missed {key}");
        }
        self.at = next;
        Some(self)
    }
}

fn chain_depth<H>(table: &Table<H>, index: usize) -> usize {
    std::iter::successors(table.storage.bucket(index).link(), |bucket| bucket.link()).count()
}

/// The invariants of `chain`.
fn assert_chains_are_tight<H>(table: &Table<H>) {
    for index in 0..table.buckets() {
        let mut bucket = table.storage.bucket(index);
        while let Some(next) = bucket.link() {
            assert_eq!(bucket.meta().occupied().count(), meta::LINK_SLOT);
            let left = next.meta().occupied().count();
            assert!(left > 1 || next.link().is_some());
            bucket = next;
        }
    }
}

proptest! {
    #[test]
    fn behaves_as_the_model(steps in steps(), is_crowded in prop::bool::weighted(0.2)) {
        let mut world = World::new(is_crowded);
        for step in &steps {
            world.step(step);
        }
        world.check();
        let keys: Vec<u64> = world.model.keys().copied().collect();
        for key in keys {
            world.remove(key);
        }
        prop_assert_eq!(world.table.buckets(), 0);
        prop_assert_eq!(world.table.memory_bytes(), 0);
        prop_assert_eq!(world.alive.get(), 0);
    }

    #[test]
    fn a_dropped_or_drained_table_drops_each_entry_once(
        steps in steps(),
        budget in 1..50_usize,
        slices in 0..200_usize,
    ) {
        let mut world = World::new(false);
        for step in &steps {
            world.step(step);
        }
        let alive = Rc::clone(&world.alive);
        let count = world.model.len();
        prop_assert_eq!(alive.get(), count);
        let mut drain = world.table;
        let mut given = 0;
        let mut is_left = true;
        for _ in 0..slices {
            let before = given;
            is_left = drain.take_slice(budget, |_| given += 1);
            prop_assert!(given - before <= budget + 30);
        }
        prop_assert_eq!(alive.get(), count - given);
        prop_assert_eq!(drain.len(), count - given);
        prop_assert!(is_left || given == count);
        drop(drain);
        prop_assert_eq!(alive.get(), 0);
    }
}

#[test]
fn an_empty_table_answers_without_memory() {
    let mut table = Table::<Number>::new();
    assert_eq!(table.memory_bytes(), 0);
    assert!(table.is_empty());
    assert!(table.find(7, |_| true).is_none());
    assert!(table.remove(7, |_| true).is_none());
    assert!(table.random(|| 7).is_none());
    assert_eq!(table.scan(Position::START, |_, _| panic!("nothing is there")), None);
    table.prefetch(7);
    table.prefetch_candidates(7);
    assert!(!table.take_slice(1, |_| panic!("nothing is there")));
}

#[test]
fn a_small_table_is_small() {
    let mut table = Table::new();
    for key in 0..200 {
        table.insert_new(mix(key), Number(key), false, |number| mix(number.0));
    }
    assert!(table.memory_bytes() <= 200 * 24, "{} bytes", table.memory_bytes());
}

/// Steps are counted, not timed: buckets split, entries moved by that, buckets walked, memory got.
#[test]
fn work_per_change_is_bounded_at_any_size() {
    const ENTRIES: u64 = 3_000_000;
    const MOVED_MAX: usize = 40;
    const DEPTH_MAX: usize = 6;
    const MEMORY_STEP_MAX: usize = 64 * (CHUNK + 2);
    let mut table = Table::new();
    let directory = |table: &Table<Number>| table.buckets() / CHUNK * 2 * 8 + 4096;
    for key in 0..ENTRIES {
        let (buckets, memory) = (table.buckets(), table.memory_bytes());
        let moved = if buckets == 0 {
            0
        } else {
            let origin = Storage::<Number>::origin(buckets);
            chain::for_each(table.storage.bucket(origin), |_, _| {})
        };
        table.insert_new(mix(key), Number(key), false, |number| mix(number.0));
        assert!(table.buckets() - buckets <= 1);
        assert!(table.buckets() == buckets || moved <= MOVED_MAX, "{moved} moved");
        assert!(chain_depth(&table, table.storage.address(mix(key))) <= DEPTH_MAX);
        let grown = table.memory_bytes().saturating_sub(memory);
        assert!(grown <= MEMORY_STEP_MAX + directory(&table), "{grown} bytes at {key}");
    }
    for key in 0..ENTRIES {
        let (buckets, memory) = (table.buckets(), table.memory_bytes());
        assert!(table.remove(mix(key), |number| number.0 == key).is_some());
        assert!(buckets - table.buckets() <= 1);
        let shrunk = memory.saturating_sub(table.memory_bytes());
        assert!(shrunk <= MEMORY_STEP_MAX + directory(&table) + 64, "{shrunk} bytes at {key}");
    }
    assert_eq!(table.memory_bytes(), 0);
}

#[test]
fn every_entry_is_picked_about_equally_often() {
    // Half way through a round, when half of the buckets are twice as full as the others.
    const ENTRIES: u64 = 3_500;
    const PICKS: usize = 100;
    let mut table = Table::new();
    for key in 0..ENTRIES {
        table.insert_new(mix(key), Number(key), false, |number| mix(number.0));
    }
    let mut state = 1 << 40;
    let mut picked = vec![0_usize; ENTRIES as usize];
    for _ in 0..ENTRIES as usize * PICKS {
        let number = table.random(|| {
            state += 1;
            mix(state)
        });
        picked[number.expect("the table is not empty").0 as usize] += 1;
    }
    // The deviation of a fair pick is 10; the mean of the squares tells a bias that hides in it.
    let squares: usize = picked.iter().map(|&count| count.abs_diff(PICKS).pow(2)).sum();
    assert!(squares / (ENTRIES as usize) < 115, "variance {}", squares / ENTRIES as usize);
    assert!(picked.iter().all(|&count| (50..=150).contains(&count)));
}

#[test]
fn every_entry_is_sampled_about_equally_often() {
    // Half way through a round again.
    const ENTRIES: u64 = 3_500;
    const SAMPLES: u64 = 70_000;
    let mut table = Table::new();
    for key in 0..ENTRIES {
        table.insert_new(mix(key), Number(key), key % 7 == 0, |number| mix(number.0));
    }
    for marked_only in [false, true] {
        let mut sampled = vec![0_usize; ENTRIES as usize];
        let mut all = 0;
        for state in 0..SAMPLES {
            let among = if marked_only { ENTRIES as usize / 7 } else { ENTRIES as usize };
            let size = SampleSize { entries: 5, among, buckets_max: 512 };
            let met = table.sample(mix(state), size, marked_only, |number| {
                sampled[number.0 as usize] += 1;
            });
            assert!(met < 64, "{met} met");
            all += met;
        }
        assert!((5..10).contains(&(all / SAMPLES as usize)), "{all} met");
        let step = if marked_only { 7 } else { 1 };
        let mean = all * step / ENTRIES as usize;
        for (key, &count) in sampled.iter().enumerate() {
            if key % step == 0 {
                assert!((mean * 6 / 10..mean * 14 / 10).contains(&count), "{count} of {mean}");
            } else {
                assert_eq!(count, 0, "only marked ones were asked for");
            }
        }
    }
}

#[test]
fn a_sample_of_few_entries_ends() {
    let mut table = Table::new();
    let size = SampleSize { entries: 5, among: 1, buckets_max: 8 };
    assert_eq!(table.sample(1, size, false, |_: &Number| {}), 0);
    for key in 0..1_000 {
        table.insert_new(mix(key), Number(key), false, |number| mix(number.0));
    }
    assert_eq!(table.sample(1, size, true, |_| {}), 0, "nothing is marked");
    assert!(table.set_mark(mix(3), |number| number.0 == 3, true));
    let met: usize = (0..1_000).map(|from| table.sample(mix(from), size, true, |_| {})).sum();
    assert!(met > 0, "the only one is met now and then");
}

#[test]
fn a_walk_of_a_quiet_table_meets_every_entry_once() {
    let mut table = Table::new();
    for key in 0..2_000 {
        table.insert_new(mix(key), Number(key), false, |number| mix(number.0));
        if key % 97 != 0 {
            continue;
        }
        let mut met = BTreeSet::new();
        let mut at = Some(Position::START);
        while let Some(position) = at {
            at = table.scan(position, |number, _| {
                assert!(met.insert(number.0), "met twice");
                let own = Position::of_hash(mix(number.0));
                assert!(own >= position);
            });
            let next = at;
            assert!(met.iter().all(|&key| next.is_none_or(|at| Position::of_hash(mix(key)) < at)));
        }
        assert_eq!(met.len(), table.len());
    }
}

#[test]
fn positions_fit_into_cursors() {
    assert_eq!(Position::of_hash(u64::MAX).number(), (1 << 48) - 1);
    assert_eq!(Position::of_hash(1).number(), 1 << 47);
    assert_eq!(Position::from_number(1 << 48), None);
    assert_eq!(Position::from_number(5).map(Position::number), Some(5));
    assert_eq!(Position::of_hash(0), Position::START);
}
