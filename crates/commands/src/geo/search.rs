//! GEOSEARCH, GEOSEARCHSTORE, GEORADIUS and their kin: the members in a part of the earth.

use std::cmp::Ordering;

use datatypes::geohash::{Place, Shape, cells};
use datatypes::listpack::Element;
use datatypes::zset::ScoreRange;
use datatypes::{Entry, Object, Zset};
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use super::members::{answer_distance, answer_place};
use super::request::{Form, Order, Request};
use crate::Outcome;
use crate::record::delete_key;
use crate::sorted_sets::read_zset;

/// `GEORADIUS key longitude latitude radius unit [option ...]`
pub(super) fn georadius(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::Radius { may_store: true })
}

/// `GEORADIUS_RO key longitude latitude radius unit [option ...]`
pub(super) fn georadius_ro(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::Radius { may_store: false })
}

/// `GEORADIUSBYMEMBER key member radius unit [option ...]`
pub(super) fn georadiusbymember(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::RadiusByMember { may_store: true })
}

/// `GEORADIUSBYMEMBER_RO key member radius unit [option ...]`
pub(super) fn georadiusbymember_ro(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::RadiusByMember { may_store: false })
}

/// `GEOSEARCH key FROMMEMBER member|FROMLONLAT longitude latitude BYRADIUS ...|BYBOX ... [option
/// ...]`
pub(super) fn geosearch(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::Search)
}

/// `GEOSEARCHSTORE destination source` and the same
pub(super) fn geosearchstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    search(cx, args, reply, Form::SearchStore)
}

/// A member that was found.
struct Found {
    member: Vec<u8>,
    score: f64,
    place: Place,
    /// From the middle, meters.
    distance: f64,
}

fn search(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    form: Form,
) -> Outcome {
    let source = args.at(form.source_at());
    let rules = cx.shard.zset_rules();
    let (request, found) = read_zset(cx, source, |zset| {
        let Some(zset) = zset else {
            return Ok((Request::parse(args, form, None)?, None));
        };
        let place_of = |member: &[u8]| zset.score(member, &rules).map(Place::of_score);
        let request = Request::parse(args, form, Some(&place_of))?;
        let found = request.area().map(|area| find(zset, area, &request));
        Ok::<_, ReplyError>((request, found))
    })??;
    match request.store_at {
        Some(at) => {
            store(cx, (args, at, source), &found.unwrap_or_default(), (&request, form), reply)
        }
        None => {
            answer(&found.unwrap_or_default(), &request, reply);
            Ok(())
        }
    }
}

/// The members that are asked for, in the order that is asked for.
fn find(zset: &Zset, (middle, shape): (Place, Shape), request: &Request) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let enough = if request.any { request.count } else { usize::MAX };
    for cell in cells(middle, shape) {
        let (min, max) = cell.scores();
        let range = ScoreRange { min, max, is_min_out: false, is_max_out: true };
        for (member, score) in zset.range(zset.score_range(&range), false) {
            if found.len() >= enough {
                break;
            }
            let place = Place::of_score(score);
            if let Some(distance) = shape.distance(middle, place) {
                found.push(Found { member: Element::to_vec(member), score, place, distance });
            }
        }
    }
    let by_distance =
        |a: &Found, b: &Found| a.distance.partial_cmp(&b.distance).unwrap_or(Ordering::Equal);
    match request.order {
        // REDIS: a count without an order is of the nearest, unless any will do.
        Order::AsFound if request.count == 0 || request.any => {}
        Order::AsFound | Order::Nearest => found.sort_by(by_distance),
        Order::Farthest => found.sort_by(|a, b| by_distance(b, a)),
    }
    if request.count > 0 {
        found.truncate(request.count);
    }
    found
}

fn answer(found: &[Found], request: &Request, reply: &mut ReplyWriter<'_>) {
    let extras = [request.with_distance, request.with_hash, request.with_place];
    let extras = extras.iter().filter(|it| **it).count();
    reply.array(found.len());
    for Found { member, score, place, distance } in found {
        if extras > 0 {
            reply.array(1 + extras);
        }
        reply.bulk(member);
        if request.with_distance {
            answer_distance(reply, distance / request.meters);
        }
        if request.with_hash {
            reply.integer(*score as i64);
        }
        if request.with_place {
            answer_place(reply, *place);
        }
    }
}

/// Makes a sorted set of what was found, or deletes the key if that is nothing.
fn store(
    cx: &mut ShardCx<'_>,
    (args, target_at, source): (Args<'_>, usize, &[u8]),
    found: &[Found],
    (request, form): (&Request, Form),
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let target = args.at(target_at);
    reply.integer(found.len() as i64);
    if found.is_empty() {
        delete_key(cx, target, "DEL");
        return Ok(());
    }
    let rules = cx.shard.zset_rules();
    let longest = found.iter().map(|it| it.member.len()).max().unwrap_or(0);
    let is_small = found.len() <= rules.limits.entries && longest <= rules.limits.value;
    let mut zset = if is_small { Zset::new() } else { Zset::new_large() };
    for it in found {
        let score = if request.stores_distance { it.distance / request.meters } else { it.score };
        zset.insert(&it.member, score, &rules);
    }
    zset.shrink_to_fit();
    let (db, lru) = (cx.db, cx.fresh_lru());
    cx.put(Entry::new_object(target, Object::Zset(zset), None, lru));
    let event = match form {
        Form::SearchStore => "geosearchstore",
        _ => "georadiusstore",
    };
    cx.changed_many(
        found.len() as u64,
        || Touches::Made { db, key: target.into(), of: vec![source.into()] },
        &[Event::sorted_set(event)],
        |words| words.extend_from_args(args),
    );
    Ok(())
}
