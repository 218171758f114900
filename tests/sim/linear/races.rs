//! The races that the design names, each in a small scene of its own.

use testkit::linear::{Action, Author, Command, Key};

use super::patron::Patron;
use super::{Scene, title};
use crate::house::{Plan, for_each_seed};

/// A house with a shard for every key, on several cores.
fn scene(seed: u64, keys: usize) -> (Scene, String) {
    let mut plan = Plan::any(seed);
    plan.cores = plan.cores.max(2);
    plan.shards = keys.max(plan.cores);
    if seed.is_multiple_of(3) {
        plan = plan.narrow();
    }
    (Scene::new(&plan, keys), title(&plan))
}

impl Scene {
    /// A client who does the same pipeline so many times.
    pub(super) fn arrive_with(&mut self, pipeline: impl Fn(usize) -> Vec<Command>, times: usize) {
        let one = |time: usize| pipeline(time).into_iter().map(Action::One).collect();
        let guest = self.house.connect_anywhere();
        let number = self.arrived();
        self.patrons.push(Patron::new(guest, &self.clock, number, (0..times).map(one).collect()));
    }
}

pub(super) fn set(key: Key, client: usize, time: usize) -> (Key, String) {
    (key, format!("{client}.{time}"))
}

#[test]
fn a_reader_between_two_parts_of_an_mset() {
    for_each_seed(1000, |seed| {
        let (mut scene, title) = scene(seed, 2);
        for writer in 0..2 {
            let both = |time| vec![Command::MSet(vec![set(0, writer, time), set(1, writer, time)])];
            scene.arrive_with(both, 6);
        }
        // One reads key by key, one after the other, and one both at once.
        scene.arrive_with(|time| vec![Command::Get(time % 2)], 12);
        scene.arrive_with(|time| vec![Command::Get((time + 1) % 2)], 12);
        scene.arrive_with(|_| vec![Command::MGet(vec![0, 1])], 6);
        scene.demand(&title);
    });
}

#[test]
fn a_key_that_is_renamed_and_read_in_one_pipeline_while_others_want_it() {
    for_each_seed(1000, |seed| {
        let (mut scene, title) = scene(seed, 3);
        let there_and_back = |time| {
            let (key, value) = set(0, 0, time);
            let there = [Command::Set(key, value), Command::Rename(0, 1), Command::Get(1)];
            [&there[..], &[Command::Get(0), Command::Rename(1, 0), Command::Get(0)]].concat()
        };
        scene.arrive_with(there_and_back, 4);
        // They lock the same keys in other orders, so that somebody has to draw again.
        scene.arrive_with(|_| vec![Command::Rename(1, 2), Command::Get(2)], 6);
        scene.arrive_with(|_| vec![Command::Rename(2, 0), Command::Get(0)], 6);
        scene.arrive_with(|time| vec![Command::MSet(vec![set(2, 3, time), set(1, 3, time)])], 4);
        scene.demand(&title);
    });
}

/// Late writers move past those who wait: whoever has seen one key new must not find another old.
#[test]
fn a_reader_that_waits_behind_a_writer_that_others_have_seen() {
    for_each_seed(1500, |seed| {
        // Word of a decision is late where many cores decide and corridors are narrow.
        let plan = Plan::new(seed, 4, 4).narrow();
        let mut scene = Scene::new(&plan, 2);
        for writer in 0..4 {
            let both = |time| vec![Command::MSet(vec![set(0, writer, time), set(1, writer, time)])];
            scene.arrive_with(both, 5);
        }
        for reader in 0..4 {
            scene.arrive_with(|time| vec![Command::Get((time + reader) % 2)], 12);
        }
        scene.demand(&title(&plan));
    });
}

/// A look at many keys may have to look again: a look at one of them that was sent after it must
/// not have been answered before.
#[test]
fn a_look_at_many_keys_and_one_at_each_in_one_pipeline() {
    for_each_seed(1500, |seed| {
        let (mut scene, title) = scene(seed, 3);
        for writer in 0..2 {
            let all = |time| {
                let pairs = (0..3).map(|key| set(key, writer, time)).collect();
                vec![Command::MSet(pairs), Command::Rename(1, 2)]
            };
            scene.arrive_with(all, 4);
        }
        for _ in 0..2 {
            let looks = [Command::MGet(vec![0, 2]), Command::Get(0), Command::Get(2)];
            scene.arrive_with(|_| looks.to_vec(), 6);
        }
        scene.demand(&title);
    });
}

/// How many connections have moved to another core.
fn migrations(scene: &mut Scene) -> i64 {
    let guest = scene.house.connect_anywhere();
    let info = scene.house.ask(guest, &["INFO", "stats"]);
    let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
    let moved = text.lines().find_map(|line| line.strip_prefix("shoal_migrations:"));
    moved.expect("INFO counts them").parse().expect("a number")
}

#[test]
fn a_socket_that_moves_while_others_use_its_keys() {
    for_each_seed(25, |seed| {
        let mut plan = Plan::new(seed, 2, 2);
        if seed.is_multiple_of(3) {
            plan = plan.narrow();
        }
        let mut scene = Scene::new(&plan, 2);
        let wander = |time: usize| {
            // Almost everything is about one key; that moves the connection to its core.
            let key = usize::from(time < 40);
            let mut pipeline = vec![Command::Incr(key); 60];
            pipeline.push(Command::Get(1 - key));
            pipeline.extend([Command::Del(vec![key]), Command::Get(key)]);
            pipeline
        };
        scene.arrive_with(wander, 80);
        let mut author = Author::new(seed, 1, 2, super::kinds());
        for _ in 0..2 {
            let pipelines: Vec<Action> = (0..150).map(|_| author.any_action()).collect();
            let guest = scene.house.connect_anywhere();
            let number = scene.arrived();
            let agenda = pipelines.into_iter().map(|action| vec![action]).collect();
            scene.patrons.push(Patron::new(guest, &scene.clock, number, agenda));
        }
        while scene.step() {}
        assert!(migrations(&mut scene) > 0, "{}: it never moved", title(&plan));
        scene.demand(&title(&plan));
    });
}
