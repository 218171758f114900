//! A client that runs random commands on keys of its own and knows what must come back.

use std::collections::VecDeque;

use crate::house::{Guest, House};
use crate::model::{Author, Expected, Model, Words};

/// Which commands it draws.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repertoire {
    /// One key or none.
    Simple,
    /// All that the model knows.
    Any,
}

/// The client.
pub(crate) struct Scripted {
    pub(crate) guest: Guest,
    prefix: String,
    numbers: [usize; 2],
    model: Model,
    expected: VecDeque<(Words, Expected)>,
}

impl Scripted {
    /// Client `number` of a house, which works on the databases `2 * number` and `2 * number + 1`.
    pub(crate) fn connect(house: &mut House, core: usize, number: usize) -> Self {
        Self::connect_with_prefix(house, core, number, format!("{number}:"))
    }

    /// The same; all its keys begin with the prefix.
    pub(crate) fn connect_with_prefix(
        house: &mut House,
        core: usize,
        number: usize,
        prefix: String,
    ) -> Self {
        let guest = house.connect(core);
        let numbers = [2 * number, 2 * number + 1];
        let mut client =
            Self { guest, prefix, numbers, model: Model::new(numbers), expected: VecDeque::new() };
        client.send(house, vec!["SELECT".into(), numbers[0].to_string()]);
        client
    }

    /// Uses other keys from now on.
    pub(crate) fn turn_to(&mut self, prefix: String) {
        self.prefix = prefix;
    }

    /// Sends one request.
    pub(crate) fn send(&mut self, house: &mut House, words: Words) {
        house.send(self.guest, &words);
        let expected = self.model.apply(&words);
        self.expected.push_back((words, expected));
    }

    /// Sends a request whose reply is skipped, as CLIENT REPLY SKIP says.
    fn send_muted(&mut self, house: &mut House, words: &Words) {
        house.send_unanswered(self.guest, &["CLIENT", "REPLY", "SKIP"]);
        house.send_unanswered(self.guest, words);
        self.model.apply(words);
    }

    /// Sends a random pipeline.
    pub(crate) fn send_some(
        &mut self,
        house: &mut House,
        count_max: usize,
        repertoire: Repertoire,
    ) {
        for _ in 0..house.below(count_max + 1) {
            let (prefix, numbers) = (&self.prefix, self.numbers);
            let mut author = Author { chance: &mut house.chance, prefix, numbers };
            let mut words = match repertoire {
                Repertoire::Simple => author.simple(),
                Repertoire::Any => author.any(),
            };
            if words[0] == "MOVE" {
                words.push(self.model.other_db().to_string());
            }
            if house.below(20) == 0 {
                self.send_muted(house, &words);
            } else {
                self.send(house, words);
            }
        }
    }

    /// Compares the replies that have come.
    #[track_caller]
    pub(crate) fn check(&mut self, house: &mut House) {
        while let Some(reply) = house.take(self.guest) {
            let (words, expected) = self.expected.pop_front().expect("it was asked for");
            expected.check(&words, &reply);
        }
    }

    /// Compares the replies that have come, all of which must be there.
    #[track_caller]
    pub(crate) fn check_all(&mut self, house: &mut House) {
        self.check(house);
        assert!(self.expected.is_empty(), "{} replies are missing", self.expected.len());
    }
}
