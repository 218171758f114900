//! Bare shards with the simplest coordinator there can be.
//!
//! Tests say a command and read its reply.

use command::{CommandTable, Spec};
use keyspace::{Author, Change, DbIndex, Guest, KeyHasher, LentKey, Shard, UnixMillis};
use resp::{Args, Argv, Protocol, Reply, ReplyBuffer, ReplyError, ReplyWriter, decode};
use stdx::slot::{SLOTS, slot_of};

use crate::generic::{decode_cursor, encode_cursor};
use crate::{FAMILIES, Outcome, Part, PartFn, Partial, Run, ShardFn, Walk};

/// The moment at which every test begins, Unix milliseconds.
pub(crate) const START_MS: i64 = 1_700_000_000_000;

const DATABASES: u16 = 16;

/// The seed of the shards' hashes and choices.
const SEED: u64 = 7;

/// See the head of this file.
pub(crate) struct House {
    pub(crate) shards: Vec<Shard>,
    /// What SELECT would set.
    pub(crate) db: DbIndex,
    pub(crate) protocol: Protocol,
    table: CommandTable<Run>,
}

impl House {
    /// Empty shards, which record their changes.
    pub(crate) fn new(shards: usize) -> Self {
        let hasher = KeyHasher::with_seed(SEED);
        let shard = || {
            let mut shard = Shard::new(usize::from(DATABASES), hasher.clone(), SEED);
            shard.set_now(UnixMillis(START_MS));
            shard.changes.record(true);
            shard
        };
        Self {
            shards: std::iter::repeat_with(shard).take(shards).collect(),
            db: DbIndex(0),
            protocol: Protocol::Resp2,
            table: CommandTable::new(FAMILIES),
        }
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, ms: i64) {
        for shard in &mut self.shards {
            let now = shard.now().0 + ms;
            shard.set_now(UnixMillis(now));
        }
    }

    /// Takes all shards' changes.
    pub(crate) fn changes(&mut self) -> Vec<Change> {
        self.shards.iter_mut().flat_map(|shard| shard.changes.drain()).collect()
    }

    /// Runs a line of words between single spaces, `""` for the empty one; shows the reply.
    pub(crate) fn run(&mut self, line: &str) -> String {
        let words: Vec<&[u8]> = line
            .split(' ')
            .map(|word| if word == "\"\"" { &b""[..] } else { word.as_bytes() })
            .collect();
        let reply = self.call(Argv::from_words(&words).as_args());
        let (reply, length) = decode(&reply).expect("it is a reply").expect("it is whole");
        assert!(length > 0);
        show(&reply)
    }

    /// Runs a request and answers its reply's bytes.
    pub(crate) fn call(&mut self, args: Args<'_>) -> Vec<u8> {
        let mut buffer = ReplyBuffer::new();
        let mut reply = ReplyWriter::new(&mut buffer, self.protocol);
        let before = reply.mark();
        if let Err(error) = self.dispatch(args, &mut reply) {
            reply.truncate_to(before);
            reply.error(&error);
        }
        buffer.to_vec()
    }

    fn dispatch(&mut self, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
        let words: Vec<&[u8]> = args.iter().collect();
        let unknown = |_| ReplyError::new("ERR unknown command");
        let id = self.table.resolve(&words).map_err(unknown)?;
        let command = self.table.get(id);
        let Some(run) = command.run.filter(|_| command.spec.arity.accepts(args.len())) else {
            return Err(crate::errors::wrong_number_of_arguments(self.table.full_name(id)));
        };
        match run {
            Run::Shard(run) | Run::BetweenDbs(run) => {
                let key =
                    command.spec.simple_keys().and_then(|keys| keys.indices(args.len()).next());
                let home = key.map_or(0, |key| self.shard_of(args.at(key)));
                run(&mut self.shards[home].cx(self.db, Author(1)), args, reply)
            }
            Run::Together { run, db_of } => {
                // Words that contradict the declaration are refused by the command itself.
                let keys = command.spec.find_keys(&words).unwrap_or_default();
                let keys = keys.iter().map(|key| {
                    let position = key.index as usize;
                    LentKey { db: db_of(args, position, self.db), key: args.at(position).into() }
                });
                self.run_together(run, &keys.collect::<Vec<_>>(), args, reply)
            }
            Run::GatherWhole { whole, .. } if self.shards.len() == 1 => {
                whole(&mut self.shards[0].cx(self.db, Author(1)), args, reply)
            }
            Run::Gather { check, part, fold }
            | Run::GatherWhole { check, part, fold, .. }
            | Run::Scatter { check, part, fold } => {
                check(args)?;
                fold(args, &self.parts(part, &command.spec, args), reply)
            }
            Run::EveryShard { part, fold } => {
                let shards = 0..self.shards.len();
                let parts: Vec<Part> =
                    shards.map(|shard| Part::whole(self.run_part(shard, part, args))).collect();
                fold(args, &parts, reply)
            }
            Run::OneShard { walk: Walk::Cursor, part, fold } => {
                let part = self.step(part, args)?;
                fold(args, &[Part::whole(part)], reply)
            }
            Run::OneShard { walk: Walk::Random, part, fold } => {
                let shards = 0..self.shards.len();
                let parts: Vec<Part> =
                    shards.map(|shard| Part::whole(self.run_part(shard, part, args))).collect();
                fold(args, &parts, reply)
            }
        }
    }

