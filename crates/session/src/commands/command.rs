//! COMMAND: what the table of commands says of itself; `command::describe` makes the answers.

use command::describe::{
    Filter, KeysRefused, Node, docs_of_all, docs_of_named, info_of_all, info_of_named,
    keys_of_request, keys_with_flags_of_request, list,
};
use command::key_spec::words_from_fn;
use command::{Command, Words};
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};

use super::help;
use super::words::is;
use crate::declared::command as declared;
use crate::{Run, SessionCx};
use commands::errors::SYNTAX;

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] =
    &[declared::COMMAND.run(Run::Session(info_all)).subcommands(&[
        declared::COMMAND_COUNT.run(Run::Session(count)),
        declared::COMMAND_DOCS.run(Run::Session(docs)),
        declared::COMMAND_GETKEYS.run(Run::Session(get_keys)),
        declared::COMMAND_GETKEYSANDFLAGS.run(Run::Session(get_keys_and_flags)),
        declared::COMMAND_HELP.run(Run::Session(show_help)),
        declared::COMMAND_INFO.run(Run::Session(info)),
        declared::COMMAND_LIST.run(Run::Session(list_names)),
    ])];

const HELP: &[&str] = &[
    "(no subcommand)",
    "    Return details about all Redis commands.",
    "COUNT",
    "    Return the total number of commands in this Redis server.",
    "LIST",
    "    Return a list of all commands in this Redis server.",
    "INFO [<command-name> ...]",
    "    Return details about multiple Redis commands.",
    "    If no command names are given, documentation details for all",
    "    commands are returned.",
    "DOCS [<command-name> ...]",
    "    Return documentation details about multiple Redis commands.",
    "    If no command names are given, documentation details for all",
    "    commands are returned.",
    "GETKEYS <full-command>",
    "    Return the keys from a full Redis command.",
    "GETKEYSANDFLAGS <full-command>",
    "    Return the keys and the access flags from a full Redis command.",
];

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

fn info_all(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    write(&info_of_all(cx.front.table), writer);
    Ok(())
}

fn info(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let names = args.tail(2);
    if names.is_empty() {
        return info_all(cx, args, writer);
    }
    write(&info_of_named(cx.front.table, names.iter()), writer);
    Ok(())
}

fn docs(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let names = args.tail(2);
    let docs = if names.is_empty() {
        docs_of_all(cx.front.table)
    } else {
        docs_of_named(cx.front.table, names.iter())
    };
    write(&docs, writer);
    Ok(())
}

fn count(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    writer.integer(cx.front.table.commands().count() as i64);
    Ok(())
}

fn list_names(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let filter = match args.len() {
        2 => Filter::All,
        5 if is(args.at(2), "FILTERBY") => filter(args.at(3), args.at(4))?,
        _ => return Err(SYNTAX),
    };
    write(&list(cx.front.table, filter), writer);
    Ok(())
}

fn filter<'a>(by: &[u8], what: &'a [u8]) -> Result<Filter<'a>, ReplyError> {
    match () {
        () if is(by, "MODULE") => Ok(Filter::Module(what)),
        () if is(by, "ACLCAT") => Ok(Filter::AclCategory(what)),
        () if is(by, "PATTERN") => Ok(Filter::Pattern(what)),
        () => Err(SYNTAX),
    }
}

fn get_keys(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let keys = keys_of_request(cx.front.table, &request_in(args)).map_err(refused)?;
    write(&keys, writer);
    Ok(())
}

fn get_keys_and_flags(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let keys = keys_with_flags_of_request(cx.front.table, &request_in(args)).map_err(refused)?;
    write(&keys, writer);
    Ok(())
}

/// The request that follows the subcommand.
fn request_in(args: Args<'_>) -> impl Words {
    let request = args.tail(2);
    words_from_fn(request.len(), move |index| request.at(index))
}

fn refused(why: KeysRefused) -> ReplyError {
    ReplyError::from(format!("ERR {}", why.message()))
}

/// Renders an answer.
fn write(node: &Node, writer: &mut ReplyWriter<'_>) {
    match node {
        Node::Null => writer.null(),
        Node::Int(number) => writer.integer(*number),
        Node::Status(text) => writer.simple(text),
        Node::Bulk(bytes) => writer.bulk(bytes),
        Node::Array(elements) => {
            writer.array(elements.len());
            elements.iter().for_each(|element| write(element, writer));
        }
        Node::Set(members) => {
            writer.set(members.len());
            members.iter().for_each(|member| write(member, writer));
        }
        Node::Map(pairs) => {
            writer.map(pairs.len());
            for (field, value) in pairs {
                write(field, writer);
                write(value, writer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    #[test]
    fn command_info_of_what_is_there_and_what_is_not() {
        let mut bench = Bench::new();
        let reply = bench.ask("COMMAND INFO nosuch PING config|get");
        assert!(reply.starts_with("*3\r\n$-1\r\n*10\r\n$4\r\nping\r\n:-1\r\n"), "{reply}");
        assert!(reply.contains("$10\r\nconfig|get\r\n:-3\r\n"), "{reply}");
        let all = bench.ask("COMMAND");
        assert_eq!(bench.ask("COMMAND INFO"), all);
        let count = bench.ask("COMMAND COUNT");
        assert_eq!(all.split_once("\r\n").map(|(head, _)| &head[1..]), Some(count[1..].trim_end()));
    }

    #[test]
    fn command_docs_is_a_map() {
        let mut bench = Bench::new();
        assert_eq!(bench.ask("COMMAND DOCS nosuch"), "*0\r\n");
        assert!(bench.ask("COMMAND DOCS ping").starts_with("*2\r\n$4\r\nping\r\n*"));
        bench.ask("HELLO 3");
        assert_eq!(bench.ask("COMMAND DOCS nosuch"), "%0\r\n");
    }

    #[test]
    fn command_list_takes_one_filter() {
        let mut bench = Bench::new();
        let reply = bench.ask("COMMAND LIST FILTERBY PATTERN config|s*");
        assert_eq!(reply, "*1\r\n$10\r\nconfig|set\r\n");
        assert_eq!(bench.ask("COMMAND LIST FILTERBY MODULE x"), "*0\r\n");
        assert_eq!(bench.ask("COMMAND LIST FILTERBY ACLCAT nosuch"), "*0\r\n");
        assert!(bench.ask("COMMAND LIST").contains("$4\r\nping\r\n"));
        for line in ["foo", "FILTERBY", "FILTERBY MODULE", "FILTERBY FOO x"] {
            assert_eq!(bench.ask(&format!("COMMAND LIST {line}")), "-ERR syntax error\r\n");
        }
    }

    #[test]
    fn command_getkeys_refuses_what_has_no_keys() {
        let mut bench = Bench::new();
        let refused = "-ERR Invalid command specified\r\n";
        assert_eq!(bench.ask("COMMAND GETKEYS nosuch a"), refused);
        let refused = "-ERR The command has no key arguments\r\n";
        assert_eq!(bench.ask("COMMAND GETKEYS ping a"), refused);
        let reply = bench.ask("COMMAND GETKEYS memory usage a");
        assert_eq!(reply, "*1\r\n$1\r\na\r\n");
        let reply = bench.ask("COMMAND GETKEYSANDFLAGS memory usage a");
        assert_eq!(reply, "*1\r\n*2\r\n$1\r\na\r\n*1\r\n+RO\r\n");
    }
}
