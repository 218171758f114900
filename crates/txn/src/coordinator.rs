//! The coordinator: the transactions of one core's clients, step by step.
//!
//! **Steps** of a transaction
//! 1. It draws a number, and every shard that takes part is asked for a place under it.
//! 2. When all have answered, its number is *decided*: the same, or a new one if it was too low
//!    somewhere. Nothing has run by then but reads that can be repeated.
//! 3. Each shard does its errand when the number's turn has come there.
//! 4. One fold makes the reply of the parts, or the home shard has made it.
//!
//! **Invariants**
//! - The decided numbers of one client's transactions rise in the order in which it sent them:
//!   a later one is decided after the earlier one, and draws again if that has overtaken it. That
//!   is why a client need not wait for a transaction before its next request runs.
//! - To decide waits for shards' answers alone, which are given at once. So everything that was
//!   begun is decided, and the lowest decided number in the house runs on all its shards.
//!
//! A command that may wait (BLPOP) may have to go through these steps again, as the same
//! transaction under another number: see `blocking`.
//!
//! A walk (RANDOMKEY) takes no number: it asks one shard after another. Nor does what concerns one
//! shard alone (a program whose keys are all there, keys to be watched).

mod asking;
mod blocking;

use std::collections::VecDeque;
use std::sync::Arc;

use command::Spec;
use commands::{FoldFn, Part, PartFn, Partial};
use keyspace::{KeyHasher, Sighting};
use resp::{Argv, ReplyBuffer, ReplyError, ReplyWriter};
use smallvec::SmallVec;
use stdx::HashMap;

use crate::message::{Caller, Hosted};
use crate::queue::Messages;
use crate::{
    Destination, Ending, Errand, Hop, Message, Mode, Numbers, Placement, Program, ShardId, Stop,
    TxnId, Wagon,
};
use blocking::{Blocked, Patient};

pub use blocking::Why;

/// How a command runs over its shards.
pub enum Kind {
    /// Each shard answers for its keys.
    Parts { hops: Vec<Hop>, mode: Mode, part: PartFn, fold: FoldFn },
    /// All shards answer, without keys.
    Every { mode: Mode, part: PartFn, fold: FoldFn },
    /// The first stop's shard runs the program with all keys there.
    Together { stops: Vec<Stop>, program: Box<Program> },
    /// One shard has all keys of the program. Needs no number.
    Solo { stop: Stop, program: Box<Program> },
    /// All shards stand still while whoever asked does what it likes with them.
    House { stops: Vec<Stop> },
    /// Each of these shards runs a wagon of a train; `shards` says which they are when the wagons
    /// are away.
    Train { wagons: Vec<Box<Wagon>>, shards: SmallVec<[ShardId; 8]> },
    /// Keys to be watched, by shard. Needs no number.
    Watch { keys: Vec<(ShardId, Vec<Arc<[u8]>>)> },
    /// One shard after another from this one on, until one has something.
    Walk { first: ShardId, part: PartFn, fold: FoldFn },
}

/// A command that shall run as a transaction.
pub struct Order {
    /// Its declaration.
    pub spec: &'static Spec,
    /// Its words; those of a program are in there.
    pub words: Arc<Argv>,
    /// In whose name.
    pub caller: Caller,
    /// How.
    pub kind: Kind,
    /// It may need memory, so that shards may veto it.
    pub needs_room: bool,
    /// The last transaction that the same client has begun here.
    pub after: Option<TxnId>,
}

/// A transaction that is over.
pub struct Finished {
    /// Which one.
    pub txn: TxnId,
    /// What came of it.
    pub ending: Ending,
}

struct Open {
    order: Order,
    /// The number by which its errands were scheduled.
    asked: u64,
    is_decided: bool,
    /// Answers that are still awaited in this step.
    awaited: usize,
    is_late: bool,
    veto: Option<ReplyError>,
    /// The last shard to be asked, if it was asked to decide.
    last: Option<ShardId>,
    /// That shard has done its errand.
    has_run: bool,
    parts: SmallVec<[(ShardId, Partial); 2]>,
    sightings: Vec<Sighting>,
    /// Those that are back.
    #[expect(clippy::vec_box, reason = "a wagon travels in its box")]
    wagons: Vec<Box<Wagon>>,
    /// A watched key was touched.
    is_touched: bool,
    /// What a program's home shard has made of it.
    ending: Option<Ending>,
    /// An earlier one of the same client is not decided yet.
    is_later: bool,
    /// The decided number of the earlier one.
    above: u64,
    /// The next one of the same client, which waits for this one to be decided.
    next: Option<TxnId>,
    /// It may wait for its keys.
    patient: Option<Box<Patient>>,
}

