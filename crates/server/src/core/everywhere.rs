//! Commands that concern every core: CONFIG SET, CLIENT LIST, INFO and the like.
//!
//! ```text
//!   client's core -- Ask --> core 0 -- Question --> every core -- Told --> client's core: fold
//! ```
//!
//! Core 0 hands all questions out, and corridors keep order, so that every core sees them in one
//! order: two CONFIG SETs at once leave all copies alike.

use std::time::Duration;

use command::CommandId;
use resp::{Args, Argv, ReplyBuffer, ReplyWriter};
use session::{CoreCx, CorePart, Effect, Run, SessionCheckFn, SessionCx, Standing};
use stdx::HashMap;
use txn::Caller;

use super::{Core, World};
use crate::mailbox::{Asker, Post, Question};

/// A question whose answers are coming in.
struct Asked {
    asker: Asker,
    command: CommandId,
    words: Argv,
    parts: Vec<Option<CorePart>>,
    /// When it was asked, nanoseconds.
    since_ns: u64,
    /// It belongs to the EXEC that has the house.
    in_house: bool,
}

/// The questions of this core's clients.
#[derive(Default)]
pub(super) struct Everywhere {
    next: u64,
    asked: HashMap<u64, Asked>,
    /// On core 0: loans of shards to an EXEC that has the house, one from each other core, that are
    /// not known to be home.
    lent: usize,
    /// On core 0: questions that wait until all shards are home.
    held: Vec<Question>,
}

impl Everywhere {
    /// So many cores lend their shards: questions are held from now on, but for those of the EXEC
    /// that has the house.
    ///
    /// The news that a shard is home may come after the next EXEC's claim, so loans are counted.
    pub(super) fn lend(&mut self, cores: usize) {
        self.lent += cores;
    }

    /// One core has its shards back. Answers what was held, if it was the last one.
    pub(super) fn one_home(&mut self) -> Vec<Question> {
        self.lent = self.lent.checked_sub(1).expect("what is home was lent");
        if self.lent > 0 { Vec::new() } else { std::mem::take(&mut self.held) }
    }
}

impl Core {
    /// Asks all cores on behalf of a client, which waits for the reply.
    pub(super) fn ask_every_core(
        &mut self,
        key: usize,
        id: CommandId,
        check: SessionCheckFn,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        let client = &mut self.sessions[key].client;
        let mut cx = SessionCx { client, front: &mut self.front, command: id };
        if let Err(error) = check(&mut cx, args) {
            return self.fail_early(key, id, &error);
        }
        let asker = self.asker(key);
        self.sessions[key].standing = Standing::Waiting;
        self.ask(asker, (id, args), None, world);
    }

