//! Listpacks against vectors, and against bytes that Redis has made.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};

use super::*;

/// Elements on both sides of every border between encodings.
const EDGES: &[&str] = &[
    "",
    "0",
    "127",
    "128",
    "-1",
    "-0",
    "00",
    "+1",
    " 1",
    "4095",
    "4096",
    "-4096",
    "-4097",
    "32767",
    "32768",
    "-32768",
    "-32769",
    "8388607",
    "8388608",
    "-8388608",
    "-8388609",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
];

/// Lengths of strings on both sides of every border, those of `back` included.
const LENGTHS: &[usize] =
    &[63, 64, 123, 124, 125, 126, 127, 128, 4095, 4096, 16_377, 16_378, 16_379, 70_000];

fn element() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => select(EDGES).prop_map(|text| text.as_bytes().to_vec()),
        4 => any::<i64>().prop_map(|int| int.to_string().into_bytes()),
        4 => vec(any::<u8>(), 0..20),
        1 => select(LENGTHS).prop_map(|bytes| vec![b'x'; bytes]),
    ]
}

fn packed(elements: &[Vec<u8>]) -> Listpack {
    let mut listpack = Listpack::new();
    for element in elements {
        listpack.push_back(element);
    }
    listpack
}

/// Everything that can be read says the same as the model.
#[track_caller]
fn agrees(listpack: &Listpack, model: &[Vec<u8>]) {
    assert_eq!(validate(listpack.bytes()), Some(model.len()));
    assert_eq!(listpack.len(), model.len());
    assert_eq!(listpack.is_empty(), model.is_empty());
    assert!(listpack.iter().map(Element::to_vec).eq(model.iter().cloned()));
    assert!(listpack.iter().rev().map(Element::to_vec).eq(model.iter().rev().cloned()));
    let len = model.len() as i64;
    for index in -len..len {
        let place = if index < 0 { index + len } else { index } as usize;
        let at = listpack.seek(index).expect("the index lies inside");
        assert_eq!(listpack.get(at).to_vec(), model[place]);
        assert_eq!(listpack.iter_from(at).count(), model.len() - place);
        assert_eq!(listpack.iter_up_to(at).count(), place + 1);
    }
    assert_eq!((listpack.seek(len), listpack.seek(-len - 1)), (None, None));
    let bytes = listpack.bytes().len();
    assert!(listpack.memory_bytes() <= 2 * bytes + bytes / 4 + 1, "memory is given back");
}

