//! Whole strings: SET and GET with their variants.
//!
//! GET, and SET without options, are the hot path of the whole server: one probe of the table each,
//! and no allocation where a key of similar size is there already.

use keyspace::{Event, ShardCx};
use resp::{Args, ReplyWriter};

use super::set_options::{Condition, Expiry, SetOptions, Ttl, Unit, parse_getex};
use crate::Outcome;
use crate::record::{delete_key, expire_key, persist_key};
use crate::text::{answer, push_set, put_word, set_word, set_word_until};

/// `GET key`
pub(super) fn get(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    answer(cx, args.at(1), reply).map(|_| ())
}

/// `SET key value [options]`
pub(super) fn set(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    if args.len() > 3 {
        return set_with_options(cx, args, reply);
    }
    set_word(cx, args.at(1), (args, 2));
    reply.ok();
    Ok(())
}

fn set_with_options(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let options = SetOptions::parse(args)?;
    let expire = match options.ttl {
        Ttl::Expire(expiry) => Some(expiry.moment(cx.now(), "set")?),
        _ => None,
    };
    let key = args.at(1);
    if options.get {
        // The old value is the reply, whether a new one is set or not.
        answer(cx, key, reply)?;
    }
    let is_allowed = match options.condition {
        None => true,
        // To overwrite a key is a use of it, to find it there and leave it is one as well.
        Some(Condition::Absent) => cx.lookup_write(key).is_none(),
        Some(Condition::Present) => cx.contains(key),
    };
    if is_allowed {
        match (options.ttl, expire) {
            (_, Some(at)) => set_word_until(cx, key, (args, 2), at),
            (Ttl::Keep, _) => set_word_keeping_ttl(cx, key, (args, 2)),
            _ => set_word(cx, key, (args, 2)),
        }
    }
    if !options.get {
        if is_allowed { reply.ok() } else { reply.null() }
    }
    Ok(())
}

fn set_word_keeping_ttl(cx: &mut ShardCx<'_>, key: &[u8], word: (Args<'_>, usize)) {
    let expire = cx.expire_at(key);
    put_word(cx, key, word, expire);
    cx.changed(key, Event::string("set"), |words| {
        push_set(words, key, word);
        words.push(b"KEEPTTL");
    });
}

/// `SETNX key value`
pub(super) fn setnx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let is_absent = cx.lookup_write(key).is_none();
    if is_absent {
        set_word(cx, key, (args, 2));
    }
    reply.integer(i64::from(is_absent));
    Ok(())
}

/// `SETEX key seconds value`
pub(super) fn setex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let expiry = Expiry { unit: Unit::EX, number: args.at(2) };
    let expire = expiry.moment(cx.now(), "setex")?;
    set_word_until(cx, args.at(1), (args, 3), expire);
    reply.ok();
    Ok(())
}

/// `PSETEX key milliseconds value`
pub(super) fn psetex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let expiry = Expiry { unit: Unit::PX, number: args.at(2) };
    let expire = expiry.moment(cx.now(), "psetex")?;
    set_word_until(cx, args.at(1), (args, 3), expire);
    reply.ok();
    Ok(())
}

/// `GETSET key value`
pub(super) fn getset(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    answer(cx, args.at(1), reply)?;
    set_word(cx, args.at(1), (args, 2));
    Ok(())
}

/// `GETDEL key`
pub(super) fn getdel(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    if answer(cx, key, reply)? {
        delete_key(cx, key, "DEL");
    }
    Ok(())
}

/// `GETEX key [options]`
pub(super) fn getex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let ttl = parse_getex(args)?;
    let key = args.at(1);
    let before = reply.mark();
    if !answer(cx, key, reply)? {
        return Ok(());
    }
    match ttl {
        Ttl::Unsaid | Ttl::Keep => {}
        Ttl::Persist => {
            persist_key(cx, key);
        }
        Ttl::Expire(expiry) => {
            let expire = expiry.moment(cx.now(), "getex").inspect_err(|_| {
                // REDIS: a missing key is null whatever the number, so it is read after the lookup.
                reply.truncate_to(before);
            })?;
            if !expiry.unit.is_relative && expire <= cx.now() {
                delete_key(cx, key, "DEL");
                return Ok(());
            }
            expire_key(cx, key, expire);
        }
    }
    Ok(())
}
