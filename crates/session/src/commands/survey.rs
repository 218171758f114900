//! What a core knows of itself, and the sum over all cores: INFO and MEMORY are made of it.

use keyspace::KeyspaceStats;

use crate::{Blocked, CoreCx, Standing, Stats};

/// One database.
#[derive(Clone, Copy, Default)]
pub(super) struct DbFacts {
    pub keys: u64,
    pub volatile: u64,
    /// Of the keys that can expire; joined as the mean weighted by their number.
    pub avg_ttl_ms: i64,
    /// The tables without their entries.
    pub table_bytes: u64,
}

impl DbFacts {
    fn add(&mut self, other: &Self) {
        let volatile = self.volatile + other.volatile;
        if volatile > 0 {
            let life = i128::from(self.avg_ttl_ms) * i128::from(self.volatile)
                + i128::from(other.avg_ttl_ms) * i128::from(other.volatile);
            self.avg_ttl_ms = (life / i128::from(volatile)) as i64;
        }
        self.volatile = volatile;
        self.keys += other.keys;
        self.table_bytes += other.table_bytes;
    }
}

/// Clients.
#[derive(Clone, Copy, Default)]
pub(super) struct ClientFacts {
    pub connected: u64,
    pub paused: u64,
    pub blocked: u64,
    /// Of those that are blocked.
    pub with_timeout: u64,
    pub watching: u64,
    /// Input and output that they have piled up, and what the server keeps of them.
    pub memory_bytes: u64,
}

/// A core, or all of them.
pub(super) struct Survey {
    pub stats: Stats,
    pub keyspace: KeyspaceStats,
    pub dbs: Vec<DbFacts>,
    pub clients: ClientFacts,
    pub dirty: u64,
    pub lazyfree_pending: u64,
    pub watched_keys: u64,
    /// Keys that clients wait for.
    pub awaited_keys: u64,
}

impl Survey {
    /// Looks at one core. Histograms are large, so they come only when asked for.
    pub(super) fn take(cx: &CoreCx<'_>, with_histograms: bool) -> Self {
        let stats = &cx.front.stats;
        let mut survey = Self {
            stats: if with_histograms { stats.clone() } else { stats.without_histograms() },
            keyspace: KeyspaceStats::default(),
            dbs: Vec::new(),
            clients: clients(cx),
            dirty: 0,
            lazyfree_pending: 0,
            watched_keys: 0,
            awaited_keys: 0,
        };
        for shard in cx.shards.iter().flatten() {
            survey.keyspace.add(&shard.stats);
            survey.dirty += shard.changes.dirty();
            survey.watched_keys += shard.watched_keys() as u64;
            survey.awaited_keys += shard.awaited_keys() as u64;
            survey.lazyfree_pending += shard.lazyfree_pending();
            survey.dbs.resize(shard.dbs().len().max(survey.dbs.len()), DbFacts::default());
            for (facts, db) in survey.dbs.iter_mut().zip(shard.dbs()) {
                facts.add(&DbFacts {
                    keys: db.len() as u64,
                    volatile: db.volatile() as u64,
                    avg_ttl_ms: db.avg_ttl_ms(),
                    table_bytes: db.table_bytes() as u64,
                });
            }
        }
        survey
    }

    /// All cores together.
    ///
    /// # Panics
    /// If there is no core.
    pub(super) fn of_all(mut surveys: impl Iterator<Item = Self>) -> Self {
        let mut sum = surveys.next().expect("there is at least one core");
        for survey in surveys {
            sum.add(survey);
        }
        sum
    }

    fn add(&mut self, other: Self) {
        self.keyspace.add(&other.keyspace);
        self.dirty += other.dirty;
        self.lazyfree_pending += other.lazyfree_pending;
        self.clients.connected += other.clients.connected;
        self.clients.paused += other.clients.paused;
        self.clients.blocked += other.clients.blocked;
        self.clients.with_timeout += other.clients.with_timeout;
        self.clients.watching += other.clients.watching;
        self.watched_keys += other.watched_keys;
        self.awaited_keys += other.awaited_keys;
        self.clients.memory_bytes += other.clients.memory_bytes;
        self.dbs.resize(other.dbs.len().max(self.dbs.len()), DbFacts::default());
        for (facts, other) in self.dbs.iter_mut().zip(&other.dbs) {
            facts.add(other);
        }
        self.stats.add(other.stats);
    }

    /// Keys of all databases.
    pub(super) fn keys(&self) -> u64 {
        self.dbs.iter().map(|db| db.keys).sum()
    }

    /// Memory that holds no data, as far as it is counted.
    pub(super) fn overhead_bytes(&self, at_start: u64) -> u64 {
        let tables: u64 = self.dbs.iter().map(|db| db.table_bytes).sum();
        at_start + tables + self.clients.memory_bytes
    }
}

fn clients(cx: &CoreCx<'_>) -> ClientFacts {
    let mut facts = ClientFacts::default();
    for (_, session) in cx.sessions.iter() {
        facts.connected += 1;
        facts.watching += u64::from(!session.client.watched.is_empty());
        facts.paused += u64::from(session.standing == Standing::Paused);
        facts.blocked += u64::from(session.blocked != Blocked::No);
        facts.with_timeout += u64::from(session.blocked == Blocked::ForAWhile);
        let client = &session.client;
        let queued = client.multi.as_ref().map_or(0, |multi| multi.memory());
        let buffers =
            session.input.memory() + session.replies.memory() + queued + client.watched.memory();
        facts.memory_bytes += (buffers + size_of_val(session)) as u64;
    }
    facts
}
