//! Programs on borrowed keys: every shard makes the same data of its own changes alone.

use commands::Run;
use datatypes::ValueRef;
use keyspace::{Author, Change, DbIndex, KeyHasher, LentKey, Shard, Touches};
use resp::{Protocol, ReplyBuffer, ReplyWriter};
use smallvec::SmallVec;
use stdx::prng::Prng;

use super::harness::{NOW, command_of, words};
use crate::errand::run_errand;
use crate::waiters::Waiters;
use crate::{
    Caller, Claim, Destination, Errand, Job, Lent, Message, Messages, Mode, Placement, Program,
    ShardId, Step, Surroundings, TxnId, Work, execute,
};

const SHARDS: usize = 3;
const CALLER: Caller =
    Caller { db: DbIndex(0), author: Author(1), protocol: Protocol::Resp2, touch: true };

struct Shards {
    all: Vec<Shard>,
    placement: Placement,
    hasher: KeyHasher,
}

impl Shards {
    fn new() -> Self {
        let hasher = KeyHasher::with_seed(1);
        let shard = |number| {
            let mut shard = Shard::new(2, hasher.clone(), number);
            shard.set_now(NOW);
            shard.changes.record(true);
            shard
        };
        let all = (0..SHARDS as u64).map(shard).collect();
        Self { all, placement: Placement::contiguous(SHARDS, 1), hasher }
    }

    /// Runs the lines as an EXEC at the shard of the first key, with all others borrowed.
    fn exec(&mut self, lines: &[String]) {
        let (program, keys) = program(lines);
        let home = self.placement.shard_of(&keys[0]);
        let mut lent: Vec<Lent> = Vec::new();
        for (index, shard) in self.all.iter_mut().enumerate() {
            let lender = ShardId(index as u16);
            let keys = keys.iter().filter(|key| self.placement.shard_of(key) == lender);
            let keys = keys.map(|key| LentKey { db: DbIndex(0), key: key.clone() });
            let keys: Vec<LentKey> = keys.collect();
            if lender != home && !keys.is_empty() {
                lent.push(Lent { lender, guests: shard.lend(keys), is_touched: false });
            }
        }
        let errand = Errand {
            txn: TxnId { core: 0, number: 1 },
            client: Author(1),
            number: 1,
            shard: home,
            claim: Claim::keys(Mode::Exclusive, SmallVec::new()),
            needs_room: true,
            work: Work::Host {
                program,
                watched: Vec::new(),
                lenders: lent.len(),
                lent,
                then_look_at: None,
            },
            is_held: false,
            is_last: false,
        };
        let (placement, hasher) = (&self.placement, &self.hasher);
        let surroundings = Surroundings { placement, hasher, stopwatch: &|| 0, veto: None };
        let mut out = Messages::new();
        let home = (&mut self.all[home.index()], &mut Waiters::default());
        run_errand(home, errand, surroundings, &mut out);
        for (destination, message) in out {
            let Message::Return { mut guests, changes, .. } = message else { continue };
            let Destination::Shard(shard) = destination else { panic!("keys go to shards") };
            let shard = &mut self.all[shard.index()];
            shard.admit(&mut guests);
            changes.into_iter().for_each(|change| shard.changes.push(change));
        }
    }

    fn changes(&mut self) -> Vec<Vec<Change>> {
        self.all.iter_mut().map(|shard| shard.changes.drain().collect()).collect()
    }

    /// Every entry of every shard: key, expiry, type, and value.
    fn data(&mut self) -> Vec<Vec<Datum>> {
        self.all.iter_mut().map(data_of).collect()
    }
}

type Datum = (Vec<u8>, Option<i64>, String);

fn data_of(shard: &mut Shard) -> Vec<Datum> {
    let mut data = Vec::new();
    shard.cx(DbIndex(0), Author(0)).for_each(|entry| {
        let mut text = itoa::Buffer::new();
        let value = match entry.value() {
            ValueRef::Object(object) if entry.is_collection() => {
                let mut shown = format!("{object:?}");
                if object.type_name() == "set" {
                    // The order of a set is nobody's.
                    let mut members: Vec<&str> = shown.split(['{', ',', '}', ' ']).collect();
                    members.sort_unstable();
                    shown = members.join(" ");
                }
                shown
            }
            value => format!("{:?}", value.as_string(&mut text)),
        };
        data.push((entry.key().to_vec(), entry.expire_at(), value));
    });
    data.sort();
    data
}

