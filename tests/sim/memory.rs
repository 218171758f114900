//! Memory that comes and goes by core: what is refused is refused as a whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use config::Config;
use resp::Reply;
use session::{CpuFacts, Facts, MachineFacts, MemoryFacts};

use crate::house::{Guest, House, Plan, elements, for_each_seed, ok};

const LIMIT: u64 = 1000;

/// What each core sees of the memory that is used: views differ while they are on their way.
#[derive(Clone, Debug)]
struct Views(Arc<Vec<AtomicI64>>);

impl Views {
    fn new(cores: usize) -> Self {
        Self(Arc::new((0..cores).map(|_| AtomicI64::new(0)).collect()))
    }

    fn set(&self, core: usize, is_full: bool) {
        let used = if is_full { LIMIT.cast_signed() + 1 } else { 0 };
        self.0[core].store(used, Ordering::Relaxed);
    }
}

impl Facts for Views {
    fn memory(&self) -> MemoryFacts {
        MemoryFacts::default()
    }

    fn allocated(&self, core: usize) -> i64 {
        self.0[core].load(Ordering::Relaxed)
    }

    fn allocated_here(&self, _: usize) -> i64 {
        0
    }

    fn cpu(&self) -> CpuFacts {
        CpuFacts::default()
    }

    fn machine(&self) -> &MachineFacts {
        static MACHINE: std::sync::LazyLock<MachineFacts> =
            std::sync::LazyLock::new(MachineFacts::default);
        &MACHINE
    }

    fn purge(&self) {}

    fn room_for(&self, _: u32) -> Result<(), u32> {
        Ok(())
    }

    fn enter(&self, _: &Path) -> Result<(), String> {
        Ok(())
    }

    fn working_dir(&self) -> Option<PathBuf> {
        None
    }
}

/// A house of two cores or more with a limit, and keys on different shards.
fn house(seed: u64, keys: usize) -> (House, Views, Vec<String>) {
    let mut plan = Plan::any(seed);
    plan.cores = plan.cores.max(2);
    plan.shards = plan.shards.max(plan.cores);
    if seed.is_multiple_of(3) {
        plan = plan.narrow();
    }
    let views = Views::new(plan.cores);
    let config = Config { maxmemory: LIMIT, ..Config::default() };
    let house = House::with_facts(&plan, Box::new(views.clone()), config);
    let keys = house.apart(keys, "k");
    (house, views, keys)
}

fn change_a_view(house: &mut House, views: &Views) {
    let core = house.below(house.cores);
    let is_full = house.below(3) == 0;
    views.set(core, is_full);
}

fn calm(house: &House, views: &Views) {
    (0..house.cores).for_each(|core| views.set(core, false));
}

/// `MSET key value ...`, the same value everywhere.
fn mset(keys: &[String], value: &str) -> Vec<String> {
    let pairs = keys.iter().flat_map(|key| [key.clone(), value.to_owned()]);
    std::iter::once("MSET".to_owned()).chain(pairs).collect()
}

fn is_refused(reply: &Reply) -> bool {
    matches!(reply, Reply::Error(text) if text.starts_with(b"OOM command not allowed"))
}

/// All values are the same, and it is not one that was refused.
#[track_caller]
fn check_values(values: &[Reply], refused: &[String]) {
    assert!(values.windows(2).all(|pair| pair[0] == pair[1]), "torn: {values:?}");
    if let Reply::Bulk(value) = &values[0] {
        let value = String::from_utf8_lossy(value);
        assert!(!refused.iter().any(|it| *it == value), "{value} was refused");
    }
}

