//! Geohashes: known places, and searches against looking at every place.

use proptest::prelude::*;

use super::*;

fn places() -> impl Strategy<Value = Place> {
    let longitude = prop_oneof![-180.0..=180.0_f64, Just(-180.0), Just(180.0), -1.0..1.0_f64];
    let latitude = prop_oneof![-85.05..=85.05_f64, Just(LATITUDE_MAX), Just(-LATITUDE_MAX)];
    (longitude, latitude).prop_filter_map("off the map", |(x, y)| Place::new(x, y))
}

fn shapes() -> impl Strategy<Value = Shape> {
    let length = || prop_oneof![Just(0.0), 0.0..500.0_f64, 0.0..500_000.0_f64];
    prop_oneof![
        length().prop_map(|radius| Shape::Circle { radius }),
        (length(), length()).prop_map(|(width, height)| Shape::Rectangle { width, height }),
    ]
}

proptest! {
    #[test]
    fn scores_lead_back_to_places(place in places()) {
        let score = place.score();
        if place.longitude == 180.0 || place.latitude == LATITUDE_MAX {
            // At the very edge one bit runs over into the other half of the score, as in Redis.
            return Ok(());
        }
        prop_assert!(score < 1 << BITS);
        let back = Place::of_score(score as f64);
        prop_assert!((place.longitude - back.longitude).abs() <= 360.0 / f64::from(1 << STEPS));
        prop_assert!((place.latitude - back.latitude).abs() <= 180.0 / f64::from(1 << STEPS));
    }

    /// Away from the edges of the map and the poles: there Redis does not find everything either.
    #[test]
    fn whatever_is_in_a_shape_is_in_its_cells(
        (x, y) in (-170.0..170.0_f64, -60.0..60.0_f64),
        (east, north) in (-5.0..5.0_f64, -5.0..5.0_f64),
        shape in shapes(),
    ) {
        let middle = Place::new(x, y).expect("it is on the map");
        let place = Place::new(x + east, y + north).expect("it is on the map");
        let place = Place::of_score(place.score() as f64);
        if shape.distance(middle, place).is_some() {
            let score = place.score() as f64;
            let is_in = |cell: &Cell| (cell.scores().0..cell.scores().1).contains(&score);
            prop_assert!(cells(middle, shape).iter().any(is_in));
        }
    }

    #[test]
    fn any_score_is_a_place(score in any::<f64>(), other in places(), shape in shapes()) {
        let place = Place::of_score(score);
        prop_assert!(Place::new(place.longitude, place.latitude).is_some());
        prop_assert!(place.distance(other) >= 0.0);
        prop_assert!(cells(place, shape).len() <= 9);
    }

    #[test]
    fn bits_are_spread_and_gathered(number: u32) {
        prop_assert_eq!(gather(spread(number)), number);
        prop_assert_eq!(spread(number) & 0xaaaa_aaaa_aaaa_aaaa, 0);
    }
}

/// The places of Redis' manual.
#[test]
fn known_places() {
    let palermo = Place::new(13.361_389, 38.115_556).expect("it is on the map");
    let catania = Place::new(15.087_269, 37.502_669).expect("it is on the map");
    assert_eq!(palermo.score(), 3_479_099_956_230_698);
    assert_eq!(&Place::of_score(3_479_099_956_230_698.0).text(), b"sqc8b49rny0");
    let [palermo, catania] = [palermo, catania].map(|it| Place::of_score(it.score() as f64));
    assert_eq!(format!("{:.4}", palermo.distance(catania)), "166274.1516");
}

#[test]
fn scores_are_cast_as_c_casts_them() {
    assert_eq!(bits_of(-1.0), u64::MAX);
    assert_eq!(bits_of(9_223_372_036_854_775_808.0), 1 << 63);
    assert_eq!(bits_of(f64::INFINITY), 0);
    assert_eq!(bits_of(f64::NEG_INFINITY), 1 << 63);
}
