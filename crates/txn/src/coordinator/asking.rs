//! What a coordinator asks of shards when a transaction begins, and which of them decides.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{Coordinator, Errands, Kind, Order, ask};
use crate::{
    Claim, Destination, Errand, Message, Mode, Program, Stop, TxnId, Words, Work, claim_of_stop,
    part_spans,
};

impl Coordinator {
    /// Asks all shards of a transaction for a place, those of this core first. If only one is left
    /// then, and nothing speaks against the number, that shard decides.
    pub(super) fn schedule(
        &mut self,
        txn: TxnId,
        errands: Errands,
        here: &mut dyn FnMut(Box<Errand>) -> Result<Option<Message>, Box<Errand>>,
    ) {
        let mut away = Errands::new();
        let mut is_known = true;
        for errand in errands {
            if self.placement.core_of(errand.shard) != usize::from(self.core) {
                away.push(errand);
                continue;
            }
            match here(errand) {
                Ok(answer) => answer.into_iter().for_each(|answer| self.handle(answer)),
                Err(errand) => {
                    is_known = false;
                    away.push(errand);
                }
            }
        }
        if let [last] = &mut away[..]
            && is_known
            && matches!(last.work, Work::Part { .. })
        {
            let shard = last.shard;
            let open = self.opened(txn);
            let may_decide = !open.is_late && open.veto.is_none();
            let (is_later, after) = (open.is_later, open.order.after);
            // Shards of one core hear of a client's transactions in order. So one of them knows
            // whether the earlier one is decided, if it was asked to decide that as well.
            let is_asked = |earlier: TxnId| self.opened(earlier).last == Some(shard);
            if may_decide && (!is_later || after.is_some_and(is_asked)) {
                last.is_last = true;
                self.opened(txn).last = Some(shard);
            }
        }
        self.send(away);
    }

    pub(super) fn send(&mut self, errands: Errands) {
        for errand in errands {
            self.messages.push_back((Destination::Shard(errand.shard), Message::Schedule(errand)));
        }
    }

    /// What a transaction wants of its shards.
    pub(super) fn errands(&self, txn: TxnId, number: u64, order: &mut Order, out: &mut Errands) {
        let hasher = &self.hasher;
        let (client, caller, words) = (order.caller.author, order.caller, order.words.as_args());
        let needs_room = order.needs_room;
        let mut schedule = |shard, claim, work| {
            let errand = Errand {
                txn,
                client,
                number,
                shard,
                claim,
                needs_room,
                work,
                is_held: false,
                is_last: false,
            };
            out.push(Box::new(errand));
        };
        match &mut order.kind {
            Kind::Parts { hops, mode, part, .. } => {
                for hop in hops {
                    let mut hashes = SmallVec::with_capacity(hop.positions.len());
                    for &position in &hop.positions {
                        hashes.push(hasher.hash(words.at(position as usize)));
                    }
                    let spans = part_spans(order.spec, words, hop);
                    let words = Words::part(Arc::clone(&order.words), spans);
                    let work = Work::Part { part: *part, words, caller };
                    schedule(hop.shard, Claim::keys(*mode, hashes), work);
                }
            }
            Kind::Every { mode, part, .. } => {
                for shard in self.placement.all() {
                    let words = Words::all(Arc::clone(&order.words));
                    let work = Work::Part { part: *part, words, caller };
                    schedule(shard, Claim::whole(*mode), work);
                }
            }
            Kind::Together { stops, program } => {
                let (home, lenders) = (stops[0].shard, stops.len() - 1);
                let mut program = Some(std::mem::replace(program, Program::nothing(caller)));
                for stop in stops {
                    let claim = claim_of_stop(stop, |key| hasher.hash(key));
                    let keys = std::mem::take(&mut stop.keys);
                    let watched = std::mem::take(&mut stop.watched);
                    let work = match program.take() {
                        Some(program) => {
                            let lent = Vec::with_capacity(lenders);
                            Work::Host { program, watched, lenders, lent, then_look_at: None }
                        }
                        None => Work::Lend { keys, watched, home },
                    };
                    schedule(stop.shard, claim, work);
                }
            }
            Kind::House { stops } => {
                for stop in stops {
                    let watched = std::mem::take(&mut stop.watched);
                    schedule(stop.shard, Claim::whole(Mode::Exclusive), Work::Hold { watched });
                }
            }
            Kind::Train { wagons, .. } => {
                for mut wagon in wagons.drain(..) {
                    let claim = std::mem::replace(&mut wagon.claim, Claim::whole(Mode::Shared));
                    schedule(wagon.shard, claim, Work::Wagon(wagon));
                }
            }
            _ => unreachable!("it has no number"),
        }
    }

    /// Sends the first messages of what needs no place under a number.
    pub(super) fn ask_all(&mut self, txn: TxnId, order: &mut Order) {
        let (caller, needs_room) = (order.caller, order.needs_room);
        match &mut order.kind {
            Kind::Walk { first, part, .. } => {
                let (first, part) = (*first, *part);
                self.messages.push_back(ask(txn, order, part, first));
            }
            Kind::Solo { stop, program } => {
                let shard = stop.shard;
                let stop = Box::new(std::mem::replace(stop, Stop::at(shard)));
                let program = std::mem::replace(program, Program::nothing(caller));
                let solo = Message::Solo { txn, stop, program, needs_room };
                self.messages.push_back((Destination::Shard(shard), solo));
            }
            Kind::Watch { keys } => {
                for (shard, keys) in std::mem::take(keys) {
                    let watch = Message::Watch { txn, shard, caller, keys };
                    self.messages.push_back((Destination::Shard(shard), watch));
                }
            }
            _ => unreachable!("it has a number"),
        }
    }
}
