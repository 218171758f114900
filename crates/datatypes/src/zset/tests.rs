//! Sorted sets against a sorted list, at the edges of their encodings.

use proptest::prelude::*;
use stdx::prng::Prng;

use super::{LexEnd, LexRange, ScoreRange, Zset, ZsetLimits, ZsetRules};
use crate::listpack::Listpack;
use crate::set::BytesHasher;
use crate::table::Position;

/// Scores and members in order.
type Model = Vec<(f64, Vec<u8>)>;

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

type Rules = ZsetRules<TestHasher>;

fn rules(entries: usize, value: usize) -> Rules {
    let hasher = TestHasher { is_crowded: false };
    ZsetRules { limits: ZsetLimits { entries, value }, hasher }
}

fn some_rules() -> impl Strategy<Value = Rules> {
    (prop_oneof![Just(0), 0..12_usize, Just(1000)], 0..30_usize, any::<bool>()).prop_map(
        |(entries, value, is_crowded)| ZsetRules {
            limits: ZsetLimits { entries, value },
            hasher: TestHasher { is_crowded },
        },
    )
}

fn members() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (-8..20_i64).prop_map(|int| int.to_string().into_bytes()),
        4 => "[a-c]{0,2}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => proptest::sample::select(vec!["007", "-0", "+1", " 1", "9223372036854775808"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

fn scores() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-3..4_i32).prop_map(f64::from),
        1 => proptest::sample::select(vec![
            0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 0.1, -1e300, 5e-324, 1e17, 1e16,
            4_611_686_018_427_387_904.0, -4_611_686_018_427_387_904.0, 9.3e18, 1.5,
        ]),
        1 => any::<f64>().prop_filter("a number", |score| !score.is_nan()),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Set(Vec<u8>, f64),
    Keep(Vec<u8>),
    Remove(Vec<u8>),
    RemoveRange(usize, usize),
    MakeSmall,
    Copy,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (members(), scores()).prop_map(|(member, score)| Step::Set(member, score)),
        1 => members().prop_map(Step::Keep),
        3 => members().prop_map(Step::Remove),
        1 => (0..20_usize, 0..5_usize).prop_map(|(from, count)| Step::RemoveRange(from, count)),
        1 => Just(Step::MakeSmall),
        1 => Just(Step::Copy),
    ];
    proptest::collection::vec(step, 0..120)
}

fn sort(model: &mut Model) {
    model.sort_by(|a, b| a.partial_cmp(b).expect("no score is NaN"));
}

fn step(zset: &mut Zset, model: &mut Model, step: Step, rules: &Rules) {
    match step {
        Step::Set(member, score) => {
            let known = model.iter().position(|(_, other)| *other == member);
            zset.upsert(&member, rules, |old| {
                assert_eq!(old, known.map(|at| model[at].0));
                Some(score)
            });
            if let Some(at) = known {
                model.remove(at);
            }
            model.push((score, member));
            sort(model);
        }
        Step::Keep(member) => zset.upsert(&member, rules, |_| None),
        Step::Remove(member) => {
            let known = model.iter().position(|(_, other)| *other == member);
            assert_eq!(zset.remove(&member, rules), known.is_some());
            known.map(|at| model.remove(at));
        }
        Step::RemoveRange(from, count) => {
            let from = from.min(model.len());
            let to = (from + count).min(model.len());
            zset.remove_range(from..to, rules);
            model.drain(from..to);
        }
        Step::MakeSmall => {
            zset.make_small(&rules.limits);
            let longest = model.iter().map(|(_, member)| member.len()).max().unwrap_or(0);
            let is_small = model.len() <= rules.limits.entries && longest <= rules.limits.value;
            assert!(!is_small || zset.encoding() == "listpack");
        }
        Step::Copy => {
            let copy = zset.clone();
            assert_eq!(copy, *zset);
            assert_eq!(copy.encoding(), zset.encoding());
            *zset = copy;
        }
    }
}

fn listed(pairs: super::Iter<'_>) -> Model {
    pairs.map(|(member, score)| (score, member.to_vec())).collect()
}

