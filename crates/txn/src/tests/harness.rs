//! A town of cores without a server.
//!
//! Messages wait in one lane per pair of cores, and chance decides whose turn it is.

use std::collections::VecDeque;
use std::sync::Arc;

use command::Command;
use command::flags::DENYOOM;
use commands::Run;
use commands::errors::OUT_OF_MEMORY;
use keyspace::{Author, Change, DbIndex, KeyHasher, Shard, UnixMillis};
use resp::{Argv, Protocol, Reply, ReplyBuffer, ReplyWriter, decode};
use stdx::prng::Prng;

use super::history::History;
use crate::{
    Caller, Coordinator, Destination, Kind, Load, Message, Messages, Mode, Numbers, Order,
    Placement, Program, ShardId, ShardQueue, Surroundings, Turn, TxnId, claim, hops, mode_of,
    stops,
};

const DB: DbIndex = DbIndex(0);
pub(super) const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

/// The declaration of a command.
pub(super) fn command(name: &str) -> &'static Command<Run> {
    let mut all = commands::FAMILIES.iter().copied().flatten();
    all.find(|command| command.spec.name == name).expect("there is such a command")
}

pub(super) fn command_of(line: &str) -> &'static Command<Run> {
    command(line.split(' ').next().expect("a name"))
}

pub(super) fn words(line: &str) -> Argv {
    Argv::from_words(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>())
}

/// One command of one client, by its number in the history.
pub(super) type Op = usize;

/// A command of one shard under way.
struct Call {
    op: Op,
    shard: usize,
}

enum Mail {
    Txn(Destination, Message),
    Call(Call),
}

/// See the head of this file.
pub(super) struct Town {
    pub(super) placement: Placement,
    coordinators: Vec<Coordinator>,
    shards: Vec<Shard>,
    queues: Vec<ShardQueue<Call>>,
    /// By sender and receiver.
    lanes: Vec<Vec<VecDeque<Mail>>>,
    pub(super) chance: Prng,
    /// What is asked of a shard of the client's own core happens at once, as in the server; or it
    /// is a message like any other.
    pub(super) is_direct: bool,
    hasher: KeyHasher,
    /// By client: its last transaction.
    latest: Vec<Option<TxnId>>,
    pub(super) history: History,
    /// By shard: there is no memory for anything new.
    pub(super) full: Vec<bool>,
    /// Sees every message before it is delivered, and may change it.
    pub(super) on_message: Box<dyn FnMut(&mut Message)>,
}

impl Town {
    pub(super) fn new(seed: u64, cores: usize, shards: usize) -> Self {
        let placement = Placement::contiguous(shards, cores);
        let (hasher, numbers) = (KeyHasher::with_seed(seed), Numbers::default());
        let shard = |number| {
            let mut shard = Shard::new(4, hasher.clone(), number);
            shard.set_now(NOW);
            shard.changes.record(true);
            shard
        };
        let coordinator =
            |core| Coordinator::new(core, placement.clone(), hasher.clone(), numbers.clone());
        let lanes = || (0..cores).map(|_| VecDeque::new()).collect();
        Self {
            coordinators: (0..cores as u16).map(coordinator).collect(),
            shards: (0..shards as u64).map(shard).collect(),
            queues: (0..shards).map(|_| ShardQueue::new(numbers.clone())).collect(),
            lanes: (0..cores).map(|_| lanes()).collect(),
            chance: Prng::new(seed),
            is_direct: !seed.is_multiple_of(4),
            latest: Vec::new(),
            history: History::new(shards),
            full: vec![false; shards],
            on_message: Box::new(|_| {}),
            placement,
            hasher,
        }
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.chance.below(bound as u64) as usize
    }

    /// A client sends a command. It has done all that comes before it, or not: it need not wait.
    /// Client `n` is on core `n % cores`.
    pub(super) fn send(&mut self, client: usize, line: &str) -> Op {
        let core = client % self.coordinators.len();
        let op = self.history.add(client, line, &self.placement);
        let words = words(line);
        let spec = &command_of(line).spec;
        let is_alone = matches!(
            crate::route(spec, words.as_args(), &self.placement),
            crate::Route::One(_) if spec.has_keys()
        );
        if is_alone {
            let shard = self.history.shards_of(op)[0];
            let to = self.placement.core_of(ShardId(shard as u16));
            if self.is_direct && core == to {
                self.take_call(Call { op, shard });
            } else {
                self.lanes[core][to].push_back(Mail::Call(Call { op, shard }));
            }
        } else {
            self.begin(core, client, op);
        }
        op
    }

