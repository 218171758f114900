//! Values go to bytes and come back, and other bytes are refused.

use datatypes::list::{End, Item, NodeLimit, Word};
use datatypes::listpack::Element;
use datatypes::set::BytesHasher;
use datatypes::{
    Hash, HashLimits, HashRules, List, Listpack, Object, Set, SetLimits, SetRules, ValueRef, Zset,
    ZsetLimits, ZsetRules,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{Encoder, Rules, Value, ValueDecoder, decode};
use crate::ziplist::tests::ziplist;
use crate::{Error, Kind, Reader};

/// A hash that is good enough for tests.
pub(crate) struct Fold;

impl BytesHasher for Fold {
    fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)
    }
}

pub(crate) fn rules() -> Rules<Fold> {
    let set = SetRules { limits: SetLimits::default(), hasher: Fold };
    let hash = HashRules { limits: HashLimits::default(), hasher: Fold };
    let zset = ZsetRules { limits: ZsetLimits::default(), hasher: Fold };
    Rules { list: NodeLimit::default(), set, zset, hash }
}

fn encoded(value: ValueRef<'_>) -> Vec<u8> {
    let mut bytes = vec![Encoder::kind(value).byte()];
    Encoder::new(true).push(value, &mut bytes);
    bytes
}

fn decoded(bytes: &[u8]) -> Result<Value, Error> {
    let mut source = Reader::new(bytes);
    let value = decode(&mut source, &rules())?;
    assert!(source.is_at_end(), "a value takes all its bytes");
    Ok(value)
}

