//! Seeded random scripts over a small keyspace.
//!
//! A grammar is a list of weighted forms; a form is a command line with holes. The words that fill
//! the holes are drawn from small pools on purpose: keys meet each other often, numbers lie on the
//! edges, and some words are simply wrong. A few lines are spoiled further: a word too many or too
//! few. Equal seeds give equal scripts.
//!
//! | in a form | becomes |
//! |---|---|
//! | `GET` | the word, now and then in other letters |
//! | `NX\|XX` | one of these words |
//! | `{key}` | a word from the pool of that name |
//! | `{key}?` `{key}*` `{key}+` | none or one; none to three; one to four of them |

mod forms;
mod pools;

use crate::normalise::Normaliser;
use crate::script::Step;

use pools::Dice;

pub use forms::{
    BITMAPS, GENERIC, GEO, HASHES, HYPERLOGLOGS, LISTS, OTHER_TYPES, SETS, SORTED_SETS, STRINGS,
};

/// One kind of command line.
#[derive(Debug)]
pub struct Form {
    /// How often it comes, relative to the others.
    pub weight: u64,
    /// The line with its holes.
    pub line: &'static str,
    /// How replies to it are compared, if not byte by byte.
    pub normaliser: Option<&'static Normaliser>,
}

/// A source of random scripts.
#[derive(Debug)]
pub struct Generator {
    dice: Dice,
    forms: Vec<&'static Form>,
    total_weight: u64,
}

impl Generator {
    /// A generator of lines in these grammars.
    #[must_use]
    pub fn new(seed: u64, grammars: &[&'static [Form]]) -> Self {
        let forms: Vec<_> = grammars.iter().copied().flatten().collect();
        let total_weight = forms.iter().map(|form| form.weight).sum();
        Self { dice: Dice::new(seed), forms, total_weight }
    }

    /// The next lines.
    #[must_use]
    pub fn script(&mut self, lines: usize) -> Vec<Step> {
        (0..lines).map(|_| self.step()).collect()
    }

    fn step(&mut self) -> Step {
        let mut ticket = self.dice.below(self.total_weight);
        let mut forms = self.forms.iter();
        let form = loop {
            let form = forms.next().expect("a ticket lies below the sum of the weights");
            match ticket.checked_sub(form.weight) {
                Some(rest) => ticket = rest,
                None => break *form,
            }
        };
        let mut words = self.fill(form.line);
        match self.dice.below(60) {
            // Without its count SPOP takes one out by chance, and the servers go different ways.
            0 if !form.line.starts_with("SPOP") => drop(words.pop()),
            1 => words.push(self.dice.word("value")),
            _ => {}
        }
        // A line of no words would be no request at all.
        if words.is_empty() {
            words.push(b"PING".to_vec());
        }
        Step { normaliser: form.normaliser, ..Step::words(&words) }
    }

    fn fill(&mut self, line: &str) -> Vec<Vec<u8>> {
        let mut words = Vec::new();
        for part in line.split(' ') {
            match part.strip_prefix('{').and_then(|hole| hole.split_once('}')) {
                Some((pool, many)) => {
                    for _ in 0..self.how_many(many) {
                        // A pool may give several words at once: `EX 100` is one option.
                        let filling = self.dice.word(pool);
                        if pool.ends_with("option") {
                            words.extend(filling.split(|&byte| byte == b' ').map(<[u8]>::to_vec));
                        } else {
                            words.push(filling);
                        }
                    }
                }
                None => words.push(self.literal(part)),
            }
        }
        words
    }

    fn how_many(&mut self, sign: &str) -> u64 {
        match sign {
            "" => 1,
            "?" => self.dice.below(2),
            "*" => self.dice.below(4),
            "+" => 1 + self.dice.below(4),
            other => panic!("a form says {other:?} after a hole"),
        }
    }

    fn literal(&mut self, part: &str) -> Vec<u8> {
        let choices: Vec<&str> = part.split('|').collect();
        let word = self.dice.pick(&choices);
        match self.dice.below(8) {
            0 => word.to_ascii_lowercase().into_bytes(),
            _ => word.as_bytes().to_vec(),
        }
    }
}

/// Reads everything the generated lines can have written, in every database they select.
#[must_use]
pub fn inspection() -> Vec<Step> {
    let mut steps = Vec::new();
    for database in pools::DATABASES {
        steps.push(Step::words(&["SELECT", database]));
        steps.push(Step::words(&["DBSIZE"]));
        for key in pools::KEYS {
            for command in ["TYPE", "GET", "STRLEN", "SCARD", "HLEN", "ZCARD"] {
                steps.push(Step::words(&[command, key]));
            }
            steps.push(Step::words(&["LRANGE", key, "0", "-1"]));
            steps.push(Step::words(&["ZRANGE", key, "0", "-1", "WITHSCORES"]));
            steps.push(Step::words(&["SMEMBERS", key]).by(&crate::normalise::UNORDERED));
            steps.push(Step::words(&["HGETALL", key]).by(&crate::normalise::UNORDERED));
            let encoding = Step::words(&["OBJECT", "ENCODING", key]);
            steps.push(encoding.by(&crate::normalise::NEWER_ENCODING));
            steps.push(Step::words(&["TTL", key]).by(&crate::normalise::NEAR_SECONDS));
        }
    }
    steps
}

#[cfg(test)]
mod tests;
