//! Changing what is inside of lists.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{ELEMENTS, check_in_all_forms};

#[test]
fn setting() {
    let mut steps = script![
        "LSET l 0 a",
        "LSET l x a",
        "RPUSH l a b c d e f g h",
        "LSET l 0 A",
        "LSET l -1 H",
        "LSET l 3 33",
        "LSET l 8 x",
        "LSET l -9 x",
        "LRANGE l 0 -1",
    ];
    for (index, element) in ELEMENTS.iter().enumerate() {
        steps.push(Step::words(&["LSET", "l", &(index % 8).to_string(), element]));
        steps.push("LRANGE l 0 -1".into());
    }
    for bytes in [100, 5000, 8192, 8193, 20_000, 3] {
        for index in ["0", "3", "-1", "4", "3"] {
            steps.push(Step::words(&["LSET", "l", index, &"y".repeat(bytes)]));
        }
        steps.push("LRANGE l 0 -1".into());
    }
    steps.extend(each_with(&["LSET l ? x", "LSET m ? x"], INTEGERS));
    check_in_all_forms(&steps);
}

#[test]
fn inserting() {
    let mut steps = script![
        "LINSERT l BEFORE a b",
        "LINSERT l NEAR a b",
        "RPUSH l a b c a b c",
        "LINSERT l NEAR a b",
        "LINSERT l \"\" a b",
        "LINSERT l BEFORE a 1",
        "LINSERT l after a 2",
        "LINSERT l Before c 3",
        "LINSERT l AFTER c 4",
        "LINSERT l AFTER z 5",
        "LINSERT l BEFORE 3 6",
        "LINSERT l AFTER 03 7",
        "LRANGE l 0 -1",
    ];
    for (index, element) in ELEMENTS.iter().enumerate() {
        let place = if index % 2 == 0 { "BEFORE" } else { "AFTER" };
        steps.push(Step::words(&["LINSERT", "l", place, "4", element]));
        steps.push(Step::words(&["LINSERT", "l", place, element, "x"]));
    }
    for bytes in [5000, 8192, 8193, 20_000] {
        for (place, pivot) in [("BEFORE", "1"), ("AFTER", "a"), ("AFTER", "4"), ("BEFORE", "127")] {
            steps.push(Step::words(&["LINSERT", "l", place, pivot, &"y".repeat(bytes)]));
        }
    }
    steps.extend(script!["LRANGE l 0 -1", "LLEN l"]);
    check_in_all_forms(&steps);
}

#[test]
fn removing() {
    let mut steps = script!["LREM l 0 a", "LREM l x a"];
    for count in ["0", "1", "-1", "2", "-2", "100", "-100", "-9223372036854775808"] {
        steps.extend(script![
            "DEL l",
            "RPUSH l a b a 1 a c a 1 b a",
            format!("LREM l {count} a"),
            "LRANGE l 0 -1",
            format!("LREM l {count} 1"),
            format!("LREM l {count} z"),
            format!("LREM l {count} 01"),
            "LRANGE l 0 -1",
            "LREM l 0 b",
            "LREM l 0 c",
            "LREM l 0 1",
            "LREM l 0 a",
            "EXISTS l",
        ]);
    }
    let large = "z".repeat(9000);
    steps.push(Step::words(&["RPUSH", "l", &large, "a", &large, "b", &large]));
    steps.push(Step::words(&["LREM", "l", "-2", &large]));
    steps.push("LRANGE l 0 -1".into());
    let lines = ["DEL l", "RPUSH l a b a c a", "LREM l ? a", "LRANGE l 0 -1"];
    steps.extend(each_with(&lines, INTEGERS));
    check_in_all_forms(&steps);
}

#[test]
fn trimming() {
    let mut steps = script!["LTRIM l 0 1", "LTRIM l x 1", "LTRIM l 0 x"];
    let indexes = ["-9223372036854775808", "-9", "-8", "-3", "-1", "0", "2", "7", "8", "100"];
    for start in indexes {
        for stop in indexes {
            steps.extend(script![
                "DEL l",
                "RPUSH l a b c d e f g h",
                format!("LTRIM l {start} {stop}"),
                "LRANGE l 0 -1",
                "EXISTS l",
            ]);
        }
    }
    let lines = ["DEL l", "RPUSH l a b c", "LTRIM l ? 1", "LTRIM l 0 ?", "LRANGE l 0 -1"];
    steps.extend(each_with(&lines, INTEGERS));
    check_in_all_forms(&steps);
}
