//! Histories whose verdict is known.

use crate::Reply;
use crate::linear::{Action, Checker, Command, Operation, Order, Side, Value, Verdict, check};

fn one(client: usize, command: Command, from: u64, to: u64, reply: Reply) -> Operation {
    Operation { client, action: Action::One(command), invoked: from, answer: Some((to, reply)) }
}

fn set(client: usize, key: usize, value: &str, from: u64, to: u64) -> Operation {
    one(client, Command::Set(key, value.into()), from, to, Reply::ok())
}

fn get(client: usize, key: usize, value: &str, from: u64, to: u64) -> Operation {
    one(client, Command::Get(key), from, to, text(value))
}

fn text(value: &str) -> Reply {
    if value.is_empty() { Reply::Nil } else { Reply::bulk(value) }
}

fn mset(client: usize, pairs: &[(usize, &str)], from: u64, to: u64) -> Operation {
    let pairs = pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
    one(client, Command::MSet(pairs), from, to, Reply::ok())
}

fn mget(client: usize, keys: &[usize], values: &[&str], from: u64, to: u64) -> Operation {
    let reply = Reply::Array(values.iter().map(|value| text(value)).collect());
    one(client, Command::MGet(keys.to_vec()), from, to, reply)
}

/// The request was sent and nothing was heard of it.
fn lost(client: usize, command: Command, from: u64) -> Operation {
    Operation { client, action: Action::One(command), invoked: from, answer: None }
}

#[track_caller]
fn is_fine(history: Vec<Operation>) {
    check(history, 4, Order::Strict).demand(&names(), "it is fine");
}

#[track_caller]
fn is_wrong(history: Vec<Operation>) {
    let verdict = check(history, 4, Order::ByKey);
    assert!(verdict.is_violation(), "{verdict:?}");
}

fn names() -> Vec<String> {
    ["a", "b", "c", "d"].map(String::from).into()
}

#[test]
fn nothing_is_linearizable() {
    is_fine(vec![]);
}

#[test]
fn a_read_beside_a_write_may_see_it_or_not() {
    is_fine(vec![set(0, 0, "1", 0, 3), get(1, 0, "1", 1, 2)]);
    is_fine(vec![set(0, 0, "1", 0, 3), get(1, 0, "", 1, 2)]);
    is_fine(vec![set(0, 0, "1", 0, 9), get(1, 0, "", 1, 2), get(1, 0, "1", 3, 4)]);
    // Once seen, it stays.
    is_wrong(vec![set(0, 0, "1", 0, 9), get(1, 0, "1", 1, 2), get(1, 0, "", 3, 4)]);
    // For others too.
    is_wrong(vec![set(0, 0, "1", 0, 9), get(1, 0, "1", 1, 2), get(2, 0, "", 3, 4)]);
}

#[test]
fn a_read_after_a_write_sees_it() {
    is_fine(vec![set(0, 0, "1", 0, 1), get(1, 0, "1", 2, 3)]);
    is_wrong(vec![set(0, 0, "1", 0, 1), get(1, 0, "", 2, 3)]);
    is_wrong(vec![set(0, 0, "1", 0, 1), set(0, 0, "2", 2, 3), get(1, 0, "1", 4, 5)]);
}

#[test]
fn nobody_reads_what_nobody_wrote() {
    is_wrong(vec![get(0, 0, "1", 0, 1)]);
    is_wrong(vec![get(0, 0, "1", 0, 1), set(1, 0, "1", 2, 3)]);
}

#[test]
fn half_of_an_mset_is_seen_by_nobody() {
    let write = mset(0, &[(0, "1"), (1, "1")], 0, 9);
    is_fine(vec![write.clone(), mget(1, &[0, 1], &["", ""], 1, 2)]);
    is_fine(vec![write.clone(), mget(1, &[0, 1], &["1", "1"], 1, 2)]);
    is_wrong(vec![write.clone(), mget(1, &[0, 1], &["1", ""], 1, 2)]);
    is_wrong(vec![write.clone(), get(1, 0, "1", 1, 2), get(1, 1, "", 3, 4)]);
    is_wrong(vec![write, get(1, 1, "1", 1, 2), get(2, 0, "", 3, 4)]);
}

#[test]
fn writers_are_seen_in_one_order() {
    let writes = || vec![set(0, 0, "1", 0, 20), set(1, 0, "2", 1, 21)];
    let reads = |client: usize, values: [&str; 2], at: u64| {
        [get(client, 0, values[0], at, at + 1), get(client, 0, values[1], at + 2, at + 3)]
    };
    is_fine([writes(), reads(2, ["1", "2"], 2).into(), reads(3, ["2", "2"], 6).into()].concat());
    is_wrong([writes(), reads(2, ["1", "2"], 2).into(), reads(3, ["1", "2"], 6).into()].concat());
}

