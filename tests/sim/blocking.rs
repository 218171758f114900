//! Commands that wait for keys, on any schedule.

use resp::Reply;

use crate::house::{Guest, House, Plan, for_each_seed, number};

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

/// A command that waits, with the keys that it waits for first.
fn command(kind: usize, keys: &[String]) -> Vec<String> {
    let (one, two, three, four) = (&keys[0], &keys[1], &keys[2], &keys[3]);
    let line = match kind {
        0 => format!("BLPOP {one} 0"),
        1 => format!("BRPOP {one} {two} {three} 0"),
        2 => format!("BLMPOP 0 3 {two} {one} {three} LEFT"),
        3 => format!("BLMOVE {one} {four} LEFT RIGHT 0"),
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
        let keys = house.apart(4, "k");
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

/// A pipeline of pushes is one after the other: who waits takes the first, at whatever end.
#[test]
fn the_first_push_of_a_pipeline_serves() {
    for_each_seed(400, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let (waiter, pusher) = (house.connect_anywhere(), house.connect_anywhere());
        let kind = [0, 1, 2, 3, 5][house.below(5)];
        house.send(waiter, &command(kind, &keys));
        until_blocked(&mut house, pusher, 1);
        let push = ["LPUSH", "RPUSH"][house.below(2)];
        for element in ["1", "2", "3"] {
            house.send(pusher, &[push, &keys[0], element]);
        }
        let lengths = [house.reply(pusher), house.reply(pusher), house.reply(pusher)];
        assert_eq!(lengths, [1, 1, 2].map(Reply::Integer));
        assert_eq!(element(&house.reply(waiter)), 1);
        check_that_nobody_waits(&mut house);
    });
}

/// Clients who wait, push, give up and vanish. Every element that was pushed is in one list, or in
/// one reply, and none in two.
#[test]
fn no_element_is_lost_or_doubled() {
    for_each_seed(400, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let mut waiters: Vec<Guest> = (0..5).map(|_| house.connect_anywhere()).collect();
        let pushers = [house.connect_anywhere(), house.connect_anywhere()];
        let (mut pushed, mut taken, mut asked) = (0, Vec::new(), 0);
        for _ in 0..40 {
            match house.below(6) {
                0 | 1 => push_some(&mut house, &pushers, &keys, &mut pushed),
                2 => {
                    // One that may wait for nothing or for ever.
                    let waiter = house.below(waiters.len());
                    if house.awaited(waiters[waiter]) == 0 {
                        let mut words = command([0, 1, 2, 5][house.below(4)], &keys);
                        set_timeout(&mut words, ["0", "0.005", "0.02"][house.below(3)]);
                        house.send(waiters[waiter], &words);
                        asked += 1;
                    }
                }
                3 => {
                    let waiter = house.below(waiters.len());
                    if house.awaited(waiters[waiter]) == 0 {
                        let (from, to) = (house.below(3), house.below(3));
                        let words = ["BLMOVE", &keys[from], &keys[to], "LEFT", "RIGHT", "0.02"];
                        house.send(waiters[waiter], &words);
                    }
                }
                4 => house.run_for_ms(4),
                _ => house.stroll(30),
            }
            for waiter in &waiters {
                while let Some(reply) = house.take(*waiter) {
                    taken.extend(taken_by(&reply));
                }
            }
        }
        // Enough for everybody who still waits for an element of their own.
        for _ in 0..asked {
            keys.iter().for_each(|key| push_one(&mut house, pushers[0], key, &mut pushed));
        }
        house.run_until_answered();
        for waiter in waiters.drain(..) {
            while let Some(reply) = house.take(waiter) {
                taken.extend(taken_by(&reply));
            }
        }
        let mut left: Vec<i64> = Vec::new();
        let counter = house.connect_anywhere();
        for key in &keys {
            let reply = house.ask(counter, &["LRANGE", key, "0", "-1"]);
            left.extend(crate::house::elements(reply).iter().map(number));
        }
        taken.extend(left);
        taken.sort_unstable();
        assert_eq!(taken, (1..=pushed).collect::<Vec<i64>>());
        check_that_nobody_waits(&mut house);
    });
}

/// What a reply of one who pops has taken out of the lists; BLMOVE (a bare element) takes nothing.
fn taken_by(reply: &Reply) -> Option<i64> {
    matches!(reply, Reply::Array(_)).then(|| element(reply))
}

fn set_timeout(words: &mut [String], timeout: &str) {
    let place = if words[0] == "BLMPOP" { 1 } else { words.len() - 1 };
    words[place] = timeout.to_owned();
}

fn push_one(house: &mut House, pusher: Guest, key: &str, pushed: &mut i64) {
    *pushed += 1;
    house.send(pusher, &["RPUSH", key, &pushed.to_string()]);
}

fn push_some(house: &mut House, pushers: &[Guest; 2], keys: &[String], pushed: &mut i64) {
    let pusher = pushers[house.below(2)];
    let (one, other) = (house.below(3), house.below(3));
    match house.below(4) {
        0 | 1 => push_one(house, pusher, &keys[one], pushed),
        2 => {
            house.send(pusher, &["MULTI"]);
            push_one(house, pusher, &keys[one], pushed);
            push_one(house, pusher, &keys[other], pushed);
            house.send(pusher, &["EXEC"]);
        }
        _ => {
            push_one(house, pusher, &keys[one], pushed);
            house.send(pusher, &["LMOVE", &keys[one], &keys[other], "LEFT", "RIGHT"]);
        }
    }
}

