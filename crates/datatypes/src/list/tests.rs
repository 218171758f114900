//! Lists against vectors, with limits so low that few elements make many nodes.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};

use super::*;

type Model = Vec<Vec<u8>>;

fn element() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => (0..6i64).prop_map(|int| int.to_string().into_bytes()),
        4 => vec(any::<u8>(), 0..12),
        3 => select(vec![100, 1000, 3000, 4080, 4096]).prop_map(|bytes| vec![b'm'; bytes]),
        1 => select(vec![4097, 8192, 8193, 20_000]).prop_map(|bytes| vec![b'l'; bytes]),
    ]
}

fn end() -> impl Strategy<Value = End> {
    select(vec![End::Front, End::Back])
}

#[derive(Clone, Debug)]
enum Edit {
    Push(End, Vec<Vec<u8>>),
    Set(Index, Vec<u8>),
    Insert(Index, bool, Vec<u8>),
    DeleteRange(Index, Index),
    DeleteAtEnd(End, usize),
    DeleteEqual(Index, usize, End),
    Compact,
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    prop_oneof![
        6 => (end(), vec(element(), 1..8)).prop_map(|(end, elements)| Edit::Push(end, elements)),
        3 => (index(), element()).prop_map(|(at, element)| Edit::Set(at, element)),
        3 => (index(), any::<bool>(), element())
            .prop_map(|(at, is_after, element)| Edit::Insert(at, is_after, element)),
        1 => (index(), index()).prop_map(|(start, count)| Edit::DeleteRange(start, count)),
        2 => (end(), 0..6usize).prop_map(|(end, count)| Edit::DeleteAtEnd(end, count)),
        1 => (index(), 1..4usize, end())
            .prop_map(|(at, most, end)| Edit::DeleteEqual(at, most, end)),
        2 => select(vec![Edit::Compact]),
    ]
}

fn apply(edit: Edit, list: &mut List, model: &mut Model, limit: NodeLimit) {
    let place = |model: &Model, index: Index| index.index(model.len().max(1));
    match edit {
        Edit::Push(end, elements) => {
            list.make_room(elements.iter().map(Vec::len).sum(), elements.len(), limit);
            for element in elements {
                list.push(end, element.as_slice().into());
                let at = if end == End::Front { 0 } else { model.len() };
                model.insert(at, element);
            }
        }
        Edit::Set(index, element) => {
            let index = place(model, index);
            list.make_room(element.len(), 1, limit);
            let is_there = list.set(index, element.as_slice().into());
            assert_eq!(is_there, index < model.len());
            if is_there {
                model[index] = element;
            }
        }
        Edit::Insert(index, is_after, element) => {
            let pivot = model.get(place(model, index)).cloned().unwrap_or_default();
            list.make_room(element.len(), 1, limit);
            let is_there = list.insert(&pivot, is_after, element.as_slice().into());
            let index = model.iter().position(|other| *other == pivot);
            assert_eq!(is_there, index.is_some());
            if let Some(index) = index {
                model.insert(index + usize::from(is_after), element);
            }
        }
        Edit::DeleteRange(start, count) => {
            let (start, count) = (place(model, start), place(model, count));
            list.delete_range(start, count);
            let end = (start + count).min(model.len());
            model.drain(start.min(end)..end);
        }
        Edit::DeleteAtEnd(end, count) => {
            list.delete_at_end(end, count);
            let count = count.min(model.len());
            let start = if end == End::Front { 0 } else { model.len() - count };
            model.drain(start..start + count);
        }
        Edit::DeleteEqual(index, most, end) => {
            let wanted = model.get(place(model, index)).cloned().unwrap_or_default();
            let deleted = list.delete_equal(&wanted, most, end);
            let places = (0..model.len()).filter(|&at| model[at] == wanted);
            let mut places: Vec<usize> = match end {
                End::Front => places.take(most).collect(),
                End::Back => places.rev().take(most).collect(),
            };
            assert_eq!(deleted, places.len());
            places.sort_unstable();
            for place in places.into_iter().rev() {
                model.remove(place);
            }
        }
        Edit::Compact => list.compact(limit),
    }
}

fn bytes(item: Item<'_>) -> Vec<u8> {
    item.to_shared().to_vec()
}

/// Everything that can be read says the same as the model, and the nodes are as they should be.
#[track_caller]
fn agrees(list: &List, model: &Model, limit: NodeLimit) {
    assert_eq!(list.len(), model.len());
    assert_eq!(list.is_empty(), model.is_empty());
    assert!(list.iter(End::Front).map(bytes).eq(model.iter().cloned()));
    assert!(list.iter(End::Back).map(bytes).eq(model.iter().rev().cloned()));
    // Every place in a short list, some in a long one.
    for index in (0..model.len()).step_by(1 + model.len() / 10) {
        assert_eq!(list.get(index).map(bytes).as_ref(), model.get(index));
        assert!(list.iter_from(index).map(bytes).eq(model[index..].iter().cloned()));
        let back = list.iter_back_from(index).map(bytes);
        assert!(back.eq(model[..=index].iter().rev().cloned()));
        assert_eq!(list.iter_back_from(index).len(), index + 1);
    }
    assert_eq!(list.get(model.len()), None);
    assert_eq!(list.iter_from(model.len()).next(), None);
    if let Form::Large(quicklist) = &list.0 {
        quicklist.nodes.check();
        for node in list.nodes() {
            let node_bytes = node.as_bytes().len();
            if matches!(node, NodeRef::Plain(_)) {
                assert!(limit.is_large(node_bytes));
            } else {
                assert!(node_bytes <= 5 * limit.bytes() + 10_000, "{node_bytes} bytes in a node");
            }
        }
    }
}

