//! PING, ECHO, SELECT, RESET and QUIT.

use command::Command;
use commands::Outcome;
use commands::args::int;
use commands::errors::DB_INDEX_OUT_OF_RANGE;
use keyspace::DbIndex;
use resp::{Args, Protocol, ReplyError, ReplyWriter};

use crate::declared::connection as declared;
use crate::{Outlook, ReplyMode, Run, SessionCx, gate};

/// What this file's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[
    declared::PING.run(Run::Session(ping)),
    declared::ECHO.run(Run::Session(echo)),
    declared::SELECT.run(Run::Switch { run: select, foresee: foresee_select }),
    declared::RESET.run(Run::AtOnce(reset)),
    declared::QUIT.run(Run::AtOnce(quit)),
];

fn ping(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    match args.len() {
        1 => writer.simple("PONG"),
        2 => writer.bulk(args.at(1)),
        _ => return Err(gate::wrong_arity(cx.front, cx.command)),
    }
    Ok(())
}

fn echo(_: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    writer.bulk(args.at(1));
    Ok(())
}

fn select(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.client.db = selected(args, cx.front.config.databases)?;
    writer.ok();
    Ok(())
}

fn selected(args: Args<'_>, databases: u32) -> Result<DbIndex, ReplyError> {
    let index = u16::try_from(int(args.at(1))?).map_err(|_| DB_INDEX_OUT_OF_RANGE)?;
    if u32::from(index) < databases { Ok(DbIndex(index)) } else { Err(DB_INDEX_OUT_OF_RANGE) }
}

/// A SELECT that fails leaves the database as it is.
fn foresee_select(args: Args<'_>, outlook: Outlook) -> Option<Outlook> {
    let db = selected(args, outlook.databases).unwrap_or(outlook.db);
    Some(Outlook { db, ..outlook })
}

/// Makes a client what it was when it connected. REDIS: what it told of its library stays.
fn reset(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let client = &mut *cx.client;
    client.name = Box::default();
    client.db = DbIndex::default();
    client.protocol = Protocol::Resp2;
    client.authenticated = cx.front.config.requirepass.is_none();
    client.reply_mode = ReplyMode::On;
    client.no_evict = false;
    client.no_touch = false;
    client.multi = None;
    cx.forget_watched();
    writer.set_protocol(Protocol::Resp2);
    writer.simple("RESET");
    Ok(())
}

fn quit(cx: &mut SessionCx<'_>, _: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    cx.client.close_after_reply = true;
    writer.ok();
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    #[test]
    fn ping_and_echo_answer() {
        let mut bench = Bench::new();
        assert_eq!(bench.ask("PING"), "+PONG\r\n");
        assert_eq!(bench.ask("PING hi"), "$2\r\nhi\r\n");
        let refused = "-ERR wrong number of arguments for 'ping' command\r\n";
        assert_eq!(bench.ask("PING a b"), refused);
        assert_eq!(bench.ask("ECHO hi"), "$2\r\nhi\r\n");
    }

    #[test]
    fn select_takes_a_database_that_exists() {
        let mut bench = Bench::new();
        assert_eq!(bench.ask("SELECT 15"), "+OK\r\n");
        assert_eq!(bench.client().db.index(), 15);
        for index in ["16", "-1", "70000", "2147483647"] {
            let reply = bench.ask(&format!("SELECT {index}"));
            assert_eq!(reply, "-ERR DB index is out of range\r\n", "{index}");
        }
        let refused = "-ERR value is not an integer or out of range\r\n";
        assert_eq!(bench.ask("SELECT a"), refused);
        let refused = "-ERR value is out of range, \
                       value must between -2147483648 and 2147483647\r\n";
        assert_eq!(bench.ask("SELECT 99999999999"), refused);
        assert_eq!(bench.client().db.index(), 15);
    }

    #[test]
    fn reset_makes_a_client_new() {
        let mut bench = Bench::new();
        for line in ["HELLO 3 SETNAME me", "SELECT 3", "CLIENT NO-EVICT ON", "CLIENT NO-TOUCH ON"] {
            bench.ask(line);
        }
        bench.ask("CONFIG SET requirepass secret");
        assert_eq!(bench.ask("RESET"), "+RESET\r\n");
        let client = bench.client();
        assert_eq!((client.db.index(), client.name.len()), (0, 0));
        assert!(!client.no_evict && !client.no_touch && !client.authenticated);
        assert_eq!(bench.ask("PING"), "-NOAUTH Authentication required.\r\n");
        assert_eq!(bench.ask("AUTH secret"), "+OK\r\n");
        assert_eq!(bench.ask("CLIENT GETNAME"), "$-1\r\n");
    }

    #[test]
    fn quit_ends_the_connection_after_its_reply() {
        let mut bench = Bench::new();
        assert_eq!(bench.ask("QUIT"), "+OK\r\n");
        assert!(bench.client().close_after_reply);
    }
}
