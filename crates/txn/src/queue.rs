//! A shard's side of transactions: what waits for its turn, and what happens when it has come.
//!
//! **Invariants**
//! - While a key is out, its lender's errand is the head and its claim stands: nobody looks for the
//!   key, and nobody walks the shard.
//! - What was lent is installed, and its changes are written down, in the step that ends the claim.
//!
//! - A shard that was lent whole has such a head too, with a claim on all of it.
//! - Who waits for a key is served in the step of the change that gives it something, or that key
//!   is held in that step (`serve`).
//!
//! **Not here:** running calls (`server`), which are only kept in order.

mod serve;

use std::collections::VecDeque;

use commands::Partial;
use keyspace::{Author, KeyHasher, LentKey, Shard, Sighting};
use resp::ReplyError;
use smallvec::smallvec;

use crate::errand::{Errand, Work, run_ask, run_errand, run_part, run_solo, unwatch};
use crate::intents::{Claim, Mode};
use crate::message::{Hosted, Lent, Stop};
use crate::order::{Asked, Claims, TurnOrder};
use crate::route::claim_of_stop;
use crate::waiters::Waiters;
use crate::{Destination, Message, Numbers, Placement, Program, Stopwatch, TxnId, Wagon};

/// Messages to be carried, in order.
pub type Messages = VecDeque<(Destination, Message)>;

/// What a shard is given beside the message.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Where keys live.
    pub placement: &'a Placement,
    /// Hashes keys, alike on all shards.
    pub hasher: &'a KeyHasher,
    /// Times the steps of programs.
    pub stopwatch: Stopwatch<'a>,
    /// What the shard has against the message, if that may be refused at all: nothing of it must
    /// run.
    pub veto: Option<&'a ReplyError>,
}

/// What has a place in the queue. `C` is a call of the shard's own core.
enum Waiting<C> {
    Errand(Box<Errand>),
    Call(Box<(Claim, Author, C)>),
    /// What concerns this shard alone but comes as a message.
    Message(Box<(Claim, Author, Message)>),
    /// A waiter, and the key that is held for it.
    Serve(Box<(Claim, Author, TxnId, LentKey)>),
    /// A train's wagon, until the rest of the train has run.
    Kept(Box<Wagon>),
}

/// What is to be run by whoever has the shard, who calls [`ShardQueue::advance`] again afterwards.
pub enum Turn<C> {
    /// A call.
    Call(C),
    /// A transaction's wagon, to be sent back as [`Message::Served`].
    Wagon(TxnId, Box<Wagon>),
}

impl<C> Claims for Waiting<C> {
    fn claim(&self) -> &Claim {
        match self {
            Self::Errand(errand) => &errand.claim,
            Self::Call(call) => &call.0,
            Self::Message(message) => &message.0,
            Self::Serve(serve) => &serve.0,
            Self::Kept(wagon) => &wagon.claim,
        }
    }

