//! GEOADD, GEOPOS, GEODIST and GEOHASH.

use testkit::awkward::{FLOATS, each_with};
use testkit::script;
use testkit::script::Step;

use super::fill;
use crate::check;

#[test]
fn places_of_members() {
    let mut steps = fill();
    for key in ["g", "small", "corners", "odd", "text", "none"] {
        for members in [
            "",
            "Palermo Catania nobody",
            "ne nw se sw middle ne",
            "minus zero beyond most least",
            "sicily0 world7 north3 edge4 street5",
        ] {
            steps.push(Step::from(format!("GEOPOS {key} {members}")));
            steps.push(Step::from(format!("GEOHASH {key} {members}")));
        }
    }
    for number in 0..25 {
        for name in ["sicily", "world", "north", "edge", "street"] {
            steps.push(Step::from(format!("GEOPOS g {name}{number}")));
            steps.push(Step::from(format!("GEOHASH g {name}{number}")));
            steps.push(Step::from(format!("ZSCORE g {name}{number}")));
        }
    }
    check(&steps);
}

#[test]
fn distances() {
    let mut steps = fill();
    for a in ["sicily", "world", "north", "edge", "street"] {
        for b in ["sicily", "world", "north", "edge", "street"] {
            for number in 0..5 {
                let pair = format!("{a}{number} {b}{}", number + 5);
                for unit in ["", "m", "km", "FT", "Mi"] {
                    steps.push(Step::from(format!("GEODIST g {pair} {unit}")));
                }
            }
        }
    }
    steps.extend(script![
        "GEODIST small Palermo Catania",
        "GEODIST small Palermo Palermo",
        "GEODIST small Palermo nobody",
        "GEODIST none a b",
        "GEODIST none a b x",
        "GEODIST text a b",
        "GEODIST text a b x",
        "GEODIST small Palermo Catania x",
        "GEODIST small Palermo Catania km x",
        "GEODIST small Palermo",
        "GEODIST corners ne sw",
        "GEODIST corners ne se",
        "GEODIST odd minus zero",
        "GEODIST odd most least",
    ]);
    check(&steps);
}

#[test]
fn adding() {
    let mut steps = script![
        "GEOADD g 1 2 a",
        "GEOADD g 1 2 a",
        "GEOADD g CH 1.5 2 a 3 4 b",
        "GEOADD g NX 5 5 a 6 6 c",
        "GEOADD g XX CH 5 5 a 7 7 d",
        "GEOADD g nx ch 5 5 a 7 7 d",
        "GEOADD g NX XX 5 5 a",
        "GEOADD g XX 5 5 nobody",
        "GEOADD none XX 5 5 nobody",
        "EXISTS none",
        "GEOADD g CH CH CH 1 2 a",
        "GEOADD g GT 1 2 a",
        "GEOADD g 1 2",
        "GEOADD g 1 2 a 3",
        "GEOADD g NX 1 2",
        "GEOADD g x 2 a",
        "GEOADD g 1 x a",
        "GEOADD g 181 2 a",
        "GEOADD g 1 86 a",
        "GEOADD g -180.1 -85.06 a",
        "GEOADD g 1 2 new 200 2 a",
        "ZSCORE g new",
        "SET text hello",
        "GEOADD text 1 2 a",
        "GEOADD text 1 200 a",
        "GEOADD nan nan nan a",
        "ZRANGE g 0 -1 WITHSCORES",
        "OBJECT ENCODING g",
        "TYPE g",
        "DEBUG DIGEST",
    ];
    steps.extend(each_with(&["GEOADD f ? 1 a", "GEOADD f 1 ? b", "GEOPOS f a b"], FLOATS));
    check(&steps);
}
