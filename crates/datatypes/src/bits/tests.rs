//! Bits against plain vectors of them, and fields against big numbers.

use proptest::prelude::*;

use super::{Field, Operation, Overflow, combine, count, count_in, find, find_in, get, set};

/// Strings of any bits; of runs, so that searches go far; and long enough for whole blocks.
fn strings() -> impl Strategy<Value = Vec<u8>> {
    let run = (prop_oneof![Just(0_u8), Just(0xff), any::<u8>()], 0..900_usize);
    let runs = proptest::collection::vec(run, 0..4).prop_map(|runs| {
        runs.into_iter().flat_map(|(byte, length)| std::iter::repeat_n(byte, length)).collect()
    });
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(any::<u8>(), 0..3000),
        runs,
    ]
}

fn model(bytes: &[u8]) -> Vec<bool> {
    bytes.iter().flat_map(|byte| (0..8).map(move |at| byte >> (7 - at) & 1 == 1)).collect()
}

fn bytes_of(model: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    model.chunks(8).map(byte).collect()
}

fn fields() -> impl Strategy<Value = Field> {
    (any::<bool>(), 1..=64_u32)
        .prop_filter_map("no such field", |(is_signed, bits)| Field::new(is_signed, bits))
}

/// What a field may be asked for, by its definition.
fn model_fit(field: Field, number: i128, overflow: Overflow) -> Option<i128> {
    let size = 1_i128 << field.bits();
    let (min, max) = if field.is_signed() { (-size / 2, size / 2 - 1) } else { (0, size - 1) };
    match overflow {
        _ if (min..=max).contains(&number) => Some(number),
        Overflow::Wrap => Some((number - min).rem_euclid(size) + min),
        Overflow::Saturate if number < min => Some(min),
        Overflow::Saturate => Some(max),
        Overflow::Fail => None,
    }
}

/// Reads bit by bit.
fn model_read(field: Field, bits: &[bool], offset: usize) -> i128 {
    let bit = |at: usize| i128::from(bits.get(offset + at).copied().unwrap_or(false));
    let word = (0..field.bits() as usize).fold(0, |word, at| word << 1 | bit(at));
    let is_negative = field.is_signed() && bit(0) == 1;
    if is_negative { word - (1 << field.bits()) } else { word }
}

