//! A house on a bench, for tests.
//!
//! Two cores with a shard each, clients without sockets, time set by hand.
//!
//! It does with a request what the server does, in one thread and without I/O.

use std::sync::Arc;

use command::{Command, CommandId};
use keyspace::{Author, DbIndex, KeyHasher, Shard, UnixMillis};
use resp::{Args, Argv, Protocol, ReplyBuffer, ReplyError, ReplyWriter};

use crate::{
    Admission, Client, CoreCx, Effect, FixedFacts, Front, House, ReplyMode, Run, Session,
    SessionCx, Sessions, Watched, admit, table,
};

/// The bench's time when it is set up, milliseconds since 1970.
pub(crate) const NOW_MS: i64 = 1_700_000_000_000;

/// Answered, as an error, to whoever would have to wait for the end of a pause.
pub(crate) const POSTPONED: &str = "(postponed)";

/// What a hung-up client is said to have been told.
const HUNG_UP: &str = "HUNGUP";

const CORES: usize = 2;

pub(crate) struct Core {
    pub(crate) front: Front,
    pub(crate) sessions: Sessions,
    pub(crate) shards: Vec<Option<Shard>>,
}

pub(crate) struct Bench {
    pub(crate) cores: Vec<Core>,
    /// The session on core 0 that asks.
    asker: usize,
}

impl Bench {
    /// With the default configuration, but DEBUG allowed.
    pub(crate) fn new() -> Self {
        Self::with_facts(FixedFacts::default())
    }

    pub(crate) fn with_facts(facts: FixedFacts) -> Self {
        let mut house = House::new("f".repeat(40), NOW_MS - 90_000, CORES, CORES);
        house.facts = Box::new(facts);
        Self::with_house(house)
    }

    pub(crate) fn with_house(house: House) -> Self {
        let house = Arc::new(house);
        let config = config::Config {
            enable_debug_command: config::Permission::Yes,
            ..config::Config::default()
        };
        let core = |number| {
            let mut front = Front::new(number, Arc::clone(&house), table(), config.clone());
            front.now_ms = NOW_MS;
            let shard = Shard::new(config.databases as usize, KeyHasher::with_seed(1), 1);
            let mut shards: Vec<Option<Shard>> = (0..CORES).map(|_| None).collect();
            shards[number] = Some(shard);
            Core { front, sessions: Sessions::new(), shards }
        };
        let mut bench = Self { cores: (0..CORES).map(core).collect(), asker: 0 };
        bench.new_client();
        bench
    }

    /// From now on another client asks, one that has just connected.
    pub(crate) fn new_client(&mut self) {
        self.asker = self.add_client(0);
    }

