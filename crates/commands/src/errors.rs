//! Every error text of the data commands, once, as Redis 7.0 has it.

use resp::ReplyError;

/// A key holds another type than the command works on.
pub const WRONGTYPE: ReplyError =
    ReplyError::new("WRONGTYPE Operation against a key holding the wrong kind of value");
/// A command that may need memory, where there is none.
pub const OUT_OF_MEMORY: ReplyError =
    ReplyError::new("OOM command not allowed when used memory > 'maxmemory'.");
/// An unknown option, or options that exclude each other.
pub const SYNTAX: ReplyError = ReplyError::new("ERR syntax error");
/// A word or a value that had to be an integer of 64 bits.
pub const NOT_AN_INTEGER: ReplyError =
    ReplyError::new("ERR value is not an integer or out of range");
/// A word or a value that had to be a number.
pub const NOT_A_FLOAT: ReplyError = ReplyError::new("ERR value is not a valid float");
/// INCRBYFLOAT went beyond the numbers.
pub const NAN_OR_INFINITY: ReplyError =
    ReplyError::new("ERR increment would produce NaN or Infinity");
/// HINCRBYFLOAT by a number without end.
pub const INFINITE_INCREMENT: ReplyError = ReplyError::new("ERR value is NaN or Infinity");
/// HINCRBY of a field that holds something else.
pub const HASH_VALUE_NOT_AN_INTEGER: ReplyError =
    ReplyError::new("ERR hash value is not an integer");
/// HINCRBYFLOAT of a field that holds something else.
pub const HASH_VALUE_NOT_A_FLOAT: ReplyError = ReplyError::new("ERR hash value is not a float");
/// INCR and its kin went beyond 64 bits.
pub const INCREMENT_OVERFLOW: ReplyError =
    ReplyError::new("ERR increment or decrement would overflow");
