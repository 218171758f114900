//! What the commands about fields that expire have in common: the clause of fields, and moments.

use resp::{Args, ReplyError};

use crate::args::integer;
use crate::errors::{FIELDS_MISSING, NUMBER_OF_FIELDS_WRONG, TIME_NEGATIVE, invalid_expire};

/// LIMIT: the latest moment at which a field expires, Unix milliseconds; Redis' own.
const MOMENT_MAX: i64 = (1 << 46) - 1;

/// Unit and meaning of an expiry's number.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    ms_each: i64,
    /// Counted from now on.
    is_relative: bool,
}

impl Unit {
    /// Seconds from now on.
    pub(super) const EX: Self = Self { ms_each: 1000, is_relative: true };
    /// Milliseconds from now on.
    pub(super) const PX: Self = Self { ms_each: 1, is_relative: true };
    /// Unix seconds.
    pub(super) const EXAT: Self = Self { ms_each: 1000, is_relative: false };
    /// Unix milliseconds.
    pub(super) const PXAT: Self = Self { ms_each: 1, is_relative: false };

    /// The unit of this name.
    pub(super) fn named(word: &[u8]) -> Option<Self> {
        let units =
            [("EX", Self::EX), ("PX", Self::PX), ("EXAT", Self::EXAT), ("PXAT", Self::PXAT)];
        let found = units.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
        found.map(|(_, unit)| *unit)
    }

    /// The moment that a number means; `command` is named in errors.
    pub(super) fn moment(self, word: &[u8], now: i64, command: &str) -> Result<i64, ReplyError> {
        let number = integer(word)?;
        if number < 0 {
            return Err(TIME_NEGATIVE);
        }
        let from = if self.is_relative { now } else { 0 };
        let at = number.checked_mul(self.ms_each).and_then(|ms| ms.checked_add(from));
        at.filter(|at| *at <= MOMENT_MAX).ok_or_else(|| invalid_expire(command))
    }
}

/// Reads `FIELDS count field [field ...]` from word `at` on, to the end; `not_positive` says what
/// is wrong with a count that is none.
pub(super) fn fields_clause(
    args: Args<'_>,
    at: usize,
    not_positive: ReplyError,
) -> Result<Args<'_>, ReplyError> {
    if !args.get(at).is_some_and(|word| word.eq_ignore_ascii_case(b"FIELDS")) {
        return Err(FIELDS_MISSING);
    }
    let count = args.get(at + 1).and_then(|word| integer(word).ok()).filter(|count| *count > 0);
    let count = count.ok_or(not_positive)?;
    let fields = args.tail(at + 2);
    let is_right = usize::try_from(count).is_ok_and(|count| count == fields.len());
    if is_right { Ok(fields) } else { Err(NUMBER_OF_FIELDS_WRONG) }
}
