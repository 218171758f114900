//! Who gets on a train.

use command::CommandId;
use command::flags::BLOCKING;
use resp::{Args, Batch};
use session::{Admission, ReplyMode, Run, Session, Standing, admit};
use txn::{Mode, Route, ShardId};

use super::{Seat, Strict, Train};
use crate::core::dispatch::Plan;
use crate::core::{Core, World};

/// What becomes of a request while a train is made up.
enum Boarding {
    /// It gets on, for that shard.
    In(CommandId, ShardId),
    /// It runs beside the train, at once.
    Beside,
    /// It must come after the train.
    Not,
}

impl Core {
    /// Whether the window that was planned has writes for several shards.
    pub(in crate::core) fn writes_are_spread(&self) -> bool {
        let mut first: Option<Option<ShardId>> = None;
        for plan in &self.plans {
            let Some(id) = plan.id else { continue };
            if self.quick[id.index()].mode != Mode::Exclusive {
                continue;
            }
            match first {
                // What goes to several shards, or is not known yet, is looked at one by one.
                Some(shard) if shard != plan.shard || shard.is_none() => return true,
                Some(_) => {}
                None => first = Some(plan.shard),
            }
        }
        false
    }

    /// Makes up one train of the requests from `at` on and lets it go, or runs a single request.
    /// Answers the first one that did not run.
    pub(in crate::core) fn run_train(
        &mut self,
        key: usize,
        (bytes, batch): (&[u8], &Batch),
        (from, at): (usize, usize),
        world: &mut World<'_>,
    ) -> usize {
        let mut train: Option<Box<Train>> = None;
        let mut index = at;
        while index < batch.len() && self.goes_on(key) {
            let (args, plan) = (batch.request(bytes, index), self.plans[index - from]);
            match self.boarding(key, args, plan, train.as_deref()) {
                Boarding::In(id, shard) => {
                    if train.is_none() {
                        if self.has_writes_away(key) {
                            self.stall(key);
                            return index;
                        }
                        train = Some(self.strict.train(key, self.caller(key)));
                    }
                    let train = train.as_mut().expect("it was made");
                    self.board(train, (id, shard), plan, args);
                    index += 1;
                    if self.is_plain(key) {
                        index = self.board_alike(train, id, (bytes, batch), (from, index));
                    }
                    continue;
                }
                Boarding::Beside => {
                    train.iter_mut().for_each(|train| train.is_open = false);
                    if !self.dispatch(key, args, plan, world) {
                        break;
                    }
                    if train.as_ref().is_some_and(|train| self.has_changed(key, train)) {
                        index += 1;
                        break;
                    }
                }
                Boarding::Not if train.is_none() => {
                    return index + usize::from(self.dispatch(key, args, plan, world));
                }
                Boarding::Not => break,
            }
            index += 1;
        }
        if let Some(train) = train {
            self.end_run(key, None, world);
            self.depart(train, world);
        }
        index
    }

    fn goes_on(&self, key: usize) -> bool {
        self.sessions.get(key).is_some_and(|session| {
            let is_closing = session.client.close_after_reply || session.client.close_now;
            session.standing == Standing::Running && !is_closing
        })
    }

    /// Whether a client's next request needs no gate if it is like the one before it.
    fn is_plain(&self, key: usize) -> bool {
        let client = &self.sessions[key].client;
        client.authenticated
            && client.reply_mode == ReplyMode::On
            && client.multi.is_none()
            && self.front.pause.is_none()
    }

    /// All those get on that are like the one before them, with other keys. Answers the first that
    /// is not.
    fn board_alike(
        &mut self,
        train: &mut Train,
        id: CommandId,
        (bytes, batch): (&[u8], &Batch),
        (from, at): (usize, usize),
    ) -> usize {
        let quick = self.quick[id.index()];
        if quick.run.is_none() || quick.mode != Mode::Exclusive {
            return at;
        }
        let Session { client, drift, .. } = &mut self.sessions[train.key];
        let db = client.db;
        let (mut index, mut hops, mut verdict) = (at, 0, None);
        for plan in &self.plans[at - from..] {
            let Some(shard) = plan.shard.filter(|_| plan.id == Some(id)) else { break };
            let args = batch.request(bytes, index);
            if !quick.arity.accepts(args.len()) {
                break;
            }
            let hash = plan.hash;
            let place = train.place_of(shard, &mut self.strict);
            let wagon = train.wagons[place].as_mut().expect("it has not left");
            wagon.claim.add_key(hash);
            wagon.push(id, db, Some(hash), args);
            train.seats.push(Seat { wagon: place as u16, is_muted: false });
            let owner = self.placement.core_of(shard);
            hops += u64::from(owner != self.id);
            verdict = drift.count(owner as u16, 1).or(verdict);
            index += 1;
        }
        let count = index - at;
        client.commands += count as u64;
        self.front.stats.hops += hops;
        if let Some((_, commands)) = train.pieces.last_mut() {
            *commands += count as u32;
        }
        if let Some(core) = verdict {
            self.should_move(train.key, usize::from(core));
        }
        index
    }

