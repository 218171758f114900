//! The commands that a history may hold: their words, their keys, and which of them write.

/// A key, by its place in the list of names that a test uses; 62 at most.
pub type Key = usize;

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Left,
    Right,
}

impl Side {
    fn word(self) -> &'static str {
        match self {
            Self::Left => "LEFT",
            Self::Right => "RIGHT",
        }
    }
}

/// A command with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Get(Key),
    Set(Key, String),
    Incr(Key),
    IncrBy(Key, i64),
    Append(Key, String),
    MGet(Vec<Key>),
    MSet(Vec<(Key, String)>),
    MSetNx(Vec<(Key, String)>),
    Del(Vec<Key>),
    Exists(Vec<Key>),
    Rename(Key, Key),
    RenameNx(Key, Key),
    /// `COPY from to REPLACE`.
    Copy(Key, Key),
    DbSize,
    FlushDb,
    SAdd(Key, String),
    SRem(Key, String),
    SMove(Key, Key, String),
    SMembers(Key),
    SUnion(Vec<Key>),
    SUnionStore(Key, Vec<Key>),
    /// A member with a score.
    ZAdd(Key, i64, String),
    ZIncrBy(Key, i64, String),
    ZRem(Key, String),
    /// `ZRANGE key 0 -1 WITHSCORES`.
    ZRange(Key),
    /// `ZPOPMIN key`.
    ZPopMin(Key),
    /// `ZUNION numkeys key ... WITHSCORES`.
    ZUnion(Vec<Key>),
    ZUnionStore(Key, Vec<Key>),
    Push(Side, Key, String),
    Pop(Side, Key),
    /// `LRANGE key 0 -1`.
    LRange(Key),
    LMove(Key, Key, Side, Side),
}

/// A command's name, or what a client does with several commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Get,
    Set,
    Incr,
    IncrBy,
    Append,
    MGet,
    MSet,
    MSetNx,
    Del,
    Exists,
    Rename,
    RenameNx,
    Copy,
    DbSize,
    FlushDb,
    SAdd,
    SRem,
    SMove,
    SMembers,
    SUnion,
    SUnionStore,
    ZAdd,
    ZIncrBy,
    ZRem,
    ZRange,
    ZPopMin,
    ZUnion,
    ZUnionStore,
    LPush,
    RPush,
    LPop,
    RPop,
    LRange,
    LMove,
    /// MULTI, some commands, EXEC.
    Exec,
    /// WATCH, a look, then an EXEC that rests on what was seen.
    WatchLoop,
}

/// Everything that is understood, with the commands that a server must have for it.
pub const ALL: &[(Kind, &[&str])] = &[
    (Kind::Get, &["GET"]),
    (Kind::Set, &["SET"]),
    (Kind::Incr, &["INCR"]),
    (Kind::IncrBy, &["INCRBY"]),
    (Kind::Append, &["APPEND"]),
    (Kind::MGet, &["MGET"]),
    (Kind::MSet, &["MSET"]),
    (Kind::MSetNx, &["MSETNX"]),
    (Kind::Del, &["DEL"]),
    (Kind::Exists, &["EXISTS"]),
    (Kind::Rename, &["RENAME"]),
    (Kind::RenameNx, &["RENAMENX"]),
    (Kind::Copy, &["COPY"]),
    (Kind::DbSize, &["DBSIZE"]),
    (Kind::FlushDb, &["FLUSHDB"]),
    (Kind::SAdd, &["SADD"]),
    (Kind::SRem, &["SREM"]),
    (Kind::SMove, &["SMOVE"]),
    (Kind::SMembers, &["SMEMBERS"]),
    (Kind::SUnion, &["SUNION"]),
    (Kind::SUnionStore, &["SUNIONSTORE"]),
    (Kind::ZAdd, &["ZADD"]),
    (Kind::ZIncrBy, &["ZINCRBY"]),
    (Kind::ZRem, &["ZREM"]),
    (Kind::ZRange, &["ZRANGE"]),
    (Kind::ZPopMin, &["ZPOPMIN"]),
    (Kind::ZUnion, &["ZUNION"]),
    (Kind::ZUnionStore, &["ZUNIONSTORE"]),
    (Kind::LPush, &["LPUSH"]),
    (Kind::RPush, &["RPUSH"]),
    (Kind::LPop, &["LPOP"]),
    (Kind::RPop, &["RPOP"]),
    (Kind::LRange, &["LRANGE"]),
    (Kind::LMove, &["LMOVE"]),
    (Kind::Exec, &["MULTI", "EXEC"]),
    (Kind::WatchLoop, &["WATCH", "UNWATCH", "MULTI", "EXEC"]),
];