#[test]
fn no_increment_is_lost() {
    let incr = |client: usize, from: u64, to: u64, sum: i64| {
        one(client, Command::Incr(0), from, to, Reply::Int(sum))
    };
    is_fine(vec![incr(0, 0, 9, 2), incr(1, 1, 8, 1), incr(2, 2, 7, 3)]);
    is_wrong(vec![incr(0, 0, 9, 1), incr(1, 1, 8, 1)]);
    is_wrong(vec![incr(0, 0, 1, 2), incr(1, 2, 3, 1)]);
}

#[test]
fn an_unanswered_request_took_effect_once_or_never() {
    let write = || lost(0, Command::Set(0, "1".into()), 0);
    is_fine(vec![write(), get(1, 0, "1", 1, 2)]);
    is_fine(vec![write(), get(1, 0, "", 1, 2)]);
    is_fine(vec![write(), get(1, 0, "", 1, 2), get(1, 0, "1", 3, 4)]);
    is_wrong(vec![write(), get(1, 0, "1", 1, 2), get(1, 0, "", 3, 4)]);
    is_wrong(vec![write(), set(1, 0, "2", 1, 2), get(1, 0, "1", 3, 4), get(1, 0, "2", 5, 6)]);
    // Not before it was sent.
    let late = lost(0, Command::Set(0, "1".into()), 5);
    is_wrong(vec![get(1, 0, "1", 1, 2), late]);
}

#[test]
fn a_pipeline_keeps_the_order_of_a_key() {
    let pipeline = |first: &str, second: &str| {
        let key = Command::Rename(0, 1);
        vec![
            set(0, 0, "1", 0, 1),
            one(0, key, 2, 6, Reply::ok()),
            get(0, 1, first, 3, 7),
            get(0, 0, second, 4, 8),
        ]
    };
    is_fine(pipeline("1", ""));
    is_wrong(pipeline("", ""));
    is_wrong(pipeline("1", "1"));
}

#[test]
fn a_third_party_sees_a_strict_pipeline_in_order() {
    // One client writes a and b in one pipeline; another sees b written and a not yet.
    let history = || {
        vec![
            set(0, 0, "1", 0, 10),
            set(0, 1, "1", 1, 11),
            get(1, 1, "1", 2, 3),
            get(1, 0, "", 4, 5),
        ]
    };
    assert!(check(history(), 2, Order::Strict).is_violation());
    assert!(check(history(), 2, Order::ByKey).is_linearizable());
}

#[test]
fn elements_are_moved_by_one_alone() {
    let push = one(0, Command::Push(Side::Right, 0, "x".into()), 0, 1, Reply::Int(1));
    let take = |client: usize, reply: Reply| {
        one(client, Command::LMove(0, 1, Side::Left, Side::Left), 2, 9, reply)
    };
    let range = |count: usize| {
        let elements = vec![Reply::bulk("x"); count];
        one(0, Command::LRange(1), 10, 11, Reply::Array(elements))
    };
    let (found, nothing) =
        (|client| take(client, Reply::bulk("x")), |client| take(client, Reply::Nil));
    is_fine(vec![push.clone(), found(1), nothing(2), range(1)]);
    is_wrong(vec![push.clone(), found(1), found(2), range(2)]);
    is_wrong(vec![push, nothing(1), nothing(2), range(0)]);
}

#[test]
fn a_set_member_is_in_one_place() {
    let add = one(0, Command::SAdd(0, "m".into()), 0, 1, Reply::Int(1));
    let moved = one(1, Command::SMove(0, 1, "m".into()), 2, 9, Reply::Int(1));
    let look = |from: u64, key: usize, count: usize| {
        let members = Reply::Array(vec![Reply::bulk("m"); count]);
        one(2, Command::SMembers(key), from, from + 1, members)
    };
    is_fine(vec![add.clone(), moved.clone(), look(3, 0, 0), look(5, 1, 1)]);
    is_wrong(vec![add.clone(), moved.clone(), look(3, 1, 1), look(5, 0, 1)]);
    is_wrong(vec![add, moved, look(3, 0, 0), look(5, 1, 0)]);
}

fn exec(client: usize, watched: &[usize], queue: Vec<Command>, at: u64, reply: Reply) -> Operation {
    let action = Action::Exec { commands: queue, watched: watched.to_vec() };
    Operation { client, action, invoked: at, answer: Some((at + 1, reply)) }
}

fn watch(client: usize, key: usize, at: u64) -> Operation {
    let (action, answer) = (Action::Watch(vec![key]), Some((at + 1, Reply::ok())));
    Operation { client, action, invoked: at, answer }
}