/// DECRBY by a number that has no negative.
pub const DECREMENT_OVERFLOW: ReplyError = ReplyError::new("ERR decrement would overflow");
/// SETRANGE before the beginning.
pub const OFFSET_OUT_OF_RANGE: ReplyError = ReplyError::new("ERR offset is out of range");
/// A string beyond `proto-max-bulk-len`.
pub const STRING_TOO_LONG: ReplyError =
    ReplyError::new("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
/// RENAME and DEBUG OBJECT of a key that is not there.
pub const NO_SUCH_KEY: ReplyError = ReplyError::new("ERR no such key");
/// COPY or MOVE of a key to itself.
pub const SAME_OBJECT: ReplyError =
    ReplyError::new("ERR source and destination objects are the same");
/// A number that is no database.
pub const DB_INDEX_OUT_OF_RANGE: ReplyError = ReplyError::new("ERR DB index is out of range");
/// SWAPDB, first word.
pub const INVALID_FIRST_DB: ReplyError = ReplyError::new("ERR invalid first DB index");
/// SWAPDB, second word.
pub const INVALID_SECOND_DB: ReplyError = ReplyError::new("ERR invalid second DB index");
/// SCAN with something that is no number.
pub const INVALID_CURSOR: ReplyError = ReplyError::new("ERR invalid cursor");
/// EXPIRE NX with another condition.
pub const EXPIRE_NX_WITH_OTHERS: ReplyError =
    ReplyError::new("ERR NX and XX, GT or LT options at the same time are not compatible");
/// EXPIRE GT LT.
pub const EXPIRE_GT_WITH_LT: ReplyError =
    ReplyError::new("ERR GT and LT options at the same time are not compatible");
/// LCS of something that is no string.
pub const LCS_NOT_STRINGS: ReplyError =
    ReplyError::new("ERR The specified keys must contain string values");
/// LCS LEN IDX.
pub const LCS_LEN_WITH_IDX: ReplyError =
    ReplyError::new("ERR If you want both the length and indexes, please just use IDX.");
/// LCS of strings whose table would be too large.
pub const LCS_TOO_LARGE: ReplyError =
    ReplyError::new("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
/// OBJECT FREQ while idle times are kept.
pub const NOT_LFU: ReplyError = ReplyError::new(
    "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that \
     when switching between policies at runtime LRU and LFU data will take some time to adjust.",
);
/// OBJECT IDLETIME while frequencies are kept.
pub const IS_LFU: ReplyError = ReplyError::new(
    "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when \
     switching between policies at runtime LRU and LFU data will take some time to adjust.",
);
/// LSET outside of the list.
pub const INDEX_OUT_OF_RANGE: ReplyError = ReplyError::new("ERR index out of range");
/// LPOS without a direction.
pub const RANK_ZERO: ReplyError = ReplyError::new(
    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use \
     negative to start from the end of the list",
);
/// LPOS with something that is no count.
pub const COUNT_NEGATIVE: ReplyError = ReplyError::new("ERR COUNT can't be negative");
/// LPOS with something that is no number of elements.
pub const MAXLEN_NEGATIVE: ReplyError = ReplyError::new("ERR MAXLEN can't be negative");
/// LMPOP, SINTERCARD and their kin without keys.
pub const NUMKEYS_NOT_POSITIVE: ReplyError =
    ReplyError::new("ERR numkeys should be greater than 0");
/// LMPOP and its kin with something that is no count.
pub const COUNT_NOT_POSITIVE: ReplyError = ReplyError::new("ERR count should be greater than 0");
/// SINTERCARD of more keys than there are words.
pub const NUMKEYS_TOO_LARGE: ReplyError =
    ReplyError::new("ERR Number of keys can't be greater than number of args");
/// SINTERCARD with a limit that is none.
pub const LIMIT_NEGATIVE: ReplyError = ReplyError::new("ERR LIMIT can't be negative");
/// SRANDMEMBER of the one integer that has no negative.
pub const COUNT_WITHOUT_NEGATIVE: ReplyError = ReplyError::new(
    "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
);
/// RESTORE over a key that is there.
pub const BUSYKEY: ReplyError = ReplyError::new("BUSYKEY Target key name already exists.");
/// RESTORE with something that is no time to live.
pub const RESTORE_TTL_NEGATIVE: ReplyError = ReplyError::new("ERR Invalid TTL value, must be >= 0");
/// RESTORE with something that is no idle time.
pub const IDLETIME_NEGATIVE: ReplyError =
    ReplyError::new("ERR Invalid IDLETIME value, must be >= 0");
/// RESTORE with something that is no frequency.
pub const FREQ_OUT_OF_RANGE: ReplyError =
    ReplyError::new("ERR Invalid FREQ value, must be >= 0 and <= 255");
/// RESTORE of bytes that nobody has dumped.
pub const WRONG_PAYLOAD: ReplyError =
    ReplyError::new("ERR DUMP payload version or checksum are wrong");
/// RESTORE of a value that breaks the rules.
pub const BAD_DATA_FORMAT: ReplyError = ReplyError::new("ERR Bad data format");
/// ZADD XX NX.
pub const XX_AND_NX: ReplyError =
    ReplyError::new("ERR XX and NX options at the same time are not compatible");
/// ZADD with two of GT, LT and NX.
pub const GT_LT_NX: ReplyError =
    ReplyError::new("ERR GT, LT, and/or NX options at the same time are not compatible");
/// ZADD INCR with several members.
pub const INCR_OF_ONE: ReplyError =
    ReplyError::new("ERR INCR option supports a single increment-element pair");
/// ZADD INCR and ZINCRBY from infinity by its negative.
pub const SCORE_NOT_A_NUMBER: ReplyError =
    ReplyError::new("ERR resulting score is not a number (NaN)");
/// An end of a range of scores that is no number.
pub const BAD_SCORE_RANGE: ReplyError = ReplyError::new("ERR min or max is not a float");
/// An end of a range of members that does not say whether it is in.
pub const BAD_LEX_RANGE: ReplyError = ReplyError::new("ERR min or max not valid string range item");
/// ZRANGE LIMIT without BYSCORE or BYLEX.
pub const LIMIT_OF_RANKS: ReplyError = ReplyError::new(
    "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
);
/// ZRANGE BYLEX WITHSCORES.
pub const WITHSCORES_OF_LEX: ReplyError =
    ReplyError::new("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
/// ZUNION WEIGHTS with something that is no number.
pub const WEIGHT_NOT_A_FLOAT: ReplyError = ReplyError::new("ERR weight value is not a float");
/// HRANDFIELD and ZRANDMEMBER of more pairs than can be counted.
pub const OUT_OF_RANGE: ReplyError = ReplyError::new("ERR value is out of range");
/// A timeout that is no number.
pub const TIMEOUT_NOT_A_FLOAT: ReplyError =
    ReplyError::new("ERR timeout is not a float or out of range");
/// A timeout before now, or beyond 64 bits.
pub const TIMEOUT_NEGATIVE: ReplyError = ReplyError::new("ERR timeout is negative");
/// A word that had to be a count: of DEBUG POPULATE, of LPOP, of SPOP.
pub const NOT_POSITIVE: ReplyError = ReplyError::new("ERR value is out of range, must be positive");
/// SETBIT and its kin of a bit that no string has.
pub const BIT_OFFSET_OUT_OF_RANGE: ReplyError =
    ReplyError::new("ERR bit offset is not an integer or out of range");
/// SETBIT to something that is no bit.
pub const NO_BIT: ReplyError = ReplyError::new("ERR bit is not an integer or out of range");
/// BITPOS of something that is no bit.
pub const BIT_NOT_0_OR_1: ReplyError = ReplyError::new("ERR The bit argument must be 1 or 0.");
/// BITOP NOT of several keys.
pub const BITOP_NOT_OF_SEVERAL: ReplyError =
    ReplyError::new("ERR BITOP NOT must be called with a single source key.");
/// BITFIELD with a type that is none.
pub const INVALID_BITFIELD_TYPE: ReplyError = ReplyError::new(
    "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 \
     is.",
);
/// BITFIELD OVERFLOW with something else than WRAP, SAT or FAIL.
pub const INVALID_OVERFLOW_TYPE: ReplyError =
    ReplyError::new("ERR Invalid OVERFLOW type specified");
/// BITFIELD_RO with SET or INCRBY.
pub const BITFIELD_RO_WRITES: ReplyError =
    ReplyError::new("ERR BITFIELD_RO only supports the GET subcommand");
/// A string that was to be a HyperLogLog does not look like one.
pub const NOT_A_HYPERLOGLOG: ReplyError =
    ReplyError::new("WRONGTYPE Key is not a valid HyperLogLog string value.");
/// A HyperLogLog's registers contradict themselves.
pub const CORRUPTED_HYPERLOGLOG: ReplyError =
    ReplyError::new("INVALIDOBJ Corrupted HLL object detected");
/// PFDEBUG of a key that is not there.
pub const PFDEBUG_NO_SUCH_KEY: ReplyError = ReplyError::new("ERR The specified key does not exist");
/// PFDEBUG DECODE of dense registers.
pub const PFDEBUG_NOT_SPARSE: ReplyError = ReplyError::new("ERR HLL encoding is not sparse");

/// HEXPIRE and its kin without the word FIELDS in its place.
pub const FIELDS_MISSING: ReplyError =
    ReplyError::new("ERR Mandatory argument FIELDS is missing or not at the right position");
/// HEXPIRE and its kin without fields.
pub const NUM_FIELDS_NOT_POSITIVE: ReplyError =
    ReplyError::new("ERR Parameter `numFields` should be greater than 0");
/// HTTL, HGETEX and their kin without fields.
pub const NUMBER_OF_FIELDS_NOT_POSITIVE: ReplyError =
    ReplyError::new("ERR Number of fields must be a positive integer");
/// A count of fields that is not that of the fields.
pub const NUMBER_OF_FIELDS_WRONG: ReplyError =
    ReplyError::new("ERR The `numfields` parameter must match the number of arguments");
/// HSETEX without fields.
pub const HSETEX_NUMBER_OF_FIELDS: ReplyError = ReplyError::new("ERR invalid number of fields");
/// HSETEX FNX FXX.
pub const FNX_WITH_FXX: ReplyError =
    ReplyError::new("ERR Only one of FXX or FNX arguments can be specified");
/// HSETEX EX KEEPTTL.
pub const SEVERAL_EXPIRIES: ReplyError =
    ReplyError::new("ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified");
/// A field's expiry before 1970.
pub const TIME_NEGATIVE: ReplyError = ReplyError::new("ERR invalid expire time, must be >= 0");

/// GEODIST and its kin in a unit that there is not.
pub const UNKNOWN_UNIT: ReplyError =
    ReplyError::new("ERR unsupported unit provided. please use M, KM, FT, MI");
/// GEOSEARCH BYRADIUS with something that is no number.
pub const RADIUS_NOT_A_FLOAT: ReplyError = ReplyError::new("ERR need numeric radius");
/// GEOSEARCH BYRADIUS with something that is no length.
pub const RADIUS_NEGATIVE: ReplyError = ReplyError::new("ERR radius cannot be negative");
/// GEOSEARCH BYBOX, first word.
pub const WIDTH_NOT_A_FLOAT: ReplyError = ReplyError::new("ERR need numeric width");
/// GEOSEARCH BYBOX, second word.
pub const HEIGHT_NOT_A_FLOAT: ReplyError = ReplyError::new("ERR need numeric height");
/// GEOSEARCH BYBOX with something that is no length.
pub const SIZE_NEGATIVE: ReplyError = ReplyError::new("ERR height or width cannot be negative");
/// GEOSEARCH FROMMEMBER of a member that is not there.
pub const NO_PLACE_OF_MEMBER: ReplyError =
    ReplyError::new("ERR could not decode requested zset member");
/// GEOSEARCH COUNT with something that is no count.
pub const COUNT_NOT_ABOVE_0: ReplyError = ReplyError::new("ERR COUNT must be > 0");
/// GEOSEARCH ANY of how many?
pub const ANY_WITHOUT_COUNT: ReplyError =
    ReplyError::new("ERR the ANY argument requires COUNT argument");

/// A command with too few or too many words.
#[must_use]
pub fn wrong_number_of_arguments(command: &str) -> ReplyError {
    format!("ERR wrong number of arguments for '{command}' command").into()
}

/// ZUNION and its kin without keys.
#[must_use]
pub fn no_input_key(command: &str) -> ReplyError {
    format!("ERR at least 1 input key is needed for '{command}' command").into()
}

/// GEOADD of a place beyond the map.
#[must_use]
pub fn no_such_place(longitude: f64, latitude: f64) -> ReplyError {
    format!("ERR invalid longitude,latitude pair {longitude:.6},{latitude:.6}").into()
}

/// GEOSEARCH without one of two options.
#[must_use]
pub fn needs_one_of(options: &str, command: &[u8]) -> ReplyError {
    let before = format!("ERR exactly one of {options} can be specified for ");
    [before.as_bytes(), c_string(command)].concat().into()
}

/// GEOSEARCHSTORE and GEORADIUS STORE with what is only good for an answer.
#[must_use]
pub fn no_store_with(command: &str) -> ReplyError {
    let options = "WITHDIST, WITHHASH and WITHCOORD options";
    format!("ERR {command} is not compatible with {options}").into()
}

/// An expiry before 1970 or beyond 64 bits.
#[must_use]
pub fn invalid_expire(command: &str) -> ReplyError {
    format!("ERR invalid expire time in '{command}' command").into()
}

/// An option of EXPIRE that there is not.
///
/// REDIS: the option is printed as a C string, so it ends at its first zero byte.
#[must_use]
pub fn unsupported_option(option: &[u8]) -> ReplyError {
    [b"ERR Unsupported option ", c_string(option)].concat().into()
}

/// A subcommand of PFDEBUG that there is not.
///
/// REDIS: as for [`unsupported_option`].
#[must_use]
pub fn unknown_pfdebug(subcommand: &[u8]) -> ReplyError {
    [b"ERR Unknown PFDEBUG subcommand '", c_string(subcommand), b"'"].concat().into()
}

fn c_string(word: &[u8]) -> &[u8] {
    word.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// An option of HSETEX that there is not.
///
/// REDIS: the option is printed as a C string, so it ends at its first zero byte.
#[must_use]
pub fn unknown_argument(option: &[u8]) -> ReplyError {
    let shown = option.split(|&byte| byte == 0).next().unwrap_or_default();
    [b"ERR unknown argument: ", shown].concat().into()
}

/// An integer that had to have 32 bits.
#[must_use]
pub fn int_out_of_range() -> ReplyError {
    let (min, max) = (i32::MIN, i32::MAX);
    format!("ERR value is out of range, value must between {min} and {max}").into()
}
