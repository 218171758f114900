//! Whether bytes that come from somewhere else are a listpack.

use super::encoding::{END, back_bytes, try_back, try_front_bytes};
use super::{COUNT_AT, HEADER, UNCOUNTED};

/// Looks at every byte; the number of elements, or `None` if the bytes are no listpack.
///
/// After this, walking them in either direction meets each entry once and nothing else.
pub fn validate(bytes: &[u8]) -> Option<usize> {
    let (end, entries) = bytes.split_last()?;
    let header = entries.get(..HEADER)?;
    let total = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    if *end != END || total as usize != bytes.len() {
        return None;
    }
    let counted = u16::from_le_bytes([header[COUNT_AT], header[COUNT_AT + 1]]);
    let mut at = HEADER;
    let mut count = 0;
    while at < entries.len() {
        at = entry_end(entries, at)?;
        count += 1;
    }
    (counted == UNCOUNTED || usize::from(counted) == count).then_some(count)
}

/// Where the entry at `at` ends, if it lies within the bytes and says the same from both sides.
fn entry_end(entries: &[u8], at: usize) -> Option<usize> {
    let front = try_front_bytes(entries, at)?;
    let back_at = at.checked_add(front).filter(|&back_at| back_at < entries.len())?;
    let end = back_at + back_bytes(front);
    // Read from its end, `back` has to reach just to where the data ended.
    (end <= entries.len() && try_back(entries, end)? == (front, end - back_at)).then_some(end)
}
