//! Reading a file that comes in pieces.

use datatypes::set::BytesHasher;

use super::{
    About, CHECKED_SINCE, DATABASE, END, EXPIRE_MS, EXPIRE_SECONDS, FACT, FREQUENCY, FUNCTIONS,
    HEADER, IDLE, MAGIC, MODULE, SIZES, SLOT, VALKEY_MAGIC,
};
use crate::checksum::Checksum;
use crate::{Error, Kind, Reader, Rules, Value, ValueDecoder, is_readable, string};

/// Something that a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A fact about the file, by name.
    Fact {
        /// Its name: `redis-ver`.
        name: Vec<u8>,
        /// What it says.
        text: Vec<u8>,
    },
    /// The keys that follow are in this database.
    Database(u64),
    /// How many keys this database has, and how many of them expire.
    Sizes {
        /// All keys.
        keys: u64,
        /// Those that expire.
        volatile: u64,
    },
    /// The source of a library of functions.
    Functions(Vec<u8>),
    /// A key.
    Entry {
        /// Its name.
        key: Vec<u8>,
        /// Its value.
        value: Value,
        /// What else there is to say of it.
        about: About,
    },
    /// Nothing more, and the checksum is right.
    End,
}

/// Reads a file item by item.
pub struct FileReader<'r, H> {
    rules: &'r Rules<H>,
    /// Once the header was read.
    version: Option<u16>,
    checksum: Checksum,
    about: About,
    /// The key whose value is being read.
    entry: Option<(Vec<u8>, ValueDecoder<'r, H>)>,
}

impl<'r, H: BytesHasher> FileReader<'r, H> {
    /// Begins with the first byte of a file.
    #[must_use]
    pub fn new(rules: &'r Rules<H>) -> Self {
        let checksum = Checksum::new();
        Self { rules, version: None, checksum, about: About::default(), entry: None }
    }

    /// The version of the file, once it was read.
    #[must_use]
    pub fn version(&self) -> Option<u16> {
        self.version
    }

    /// Goes on reading from bytes that begin where the last call has ended; answers an item as soon
    /// as one is whole. Behind the end nothing may be read.
    ///
    /// # Errors
    /// If the bytes are no file that can be read here. If they are too few, the reader goes on with
    /// more: what it has read is up to where `source` stands now.
    pub fn step(&mut self, source: &mut Reader<'_>) -> Result<Option<Item>, Error> {
        let begun = source.position();
        let step = self.try_step(source);
        match step {
            Err(Error::Short { .. }) => source.rewind(begun),
            _ => self.checksum.add(source.since(begun)),
        }
        step
    }

    fn try_step(&mut self, source: &mut Reader<'_>) -> Result<Option<Item>, Error> {
        if self.version.is_none() {
            self.version = Some(read_header(&source.array()?)?);
            return Ok(None);
        }
        if let Some((key, decoder)) = &mut self.entry {
            let Some(value) = decoder.step(source)? else { return Ok(None) };
            let (key, about) = (std::mem::take(key), std::mem::take(&mut self.about));
            self.entry = None;
            return Ok(Some(Item::Entry { key, value, about }));
        }
        Ok(Some(match source.byte()? {
            FACT => {
                let name = string::read(source)?.into_vec();
                Item::Fact { name, text: string::read(source)?.into_vec() }
            }
            DATABASE => Item::Database(source.count()?),
            SIZES => Item::Sizes { keys: source.count()?, volatile: source.count()? },
            FUNCTIONS => Item::Functions(string::read(source)?.into_vec()),
            END => self.read_end(source)?,
            MODULE => return Err(Error::Unsupported("what a module says of itself")),
            code => return self.read_key(code, source),
        }))
    }

    /// What stands before a value: what there is to say of its key, its kind and the key.
    fn read_key(&mut self, code: u8, source: &mut Reader<'_>) -> Result<Option<Item>, Error> {
        match code {
            EXPIRE_MS => self.about.expire_at = Some(i64::from_le_bytes(source.array()?)),
            EXPIRE_SECONDS => {
                let seconds = i32::from_le_bytes(source.array()?);
                self.about.expire_at = Some(i64::from(seconds) * 1000);
            }
            IDLE => self.about.idle_seconds = Some(source.count()?),
            FREQUENCY => self.about.frequency = Some(source.byte()?),
            SLOT => {
                for _ in 0..3 {
                    source.count()?;
                }
            }
            kind => {
                let kind = Kind::of(kind, self.version.unwrap_or_default())?;
                let key = string::read(source)?.into_vec();
                self.entry = Some((key, ValueDecoder::new(kind, self.rules)));
            }
        }
        Ok(None)
    }

    fn read_end(&self, source: &mut Reader<'_>) -> Result<Item, Error> {
        if self.version.is_some_and(|version| version < CHECKED_SINCE) {
            return Ok(Item::End);
        }
        let mut checksum = self.checksum.clone();
        checksum.add(&[END]);
        let written = u64::from_le_bytes(source.array()?);
        // REDIS: `rdbchecksum no` writes zero.
        if written != 0 && written != checksum.sum() {
            return Err(Error::Corrupt("the checksum of the file is wrong"));
        }
        Ok(Item::End)
    }
}

fn read_header(header: &[u8; HEADER]) -> Result<u16, Error> {
    let (digits, is_valkey) = match (header.strip_prefix(MAGIC), header.strip_prefix(VALKEY_MAGIC))
    {
        (Some(digits), _) => (digits, false),
        (_, Some(digits)) => (digits, true),
        _ => return Err(Error::Corrupt("this is no RDB file")),
    };
    let version = digits.iter().try_fold(0_u16, |version, digit| {
        digit.is_ascii_digit().then(|| version * 10 + u16::from(digit - b'0'))
    });
    let version = version.ok_or(Error::Corrupt("the version of the file is no number"))?;
    let is_its_own = is_valkey == (version > crate::REDIS_VERSION_MAX);
    if version == 0 || !is_its_own || !is_readable(version) {
        return Err(Error::Unsupported("a file of this version"));
    }
    Ok(version)
}
