//! Replies that cannot be equal, and what is compared instead.
//!
//! Every way has a name and says in words what it still promises. A reply whose way is not named
//! here is compared byte by byte.

use crate::Reply;

/// A way to compare two replies.
#[derive(Debug)]
pub struct Normaliser {
    /// Its name.
    pub name: &'static str,
    /// What is compared instead of the bytes.
    pub compares: &'static str,
    /// The comparison: the oracle's reply first.
    pub agree: fn(&Reply, &Reply) -> bool,
}

/// For SMEMBERS, KEYS and the like, whose order is the hash table's.
pub static UNORDERED: Normaliser = Normaliser {
    name: "unordered",
    compares: "the elements without their order",
    agree: |oracle, shoal| unordered(oracle) == unordered(shoal),
};

/// For RANDOMKEY, TIME, LOLWUT and the like.
pub static SAME_KIND: Normaliser = Normaliser {
    name: "same kind",
    compares: "the kind of the reply and, for arrays, the kinds of its elements",
    agree: |oracle, shoal| kind(oracle) == kind(shoal),
};

/// For PTTL and PEXPIRETIME, read at two moments.
pub static NEAR_TIME: Normaliser = Normaliser {
    name: "near time",
    compares: "numbers up to five minutes in milliseconds; whether they are negative exactly",
    agree: |oracle, shoal| near(oracle, shoal, 300_000),
};

/// For TTL, EXPIRETIME and OBJECT IDLETIME, read at two moments.
///
/// Two servers play a script one after the other, on a busy machine minutes apart: scripts use
/// times that differ by more than that.
pub static NEAR_SECONDS: Normaliser = Normaliser {
    name: "near seconds",
    compares: "numbers up to five minutes in seconds; whether they are negative exactly",
    agree: |oracle, shoal| near(oracle, shoal, 300),
};

/// For HTTL and its kin: times of several fields, read at two moments.
pub static NEAR_TIMES: Normaliser = Normaliser {
    name: "near times",
    compares: "of each element what `near time` compares",
    agree: |oracle, shoal| match (oracle, shoal) {
        (Reply::Array(oracle), Reply::Array(shoal)) => {
            oracle.len() == shoal.len()
                && oracle.iter().zip(shoal).all(|(oracle, shoal)| near(oracle, shoal, 300_000))
        }
        _ => oracle == shoal,
    },
};

/// For INFO, CLIENT LIST and the like: `name:value` or `name=value` texts.
pub static SAME_FIELDS: Normaliser = Normaliser {
    name: "same fields",
    compares: "that every field name of the oracle's text is there",
    agree: |oracle, shoal| {
        let ours = field_names(shoal);
        field_names(oracle).iter().all(|name| ours.contains(name))
    },
};

/// For OBJECT ENCODING, where newer servers keep small values more tightly; what they do exactly is
/// compared with Redis 8.0 elsewhere.
pub static NEWER_ENCODING: Normaliser = Normaliser {
    name: "newer encoding",
    compares: "the encoding, but a listpack may be where the oracle has a quicklist or hashtable",
    agree: |oracle, shoal| {
        let is_older = ["quicklist", "hashtable"].iter().any(|name| *oracle == Reply::bulk(name));
        oracle == shoal || (is_older && *shoal == Reply::bulk("listpack"))
    },
};

/// For errors that quote something of the server's own.
pub static SAME_ERROR_CODE: Normaliser = Normaliser {
    name: "same error code",
    compares: "that both are errors with the same first word",
    agree: |oracle, shoal| {
        let code = |reply: &Reply| reply.error().split(' ').next().map(str::to_owned);
        !oracle.error().is_empty() && code(oracle) == code(shoal)
    },
};

/// For commands that take a word more than in the oracle, which newer servers refuse otherwise.
pub static NEWER_WORDS: Normaliser = Normaliser {
    name: "newer words",
    compares: "the bytes, but where the oracle refuses the number of words any error will do",
    agree: |oracle, shoal| {
        let is_arity = oracle.error().starts_with("ERR wrong number of arguments");
        oracle == shoal || (is_arity && !shoal.error().is_empty())
    },
};

/// For SCAN and its kin, step by step; whole walks are compared by what they find.
pub static WALK_STEP: Normaliser = Normaliser {
    name: "walk step",
    compares: "errors byte by byte; of a step its form only, since cursors are each server's own",
    agree: |oracle, shoal| oracle.error() == shoal.error() && kind(oracle) == kind(shoal),
};

/// For SSCAN and its kin with a COUNT that is larger than what they walk over.
pub static WHOLE_WALK: Normaliser = Normaliser {
    name: "whole walk",
    compares: "the cursor exactly, what was found without its order",
    agree: |oracle, shoal| match (oracle, shoal) {
        (Reply::Array(oracle), Reply::Array(shoal)) => match (&oracle[..], &shoal[..]) {
            ([theirs, found], [ours, also]) => {
                theirs == ours && unordered(found) == unordered(also)
            }
            _ => false,
        },
        _ => oracle == shoal,
    },
};

