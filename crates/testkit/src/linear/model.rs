//! A small keyspace that runs one command after another: what a server should be for its clients.
//!
//! **Invariants**
//! - Every change passes `put`, which notes what was there before: whatever was run can be taken
//!   back, in reverse order, for a search that tries many orders.
//! - The fingerprint is that of the values and watches, whatever way led to them.
//!
//! The model itself is compared with the oracle (`tests/house/linear`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::Hash;

use super::command::{Command, Key, Side};
use crate::Reply;
use print::print_of;

pub(super) mod print;
mod zset;

const NOT_INTEGER: &str = "ERR value is not an integer or out of range";
const NO_SUCH_KEY: &str = "ERR no such key";
const SAME_OBJECTS: &str = "ERR source and destination objects are the same";
const WRONG_TYPE: &str = "WRONGTYPE Operation against a key holding the wrong kind of value";

/// What a key holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Text(String),
    List(VecDeque<String>),
    Set(BTreeSet<String>),
    /// Scores by member.
    Zset(BTreeMap<String, i64>),
}

/// A client that watches keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Watch {
    client: usize,
    keys: u64,
    is_dirty: bool,
}

/// What was there before a change.
enum Before {
    Value(Key, Option<Value>),
    Watches(Vec<Watch>),
}

/// The keyspace.
pub struct Keyspace {
    values: Vec<Option<Value>>,
    /// By client.
    watches: Vec<Watch>,
    /// Of the values alone.
    print: u128,
    past: Vec<Before>,
}

/// A command's error.
type Failed = &'static str;

impl Keyspace {
    /// A keyspace that holds this, and whose past is forgotten.
    #[must_use]
    pub fn of(values: Vec<Option<Value>>) -> Self {
        let mut empty = Self::empty(values.len());
        for (key, value) in values.into_iter().enumerate() {
            empty.put(key, value);
        }
        empty.past.clear();
        empty
    }

    /// A keyspace without keys; there will never be more than so many.
    #[must_use]
    pub fn empty(keys: usize) -> Self {
        assert!(keys < 63, "sets of keys are kept as bits");
        Self { values: vec![None; keys], watches: Vec::new(), print: 0, past: Vec::new() }
    }

    /// What the keys hold.
    #[must_use]
    pub fn values(&self) -> &[Option<Value>] {
        &self.values
    }

    /// The same without a past.
    pub(super) fn copy(&self) -> Self {
        let (values, watches) = (self.values.clone(), self.watches.clone());
        Self { values, watches, print: self.print, past: Vec::new() }
    }

    /// A number that differs where keyspaces differ, as far as anybody will ever see.
    pub(super) fn fingerprint(&self) -> u128 {
        if self.watches.is_empty() { self.print } else { self.print ^ print_of(&self.watches) }
    }

    /// How much has happened so far: what to go back to.
    pub(super) fn mark(&self) -> usize {
        self.past.len()
    }

    /// Takes back everything since the mark.
    pub(super) fn undo_to(&mut self, mark: usize) {
        for before in self.past.drain(mark..).rev() {
            match before {
                Before::Watches(watches) => self.watches = watches,
                Before::Value(key, value) => {
                    self.print ^= value_print(key, self.values[key].as_ref());
                    self.print ^= value_print(key, value.as_ref());
                    self.values[key] = value;
                }
            }
        }
    }

    /// The only way to change a value; those who watch the key will hear of it.
    fn put(&mut self, key: Key, value: Option<Value>) {
        self.print ^= value_print(key, self.values[key].as_ref());
        self.print ^= value_print(key, value.as_ref());
        let before = std::mem::replace(&mut self.values[key], value);
        self.past.push(Before::Value(key, before));
        let hears = |watch: &Watch| !watch.is_dirty && watch.keys & (1 << key) != 0;
        if self.watches.iter().any(hears) {
            self.past.push(Before::Watches(self.watches.clone()));
            self.watches.iter_mut().filter(|watch| hears(watch)).for_each(|it| it.is_dirty = true);
        }
    }

    fn put_list(&mut self, key: Key, list: VecDeque<String>) {
        self.put(key, (!list.is_empty()).then_some(Value::List(list)));
    }

    fn put_set(&mut self, key: Key, set: BTreeSet<String>) {
        self.put(key, (!set.is_empty()).then_some(Value::Set(set)));
    }

    /// The client watches more keys.
    pub(super) fn watch(&mut self, client: usize, keys: u64) {
        self.past.push(Before::Watches(self.watches.clone()));
        match self.watches.binary_search_by_key(&client, |watch| watch.client) {
            Ok(place) => self.watches[place].keys |= keys,
            Err(place) => self.watches.insert(place, Watch { client, keys, is_dirty: false }),
        }
    }

