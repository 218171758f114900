//! HINCRBY and HINCRBYFLOAT.

use testkit::awkward::{FLOATS, INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use crate::check;

#[test]
fn integers() {
    let mut steps = script![
        "HINCRBY h a 5",
        "HINCRBY h a -7",
        "HGET h a",
        "HSET h max 9223372036854775807 min -9223372036854775808 text x empty \"\" space \" 1\"",
        "HINCRBY h max 1",
        "HINCRBY h max 0",
        "HINCRBY h min -1",
        "HINCRBY h min 9223372036854775807",
        "HINCRBY h text 1",
        "HINCRBY h empty 1",
        "HINCRBY h space 1",
        "HINCRBY h",
        "HINCRBY h a",
        "HINCRBY h a 1 2",
        "SET s x",
        "HINCRBY s a x",
        "HINCRBY s a 1",
    ];
    steps.extend(each_with(&["HINCRBY h n ?", "HSET h v ?", "HINCRBY h v 1"], INTEGERS));
    steps.push(Step::from(format!("HSET big a 1 b {}", "x".repeat(100))));
    steps.extend(each_with(&["HINCRBY big n ?", "HSET big v ?", "HINCRBY big v 1"], INTEGERS));
    check(&steps);
}

#[test]
fn floats() {
    let mut steps = script![
        "HINCRBYFLOAT h a 0.1",
        "HINCRBYFLOAT h a 0.2",
        "HINCRBYFLOAT h a -0.3",
        "HINCRBYFLOAT h b 3.0e3",
        "HINCRBYFLOAT h b 1e-17",
        "HSET h text x empty \"\" int 10 inf inf nan nan",
        "HINCRBYFLOAT h text 1",
        "HINCRBYFLOAT h empty 1",
        "HINCRBYFLOAT h int 1.5",
        "HINCRBYFLOAT h int -1.5",
        "HINCRBYFLOAT h inf 1",
        "HINCRBYFLOAT h nan 1",
        "HINCRBY h int 1",
        "HINCRBYFLOAT h a inf",
        "HINCRBYFLOAT h a -inf",
        "HINCRBYFLOAT h a nan",
        "SET s x",
        "HINCRBYFLOAT s a x",
        "HINCRBYFLOAT s a inf",
        "HINCRBYFLOAT s a 1",
        "HGETALL h",
    ];
    steps.extend(each_with(&["HINCRBYFLOAT h n ?", "HSET h v ?", "HINCRBYFLOAT h v 1"], FLOATS));
    check(&steps);
}
