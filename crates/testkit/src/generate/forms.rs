//! The grammars: one list of forms per family of commands.

use super::Form;
use crate::normalise::{
    NEAR_SECONDS, NEAR_TIME, NEWER_ENCODING, NEWER_WORDS, Normaliser, SAME_KIND, UNORDERED,
    WHOLE_WALK,
};

const fn form(weight: u64, line: &'static str) -> Form {
    Form { weight, line, normaliser: None }
}

const fn by(weight: u64, line: &'static str, normaliser: &'static Normaliser) -> Form {
    Form { weight, line, normaliser: Some(normaliser) }
}

/// Strings.
pub static STRINGS: &[Form] = &[
    form(12, "SET {key} {value}"),
    form(12, "SET {key} {value} {set-option}*"),
    form(6, "SET {key} {integer}"),
    form(8, "GET {key}"),
    form(4, "GETSET {key} {value}"),
    form(4, "GETDEL {key}"),
    form(6, "GETEX {key} {getex-option}*"),
    form(3, "SETNX {key} {value}"),
    form(3, "SETEX {key} {seconds} {value}"),
    form(3, "PSETEX {key} {milliseconds} {value}"),
    form(5, "APPEND {key} {value}"),
    form(3, "STRLEN {key}"),
    form(4, "INCR|DECR {key}"),
    form(5, "INCRBY|DECRBY {key} {integer}"),
    form(5, "INCRBYFLOAT {key} {float}"),
    form(5, "GETRANGE {key} {index} {index}"),
    form(2, "SUBSTR {key} {index} {index}"),
    // Offsets near 512 MiB are refused when something is written, and free when nothing is.
    form(4, "SETRANGE {key} 0|1|7|40|-1|x {value}"),
    form(1, "SETRANGE {key} {offset} {nothing}"),
    form(5, "MGET {key}+"),
    form(5, "MSET {pair-option}+"),
    form(3, "MSETNX {pair-option}+"),
    form(5, "LCS {key} {key} {lcs-option}*"),
];

/// Strings as bits.
pub static BITMAPS: &[Form] = &[
    form(10, "SETBIT {key} {bit} 0|1|1|1"),
    form(1, "SETBIT {key} {bit} 2|-1|x"),
    form(5, "GETBIT {key} {bit}"),
    form(4, "BITCOUNT {key}"),
    form(5, "BITCOUNT {key} {index} {index} BYTE|BIT|wrong"),
    form(3, "BITCOUNT {key} {index} {index}?"),
    form(4, "BITPOS {key} 0|1|1|2|x"),
    form(5, "BITPOS {key} 0|1 {index} {index}?"),
    form(5, "BITPOS {key} 0|1 {index} {index} BYTE|BIT|wrong"),
    form(8, "BITOP AND|OR|XOR {key} {key}+"),
    form(3, "BITOP NOT|wrong {key} {key}"),
    form(1, "BITOP NOT {key} {key}+"),
    form(10, "BITFIELD {key} {field-option}+"),
    form(3, "BITFIELD_RO {key} {field-option}*"),
    form(2, "BITFIELD_RO {key} GET u8 {bit}"),
];

/// HyperLogLogs. What SETRANGE and SETBIT leave of them is corrupted in many ways.
pub static HYPERLOGLOGS: &[Form] = &[
    form(10, "PFADD {key} {member}+"),
    form(4, "PFADD {key} {value}*"),
    form(8, "PFCOUNT {key}"),
    form(5, "PFCOUNT {key}+"),
    form(6, "PFMERGE {key} {key}*"),
    form(3, "PFDEBUG DECODE|ENCODING|TODENSE|GETREG|wrong {key}"),
    form(2, "SETRANGE {key} 16|17|18|20|4|8 {hole}"),
    form(2, "SETBIT {key} 128|129|130|140|150|170|127|39 0|1"),
];

/// Lists.
pub static LISTS: &[Form] = &[
    form(12, "LPUSH|RPUSH {key} {value}+"),
    form(4, "LPUSHX|RPUSHX {key} {value}+"),
    form(4, "LPOP|RPOP {key}"),
    form(4, "LPOP|RPOP {key} 0|1|2|5|-1|x"),
    form(3, "LLEN {key}"),
    form(6, "LRANGE {key} {index} {index}"),
    form(4, "LINDEX {key} {index}"),
    form(5, "LSET {key} {index} {value}"),
    form(5, "LINSERT {key} BEFORE|AFTER {value} {value}"),
    form(1, "LINSERT {key} wrong {value} {value}"),
    form(4, "LREM {key} {index} {value}"),
    form(3, "LTRIM {key} {index} {index}"),
    form(6, "LPOS {key} {value} {lpos-option}*"),
    form(6, "LMOVE {key} {key} LEFT|RIGHT LEFT|RIGHT"),
    form(1, "LMOVE {key} {key} LEFT|wrong RIGHT|wrong"),
    form(3, "RPOPLPUSH {key} {key}"),
    form(4, "LMPOP 2 {key} {key} LEFT|RIGHT {lmpop-option}?"),
    form(2, "LMPOP 0|1|2|3|-1|x {key}+ LEFT|RIGHT {lmpop-option}*"),
];