    /// The client watches nothing any more. Answers whether something has happened to its keys.
    pub(super) fn unwatch(&mut self, client: usize) -> bool {
        let Ok(place) = self.watches.binary_search_by_key(&client, |watch| watch.client) else {
            return false;
        };
        self.past.push(Before::Watches(self.watches.clone()));
        self.watches.remove(place).is_dirty
    }

    /// Runs a command.
    pub(super) fn run(&mut self, command: &Command) -> Reply {
        self.try_run(command).unwrap_or_else(|error| Reply::Error(error.into()))
    }

    fn try_run(&mut self, command: &Command) -> Result<Reply, Failed> {
        Ok(match command {
            Command::Get(key) => text_reply(self.text(*key)?),
            Command::Set(key, value) => {
                self.put(*key, Some(Value::Text(value.clone())));
                Reply::ok()
            }
            Command::Incr(key) => self.add(*key, 1)?,
            Command::IncrBy(key, by) => self.add(*key, *by)?,
            Command::Append(key, more) => {
                let text = format!("{}{more}", self.text(*key)?.unwrap_or_default());
                let length = Reply::Int(text.len() as i64);
                self.put(*key, Some(Value::Text(text)));
                length
            }
            Command::MGet(keys) => {
                let text = |key: &Key| text_reply(self.text(*key).unwrap_or(None));
                Reply::Array(keys.iter().map(text).collect())
            }
            Command::MSet(pairs) => {
                self.set_all(pairs);
                Reply::ok()
            }
            Command::MSetNx(pairs) => {
                let is_free = pairs.iter().all(|(key, _)| self.values[*key].is_none());
                if is_free {
                    self.set_all(pairs);
                }
                flag(is_free)
            }
            Command::Del(keys) => {
                let deleted = keys.iter().filter(|key| self.delete(**key)).count();
                Reply::Int(deleted as i64)
            }
            Command::Exists(keys) => count(keys.iter().filter(|key| self.has(**key)).count()),
            Command::DbSize => count(self.values.iter().flatten().count()),
            Command::FlushDb => {
                for key in 0..self.values.len() {
                    self.delete(key);
                }
                Reply::ok()
            }
            Command::Rename(..) | Command::RenameNx(..) | Command::Copy(..) => {
                return self.run_moving(command);
            }
            Command::Push(..) | Command::Pop(..) | Command::LRange(_) | Command::LMove(..) => {
                return self.run_list(command);
            }
            Command::ZAdd(..)
            | Command::ZIncrBy(..)
            | Command::ZRem(..)
            | Command::ZRange(_)
            | Command::ZPopMin(_)
            | Command::ZUnion(_)
            | Command::ZUnionStore(..) => return self.run_zset(command),
            _ => return self.run_set(command),
        })
    }

    fn run_moving(&mut self, command: &Command) -> Result<Reply, Failed> {
        match *command {
            Command::Rename(from, to) => {
                self.rename(from, to)?;
                Ok(Reply::ok())
            }
            Command::RenameNx(from, to) => {
                let is_free = self.values[to].is_none();
                if is_free || !self.has(from) {
                    self.rename(from, to)?;
                }
                Ok(flag(is_free))
            }
            Command::Copy(from, to) if from == to => Err(SAME_OBJECTS),
            Command::Copy(from, to) => {
                let value = self.values[from].clone();
                let is_there = value.is_some();
                if is_there {
                    self.put(to, value);
                }
                Ok(flag(is_there))
            }
            _ => unreachable!("{command:?} moves no key"),
        }
    }

    fn run_list(&mut self, command: &Command) -> Result<Reply, Failed> {
        match command {
            Command::LRange(key) => {
                let elements = self.list(*key)?.into_iter().flatten();
                Ok(Reply::Array(elements.map(Reply::bulk).collect()))
            }
            Command::Push(side, key, element) => {
                let mut list = self.list(*key)?.cloned().unwrap_or_default();
                push(&mut list, *side, element.clone());
                let length = count(list.len());
                self.put_list(*key, list);
                Ok(length)
            }
            Command::Pop(side, key) => {
                let Some(mut list) = self.list(*key)?.cloned() else { return Ok(Reply::Nil) };
                let element = pop(&mut list, *side);
                self.put_list(*key, list);
                Ok(Reply::bulk(element))
            }
            Command::LMove(from, to, one, other) => {
                let Some(mut list) = self.list(*from)?.cloned() else { return Ok(Reply::Nil) };
                self.list(*to)?;
                let element = pop(&mut list, *one);
                if from != to {
                    self.put_list(*from, list);
                    list = self.list(*to)?.cloned().unwrap_or_default();
                }
                push(&mut list, *other, element.clone());
                self.put_list(*to, list);
                Ok(Reply::bulk(element))
            }
            _ => unreachable!("{command:?} is about no list"),
        }
    }