    fn begin(&mut self, core: usize, client: usize, op: Op) {
        let line = self.history.line(op).to_owned();
        let (words, command) = (words(&line), command_of(&line));
        let hops = || hops(&command.spec, words.as_args(), &self.placement);
        let kind = match command.run.expect("it is no container") {
            Run::Gather { part, fold, .. } | Run::GatherWhole { part, fold, .. } => {
                Kind::Parts { hops: hops(), mode: Mode::Shared, part, fold }
            }
            Run::Scatter { part, fold, .. } => {
                Kind::Parts { hops: hops(), mode: Mode::Exclusive, part, fold }
            }
            run @ Run::Together { db_of, .. } => Kind::Together {
                stops: stops(&hops(), words.as_args(), DB, db_of),
                program: Box::new(Program::one(run, caller(client), words.clone())),
            },
            Run::EveryShard { part, fold } => {
                Kind::Every { mode: mode_of(&command.spec), part, fold }
            }
            Run::OneShard { part, fold, .. } => {
                let shards = self.placement.shards();
                let first = ShardId(self.chance.below(shards as u64) as u16);
                Kind::Walk { first, part, fold }
            }
            Run::Shard(_) | Run::BetweenDbs(_) => panic!("{line} is on one shard"),
        };
        let has_number = kind.has_number();
        self.latest.resize(self.latest.len().max(client + 1), None);
        let after = self.latest[client];
        let spec = &command.spec;
        let words = Arc::new(words.clone());
        let (caller, needs_room) = (caller(client), spec.has(DENYOOM));
        let order = Order { spec, words, caller, kind, needs_room, after };
        let mut read = Vec::new();
        let (queues, shards, is_direct) = (&mut self.queues, &mut self.shards, self.is_direct);
        let full = &self.full;
        let txn = self.coordinators[core].begin(order, &mut |errand| {
            if !is_direct {
                return Err(errand);
            }
            let index = errand.shard.index();
            let veto = (full[index] && errand.needs_room).then_some(OUT_OF_MEMORY);
            let shard = Some(&mut shards[index]);
            let answer = queues[index].schedule(shard, errand, veto.as_ref());
            if let Some(Message::Scheduled { partial: Some(_), .. }) = answer {
                read.push(index);
            }
            Ok(answer)
        });
        self.history.name(op, txn);
        read.into_iter().for_each(|shard| self.history.read(shard, op));
        if has_number {
            self.latest[client] = Some(txn);
        }
        self.collect(core);
    }

    fn post(&mut self, from: usize, destination: Destination, message: Message) {
        let to = match destination {
            Destination::Shard(shard) => self.placement.core_of(shard),
            Destination::Coordinator(txn) => usize::from(txn.core),
        };
        self.lanes[from][to].push_back(Mail::Txn(destination, message));
    }

    /// Takes what a coordinator has to say.
    fn collect(&mut self, core: usize) {
        while let Some((destination, message)) = self.coordinators[core].poll_message() {
            self.post(core, destination, message);
        }
        while let Some(finished) = self.coordinators[core].poll_finished() {
            let (reply, error, _) = finished.ending.into_single();
            let reply = decoded(&reply);
            assert_eq!(reply.is_error(), error.is_some());
            let op = self.history.op_of(finished.txn);
            self.history.answered(op, reply);
        }
    }

    /// Delivers the first mail of any lane; false if all lanes are empty.
    pub(super) fn step(&mut self) -> bool {
        let cores = self.lanes.len();
        let all = (0..cores).flat_map(|from| (0..cores).map(move |to| (from, to)));
        let full: Vec<_> = all.filter(|&(from, to)| !self.lanes[from][to].is_empty()).collect();
        if full.is_empty() {
            return false;
        }
        let (from, to) = full[self.below(full.len())];
        match self.lanes[from][to].pop_front().expect("the lane is not empty") {
            Mail::Txn(destination, mut message) => {
                (self.on_message)(&mut message);
                self.history.sees(&message);
                match destination {
                    Destination::Coordinator(_) => {
                        self.coordinators[to].handle(message);
                        self.collect(to);
                    }
                    Destination::Shard(shard) => {
                        let mut out = Messages::new();
                        let index = shard.index();
                        let is_vetoed = self.full[index] && message.needs_room();
                        let veto = is_vetoed.then_some(OUT_OF_MEMORY);
                        let veto = veto.as_ref();
                        let shard = Some(&mut self.shards[index]);
                        let (placement, hasher) = (&self.placement, &self.hasher);
                        let surroundings =
                            Surroundings { placement, hasher, stopwatch: &|| 0, veto };
                        self.queues[index].handle(shard, message, surroundings, &mut out);
                        self.advance(index, out);
                    }
                }
            }
            Mail::Call(call) => self.take_call(call),
        }
        true
    }

