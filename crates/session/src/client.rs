//! What the server knows of one client: identity, switches, counters. CLIENT LIST prints it.

use command::CommandId;
use keyspace::{Author, DbIndex};
use resp::Protocol;

use crate::{Multi, Watched};

/// CLIENT REPLY.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReplyMode {
    /// Every command is answered.
    #[default]
    On,
    /// None is.
    Off,
    /// The command after this one is not (`CLIENT REPLY SKIP` was the last).
    SkipNext,
    /// This one is not.
    Skip,
}

/// One client.
#[derive(Debug)]
pub struct Client {
    /// Unique and growing over all cores.
    pub id: u64,
    /// CLIENT SETNAME.
    pub name: Box<[u8]>,
    /// CLIENT SETINFO LIB-NAME.
    pub lib_name: Box<[u8]>,
    /// CLIENT SETINFO LIB-VER.
    pub lib_ver: Box<[u8]>,
    /// The database that SELECT chose.
    pub db: DbIndex,
    /// HELLO's choice.
    pub protocol: Protocol,
    /// Whether AUTH succeeded, or none is needed.
    pub authenticated: bool,
    /// CLIENT REPLY.
    pub reply_mode: ReplyMode,
    /// The commands since MULTI, if it is open.
    pub multi: Option<Box<Multi>>,
    /// WATCH.
    pub watched: Watched,
    /// CLIENT NO-EVICT.
    pub no_evict: bool,
    /// CLIENT NO-TOUCH.
    pub no_touch: bool,
    /// The connection ends once its replies have left (QUIT, protocol errors).
    pub close_after_reply: bool,
    /// The connection ends at once (CLIENT KILL).
    pub close_now: bool,
    /// The remote end, as CLIENT LIST prints it.
    pub peer: Box<str>,
    /// The local end.
    pub local: Box<str>,
    /// Descriptor number.
    pub fd: i32,
    /// Came in by the unix socket.
    pub is_unix: bool,
    /// When it connected, milliseconds since 1970.
    pub created_ms: i64,
    /// When it last sent something.
    pub last_interaction_ms: i64,
    /// The command that it sent last.
    pub last_command: Option<CommandId>,
    /// Bytes received.
    pub input_bytes: u64,
    /// Bytes sent.
    pub output_bytes: u64,
    /// Commands run.
    pub commands: u64,
}

impl Client {
    /// As the author of changes.
    #[inline]
    #[must_use]
    pub fn author(&self) -> Author {
        Author(self.id)
    }

    /// Whether it runs on this machine: what is opened to local clients is open to it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.is_unix || self.peer.starts_with("127.") || self.peer.starts_with("[::1]:")
    }
}
