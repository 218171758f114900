//! Parameters whose value is one word of a short list.
//!
//! The spelling of a word stands beside its variant and nowhere else. The order of the variants is
//! the order in which CONFIG SET's error enumerates them, so it follows Redis.

/// A closed list of words: an enum and the names of its variants in the same order.
pub trait Choice: Copy + PartialEq + 'static {
    const NAMES: &'static [&'static str];
    const ALL: &'static [Self];

    fn index(self) -> usize {
        Self::ALL
            .iter()
            .position(|choice| *choice == self)
            .expect("every variant is in ALL, both come from one list")
    }
}

/// Declares an enum whose variants carry their configuration word.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$note])* $variant,)* }

        impl Choice for $name {
            const NAMES: &'static [&'static str] = &[$($word),*];
            const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

choice! {
    /// How much the log says; each level includes those after it.
    LogLevel {
        Debug = "debug",
        Verbose = "verbose",
        Notice = "notice",
        Warning = "warning",
    }
}

choice! {
    /// What is evicted under memory pressure, and so what each key's access field means.
    MaxmemoryPolicy {
        VolatileLru = "volatile-lru",
        VolatileLfu = "volatile-lfu",
        VolatileRandom = "volatile-random",
        VolatileTtl = "volatile-ttl",
        AllkeysLru = "allkeys-lru",
        AllkeysLfu = "allkeys-lfu",
        AllkeysRandom = "allkeys-random",
        Noeviction = "noeviction",
    }
}

impl MaxmemoryPolicy {
    /// True if keys keep an access frequency (OBJECT FREQ) instead of an access time.
    pub fn is_lfu(self) -> bool {
        matches!(self, MaxmemoryPolicy::VolatileLfu | MaxmemoryPolicy::AllkeysLfu)
    }
}

choice! {
    /// Who may use a dangerous command.
    Permission {
        No = "no",
        Yes = "yes",
        /// Only clients on the loopback interface or the Unix socket.
        Local = "local",
    }
}

impl Permission {
    pub fn permits(self, is_local: bool) -> bool {
        match self {
            Permission::No => false,
            Permission::Yes => true,
            Permission::Local => is_local,
        }
    }
}

choice! {
    /// Whether each core's thread is bound to one CPU.
    Pin {
        /// Bound if there are exactly as many cores as usable CPUs.
        Auto = "auto",
        Yes = "yes",
        No = "no",
    }
}

choice! {
    /// How the writes of one pipeline that go to several shards are seen by others.
    PipelineOrder {
        /// In order: nobody sees the second without the first.
        Strict = "strict",
        /// Each as soon as it arrives on its shard.
        Relaxed = "relaxed",
    }
}

choice! {
    /// Which event loop carries the cores.
    Runtime {
        /// Glommio where io_uring is permitted, epoll elsewhere.
        Auto = "auto",
        Glommio = "glommio",
        Epoll = "epoll",
    }
}
