//! GEOSEARCH, GEOSEARCHSTORE, GEORADIUS and their kin: what they find.

use testkit::script;
use testkit::script::Step;

use super::fill;
use crate::check;

/// Middles and sizes, of which some reach over the edges of the map.
const MIDDLES: &[&str] = &[
    "FROMLONLAT 14 37.5",
    "FROMLONLAT 0 0",
    "FROMLONLAT 20 80",
    "FROMLONLAT 179.9 -40",
    "FROMLONLAT -179.9 -40",
    "FROMLONLAT -0.1275 51.507",
    "FROMLONLAT 180 85",
    "FROMMEMBER sicily3",
    "FROMMEMBER street0",
    "FROMMEMBER edge7",
];

const SHAPES: &[&str] = &[
    "BYRADIUS 0 m",
    "BYRADIUS 100 m",
    "BYRADIUS 300 ft",
    "BYRADIUS 50 km",
    "BYRADIUS 200 km",
    "BYRADIUS 500 mi",
    "BYRADIUS 5000 km",
    "BYRADIUS 20000 km",
    "BYBOX 0 0 m",
    "BYBOX 100 200 m",
    "BYBOX 400 400 km",
    "BYBOX 10 1000 km",
    "BYBOX 2000 10 mi",
    "BYBOX 9000 9000 km",
];

#[test]
fn shapes_round_places() {
    let mut steps = fill();
    for middle in MIDDLES {
        for shape in SHAPES {
            let area = format!("{middle} {shape}");
            steps.push(Step::from(format!("GEOSEARCH g {area}")));
            steps.push(Step::from(format!("GEOSEARCH g {area} ASC WITHDIST WITHHASH WITHCOORD")));
            steps.push(Step::from(format!("GEOSEARCH g {area} DESC COUNT 3 WITHDIST")));
            steps.push(Step::from(format!("GEOSEARCH g {area} COUNT 4")));
            steps.push(Step::from(format!("GEOSEARCH g {area} COUNT 4 ANY")));
            steps.push(Step::from(format!("GEOSEARCHSTORE made g {area} COUNT 20")));
            steps.push(Step::from("ZRANGE made 0 -1 WITHSCORES"));
            steps.push(Step::from(format!("GEOSEARCHSTORE made g {area} STOREDIST DESC")));
            steps.push(Step::from("ZRANGE made 0 -1 WITHSCORES"));
        }
    }
    check(&steps);
}

#[test]
fn the_older_commands() {
    let mut steps = fill();
    for size in ["0 m", "200 km", "1000 ft", "600 mi", "30000 km"] {
        for options in [
            "",
            "WITHDIST WITHCOORD WITHHASH",
            "COUNT 3",
            "COUNT 3 ANY ASC",
            "DESC WITHDIST",
            "STORE made",
            "STOREDIST made",
            "STORE a STOREDIST made",
            "STORE made COUNT 2 DESC",
        ] {
            for line in ["GEORADIUS g 14 37.5", "GEORADIUSBYMEMBER g street3"] {
                steps.push(Step::from(format!("{line} {size} {options}")));
                steps.push(Step::from("ZRANGE made 0 -1 WITHSCORES"));
            }
            for line in ["GEORADIUS_RO g -0.1 51.5", "GEORADIUSBYMEMBER_RO g north1"] {
                steps.push(Step::from(format!("{line} {size} {options}")));
            }
        }
    }
    steps.extend(script!["EXISTS a made", "OBJECT ENCODING made", "DEBUG DIGEST"]);
    check(&steps);
}

#[test]
fn results_replace_what_was_there() {
    check(&script![
        "GEOADD src{a} 13.361389 38.115556 Palermo 15.087269 37.502669 Catania",
        "SET dst{b} old EX 1000",
        "GEOSEARCHSTORE dst{b} src{a} FROMLONLAT 15 37 BYRADIUS 200 km",
        "TTL dst{b}",
        "GEOPOS dst{b} Palermo Catania",
        "GEOSEARCHSTORE dst{b} src{a} FROMLONLAT 0 0 BYRADIUS 1 km",
        "EXISTS dst{b}",
        "GEORADIUS src{a} 15 37 200 km STORE src{a} COUNT 1",
        "ZRANGE src{a} 0 -1",
        "SET dst{b} old",
        "@w WATCH dst{b} none",
        "GEOSEARCHSTORE none none FROMMEMBER a BYRADIUS 1 km",
        "@w MULTI",
        "@w PING",
        "@w EXEC",
        "GEORADIUSBYMEMBER none a 1 km STORE dst{b}",
        "EXISTS dst{b}",
        "MULTI",
        "GEOADD m{c} 1 1 x 2 2 y",
        "GEOSEARCHSTORE n{d} m{c} FROMMEMBER x BYBOX 1000 1000 km STOREDIST",
        "ZRANGE n{d} 0 -1 WITHSCORES",
        "EXEC",
        "COMMAND GETKEYSANDFLAGS georadius a 1 2 3 km STORE b STOREDIST c",
        "COMMAND GETKEYSANDFLAGS georadiusbymember a b 3 km STOREDIST c",
        "COMMAND GETKEYSANDFLAGS georadius a 1 2 3 km",
        "COMMAND GETKEYSANDFLAGS geosearchstore a b FROMLONLAT 1 2 BYRADIUS 3 km",
    ]);
}
