//! Fields read, set or taken out together with their expiries: HGETEX, HSETEX, HGETDEL.

use datatypes::HashMut;
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, Argv, ReplyError, ReplyWriter};

use super::clauses::{Unit, fields_clause};
use super::expire::{Names, apply_all, record_expiry, record_persist};
use super::lookup::{Rules, answer_value, insert_hash, read_hash, record_loss, write_hash};
use crate::Outcome;
use crate::args::integer;
use crate::errors::{
    FNX_WITH_FXX, HSETEX_NUMBER_OF_FIELDS, NUMBER_OF_FIELDS_NOT_POSITIVE, SEVERAL_EXPIRIES,
    unknown_argument, wrong_number_of_arguments,
};
use crate::record::push_i64;

/// What becomes of the expiries of fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expiry {
    /// Nothing was said.
    Unsaid,
    /// KEEPTTL.
    Keep,
    /// PERSIST.
    Persist,
    /// EX and its kin.
    At(i64),
}

/// `HGETDEL key FIELDS count field [field ...]`
pub(super) fn hgetdel(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let mut dead = Names::new();
    let taken = write_hash(cx, key, |hash| -> Result<_, ReplyError> {
        let names = fields_clause(args, 2, NUMBER_OF_FIELDS_NOT_POSITIVE)?;
        reply.array(names.len());
        let Some(mut hash) = hash else {
            names.iter().for_each(|_| reply.null());
            return Ok((Names::new(), false));
        };
        let mut taken = Names::new();
        for name in names.iter() {
            let field = hash.as_ref().get(name, &rules);
            answer_value(reply, field.filter(|field| !field.is_dead(now)));
            match field.map(|field| field.is_dead(now)) {
                Some(true) => dead.push(name),
                Some(false) => {
                    taken.push(name);
                    hash.remove(name, &rules);
                }
                None => {}
            }
        }
        Ok((taken, hash.as_ref().is_empty()))
    })?;
    let (taken, is_empty) = taken?;
    if !taken.is_empty() {
        record_loss(cx, key, (taken.len(), is_empty), |words| {
            words.push(b"HDEL");
            words.push(key);
            taken.iter().for_each(|name| words.push(name));
        });
    }
    if !dead.is_empty() {
        cx.expire_fields(key, &dead);
    }
    Ok(())
}

/// `HGETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] FIELDS count field [field ...]`
pub(super) fn hgetex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let mut dead = Names::new();
    let asked = read_hash(cx, key, |hash| -> Result<_, ReplyError> {
        let (expiry, clause_at) = hgetex_option(args, now)?;
        if args.len() == clause_at + 1 {
            return Err(wrong_number_of_arguments("hgetex"));
        }
        let names = fields_clause(args, clause_at, NUMBER_OF_FIELDS_NOT_POSITIVE)?;
        reply.array(names.len());
        let mut touched = Names::new();
        for name in names.iter() {
            let field = hash.and_then(|hash| hash.get(name, &rules));
            answer_value(reply, field.filter(|field| !field.is_dead(now)));
            match field {
                Some(field) if field.is_dead(now) => dead.push(name),
                Some(field) if expiry != Expiry::Persist || field.expire_at.is_some() => {
                    touched.push(name);
                }
                _ => {}
            }
        }
        Ok((expiry, touched))
    })?;
    let (expiry, touched) = asked?;
    if !dead.is_empty() {
        cx.expire_fields(key, &dead);
    }
    change_expiries(cx, key, (&touched, expiry), &rules)
}

/// The option of HGETEX, and where the clause of fields begins.
fn hgetex_option(args: Args<'_>, now: i64) -> Result<(Expiry, usize), ReplyError> {
    let option = args.at(2);
    if let Some(unit) = Unit::named(option) {
        return Ok((Expiry::At(unit.moment(args.at(3), now, "hgetex")?), 4));
    }
    let is_persist = option.eq_ignore_ascii_case(b"PERSIST");
    Ok(if is_persist { (Expiry::Persist, 3) } else { (Expiry::Unsaid, 2) })
}

/// Gives fields that are there other expiries, or none, and records that.
fn change_expiries(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (names, expiry): (&[&[u8]], Expiry),
    rules: &Rules,
) -> Outcome {
    let now = cx.now().0;
    match expiry {
        Expiry::Unsaid | Expiry::Keep => {}
        Expiry::Persist => {
            write_hash(cx, key, |hash| {
                let Some(mut hash) = hash else { return };
                // REDIS: `HGETEX h PERSIST FIELDS 1 a`, `OBJECT ENCODING h` answers `listpackex`.
                hash.expect_expiry();
                for name in names {
                    hash.set_expire(name, None, rules);
                }
            })?;
            record_persist(cx, key, names);
        }
        Expiry::At(at) => {
            let is_empty = write_hash(cx, key, |hash| {
                hash.is_some_and(|mut hash| apply_all(&mut hash, (names, at), now, rules))
            })?;
            if !names.is_empty() {
                record_expiry(cx, key, (names, at), is_empty);
            }
        }
    }
    Ok(())
}

/// The options of HSETEX.
struct SetOptions<'a> {
    /// FNX: only if none of the fields is there; FXX: only if all are.
    all_there: Option<bool>,
    expiry: Expiry,
    /// Names and values in turn.
    pairs: Args<'a>,
}

