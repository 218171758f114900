//! SLOWLOG: the commands that took longest lately, per core; SLOWLOG GET merges the cores' by time.

use std::collections::VecDeque;

use resp::Args;

/// Words of a command that an entry keeps; the last place says how many more there were.
const WORDS_MAX: usize = 32;

/// Bytes of a word that an entry keeps.
const WORD_BYTES_MAX: usize = 128;

/// One slow command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowEntry {
    /// Unique and growing over all cores.
    pub id: u64,
    /// When it ran, milliseconds since 1970.
    pub at_ms: i64,
    /// How long it took, microseconds.
    pub duration_us: u64,
    /// Its words, shortened.
    pub words: Vec<Box<[u8]>>,
    /// Remote end of the client.
    pub peer: Box<str>,
    /// CLIENT SETNAME.
    pub name: Box<[u8]>,
}

/// One core's slow log, newest first.
#[derive(Clone, Debug, Default)]
pub struct Slowlog {
    entries: VecDeque<SlowEntry>,
}

impl Slowlog {
    /// Adds an entry and drops what is past `len_max`.
    pub fn push(&mut self, entry: SlowEntry, len_max: usize) {
        self.entries.push_front(entry);
        self.entries.truncate(len_max);
    }

    /// The entries, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &SlowEntry> {
        self.entries.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

/// The words of a command as an entry keeps them, shortened as Redis does.
#[must_use]
pub fn shortened(args: Args<'_>) -> Vec<Box<[u8]>> {
    let kept = if args.len() > WORDS_MAX { WORDS_MAX - 1 } else { args.len() };
    let mut words: Vec<Box<[u8]>> = args.iter().take(kept).map(shorten).collect();
    if kept < args.len() {
        let more = args.len() - kept;
        words.push(format!("... ({more} more arguments)").into_bytes().into());
    }
    words
}

fn shorten(word: &[u8]) -> Box<[u8]> {
    if word.len() <= WORD_BYTES_MAX {
        return word.into();
    }
    let mut short = word[..WORD_BYTES_MAX].to_vec();
    let more = word.len() - WORD_BYTES_MAX;
    short.extend_from_slice(format!("... ({more} more bytes)").as_bytes());
    short.into()
}
