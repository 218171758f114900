//! HyperLogLogs against a plain array of registers, and against any bytes.

use proptest::prelude::*;

use super::*;

/// What a HyperLogLog is, without any form.
#[derive(Clone)]
struct Model(Vec<u8>);

impl Model {
    fn new() -> Self {
        Self(vec![0; REGISTERS])
    }

    fn raise(&mut self, index: usize, rank: u8) -> bool {
        let is_larger = self.0[index] < rank;
        self.0[index] = self.0[index].max(rank);
        is_larger
    }
}

fn registers_of(bytes: &[u8]) -> Vec<u8> {
    let mut registers = Registers::new();
    registers.join(bytes).expect("it is not corrupted");
    registers.as_array().to_vec()
}

/// Places that meet each other, at the ends and in the middle; ranks that sparse runs do not have
/// are rare.
fn places() -> impl Strategy<Value = (usize, u8)> {
    let index = prop_oneof![
        4 => 100..140_usize,
        1 => 0..4_usize,
        1 => REGISTERS - 4..REGISTERS,
        1 => 0..REGISTERS,
    ];
    let rank = prop_oneof![20 => 1..4_u8, 10 => 1..33_u8, 1 => 33..52_u8];
    (index, rank)
}

proptest! {
    #[test]
    fn registers_are_raised(
        places in proptest::collection::vec(places(), 0..300),
        max in prop_oneof![Just(3000_usize), 0..200_usize],
        dense_at in 0..600_usize,
    ) {
        let (mut bytes, mut model) = (new(), Model::new());
        for (step, (index, rank)) in places.into_iter().enumerate() {
            if step == dense_at {
                make_dense(&mut bytes).expect("it is not corrupted");
            }
            let is_larger = raise(&mut bytes, index, rank, max).expect("it is not corrupted");
            prop_assert_eq!(is_larger, model.raise(index, rank));
            prop_assert!(is_valid(&bytes));
            prop_assert!(encoding(&bytes) == Encoding::Dense || bytes.len() <= max.max(18));
        }
        prop_assert_eq!(registers_of(&bytes), model.0.clone());
        let mut dense = bytes.clone();
        make_dense(&mut dense).expect("it is not corrupted");
        prop_assert_eq!(registers_of(&dense), model.0);
        prop_assert_eq!(count(&bytes), count(&dense));
    }

    #[test]
    fn unions(
        sets in proptest::collection::vec(proptest::collection::vec(places(), 0..60), 1..4),
        max in prop_oneof![Just(3000_usize), 0..200_usize],
    ) {
        let (mut model, mut union, mut all) = (Model::new(), Registers::new(), Vec::new());
        for places in sets {
            let mut bytes = new();
            for (index, rank) in places {
                raise(&mut bytes, index, rank, max).expect("it is not corrupted");
                model.raise(index, rank);
            }
            let mut alone = Registers::new();
            alone.join(&bytes).expect("it is not corrupted");
            union.join_registers(&alone);
            all.push(bytes);
        }
        prop_assert_eq!(&union.as_array()[..], &model.0[..]);
        for mut bytes in all {
            merge(&mut bytes, &union, max).expect("it is not corrupted");
            prop_assert_eq!(registers_of(&bytes), model.0.clone());
            prop_assert_eq!(count(&bytes), Ok(union.count()));
            prop_assert_eq!(cached_count(&bytes), None);
        }
    }

    /// Nothing panics, and what is refused is left as it was.
    #[test]
    fn any_registers(
        body in proptest::collection::vec(
            prop_oneof![Just(0x7f_u8), Just(0xff), Just(0x80), any::<u8>()], 0..80),
        places in proptest::collection::vec(places(), 0..20),
        is_dense: bool,
    ) {
        let mut bytes = new();
        bytes.truncate(HEADER);
        bytes.extend_from_slice(&body);
        // What ends within a run loses registers when that run is split.
        if HEADER + runs(&bytes).map(Run::bytes).sum::<usize>() > bytes.len() {
            bytes.push(0);
        }
        if is_dense {
            bytes[ENCODING_AT] = 0;
            bytes.resize(HEADER + dense::BYTES, 0xee);
        }
        prop_assert!(is_valid(&bytes));
        let is_good = Registers::new().join(&bytes).is_ok();
        prop_assert_eq!(count(&bytes).is_ok(), is_good);
        prop_assert_eq!(make_dense(&mut bytes.clone()).is_ok(), is_good);
        prop_assert_eq!(merge(&mut bytes.clone(), &Registers::new(), 100).is_ok(), is_good);
        for (index, rank) in places {
            let before = bytes.clone();
            if raise(&mut bytes, index, rank, 60).is_err() {
                prop_assert_eq!(&bytes, &before);
            }
            prop_assert!(is_valid(&bytes));
            prop_assert_eq!(Registers::new().join(&bytes).is_ok(), is_good);
        }
    }

    #[test]
    fn any_string(bytes in proptest::collection::vec(any::<u8>(), 0..40), magic: bool) {
        let mut bytes = bytes;
        if magic && bytes.len() >= 5 {
            bytes[..5].copy_from_slice(b"HYLL\x01");
        }
        if is_valid(&bytes) {
            let _ = (count(&bytes), cached_count(&bytes), runs(&bytes).count());
        }
    }
}

#[test]
fn estimates_are_near() {
    let mut bytes = new();
    let mut next = 10;
    for number in 1..=100_000_u64 {
        add(&mut bytes, &number.to_le_bytes(), 3000).expect("it is not corrupted");
        if number == next {
            let error = count(&bytes).expect("it is not corrupted").abs_diff(number);
            // Six times the standard error, 1.04 / sqrt(16384).
            assert!(error as f64 <= (number as f64 * 0.04875).max(1.0), "{error} of {number}");
            assert_eq!(encoding(&bytes) == Encoding::Sparse, number < 1000 + 1, "{number}");
            next *= 10;
        }
    }
}

#[test]
fn extreme_registers_have_an_estimate() {
    let mut dense = new();
    make_dense(&mut dense).expect("it is empty");
    assert_eq!(count(&dense), Ok(0));
    dense[HEADER..].fill(0xff);
    assert_eq!(count(&dense), Ok(1 << 63));
    let mut registers = Registers::new();
    registers.join(&dense).expect("dense registers are never corrupted");
    assert_eq!(registers.count(), 1 << 63);
}

#[test]
fn the_cached_count_is_known_or_not() {
    let mut bytes = new();
    assert_eq!(cached_count(&bytes), Some(0));
    set_cached_count(&mut bytes, 0x0123_4567_89ab_cdef);
    assert_eq!(cached_count(&bytes), Some(0x0123_4567_89ab_cdef));
    assert_eq!(bytes[COUNT_AT..HEADER], [0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01]);
    forget_count(&mut bytes);
    assert_eq!(cached_count(&bytes), None);
    assert_eq!(bytes[HEADER - 1], 0x81);
}

#[test]
fn what_is_no_hyperloglog() {
    assert!(is_valid(&new()));
    for wrong in [&b""[..], b"HYLL\x01\0\0\0abcdefg", b"HYLX\x01\0\0\0abcdefgh"] {
        assert!(!is_valid(wrong));
    }
    for encoding in [0, 2, 0xff] {
        let mut bytes = new();
        bytes[ENCODING_AT] = encoding;
        assert!(!is_valid(&bytes));
    }
}