proptest! {
    #[test]
    fn edits_do_what_they_do_to_a_vector(
        edits in vec(edit(), 1..80),
        limit in select(vec![-1, -2, 0, 1, 2, 3, 10]),
    ) {
        let limit = NodeLimit::new(limit);
        let (mut list, mut model) = (List::new(), Model::new());
        for edit in edits {
            apply(edit, &mut list, &mut model, limit);
            agrees(&list, &model, limit);
        }
        assert_eq!(list, list.clone());
        while list.free_slice(3) {}
    }
}

fn pushed(count: usize, end: End, limit: NodeLimit) -> List {
    let mut list = List::new();
    for number in 0..count {
        let element = number.to_string();
        list.make_room(element.len(), 1, limit);
        list.push(end, element.as_bytes().into());
    }
    list
}

/// Hundreds of nodes are more than one chunk, so that places move from chunk to chunk.
#[test]
fn many_nodes_are_found_and_edited() {
    let limit = NodeLimit::new(1);
    for end in [End::Front, End::Back] {
        let mut list = pushed(1500, end, limit);
        let mut model: Model = (0..1500).map(|number| number.to_string().into_bytes()).collect();
        if end == End::Front {
            model.reverse();
        }
        agrees_here_and_there(&list, &model);
        for index in (0..1500).step_by(3) {
            let pivot = model[index].clone();
            assert!(list.insert(&pivot, index % 2 == 0, b"new".as_slice().into()));
            model.insert(index + usize::from(index % 2 == 0), b"new".to_vec());
        }
        agrees_here_and_there(&list, &model);
        assert_eq!(list.delete_equal(b"new", 300, End::Back), 300);
        for _ in 0..300 {
            let at = model.iter().rposition(|element| element == b"new").expect("there are 500");
            model.remove(at);
        }
        agrees_here_and_there(&list, &model);
        list.delete_range(200, 1000);
        model.drain(200..1200);
        agrees_here_and_there(&list, &model);
    }
}

fn agrees_here_and_there(list: &List, model: &Model) {
    assert!(list.iter(End::Front).map(bytes).eq(model.iter().cloned()));
    assert!(list.iter(End::Back).map(bytes).eq(model.iter().rev().cloned()));
    for index in (0..model.len()).step_by(97) {
        assert_eq!(list.get(index).map(bytes).as_ref(), model.get(index));
    }
    if let Form::Large(quicklist) = &list.0 {
        quicklist.nodes.check();
    }
}

#[test]
fn encodings_change_at_the_limit_and_at_half_of_it() {
    let limit = NodeLimit::new(10);
    let mut list = pushed(10, End::Back, limit);
    assert_eq!(list.encoding(), "listpack");
    list.make_room(1, 1, limit);
    assert_eq!(list.encoding(), "quicklist");
    list.push(End::Back, b"x".as_slice().into());
    for left in (6..=10).rev() {
        list.delete_at_end(End::Back, 1);
        list.compact(limit);
        assert_eq!((list.len(), list.encoding()), (left, "quicklist"));
    }
    list.delete_at_end(End::Front, 1);
    assert_eq!(list.encoding(), "quicklist");
    list.compact(limit);
    assert_eq!((list.len(), list.encoding()), (5, "listpack"));
}

/// A large element stays where it came in, and a reply refers to it there.
#[test]
fn large_elements_are_shared() {
    let element = Bytes::from(vec![b'x'; 100_000]);
    let mut list = List::new();
    list.make_room(element.len(), 1, NodeLimit::default());
    list.push(End::Back, Word::new(&element, Some(&element)));
    list.push(End::Back, b"small".as_slice().into());
    assert!(matches!(list.get(0), Some(Item::Shared(kept)) if kept.as_ptr() == element.as_ptr()));
    assert_eq!(list.get(1), Some(Item::Bytes(b"small")));
}

#[test]
fn freeing_takes_as_many_slices_as_it_is_effort() {
    let mut list = pushed(5000, End::Back, NodeLimit::new(4));
    assert_eq!(list.free_effort(), 1250);
    let mut slices = 1;
    while list.free_slice(100) {
        slices += 1;
    }
    assert_eq!(slices, 13);
    let mut list = List::new();
    list.make_room(9000, 1, NodeLimit::default());
    list.push(End::Back, vec![0; 10 << 20].as_slice().into());
    assert_eq!(list.free_effort(), 161, "returning much memory takes long, too");
    assert_eq!(pushed(100, End::Back, NodeLimit::default()).free_effort(), 1);
}

/// Redis takes a node of 32 bytes and an exact listpack for every 8 KiB.
#[test]
fn memory_is_near_to_what_is_kept() {
    for end in [End::Front, End::Back] {
        let list = pushed(200_000, end, NodeLimit::default());
        let kept: usize = list.nodes().map(|node| node.as_bytes().len()).sum();
        let memory = list.memory_bytes();
        assert!(memory >= kept && memory < kept + kept / 50, "{memory} for {kept}");
    }
}
