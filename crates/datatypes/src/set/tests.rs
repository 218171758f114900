//! Sets against a plain model, at the edges of their encodings.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use proptest::prelude::*;
use stdx::prng::Prng;

use super::{BytesHasher, Set, SetLimits, SetRules, difference, intersection, union};
use crate::listpack::Element;
use crate::table::Position;

type Model = BTreeSet<Vec<u8>>;

/// A hasher that is good, or one under which members crowd into few chains.
#[derive(Clone, Debug)]
struct TestHasher {
    is_crowded: bool,
}

impl BytesHasher for TestHasher {
    fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        let mix = |hash: u64, byte: &u8| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        };
        let hash = bytes.iter().fold(bytes.len() as u64, mix);
        let hash = (hash ^ (hash >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if self.is_crowded { hash & 0x0300_0000_0000_0003 } else { hash }
    }
}

fn rules(limits: SetLimits) -> SetRules<TestHasher> {
    SetRules { limits, hasher: TestHasher { is_crowded: false } }
}

fn some_rules() -> impl Strategy<Value = SetRules<TestHasher>> {
    (0..12_usize, 0..12_usize, 0..30_usize, any::<bool>()).prop_map(|(ints, pack, value, crowd)| {
        let limits =
            SetLimits { intset_entries: ints, listpack_entries: pack, listpack_value: value };
        SetRules { limits, hasher: TestHasher { is_crowded: crowd } }
    })
}

fn members() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (-8..8_i64).prop_map(|int| int.to_string().into_bytes()),
        1 => any::<i64>().prop_map(|int| int.to_string().into_bytes()),
        4 => "[a-c]{0,2}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => proptest::sample::select(vec!["007", "-0", "+1", " 1", "9223372036854775808"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

fn models() -> impl Strategy<Value = Model> {
    proptest::collection::btree_set(members(), 0..40)
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Vec<u8>),
    Remove(Vec<u8>),
    Pop(u64),
    PopMany(u64, usize),
    Expect(usize),
    Copy,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => members().prop_map(Step::Insert),
        4 => members().prop_map(Step::Remove),
        2 => any::<u64>().prop_map(Step::Pop),
        1 => (any::<u64>(), 0..50_usize).prop_map(|(seed, count)| Step::PopMany(seed, count)),
        1 => (0..14_usize).prop_map(Step::Expect),
        1 => Just(Step::Copy),
    ];
    proptest::collection::vec(step, 0..120)
}

fn step(set: &mut Set, model: &mut Model, step: Step, rules: &SetRules<TestHasher>) {
    match step {
        Step::Insert(member) => {
            assert_eq!(set.insert(&member, rules), model.insert(member.clone()));
            assert!(set.contains(&member, rules));
        }
        Step::Remove(member) => {
            assert_eq!(set.remove(&member, rules), model.remove(&member));
            assert!(!set.contains(&member, rules));
        }
        Step::Pop(seed) => {
            let is_empty = model.is_empty();
            let popped = set.pop(&mut Prng::new(seed), rules, |element| {
                assert!(model.remove(&element.to_vec()));
            });
            assert_eq!(popped, !is_empty);
        }
        Step::PopMany(seed, count) => {
            let left = model.len().saturating_sub(count);
            set.pop_many(count, &mut Prng::new(seed), rules, |element| {
                assert!(model.remove(&element.to_vec()));
            });
            assert_eq!(model.len(), left);
        }
        Step::Expect(count) => set.expect(count, rules),
        Step::Copy => {
            let copy = set.clone();
            assert_eq!(copy, *set);
            assert_eq!(copy.encoding(), set.encoding());
            *set = copy;
        }
    }
}

fn listed(set: &Set) -> Vec<Vec<u8>> {
    let mut listed: Vec<Vec<u8>> = set.iter().map(Element::to_vec).collect();
    listed.sort();
    listed
}

fn check(set: &Set, model: &Model) {
    assert!(listed(set).iter().eq(model.iter()));
    assert_eq!((set.len(), set.is_empty()), (model.len(), model.is_empty()));
    let (mut found, mut at) = (Model::new(), Some(Position::START));
    while let Some(position) = at {
        at = set.scan(position, |element| {
            found.insert(element.to_vec());
        });
    }
    assert_eq!(found, *model);
    let random = set.random(&mut Prng::new(1)).map(Element::to_vec);
    assert_eq!(random.is_some(), !model.is_empty());
    assert!(random.is_none_or(|member| model.contains(&member)));
    assert!(set.free_effort() >= 1 && set.memory_bytes() >= set.len());
}

