//! Commands that wait for their keys: what their coordinator decides.
//!
//! ```text
//!   begin --> Running --> served
//!             |  ^  ^
//!     Blocked |  |  +-- Missed: it starts over ------------------------+
//!             |  |                                                     |
//!             |  +-- Offer with a number: it runs again                |
//!             v  |                                                     |
//!             Waiting -- Offer: Take, and Leave to all others --> Taken --> served
//!             |
//!             +-- timeout, UNBLOCK, gone: Leave to all --> left
//!             +-- the same, alone on a shard: Leave --> Leaving --> left, or served
//! ```
//!
//! **Invariants**
//! - Whether a command of several shards still waits is known here alone: of all shards that have
//!   something for it one may serve it, and to every other one goes a `Leave`.
//! - If all keys are on one shard, that shard knows: it serves without asking, and whoever wants to
//!   leave asks it.
//! - An answer is given at once, whatever else is under way: shards hold keys until it comes.
//! - A transaction that runs again has a new `asked`: what comes late from the run before is told
//!   by that, and dropped.

use keyspace::UnixMillis;

use super::{Coordinator, Errands, Finished, Kind, Open, Order};
use crate::{Destination, Ending, Message, Patience, Program, ShardId, Stop, TxnId};

/// Why a command waits no longer, though it was not served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Its time is over.
    TimedOut,
    /// CLIENT UNBLOCK, with an error for the client or without.
    Unblocked { as_error: bool },
    /// Its client has gone.
    Gone,
}

/// A command that has begun to wait, and for how long.
pub(super) type Blocked = (TxnId, Option<UnixMillis>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// It runs, and nobody knows yet whether it has to wait.
    Running,
    Waiting,
    /// It takes what a shard has for it.
    Taken,
    /// Its only shard was asked to let it go.
    Leaving,
}

/// What is known of a command that may wait.
pub(super) struct Patient {
    stage: Stage,
    /// All its keys are on one shard.
    is_alone: bool,
    /// Its shards with their keys, for when it runs again.
    stops: Vec<Stop>,
    /// It is to leave as soon as it is known to wait.
    why: Option<Why>,
}

impl Patient {
    /// Of a command that is about to run, if it may wait.
    pub(super) fn of(kind: &Kind) -> Option<Box<Self>> {
        let (stops, program, is_alone) = match kind {
            Kind::Together { stops, program } => (stops.as_slice(), program, false),
            Kind::Solo { stop, program } => (std::slice::from_ref(stop), program, true),
            _ => return None,
        };
        let stage = Stage::Running;
        let is_patient = program.patience != Patience::None;
        is_patient.then(|| Box::new(Self { stage, is_alone, stops: stops.to_vec(), why: None }))
    }
}

impl Coordinator {
    /// A command has found nothing on a shard of this core that has all its keys, and waits there.
    pub fn wait_on(&mut self, shard: ShardId, order: Order, until: Option<UnixMillis>) -> TxnId {
        let txn = self.name();
        let stops = vec![Stop::at(shard)];
        let patient = Patient { stage: Stage::Waiting, is_alone: true, stops, why: None };
        let open = Open { patient: Some(Box::new(patient)), ..Open::new(order, 0, 0) };
        self.open.insert(txn.number, Box::new(open));
        self.blocked.push_back((txn, until));
        txn
    }

    /// The next command that has begun to wait, and until when.
    pub fn poll_blocked(&mut self) -> Option<Blocked> {
        self.blocked.pop_front()
    }

    /// A command shall wait no longer. Answers whether that is why it will end, unless it is served
    /// first; not if there was another reason before.
    pub fn leave(&mut self, txn: TxnId, why: Why) -> bool {
        let Some((_, patient)) = self.patient(txn) else { return false };
        if patient.why.is_some() {
            return false;
        }
        patient.why = Some(why);
        if patient.stage == Stage::Waiting {
            self.let_go(txn);
        }
        true
    }

    /// What is known of a command that may wait, if it is still open.
    fn patient(&mut self, txn: TxnId) -> Option<(u64, &mut Patient)> {
        assert_eq!(txn.core, self.core, "an answer goes to its own coordinator");
        let open = self.open.get_mut(&txn.number)?;
        Some((open.asked, open.patient.as_deref_mut()?))
    }

