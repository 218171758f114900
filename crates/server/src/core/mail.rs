//! Mail: what comes in from other cores, and what leaves.

use keyspace::UnixMillis;
use resp::ReplyBuffer;
use session::{Block, Standing, Strand};

use super::{Core, World};
use crate::mailbox::{Asker, Corridor, Envelope, Post};

/// Emptied envelopes that are kept for the next turns.
const SPARE_MAX: usize = 8;

impl Core {
    /// Takes in all mail.
    pub(super) fn receive_mail(&mut self, world: &mut World<'_>) {
        for from in 0..self.mesh.cores() {
            while let Some(Corridor(mut envelope)) = self.mesh.try_recv_from(from) {
                self.open_envelope(from, &mut envelope, world);
                envelope.clear();
                if self.spare.len() < SPARE_MAX {
                    self.spare.push(envelope);
                }
            }
        }
    }

    fn open_envelope(&mut self, from: usize, envelope: &mut Envelope, world: &mut World<'_>) {
        for shard in self.shards.iter_mut().flatten() {
            shard.set_now(envelope.now);
        }
        self.take_answers(from, envelope);
        let calls = &envelope.calls;
        let mut next = 0;
        for (before, post) in envelope.posts.drain(..) {
            self.run_blocks(from, calls, next..before as usize, world);
            next = before as usize;
            self.take_post(from, post, world);
        }
        self.run_blocks(from, calls, next..calls.len(), world);
    }

    fn take_answers(&mut self, from: usize, envelope: &mut Envelope) {
        let answers = &mut envelope.answers;
        let (mut ends, mut start) = (&answers.ends[..], 0);
        // Answers of one pipeline lie together: its session is looked after once.
        let mut last = None;
        for head in answers.heads.drain(..) {
            let calls = head.calls as usize;
            self.credits[from].give_back(calls, head.bytes);
            if let Some(before) = last.replace(head.asker.key).filter(|key| *key != head.asker.key)
            {
                self.has_replies(before as usize);
            }
            let (these, rest) = ends.split_at(calls);
            let block = Block { reply: &mut answers.reply, start, ends: these };
            (ends, start) = (rest, start + block.bytes());
            self.hand_over(head.asker, Strand::of_core(from), block);
        }
        if let Some(key) = last {
            self.has_replies(key as usize);
        }
        self.let_stalled_go_on();
    }

    /// Those that were without credit may try again.
    pub(super) fn let_stalled_go_on(&mut self) {
        for key in std::mem::take(&mut self.stalled) {
            self.let_go_on(key, Standing::Stalled);
        }
    }

    /// Hands a reply to the session that waits for it, or drops it with the session gone.
    pub(super) fn deliver(&mut self, asker: Asker, reply: &mut ReplyBuffer) {
        let ends = [reply.len()];
        self.hand_over(asker, Strand::HERE, Block { reply, start: 0, ends: &ends });
        self.has_replies(asker.key as usize);
    }

    fn hand_over(&mut self, asker: Asker, strand: Strand, mut block: Block<'_>) {
        let key = asker.key as usize;
        let session = self.sessions.get_mut(key).filter(|it| it.client.id == asker.client);
        if session.is_none() || asker.muted {
            block.reply.consume(block.bytes());
            block = Block { start: 0, ends: &[], ..block };
        }
        if let Some(session) = session {
            session.replies.arrived(asker.ticket, strand, block);
        }
    }

    /// A session, if it is still there, was handed replies that it has waited for.
    fn has_replies(&mut self, key: usize) {
        self.queue_flush(key);
        self.let_go_on(key, Standing::Stalled);
    }

    /// Ends a session's wait, if that is what it waits for.
    pub(super) fn let_go_on(&mut self, key: usize, from: Standing) {
        if let Some(session) = self.sessions.get_mut(key).filter(|it| it.standing == from) {
            session.standing = Standing::Running;
            self.resume.push(key);
        }
    }

    fn take_post(&mut self, from: usize, post: Post, world: &mut World<'_>) {
        match post {
            Post::Txn(destination, message) => self.take_message(destination, message, world),
            Post::Leg(leg) => self.take_leg(from, leg, world),
            Post::LegBack(leg) => self.take_leg_back(*leg, world),
            Post::Ask(question) => self.hand_out(question, world),
            Post::Question(question) => self.answer_question(&question, world),
            Post::Told { number, core, part } => self.told(number, usize::from(core), part, world),
            Post::Claim { from } => self.take_claim(usize::from(from)),
            Post::Borrow { to } => self.lend_shards(usize::from(to)),
            Post::Guests(shards) => self.take_guests(shards),
            Post::Home(shards) => self.take_home(shards, world),
            Post::Over => self.take_over(world),
            // Having been woken is enough: the turn ends with it.
            Post::MakeRoom => {}
            Post::Adopt(moved) => self.adopt(*moved, world),
        }
    }

    /// Puts a post into the envelope of another core, behind the blocks that are in there.
    pub(super) fn post(&mut self, to: usize, post: Post) {
        debug_assert_ne!(to, self.id, "a core does not write to itself");
        let envelope = &mut self.outbox[to];
        envelope.posts.push((envelope.calls.len() as u32, post));
    }

    /// Lets the envelopes go that have something in them, one per destination.
    ///
    /// A corridor that is full keeps its envelope here, where it grows until there is room: calls
    /// are bounded by their credits, posts by those of the desks, and nothing waits.
    pub(super) fn send_mail(&mut self) {
        for to in 0..self.outbox.len() {
            if self.outbox[to].is_empty() || self.mesh.room(to) == 0 {
                continue;
            }
            let next = self.spare.pop().unwrap_or_default();
            let mut envelope = std::mem::replace(&mut self.outbox[to], next);
            envelope.now = UnixMillis(self.front.now_ms);
            self.mesh.send(to, Corridor(envelope));
        }
    }
}
