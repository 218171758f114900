//! Writing a file, piece by piece.

use datatypes::ValueRef;

use super::{About, DATABASE, END, EXPIRE_MS, FACT, FREQUENCY, FUNCTIONS, IDLE, MAGIC, SIZES};
use crate::checksum::Checksum;
use crate::{Encoder, VERSION, VERSION_WITH_FIELD_EXPIRY, push_length};

/// Writes a file into buffers that its user carries away.
///
/// The order is up to the user: the header, facts, functions, then for each database its number,
/// its sizes and its keys, and the end.
pub struct FileWriter {
    encoder: Encoder,
    checksum: Checksum,
}

impl FileWriter {
    /// A writer that packs strings, or leaves them as they are (`rdbcompression`).
    #[must_use]
    pub fn new(packs: bool) -> Self {
        Self { encoder: Encoder::new(packs), checksum: Checksum::new() }
    }

    /// The header: of the version that Redis 7.0 reads, unless some hash has fields that expire.
    pub fn header(&mut self, out: &mut Vec<u8>, has_field_expiry: bool) {
        let version = if has_field_expiry { VERSION_WITH_FIELD_EXPIRY } else { VERSION };
        self.write(out, |_, out| {
            out.extend_from_slice(MAGIC);
            out.extend_from_slice(format!("{version:04}").as_bytes());
        });
    }

    /// A fact about the file, by name.
    pub fn fact(&mut self, out: &mut Vec<u8>, name: &str, text: &str) {
        self.write(out, |encoder, out| {
            out.push(FACT);
            encoder.push_string(name.as_bytes(), out);
            encoder.push_string(text.as_bytes(), out);
        });
    }

    /// The source of a library of functions.
    pub fn functions(&mut self, out: &mut Vec<u8>, source: &[u8]) {
        self.write(out, |encoder, out| {
            out.push(FUNCTIONS);
            encoder.push_string(source, out);
        });
    }

    /// The keys that follow are in this database, which has so many, of which so many expire.
    pub fn database(&mut self, out: &mut Vec<u8>, number: u64, (keys, volatile): (u64, u64)) {
        self.write(out, |_, out| {
            out.push(DATABASE);
            push_length(out, number);
            out.push(SIZES);
            push_length(out, keys);
            push_length(out, volatile);
        });
    }

    /// A key.
    pub fn entry(&mut self, out: &mut Vec<u8>, key: &[u8], value: ValueRef<'_>, about: &About) {
        self.write(out, |encoder, out| {
            if let Some(at) = about.expire_at {
                out.push(EXPIRE_MS);
                out.extend_from_slice(&at.to_le_bytes());
            }
            if let Some(seconds) = about.idle_seconds {
                out.push(IDLE);
                push_length(out, seconds);
            }
            if let Some(frequency) = about.frequency {
                out.extend_from_slice(&[FREQUENCY, frequency]);
            }
            out.push(Encoder::kind(value).byte());
            encoder.push_string(key, out);
            encoder.push(value, out);
        });
    }

    /// The end, with the checksum or without (`rdbchecksum`).
    pub fn end(mut self, out: &mut Vec<u8>, is_checked: bool) {
        self.write(out, |_, out| out.push(END));
        let sum = if is_checked { self.checksum.sum() } else { 0 };
        out.extend_from_slice(&sum.to_le_bytes());
    }

    fn write(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut Encoder, &mut Vec<u8>)) {
        let begun = out.len();
        write(&mut self.encoder, out);
        self.checksum.add(&out[begun..]);
    }
}
