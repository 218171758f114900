//! GEOADD, GEOPOS, GEODIST and GEOHASH: single places.

use datatypes::Zset;
use datatypes::geohash::Place;
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyError, ReplyWriter};

use super::words::{place, unit};
use crate::Outcome;
use crate::args::Cursor;
use crate::errors::SYNTAX;
use crate::record::push_i64;
use crate::sorted_sets::{read_zset, zadd};

/// `GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]`
///
/// REDIS: it becomes a ZADD, and that is what is told of it.
pub(super) fn geoadd(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (mut words, mut from) = (Cursor::new(args, 2), 2);
    let (mut nx, mut xx) = (false, false);
    loop {
        if words.keyword("NX") {
            nx = true;
        } else if words.keyword("XX") {
            xx = true;
        } else if !words.keyword("CH") {
            break;
        }
        from += 1;
    }
    if !(args.len() - from).is_multiple_of(3) || (nx && xx) {
        return Err(SYNTAX);
    }
    let mut words = Argv::from_words(&[b"ZADD"]);
    words.extend_from_args(args.slice(1..from));
    for at in (from..args.len()).step_by(3) {
        push_i64(&mut words, place(args, at)?.score() as i64);
        words.extend_from_args(args.slice(at + 2..at + 3));
    }
    zadd(cx, words.as_args(), reply)
}

/// `GEOPOS key [member ...]`
pub(super) fn geopos(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let places = places(cx, args)?;
    reply.array(places.len());
    for place in places {
        match place {
            Some(place) => answer_place(reply, place),
            None => reply.null_array(),
        }
    }
    Ok(())
}

/// Answers longitude and latitude.
pub(super) fn answer_place(reply: &mut ReplyWriter<'_>, place: Place) {
    reply.array(2);
    reply.human_double(place.longitude);
    reply.human_double(place.latitude);
}

/// `GEOHASH key [member ...]`
pub(super) fn geohash(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let places = places(cx, args)?;
    reply.array(places.len());
    for place in places {
        match place {
            Some(place) => reply.bulk(&place.text()),
            None => reply.null(),
        }
    }
    Ok(())
}

/// The places of all members that a request names.
fn places(cx: &mut ShardCx<'_>, args: Args<'_>) -> Result<Vec<Option<Place>>, ReplyError> {
    let rules = cx.shard.zset_rules();
    read_zset(cx, args.at(1), |zset| {
        let score = |zset: &Zset, member: &[u8]| zset.score(member, &rules);
        let place = |member| zset.and_then(|zset| score(zset, member)).map(Place::of_score);
        args.tail(2).iter().map(place).collect()
    })
}

/// `GEODIST key member member [unit]`
pub(super) fn geodist(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let meters = match args.len() {
        4 => 1.0,
        5 => unit(args.at(4))?,
        _ => return Err(SYNTAX),
    };
    let rules = cx.shard.zset_rules();
    let distance = read_zset(cx, args.at(1), |zset| {
        let place = |at: usize| zset?.score(args.at(at), &rules).map(Place::of_score);
        Some(place(2)?.distance(place(3)?))
    })?;
    match distance {
        Some(distance) => answer_distance(reply, distance / meters),
        None => reply.null(),
    }
    Ok(())
}

/// Answers a distance, to the fourth decimal.
pub(super) fn answer_distance(reply: &mut ReplyWriter<'_>, distance: f64) {
    reply.bulk(format!("{distance:.4}").as_bytes());
}
