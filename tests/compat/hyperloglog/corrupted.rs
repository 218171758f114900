//! Strings that look like HyperLogLogs: users may write anything into them.

use testkit::script::Step;

use super::add;
use crate::check;

/// A header with an encoding and an unknown count, and what follows.
fn crafted(encoding: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"HYLL\0\0\0\0\0\0\0\0\0\0\0\x80".to_vec();
    bytes[4] = encoding;
    bytes.extend_from_slice(body);
    bytes
}

/// Everything that commands do with such a string, beginning anew for each.
fn judge(value: &[u8]) -> Vec<Step> {
    let mut steps = Vec::new();
    for line in [
        "PFCOUNT h",
        "PFCOUNT h none",
        "PFADD h",
        "PFADD h a",
        "PFADD h \"\" a b c d e f g",
        "PFMERGE h",
        "PFMERGE m h",
        "PFDEBUG DECODE h",
        "PFDEBUG ENCODING h",
        "PFDEBUG TODENSE h",
        "PFDEBUG GETREG h",
    ] {
        steps.push(Step::words(&[b"SET", &b"h"[..], value]));
        steps.push(Step::from(line));
        steps.push(Step::from("GET h"));
    }
    steps.push(Step::from("GET m"));
    steps.push(Step::from("DEL m"));
    steps
}

#[test]
fn headers() {
    let mut steps = Vec::new();
    for value in [
        &b""[..],
        b"HYLL",
        b"HYLL\x01\0\0\0\0\0\0\0\0\0\0",
        b"HYLL\x01\0\0\0abcdefgh",
        b"HYLL\x01xyzabcdefg\x80\x7f\xff",
        b"HYLL\x00\0\0\0abcdefgh",
        b"HYLL\x02\0\0\0abcdefgh\x7f\xff",
        b"HYLL\xff\0\0\0abcdefgh\x7f\xff",
        b"hyll\x01\0\0\0abcdefgh\x7f\xff",
        b"HYLX\x01\0\0\0abcdefgh\x7f\xff",
        b"1234567890123456",
    ] {
        steps.extend(judge(value));
    }
    check(&steps);
}

#[test]
fn sparse_registers() {
    let mut steps = Vec::new();
    for body in [
        &b""[..],
        b"\x00",
        b"\x7f\xff",
        b"\x7f\xfe",
        b"\x7f\xfe\x00",
        b"\x00\x7f\xfe",
        b"\x7f\xff\x00",
        b"\x7f\xff\x80",
        b"\x7f\xff\x7f\xff",
        b"\x80\x7f\xfe",
        b"\xff\x7f\xfb",
        b"\xff\x7f\xfe",
        b"\x7f\xfc\x83",
        b"\x7f\xfb\x80\x80\x80\x80",
        b"\x80\x81\x80\x81\x7f\xf9",
        b"\x40\x00\x40\x00\x7f\xfd",
        b"\x40\x00\x00\x7f\xfd",
        b"\x6e\xff\x50\xff",
    ] {
        steps.extend(judge(&crafted(1, body)));
    }
    check(&steps);
}

#[test]
fn dense_registers() {
    let mut steps = Vec::new();
    for pattern in [&b"\0"[..], b"\xff", b"\xf3\x3c\xcf", b"\x41\x10\x04", b"\x55\xaa\x5a", b"\xb2"]
    {
        let body: Vec<u8> = pattern.iter().copied().cycle().take(12_288).collect();
        steps.extend(judge(&crafted(0, &body)));
        steps.push(Step::words(&[b"SET", &b"other"[..], &crafted(0, &body)]));
        steps.push(add("sparse", 0..50));
        steps.push(Step::from("PFCOUNT sparse other"));
        steps.push(Step::from("PFMERGE sparse other"));
        steps.push(Step::from("GET sparse"));
        steps.push(Step::from("DEL sparse"));
        for length in [12_287, 12_289] {
            steps.push(Step::words(&[b"SET", &b"h"[..], &crafted(0, &body.repeat(2)[..length])]));
            steps.push(Step::from("PFCOUNT h"));
        }
    }
    check(&steps);
}

/// Runs by chance: most of them contradict themselves, some add up.
#[test]
fn any_runs() {
    let mut prng = stdx::prng::Prng::new(2);
    let mut steps = Vec::new();
    for _ in 0..60 {
        let mut body: Vec<u8> = (0..prng.below(12)).map(|_| prng.next_u64() as u8).collect();
        body.extend((0..2).map(|_| 0x80 | prng.next_u64() as u8));
        let covered = covered(&body);
        if prng.below(4) > 0 && covered < 16_384 {
            // The rest in zeros, so that the registers add up.
            let length = 16_384 - covered - 1;
            body.extend([0x40 | (length >> 8) as u8, length as u8]);
        }
        steps.extend(judge(&crafted(1, &body)));
    }
    check(&steps);
}

/// How many registers these runs cover, the last of which is no first half.
fn covered(runs: &[u8]) -> usize {
    let (mut at, mut sum) = (0, 0);
    while at < runs.len() {
        let (byte, low) = (runs[at], usize::from(runs[at] & 0x3f));
        (at, sum) = match byte >> 6 {
            0 => (at + 1, sum + low + 1),
            1 => {
                let second = runs.get(at + 1).copied().unwrap_or(0);
                (at + 2, sum + (low << 8 | usize::from(second)) + 1)
            }
            _ => (at + 1, sum + usize::from(byte & 3) + 1),
        };
    }
    sum
}