    fn client(&self) -> Author {
        match self {
            Self::Errand(errand) => errand.client,
            Self::Call(call) => call.1,
            Self::Message(message) => message.1,
            Self::Serve(serve) => serve.1,
            Self::Kept(wagon) => wagon.caller.author,
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
    /// Commands that wait until a key has something.
    pub waiters: usize,
}

/// The queue of one shard.
pub struct ShardQueue<C> {
    order: TurnOrder<Waiting<C>>,
    waiters: Waiters,
}

impl<C> ShardQueue<C> {
    /// A queue in which nobody waits.
    #[must_use]
    pub fn new(numbers: Numbers) -> Self {
        Self { order: TurnOrder::new(numbers), waiters: Waiters::default() }
    }

    /// Whether nobody means to use anything here: every call may run.
    #[inline]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.order.is_idle()
    }

    /// Whether a call of a client must wait.
    #[must_use]
    pub fn is_met(&self, claim: &Claim, client: Author) -> bool {
        self.order.is_met(claim, client)
    }

    /// Whether a call with this key alone must wait.
    #[must_use]
    pub fn is_key_met(&self, hash: u64, mode: Mode, client: Author) -> bool {
        self.order.is_met(&Claim::keys(mode, smallvec![hash]), client)
    }

    /// Whether a call of this client waits that writes.
    #[must_use]
    pub fn has_writer_of(&self, client: Author) -> bool {
        self.order.has_writer_of(client)
    }

    /// Whether nobody else means to use what this claims.
    #[must_use]
    pub fn is_free(&self, claim: &Claim) -> bool {
        self.order.is_free(claim)
    }

    /// A train's wagon arrives, whose train began when `latest` was the last number drawn. Answers
    /// the floor here if it may run at once.
    #[must_use]
    pub fn lets_pass(&self, claim: &Claim, latest: u64) -> Option<u64> {
        let floor = self.order.floor();
        (floor <= latest && self.order.is_free(claim)).then_some(floor)
    }

    /// A train's wagon runs here now, at this position.
    pub fn pass(&mut self, position: u64) {
        self.order.pass(position);
    }

    /// Keeps a wagon for which nobody is in the way until the rest of its train has run. Answers
    /// the floor here.
    pub fn keep_wagon(&mut self, txn: TxnId, latest: u64, wagon: Box<Wagon>) -> u64 {
        self.order.keep_wagon(txn, latest, Waiting::Kept(wagon));
        self.order.floor()
    }

    /// Hands out the wagon that was kept.
    ///
    /// # Panics
    /// If none was.
    pub fn release_wagon(&mut self, txn: TxnId) -> Box<Wagon> {
        let Waiting::Kept(wagon) = self.order.release_wagon(txn) else {
            unreachable!("only wagons are kept")
        };
        wagon
    }

    /// What is under way.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            intents: self.order.claimed(),
            waiting: self.order.len(),
            loans: usize::from(self.order.begun().is_some()),
            waiters: self.waiters.len(),
        }
    }

    /// Whether all of the shard stands still for somebody who has the house, or will have it.
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.order.begun_work().is_some_and(|work| {
            matches!(work, Waiting::Errand(errand) if matches!(errand.work, Work::Hold { .. }))
        })
    }

    /// A call that must wait takes its place; [`advance`](Self::advance) gives it back.
    pub fn wait(&mut self, claim: Claim, client: Author, call: C) {
        self.order.wait(Waiting::Call(Box::new((claim, client, call))));
    }

    /// A client of this core watches keys no more that somebody means to use.
    pub fn unwatch_later(&mut self, claim: Claim, sightings: Vec<Sighting>) {
        let message = Message::Unwatch { sightings };
        self.order.wait(Waiting::Message(Box::new((claim, Author::SERVER, message))));
    }

    /// Takes a message to this shard. What it makes possible happens in
    /// [`advance`](Self::advance). The shard may be away while somebody has the house.
    ///
    /// # Panics
    /// If the message is not one to a shard, or comes out of turn: that would be our own error.
    pub fn handle(
        &mut self,
        shard: Option<&mut Shard>,
        message: Message,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        match message {
            Message::Schedule(errand) if errand.is_held => {
                self.schedule_held(shard.expect(IS_HERE), errand, out);
            }
            Message::Schedule(errand) => {
                let txn = errand.txn;
                let answer = self.schedule(shard, errand, surroundings.veto);
                out.extend(answer.map(|answer| (Destination::Coordinator(txn), answer)));
            }
            Message::Go { txn, asked, number, .. } => self.order.settle(txn, asked, number),
            Message::Withdraw { txn, asked, .. } => {
                self.withdraw(shard, (txn, asked), surroundings, out);
            }
            Message::Lent { txn, asked, lent, .. } => self.take_loan(txn, asked, lent),
            Message::Return { txn, mut guests, changes, waits, .. } => {
                assert_eq!(self.order.begun(), Some(txn), "what comes home was lent");
                let shard = shard.expect(IS_HERE);
                // Those who waited before have their turn before the one who comes with it.
                shard.admit(&mut guests);
                for change in changes {
                    shard.changes.push(change);
                }
                self.take_in(shard, txn, waits);
                self.order.finish();
                self.serve(shard, surroundings, out);
            }
            Message::Take { txn, .. } => {
                self.take(shard.expect(IS_HERE), txn, surroundings, out);
            }
            Message::Leave { txn, is_asked, .. } => {
                self.leave(shard, (txn, is_asked), surroundings, out);
            }
            Message::Solo { txn, stop, program, .. } if surroundings.veto.is_some() => {
                self.refuse_solo(shard, (txn, *stop, program), surroundings, out);
            }
            _ => {
                let (claim, client) = claim_of_message(&message, surroundings.hasher);
                if self.is_met(&claim, client) {
                    self.order.wait(Waiting::Message(Box::new((claim, client, message))));
                } else {
                    let shard = shard.expect(IS_HERE);
                    run_message((shard, &mut self.waiters), message, surroundings, out);
                    self.serve(shard, surroundings, out);
                }
            }
        }
    }

    /// Gives an errand its place. Answers its coordinator, unless it is the last one and will run
    /// in this very step: then that is the answer.
    pub fn schedule(
        &mut self,
        shard: Option<&mut Shard>,
        errand: Box<Errand>,
        veto: Option<&ReplyError>,
    ) -> Option<Message> {
        let Errand { txn, client, number, shard: id, .. } = *errand;
        // Who has something against it does not decide.
        let is_last = errand.is_last && veto.is_none();
        if is_last && self.order.may_pass(number, &errand.claim, client) {
            let partial = read(shard, &errand);
            return Some(Message::Ran { txn, shard: id, partial });
        }
        let asked = self.order.ask((txn, number), Waiting::Errand(errand), is_last);
        let (is_settled, is_head) =
            if is_last { self.order.outcome(txn, number) } else { (false, false) };
        if is_settled && is_head {
            return None;
        }
        let may_read = asked == Asked::MayRead && !is_settled;
        let partial = may_read.then(|| read(shard, self.errand_of(txn, number)));
        let is_late = asked == Asked::Late;
        let veto = veto.cloned();
        Some(Message::Scheduled { txn, shard: id, is_late, is_settled, veto, partial })
    }

    /// A program of this shard alone that must not run.
    fn refuse_solo(
        &mut self,
        shard: Option<&mut Shard>,
        (txn, stop, program): (TxnId, Stop, Box<Program>),
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let hosted = Box::new(Hosted::nothing(program, surroundings.veto.cloned()));
        out.push_back((Destination::Coordinator(txn), Message::Hosted { txn, hosted }));
        self.end_watching(shard, stop.watched, surroundings, out);
    }

    /// An errand will not run.
    fn withdraw(
        &mut self,
        shard: Option<&mut Shard>,
        (txn, asked): (TxnId, u64),
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        let Waiting::Errand(errand) = self.order.withdraw(txn, asked) else {
            unreachable!("a transaction's place is an errand's")
        };
        self.end_watching(shard, errand.work.into_watched(), surroundings, out);
    }

    /// The client of something that does not run watches nothing here any more, as after EXEC.
    fn end_watching(
        &mut self,
        shard: Option<&mut Shard>,
        sightings: Vec<Sighting>,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) {
        if !sightings.is_empty() {
            self.handle(shard, Message::Unwatch { sightings }, surroundings, out);
        }
    }

    fn errand_of(&mut self, txn: TxnId, asked: u64) -> &mut Errand {
        let Waiting::Errand(errand) = self.order.work_of(txn, asked) else {
            unreachable!("a transaction's place is an errand's")
        };
        errand
    }

    fn take_loan(&mut self, txn: TxnId, asked: u64, new: Lent) {
        let Work::Host { lent, .. } = &mut self.errand_of(txn, asked).work else {
            unreachable!("loans go to the home shard")
        };
        lent.push(new);
    }

    /// Lets everything run whose turn has come, up to what others have to run.
    pub fn advance(
        &mut self,
        mut shard: Option<&mut Shard>,
        surroundings: Surroundings<'_>,
        out: &mut Messages,
    ) -> Option<Turn<C>> {
        loop {
            // While the shard is away the head has begun, so that there is nothing to run.
            let head = self.order.head()?;
            let shard = shard.as_deref_mut().expect(IS_HERE);
            if let Waiting::Errand(errand) = head {
                match errand.work {
                    Work::Lend { .. } | Work::Hold { .. } => {
                        begin(shard, errand, out);
                        self.order.begin();
                        return None;
                    }
                    Work::Host { lenders, ref lent, .. } if lent.len() < lenders => return None,
                    _ => {}
                }
            }
            let waiters = &mut self.waiters;
            match self.order.finish() {
                Waiting::Errand(errand) => match *errand {
                    Errand { txn, claim, work: Work::Wagon(mut wagon), .. } => {
                        wagon.claim = claim;
                        return Some(Turn::Wagon(txn, wagon));
                    }
                    errand => run_errand((shard, waiters), errand, surroundings, out),
                },
                Waiting::Message(message) => {
                    run_message((shard, waiters), message.2, surroundings, out);
                }
                Waiting::Serve(serve) => self.serve_in_turn(shard, *serve, surroundings, out),
                Waiting::Call(call) => return Some(Turn::Call(call.2)),
                Waiting::Kept(_) => unreachable!("it is released, not finished"),
            }
            self.serve(shard, surroundings, out);
        }
    }
}