/// What a server must have; a test that finds less has found a mistake.
///
/// Whatever of [`ALL`] it has beyond these is used as well: move it here when it has landed.
pub const LANDED: &[Kind] = &[
    Kind::Get,
    Kind::Set,
    Kind::Incr,
    Kind::IncrBy,
    Kind::Append,
    Kind::MGet,
    Kind::MSet,
    Kind::MSetNx,
    Kind::Del,
    Kind::Exists,
    Kind::Rename,
    Kind::RenameNx,
    Kind::Copy,
    Kind::DbSize,
    Kind::FlushDb,
    Kind::LPush,
    Kind::RPush,
    Kind::LPop,
    Kind::RPop,
    Kind::LRange,
    Kind::LMove,
    Kind::SAdd,
    Kind::SRem,
    Kind::SMove,
    Kind::SMembers,
    Kind::SUnion,
    Kind::SUnionStore,
    Kind::ZAdd,
    Kind::ZIncrBy,
    Kind::ZRem,
    Kind::ZRange,
    Kind::ZPopMin,
    Kind::ZUnion,
    Kind::ZUnionStore,
    Kind::Exec,
    Kind::WatchLoop,
];

/// The operations in play on a server, which says whether it has a command.
///
/// # Panics
/// If it lacks one of [`LANDED`].
pub fn in_play(mut has: impl FnMut(&str) -> bool) -> Vec<Kind> {
    let all = ALL.iter().filter(|(_, needs)| needs.iter().all(|name| has(name)));
    let kinds: Vec<Kind> = all.map(|(kind, _)| *kind).collect();
    let missing: Vec<&Kind> = LANDED.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "the server has lost {missing:?}");
    kinds
}

/// Sets of keys as bits; what concerns the whole database has all of them.
pub(super) const EVERY_KEY: u64 = u64::MAX;

fn bits(keys: impl IntoIterator<Item = Key>) -> u64 {
    keys.into_iter().fold(0, |bits, key| bits | 1 << key)
}

/// How many keys, and their names.
fn counted<'a>(keys: &'a [Key], names: &'a [String]) -> impl Iterator<Item = String> + 'a {
    std::iter::once(keys.len().to_string()).chain(keys.iter().map(|key| names[*key].clone()))
}

