//! LZF: the compression of strings, byte for byte as Redis does it.
//!
//! **Layout** of a packed string: parts one behind the other.
//!
//! ```text
//! 000nnnnn | n + 1 bytes                  these bytes
//! lllooooo | o                            l + 2 bytes (l is 1 to 6) from o + 1 bytes before
//! 111ooooo | l | o                        l + 9 bytes from o + 1 bytes before
//! ```
//!
//! How it packs: at every byte, the place where three bytes like the ones there were met last is
//! looked for. Places are kept by a hash of those three bytes, one for each of 65536 hashes, so
//! some are forgotten; within what was repeated only the last two places are kept.

/// Bytes that one packed byte can stand for at most: a reference of three bytes stands for 264.
pub const RATIO_MAX: usize = 88;

/// The most bytes of a part that are given as they are.
const LITERALS_MAX: usize = 32;
/// How far back a reference reaches.
const REACH: usize = 1 << 13;
/// The most bytes that a reference stands for.
const REPEATED_MAX: usize = 264;
/// The length, less two, from which on it takes a byte of its own.
const LONG: usize = 7;
const SLOTS: usize = 1 << 16;
/// Inputs up to this length have their places in a table that fits them.
const NARROW_MAX: usize = 2048;
/// REDIS: in its longest comparison without a look at the end, so many bytes are compared.
const UNCHECKED: usize = 16;

/// What packing needs beside its input: to be kept for many strings.
#[derive(Clone, Debug, Default)]
pub struct Compressor {
    wide: Wide,
    narrow: Narrow,
    out: Vec<u8>,
}

impl Compressor {
    /// A new one, which has taken no memory yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The packed form of a string, if it takes not more than `room` bytes.
    pub fn compress(&mut self, input: &[u8], room: usize) -> Option<&[u8]> {
        self.out.clear();
        let mut packed = Packed { out: &mut self.out, room, literals: 0 };
        let fits = if input.len() <= NARROW_MAX {
            self.narrow.begin(input.len());
            pack(input, &mut packed, &mut self.narrow)
        } else {
            self.wide.begin(input.len()) && pack(input, &mut packed, &mut self.wide)
        };
        fits.then_some(&*self.out)
    }
}

/// Where three bytes of one hash were met last.
trait Places {
    /// Notes a place; the one before, or 0 if there is none (the first place is none, too).
    fn replace(&mut self, hash: u16, at: usize) -> usize;
}

/// A place for every hash. Places of earlier inputs lie below `base`.
#[derive(Clone, Debug, Default)]
struct Wide {
    places: Vec<u32>,
    base: u32,
    next_base: u32,
}

impl Wide {
    /// Prepares for an input of this length; false if it is too long for the numbers here.
    fn begin(&mut self, length: usize) -> bool {
        let Ok(length) = u32::try_from(length) else { return false };
        self.base = self.next_base;
        if self.places.is_empty() || self.base.checked_add(length).is_none() {
            self.places = vec![0; SLOTS];
            self.base = 0;
        }
        self.next_base = self.base + length;
        true
    }
}

impl Places for Wide {
    #[inline]
    fn replace(&mut self, hash: u16, at: usize) -> usize {
        let place = &mut self.places[usize::from(hash)];
        let before = std::mem::replace(place, self.base + at as u32);
        before.saturating_sub(self.base) as usize
    }
}

/// The same for short inputs, in less memory: places with their hashes, looked for from the one
/// that the hash's lower bits name. There is room for twice as many as can come.
#[derive(Clone, Debug, Default)]
struct Narrow {
    places: Vec<u32>,
}

const _: () = assert!(NARROW_MAX <= 1 << 16, "a place takes sixteen bits");

impl Narrow {
    fn begin(&mut self, length: usize) {
        self.places.clear();
        self.places.resize((2 * length).next_power_of_two(), 0);
    }
}

impl Places for Narrow {
    #[inline]
    fn replace(&mut self, hash: u16, at: usize) -> usize {
        let mask = self.places.len() - 1;
        let new = u32::from(hash) << 16 | at as u32;
        let mut index = usize::from(hash) & mask;
        loop {
            let place = &mut self.places[index];
            if *place == 0 || *place >> 16 == u32::from(hash) {
                return (std::mem::replace(place, new) & 0xffff) as usize;
            }
            index = (index + 1) & mask;
        }
    }
}

