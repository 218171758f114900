//! ACL categories: the kinds of commands that a rule such as `+@read` allows.
//!
//! A declaration names all of a command's categories; nothing is implied by its flags, but
//! [`crate::check`] reports where the two disagree. Categories are plain `u32` bits, see
//! [`crate::flags`] for the reason.

/// Reads or writes keys, whatever their type.
pub const KEYSPACE: u32 = 1 << 0;
/// Reads data.
pub const READ: u32 = 1 << 1;
/// Writes data.
pub const WRITE: u32 = 1 << 2;
/// Works on sets.
pub const SET: u32 = 1 << 3;
/// Works on sorted sets.
pub const SORTED_SET: u32 = 1 << 4;
/// Works on lists.
pub const LIST: u32 = 1 << 5;
/// Works on hashes.
pub const HASH: u32 = 1 << 6;
/// Works on strings.
pub const STRING: u32 = 1 << 7;
/// Works on the bits of strings.
pub const BITMAP: u32 = 1 << 8;
/// Works on cardinality estimators.
pub const HYPERLOGLOG: u32 = 1 << 9;
/// Works on places.
pub const GEO: u32 = 1 << 10;
/// Works on streams.
pub const STREAM: u32 = 1 << 11;
/// Publishes or subscribes.
pub const PUBSUB: u32 = 1 << 12;
/// Manages the server; ordinary programs never need it.
pub const ADMIN: u32 = 1 << 13;
/// Takes short, constant time.
pub const FAST: u32 = 1 << 14;
/// Everything that is not fast.
pub const SLOW: u32 = 1 << 15;
/// May make its client wait.
pub const BLOCKING: u32 = 1 << 16;
/// Could harm the server or the data if the wrong person sends it.
pub const DANGEROUS: u32 = 1 << 17;
/// Speaks of the connection itself.
pub const CONNECTION: u32 = 1 << 18;
/// Belongs to MULTI and EXEC.
pub const TRANSACTION: u32 = 1 << 19;
/// Belongs to scripts and functions.
pub const SCRIPTING: u32 = 1 << 20;

/// All categories with their names, in Redis' order.
pub const ALL: [(u32, &str); 21] = [
    (KEYSPACE, "keyspace"),
    (READ, "read"),
    (WRITE, "write"),
    (SET, "set"),
    (SORTED_SET, "sortedset"),
    (LIST, "list"),
    (HASH, "hash"),
    (STRING, "string"),
    (BITMAP, "bitmap"),
    (HYPERLOGLOG, "hyperloglog"),
    (GEO, "geo"),
    (STREAM, "stream"),
    (PUBSUB, "pubsub"),
    (ADMIN, "admin"),
    (FAST, "fast"),
    (SLOW, "slow"),
    (BLOCKING, "blocking"),
    (DANGEROUS, "dangerous"),
    (CONNECTION, "connection"),
    (TRANSACTION, "transaction"),
    (SCRIPTING, "scripting"),
];

/// The category of this name (without the `@`), in any case of letters.
#[must_use]
pub fn by_name(name: &[u8]) -> Option<u32> {
    ALL.iter().find(|(_, known)| known.as_bytes().eq_ignore_ascii_case(name)).map(|(bit, _)| *bit)
}

/// The names of these categories, without the `@`.
pub fn names(categories: u32) -> impl Iterator<Item = &'static str> {
    ALL.into_iter().filter(move |(bit, _)| categories & bit != 0).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_categories_and_back() {
        for (bit, name) in ALL {
            assert_eq!(by_name(name.to_uppercase().as_bytes()), Some(bit));
        }
        assert_eq!(by_name(b"nope"), None);
        assert_eq!(by_name(b"@read"), None);
        assert_eq!(names(READ | FAST | STRING).collect::<Vec<_>>(), ["read", "string", "fast"]);
    }

    #[test]
    fn no_two_categories_share_a_bit() {
        let joined = ALL.iter().fold(0u32, |seen, (bit, name)| {
            assert_eq!(seen & bit, 0, "{name}");
            seen | bit
        });
        assert_eq!(joined.count_ones(), 21);
    }
}