fn program(lines: &[String]) -> (Box<Program>, Vec<Box<[u8]>>) {
    let mut program = Program::empty(CALLER);
    let mut keys: Vec<Box<[u8]>> = Vec::new();
    for line in lines {
        let (argv, command) = (words(line), command_of(line));
        let first = program.words.len();
        program.words.extend_from_args(argv.as_args());
        let run = command.run.expect("it is no container");
        program.steps.push(Step { run, db: DbIndex(0), words: first..program.words.len() });
        let words: Vec<&[u8]> = argv.as_args().iter().collect();
        for key in command.spec.find_keys(&words).expect("it names its keys") {
            let key: Box<[u8]> = argv.as_args().at(key.index as usize).into();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    (Box::new(program), keys)
}

/// Plays a shard's changes into an empty one.
fn replayed(changes: &[Change]) -> Vec<Datum> {
    let mut shards = Shards::new();
    let shard = &mut shards.all[0];
    for change in changes {
        assert!(matches!(
            change.touches,
            Touches::Key { .. } | Touches::Move { .. } | Touches::Made { .. }
        ));
        if change.durable.is_empty() {
            continue;
        }
        let line = String::from_utf8_lossy(change.durable.as_args().at(0)).into_owned();
        let run: Run = command_of(&line.to_uppercase()).run.expect("it is no container");
        let args = change.durable.as_args();
        let job = Job { run, place: (ShardId(0), 1), caller: CALLER, args, hint: None };
        let mut reply = ReplyBuffer::new();
        let error = execute(shard, &job, &mut ReplyWriter::new(&mut reply, Protocol::Resp2));
        assert!(error.is_none(), "{change:?}: {error:?}");
    }
    data_of(shard)
}

#[track_caller]
fn check(programs: &[Vec<String>], title: &str) {
    let mut shards = Shards::new();
    let mut changes = vec![Vec::new(); SHARDS];
    for program in programs {
        shards.exec(program);
        for (all, new) in changes.iter_mut().zip(shards.changes()) {
            all.extend(new);
        }
    }
    let again: Vec<Vec<Datum>> = changes.iter().map(|changes| replayed(changes)).collect();
    assert_eq!(again, shards.data(), "{title}: {programs:#?}\n{changes:#?}");
}

/// Keys on three shards, a for the first and so on.
fn keys() -> [String; SHARDS] {
    let placement = Placement::contiguous(SHARDS, 1);
    let on = |shard: usize| {
        let mut names = (0..).map(|number| format!("k{number}"));
        names.find(|name| placement.shard_of(name.as_bytes()).index() == shard)
    };
    [0, 1, 2].map(|shard| on(shard).expect("every shard has keys"))
}

#[test]
fn what_follows_a_value_that_came_from_elsewhere_is_not_in_it() {
    let [a, b, c] = keys();
    for lines in [
        vec![format!("RPUSH {a} 1"), format!("RENAME {a} {b}"), format!("RPUSH {b} 2")],
        vec![format!("RPUSH {a} 1"), format!("COPY {a} {b}"), format!("LPOP {b}")],
        vec![format!("SET {a} 5"), format!("RENAME {a} {b}"), format!("INCR {b}")],
        vec![format!("SADD {a} 5"), format!("SUNIONSTORE {b} {a} {c}"), format!("SREM {b} 5")],
        vec![
            format!("RPUSH {a} 1"),
            format!("RENAME {a} {b}"),
            format!("RPUSH {b} 2"),
            format!("RENAME {b} {c}"),
            format!("RPUSH {c} 3"),
            format!("RENAME {c} {a}"),
            format!("LTRIM {a} 0 -1"),
        ],
        vec![format!("RPUSH {a} 1"), format!("RENAME {a} {b}"), format!("DEL {b}")],
    ] {
        check(&[lines], "");
    }
}

/// Lines in which `K` is a key, `V` a value.
const TEMPLATES: &[&str] = &[
    "SET K V",
    "APPEND K V",
    "INCR K",
    "RPUSH K V V",
    "LPUSH K V",
    "LPOP K",
    "LTRIM K 0 -1",
    "LTRIM K 1 -2",
    "LMOVE K K LEFT RIGHT",
    "LREM K 1 V",
    "SADD K V V",
    "SREM K V",
    "SPOP K",
    "SMOVE K K V",
    "SUNIONSTORE K K K",
    "SINTERSTORE K K K",
    "RENAME K K",
    "RENAMENX K K",
    "RENAME K K",
    "COPY K K",
    "COPY K K REPLACE",
    "COPY K K REPLACE",
    "EXPIRE K 100",
    "PERSIST K",
    "PEXPIREAT K 1",
    "MSET K V K V",
    "DEL K",
];

#[test]
fn every_shard_makes_the_same_data_of_its_changes() {
    for seed in 0..60 {
        let mut prng = Prng::new(seed);
        let mut fill = |word: &str| match word {
            "K" => format!("k{}", prng.below(9)),
            "V" => ["1", "-7", "text", "other"][prng.below(4) as usize].to_owned(),
            word => word.to_owned(),
        };
        let mut line = |pick: u64| {
            let template = TEMPLATES[pick as usize % TEMPLATES.len()];
            template.split(' ').map(&mut fill).collect::<Vec<_>>().join(" ")
        };
        let mut picks = Prng::new(seed + 1000);
        let programs: Vec<Vec<String>> = (0..30)
            .map(|_| (0..1 + picks.below(6)).map(|_| line(picks.next_u64() >> 1)).collect())
            .collect();
        check(&programs, &format!("seed {seed}"));
    }
}
