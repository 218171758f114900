//! Money is moved by every command that moves things, and none is made or lost.
//!
//! Meanwhile fifty clients look at the same keys and flush other databases. A way to move money is
//! tried as soon as the server has its commands.

use stdx::prng::Prng;
use testkit::linear::command::LANDED;
use testkit::linear::{Kind, crowd};
use testkit::{Client, Launch, Reply, Server};

use crate::{at_once, houses};

/// Clients that move money, and how often each.
const MOVERS: u64 = 6;
const MOVES: usize = 300;
/// Clients that do something else.
const OTHERS: usize = 50;
const COINS: usize = 8;
/// Places for coins; they are on several shards.
const PLACES: [&str; 5] = ["a", "b", "c", "d", "e"];
/// What the accounts hold together.
const SUM: i64 = 500;

/// A way to keep money and to move it.
struct Bank {
    needs: &'static [Kind],
    open: fn(&mut Client),
    transfer: fn(&mut Client, &mut Prng),
    /// Panics unless all the money is there.
    audit: fn(&mut Client),
}

const BANKS: &[Bank] = &[
    Bank {
        // Coins that are renamed.
        needs: &[Kind::MSet, Kind::RenameNx, Kind::MGet],
        open: |client| {
            let coins = (0..COINS).map(|coin| (place_of(coin, 0), coin.to_string()));
            assert_eq!(client.cmd(&mset(coins)), Reply::ok());
        },
        transfer: |client, chance| {
            let coin = below(chance, COINS);
            let [from, to] = [0; 2].map(|_: i32| place_of(coin, below(chance, PLACES.len())));
            let reply = client.cmd(&["RENAMENX", &from, &to]);
            let is_moved = matches!(reply, Reply::Int(0 | 1));
            assert!(is_moved || reply.error() == "ERR no such key", "{reply:?}");
        },
        audit: |client| {
            let all =
                (0..COINS).flat_map(|coin| (0..PLACES.len()).map(move |at| place_of(coin, at)));
            let words: Vec<String> = ["MGET".to_owned()].into_iter().chain(all).collect();
            let reply = client.cmd(&words);
            for (coin, places) in reply.elements().chunks(PLACES.len()).enumerate() {
                let there: Vec<&Reply> = places.iter().filter(|it| **it != Reply::Nil).collect();
                assert_eq!(there, [&Reply::bulk(coin.to_string())], "coin {coin}");
            }
        },
    },
    Bank {
        // Accounts of one owner.
        needs: &[Kind::MSet, Kind::MGet],
        open: |client| {
            let empty =
                (0..2 * COINS).map(|account| (format!("account:{account}"), "0".to_owned()));
            assert_eq!(client.cmd(&mset(empty)), Reply::ok());
        },
        transfer: |client, chance| {
            let (pair, amount) = (below(chance, COINS), below(chance, 1000) as i64);
            let halves = [(2 * pair, amount), (2 * pair + 1, -amount)];
            let halves =
                halves.map(|(number, text)| (format!("account:{number}"), text.to_string()));
            assert_eq!(client.cmd(&mset(halves)), Reply::ok());
        },
        audit: |client| {
            let accounts = (0..2 * COINS).map(|account| format!("account:{account}"));
            let words: Vec<String> = ["MGET".to_owned()].into_iter().chain(accounts).collect();
            let reply = client.cmd(&words);
            for pair in reply.elements().chunks(2) {
                assert_eq!(pair.iter().map(number).sum::<i64>(), 0, "{pair:?}");
            }
        },
    },
    Bank {
        // Accounts of everybody.
        needs: &[Kind::Exec, Kind::IncrBy, Kind::MGet],
        open: |client| {
            let share = (SUM / PLACES.len() as i64).to_string();
            let all = PLACES.map(|place| (place.to_owned(), share.clone()));
            assert_eq!(client.cmd(&mset(all)), Reply::ok());
        },
        transfer: |client, chance| {
            let [from, to] = places(chance);
            let amount = below(chance, 20);
            let lines = ["MULTI".to_owned(), format!("DECRBY {from} {amount}")];
            let lines =
                [&lines[..], &[format!("INCRBY {to} {amount}"), "EXEC".to_owned()]].concat();
            let replies = client.pipeline(&lines);
            assert_eq!(replies[3].elements().len(), 2, "{replies:?}");
        },
        audit: |client| {
            let reply = client.cmd(&[&["MGET"], &PLACES[..]].concat());
            let sum: i64 = reply.elements().iter().map(number).sum();
            assert_eq!(sum, SUM, "{reply:?}");
        },
    },
    Bank {
        // Coins in sets.
        needs: &[Kind::SAdd, Kind::SMove, Kind::SUnion, Kind::SMembers],
        open: put_into_a_set,
        transfer: move_between_sets,
        audit: |client| {
            let all = client.cmd(&[&["SUNION"], &PLACES[..]].concat());
            assert_eq!(all.elements().len(), COINS, "{all:?}");
        },
    },
    Bank {
        // Coins in sets, counted in an EXEC.
        needs: &[Kind::SAdd, Kind::SMove, Kind::SMembers, Kind::Exec],
        open: put_into_a_set,
        transfer: move_between_sets,
        audit: |client| count_in_exec(client, |place| format!("SCARD {place}")),
    },
    Bank {
        // Coins in lists.
        needs: &[Kind::RPush, Kind::LMove, Kind::LRange, Kind::Exec],
        open: |client| {
            for coin in 0..COINS {
                let coin = coin.to_string();
                assert!(client.cmd(&["RPUSH", PLACES[0], &coin]).int() > 0);
            }
        },
        transfer: |client, chance| {
            let [from, to] = places(chance);
            let side = ["LEFT", "RIGHT"][below(chance, 2)];
            let reply = client.cmd(&["LMOVE", from, to, side, "LEFT"]);
            assert!(matches!(reply, Reply::Nil | Reply::Bulk(_)), "{reply:?}");
        },
        audit: |client| count_in_exec(client, |place| format!("LLEN {place}")),
    },
];