/// Reads early.
fn read(shard: Option<&mut Shard>, errand: &Errand) -> Partial {
    let Work::Part { part, words, caller } = &errand.work else {
        unreachable!("only parts read alone")
    };
    run_part(shard.expect(IS_HERE), *part, caller, words.as_args())
}

/// A shard that is away has a claim on all of it, so that nobody needs it.
const IS_HERE: &str = "the shard is here for whoever may use it";

/// Begins an errand that a later message ends.
fn begin(shard: &mut Shard, errand: &mut Errand, out: &mut Messages) {
    let Errand { txn, number: asked, shard: lender, .. } = *errand;
    let message = match &mut errand.work {
        Work::Lend { keys, watched, home } => {
            let is_touched = !unwatch(shard, watched);
            let guests = shard.lend(std::mem::take(keys));
            let lent = Lent { lender, guests, is_touched };
            (Destination::Shard(*home), Message::Lent { txn, shard: *home, asked, lent })
        }
        Work::Hold { watched } => {
            let is_touched = !unwatch(shard, watched);
            (Destination::Coordinator(txn), Message::Held { txn, is_touched })
        }
        _ => unreachable!("it runs in one step"),
    };
    out.push_back(message);
}

/// What a message that concerns one shard alone means to use there, and whose it is.
fn claim_of_message(message: &Message, hasher: &KeyHasher) -> (Claim, Author) {
    let hash = |key: &[u8]| hasher.hash(key);
    let shared = |hashes| Claim::keys(Mode::Shared, hashes);
    match message {
        Message::Ask { caller, .. } => (Claim::whole(Mode::Shared), caller.author),
        Message::Solo { stop, program, .. } => (claim_of_stop(stop, hash), program.caller.author),
        Message::Watch { caller, keys, .. } => {
            (shared(keys.iter().map(|key| hash(key)).collect()), caller.author)
        }
        Message::Unwatch { sightings } => {
            (shared(sightings.iter().map(|it| hash(&it.key)).collect()), Author::SERVER)
        }
        _ => unreachable!("only messages to shards come here"),
    }
}

fn run_message(
    (shard, waiters): (&mut Shard, &mut Waiters),
    message: Message,
    surroundings: Surroundings<'_>,
    out: &mut Messages,
) {
    match message {
        Message::Solo { txn, stop, program, .. } => {
            run_solo((shard, waiters), (txn, &stop, program), surroundings, out);
        }
        Message::Watch { txn, caller, keys, .. } => {
            let sightings = keys.into_iter().map(|key| shard.watch(caller.db, key)).collect();
            out.push_back((Destination::Coordinator(txn), Message::Watched { txn, sightings }));
        }
        Message::Unwatch { sightings } => {
            unwatch(shard, &sightings);
        }
        ask => run_ask(shard, ask, out),
    }
}
