//! What BITFIELD is asked to do: its words as steps.

use datatypes::bits::{Field, Overflow};
use resp::{Args, ReplyError};
use smallvec::SmallVec;
use stdx::number::parse_i64;

use super::bits::check_offset;
use crate::args::integer;
use crate::errors::{
    BIT_OFFSET_OUT_OF_RANGE, INVALID_BITFIELD_TYPE, INVALID_OVERFLOW_TYPE, SYNTAX,
};

/// What is to be done with one integer.
#[derive(Clone, Copy)]
pub(super) struct Step {
    field: Field,
    /// Its first bit.
    offset: u64,
    action: Action,
    overflow: Overflow,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Get,
    Set(i64),
    Increment(i64),
}

pub(super) type Steps = SmallVec<[Step; 4]>;

impl Step {
    /// Reads the words behind the key.
    pub(super) fn parse_all(args: Args<'_>, bytes_max: u64) -> Result<Steps, ReplyError> {
        let (mut steps, mut overflow, mut at) = (Steps::new(), Overflow::default(), 2);
        while at < args.len() {
            let rest = args.len() - at - 1;
            let is = |keyword: &[u8]| args.at(at).eq_ignore_ascii_case(keyword);
            if is(b"OVERFLOW") && rest >= 1 {
                overflow = overflow_of(args.at(at + 1))?;
                at += 2;
                continue;
            }
            let words = match () {
                () if is(b"GET") && rest >= 2 => 2,
                () if (is(b"SET") || is(b"INCRBY")) && rest >= 3 => 3,
                () => return Err(SYNTAX),
            };
            let field = field_of(args.at(at + 1))?;
            let offset = offset_of(args.at(at + 2), field, bytes_max)?;
            let action = match () {
                () if is(b"GET") => Action::Get,
                () if is(b"SET") => Action::Set(integer(args.at(at + 3))?),
                () => Action::Increment(integer(args.at(at + 3))?),
            };
            steps.push(Self { field, offset, action, overflow });
            at += 1 + words;
        }
        Ok(steps)
    }

    /// The last bit that it writes; none if it only reads.
    pub(super) fn last_written(&self) -> Option<u64> {
        (self.action != Action::Get).then(|| self.offset + u64::from(self.field.bits()) - 1)
    }

    /// The integer as it is.
    pub(super) fn read(&self, bytes: &[u8]) -> i64 {
        self.field.read(bytes, self.offset)
    }

    /// Takes the step; what is answered, and whether the integer is another one now. `None`: it
    /// would have overflowed, and is as it was.
    pub(super) fn take(&self, bytes: &mut [u8]) -> Option<(i64, bool)> {
        let old = self.read(bytes);
        let (new, is_old_answered) = match self.action {
            Action::Get => return Some((old, false)),
            Action::Set(number) => (self.field.given(number), true),
            Action::Increment(number) => (i128::from(old) + i128::from(number), false),
        };
        let new = self.field.fit(new, self.overflow)?;
        self.field.write(bytes, self.offset, new);
        Some((if is_old_answered { old } else { new }, new != old))
    }
}

fn overflow_of(word: &[u8]) -> Result<Overflow, ReplyError> {
    let names = [("WRAP", Overflow::Wrap), ("SAT", Overflow::Saturate), ("FAIL", Overflow::Fail)];
    let named = names.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    named.map(|(_, overflow)| *overflow).ok_or(INVALID_OVERFLOW_TYPE)
}

/// `i16`, `u8` and the like.
///
/// REDIS: the word is read as a C string, so it ends at its first zero byte.
fn field_of(word: &[u8]) -> Result<Field, ReplyError> {
    let word = word.split(|&byte| byte == 0).next().unwrap_or_default();
    let field = word.split_first().and_then(|(sign, bits)| {
        let is_signed = match sign {
            b'i' => true,
            b'u' => false,
            _ => return None,
        };
        Field::new(is_signed, u32::try_from(parse_i64(bits)?).ok()?)
    });
    field.ok_or(INVALID_BITFIELD_TYPE)
}

/// The bit that a word names; behind a `#` it counts fields.
///
/// REDIS: the product is cut to 64 bits: `BITFIELD k GET i64 #288230376151711744` reads the first
/// field.
fn offset_of(word: &[u8], field: Field, bytes_max: u64) -> Result<u64, ReplyError> {
    let (number, factor) = match word.strip_prefix(b"#") {
        Some(number) => (number, i64::from(field.bits())),
        None => (word, 1),
    };
    let number = parse_i64(number).ok_or(BIT_OFFSET_OUT_OF_RANGE)?;
    check_offset(number.wrapping_mul(factor), bytes_max)
}
