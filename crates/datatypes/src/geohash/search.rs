//! Searching round a place: which cells may have places of a shape, and which places are in it.
//!
//! The cell of the middle is chosen so large that it and its eight neighbours cover the shape;
//! neighbours that the shape does not reach are left out.

use super::{Cell, EARTH_RADIUS, Edges, LATITUDE_MAX, Place, STEPS, degrees, radians};

/// Half of the equator on a square map, meters.
const MERCATOR_MAX: f64 = 20_037_726.37;

/// What is searched round a place; meters.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Shape {
    /// Everything up to this distance.
    Circle { radius: f64 },
    /// A rectangle with the place in its middle.
    Rectangle { width: f64, height: f64 },
}

impl Shape {
    /// How far a place in the shape round `middle` is from there; none if it is out.
    #[must_use]
    pub fn distance(self, middle: Place, place: Place) -> Option<f64> {
        match self {
            Self::Circle { radius } => {
                Some(middle.distance(place)).filter(|distance| *distance <= radius)
            }
            Self::Rectangle { width, height } => {
                if place.latitude_distance(middle) > height / 2.0 {
                    return None;
                }
                let west = Place { latitude: place.latitude, ..middle };
                let is_in = place.distance(west) <= width / 2.0;
                is_in.then(|| middle.distance(place))
            }
        }
    }

    /// The edges of what it covers round a place, degrees.
    fn edges(self, middle: Place) -> Edges {
        let Place { longitude, latitude } = middle;
        let (width, height) = match self {
            Self::Circle { radius } => (radius, radius),
            Self::Rectangle { width, height } => (width / 2.0, height / 2.0),
        };
        let north = degrees(height / EARTH_RADIUS);
        // Parallels get shorter towards the poles.
        let nearest_pole = if latitude < 0.0 { latitude - north } else { latitude + north };
        let east = degrees(width / EARTH_RADIUS / radians(nearest_pole).cos());
        Edges {
            west: longitude - east,
            east: longitude + east,
            south: latitude - north,
            north: latitude + north,
        }
    }

    /// The distance from the middle to the farthest place.
    fn reach(self) -> f64 {
        match self {
            Self::Circle { radius } => radius,
            Self::Rectangle { width, height } => {
                ((width / 2.0) * (width / 2.0) + (height / 2.0) * (height / 2.0)).sqrt()
            }
        }
    }
}

/// The cells that cover a shape round a place, in Redis' order.
#[must_use]
pub fn cells(middle: Place, shape: Shape) -> Vec<Cell> {
    let needed = shape.edges(middle);
    let mut step = step_of(shape.reach(), middle.latitude);
    let mut home = middle.cell(step, LATITUDE_MAX);
    if step > 1 && !reaches(home, &needed) {
        step -= 1;
        home = middle.cell(step, LATITUDE_MAX);
    }
    let is_useful = |(east, north): (i64, i64)| {
        let have = home.edges();
        step < 2
            || !(north < 0 && have.south < needed.south
                || north > 0 && have.north > needed.north
                || east < 0 && have.west < needed.west
                || east > 0 && have.east > needed.east)
    };
    let beside = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];
    let mut cells = vec![home];
    for (east, north) in beside.into_iter().filter(|beside| is_useful(*beside)) {
        let cell = home.beside(east, north);
        // REDIS: where cells are huge, neighbours are the same one. The same as the one before is
        // left out, but not if that is the middle: `GEORADIUS` may answer members twice.
        if cells.len() == 1 || cells.last() != Some(&cell) {
            cells.push(cell);
        }
    }
    cells
}

/// How many halvings make cells that are large enough.
fn step_of(mut reach: f64, latitude: f64) -> u32 {
    if reach == 0.0 {
        return STEPS;
    }
    let mut step = 1;
    while reach < MERCATOR_MAX {
        reach *= 2.0;
        step += 1;
    }
    step -= 2;
    // Cells get narrower towards the poles.
    if latitude.abs() > 66.0 {
        step -= 1;
        if latitude.abs() > 80.0 {
            step -= 1;
        }
    }
    step.clamp(1, STEPS as i32) as u32
}

/// Whether a cell and its neighbours cover what is needed.
fn reaches(home: Cell, needed: &Edges) -> bool {
    let edges = |east, north| home.beside(east, north).edges();
    edges(0, 1).north >= needed.north
        && edges(0, -1).south <= needed.south
        && edges(1, 0).east >= needed.east
        && edges(-1, 0).west <= needed.west
}