proptest! {
    #[test]
    fn bits_are_counted(bytes in strings(), ends in (any::<u64>(), any::<u64>())) {
        let bits = model(&bytes);
        let ones = |range: std::ops::Range<u64>| {
            bits[range.start as usize..range.end as usize].iter().filter(|bit| **bit).count() as u64
        };
        prop_assert_eq!(count(&bytes), ones(0..bits.len() as u64));
        let (a, b) = (ends.0 % (bits.len() as u64 + 1), ends.1 % (bits.len() as u64 + 1));
        let range = a.min(b)..a.max(b);
        prop_assert_eq!(count_in(&bytes, range.clone()), ones(range));
    }

    #[test]
    fn bits_are_found(bytes in strings(), bit: bool, ends in (any::<u64>(), any::<u64>())) {
        let bits = model(&bytes);
        let first = bits.iter().position(|it| *it == bit).map(|at| at as u64);
        prop_assert_eq!(find(&bytes, bit), first);
        let (a, b) = (ends.0 % (bits.len() as u64 + 1), ends.1 % (bits.len() as u64 + 1));
        let range = a.min(b)..a.max(b);
        let first = range.clone().find(|at| bits[*at as usize] == bit);
        prop_assert_eq!(find_in(&bytes, bit, range), first);
    }

    /// Short ranges, where both ends may lie in one byte.
    #[test]
    fn short_ranges(bytes in proptest::collection::vec(any::<u8>(), 3), start in 0..24_u64) {
        let bits = model(&bytes);
        for end in start..=24 {
            let ones = bits[start as usize..end as usize].iter().filter(|bit| **bit).count();
            prop_assert_eq!(count_in(&bytes, start..end), ones as u64);
            for bit in [false, true] {
                let first = (start..end).find(|at| bits[*at as usize] == bit);
                prop_assert_eq!(find_in(&bytes, bit, start..end), first);
            }
        }
    }

    #[test]
    fn single_bits(
        bytes in strings(),
        changes in proptest::collection::vec(any::<(u64, bool)>(), 20),
    ) {
        let (mut bytes, mut bits) = (bytes, Vec::new());
        bits.extend(model(&bytes));
        for (offset, bit) in changes {
            prop_assert!(!get(&bytes, bits.len() as u64 + offset / 2));
            if bits.is_empty() {
                continue;
            }
            let offset = offset % bits.len() as u64;
            prop_assert_eq!(get(&bytes, offset), bits[offset as usize]);
            let old = std::mem::replace(&mut bits[offset as usize], bit);
            prop_assert_eq!(set(&mut bytes, offset, bit), old);
        }
        prop_assert_eq!(bytes, bytes_of(&bits));
    }

    #[test]
    fn strings_are_combined(strings in proptest::collection::vec(strings(), 1..5)) {
        let views: Vec<&[u8]> = strings.iter().map(Vec::as_slice).collect();
        let longest = views.iter().map(|string| string.len()).max().unwrap_or(0);
        let padded = |at: usize| strings.iter().map(move |it| it.get(at).copied().unwrap_or(0));
        let expect = |join: fn(u8, u8) -> u8| -> Vec<u8> {
            (0..longest).map(|at| padded(at).reduce(join).unwrap_or(0)).collect()
        };
        prop_assert_eq!(combine(Operation::And, &views), expect(|a, b| a & b));
        prop_assert_eq!(combine(Operation::Or, &views), expect(|a, b| a | b));
        prop_assert_eq!(combine(Operation::Xor, &views), expect(|a, b| a ^ b));
        let turned: Vec<u8> = views[0].iter().map(|byte| !byte).collect();
        prop_assert_eq!(combine(Operation::Not, &views[..1]), turned);
    }

    #[test]
    fn fields_are_read_and_written(
        bytes in proptest::collection::vec(any::<u8>(), 0..24),
        writes in proptest::collection::vec((fields(), 0..250_u64, any::<i64>()), 1..20),
    ) {
        let (mut bytes, mut bits) = (bytes.clone(), model(&bytes));
        for (field, offset, number) in writes {
            let read = field.read(&bytes, offset);
            prop_assert_eq!(i128::from(read), model_read(field, &bits, offset as usize));
            let end = (offset + u64::from(field.bits())).next_multiple_of(8) as usize;
            if end > bits.len() {
                bits.resize(end, false);
                bytes.resize(end / 8, 0);
            }
            let number = field.fit(field.given(number), Overflow::Wrap).expect("it wraps");
            field.write(&mut bytes, offset, number);
            for at in 0..field.bits() {
                let bit = number >> (field.bits() - 1 - at) & 1 == 1;
                bits[offset as usize + at as usize] = bit;
            }
            prop_assert_eq!(&bytes, &bytes_of(&bits));
            prop_assert_eq!(field.read(&bytes, offset), number);
        }
    }

    #[test]
    fn numbers_fit_or_overflow(field in fields(), near in -3..3_i128, far: i64, base: i64) {
        let size = 1_i128 << field.bits();
        let edges = [0, size, -size, size / 2, -size / 2].map(|edge| edge + near);
        let sums = [i128::from(far) + i128::from(base), i128::from(far), field.given(far)];
        for number in edges.into_iter().chain(sums) {
            for overflow in [Overflow::Wrap, Overflow::Saturate, Overflow::Fail] {
                let fitted = field.fit(number, overflow).map(i128::from);
                prop_assert_eq!(fitted, model_fit(field, number, overflow), "{}", number);
            }
        }
    }
}

#[test]
fn there_are_fields_of_1_to_64_bits() {
    for bits in 0..70 {
        assert_eq!(Field::new(true, bits).is_some(), (1..=64).contains(&bits));
        assert_eq!(Field::new(false, bits).is_some(), (1..=63).contains(&bits));
    }
}

#[test]
fn a_search_ends_in_the_last_byte() {
    let mut bytes = vec![0_u8; 1000];
    assert_eq!(find(&bytes, true), None);
    for at in [0, 63, 64, 511, 512, 992, 999] {
        bytes[at] = 0x01;
        assert_eq!(find(&bytes, true), Some(at as u64 * 8 + 7));
        bytes[at] = 0;
    }
    let mut bytes = vec![0xff_u8; 1000];
    assert_eq!(find(&bytes, false), None);
    bytes[999] = 0xfe;
    assert_eq!(find(&bytes, false), Some(7999));
}

/// Redis 7.0.15 and 8.0.6 say so.
#[test]
fn far_numbers_saturate_on_the_other_side() {
    let saturated = |bits, number| {
        let field = Field::new(true, bits).expect("there is such a field");
        field.fit(field.given(number), Overflow::Saturate)
    };
    assert_eq!(saturated(8, i64::MIN), Some(127));
    assert_eq!(saturated(8, -9_223_372_036_854_775_681), Some(127));
    assert_eq!(saturated(8, -9_223_372_036_854_775_680), Some(-128));
    assert_eq!(saturated(63, -(1 << 62) - 1), Some((1 << 62) - 1));
    assert_eq!(saturated(62, -(1 << 62) - 1), Some(-(1 << 61)));
    assert_eq!(saturated(64, i64::MIN), Some(i64::MIN));
}
