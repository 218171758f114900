//! Tests: names in any case find their commands, others find none.

use super::*;
use crate::Arity::{AtLeast, Exactly};
use crate::{Group, Spec};

const fn plain(name: &'static str) -> Command<u8> {
    Spec::new(name, Group::Generic, Exactly(1)).run(1)
}

static FIRST: &[Command<u8>] = &[
    plain("GET"),
    Spec::new("CONFIG", Group::Server, AtLeast(2)).subcommands(&[
        plain("GET"),
        plain("SET"),
        plain("COUNT-FAILURE-REPORTS"),
    ]),
    plain("ZREMRANGEBYSCORE"),
];
static SECOND: &[Command<u8>] = &[
    plain("GEORADIUSBYMEMBER_RO"),
    plain("INCR"),
    Spec::new("OBJECT", Group::Generic, AtLeast(2)).subcommands(&[plain("FREQ")]),
];

fn table() -> CommandTable<u8> {
    CommandTable::new(&[FIRST, SECOND])
}

fn name_of(table: &CommandTable<u8>, words: &[&str]) -> Result<String, Unknown> {
    table.resolve(&words).map(|id| table.full_name(id).to_owned())
}

#[test]
fn every_command_is_found_in_any_case() {
    let table = table();
    for id in table.commands() {
        let name = table.get(id).spec.name;
        assert_eq!(table.lookup(name.as_bytes()), Some(id));
        assert_eq!(table.lookup(name.to_ascii_lowercase().as_bytes()), Some(id));
    }
    for name in ["", "GE", "GETT", "GET\0", "INC2", "ZREMRANGEBYSCORF", "CONFIG|GET", "FREQ"] {
        assert_eq!(table.lookup(name.as_bytes()), None, "{name}");
    }
}

#[test]
fn subcommands_belong_to_their_container() {
    let table = table();
    let container = table.lookup(b"config").unwrap();
    let names: Vec<_> = table.subcommands(container).map(|id| table.full_name(id)).collect();
    assert_eq!(names, ["config|get", "config|set", "config|count-failure-reports"]);
    for id in table.subcommands(container) {
        let name = table.get(id).spec.name.to_ascii_lowercase();
        assert_eq!(table.subcommand(container, name.as_bytes()), Some(id));
        assert_eq!(table.container(id), Some(container));
        assert_eq!(table.by_full_name(table.full_name(id).as_bytes()), Some(id));
    }
    assert_eq!(table.subcommand(container, b"freq"), None);
    assert_ne!(table.subcommand(container, b"get"), table.lookup(b"get"));
}

#[test]
fn the_second_word_chooses_the_subcommand() {
    let table = table();
    let object = table.lookup(b"OBJECT").unwrap();
    assert_eq!(name_of(&table, &["get", "freq"]), Ok("get".to_owned()));
    assert_eq!(name_of(&table, &["Object", "Freq", "k"]), Ok("object|freq".to_owned()));
    assert_eq!(name_of(&table, &["object"]), Ok("object".to_owned()));
    assert_eq!(name_of(&table, &["object", "get"]), Err(Unknown::Subcommand(object)));
    assert_eq!(name_of(&table, &["freq"]), Err(Unknown::Command));
}

#[test]
fn full_names_have_one_bar() {
    let table = table();
    for name in ["object|", "|", "|freq", "object|freq|x", "get|freq", ""] {
        assert_eq!(table.by_full_name(name.as_bytes()), None, "{name}");
    }
    assert_eq!(table.by_full_name(b"OBJECT|freq"), table.all().last());
}

#[test]
fn all_places_are_told_apart() {
    let table = table();
    assert_eq!((table.commands().count(), table.all().count(), table.len()), (6, 10, 10));
    assert_eq!(table.all().map(CommandId::index).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
}