    fn run_set(&mut self, command: &Command) -> Result<Reply, Failed> {
        match command {
            Command::SAdd(key, member) => self.change_set(*key, |set| set.insert(member.clone())),
            Command::SRem(key, member) => self.change_set(*key, |set| set.remove(member)),
            Command::SMove(from, to, member) => {
                let Some(source) = self.set(*from)?.cloned() else { return Ok(flag(false)) };
                self.set(*to)?;
                if from == to || !source.contains(member) {
                    return Ok(flag(source.contains(member)));
                }
                self.change_set(*from, |set| set.remove(member))?;
                self.change_set(*to, |set| set.insert(member.clone()))?;
                Ok(flag(true))
            }
            Command::SMembers(key) => Ok(set_reply(&self.union(&[*key])?)),
            Command::SUnion(keys) => Ok(set_reply(&self.union(keys)?)),
            Command::SUnionStore(to, keys) => {
                let union = self.union(keys)?;
                let length = count(union.len());
                if !union.is_empty() || self.has(*to) {
                    self.put_set(*to, union);
                }
                Ok(length)
            }
            _ => unreachable!("{command:?} is about no set"),
        }
    }

    fn has(&self, key: Key) -> bool {
        self.values[key].is_some()
    }

    fn text(&self, key: Key) -> Result<Option<&str>, Failed> {
        match &self.values[key] {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(WRONG_TYPE),
        }
    }

    fn list(&self, key: Key) -> Result<Option<&VecDeque<String>>, Failed> {
        match &self.values[key] {
            None => Ok(None),
            Some(Value::List(list)) => Ok(Some(list)),
            Some(_) => Err(WRONG_TYPE),
        }
    }

    fn set(&self, key: Key) -> Result<Option<&BTreeSet<String>>, Failed> {
        match &self.values[key] {
            None => Ok(None),
            Some(Value::Set(set)) => Ok(Some(set)),
            Some(_) => Err(WRONG_TYPE),
        }
    }

    fn union(&self, keys: &[Key]) -> Result<BTreeSet<String>, Failed> {
        let mut union = BTreeSet::new();
        for key in keys {
            union.extend(self.set(*key)?.into_iter().flatten().cloned());
        }
        Ok(union)
    }

    fn add(&mut self, key: Key, by: i64) -> Result<Reply, Failed> {
        let text = self.text(key)?.unwrap_or("0");
        let number: i64 = text.parse().map_err(|_| NOT_INTEGER)?;
        if number.to_string() != text {
            return Err(NOT_INTEGER);
        }
        let sum = number.checked_add(by).ok_or("ERR increment or decrement would overflow")?;
        self.put(key, Some(Value::Text(sum.to_string())));
        Ok(Reply::Int(sum))
    }

    fn set_all(&mut self, pairs: &[(Key, String)]) {
        for (key, value) in pairs {
            self.put(*key, Some(Value::Text(value.clone())));
        }
    }

    fn delete(&mut self, key: Key) -> bool {
        let was_there = self.has(key);
        if was_there {
            self.put(key, None);
        }
        was_there
    }

    fn rename(&mut self, from: Key, to: Key) -> Result<(), Failed> {
        let value = self.values[from].clone().ok_or(NO_SUCH_KEY)?;
        if from != to {
            self.put(from, None);
            self.put(to, Some(value));
        }
        Ok(())
    }

    /// Changes a set, which comes into being or ends with it, if that changes anything.
    fn change_set(
        &mut self,
        key: Key,
        change: impl FnOnce(&mut BTreeSet<String>) -> bool,
    ) -> Result<Reply, Failed> {
        let mut set = self.set(key)?.cloned().unwrap_or_default();
        let is_changed = change(&mut set);
        if is_changed {
            self.put_set(key, set);
        }
        Ok(flag(is_changed))
    }
}

fn push(list: &mut VecDeque<String>, side: Side, element: String) {
    match side {
        Side::Left => list.push_front(element),
        Side::Right => list.push_back(element),
    }
}

fn pop(list: &mut VecDeque<String>, side: Side) -> String {
    let element = match side {
        Side::Left => list.pop_front(),
        Side::Right => list.pop_back(),
    };
    element.expect("a list that is there has elements")
}

fn flag(is_so: bool) -> Reply {
    Reply::Int(i64::from(is_so))
}

fn count(count: usize) -> Reply {
    Reply::Int(i64::try_from(count).expect("a small count"))
}

fn text_reply(text: Option<&str>) -> Reply {
    text.map_or(Reply::Nil, Reply::bulk)
}

fn set_reply(set: &BTreeSet<String>) -> Reply {
    Reply::Array(set.iter().map(Reply::bulk).collect())
}

fn value_print(key: Key, value: Option<&Value>) -> u128 {
    value.map_or(0, |value| print_of(&(key, value)))
}
