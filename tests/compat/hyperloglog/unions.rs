//! PFCOUNT of several keys and PFMERGE, wherever they live.

use testkit::compare::Pace;
use testkit::script;
use testkit::script::Step;

use super::{add, look};
use crate::{STAGE, check};

/// Sparse and dense ones, which overlap, an empty one and one that is not there.
const KEYS: &[&str] = &["few", "some", "many", "most", "empty", "dense", "none"];

fn fill() -> Vec<Step> {
    let mut steps = vec![
        add("few", 0..10),
        add("some", 5..300),
        add("many", 200..1800),
        add("most", 1000..9000),
        add("empty", []),
        add("dense", 0..3),
    ];
    steps.push(Step::from("PFDEBUG TODENSE dense"));
    steps
}

#[test]
fn pairs() {
    let mut steps = fill();
    for a in KEYS {
        for b in KEYS {
            steps.push(Step::from(format!("PFCOUNT {a} {b}")));
            steps.push(Step::from(format!("PFMERGE {a}{b} {a} {b}")));
            steps.extend(look(&format!("{a}{b}")));
        }
        steps.push(Step::from(format!("PFCOUNT {a}")));
        steps.push(Step::from(format!("GET {a}")));
    }
    check(&steps);
    STAGE.check_at(Pace { depth: 100, cuts: None }, "pipelined", &steps);
}

#[test]
fn a_target_takes_part() {
    let mut steps = fill();
    for target in KEYS {
        for sources in ["", "few", "few some empty none", "dense", "some some", "most many few"] {
            steps.push(Step::from(format!("PFMERGE {target} {sources}")));
            steps.push(Step::from(format!("GET {target}")));
            steps.push(Step::from(format!("PFCOUNT {target} {sources}")));
        }
        steps.push(Step::from("DEL few some many most dense"));
        steps.extend(fill());
    }
    steps.push(Step::from("PFCOUNT few some many most empty dense none few"));
    check(&steps);
}

/// Among many keys with errors the first decides, wherever it lives.
#[test]
fn the_first_error_counts() {
    let mut steps = fill();
    steps.extend(script![
        "SET bad \"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x7f\\xfe\"",
        "SET text hello",
        "SET number 12",
        "RPUSH list a",
    ]);
    let wrong = ["bad", "text", "list", "number"];
    for a in wrong {
        for b in wrong {
            for keys in
                [format!("{a} {b}"), format!("few {a} {b}"), format!("none some {a} dense {b}")]
            {
                steps.push(Step::from(format!("PFCOUNT {keys}")));
                steps.push(Step::from(format!("PFMERGE {keys}")));
                steps.push(Step::from(format!("PFMERGE target {keys}")));
            }
        }
    }
    steps.extend(script!["EXISTS target", "PFMERGE few", "PFMERGE list", "PFMERGE text few"]);
    check(&steps);
}
