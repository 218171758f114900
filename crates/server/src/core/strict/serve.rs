//! Serving wagons, and putting a train's replies in order.

use commands::ShardFn;
use commands::errors::OUT_OF_MEMORY;
use keyspace::Author;
use resp::ReplyWriter;
use session::{Block, Run, Standing, Strand};
use smallvec::{SmallVec, smallvec};
use txn::{Job, Wagon, execute};

use super::Train;
use crate::core::execute::is_brief;
use crate::core::output::is_to_leave;
use crate::core::{Core, World};

impl Core {
    /// Runs a wagon's commands on its shard, which is here, one after the other.
    pub(in crate::core) fn serve_wagon(&mut self, wagon: &mut Wagon, world: &mut World<'_>) {
        self.fetch_wagon(wagon);
        let mut at = 0;
        while let Some(step) = wagon.steps.get(at) {
            let id = step.command;
            self.count_calls(id, 1, world);
            let shard = self.shards[wagon.shard.index()].as_ref().expect(IS_HERE);
            // What is measured alone, or may be refused for lack of memory, runs alone.
            let may_lack_room = self.pressure.is_limited() && self.quick[id.index()].needs_room;
            let is_watched = self.meter.exact || shard.awaited_keys() > 0 || may_lack_room;
            match self.quick[id.index()].run.filter(|_| !is_watched) {
                Some(run) => {
                    let ran = self.serve_alike(wagon, at, run);
                    self.meter.join(ran as u64 - 1);
                    at += ran;
                }
                None => {
                    let has_room = !may_lack_room || self.has_room(world);
                    if has_room {
                        self.serve_one(wagon, at, world);
                    } else {
                        self.refuse_step(wagon, at);
                    }
                    at += 1;
                }
            }
            // Whoever waits for what has come is served before anything else runs.
            if self.shards[wagon.shard.index()].as_ref().expect(IS_HERE).has_ready() {
                self.serve(wagon.shard, world);
            }
        }
        self.end_calls(world);
    }

    /// Fetches the buckets of all keys, then their entries.
    fn fetch_wagon(&self, wagon: &Wagon) {
        let shard = self.shards[wagon.shard.index()].as_ref().expect(IS_HERE);
        let with_hash = || wagon.steps.iter().filter_map(|step| step.hash.map(|it| (step.db, it)));
        with_hash().for_each(|(db, hash)| shard.prefetch_bucket(db, hash));
        with_hash().for_each(|(db, hash)| shard.prefetch_entry(db, hash));
    }

    /// Runs the commands from one on that are like it. Answers how many.
    fn serve_alike(&mut self, wagon: &mut Wagon, at: usize, run: ShardFn) -> usize {
        let Wagon { shard, caller, words, steps, replies, .. } = wagon;
        let (id, db) = (steps[at].command, steps[at].db);
        let key_at = usize::from(self.quick[id.index()].key_at);
        let shard = self.shards[shard.index()].as_mut().expect(IS_HERE);
        let mut cx = shard.cx(db, caller.author);
        cx.touch = caller.touch;
        let mut start = if at == 0 { 0 } else { steps[at - 1].words_end as usize };
        let mut before = replies.len();
        let mut writer = ReplyWriter::new(replies, caller.protocol);
        let alike = steps[at..].iter_mut().take_while(|it| it.command == id && it.db == db);
        let mut ran = 0;
        for step in alike {
            let end = step.words_end as usize;
            let args = words.as_args().slice(start..end);
            if let Some(hash) = step.hash {
                cx.set_hint(args.at(key_at), hash);
            }
            if let Some(error) = writer.attempt(|writer| run(&mut cx, args, writer)) {
                self.front.stats.failed(id, &error);
            }
            let after = writer.buffer().len();
            step.reply_bytes = after - std::mem::replace(&mut before, after);
            start = end;
            ran += 1;
        }
        ran
    }

    /// Refuses a command for lack of memory; those behind it are asked for themselves.
    #[cold]
    fn refuse_step(&mut self, wagon: &mut Wagon, at: usize) {
        self.count_error(&OUT_OF_MEMORY);
        self.front.stats.commands[wagon.steps[at].command.index()].rejected += 1;
        let before = wagon.replies.len();
        ReplyWriter::new(&mut wagon.replies, wagon.caller.protocol).error(&OUT_OF_MEMORY);
        wagon.steps[at].reply_bytes = wagon.replies.len() - before;
    }