#[derive(Clone, Debug)]
enum Edit {
    PushBack(Vec<u8>),
    PushFront(Vec<u8>),
    Before(Index, Vec<u8>),
    After(Index, Vec<u8>),
    Replace(Index, Vec<u8>),
    Delete(Index),
    DeleteRange(Index, usize),
    DeleteEqual(Index, usize, bool),
    Split(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    prop_oneof![
        4 => element().prop_map(Edit::PushBack),
        2 => element().prop_map(Edit::PushFront),
        2 => (index(), element()).prop_map(|(at, element)| Edit::Before(at, element)),
        2 => (index(), element()).prop_map(|(at, element)| Edit::After(at, element)),
        2 => (index(), element()).prop_map(|(at, element)| Edit::Replace(at, element)),
        1 => index().prop_map(Edit::Delete),
        1 => (index(), 0..4usize).prop_map(|(at, count)| Edit::DeleteRange(at, count)),
        1 => (index(), 1..4usize, any::<bool>())
            .prop_map(|(at, most, back)| Edit::DeleteEqual(at, most, back)),
        1 => index().prop_map(Edit::Split),
    ]
}

fn apply(edit: Edit, listpack: &mut Listpack, model: &mut Vec<Vec<u8>>) {
    let place = |index: Index| index.index(model.len().max(1));
    let at = |index: Index| listpack.seek(place(index) as i64);
    match edit {
        Edit::PushBack(element) => {
            listpack.push_back(&element);
            model.push(element);
        }
        Edit::PushFront(element) => {
            listpack.push_front(&element);
            model.insert(0, element);
        }
        Edit::Before(index, element) => {
            let Some(at) = at(index) else { return };
            let place = place(index);
            let new = listpack.insert_before(at, &element);
            assert_eq!(listpack.get(new).to_vec(), element);
            model.insert(place, element);
        }
        Edit::After(index, element) => {
            let Some(at) = at(index) else { return };
            let place = place(index) + 1;
            let new = listpack.insert_after(at, &element);
            assert_eq!(listpack.get(new).to_vec(), element);
            model.insert(place, element);
        }
        Edit::Replace(index, element) => {
            let Some(at) = at(index) else { return };
            let place = place(index);
            listpack.replace(at, &element);
            model[place] = element;
        }
        Edit::Delete(index) => {
            let Some(at) = at(index) else { return };
            let place = place(index);
            let next = listpack.delete(at);
            model.remove(place);
            assert_eq!(next.map(|at| listpack.get(at).to_vec()), model.get(place).cloned());
        }
        Edit::DeleteRange(index, count) => {
            let start = place(index);
            let end = (start + count).min(model.len());
            assert_eq!(listpack.delete_range(start as i64, count), end.saturating_sub(start));
            model.drain(start.min(end)..end);
        }
        Edit::DeleteEqual(index, most, from_back) => {
            let Some(wanted) = model.get(place(index)).cloned() else { return };
            let deleted = listpack.delete_equal(&Needle::new(&wanted), most, from_back);
            assert_eq!(deleted, delete_equal(model, &wanted, most, from_back));
        }
        Edit::Split(index) => {
            let Some(at) = at(index) else { return };
            let place = place(index);
            let mut back = listpack.split_off(at);
            agrees(listpack, &model[..place]);
            agrees(&back, &model[place..]);
            // Put together the other way round, so that something has happened.
            back.append(listpack);
            *listpack = back;
            model.rotate_left(place);
        }
    }
}

fn delete_equal(model: &mut Vec<Vec<u8>>, wanted: &[u8], most: usize, from_back: bool) -> usize {
    let mut deleted = 0;
    while deleted < most {
        let found = if from_back {
            model.iter().rposition(|element| element == wanted)
        } else {
            model.iter().position(|element| element == wanted)
        };
        let Some(place) = found else { break };
        model.remove(place);
        deleted += 1;
    }
    deleted
}

proptest! {
    #[test]
    fn edits_do_what_they_do_to_a_vector(edits in vec(edit(), 1..60)) {
        let (mut listpack, mut model) = (Listpack::new(), Vec::new());
        for edit in edits {
            apply(edit, &mut listpack, &mut model);
            agrees(&listpack, &model);
        }
    }

    #[test]
    fn finding_looks_at_every_so_many(elements in vec(select(EDGES), 0..30), skip in 0..3usize) {
        let model: Vec<Vec<u8>> = elements.iter().map(|text| text.as_bytes().to_vec()).collect();
        let listpack = packed(&model);
        for wanted in EDGES {
            let places = (0..model.len()).step_by(skip + 1);
            let place = places.into_iter().find(|&place| model[place] == wanted.as_bytes());
            let expected = place.and_then(|place| listpack.seek(place as i64));
            assert_eq!(listpack.find(listpack.first(), wanted.as_bytes(), skip), expected);
        }
    }

    /// Bytes that are accepted can be walked and changed, whatever they are.
    #[test]
    fn any_bytes_are_judged(bytes in vec(any::<u8>(), 0..40)) {
        judge(bytes);
    }

    /// Damaged ones are nearer to the truth.
    #[test]
    fn damaged_bytes_are_judged(
        elements in vec(element(), 0..6),
        damage in vec((any::<Index>(), any::<u8>()), 0..4),
        cut in any::<Index>(),
    ) {
        let mut bytes = packed(&elements).bytes().to_vec();
        let whole = bytes.len();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        judge(bytes.clone());
        bytes.truncate(cut.index(whole));
        judge(bytes);
    }
}

fn judge(bytes: Vec<u8>) {
    let count = validate(&bytes);
    let listpack = Listpack::from_valid_bytes(bytes);
    assert_eq!(listpack.is_some(), count.is_some());
    let Some(mut listpack) = listpack else { return };
    assert_eq!(Some(listpack.iter().count()), count);
    assert_eq!(Some(listpack.iter().rev().count()), count);
    let model: Vec<Vec<u8>> = listpack.iter().map(Element::to_vec).collect();
    let mut backwards: Vec<Vec<u8>> = listpack.iter().rev().map(Element::to_vec).collect();
    backwards.reverse();
    assert_eq!(model, backwards);
    for element in &model {
        assert!(listpack.find(listpack.first(), element, 0).is_some());
    }
    listpack.push_front(b"first");
    listpack.delete_range(-1, 1);
    assert_eq!(listpack.len(), model.len());
}

/// Entries as `DUMP` of Redis 7.0 shows them, between the header and the end.
#[test]
fn entries_are_those_of_redis() {
    let cases: &[(&[u8], &[u8])] = &[
        (b"0", b"\x00\x01"),
        (b"127", b"\x7f\x01"),
        (b"128", b"\xc0\x80\x02"),
        (b"-1", b"\xdf\xff\x02"),
        (b"4095", b"\xcf\xff\x02"),
        (b"4096", b"\xf1\x00\x10\x03"),
        (b"-4096", b"\xd0\x00\x02"),
        (b"-4097", b"\xf1\xff\xef\x03"),
        (b"32768", b"\xf2\x00\x80\x00\x04"),
        (b"-32769", b"\xf2\xff\x7f\xff\x04"),
        (b"8388608", b"\xf3\x00\x00\x80\x00\x05"),
        (b"2147483648", b"\xf4\x00\x00\x00\x80\x00\x00\x00\x00\x09"),
        (b"ab", b"\x82ab\x03"),
    ];
    for (element, entry) in cases {
        let listpack = packed(&[element.to_vec()]);
        let bytes = listpack.bytes();
        assert_eq!(bytes[HEADER..bytes.len() - 1], **entry, "{}", element.escape_ascii());
        assert_eq!(bytes[..4], (bytes.len() as u32).to_le_bytes());
        assert_eq!(bytes[4..6], [1, 0]);
    }
    // The length, the head of the entry, and what stands behind it.
    let strings: &[(usize, &[u8], &[u8])] = &[
        (63, b"\xbf", b"\x40"),
        (64, b"\xe0\x40", b"\x42"),
        (125, b"\xe0\x7d", b"\x7f"),
        (126, b"\xe0\x7e", b"\x01\x80"),
        (4095, b"\xef\xff", b"\x20\x81"),
        (4096, b"\xf0\x00\x10\x00\x00", b"\x20\x85"),
        (16_377, b"\xf0\xf9\x3f\x00\x00", b"\x7f\xfe"),
        (16_378, b"\xf0\xfa\x3f\x00\x00", b"\x00\xff\xff"),
        (16_379, b"\xf0\xfb\x3f\x00\x00", b"\x01\x80\x80"),
    ];
    for (len, head, back) in strings {
        let listpack = packed(&[vec![b'x'; *len]]);
        let expected = [*head, &vec![b'x'; *len], *back, b"\xff"].concat();
        assert_eq!(listpack.bytes()[HEADER..], expected, "{len}");
    }
}

#[test]
fn so_many_elements_are_not_counted_any_more() {
    let mut listpack = Listpack::new();
    for number in 0..70_000 {
        listpack.push_back(format!("{number}").as_bytes());
        if matches!(number, 65_533..65_536) {
            assert_eq!(listpack.len(), number + 1);
        }
    }
    assert_eq!(validate(listpack.bytes()), Some(70_000));
    assert_eq!(listpack.len(), 70_000);
    let element = |index| listpack.seek(index).map(|at| listpack.get(at));
    assert_eq!(element(69_999), Some(Element::Int(69_999)));
    assert_eq!(element(-70_000), Some(Element::Int(0)));
    assert_eq!((element(70_000), element(-70_001)), (None, None));
    assert_eq!(listpack.delete_range(0, 69_990), 69_990);
    assert_eq!(listpack.len(), 10);
    assert_eq!(validate(listpack.bytes()), Some(10));
    listpack.delete_range(0, 10);
    assert_eq!(listpack, Listpack::new(), "an empty one is counted again");
}
