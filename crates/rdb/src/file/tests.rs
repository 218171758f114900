//! Files are read as they were written, in pieces of any size.

use datatypes::{Entry, Object, Set, ValueRef};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{About, FileReader, FileWriter, Item};
use crate::types::tests::rules;
use crate::{Error, Reader, Value, checksum};

/// Reads a file that comes in pieces; what was not read of one piece stands before the next one.
fn items(file: &[u8], piece: usize) -> Result<Vec<Item>, Error> {
    let rules = rules();
    let mut reader = FileReader::new(&rules);
    let mut items = Vec::new();
    let (mut from, mut to) = (0, 0);
    loop {
        let mut source = Reader::new(&file[from..to]);
        let step = reader.step(&mut source);
        from += source.position();
        match step {
            Ok(None) => {}
            Ok(Some(Item::End)) => {
                assert_eq!(from, file.len(), "the end is the end");
                return Ok(items);
            }
            Ok(Some(item)) => items.push(item),
            Err(Error::Short { .. }) if to < file.len() => to = file.len().min(to + piece),
            Err(error) => return Err(error),
        }
    }
}

fn about(kind: u8) -> About {
    About {
        expire_at: (kind & 1 > 0).then_some(1_700_000_000_123),
        idle_seconds: (kind & 6 == 2).then_some(70_000),
        frequency: (kind & 6 == 4).then_some(200),
    }
}

fn written(strings: &[(Vec<u8>, Vec<u8>)]) -> (Vec<u8>, Vec<Item>) {
    let (mut file, mut writer) = (Vec::new(), FileWriter::new(true));
    let mut items = Vec::new();
    writer.header(&mut file, false);
    writer.fact(&mut file, "redis-bits", "64");
    items.push(Item::Fact { name: b"redis-bits".to_vec(), text: b"64".to_vec() });
    writer.functions(&mut file, b"#!lua name=f");
    items.push(Item::Functions(b"#!lua name=f".to_vec()));
    writer.database(&mut file, 3, (strings.len() as u64, 1));
    items.push(Item::Database(3));
    items.push(Item::Sizes { keys: strings.len() as u64, volatile: 1 });
    for (index, (key, value)) in strings.iter().enumerate() {
        let about = about(index as u8);
        let entry = Entry::new_string(key, value, None, 0);
        writer.entry(&mut file, key, entry.value(), &about);
        let value = Value::String(value.clone().into());
        items.push(Item::Entry { key: key.clone(), value, about });
    }
    let (mut set, rules) = (Set::new(), rules().set);
    for (key, _) in strings {
        set.insert(key, &rules);
    }
    if !set.is_empty() {
        let object = Object::Set(set);
        writer.entry(&mut file, b"set", ValueRef::Object(&object), &About::default());
        let value = Value::Object(object);
        items.push(Item::Entry { key: b"set".to_vec(), value, about: About::default() });
    }
    writer.end(&mut file, true);
    (file, items)
}

proptest! {
    #[test]
    fn files_come_back(
        strings in vec((vec(any::<u8>(), 0..40), vec(0..4_u8, 0..400)), 0..30),
        piece in 1..500_usize,
    ) {
        let (file, expected) = written(&strings);
        prop_assert_eq!(items(&file, piece), Ok(expected));
        let half = &file[..file.len() / 2];
        let is_short = matches!(items(half, piece), Err(Error::Short { .. }));
        prop_assert!(is_short);
    }

    #[test]
    fn a_changed_byte_is_met(
        strings in vec((vec(any::<u8>(), 0..40), vec(any::<u8>(), 0..40)), 0..10),
        at: usize,
        by in 1..=255_u8,
    ) {
        let (mut file, _) = written(&strings);
        let at = at % file.len();
        file[at] ^= by;
        // But for a checksum that becomes zero, which says that there is none.
        prop_assert!(items(&file, 64).is_err());
    }
}

#[test]
fn headers() {
    let version = |header: &[u8]| {
        let rules = rules();
        let mut reader = FileReader::new(&rules);
        reader.step(&mut Reader::new(header)).map(|_| reader.version())
    };
    assert_eq!(version(b"REDIS0001"), Ok(Some(1)));
    assert_eq!(version(b"REDIS0012"), Ok(Some(12)));
    assert_eq!(version(b"VALKEY080"), Ok(Some(80)));
    for header in [b"REDIS0013", b"REDIS0000", b"REDIS0080", b"VALKEY011", b"VALKEY081"] {
        assert!(matches!(version(header), Err(Error::Unsupported(_))), "{header:?}");
    }
    for header in [b"REDIS001x", b"redis0010", b"VALKEY+80"] {
        assert!(matches!(version(header), Err(Error::Corrupt(_))), "{header:?}");
    }
    assert_eq!(version(b"REDIS001"), Err(Error::Short { missing: 1 }));
}

#[test]
fn old_files_and_those_without_checksum() {
    assert_eq!(
        items(b"REDIS0003\xfe\0\xfd\x01\0\0\0\0\x01k\x01v\xff", 5).map(|items| items[1].clone()),
        Ok(Item::Entry {
            key: b"k".to_vec(),
            value: Value::String(b"v".to_vec().into()),
            about: About { expire_at: Some(1000), ..About::default() },
        })
    );
    assert_eq!(items(b"REDIS0010\xff\0\0\0\0\0\0\0\0", 5), Ok(vec![]));
    let mut slots = b"REDIS0012\xf4\x01\x02\x03\xff".to_vec();
    slots.extend(checksum::of(&slots).to_le_bytes());
    assert_eq!(items(&slots, 100), Ok(vec![]));
    *slots.last_mut().expect("it has bytes") ^= 1;
    assert!(matches!(items(&slots, 100), Err(Error::Corrupt(_))));
    assert!(matches!(items(b"REDIS0010\xf7\0", 100), Err(Error::Unsupported(_))));
}
