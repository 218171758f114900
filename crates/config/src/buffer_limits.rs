//! `client-output-buffer-limit`: how much unread output each class of clients may pile up.
//!
//! Text form: one or more groups `class hard soft seconds`. A client is closed at once above the
//! hard limit, and above the soft one after that many seconds; 0 switches a limit off.

use std::borrow::Cow;

use crate::memory_size;
use crate::parameter::{Line, Reason};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BufferLimit {
    pub hard_bytes: u64,
    pub soft_bytes: u64,
    pub soft_seconds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferLimits {
    pub normal: BufferLimit,
    pub replica: BufferLimit,
    pub pubsub: BufferLimit,
}

impl Default for BufferLimits {
    fn default() -> BufferLimits {
        BufferLimits {
            normal: BufferLimit::default(),
            replica: BufferLimit { hard_bytes: 256 << 20, soft_bytes: 64 << 20, soft_seconds: 60 },
            pubsub: BufferLimit { hard_bytes: 32 << 20, soft_bytes: 8 << 20, soft_seconds: 60 },
        }
    }
}

impl BufferLimits {
    /// These limits with the groups in `words` replaced; the classes not named stay as they are.
    pub(crate) fn with(self, words: &[&[u8]]) -> Result<BufferLimits, Reason> {
        let mut limits = self;
        let groups = words.chunks_exact(4);
        if !groups.remainder().is_empty() {
            return Err(Cow::Borrowed("Wrong number of arguments in buffer limit configuration."));
        }
        for group in groups {
            let class = limits.class_mut(group[0]).ok_or(Cow::Borrowed(
                "Invalid client class specified in buffer limit configuration.",
            ))?;
            *class = parse_limit(&group[1..]).ok_or(Cow::Borrowed(
                "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
            ))?;
        }
        Ok(limits)
    }

    fn class_mut(&mut self, name: &[u8]) -> Option<&mut BufferLimit> {
        match name.to_ascii_lowercase().as_slice() {
            b"normal" => Some(&mut self.normal),
            b"replica" | b"slave" => Some(&mut self.replica),
            b"pubsub" => Some(&mut self.pubsub),
            _ => None,
        }
    }

    /// CONFIG GET's text. REDIS: it still says `slave`, whereas CONFIG REWRITE says `replica`.
    pub(crate) fn text(&self) -> String {
        [("normal", self.normal), ("slave", self.replica), ("pubsub", self.pubsub)]
            .map(|(class, limit)| {
                let BufferLimit { hard_bytes, soft_bytes, soft_seconds } = limit;
                format!("{class} {hard_bytes} {soft_bytes} {soft_seconds}")
            })
            .join(" ")
    }

    /// One line for each class.
    pub(crate) fn lines(&self, default: &BufferLimits) -> Vec<Line> {
        [
            ("normal", self.normal, default.normal),
            ("replica", self.replica, default.replica),
            ("pubsub", self.pubsub, default.pubsub),
        ]
        .into_iter()
        .map(|(class, limit, default)| {
            let hard = memory_size::format(limit.hard_bytes);
            let soft = memory_size::format(limit.soft_bytes);
            let words = [class.to_owned(), hard, soft, limit.soft_seconds.to_string()];
            Line { words: words.map(String::into_bytes).to_vec(), is_default: limit == default }
        })
        .collect()
    }
}

fn parse_limit(words: &[&[u8]]) -> Option<BufferLimit> {
    Some(BufferLimit {
        hard_bytes: memory_size::parse(words[0])?,
        soft_bytes: memory_size::parse(words[1])?,
        soft_seconds: stdx::number::parse_u64(words[2])?.try_into().ok()?,
    })
}