    /// Lets run on a shard what may run, and notes in which order it did.
    fn advance(&mut self, index: usize, mut out: Messages) {
        let core = self.placement.core_of(ShardId(index as u16));
        loop {
            let (queue, shard) = (&mut self.queues[index], &mut self.shards[index]);
            let (placement, hasher) = (&self.placement, &self.hasher);
            let surroundings = Surroundings { placement, hasher, stopwatch: &|| 0, veto: None };
            let call = queue.advance(Some(shard), surroundings, &mut out);
            for (destination, message) in out.drain(..) {
                self.history.ran_on(index, &message);
                self.post(core, destination, message);
            }
            match call {
                Some(Turn::Call(call)) => self.run_call(&call),
                Some(Turn::Wagon(..)) => unreachable!("nobody here has trains"),
                None => return,
            }
        }
    }

    fn take_call(&mut self, call: Call) {
        let line = words(self.history.line(call.op));
        let spec = &command_of(self.history.line(call.op)).spec;
        let claim = claim(spec, line.as_args(), |key| self.hasher.hash(key));
        let client = caller(self.history.client(call.op)).author;
        if self.queues[call.shard].is_met(&claim, client) {
            return self.queues[call.shard].wait(claim, client, call);
        }
        self.run_call(&call);
    }

    fn run_call(&mut self, call: &Call) {
        let line = self.history.line(call.op).to_owned();
        let Some(Run::Shard(run)) = command_of(&line).run else { panic!("{line} has one key") };
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, Protocol::Resp2);
        let mut cx = self.shards[call.shard].cx(DB, Author(1));
        run(&mut cx, words(&line).as_args(), &mut writer).expect("nothing is wrong with it");
        self.history.ran_call(call.op, call.shard);
        self.history.answered(call.op, decoded(&reply));
    }

    /// What is under way on all shards together.
    pub(super) fn load(&self) -> Load {
        let mut all = Load::default();
        for load in self.queues.iter().map(ShardQueue::load) {
            all.intents += load.intents;
            all.waiting += load.waiting;
            all.loans += load.loans;
        }
        all
    }

    /// Delivers everything; afterwards nothing may be claimed, lent, open or waiting.
    pub(super) fn run(&mut self) {
        while self.step() {}
        assert_eq!(self.load(), Load::default(), "all shards are idle");
        assert!(self.coordinators.iter().all(|it| it.open() == 0), "nothing is left open");
    }

    /// Runs one command alone and answers its reply.
    pub(super) fn ask(&mut self, line: &str) -> Reply {
        let op = self.send(0, line);
        self.run();
        self.history.reply(op).clone()
    }

    pub(super) fn shard_of(&self, key: &str) -> usize {
        self.placement.shard_of(key.as_bytes()).index()
    }

    /// Whether somebody who wants to look at a key must wait.
    pub(super) fn is_met(&self, key: &str) -> bool {
        let hash = self.hasher.hash(key.as_bytes());
        self.queues[self.shard_of(key)].is_key_met(hash, Mode::Shared, Author::SERVER)
    }

    /// Sets a key past all transactions.
    pub(super) fn put(&mut self, key: &str, value: &str, expire: Option<UnixMillis>) {
        let shard = self.shard_of(key);
        let mut cx = self.shards[shard].cx(DB, Author(1));
        cx.set_string(key.as_bytes(), value.as_bytes(), expire);
    }

    /// Adds a member to a set past all transactions.
    pub(super) fn put_member(&mut self, key: &str, member: &str) {
        let shard = self.shard_of(key);
        let Some(Run::Shard(sadd)) = command("SADD").run else { panic!("SADD has one key") };
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, Protocol::Resp2);
        let mut cx = self.shards[shard].cx(DB, Author(1));
        sadd(&mut cx, words(&format!("SADD {key} {member}")).as_args(), &mut writer)
            .expect("a set");
    }

    /// Looks at a key past all transactions.
    pub(super) fn peek(&mut self, key: &str) -> Option<String> {
        let shard = self.shard_of(key);
        let Some(Run::Shard(get)) = command("GET").run else { panic!("GET has one key") };
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, Protocol::Resp2);
        let mut cx = self.shards[shard].cx(DB, Author(1));
        get(&mut cx, words(&format!("GET {key}")).as_args(), &mut writer).expect("a string");
        decoded(&reply).text().map(|text| String::from_utf8_lossy(text).into_owned())
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

fn caller(client: usize) -> Caller {
    let author = Author(client as u64 + 1);
    Caller { db: DB, author, protocol: Protocol::Resp2, touch: true }
}

fn decoded(reply: &ReplyBuffer) -> Reply {
    let bytes = reply.to_vec();
    let (reply, length) = decode(&bytes).expect("a reply").expect("it is whole");
    assert_eq!(length, bytes.len(), "one reply");
    reply
}