#[test]
fn mset_with_one_shard_out_of_memory() {
    let (runs, all_refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    for_each_seed(150, |seed| {
        runs.fetch_add(1, Ordering::Relaxed);
        let (mut house, views, keys) = house(seed, 2 + seed as usize % 3);
        let writers: Vec<Guest> = (0..2).map(|_| house.connect_anywhere()).collect();
        let reader = house.connect_anywhere();
        for round in 0..25 {
            for (index, writer) in writers.iter().enumerate() {
                change_a_view(&mut house, &views);
                house.send(*writer, &mset(&keys, &format!("{round}.{index}")));
                house.stroll(10);
            }
            house.send(reader, &[&["MGET".to_owned()], &keys[..]].concat());
            house.stroll(10);
        }
        calm(&house, &views);
        house.run_until_answered();
        let mut refused = Vec::new();
        for round in 0..25 {
            for (index, writer) in writers.iter().enumerate() {
                let reply = house.take(*writer).expect("it was answered");
                assert!(reply == ok() || is_refused(&reply), "{reply}");
                if is_refused(&reply) {
                    refused.push(format!("{round}.{index}"));
                }
            }
        }
        all_refused.fetch_add(refused.len(), Ordering::Relaxed);
        while let Some(reply) = house.take(reader) {
            check_values(&elements(reply), &refused);
        }
        let last = house.ask(reader, &[&["MGET".to_owned()], &keys[..]].concat());
        check_values(&elements(last), &refused);
    });
    let (sent, refused) = (runs.into_inner() * 50, all_refused.into_inner());
    assert!((sent / 5..sent * 4 / 5).contains(&refused), "{refused} of {sent} were refused");
}

/// EXEC runs as a whole or not at all, and nobody goes on watching for it.
#[test]
fn exec_with_one_shard_out_of_memory() {
    let aborted = |reply: &Reply| {
        matches!(reply, Reply::Error(text)
            if text.starts_with(b"EXECABORT Transaction discarded because of"))
    };
    for_each_seed(150, |seed| {
        let (mut house, views, keys) = house(seed, 2);
        let writers: Vec<Guest> = (0..2).map(|_| house.connect_anywhere()).collect();
        let reader = house.connect_anywhere();
        for round in 0..15 {
            for (index, writer) in writers.iter().enumerate() {
                let value = format!("{round}.{index}");
                if house.below(2) == 0 {
                    house.send(*writer, &["WATCH", "elsewhere", &keys[1]]);
                }
                house.send(*writer, &["MULTI"]);
                for key in &keys {
                    house.send(*writer, &["SET", key, &value]);
                }
                if house.below(8) == 0 {
                    // This needs the whole house.
                    house.send(*writer, &["DBSIZE"]);
                }
                change_a_view(&mut house, &views);
                house.send(*writer, &["EXEC"]);
                house.stroll(20);
            }
            house.send(reader, &["MGET", &keys[0], &keys[1]]);
            house.stroll(10);
        }
        calm(&house, &views);
        house.run_until_answered();
        let (mut done, mut refused) = (0, 0);
        for writer in &writers {
            while let Some(reply) = house.take(*writer) {
                done += usize::from(matches!(reply, Reply::Array(_)));
                refused += usize::from(aborted(&reply));
            }
        }
        assert!(done + refused > 0);
        while let Some(reply) = house.take(reader) {
            let values = elements(reply);
            assert_eq!(values[0], values[1], "torn");
        }
        // What was withdrawn is not waited for.
        house.run_for_ms(10);
        let info = house.ask(reader, &["INFO", "clients", "stats"]);
        let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
        for rest in ["total_watched_keys:0", "shoal_intents:0", "shoal_queue_places:0"] {
            assert!(text.contains(&format!("{rest}\r\n")), "{rest} in {text}");
        }
    });
}

/// A command of one shard is refused by the shard's core as well as by its client's.
#[test]
fn a_call_to_a_core_without_memory_is_refused() {
    for_each_seed(50, |seed| {
        let (mut house, views, _) = house(seed, 2);
        let client = house.connect(0);
        let there = house.key_on(1, "k");
        views.set(1, true);
        assert!(is_refused(&house.ask(client, &["SET", &there, "1"])));
        assert_eq!(house.ask(client, &["GET", &there]), Reply::NullBulk);
        assert_eq!(house.ask(client, &["DEL", &there]), Reply::Integer(0));
        views.set(1, false);
        assert_eq!(house.ask(client, &["SET", &there, "1"]), ok());
        views.set(0, true);
        assert!(is_refused(&house.ask(client, &["SET", &there, "2"])));
    });
}