fn put_into_a_set(client: &mut Client) {
    for coin in 0..COINS {
        let coin = coin.to_string();
        assert_eq!(client.cmd(&["SADD", PLACES[0], &coin]), Reply::Int(1));
    }
}

fn move_between_sets(client: &mut Client, chance: &mut Prng) {
    let [from, to] = places(chance);
    let coin = below(chance, COINS).to_string();
    let reply = client.cmd(&["SMOVE", from, to, &coin]);
    assert!(matches!(reply, Reply::Int(0 | 1)), "{reply:?}");
}

fn below(chance: &mut Prng, bound: usize) -> usize {
    chance.below(bound as u64) as usize
}

fn place_of(coin: usize, at: usize) -> String {
    format!("{}:{coin}", PLACES[at])
}

/// Two places, the same one sometimes.
fn places(chance: &mut Prng) -> [&'static str; 2] {
    [0; 2].map(|_: i32| PLACES[below(chance, PLACES.len())])
}

fn mset(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
    let words = pairs.into_iter().flat_map(|(key, value)| [key, value]);
    ["MSET".to_owned()].into_iter().chain(words).collect()
}

fn number(reply: &Reply) -> i64 {
    reply.text().parse().expect("accounts hold numbers")
}

fn count_in_exec(client: &mut Client, count: impl Fn(&str) -> String) {
    let counts = PLACES.iter().map(|place| count(place));
    let lines: Vec<String> =
        ["MULTI".to_owned()].into_iter().chain(counts).chain(["EXEC".to_owned()]).collect();
    let replies = client.pipeline(&lines);
    let counts = replies[lines.len() - 1].elements();
    assert_eq!(counts.iter().map(Reply::int).sum::<i64>(), COINS as i64, "{counts:?}");
}

/// Looks at everything, and works in databases of its own, which it flushes.
fn other(mut client: Client, number: usize) -> Box<dyn FnMut() + Send> {
    let db = (1 + number % 5).to_string();
    let mut turn = number;
    Box::new(move || {
        turn += 1;
        match turn % 6 {
            0 => assert!(matches!(client.cmd(&["SCAN", "0", "COUNT", "3"]), Reply::Array(_))),
            1 => drop(client.cmd(&[&["MGET"], &PLACES[..]].concat())),
            2 => drop(client.cmd(&["DBSIZE"])),
            _ => {
                let lines = [
                    format!("SELECT {db}"),
                    format!("MSET a {turn} b {turn} account:1 {turn} b:1 {turn}"),
                    "RENAME a b".to_owned(),
                    ["FLUSHDB", "FLUSHDB ASYNC", "DEL a b"][turn % 3].to_owned(),
                    "SELECT 0".to_owned(),
                ];
                let replies = client.pipeline(&lines);
                assert_eq!(replies[4], Reply::ok(), "{replies:?}");
            }
        }
    })
}

/// Opens the banks that the server has the commands for, one after another. Answers how many.
fn open_all(server: &Server) -> usize {
    let kinds = crowd::kinds_of(&mut server.client());
    let can = |bank: &&Bank| bank.needs.iter().all(|kind| kinds.contains(kind));
    let banks: Vec<&Bank> = BANKS.iter().filter(can).collect();
    banks.iter().for_each(|bank| run(server, bank));
    banks.len()
}

fn run(server: &Server, bank: &'static Bank) {
    let mut client = server.client();
    assert_eq!(client.cmd(&["FLUSHALL"]), Reply::ok());
    (bank.open)(&mut client);
    let mover = |mover: u64| -> Box<dyn FnOnce() + Send> {
        let (mut client, mut chance) = (server.client(), Prng::new(mover));
        Box::new(move || (0..MOVES).for_each(|_| (bank.transfer)(&mut client, &mut chance)))
    };
    let mut auditor = server.client();
    let audit: Box<dyn FnMut() + Send> = Box::new(move || (bank.audit)(&mut auditor));
    let others = (0..OTHERS).map(|number| other(server.client(), number));
    at_once((0..MOVERS).map(mover).collect(), others.chain([audit]).collect());
    (bank.audit)(&mut client);
}

#[test]
fn none_is_made_or_lost() {
    let is_due = |bank: &&Bank| bank.needs.iter().all(|kind| LANDED.contains(kind));
    let due = BANKS.iter().filter(is_due).count();
    for server in houses() {
        assert!(open_all(&server) >= due, "the server has lost a command");
    }
}

/// The oracle has all commands: what fails there is a mistake of this test.
#[test]
fn none_is_made_or_lost_by_the_oracle() {
    assert_eq!(open_all(&Launch::oracle().start()), BANKS.len());
}
