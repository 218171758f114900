//! SLOWLOG: the commands that took longest lately, per core; SLOWLOG GET merges the cores' by id.

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
    /// The client's id.
    pub client: u64,
    /// Remote end of the client; empty if the client is on another core, which knows it.
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

/// The words of a command as an entry keeps them: shortened as Redis does, and without secrets.
#[must_use]
pub fn shortened(args: Args<'_>) -> Vec<Box<[u8]>> {
    let kept = if args.len() > WORDS_MAX { WORDS_MAX - 1 } else { args.len() };
    let mut words: Vec<Box<[u8]>> = args.iter().take(kept).map(shorten).collect();
    for place in secrets(args).filter(|&place| place < kept) {
        words[place] = b"(redacted)".as_slice().into();
    }
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

/// The places of words that nobody but the server may see.
fn secrets(args: Args<'_>) -> impl Iterator<Item = usize> {
    let word_is = |place: usize, expected: &str| {
        args.get(place).is_some_and(|word| word.eq_ignore_ascii_case(expected.as_bytes()))
    };
    let mut places = Vec::new();
    if word_is(0, "AUTH") {
        places.extend(1..args.len());
    } else if word_is(0, "HELLO") {
        let mut option = 2;
        while option < args.len() {
            if word_is(option, "AUTH") && option + 2 < args.len() {
                places.extend([option + 1, option + 2]);
                option += 1;
            }
            option += 2;
        }
    } else if word_is(0, "CONFIG") && word_is(1, "SET") {
        let is_secret = |name: &[u8]| config::lookup(name).is_some_and(|known| known.is_secret);
        let names = (2..args.len()).step_by(2).filter(|&name| is_secret(args.at(name)));
        places.extend(names.map(|name| name + 1).filter(|&value| value < args.len()));
    }
    places.into_iter()
}

#[cfg(test)]
mod tests {
    use resp::Argv;

    use super::*;

    fn kept(words: &[&str]) -> Vec<String> {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        let kept = shortened(Argv::from_words(&words).as_args());
        kept.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    }

    fn kept_of(line: &str) -> String {
        kept(&line.split(' ').collect::<Vec<_>>()).join(" ")
    }

    #[test]
    fn long_commands_are_shortened() {
        let long = "x".repeat(129);
        let shown = format!("{}... (1 more bytes)", "x".repeat(128));
        assert_eq!(kept(&["GET", &long]), ["GET", &shown]);
        let words = vec!["w"; 32];
        assert_eq!(kept(&words), words);
        let shown = kept(&vec!["w"; 40]);
        assert_eq!((shown.len(), shown[31].as_str()), (32, "... (9 more arguments)"));
    }

    #[test]
    fn secrets_are_not_shown() {
        for (line, shown) in [
            ("AUTH pw", "AUTH (redacted)"),
            ("auth user pw", "auth (redacted) (redacted)"),
            ("HELLO 3 AUTH u p SETNAME me", "HELLO 3 AUTH (redacted) (redacted) SETNAME me"),
            ("HELLO 3 SETNAME auth AUTH u p", "HELLO 3 SETNAME auth AUTH (redacted) (redacted)"),
            ("HELLO 2 AUTH u p AUTH x", "HELLO 2 AUTH (redacted) (redacted) AUTH x"),
            ("CONFIG SET hz 10 requirepass pw", "CONFIG SET hz 10 requirepass (redacted)"),
            ("config set REQUIREPASS", "config set REQUIREPASS"),
            ("CONFIG GET requirepass", "CONFIG GET requirepass"),
            ("SET AUTH pw", "SET AUTH pw"),
        ] {
            assert_eq!(kept_of(line), shown);
        }
    }

    #[test]
    fn the_log_keeps_the_newest() {
        let mut log = Slowlog::default();
        for id in 0..5 {
            let entry = SlowEntry {
                id,
                at_ms: 0,
                duration_us: 1,
                words: Vec::new(),
                client: 0,
                peer: "".into(),
                name: Box::default(),
            };
            log.push(entry, 3);
        }
        assert_eq!(log.iter().map(|entry| entry.id).collect::<Vec<_>>(), [4, 3, 2]);
        log.clear();
        assert!(log.is_empty());
    }
}