#[inline]
fn hash(input: &[u8], at: usize) -> u16 {
    let three = u32::from_be_bytes([0, input[at], input[at + 1], input[at + 2]]);
    (three >> 8).wrapping_sub(three.wrapping_mul(5)) as u16
}

/// The parts that were made, the last of them open for more bytes as they are.
struct Packed<'o> {
    out: &'o mut Vec<u8>,
    room: usize,
    literals: usize,
}

impl Packed<'_> {
    fn open(&mut self) {
        self.literals = 0;
        self.out.push(0);
    }

    fn close(&mut self) {
        if self.literals == 0 {
            self.out.pop();
        } else {
            let head = self.out.len() - self.literals - 1;
            self.out[head] = self.literals as u8 - 1;
        }
    }

    #[inline]
    fn push(&mut self, literal: u8) {
        self.out.push(literal);
        self.literals += 1;
        if self.literals == LITERALS_MAX {
            self.close();
            self.open();
        }
    }

    fn push_reference(&mut self, distance: usize, length: usize) {
        let (offset, length) = (distance - 1, length - 2);
        let high = (offset >> 8) as u8;
        if length < LONG {
            self.out.push((length as u8) << 5 | high);
        } else {
            self.out.extend_from_slice(&[(LONG as u8) << 5 | high, (length - LONG) as u8]);
        }
        self.out.push(offset as u8);
    }
}

/// Packs the input; false if that takes more than the room.
///
/// REDIS: when it gives up is Redis' too, some bytes early.
fn pack(input: &[u8], packed: &mut Packed<'_>, places: &mut impl Places) -> bool {
    let mut at = 0;
    packed.open();
    while at + 2 < input.len() {
        let before = places.replace(hash(input, at), at);
        let is_repeated =
            before > 0 && at - before <= REACH && input[before..before + 3] == input[at..at + 3];
        if !is_repeated {
            if packed.out.len() >= packed.room {
                return false;
            }
            packed.push(input[at]);
            at += 1;
            continue;
        }
        if packed.out.len() - usize::from(packed.literals == 0) + 4 >= packed.room {
            return false;
        }
        packed.close();
        let length = repeated(input, before, at);
        packed.push_reference(at - before, length);
        packed.open();
        at += length;
        if at + 2 < input.len() {
            places.replace(hash(input, at - 2), at - 2);
            places.replace(hash(input, at - 1), at - 1);
        }
    }
    if packed.out.len() + 3 > packed.room {
        return false;
    }
    input[at..].iter().for_each(|byte| packed.push(*byte));
    packed.close();
    true
}

/// How many bytes are the same at both places, three at least.
///
/// REDIS: at the end of the input a byte or two are left out, unless the first comparisons, which
/// do not look for the end, have met them.
#[inline]
fn repeated(input: &[u8], before: usize, at: usize) -> usize {
    let most = (input.len() - at - 2).min(REPEATED_MAX);
    let differs = |length: usize| input[before + length] != input[at + length];
    let mut length = 3;
    if most > UNCHECKED {
        let unchecked = 2 + UNCHECKED;
        while length < unchecked && !differs(length) {
            length += 1;
        }
        if differs(length) {
            return length;
        }
        length += 1;
    }
    while length < most && !differs(length) {
        length += 1;
    }
    length
}

/// The string of `length` bytes that was packed so, if it was.
#[must_use]
pub fn decompress(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    if length > packed.len().checked_mul(RATIO_MAX)? {
        return None;
    }
    let mut out = Vec::with_capacity(length);
    let mut rest = packed;
    while let Some((&head, behind)) = rest.split_first() {
        rest = behind;
        let head = usize::from(head);
        if head < LITERALS_MAX {
            let (literals, behind) = rest.split_at_checked(head + 1)?;
            rest = behind;
            out.extend_from_slice(literals);
        } else {
            let mut count = head >> 5;
            if count == LONG {
                count += usize::from(*rest.split_off_first()?);
            }
            let offset = (head & 0x1f) << 8 | usize::from(*rest.split_off_first()?);
            let from = out.len().checked_sub(offset + 1)?;
            if out.len() + count + 2 > length {
                return None;
            }
            repeat(&mut out, from, count + 2);
        }
        if out.len() > length {
            return None;
        }
    }
    (out.len() == length).then_some(out)
}