fn unordered(reply: &Reply) -> (char, Vec<String>) {
    let mut elements: Vec<String> = match reply {
        Reply::Array(elements) | Reply::Set(elements) | Reply::Push(elements) => {
            elements.iter().map(|element| format!("{element:?}")).collect()
        }
        Reply::Map(pairs) => pairs.iter().map(|pair| format!("{pair:?}")).collect(),
        other => vec![format!("{other:?}")],
    };
    elements.sort();
    (letter(reply), elements)
}

fn kind(reply: &Reply) -> String {
    let mut kinds = String::from(letter(reply));
    if let Reply::Array(elements) | Reply::Set(elements) | Reply::Push(elements) = reply {
        kinds.extend(elements.iter().map(letter));
    }
    kinds
}

fn letter(reply: &Reply) -> char {
    match reply {
        Reply::Simple(_) => '+',
        Reply::Error(_) => '-',
        Reply::Int(_) => ':',
        Reply::Bulk(_) => '$',
        Reply::Nil => '_',
        Reply::NilArray => '0',
        Reply::Array(_) => '*',
        Reply::Map(_) => '%',
        Reply::Set(_) => '~',
        Reply::Push(_) => '>',
        Reply::Double(_) => ',',
        Reply::Bool(_) => '#',
        Reply::BigNumber(_) => '(',
        Reply::Verbatim(..) => '=',
        Reply::Attribute(..) => '|',
    }
}

fn near(oracle: &Reply, shoal: &Reply, tolerance: u64) -> bool {
    match (oracle, shoal) {
        (Reply::Int(one), Reply::Int(other)) => {
            let both_negative = *one < 0 && *other < 0;
            let neither_negative = *one >= 0 && *other >= 0;
            let apart = one.abs_diff(*other);
            (both_negative && apart == 0) || (neither_negative && apart <= tolerance)
        }
        _ => oracle == shoal,
    }
}

fn field_names(reply: &Reply) -> Vec<String> {
    let words = reply.text();
    let words = words.split([' ', '\r', '\n']);
    words.filter_map(|word| word.split_once([':', '='])).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(numbers: &[i64]) -> Reply {
        Reply::Array(numbers.iter().copied().map(Reply::Int).collect())
    }

    #[test]
    fn each_way_agrees_and_disagrees() {
        let text = |text: &str| Reply::bulk(text);
        let error = |text: &str| Reply::Error(text.into());
        let walk = |cursor: &str, found| Reply::Array(vec![Reply::bulk(cursor), ints(found)]);
        let cases = [
            (&UNORDERED, ints(&[1, 2]), ints(&[2, 1]), ints(&[1, 3])),
            (&UNORDERED, Reply::Set(vec![]), Reply::Set(vec![]), Reply::Array(vec![])),
            (&SAME_KIND, text("a"), text("b"), Reply::Nil),
            (&SAME_KIND, ints(&[1]), ints(&[2]), Reply::Array(vec![text("1")])),
            (&NEAR_TIME, Reply::Int(5000), Reply::Int(14_000), Reply::Int(-1)),
            (&NEAR_TIME, Reply::Int(-1), Reply::Int(-1), Reply::Int(-2)),
            (&NEAR_TIMES, ints(&[5000, -1]), ints(&[14_000, -1]), ints(&[5000, -2])),
            (&NEAR_TIMES, ints(&[]), ints(&[]), ints(&[5])),
            (&NEAR_SECONDS, Reply::Int(0), Reply::Int(3), Reply::Int(1000)),
            (&SAME_FIELDS, text("a:1\r\nb:2"), text("b:3\r\na:4\r\nc:5"), text("a:1")),
            (&NEWER_ENCODING, text("quicklist"), text("listpack"), text("raw")),
            (&NEWER_ENCODING, text("listpack"), text("listpack"), text("quicklist")),
            (&WALK_STEP, Reply::Array(vec![text("0")]), Reply::Array(vec![text("1")]), text("0")),
            (&NEWER_WORDS, error("ERR wrong number of arguments"), error("ERR a"), text("a")),
            (&WALK_STEP, error("ERR a"), error("ERR a"), error("ERR b")),
            (&WHOLE_WALK, walk("0", &[1, 2]), walk("0", &[2, 1]), walk("1", &[1, 2])),
            (&WHOLE_WALK, error("ERR a"), error("ERR a"), error("ERR b")),
            (&NEWER_ENCODING, text("hashtable"), text("listpack"), text("intset")),
            (&SAME_ERROR_CODE, error("ERR a"), error("ERR b"), error("WRONGTYPE a")),
        ];
        for (way, oracle, good, bad) in cases {
            assert!((way.agree)(&oracle, &good), "{}: {oracle:?} {good:?}", way.name);
            assert!(!(way.agree)(&oracle, &bad), "{}: {oracle:?} {bad:?}", way.name);
        }
    }
}