impl Command {
    /// The request.
    #[must_use]
    pub fn words(&self, names: &[String]) -> Vec<String> {
        let mut words = vec![self.name().to_owned()];
        let mut key = |key: &Key| words.push(names[*key].clone());
        match self {
            Self::DbSize | Self::FlushDb => {}
            Self::MGet(keys) | Self::Del(keys) | Self::Exists(keys) | Self::SUnion(keys) => {
                keys.iter().for_each(key);
            }
            Self::SUnionStore(to, keys) => [to].into_iter().chain(keys).for_each(key),
            Self::ZUnion(keys) => {
                words.extend(counted(keys, names));
                words.push("WITHSCORES".into());
            }
            Self::ZUnionStore(to, keys) => {
                key(to);
                words.extend(counted(keys, names));
            }
            Self::ZAdd(name, score, member) | Self::ZIncrBy(name, score, member) => {
                key(name);
                words.extend([score.to_string(), member.clone()]);
            }
            Self::ZRange(name) => {
                key(name);
                words.extend(["0".into(), "-1".into(), "WITHSCORES".into()]);
            }
            Self::MSet(pairs) | Self::MSetNx(pairs) => {
                for (name, value) in pairs {
                    words.extend([names[*name].clone(), value.clone()]);
                }
            }
            Self::Rename(from, to) | Self::RenameNx(from, to) => {
                [from, to].into_iter().for_each(key);
            }
            Self::Copy(from, to) => {
                [from, to].into_iter().for_each(key);
                words.push("REPLACE".into());
            }
            Self::SMove(from, to, member) => {
                [from, to].into_iter().for_each(key);
                words.push(member.clone());
            }
            Self::LMove(from, to, one, other) => {
                [from, to].into_iter().for_each(key);
                words.extend([one.word().into(), other.word().into()]);
            }
            Self::Set(name, value)
            | Self::Append(name, value)
            | Self::SAdd(name, value)
            | Self::SRem(name, value)
            | Self::ZRem(name, value)
            | Self::Push(_, name, value) => {
                key(name);
                words.push(value.clone());
            }
            Self::IncrBy(name, by) => {
                key(name);
                words.push(by.to_string());
            }
            Self::LRange(name) => {
                key(name);
                words.extend(["0".into(), "-1".into()]);
            }
            Self::Get(name)
            | Self::Incr(name)
            | Self::SMembers(name)
            | Self::ZPopMin(name)
            | Self::Pop(_, name) => key(name),
        }
        words
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Get(_) => "GET",
            Self::Set(..) => "SET",
            Self::Incr(_) => "INCR",
            Self::IncrBy(..) => "INCRBY",
            Self::Append(..) => "APPEND",
            Self::MGet(_) => "MGET",
            Self::MSet(_) => "MSET",
            Self::MSetNx(_) => "MSETNX",
            Self::Del(_) => "DEL",
            Self::Exists(_) => "EXISTS",
            Self::Rename(..) => "RENAME",
            Self::RenameNx(..) => "RENAMENX",
            Self::Copy(..) => "COPY",
            Self::DbSize => "DBSIZE",
            Self::FlushDb => "FLUSHDB",
            Self::SAdd(..) => "SADD",
            Self::SRem(..) => "SREM",
            Self::SMove(..) => "SMOVE",
            Self::SMembers(_) => "SMEMBERS",
            Self::SUnion(_) => "SUNION",
            Self::SUnionStore(..) => "SUNIONSTORE",
            Self::ZAdd(..) => "ZADD",
            Self::ZIncrBy(..) => "ZINCRBY",
            Self::ZRem(..) => "ZREM",
            Self::ZRange(_) => "ZRANGE",
            Self::ZPopMin(_) => "ZPOPMIN",
            Self::ZUnion(_) => "ZUNION",
            Self::ZUnionStore(..) => "ZUNIONSTORE",
            Self::Push(Side::Left, ..) => "LPUSH",
            Self::Push(Side::Right, ..) => "RPUSH",
            Self::Pop(Side::Left, _) => "LPOP",
            Self::Pop(Side::Right, _) => "RPOP",
            Self::LRange(_) => "LRANGE",
            Self::LMove(..) => "LMOVE",
        }
    }

    /// The keys it looks at or changes.
    pub(super) fn keys(&self) -> u64 {
        match self {
            Self::DbSize | Self::FlushDb => EVERY_KEY,
            Self::MGet(keys)
            | Self::Del(keys)
            | Self::Exists(keys)
            | Self::SUnion(keys)
            | Self::ZUnion(keys) => bits(keys.iter().copied()),
            Self::SUnionStore(to, keys) | Self::ZUnionStore(to, keys) => {
                bits(keys.iter().copied().chain([*to]))
            }
            Self::MSet(pairs) | Self::MSetNx(pairs) => bits(pairs.iter().map(|(key, _)| *key)),
            Self::Rename(from, to)
            | Self::RenameNx(from, to)
            | Self::Copy(from, to)
            | Self::SMove(from, to, _)
            | Self::LMove(from, to, ..) => bits([*from, *to]),
            Self::Set(key, _)
            | Self::Append(key, _)
            | Self::SAdd(key, _)
            | Self::SRem(key, _)
            | Self::ZAdd(key, ..)
            | Self::ZIncrBy(key, ..)
            | Self::ZRem(key, _)
            | Self::ZRange(key)
            | Self::ZPopMin(key)
            | Self::Push(_, key, _)
            | Self::IncrBy(key, _)
            | Self::LRange(key)
            | Self::Get(key)
            | Self::Incr(key)
            | Self::SMembers(key)
            | Self::Pop(_, key) => bits([*key]),
        }
    }

    /// The keys it may change; those that another order of the same commands would show.
    pub(super) fn written_keys(&self) -> u64 {
        match self {
            Self::Get(_)
            | Self::MGet(_)
            | Self::Exists(_)
            | Self::DbSize
            | Self::SMembers(_)
            | Self::SUnion(_)
            | Self::ZRange(_)
            | Self::ZUnion(_)
            | Self::LRange(_) => 0,
            Self::Copy(_, to) | Self::SUnionStore(to, _) | Self::ZUnionStore(to, _) => bits([*to]),
            _ => self.keys(),
        }
    }

    /// Whether its reply has scores in it, which RESP3 writes in another form.
    pub(super) fn answers_scores(&self) -> bool {
        matches!(self, Self::ZIncrBy(..) | Self::ZRange(_) | Self::ZPopMin(_) | Self::ZUnion(_))
    }

    /// Whether its reply is a set, whose order means nothing.
    pub(super) fn answers_a_set(&self) -> bool {
        matches!(self, Self::SMembers(_) | Self::SUnion(_))
    }
}
