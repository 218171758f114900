//! How an entry of a listpack lies in memory, and the elements that entries hold.
//!
//! **Layout**
//!
//! ```text
//! +----------+---------+--------------------------+
//! | encoding | data    | back: bytes of the two   |
//! +----------+---------+--------------------------+
//! 0vvvvvvv                                  integer 0 to 127
//! 110vvvvv vvvvvvvv                         integer of 13 bits, the higher ones first
//! 11110001 +2, 11110010 +3, 11110011 +4, 11110100 +8   integer of so many bytes, the lower first
//! 10nnnnnn                                  string of n bytes
//! 1110nnnn nnnnnnnn                         string of n bytes, the higher bits first
//! 11110000 +4                               string of n bytes, the lower ones first
//! ```
//!
//! `back` is read from its end: seven bits a byte, the lower ones last, and the eighth bit says
//! that there is another byte in front. So an entry is found from the one behind it.

use stdx::number::parse_i64;

/// The byte behind the last entry.
pub(super) const END: u8 = 0xFF;

const INT_13: u8 = 0b1100_0000;
const STRING_12: u8 = 0b1110_0000;
const STRING_32: u8 = 0b1111_0000;
const INT_16: u8 = 0b1111_0001;
const INT_24: u8 = 0b1111_0010;
const INT_32: u8 = 0b1111_0011;
const INT_64: u8 = 0b1111_0100;
const STRING_6: u8 = 0b1000_0000;

/// An element as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element<'a> {
    /// The text of this number.
    Int(i64),
    /// These bytes.
    Bytes(&'a [u8]),
}

impl<'a> Element<'a> {
    /// The form in which these bytes are kept.
    #[inline]
    pub fn of(bytes: &'a [u8]) -> Self {
        parse_i64(bytes).map_or(Self::Bytes(bytes), Self::Int)
    }

    /// The bytes; `text` is where those of a number are written.
    #[inline]
    pub fn as_bytes(self, text: &'a mut itoa::Buffer) -> &'a [u8] {
        match self {
            Self::Int(int) => text.format(int).as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// A copy of the bytes.
    pub fn to_vec(self) -> Vec<u8> {
        self.as_bytes(&mut itoa::Buffer::new()).to_vec()
    }
}

/// Bytes that elements are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Needle<'a> {
    bytes: &'a [u8],
    int: Option<i64>,
}

impl<'a> Needle<'a> {
    /// Elements will be compared with these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, int: parse_i64(bytes) }
    }

    /// Whether the element has these bytes.
    #[inline]
    pub fn is(&self, element: Element<'_>) -> bool {
        match element {
            Element::Int(int) => self.int == Some(int),
            Element::Bytes(bytes) => self.bytes == bytes,
        }
    }
}

/// An element on its way into an entry: what stands before, in and behind its data.
pub(crate) struct Encoded<'a> {
    head: [u8; 9],
    head_bytes: u8,
    data: &'a [u8],
    back: [u8; 5],
    back_bytes: u8,
}

impl<'a> Encoded<'a> {
    pub(crate) fn new(element: Element<'a>) -> Self {
        let (head, head_bytes, data) = match element {
            Element::Int(int) => {
                let (head, bytes) = int_head(int);
                (head, bytes, &[][..])
            }
            Element::Bytes(bytes) => {
                let (head, head_bytes) = string_head(bytes.len());
                (head, head_bytes, bytes)
            }
        };
        let (back, back_bytes) = back(usize::from(head_bytes) + data.len());
        Self { head, head_bytes, data, back, back_bytes }
    }

    /// Bytes of the entry.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.head_bytes) + self.data.len() + usize::from(self.back_bytes)
    }

    /// Writes the entry into exactly its room.
    pub(crate) fn write(&self, room: &mut [u8]) {
        let (head, rest) = room.split_at_mut(usize::from(self.head_bytes));
        head.copy_from_slice(&self.head[..head.len()]);
        let (data, back) = rest.split_at_mut(self.data.len());
        data.copy_from_slice(self.data);
        back.copy_from_slice(&self.back[..usize::from(self.back_bytes)]);
    }
}

fn int_head(int: i64) -> ([u8; 9], u8) {
    let mut head = [0; 9];
    let (encoding, bytes) = match int {
        0..=127 => {
            head[0] = int as u8;
            return (head, 1);
        }
        -4096..=4095 => {
            let [low, high, ..] = int.to_le_bytes();
            head[0] = INT_13 | high & 0b1_1111;
            head[1] = low;
            return (head, 2);
        }
        -0x8000..=0x7FFF => (INT_16, 2),
        -0x80_0000..=0x7F_FFFF => (INT_24, 3),
        -0x8000_0000..=0x7FFF_FFFF => (INT_32, 4),
        _ => (INT_64, 8),
    };
    head[0] = encoding;
    head[1..=bytes].copy_from_slice(&int.to_le_bytes()[..bytes]);
    (head, bytes as u8 + 1)
}

