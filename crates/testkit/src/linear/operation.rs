//! An operation: what a client does as one, when, and what it was answered.

use super::command::{Command, EVERY_KEY, Key};
use super::model::{Keyspace, Value};
use crate::Reply;

/// What a client does as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A command alone.
    One(Command),
    /// WATCH.
    Watch(Vec<Key>),
    /// UNWATCH.
    Unwatch,
    /// MULTI, the commands, EXEC; the client may have watched these keys before.
    Exec { commands: Vec<Command>, watched: Vec<Key> },
    /// The test has read everything while nobody else was there, and found this.
    Census(Vec<Option<Value>>),
}

impl Action {
    /// The requests it is made of; the reply of the last one is that of the action.
    #[must_use]
    pub fn requests(&self, names: &[String]) -> Vec<Vec<String>> {
        let word = |word: &str| vec![word.to_owned()];
        match self {
            Self::One(command) => vec![command.words(names)],
            Self::Unwatch => vec![word("UNWATCH")],
            Self::Watch(keys) => {
                let keys = keys.iter().map(|key| names[*key].clone());
                vec![word("WATCH").into_iter().chain(keys).collect()]
            }
            Self::Exec { commands, .. } => {
                let queue = commands.iter().map(|command| command.words(names));
                let frame =
                    |queue: Vec<Vec<String>>| [vec![word("MULTI")], queue, vec![word("EXEC")]];
                frame(queue.collect()).concat()
            }
            Self::Census(_) => Vec::new(),
        }
    }

    /// The reply in the form that the model gives: without what protocols and chance may vary.
    #[must_use]
    pub fn normal(&self, reply: Reply) -> Reply {
        match (self, reply) {
            (Self::One(command), reply) => normal(command, reply),
            (Self::Exec { commands, .. }, Reply::Array(replies)) => {
                let pairs = commands.iter().zip(replies);
                Reply::Array(pairs.map(|(command, reply)| normal(command, reply)).collect())
            }
            (_, Reply::NilArray) => Reply::Nil,
            (_, reply) => reply,
        }
    }

    /// Runs it for a client.
    pub(super) fn run(&self, keyspace: &mut Keyspace, client: usize) -> Reply {
        match self {
            Self::One(command) => keyspace.run(command),
            Self::Watch(keys) => {
                keyspace.watch(client, keys.iter().fold(0, |bits, key| bits | 1 << key));
                Reply::ok()
            }
            Self::Unwatch => {
                keyspace.unwatch(client);
                Reply::ok()
            }
            Self::Exec { commands, .. } => match keyspace.unwatch(client) {
                true => Reply::Nil,
                false => Reply::Array(commands.iter().map(|it| keyspace.run(it)).collect()),
            },
            Self::Census(values) => match keyspace.values() == values {
                true => Reply::ok(),
                false => Reply::Nil,
            },
        }
    }

    /// The keys it looks at or changes.
    pub(super) fn keys(&self) -> u64 {
        let bits = |keys: &[Key]| keys.iter().fold(0, |bits, key| bits | 1_u64 << key);
        match self {
            Self::One(command) => command.keys(),
            Self::Watch(keys) => bits(keys),
            Self::Unwatch => 0,
            Self::Exec { commands, watched } => {
                commands.iter().fold(bits(watched), |bits, command| bits | command.keys())
            }
            Self::Census(_) => EVERY_KEY,
        }
    }

    /// Whether it must follow an earlier one of the same pipeline where keys decide.
    pub(super) fn follows(&self, earlier: &Self) -> bool {
        // What a client watches is its own: no key tells that these belong together.
        let is_watching =
            |action: &Self| matches!(action, Self::Watch(_) | Self::Unwatch | Self::Exec { .. });
        self.keys() & earlier.keys() != 0 || is_watching(self) && is_watching(earlier)
    }

    /// Whether it may change something.
    pub(super) fn may_write(&self) -> bool {
        self.written_keys(None) != 0
    }

