//! What was sent, what ran where, what was answered, and whether one after another could do it.

use std::collections::BTreeMap;

use resp::Reply;
use stdx::HashMap;

use super::harness::{Op, command_of, words};
use crate::{Message, Mode, Placement, TxnId, mode_of};

struct Sent {
    client: usize,
    line: String,
    mode: Mode,
    /// None: all there are.
    keys: Option<Vec<String>>,
    shards: Vec<usize>,
    txn: Option<TxnId>,
    /// How many commands had been sent when all its shards knew its number.
    decided_at: Option<usize>,
    reply: Option<Reply>,
    /// How many commands had been sent when it was answered.
    answered_at: usize,
}

/// See the head of this file.
pub(super) struct History {
    ops: Vec<Sent>,
    of_txn: HashMap<TxnId, Op>,
    /// By shard: what ran, in order.
    ran: Vec<Vec<Op>>,
    /// Transactions that had to draw again.
    pub(super) redrawn: usize,
    /// Parts that were read out of turn.
    pub(super) read_early: usize,
}

impl History {
    pub(super) fn new(shards: usize) -> Self {
        Self {
            ops: Vec::new(),
            of_txn: HashMap::default(),
            ran: vec![Vec::new(); shards],
            redrawn: 0,
            read_early: 0,
        }
    }

    pub(super) fn add(&mut self, client: usize, line: &str, placement: &Placement) -> Op {
        let spec = &command_of(line).spec;
        let words = words(line);
        let args = words.as_args();
        let found = command::key_spec::words_from_fn(args.len(), |index| args.at(index));
        let found = spec.find_keys(&found).expect("a good line");
        let key = |index: u32| String::from_utf8_lossy(args.at(index as usize)).into_owned();
        let keys: Vec<String> = found.iter().map(|found| key(found.index)).collect();
        let mut shards: Vec<usize> =
            keys.iter().map(|key| placement.shard_of(key.as_bytes()).index()).collect();
        shards.sort_unstable();
        shards.dedup();
        if keys.is_empty() {
            shards = (0..placement.shards()).collect();
        }
        self.ops.push(Sent {
            client,
            line: line.to_owned(),
            mode: mode_of(spec),
            keys: (!keys.is_empty()).then_some(keys),
            shards,
            txn: None,
            decided_at: None,
            reply: None,
            answered_at: usize::MAX,
        });
        self.ops.len() - 1
    }

    pub(super) fn name(&mut self, op: Op, txn: TxnId) {
        self.ops[op].txn = Some(txn);
        self.of_txn.insert(txn, op);
    }

    pub(super) fn op_of(&self, txn: TxnId) -> Op {
        self.of_txn[&txn]
    }

    pub(super) fn line(&self, op: Op) -> &str {
        &self.ops[op].line
    }

    pub(super) fn client(&self, op: Op) -> usize {
        self.ops[op].client
    }

    pub(super) fn shards_of(&self, op: Op) -> &[usize] {
        &self.ops[op].shards
    }

    pub(super) fn reply(&self, op: Op) -> &Reply {
        self.ops[op].reply.as_ref().expect("it was answered")
    }

    pub(super) fn is_answered(&self, op: Op) -> bool {
        self.ops[op].reply.is_some()
    }

    pub(super) fn answered(&mut self, op: Op, reply: Reply) {
        self.ops[op].answered_at = self.ops.len();
        assert!(self.ops[op].reply.replace(reply).is_none(), "it is answered once");
    }

    /// A message is delivered.
    pub(super) fn sees(&mut self, message: &Message) {
        if let Message::Go { txn, asked, number, .. } = message {
            let sent = self.ops.len();
            let op = self.of_txn[txn];
            // The last one counts: until then it has no fixed place somewhere.
            if self.ops[op].decided_at.replace(sent).is_none() {
                self.redrawn += usize::from(asked != number);
            }
        }
    }

    /// A shard has said something, in the step in which it happened.
    pub(super) fn ran_on(&mut self, shard: usize, message: &Message) {
        let txn = match message {
            Message::Scheduled { txn, partial: Some(_), .. } => {
                return self.read(shard, self.of_txn[txn]);
            }
            Message::Ran { txn, .. } | Message::Hosted { txn, .. } | Message::Lent { txn, .. } => {
                txn
            }
            _ => return,
        };
        self.runs(shard, self.of_txn[txn]);
    }

    /// A part was read out of turn.
    pub(super) fn read(&mut self, shard: usize, op: Op) {
        self.read_early += 1;
        self.runs(shard, op);
    }

    fn runs(&mut self, shard: usize, op: Op) {
        // What was read before its number was taken away is read again.
        self.ran[shard].retain(|before| *before != op);
        self.ran[shard].push(op);
    }

    pub(super) fn ran_call(&mut self, op: Op, shard: usize) {
        self.ran[shard].push(op);
    }

    /// Commands that were sent after this one was decided and that ran before it.
    pub(super) fn overtakers(&self, op: Op) -> usize {
        let Some(decided_at) = self.ops[op].decided_at else { return 0 };
        let before = |ran: &Vec<Op>| {
            let at = ran.iter().position(|other| *other == op);
            let at = at.expect("it ran on all its shards");
            ran[..at].iter().filter(|other| **other >= decided_at).count()
        };
        self.ops[op].shards.iter().map(|shard| before(&self.ran[*shard])).sum()
    }

    fn conflict(&self, one: Op, other: Op) -> bool {
        let (one, other) = (&self.ops[one], &self.ops[other]);
        if one.mode == Mode::Shared && other.mode == Mode::Shared {
            return false;
        }
        match (&one.keys, &other.keys) {
            (Some(one), Some(other)) => one.iter().any(|key| other.contains(key)),
            _ => true,
        }
    }

    /// Finds an order of all commands that agrees with what every shard has done, with what every
    /// client has sent, and with what was answered before what was sent; plays it, and compares
    /// the replies. Answers the keys at the end.
    ///
    /// Walks have no place in an order.
    pub(super) fn check(
        &self,
        apply: impl Fn(&mut BTreeMap<String, String>, &str) -> Reply,
    ) -> BTreeMap<String, String> {
        let mut before: Vec<Vec<Op>> = vec![Vec::new(); self.ops.len()];
        for ran in &self.ran {
            for (index, op) in ran.iter().enumerate() {
                let earlier = ran[..index].iter().filter(|other| self.conflict(**other, *op));
                before[*op].extend(earlier);
            }
        }
        for (op, before) in before.iter_mut().enumerate() {
            let client = self.ops[op].client;
            let own = (0..op).filter(|other| self.ops[*other].client == client);
            before.extend(own.filter(|other| self.conflict(*other, op)));
            before.extend((0..op).filter(|other| self.ops[*other].answered_at <= op));
        }
        let mut keys = BTreeMap::new();
        let mut left: Vec<Op> = (0..self.ops.len()).collect();
        while !left.is_empty() {
            let next = left.iter().position(|op| !before[*op].iter().any(|it| left.contains(it)));
            let next = next.unwrap_or_else(|| panic!("no order agrees: {:?}", self.lines(&left)));
            let op = left.remove(next);
            let expected = apply(&mut keys, &self.ops[op].line);
            assert_eq!(*self.reply(op), expected, "{}", self.ops[op].line);
        }
        keys
    }

    fn lines(&self, ops: &[Op]) -> Vec<(usize, &str)> {
        ops.iter().map(|op| (self.ops[*op].client, self.ops[*op].line.as_str())).collect()
    }
}
