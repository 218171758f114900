//! Entries against a plain model.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::string::StringObject;

/// What an entry should say of itself.
#[derive(Clone, Debug)]
struct Model {
    key: Vec<u8>,
    value: Vec<u8>,
    expire_at: Option<i64>,
    lru: u32,
    /// Opened for editing, which OBJECT ENCODING tells.
    is_edited: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Set(Vec<u8>),
    SetBytes(Vec<u8>),
    SetInt(i64),
    Append(Vec<u8>),
    Expire(Option<i64>),
    Lru(u32),
    Rename(Vec<u8>),
    Copy(Vec<u8>),
    Share,
    Send,
}

fn keys() -> impl Strategy<Value = Vec<u8>> {
    let bytes = |size| proptest::collection::vec(any::<u8>(), size);
    prop_oneof![
        20 => bytes(0..40_usize),
        1 => (65_530..65_540_usize).prop_map(|size| vec![b'k'; size]),
    ]
}

fn values() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..60),
        4 => any::<i64>().prop_map(|int| int.to_string().into_bytes()),
        2 => (-300..300_i64).prop_map(|int| int.to_string().into_bytes()),
        1 => proptest::sample::select(vec!["-0", "007", "+1", " 1", "9223372036854775808"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => (INLINE_MAX - 2..INLINE_MAX + 3).prop_map(|size| vec![b'v'; size]),
        1 => (16_380..16_390_usize).prop_map(|size| vec![b'w'; size]),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => values().prop_map(Step::Set),
        1 => values().prop_map(Step::SetBytes),
        2 => any::<i64>().prop_map(Step::SetInt),
        2 => values().prop_map(Step::Append),
        3 => any::<Option<i64>>().prop_map(Step::Expire),
        1 => any::<u32>().prop_map(Step::Lru),
        1 => keys().prop_map(Step::Rename),
        1 => keys().prop_map(Step::Copy),
        1 => Just(Step::Share),
        1 => Just(Step::Send),
    ];
    proptest::collection::vec(step, 0..40)
}

fn is_canonical(value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or_default();
    text.parse::<i64>().is_ok_and(|int| int.to_string() == text)
}

impl Model {
    fn set(&mut self, value: Vec<u8>) {
        self.value = value;
        self.is_edited = false;
    }

    fn encoding(&self) -> &'static str {
        match self.value.len() {
            _ if self.is_edited => "raw",
            _ if is_canonical(&self.value) => "int",
            0..=44 => "embstr",
            _ => "raw",
        }
    }

    fn check(&self, entry: &Entry) {
        assert_eq!(entry.key(), self.key);
        assert_eq!(entry.value().as_string(&mut itoa::Buffer::new()), Some(&self.value[..]));
        assert_eq!(entry.expire_at(), self.expire_at);
        assert_eq!(entry.is_volatile(), self.expire_at.is_some());
        assert_eq!(entry.lru(), self.lru);
        assert_eq!(entry.encoding(), self.encoding());
        assert_eq!(entry.type_name(), "string");
        assert!(entry.memory_bytes() >= 8 + self.key.len());
        assert!(entry.free_effort() >= 1);
    }
}

fn apply(mut entry: Entry, model: &mut Model, step: Step) -> Entry {
    match step {
        Step::Set(value) => {
            entry.set_string(&value);
            model.set(value);
        }
        Step::SetBytes(value) => {
            entry.set_bytes(Bytes::from(value.clone()));
            model.set(value);
        }
        Step::SetInt(int) => {
            entry.set_int(int);
            model.set(int.to_string().into_bytes());
        }
        Step::Append(tail) => {
            entry.string_mut().expect("it is a string").extend_from_slice(&tail);
            model.value.extend_from_slice(&tail);
            model.is_edited = true;
        }
        Step::Expire(expire_at) => {
            entry.set_expire(expire_at);
            model.expire_at = expire_at;
        }
        Step::Lru(lru) => {
            entry.set_lru(lru);
            model.lru = lru & 0x00ff_ffff;
        }
        Step::Rename(key) => {
            entry = entry.rename(&key);
            model.key = key;
        }
        Step::Copy(key) => {
            let copy = entry.copy_as(&key);
            model.check(&entry);
            entry = copy;
            model.key = key;
        }
        Step::Share => {
            let shared = entry.share_bytes();
            assert!(shared.is_none_or(|bytes| bytes == model.value));
        }
        Step::Send => {
            let moved = std::thread::scope(|scope| {
                scope
                    .spawn(move || {
                        let copy = entry.clone();
                        drop(entry);
                        copy
                    })
                    .join()
            });
            entry = moved.expect("the thread does not panic");
        }
    }
    entry
}