/// The errands of one transaction.
type Errands = SmallVec<[Box<Errand>; 4]>;

/// The transactions of one core's clients.
pub struct Coordinator {
    core: u16,
    placement: Placement,
    hasher: KeyHasher,
    numbers: Numbers,
    next: u64,
    open: HashMap<u64, Box<Open>>,
    messages: Messages,
    /// Whose house stands still.
    ready: VecDeque<TxnId>,
    /// Who has begun to wait for keys.
    blocked: VecDeque<Blocked>,
    finished: VecDeque<Finished>,
}

impl Coordinator {
    /// A coordinator without transactions.
    #[must_use]
    pub fn new(core: u16, placement: Placement, hasher: KeyHasher, numbers: Numbers) -> Self {
        Self {
            core,
            placement,
            hasher,
            numbers,
            next: 0,
            open: HashMap::default(),
            messages: VecDeque::new(),
            ready: VecDeque::new(),
            blocked: VecDeque::new(),
            finished: VecDeque::new(),
        }
    }

    /// Begins a transaction. Its messages must be on their way before anything else of its client.
    ///
    /// `here` gives an errand its place on a shard of this core and answers what the shard says, or
    /// hands the errand back to be sent as a message.
    pub fn begin(
        &mut self,
        mut order: Order,
        here: &mut dyn FnMut(Box<Errand>) -> Result<Option<Message>, Box<Errand>>,
    ) -> TxnId {
        let txn = self.name();
        let patient = Patient::of(&order.kind);
        let has_number = order.kind.has_number();
        let asked = if has_number { self.numbers.draw() } else { 0 };
        let after = order.after.filter(|_| has_number);
        let is_later = after.is_some_and(|earlier| self.follow(earlier, txn));
        let mut errands = SmallVec::new();
        let awaited = if has_number {
            self.errands(txn, asked, &mut order, &mut errands);
            errands.len()
        } else {
            let before = self.messages.len();
            self.ask_all(txn, &mut order);
            self.messages.len() - before
        };
        let open = Open { is_later, patient, ..Open::new(order, asked, awaited) };
        self.open.insert(txn.number, Box::new(open));
        self.schedule(txn, errands, here);
        txn
    }

    /// A name that no transaction had before.
    fn name(&mut self) -> TxnId {
        self.next += 1;
        TxnId { core: self.core, number: self.next - 1 }
    }

    /// Lets a transaction wait for an earlier one of its client, if that is not decided yet.
    fn follow(&mut self, earlier: TxnId, txn: TxnId) -> bool {
        let earlier = self.open.get_mut(&earlier.number).filter(|it| !it.is_decided);
        let Some(earlier) = earlier else { return false };
        assert!(earlier.next.is_none(), "one transaction follows another");
        earlier.next = Some(txn);
        true
    }

    /// The next message to be carried, if any.
    pub fn poll_message(&mut self) -> Option<(Destination, Message)> {
        self.messages.pop_front()
    }

    /// The next transaction that is over, if any.
    pub fn poll_finished(&mut self) -> Option<Finished> {
        self.finished.pop_front()
    }

    /// The next transaction whose house stands still, if any. It does until
    /// [`house_over`](Self::house_over).
    pub fn poll_ready(&mut self) -> Option<TxnId> {
        self.ready.pop_front()
    }

    /// The house of a transaction has done its work: all shards go on.
    ///
    /// # Panics
    /// If it is not one whose house stands still.
    pub fn house_over(&mut self, txn: TxnId) {
        self.end_house(txn, Ending::House);
    }

    /// Lets all shards go on that stood still for a house.
    fn end_house(&mut self, txn: TxnId, ending: Ending) {
        let open = self.opened(txn);
        assert!(matches!(open.order.kind, Kind::House { .. }), "it has the house");
        open.ending = Some(ending);
        for shard in self.placement.all() {
            let (guests, changes) = (Vec::new(), Vec::new());
            let home = Message::Return { txn, shard, guests, changes, waits: None };
            self.messages.push_back((Destination::Shard(shard), home));
        }
        self.finish(txn);
    }

