//! What DUMP answers, byte by byte, where the oracle keeps a value in the same form.
//!
//! **Not here:** large sets, whose order is each server's own; lists with elements of more than a
//! node's 8 KiB, which the oracle keeps like all others and Shoal, as Redis 7.2, by themselves.
//! What is not equal byte by byte has to be equal when it is restored: see `travel`.

use stdx::prng::Prng;
use testkit::script;
use testkit::script::Step;

use crate::check;

fn dump(steps: &mut Vec<Step>, words: &[&[u8]]) {
    steps.push(Step::words(words));
    steps.push("DUMP k".into());
}

#[test]
fn strings() {
    let mut steps = script!["DUMP none", "DUMP k"];
    for power in [7, 8, 15, 16, 31, 32, 63] {
        for number in [-1, 0, 1] {
            for sign in [-1, 1] {
                let number = sign * ((1_i128 << power) + number);
                dump(&mut steps, &[b"SET", b"k", number.to_string().as_bytes()]);
            }
        }
    }
    for text in ["", "a", "007", "-0", "+1", " 1", "1.5", "12345678901", "123456789012"] {
        dump(&mut steps, &[b"SET", b"k", text.as_bytes()]);
    }
    for length in [19, 20, 21, 22, 63, 64, 254, 264, 265, 300, 16_383, 16_384, 100_000] {
        dump(&mut steps, &[b"SET", b"k", &vec![b'x'; length]]);
        let ascending: Vec<u8> = (0..length).map(|at| (at / 3) as u8).collect();
        dump(&mut steps, &[b"SET", b"k", &ascending]);
    }
    steps.extend(script![
        "SET k 7",
        "APPEND k 8",
        "DUMP k",
        "INCRBYFLOAT f 1",
        "DUMP f",
        "SET k 99999999999999999999",
        "DUMP k",
        "SETRANGE k 40 x",
        "DUMP k",
        "EXPIRE k 1000",
        "DUMP k",
    ]);
    check(&steps);
}

/// A text in which much is repeated, at all distances.
fn wordy(prng: &mut Prng, length: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while text.len() < length {
        match prng.below(8) {
            0 => text.push(prng.next_u64() as u8),
            1 => text.resize(text.len() + prng.below(300) as usize, b'0'),
            _ => text.extend_from_slice(format!("word{} ", prng.below(60)).as_bytes()),
        }
    }
    text.truncate(length);
    text
}

#[test]
fn texts_are_packed_as_redis_packs_them() {
    let mut prng = Prng::new(20);
    let mut steps = Vec::new();
    for length in (21..120).chain([500, 2_047, 2_048, 2_049, 8_191, 8_192, 8_193, 50_000]) {
        dump(&mut steps, &[b"SET", b"k", &wordy(&mut prng, length)]);
    }
    check(&steps);
}

#[test]
fn lists() {
    let mut prng = Prng::new(21);
    let mut steps = Vec::new();
    let push = |steps: &mut Vec<Step>, command: &str, elements: &[Vec<u8>]| {
        let words = [command.as_bytes(), b"l"].into_iter();
        let elements = elements.iter().map(Vec::as_slice);
        steps.push(Step::words(&words.chain(elements).collect::<Vec<_>>()));
        steps.push("DUMP l".into());
    };
    for (count, length) in [(1, 0), (3, 1), (128, 3), (129, 3), (64, 128), (700, 12), (3, 8_192)] {
        let elements: Vec<Vec<u8>> = (0..count).map(|_| wordy(&mut prng, length)).collect();
        steps.push("DEL l".into());
        push(&mut steps, "RPUSH", &elements);
        let numbers: Vec<Vec<u8>> = (0..count)
            .map(|_| (prng.next_u64() as i64 >> prng.below(64)).to_string().into_bytes())
            .collect();
        push(&mut steps, "LPUSH", &numbers);
        for line in ["LINSERT l BEFORE 0 x", "LSET l 0 yy", "LTRIM l 1 -2", "LREM l 1 yy"] {
            steps.extend([line, "DUMP l"].map(Step::from));
        }
    }
    check(&steps);
}

#[test]
fn sorted_sets() {
    let mut prng = Prng::new(22);
    let mut steps = Vec::new();
    for pairs in ["1 a", "-0 a", "0.1 a inf b -inf c", "1e17 a 1e19 b 1e300 c", "5 5 -6 4096 7 x"] {
        steps.push(Step::from(format!("ZADD z {pairs}")));
        steps.extend(["DUMP z", "DEL z"].map(Step::from));
    }
    for (count, length) in [(3, 64), (3, 65), (128, 5), (129, 5), (700, 30)] {
        let mut words: Vec<Vec<u8>> = vec![b"ZADD".to_vec(), b"z".to_vec()];
        for number in 0..count {
            words.push(format!("{}", f64::from(number * 37 % 90) / 8.0).into_bytes());
            words.push([number.to_string().into_bytes(), wordy(&mut prng, length)].concat());
        }
        steps.push(Step::words(&words));
        steps.extend(["DUMP z", "ZREMRANGEBYRANK z 1 4", "DUMP z"].map(Step::from));
        steps.extend(["ZINCRBY z 100.25 new", "DUMP z", "DEL z"].map(Step::from));
    }
    check(&steps);
}

#[test]
fn sets_of_integers_and_of_one_member() {
    let mut steps = Vec::new();
    for members in ["1", "-1 40000 5000000000", "a", "99999999999999999999", "007"] {
        steps.push(Step::from(format!("SADD s {members}")));
        steps.extend(["DUMP s", "DEL s"].map(Step::from));
    }
    for count in [100, 511, 512] {
        let members: Vec<String> = (0..count).map(|number| (number * 77).to_string()).collect();
        steps.push(Step::from(format!("SADD s {}", members.join(" "))));
        steps.push("DUMP s".into());
    }
    steps.extend(script!["SREM s 0", "SADD s 70000", "SREM s 70000", "DUMP s"]);
    check(&steps);
}

#[test]
fn small_hashes_and_those_of_one_field() {
    let mut steps = script!["HSET h a 1 b text c -70000 d \"\"", "DUMP h", "HDEL h b", "DUMP h"];
    for length in [64, 65, 300] {
        steps.push("DEL h".into());
        steps.push(Step::from(format!("HSET h name {}", "y".repeat(length))));
        steps.push("DUMP h".into());
    }
    let fields: Vec<String> = (0..100).map(|number| format!("f{number} {}", number * 7)).collect();
    steps.push("DEL h".into());
    steps.push(Step::from(format!("HSET h {}", fields.join(" "))));
    steps.push("DUMP h".into());
    check(&steps);
}
