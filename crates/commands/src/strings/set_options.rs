//! The options of SET and GETEX.
//!
//! **Grammar**
//! ```text
//! SET key value  [NX | XX] [GET] [KEEPTTL | EX s | PX ms | EXAT s | PXAT ms]
//! GETEX key                      [PERSIST | EX s | PX ms | EXAT s | PXAT ms]
//! ```
//! In any order. REDIS: an option may be repeated, the last one counts; `EX 1 EX 2` is allowed, `EX
//! 1 PX 2` is not. The number is looked at only when all options are known to be well-formed.

use keyspace::UnixMillis;
use resp::{Args, ReplyError};

use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{SYNTAX, invalid_expire};

/// When SET sets at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
    /// NX: if the key is not there.
    Absent,
    /// XX: if the key is there.
    Present,
}

/// What becomes of the key's expiry.
#[derive(Clone, Copy, Default)]
pub(super) enum Ttl<'a> {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// KEEPTTL.
    Keep,
    /// PERSIST.
    Persist,
    /// EX and its kin.
    Expire(Expiry<'a>),
}

/// Unit and meaning of an expiry's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Unit {
    pub(super) ms_each: i64,
    /// Counted from now on.
    pub(super) is_relative: bool,
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
}

/// An expiry as it was written.
#[derive(Clone, Copy)]
pub(super) struct Expiry<'a> {
    pub(super) unit: Unit,
    pub(super) number: &'a [u8],
}

impl Expiry<'_> {
    /// The moment that is meant; `command` is named in errors.
    pub(super) fn moment(self, now: UnixMillis, command: &str) -> Result<UnixMillis, ReplyError> {
        let number = integer(self.number)?;
        let from = if self.unit.is_relative { now.0 } else { 0 };
        let at = number.checked_mul(self.unit.ms_each).and_then(|ms| ms.checked_add(from));
        match at {
            Some(at) if number > 0 => Ok(UnixMillis(at)),
            _ => Err(invalid_expire(command)),
        }
    }
}

/// The options of SET.
#[derive(Clone, Copy, Default)]
pub(super) struct SetOptions<'a> {
    pub(super) condition: Option<Condition>,
    pub(super) get: bool,
    pub(super) ttl: Ttl<'a>,
}

impl<'a> SetOptions<'a> {
    /// Reads the words from 3 on.
    pub(super) fn parse(args: Args<'a>) -> Result<Self, ReplyError> {
        let mut words = Cursor::new(args, 3);
        let mut options = Self::default();
        while !words.is_at_end() {
            if words.keyword("NX") {
                options.set_condition(Condition::Absent)?;
            } else if words.keyword("XX") {
                options.set_condition(Condition::Present)?;
            } else if words.keyword("GET") {
                options.get = true;
            } else if words.keyword("KEEPTTL") {
                options.ttl.replace(Ttl::Keep)?;
            } else {
                options.ttl.replace(parse_expiry(&mut words)?)?;
            }
        }
        Ok(options)
    }

    fn set_condition(&mut self, condition: Condition) -> Outcome {
        match self.condition.replace(condition) {
            Some(other) if other != condition => Err(SYNTAX),
            _ => Ok(()),
        }
    }
}

/// Reads the options of GETEX.
pub(super) fn parse_getex(args: Args<'_>) -> Result<Ttl<'_>, ReplyError> {
    let mut words = Cursor::new(args, 2);
    let mut ttl = Ttl::default();
    while !words.is_at_end() {
        let new = if words.keyword("PERSIST") { Ttl::Persist } else { parse_expiry(&mut words)? };
        ttl.replace(new)?;
    }
    Ok(ttl)
}

fn parse_expiry<'a>(words: &mut Cursor<'a>) -> Result<Ttl<'a>, ReplyError> {
    let units = [("EX", Unit::EX), ("PX", Unit::PX), ("EXAT", Unit::EXAT), ("PXAT", Unit::PXAT)];
    let (_, unit) = units.into_iter().find(|(name, _)| words.keyword(name)).ok_or(SYNTAX)?;
    Ok(Ttl::Expire(Expiry { unit, number: words.word()? }))
}

impl<'a> Ttl<'a> {
    /// Says something again, which must be of the same kind.
    fn replace(&mut self, new: Ttl<'a>) -> Outcome {
        let is_same_kind = match (&self, new) {
            (Self::Unsaid, _) | (Self::Keep, Self::Keep) | (Self::Persist, Self::Persist) => true,
            (Self::Expire(old), Self::Expire(new)) => old.unit == new.unit,
            _ => false,
        };
        *self = new;
        if is_same_kind { Ok(()) } else { Err(SYNTAX) }
    }
}
