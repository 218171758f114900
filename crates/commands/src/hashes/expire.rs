//! Fields that will expire: HEXPIRE and its kin, HPERSIST.

use datatypes::HashMut;
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};
use smallvec::SmallVec;

use super::clauses::{Unit, fields_clause};
use super::lookup::{Rules, record_loss, write_hash};
use super::ttl::{NO_EXPIRY, NO_FIELD};
use crate::Outcome;
use crate::errors::{NUM_FIELDS_NOT_POSITIVE, NUMBER_OF_FIELDS_NOT_POSITIVE};
use crate::record::push_i64;

/// The answer for a field whose expiry the condition forbids to set.
const FORBIDDEN: i64 = 0;
/// The answer for a field that will expire, or never will any more.
const SET: i64 = 1;
/// The answer for a field that was taken out because its moment has passed.
const GONE: i64 = 2;

/// Names of fields.
pub(super) type Names<'a> = SmallVec<[&'a [u8]; 4]>;

/// `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS count field [field ...]`
pub(super) fn hexpire(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_expiry(cx, args, ("hexpire", Unit::EX), reply)
}

/// `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS count field [field ...]`
pub(super) fn hpexpire(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_expiry(cx, args, ("hpexpire", Unit::PX), reply)
}

/// `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS count field [field ...]`
pub(super) fn hexpireat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_expiry(cx, args, ("hexpireat", Unit::EXAT), reply)
}

/// `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS count field [field ...]`
pub(super) fn hpexpireat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_expiry(cx, args, ("hpexpireat", Unit::PXAT), reply)
}

/// When the expiry of a field is set at all.
#[derive(Clone, Copy)]
enum Condition {
    /// NX: it has none.
    None,
    /// XX: it has one.
    Some,
    /// GT: the new one is later; none is latest of all.
    Later,
    /// LT: the new one is earlier.
    Earlier,
}

impl Condition {
    fn named(word: &[u8]) -> Option<Self> {
        let names =
            [("NX", Self::None), ("XX", Self::Some), ("GT", Self::Later), ("LT", Self::Earlier)];
        let found = names.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
        found.map(|(_, condition)| *condition)
    }

    fn allows(self, current: Option<i64>, at: i64) -> bool {
        match self {
            Self::None => current.is_none(),
            Self::Some => current.is_some(),
            Self::Later => current.is_some_and(|current| at > current),
            Self::Earlier => current.is_none_or(|current| at < current),
        }
    }
}

fn set_expiry(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    (command, unit): (&str, Unit),
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let done = write_hash(cx, key, |hash| -> Result<_, ReplyError> {
        // The type is judged before the words.
        let at = unit.moment(args.at(2), now, command)?;
        let condition = Condition::named(args.at(3));
        let clause_at = 3 + usize::from(condition.is_some());
        let names = fields_clause(args, clause_at, NUM_FIELDS_NOT_POSITIVE)?;
        reply.array(names.len());
        let Some(mut hash) = hash else {
            names.iter().for_each(|_| reply.integer(NO_FIELD));
            return Ok((at, Names::new(), false));
        };
        // REDIS: `HEXPIRE h 100 FIELDS 1 nope`, `OBJECT ENCODING h` answers `listpackex`.
        hash.expect_expiry();
        let is_allowed = |current| condition.is_none_or(|it| it.allows(current, at));
        let mut touched = Names::new();
        for name in names.iter() {
            // REDIS: a field that has expired and that nobody has met yet comes back to life.
            let answer = match hash.as_ref().get(name, &rules) {
                None => NO_FIELD,
                Some(field) if !is_allowed(field.expire_at) => FORBIDDEN,
                Some(_) => {
                    touched.push(name);
                    apply(&mut hash, (name, at), now, &rules)
                }
            };
            reply.integer(answer);
        }
        Ok((at, touched, hash.as_ref().is_empty()))
    })?;
    let (at, touched, is_empty) = done?;
    if !touched.is_empty() {
        record_expiry(cx, key, (&touched, at), is_empty);
    }
    Ok(())
}

/// Lets a field expire at a moment, or vanish if that has passed; what to answer.
fn apply(hash: &mut HashMut<'_>, (name, at): (&[u8], i64), now: i64, rules: &Rules) -> i64 {
    if at <= now {
        hash.remove(name, rules);
        GONE
    } else {
        hash.set_expire(name, Some(at), rules);
        SET
    }
}

/// Lets fields that are there expire at a moment, or vanish if that has passed; whether the hash is
/// empty now.
pub(super) fn apply_all(
    hash: &mut HashMut<'_>,
    (names, at): (&[&[u8]], i64),
    now: i64,
    rules: &Rules,
) -> bool {
    hash.expect_expiry();
    for name in names {
        apply(hash, (name, at), now, rules);
    }
    hash.as_ref().is_empty()
}

/// Records what [`apply_all`] has done.
pub(super) fn record_expiry(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (names, at): (&[&[u8]], i64),
    is_empty: bool,
) {
    if at <= cx.now().0 {
        return record_loss(cx, key, (names.len(), is_empty), |words| {
            words.push(b"HDEL");
            words.push(key);
            names.iter().for_each(|name| words.push(name));
        });
    }
    let db = cx.db;
    let touches = || Touches::Key { db, key: key.into() };
    cx.changed_many(names.len() as u64, touches, &[Event::hash("hexpire")], |words| {
        words.push(b"HPEXPIREAT");
        words.push(key);
        push_i64(words, at);
        push_clause(words, names);
    });
}

/// Writes `FIELDS count field [field ...]`.
fn push_clause(words: &mut resp::Argv, names: &[&[u8]]) {
    words.push(b"FIELDS");
    push_i64(words, names.len() as i64);
    names.iter().for_each(|name| words.push(name));
}

/// `HPERSIST key FIELDS count field [field ...]`
pub(super) fn hpersist(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let persisted = write_hash(cx, key, |hash| -> Result<_, ReplyError> {
        let names = fields_clause(args, 2, NUMBER_OF_FIELDS_NOT_POSITIVE)?;
        reply.array(names.len());
        let mut hash = hash;
        let mut persisted = Names::new();
        for name in names.iter() {
            let field = hash.as_ref().and_then(|hash| hash.as_ref().get(name, &rules));
            let answer = match field.filter(|field| !field.is_dead(now)) {
                None => NO_FIELD,
                Some(field) if field.expire_at.is_none() => NO_EXPIRY,
                Some(_) => {
                    persisted.push(name);
                    SET
                }
            };
            if let Some(hash) = hash.as_mut().filter(|_| answer == SET) {
                hash.set_expire(name, None, &rules);
            }
            reply.integer(answer);
        }
        Ok(persisted)
    })??;
    record_persist(cx, key, &persisted);
    Ok(())
}

/// Records that fields have lost their expiries, if any have.
pub(super) fn record_persist(cx: &mut ShardCx<'_>, key: &[u8], names: &[&[u8]]) {
    if names.is_empty() {
        return;
    }
    let db = cx.db;
    let touches = || Touches::Key { db, key: key.into() };
    cx.changed_many(names.len() as u64, touches, &[Event::hash("hpersist")], |words| {
        words.push(b"HPERSIST");
        words.push(key);
        push_clause(words, names);
    });
}
