//! The house: every core lends its shards to one of them, which runs an EXEC command by command.
//!
//! ```text
//!   EXEC's core -- Claim --> core 0 -- Borrow --> every core -- Guests --> EXEC's core: runs
//!               -- Home --> every core -- Over --> core 0
//! ```
//!
//! **Invariants**
//! - All shards stand still for the transaction before any is borrowed, and until all are home.
//! - Core 0 hands out no question but those of the EXEC from Claim until all cores have said Over,
//!   and Borrow travels behind the questions before it: so every question counts every shard once.
//! - Guests are among the core's shards only while a command of the EXEC runs: whatever else the
//!   core does meanwhile does not see them.
//! - A client that leaves in the middle is kept until the end: what has begun, ends.

use command::CommandId;
use keyspace::{Shard, UnixMillis};
use resp::{Args, ReplyBuffer, ReplyWriter};
use session::{Effect, Run, SessionCheckFn, SessionCx};
use txn::{Caller, Done, HouseJob, ShardId, TxnId, run_in_house};

use super::Exec;
use crate::core::desk::Asked;
use crate::core::{Core, World};
use crate::mailbox::Post;

/// An EXEC that has the house.
pub(in crate::core) struct HouseRun {
    txn: TxnId,
    exec: Box<Exec>,
    caller: Caller,
    /// The queued command that runs next.
    next: usize,
    reply: ReplyBuffer,
    /// Shards of other cores; none in a place means that it is among the core's own just now.
    guests: Vec<Guest>,
    /// Cores that have not lent yet, or the answer to a question.
    awaited: usize,
}

/// A shard on its way.
pub(crate) type Guest = (ShardId, Option<Shard>);

impl Core {
    /// All shards stand still for an EXEC of this core.
    pub(in crate::core) fn begin_house(&mut self, txn: TxnId) {
        let Some(Asked::Exec(exec)) = self.desk.asked.remove(&txn.number) else {
            unreachable!("only an EXEC asks for the house")
        };
        let Some(client) = self.exec_client(&exec) else {
            // Nothing has begun, and nobody waits for it.
            return self.desk.coordinator.house_over(txn);
        };
        let caller = Caller {
            db: client.db,
            author: client.author(),
            protocol: client.protocol,
            touch: !client.no_touch,
        };
        self.front.stats.house_transactions += 1;
        let mut reply = ReplyBuffer::new();
        let count = exec.queue.commands.len();
        self.begin_exec_reply(&exec, count, &mut reply);
        let (guests, awaited) = (Vec::new(), self.mesh.cores());
        assert!(self.house.is_none(), "one transaction at a time has the house");
        self.house = Some(HouseRun { txn, exec, caller, next: 0, reply, guests, awaited });
        if self.id == 0 {
            self.take_claim(0);
        } else {
            self.post(0, Post::Claim { from: self.id as u16 });
        }
    }

    /// Core 0 lets every core lend its shards to one, and keeps further questions back.
    pub(in crate::core) fn take_claim(&mut self, from: usize) {
        assert_eq!(self.id, 0, "core 0 keeps the order of questions");
        self.everywhere.lend(self.mesh.cores() - 1);
        for core in 1..self.mesh.cores() {
            self.post(core, Post::Borrow { to: from as u16 });
        }
        self.lend_shards(from);
    }

    /// Lends this core's shards to another one.
    pub(in crate::core) fn lend_shards(&mut self, to: usize) {
        if to == self.id {
            return self.take_guests(Vec::new());
        }
        let own = self.placement.shards_of(self.id);
        let shards = own.map(|shard| (shard, self.shards[shard.index()].take())).collect();
        self.post(to, Post::Guests(shards));
    }

    /// One more core has lent its shards.
    pub(in crate::core) fn take_guests(&mut self, guests: Vec<Guest>) {
        let house = self.house.as_mut().expect("guests were asked for");
        house.guests.extend(guests);
        house.awaited -= 1;
    }

    /// This core's shards are back.
    pub(in crate::core) fn take_home(&mut self, shards: Vec<Guest>, world: &mut World<'_>) {
        for (id, mut shard) in shards {
            if let Some(shard) = &mut shard {
                shard.set_now(UnixMillis(self.front.now_ms));
            }
            let old = std::mem::replace(&mut self.shards[id.index()], shard);
            assert!(old.is_none(), "a shard is in one place");
        }
        // What CONFIG SET has changed meanwhile.
        self.apply_config();
        if self.id == 0 {
            self.take_over(world);
        } else {
            self.post(0, Post::Over);
        }
    }

    /// Core 0 hears that one core has its shards back, and hands out what it kept back for them.
    pub(in crate::core) fn take_over(&mut self, world: &mut World<'_>) {
        for question in self.everywhere.one_home() {
            self.hand_out(Box::new(question), world);
        }
    }