proptest! {
    #[test]
    fn behaves_as_the_model(
        key in keys(),
        value in values(),
        expire_at: Option<i64>,
        steps in steps(),
    ) {
        let mut entry = Entry::new_string(&key, &value, expire_at, 1);
        let mut model = Model { key, value, expire_at, lru: 1, is_edited: false };
        model.check(&entry);
        for step in steps {
            entry = apply(entry, &mut model, step);
            model.check(&entry);
        }
    }
}

#[test]
fn sizes_are_as_drawn() {
    let bytes = |key: &str, value: &str, expire_at| {
        Entry::new_string(key.as_bytes(), value.as_bytes(), expire_at, 0).memory_bytes()
    };
    assert_eq!(bytes("0123456789abcdef", "0123456789abcdef", None), 40);
    assert_eq!(bytes("0123456789abcdef", "0123456789abcdef", Some(1)), 48);
    assert_eq!(bytes("0123456789abcdef", "1234567890123456", None), 32);
    assert_eq!(bytes("k", "v", None), 16);
    assert_eq!(bytes("", "", None), 8);
}

#[test]
fn a_value_of_the_same_size_is_written_in_place() {
    let mut entry = Entry::new_string(b"0123456789abcdef", b"first value", Some(5), 0);
    let address = entry.address();
    entry.set_string(b"another value");
    assert_eq!(entry.address(), address);
    entry.set_string(b"sixteen bytes...");
    assert_eq!(entry.address(), address);
    entry.set_expire(Some(6));
    assert_eq!(entry.address(), address);
    entry.set_int(12);
    entry.set_int(i64::MIN);
    assert_eq!(entry.value(), ValueRef::Int(i64::MIN));
    assert_eq!(entry.expire_at(), Some(6));
}

#[test]
fn a_large_value_is_moved_not_copied() {
    let bytes = Bytes::from(vec![b'x'; 16 * 1024]);
    let address = bytes.as_ptr();
    let entry = Entry::new_bytes(b"a", bytes, None, 0);
    let mut entry = entry.rename(b"quite another name");
    entry.set_expire(Some(9));
    let reply = entry.share_bytes().expect("it is large");
    assert_eq!(reply.as_ptr(), address);
    drop(reply);
    assert_eq!(entry.string_mut().expect("it is a string").as_ptr(), address);
}

#[test]
fn a_reply_outlives_the_entry() {
    let mut entry = Entry::new_bytes(b"a", Bytes::from(vec![b'x'; 20_000]), None, 0);
    let reply = entry.share_bytes().expect("it is large");
    // As large as the pointer was, so the value is written over it.
    entry.set_int(7);
    assert!(reply.iter().all(|&byte| byte == b'x'));
    assert_eq!(reply.len(), 20_000);
    assert!(reply.is_unique(), "the entry has let go of it");
}

#[test]
fn a_large_value_is_let_go_with_its_entry() {
    let bytes = Bytes::from(vec![b'x'; 16 * 1024]);
    let mut entry = Entry::new_string(b"a", b"b", None, 0);
    entry.set_bytes(bytes.clone());
    let reply = entry.share_bytes().expect("it is large");
    assert_eq!(reply.as_ptr(), bytes.as_ptr());
    let copy = entry.copy_as(b"copy");
    drop((reply, entry));
    assert!(!bytes.is_unique(), "the copy shares the bytes");
    drop(copy);
    assert!(bytes.is_unique());
}

#[test]
fn an_object_replaces_and_is_replaced() {
    let object = || Object::String(StringObject::from(b"12".to_vec()));
    let mut entry = Entry::new_object(b"key", object(), None, 3);
    assert_eq!(entry.encoding(), "raw");
    assert_eq!(entry.value(), ValueRef::Object(&object()));
    entry.set_string(b"12");
    assert_eq!(entry.encoding(), "int");
    assert!(entry.object_mut().is_none());
    entry.set_object(object());
    assert!(entry.object_mut().is_some());
    entry.set_object(object());
    assert_eq!(entry.clone().value(), entry.value());
}
