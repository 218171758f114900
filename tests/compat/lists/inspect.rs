//! Reading lists.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{ELEMENTS, check_in_all_forms};

const TEN: &str = "RPUSH l a b c a 1 2 a 3 b a";

#[test]
fn ranges_and_indexes_of_any_kind() {
    let mut steps = script![TEN];
    let lines = [
        "LINDEX l ?",
        "LRANGE l ? 3",
        "LRANGE l -4 ?",
        "LRANGE l ? ?",
        "LINDEX m ?",
        "LRANGE m ? 1",
    ];
    steps.extend(each_with(&lines, INTEGERS));
    let indexes = ["-100", "-11", "-10", "-9", "-1", "0", "5", "9", "10", "100"];
    steps.extend(each_with(&["LINDEX l ?"], &indexes));
    for start in indexes {
        steps.extend(indexes.iter().map(|stop| Step::words(&["LRANGE", "l", start, stop])));
    }
    check_in_all_forms(&steps);
}

#[test]
fn positions() {
    let mut steps = script![
        "LPOS l a",
        "LPOS l a COUNT 0",
        "LPOS l a RANK 0",
        "LPOS l a COUNT -1",
        "LPOS l a FOO",
        TEN,
        "LPOS l a",
        "LPOS l z",
        "LPOS l z COUNT 0",
        "LPOS l 1",
        "LPOS l 01",
        "LPOS l a RANK 2",
        "LPOS l a RANK -2",
        "LPOS l a RANK 100",
        "LPOS l a rank 3 count 2",
        "LPOS l a RANK -1 COUNT 0",
        "LPOS l a RANK -2 COUNT 2",
        "LPOS l a RANK -9223372036854775808",
        "LPOS l a RANK -9223372036854775808 COUNT 1",
        "LPOS l a RANK -9223372036854775808 COUNT 3 MAXLEN 5",
        "LPOS l a RANK 9223372036854775807 COUNT 3",
        "LPOS l a RANK",
        "LPOS l a COUNT",
        "LPOS l a MAXLEN",
        "LPOS l a COUNT 1 FOO",
        "LPOS l a RANK 1 RANK -1",
        "LPOS l a COUNT 0 COUNT 1",
        "LPOS l a RANK x COUNT x",
    ];
    for option in ["RANK", "COUNT", "MAXLEN"] {
        let lines = [format!("LPOS l a {option} ?"), format!("LPOS l a {option} ? COUNT 2")];
        steps.extend(each_with(&lines.each_ref().map(String::as_str), INTEGERS));
    }
    for maxlen in ["0", "1", "2", "4", "9", "10", "11"] {
        for rank in ["1", "2", "-1", "-3"] {
            let line = format!("LPOS l a MAXLEN {maxlen} RANK {rank} COUNT 0");
            steps.push(line.into());
        }
    }
    check_in_all_forms(&steps);
}

#[test]
fn positions_of_any_element() {
    let mut steps = vec![Step::words(&[&["RPUSH", "l"], ELEMENTS, ELEMENTS].concat())];
    for element in ELEMENTS {
        steps.push(Step::words(&["LPOS", "l", element, "COUNT", "0"]));
        steps.push(Step::words(&["LPOS", "l", element, "RANK", "-1"]));
    }
    check_in_all_forms(&steps);
}