/// Sets. What takes members out by chance takes all or nothing, so that servers stay alike.
pub static SETS: &[Form] = &[
    form(14, "SADD {key} {member}+"),
    form(4, "SADD {key} {integer}+"),
    form(6, "SREM {key} {member}+"),
    form(4, "SISMEMBER {key} {member}"),
    form(4, "SMISMEMBER {key} {member}+"),
    by(6, "SMEMBERS {key}", &UNORDERED),
    form(4, "SCARD {key}"),
    form(6, "SMOVE {key} {key} {member}"),
    by(2, "SPOP {key} 0|100|-1|x|1000", &UNORDERED),
    by(3, "SRANDMEMBER {key} 0|3|100|-3|x|-9223372036854775808", &SAME_KIND),
    by(2, "SRANDMEMBER {key}", &SAME_KIND),
    by(8, "SUNION|SINTER|SDIFF {key}+", &UNORDERED),
    form(8, "SUNIONSTORE|SINTERSTORE|SDIFFSTORE {key} {key}+"),
    form(4, "SINTERCARD 1|2|3|0|x {key}+ {limit-option}?"),
    by(4, "SSCAN {key} 0 {walk-option}*", &WHOLE_WALK),
];

/// Hashes. The order of fields means something as long as a hash is a listpack.
pub static HASHES: &[Form] = &[
    form(12, "HSET {key} {member-option}+"),
    form(2, "HSET {key} {member} {value} {member}"),
    form(3, "HMSET {key} {member-option}+"),
    form(4, "HSETNX {key} {member} {value}"),
    form(6, "HGET {key} {member}"),
    form(4, "HMGET {key} {member}+"),
    form(6, "HDEL {key} {member}+"),
    form(3, "HLEN {key}"),
    form(3, "HSTRLEN {key} {member}"),
    form(3, "HEXISTS {key} {member}"),
    by(4, "HKEYS|HVALS {key}", &UNORDERED),
    by(5, "HGETALL {key}", &UNORDERED),
    form(5, "HINCRBY {key} {member} {integer}"),
    form(5, "HINCRBYFLOAT {key} {member} {float}"),
    by(2, "HRANDFIELD {key}", &SAME_KIND),
    by(3, "HRANDFIELD {key} 0|3|100|-3|x|4611686018427387904", &SAME_KIND),
    by(2, "HRANDFIELD {key} 0|100|-3|x|-9223372036854775808 WITHVALUES|wrong", &SAME_KIND),
    by(4, "HSCAN {key} 0 {walk-option}*", &WHOLE_WALK),
];

/// Sorted sets. Ranges of members are asked for under a key of their own, where all scores are
/// equal: elsewhere what Redis finds depends on its dice.
pub static SORTED_SETS: &[Form] = &[
    form(14, "ZADD {key} {score} {member} {score} {member}"),
    form(8, "ZADD {key} {zadd-option}* {score} {member}"),
    form(4, "ZADD {key} {zadd-option}* {score} {member} {score} {member}"),
    form(5, "ZINCRBY {key} {score} {member}"),
    form(5, "ZREM {key} {member}+"),
    form(2, "ZCARD {key}"),
    form(3, "ZSCORE {key} {member}"),
    form(2, "ZMSCORE {key} {member}+"),
    by(3, "ZRANK|ZREVRANK {key} {member}", &NEWER_WORDS),
    form(5, "ZRANGE {key} {index} {index} {zrange-option}*"),
    form(5, "ZRANGE {key} {score-end} {score-end} BYSCORE {zrange-option}*"),
    form(3, "ZREVRANGE {key} {index} {index} {zrange-option}?"),
    form(4, "ZRANGEBYSCORE|ZREVRANGEBYSCORE {key} {score-end} {score-end} {zrange-option}*"),
    form(3, "ZCOUNT {key} {score-end} {score-end}"),
    form(4, "ZRANGESTORE {key} {key} {index} {index} {zrange-option}?"),
    form(3, "ZRANGESTORE {key} {key} {score-end} {score-end} BYSCORE {zrange-option}*"),
    form(4, "ZPOPMIN|ZPOPMAX {key}"),
    form(3, "ZPOPMIN|ZPOPMAX {key} 0|1|2|100|-1|x"),
    form(4, "ZMPOP 2 {key} {key} MIN|MAX {lmpop-option}?"),
    form(2, "ZREMRANGEBYRANK {key} {index} {index}"),
    form(2, "ZREMRANGEBYSCORE {key} {score-end} {score-end}"),
    by(2, "ZRANDMEMBER {key}", &SAME_KIND),
    by(2, "ZRANDMEMBER {key} 0|2|100|-3|x WITHSCORES", &SAME_KIND),
    form(6, "ZUNION|ZINTER|ZDIFF 2 {key} {key} {zunion-option}*"),
    form(3, "ZUNION|ZINTER|ZDIFF 1|2|3|0|x {key}+ {zunion-option}?"),
    form(6, "ZUNIONSTORE|ZINTERSTORE|ZDIFFSTORE {key} 2 {key} {key} {zunion-option}?"),
    form(3, "ZINTERCARD 2 {key} {key} {limit-option}?"),
    by(3, "ZSCAN {key} 0 {walk-option}*", &WHOLE_WALK),
    form(8, "ZADD lex 0 {member} 0 {member}"),
    form(2, "ZREM lex {member}"),
    form(4, "ZRANGE lex {lex-end} {lex-end} BYLEX {zrange-option}*"),
    form(3, "ZRANGEBYLEX|ZREVRANGEBYLEX lex {lex-end} {lex-end} {zrange-option}*"),
    form(3, "ZLEXCOUNT lex {lex-end} {lex-end}"),
    form(1, "ZREMRANGEBYLEX lex {lex-end} {lex-end}"),
    form(1, "ZRANGESTORE {key} lex {lex-end} {lex-end} BYLEX"),
];