    /// Transactions under way.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// Takes an answer to this coordinator.
    ///
    /// # Panics
    /// If the transaction is not open or did not ask: that would be our own error.
    pub fn handle(&mut self, message: Message) {
        match message {
            Message::Scheduled { txn, shard, is_late, is_settled, veto, partial } => {
                let open = self.opened(txn);
                if open.last == Some(shard) && !is_settled {
                    open.last = None;
                }
                open.is_late |= is_late;
                open.veto = open.veto.take().or(veto);
                open.parts.extend(partial.map(|partial| (shard, partial)));
                if self.is_last(txn) {
                    self.decide_all(txn);
                }
            }
            Message::Ran { txn, shard, partial } => self.ran(txn, shard, partial),
            Message::Hosted { txn, hosted } => {
                let Hosted { program, replies, done, veto } = *hosted;
                let open = self.opened(txn);
                open.ending = match done {
                    Some(done) => Some(Ending::Program { program, replies, done }),
                    None if veto.is_none() => Some(Ending::Touched),
                    None => None,
                };
                open.veto = veto;
                self.finish(txn);
            }
            Message::Held { txn, is_touched } => self.held(txn, is_touched),
            Message::Blocked { txn, asked, until } => self.begins_to_wait(txn, asked, until),
            Message::Offer { txn, shard, asked, number } => {
                self.is_offered(txn, shard, asked, number);
            }
            Message::Missed { txn, program } => self.has_missed(txn, program),
            Message::Left { txn } => self.has_left(txn),
            Message::Served { txn, wagon } => {
                self.opened(txn).wagons.push(wagon);
                if self.is_last(txn) {
                    self.finish(txn);
                }
            }
            Message::Watched { txn, sightings } => {
                self.opened(txn).sightings.extend(sightings);
                if self.is_last(txn) {
                    self.finish(txn);
                }
            }
            _ => unreachable!("only answers come to a coordinator"),
        }
    }

    fn opened(&mut self, txn: TxnId) -> &mut Open {
        assert_eq!(txn.core, self.core, "an answer goes to its own coordinator");
        self.open.get_mut(&txn.number).expect("an answer belongs to an open transaction")
    }

    /// Counts an answer; true if it was the last one of the step.
    fn is_last(&mut self, txn: TxnId) -> bool {
        let open = self.opened(txn);
        open.awaited = open.awaited.checked_sub(1).expect("every answer was asked for");
        open.awaited == 0
    }

    /// Decides a transaction that all shards have answered, and those that waited for it.
    fn decide_all(&mut self, first: TxnId) {
        let mut next = Some(first);
        while let Some(txn) = next {
            let open = self.opened(txn);
            if open.is_later || open.awaited > 0 {
                return;
            }
            next = open.next.take();
            let number = self.decide(txn);
            if let Some(next) = next {
                let next = self.opened(next);
                (next.is_later, next.above) = (false, number);
            }
        }
    }

    /// Decides a transaction's number, and sends it to the shards. Answers it, or that of the one
    /// before it if it does not run.
    ///
    /// A shard that was asked last and has confirmed needs no message: it has decided.
    fn decide(&mut self, txn: TxnId) -> u64 {
        let open = self.open.get_mut(&txn.number).expect("it is being decided");
        open.is_decided = true;
        let (asked, above) = (open.asked, open.above);
        let is_vetoed = open.veto.is_some();
        let stays = !open.is_late && asked > above;
        let number = if stays { asked } else { self.numbers.draw() };
        if !stays {
            // What was read may have changed since, in the order of the new number.
            open.parts.clear();
        }
        let mut running = 0;
        let has_decided = open.last.filter(|_| stays && !is_vetoed);
        for shard in open.order.kind.shards(&self.placement) {
            if has_decided == Some(shard) {
                running += usize::from(!open.has_run);
                continue;
            }
            let has_read = open.parts.iter().any(|(reader, _)| *reader == shard);
            let message = if is_vetoed || has_read {
                Message::Withdraw { txn, shard, asked }
            } else {
                running += 1;
                Message::Go { txn, shard, asked, number }
            };
            self.messages.push_back((Destination::Shard(shard), message));
        }
        // A command that runs together is answered by its home shard alone.
        let is_together = matches!(open.order.kind, Kind::Together { .. });
        open.awaited = if is_together { 1 } else { running };
        if running == 0 {
            self.finish(txn);
        }
        if is_vetoed { above } else { number }
    }

