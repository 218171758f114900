//! Serving those who wait: after every step in which something may have come to a key.
//!
//! **Steps**
//! 1. The keys that have got something are looked at, in the order in which they got it.
//! 2. The first of a key's waiters whose keys are all here is served, in the very step of the
//!    change: nobody else can see what it takes. Then the next one, while there is something left.
//! 3. Is the first one a command of several shards, only its coordinator knows whether it still
//!    waits. It is asked (`Offer`), and the key is held until it answers: `Take`, and the shard
//!    serves; `Leave`, and it is the next one's turn; or the command runs again over all its shards
//!    (BLMOVE), in the place that is held for it.
//! 4. Does a command use another key that somebody else means to use, it waits for its turn as a
//!    call does, and its first key is held meanwhile.

use keyspace::{Author, LentKey, Shard};
use resp::{ReplyBuffer, ReplyWriter};
use smallvec::smallvec;

use super::{Messages, ShardQueue, Surroundings, Waiting};
use crate::errand::{Errand, Work};
use crate::message::{Hosted, Waits};
use crate::waiters::{Hold, Waiter};
use crate::{Claim, Destination, Done, Message, Mode, Patience, TxnId};

/// What a waiter that is to be served needs.
enum Needs {
    /// Nothing: it is served here and now.
    Nothing,
    /// This claim has to have its turn first.
    Turn(Claim),
    /// Its coordinator has to say whether it still waits.
    Word,
}

impl<C> ShardQueue<C> {
    /// A command whose keys are all here has found nothing, and waits.
    pub fn wait_for_key(&mut self, shard: &mut Shard, waiter: Waiter) {
        self.waiters.add(shard, waiter);
    }

    /// Serves those who wait for keys that have got something.
    pub fn serve(&mut self, shard: &mut Shard, surroundings: Surroundings<'_>, out: &mut Messages) {
        while let Some((db, key)) = shard.next_ready() {
            let key = LentKey { db, key };
            while self.serve_first(shard, &key, surroundings, out) {}
        }
    }

    /// Serves the first who waits for a key, or holds the key for it; false if there is nobody, or
    /// nothing for anybody, or it takes longer.
    fn serve_first(
        &mut self,
        shard: &mut Shard,
        key: &LentKey,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) -> bool {
        if self.waiters.is_held(key.db, &key.key) {
            return false;
        }
        let mut cx = shard.cx(key.db, Author::SERVER);
        let Some(entry) = cx.peek(&key.key) else { return false };
        let first = self.waiters.first_for(key.db, &key.key, |wait| (wait.wants)(entry));
        let Some(txn) = first else { return false };
        match self.needs(txn, key, surroundings) {
            Needs::Nothing => {
                self.serve_one(shard, txn, key, surroundings, out);
                return true;
            }
            Needs::Turn(claim) => {
                self.waiters.hold(Hold { key: key.clone(), txn, claim: None, number: None });
                let client = self.waiters.get(txn).expect(WAITS).program.caller.author;
                self.order.wait(Waiting::Serve(Box::new((claim, client, txn, key.clone()))));
            }
            Needs::Word => self.offer(txn, key, surroundings, out),
        }
        false
    }

    fn needs(&self, txn: TxnId, key: &LentKey, surroundings: Surroundings<'_>) -> Needs {
        let waiter = self.waiters.get(txn).expect(WAITS);
        if !waiter.is_alone {
            return Needs::Word;
        }
        let Some(other) = waiter.wait.uses else { return Needs::Nothing };
        let hash = |key: &[u8]| surroundings.hasher.hash(key);
        let other = hash(waiter.program.args(&waiter.program.steps[0]).at(other));
        let first = hash(&key.key);
        let claim = Claim::keys(Mode::Exclusive, smallvec![other]);
        if other == first || !self.order.is_met(&claim, waiter.program.caller.author) {
            return Needs::Nothing;
        }
        Needs::Turn(Claim::keys(Mode::Exclusive, smallvec![first, other]))
    }

    /// Asks a waiter's coordinator whether it still waits, and holds the key meanwhile.
    fn offer(
        &mut self,
        txn: TxnId,
        key: &LentKey,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let waiter = self.waiters.get(txn).expect(WAITS);
        let (asked, runs_again) = (waiter.asked, waiter.wait.uses.is_some());
        let shard = surroundings.placement.shard_of(&key.key);
        let claim = Claim::keys(Mode::Exclusive, smallvec![surroundings.hasher.hash(&key.key)]);
        self.order.hold(&claim);
        let number = runs_again.then(|| self.order.draw());
        self.waiters.hold(Hold { key: key.clone(), txn, claim: Some(claim), number });
        let offer = Message::Offer { txn, shard, asked, number };
        out.push_back((Destination::Coordinator(txn), offer));
    }