/// Places in sorted sets. Places meet, so a count that leaves some of them out takes any.
pub static GEO: &[Form] = &[
    form(10, "GEOADD {key} {place-option} {member}"),
    form(3, "GEOADD {key} NX|XX|CH {place-option} {member} {place-option} {member}"),
    form(3, "GEOPOS|GEOHASH {key} {member}*"),
    form(3, "GEODIST {key} {member} {member} m|km|FT|wrong"),
    form(6, "GEOSEARCH {key} {middle-option} {area-option} {search-option}*"),
    form(1, "GEOSEARCH {key} {search-option}+ {area-option} {middle-option}*"),
    form(6, "GEOSEARCHSTORE {key} {key} {middle-option} {area-option} {search-option}?"),
    form(2, "GEORADIUS|GEORADIUS_RO {key} {place-option} 0|300|x km|m {search-option}*"),
    form(2, "GEORADIUS {key} {place-option} 500 km STORE|STOREDIST|wrong {key}"),
    form(2, "GEORADIUSBYMEMBER {key} {member} 500 km STORE|STOREDIST|wrong {key}"),
    form(2, "GEORADIUSBYMEMBER|GEORADIUSBYMEMBER_RO {key} {member} 0|300 km {search-option}*"),
];

/// Keys of any type.
pub static GENERIC: &[Form] = &[
    form(6, "DEL|UNLINK|EXISTS|TOUCH {key}+"),
    form(3, "TYPE {key}"),
    form(5, "EXPIRE {key} {seconds} {expire-option}*"),
    form(4, "PEXPIRE {key} {milliseconds} {expire-option}*"),
    form(4, "EXPIREAT {key} {moment} {expire-option}*"),
    form(4, "PEXPIREAT {key} {moment-ms} {expire-option}*"),
    by(5, "TTL {key}", &NEAR_SECONDS),
    by(4, "PTTL {key}", &NEAR_TIME),
    by(4, "EXPIRETIME {key}", &NEAR_SECONDS),
    by(4, "PEXPIRETIME {key}", &NEAR_TIME),
    form(3, "PERSIST {key}"),
    form(4, "RENAME|RENAMENX {key} {key}"),
    form(5, "COPY {key} {key} {copy-option}*"),
    form(3, "MOVE {key} {database}"),
    by(3, "KEYS {pattern}", &UNORDERED),
    by(2, "RANDOMKEY", &SAME_KIND),
    by(5, "OBJECT ENCODING {key}", &NEWER_ENCODING),
    by(1, "OBJECT IDLETIME {key}", &NEAR_SECONDS),
    form(1, "OBJECT FREQ {key}"),
    form(1, "OBJECT WRONG {key}"),
    form(2, "SELECT {database}"),
    form(1, "SWAPDB {database} {database}"),
    form(2, "DBSIZE"),
    form(1, "FLUSHDB {flush-option}?"),
    by(2, "DUMP {key}", &SAME_KIND),
    form(3, "RESTORE {key} 0 {payload} {restore-option}*"),
    form(2, "RESTORE {key} {milliseconds} {payload} {restore-option}*"),
    form(1, "RESTORE {key} 0 {value} {restore-option}*"),
    form(1, "NOSUCHCOMMAND {key} {value}"),
];

/// Keys that hold types without commands of ours yet, for the wrong-type paths of the other
/// grammars.
pub static OTHER_TYPES: &[Form] =
    &[form(4, "HSET {key} {value} {value}"), form(4, "SADD {key} {value}+")];
