//! A town of cores without a server.
//!
//! Messages wait in one lane per pair of cores, and chance decides whose turn it is.

use std::collections::VecDeque;

use command::Command;
use commands::Run;
use keyspace::{Author, Change, DbIndex, KeyHasher, Shard, UnixMillis};
use resp::{Argv, Protocol, Reply, ReplyBuffer, ReplyWriter, decode};
use stdx::prng::Prng;

use crate::{
    Arbiter, Caller, Coordinator, Destination, Kind, Message, Order, Placement, ShardId, ShardLock,
    TxnId, hops, serve,
};

const DB: DbIndex = DbIndex(0);
pub(super) const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

/// The declaration of a command.
pub(super) fn command(name: &str) -> &'static Command<Run> {
    let mut all = commands::FAMILIES.iter().copied().flatten();
    all.find(|command| command.spec.name == name).expect("there is such a command")
}

pub(super) fn words(line: &str) -> Argv {
    Argv::from_words(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>())
}

/// See the head of this file.
pub(super) struct Town {
    pub(super) placement: Placement,
    pub(super) arbiter: Arbiter,
    coordinators: Vec<Coordinator>,
    shards: Vec<Shard>,
    locks: Vec<ShardLock>,
    deferred: Vec<VecDeque<Message>>,
    /// By sender and receiver.
    lanes: Vec<Vec<VecDeque<(Destination, Message)>>>,
    pub(super) chance: Prng,
    /// In the order in which the arbiter let them begin.
    pub(super) granted: Vec<TxnId>,
    pub(super) finished: Vec<(TxnId, Reply)>,
    /// Sees every message before it is delivered, and may change it.
    pub(super) on_message: Box<dyn FnMut(&mut Message)>,
}

impl Town {
    pub(super) fn new(seed: u64, cores: usize, shards: usize) -> Self {
        let placement = Placement::contiguous(shards, cores);
        let hasher = KeyHasher::with_seed(seed);
        let shard = |number| {
            let mut shard = Shard::new(4, hasher.clone(), number);
            shard.set_now(NOW);
            shard.changes.record(true);
            shard
        };
        let lanes = || (0..cores).map(|_| VecDeque::new()).collect();
        Self {
            arbiter: Arbiter::default(),
            coordinators: (0..cores as u16)
                .map(|core| Coordinator::new(core, placement.clone()))
                .collect(),
            shards: (0..shards as u64).map(shard).collect(),
            locks: vec![ShardLock::default(); shards],
            deferred: (0..shards).map(|_| VecDeque::new()).collect(),
            lanes: (0..cores).map(|_| lanes()).collect(),
            chance: Prng::new(seed),
            granted: Vec::new(),
            finished: Vec::new(),
            on_message: Box::new(|_| {}),
            placement,
        }
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.chance.below(bound as u64) as usize
    }

    /// Begins a command over several shards on a core.
    pub(super) fn begin(&mut self, core: usize, line: &str) -> TxnId {
        let words = words(line);
        let args = words.as_args();
        let command = command(&line.split(' ').next().expect("a name").to_uppercase());
        let hops = || hops(&command.spec, args, &self.placement);
        let kind = match command.run.expect("it is no container") {
            Run::Gather { part, fold, .. } | Run::Scatter { part, fold, .. } => {
                Kind::Parts { hops: hops(), part, fold }
            }
            Run::Together { run, db_of } => Kind::Together { hops: hops(), run, db_of },
            Run::EveryShard { part, fold } => Kind::Every { part, fold },
            Run::OneShard { part, fold, .. } => {
                let shards = self.placement.shards();
                let first = ShardId(self.chance.below(shards as u64) as u16);
                Kind::Walk { first, part, fold }
            }
            Run::Shard(_) => panic!("{line} is on one shard"),
        };
        let caller = Caller { db: DB, author: Author(1), protocol: Protocol::Resp2, touch: true };
        let order = Order { spec: &command.spec, words: words.clone(), caller, kind };
        let txn = self.coordinators[core].begin(order);
        self.collect(core);
        txn
    }

    fn send(&mut self, from: usize, destination: Destination, message: Message) {
        let to = match destination {
            Destination::Arbiter => 0,
            Destination::Shard(shard) => self.placement.core_of(shard),
            Destination::Coordinator(txn) => usize::from(txn.core),
        };
        self.lanes[from][to].push_back((destination, message));
    }

    /// Takes what a coordinator has to say.
    fn collect(&mut self, core: usize) {
        while let Some((destination, message)) = self.coordinators[core].poll_message() {
            self.send(core, destination, message);
        }
        while let Some(finished) = self.coordinators[core].poll_finished() {
            let bytes = finished.reply.to_vec();
            let (reply, length) = decode(&bytes).expect("a reply").expect("it is whole");
            assert_eq!(length, bytes.len(), "one reply");
            assert_eq!(reply.is_error(), finished.error.is_some());
            self.finished.push((finished.txn, reply));
        }
    }