fn string_head(len: usize) -> ([u8; 9], u8) {
    let mut head = [0; 9];
    match len {
        ..64 => {
            head[0] = STRING_6 | len as u8;
            (head, 1)
        }
        64..4096 => {
            head[0] = STRING_12 | (len >> 8) as u8;
            head[1] = len as u8;
            (head, 2)
        }
        _ => {
            let len = u32::try_from(len).expect("callers keep listpacks below 1 GiB");
            head[0] = STRING_32;
            head[1..5].copy_from_slice(&len.to_le_bytes());
            (head, 5)
        }
    }
}

/// The length of encoding and data as it stands behind them.
fn back(len: usize) -> ([u8; 5], u8) {
    let bytes = back_bytes(len);
    let mut back = [0; 5];
    for (place, byte) in back[..bytes].iter_mut().rev().enumerate() {
        // Only the first of them has nothing in front.
        let more = if place + 1 < bytes { 0x80 } else { 0 };
        *byte = (len >> (7 * place)) as u8 & 0x7F | more;
    }
    (back, bytes as u8)
}

/// REDIS: a length that would just fit (16383 into two bytes) takes one byte more, and payloads
/// are refused where it does not: `RPUSH l <16378 bytes>`, `DUMP l`.
#[inline]
pub(super) fn back_bytes(len: usize) -> usize {
    match len {
        ..=127 => 1,
        128..16_383 => 2,
        16_383..2_097_151 => 3,
        2_097_151..268_435_455 => 4,
        _ => 5,
    }
}

/// Bytes of encoding and data at `at`, judged by as many bytes as there are; `None` if they are too
/// few to tell, or no entry begins so.
#[inline]
pub(super) fn try_front_bytes(bytes: &[u8], at: usize) -> Option<usize> {
    let first = *bytes.get(at)?;
    Some(match first {
        0..STRING_6 => 1,
        STRING_6..INT_13 => 1 + usize::from(first & 0b11_1111),
        INT_13..STRING_12 => 2,
        STRING_12..STRING_32 => {
            2 + (usize::from(first & 0b1111) << 8 | usize::from(*bytes.get(at + 1)?))
        }
        STRING_32 => 5usize.checked_add(le_u32(bytes.get(at + 1..at + 5)?) as usize)?,
        INT_16 => 3,
        INT_24 => 4,
        INT_32 => 5,
        INT_64 => 9,
        _ => return None,
    })
}

#[inline]
fn front_bytes(bytes: &[u8], at: usize) -> usize {
    try_front_bytes(bytes, at).expect("a listpack is well-formed")
}

/// Bytes of the whole entry at `at`.
#[inline]
pub(crate) fn entry_bytes(bytes: &[u8], at: usize) -> usize {
    let front = front_bytes(bytes, at);
    front + back_bytes(front)
}

/// Bytes of the whole entry that ends before `end`.
#[inline]
pub(super) fn back_length(bytes: &[u8], end: usize) -> usize {
    let (front, back) = try_back(bytes, end).expect("a listpack is well-formed");
    front + back
}

/// What `back` before `end` says, and in how many bytes.
#[inline]
pub(super) fn try_back(bytes: &[u8], end: usize) -> Option<(usize, usize)> {
    let mut front = 0;
    for place in 0..5 {
        let byte = *bytes.get(end.checked_sub(place + 1)?)?;
        front |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((front, place + 1));
        }
    }
    None
}

/// The element at `at`, and the bytes of its whole entry.
#[inline]
pub(crate) fn decode(bytes: &[u8], at: usize) -> (Element<'_>, usize) {
    let front = front_bytes(bytes, at);
    let entry = &bytes[at..at + front];
    let first = entry[0];
    let element = match first {
        0..STRING_6 => Element::Int(i64::from(first)),
        STRING_6..INT_13 => Element::Bytes(&entry[1..]),
        INT_13..STRING_12 => {
            let unsigned = u16::from(first & 0b1_1111) << 8 | u16::from(entry[1]);
            // The sign is moved to the top and comes back down over the bits above.
            Element::Int(i64::from((unsigned << 3) as i16 >> 3))
        }
        STRING_12..STRING_32 => Element::Bytes(&entry[2..]),
        STRING_32 => Element::Bytes(&entry[5..]),
        _ => Element::Int(le_signed(&entry[1..])),
    };
    (element, front + back_bytes(front))
}

fn le_u32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("the slice has four bytes"))
}

/// The signed integer of these two to eight bytes.
#[inline]
fn le_signed(bytes: &[u8]) -> i64 {
    let mut whole = [0; 8];
    whole[8 - bytes.len()..].copy_from_slice(bytes);
    i64::from_le_bytes(whole) >> (8 * (8 - bytes.len()))
}
