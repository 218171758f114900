//! Ziplists: what small collections were kept in before Redis 7.0; they are only read.
//!
//! **Layout** (numbers least significant byte first, unless it says otherwise):
//!
//! ```text
//!  0                 4                   8                10
//! +-----------------+-------------------+----------------+-------+-- - --+-------+------+
//! | bytes, all told | place of the last | entries, or    | entry |  ...  | entry | 0xFF |
//! |                 | entry             | 0xFFFF: many   |       |       |       |      |
//! +-----------------+-------------------+----------------+-------+-- - --+-------+------+
//!
//! entry:  bytes of the entry before (1 byte, or 0xFE and 4 more) | encoding | data
//!
//! 00nnnnnn                                  string of n bytes
//! 01nnnnnn nnnnnnnn                         string of n bytes, the higher bits first
//! 10000000 +4                               string of n bytes, the higher bytes first
//! 11000000 +2, 11010000 +4, 11100000 +8, 11110000 +3, 11111110 +1   integer of so many bytes
//! 1111nnnn                                  integer n - 1, for n from 1 to 13
//! ```

use datatypes::Listpack;

const HEADER: usize = 10;
const END: u8 = 0xff;
/// The count that says that nobody counted.
const UNCOUNTED: u16 = u16::MAX;
/// The length of the entry before that says that the real one follows.
const LONG_BEFORE: u8 = 0xfe;

/// The elements of a ziplist that may come from anywhere; `None` if the bytes are none.
#[must_use]
pub fn to_listpack(bytes: &[u8]) -> Option<Listpack> {
    let (header, entries) = bytes.split_at_checked(HEADER)?;
    let (total, header) = header.split_first_chunk::<4>()?;
    let (last, header) = header.split_first_chunk::<4>()?;
    let counted = u16::from_le_bytes(*header.first_chunk()?);
    if u32::from_le_bytes(*total) as usize != bytes.len() {
        return None;
    }
    let mut rest = entries;
    let mut listpack = Listpack::new();
    let (mut count, mut before, mut last_at) = (0_usize, 0, HEADER);
    while *rest.first()? != END {
        let at = bytes.len() - rest.len();
        if length_before(&mut rest)? != before {
            return None;
        }
        let mut text = itoa::Buffer::new();
        let element = element(&mut rest, &mut text)?;
        if !listpack.has_room_for(element.len()) {
            return None;
        }
        listpack.push_back(element);
        before = bytes.len() - rest.len() - at;
        last_at = at;
        count += 1;
    }
    let is_counted = counted == UNCOUNTED || usize::from(counted) == count;
    let is_whole = rest.len() == 1 && u32::from_le_bytes(*last) as usize == last_at;
    listpack.shrink_to_fit();
    (is_counted && is_whole).then_some(listpack)
}

/// What an entry says of the bytes of the one before it.
fn length_before(rest: &mut &[u8]) -> Option<usize> {
    match *rest.split_off_first()? {
        LONG_BEFORE => Some(u32::from_le_bytes(*take_chunk(rest)?) as usize),
        END => None,
        short => Some(usize::from(short)),
    }
}

/// An element; `text` is where those of a number are written.
fn element<'t, 'a: 't>(rest: &mut &'a [u8], text: &'t mut itoa::Buffer) -> Option<&'t [u8]> {
    let first = *rest.split_off_first()?;
    let low = usize::from(first & 0x3f);
    let length = match first {
        0..0x40 => low,
        0x40..0x80 => low << 8 | usize::from(*rest.split_off_first()?),
        0x80 => u32::from_be_bytes(*take_chunk(rest)?) as usize,
        _ => return Some(text.format(integer(first, rest)?).as_bytes()),
    };
    rest.split_off(..length)
}

fn integer(encoding: u8, rest: &mut &[u8]) -> Option<i64> {
    Some(match encoding {
        0xc0 => i64::from(i16::from_le_bytes(*take_chunk(rest)?)),
        0xd0 => i64::from(i32::from_le_bytes(*take_chunk(rest)?)),
        0xe0 => i64::from_le_bytes(*take_chunk(rest)?),
        0xf0 => {
            let [low, middle, high] = *take_chunk(rest)?;
            // The sign is moved to the top and comes back down over the bits above.
            i64::from(i32::from_le_bytes([0, low, middle, high]) >> 8)
        }
        0xfe => i64::from(i8::from_le_bytes(*take_chunk(rest)?)),
        0xf1..=0xfd => i64::from(encoding & 0xf) - 1,
        _ => return None,
    })
}

