//! The order of one shard, step by step.

use keyspace::Author;

use crate::intents::{Claim, Intents, Mode};
use crate::order::{Asked, Claims, TurnOrder};
use crate::{Numbers, TxnId};

struct Work {
    name: &'static str,
    claim: Claim,
    client: u64,
}

impl Claims for Work {
    fn claim(&self) -> &Claim {
        &self.claim
    }

    fn client(&self) -> Author {
        Author(self.client)
    }
}

fn keys(mode: Mode, keys: &[u64]) -> Claim {
    Claim::keys(mode, keys.iter().copied().collect())
}

fn txn(number: u64) -> TxnId {
    TxnId { core: 0, number }
}

fn writes(name: &'static str, client: u64, key: u64) -> Work {
    Work { name, claim: keys(Mode::Exclusive, &[key]), client }
}

fn reads(name: &'static str, client: u64, key: u64) -> Work {
    Work { name, claim: keys(Mode::Shared, &[key]), client }
}

/// Runs what may run.
fn run(order: &mut TurnOrder<Work>) -> Vec<&'static str> {
    let mut names = Vec::new();
    while order.head().is_some() {
        names.push(order.finish().name);
    }
    names
}

#[test]
fn intents_bar_who_would_conflict() {
    let whole = Claim::whole;
    let (shared, exclusive) = (Mode::Shared, Mode::Exclusive);
    let table = [
        (keys(shared, &[1, 1]), keys(shared, &[1]), false),
        (keys(shared, &[1]), keys(exclusive, &[1]), true),
        (keys(exclusive, &[1]), keys(shared, &[1]), true),
        (keys(exclusive, &[1, 2]), keys(exclusive, &[3]), false),
        (keys(exclusive, &[1]), whole(shared), true),
        (keys(shared, &[1]), whole(shared), false),
        (keys(shared, &[1]), whole(exclusive), true),
        (whole(shared), keys(shared, &[1]), false),
        (whole(shared), keys(exclusive, &[1]), true),
        (whole(exclusive), keys(shared, &[1]), true),
        (whole(exclusive), whole(shared), true),
    ];
    for (there, comes, bars) in table {
        let mut intents = Intents::default();
        intents.add(&there);
        assert_eq!(intents.meet(&comes), bars, "{there:?} {comes:?}");
        intents.remove(&there);
        assert!(!intents.meet(&whole(exclusive)), "all of it is gone again");
        assert_eq!(intents.len(), 0);
    }
}

#[test]
fn the_lowest_number_runs_first_whenever_it_came() {
    let mut order = TurnOrder::new(Numbers::default());
    assert_eq!(order.ask((txn(0), 7), writes("seven", 0, 1), false), Asked::InOrder);
    assert_eq!(order.ask((txn(1), 5), writes("five", 1, 2), false), Asked::InOrder);
    order.settle(txn(0), 7, 7);
    assert!(run(&mut order).is_empty(), "five may still move");
    order.settle(txn(1), 5, 5);
    assert_eq!(run(&mut order), ["five", "seven"]);
    assert!(order.is_idle());
    assert_eq!(order.ask((txn(2), 6), writes("six", 2, 3), false), Asked::Late);
    order.settle(txn(2), 6, 8);
    assert_eq!(run(&mut order), ["six"]);
}

#[test]
fn a_reader_reads_out_of_turn_if_nobody_writes_its_keys() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 5), writes("writer", 0, 1), false);
    assert_eq!(order.ask((txn(1), 6), reads("other key", 1, 2), false), Asked::MayRead);
    assert_eq!(order.ask((txn(2), 7), reads("same key", 2, 1), false), Asked::InOrder);
    // It was read as of 6: nobody may write before that any more.
    assert_eq!(order.ask((txn(3), 4), writes("late", 3, 2), false), Asked::Late);
    order.withdraw(txn(1), 6);
    order.settle(txn(2), 7, 7);
    order.settle(txn(0), 5, 5);
    assert_eq!(run(&mut order), ["writer", "same key"]);
    order.withdraw(txn(3), 4);
    assert!(order.is_idle());
}