    /// Asks all cores in the name of a client, or of its EXEC that has the house.
    pub(super) fn ask(
        &mut self,
        asker: Asker,
        (id, args): (CommandId, Args<'_>),
        house: Option<Caller>,
        world: &mut World<'_>,
    ) {
        let caller = house.unwrap_or_else(|| self.caller(asker.key as usize));
        let in_house = house.is_some();
        let question = Box::new(Question {
            from: self.id as u16,
            number: self.everywhere.next,
            command: id,
            words: Argv::from_args(args),
            client: asker.client,
            protocol: caller.protocol,
            db: caller.db,
            in_house,
        });
        self.everywhere.next += 1;
        let parts = (0..self.mesh.cores()).map(|_| None).collect();
        let (words, since_ns) = (question.words.clone(), world.clock.mono_ns());
        let asked = Asked { asker, command: id, words, parts, since_ns, in_house };
        self.everywhere.asked.insert(question.number, asked);
        if self.id == 0 {
            self.hand_out(question, world);
        } else {
            self.post(0, Post::Ask(question));
        }
    }

    /// Core 0 hands a question to every core, itself included.
    pub(super) fn hand_out(&mut self, question: Box<Question>, world: &mut World<'_>) {
        assert_eq!(self.id, 0, "core 0 keeps the order of questions");
        if self.everywhere.lent > 0 && !question.in_house {
            return self.everywhere.held.push(*question);
        }
        for core in 1..self.mesh.cores() {
            let copy = Question { words: question.words.clone(), ..*question };
            self.post(core, Post::Question(Box::new(copy)));
        }
        self.answer_question(&question, world);
    }

    /// Answers a question for this core.
    pub(super) fn answer_question(&mut self, question: &Question, world: &mut World<'_>) {
        self.end_calls(world);
        self.front.stats.under_way = self.under_way();
        let part = if question.in_house {
            self.with_guests(|core| core.part_of(question))
        } else {
            self.part_of(question)
        };
        self.sleep_if_asked(world);
        if self.unblock_if_asked(question, world) {
            // What became of it is told as soon as it is known.
            return;
        }
        self.tell((question.from, question.number), part, world);
    }

    /// Tells a core what this one answers to its question of that number.
    pub(super) fn tell(
        &mut self,
        (from, number): (u16, u64),
        part: CorePart,
        world: &mut World<'_>,
    ) {
        if usize::from(from) == self.id {
            self.told(number, self.id, part, world);
        } else {
            self.post(usize::from(from), Post::Told { number, core: self.id as u16, part });
        }
    }

    fn part_of(&mut self, question: &Question) -> CorePart {
        let command = self.front.table.get(question.command);
        let Some(Run::EveryCore { part, .. }) = command.run else {
            unreachable!("only commands for every core are asked of every core")
        };
        let placement = &self.placement;
        let mut cx = CoreCx {
            front: &mut self.front,
            sessions: &mut self.sessions,
            shards: &mut self.shards,
            asker: question.client,
            protocol: question.protocol,
            db: question.db,
            shard_of: &|key| placement.shard_of(key).index(),
        };
        let part = part(&mut cx, question.words.as_args());
        self.reconfigure_if_asked();
        part
    }

    /// CONFIG SET holds for the next command already, of a pipeline or of an EXEC; and in one, the
    /// shards are away afterwards.
    fn reconfigure_if_asked(&mut self) {
        let effects = &mut self.front.effects;
        let before = effects.len();
        effects.retain(|effect| !matches!(effect, Effect::Reconfigured));
        if effects.len() < before {
            self.apply_config();
        }
    }

    /// DEBUG SLEEP stands still here and now, so that its client sees it as the time it took.
    fn sleep_if_asked(&mut self, world: &mut World<'_>) {
        self.bell.ring(&mut self.mesh);
        self.front.effects.retain(|effect| match effect {
            Effect::Sleep(us) => {
                world.clock.stand_still(Duration::from_micros(*us));
                false
            }
            _ => true,
        });
    }

    /// One core's answer has come; the last one makes the reply.
    pub(super) fn told(&mut self, number: u64, core: usize, part: CorePart, world: &mut World<'_>) {
        let asked = self.everywhere.asked.get_mut(&number).expect("an answer was asked for");
        assert!(asked.parts[core].replace(part).is_none(), "a core answers once");
        if asked.parts.iter().all(Option::is_some) {
            let asked = self.everywhere.asked.remove(&number).expect("it is there");
            self.fold_answers(asked, world);
        }
    }

    fn fold_answers(&mut self, asked: Asked, world: &mut World<'_>) {
        let Asked { asker, command: id, words, parts, since_ns, in_house } = asked;
        let Some(Run::EveryCore { fold, .. }) = self.front.table.get(id).run else {
            unreachable!("it was asked of every core")
        };
        self.end_calls(world);
        let key = asker.key as usize;
        let Some(session) = self.sessions.get_mut(key).filter(|it| it.client.id == asker.client)
        else {
            return;
        };
        self.meter.begin(since_ns);
        self.meter.start(id);
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, session.client.protocol);
        let parts: Vec<CorePart> = parts.into_iter().flatten().collect();
        let mut cx = SessionCx { client: &mut session.client, front: &mut self.front, command: id };
        let failed = fold(&mut cx, words.as_args(), parts, &mut writer).err();
        if let Some(error) = &failed {
            reply.clear();
            ReplyWriter::new(&mut reply, session.client.protocol).error(error);
        }
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        if in_house {
            self.answer_in_house(|writer| writer.buffer().append(&mut reply));
            return self.end_run(key, Some(words.as_args()), world);
        }
        self.deliver(asker, &mut reply);
        self.end_run(key, Some(words.as_args()), world);
        self.release(asker);
    }
}
