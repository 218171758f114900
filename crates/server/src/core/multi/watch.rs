//! WATCH, and the end of it: the marks are with the shards.

use std::sync::Arc;

use command::CommandId;
use keyspace::{Author, Sighting};
use resp::{Args, Argv, ReplyBuffer, ReplyError, ReplyWriter};
use session::Standing;
use txn::{Claim, Destination, Kind, Message, Mode, ShardId};

use super::Core;
use crate::core::desk::{Asked, Pending};
use crate::core::{World, meter};

const WATCH_IN_MULTI: ReplyError = ReplyError::new("ERR WATCH inside MULTI is not allowed");

type KeysOfShard = (ShardId, Vec<Arc<[u8]>>);

impl Core {
    /// `WATCH key [key ...]`
    pub(in crate::core) fn watch(
        &mut self,
        key: usize,
        id: CommandId,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        let client = &self.sessions[key].client;
        if client.multi.is_some() {
            return self.fail_early(key, id, &WATCH_IN_MULTI);
        }
        let db = client.db;
        let keys = self.by_shard(client.watched.new_keys(db, args.tail(1)));
        let is_free = |(shard, keys): &KeysOfShard| {
            let claim = self.looks_at(keys.iter().map(|key| &**key));
            self.is_free_here(*shard, &claim, client.author())
        };
        if !keys.iter().all(is_free) {
            return self.watch_elsewhere((key, id), args, keys, world);
        }
        self.begin_run(key, id, world);
        for (shard, keys) in keys {
            let shard = self.shards[shard.index()].as_mut().expect("the shard is this core's");
            let sightings = keys.into_iter().map(|key| shard.watch(db, key)).collect();
            self.sessions[key].client.watched.add(sightings);
        }
        let session = &mut self.sessions[key];
        if session.client.reply_mode == session::ReplyMode::On {
            session.replies.here(session.client.protocol, |writer| {
                writer.ok();
            });
        }
        self.end_unless_brief(key, id, args, world);
    }

    fn by_shard(&self, keys: Vec<Arc<[u8]>>) -> Vec<KeysOfShard> {
        let mut grouped: Vec<KeysOfShard> = Vec::new();
        for key in keys {
            let shard = self.placement.shard_of(&key);
            match grouped.iter_mut().find(|(other, _)| *other == shard) {
                Some((_, keys)) => keys.push(key),
                None => grouped.push((shard, vec![key])),
            }
        }
        grouped
    }

    /// Asks the keys' shards. The session waits: what it reads next, it must have watched before.
    fn watch_elsewhere(
        &mut self,
        (key, id): (usize, CommandId),
        args: Args<'_>,
        keys: Vec<KeysOfShard>,
        world: &World<'_>,
    ) {
        let spec = &self.front.table.get(id).spec;
        let kind = Kind::Watch { keys };
        let words = Argv::from_args(args);
        let pending = Pending { asker: self.asker(key), id, since_ns: self.front.mono_ns };
        let asked = Asked::Watch(pending, words);
        self.begin_order(key, (spec, Argv::new(), kind), asked, world);
        self.sessions[key].standing = Standing::Waiting;
    }

    /// All shards have marked the keys.
    pub(in crate::core) fn finish_watch(
        &mut self,
        (pending, words): (Pending, Argv),
        sightings: Vec<Sighting>,
        world: &World<'_>,
    ) {
        let Pending { asker, id, since_ns } = pending;
        let nanoseconds = world.clock.mono_ns().saturating_sub(since_ns);
        let run = meter::Run { command: id, calls: 1, nanoseconds };
        self.account(run, (asker.key as usize, asker.client), Some(words.as_args()));
        let session = self.sessions.get_mut(asker.key as usize);
        match session.filter(|session| session.client.id == asker.client) {
            Some(session) => session.client.watched.add(sightings),
            // It has gone meanwhile, and with it its interest.
            None => self.forget(sightings),
        }
        let mut reply = ReplyBuffer::new();
        ReplyWriter::new(&mut reply, resp::Protocol::Resp2).ok();
        self.deliver(asker, &mut reply);
        self.release(asker);
    }

    /// What somebody means to use who looks at these keys.
    fn looks_at<'a>(&self, keys: impl Iterator<Item = &'a [u8]>) -> Claim {
        Claim::keys(Mode::Shared, keys.map(|key| self.hasher.hash(key)).collect())
    }

    /// Tells the shards of these keys that a client watches them no more.
    pub(in crate::core) fn forget(&mut self, sightings: Vec<Sighting>) {
        let mut grouped: Vec<(ShardId, Vec<Sighting>)> = Vec::new();
        for sighting in sightings {
            let shard = self.placement.shard_of(&sighting.key);
            match grouped.iter_mut().find(|(other, _)| *other == shard) {
                Some((_, sightings)) => sightings.push(sighting),
                None => grouped.push((shard, vec![sighting])),
            }
        }
        for (id, sightings) in grouped {
            let claim = self.looks_at(sightings.iter().map(|sighting| &*sighting.key));
            if self.placement.core_of(id) != self.id {
                self.send_message(Destination::Shard(id), Message::Unwatch { sightings });
            } else if self.queues[id.index()].is_met(&claim, Author::SERVER) {
                self.queues[id.index()].unwatch_later(claim, sightings);
            } else {
                let shard = self.shards[id.index()].as_mut().expect("the shard is this core's");
                txn::unwatch(shard, &sightings);
            }
        }
    }

    /// Tells the shards what session commands have let go.
    pub(in crate::core) fn tell_forgotten(&mut self) {
        if !self.front.forgotten.is_empty() {
            let forgotten = std::mem::take(&mut self.front.forgotten);
            self.forget(forgotten);
        }
    }
}
