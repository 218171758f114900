//! Coordinators and shards answer as one keyspace; with a mistake planted, they do not.
//!
//! A saboteur sits at the messages: it changes what a shard is told, and the real coordinators and
//! shards do the rest. A mistake is found out by the checker, or by an assertion of their own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use commands::Run;
use resp::Reply;
use testkit::linear::{Action, Author, Checker, Clock, Kind, Order, Recorder, Verdict};

use super::harness::{Op, Town, command_of, words};
use crate::{Claim, Message, Mode, Work};

/// What the harness can run without an error among the calls.
const KINDS: &[Kind] = &[
    Kind::Get,
    Kind::Set,
    Kind::MGet,
    Kind::MSet,
    Kind::MSetNx,
    Kind::Del,
    Kind::Exists,
    Kind::DbSize,
];
const CLIENTS: usize = 4;
/// Pipelines of each client.
const ROUNDS: usize = 8;
const SEEDS: u64 = 2000;
/// Histories with a mistake in them.
const FAULTY_SEEDS: u64 = 100;

fn seen(reply: &Reply) -> testkit::Reply {
    match reply {
        Reply::Simple(text) => testkit::Reply::Simple(String::from_utf8_lossy(text).into_owned()),
        Reply::Integer(number) => testkit::Reply::Int(*number),
        Reply::Bulk(bytes) => testkit::Reply::Bulk(bytes.clone()),
        Reply::NullBulk => testkit::Reply::Nil,
        Reply::Array(elements) => testkit::Reply::Array(elements.iter().map(seen).collect()),
        other => panic!("nothing that is asked here is answered by {other}"),
    }
}

/// The harness runs what has one key, and what has keys on several shards.
fn can_run(town: &Town, line: &str) -> bool {
    let command = command_of(line);
    let is_alone = matches!(
        crate::route(&command.spec, words(line).as_args(), &town.placement),
        crate::Route::One(_) if command.spec.has_keys()
    );
    !is_alone || matches!(command.run, Some(Run::Shard(_) | Run::BetweenDbs(_)))
}

/// A client whose questions and answers are written down.
struct Patron {
    recorder: Recorder,
    author: Author,
    rounds: usize,
    open: Vec<Op>,
}

impl Patron {
    /// Sends the next pipeline.
    fn go_on(&mut self, client: usize, town: &mut Town, names: &[String]) {
        self.rounds -= 1;
        for pipeline in self.author.agenda(3) {
            for action in pipeline {
                let Action::One(command) = &action else { panic!("{action:?} is not in play") };
                let line = command.words(names).join(" ");
                if !can_run(town, &line) {
                    continue;
                }
                self.recorder.invoke(action);
                self.open.push(town.send(client, &line));
            }
        }
    }

    /// Replies are taken in the order of the requests, as a client sees them.
    fn listen(&mut self, town: &Town) {
        while let Some(op) = self.open.first().filter(|op| town.history.is_answered(**op)) {
            self.recorder.reply(seen(town.history.reply(*op)));
            self.open.remove(0);
        }
    }
}

fn verdict(seed: u64, saboteur: impl FnMut(&mut Message) + 'static) -> Verdict {
    let shards = 2 + seed as usize % 3;
    let mut town = Town::new(seed, 1 + seed as usize % 4, shards);
    town.on_message = Box::new(saboteur);
    let (names, clock) = (town.apart(shards), Clock::default());
    let mut patrons: Vec<Patron> = (0..CLIENTS)
        .map(|client| Patron {
            recorder: Recorder::new(&clock, client),
            author: Author::new(seed, client, shards, KINDS),
            rounds: ROUNDS,
            open: Vec::new(),
        })
        .collect();
    while patrons.iter().any(|patron| patron.rounds > 0 || !patron.open.is_empty()) {
        let client = town.below(CLIENTS);
        let patron = &mut patrons[client];
        if patron.open.is_empty() && patron.rounds > 0 {
            patron.go_on(client, &mut town, &names);
        }
        let is_moving = town.step();
        patrons.iter_mut().for_each(|patron| patron.listen(&town));
        let is_waiting = patrons.iter().any(|patron| !patron.open.is_empty());
        assert!(is_moving || !is_waiting, "somebody waits for ever");
    }
    let history = patrons.iter_mut().flat_map(|patron| patron.recorder.take()).collect();
    Checker::new(shards, Order::ByKey).take_last(history)
}

#[test]
fn one_keyspace_could_have_answered() {
    for seed in 0..SEEDS {
        let town = Town::new(seed, 1, 2 + seed as usize % 3);
        let names = town.apart(2 + seed as usize % 3);
        verdict(seed, |_| {}).demand(&names, &format!("seed {seed}"));
    }
}

/// How often a mistake is found out, by the checker and by assertions.
fn found(saboteur: impl FnMut(&mut Message) + Clone + 'static) -> (usize, usize) {
    let (mut by_checker, mut by_assertion) = (0, 0);
    for seed in 0..FAULTY_SEEDS {
        match catch_unwind(AssertUnwindSafe(|| verdict(seed, saboteur.clone()))) {
            Ok(verdict) => by_checker += usize::from(verdict.is_violation()),
            Err(_) => by_assertion += 1,
        }
    }
    (by_checker, by_assertion)
}

#[test]
fn parts_without_a_lock() {
    let skips = |message: &mut Message| {
        if let Message::Schedule(errand) = message
            && matches!(errand.work, Work::Part { .. })
        {
            errand.claim = Claim::keys(Mode::Shared, [].into_iter().collect());
        }
    };
    let (by_checker, _) = found(skips);
    assert!(by_checker > 0, "nobody noticed");
}

#[test]
fn half_of_an_mset() {
    let halves = |message: &mut Message| {
        if let Message::Schedule(errand) = message
            && errand.shard.0 == 1
            && let Work::Part { words: part, .. } = &mut errand.work
            && part.as_args().at(0) == b"MSET"
        {
            *part = crate::Words::all(std::sync::Arc::new(words("MSET nobody looks")));
        }
    };
    let (by_checker, _) = found(halves);
    assert!(by_checker > 0, "nobody noticed");
}

#[test]
fn a_reader_that_keeps_what_it_read_too_early() {
    let keeps = |message: &mut Message| {
        if let Message::Scheduled { is_late, partial: None, .. } = message {
            // The coordinator believes that the number stays, and so does what others have read.
            *is_late = false;
        }
    };
    let (by_checker, by_assertion) = found(keeps);
    assert!(by_checker + by_assertion > 0, "nobody noticed");
}

#[test]
fn a_shard_that_is_told_another_number() {
    let differs = |message: &mut Message| {
        if let Message::Go { shard, number, txn, .. } = message
            && shard.0 == 1
            && txn.number.is_multiple_of(2)
        {
            *number += 2;
        }
    };
    let (by_checker, by_assertion) = found(differs);
    assert!(by_checker + by_assertion > 0, "nobody noticed");
}
