//! Which of the 16384 hash slots a key belongs to, exactly as Redis Cluster has it.
//!
//! The slot is the CRC16 of the key, or of its *hash tag*: the bytes between the first `{` and the
//! first `}` after it, if there are any between.
//!
//! ```text
//! user:1000            -> crc16("user:1000")
//! {user:1000}.follows  -> crc16("user:1000")     same slot: may share a transaction in a cluster
//! foo{}bar             -> crc16("foo{}bar")      an empty tag is no tag
//! foo{{bar}}zap        -> crc16("{bar")          from the first `{` to the first `}` after it
//! ```

/// How many slots there are.
pub const SLOTS: u16 = 16384;

const POLYNOMIAL: u16 = 0x1021;

/// `TABLES[0]` is the classic byte table; `TABLES[n]` is the effect of a byte that is followed by n
/// zero bytes, so that eight bytes are folded by eight independent look-ups (slicing by 8).
static TABLES: [[u16; 256]; 8] = tables();

const fn tables() -> [[u16; 256]; 8] {
    let mut tables = [[0u16; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { (crc << 1) ^ POLYNOMIAL } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut zeros = 1;
    while zeros < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[zeros - 1][byte];
            tables[zeros][byte] = (before << 8) ^ tables[0][(before >> 8) as usize];
            byte += 1;
        }
        zeros += 1;
    }
    tables
}

/// CRC-16/XMODEM of `bytes`: polynomial 0x1021, start 0, not reflected.
#[inline]
pub fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0u16;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let [high, low] = crc.to_be_bytes();
        crc = TABLES[7][usize::from(chunk[0] ^ high)]
            ^ TABLES[6][usize::from(chunk[1] ^ low)]
            ^ TABLES[5][usize::from(chunk[2])]
            ^ TABLES[4][usize::from(chunk[3])]
            ^ TABLES[3][usize::from(chunk[4])]
            ^ TABLES[2][usize::from(chunk[5])]
            ^ TABLES[1][usize::from(chunk[6])]
            ^ TABLES[0][usize::from(chunk[7])];
    }
    for &byte in rest {
        crc = (crc << 8) ^ TABLES[0][usize::from(byte ^ (crc >> 8) as u8)];
    }
    crc
}

/// The part of `key` that decides its slot: its hash tag, or all of it.
#[inline]
pub fn key_hash_tag(key: &[u8]) -> &[u8] {
    if has_brace(key) { tag_of(key) } else { key }
}

/// Whether there is a `{`, which most keys do not have: eight bytes at a time.
#[inline]
fn has_brace(key: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (chunks, rest) = key.as_chunks::<8>();
    let found = chunks.iter().fold(0, |found, chunk| {
        // A byte that is a brace becomes 0, and only a 0 borrows from its top bit when 1 is taken
        // away and had it clear before; bytes above a 0 may look like one too, which costs nothing.
        let word = u64::from_le_bytes(*chunk) ^ (ONES * u64::from(b'{'));
        found | word.wrapping_sub(ONES) & !word & (ONES << 7)
    });
    found != 0 || rest.contains(&b'{')
}

#[cold]
fn tag_of(key: &[u8]) -> &[u8] {
    let Some(open) = key.iter().position(|&byte| byte == b'{') else { return key };
    let after = &key[open + 1..];
    match after.iter().position(|&byte| byte == b'}') {
        None | Some(0) => key,
        Some(close) => &after[..close],
    }
}

/// The slot of `key`, below [`SLOTS`].
#[inline]
pub fn slot_of(key: &[u8]) -> u16 {
    crc16(key_hash_tag(key)) % SLOTS
}

#[cfg(test)]
mod tests {
    use proptest::{
        collection::vec,
        prelude::{any, proptest},
    };

    use super::*;

    fn naive_crc16(bytes: &[u8]) -> u16 {
        bytes.iter().fold(0, |crc, &byte| {
            (0..8).fold(crc ^ (u16::from(byte) << 8), |crc: u16, _| {
                let carried = crc & 0x8000 != 0;
                (crc << 1) ^ if carried { POLYNOMIAL } else { 0 }
            })
        })
    }

    #[test]
    fn crc16_matches_known_vectors() {
        assert_eq!(crc16(b""), 0);
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    /// The answers of `CLUSTER KEYSLOT`.
    #[test]
    fn slots_match_redis_cluster() {
        assert_eq!(slot_of(b"foo"), 12182);
        assert_eq!(slot_of(b"somekey"), 11058);
        assert_eq!(slot_of(b"foo{hash_tag}"), 2515);
        assert_eq!(slot_of(b"bar{hash_tag}"), 2515);
        assert_eq!(slot_of(b""), 0);
    }

    #[test]
    fn hash_tags_follow_the_rule() {
        assert_eq!(key_hash_tag(b"{user:1000}.following"), b"user:1000");
        assert_eq!(key_hash_tag(b"foo{}{bar}"), b"foo{}{bar}");
        assert_eq!(key_hash_tag(b"foo{{bar}}zap"), b"{bar");
        assert_eq!(key_hash_tag(b"foo{bar}{zap}"), b"bar");
        assert_eq!(key_hash_tag(b"foo{bar"), b"foo{bar");
        assert_eq!(key_hash_tag(b"foo}bar{"), b"foo}bar{");
        assert_eq!(key_hash_tag(b""), b"");
    }

    proptest! {
        #[test]
        fn crc16_equals_the_bitwise_definition(bytes in vec(any::<u8>(), 0..64)) {
            assert_eq!(crc16(&bytes), naive_crc16(&bytes));
        }
    }
}
