//! What is answered at once: there is something, something is wrong, or it is MULTI.

use testkit::compare::Comparison;
use testkit::oracle::Packaged;
use testkit::script;
use testkit::script::Step;

use crate::check;
use crate::ways::TREE;

const COMMANDS: &[&str] = &[
    "BLPOP k 0.01",
    "BRPOP k 0.01",
    "BLPOP none k 0.01",
    "BLPOP none k other 0.01",
    "BRPOP {k}1 k {k}2 0.01",
    "BLMPOP 0.01 1 k LEFT",
    "BLMPOP 0.01 2 none k RIGHT COUNT 2",
    "BLMPOP 0.01 2 {k}1 k LEFT COUNT 100",
    "BLMOVE k to LEFT RIGHT 0.01",
    "BLMOVE k {k}to RIGHT LEFT 0.01",
    "BLMOVE k k LEFT RIGHT 0.01",
    "BRPOPLPUSH k to 0.01",
    "BRPOPLPUSH k k 0.01",
    "BRPOPLPUSH k {k}to 0.01",
];

#[test]
fn there_is_something() {
    let mut steps = Vec::new();
    for command in COMMANDS {
        for elements in ["x", "1 2 3", "a b c d e f g h i j"] {
            steps.extend(script!["FLUSHALL", format!("RPUSH k {elements}"), *command]);
            steps.extend(script!["LRANGE k 0 -1", "LRANGE to 0 -1", "LRANGE {k}to 0 -1", "DBSIZE"]);
        }
    }
    check(&steps);
}

#[test]
fn there_is_nothing() {
    let mut steps = Vec::new();
    for command in COMMANDS {
        steps.extend(script!["FLUSHALL", *command, "MULTI", *command, "EXEC", "DBSIZE"]);
        steps.extend(script!["SET to x", "SET {k}to x", *command]);
        steps.extend(script!["RPUSH k 1", *command, "LLEN k", "SET k x", *command]);
    }
    check(&steps);
}

#[test]
fn in_multi_nobody_waits() {
    let mut steps = Vec::new();
    for command in COMMANDS {
        let patient = command.replace("0.01", "0");
        steps.extend(script!["FLUSHALL", "MULTI", patient.clone(), "RPUSH k 1 2", patient, "EXEC"]);
        // With the whole house at hand.
        let patient = command.replace("0.01", "0");
        steps.extend(script!["MULTI", "DBSIZE", patient.clone(), "RPUSH k 1", patient, "EXEC"]);
    }
    steps.extend(script!["MULTI", "WAIT 0 0", "WAIT 3 0", "DBSIZE", "WAIT 1 100", "EXEC"]);
    check(&steps);
}

#[test]
fn timeouts_have_a_form() {
    let mut steps = vec![Step::line("RPUSH {k}l 1 2 3 4 5 6 7 8 9")];
    for timeout in [
        "abc",
        "-1",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-1e400",
        "1e5000",
        "1e-5000",
        "''",
        "' 1'",
        "'1 '",
        "0x",
        "1e",
        "+",
        "--1",
        "1_0",
        "\"1\\x00\"",
        "9223372036854775807",
        "9223372036854775.808",
        "-0.0011",
        "-0.5",
        "9223372036854775.807",
        "-0.001",
        "-0.00001",
        "0x1p3",
        "+1",
        ".5",
        "5.",
        "1e3",
    ] {
        steps.push(Step::line(&format!("BLPOP {{k}}l {timeout}")));
        steps.push(Step::line(&format!("BLMOVE {{k}}l {{k}}l LEFT RIGHT {timeout}")));
        steps.push(Step::line(&format!("BLMPOP {timeout} 1 {{k}}none LEFT COUNT 0")));
    }
    for timeout in ["abc", "-1", "1.5", "' 1'", "9223372036854775808"] {
        steps.push(Step::line(&format!("WAIT 0 {timeout}")));
        steps.push(Step::line(&format!("WAIT x {timeout}")));
    }
    check(&steps);
}

#[test]
fn errors_come_in_their_order() {
    check(&script![
        "SET s x",
        "SET {k}s x",
        "RPUSH {k}l 1 2 3 4",
        "BLPOP s abc",
        "BLPOP s 0",
        "BLPOP none s 0.01",
        "BLPOP {k}s {k}l 0",
        "BLPOP {k}l {k}s 0",
        "BLPOP s {k}l 0",
        "BLPOP {k}l s 0",
        "BLPOP k",
        "BLPOP",
        "BRPOP 1",
        "BLMPOP 0.01 2 s {k}l LEFT",
        "BLMPOP x 1 s LEFT",
        "BLMPOP 1 0 x LEFT",
        "BLMPOP 1 -1 k LEFT",
        "BLMPOP 1 a k LEFT",
        "BLMPOP abc 0 k LEFT",
        "BLMPOP abc 1 k MID",
        "BLMPOP 1 2 k LEFT",
        "BLMPOP 1 1 k LEFT COUNT",
        "BLMPOP 1 1 k LEFT COUNT 0",
        "BLMPOP 1 1 k LEFT COUNT x",
        "BLMPOP 1 1 k LEFT COUNT 2 COUNT 3",
        "BLMPOP x 1 k",
        "BLMOVE s {k}l LEFT LEFT 0",
        "BLMOVE s {k}l LEFT LEFT x",
        "BLMOVE {k}l s LEFT LEFT 0",
        "BLMOVE none s LEFT LEFT 0.01",
        "BLMOVE none s LEFT MID x",
        "BLMOVE none s MID LEFT x",
        "BLMOVE a b LEFT LEFT",
        "BRPOPLPUSH a b",
        "BRPOPLPUSH a b x",
        "BRPOPLPUSH s b 0",
        "WAIT",
        "WAIT 1",
        "WAIT x 0",
        "WAIT 0 0",
        "WAIT -1 0",
        "WAIT 1 10",
        "CLIENT UNBLOCK",
        "CLIENT UNBLOCK abc",
        "CLIENT UNBLOCK 0",
        "CLIENT UNBLOCK -5",
        "CLIENT UNBLOCK 99999 X",
        "CLIENT UNBLOCK abc X",
        "CLIENT UNBLOCK 99999",
        "CLIENT UNBLOCK 99999 TIMEOUT",
        "CLIENT UNBLOCK 99999 error",
        "CLIENT UNBLOCK 99999 error x",
        "LLEN {k}l",
    ]);
}

/// WAITAOF is of 7.2.
#[test]
fn nobody_has_a_file() {
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).check(&script![
        "COMMAND INFO waitaof" => TREE,
        "WAITAOF 0 0 0",
        "WAITAOF 1 0 0",
        "WAITAOF 0 1 10",
        "WAITAOF 2 0 0",
        "WAITAOF -1 0 0",
        "WAITAOF x 0 0",
        "WAITAOF 0 -1 0",
        "WAITAOF 0 x 0",
        "WAITAOF 0 0 x",
        "WAITAOF 0 0 -1",
        "WAITAOF 1 1 x",
        "WAITAOF 0 0",
        "MULTI",
        "WAITAOF 0 1 0",
        "WAITAOF 1 1 0",
        "EXEC",
        "> WAITAOF 0 1 0",
        "@b INFO clients ?= blocked_clients:1",
        "@b CLIENT KILL TYPE normal",
        "<",
    ]);
}