    /// A client that has just connected to a core; its key there.
    pub(crate) fn add_client(&mut self, core: usize) -> usize {
        let Core { front, sessions, .. } = &mut self.cores[core];
        let id = front.house.next_client_id();
        let client = Client {
            id,
            name: Box::default(),
            lib_name: Box::default(),
            lib_ver: Box::default(),
            db: DbIndex(0),
            protocol: Protocol::Resp2,
            authenticated: front.config.requirepass.is_none(),
            reply_mode: ReplyMode::On,
            multi: None,
            watched: Watched::default(),
            no_evict: false,
            no_touch: false,
            close_after_reply: false,
            close_now: false,
            peer: format!("127.0.0.1:{}", 50_000 + id).into(),
            local: "127.0.0.1:6379".into(),
            fd: 8,
            is_unix: false,
            created_ms: front.now_ms,
            last_interaction_ms: front.now_ms,
            last_command: None,
            input_bytes: 0,
            output_bytes: 0,
            commands: 0,
        };
        sessions.insert(Session::new(client))
    }

    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.cores[0].sessions[self.asker].client
    }

    pub(crate) fn front(&mut self) -> &mut Front {
        &mut self.cores[0].front
    }

    /// All cores' effects, core after core.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        self.cores.iter_mut().flat_map(|core| std::mem::take(&mut core.front.effects)).collect()
    }

    /// Sets a key of the shard on core 0.
    pub(crate) fn set(&mut self, key: &str, value: &str, expire_ms: Option<i64>) {
        let shard = self.cores[0].shards[0].as_mut().expect("core 0 has shard 0");
        let mut cx = shard.cx(DbIndex(0), Author::SERVER);
        cx.set_string(key.as_bytes(), value.as_bytes(), expire_ms.map(UnixMillis));
    }

    /// Asks in words that are separated by spaces; `""` is an empty word.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        let words: Vec<&[u8]> =
            line.split(' ').map(|word| if word == "\"\"" { "" } else { word }.as_bytes()).collect();
        self.ask_words(&words)
    }

    /// Asks, and answers the bytes of the reply, one character each.
    pub(crate) fn ask_words(&mut self, words: &[&[u8]]) -> String {
        let argv = Argv::from_words(words);
        let mut reply = ReplyBuffer::new();
        let protocol = self.client().protocol;
        if let Err(error) = self.run(argv.as_args(), &mut reply) {
            self.front().stats.error(&String::from_utf8_lossy(error.code()));
            reply.clear();
            ReplyWriter::new(&mut reply, protocol).error(&error);
        }
        reply.to_vec().into_iter().map(char::from).collect()
    }

    fn run(&mut self, args: Args<'_>, reply: &mut ReplyBuffer) -> Result<(), ReplyError> {
        let Core { front, sessions, .. } = &self.cores[0];
        let client = &sessions[self.asker].client;
        let (id, command) = match admit(front, client, args, front.table.lookup(args.at(0))) {
            Admission::Run(id, command) => (id, command),
            Admission::Queue(id, command) => {
                let flags = command.spec.flags;
                let multi = self.client().multi.as_mut().expect("it is open");
                multi.push(id, flags, args);
                ReplyWriter::new(reply, Protocol::Resp2).simple("QUEUED");
                return Ok(());
            }
            Admission::Refuse(error, _) => {
                if let Some(multi) = &mut self.client().multi {
                    multi.poison();
                }
                return Err(error);
            }
            Admission::HangUp => return Err(ReplyError::new(HUNG_UP)),
            Admission::Postpone => return Err(ReplyError::new(POSTPONED)),
        };
        self.client().last_command = Some(id);
        let outcome = self.run_admitted(id, command, args, reply);
        self.front().stats.ran(id, 1, 1500, true);
        outcome
    }

    fn run_admitted(
        &mut self,
        id: CommandId,
        command: &Command<Run>,
        args: Args<'_>,
        reply: &mut ReplyBuffer,
    ) -> Result<(), ReplyError> {
        let protocol = self.client().protocol;
        let mut writer = ReplyWriter::new(reply, protocol);
        match command.run.expect("the gate lets no container in") {
            Run::Session(run) | Run::Switch { run, .. } | Run::AtOnce(run) => {
                run(&mut self.session_cx(id), args, &mut writer)
            }
            Run::Exec | Run::Watch => panic!("the server runs these"),
            Run::EveryCore { check, part, fold } => {
                check(&mut self.session_cx(id), args)?;
                let parts = (0..CORES).map(|core| part(&mut self.core_cx(core), args)).collect();
                fold(&mut self.session_cx(id), args, parts, &mut writer)
            }
            Run::Data(commands::Run::Shard(run)) => {
                let shard = self.cores[0].shards[0].as_mut().expect("core 0 has shard 0");
                run(&mut shard.cx(DbIndex(0), Author::SERVER), args, &mut writer)
            }
            Run::Data(_) => panic!("only one shard is asked on the bench"),
        }
    }

    fn session_cx(&mut self, command: CommandId) -> SessionCx<'_> {
        let Core { front, sessions, .. } = &mut self.cores[0];
        SessionCx { client: &mut sessions[self.asker].client, front, command }
    }

    fn core_cx(&mut self, core: usize) -> CoreCx<'_> {
        let Client { id, protocol, db, .. } = *self.client();
        let Core { front, sessions, shards } = &mut self.cores[core];
        let shard_of = &|key: &[u8]| usize::from(stdx::slot::slot_of(key)) % CORES;
        CoreCx { front, sessions, shards, asker: id, protocol, db, shard_of }
    }
}