/// Adds so many bytes from a place on, which may reach into those that are being added.
fn repeat(out: &mut Vec<u8>, from: usize, mut count: usize) {
    while count > 0 {
        let there = (out.len() - from).min(count);
        out.extend_from_within(from..from + there);
        count -= there;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Compressor, NARROW_MAX, RATIO_MAX, decompress};

    /// Words from a small list, so that much is repeated at all distances.
    fn wordy(seed: u64, length: usize) -> Vec<u8> {
        let mut prng = stdx::prng::Prng::new(seed);
        let mut text = Vec::new();
        while text.len() < length {
            match prng.below(4) {
                0 => text.push(prng.next_u64() as u8),
                1 => {
                    let count = prng.below(400) as usize;
                    text.resize(text.len() + count, b'x');
                }
                _ => text.extend_from_slice(format!("word{} ", prng.below(50)).as_bytes()),
            }
        }
        text.truncate(length);
        text
    }

    #[track_caller]
    fn round_trip(compressor: &mut Compressor, input: &[u8]) {
        if let Some(packed) = compressor.compress(input, input.len() + input.len() / 32 + 5) {
            let packed = packed.to_vec();
            assert_eq!(decompress(&packed, input.len()).as_deref(), Some(input));
            assert_eq!(decompress(&packed, input.len() + 1), None);
            assert_eq!(Compressor::new().compress(input, usize::MAX), Some(&*packed));
        }
    }

    #[test]
    fn both_tables_forget_nothing_that_the_other_keeps() {
        let mut compressor = Compressor::new();
        let input = wordy(7, NARROW_MAX + 1);
        // The last byte is never part of a hash's three, so it changes nothing but the table.
        let wide = compressor.compress(&input, usize::MAX).map(<[u8]>::to_vec);
        let narrow = compressor.compress(&input[..NARROW_MAX], usize::MAX).map(<[u8]>::to_vec);
        let (wide, narrow) = (wide.expect("there is room"), narrow.expect("there is room"));
        assert_eq!(wide[..narrow.len() - 40], narrow[..narrow.len() - 40]);
    }

    #[test]
    fn one_compressor_serves_many_strings() {
        let mut compressor = Compressor::new();
        for seed in 0..40 {
            round_trip(&mut compressor, &wordy(seed, (seed as usize * 977) % 12_000));
        }
        // Numbers of places run out and begin anew.
        compressor.wide.next_base = u32::MAX - 5_000;
        for seed in 0..3 {
            round_trip(&mut compressor, &wordy(seed, 4_000));
        }
    }

    #[test]
    fn nothing_is_promised_that_cannot_be() {
        let input = vec![b'a'; 100_000];
        let mut compressor = Compressor::new();
        let packed = compressor.compress(&input, usize::MAX).expect("there is room");
        assert!(input.len() <= packed.len() * RATIO_MAX && input.len() > packed.len() * 80);
        for (packed, length) in
            [(&b""[..], 1), (b"\0", 1), (b"\0a\x20", 3), (b"\0a\x20\x01", 4), (b"\0a\xe0\0", 9)]
        {
            assert_eq!(decompress(packed, length), None, "{packed:?}");
        }
        assert_eq!(decompress(b"\0a\x20\0", 4), Some(b"aaaa".to_vec()));
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            input in proptest::collection::vec(0..3_u8, 0..600),
            seed: u64,
            length in 0..6_000_usize,
        ) {
            let mut compressor = Compressor::new();
            round_trip(&mut compressor, &input);
            round_trip(&mut compressor, &wordy(seed, length));
            let packed = compressor.compress(&input, input.len() / 2);
            prop_assert!(packed.is_none_or(|packed| packed.len() <= input.len() / 2));
        }

        #[test]
        fn any_bytes_are_judged(packed in proptest::collection::vec(any::<u8>(), 0..200)) {
            for length in [0, 1, packed.len(), packed.len() * 4, usize::MAX] {
                let unpacked = decompress(&packed, length);
                prop_assert!(unpacked.is_none_or(|bytes| bytes.len() == length));
            }
        }
    }
}
