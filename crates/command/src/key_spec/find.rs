//! Finding the keys among the words of a request.
//!
//! Most commands need no search: their key specs fold into one range ([`SimpleKeys`]), which is
//! computed when the command is declared. For the others the specs are walked one by one.

use smallvec::SmallVec;
use stdx::number::parse_i64;

use super::{Begin, Find, Finder, INCOMPLETE, KeySpec, NOT_KEY, VARIABLE_FLAGS, Words};

/// A key among the words of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// The position of the word.
    pub index: u32,
    /// What the command does with it: the flags of its key spec.
    pub flags: u16,
}

impl FoundKey {
    pub(crate) fn new(index: usize, flags: u16) -> Self {
        let index = u32::try_from(index).expect("a request has fewer than 2^32 words");
        Self { index, flags }
    }
}

/// The keys of a request, in the order of the key specs.
pub type FoundKeys = SmallVec<[FoundKey; 4]>;

/// The words contradict the command's key specs: a count of keys that is none, say.
///
/// Whoever runs the command will find the same fault and has the better words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeys;

/// Keys that stand in one range of words: first, last and step, as COMMAND shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimpleKeys {
    /// The position of the first key.
    pub first: u16,
    /// The position of the last key; from the end of the request where it is negative.
    pub last: i16,
    /// How far it is from one key to the next.
    pub step: u16,
}

impl SimpleKeys {
    /// The positions of the keys in a request of so many words, which the arity has accepted.
    #[inline]
    pub fn indices(self, words: usize) -> impl Iterator<Item = usize> {
        let end = match usize::try_from(self.last) {
            Ok(last) => last + 1,
            Err(_) => (words + 1).saturating_sub(usize::from(self.last.unsigned_abs())),
        };
        (usize::from(self.first)..end.min(words)).step_by(usize::from(self.step))
    }
}

/// The range of words that these key specs describe together, if they describe just one.
pub(crate) const fn simple_keys(specs: &[KeySpec]) -> Option<SimpleKeys> {
    let mut whole: Option<SimpleKeys> = None;
    let mut at = 0;
    while at < specs.len() {
        let Some(part) = plain_range(&specs[at]) else { return None };
        whole = match whole {
            None => Some(part),
            Some(before) => match joined(before, part) {
                None => return None,
                found => found,
            },
        };
        at += 1;
    }
    whole
}

/// The range that a key spec describes, if nothing but positions decides it.
const fn plain_range(spec: &KeySpec) -> Option<SimpleKeys> {
    if spec.flags & (NOT_KEY | INCOMPLETE) != 0 {
        return None;
    }
    match (spec.begin, spec.find) {
        (Begin::Index(first), Find::Range { last, step, limit: 0 }) => {
            let last = if last >= 0 { first as i16 + last } else { last };
            Some(SimpleKeys { first, last, step })
        }
        _ => None,
    }
}

/// Two ranges as one, if the second begins where the first has ended and both walk word by word.
const fn joined(before: SimpleKeys, part: SimpleKeys) -> Option<SimpleKeys> {
    if before.last < 0 || before.last + 1 != part.first as i16 || before.step != 1 || part.step != 1
    {
        return None;
    }
    Some(SimpleKeys { first: before.first, last: part.last, step: 1 })
}

/// First, last and step as COMMAND INFO shows them: zeros where the specs hold no range at all.
pub(crate) fn legacy_range(specs: &[KeySpec]) -> (u16, i16, u16) {
    let mut whole: Option<SimpleKeys> = None;
    for spec in specs {
        let plain = KeySpec { flags: 0, ..*spec };
        let Some(part) = plain_range(&plain) else { continue };
        whole = match whole {
            None => Some(part),
            Some(before) => joined(before, part).or(Some(before)),
        };
    }
    whole.map_or((0, 0, 0), |range| (range.first, range.last, range.step))
}

/// The keys of a request that the command's arity has accepted.
///
/// A special finder is asked where the specs are not the whole truth: where the flags of one depend
/// on other words, where an incomplete one applies, or one does not fit the words.
pub(crate) fn find_keys(
    specs: &[KeySpec],
    special: Option<Finder>,
    words: &dyn Words,
) -> Result<FoundKeys, BadKeys> {
    let is_variable = |spec: &KeySpec| spec.flags & VARIABLE_FLAGS != 0;
    match special {
        None => by_specs(specs, words),
        Some(finder) if specs.iter().any(is_variable) => finder(words),
        Some(finder) => by_specs(specs, words).or_else(|_| finder(words)),
    }
}

fn by_specs(specs: &[KeySpec], words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    let mut found = FoundKeys::new();
    for spec in specs.iter().filter(|spec| spec.flags & NOT_KEY == 0) {
        let first = match spec.begin {
            Begin::Index(index) => usize::from(index),
            Begin::Keyword { word, from } => match behind_keyword(word, from, words) {
                Some(first) => first,
                None => continue,
            },
            Begin::Unknown => return Err(BadKeys),
        };
        if spec.flags & INCOMPLETE != 0 {
            return Err(BadKeys);
        }
        let (first, last, step) = match spec.find {
            Find::Range { last, step, limit } => {
                (first, range_end(first, last, limit, words.count())?, step)
            }
            Find::Counted { count_at, first: offset, step } => {
                let count = key_count(words, first + usize::from(count_at))?;
                let first = first + usize::from(offset);
                (first, first + (count - 1) * usize::from(step), step)
            }
            Find::Unknown => return Err(BadKeys),
        };
        if last < first || last >= words.count() {
            return Err(BadKeys);
        }
        let indices = (first..=last).step_by(usize::from(step));
        found.extend(indices.map(|index| FoundKey::new(index, spec.flags)));
    }
    Ok(found)
}

/// The position behind this word, looked for forward from `from`, or backward where it is negative.
/// A keyword that is the request's last word has nothing behind it.
fn behind_keyword(keyword: &str, from: i16, words: &dyn Words) -> Option<usize> {
    let is_keyword = |index: &usize| words.word(*index).eq_ignore_ascii_case(keyword.as_bytes());
    let last = words.count().checked_sub(1)?;
    let found = match usize::try_from(from) {
        Ok(start) => (start..last).find(is_keyword),
        Err(_) => {
            let start = words.count().checked_sub(usize::from(from.unsigned_abs()))?;
            (1..=start).rev().filter(|index| *index < last).find(is_keyword)
        }
    };
    found.map(|index| index + 1)
}

/// The last position of a range that begins at `first`.
fn range_end(first: usize, last: i16, limit: u16, words: usize) -> Result<usize, BadKeys> {
    let from_end = usize::from(last.unsigned_abs());
    if last >= 0 {
        return Ok(first + from_end);
    }
    let end = match limit {
        0 | 1 => words,
        _ => first + words.saturating_sub(first) / usize::from(limit),
    };
    end.checked_sub(from_end).ok_or(BadKeys)
}

/// The count of keys that stands at this position: one at least, and no more than there are words.
fn key_count(words: &dyn Words, at: usize) -> Result<usize, BadKeys> {
    if at >= words.count() {
        return Err(BadKeys);
    }
    let count = parse_i64(words.word(at)).and_then(|count| usize::try_from(count).ok());
    count.filter(|count| (1..=words.count()).contains(count)).ok_or(BadKeys)
}

#[cfg(test)]
mod tests;
