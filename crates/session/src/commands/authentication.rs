//! AUTH and HELLO: who a client is and which protocol it speaks.
//!
//! There is one user, `default`, whose password is `requirepass`.

use command::Command;
use commands::Outcome;
use resp::{Args, Protocol, ReplyError, ReplyWriter};
use stdx::number;

use super::client::check_name;
use super::words::{error_with, is};
use crate::declared::connection as declared;
use crate::{Run, SessionCx};
use commands::errors::SYNTAX;

/// What this file's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] = &[
    declared::AUTH.run(Run::Session(auth)),
    declared::HELLO.run(Run::Switch { run: hello, foresee: |_, _| None }),
];

/// The only user.
pub(super) const DEFAULT_USER: &str = "default";

/// The version of Redis whose behaviour clients may expect.
pub(super) const REDIS_VERSION: &str = "7.4.0";

const WRONG_PASSWORD: ReplyError =
    ReplyError::new("WRONGPASS invalid username-password pair or user is disabled.");
const NO_PASSWORD_SET: ReplyError = ReplyError::new(
    "ERR AUTH <password> called without any password configured for the default user. \
     Are you sure your configuration is correct?",
);
const HELLO_BEFORE_AUTH: ReplyError = ReplyError::new(
    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH \
     <user> <pass> option can be used to authenticate the client and select the RESP protocol \
     version at the same time",
);
const UNSUPPORTED_PROTOCOL: ReplyError = ReplyError::new("NOPROTO unsupported protocol version");
const PROTOCOL_NOT_A_NUMBER: ReplyError =
    ReplyError::new("ERR Protocol version is not an integer or out of range");

fn auth(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    match args.len() {
        2 if cx.front.config.requirepass.is_none() => return Err(NO_PASSWORD_SET),
        2 => authenticate(cx, DEFAULT_USER.as_bytes(), args.at(1))?,
        3 => authenticate(cx, args.at(1), args.at(2))?,
        _ => return Err(SYNTAX),
    }
    writer.ok();
    Ok(())
}

fn authenticate(cx: &mut SessionCx<'_>, user: &[u8], password: &[u8]) -> Outcome {
    let expected = cx.front.config.requirepass.as_deref();
    let is_right = expected.is_none_or(|expected| is_same_secret(expected, password));
    if user != DEFAULT_USER.as_bytes() || !is_right {
        cx.front.stats.auth_failures += 1;
        return Err(WRONG_PASSWORD);
    }
    cx.client.authenticated = true;
    Ok(())
}

/// Compares all bytes, wherever the first difference is: the time taken tells nothing about it.
fn is_same_secret(expected: &[u8], given: &[u8]) -> bool {
    let differences = given
        .iter()
        .enumerate()
        .fold(0, |all, (index, byte)| all | (byte ^ expected.get(index).copied().unwrap_or(!byte)));
    std::hint::black_box(differences) == 0 && expected.len() == given.len()
}

/// What HELLO's words ask for.
#[derive(Default)]
struct Greeting<'a> {
    protocol: Option<Protocol>,
    credentials: Option<(&'a [u8], &'a [u8])>,
    name: Option<&'a [u8]>,
}

impl<'a> Greeting<'a> {
    fn parse(args: Args<'a>) -> Result<Self, ReplyError> {
        let mut greeting = Self::default();
        let Some(version) = args.get(1) else { return Ok(greeting) };
        greeting.protocol = match number::parse_i64(version) {
            Some(2) => Some(Protocol::Resp2),
            Some(3) => Some(Protocol::Resp3),
            Some(_) => return Err(UNSUPPORTED_PROTOCOL),
            None => return Err(PROTOCOL_NOT_A_NUMBER),
        };
        let mut at = 2;
        while let Some(option) = args.get(at) {
            let (first, second) = (args.get(at + 1), args.get(at + 2));
            at += match (first, second) {
                (Some(user), Some(password)) if is(option, "AUTH") => {
                    greeting.credentials = Some((user, password));
                    3
                }
                (Some(name), _) if is(option, "SETNAME") => {
                    check_name(name)?;
                    greeting.name = Some(name);
                    2
                }
                _ => return Err(error_with("ERR Syntax error in HELLO option '", option, "'")),
            };
        }
        Ok(greeting)
    }
}