    /// One more shard stands still for a house.
    fn held(&mut self, txn: TxnId, is_touched: bool) {
        self.opened(txn).is_touched |= is_touched;
        if self.is_last(txn) {
            if self.opened(txn).is_touched {
                self.end_house(txn, Ending::Touched);
            } else {
                self.ready.push_back(txn);
            }
        }
    }

    fn ran(&mut self, txn: TxnId, shard: ShardId, partial: Partial) {
        let shards = self.placement.shards() as u16;
        let open = self.opened(txn);
        if let Kind::Walk { first, part, .. } = open.order.kind {
            let next = ShardId((shard.0 + 1) % shards);
            let is_empty = matches!(&partial, Partial::Keys(keys) if keys.is_empty());
            if is_empty && next != first {
                let ask = ask(txn, &open.order, part, next);
                self.messages.push_back(ask);
                return;
            }
        }
        open.parts.push((shard, partial));
        if open.order.kind.has_number() && !open.is_decided {
            // The last shard has found nothing in the way.
            assert_eq!(open.last, Some(shard), "nobody else runs what is not decided");
            open.has_run = true;
            if self.is_last(txn) {
                self.decide_all(txn);
            }
        } else if self.is_last(txn) {
            self.finish(txn);
        }
    }

    /// Makes the reply.
    fn finish(&mut self, txn: TxnId) {
        let open = self.open.remove(&txn.number).expect("it ends once");
        self.finished.push_back(Finished { txn, ending: open.into_ending() });
    }
}

impl Kind {
    /// Whether it takes places under a number.
    #[must_use]
    pub fn has_number(&self) -> bool {
        !matches!(self, Self::Solo { .. } | Self::Watch { .. } | Self::Walk { .. })
    }

    /// The shards that take part.
    fn shards(&self, placement: &Placement) -> SmallVec<[ShardId; 8]> {
        match self {
            Self::Parts { hops, .. } => hops.iter().map(|hop| hop.shard).collect(),
            Self::Together { stops, .. } => stops.iter().map(|stop| stop.shard).collect(),
            Self::Train { shards, .. } => shards.clone(),
            Self::Every { .. } | Self::House { .. } => placement.all().collect(),
            _ => unreachable!("it has no number"),
        }
    }
}

impl Open {
    /// A transaction whose first messages have just been made, to be answered so many times.
    fn new(order: Order, asked: u64, awaited: usize) -> Self {
        Self {
            order,
            asked,
            is_decided: false,
            awaited,
            is_late: false,
            veto: None,
            last: None,
            has_run: false,
            parts: SmallVec::new(),
            sightings: Vec::new(),
            wagons: Vec::new(),
            is_touched: false,
            ending: None,
            is_later: false,
            above: 0,
            next: None,
            patient: None,
        }
    }

    fn into_ending(mut self) -> Ending {
        if let Some(ending) = self.ending {
            return ending;
        }
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, self.order.caller.protocol);
        if let Some(veto) = self.veto {
            writer.error(&veto);
            return Ending::Reply { reply, error: Some(veto), words: self.order.words };
        }
        let (hops, fold) = match self.order.kind {
            Kind::Parts { hops, fold, .. } => (hops, fold),
            Kind::Every { fold, .. } | Kind::Walk { fold, .. } => (Vec::new(), fold),
            Kind::Watch { .. } => return Ending::Watched(self.sightings),
            Kind::Train { .. } => return Ending::Train(self.wagons),
            Kind::Together { .. } | Kind::Solo { .. } | Kind::House { .. } => {
                unreachable!("it has ended elsewhere, or was vetoed")
            }
        };
        self.parts.sort_unstable_by_key(|(shard, _)| *shard);
        let parts: SmallVec<[Part; 4]> = self
            .parts
            .into_iter()
            .map(|(shard, partial)| {
                let hop = hops.iter().find(|hop| hop.shard == shard);
                let positions = hop.map_or_else(SmallVec::new, |hop| hop.positions.clone());
                Part { positions, partial }
            })
            .collect();
        let words = self.order.words.as_args();
        let error = writer.attempt(|writer| fold(words, &parts, writer));
        Ending::Reply { reply, error, words: self.order.words }
    }
}

fn ask(txn: TxnId, order: &Order, part: PartFn, shard: ShardId) -> (Destination, Message) {
    let (words, caller) = (order.words.clone(), order.caller);
    (Destination::Shard(shard), Message::Ask { txn, shard, part, words, caller })
}
