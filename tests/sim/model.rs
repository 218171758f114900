//! What a client's own keys must hold: a naive model of two databases, and random commands for it.

use std::collections::{BTreeMap, BTreeSet};

use resp::Reply;
use stdx::prng::Prng;

use crate::house::{bulk, ok};

const NOT_INTEGER: &str = "ERR value is not an integer or out of range";
const ARITY: &str = "ERR wrong number of arguments for 'get' command";
const NO_SUCH_KEY: &str = "ERR no such key";

/// A request.
pub(crate) type Words = Vec<String>;

/// What must be answered.
#[derive(Debug)]
pub(crate) enum Expected {
    /// Exactly this.
    Is(Reply),
    /// These in any order.
    Keys(BTreeSet<String>),
    /// One of these, or nothing if there are none.
    OneOf(BTreeSet<String>),
}

impl Expected {
    /// Compares with a reply.
    #[track_caller]
    pub(crate) fn check(&self, words: &Words, reply: &Reply) {
        let text =
            |reply: &Reply| String::from_utf8_lossy(reply.text().expect("a key")).into_owned();
        let is_right = match (self, reply) {
            (Self::Is(expected), reply) => expected == reply,
            (Self::Keys(keys), Reply::Array(found)) => {
                found.len() == keys.len()
                    && found.iter().map(text).collect::<BTreeSet<_>>() == *keys
            }
            (Self::OneOf(keys), Reply::NullBulk) => keys.is_empty(),
            (Self::OneOf(keys), reply) => keys.contains(&text(reply)),
            _ => false,
        };
        assert!(is_right, "{words:?} was answered {reply}, expected {self:?}");
    }
}

/// Two databases of which one is chosen.
pub(crate) struct Model {
    dbs: [BTreeMap<String, String>; 2],
    numbers: [usize; 2],
    current: usize,
}

impl Model {
    /// Empty databases with these numbers; the first one is chosen.
    pub(crate) fn new(numbers: [usize; 2]) -> Self {
        Self { dbs: Default::default(), numbers, current: 0 }
    }

    fn db(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.dbs[self.current]
    }

    fn get(&self, key: &str) -> Option<&String> {
        self.dbs[self.current].get(key)
    }

    /// Runs a request.
    pub(crate) fn apply(&mut self, words: &[String]) -> Expected {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let keys = |db: &BTreeMap<String, String>| db.keys().cloned().collect();
        match words[0] {
            "KEYS" => Expected::Keys(keys(self.db())),
            "RANDOMKEY" => Expected::OneOf(keys(self.db())),
            name => {
                let single = self.on_one_key(name, &words[1..]);
                Expected::Is(single.unwrap_or_else(|| self.on_many(name, &words[1..])))
            }
        }
    }

    fn on_one_key(&mut self, name: &str, words: &[&str]) -> Option<Reply> {
        let key = *words.first()?;
        let old = self.get(key).cloned();
        let value = || bulk(old.as_ref().map(String::as_bytes));
        let length = |text: &str| Reply::Integer(text.len() as i64);
        let text = old.clone().unwrap_or_default();
        Some(match name {
            "GET" => value(),
            "SET" => {
                self.db().insert(key.to_owned(), words[1].to_owned());
                if words.len() == 3 { value() } else { ok() }
            }
            "SETNX" => {
                if old.is_none() {
                    self.db().insert(key.to_owned(), words[1].to_owned());
                }
                Reply::Integer(i64::from(old.is_none()))
            }
            "APPEND" => {
                let grown = text + words[1];
                let reply = length(&grown);
                self.db().insert(key.to_owned(), grown);
                reply
            }
            "INCR" => match as_integer(old.as_deref().unwrap_or("0")) {
                Some(number) => {
                    self.db().insert(key.to_owned(), (number + 1).to_string());
                    Reply::Integer(number + 1)
                }
                None => Reply::Error(NOT_INTEGER.into()),
            },
            "STRLEN" => length(&text),
            "GETDEL" => {
                self.db().remove(key);
                value()
            }
            "TYPE" => Reply::Simple(if old.is_some() { b"string".into() } else { b"none".into() }),
            "TTL" => Reply::Integer(if old.is_some() { -1 } else { -2 }),
            _ => return None,
        })
    }

    fn on_many(&mut self, name: &str, words: &[&str]) -> Reply {
        let count = |found: usize| Reply::Integer(found as i64);
        match name {
            "MSET" => {
                self.put(words);
                ok()
            }
            "MSETNX" => {
                let free = words.iter().step_by(2).all(|key| self.get(key).is_none());
                if free {
                    self.put(words);
                }
                Reply::Integer(i64::from(free))
            }
            "MGET" => {
                let value = |key: &&str| bulk(self.get(key).map(String::as_bytes));
                Reply::Array(words.iter().map(value).collect())
            }
            "DEL" | "UNLINK" => {
                count(words.iter().filter(|key| self.db().remove(**key).is_some()).count())
            }
            "EXISTS" | "TOUCH" => count(words.iter().filter(|key| self.get(key).is_some()).count()),
            "RENAME" | "RENAMENX" => self.rename(name == "RENAMENX", words[0], words[1]),
            "COPY" => self.copy(words),
            "MOVE" => self.move_over(words[0]),
            "DBSIZE" => count(self.db().len()),
            "PING" => Reply::Simple(b"PONG".into()),
            "ECHO" => bulk(Some(words[0].as_bytes())),
            "QUIT" => ok(),
            "GET" => Reply::Error(ARITY.into()),
            "FLUSHDB" => {
                self.db().clear();
                ok()
            }
            "SWAPDB" => {
                self.dbs.swap(0, 1);
                ok()
            }
            "SELECT" => {
                let number = words[0].parse().expect("a number");
                self.current = usize::from(self.numbers[1] == number);
                ok()
            }
            other => panic!("the model does not know {other}"),
        }
    }