    fn run_part(&mut self, shard: usize, part: PartFn, args: Args<'_>) -> Partial {
        part(&mut self.shards[shard].cx(self.db, Author(1)), args)
    }

    pub(crate) fn shard_of(&self, key: &[u8]) -> usize {
        usize::from(slot_of(key)) * self.shards.len() / usize::from(SLOTS)
    }

    /// Lends all keys to the first one's shard and runs the command there.
    fn run_together(
        &mut self,
        run: ShardFn,
        keys: &[LentKey],
        args: Args<'_>,
        reply: &mut ReplyWriter<'_>,
    ) -> Outcome {
        let home = keys.first().map_or(0, |first| self.shard_of(&first.key));
        let mut loans: Vec<(usize, Vec<Guest>)> = Vec::new();
        for key in keys {
            let owner = self.shard_of(&key.key);
            let is_lent = loans.iter().any(|(_, guests)| guests[0].lent == *key);
            if owner != home && !is_lent {
                loans.push((owner, self.shards[owner].lend(vec![key.clone()])));
            }
        }
        for (_, guests) in &mut loans {
            self.shards[home].admit(guests);
        }
        let outcome = run(&mut self.shards[home].cx(self.db, Author(1)), args, reply);
        for (owner, mut guests) in loans {
            self.shards[home].dismiss(&mut guests);
            self.shards[owner].admit(&mut guests);
        }
        outcome
    }

    /// Gives every shard its keys, each with the words that belong to it.
    fn parts(&mut self, part: PartFn, spec: &Spec, args: Args<'_>) -> Vec<Part> {
        let words: Vec<&[u8]> = args.iter().collect();
        let keys: Vec<usize> = match spec.simple_keys() {
            Some(simple) => simple.indices(args.len()).collect(),
            None => {
                let keys = spec.find_keys(&words).expect("the check has accepted the words");
                keys.iter().map(|key| key.index as usize).collect()
            }
        };
        let step = spec.simple_keys().map_or(1, |keys| usize::from(keys.step));
        let mut parts = Vec::new();
        for shard in 0..self.shards.len() {
            let mut words = Argv::from_words(&[args.at(0)]);
            let positions = keys
                .iter()
                .copied()
                .filter(|&at| self.shard_of(args.at(at)) == shard)
                .inspect(|&at| words.extend_from_args(args.slice(at..at + step)))
                .map(|at| at as u32)
                .collect();
            if words.len() > 1 {
                let partial = self.run_part(shard, part, words.as_args());
                parts.push(Part { positions, partial });
            }
        }
        parts
    }

    /// One step of a walk over all shards.
    fn step(&mut self, part: PartFn, args: Args<'_>) -> Result<Partial, ReplyError> {
        let shards = self.shards.len() as u16;
        let (shard, position) =
            decode_cursor(args.at(1), shards).ok_or(crate::errors::INVALID_CURSOR)?;
        let mut words = Argv::from_words(&[args.at(0), position.to_string().as_bytes()]);
        words.extend_from_args(args.tail(2));
        let next_shard = (shard + 1 < shards).then(|| encode_cursor(shard + 1, 0, shards));
        Ok(match self.run_part(usize::from(shard), part, words.as_args()) {
            Partial::Scanned { next, keys } => {
                let next = next.map(|position| encode_cursor(shard, position, shards));
                Partial::Scanned { next: next.or(next_shard), keys }
            }
            other => other,
        })
    }
}

fn show(reply: &Reply) -> String {
    let text = |bytes: &[u8]| bytes.escape_ascii().to_string().replace("\\'", "'");
    match reply {
        Reply::Simple(line) | Reply::Error(line) => text(line),
        Reply::Integer(number) => number.to_string(),
        Reply::Bulk(bytes) => format!("\"{}\"", text(bytes)),
        Reply::NullBulk | Reply::NullArray | Reply::Null => "nil".to_owned(),
        Reply::Array(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        Reply::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{} {}", show(key), show(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
        Reply::Set(members) => {
            format!("~[{}]", members.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        other => format!("{other:?}"),
    }
}
