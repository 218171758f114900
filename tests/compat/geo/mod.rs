//! Geo commands: places, distances and searches, to the last digit.

mod members;
mod searches;
mod words;

use stdx::prng::Prng;
use testkit::script::Step;

/// Places all over the map, many of them near each other; and members that were given scores.
fn fill() -> Vec<Step> {
    let mut prng = Prng::new(5);
    let mut steps = Vec::new();
    let mut degrees = |middle: f64, spread: f64| {
        middle + (prng.below(2_000_001) as f64 - 1_000_000.0) / 1_000_000.0 * spread
    };
    for (name, x, y, spread) in [
        ("sicily", 14.0, 37.5, 2.0),
        ("world", 0.0, 0.0, 85.0),
        ("north", 20.0, 80.0, 5.0),
        ("edge", 178.0, -40.0, 2.0),
        ("street", -0.1275, 51.507, 0.001),
    ] {
        for number in 0..25 {
            let (x, y) = (degrees(x, spread), degrees(y, spread));
            steps.push(Step::from(format!("GEOADD g {x:.6} {y:.6} {name}{number}")));
        }
    }
    steps.push(Step::from("GEOADD small 13.361389 38.115556 Palermo 15.087269 37.502669 Catania"));
    steps.push(Step::from(
        "GEOADD corners 180 85.05112878 ne -180 85.05112878 nw 180 -85.05112878 se -180 \
         -85.05112878 sw 0 0 middle",
    ));
    steps.push(Step::from("ZADD odd -1 minus 0 zero 4503599627370496 beyond inf most -inf least"));
    steps.push(Step::from("SET text hello"));
    steps
}