    fn put(&mut self, pairs: &[&str]) {
        for pair in pairs.chunks(2) {
            self.db().insert(pair[0].to_owned(), pair[1].to_owned());
        }
    }

    fn rename(&mut self, only_if_free: bool, from: &str, to: &str) -> Reply {
        if self.get(from).is_none() {
            return Reply::Error(NO_SUCH_KEY.into());
        }
        if only_if_free && self.get(to).is_some() {
            return Reply::Integer(0);
        }
        let value = self.db().remove(from).expect("it is there");
        self.db().insert(to.to_owned(), value);
        if only_if_free { Reply::Integer(1) } else { ok() }
    }

    /// `COPY from to DB number [REPLACE]`
    fn copy(&mut self, words: &[&str]) -> Reply {
        let number = words[3].parse().expect("a number");
        let target = usize::from(self.numbers[1] == number);
        if target == self.current && words[0] == words[1] {
            return Reply::Error("ERR source and destination objects are the same".into());
        }
        let Some(value) = self.get(words[0]).cloned() else { return Reply::Integer(0) };
        if words.len() == 4 && self.dbs[target].contains_key(words[1]) {
            return Reply::Integer(0);
        }
        self.dbs[target].insert(words[1].to_owned(), value);
        Reply::Integer(1)
    }

    fn move_over(&mut self, key: &str) -> Reply {
        let target = 1 - self.current;
        if self.get(key).is_none() || self.dbs[target].contains_key(key) {
            return Reply::Integer(0);
        }
        let value = self.db().remove(key).expect("it is there");
        self.dbs[target].insert(key.to_owned(), value);
        Reply::Integer(1)
    }

    /// The database that is not chosen.
    pub(crate) fn other_db(&self) -> usize {
        self.numbers[1 - self.current]
    }
}

/// The number that a text says in its only form.
fn as_integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

/// Names of the keys that random commands use; few, so that they meet.
const KEYS: u64 = 12;

/// Draws commands.
pub(crate) struct Author<'a> {
    pub(crate) chance: &'a mut Prng,
    /// In front of every key.
    pub(crate) prefix: &'a str,
    pub(crate) numbers: [usize; 2],
}

impl Author<'_> {
    fn pick<'b>(&mut self, choices: &[&'b str]) -> &'b str {
        choices[self.chance.below(choices.len() as u64) as usize]
    }

    fn key(&mut self) -> String {
        format!("{}{}", self.prefix, self.chance.below(KEYS))
    }

    fn value(&mut self) -> String {
        match self.chance.below(12) {
            0 => "x".repeat(1 + self.chance.below(300) as usize),
            // As big values they travel apart from the other words.
            1 if self.chance.below(8) == 0 => "b".repeat(20_000),
            2..=5 => format!("v{}", self.chance.below(1000)),
            _ => self.chance.below(1000).to_string(),
        }
    }

    /// A command with one key, or none at all.
    pub(crate) fn simple(&mut self) -> Words {
        let names = [
            "BAD", "GET", "GET", "SET", "SET", "SETGET", "SETNX", "APPEND", "INCR", "STRLEN",
            "GETDEL", "DEL", "EXISTS", "TYPE", "TTL", "PING", "ECHO",
        ];
        let name = self.pick(&names).to_owned();
        match name.as_str() {
            "BAD" => vec!["GET".into()],
            "PING" => vec![name],
            "ECHO" => vec![name, self.value()],
            "SETGET" => vec!["SET".into(), self.key(), self.value(), "GET".into()],
            "SET" | "SETNX" | "APPEND" => vec![name, self.key(), self.value()],
            _ => vec![name, self.key()],
        }
    }

    /// Any command that the model knows.
    pub(crate) fn any(&mut self) -> Words {
        if self.chance.below(3) > 0 {
            return self.simple();
        }
        let names = [
            "MSET",
            "MSET",
            "MGET",
            "MGET",
            "MSETNX",
            "DEL",
            "UNLINK",
            "EXISTS",
            "TOUCH",
            "RENAME",
            "RENAME",
            "RENAMENX",
            "COPY",
            "MOVE",
            "DBSIZE",
            "FLUSHDB",
            "KEYS",
            "RANDOMKEY",
            "SELECT",
            "SWAPDB",
        ];
        let mut words = vec![self.pick(&names).to_owned()];
        let count = 1 + self.chance.below(5);
        let db = self.numbers[self.chance.below(2) as usize].to_string();
        match words[0].as_str() {
            "MSET" | "MSETNX" => {
                (0..count).for_each(|_| words.extend([self.key(), self.value()]));
            }
            "MGET" | "DEL" | "UNLINK" | "EXISTS" | "TOUCH" => {
                words.extend((0..count).map(|_| self.key()));
            }
            "RENAME" | "RENAMENX" => words.extend([self.key(), self.key()]),
            "COPY" => {
                words.extend([self.key(), self.key(), "DB".into(), db]);
                words.extend((count > 2).then(|| "REPLACE".into()));
            }
            "MOVE" => words.push(self.key()),
            "KEYS" => words.push("*".into()),
            "SELECT" => words.push(db),
            "SWAPDB" => words.extend(self.numbers.map(|number| number.to_string())),
            _ => {}
        }
        words
    }
}