#[test]
fn money_moves_whole() {
    let queue = vec![Command::IncrBy(0, -5), Command::IncrBy(1, 5)];
    let replies = Reply::Array(vec![Reply::Int(5), Reply::Int(15)]);
    let mut transfer = exec(0, &[], queue, 2, replies);
    transfer.answer = transfer.answer.map(|(_, reply)| (9, reply));
    let start = mset(1, &[(0, "10"), (1, "10")], 0, 1);
    let look = |values: [&str; 2]| mget(1, &[0, 1], &values, 4, 5);
    is_fine(vec![start.clone(), transfer.clone(), look(["10", "10"])]);
    is_fine(vec![start.clone(), transfer.clone(), look(["5", "15"])]);
    is_wrong(vec![start.clone(), transfer.clone(), look(["5", "10"])]);
    is_wrong(vec![start, transfer, look(["10", "15"])]);
}

#[test]
fn who_watches_hears_of_changes_and_of_nothing_else() {
    let queue = || vec![Command::Set(1, "2".into())];
    let done = || Reply::Array(vec![Reply::ok()]);
    let write = |key: usize, at: u64| set(1, key, "1", at, at + 1);
    is_fine(vec![watch(0, 0, 0), exec(0, &[0], queue(), 4, done())]);
    is_wrong(vec![watch(0, 0, 0), exec(0, &[0], queue(), 4, Reply::Nil)]);
    is_fine(vec![watch(0, 0, 0), write(0, 2), exec(0, &[0], queue(), 4, Reply::Nil)]);
    is_wrong(vec![watch(0, 0, 0), write(0, 2), exec(0, &[0], queue(), 4, done())]);
    is_wrong(vec![watch(0, 0, 0), write(2, 2), exec(0, &[0], queue(), 4, Reply::Nil)]);
    is_fine(vec![write(0, 0), watch(0, 0, 2), exec(0, &[0], queue(), 4, done())]);
    // A change of the watched key while EXEC is under way.
    let late = set(1, 0, "1", 3, 9);
    is_fine(vec![watch(0, 0, 0), late.clone(), exec(0, &[0], queue(), 4, Reply::Nil)]);
    is_fine(vec![watch(0, 0, 0), late, exec(0, &[0], queue(), 4, done())]);
}

fn census(values: &[&str], at: u64) -> Operation {
    let mut all = vec![None; 4];
    for (value, text) in all.iter_mut().zip(values) {
        *value = (!text.is_empty()).then(|| Value::Text((*text).to_owned()));
    }
    let answer = Some((at + 1, Reply::ok()));
    Operation { client: usize::MAX, action: Action::Census(all), invoked: at, answer }
}

#[test]
fn a_census_finds_what_was_done() {
    let writes = || vec![set(0, 0, "1", 0, 9), set(1, 0, "2", 1, 8)];
    is_fine([writes(), vec![census(&["1"], 10)]].concat());
    is_fine([writes(), vec![census(&["2"], 10)]].concat());
    is_wrong([writes(), vec![census(&["", "1"], 10)]].concat());
    is_wrong([writes(), vec![census(&["1"], 10), census(&["2"], 12)]].concat());
}

#[test]
fn parts_hand_on_every_way_the_keys_may_stand() {
    let race = |at: u64| vec![set(0, 0, "1", at, at + 9), set(1, 0, "2", at + 1, at + 8)];
    let mut checker = Checker::new(4, Order::Strict);
    assert!(checker.take(race(0)).is_linearizable());
    assert_eq!(checker.stands().len(), 2);
    // One of them fits, and the checker does not move where none does.
    assert!(checker.take(vec![get(2, 0, "3", 20, 21)]).is_violation());
    assert_eq!(checker.stands().len(), 2);
    assert!(checker.take(vec![get(2, 0, "2", 20, 21)]).is_linearizable());
    assert_eq!(checker.stands().len(), 1);
    assert!(checker.take(vec![get(2, 0, "1", 30, 31)]).is_violation());
    assert_eq!(checker.checked(), 3);
}

#[test]
fn what_is_not_decided_is_not_called_fine() {
    let writers = (0..12).map(|client| set(client, 0, &client.to_string(), client as u64, 100));
    let history: Vec<Operation> = writers.chain([get(12, 0, "x", 200, 201)]).collect();
    let mut checker = Checker::new(4, Order::Strict).effort(1000);
    assert!(matches!(checker.take_last(history), Verdict::Undecided(_)));
}

#[test]
fn a_verdict_says_where_it_ends() {
    let verdict = check(vec![set(0, 0, "1", 0, 1), get(1, 0, "2", 2, 3)], 4, Order::Strict);
    let told = std::panic::catch_unwind(|| verdict.demand(&names(), "seed 5"));
    let told = told.expect_err("it is a violation");
    let told = told.downcast_ref::<String>().expect("a text");
    for part in ["seed 5: not linearizable", "a = Text(\"1\")", "client 1 [2..3] GET a -> \"2\""] {
        assert!(told.contains(part), "{told}");
    }
}