#[test]
fn who_moves_takes_its_clients_later_commands_along() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 1), writes("first", 9, 1), false);
    order.wait(writes("second", 9, 1));
    order.wait(writes("of another", 8, 1));
    order.ask((txn(1), 2), writes("third", 9, 1), false);
    order.ask((txn(2), 3), writes("of a third one", 7, 1), false);
    order.settle(txn(2), 3, 3);
    order.settle(txn(0), 1, 4);
    assert_eq!(run(&mut order), ["of another", "of a third one", "first", "second"]);
    order.settle(txn(1), 2, 5);
    assert_eq!(run(&mut order), ["third"]);
}

/// A transaction may have run elsewhere under a number that this shard has not heard of.
#[test]
fn a_waiting_call_stands_behind_every_number_drawn() {
    let numbers = Numbers::default();
    let mut order = TurnOrder::new(numbers.clone());
    let asked = numbers.draw();
    order.ask((txn(0), asked), writes("moves", 0, 1), false);
    let decided = numbers.draw();
    order.wait(writes("call", 1, 1));
    order.settle(txn(0), asked, decided);
    assert_eq!(run(&mut order), ["moves", "call"]);
}

#[test]
fn a_reading_call_waits_for_unread_readers_of_its_own_client() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 5), reads("may read again", 9, 1), false);
    assert!(order.is_met(&keys(Mode::Shared, &[1]), Author(9)));
    assert!(order.is_met(&Claim::whole(Mode::Shared), Author(9)));
    assert!(!order.is_met(&keys(Mode::Shared, &[1]), Author(8)), "others read beside it");
    assert!(!order.is_met(&keys(Mode::Shared, &[2]), Author(9)), "so do other keys");
    order.withdraw(txn(0), 5);
    assert!(!order.is_met(&keys(Mode::Shared, &[1]), Author(9)));
}

#[test]
fn who_has_gone_is_in_nobodys_way() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 1), writes("moves", 0, 1), false);
    order.ask((txn(1), 2), reads("goes", 1, 2), false);
    order.ask((txn(2), 3), writes("runs", 2, 3), false);
    order.withdraw(txn(1), 2);
    order.settle(txn(2), 3, 3);
    order.settle(txn(0), 1, 4);
    assert_eq!(run(&mut order), ["runs", "moves"]);
}

#[test]
fn who_has_begun_holds_the_others_until_it_is_finished() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 1), writes("lender", 0, 1), false);
    order.settle(txn(0), 1, 1);
    order.wait(writes("call", 1, 1));
    assert!(order.head().is_some());
    order.begin();
    assert!(order.head().is_none());
    assert_eq!(order.begun(), Some(txn(0)));
    order.finish();
    assert_eq!(run(&mut order), ["call"]);
}

#[test]
fn numbers_are_drawn_once() {
    let numbers = Numbers::default();
    let clones = [numbers.clone(), numbers.clone()];
    let drawn: Vec<u64> =
        (0..100).flat_map(|_| clones.iter().map(Numbers::draw).collect::<Vec<_>>()).collect();
    assert!(drawn.iter().copied().eq(1..=200), "each is above all before it");
    assert_eq!(numbers.latest(), 200);
}

/// Two readers do not conflict, but calls may have written between them.
#[test]
fn a_reader_below_one_that_has_read_and_gone_is_late() {
    let mut order = TurnOrder::new(Numbers::default());
    assert_eq!(order.ask((txn(0), 7), reads("seven", 0, 1), false), Asked::MayRead);
    // As long as it claims what it has read, nobody has written.
    assert_eq!(order.ask((txn(3), 4), reads("four", 3, 1), false), Asked::MayRead);
    order.withdraw(txn(3), 4);
    order.withdraw(txn(0), 7);
    // A call that writes key 1 runs here now, since it meets nobody.
    assert_eq!(order.ask((txn(1), 5), reads("five", 1, 1), false), Asked::Late);
    order.settle(txn(1), 5, 8);
    assert_eq!(run(&mut order), ["five"]);
    assert_eq!(order.ask((txn(2), 6), reads("six", 2, 2), false), Asked::Late);
}