    /// Runs a waiter's command on the key that has something for it.
    fn serve_one(
        &mut self,
        shard: &mut Shard,
        txn: TxnId,
        key: &LentKey,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let waiter = self.waiters.remove(Some(shard), txn).expect(WAITS);
        let Waiter { program, wait, .. } = waiter;
        let (step, caller) = (&program.steps[0], program.caller);
        let started = (surroundings.stopwatch)();
        let mut replies = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut replies, caller.protocol);
        let mut cx = shard.cx(step.db, caller.author);
        cx.touch = caller.touch;
        let args = program.args(step);
        let error = writer.attempt(|writer| (wait.serve)(&mut cx, args, &key.key, writer));
        let nanoseconds = (surroundings.stopwatch)().saturating_sub(started);
        let done = Some(vec![Done { bytes: replies.len(), error, nanoseconds }]);
        let hosted = Box::new(Hosted { program, replies, done, veto: None });
        out.push_back((Destination::Coordinator(txn), Message::Hosted { txn, hosted }));
    }

    /// The turn of a waiter has come that had to wait for another key.
    pub(super) fn serve_in_turn(
        &mut self,
        shard: &mut Shard,
        (_, _, txn, key): (Claim, Author, TxnId, LentKey),
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        // It may have left, and somebody who was before it may have taken everything.
        if self.waiters.release(txn).is_some() && self.has_something(shard, txn, &key) {
            self.serve_one(shard, txn, &key, surroundings, out);
        }
        shard.look_at(key.db, &key.key);
    }

    fn has_something(&self, shard: &mut Shard, txn: TxnId, key: &LentKey) -> bool {
        let Some(waiter) = self.waiters.get(txn) else { return false };
        let mut cx = shard.cx(key.db, Author::SERVER);
        cx.peek(&key.key).is_some_and(|entry| (waiter.wait.wants)(entry))
    }

    /// A waiter takes what it was offered.
    pub(super) fn take(
        &mut self,
        shard: &mut Shard,
        txn: TxnId,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let hold = self.waiters.release(txn).expect("what is taken was offered");
        self.order.release(hold.claim.as_ref().expect("it was held for the offer"));
        let key = hold.key;
        if self.has_something(shard, txn, &key) {
            self.serve_one(shard, txn, &key, surroundings, out);
        } else {
            let waiter = self.waiters.remove(Some(shard), txn).expect(WAITS);
            let missed = Message::Missed { txn, program: waiter.program };
            out.push_back((Destination::Coordinator(txn), missed));
        }
        shard.look_at(key.db, &key.key);
        self.serve(shard, surroundings, out);
    }

    /// A command waits no more.
    pub(super) fn leave(
        &mut self,
        shard: Option<&mut Shard>,
        (txn, is_asked): (TxnId, bool),
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let mut shard = shard;
        if self.waiters.remove(shard.as_deref_mut(), txn).is_none() {
            if self.order.begun() == Some(txn) {
                // What it has lent is on its way home, with the news that it waits.
                self.waiters.depart(txn);
            }
            return;
        }
        if is_asked {
            out.push_back((Destination::Coordinator(txn), Message::Left { txn }));
        }
        let Some(hold) = self.waiters.release(txn) else { return };
        if let Some(claim) = &hold.claim {
            self.order.release(claim);
        }
        // Nothing is ready on a shard that is away, and when it comes back it is looked at.
        let Some(shard) = shard else { return };
        if hold.claim.is_some() {
            shard.look_at(hold.key.db, &hold.key.key);
            self.serve(shard, surroundings, out);
        }
    }

    /// Something comes home, perhaps with the news that its command waits.
    pub(super) fn take_in(&mut self, shard: &mut Shard, txn: TxnId, waits: Waits) {
        self.waiters.forget_on(shard);
        let has_departed = self.waiters.has_departed(txn);
        if let Some(waiter) = waits.filter(|_| !has_departed) {
            self.waiters.add(shard, *waiter);
        }
    }

    /// A waiter runs again over all its shards, in the place that is held for it here.
    pub(super) fn schedule_held(
        &mut self,
        shard: &mut Shard,
        mut errand: Box<Errand>,
        out: &mut Messages,
    ) {
        let (txn, id, number) = (errand.txn, errand.shard, errand.number);
        let hold = self.waiters.release(txn).expect("its place is held");
        assert_eq!(hold.number, Some(number), "it comes under the number of its offer");
        let waiter = self.waiters.remove(Some(shard), txn).expect(WAITS);
        let Work::Host { program, then_look_at, .. } = &mut errand.work else {
            unreachable!("a waiter runs where it waits")
        };
        assert!(matches!(waiter.program.patience, Patience::Since(_)), "it keeps its rank");
        *program = waiter.program;
        *then_look_at = Some(hold.key);
        self.order.ask_held(txn, number, Waiting::Errand(errand));
        self.order.release(hold.claim.as_ref().expect("it was held for the offer"));
        let scheduled = Message::Scheduled {
            txn,
            shard: id,
            is_late: false,
            is_settled: false,
            veto: None,
            partial: None,
        };
        out.push_back((Destination::Coordinator(txn), scheduled));
    }
}

const WAITS: &str = "who is served waits";