fn check(zset: &Zset, model: &Model, rules: &Rules) {
    assert_eq!(listed(zset.iter()), *model);
    assert_eq!((zset.len(), zset.is_empty()), (model.len(), model.is_empty()));
    for (rank, (score, member)) in model.iter().enumerate() {
        assert_eq!(zset.rank(member, rules), Some((rank, *score)));
        assert_eq!(zset.score(member, rules), Some(*score));
    }
    let (mut found, mut at) = (Model::new(), Some(Position::START));
    while let Some(position) = at {
        at = zset.scan(position, |member, score| found.push((score, member.to_vec())));
    }
    sort(&mut found);
    assert_eq!(found, *model);
    let random = zset.random(&mut Prng::new(1)).map(|(member, score)| (score, member.to_vec()));
    assert!(random.as_ref().is_none_or(|pair| model.contains(pair)));
    assert_eq!(random.is_some(), !model.is_empty());
    if let Some(listpack) = zset.as_listpack() {
        let bytes = listpack.bytes().to_vec();
        let read = Listpack::from_valid_bytes(bytes).and_then(|it| Zset::from_listpack(it, rules));
        assert_eq!(read.as_ref(), Some(zset));
    }
}

fn zset_of(model: &Model, rules: &Rules) -> Zset {
    let mut zset = Zset::for_member(b"", &rules.limits);
    for (score, member) in model {
        zset.insert(member, *score, rules);
    }
    zset
}

fn models() -> impl Strategy<Value = Model> {
    proptest::collection::btree_map(members(), scores(), 0..60).prop_map(|scores| {
        let mut model: Model = scores.into_iter().map(|(member, score)| (score, member)).collect();
        sort(&mut model);
        model
    })
}

fn lex_end(kind: u8, member: &[u8]) -> LexEnd<'_> {
    match kind {
        0 => LexEnd::First,
        1 => LexEnd::Last,
        2..6 => LexEnd::With(member),
        _ => LexEnd::Without(member),
    }
}

proptest! {
    #[test]
    fn behaves_as_the_model(rules in some_rules(), steps in steps()) {
        let (mut zset, mut model) = (Zset::new(), Model::new());
        for change in steps {
            step(&mut zset, &mut model, change, &rules);
            check(&zset, &model, &rules);
        }
    }

    #[test]
    fn parts_are_those_of_the_model(
        rules in some_rules(), model in models(), from in 0..60_usize, count in 0..60_usize,
    ) {
        let zset = zset_of(&model, &rules);
        let mut expected: Model = model.iter().skip(from).take(count).cloned().collect();
        prop_assert_eq!(&listed(zset.range(from..from + count, false)), &expected);
        let reversed = zset.range(from..from + count, true);
        prop_assert_eq!(reversed.len(), expected.len());
        expected.reverse();
        prop_assert_eq!(listed(reversed), expected);
    }

    #[test]
    fn score_ranges_are_those_of_the_model(
        rules in some_rules(), model in models(),
        min in scores(), max in scores(), is_min_out: bool, is_max_out: bool,
    ) {
        let range = ScoreRange { min, max, is_min_out, is_max_out };
        let is_in = |score: f64| {
            (score > min || (score == min && !is_min_out))
                && (score < max || (score == max && !is_max_out))
        };
        let ranks = zset_of(&model, &rules).score_range(&range);
        let expected: Model = model.iter().filter(|(score, _)| is_in(*score)).cloned().collect();
        prop_assert_eq!(model[ranks].to_vec(), expected);
    }

    #[test]
    fn lex_ranges_are_those_of_the_model(
        rules in some_rules(), model in models(), is_reversed: bool,
        ends in (0..10_u8, 0..10_u8), min in members(), max in members(),
    ) {
        let mut model: Model = model.into_iter().map(|(_, member)| (7.0, member)).collect();
        sort(&mut model);
        let range = LexRange { min: lex_end(ends.0, &min), max: lex_end(ends.1, &max) };
        let is_from = |member: &[u8]| match range.min {
            LexEnd::First => true,
            LexEnd::Last => false,
            LexEnd::With(min) => member >= min,
            LexEnd::Without(min) => member > min,
        };
        let is_up_to = |member: &[u8]| match range.max {
            LexEnd::First => false,
            LexEnd::Last => true,
            LexEnd::With(max) => member <= max,
            LexEnd::Without(max) => member < max,
        };
        let is_in = |pair: &&(f64, Vec<u8>)| is_from(&pair.1) && is_up_to(&pair.1);
        let expected: Model = model.iter().filter(is_in).cloned().collect();
        let ranks = zset_of(&model, &rules).lex_range(&range, is_reversed);
        prop_assert_eq!(model[ranks].to_vec(), expected);
    }
}

