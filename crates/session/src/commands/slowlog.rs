//! SLOWLOG: every core keeps its slow commands, the fold merges them by id.

use command::Command;
use commands::Outcome;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number;

use super::words::misused_subcommand;
use super::{help, parts};
use crate::declared::slowlog as declared;
use crate::{CoreCx, CorePart, Run, SessionCx, SlowEntry};

/// What this family's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[declared::SLOWLOG.subcommands(&[
    declared::SLOWLOG_GET.run(Run::EveryCore { check: check_get, part: get_part, fold: get_fold }),
    declared::SLOWLOG_HELP.run(Run::Session(show_help)),
    declared::SLOWLOG_LEN.run(Run::EveryCore {
        check: parts::no_check,
        part: len_part,
        fold: len_fold,
    }),
    declared::SLOWLOG_RESET.run(Run::EveryCore {
        check: parts::no_check,
        part: reset_part,
        fold: parts::fold_ok,
    }),
])];

const HELP: &[&str] = &[
    "GET [<count>]",
    "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
    "    Entries are made of:",
    "    id, timestamp, time in microseconds, arguments array, client IP and port,",
    "    client name",
    "LEN",
    "    Return the length of the slowlog.",
    "RESET",
    "    Reset the slowlog.",
];

/// Entries that SLOWLOG GET answers if no count is given.
const COUNT_DEFAULT: usize = 10;

fn show_help(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    help::write(args, HELP, writer);
    Ok(())
}

fn check_get(_: &mut SessionCx<'_>, args: Args<'_>) -> Outcome {
    if args.len() > 3 {
        return Err(misused_subcommand(args));
    }
    count(args).map(drop)
}

fn count(args: Args<'_>) -> Result<usize, ReplyError> {
    let Some(word) = args.get(2) else { return Ok(COUNT_DEFAULT) };
    match number::parse_i64(word) {
        Some(-1) => Ok(usize::MAX),
        Some(count @ 0..) => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
        _ => Err(ReplyError::new("ERR count should be greater than or equal to -1")),
    }
}

fn get_part(cx: &mut CoreCx<'_>, args: Args<'_>) -> CorePart {
    let count = count(args).unwrap_or(0);
    let entries = cx.front.slowlog.iter().take(count).cloned().collect();
    let clients = cx.sessions.iter().map(|(_, session)| &session.client);
    let clients = clients.map(|client| (client.id, client.peer.clone(), client.name.clone()));
    Box::new(GetPart { entries, clients: clients.collect() })
}

/// What a core knows of slow commands, and the clients that it has: a command may have run on a
/// core that its client is not on.
struct GetPart {
    entries: Vec<SlowEntry>,
    clients: Vec<(u64, Box<str>, Box<[u8]>)>,
}

fn get_fold(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let mut entries = Vec::new();
    let mut clients = Vec::new();
    for part in parts::of::<GetPart>(all) {
        entries.extend(part.entries);
        clients.extend(part.clients);
    }
    entries.sort_unstable_by_key(|entry: &SlowEntry| std::cmp::Reverse(entry.id));
    entries.truncate(count(args)?.min(len_max(cx)));
    writer.array(entries.len());
    for entry in &mut entries {
        let unknown = entry.peer.is_empty();
        if let Some((_, peer, name)) =
            clients.iter().find(|(id, ..)| unknown && *id == entry.client)
        {
            (entry.peer, entry.name) = (peer.clone(), name.clone());
        }
        write_entry(entry, writer);
    }
    Ok(())
}

fn write_entry(entry: &SlowEntry, writer: &mut ReplyWriter<'_>) {
    writer.array(6);
    writer.integer(entry.id as i64);
    writer.integer(entry.at_ms / 1000);
    writer.integer(entry.duration_us as i64);
    writer.array(entry.words.len());
    for word in &entry.words {
        writer.bulk(word);
    }
    writer.bulk(entry.peer.as_bytes());
    writer.bulk(&entry.name);
}

/// Each core keeps so many, because all slow commands may be its own; together they count no more.
fn len_max(cx: &SessionCx<'_>) -> usize {
    usize::try_from(cx.front.config.slowlog_max_len).unwrap_or(usize::MAX)
}

fn len_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    Box::new(cx.front.slowlog.len())
}

fn len_fold(
    cx: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let len: usize = parts::of::<usize>(all).sum();
    writer.integer(len.min(len_max(cx)) as i64);
    Ok(())
}

fn reset_part(cx: &mut CoreCx<'_>, _: Args<'_>) -> CorePart {
    cx.front.slowlog.clear();
    Box::new(())
}

#[cfg(test)]
mod tests {
    use crate::SlowEntry;
    use crate::commands::harness::{Bench, NOW_MS};

    /// Twelve entries, dealt to the cores in turn.
    fn with_entries() -> Bench {
        let mut bench = Bench::new();
        for number in 0..12 {
            let id = bench.front().house.next_slow_id();
            let entry = SlowEntry {
                id,
                at_ms: NOW_MS + number * 1000,
                duration_us: 10_000,
                words: vec![b"GET".as_slice().into(), b"k".as_slice().into()],
                client: 0,
                peer: "127.0.0.1:5".into(),
                name: b"me".as_slice().into(),
            };
            bench.cores[number as usize % 2].front.slowlog.push(entry, 128);
        }
        bench
    }

    #[test]
    fn entries_of_all_cores_come_newest_first() {
        let mut bench = with_entries();
        let reply = bench.ask("SLOWLOG GET 2");
        let entry = |id, second: i64| {
            let at_s = NOW_MS / 1000 + second;
            format!(
                "*6\r\n:{id}\r\n:{at_s}\r\n:10000\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n\
                 $11\r\n127.0.0.1:5\r\n$2\r\nme\r\n"
            )
        };
        assert_eq!(reply, format!("*2\r\n{}{}", entry(11, 11), entry(10, 10)));
        assert!(bench.ask("SLOWLOG GET").starts_with("*10\r\n"));
        assert!(bench.ask("SLOWLOG GET -1").starts_with("*12\r\n"));
        assert_eq!(bench.ask("SLOWLOG GET 0"), "*0\r\n");
    }

    #[test]
    fn all_cores_together_keep_no_more_than_the_limit() {
        let mut bench = with_entries();
        assert_eq!(bench.ask("SLOWLOG LEN"), ":12\r\n");
        bench.ask("CONFIG SET slowlog-max-len 7");
        assert_eq!(bench.ask("SLOWLOG LEN"), ":7\r\n");
        assert!(bench.ask("SLOWLOG GET -1").starts_with("*7\r\n*6\r\n:11\r\n"));
    }

    #[test]
    fn reset_forgets_the_entries_but_not_the_ids() {
        let mut bench = with_entries();
        assert_eq!(bench.ask("SLOWLOG RESET"), "+OK\r\n");
        assert_eq!(bench.ask("SLOWLOG LEN"), ":0\r\n");
        assert_eq!(bench.front().house.next_slow_id(), 12);
    }

    #[test]
    fn counts_are_checked() {
        let mut bench = Bench::new();
        let refused = "-ERR count should be greater than or equal to -1\r\n";
        for count in ["x", "-2", "99999999999999999999"] {
            assert_eq!(bench.ask(&format!("SLOWLOG GET {count}")), refused);
        }
        let refused = "-ERR unknown subcommand or wrong number of arguments for 'get'. \
                       Try SLOWLOG HELP.\r\n";
        assert_eq!(bench.ask("SLOWLOG get 1 2"), refused);
    }
}
