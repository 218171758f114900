//! Reading a list: LLEN, LRANGE, LINDEX, LPOS.

use datatypes::List;
use datatypes::list::End;
use datatypes::listpack::Needle;
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number::parse_i64;

use super::access::{answer, index_range, list_of, read};
use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{COUNT_NEGATIVE, MAXLEN_NEGATIVE, RANK_ZERO};

/// `LLEN key`
pub(super) fn llen(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let len = read(cx, args.at(1))?.map_or(0, List::len);
    reply.integer(len as i64);
    Ok(())
}

/// `LRANGE key start stop`
pub(super) fn lrange(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (start, stop) = (integer(args.at(2))?, integer(args.at(3))?);
    let Some(list) = read(cx, args.at(1))? else {
        reply.array(0);
        return Ok(());
    };
    let (start, count) = index_range(start, stop, list.len());
    reply.array(count);
    for item in list.iter_from(start).take(count) {
        answer(item, reply);
    }
    Ok(())
}

/// `LINDEX key index`
///
/// REDIS: whether there is a list matters before whether the index is one.
pub(super) fn lindex(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let Some(entry) = cx.lookup_read(args.at(1)) else {
        reply.null();
        return Ok(());
    };
    let list = list_of(entry)?;
    match place(integer(args.at(2))?, list.len()).and_then(|index| list.get(index)) {
        Some(item) => answer(item, reply),
        None => reply.null(),
    }
    Ok(())
}

/// The place of an index, counted from the end if negative; `None` outside of the list.
pub(super) fn place(index: i64, len: usize) -> Option<usize> {
    let len = len as i64;
    let index = if index < 0 { len + index } else { index };
    (0..len).contains(&index).then_some(index as usize)
}

/// The options of LPOS.
struct Search {
    /// The first match to answer, counted from 1, from the end if negative.
    rank: i64,
    /// How many matches, 0 for all; one number instead of an array if nothing is said.
    count: Option<i64>,
    /// How many elements are looked at, 0 for all.
    elements: i64,
}

impl Search {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let mut search = Self { rank: 1, count: None, elements: 0 };
        let mut words = Cursor::new(args, 3);
        while !words.is_at_end() {
            if words.keyword("RANK") {
                search.rank = words.i64()?;
                if search.rank == 0 {
                    return Err(RANK_ZERO);
                }
            } else if words.keyword("COUNT") {
                search.count = Some(not_negative(words.word()?).ok_or(COUNT_NEGATIVE)?);
            } else if words.keyword("MAXLEN") {
                search.elements = not_negative(words.word()?).ok_or(MAXLEN_NEGATIVE)?;
            } else {
                words.finish()?;
            }
        }
        Ok(search)
    }

    /// Calls `found` with the index of every match that is asked for.
    fn run(&self, list: &List, wanted: &[u8], mut found: impl FnMut(i64)) {
        let needle = Needle::new(wanted);
        let (end, last) = if self.rank < 0 { (End::Back, list.len() - 1) } else { (End::Front, 0) };
        // REDIS: the least of all numbers has no positive; it stays the least, so every match is
        // behind it, and none is ever the last: `LPOS l a RANK -9223372036854775808 COUNT 1`.
        let rank = self.rank.wrapping_abs();
        let elements = if self.elements == 0 { usize::MAX } else { self.elements as usize };
        let mut matches: i64 = 0;
        for (index, item) in list.iter(end).take(elements).enumerate() {
            if !item.is(&needle) {
                continue;
            }
            matches += 1;
            if matches >= rank {
                found(last.abs_diff(index) as i64);
                let count = self.count.unwrap_or(1);
                let is_one = self.count.is_none();
                if is_one || count != 0 && matches.wrapping_sub(rank).wrapping_add(1) >= count {
                    return;
                }
            }
        }
    }
}

fn not_negative(word: &[u8]) -> Option<i64> {
    parse_i64(word).filter(|number| *number >= 0)
}

/// `LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]`
pub(super) fn lpos(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let search = Search::parse(args)?;
    let list = read(cx, args.at(1))?;
    let before = reply.mark();
    let mut found = 0;
    if let Some(list) = list {
        search.run(list, args.at(2), |index| {
            reply.integer(index);
            found += 1;
        });
    }
    match search.count {
        Some(_) => reply.array_at(before, found),
        None if found == 0 => reply.null(),
        None => {}
    }
    Ok(())
}
