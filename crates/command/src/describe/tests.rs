//! Tests: what COMMAND answers, as plain data.

use super::*;
use crate::Arity::{AtLeast, Exactly};
use crate::acl_category as acl;
use crate::arg::{block, integer, key, one_of, string, token};
use crate::flags::{DENYOOM, FAST, MOVABLE_KEYS, NO_MANDATORY_KEYS, READONLY, WRITE};
use crate::key_spec::{
    ACCESS, LAST, OW, RO, RW, UPDATE, VARIABLE_FLAGS, after, counted, one, range, set_keys,
};
use crate::tips::NONDETERMINISTIC_OUTPUT;
use crate::{Command, CommandTable, Group, PRIVATE_SUBCOMMANDS, Spec};

static COMMANDS: &[Command<u8>] = &[
    Spec::new("SET", Group::String, AtLeast(3))
        .since("1.0.0")
        .summary("Sets a value.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .keys(&[one(RW | ACCESS | UPDATE | VARIABLE_FLAGS, 1).notes("With GET.")])
        .special_keys(set_keys)
        .args(&[
            key("key"),
            string("value"),
            one_of("condition", &[token("nx", "NX"), token("xx", "XX")]).since("2.6.12").optional(),
            block("pair", &[integer("a"), integer("b").token("B")]).many(),
        ])
        .history(&[("6.0.0", "More.")])
        .run(1),
    Spec::new("OBJECT", Group::Generic, AtLeast(2)).since("2.2.3").summary("Looks.").subcommands(
        &[Spec::new("FREQ", Group::Generic, Exactly(3))
            .flags(READONLY)
            .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
            .tips(&[NONDETERMINISTIC_OUTPUT])
            .keys(&[one(RO, 2)])
            .run(2)],
    ),
    Spec::new("MGET", Group::String, AtLeast(2))
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::STRING | acl::FAST)
        .keys(&[range(RO | ACCESS, 1, LAST, 1)])
        .deprecated("2.0.0")
        .replaced_by("`GET`")
        .run(3),
    Spec::new("EVAL", Group::Scripting, AtLeast(3))
        .flags(NO_MANDATORY_KEYS | MOVABLE_KEYS)
        .keys(&[counted(RW | ACCESS, 2)])
        .run(4),
    Spec::new("XREAD", Group::Stream, AtLeast(4))
        .keys(&[after(RO | ACCESS, "STREAMS", 1).to(LAST, 1).limit(2)])
        .run(5),
    Spec::new("SORT", Group::Generic, AtLeast(2))
        .keys(&[one(OW, 1), crate::key_spec::unknown(RO)])
        .run(6),
];

fn table() -> CommandTable<u8> {
    CommandTable::new(&[COMMANDS])
}

