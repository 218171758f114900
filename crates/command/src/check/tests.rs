//! Tests: each rule about a table finds what breaks it.

use super::*;
use crate::Arity::{self, AtLeast, Exactly};
use crate::Group;
use crate::acl_category::{FAST, READ, SLOW, WRITE};
use crate::arg::{Arg, key, string, token};
use crate::key_spec::{
    ACCESS, KeySpec, LAST, RO, RW, VARIABLE_FLAGS, counted, one, range, unknown,
};

const KEY_ARGS: &[Arg] = &[key("key")];
const ONE_KEY: &[KeySpec] = &[one(RO | ACCESS, 1)];

const fn good() -> Spec {
    named("GET")
}

const fn named(name: &'static str) -> Spec {
    keyless(name, Exactly(2))
        .flags(flags::READONLY | flags::FAST)
        .acl(READ | FAST)
        .keys(ONE_KEY)
        .args(KEY_ARGS)
}

const fn keyless(name: &'static str, arity: Arity) -> Spec {
    Spec::new(name, Group::String, arity).since("1.0.0").summary("Answers a value.").acl(SLOW)
}

fn with_keys<const N: usize>(specs: [KeySpec; N]) -> Spec {
    good().keys(specs.to_vec().leak())
}

fn with_args<const N: usize>(args: [Arg; N]) -> Spec {
    good().args(args.to_vec().leak())
}

fn violations_of(specs: Vec<Spec>) -> Vec<String> {
    let commands: Vec<Command<u8>> = specs.into_iter().map(|spec| spec.run(0)).collect();
    violations(&CommandTable::new(&[commands.leak()]))
}

#[track_caller]
fn check(spec: Spec, expected: &[&str]) {
    let expected: Vec<String> =
        expected.iter().map(|text| format!("{}: {text}", spec.name.to_lowercase())).collect();
    assert_eq!(violations_of(vec![spec]), expected);
}

#[test]
fn a_sound_declaration_passes() {
    check(good(), &[]);
    check(with_keys([range(RO, 1, LAST, 1)]), &[]);
    check(good().history(&[("7.0.0", "Something.")]).deprecated("7.2.4"), &[]);
}

#[test]
fn names_are_upper_case_and_unique() {
    let twice = violations_of(vec![good(), good()]);
    assert_eq!(twice, ["get: is declared twice, or its name cannot be found"]);
    let text = "has a name that is not in upper case";
    check(named("get"), &[text]);
}

#[test]
fn texts_are_sentences_and_versions_are_versions() {
    check(good().summary("Answers a value"), &["has no summary that is a sentence"]);
    check(good().summary(""), &["has no summary that is a sentence"]);
    check(good().since("1.0"), &["names a version that is none"]);
    check(good().history(&[("7.0.0.1", "A.")]), &["names a version that is none"]);
    check(good().history(&[("7.0.0", "A")]), &["has a history that is not in sentences"]);
    let text = "is deprecated and does not say since when, or the reverse";
    check(good().doc_flags(DEPRECATED), &[text]);
}

#[test]
fn flags_and_categories_agree() {
    check(good().acl(READ | SLOW), &["FAST and @fast disagree"]);
    check(good().acl(READ | FAST | SLOW), &["is not in exactly one of @fast and @slow"]);
    check(good().acl(READ | WRITE | FAST), &["WRITE and @write disagree"]);
    check(good().acl(FAST), &["READONLY and @read disagree"]);
    let both = flags::READONLY | flags::WRITE | flags::FAST;
    check(
        good().flags(both).acl(READ | WRITE | FAST),
        &["writes and is readonly", "has keys and is not exactly one of WRITE and READONLY"],
    );
    let neither = |name| named(name).flags(flags::FAST).acl(FAST);
    check(neither("GET"), &["has keys and is not exactly one of WRITE and READONLY"]);
    check(neither("WATCH"), &[]);
    let admin = good().flags(flags::READONLY | flags::FAST | flags::ADMIN);
    check(admin, &["is ADMIN and not in @admin and @dangerous"]);
}

#[test]
fn key_specs_stay_inside_the_arity() {
    check(with_keys([one(RO, 2)]), &["has a key spec outside its arity"]);
    check(with_keys([one(RO, 0)]), &["has a key spec outside its arity"]);
    check(with_keys([range(RO, 1, -2, 1)]), &["has a key spec outside its arity"]);
    let two = "has a key spec that is not exactly one of RO, RW, OW and RM";
    check(with_keys([one(RO | RW, 1)]), &[two]);
    let movable = "MOVABLE_KEYS and its key specs disagree";
    check(with_keys([counted(RO, 1)]), &[movable]);
    let untold = "has key specs that are not the whole truth, and nothing that finds the rest";
    check(with_keys([unknown(RO)]), &[movable, untold]);
    check(with_keys([one(RW | VARIABLE_FLAGS, 1)]), &[untold]);
}

#[test]
fn arguments_and_key_specs_belong_together() {
    check(with_args([string("key")]), &["has a key spec that none of its arguments belongs to"]);
    check(
        with_args([key("key"), key("other").key_spec(1)]),
        &["argument other: names a key spec that does not exist"],
    );
    check(
        with_args([key("key"), token("", "X").optional()]),
        &["argument : has no name, or a blank in it"],
    );
    check(
        with_args([key("key"), token("x", "").optional()]),
        &["argument x: is a token without a word"],
    );
    check(
        with_args([key("key").many_with_token()]),
        &["argument key: repeats a token that it does not have"],
    );
}

#[test]
fn subcommands_take_two_words() {
    static SOUND: &[Command<u8>] = &[keyless("OBJECT", AtLeast(2))
        .subcommands(&[keyless("HELP", Exactly(2)).run(0), keyless("FREQ", AtLeast(3)).run(0)])];
    assert_eq!(violations(&CommandTable::new(&[SOUND])), Vec::<String>::new());
    static SHORT: &[Command<u8>] =
        &[keyless("OBJECT", AtLeast(2)).subcommands(&[keyless("HELP", Exactly(1)).run(0)])];
    let found = violations(&CommandTable::new(&[SHORT]));
    assert_eq!(found, ["object|help: takes fewer words than its name has"]);
}

#[test]
fn containers_have_subcommands_and_no_keys() {
    static EMPTY: &[Command<u8>] = &[keyless("OBJECT", AtLeast(2)).subcommands(&[])];
    let found = violations(&CommandTable::new(&[EMPTY]));
    assert_eq!(found, ["object: has neither subcommands nor anything that runs it"]);
    static KEYED: &[Command<u8>] =
        &[named("OBJECT").subcommands(&[keyless("HELP", Exactly(2)).run(0)])];
    let found = violations(&CommandTable::new(&[KEYED]));
    assert_eq!(found, ["object: is a container and has keys itself"]);
}
