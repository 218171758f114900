//! Commands that wait for keys, on any schedule.

use resp::Reply;

use crate::house::{Guest, House, Plan, bulk, elements, for_each_seed, number, ok};

/// What INFO says in a section about a field.
fn info(house: &mut House, guest: Guest, section: &str, field: &str) -> i64 {
    let info = house.ask(guest, &["INFO", section]);
    let text = String::from_utf8_lossy(info.text().expect("a text")).into_owned();
    let prefix = format!("{field}:");
    let value = text.lines().find_map(|line| line.strip_prefix(prefix.as_str()));
    value.and_then(|value| value.parse().ok()).expect("INFO has this number")
}

/// Runs until so many clients are known to wait.
fn until_blocked(house: &mut House, guest: Guest, clients: i64) {
    while info(house, guest, "clients", "blocked_clients") != clients {}
}

/// Nobody waits, and nothing is held, lent or under way.
fn check_that_nobody_waits(house: &mut House) {
    house.run_for_ms(1);
    let guest = house.connect_anywhere();
    until_blocked(house, guest, 0);
    house.run_for_ms(1);
    assert_eq!(info(house, guest, "clients", "clients_in_timeout_table"), 0);
    assert_eq!(info(house, guest, "clients", "total_blocking_keys"), 0);
    for name in ["transactions_under_way", "intents", "queue_places", "loans", "waiters"] {
        assert_eq!(info(house, guest, "stats", &format!("shoal_{name}")), 0, "{name}");
    }
}

fn any_plan(seed: u64) -> Plan {
    let plan = Plan::any(seed);
    if seed.is_multiple_of(3) { plan.narrow() } else { plan }
}

fn pair(key: &str, element: &str) -> Reply {
    Reply::Array(vec![bulk(Some(key.as_bytes())), bulk(Some(element.as_bytes()))])
}

/// A command that waits, with the keys that it waits for first.
fn command(kind: usize, keys: &[String]) -> Vec<String> {
    let (one, two, three) = (&keys[0], &keys[1], &keys[2]);
    let line = match kind {
        0 => format!("BLPOP {one} 0"),
        1 => format!("BRPOP {one} {two} {three} 0"),
        2 => format!("BLMPOP 0 3 {two} {one} {three} LEFT"),
        3 => format!("BLMOVE {one} {two} LEFT RIGHT 0"),
        4 => format!("BRPOPLPUSH {one} {one} 0"),
        _ => format!("BLPOP {three} {one} 0"),
    };
    line.split(' ').map(str::to_owned).collect()
}

/// The element in the reply of such a command.
fn element(reply: &Reply) -> i64 {
    match reply {
        Reply::Array(elements) => match &elements[1] {
            Reply::Array(inner) => number(&inner[0]),
            element => number(element),
        },
        element => number(element),
    }
}

/// Whoever has seen the push answered comes after the one who waited for it.
#[test]
fn a_thief_between_push_and_wake() {
    for_each_seed(600, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(3, "k");
        let kind = house.below(6);
        let waiter = house.connect_anywhere();
        let (pusher, thief) = (house.connect_anywhere(), house.connect_anywhere());
        house.send(waiter, &command(kind, &keys));
        until_blocked(&mut house, pusher, 1);
        house.send(pusher, &["RPUSH", &keys[0], "1"]);
        house.send(pusher, &["LPOP", &keys[0]]);
        assert_eq!(house.reply(pusher), Reply::Integer(1));
        house.send(thief, &["RPOP", &keys[0]]);
        assert_eq!(element(&house.reply(waiter)), 1);
        if kind == 4 {
            // It has put it back.
            let taken = [house.reply(pusher), house.reply(thief)];
            assert_eq!(taken.iter().map(number).sum::<i64>(), 1);
        } else {
            assert_eq!(house.reply(pusher), Reply::NullBulk);
            assert_eq!(house.reply(thief), Reply::NullBulk);
        }
        check_that_nobody_waits(&mut house);
    });
}
