//! BITOP: strings of all lengths and kinds, wherever they live.

use testkit::compare::Pace;
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill};
use crate::{STAGE, check};

#[test]
fn pairs_of_strings() {
    let mut steps = fill();
    for a in KEYS {
        for b in KEYS {
            for operation in ["AND", "OR", "XOR"] {
                steps.push(Step::from(format!("BITOP {operation} made {a} {b}")));
                steps.push(Step::from("DEBUG DIGEST-VALUE made"));
            }
        }
        for line in ["BITOP NOT made ?", "GET made", "BITOP AND made ?", "BITOP XOR made made ?"] {
            steps.push(Step::from(line.replace('?', a)));
        }
    }
    check(&steps);
    STAGE.check_at(Pace { depth: 200, cuts: None }, "pipelined", &steps);
}

#[test]
fn many_strings() {
    let mut steps = fill();
    let all = "short ones zeros300 mixed number big ones300 empty none negative";
    for operation in ["AND", "OR", "XOR", "and", "Xor"] {
        for keys in
            [all, "ones ones ones", "mixed", "none", "none none", "empty", "ones mixed ones"]
        {
            for target in ["made", "mixed", "list"] {
                steps.push(Step::from(format!("BITOP {operation} {target} {keys}")));
                steps.push(Step::from(format!("BITCOUNT {target}")));
                steps.push(Step::from(format!("OBJECT ENCODING {target}")));
            }
            steps.push(Step::from("SETRANGE mixed 150 \"\\x00\\xff\\x0f\\xff\\xff\\xf0\""));
        }
    }
    check(&steps);
}

#[test]
fn errors_and_expiries() {
    check(&script![
        "SET a abc",
        "SET b \"\\xff\" EX 1000",
        "RPUSH list x",
        "BITOP",
        "BITOP AND",
        "BITOP AND d",
        "BITOP NAND d a b",
        "BITOP DIFF d a b",
        "BITOP \"\" d a b",
        "BITOP NOT d a b",
        "BITOP NOT d",
        "BITOP AND d a list",
        "BITOP AND d list none",
        "EXISTS d",
        "SET d old EX 1000",
        "BITOP OR d a b",
        "TTL d",
        "BITOP OR b a b",
        "TTL b",
        "GET b",
        "@w WATCH d none",
        "BITOP OR none none2",
        "@w MULTI",
        "@w PING",
        "@w EXEC",
        "@w WATCH d",
        "BITOP OR d none2",
        "@w MULTI",
        "@w PING",
        "@w EXEC",
        "EXISTS d",
        "MULTI",
        "BITOP XOR x a b",
        "BITOP XOR y x a",
        "GET y",
        "BITCOUNT x",
        "EXEC",
        "DBSIZE",
    ]);
}
