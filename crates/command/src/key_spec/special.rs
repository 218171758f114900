//! Commands whose keys, or what happens to them, depend on the words between.
//!
//! A [`Finder`] stands beside a command's key specs (`Spec::special_keys`) where these are not the
//! whole truth. It is asked only for what the specs cannot tell.

use super::{ACCESS, BadKeys, DELETE, FoundKey, FoundKeys, INSERT, OW, RO, RW, UPDATE, Words};

/// Finds the keys of a request that the command's arity has accepted.
pub type Finder = fn(&dyn Words) -> Result<FoundKeys, BadKeys>;

/// `SET key value [option ...]`: with GET the old value is read as well.
pub fn set_keys(words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    let reads = (3..words.count()).any(|index| is(words, index, "GET"));
    let flags = if reads { RW | ACCESS | UPDATE } else { OW | UPDATE };
    Ok(FoundKeys::from_slice(&[FoundKey::new(1, flags)]))
}

/// `BITFIELD key [GET type offset | OVERFLOW mode | SET|INCRBY type offset number ...]`: whether
/// anything is written. Words that are wrong count as if.
pub fn bitfield_keys(words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    let mut index = 2;
    while index < words.count() {
        let rest = words.count() - index - 1;
        index += match () {
            () if is(words, index, "GET") && rest >= 2 => 3,
            () if is(words, index, "OVERFLOW") && rest >= 1 => 2,
            () => break,
        };
    }
    let flags = if index < words.count() { RW | ACCESS | UPDATE } else { RO | ACCESS };
    Ok(FoundKeys::from_slice(&[FoundKey::new(1, flags)]))
}

/// `PFMERGE destination [source ...]` where there are no sources, which the specs cannot say.
pub fn pfmerge_keys(_words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    Ok(FoundKeys::from_slice(&[FoundKey::new(1, RW | ACCESS | INSERT)]))
}

/// `SORT key [BY p] [LIMIT o c] [GET p ...] [ASC|DESC] [ALPHA] [STORE destination]`: the key, and
/// the last destination named. Keys that come of patterns depend on the data and are not told.
pub fn sort_keys(words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    let mut found = sort_ro_keys(words)?;
    let mut destination = None;
    let mut index = 2;
    while index < words.count() {
        if is(words, index, "LIMIT") {
            index += 2;
        } else if is(words, index, "BY") || is(words, index, "GET") {
            index += 1;
        } else if is(words, index, "STORE") && index + 1 < words.count() {
            destination = Some(index + 1);
        }
        index += 1;
    }
    found.extend(destination.map(|index| FoundKey::new(index, OW | UPDATE)));
    Ok(found)
}

/// `SORT_RO key ...`: the key alone.
pub fn sort_ro_keys(_words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    Ok(FoundKeys::from_slice(&[FoundKey::new(1, RO | ACCESS)]))
}

/// `MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH p | AUTH2 u p] [KEYS key ...]`: the
/// key in third place, or those behind KEYS where that one is empty.
pub fn migrate_keys(words: &dyn Words) -> Result<FoundKeys, BadKeys> {
    const FLAGS: u16 = RW | ACCESS | DELETE;
    let mut index = 6;
    while index < words.count() {
        if is(words, index, "KEYS") {
            if !words.word(3).is_empty() {
                return Err(BadKeys);
            }
            return Ok((index + 1..words.count()).map(|key| FoundKey::new(key, FLAGS)).collect());
        }
        index += match () {
            () if is(words, index, "AUTH") => 2,
            () if is(words, index, "AUTH2") => 3,
            () => 1,
        };
    }
    Ok(FoundKeys::from_slice(&[FoundKey::new(3, FLAGS)]))
}

fn is(words: &dyn Words, index: usize, word: &str) -> bool {
    words.word(index).eq_ignore_ascii_case(word.as_bytes())
}
