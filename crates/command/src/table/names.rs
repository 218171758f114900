//! Names of commands, hashed: an open-addressing table over names packed into two integers.
//!
//! A name of 1 to 16 bytes is read with two overlapping loads and compared as two integers and its
//! length; no byte is looked at by itself:
//!
//! ```text
//!  RANDOMKEY (9 bytes)   low = RANDOMKE, high = ANDOMKEY    the first eight, the last eight
//!  INCRBY    (6 bytes)   low = INCR,     high = CRBY        the first four, the last four
//!  GET       (3 bytes)   low = GET,      high = 0           the first, the middle and the last
//! ```
//!
//! Two names of one length with the same two integers are the same name, because the loads cover
//! all bytes. The case of letters is ignored without folding it: the hash leaves out the bit in
//! which `a` and `A` differ, and a cell knows in which of its bytes that bit may differ.
//!
//! Longer names are few and rare; they are looked for one after another.

use super::CommandId;

/// The bit in which an ASCII letter's two cases differ, in each of eight bytes.
const CASE_BITS: u64 = 0x2020_2020_2020_2020;

/// A name that shall be found, and among whose subcommands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) container: Option<CommandId>,
    pub(super) name: &'static str,
    pub(super) id: CommandId,
}

/// A short name in two integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Packed {
    low: u64,
    high: u64,
    /// The length, and above it the container's place plus one. Never zero.
    tag: u32,
}

impl Packed {
    /// The name, unless it is too long or empty.
    #[inline]
    fn new(container: Option<CommandId>, name: &[u8]) -> Option<Self> {
        let (low, high) = match name.len() {
            8..=16 => {
                (u64::from_le_bytes(*name.first_chunk()?), u64::from_le_bytes(*name.last_chunk()?))
            }
            4..=7 => {
                let low = u32::from_le_bytes(*name.first_chunk()?);
                (u64::from(low), u64::from(u32::from_le_bytes(*name.last_chunk()?)))
            }
            len @ 1..=3 => {
                let bytes = [name[0], name[len / 2], name[len - 1], 0];
                (u64::from(u32::from_le_bytes(bytes)), 0)
            }
            _ => return None,
        };
        let container = container.map_or(0, |id| u32::from(id.0) + 1);
        Some(Self { low, high, tag: container << 8 | name.len() as u32 })
    }

    /// The same for all cases of the letters.
    #[inline]
    fn hash(&self) -> u64 {
        let (low, high) = (self.low & !CASE_BITS, self.high & !CASE_BITS);
        (low ^ high.rotate_left(29) ^ u64::from(self.tag)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// A name's place in the hash table; the default is a free cell, which no name equals.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    name: Packed,
    /// The bits of `name` in which a name may differ and still be the same: the cases of letters.
    low_case: u64,
    high_case: u64,
    id: u16,
}

impl Cell {
    fn new(name: Packed, id: CommandId) -> Self {
        Self { name, low_case: case_of(name.low), high_case: case_of(name.high), id: id.0 }
    }

    #[inline]
    fn is(&self, name: &Packed) -> bool {
        let low = (self.name.low ^ name.low) & !self.low_case;
        let high = (self.name.high ^ name.high) & !self.high_case;
        (low | high) == 0 && self.name.tag == name.tag
    }

    #[inline]
    fn is_free(&self) -> bool {
        self.name.tag == 0
    }
}

/// The case bit of every byte that is a letter.
fn case_of(bytes: u64) -> u64 {
    u64::from_le_bytes(bytes.to_le_bytes().map(|b| if b.is_ascii_alphabetic() { 0x20 } else { 0 }))
}

/// Finds commands by name.
#[derive(Debug)]
pub(super) struct Names {
    /// A power of two, at most a quarter of them taken.
    cells: Box<[Cell]>,
    /// How far a hash is shifted to become an index.
    shift: u32,
    long: Vec<Named>,
}

impl Names {
    pub(super) fn new(names: impl ExactSizeIterator<Item = Named>) -> Self {
        let count = (names.len() * 4).max(16).next_power_of_two();
        let mut all = Self {
            cells: vec![Cell::default(); count].into(),
            shift: u64::BITS - count.trailing_zeros(),
            long: Vec::new(),
        };
        for named in names {
            match Packed::new(named.container, named.name.as_bytes()) {
                Some(name) => {
                    let cell = &mut all.cells[all.index_of(&name)];
                    if cell.is_free() {
                        *cell = Cell::new(name, named.id);
                    }
                }
                None => all.long.push(named),
            }
        }
        all
    }

    /// The index of the cell that has the name, or of the free one in which it would be put.
    #[inline]
    fn index_of(&self, name: &Packed) -> usize {
        let mask = self.cells.len() - 1;
        let mut index = (name.hash() >> self.shift) as usize & mask;
        while !self.cells[index].is(name) && !self.cells[index].is_free() {
            index = (index + 1) & mask;
        }
        index
    }

    #[inline]
    pub(super) fn find(&self, container: Option<CommandId>, name: &[u8]) -> Option<CommandId> {
        let Some(packed) = Packed::new(container, name) else {
            return self.find_long(container, name);
        };
        let cell = &self.cells[self.index_of(&packed)];
        (!cell.is_free()).then_some(CommandId(cell.id))
    }

    #[cold]
    fn find_long(&self, container: Option<CommandId>, name: &[u8]) -> Option<CommandId> {
        let is_it = |named: &&Named| {
            named.container == container && named.name.as_bytes().eq_ignore_ascii_case(name)
        };
        self.long.iter().find(is_it).map(|named| named.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_have_two_cases() {
        let id = CommandId(7);
        let names = Names::new([Named { container: None, name: "A_-1Z[@", id }].into_iter());
        assert_eq!(names.find(None, b"a_-1z[@"), Some(id));
        for at in 0..7 {
            for byte in 0..=255u8 {
                let mut name = *b"A_-1Z[@";
                let is_same = name[at].eq_ignore_ascii_case(&byte);
                name[at] = byte;
                assert_eq!(names.find(None, &name).is_some(), is_same, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn every_byte_of_a_short_name_counts() {
        for len in 1..=16 {
            let name = vec![b'X'; len];
            let packed = Packed::new(None, &name);
            assert!(packed.is_some());
            for at in 0..len {
                let mut other = name.clone();
                other[at] = b'Y';
                assert_ne!(Packed::new(None, &other), packed, "byte {at} of {len}");
            }
            assert_ne!(Packed::new(Some(CommandId(0)), &name), packed);
        }
        assert_eq!(Packed::new(None, b""), None);
        assert_eq!(Packed::new(None, &[b'X'; 17]), None);
    }

    #[test]
    fn cells_tell_lengths_and_containers_apart() {
        let short = Packed::new(None, b"ABCD").unwrap();
        let long = Packed::new(None, b"ABCD\0\0\0\0").unwrap();
        assert_eq!((short.low, short.high), (long.low, long.high));
        let cell = Cell::new(short, CommandId(0));
        assert!(cell.is(&short));
        assert!(!cell.is(&long));
        assert!(!cell.is(&Packed::new(Some(CommandId(0)), b"ABCD").unwrap()));
    }

    #[test]
    fn names_full_of_zeros_are_not_free_cells() {
        let names = Names::new(std::iter::empty::<Named>().collect::<Vec<_>>().into_iter());
        for len in 0..20 {
            assert_eq!(names.find(None, &vec![0; len]), None);
        }
    }
}
