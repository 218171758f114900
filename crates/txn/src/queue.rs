//! A shard's side of transactions: what waits for its turn, and what happens when it has come.
//!
//! **Invariants**
//! - While a key is out, its lender's errand is the head and its claim stands: nobody looks for the
//!   key, and nobody walks the shard.
//! - What was lent is installed, and its changes are written down, in the step that ends the claim.
//!
//! **Not here:** running calls (`server`), which are only kept in order.

use std::collections::VecDeque;

use keyspace::{Author, Shard};

use crate::errand::{Errand, Work, run_ask, run_errand, run_part};
use crate::intents::{Claim, Mode};
use crate::order::{Asked, Claims, TurnOrder};
use crate::{Destination, Message, Placement};

/// Messages to be carried, in order.
pub type Messages = VecDeque<(Destination, Message)>;

/// What has a place in the queue. `C` is a call of the shard's own core.
enum Waiting<C> {
    Errand(Box<Errand>),
    Call(Box<(Claim, Author, C)>),
    /// A walk, with its message.
    Walk(Box<(Claim, Author, Message)>),
}

impl<C> Claims for Waiting<C> {
    fn claim(&self) -> &Claim {
        match self {
            Self::Errand(errand) => &errand.claim,
            Self::Call(call) => &call.0,
            Self::Walk(walk) => &walk.0,
        }
    }

    fn client(&self) -> Author {
        match self {
            Self::Errand(errand) => errand.client,
            Self::Call(call) => call.1,
            Self::Walk(walk) => walk.1,
        }
    }
}

/// What is under way on a shard. All zero when it is idle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Load {
    /// Keys that somebody means to use.
    pub intents: usize,
    /// Transactions and calls that have a place.
    pub waiting: usize,
    /// Loans of which nothing has come home yet.
    pub loans: usize,
}

/// The queue of one shard.
pub struct ShardQueue<C> {
    order: TurnOrder<Waiting<C>>,
}

impl<C> Default for ShardQueue<C> {
    fn default() -> Self {
        Self { order: TurnOrder::default() }
    }
}

impl<C> ShardQueue<C> {
    /// Whether nobody means to use anything here: every call may run.
    #[inline]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.order.is_idle()
    }

    /// Whether a call must wait.
    #[must_use]
    pub fn is_met(&self, claim: &Claim) -> bool {
        self.order.intents().meet(claim)
    }

    /// Whether a call with this key alone must wait.
    #[must_use]
    pub fn is_key_met(&self, hash: u64, mode: Mode) -> bool {
        self.order.intents().meet_key(hash, mode)
    }

    /// What is under way.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            intents: self.order.intents().len(),
            waiting: self.order.len(),
            loans: usize::from(self.order.begun().is_some()),
        }
    }

    /// A call that must wait takes its place; [`advance`](Self::advance) gives it back.
    pub fn wait(&mut self, claim: Claim, client: Author, call: C) {
        self.order.wait(Waiting::Call(Box::new((claim, client, call))));
    }

    /// Takes a message to this shard. What it makes possible happens in
    /// [`advance`](Self::advance).
    ///
    /// # Panics
    /// If the message is not one to a shard, or comes out of turn: that would be our own error.
    pub fn handle(&mut self, shard: &mut Shard, message: Message, out: &mut Messages) {
        match message {
            Message::Schedule(errand) => self.schedule(shard, errand, out),
            Message::Go { txn, asked, number, .. } => self.order.settle(txn, asked, number),
            Message::Withdraw { txn, asked, .. } => self.order.withdraw(txn, asked),
            Message::Lent { txn, asked, lender, guests, .. } => {
                let Waiting::Errand(errand) = self.order.work_of(txn, asked) else {
                    unreachable!("a transaction's place is an errand's")
                };
                let Work::Host { guests: all, .. } = &mut errand.work else {
                    unreachable!("guests go to the home shard")
                };
                all.push((lender, guests));
            }
            Message::Return { txn, mut guests, changes, .. } => {
                assert_eq!(self.order.begun(), Some(txn), "what comes home was lent");
                shard.admit(&mut guests);
                for change in changes {
                    shard.changes.push(change);
                }
                self.order.finish();
            }
            Message::Ask { caller, .. } => {
                let claim = Claim::whole(Mode::Shared);
                if self.is_met(&claim) {
                    self.order.wait(Waiting::Walk(Box::new((claim, caller.author, message))));
                } else {
                    run_ask(shard, message, out);
                }
            }
            _ => unreachable!("only messages to shards come here"),
        }
    }

    fn schedule(&mut self, shard: &mut Shard, errand: Box<Errand>, out: &mut Messages) {
        let (txn, number, id) = (errand.txn, errand.number, errand.shard);
        let asked = self.order.ask(txn, number, Waiting::Errand(errand));
        let partial = (asked == Asked::MayRead).then(|| {
            let Waiting::Errand(errand) = self.order.work_of(txn, number) else {
                unreachable!("it was put there")
            };
            let Work::Part { part, words, caller } = &errand.work else {
                unreachable!("only parts read alone")
            };
            run_part(shard, *part, caller, words.as_args())
        });
        let is_late = asked == Asked::Late;
        let scheduled = Message::Scheduled { txn, shard: id, is_late, veto: None, partial };
        out.push_back((Destination::Coordinator(txn), scheduled));
    }

    /// Lets everything run whose turn has come, up to the next call, which is answered: whoever
    /// runs it calls this again afterwards.
    pub fn advance(
        &mut self,
        shard: &mut Shard,
        placement: &Placement,
        out: &mut Messages,
    ) -> Option<C> {
        loop {
            if let Waiting::Errand(errand) = self.order.head()? {
                match &mut errand.work {
                    Work::Lend { keys, home } => {
                        let (txn, asked, lender) = (errand.txn, errand.number, errand.shard);
                        let guests = shard.lend(std::mem::take(keys));
                        let lent = Message::Lent { txn, shard: *home, asked, lender, guests };
                        out.push_back((Destination::Shard(*home), lent));
                        self.order.begin();
                        return None;
                    }
                    Work::Host { lenders, guests, .. } if guests.len() < *lenders => return None,
                    _ => {}
                }
            }
            match self.order.finish() {
                Waiting::Errand(errand) => run_errand(shard, placement, *errand, out),
                Waiting::Walk(walk) => run_ask(shard, walk.2, out),
                Waiting::Call(call) => return Some(call.2),
            }
        }
    }
}
