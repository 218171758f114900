//! The order of one shard: who waits for what, by transaction number.
//!
//! ```text
//!   place   7           9           9+1      12          12+2
//!         | T7 settled | T9 asked  | call   | T12 asked | T5 asked, late |
//!           ^ the head: runs                  ^ numbers by which others were scheduled
//! ```
//!
//! A transaction is first *asked for* under the number that its coordinator drew, and keeps its
//! place until the coordinator, who has heard of all shards, *settles* it: under that number, or,
//! if it was late on one of them, under a new one that was drawn since. A call is a command of this
//! shard alone; it has a place only if it meets an intent.
//!
//! **Invariants**
//! - Only the head runs, and only if it is settled: what runs on a shard runs in the order of the
//!   numbers. A reader whose keys nobody else means to use may read out of turn, when it is asked
//!   for; its intents stay until it is settled or withdrawn, and if it is settled under another
//!   number it reads again.
//! - Whatever is asked for under a number below what has run here (or waits as a call, or was
//!   late) is late: it goes to the end. Its final number is drawn after that, so it is above all
//!   places here. So is a reader below another one that has read and gone, though they do not
//!   conflict: a call that wrote in between would come before this one, and elsewhere it may be the
//!   other way round. (While the other one is there, its intents keep such calls away.)
//! - What a client has sent later stands behind what it has sent before. So a transaction that
//!   moves to a new number takes everything of its client that it would pass along: those are
//!   calls, and transactions that will be settled later and under higher numbers still
//!   (`coordinator.rs`).
//! - Who has a place has its intents counted. A call that only reads meets none of other readers,
//!   but it waits for those of its own client: they may have to read (again) later than now.
//! - A call that waits stands behind every number drawn so far: whatever has run elsewhere by now
//!   under a number that this shard has not heard of yet comes before it here, too.
//! - What is held stands before everybody: it belongs to the step that has just run. Its claim
//!   keeps early readers and calls away, and nothing of the queue begins. Who holds it waits for
//!   one answer that is given at once.
//! - Nobody waits for ever: those before a settled one were all asked for before it was settled,
//!   and those before a call before the call.
//!
//! A *train* (`train.rs`) takes no number. Its wagons on its own core are *kept*: nobody else means
//! to use what they claim, and they have a place like a call that waits. The others run where they
//! arrive, if nobody is in their way there, else the train begins anew as a transaction.
//! - A train happens at the moment at which its wagons run elsewhere: what is claimed here nobody
//!   has used since it was free, and nobody uses it until the kept wagons have run. Its position is
//!   the higher one of the floors that it finds here and there, and both are raised to it.
//! - Who comes while a wagon is kept and means to use the same must come after it. So it is late if
//!   it would have its place before it, and draws a number above all that were drawn when the wagon
//!   was put there; and a train is turned away where such a number has run already.

use std::collections::VecDeque;

use keyspace::Author;

use crate::intents::{Claim, Intents, Mode};
use crate::message::TxnId;
use crate::numbers::Numbers;

/// Where something stands in the queue: behind a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Place {
    number: u64,
    /// 0 for the transaction of that number, more for what stands behind it.
    behind: u64,
}

/// What came of asking for a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    /// In order.
    InOrder,
    /// It reads only and nobody else means to write its keys: it may read now.
    MayRead,
    /// Its number is too low, it needs a new one.
    Late,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Its coordinator may still move it.
    Asked,
    /// It may run when it is the head.
    Settled,
    /// It has begun and is not finished.
    Begun,
    /// A train's: nobody is in its way, and it runs when the rest of the train has run.
    Kept,
    /// Nothing is left of it but the place.
    Gone,
}

struct Entry<W> {
    place: Place,
    /// Calls have none.
    txn: Option<TxnId>,
    client: Author,
    state: State,
    work: Option<W>,
    /// It was asked to be settled at once and was not.
    is_refused: bool,
}

/// What waits in an order.
pub(crate) trait Claims {
    /// What it means to use.
    fn claim(&self) -> &Claim;
    /// Whose it is.
    fn client(&self) -> Author;
}

/// See the head of this file.
pub(crate) struct TurnOrder<W> {
    intents: Intents,
    /// By place.
    queue: VecDeque<Entry<W>>,
    /// Whoever comes with a lower number is late.
    floor: Place,
    /// Who writes and comes with a lower number is late.
    floor_for_writers: Place,
    /// The highest number seen.
    highest: u64,
    /// Places behind numbers that were given away.
    behind: u64,
    /// Claims of those who need no place, because nobody runs before them.
    holds: usize,
    /// Wagons that are kept, and the last place of one.
    kept: usize,
    last_kept: Place,
    /// Calls that wait.
    calls: usize,
    /// Entries that are refused and not settled.
    refused: usize,
    numbers: Numbers,
}

