//! A crowd of clients on the sockets of a real server, and a check of all they were answered.
//!
//! **Steps** of a round: all clients send random pipelines at once, while the round before is being
//! checked; when all are answered, everything is read once (a census). So the history is checked
//! as it grows, and a failure is told soon after it has happened.
//!
//! One client prefers one key, so that its connection moves to that key's core; now and then one
//! leaves without having read its last replies.

use std::time::{Duration, Instant};

use super::author::Author;
use super::checker::Checker;
use super::command::{Kind, in_play};
use super::operation::{Action, Operation, Order};
use super::recorder::{Clock, Recorder, census};
use crate::client::request;
use crate::{Client, Protocol, Reply, Server};

/// Names of the keys; they live on different shards where there are several.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
/// Clients at work at once.
const CLIENTS: usize = 8;
/// What a client does in a round.
const AGENDAS: usize = 25;
/// The longest pipeline of a client, by its number modulo this. What is open at once makes many
/// orders that must be tried, so most clients wait for each reply.
const DEPTHS: [u64; 4] = [3, 1, 1, 1];
/// A client leaves in one of so many rounds.
const ROUNDS_PER_DEPARTURE: u64 = 4;
/// Commands in the last pipeline of who leaves.
const LAST_WORDS: u64 = 3;
/// The wanderer turns to another key after so many rounds.
const ROUNDS_PER_FAVOURITE: usize = 40;

/// See the head of this file.
pub struct Crowd<'a> {
    server: &'a Server,
    seed: u64,
    names: Vec<String>,
    kinds: Vec<Kind>,
    clock: Clock,
    checker: Checker,
    /// Draws what is no client's affair.
    chance: Author,
    /// Reads everything when nobody else is at work.
    counter: Client,
    members: Vec<Member>,
    arrived: usize,
}

/// One of them.
struct Member {
    client: Client,
    recorder: Recorder,
    author: Author,
    depth: u64,
}

impl<'a> Crowd<'a> {
    /// Eight clients of a server, all of whose keys are deleted; pipelines keep this order.
    #[must_use]
    #[track_caller]
    pub fn new(server: &'a Server, seed: u64, order: Order) -> Self {
        let mut counter = server.client();
        assert_eq!(counter.cmd(&["FLUSHALL"]), Reply::ok());
        let kinds = kinds_of(&mut counter);
        let mut crowd = Self {
            server,
            seed,
            names: NAMES.map(String::from).into(),
            chance: Author::new(seed, usize::MAX, NAMES.len(), &kinds),
            kinds,
            clock: Clock::default(),
            checker: Checker::new(NAMES.len(), order),
            counter,
            members: Vec::new(),
            arrived: 0,
        };
        for _ in 0..CLIENTS {
            let member = crowd.newcomer();
            crowd.members.push(member);
        }
        crowd
    }

    /// Lets them work for so long. Answers how many operations were found in order.
    ///
    /// # Panics
    /// If what they were answered cannot have come from one keyspace.
    #[track_caller]
    pub fn demand(mut self, time: Duration) -> usize {
        let deadline = Instant::now() + time;
        let mut before = Vec::new();
        for round in 0.. {
            let favourite = round / ROUNDS_PER_FAVOURITE % NAMES.len();
            self.members[0].author.prefer(Some(favourite));
            self.round(round, std::mem::take(&mut before));
            if Instant::now() >= deadline {
                break;
            }
            before = self.history();
        }
        let rest = self.members.iter_mut().flat_map(|member| member.recorder.take()).collect();
        let title = format!("seed {}, last round", self.seed);
        self.checker.take_last(rest).demand(&self.names, &title);
        self.checker.checked()
    }

    /// All work at once; meanwhile what they did before is checked.
    #[track_caller]
    fn round(&mut self, round: usize, before: Vec<Operation>) {
        let (names, checker) = (&self.names, &mut self.checker);
        let title = format!("seed {}, before round {round}", self.seed);
        std::thread::scope(|scope| {
            for member in &mut self.members {
                scope.spawn(move || member.work(names));
            }
            checker.take(before).demand(names, &title);
        });
    }

    /// What has been done since the last time, and what is there now.
    fn history(&mut self) -> Vec<Operation> {
        let mut history = Vec::new();
        if self.chance.below(ROUNDS_PER_DEPARTURE) == 0 {
            let leaver = 1 + self.chance.below(CLIENTS as u64 - 1) as usize;
            let newcomer = self.newcomer();
            let leaver = std::mem::replace(&mut self.members[leaver], newcomer);
            history.extend(leaver.leave(&mut self.counter, &self.names));
        }
        history.extend(self.members.iter_mut().flat_map(|member| member.recorder.take()));
        let counter = &mut self.counter;
        history.push(census(&self.clock, &self.names, |words| counter.cmd(words)));
        history
    }

    fn newcomer(&mut self) -> Member {
        let number = self.arrived;
        self.arrived += 1;
        let protocol = if number.is_multiple_of(2) { Protocol::Resp2 } else { Protocol::Resp3 };
        Member {
            client: self.server.client_speaking(protocol),
            recorder: Recorder::new(&self.clock, number),
            author: Author::new(self.seed, number, self.names.len(), &self.kinds),
            depth: DEPTHS[number % DEPTHS.len()],
        }
    }
}

impl Member {
    /// Does all of a round.
    fn work(&mut self, names: &[String]) {
        for _ in 0..AGENDAS {
            for pipeline in self.author.agenda(self.depth) {
                self.send(pipeline, names);
                while self.recorder.awaited() > 0 {
                    let reply = self.client.read_reply();
                    self.recorder.reply(reply);
                }
            }
        }
    }

    fn send(&mut self, pipeline: Vec<Action>, names: &[String]) {
        let mut bytes = Vec::new();
        for action in pipeline {
            bytes.extend(action.requests(names).iter().flat_map(|words| request(words)));
            self.recorder.invoke(action);
        }
        self.client.raw(&bytes);
    }

    /// Asks for something and goes without having read all replies. Waits until that is over.
    fn leave(mut self, counter: &mut Client, names: &[String]) -> Vec<Operation> {
        let id = self.client.cmd(&["CLIENT", "ID"]).int();
        let pipeline = (0..LAST_WORDS).map(|_| self.author.any_action()).collect();
        self.send(pipeline, names);
        for _ in 0..self.author.below(LAST_WORDS) {
            let reply = self.client.read_reply();
            self.recorder.reply(reply);
        }
        let Self { client, recorder, .. } = self;
        drop(client);
        let line = format!("id={id} ");
        while counter.cmd(&["CLIENT", "LIST"]).text().contains(&line) {}
        // What its core has sent to others before it let go is done before these are.
        counter.cmd(&["DBSIZE"]);
        counter.cmd(&["CLIENT", "LIST"]);
        recorder.give_up()
    }
}

/// What the server can do.
#[must_use]
#[track_caller]
pub fn kinds_of(client: &mut Client) -> Vec<Kind> {
    in_play(|name| {
        let infos = client.cmd(&["COMMAND", "INFO", name]);
        matches!(infos.elements(), [Reply::Array(_)])
    })
}
