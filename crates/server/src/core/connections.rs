//! Clients come, go, and move to the core that owns what they ask for.

use std::io::IoSlice;
use std::sync::atomic::Ordering;

use config::{MaxmemoryPolicy, PipelineOrder};
use keyspace::EvictionPolicy;
use runtime::{ConnId, Socket};
use session::{Client, Effect, ReplyMode, Session, Standing, Watched};

use super::{Core, World};
use crate::mailbox::Post;

/// What a client is told that is one too many.
const TOO_MANY: &[u8] = b"-ERR max number of clients reached\r\n";

/// What a client is told that `protected-mode` keeps out.
const DENIED: &[u8] = b"\
-DENIED Redis is running in protected mode because protected mode is enabled and no \
password is set for the default user. In this mode connections are only accepted from the \
loopback interface. If you want to connect from external computers to Redis you may adopt \
one of the following solutions: 1) Just disable protected mode sending the command 'CONFIG \
SET protected-mode no' from the loopback interface by connecting to Redis from the same \
host the server is running, however MAKE SURE Redis is not publicly accessible from \
internet if you do so. Use CONFIG REWRITE to make this change permanent. 2) Alternatively \
you can just disable the protected mode by editing the Redis configuration file, and \
setting the protected mode option to 'no', and then restarting the server. 3) If you \
started the server manually just for testing, restart it with the '--protected-mode no' \
option. 4) Setup a an authentication password for the default user. NOTE: You only need to \
do one of the above things in order for the server to start accepting connections from the \
outside.\r\n";

/// A session that should move, as soon as nothing of it is outstanding.
pub(super) struct Mover {
    key: usize,
    client: u64,
    to: usize,
}

impl Core {
    /// The session of a connection.
    pub(super) fn session_of(&self, conn: ConnId) -> Option<usize> {
        self.session_of.get(conn.0 as usize).copied().flatten()
    }

    /// A client has connected.
    pub(super) fn accepted(&mut self, conn: ConnId, world: &mut World<'_>) {
        self.front.stats.connections_received += 1;
        let peer = world.net.peer(conn);
        let connected = self.front.house.connected.fetch_add(1, Ordering::AcqRel);
        if connected >= self.front.config.maxclients as usize {
            self.front.stats.rejected_connections += 1;
            return self.turn_away(conn, TOO_MANY, world);
        }
        let open = !self.front.config.protected_mode || self.front.config.requirepass.is_some();
        if !open && !peer.is_loopback {
            self.front.stats.rejected_connections += 1;
            return self.turn_away(conn, DENIED, world);
        }
        if !peer.is_unix {
            world.net.set_keepalive(conn, self.front.config.tcp_keepalive);
        }
        let now_ms = self.front.now_ms;
        let client = Client {
            id: self.front.house.next_client_id(),
            name: Box::default(),
            lib_name: Box::default(),
            lib_ver: Box::default(),
            db: keyspace::DbIndex(0),
            protocol: resp::Protocol::Resp2,
            authenticated: self.front.config.requirepass.is_none(),
            reply_mode: ReplyMode::On,
            multi: None,
            watched: Watched::default(),
            no_evict: false,
            no_touch: false,
            close_after_reply: false,
            close_now: false,
            peer: peer.peer.into(),
            local: peer.local.into(),
            fd: peer.fd,
            is_unix: peer.is_unix,
            created_ms: now_ms,
            last_interaction_ms: now_ms,
            last_command: None,
            input_bytes: 0,
            output_bytes: 0,
            commands: 0,
        };
        self.seat(Session::new(client), conn);
    }

    fn turn_away(&mut self, conn: ConnId, text: &[u8], world: &mut World<'_>) {
        // A client that cannot be told either is turned away all the same.
        let _ = world.net.send(conn, &[IoSlice::new(text)]);
        world.net.close(conn);
        self.front.house.connected.fetch_sub(1, Ordering::AcqRel);
    }

    /// Ties a session to its connection.
    fn seat(&mut self, session: Session, conn: ConnId) -> usize {
        let key = self.sessions.insert(session);
        let slot = conn.0 as usize;
        if self.session_of.len() <= slot {
            self.session_of.resize(slot + 1, None);
        }
        self.session_of[slot] = Some(key);
        if self.conns.len() <= key {
            self.conns.resize(key + 1, conn);
        }
        self.conns[key] = conn;
        key
    }

    /// Ends a session and its connection.
    pub(super) fn close(&mut self, key: usize, world: &mut World<'_>) {
        if self.has_house(key) {
            self.sessions[key].client.close_now = true;
            return;
        }
        let Some(mut session) = self.sessions.try_remove(key) else { return };
        let watched = session.client.watched.take();
        self.forget(watched);
        if session.standing == Standing::Blocked {
            self.stop_waiting(key);
        }
        let conn = self.conns[key];
        self.session_of[conn.0 as usize] = None;
        world.net.close(conn);
        self.front.house.connected.fetch_sub(1, Ordering::AcqRel);
    }