    /// Goes on with the EXEC that has the house, if it waits for nothing; false if there is none.
    pub(in crate::core) fn go_on_in_house(&mut self, world: &mut World<'_>) -> bool {
        if self.house.as_ref().is_none_or(|house| house.awaited > 0) {
            return false;
        }
        let mut house = self.house.take().expect("it is there");
        let Some(queued) = house.exec.queue.commands.get(house.next).cloned() else {
            self.end_house(house, world);
            return true;
        };
        house.next += 1;
        let queue = std::mem::take(&mut house.exec.queue);
        let args = queue.args(&queued);
        match self.front.table.get(queued.id).run {
            Some(Run::Session(run) | Run::Switch { run, .. }) => {
                let HouseRun { exec, reply, .. } = &mut house;
                self.run_queued(exec, (queued.id, run, args), reply, world);
                if let Some(client) = self.exec_client(&house.exec) {
                    let (db, protocol) = (client.db, client.protocol);
                    let touch = !client.no_touch;
                    house.caller = Caller { db, protocol, touch, ..house.caller };
                }
            }
            Some(Run::Data(run)) => {
                self.run_data_in_house(&mut house, (&queued, run, args), world);
            }
            Some(Run::EveryCore { check, .. }) => {
                // The words are lent to the question while the queue stays with the EXEC.
                let words = resp::Argv::from_args(args);
                house.exec.queue = queue;
                self.house = Some(house);
                self.ask_in_house(queued.id, check, words.as_args(), world);
                return true;
            }
            _ => unreachable!("it is never queued"),
        }
        house.exec.queue = queue;
        self.house = Some(house);
        true
    }

    fn run_data_in_house(
        &mut self,
        house: &mut HouseRun,
        (queued, run, args): (&session::Queued, commands::Run, Args<'_>),
        world: &World<'_>,
    ) {
        let started_ns = world.clock.mono_ns();
        let first = self.shard_by_chance();
        self.swap_guests(&mut house.guests);
        let spec = &self.front.table.get(queued.id).spec;
        let (caller, placement) = (house.caller, &self.placement);
        let job = HouseJob { spec, run, caller, args, first, placement };
        let before = house.reply.mark();
        let bytes = house.reply.len();
        let mut writer = ReplyWriter::new(&mut house.reply, caller.protocol);
        let error = run_in_house(&mut self.shards, &job, &mut writer);
        self.swap_guests(&mut house.guests);
        let nanoseconds = world.clock.mono_ns().saturating_sub(started_ns);
        let done = Done { bytes: house.reply.len() - bytes, error, nanoseconds };
        self.take_done(&house.exec, (queued, args), &done);
        if self.is_muted(&house.exec) {
            house.reply.truncate_to(before);
        }
    }

    /// Puts the guests among the core's shards, or takes them out again.
    fn swap_guests(&mut self, guests: &mut [Guest]) {
        for (id, guest) in guests {
            let place = &mut self.shards[id.index()];
            std::mem::swap(place, guest);
            if let Some(shard) = place {
                shard.set_now(UnixMillis(self.front.now_ms));
            }
        }
    }

    /// Runs something that needs all shards of the house, while it has them.
    pub(in crate::core) fn with_guests<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let mut guests =
            self.house.as_mut().map_or_else(Vec::new, |house| std::mem::take(&mut house.guests));
        self.swap_guests(&mut guests);
        let result = run(self);
        self.swap_guests(&mut guests);
        if let Some(house) = &mut self.house {
            house.guests = guests;
        }
        result
    }

    /// Asks all cores on behalf of the EXEC that has the house.
    fn ask_in_house(
        &mut self,
        id: CommandId,
        check: SessionCheckFn,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        let house = self.house.as_mut().expect("it has the house");
        let (asker, caller) = (house.exec.asker, house.caller);
        let Some(session) = self.sessions.get_mut(asker.key as usize) else {
            unreachable!("a client whose EXEC has the house is kept")
        };
        let client = &mut session.client;
        let mut cx = SessionCx { client, front: &mut self.front, command: id };
        if let Err(error) = check(&mut cx, args) {
            self.front.stats.ran(id, 1, 0, false);
            self.count_failure(id, &error);
            return self.answer_in_house(|writer| writer.error(&error));
        }
        house.awaited = 1;
        self.ask(asker, (id, args), Some(caller), world);
    }

    /// Writes the reply of a command of the EXEC that has the house.
    pub(in crate::core) fn answer_in_house(&mut self, write: impl FnOnce(&mut ReplyWriter<'_>)) {
        let mut house = self.house.take().expect("it has the house");
        house.awaited = 0;
        if !self.is_muted(&house.exec) {
            write(&mut ReplyWriter::new(&mut house.reply, house.caller.protocol));
        }
        self.house = Some(house);
    }

    /// Sends all shards home and answers.
    fn end_house(&mut self, house: HouseRun, world: &mut World<'_>) {
        let HouseRun { txn, exec, reply, guests, .. } = house;
        let mut homes: Vec<Vec<Guest>> = (0..self.mesh.cores()).map(|_| Vec::new()).collect();
        for (id, shard) in guests {
            homes[self.placement.core_of(id)].push((id, shard));
        }
        for (core, shards) in homes.into_iter().enumerate() {
            // Those who had none to lend answer all the same.
            if core != self.id {
                self.post(core, Post::Home(shards));
            }
        }
        // Behind the shards, in the same corridors: they are there before they may go on.
        self.desk.coordinator.house_over(txn);
        let leaves = self.exec_client(&exec).is_some_and(|client| client.close_now);
        if leaves {
            self.front.effects.push(Effect::CloseMarked);
        }
        self.deliver_exec(&exec, reply, world);
    }

    /// Whether an EXEC of this client has the house, so that the client must be kept.
    pub(in crate::core) fn has_house(&self, key: usize) -> bool {
        self.house.as_ref().is_some_and(|house| house.exec.asker.key as usize == key)
    }
}
