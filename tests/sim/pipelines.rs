//! Pipelines of several clients at once: replies in request order.
//!
//! No client's own past is ever undone.

use crate::house::{House, Plan, for_each_seed};
use crate::scripted::{Repertoire, Scripted};

/// Clients that pipeline at random, each on databases of its own, for so many rounds.
fn pipelines(plan: &Plan, rounds: usize, repertoire: Repertoire) {
    let mut house = House::new(plan);
    let count = 1 + house.below(4);
    let mut clients: Vec<Scripted> = (0..count)
        .map(|number| {
            let core = house.below(house.cores);
            Scripted::connect(&mut house, core, number)
        })
        .collect();
    for _ in 0..rounds {
        for client in &mut clients {
            client.send_some(&mut house, 20, repertoire);
            house.stroll(60);
            client.check(&mut house);
        }
    }
    house.run_until_answered();
    clients.iter_mut().for_each(|client| client.check_all(&mut house));
}

#[test]
fn single_key_commands_are_answered_in_order_and_right() {
    for_each_seed(400, |seed| pipelines(&Plan::any(seed), 6, Repertoire::Simple));
}

#[test]
fn a_connection_sees_its_own_writes_whatever_the_commands() {
    for_each_seed(600, |seed| pipelines(&Plan::any(seed), 6, Repertoire::Any));
}

#[test]
fn so_it_does_with_narrow_corridors() {
    for_each_seed(300, |seed| pipelines(&Plan::any(seed).narrow(), 4, Repertoire::Any));
}
