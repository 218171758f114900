//! PFDEBUG and PFSELFTEST: how a HyperLogLog is kept, and whether that works.

use std::fmt::Write as _;

use datatypes::hyperloglog::{self, Encoding, Registers, Run, runs};
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};

use super::{hyperloglog_in, hyperloglog_of};
use crate::Outcome;
use crate::errors::{
    CORRUPTED_HYPERLOGLOG, PFDEBUG_NO_SUCH_KEY, PFDEBUG_NOT_SPARSE, unknown_pfdebug,
};

/// `PFDEBUG DECODE|ENCODING|GETREG|TODENSE key`
pub(super) fn pfdebug(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let entry = cx.lookup_write(args.at(2)).ok_or(PFDEBUG_NO_SUCH_KEY)?;
    let bytes = hyperloglog_in(entry)?;
    let is = |name: &[u8]| args.at(1).eq_ignore_ascii_case(name);
    match () {
        () if is(b"GETREG") => {
            make_dense(cx, args)?;
            answer_registers(cx, args.at(2), reply)
        }
        () if is(b"DECODE") => {
            if hyperloglog::encoding(bytes) != Encoding::Sparse {
                return Err(PFDEBUG_NOT_SPARSE);
            }
            reply.bulk(decoded(bytes).as_bytes());
            Ok(())
        }
        () if is(b"ENCODING") => {
            reply.simple(hyperloglog::encoding(bytes).name());
            Ok(())
        }
        () if is(b"TODENSE") => {
            let was_sparse = make_dense(cx, args)?;
            reply.integer(i64::from(was_sparse));
            Ok(())
        }
        () => Err(unknown_pfdebug(args.at(1))),
    }
}

/// Makes the registers dense; whether they were not.
///
/// REDIS: the change is counted, but nobody is told: whoever watches the key goes on.
fn make_dense(cx: &mut ShardCx<'_>, args: Args<'_>) -> Result<bool, ReplyError> {
    let key = args.at(2);
    let bytes = cx.lookup_write(key).ok_or(PFDEBUG_NO_SUCH_KEY).and_then(hyperloglog_in)?;
    if hyperloglog::encoding(bytes) == Encoding::Dense {
        return Ok(false);
    }
    hyperloglog::make_dense(bytes).map_err(|_| CORRUPTED_HYPERLOGLOG)?;
    cx.changed_quietly(1, key, |words| words.extend_from_args(args));
    Ok(true)
}

fn answer_registers(cx: &mut ShardCx<'_>, key: &[u8], reply: &mut ReplyWriter<'_>) -> Outcome {
    let mut registers = Registers::new();
    let entry = cx.peek(key).ok_or(PFDEBUG_NO_SUCH_KEY)?;
    registers.join(hyperloglog_of(entry)?).map_err(|_| CORRUPTED_HYPERLOGLOG)?;
    reply.array(registers.as_array().len());
    registers.as_array().iter().for_each(|&rank| reply.integer(i64::from(rank)));
    Ok(())
}

/// The runs of sparse registers: `z:` and `Z:` are zeros in one byte or two.
fn decoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for run in runs(bytes) {
        let written = match run {
            Run::Zeros { length } => write!(text, "z:{length} "),
            Run::ManyZeros { length } => write!(text, "Z:{length} "),
            Run::Ranks { rank, length } => write!(text, "v:{rank},{length} "),
        };
        written.expect("a String takes whatever is written");
    }
    text.pop();
    text
}

/// `PFSELFTEST`
pub(super) fn pfselftest(
    cx: &mut ShardCx<'_>,
    _: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    hyperloglog::self_test(|| cx.random())
        .map_err(|text| ReplyError::from(format!("ERR {text}")))?;
    reply.ok();
    Ok(())
}