fn hello(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let greeting = Greeting::parse(args)?;
    if let Some((user, password)) = greeting.credentials {
        authenticate(cx, user, password)?;
    }
    if !cx.client.authenticated {
        return Err(HELLO_BEFORE_AUTH);
    }
    if let Some(name) = greeting.name {
        cx.client.name = name.into();
    }
    if let Some(protocol) = greeting.protocol {
        cx.client.protocol = protocol;
        writer.set_protocol(protocol);
    }
    introduce(cx, writer);
    Ok(())
}

/// Says who this server is.
fn introduce(cx: &SessionCx<'_>, writer: &mut ReplyWriter<'_>) {
    let version = if cx.client.protocol == Protocol::Resp3 { 3 } else { 2 };
    let text = |writer: &mut ReplyWriter<'_>, field: &str, value: &str| {
        writer.bulk(field.as_bytes());
        writer.bulk(value.as_bytes());
    };
    writer.map(7);
    text(writer, "server", "redis");
    text(writer, "version", REDIS_VERSION);
    writer.bulk(b"proto");
    writer.integer(version);
    writer.bulk(b"id");
    writer.integer(cx.client.id as i64);
    text(writer, "mode", "standalone");
    text(writer, "role", "master");
    writer.bulk(b"modules");
    writer.array(0);
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    const WRONGPASS: &str = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

    #[test]
    fn auth_without_a_password_to_check() {
        let mut bench = Bench::new();
        assert!(bench.ask("AUTH a").starts_with("-ERR AUTH <password> called without any"));
        assert_eq!(bench.ask("AUTH default a"), "+OK\r\n");
        assert_eq!(bench.ask("AUTH somebody a"), WRONGPASS);
        assert_eq!(bench.ask("AUTH a b c"), "-ERR syntax error\r\n");
    }

    #[test]
    fn auth_checks_the_password() {
        let mut bench = Bench::new();
        bench.ask("CONFIG SET requirepass secret");
        bench.new_client();
        assert_eq!(bench.ask("PING"), "-NOAUTH Authentication required.\r\n");
        for line in ["AUTH secre", "AUTH secret2", "AUTH secreT", "AUTH default x", "AUTH x secret"]
        {
            assert_eq!(bench.ask(line), WRONGPASS, "{line}");
        }
        assert_eq!(bench.ask("PING"), "-NOAUTH Authentication required.\r\n");
        assert_eq!(bench.ask("AUTH secret"), "+OK\r\n");
        assert_eq!(bench.ask("PING"), "+PONG\r\n");
    }

    #[test]
    fn hello_switches_the_protocol() {
        let mut bench = Bench::new();
        let id = bench.client().id;
        let reply = format!(
            "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.4.0\r\n\
             $5\r\nproto\r\n:3\r\n$2\r\nid\r\n:{id}\r\n\
             $4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n\
             $7\r\nmodules\r\n*0\r\n"
        );
        assert_eq!(bench.ask("HELLO 3"), reply);
        assert!(bench.ask("HELLO").starts_with("%7"));
        assert!(bench.ask("HELLO 2").starts_with("*14"));
    }

    #[test]
    fn hello_refuses_what_it_does_not_know() {
        let mut bench = Bench::new();
        for version in ["1", "4", "-1"] {
            let reply = bench.ask(&format!("HELLO {version}"));
            assert_eq!(reply, "-NOPROTO unsupported protocol version\r\n");
        }
        let refused = "-ERR Protocol version is not an integer or out of range\r\n";
        assert_eq!(bench.ask("HELLO x"), refused);
        for (line, option) in
            [("HELLO 3 FOO", "FOO"), ("HELLO 3 auth a", "auth"), ("HELLO 2 SETNAME", "SETNAME")]
        {
            let refused = format!("-ERR Syntax error in HELLO option '{option}'\r\n");
            assert_eq!(bench.ask(line), refused);
        }
        assert_eq!(bench.ask("HELLO 3 AUTH x y"), WRONGPASS);
        assert_eq!(bench.client().protocol, resp::Protocol::Resp2);
    }

    #[test]
    fn hello_can_authenticate_and_name() {
        let mut bench = Bench::new();
        bench.ask("CONFIG SET requirepass secret");
        bench.new_client();
        assert!(bench.ask("HELLO").starts_with("-NOAUTH HELLO must be called"));
        assert!(bench.ask("HELLO 3 SETNAME me").starts_with("-NOAUTH HELLO must be called"));
        assert_eq!(bench.client().name.len(), 0);
        assert!(bench.ask("HELLO 3 SETNAME me AUTH default secret").starts_with("%7"));
        assert_eq!(bench.ask("CLIENT GETNAME"), "$2\r\nme\r\n");
    }
}