fn set_of(model: &Model, rules: &SetRules<TestHasher>) -> Set {
    let mut set = Set::new();
    for member in model {
        assert!(set.insert(member, rules));
    }
    set
}

proptest! {
    #[test]
    fn behaves_as_the_model(rules in some_rules(), steps in steps()) {
        let (mut set, mut model) = (Set::new(), Model::new());
        for change in steps {
            step(&mut set, &mut model, change, &rules);
            check(&set, &model);
        }
    }

    #[test]
    fn samples_are_members_and_differ(
        rules in some_rules(), model in models(), count in 0..50_usize, seed: u64,
    ) {
        let set = set_of(&model, &rules);
        let (mut sample, mut drawn) = (Model::new(), 0);
        set.sample(count, &mut Prng::new(seed), |element| {
            drawn += 1;
            sample.insert(element.to_vec());
        });
        prop_assert_eq!(drawn, count.min(model.len()));
        prop_assert_eq!(sample.len(), drawn);
        prop_assert!(sample.is_subset(&model));
    }

    #[test]
    fn algebra_is_that_of_the_models(
        sources in proptest::collection::vec((some_rules(), models()), 1..5),
        is_crowded: bool,
        limit in 1..30_usize,
    ) {
        // All sets of a shard share a hasher, but their limits may have been others.
        let hasher = TestHasher { is_crowded };
        let sets: Vec<Set> = sources
            .iter()
            .map(|(rules, model)| {
                set_of(model, &SetRules { limits: rules.limits, hasher: hasher.clone() })
            })
            .collect();
        let rules = SetRules { limits: SetLimits::default(), hasher };
        let sets: Vec<&Set> = sets.iter().collect();
        let models: Vec<&Model> = sources.iter().map(|(_, model)| model).collect();

        let all: Model = models.iter().copied().flatten().cloned().collect();
        prop_assert_eq!(&visited(|visit| union(&sets, &rules, visit)), &all);
        let mut joined = Set::new();
        let few = SetRules { limits: sources[0].0.limits, hasher: rules.hasher.clone() };
        union(&sets, &rules, |element| joined.insert_new(element, &few));
        joined.shrink_to_fit();
        check(&joined, &all);

        let in_all = |member: &&Vec<u8>| models.iter().all(|model| model.contains(*member));
        let common: Model = models[0].iter().filter(in_all).cloned().collect();
        let found = visited(|visit| {
            intersection(&sets, &rules, |element| {
                visit(element);
                ControlFlow::Continue(())
            });
        });
        prop_assert_eq!(&found, &common);
        let mut few = 0;
        intersection(&sets, &rules, |_| {
            few += 1;
            if few == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        prop_assert_eq!(few, common.len().min(limit));

        let in_others = |member: &&Vec<u8>| models[1..].iter().any(|m| m.contains(*member));
        let apart: Model = models[0].iter().filter(|member| !in_others(member)).cloned().collect();
        let found = visited(|visit| difference(sets[0], &sets[1..], &rules, visit));
        prop_assert_eq!(found, apart);
        let nothing = visited(|visit| difference(sets[0], &[sets[0]], &rules, visit));
        prop_assert!(nothing.is_empty());
    }
}

/// What a question hands to its visitor, each member once.
fn visited<'a>(question: impl FnOnce(&mut dyn FnMut(Element<'a>))) -> Model {
    let mut found = Model::new();
    question(&mut |element| assert!(found.insert(element.to_vec()), "{element:?} comes twice"));
    found
}

#[track_caller]
fn check_encodings(limits: SetLimits, adds: &[(&str, &str)]) {
    let (mut set, rules) = (Set::new(), rules(limits));
    for (members, encoding) in adds {
        for member in members.split(' ') {
            set.insert(member.as_bytes(), &rules);
        }
        assert_eq!(set.encoding(), *encoding, "after {members}");
    }
}

#[test]
fn encodings_change_where_redis_changes_them() {
    let limits = SetLimits { intset_entries: 3, listpack_entries: 4, listpack_value: 5 };
    check_encodings(limits, &[("1 2 3", "intset"), ("3", "intset"), ("4", "hashtable")]);
    check_encodings(limits, &[("1 2 3", "intset"), ("a", "listpack"), ("b", "hashtable")]);
    check_encodings(limits, &[("a 1 b", "listpack"), ("2", "listpack"), ("3", "hashtable")]);
    check_encodings(limits, &[("12345", "intset"), ("abcde", "listpack"), ("12", "listpack")]);
    check_encodings(limits, &[("-12345", "intset"), ("a", "hashtable")]);
    check_encodings(limits, &[("1", "intset"), ("abcdef", "hashtable")]);
    check_encodings(limits, &[("a", "listpack"), ("123456", "hashtable")]);
}