    /// Ends all sessions that were marked.
    pub(super) fn close_marked(&mut self, world: &mut World<'_>) {
        let marked: Vec<usize> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.client.close_now)
            .map(|(key, _)| key)
            .collect();
        for key in marked {
            self.close(key, world);
        }
    }

    /// Counts where a session's keyed commands go; may find that it should move.
    #[inline]
    pub(super) fn drift(&mut self, key: usize, core: usize) {
        if let Some(core) = self.sessions[key].drift.count(core as u16, 1) {
            self.should_move(key, usize::from(core));
        }
    }

    /// A session belongs on this core, by what it asks for.
    pub(super) fn should_move(&mut self, key: usize, to: usize) {
        let client = self.sessions[key].client.id;
        self.movers.retain(|mover| mover.client != client);
        if to != self.id {
            self.movers.push(Mover { key, client, to });
        }
    }

    /// Moves sessions to the cores that own what they ask for, once nothing of them is outstanding.
    pub(super) fn move_sessions(&mut self, world: &mut World<'_>) {
        for mover in std::mem::take(&mut self.movers) {
            let session = self.sessions.get(mover.key);
            let Some(session) = session.filter(|it| it.client.id == mover.client) else { continue };
            if session.is_quiet() {
                self.move_session(&mover, world);
            } else {
                self.movers.push(mover);
            }
        }
    }

    fn move_session(&mut self, mover: &Mover, world: &mut World<'_>) {
        let session = self.sessions.remove(mover.key);
        let conn = self.conns[mover.key];
        self.session_of[conn.0 as usize] = None;
        let socket = world.net.detach(conn);
        self.front.stats.migrations += 1;
        self.post(mover.to, Post::Adopt(Box::new((session, socket))));
    }

    /// Takes in a session that moves to this core.
    pub(super) fn adopt(
        &mut self,
        (mut session, socket): (Session, Socket),
        world: &mut World<'_>,
    ) {
        match world.net.adopt(socket) {
            Ok(conn) => {
                session.flush_queued = false;
                session.standing = Standing::Running;
                let key = self.seat(session, conn);
                self.resume.push(key);
            }
            Err(error) => {
                tracing::warn!(client = session.client.id, %error, "a moving client was lost");
                self.front.house.connected.fetch_sub(1, Ordering::AcqRel);
            }
        }
    }

    /// Does what session commands of this turn want done.
    pub(super) fn apply_effects(&mut self, world: &mut World<'_>) {
        for effect in std::mem::take(&mut self.front.effects) {
            match effect {
                Effect::CloseMarked => self.close_marked(world),
                Effect::PauseChanged => self.check_pause(),
                Effect::Reconfigured | Effect::Sleep(_) | Effect::Unblock { .. } => {
                    unreachable!("a core does this as soon as it is asked to")
                }
                Effect::Stop => self.stop_all(),
            }
        }
    }

    fn stop_all(&mut self) {
        self.front.house.stopping.store(true, Ordering::Release);
        for core in (0..self.mesh.cores()).filter(|core| *core != self.id) {
            self.mesh.waker(core).wake();
        }
    }

    /// Lets sessions go on that were paused, if the pause is over.
    pub(super) fn check_pause(&mut self) {
        let now_ms = self.front.now_ms;
        if self.front.pause.is_some_and(|pause| pause.until_ms <= now_ms) {
            self.front.pause = None;
        }
        // Those that the pause still holds come back through the gate.
        for key in std::mem::take(&mut self.paused) {
            self.let_go_on(key, Standing::Paused);
        }
    }

    /// Hands the configuration to what keeps parts of it.
    pub(super) fn apply_config(&mut self) {
        let config = &self.front.config;
        crate::logging::set_level(config.loglevel);
        let is_strict = config.pipeline_order == PipelineOrder::Strict;
        self.strict.is_on = is_strict && self.placement.shards() > 1;
        let exact_below = super::meter::EXACT_BELOW_US;
        self.meter.exact = (0..exact_below).contains(&config.slowlog_log_slower_than)
            || config.latency_monitor_threshold > 0;
        let access = keyspace::AccessPolicy {
            policy: policy_of(config.maxmemory_policy),
            lfu_log_factor: config.lfu_log_factor,
            lfu_decay_minutes: config.lfu_decay_time,
        };
        for shard in self.shards.iter_mut().flatten() {
            shard.string_bytes_max = config.proto_max_bulk_len;
            shard.set_list_max_listpack_size(config.list_max_listpack_size);
            shard.set_limits = keyspace::SetLimits {
                intset_entries: config.set_max_intset_entries,
                listpack_entries: config.set_max_listpack_entries,
                listpack_value: config.set_max_listpack_value,
            };
            shard.hll_sparse_bytes_max = config.hll_sparse_max_bytes;
            shard.hash_limits = keyspace::HashLimits {
                entries: config.hash_max_listpack_entries,
                value: config.hash_max_listpack_value,
            };
            shard.zset_limits = keyspace::ZsetLimits {
                entries: config.zset_max_listpack_entries,
                value: config.zset_max_listpack_value,
            };
            shard.set_access(access);
        }
        self.configure_pressure();
    }
}

fn policy_of(policy: MaxmemoryPolicy) -> EvictionPolicy {
    match policy {
        MaxmemoryPolicy::VolatileLru => EvictionPolicy::VolatileLru,
        MaxmemoryPolicy::VolatileLfu => EvictionPolicy::VolatileLfu,
        MaxmemoryPolicy::VolatileRandom => EvictionPolicy::VolatileRandom,
        MaxmemoryPolicy::VolatileTtl => EvictionPolicy::VolatileTtl,
        MaxmemoryPolicy::AllkeysLru => EvictionPolicy::AllKeysLru,
        MaxmemoryPolicy::AllkeysLfu => EvictionPolicy::AllKeysLfu,
        MaxmemoryPolicy::AllkeysRandom => EvictionPolicy::AllKeysRandom,
        MaxmemoryPolicy::Noeviction => EvictionPolicy::NoEviction,
    }
}
