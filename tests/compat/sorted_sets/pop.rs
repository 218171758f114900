//! ZPOPMIN, ZPOPMAX and ZMPOP.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{OTHERS, ZSETS, each_key, fill};
use crate::check;

#[test]
fn both_ends_of_every_encoding() {
    let lines = [
        "ZPOPMIN ?",
        "ZPOPMAX ?",
        "ZPOPMIN ? 0",
        "ZPOPMIN ? 2",
        "ZPOPMAX ? 3",
        "ZCARD ?",
        "ZMPOP 1 ? MIN",
        "ZMPOP 2 none ? MAX COUNT 2",
        "ZMPOP 3 none ? few MIN COUNT 5",
        "ZRANGE ? 0 2 WITHSCORES",
        "ZPOPMAX ? 5000",
        "EXISTS ?",
    ];
    let mut steps = fill();
    steps.extend(each_key(ZSETS, &lines));
    steps.extend(each_key(OTHERS, &lines));
    steps.push(Step::from("DEBUG DIGEST"));
    check(&steps);
}

#[test]
fn words_and_errors() {
    let mut steps = script![
        "ZPOPMIN",
        "ZPOPMIN z 1 2",
        "ZPOPMAX none",
        "ZPOPMAX none x",
        "SET text 1",
        "ZPOPMIN text x",
        "ZPOPMIN text 0",
        "ZPOPMIN text 1 2",
        "ZMPOP",
        "ZMPOP 1 z",
        "ZMPOP 1 z wrong",
        "ZMPOP 2 z MIN",
        "ZMPOP 1 z MIN MAX",
        "ZMPOP 1 z MIN COUNT",
        "ZMPOP 1 z MIN COUNT 0",
        "ZMPOP 1 z MIN COUNT 1 COUNT 1",
        "ZMPOP 1 z min count x",
        "ZMPOP 0 z MIN",
        "ZMPOP 1 text MIN",
        "ZMPOP 2 none text MAX",
        "ZMPOP 2 none other MAX",
        "ZADD z 1 a",
        "ZMPOP 2 z text MIN",
    ];
    let counts = [
        "ZPOPMIN none ?",
        "ZMPOP ? z MIN",
        "ZMPOP 1 none MIN COUNT ?",
        "ZADD z 1 a 2 b",
        "ZPOPMAX z ?",
    ];
    steps.extend(each_with(&counts, INTEGERS));
    check(&steps);
}
