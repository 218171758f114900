//! Connections: PING, ECHO, HELLO, AUTH, RESET, QUIT, and requests that no command answers.

use testkit::script;

use crate::check;
use crate::ways::GREETING;

#[test]
fn ping_and_echo() {
    check(&script![
        "PING",
        "ping",
        "PING hello",
        "PING \"\"",
        "PING \"\\x00\\xff\\r\\n\"",
        "PING a b",
        "ECHO hi",
        "ECHO \"\"",
        "ECHO",
        "ECHO a b",
    ]);
}

#[test]
fn what_is_no_command() {
    check(&script![
        "FOO",
        "FOO bar baz",
        "\"\"",
        "\"FO\\r\\nO\" bar",
        "\"a\\x00b\" \"c\\x00d\" e",
        format!("FOO {}", "x".repeat(200)),
        format!("FOO {} b", "x".repeat(127)),
        format!("FOO {}", "abc ".repeat(100)),
        format!("{} a", "y".repeat(300)),
        "CLIENT",
        "CLIENT FOO",
        "CLIENT \"F\\r\\nO\"",
        format!("CONFIG {}", "y".repeat(300)),
        "OBJECT FOO bar",
        "MEMORY",
        "SLOWLOG",
    ]);
}

#[test]
fn hello() {
    check(&script![
        "HELLO" => GREETING,
        "HELLO 2" => GREETING,
        "HELLO 3" => GREETING,
        "PING",
        "GET nothing",
        "HELLO 4",
        "HELLO 1",
        "HELLO abc",
        "HELLO 99999999999999999999",
        "HELLO 3 FOO",
        "HELLO 3 AUTH",
        "HELLO 3 AUTH a",
        "HELLO 3 AUTH a b",
        "HELLO 2 AUTH default b SETNAME x" => GREETING,
        "CLIENT GETNAME",
        "HELLO 3 SETNAME",
        "HELLO 3 SETNAME \"a b\"",
        "HELLO 2 FOO AUTH a b",
        "CLIENT GETNAME",
        "HELLO 3 SETNAME ab" => GREETING,
        "CLIENT GETNAME",
        "HELLO 3 SETNAME \"\"" => GREETING,
        "CLIENT GETNAME",
    ]);
}

#[test]
fn reset_and_quit() {
    check(&script![
        "HELLO 3 SETNAME me" => GREETING,
        "SELECT 5",
        "SET k five",
        "RESET",
        "CLIENT GETNAME",
        "GET k",
        "RESET a",
        "QUIT",
        "PING",
        "QUIT a b c",
        "@b> QUIT",
        "@b> PING",
        "@b<",
        "@b<",
    ]);
}

#[test]
fn auth_without_a_password() {
    check(&script![
        "AUTH",
        "AUTH a",
        "AUTH a b",
        "AUTH a b c",
        "AUTH default a",
        "AUTH \"default\\x00\" a",
        "PING",
    ]);
}

#[test]
fn a_password_is_asked_for() {
    check(&script![
        "SET k v",
        "CONFIG SET requirepass secret",
        "PING",
        "CONFIG GET requirepass",
        "RESET",
        "PING",
        "GET k",
        "FOO",
        "GET",
        "CLIENT FOO",
        "CLIENT LIST",
        "COMMAND COUNT",
        "DEBUG SLEEP 0",
        "HELLO",
        "HELLO 3",
        "HELLO 3 AUTH default wrong",
        "AUTH wrong",
        "AUTH default wrong",
        "AUTH nobody secret",
        "AUTH secre",
        "AUTH secret2",
        "AUTH \"secret\\x00\"",
        "AUTH",
        "PING",
        "AUTH secret",
        "GET k",
        "RESET",
        "GET k",
        "HELLO 2 AUTH default secret" => GREETING,
        "GET k",
        "RESET",
        "HELLO 3 AUTH default secret SETNAME me" => GREETING,
        "CLIENT GETNAME",
        "CONFIG SET requirepass other",
        "GET k",
        "AUTH secret",
        "GET k",
        "AUTH other",
        "CONFIG SET requirepass \"\"",
        "RESET",
        "GET k",
        "AUTH other",
    ]);
}
