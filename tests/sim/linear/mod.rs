//! Whatever the schedule, what all clients were answered could have come from one keyspace.
//!
//! Random commands over few keys on any number of cores and shards; the history is checked in
//! `testkit::linear`, which fails with the place where every order of the commands ends.

mod patron;
mod planted;
mod races;
mod strict;

use std::sync::OnceLock;

use config::PipelineOrder;
use resp::Reply;
use testkit::linear::command::in_play;
use testkit::linear::recorder::census;
use testkit::linear::{Author, Checker, Clock, Kind, Operation, Order, Verdict};

use crate::house::{House, Plan, for_each_seed};
use patron::{Patron, seen};
use planted::Bug;

/// LIMIT: no history takes so many steps, unless something never ends.
const STEPS_MAX: usize = 3_000_000;
/// Keys that all clients share.
const KEYS: usize = 6;
/// Clients that leave before they are done, in each act of those histories where clients leave.
/// What they asked for may be done or not, so many of them make many orders.
const DEPARTURES: usize = 2;
const ACTS: u64 = 3;
/// LIMIT: after so much time without requests everything has been done that ever will.
const AFTERMATH_MS: u64 = 5;

/// What the house can do; every house can do the same.
fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let mut house = House::new(&Plan::new(0, 1, 1));
        let guest = house.connect(0);
        in_play(|name| match house.ask(guest, &["COMMAND", "INFO", name]) {
            Reply::Array(infos) => matches!(&infos[..], [Reply::Array(_)]),
            other => panic!("COMMAND INFO answered {other}"),
        })
    })
}

/// What a house promises.
fn order_of(plan: &Plan) -> Order {
    Order::of_shards(plan.shards, plan.pipeline_order == PipelineOrder::Strict)
}

/// Clients at work in a house.
struct Scene {
    house: House,
    checker: Checker,
    clock: Clock,
    names: Vec<String>,
    patrons: Vec<Patron>,
    arrived: usize,
    /// What is wrong, on purpose.
    bug: Option<Bug>,
    /// Operations of those who have left.
    past: Vec<Operation>,
}

impl Scene {
    fn new(plan: &Plan, keys: usize) -> Self {
        let house = House::new(plan);
        let names = house.apart(keys, "k");
        let checker = Checker::new(keys, order_of(plan));
        let (clock, patrons, past) = (Clock::default(), Vec::new(), Vec::new());
        Self { house, checker, clock, names, patrons, arrived: 0, bug: None, past }
    }

    /// A client comes, with a plan for so many pipelines.
    fn arrive(&mut self, seed: u64, rounds: usize, depth: u64) {
        let number = self.arrived();
        let mut author = Author::new(seed, number, self.names.len(), kinds());
        let agenda = (0..rounds).flat_map(|_| author.agenda(depth)).collect();
        let guest = self.house.connect_anywhere();
        self.patrons.push(Patron::new(guest, &self.clock, number, agenda));
    }

    /// The number of the next client: no two have the same.
    fn arrived(&mut self) -> usize {
        self.arrived += 1;
        self.arrived - 1
    }

    /// A client is gone, whatever it was waiting for.
    fn depart(&mut self, index: usize) {
        let leaver = self.patrons.swap_remove(index);
        self.house.reset(leaver.guest);
        self.past.extend(leaver.operations());
    }

    /// One client may go on, and something happens. False when all are done.
    fn step(&mut self) -> bool {
        let choice = self.house.below(self.patrons.len());
        self.patrons[choice].go_on(&mut self.house, &self.names, self.bug);
        let is_moving = self.house.sim.step();
        self.patrons.iter_mut().for_each(|patron| patron.listen(&mut self.house));
        let is_waited_for = self.patrons.iter().any(Patron::is_waiting);
        assert!(is_moving || !is_waited_for, "the house rests, and replies are missing");
        is_waited_for || self.patrons.iter().any(Patron::has_plans)
    }

    /// Lets all of them finish, looks at what is there, and decides.
    fn verdict(&mut self) -> Verdict {
        let is_over = (0..STEPS_MAX).any(|_| !self.step());
        assert!(is_over, "it does not end");
        // What was begun for those who have left comes to its end as well.
        self.house.run_for_ms(AFTERMATH_MS);
        let mut history = std::mem::take(&mut self.past);
        history.extend(self.patrons.drain(..).flat_map(Patron::operations));
        let counter = self.house.connect_anywhere();
        let house = &mut self.house;
        history.push(census(&self.clock, &self.names, |words| seen(house.ask(counter, words))));
        self.checker.take(history)
    }

    #[track_caller]
    fn demand(&mut self, title: &str) {
        self.verdict().demand(&self.names, title);
    }
}

/// So many clients with random plans.
fn party(plan: &Plan, clients: usize, rounds: usize, depth: u64) -> Scene {
    let mut scene = Scene::new(plan, KEYS);
    (0..clients).for_each(|_| scene.arrive(plan.seed, rounds, depth));
    scene
}

/// A house of one, two or seven shards by turns.
fn plan(seed: u64) -> Plan {
    let shards = [1, 2, 7][(seed % 3) as usize];
    Plan { shards, ..Plan::any(seed) }
}

fn title(plan: &Plan) -> String {
    format!("seed {}, {} cores, {} shards", plan.seed, plan.cores, plan.shards)
}

#[test]
fn one_keyspace_could_have_answered() {
    for_each_seed(1500, |seed| party(&plan(seed), 4, 6, 4).demand(&title(&plan(seed))));
}

#[test]
fn so_it_could_with_narrow_corridors() {
    for_each_seed(700, |seed| party(&plan(seed).narrow(), 4, 6, 4).demand(&title(&plan(seed))));
}

#[test]
fn so_it_could_with_relaxed_pipelines() {
    for_each_seed(1000, |seed| {
        let plan = plan(seed).relaxed();
        let plan = if seed.is_multiple_of(3) { plan.narrow() } else { plan };
        party(&plan, 4, 6, 4).demand(&title(&plan));
    });
}

#[test]
fn so_it_could_with_eight_clients_and_no_pipelines() {
    for_each_seed(300, |seed| party(&plan(seed), 8, 10, 1).demand(&title(&plan(seed))));
}

#[test]
fn those_who_leave_have_done_all_of_a_command_or_nothing() {
    for_each_seed(1000, |seed| {
        let mut scene = party(&plan(seed), 0, 0, 0);
        for act in 0..ACTS {
            (0..4).for_each(|_| scene.arrive(seed + act, 2, 3));
            let mut departures = DEPARTURES;
            while scene.step() {
                if departures > 0 && scene.house.below(25) == 0 {
                    let leaver = scene.house.below(scene.patrons.len());
                    scene.depart(leaver);
                    scene.arrive(seed + act, 2, 3);
                    departures -= 1;
                }
            }
            scene.demand(&title(&plan(seed)));
        }
    });
}