fn take_chunk<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (chunk, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(chunk)
}

/// Writing ziplists, for tests of reading them.
#[cfg(test)]
pub(crate) mod tests {
    use datatypes::listpack::Element;
    use proptest::prelude::*;

    use super::to_listpack;

    /// A ziplist as Redis 6 makes it.
    pub(crate) fn ziplist(elements: &[&[u8]]) -> Vec<u8> {
        let (mut entries, mut before, mut last_at) = (Vec::new(), 0, 10);
        for element in elements {
            last_at = 10 + entries.len();
            let mut entry = match u8::try_from(before) {
                Ok(short) if short < 254 => vec![short],
                _ => [&[0xfe][..], &(before as u32).to_le_bytes()].concat(),
            };
            encode(&mut entry, element);
            before = entry.len();
            entries.extend(entry);
        }
        let count = u16::try_from(elements.len()).unwrap_or(u16::MAX);
        let mut bytes = (11 + entries.len() as u32).to_le_bytes().to_vec();
        bytes.extend((last_at as u32).to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(entries);
        bytes.push(0xff);
        bytes
    }

    fn encode(entry: &mut Vec<u8>, element: &[u8]) {
        let Element::Int(int) = Element::of(element) else {
            match element.len() {
                length @ ..64 => entry.push(length as u8),
                length @ ..16_384 => entry.extend((0x4000 | length as u16).to_be_bytes()),
                length => {
                    entry.push(0x80);
                    entry.extend((length as u32).to_be_bytes());
                }
            }
            return entry.extend(element);
        };
        let (encoding, bytes) = match int {
            0..=12 => (0xf1 + int as u8, 0),
            -0x80..=0x7f => (0xfe, 1),
            -0x8000..=0x7fff => (0xc0, 2),
            -0x80_0000..=0x7f_ffff => (0xf0, 3),
            -0x8000_0000..=0x7fff_ffff => (0xd0, 4),
            _ => (0xe0, 8),
        };
        entry.push(encoding);
        entry.extend(&int.to_le_bytes()[..bytes]);
    }

    fn elements() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let int = (any::<i64>(), 0..64_u32).prop_map(|(int, shift)| {
            let int: i64 = int >> shift;
            int.to_string().into_bytes()
        });
        let text = proptest::collection::vec(any::<u8>(), 0..80);
        let long = (250..20_000_usize).prop_map(|length| vec![b'z'; length]);
        proptest::collection::vec(prop_oneof![6 => int, 6 => text, 1 => long], 0..30)
    }

    proptest! {
        #[test]
        fn elements_come_back(elements in elements()) {
            let slices: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
            let listpack = to_listpack(&ziplist(&slices)).expect("a ziplist");
            let back: Vec<Vec<u8>> = listpack.iter().map(Element::to_vec).collect();
            prop_assert_eq!(back, elements);
        }

        #[test]
        fn a_changed_byte_is_no_panic(elements in elements(), at: usize, byte: u8) {
            let slices: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
            let mut bytes = ziplist(&slices);
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Some(listpack) = to_listpack(&bytes) {
                prop_assert!(listpack.len() <= bytes.len());
            }
            prop_assert!(to_listpack(&bytes[..at]).is_none());
        }
    }

    #[test]
    fn wrong_bytes_are_refused() {
        let good = ziplist(&[b"a", b"1", b"300"]);
        assert!(to_listpack(&good).is_some());
        for (at, byte, why) in [
            (0, 1, "the size"),
            (4, 10, "the last entry"),
            (8, 2, "the count"),
            (13, 2, "the length before"),
            (14, 0xf0, "an integer that takes more"),
            (good.len() - 1, 0, "no end"),
        ] {
            let mut bytes = good.clone();
            bytes[at] = byte;
            assert!(to_listpack(&bytes).is_none(), "{why}");
        }
        assert!(to_listpack(&ziplist(&[])).is_some_and(|listpack| listpack.is_empty()));
    }
}