/// Reads a value out of pieces of `piece` bytes, of which the decoder sees those that it has not
/// read yet.
fn decoded_in_pieces(bytes: &[u8], piece: usize) -> Value {
    let (kind, rest) = bytes.split_first().expect("a kind");
    let rules = rules();
    let mut decoder = ValueDecoder::new(Kind::from_byte(*kind).expect("a kind"), &rules);
    let (mut from, mut to) = (0, 0);
    loop {
        let mut source = Reader::new(&rest[from..to]);
        let step = decoder.step(&mut source);
        from += source.position();
        match step {
            Ok(Some(value)) => {
                assert_eq!(from, rest.len());
                return value;
            }
            Ok(None) => {}
            Err(Error::Short { missing }) => {
                assert!(missing > 0 && missing <= (rest.len() - to) as u64, "{missing} missing");
                to = rest.len().min(to + piece);
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn list_of<'a>(elements: impl IntoIterator<Item = &'a [u8]>, limit: NodeLimit) -> List {
    let mut list = List::new();
    for element in elements {
        list.make_room(element.len(), 1, limit);
        list.push(End::Back, Word::from(element));
    }
    list
}

fn set_of<'a>(members: impl IntoIterator<Item = &'a [u8]>) -> Set {
    let (mut set, rules) = (Set::new(), rules().set);
    for member in members {
        set.insert(member, &rules);
    }
    set
}

/// The members with scores that are made of their places.
fn zset_of<'a>(members: impl IntoIterator<Item = &'a [u8]>) -> Zset {
    let (mut zset, rules) = (Zset::new(), rules().zset);
    for (at, member) in members.into_iter().enumerate() {
        let score = match at % 9 {
            7 => f64::INFINITY,
            8 => f64::NEG_INFINITY,
            _ => (at % 50) as f64 / 4.0 - 3.0,
        };
        zset.insert(member, score, &rules);
    }
    zset
}

#[track_caller]
fn check(object: &Object) {
    let bytes = encoded(ValueRef::Object(object));
    let back = decoded(&bytes).expect("a value");
    assert_eq!(back, Value::Object(object.clone()));
    let Value::Object(back) = back else { unreachable!("it is equal to one") };
    assert_eq!(back.encoding(), object.encoding());
    for piece in [1, 7, 1000] {
        assert_eq!(decoded_in_pieces(&bytes, piece), Value::Object(object.clone()));
    }
}

#[test]
fn bytes_are_those_of_redis() {
    assert_eq!(encoded(ValueRef::Int(300)), b"\0\xc1\x2c\x01");
    assert_eq!(encoded(ValueRef::Bytes(b"300")), b"\0\xc1\x2c\x01");
    let list = Object::List(list_of([&b"a"[..], b"1"], NodeLimit::default()));
    assert_eq!(
        encoded(ValueRef::Object(&list)),
        b"\x12\x01\x02\x0c\x0c\0\0\0\x02\0\x81a\x02\x01\x01\xff"
    );
    let ints = Object::Set(set_of([&b"3"[..], b"-1"]));
    assert_eq!(encoded(ValueRef::Object(&ints)), b"\x0b\x0c\x02\0\0\0\x02\0\0\0\xff\xff\x03\0");
    let zset = Object::Zset(zset_of([&b"a"[..]]));
    assert_eq!(
        encoded(ValueRef::Object(&zset)),
        b"\x11\x0d\x0d\0\0\0\x02\0\x81a\x02\xdf\xfd\x02\xff"
    );
    let mut large = Zset::new_large();
    large.insert(b"a", 1.5, &rules().zset);
    large.insert(b"7", 2.0, &rules().zset);
    assert_eq!(
        encoded(ValueRef::Object(&Object::Zset(large))),
        b"\x05\x02\xc0\x07\0\0\0\0\0\0\0\x40\x01a\0\0\0\0\0\0\xf8\x3f"
    );
    let texts = Object::Set(set_of([&b"a"[..], b"3"]));
    assert_eq!(encoded(ValueRef::Object(&texts)), b"\x02\x02\x01a\xc0\x03");
}

#[test]
fn values_come_back_at_the_edges_of_their_encodings() {
    let big = vec![b'y'; 20_000];
    for (count, length) in [(1, 0), (128, 8), (129, 8), (100, 100), (5_000, 30), (3, 8_193)] {
        let elements: Vec<Vec<u8>> = (0..count)
            .map(|number| [number.to_string().as_bytes(), &big[..length]].concat())
            .collect();
        let elements = || elements.iter().map(Vec::as_slice);
        for limit in [-1, -2, -5, 1, 100] {
            let list = list_of(elements(), NodeLimit::new(limit));
            let bytes = encoded(ValueRef::Object(&Object::List(list.clone())));
            assert_eq!(decoded(&bytes), Ok(Value::Object(Object::List(list))));
        }
        check(&Object::List(list_of(elements(), NodeLimit::default())));
        check(&Object::Set(set_of(elements())));
        check(&Object::Zset(zset_of(elements())));
    }
    for count in [1, 512, 513] {
        let numbers: Vec<String> =
            (0..count).map(|number| (number * 3_000_000_000_i64).to_string()).collect();
        check(&Object::Set(set_of(numbers.iter().map(String::as_bytes))));
    }
}

fn hash_of(fields: usize, volatile: usize, entries: usize) -> Hash {
    let limits = HashLimits { entries, value: 64 };
    let (mut hash, rules) = (Hash::new(), HashRules { limits, hasher: Fold });
    for number in 0..fields {
        let name = format!("field:{number}");
        hash.set(name.as_bytes(), (number * 7).to_string().as_bytes(), false, &rules);
        if number < volatile {
            let at = 1_700_000_000_000 + (number as i64 * 77) % 1000;
            hash.set_expire(name.as_bytes(), Some(at), &rules);
        }
    }
    hash
}

#[test]
fn hashes_come_back_with_their_moments() {
    for (fields, volatile, kind) in [
        (3, 0, Kind::HashListpack),
        (512, 0, Kind::HashListpack),
        (3, 2, Kind::HashListpackEx),
        (512, 100, Kind::HashListpackEx),
        (513, 0, Kind::Hash),
        (2000, 700, Kind::HashMetadata),
    ] {
        let hash = Object::Hash(hash_of(fields, volatile, 512));
        assert_eq!(Encoder::kind(ValueRef::Object(&hash)), kind);
        check(&hash);
    }
    // Redis 7.0 reads what has lost its moments.
    let (mut hash, rules) = (hash_of(3, 1, 512), rules().hash);
    hash.set_expire(b"field:0", None, &rules);
    assert_eq!(Encoder::kind(ValueRef::Hash(hash.as_ref())), Kind::HashListpack);
    assert_eq!(
        decoded(&encoded(ValueRef::Hash(hash.as_ref()))),
        Ok(Value::Object(Object::Hash(hash)))
    );
    // A table that is small elsewhere is packed here.
    let hash = hash_of(100, 20, 5);
    let Ok(Value::Object(Object::Hash(back))) = decoded(&encoded(ValueRef::Hash(hash.as_ref())))
    else {
        panic!("it is a hash")
    };
    assert_eq!((back.as_ref().encoding(), &back), ("listpackex", &hash));
}

#[test]
fn hashes_of_older_servers_are_read() {
    let packed = ziplist(&[b"a", b"1", b"b", b"text"]);
    let bytes = [&[13, packed.len() as u8][..], &packed].concat();
    let Ok(Value::Object(Object::Hash(hash))) = decoded(&bytes) else { panic!("it is a hash") };
    let value = hash.as_ref().get(b"b", &rules().hash).map(|field| field.value.to_vec());
    assert_eq!((hash.as_ref().len(), value), (2, Some(b"text".to_vec())));
}

#[test]
fn what_older_servers_wrote_is_read() {
    let rules = rules();
    let read = |bytes: &[u8]| match decode(&mut Reader::new(bytes), &rules).expect("a value") {
        Value::Object(Object::List(list)) => {
            let elements = list.iter(End::Front).map(|item| item.to_shared().to_vec());
            (list.encoding(), elements.collect::<Vec<_>>())
        }
        other => panic!("{other:?}"),
    };
    let elements = [&b"one"[..], b"2", &[b'x'; 60]];
    let packed = ziplist(&elements);
    assert!((64..256).contains(&packed.len()), "its length takes 14 bits");
    let packed = [&[0x40, packed.len() as u8][..], &packed].concat();
    let whole = [&[10][..], &packed].concat();
    assert_eq!(read(&whole), ("quicklist", elements.map(<[u8]>::to_vec).to_vec()));
    let of_one = [&[14, 1][..], &packed].concat();
    assert_eq!(read(&of_one), ("listpack", elements.map(<[u8]>::to_vec).to_vec()));
    let of_two = [&[14, 3][..], &packed, &[11], &ziplist(&[]), &packed].concat();
    assert_eq!(
        read(&of_two),
        ("quicklist", [elements, elements].concat().iter().map(|e| e.to_vec()).collect())
    );
    assert_eq!(read(b"\x01\x02\x01a\xc0\x05"), ("listpack", vec![b"a".to_vec(), b"5".to_vec()]));
    assert_eq!(read(b"\x12\x01\x01\xc0\x05"), ("quicklist", vec![b"5".to_vec()]));
}

#[test]
fn older_sorted_sets_are_read() {
    let read = |bytes: &[u8]| match decoded(bytes).expect("a value") {
        Value::Object(Object::Zset(zset)) => {
            let pairs = zset.iter().map(|(member, score)| (member.to_vec(), score));
            (zset.encoding(), pairs.collect::<Vec<_>>())
        }
        other => panic!("{other:?}"),
    };
    let pairs = |pairs: &[(&[u8], f64)]| -> Vec<(Vec<u8>, f64)> {
        pairs.iter().map(|(member, score)| (member.to_vec(), *score)).collect()
    };
    let texts = b"\x03\x04\x01a\x03-.5\x01b\xfe\x01c\xff\xc0\x05\x011";
    let infinite = f64::INFINITY;
    let expected = [(&b"c"[..], -infinite), (b"a", -0.5), (b"5", 1.0), (b"b", infinite)];
    assert_eq!(read(texts), ("listpack", pairs(&expected)));
    let packed = ziplist(&[b"a", b"-0.5", b"b", b"7"]);
    let packed = [&[12, packed.len() as u8][..], &packed].concat();
    assert_eq!(read(&packed), ("listpack", pairs(&[(b"a", -0.5), (b"b", 7.0)])));
    let many: Vec<String> = (0..129).map(|number| (1000 + number).to_string()).collect();
    let mut pack = Listpack::new();
    for number in &many {
        pack.push_back(number.as_bytes());
        pack.push_back(b"1");
    }
    let mut bytes = vec![17];
    Encoder::new(true).push_string(pack.bytes(), &mut bytes);
    assert_eq!((read(&bytes).0, read(&bytes).1.len()), ("skiplist", 129));
}

#[test]
fn a_packed_set_is_read_as_it_is() {
    let rules = rules();
    let read = |members: &[&[u8]]| -> Result<(&str, usize), Error> {
        let mut pack = Listpack::new();
        for member in members {
            pack.push_back(member);
        }
        let mut bytes = vec![20];
        Encoder::new(true).push_string(pack.bytes(), &mut bytes);
        match decode(&mut Reader::new(&bytes), &rules)? {
            Value::Object(Object::Set(set)) => Ok((set.encoding(), set.len())),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(read(&[b"1", b"a"]), Ok(("listpack", 2)));
    assert_eq!(read(&[b"1", &[b'z'; 200]]), Ok(("listpack", 2)));
    let many: Vec<String> = (0..129).map(|number| number.to_string()).collect();
    let mut many: Vec<&[u8]> = many.iter().map(String::as_bytes).collect();
    assert_eq!(read(&many), Ok(("hashtable", 129)));
    assert!(read(&[b"a", b"1", b"a"]).is_err() && read(&[]).is_err());
    many.push(b"7");
    assert!(read(&many).is_err());
}

#[test]
fn what_breaks_a_rule_is_refused() {
    for bytes in [
        &b"\x01\0"[..],
        b"\x02\0",
        b"\x12\0",
        b"\x02\x02\x01a\x01a",
        b"\x02\x02\x011\xc0\x01",
        b"\x12\x01\x03\x01a",
        b"\x12\x01\x01\0",
        b"\x12\x01\x02\x07\x07\0\0\0\0\0\xff",
        b"\x12\x01\x02\x08\x08\0\0\0\x01\0\x01\xff",
        b"\x0b\x0c\x02\0\0\0\x02\0\0\0\x03\0\xff\xff",
        b"\x0e\x01\x0b\x0b\0\0\0\x0a\0\0\0\0\0\xff",
        b"\x14\x07\x07\0\0\0\0\0\xff",
        b"\x12\xc0\x01",
        b"\x03\0",
        b"\x03\x01\x01a\xfd",
        b"\x03\x01\x01a\x01x",
        b"\x03\x02\x01a\x011\x01a\x012",
        b"\x05\0",
        b"\x05\x01\x01a\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x11\x07\x07\0\0\0\0\0\xff",
        b"\x11\x0a\x0a\0\0\0\x01\0\x81a\x02\xff",
        b"\x11\x10\x10\0\0\0\x04\0\x81a\x02\x02\x01\x81b\x02\x01\x01\xff",
        b"\x0c\x0b\x0b\0\0\0\x0a\0\0\0\0\0\xff",
        b"\x04\0",
        b"\x04\x02\x01a\x01b\x01a\x01c",
        b"\x10\x07\x07\0\0\0\0\0\xff",
        b"\x10\x09\x09\0\0\0\x01\0\x01\x01\xff",
        b"\x10\x0f\x0f\0\0\0\x04\0\x01\x01\x02\x01\x01\x01\x03\x01\xff",
        b"\x19\0\0\0\0\0\0\0\0\x0b\x0b\0\0\0\x02\0\x01\x01\x02\x01\xff",
        b"\x18\0\0\0\0\0\0\0\0\x01\x01\x01a\x01b",
    ] {
        assert!(matches!(decoded(bytes), Err(Error::Corrupt(_))), "{bytes:?}");
    }
    assert_eq!(decoded(b"\x09"), Err(Error::Unsupported("a hash of Redis 2.4")));
    assert_eq!(decoded(b""), Err(Error::Short { missing: 1 }));
    // A promise of four milliards of members costs nothing.
    assert_eq!(decoded(b"\x02\x80\xff\xff\xff\xff\x01a"), Err(Error::Short { missing: 1 }));
}

fn words() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let int = (any::<i64>(), 0..64_u32).prop_map(|(int, shift)| {
        let int: i64 = int >> shift;
        int.to_string().into_bytes()
    });
    let text = vec(any::<u8>(), 0..70);
    let like = (0..4_u8, 0..3_000_usize).prop_map(|(byte, length)| vec![byte; length]);
    vec(prop_oneof![4 => int, 4 => text, 1 => like], 1..200)
}

proptest! {
    #[test]
    fn every_value_comes_back(words in words(), limit in -5..50_i32) {
        let slices = || words.iter().map(Vec::as_slice);
        check(&Object::List(list_of(slices(), NodeLimit::default())));
        check(&Object::Zset(zset_of(slices())));
        let set = Object::Set(set_of(slices()));
        let back = decoded(&encoded(ValueRef::Object(&set)));
        prop_assert_eq!(back, Ok(Value::Object(set)));
        let list = Object::List(list_of(slices(), NodeLimit::new(limit)));
        let back = decoded(&encoded(ValueRef::Object(&list)));
        prop_assert_eq!(back, Ok(Value::Object(list)));
        for word in slices() {
            let bytes = encoded(ValueRef::Bytes(word));
            prop_assert_eq!(decoded(&bytes), Ok(Value::String(word.to_vec().into())));
        }
    }

    #[test]
    fn any_bytes_are_judged(kind in 0..26_u8, bytes in vec(any::<u8>(), 0..300)) {
        let _ = decode(&mut Reader::new(&[&[kind][..], &bytes].concat()), &rules());
    }

    #[test]
    fn a_changed_byte_is_no_panic(words in words(), at: usize, byte: u8) {
        let slices = || words.iter().map(Vec::as_slice);
        let list = Object::List(list_of(slices(), NodeLimit::new(10)));
        for object in [list, Object::Set(set_of(slices())), Object::Zset(zset_of(slices()))] {
            let mut bytes = encoded(ValueRef::Object(&object));
            let at = at % bytes.len();
            bytes[at] = byte;
            let value = decode(&mut Reader::new(&bytes), &rules());
            if let Ok(Value::Object(Object::List(list))) = value {
                let forth: Vec<_> = list.iter(End::Front).map(Item::to_shared).collect();
                let mut back: Vec<_> = list.iter(End::Back).map(Item::to_shared).collect();
                back.reverse();
                prop_assert_eq!(forth, back);
            }
        }
    }

    #[test]
    fn a_member_is_never_there_twice(members in vec(0..40_u8, 1..60)) {
        let mut pack = Listpack::new();
        for member in &members {
            pack.push_back(&[*member]);
        }
        let distinct = members.iter().collect::<std::collections::BTreeSet<_>>().len();
        let set = Set::from_listpack(pack, &rules().set);
        prop_assert_eq!(set.is_some(), distinct == members.len());
        let mut all: Vec<Vec<u8>> = set.iter().flatten().map(Element::to_vec).collect();
        all.sort_unstable();
        prop_assert_eq!(all.len(), if set.is_some() { members.len() } else { 0 });
    }
}
