//! Ranges: ZRANGE with all its options and its older kin, ZRANGESTORE, counts, ZREMRANGEBY...

use testkit::awkward::{FLOATS, INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{OTHERS, ZSETS, each_key, fill};
use crate::check;

const RANKS: &[&str] =
    &["0 -1", "0 0", "1 2", "-2 -1", "5 1", "0 1000", "-1000 2", "3 -3", "99 200", "1000 2000"];
const SCORES: &[&str] = &[
    "-inf +inf",
    "0 50",
    "(0 50",
    "0 (50",
    "(7 (7",
    "7 7",
    "50 0",
    "inf -inf",
    "1 (inf",
    "(-inf 3",
    "99 1000",
    "0.5 2.5",
];
const LEXES: &[&str] = &[
    "- +", "[m1 [m5", "(m1 (m5", "[m5 [m1", "+ -", "- [m50", "[m99 +", "[a [b", "- -", "+ +", "[ [",
];
const LIMITS: &[&str] =
    &["", " LIMIT 0 2", " LIMIT 1 -1", " LIMIT 3 0", " LIMIT -1 5", " LIMIT 100 7", " LIMIT 0 -7"];

fn product(forms: &[&str], ranges: &[&str], limits: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for form in forms {
        for range in ranges {
            for limit in limits {
                lines.push(form.replace('#', range) + limit);
            }
        }
    }
    lines
}

fn check_on(keys: &[&str], lines: &[String]) {
    let mut steps = fill();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    steps.extend(each_key(keys, &lines));
    check(&steps);
}

#[test]
fn ranges_of_ranks() {
    let forms =
        ["ZRANGE ? #", "ZRANGE ? # WITHSCORES", "ZRANGE ? # REV", "ZREVRANGE ? # WITHSCORES"];
    let keys = ["few", "m128", "m129", "odd", "none", "text", "set"];
    check_on(&keys, &product(&forms, RANKS, &[""]));
    check_on(&["m1000"], &product(&forms, &["0 5", "-5 -1", "500 510", "995 2000"], &[""]));
}

#[test]
fn ranges_of_scores() {
    let forms = [
        "ZRANGE ? # BYSCORE",
        "ZRANGE ? # BYSCORE REV WITHSCORES",
        "ZRANGEBYSCORE ? # WITHSCORES",
        "ZREVRANGEBYSCORE ? #",
    ];
    check_on(&["few", "odd", "none", "text"], &product(&forms, SCORES, LIMITS));
    check_on(&["m129"], &product(&forms[1..3], SCORES, &["", " LIMIT 5 7"]));
    let counts = product(&["ZCOUNT ? #"], SCORES, &[""]);
    check_on(&[ZSETS, OTHERS].concat(), &counts);
}

#[test]
fn ranges_of_members() {
    let forms =
        ["ZRANGE ? # BYLEX", "ZRANGE ? # BYLEX REV", "ZRANGEBYLEX ? #", "ZREVRANGEBYLEX ? #"];
    check_on(&["lex", "none", "text"], &product(&forms, LEXES, LIMITS));
    check_on(&["lexlarge"], &product(&forms, &["[m1 [m12", "(m98 +"], &["", " LIMIT 2 3"]));
    let counts = product(&["ZLEXCOUNT ? #"], LEXES, &[""]);
    // What Redis finds in a large one whose scores differ depends on its dice.
    check_on(&["lex", "lexlarge", "few", "odd", "m128", "none", "text"], &counts);
    let mixed = product(&forms, LEXES, &["", " LIMIT 1 1"]);
    check_on(&["few", "odd"], &mixed);
}

#[test]
fn words_and_errors() {
    let mut steps = script!["ZADD z 1 a 2 b 3 c", "SET text 1"];
    for line in [
        "ZRANGE z 0",
        "ZRANGE z 0 x",
        "ZRANGE z x 0",
        "ZRANGE z 0 1 x",
        "ZRANGE z 0 1 WITHSCORES WITHSCORES",
        "ZRANGE z 0 1 REV REV",
        "ZRANGE z 0 1 BYSCORE BYSCORE",
        "ZRANGE z 0 1 BYSCORE BYLEX",
        "ZRANGE z 0 1 BYLEX BYSCORE",
        "ZRANGE z 0 1 LIMIT",
        "ZRANGE z 0 1 LIMIT 0",
        "ZRANGE z 0 1 LIMIT 0 1",
        "ZRANGE z 0 1 LIMIT 0 -1",
        "ZRANGE z 0 1 LIMIT 7 -1",
        "ZRANGE z 0 1 LIMIT x 1",
        "ZRANGE z 0 1 LIMIT 1 x",
        "ZRANGE z 0 1 LIMIT 1 x wrong",
        "ZRANGE z 0 1 wrong LIMIT 1 x",
        "ZRANGE z 0 9 BYSCORE LIMIT 0 1 LIMIT 1 2",
        "ZRANGE z 0 9 limit 0 1 byscore rev withscores",
        "ZRANGE z 9 0 limit 0 1 byscore rev withscores",
        "ZRANGE z [a [c BYLEX WITHSCORES",
        "ZRANGE z a c BYLEX WITHSCORES",
        "ZRANGE z a c BYLEX",
        "ZRANGE z a c BYSCORE",
        "ZRANGE text 0 1 LIMIT 0 1",
        "ZRANGE text x 1",
        "ZRANGE text 0 1",
        "ZREVRANGE z 0 1 REV",
        "ZREVRANGE z 0 1 BYSCORE",
        "ZREVRANGE z 0 1 LIMIT 0 1",
        "ZRANGEBYSCORE z 0 1 BYSCORE",
        "ZRANGEBYSCORE z 0 1 REV",
        "ZRANGEBYSCORE z x 1 wrong",
        "ZRANGEBYSCORE z x 1",
        "ZRANGEBYSCORE text x 1",
        "ZRANGEBYLEX z [a [c WITHSCORES",
        "ZRANGEBYLEX z [a [c REV",
        "ZRANGEBYLEX z a [c",
        "ZRANGEBYLEX z [a c",
        "ZRANGEBYLEX z \"-\\x00x\" \"+\\x00x\"",
        "ZRANGEBYLEX z -x +",
        "ZRANGEBYLEX z - +x",
        "ZRANGEBYLEX z \"\" +",
        "ZRANGEBYLEX z 1 2",
        "ZCOUNT z 0",
        "ZCOUNT z 0 1 2",
        "ZCOUNT text x 1",
        "ZLEXCOUNT z 0 1",
        "ZLEXCOUNT text x 1",
        "ZREMRANGEBYRANK z 0",
        "ZREMRANGEBYRANK z x 0",
        "ZREMRANGEBYRANK text x 0",
        "ZREMRANGEBYRANK text 0 0",
        "ZREMRANGEBYSCORE z x 0",
        "ZREMRANGEBYSCORE text 0 0",
        "ZREMRANGEBYLEX z a b",
        "ZREMRANGEBYLEX text [a [b",
        "ZRANGESTORE d z 0",
        "ZRANGESTORE d z 0 -1 WITHSCORES",
        "ZRANGESTORE d z 0 -1 LIMIT 0 1",
        "ZRANGESTORE d text 0 -1",
        "ZRANGESTORE d text 0 x",
        "ZRANGESTORE d z x 1 BYSCORE",
    ] {
        steps.push(Step::from(line));
    }
    check(&steps);
}

#[test]
fn ends_are_numbers() {
    let mut steps = script!["ZADD z -7 a 0 b 0.1 c 1 d 1e17 e inf f -inf g 32768 h"];
    let ranks =
        ["ZRANGE z ? -1", "ZRANGE z 0 ?", "ZREVRANGE z ? 5", "ZRANGE z 0 9 BYSCORE LIMIT ? 2"];
    steps.extend(each_with(&ranks, INTEGERS));
    let scores = ["ZRANGE z ? 5 BYSCORE", "ZCOUNT z ? +inf", "ZCOUNT z -inf ?", "ZCOUNT z ? ?"];
    for words in [INTEGERS, FLOATS] {
        steps.extend(each_with(&scores, words));
        let without: Vec<String> = words.iter().map(|word| format!("({word}")).collect();
        let without: Vec<&str> = without.iter().map(String::as_str).collect();
        steps.extend(each_with(&scores, &without));
    }
    check(&steps);
}

#[test]
fn removing() {
    for (form, ranges) in [
        ("ZREMRANGEBYRANK ? #", RANKS),
        ("ZREMRANGEBYSCORE ? #", SCORES),
        ("ZREMRANGEBYLEX ? #", LEXES),
    ] {
        let mut steps = fill();
        let by_lex = form.contains("LEX");
        let keys: &[&str] =
            if by_lex { &["lex", "lexlarge", "few", "none", "text"] } else { ZSETS };
        for range in ranges.iter().rev() {
            let line = form.replace('#', range);
            let lines = [line.as_str(), "ZCARD ?", "ZRANGE ? 0 3 WITHSCORES", "EXISTS ?"];
            steps.extend(each_key(keys, &lines));
        }
        steps.push(Step::from("DEBUG DIGEST"));
        check(&steps);
    }
}

#[test]
fn storing_a_range() {
    let mut steps = fill();
    for key in [ZSETS, OTHERS].concat() {
        for options in
            ["0 -1", "1 5 REV", "0 50 BYSCORE", "(50 0 BYSCORE REV LIMIT 1 9", "9 2", "-3 -1"]
        {
            steps.push(Step::from(format!("ZRANGESTORE d {key} {options}")));
            steps.extend(script!["ZCARD d", "ZRANGE d 0 9 WITHSCORES", "OBJECT ENCODING d"]);
        }
    }
    steps.extend(script![
        "ZRANGESTORE d lex [m1 [m2 BYLEX",
        "ZRANGE d 0 -1",
        "ZRANGESTORE text few 0 -1",
        "TYPE text",
        "SET text 1 EX 1000",
        "ZRANGESTORE text few 0 0",
        "TTL text",
        "ZRANGESTORE few few 1 -1",
        "ZRANGE few 0 -1",
        "ZRANGESTORE few few 9 9",
        "EXISTS few",
        "ZRANGESTORE few none 0 1",
        "DEBUG DIGEST",
    ]);
    check(&steps);
}