    /// The keys it may change if it was answered so.
    pub(super) fn written_keys(&self, reply: Option<&Reply>) -> u64 {
        match self {
            Self::One(command)
                if reply.is_some_and(|reply| tells_nothing_changed(command, reply)) =>
            {
                0
            }
            Self::One(command) => command.written_keys(),
            Self::Exec { commands, .. } => match reply {
                Some(Reply::Array(replies)) if replies.len() == commands.len() => {
                    let pairs = commands.iter().zip(replies);
                    let writing = pairs.filter(|(it, reply)| !tells_nothing_changed(it, reply));
                    writing.fold(0, |bits, (command, _)| bits | command.written_keys())
                }
                Some(_) => 0,
                None => commands.iter().fold(0, |bits, command| bits | command.written_keys()),
            },
            Self::Watch(_) | Self::Unwatch | Self::Census(_) => 0,
        }
    }

    /// Whether it leaves everything as it was, whenever it is run and answered so.
    pub(super) fn is_idle(&self, reply: Option<&Reply>) -> bool {
        match self {
            // They change who watches what.
            Self::Watch(_) | Self::Unwatch => false,
            Self::Exec { watched, .. } if !watched.is_empty() => false,
            _ => self.written_keys(reply) == 0,
        }
    }
}

/// Whether the command has left everything as it was, to judge by its reply.
fn tells_nothing_changed(command: &Command, reply: &Reply) -> bool {
    match reply {
        Reply::Error(_) => true,
        Reply::Int(0) => matches!(
            command,
            Command::MSetNx(_)
                | Command::Del(_)
                | Command::RenameNx(..)
                | Command::Copy(..)
                | Command::SAdd(..)
                | Command::SRem(..)
                | Command::SMove(..)
        ),
        Reply::Nil => matches!(command, Command::Pop(..) | Command::LMove(..)),
        _ => false,
    }
}

/// Members and scores as RESP2 has them: texts in one array.
pub(super) fn flat(reply: Reply) -> Reply {
    match reply {
        Reply::Double(text) => Reply::bulk(text),
        Reply::Array(elements) => {
            let parts = elements.into_iter().map(flat).flat_map(|element| match element {
                Reply::Array(pair) => pair,
                other => vec![other],
            });
            Reply::Array(parts.collect())
        }
        reply => reply,
    }
}

fn normal(command: &Command, reply: Reply) -> Reply {
    match reply {
        Reply::NilArray => Reply::Nil,
        reply if command.answers_scores() => flat(reply),
        Reply::Set(mut members) | Reply::Array(mut members) if command.answers_a_set() => {
            members.sort_by_key(|member| match member {
                Reply::Bulk(bytes) => bytes.clone(),
                _ => Vec::new(),
            });
            Reply::Array(members)
        }
        reply => reply,
    }
}

/// How the commands of one pipeline are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Each takes effect after the one before it.
    Strict,
    /// Each takes effect after those before it that have a key with it in common, and what may
    /// write after all those before it that may.
    Writes,
    /// Each takes effect after those before it that have a key with it in common.
    ByKey,
}

impl Order {
    /// What Shoal promises: on one shard nothing can overtake; on several, reads run where their
    /// keys are, side by side, and with relaxed pipelines so do writes.
    #[must_use]
    pub fn of_shards(shards: usize, is_strict: bool) -> Self {
        match (shards, is_strict) {
            (1, _) => Self::Strict,
            (_, true) => Self::Writes,
            (_, false) => Self::ByKey,
        }
    }
}

/// What a client did.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Who: one connection.
    pub client: usize,
    /// What.
    pub action: Action,
    /// When it was asked for. No two instants of a history are the same.
    pub invoked: u64,
    /// When it was answered, and how; nothing if the client has not lived to see it. Then it has
    /// taken effect at some time after `invoked`, or never.
    pub answer: Option<(u64, Reply)>,
}

impl Operation {
    /// When it was answered.
    pub(super) fn returned(&self) -> u64 {
        self.answer.as_ref().map_or(u64::MAX, |(returned, _)| *returned)
    }

    pub(super) fn reply(&self) -> Option<&Reply> {
        self.answer.as_ref().map(|(_, reply)| reply)
    }
}