#[test]
fn first_members_choose_an_encoding() {
    let limits = SetLimits { intset_entries: 3, listpack_entries: 5, listpack_value: 5 };
    let encoding =
        |first: &str, count| Set::for_members(first.as_bytes(), count, &limits).encoding();
    assert_eq!(
        [encoding("1", 3), encoding("1", 4), encoding("1", 6)],
        ["intset", "listpack", "hashtable"]
    );
    assert_eq!([encoding("a", 3), encoding("a", 6)], ["listpack", "hashtable"]);
}

#[test]
fn integers_are_packed_again_when_they_are_few() {
    let limits = SetLimits { intset_entries: 3, listpack_entries: 4, listpack_value: 5 };
    let make = |members: &str| {
        let mut set = Set::for_members(b"a", 1, &limits);
        for member in members.split(' ') {
            set.insert(member.as_bytes(), &rules(limits));
        }
        set.make_ints(&limits);
        (set.encoding(), set.len())
    };
    assert_eq!(make("3 1 2"), ("intset", 3));
    assert_eq!(make("3 1 2 4"), ("listpack", 4));
    assert_eq!(make("3 1 x"), ("listpack", 3));
}

#[test]
fn what_is_left_of_a_large_set_is_packed() {
    let rules = rules(SetLimits::default());
    let mut set = Set::new();
    for number in 0..1000 {
        set.insert(format!("m{number}").as_bytes(), &rules);
    }
    let mut prng = Prng::new(5);
    set.pop_many(500, &mut prng, &rules, |_| {});
    assert_eq!((set.encoding(), set.len()), ("hashtable", 500));
    set.pop_many(490, &mut prng, &rules, |_| {});
    assert_eq!((set.encoding(), set.len()), ("listpack", 10));
}

#[test]
fn a_large_set_is_freed_in_slices() {
    let rules = rules(SetLimits::default());
    let mut set = Set::new();
    for number in 0..10_000 {
        set.insert(format!("member:{number}").as_bytes(), &rules);
    }
    assert!(set.free_effort() > 10_000);
    let mut slices = 0;
    while set.free_slice(100) {
        slices += 1;
        check(&set, &set.iter().map(Element::to_vec).collect());
    }
    assert!(slices > 50);
    assert_eq!((set.len(), set.memory_bytes() < 300), (0, true));
}

#[test]
fn every_member_is_picked_about_equally_often() {
    for (count, limits) in [
        (40, SetLimits::default()),
        (40, SetLimits { intset_entries: 0, listpack_entries: 40, listpack_value: 9 }),
        (40, SetLimits { intset_entries: 0, listpack_entries: 0, listpack_value: 0 }),
    ] {
        let (mut set, rules) = (Set::new(), rules(limits));
        for number in 0..count {
            set.insert(number.to_string().as_bytes(), &rules);
        }
        let mut prng = Prng::new(3);
        let (mut picked, mut sampled) = (vec![0; 40], vec![0; 40]);
        let index = |element: Element<'_>| -> usize {
            String::from_utf8(element.to_vec()).expect("digits").parse().expect("a number")
        };
        for _ in 0..40_000 / 4 {
            picked[index(set.random(&mut prng).expect("there is one"))] += 1;
            set.sample(4, &mut prng, |element| sampled[index(element)] += 1);
        }
        let encoding = set.encoding();
        assert!(picked.iter().all(|times| (150..350).contains(times)), "{encoding} {picked:?}");
        assert!(sampled.iter().all(|times| (800..1200).contains(times)), "{encoding} {sampled:?}");
    }
}

/// The figure of the design: what a member of 16 bytes takes in a large set, the allocator's own
/// rounding and the pages of the table included.
#[test]
fn a_member_of_a_large_set_is_small() {
    let rules = rules(SetLimits::default());
    let mut set = Set::new();
    for number in 0..200_000 {
        set.insert(format!("member:{number:09}").as_bytes(), &rules);
    }
    let bytes = set.memory_bytes() as f64 / 200_000.0;
    assert!((32.0..36.0).contains(&bytes), "{bytes} bytes a member");
}