/// A tree in one line: `[array]`, `<set>`, `{map}`, `+status`.
fn text(node: &Node) -> String {
    let list = |nodes: &[Node]| nodes.iter().map(text).collect::<Vec<_>>().join(" ");
    match node {
        Node::Null => "null".to_owned(),
        Node::Int(number) => number.to_string(),
        Node::Status(status) => format!("+{status}"),
        Node::Bulk(bytes) => format!("'{}'", String::from_utf8_lossy(bytes)),
        Node::Array(nodes) => format!("[{}]", list(nodes)),
        Node::Set(nodes) => format!("<{}>", list(nodes)),
        Node::Map(pairs) => {
            let pair = |(field, value): &(Node, Node)| format!("{}: {}", text(field), text(value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

fn info(name: &str) -> String {
    text(&info_of_named(&table(), [name.as_bytes()]))
}

fn docs(name: &str) -> String {
    text(&docs_of_named(&table(), [name.as_bytes()]))
}

#[test]
fn info_has_ten_fields() {
    assert_eq!(
        info("set"),
        "[['set' -3 <+write +denyoom> 1 1 1 <+@write +@string +@slow> <> \
         <{'notes': 'With GET.', 'flags': <+RW +access +update +variable_flags>, \
         'begin_search': {'type': 'index', 'spec': {'index': 1}}, \
         'find_keys': {'type': 'range', 'spec': {'lastkey': 0, 'keystep': 1, 'limit': 0}}}> <>]]"
    );
    assert_eq!(info("nope"), "[null]");
}

#[test]
fn info_shows_subcommands_inside_and_by_full_name() {
    let freq = "['object|freq' 3 <+readonly> 2 2 1 <+@keyspace +@read +@slow> \
         <'nondeterministic_output'> <{'flags': <+RO>, \
         'begin_search': {'type': 'index', 'spec': {'index': 2}}, \
         'find_keys': {'type': 'range', 'spec': {'lastkey': 0, 'keystep': 1, 'limit': 0}}}> <>]";
    assert_eq!(info("OBJECT|Freq"), format!("[{freq}]"));
    assert_eq!(info("object"), format!("[['object' -2 <> 0 0 0 <> <> <> [{freq}]]]"));
    let Node::Array(all) = info_of_all(&table()) else { panic!("not an array") };
    assert_eq!(all.len(), COMMANDS.len());
}

#[test]
fn every_kind_of_search_is_shown() {
    let eval = info("eval");
    assert!(
        eval.contains("'type': 'keynum', 'spec': {'keynumidx': 0, 'firstkey': 1, 'keystep': 1")
    );
    let xread = info("xread");
    assert!(xread.contains("'type': 'keyword', 'spec': {'keyword': 'STREAMS', 'startfrom': 1}"));
    assert!(xread.contains("'spec': {'lastkey': -1, 'keystep': 1, 'limit': 2}"));
    assert!(xread.contains(" 0 0 0 "));
    let unknown = "'begin_search': {'type': 'unknown', 'spec': {}}, \
                   'find_keys': {'type': 'unknown', 'spec': {}}";
    assert!(info("sort").contains(unknown));
}

#[test]
fn docs_leave_out_what_is_not_declared() {
    assert_eq!(
        docs("SET"),
        "{'set': {'summary': 'Sets a value.', 'since': '1.0.0', 'group': 'string', \
         'complexity': 'O(1).', 'history': <['6.0.0' 'More.']>, 'arguments': [\
         {'name': 'key', 'type': 'key', 'key_spec_index': 0} \
         {'name': 'value', 'type': 'string'} \
         {'name': 'condition', 'type': 'oneof', 'since': '2.6.12', 'flags': <+optional>, \
         'arguments': [{'name': 'nx', 'type': 'pure-token', 'token': 'NX'} \
         {'name': 'xx', 'type': 'pure-token', 'token': 'XX'}]} \
         {'name': 'pair', 'type': 'block', 'flags': <+multiple>, \
         'arguments': [{'name': 'a', 'type': 'integer'} \
         {'name': 'b', 'type': 'integer', 'token': 'B'}]}]}}"
    );
    assert!(docs("mget").contains(
        "'doc_flags': <+deprecated>, 'deprecated_since': '2.0.0', 'replaced_by': '`GET`'"
    ));
    assert!(docs("object").contains("'subcommands': {'object|freq': {'summary': "));
    let freq = "{'object|freq': {'summary': '', 'since': '', 'group': 'generic'}}";
    assert_eq!(docs("object|freq"), freq);
    assert_eq!(docs("nope"), "{}");
    let Node::Map(all) = docs_of_all(&table()) else { panic!("not a map") };
    assert_eq!(all.len(), COMMANDS.len());
}

#[test]
fn list_filters_full_names() {
    let names = |filter| text(&list(&table(), filter));
    assert_eq!(names(Filter::All), "['set' 'object' 'mget' 'eval' 'xread' 'sort' 'object|freq']");
    assert_eq!(names(Filter::Pattern(b"OBJECT*")), "['object' 'object|freq']");
    assert_eq!(names(Filter::Pattern(b"object|?*")), "['object|freq']");
    assert_eq!(names(Filter::AclCategory(b"String")), "['set' 'mget']");
    assert_eq!(names(Filter::AclCategory(b"nope")), "[]");
    assert_eq!(names(Filter::Module(b"m")), "[]");
}

#[test]
fn keys_of_a_request_with_what_happens_to_them() {
    let keys = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        keys_of_request(&table(), &words).map(|node| text(&node))
    };
    assert_eq!(keys("mget a b"), Ok("['a' 'b']".to_owned()));
    assert_eq!(keys("Object FREQ k"), Ok("['k']".to_owned()));
    assert_eq!(keys("eval s 0"), Ok("[]".to_owned()));
    assert_eq!(keys("eval s x"), Ok("[]".to_owned()));
    assert_eq!(keys("nope x"), Err(KeysRefused::UnknownCommand));
    assert_eq!(keys("object nope x"), Err(KeysRefused::UnknownCommand));
    assert_eq!(keys("object|freq freq x"), Err(KeysRefused::UnknownCommand));
    assert_eq!(keys("mget"), Err(KeysRefused::WrongArity));
    assert_eq!(keys("object"), Err(KeysRefused::NoKeys));
    assert_eq!(keys("xread a b c"), Err(KeysRefused::BadWords));
    assert_eq!(keys("sort k"), Err(KeysRefused::BadWords));
    let flags = |words: &[&str]| keys_with_flags_of_request(&table(), &words).map(|n| text(&n));
    assert_eq!(flags(&["set", "a", "b"]), Ok("[['a' <+OW +update>]]".to_owned()));
}

#[test]
fn private_subcommands_are_not_shown() {
    static COMMANDS: &[Command<()>] = &[Spec::new("DEBUG", Group::Server, AtLeast(2))
        .since("1.0.0")
        .doc_flags(PRIVATE_SUBCOMMANDS)
        .subcommands(&[Spec::new("OBJECT", Group::Server, Exactly(3))
            .keys(&[one(RO, 2)])
            .run(())])];
    let table = CommandTable::new(&[COMMANDS]);
    let names = Node::Array(vec![Node::owned("debug")]);
    assert_eq!(list(&table, Filter::All), names);
    assert_eq!(info_of_named(&table, [b"debug|object".as_slice()]), Node::Array(vec![Node::Null]));
    assert_eq!(docs_of_named(&table, [b"debug|object".as_slice()]), Node::Map(Vec::new()));
    let Node::Array(all) = info_of_all(&table) else { panic!("an array of commands") };
    let Node::Array(debug) = &all[0] else { panic!("an array of facts") };
    assert_eq!(debug.last(), Some(&Node::Set(Vec::new())));
    let Node::Map(docs) = docs_of_all(&table) else { panic!("a map of commands") };
    let Node::Map(fields) = &docs[0].1 else { panic!("a map of facts") };
    let has = |name| fields.iter().any(|(field, _)| *field == Node::text(name));
    assert!(has("since") && !has("subcommands") && !has("doc_flags"));
    let keys = keys_of_request(&table, &["debug", "object", "k"]);
    assert_eq!(keys, Err(KeysRefused::NoKeys));
}
