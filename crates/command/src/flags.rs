//! What a command is: its flags, each explained where it is defined and nowhere else.
//!
//! Flags are plain `u64` bits, because only plain integers can be joined with `|` in a constant.
//! The other sets of bits in this crate have other widths (ACL categories `u32`, key flags `u16`,
//! document flags `u8`), so that the compiler refuses one in the place of another.

/// May change data: refused on a read-only replica and where the disk refuses writes.
pub const WRITE: u64 = 1 << 0;
/// Reads data and never changes it: replicas answer it, the log never sees it.
pub const READONLY: u64 = 1 << 1;
/// May take more memory, so it is refused when memory is exhausted.
pub const DENYOOM: u64 = 1 << 2;
/// Manages the server.
pub const ADMIN: u64 = 1 << 3;
/// Belongs to publish/subscribe, so a RESP2 subscriber may still send some of these.
pub const PUBSUB: u64 = 1 << 4;
/// Refused inside scripts.
pub const NOSCRIPT: u64 = 1 << 5;
/// May make its client wait; inside MULTI and scripts it does not.
pub const BLOCKING: u64 = 1 << 6;
/// Allowed while the data set is being loaded.
pub const LOADING: u64 = 1 << 7;
/// Allowed on a replica that lost its primary and does not serve stale data.
pub const STALE: u64 = 1 << 8;
/// Not shown to MONITOR.
pub const SKIP_MONITOR: u64 = 1 << 9;
/// Not entered into the slow log.
pub const SKIP_SLOWLOG: u64 = 1 << 10;
/// In a cluster, implies ASKING: a slot that is being imported answers it.
pub const ASKING: u64 = 1 << 11;
/// Constant or logarithmic time, and never long.
pub const FAST: u64 = 1 << 12;
/// Allowed before the client has authenticated.
pub const NO_AUTH: u64 = 1 << 13;
/// May reach the replicas although it writes no key (PUBLISH, scripts). Not printed.
pub const MAY_REPLICATE: u64 = 1 << 14;
/// Takes keys, but may be called with none of them (EVAL with `0`).
pub const NO_MANDATORY_KEYS: u64 = 1 << 15;
/// Refused unless the configuration opens it (DEBUG, MODULE). Not printed.
pub const PROTECTED: u64 = 1 << 16;
/// Refused while a replica loads a new data set beside the one it serves.
pub const NO_ASYNC_LOADING: u64 = 1 << 17;
/// Refused inside MULTI.
pub const NO_MULTI: u64 = 1 << 18;
/// First, last and step do not tell all its keys: a client has to ask COMMAND GETKEYS.
pub const MOVABLE_KEYS: u64 = 1 << 19;
/// Allowed while a script keeps the server busy.
pub const ALLOW_BUSY: u64 = 1 << 20;
/// May meet, and so expire, keys that it does not name (KEYS, SCAN, RANDOMKEY). Not printed.
pub const TOUCHES_ARBITRARY_KEYS: u64 = 1 << 21;
/// Ends what MULTI has begun (DISCARD, RESET). Not printed.
pub const ENDS_MULTI: u64 = 1 << 22;

/// The flags that COMMAND prints, in the order in which Redis prints them.
const PRINTED: [(u64, &str); 19] = [
    (WRITE, "write"),
    (READONLY, "readonly"),
    (DENYOOM, "denyoom"),
    (ADMIN, "admin"),
    (PUBSUB, "pubsub"),
    (NOSCRIPT, "noscript"),
    (BLOCKING, "blocking"),
    (LOADING, "loading"),
    (STALE, "stale"),
    (SKIP_MONITOR, "skip_monitor"),
    (SKIP_SLOWLOG, "skip_slowlog"),
    (ASKING, "asking"),
    (FAST, "fast"),
    (NO_AUTH, "no_auth"),
    (NO_MANDATORY_KEYS, "no_mandatory_keys"),
    (NO_ASYNC_LOADING, "no_async_loading"),
    (NO_MULTI, "no_multi"),
    (MOVABLE_KEYS, "movablekeys"),
    (ALLOW_BUSY, "allow_busy"),
];

/// The names of these flags as COMMAND prints them.
pub fn names(flags: u64) -> impl Iterator<Item = &'static str> {
    PRINTED.into_iter().filter(move |(bit, _)| flags & bit != 0).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_the_order_of_redis() {
        let flags = FAST | READONLY | LOADING | NOSCRIPT;
        assert_eq!(names(flags).collect::<Vec<_>>(), ["readonly", "noscript", "loading", "fast"]);
        assert_eq!(names(PROTECTED | MAY_REPLICATE | TOUCHES_ARBITRARY_KEYS).count(), 0);
    }
}
