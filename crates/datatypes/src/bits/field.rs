//! Integers of 1 to 64 bits at any bit of a string, and what becomes of those that do not fit.

/// A kind of integer: how many bits it has, and whether it has a sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    is_signed: bool,
    bits: u32,
}

/// What becomes of a number that a field has no room for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Overflow {
    /// Its lowest bits are kept.
    #[default]
    Wrap,
    /// The nearest number takes its place.
    Saturate,
    /// Nothing is written.
    Fail,
}

/// Bytes that a field can reach into: 64 bits need not begin with a byte.
const REACH: usize = 9;

impl Field {
    /// The most bits of an integer without a sign: all fields fit an `i64`.
    const UNSIGNED_MAX: u32 = 63;

    /// A field of so many bits; none if there is no such.
    #[must_use]
    pub fn new(is_signed: bool, bits: u32) -> Option<Self> {
        let most = if is_signed { u64::BITS } else { Self::UNSIGNED_MAX };
        (1..=most).contains(&bits).then_some(Self { is_signed, bits })
    }

    /// How many bits it has.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.bits
    }

    /// Whether it has a sign.
    #[must_use]
    pub fn is_signed(self) -> bool {
        self.is_signed
    }

    /// Reads the field that begins at a bit; beyond the string's end all bits are 0.
    #[must_use]
    pub fn read(self, bytes: &[u8], offset: u64) -> i64 {
        let window = window(bytes, offset) >> self.below(offset);
        self.of_low_bits(window as u64)
    }

    /// Writes a number that fits into the field that begins at a bit and lies within the string.
    pub fn write(self, bytes: &mut [u8], offset: u64, number: i64) {
        let below = self.below(offset);
        let mask = u128::from(self.mask()) << below;
        let number = (number as u128) << below & mask;
        let window = window(bytes, offset) & !mask | number;
        let at = (offset / 8) as usize;
        let reached = (bytes.len() - at).min(REACH);
        bytes[at..at + reached].copy_from_slice(&window.to_be_bytes()[..reached]);
    }

    /// The number that is written for `number`; `None` if nothing is.
    #[must_use]
    pub fn fit(self, number: i128, overflow: Overflow) -> Option<i64> {
        let (min, max) = self.range();
        if (min..=max).contains(&number) {
            return Some(number as i64);
        }
        match overflow {
            Overflow::Wrap => Some(self.of_low_bits(number as u64)),
            Overflow::Saturate => Some(number.clamp(min, max) as i64),
            Overflow::Fail => None,
        }
    }

    /// A number as SET takes it.
    ///
    /// REDIS: without a sign, a negative number is a huge one: `BITFIELD k OVERFLOW SAT SET u8 0
    /// -1` writes 255. So is, with a sign, one from which the way to the largest number of the
    /// field is longer than 63 bits can say: `OVERFLOW SAT SET i8 0 -9223372036854775808` writes
    /// 127.
    #[must_use]
    pub fn given(self, number: i64) -> i128 {
        let (_, max) = self.range();
        let is_far = max - i128::from(number) > i128::from(i64::MAX) && self.bits < u64::BITS;
        match number {
            0.. => i128::from(number),
            _ if self.is_signed && !is_far => i128::from(number),
            _ => i128::from(number as u64),
        }
    }

    fn range(self) -> (i128, i128) {
        if self.is_signed {
            let half = 1_i128 << (self.bits - 1);
            (-half, half - 1)
        } else {
            (0, i128::from(self.mask()))
        }
    }

    fn mask(self) -> u64 {
        u64::MAX >> (u64::BITS - self.bits)
    }

    /// The number whose bits are the lowest ones of a word.
    fn of_low_bits(self, word: u64) -> i64 {
        let unused = u64::BITS - self.bits;
        if self.is_signed {
            ((word << unused) as i64) >> unused
        } else {
            (word & self.mask()) as i64
        }
    }

    /// How many bits of the window lie below the field.
    fn below(self, offset: u64) -> u32 {
        u128::BITS - (offset % 8) as u32 - self.bits
    }
}

/// The bytes from the one with this bit on, the first of them on top.
fn window(bytes: &[u8], offset: u64) -> u128 {
    let mut window = [0; size_of::<u128>()];
    let at = usize::try_from(offset / 8).unwrap_or(usize::MAX).min(bytes.len());
    let reached = (bytes.len() - at).min(REACH);
    window[..reached].copy_from_slice(&bytes[at..at + reached]);
    u128::from_be_bytes(window)
}