#[test]
fn the_last_to_be_asked_decides() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 5), writes("first", 0, 1), false);
    assert_eq!(order.ask((txn(1), 7), writes("second", 1, 2), true), Asked::InOrder);
    assert_eq!(order.outcome(txn(1), 7), (true, false));
    let reader = Author(9);
    assert!(!order.may_pass(8, &keys(Mode::Shared, &[2]), reader), "somebody means to write it");
    assert!(order.may_pass(8, &keys(Mode::Shared, &[3]), reader));
    assert_eq!(order.ask((txn(2), 6), writes("late", 2, 4), true), Asked::Late);
    assert_eq!(order.outcome(txn(2), 6), (false, false));
    let key = keys(Mode::Shared, &[3]);
    assert!(!order.may_pass(4, &key, reader), "it is below a reader that has gone");
    assert!(!order.may_pass(9, &key, Author(2)), "its client's earlier one is not decided");
    assert!(order.may_pass(9, &key, reader));
    assert_eq!(run(&mut order), Vec::<&str>::new());
    order.settle(txn(0), 5, 5);
    assert_eq!(run(&mut order), ["first", "second"]);
    order.settle(txn(2), 6, 10);
    assert!(order.may_pass(11, &key, Author(2)));
    assert_eq!(run(&mut order), ["late"]);
}

#[test]
fn a_kept_wagon_runs_before_whoever_comes_meanwhile() {
    let mut order = TurnOrder::new(Numbers::default());
    assert!(order.is_free(&keys(Mode::Exclusive, &[1, 2])));
    order.keep_wagon(txn(9), 5, writes("kept", 0, 1));
    assert!(!order.is_free(&keys(Mode::Exclusive, &[1])));
    assert!(order.is_met(&keys(Mode::Shared, &[1]), Author(3)), "calls wait for it");
    assert_eq!(order.ask((txn(3), 3), writes("other key", 3, 2), false), Asked::InOrder);
    // A number that was drawn before may have to come after it: so it must be another one.
    assert_eq!(order.ask((txn(1), 4), writes("before", 1, 1), false), Asked::Late);
    assert_eq!(order.ask((txn(2), 5), reads("reader", 2, 1), false), Asked::Late);
    assert_eq!(order.ask((txn(4), 6), writes("after", 4, 1), false), Asked::InOrder);
    order.settle(txn(3), 3, 3);
    assert_eq!(run(&mut order), ["other key"], "it is in nobody's way");
    order.settle(txn(1), 4, 7);
    order.settle(txn(4), 6, 6);
    order.settle(txn(2), 5, 8);
    assert!(run(&mut order).is_empty());
    assert_eq!(order.release_wagon(txn(9)).name, "kept");
    assert_eq!(run(&mut order), ["after", "before", "reader"]);
    assert!(order.is_idle());
}

#[test]
fn a_train_raises_both_floors_to_its_position() {
    let mut order = TurnOrder::new(Numbers::default());
    assert_eq!(order.floor(), 0);
    order.pass(7);
    assert_eq!(order.floor(), 7);
    assert_eq!(order.ask((txn(0), 7), writes("not seen yet", 0, 1), false), Asked::Late);
    assert_eq!(order.ask((txn(1), 8), writes("above", 1, 2), false), Asked::InOrder);
}

/// A client's look that moves does not take its train's wagon along.
#[test]
fn a_kept_wagon_stays_where_it_is() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 1), reads("look", 9, 1), false);
    order.ask((txn(1), 2), writes("of another", 8, 3), false);
    order.keep_wagon(txn(7), 2, writes("kept", 9, 2));
    order.wait(writes("call", 7, 2));
    order.settle(txn(1), 2, 2);
    order.settle(txn(0), 1, 3);
    assert_eq!(run(&mut order), ["of another"]);
    assert_eq!(order.release_wagon(txn(7)).name, "kept");
    assert_eq!(run(&mut order).len(), 2);
}

#[test]
fn a_client_has_a_writer_where_its_call_waits() {
    let mut order = TurnOrder::new(Numbers::default());
    order.ask((txn(0), 1), writes("transaction", 1, 1), false);
    assert!(!order.has_writer_of(Author(1)), "that is no call");
    order.wait(reads("look", 2, 1));
    order.wait(writes("call", 3, 1));
    assert!(!order.has_writer_of(Author(2)) && order.has_writer_of(Author(3)));
    order.settle(txn(0), 1, 1);
    assert_eq!(run(&mut order).len(), 3);
    assert!(!order.has_writer_of(Author(3)));
}
