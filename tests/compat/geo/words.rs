//! What the searches refuse, and with which words.

use testkit::awkward::{FLOATS, INTEGERS, each_with};
use testkit::script::Step;

use super::fill;
use crate::check;

#[test]
fn numbers() {
    let mut steps = fill();
    steps.extend(each_with(
        &[
            "GEOSEARCH small FROMLONLAT ? 38 BYRADIUS 100 km",
            "GEOSEARCH small FROMLONLAT 13 ? BYRADIUS 100 km",
            "GEOSEARCH small FROMLONLAT 13 38 BYRADIUS ? km",
            "GEOSEARCH small FROMLONLAT 13 38 BYBOX ? 100 km",
            "GEOSEARCH small FROMLONLAT 13 38 BYBOX 100 ? km",
            "GEORADIUS small ? 38 100 km",
            "GEORADIUSBYMEMBER small Palermo ? km",
        ],
        FLOATS,
    ));
    steps.extend(each_with(
        &[
            "GEOSEARCH small FROMLONLAT 13 38 BYRADIUS 100 km COUNT ?",
            "GEORADIUS none 1 1 1 m COUNT ?",
        ],
        INTEGERS,
    ));
    check(&steps);
}

#[test]
fn options() {
    let mut steps = fill();
    for key in ["small", "none", "text"] {
        for words in [
            "FROMMEMBER Palermo BYRADIUS 1 parsec",
            "FROMMEMBER nobody BYRADIUS 1 km",
            "FROMMEMBER Palermo FROMLONLAT 1 2 BYRADIUS 1 km",
            "FROMLONLAT 1 2 FROMMEMBER Palermo BYRADIUS 1 km",
            "FROMMEMBER Palermo FROMMEMBER Catania BYRADIUS 1 km",
            "FROMLONLAT 1 2 FROMLONLAT 3 4 BYRADIUS 1 km",
            "FROMMEMBER Palermo BYRADIUS 1 km BYBOX 1 1 km",
            "FROMMEMBER Palermo BYBOX 1 1 km BYRADIUS 1 km",
            "FROMMEMBER Palermo BYRADIUS 1 km BYRADIUS 400 km",
            "BYRADIUS 1 km WITHDIST WITHHASH",
            "FROMMEMBER Palermo WITHDIST WITHHASH ASC",
            "FROMMEMBER Palermo BYRADIUS 1 km ANY",
            "FROMMEMBER Palermo BYRADIUS 1 km COUNT",
            "FROMMEMBER Palermo BYRADIUS 1 km COUNT 0",
            "FROMMEMBER Palermo BYRADIUS 1 km COUNT 1 ANY wrong",
            "FROMMEMBER Palermo BYRADIUS -1 km",
            "FROMMEMBER Palermo BYBOX -1 1 km",
            "FROMMEMBER Palermo BYBOX 1 1",
            "FROMMEMBER Palermo BYRADIUS 1 km STORE a",
            "FROMMEMBER Palermo BYRADIUS 1 km STOREDIST",
            "FROMMEMBER Palermo BYRADIUS 1 km WITHDIST",
            "frommember Palermo byradius 500 KM asc desc withdist",
            "FROMLONLAT 1 2 BYRADIUS",
            "FROMLONLAT 200 2 BYRADIUS 1 km",
            "BYRADIUS 1 km FROMLONLAT 1",
        ] {
            steps.push(Step::from(format!("GEOSEARCH {key} {words}")));
            steps.push(Step::from(format!("GeoSearch {key} {words} WITHCOORD")));
            steps.push(Step::from(format!("GEOSEARCHSTORE made {key} {words}")));
        }
        for words in [
            "1 km",
            "x km",
            "-1 km",
            "1 x",
            "1",
            "1 km WITHDIST STORE a",
            "1 km STORE",
            "1 km STOREDIST a WITHHASH",
            "1 km ANY",
            "1 km wrong",
            "1 km FROMMEMBER a",
            "400 km COUNT 1 ANY STORE made",
        ] {
            for command in ["", "_RO"] {
                steps.push(Step::from(format!("GEORADIUS{command} {key} 13 38 {words}")));
                steps.push(Step::from(format!("GEORADIUS{command} {key} 200 x {words}")));
                steps.push(Step::from(format!("GEORADIUSBYMEMBER{command} {key} Palermo {words}")));
                steps.push(Step::from(format!("GEORADIUSBYMEMBER{command} {key} nobody {words}")));
            }
        }
    }
    steps.push(Step::from("EXISTS made a"));
    check(&steps);
}