#[test]
fn encodings_change_where_redis_changes_them() {
    let rules = rules(3, 4);
    let mut zset = Zset::for_member(b"abcd", &rules.limits);
    for (member, encoding) in
        [("abcd", "listpack"), ("b", "listpack"), ("c", "listpack"), ("b", "listpack")]
    {
        zset.insert(member.as_bytes(), 1.0, &rules);
        assert_eq!(zset.encoding(), encoding);
    }
    zset.insert(b"d", 1.0, &rules);
    assert_eq!(zset.encoding(), "skiplist");
    zset.remove(b"a", &rules);
    assert_eq!(zset.encoding(), "skiplist");
    assert_eq!(Zset::for_member(b"abcde", &rules.limits).encoding(), "skiplist");
    let mut zset = Zset::new();
    zset.insert(b"abcde", 1.0, &rules);
    assert_eq!(zset.encoding(), "skiplist");
    zset.make_small(&rules.limits);
    assert_eq!(zset.encoding(), "skiplist");
    zset.make_small(&ZsetLimits { entries: 1, value: 5 });
    assert_eq!(zset.encoding(), "listpack");
}

/// What Redis 7.0.15 has in a listpack after the same ZADD, taken from its DUMP.
#[test]
fn scores_are_kept_as_redis_keeps_them() {
    let mut zset = Zset::new();
    for (member, score) in [("a", -0.0), ("e", 0.1), ("c", 1e17), ("j", 4e18), ("g", f64::INFINITY)]
    {
        zset.insert(member.as_bytes(), score, &rules(128, 64));
    }
    let listpack = zset.as_listpack().expect("it is small");
    let elements: Vec<String> = listpack.iter().map(|element| format!("{element:?}")).collect();
    let text = |text: &str| format!("Bytes({:?})", text.as_bytes());
    let int = |int: i64| format!("Int({int})");
    let expected = [
        [text("a"), int(0)],
        [text("e"), text("0.10000000000000001")],
        [text("c"), int(100_000_000_000_000_000)],
        [text("j"), int(4_000_000_000_000_000_000)],
        [text("g"), text("inf")],
    ];
    assert_eq!(elements, expected.concat());
}

#[test]
fn listpacks_that_are_no_sorted_sets_are_refused() {
    let read = |elements: &[&str]| {
        let mut listpack = Listpack::new();
        for element in elements {
            listpack.push_back(element.as_bytes());
        }
        Zset::from_listpack(listpack, &rules(128, 64)).map(|zset| zset.len())
    };
    assert_eq!(read(&["a", "1", "b", "1.5"]), Some(2));
    assert_eq!(read(&["a", "1", "b"]), None);
    assert_eq!(read(&["a", "1", "b", "0"]), None);
    assert_eq!(read(&["b", "1", "a", "1"]), None);
    assert_eq!(read(&["a", "1", "a", "2"]), None);
    assert_eq!(read(&["a", "nan"]), None);
    assert_eq!(read(&["a", "x"]), None);
}

fn large(count: usize) -> (Zset, Rules) {
    let (mut zset, rules) = (Zset::new(), rules(128, 64));
    for number in 0..count as u64 {
        let member = format!("member:{number:08}");
        let score = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        zset.insert(member.as_bytes(), score as f64, &rules);
    }
    (zset, rules)
}

#[test]
fn a_large_one_is_freed_in_slices() {
    let (mut zset, _) = large(10_000);
    assert!(zset.free_effort() > 10_000);
    let mut slices = 0;
    while zset.free_slice(100) {
        slices += 1;
    }
    assert!(slices > 50);
    assert_eq!((zset.len(), zset.memory_bytes() < 300), (0, true));
    // One that is dropped halfway gives back all as well.
    let (mut zset, _) = large(1000);
    zset.free_slice(30);
    drop(zset);
}

#[test]
fn a_large_one_is_copied_and_emptied() {
    let (mut zset, rules) = large(5000);
    let copy = zset.clone();
    assert_eq!(copy, zset);
    zset.remove_range(0..4000, &rules);
    assert_eq!(listed(zset.iter()), listed(copy.range(4000..5000, false)));
    let members: Vec<Vec<u8>> = copy.iter().map(|(member, _)| member.to_vec()).collect();
    for member in &members[4000..] {
        assert!(zset.remove(member, &rules));
    }
    assert!(zset.is_empty() && zset.memory_bytes() < 400);
}

/// The figure of the design: what a member of fifteen bytes takes in a large sorted set, table and
/// tree included.
#[test]
fn a_member_of_a_large_sorted_set_is_small() {
    let (zset, _) = large(200_000);
    let bytes = zset.memory_bytes() as f64 / 200_000.0;
    assert!((48.0..53.0).contains(&bytes), "{bytes} bytes a member");
}