    /// Delivers the first message of any lane; false if all lanes are empty.
    pub(super) fn step(&mut self) -> bool {
        let cores = self.lanes.len();
        let all = (0..cores).flat_map(|from| (0..cores).map(move |to| (from, to)));
        let full: Vec<_> = all.filter(|&(from, to)| !self.lanes[from][to].is_empty()).collect();
        if full.is_empty() {
            return false;
        }
        let (from, to) = full[self.below(full.len())];
        let next = self.lanes[from][to].pop_front();
        let (destination, mut message) = next.expect("the lane is not empty");
        (self.on_message)(&mut message);
        self.deliver(to, destination, message);
        true
    }

    fn deliver(&mut self, core: usize, destination: Destination, message: Message) {
        match destination {
            Destination::Arbiter => {
                let granted = match message {
                    Message::Lock(txn) => self.arbiter.lock(txn),
                    Message::Unlock(txn) => self.arbiter.unlock(txn),
                    _ => panic!("the arbiter hears of nothing else"),
                };
                if let Some(txn) = granted {
                    self.granted.push(txn);
                    self.send(core, Destination::Coordinator(txn), Message::Granted(txn));
                }
            }
            Destination::Coordinator(_) => {
                self.coordinators[core].handle(message);
                self.collect(core);
            }
            Destination::Shard(shard) => self.take_to_shard(core, shard.index(), message),
        }
    }

    fn take_to_shard(&mut self, core: usize, index: usize, message: Message) {
        if matches!(message, Message::Ask { .. }) && self.locks[index].is_held() {
            return self.deferred[index].push_back(message);
        }
        let (shard, lock) = (&mut self.shards[index], &mut self.locks[index]);
        let answer = serve(shard, lock, &self.placement, message);
        let txn = match &answer {
            Message::Prepared { txn, .. }
            | Message::Ran { txn, .. }
            | Message::Hosted { txn, .. }
            | Message::Returned { txn } => *txn,
            _ => panic!("a shard answers to a coordinator"),
        };
        self.send(core, Destination::Coordinator(txn), answer);
        if !self.locks[index].is_held()
            && let Some(message) = self.deferred[index].pop_front()
        {
            self.take_to_shard(core, index, message);
        }
    }

    /// Delivers everything; afterwards nothing may be held, open or waiting.
    pub(super) fn run(&mut self) {
        while self.step() {}
        assert!(self.arbiter.is_idle(), "the arbiter's lock came back");
        assert!(self.locks.iter().all(|lock| !lock.is_held()), "all shards go on");
        assert!(self.coordinators.iter().all(|it| it.open() == 0), "nothing is left open");
        assert!(self.deferred.iter().all(VecDeque::is_empty), "nobody waits");
    }

    /// Runs one command alone and answers its reply.
    pub(super) fn ask(&mut self, line: &str) -> Reply {
        let txn = self.begin(0, line);
        self.run();
        let place = self.finished.iter().position(|(finished, _)| *finished == txn);
        self.finished.remove(place.expect("it has ended")).1
    }

    fn shard_of(&self, key: &str) -> usize {
        self.placement.shard_of(key.as_bytes()).index()
    }

    /// Whether the shard of a key stands still.
    pub(super) fn is_held(&self, key: &str) -> bool {
        self.locks[self.shard_of(key)].is_held()
    }

    /// Sets a key past all transactions.
    pub(super) fn put(&mut self, key: &str, value: &str, expire: Option<UnixMillis>) {
        let shard = self.shard_of(key);
        let mut cx = self.shards[shard].cx(DB, Author(1));
        cx.set_string(key.as_bytes(), value.as_bytes(), expire);
    }

    /// Looks at a key past all transactions.
    pub(super) fn peek(&mut self, key: &str) -> Option<String> {
        let shard = self.shard_of(key);
        let Some(Run::Shard(get)) = command("GET").run else { panic!("GET has one key") };
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, Protocol::Resp2);
        let mut cx = self.shards[shard].cx(DB, Author(1));
        get(&mut cx, words(&format!("GET {key}")).as_args(), &mut writer).expect("a string");
        let (reply, _) = decode(&reply.to_vec()).expect("a reply").expect("it is whole");
        reply.text().map(|text| String::from_utf8_lossy(text).into_owned())
    }

    /// When a key expires.
    pub(super) fn expire_at(&mut self, key: &str) -> Option<UnixMillis> {
        let shard = self.shard_of(key);
        self.shards[shard].cx(DB, Author(1)).expire_at(key.as_bytes())
    }

    /// Takes the changes of the shard of a key.
    pub(super) fn changes(&mut self, key: &str) -> Vec<Change> {
        let shard = self.shard_of(key);
        self.shards[shard].changes.drain().collect()
    }

    /// Keys on as many different shards, `count` at most the number of shards.
    pub(super) fn apart(&self, count: usize) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for key in (0..).map(|number| format!("k{number}")) {
            if keys.iter().all(|other| self.shard_of(other) != self.shard_of(&key)) {
                keys.push(key);
            }
            if keys.len() == count {
                return keys;
            }
        }
        unreachable!("every shard has keys")
    }
}
