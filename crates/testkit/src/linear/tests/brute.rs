//! The search against one that tries every order, on tiny histories.

use stdx::HashSet;

use crate::Reply;
use crate::linear::command::ALL;
use crate::linear::{Action, Author, Checker, Keyspace, Kind, Operation, Order, Value};

const KEYS: usize = 3;
const CLIENTS: usize = 3;
/// The most operations of a history.
const OPERATIONS: usize = 8;

/// What keys may hold in the end; who watches them does not matter any more.
type Ends = HashSet<Vec<Option<Value>>>;

/// What every order may lead to; nothing if there is no order.
fn ends(operations: &[Operation], order: Order) -> Ends {
    let mut ends = Ends::default();
    let mut done = vec![false; operations.len()];
    try_all(operations, order, &mut done, &mut Keyspace::empty(KEYS), &mut ends);
    ends
}

fn try_all(
    operations: &[Operation],
    order: Order,
    done: &mut [bool],
    keyspace: &mut Keyspace,
    ends: &mut Ends,
) {
    let is_all = operations.iter().zip(&*done).all(|(it, done)| *done || it.answer.is_none());
    if is_all {
        ends.insert(keyspace.values().to_vec());
    }
    for index in 0..operations.len() {
        if done[index] || !may_come(operations, order, done, index) {
            continue;
        }
        let (operation, mark) = (&operations[index], keyspace.mark());
        let reply = operation.action.run(keyspace, operation.client);
        if operation.reply().is_none_or(|seen| *seen == reply) {
            done[index] = true;
            try_all(operations, order, done, keyspace, ends);
            done[index] = false;
        }
        keyspace.undo_to(mark);
    }
}

fn may_come(operations: &[Operation], order: Order, done: &[bool], index: usize) -> bool {
    let this = &operations[index];
    let must_wait = |(number, other): (usize, &Operation)| {
        let is_related = match order {
            Order::Strict => true,
            Order::Writes if this.action.may_write() && other.action.may_write() => true,
            Order::Writes | Order::ByKey => this.action.follows(&other.action),
        };
        let is_earlier = number < index && other.client == this.client && is_related;
        !done[number] && (other.returned() < this.invoked || is_earlier)
    };
    !operations.iter().enumerate().any(must_wait)
}

/// What one client has under way.
#[derive(Default)]
struct Line {
    /// Asked, not yet run.
    asked: Vec<usize>,
    /// Run and not yet answered.
    run: Vec<(usize, Reply)>,
    watched: Vec<usize>,
}

/// A history of a keyspace that makes mistakes now and then.
fn history(seed: u64) -> Vec<Operation> {
    let kinds: Vec<Kind> = ALL.iter().map(|(kind, _)| *kind).collect();
    let mut author = Author::new(seed, 1, KEYS, &kinds);
    let (mut keyspace, mut clock) = (Keyspace::empty(KEYS), 0);
    let (mut operations, mut lines) = (Vec::<Operation>::new(), Vec::new());
    lines.resize_with(CLIENTS, Line::default);
    let is_faulty = author.below(2) == 0;
    for _ in 0..60 {
        clock += 1;
        let client = author.below(CLIENTS as u64) as usize;
        let line = &mut lines[client];
        match author.below(5) {
            0 if operations.len() < OPERATIONS && line.asked.len() < 3 => {
                line.asked.push(operations.len());
                let action = action(&mut author, line);
                operations.push(Operation { client, action, invoked: clock, answer: None });
            }
            1 | 2 if !line.asked.is_empty() => {
                let choice = if is_faulty { author.below(line.asked.len() as u64) } else { 0 };
                let index = line.asked.remove(choice as usize);
                let mark = keyspace.mark();
                let reply = operations[index].action.run(&mut keyspace, client);
                if is_faulty && author.below(3) == 0 {
                    keyspace.undo_to(mark);
                }
                line.run.push((index, reply));
                line.run.sort_by_key(|(index, _)| *index);
            }
            3 | 4 if !line.run.is_empty() => {
                // Replies come in order.
                let is_next = line.asked.iter().all(|asked| *asked > line.run[0].0);
                if is_next {
                    let (index, reply) = line.run.remove(0);
                    operations[index].answer = Some((clock, reply));
                }
            }
            _ => {}
        }
    }
    operations
}

fn action(author: &mut Author, line: &mut Line) -> Action {
    match author.below(10) {
        0 => {
            let keys = author.watched();
            line.watched.extend(&keys);
            Action::Watch(keys)
        }
        1 if !line.watched.is_empty() => {
            let commands = author.queue();
            Action::Exec { commands, watched: std::mem::take(&mut line.watched) }
        }
        _ => match author.any_action() {
            Action::Exec { commands, .. } => {
                Action::Exec { commands, watched: std::mem::take(&mut line.watched) }
            }
            action => action,
        },
    }
}

#[test]
fn both_find_the_same() {
    let (mut fine, mut wrong, mut several) = (0, 0, 0);
    for seed in 0..8_000 {
        let operations = history(seed);
        for order in [Order::Strict, Order::Writes, Order::ByKey] {
            let expected = ends(&operations, order);
            let mut checker = Checker::new(KEYS, order);
            let verdict = checker.take(operations.clone());
            let stands = checker.stands().iter().filter(|_| verdict.is_linearizable());
            let found: Ends = stands.map(|stand| stand.values().to_vec()).collect();
            assert_eq!(found, expected, "seed {seed}, {order:?}: {operations:#?}");
            let any = Checker::new(KEYS, order).take_last(operations.clone());
            assert_eq!(any.is_linearizable(), !expected.is_empty(), "seed {seed}, {order:?}");
            fine += usize::from(found.len() == 1);
            several += usize::from(found.len() > 1);
            wrong += usize::from(verdict.is_violation());
        }
    }
    // The histories are worth something: every verdict is frequent.
    assert!(fine > 1000 && several > 1000 && wrong > 1000, "{fine} {several} {wrong}");
}
