//! Strict pipelines as others see them: never the second write without the first.

use testkit::linear::{Author, Checker, Command, Order, Verdict};

use super::patron::Patron;
use super::races::set;
use super::{Scene, kinds, title};
use crate::house::{Plan, for_each_seed};

/// LIMIT: relaxed pipelines that so many histories do not show are not found out.
const SEEDS: u64 = 400;

/// A house with a shard for every key, on two cores or more.
fn plan(seed: u64, keys: usize) -> Plan {
    let mut plan = Plan::any(seed);
    plan.cores = plan.cores.max(2);
    plan.shards = keys.max(plan.cores);
    if seed.is_multiple_of(3) { plan.narrow() } else { plan }
}

/// One writes two keys in one pipeline, and others look at the second before the first.
fn second_before_first(plan: &Plan) -> Scene {
    let mut scene = Scene::new(plan, 2);
    scene.arrive_with(|time| [0, 1].map(|key| one(key, 0, time)).into(), 8);
    for _ in 0..2 {
        scene.arrive_with(|time| vec![Command::Get((time + 1) % 2)], 16);
    }
    scene
}

/// Two write the same keys in opposite orders, so that each is in the way of the other.
fn crossing(plan: &Plan) -> Scene {
    let mut scene = Scene::new(plan, 3);
    scene.arrive_with(|time| [0, 1, 2].map(|key| one(key, 0, time)).into(), 6);
    scene.arrive_with(|time| [2, 1, 0].map(|key| one(key, 1, time)).into(), 6);
    scene.arrive_with(|time| vec![one(1, 2, time), Command::Get(0), Command::Get(1)], 6);
    scene.arrive_with(|time| vec![Command::Get((2 * time + 2) % 3)], 16);
    scene
}

/// A train behind and before other commands of its client.
fn among_others(plan: &Plan) -> Scene {
    let mut scene = Scene::new(plan, 4);
    let mixed = |time: usize| match time % 4 {
        0 => {
            vec![one(0, 0, time), one(1, 0, time), Command::MSet(pair(2, 3, time)), one(0, 1, time)]
        }
        1 => vec![Command::Rename(0, 1), one(2, 0, time), one(3, 0, time), Command::Get(2)],
        2 => vec![Command::MSet(pair(0, 1, time)), one(2, 0, time), Command::Incr(3)],
        _ => vec![
            one(3, 0, time),
            Command::MGet(vec![3, 0]),
            Command::Del(vec![0, 1]),
            one(2, 0, time),
        ],
    };
    scene.arrive_with(mixed, 8);
    scene.arrive_with(|time| vec![Command::MSet(pair(3, 0, time))], 4);
    for reader in 0..2 {
        scene.arrive_with(|time| vec![Command::Get((3 * time + reader) % 4)], 16);
    }
    scene
}

fn one(key: usize, client: usize, time: usize) -> Command {
    let (key, value) = set(key, client, time);
    Command::Set(key, value)
}

fn pair(one: usize, other: usize, time: usize) -> Vec<(usize, String)> {
    vec![set(one, 7, time), set(other, 7, time)]
}

#[test]
fn nobody_sees_the_second_without_the_first() {
    for_each_seed(1500, |seed| {
        let plan = plan(seed, 2);
        second_before_first(&plan).demand(&title(&plan));
    });
}

#[test]
fn those_who_are_in_the_way_of_each_other_keep_the_order() {
    for_each_seed(1500, |seed| {
        let plan = plan(seed, 3);
        crossing(&plan).demand(&title(&plan));
    });
}

#[test]
fn trains_keep_the_order_with_everything_else() {
    for_each_seed(1500, |seed| {
        let plan = plan(seed, 4);
        among_others(&plan).demand(&title(&plan));
    });
}

/// Deep pipelines of writes, by random clients on few keys.
#[test]
fn crowds_on_trains() {
    for_each_seed(600, |seed| {
        let plan = plan(seed, 4);
        let mut scene = Scene::new(&plan, 4);
        for number in 0..3 {
            let guest = scene.house.connect_anywhere();
            let mut author = Author::new(seed, number, 4, kinds());
            let agenda = (0..4).flat_map(|_| author.agenda(7)).collect();
            let number = scene.arrived();
            scene.patrons.push(Patron::new(guest, &scene.clock, number, agenda));
        }
        scene.demand(&title(&plan));
    });
}

/// The same scenes with relaxed pipelines do not pass.
#[test]
fn relaxed_pipelines_are_found_out() {
    type Make = fn(&Plan) -> Scene;
    let scenes: [(&str, usize, Make); 3] = [
        ("second before first", 2, second_before_first),
        ("crossing", 3, crossing),
        ("among others", 4, among_others),
    ];
    for (name, keys, scene) in scenes {
        let shows = |seed: &u64| {
            let mut scene = scene(&plan(*seed, keys).relaxed());
            scene.checker = Checker::new(keys, Order::Writes);
            matches!(scene.verdict(), Verdict::Violation(_))
        };
        let seed = (0..SEEDS).find(shows);
        assert!(seed.is_some(), "{name}: not one of {SEEDS} histories shows it");
    }
}