impl<W: Claims> TurnOrder<W> {
    /// An order in which nobody stands.
    pub(crate) fn new(numbers: Numbers) -> Self {
        Self {
            numbers,
            intents: Intents::default(),
            queue: VecDeque::new(),
            floor: Place::default(),
            floor_for_writers: Place::default(),
            highest: 0,
            behind: 0,
            holds: 0,
            kept: 0,
            last_kept: Place::default(),
            calls: 0,
            refused: 0,
        }
    }

    /// Whether nobody means to use anything here.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.holds == 0
    }

    /// Keys that somebody means to use, a whole shard counted as one.
    pub(crate) fn claimed(&self) -> usize {
        self.intents.len()
    }

    /// Whether a call must wait.
    pub(crate) fn is_met(&self, claim: &Claim, client: Author) -> bool {
        // Somebody reads one of the keys. Whether it is this client is not looked at key by key:
        // claims can be long, and to wait without need is only slow.
        let is_own = |entry: &Entry<W>| entry.client == client && entry.work.is_some();
        self.intents.meet(claim)
            || self.intents.have_readers(claim) && self.queue.iter().any(is_own)
    }

    /// How many have a place.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// A transaction asks for its place.
    ///
    /// If it is the last shard to be asked and the number is high enough, it is settled by that:
    /// all others have confirmed, so nothing can move it any more. But not before the one that its
    /// client has sent before it: if that was refused it will have a higher number.
    pub(crate) fn ask(&mut self, (txn, number): (TxnId, u64), work: W, is_last: bool) -> Asked {
        let mode = work.claim().mode();
        let is_met = self.intents.meet(work.claim());
        let may_read = mode == Mode::Shared && !is_met;
        let place = Place { number, behind: 0 };
        let is_late = place < self.floor
            || mode == Mode::Exclusive && place < self.floor_for_writers
            || self.kept > 0 && is_met && place < self.last_kept;
        self.highest = self.highest.max(number);
        self.intents.add(work.claim());
        let place = if is_late { self.last_place() } else { place };
        let client = work.client();
        let is_settled = is_last && !is_late && !self.has_refused(client);
        let is_refused = is_last && !is_settled;
        self.refused += usize::from(is_refused);
        let state = if is_settled { State::Settled } else { State::Asked };
        let work = Some(work);
        let entry = Entry { place, txn: Some(txn), client, state, work, is_refused };
        let index = self.index_of(place);
        self.queue.insert(index, entry);
        if is_late {
            // Its client's next one must not come before it.
            self.raise_floor(place);
            Asked::Late
        } else if may_read {
            self.floor_for_writers = self.floor_for_writers.max(place);
            Asked::MayRead
        } else {
            Asked::InOrder
        }
    }

    /// Whether a reader may read at once and needs no place: this is the last shard to be asked, so
    /// that its number is decided here, and nobody means to write its keys.
    pub(crate) fn may_pass(&mut self, number: u64, claim: &Claim, client: Author) -> bool {
        let place = Place { number, behind: 0 };
        if claim.mode() != Mode::Shared
            || self.holds + self.kept > 0
            || place < self.floor
            || self.intents.meet(claim)
            || self.has_refused(client)
        {
            return false;
        }
        self.highest = self.highest.max(number);
        self.raise_floor(place);
        true
    }

    /// Whether a transaction of a client was refused here and is not settled.
    fn has_refused(&self, client: Author) -> bool {
        let is_it = |entry: &Entry<W>| entry.is_refused && entry.client == client;
        self.refused > 0 && self.queue.iter().any(is_it)
    }

    /// What has become of a transaction that was asked for last: whether it is settled, and whether
    /// it is the head.
    ///
    /// # Panics
    /// If it has no place here.
    pub(crate) fn outcome(&self, txn: TxnId, asked: u64) -> (bool, bool) {
        let index = self.find(txn, asked);
        (self.queue[index].state == State::Settled, index == 0 && self.holds == 0)
    }

    /// A call meets an intent: it waits for its turn.
    pub(crate) fn wait(&mut self, work: W) {
        self.intents.add(work.claim());
        self.highest = self.highest.max(self.numbers.latest());
        let place = self.last_place();
        self.raise_floor(place);
        let client = work.client();
        let entry = Entry {
            place,
            txn: None,
            client,
            state: State::Settled,
            work: Some(work),
            is_refused: false,
        };
        self.queue.push_back(entry);
        self.calls += 1;
    }

    /// Whether a call of this client waits that writes.
    pub(crate) fn has_writer_of(&self, client: Author) -> bool {
        let is_its = |entry: &Entry<W>| {
            let is_call = entry.client == client && entry.txn.is_none();
            is_call && entry.work.as_ref().is_some_and(|it| it.claim().mode() == Mode::Exclusive)
        };
        self.calls > 0 && self.queue.iter().any(is_its)
    }

    /// Whether nobody else means to use what this claims, so that a train may. Not while something
    /// is held: a number that was drawn for it may come to this shard later.
    pub(crate) fn is_free(&self, claim: &Claim) -> bool {
        self.holds == 0 && (self.queue.is_empty() || !self.intents.meet(claim))
    }

    /// Up to which number transactions have run here, or calls that waited.
    pub(crate) fn floor(&self) -> u64 {
        self.floor.number
    }

    /// A train's wagon runs here now: who has a number up to this
    /// one and is not here yet comes after it.
    pub(crate) fn pass(&mut self, number: u64) {
        self.raise_floor(Place { number, behind: 1 });
    }

    /// A train's wagon, which nobody is in the way of, is kept. `latest` is the last number drawn.
    pub(crate) fn keep_wagon(&mut self, txn: TxnId, latest: u64, work: W) {
        debug_assert!(self.is_free(work.claim()), "only what is free is kept");
        self.intents.add(work.claim());
        self.highest = self.highest.max(latest);
        let place = self.last_place();
        let client = work.client();
        let entry = Entry {
            place,
            txn: Some(txn),
            client,
            state: State::Kept,
            work: Some(work),
            is_refused: false,
        };
        self.queue.push_back(entry);
        self.kept += 1;
        self.last_kept = place;
    }

    /// A train's wagon is kept no more.
    ///
    /// # Panics
    /// If none is kept here.
    pub(crate) fn release_wagon(&mut self, txn: TxnId) -> W {
        let is_it = |entry: &Entry<W>| entry.txn == Some(txn) && entry.state == State::Kept;
        let entry = self.queue.iter_mut().find(|entry| is_it(entry));
        let entry = entry.expect("what is released was kept");
        entry.state = State::Gone;
        let work = entry.work.take().expect("it had a place");
        self.intents.remove(work.claim());
        self.kept -= 1;
        self.drop_gone();
        work
    }

    /// Holds something here and now: nothing of the queue runs until it is released.
    pub(crate) fn hold(&mut self, claim: &Claim) {
        self.intents.add(claim);
        self.holds += 1;
    }

    /// Lets go of what was held.
    pub(crate) fn release(&mut self, claim: &Claim) {
        self.intents.remove(claim);
        self.holds -= 1;
    }

    /// A number for who holds something and will come with it ([`ask_held`](Self::ask_held)).
    pub(crate) fn draw(&mut self) -> u64 {
        let number = self.numbers.draw();
        self.highest = self.highest.max(number);
        number
    }

    /// A transaction asks for the place that has been held for it. Nothing of the queue has run
    /// since its number was drawn, so it is never late.
    pub(crate) fn ask_held(&mut self, txn: TxnId, number: u64, work: W) {
        assert!(self.holds > 0, "its place is held");
        self.intents.add(work.claim());
        let place = Place { number, behind: 0 };
        let client = work.client();
        let entry = Entry {
            place,
            txn: Some(txn),
            client,
            state: State::Asked,
            work: Some(work),
            is_refused: false,
        };
        let index = self.index_of(place);
        self.queue.insert(index, entry);
    }

    /// The transaction that was asked for under one number may run under another one, or the same.
    ///
    /// # Panics
    /// If it has no place here.
    pub(crate) fn settle(&mut self, txn: TxnId, asked: u64, number: u64) {
        let index = self.find(txn, asked);
        let entry = &mut self.queue[index];
        assert_eq!(entry.state, State::Asked, "a transaction is settled once");
        entry.state = State::Settled;
        self.refused -= usize::from(std::mem::take(&mut entry.is_refused));
        let to = Place { number, behind: 0 };
        if entry.place != to {
            self.move_to(index, to);
        }
    }

    /// Moves a transaction, and what it passes of its client, to a later place.
    fn move_to(&mut self, index: usize, to: Place) {
        assert!(self.queue[index].place < to, "a new number is above all old ones");
        let (txn, client) = (self.queue[index].txn, self.queue[index].client);
        let end = self.index_of(to);
        let passed = &mut self.queue.make_contiguous()[index..end];
        // A wagon that is kept conflicts with nobody before it: it stays.
        let goes = |entry: &Entry<W>| entry.client == client && entry.state != State::Kept;
        // The sort is stable: those who stay, then those who go, each in their order.
        passed.sort_by_key(goes);
        self.highest = self.highest.max(to.number);
        for entry in passed.iter_mut().filter(|entry| goes(entry)) {
            entry.place = to;
            if entry.txn != txn {
                self.behind += 1;
                entry.place.behind = self.behind;
            }
            if entry.txn.is_none() {
                self.floor = self.floor.max(entry.place);
            }
        }
        self.floor_for_writers = self.floor_for_writers.max(self.floor);
        self.drop_gone();
    }

    /// The transaction needs nothing more here: its intents end. Answers its work.
    ///
    /// # Panics
    /// If it has no place here, or was settled.
    pub(crate) fn withdraw(&mut self, txn: TxnId, asked: u64) -> W {
        let index = self.find(txn, asked);
        let entry = &mut self.queue[index];
        assert_eq!(entry.state, State::Asked, "what is settled runs");
        entry.state = State::Gone;
        self.refused -= usize::from(std::mem::take(&mut entry.is_refused));
        let (place, work) = (entry.place, entry.work.take().expect("it had a place"));
        self.intents.remove(work.claim());
        self.raise_floor(place);
        self.drop_gone();
        work
    }

    /// The work of a transaction that waits here.
    ///
    /// # Panics
    /// If it has no place here.
    pub(crate) fn work_of(&mut self, txn: TxnId, asked: u64) -> &mut W {
        let index = self.find(txn, asked);
        self.queue[index].work.as_mut().expect("it has a place")
    }

    /// What may run now: the head, if it is settled and has not begun.
    pub(crate) fn head(&mut self) -> Option<&mut W> {
        let head = self.queue.front_mut()?;
        if head.state != State::Settled || self.holds > 0 {
            return None;
        }
        let place = head.place;
        // From here on nobody may come before it.
        self.raise_floor(place);
        self.queue.front_mut().and_then(|head| head.work.as_mut())
    }

    /// The head has begun, and will be finished by a later message.
    ///
    /// # Panics
    /// If there is no head that may run.
    pub(crate) fn begin(&mut self) {
        let head = self.queue.front_mut().expect("there is a head");
        assert_eq!(head.state, State::Settled, "only who may run begins");
        head.state = State::Begun;
    }

    /// The head is done: its intents end and its place is free.
    ///
    /// # Panics
    /// If the head may not run yet.
    pub(crate) fn finish(&mut self) -> W {
        let head = self.queue.pop_front().expect("there is a head");
        assert!(matches!(head.state, State::Settled | State::Begun), "only who may run ends");
        let work = head.work.expect("it has a place");
        self.intents.remove(work.claim());
        self.calls -= usize::from(head.txn.is_none());
        self.drop_gone();
        work
    }

    /// The transaction of the head, if it has begun.
    pub(crate) fn begun(&self) -> Option<TxnId> {
        let head = self.queue.front()?;
        head.txn.filter(|_| head.state == State::Begun)
    }

    /// The work of the head, if it has begun.
    pub(crate) fn begun_work(&self) -> Option<&W> {
        let head = self.queue.front().filter(|head| head.state == State::Begun)?;
        head.work.as_ref()
    }

    fn drop_gone(&mut self) {
        while self.queue.front().is_some_and(|head| head.state == State::Gone) {
            self.queue.pop_front();
        }
    }

    fn raise_floor(&mut self, place: Place) {
        self.floor = self.floor.max(place);
        self.floor_for_writers = self.floor_for_writers.max(place);
    }

    /// A place behind all others.
    fn last_place(&mut self) -> Place {
        self.behind += 1;
        Place { number: self.highest, behind: self.behind }
    }

    /// Where something with this place belongs.
    fn index_of(&self, place: Place) -> usize {
        match self.queue.back() {
            Some(last) if last.place > place => {
                self.queue.partition_point(|entry| entry.place < place)
            }
            _ => self.queue.len(),
        }
    }

    fn find(&self, txn: TxnId, asked: u64) -> usize {
        let place = Place { number: asked, behind: 0 };
        let index = self.queue.partition_point(|entry| entry.place < place);
        if self.queue.get(index).is_some_and(|entry| entry.txn == Some(txn)) {
            return index;
        }
        // It was late, so it is somewhere behind its number.
        let late = self.queue.range(index..).position(|entry| entry.txn == Some(txn));
        index + late.expect("the transaction has asked for its place")
    }
}
