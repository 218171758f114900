//! BITCOUNT and BITPOS.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill, for_all_keys};
use crate::check;

#[test]
fn whole_strings() {
    let mut steps = fill();
    steps.extend(for_all_keys(&["BITCOUNT ?", "BITPOS ? 0", "BITPOS ? 1", "BITPOS ? 2"]));
    check(&steps);
}

/// Ranges whose ends lie on both sides of bytes, words and of the string's end.
#[test]
fn parts_of_strings() {
    let places = [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 151, 153, 299, 300, 2398, 2400, -1, -2, -8, -9];
    let mut steps = fill();
    for key in KEYS {
        for (at, start) in places.iter().enumerate() {
            // Not all pairs, and others for every key.
            for end in places.iter().skip((at + key.len()) % 3).step_by(3) {
                for line in ["BITCOUNT ?", "BITPOS ? 0", "BITPOS ? 1"] {
                    for unit in ["", "BYTE", "BIT"] {
                        let line = line.replace('?', key);
                        steps.push(Step::from(format!("{line} {start} {end} {unit}")));
                    }
                }
            }
            steps.push(Step::from(format!("BITPOS {key} 0 {start}")));
            steps.push(Step::from(format!("BITPOS {key} 1 {start}")));
        }
    }
    check(&steps);
}

#[test]
fn places_look_like_numbers() {
    let mut steps = fill();
    steps.extend(each_with(
        &[
            "BITCOUNT mixed ? -1",
            "BITCOUNT mixed 0 ?",
            "BITCOUNT mixed ? ? BIT",
            "BITCOUNT none ? -1",
            "BITPOS mixed ?",
            "BITPOS none ?",
            "BITPOS mixed 1 ?",
            "BITPOS mixed 1 0 ?",
            "BITPOS mixed 0 ? -1 BIT",
            "BITPOS ones300 0 1 ? BIT",
            "BITPOS none 0 ?",
        ],
        INTEGERS,
    ));
    check(&steps);
}

/// What is asked first decides which error it is.
#[test]
fn wrong_words() {
    let mut steps = fill();
    for key in ["short", "empty", "list", "none"] {
        for words in [
            "1",
            "1 x",
            "x 1",
            "0 -1 bit",
            "0 -1 Byte",
            "0 -1 bits",
            "0 -1 BIT x",
            "x -1 wrong",
            "0 x wrong",
            "-1 -2 wrong",
            "-1 -2 BIT",
            "-2 -1 wrong",
            "5 2 wrong",
        ] {
            steps.push(Step::from(format!("BITCOUNT {key} {words}")));
            steps.push(Step::from(format!("BITPOS {key} 1 {words}")));
            steps.push(Step::from(format!("BITPOS {key} x {words}")));
        }
    }
    steps.extend(script!["BITCOUNT", "BITPOS", "BITPOS short"]);
    check(&steps);
}