    /// A command that waits leaves.
    fn let_go(&mut self, txn: TxnId) {
        let (_, patient) = self.patient(txn).expect("it waits");
        let is_asked = patient.is_alone;
        if is_asked {
            patient.stage = Stage::Leaving;
        }
        self.tell_to_leave(txn, None, is_asked);
        if !is_asked {
            self.has_left(txn);
        }
    }

    /// Tells all shards, but perhaps one, that a command waits no more.
    fn tell_to_leave(&mut self, txn: TxnId, but: Option<ShardId>, is_asked: bool) {
        let (_, patient) = self.patient(txn).expect("it waits");
        let shards: Vec<ShardId> = patient.stops.iter().map(|stop| stop.shard).collect();
        for shard in shards.into_iter().filter(|shard| Some(*shard) != but) {
            let leave = Message::Leave { txn, shard, is_asked };
            self.messages.push_back((Destination::Shard(shard), leave));
        }
    }

    /// A command has left all its shards.
    pub(super) fn has_left(&mut self, txn: TxnId) {
        let (_, patient) = self.patient(txn).expect("it was to leave");
        let why = patient.why.expect("it leaves for a reason");
        self.open.remove(&txn.number);
        self.finished.push_back(Finished { txn, ending: Ending::Cancelled(why) });
    }

    /// A command has found nothing.
    pub(super) fn begins_to_wait(&mut self, txn: TxnId, asked: u64, until: Option<UnixMillis>) {
        // Somebody may have had something for it before this was heard.
        let Some((now_asked, patient)) = self.patient(txn) else { return };
        if now_asked != asked || patient.stage != Stage::Running {
            return;
        }
        patient.stage = Stage::Waiting;
        if patient.why.is_some() {
            return self.let_go(txn);
        }
        self.blocked.push_back((txn, until));
    }

    /// A shard has something for a command.
    pub(super) fn is_offered(
        &mut self,
        txn: TxnId,
        shard: ShardId,
        asked: u64,
        number: Option<u64>,
    ) {
        let Some((now_asked, patient)) = self.patient(txn) else { return };
        // Another shard was first, and this one will hear of it.
        if now_asked != asked || !matches!(patient.stage, Stage::Running | Stage::Waiting) {
            return;
        }
        if patient.why.is_some() {
            return self.let_go(txn);
        }
        match number {
            None => {
                patient.stage = Stage::Taken;
                self.messages.push_back((Destination::Shard(shard), Message::Take { txn, shard }));
                self.tell_to_leave(txn, Some(shard), false);
            }
            Some(number) => {
                let program = Program::nothing(self.opened(txn).order.caller);
                self.run_again(txn, number, program);
                // The first stop is the home of the program: there the place is held.
                let first = self.messages.len() - self.opened(txn).awaited;
                let Some((_, Message::Schedule(errand))) = self.messages.get_mut(first) else {
                    unreachable!("its errands are the last messages")
                };
                assert_eq!(errand.shard, shard, "a command that runs again waits at home");
                errand.is_held = true;
            }
        }
    }

    /// What a command was about to take has expired: it starts over.
    pub(super) fn has_missed(&mut self, txn: TxnId, mut program: Box<Program>) {
        let (_, patient) = self.patient(txn).expect("it was about to take it");
        assert_eq!(patient.stage, Stage::Taken, "only what is taken is missed");
        if patient.why.is_some() {
            return self.has_left(txn);
        }
        program.patience = Patience::FromNow;
        let number = self.numbers.draw();
        self.run_again(txn, number, program);
    }

    /// Schedules a command anew on all its shards.
    fn run_again(&mut self, txn: TxnId, number: u64, program: Box<Program>) {
        let open = self.open.remove(&txn.number).expect("it runs again");
        let Open { mut order, patient, .. } = *open;
        let mut patient = patient.expect("it waits");
        patient.stage = Stage::Running;
        order.kind = Kind::Together { stops: patient.stops.clone(), program };
        // Nobody refuses what has been accepted.
        order.needs_room = false;
        let mut errands = Errands::new();
        self.errands(txn, number, &mut order, &mut errands);
        let open = Open { patient: Some(patient), ..Open::new(order, number, errands.len()) };
        self.open.insert(txn.number, Box::new(open));
        self.send(errands);
    }
}