    fn serve_one(&mut self, wagon: &mut Wagon, at: usize, world: &mut World<'_>) {
        let step = wagon.steps[at];
        let command = self.front.table.get(step.command);
        let Some(Run::Data(run)) = command.run else {
            unreachable!("only data commands are on a train")
        };
        let mut replies = std::mem::take(&mut wagon.replies);
        let args = wagon.args(at);
        let caller = txn::Caller { db: step.db, ..wagon.caller };
        let key_at = usize::from(self.quick[step.command.index()].key_at);
        let hint = step.hash.zip(args.get(key_at));
        let place = (wagon.shard, self.placement.shards() as u16);
        let shard = self.shards[wagon.shard.index()].as_mut().expect(IS_HERE);
        let before = replies.len();
        let mut writer = ReplyWriter::new(&mut replies, caller.protocol);
        let failed = execute(shard, &Job { run, place, caller, args, hint }, &mut writer);
        if let Some(error) = failed {
            self.count_failure(step.command, &error);
        }
        if self.meter.exact || !is_brief(&command.spec) {
            let Author(client) = caller.author;
            self.end_call(client, args, world);
        }
        wagon.steps[at].reply_bytes = replies.len() - before;
        wagon.replies = replies;
    }

    /// A train has run: its replies go to its client, which may go on.
    pub(super) fn arrive(&mut self, mut train: Box<Train>, world: &mut World<'_>) {
        if self.is_there(&train) {
            self.hand_out_replies(&mut train);
            self.queue_flush(train.key);
            self.leave_train(train.key, world);
        }
        self.strict.put_away(train);
    }

    fn hand_out_replies(&mut self, train: &mut Train) {
        let Train { key, wagons, seats, pieces, .. } = train;
        let replies = &mut self.sessions[*key].replies;
        let mut next: SmallVec<[usize; 8]> = smallvec![0; wagons.len()];
        let mut seats = seats.iter().peekable();
        let piece = &mut self.strict.replies;
        for (ticket, commands) in pieces {
            let mut left = *commands;
            while left > 0 {
                let first = seats.next().expect("every command has a seat");
                let place = usize::from(first.wagon);
                let wagon = wagons[place].as_mut().expect("it is back");
                let mut bytes = 0;
                let mut seat = Some(first);
                // Those of one wagon that follow each other are moved together.
                while seat.is_some() {
                    bytes += wagon.steps[next[place]].reply_bytes;
                    (next[place], left) = (next[place] + 1, left - 1);
                    seat = seats.next_if(|it| left > 0 && **it == *first);
                }
                if first.is_muted {
                    wagon.replies.consume(bytes);
                } else {
                    wagon.replies.move_front(bytes, piece);
                }
            }
            let ends = [piece.len()];
            replies.arrived(*ticket, Strand::HERE, Block { reply: piece, start: 0, ends: &ends });
        }
    }

    /// The session that waited for its train goes on.
    fn leave_train(&mut self, key: usize, world: &mut World<'_>) {
        let session = &mut self.sessions[key];
        if session.standing != Standing::Waiting {
            return;
        }
        let input = &session.input;
        if input.backlog.is_some() || !input.buffer.is_empty() {
            return self.let_go_on(key, Standing::Waiting);
        }
        // There is nothing to go on with; what comes is read again.
        session.standing = Standing::Running;
        world.net.watch(self.conns[key], true, is_to_leave(session));
    }

    /// A train that became a transaction has run.
    #[expect(clippy::vec_box, reason = "a wagon travels in its box")]
    pub(in crate::core) fn finish_train(
        &mut self,
        mut train: Box<Train>,
        wagons: Vec<Box<Wagon>>,
        world: &mut World<'_>,
    ) {
        train.couple(wagons);
        self.arrive(train, world);
    }
}

const IS_HERE: &str = "a wagon is served where its shard is";

impl Train {
    /// Puts wagons that are back in their places.
    pub(super) fn couple(&mut self, wagons: impl IntoIterator<Item = Box<Wagon>>) {
        for wagon in wagons {
            let place = self.shards.iter().position(|shard| *shard == wagon.shard);
            self.wagons[place.expect("it left from here")] = Some(wagon);
        }
    }
}