/// Several elements at once, for many who wait in many ways: each gets one.
#[test]
fn there_is_one_for_everybody() {
    for_each_seed(300, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let pusher = house.connect_anywhere();
        let waiters: Vec<Guest> = (0..6).map(|_| house.connect_anywhere()).collect();
        for (rank, waiter) in (1..).zip(&waiters) {
            let kind = [0, 1, 2, 3, 5][house.below(5)];
            house.send(*waiter, &command(kind, &keys));
            until_blocked(&mut house, pusher, rank);
        }
        let mut next = 0;
        while next < 6 {
            let count = (1 + house.below(3)).min(6 - next);
            let elements: Vec<String> = (0..count).map(|it| (next + it).to_string()).collect();
            let mut words = vec!["RPUSH", keys[0].as_str()];
            words.extend(elements.iter().map(String::as_str));
            house.send(pusher, &words);
            next += count;
        }
        let mut served: Vec<i64> = waiters.iter().map(|it| element(&house.reply(*it))).collect();
        for _ in 0..house.awaited(pusher) {
            house.reply(pusher);
        }
        served.sort_unstable();
        assert_eq!(served, [0, 1, 2, 3, 4, 5]);
        check_that_nobody_waits(&mut house);
    });
}

/// One element at a time: whose turn it is cannot be mistaken.
#[test]
fn one_element_goes_to_the_first_in_line() {
    for_each_seed(300, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let pusher = house.connect_anywhere();
        let waiters: Vec<Guest> = (0..5).map(|_| house.connect_anywhere()).collect();
        for (rank, waiter) in (1..).zip(&waiters) {
            let kind = [0, 1, 2, 3, 5][house.below(5)];
            house.send(*waiter, &command(kind, &keys));
            until_blocked(&mut house, pusher, rank);
        }
        for (turn, waiter) in waiters.iter().enumerate() {
            let push = ["LPUSH", "RPUSH"][house.below(2)];
            house.ask(pusher, &[push, &keys[0], &turn.to_string()]);
            assert_eq!(element(&house.reply(*waiter)), turn as i64);
        }
        check_that_nobody_waits(&mut house);
    });
}

/// A push between finding nothing and standing in line would be slept over.
#[test]
fn a_push_while_the_command_is_on_its_way() {
    for_each_seed(1500, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let (waiter, pusher) = (house.connect_anywhere(), house.connect_anywhere());
        let kind = house.below(6);
        house.send(waiter, &command(kind, &keys));
        house.stroll(25);
        if house.below(3) == 0 {
            house.send(pusher, &["RPUSH", &keys[1], "1"]);
            house.send(pusher, &["RENAME", &keys[1], &keys[0]]);
            house.reply(pusher);
        } else {
            house.send(pusher, &["RPUSH", &keys[0], "1"]);
        }
        house.reply(pusher);
        assert_eq!(element(&house.reply(waiter)), 1);
        check_that_nobody_waits(&mut house);
    });
}

/// Timeouts, CLIENT UNBLOCK, CLIENT KILL and lost lines race with a push: the element is taken once
/// by somebody who is told, or it stays, or it was sent to who had just gone.
#[test]
fn the_end_of_waiting_races_with_a_push() {
    for_each_seed(1500, |seed| {
        let mut house = House::new(&any_plan(seed));
        let keys = house.apart(4, "k");
        let (waiter, pusher) = (house.connect_anywhere(), house.connect_anywhere());
        let id = number(&house.ask(waiter, &["CLIENT", "ID"])).to_string();
        let mut words = command([0, 1, 2, 3, 5][house.below(5)], &keys);
        let way = house.below(4);
        if way == 0 && words[0] != "BLMOVE" {
            set_timeout(&mut words, "0.002");
        }
        house.send(waiter, &words);
        if way != 0 {
            until_blocked(&mut house, pusher, 1);
        }
        house.stroll(20);
        let other = house.connect_anywhere();
        match way {
            0 => house.run_for_ms(house_ms(seed)),
            1 => house.send(other, &["CLIENT", "UNBLOCK", &id, "ERROR"]),
            2 => house.reset(waiter),
            _ => house.finish(waiter),
        }
        house.stroll(10);
        house.send(pusher, &["RPUSH", &keys[0], "1"]);
        assert_eq!(house.reply(pusher), Reply::Integer(1));
        if way == 3 {
            // It is answered, or its line is closed without.
            house.ignore(waiter);
        }
        if way == 1 {
            let unblocked = house.reply(other);
            let reply = house.reply(waiter);
            assert_eq!(unblocked == Reply::Integer(1), matches!(reply, Reply::Error(_)), "{reply}");
        }
        house.run_until_answered();
        check_that_nobody_waits(&mut house);
    });
}

fn house_ms(seed: u64) -> u64 {
    1 + seed % 3
}
