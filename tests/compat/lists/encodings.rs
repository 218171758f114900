//! When a list changes its encoding: as in Redis 8.0, edit by edit.

use stdx::prng::Prng;
use testkit::Reply;
use testkit::compare::Comparison;
use testkit::normalise::Normaliser;
use testkit::oracle::Packaged;
use testkit::script::Step;
use testkit::{matrix, script};

/// Edits of one script.
const EDITS: usize = 250;

/// Lengths of elements, for lists of a few hundred, for lists of a few, and around the limit.
const LENGTHS: [&[usize]; 3] =
    [&[0, 1, 2, 3, 5], &[1, 10, 100, 500, 2000, 4000, 4090, 9000], &[1, 3, 4096, 8180, 8192, 8193]];

const LIMITS: &[&str] = &["-2", "-1", "0", "1", "2", "3", "5", "8", "128", "10000"];

/// For DEBUG OBJECT: which node an element joins decides when a list is small again.
static NODES: Normaliser = Normaliser {
    name: "nodes",
    compares: "the encoding, and the number, limit and bytes of a list's nodes",
    agree: |redis, shoal| nodes(redis) == nodes(shoal),
};

fn nodes(reply: &Reply) -> Vec<String> {
    let Reply::Simple(line) = reply else { return vec![format!("{reply:?}")] };
    let is_compared = |word: &&str| word.starts_with("ql_") || word.starts_with("encoding:");
    line.split(' ').filter(is_compared).map(str::to_owned).collect()
}

#[track_caller]
fn check_with_redis_8(title: &str, script: &[Step]) {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards == 2);
    let comparison = Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8);
    comparison.on(cells).title(title).pipelined(50).check(script);
}

/// A script that edits two lists and asks for their encodings after each edit.
struct Editor {
    prng: Prng,
    lengths: &'static [usize],
}

impl Editor {
    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.prng.below(of.len() as u64) as usize]
    }

    fn key(&mut self) -> String {
        self.pick(&["l", "m"]).into()
    }

    fn element(&mut self) -> String {
        if self.prng.below(5) == 0 {
            let digits = 10_u64.pow(self.prng.below(18) as u32);
            return self.prng.below(digits + 1).to_string();
        }
        let bytes = self.lengths[self.prng.below(self.lengths.len() as u64) as usize];
        self.pick(&["a", "b", "c"]).repeat(bytes)
    }

    fn words(&mut self) -> Vec<String> {
        let [key, other] = [self.key(), self.key()];
        let index = (self.prng.below(40) as i64 - 20).to_string();
        let count = self.pick(&["1", "2", "5", "20"]).to_owned();
        let end = self.pick(&["LEFT", "RIGHT"]).to_owned();
        let [one, two] = [self.element(), self.element()];
        match self.prng.below(13) {
            0..4 => {
                let mut words = vec![self.pick(&["LPUSH", "RPUSH"]).to_owned(), key];
                words.extend((0..1 + self.prng.below(8)).map(|_| self.element()));
                words
            }
            4 => vec![self.pick(&["LPOP", "RPOP"]).to_owned(), key],
            5 => vec![self.pick(&["LPOP", "RPOP"]).to_owned(), key, count],
            6 | 7 => vec!["LSET".into(), key, index, one],
            8 => vec!["LINSERT".into(), key, self.pick(&["BEFORE", "AFTER"]).into(), one, two],
            9 => vec!["LREM".into(), key, self.pick(&["0", "1", "-1", "2"]).into(), one],
            10 => vec!["LTRIM".into(), key, self.pick(&["0", "1", "2"]).into(), "-2".into()],
            11 => vec!["LMOVE".into(), key, other, end, self.pick(&["LEFT", "RIGHT"]).into()],
            _ => vec!["COPY".into(), key, other, "REPLACE".into()],
        }
    }

    fn script(&mut self) -> Vec<Step> {
        let mut steps = script!["FLUSHALL"];
        for _ in 0..EDITS {
            steps.push(Step::words(&self.words()));
            for key in ["l", "m"] {
                steps.push(Step::words(&["OBJECT", "ENCODING", key]));
                steps.push(Step::words(&["DEBUG", "OBJECT", key]).by(&NODES));
            }
        }
        steps.extend(script!["LRANGE l 0 -1", "LRANGE m 0 -1", "DEBUG DIGEST"]);
        steps
    }
}

#[test]
fn encodings_of_edited_lists() {
    let mut steps = Vec::new();
    for (seed, limit) in LIMITS.iter().enumerate() {
        for lengths in LENGTHS {
            steps.push(Step::words(&["CONFIG", "SET", "list-max-listpack-size", limit]));
            steps.extend(Editor { prng: Prng::new(seed as u64), lengths }.script());
        }
    }
    check_with_redis_8("", &steps);
}

#[test]
fn both_sides_of_the_limit() {
    let mut steps = Vec::new();
    for bytes in 4080..4100 {
        let element = "x".repeat(bytes);
        steps.push(Step::words(&["RPUSH", "l", &element]));
        for length in [4060, 4070, 4080, 4085, 4090, 4095, 4100] {
            steps.push(Step::words(&["RPUSH", "l", &"y".repeat(length)]));
            steps.push("OBJECT ENCODING l".into());
            steps.push("RPOP l".into());
            steps.push("OBJECT ENCODING l".into());
        }
        steps.push("DEL l".into());
    }
    for limit in ["4", "-2", "-1", "-5", "-6", "0", "1"] {
        steps.push(Step::words(&["CONFIG", "SET", "list-max-ziplist-size", limit]));
        steps.push("CONFIG GET list-max-listpack-size".into());
        for _ in 0..6 {
            steps.extend(script!["RPUSH l 1", "OBJECT ENCODING l"]);
        }
        for _ in 0..6 {
            steps.extend(script!["RPOP l", "OBJECT ENCODING l"]);
        }
    }
    check_with_redis_8("", &steps);
}

#[test]
fn the_parameter() {
    crate::check(&script![
        "CONFIG GET list-max-listpack-size",
        "CONFIG GET list-max-ziplist-size",
        "CONFIG SET list-max-ziplist-size 3",
        "CONFIG GET list-max-*" => testkit::normalise::UNORDERED,
        "CONFIG SET list-max-ziplist-size 3 list-max-listpack-size 4",
        "CONFIG GET list-max-*" => testkit::normalise::UNORDERED,
        "CONFIG SET list-max-listpack-size 2147483648",
        "CONFIG SET list-max-listpack-size -2147483649",
        "CONFIG SET list-max-listpack-size -2147483648",
        "CONFIG SET list-max-listpack-size 1k",
        "CONFIG SET list-max-listpack-size \"\"",
        "CONFIG SET list-max-listpack-size -2",
    ]);
}