impl<'a> SetOptions<'a> {
    fn parse(args: Args<'a>, now: i64) -> Result<Self, ReplyError> {
        let (mut all_there, mut expiry) = (None, Expiry::Unsaid);
        let mut at = 2;
        while let Some(word) = args.get(at) {
            let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
            if is("FIELDS") {
                let pairs = pairs_clause(args, at)?;
                return Ok(Self { all_there, expiry, pairs });
            } else if is("FNX") || is("FXX") {
                if all_there.replace(is("FXX")).is_some() {
                    return Err(FNX_WITH_FXX);
                }
            } else if is("KEEPTTL") || Unit::named(word).is_some() {
                if expiry != Expiry::Unsaid {
                    return Err(SEVERAL_EXPIRIES);
                }
                expiry = Expiry::Keep;
                if let Some(unit) = Unit::named(word) {
                    at += 1;
                    let number = args.get(at).ok_or_else(arity_error)?;
                    expiry = Expiry::At(unit.moment(number, now, "hsetex")?);
                }
            } else {
                return Err(unknown_argument(word));
            }
            at += 1;
        }
        Err(arity_error())
    }

    /// Whether what is there lets the fields be set.
    fn allow(&self, mut is_there: impl FnMut(&'a [u8]) -> bool) -> bool {
        self.all_there.is_none_or(|wanted| self.names().all(|name| is_there(name) == wanted))
    }

    fn names(&self) -> impl Iterator<Item = &'a [u8]> {
        self.pairs.iter().step_by(2)
    }

    /// Whether the fields are to expire at once.
    fn is_past(&self, now: i64) -> bool {
        matches!(self.expiry, Expiry::At(at) if at <= now)
    }
}

fn arity_error() -> ReplyError {
    wrong_number_of_arguments("hsetex")
}

/// Reads `FIELDS count field value [field value ...]` to the end.
fn pairs_clause(args: Args<'_>, at: usize) -> Result<Args<'_>, ReplyError> {
    let count = args.get(at + 1).ok_or_else(arity_error)?;
    let count = integer(count).ok().and_then(|count| i32::try_from(count).ok());
    let count = count.filter(|count| *count > 0).ok_or(HSETEX_NUMBER_OF_FIELDS)?;
    let pairs = args.tail(at + 2);
    if pairs.len() == count as usize * 2 { Ok(pairs) } else { Err(arity_error()) }
}

/// `HSETEX key [FNX | FXX] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL] FIELDS count field value
/// [field value ...]`
pub(super) fn hsetex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let options = SetOptions::parse(args, now)?;
    let (mut known, mut dead) = (Names::new(), Names::new());
    let is_set = write_hash(cx, key, |hash| {
        let seen = hash.as_ref().map(HashMut::as_ref);
        let field = |name: &[u8]| seen.and_then(|hash| hash.get(name, &rules));
        let is_allowed = options.allow(|name| {
            let is_dead = field(name).map(|field| field.is_dead(now));
            dead.extend((is_dead == Some(true)).then_some(name));
            is_dead == Some(false)
        });
        if !is_allowed {
            return Some(false);
        }
        if options.is_past(now) {
            known.extend(options.names().filter(|name| field(name).is_some()));
        }
        let mut hash = hash?;
        set_all(&mut hash, &options, now, &rules);
        Some(true)
    })?;
    if is_set == Some(false) {
        // REDIS: expired fields vanish when the condition is looked at.
        if !dead.is_empty() {
            cx.expire_fields(key, &dead);
        }
        reply.integer(0);
        return Ok(());
    }
    if is_set.is_none() {
        insert_hash(cx, key, (options.pairs.iter(), &rules));
    }
    finish(cx, key, (&options, &known), &rules)?;
    reply.integer(1);
    Ok(())
}

/// Sets the fields; under KEEPTTL those that have not expired keep their expiries.
fn set_all(hash: &mut HashMut<'_>, options: &SetOptions<'_>, now: i64, rules: &Rules) {
    hash.expect(options.pairs.iter(), rules);
    let mut words = options.pairs.iter();
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        let lives = hash.as_ref().get(name, rules).is_some_and(|field| !field.is_dead(now));
        hash.set(name, value, lives && options.expiry == Expiry::Keep, rules);
    }
}

/// Gives the fields that were set their expiries, and records all of it.
///
/// REDIS: fields that are set to expire in the past are set and taken out, and both is announced.
/// What is left of that is the loss of those that were `known`.
fn finish(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (options, known): (&SetOptions<'_>, &[&[u8]]),
    rules: &Rules,
) -> Outcome {
    let (now, db) = (cx.now().0, cx.db);
    let names: Names<'_> = options.names().collect();
    let mut events = vec![Event::hash("hset")];
    if let Expiry::At(at) = options.expiry {
        let is_empty = write_hash(cx, key, |hash| {
            hash.is_some_and(|mut hash| apply_all(&mut hash, (&names, at), now, rules))
        })?;
        events.push(Event::hash(if at <= now { "hdel" } else { "hexpire" }));
        if is_empty {
            cx.delete(key);
            events.push(Event::generic("del"));
        }
    }
    let touches = || Touches::Key { db, key: key.into() };
    cx.changed_many(names.len() as u64, touches, &events, |words| {
        if !options.is_past(now) {
            return push_request(words, key, options);
        }
        if !known.is_empty() {
            *words = Argv::from_words(&[b"HDEL", key]);
            known.iter().for_each(|name| words.push(name));
        }
    });
    Ok(())
}

/// Writes the request as it is to be repeated.
fn push_request(words: &mut Argv, key: &[u8], options: &SetOptions<'_>) {
    *words = Argv::from_words(&[b"HSETEX", key]);
    match options.expiry {
        Expiry::At(at) => {
            words.push(b"PXAT");
            push_i64(words, at);
        }
        Expiry::Keep => words.push(b"KEEPTTL"),
        Expiry::Unsaid | Expiry::Persist => {}
    }
    words.push(b"FIELDS");
    push_i64(words, options.pairs.len() as i64 / 2);
    words.extend_from_args(options.pairs);
}