    fn boarding(&self, key: usize, args: Args<'_>, plan: Plan, train: Option<&Train>) -> Boarding {
        let client = &self.sessions[key].client;
        let (id, command) = match admit(&self.front, client, args, plan.id) {
            Admission::Run(id, command) => (id, command),
            Admission::Postpone => return Boarding::Not,
            // It may be refused for lack of memory, and be let in when it is looked at again.
            Admission::Refuse(..) if train.is_some() => return Boarding::Not,
            Admission::Queue(..) | Admission::Refuse(..) | Admission::HangUp => {
                return Boarding::Beside;
            }
        };
        let spec = &command.spec;
        match command.run {
            Some(Run::Session(_) | Run::Switch { .. } | Run::AtOnce(_)) => return Boarding::Beside,
            Some(Run::Data(_)) if spec.has_keys() && !spec.has(BLOCKING) => {}
            _ => return Boarding::Not,
        }
        let shard = match plan.shard {
            Some(shard) => shard,
            None => match txn::route(spec, args, &self.placement) {
                Route::One(shard) => shard,
                Route::Many(_) => return Boarding::Not,
            },
        };
        if self.quick[id.index()].mode == Mode::Exclusive {
            return Boarding::In(id, shard);
        }
        let Some(train) = train else { return Boarding::Beside };
        match self.key_hash(id, plan, args) {
            Some(hash) if train.names(shard, hash) => Boarding::In(id, shard),
            Some(_) => Boarding::Beside,
            // It has several keys, some of which may be on the train.
            None => Boarding::Not,
        }
    }

    /// The hash of a command's only key.
    #[inline]
    fn key_hash(&self, id: CommandId, plan: Plan, args: Args<'_>) -> Option<u64> {
        let key_at = usize::from(self.quick[id.index()].key_at);
        let key = args.get(key_at).filter(|_| key_at > 0)?;
        Some(if plan.shard.is_some() { plan.hash } else { self.hasher.hash(key) })
    }

    /// A command gets on.
    fn board(
        &mut self,
        train: &mut Train,
        (id, shard): (CommandId, ShardId),
        plan: Plan,
        args: Args<'_>,
    ) {
        let hash = self.key_hash(id, plan, args);
        let place = train.place_of(shard, &mut self.strict);
        let wagon = train.wagons[place].as_mut().expect("it has not left");
        match hash {
            Some(hash) => wagon.claim.add_key(hash),
            None => {
                let spec = &self.front.table.get(id).spec;
                wagon.claim.add_keys(&txn::claim(spec, args, |key| self.hasher.hash(key)));
            }
        }
        let session = &mut self.sessions[train.key];
        let client = &mut session.client;
        wagon.push(id, client.db, hash, args);
        client.last_command = Some(id);
        client.commands += 1;
        let is_muted = client.reply_mode != ReplyMode::On;
        if client.reply_mode == ReplyMode::SkipNext {
            client.reply_mode = ReplyMode::On;
        }
        train.seats.push(Seat { wagon: place as u16, is_muted });
        match train.pieces.last_mut().filter(|_| train.is_open) {
            Some((_, commands)) => *commands += 1,
            None => train.pieces.push((session.replies.away(1), 1)),
        }
        train.is_open = true;
        let owner = self.placement.core_of(shard);
        self.front.stats.hops += u64::from(owner != self.id);
        self.drift(train.key, owner);
    }

    /// Whether what a train's commands depend on has changed since it was begun.
    fn has_changed(&self, key: usize, train: &Train) -> bool {
        if !self.is_there(train) {
            return true;
        }
        let (now, then) = (self.caller(key), train.caller);
        now.protocol != then.protocol || now.touch != then.touch
    }
}

impl Train {
    /// The place of a shard's wagon, which may be a new one.
    #[inline]
    fn place_of(&mut self, shard: ShardId, strict: &mut Strict) -> usize {
        let place = self.shards.iter().position(|other| *other == shard);
        place.unwrap_or_else(|| {
            self.shards.push(shard);
            self.wagons.push(Some(strict.wagon(shard, self.caller)));
            self.shards.len() - 1
        })
    }

    /// Whether a key with this hash on that shard is on the train.
    fn names(&self, shard: ShardId, hash: u64) -> bool {
        let wagons = self.shards.iter().zip(&self.wagons);
        let mut there = wagons.filter(|(other, _)| **other == shard).map(|(_, wagon)| wagon);
        there.any(|wagon| wagon.as_ref().is_some_and(|wagon| wagon.claim.names(hash)))
    }
}
