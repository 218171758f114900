//! Places on earth as numbers that are near each other where the places are, and distances.
//!
//! Longitude and latitude are halved in turn, 26 times each: the 52 bits that say which half are
//! exact in a floating point number, so a sorted set can keep them as scores. Places that share the
//! first `2 n` bits lie in one cell of the `n`-th halving ([`Cell`]).
//!
//! **Layout**, the highest bit first; `x` is a bit of the longitude, `y` of the latitude:
//! ```text
//! | x y x y x y ... x y |   2 bits for each step
//! ```
//! All sums are in Redis' order, so that distances are equal to the last digit.

mod search;

pub use search::{Shape, cells};

/// How often longitude and latitude are halved.
const STEPS: u32 = 26;

/// The bits of a place.
const BITS: u32 = 2 * STEPS;

/// The farthest longitude.
pub const LONGITUDE_MAX: f64 = 180.0;

/// The farthest latitude: that of a square map.
pub const LATITUDE_MAX: f64 = 85.051_128_78;

/// The farthest latitude of the geohashes that the rest of the world knows.
const POLE: f64 = 90.0;

/// Meters.
const EARTH_RADIUS: f64 = 6_372_797.560_856;

/// The digits of a geohash's text.
const ALPHABET: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

/// Digits of a geohash's text.
const DIGITS: usize = 11;

/// A place, degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

/// A part of the earth in which the first bits of all places are equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    bits: u64,
    step: u32,
}

/// The edges of a cell.
struct Edges {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Place {
    /// A place on the map; none if it lies beyond.
    #[must_use]
    pub fn new(longitude: f64, latitude: f64) -> Option<Self> {
        let is_on_map = (-LONGITUDE_MAX..=LONGITUDE_MAX).contains(&longitude)
            && (-LATITUDE_MAX..=LATITUDE_MAX).contains(&latitude);
        is_on_map.then_some(Self { longitude, latitude })
    }

    /// The score that it has in a sorted set.
    #[must_use]
    pub fn score(self) -> u64 {
        self.cell(STEPS, LATITUDE_MAX).bits
    }

    /// The place of a score. Any number is some place.
    #[must_use]
    pub fn of_score(score: f64) -> Self {
        let Edges { west, east, south, north } = Cell { bits: bits_of(score), step: STEPS }.edges();
        Self {
            longitude: ((west + east) / 2.0).clamp(-LONGITUDE_MAX, LONGITUDE_MAX),
            latitude: ((south + north) / 2.0).clamp(-LATITUDE_MAX, LATITUDE_MAX),
        }
    }

    /// The geohash that the rest of the world knows; its last digit is always 0.
    #[must_use]
    pub fn text(self) -> [u8; DIGITS] {
        let bits = self.cell(STEPS, POLE).bits;
        std::array::from_fn(|at| match at {
            10 => ALPHABET[0],
            _ => ALPHABET[(bits >> (BITS as usize - 5 * (at + 1)) & 0x1f) as usize],
        })
    }

    /// The distance to another place along the surface, meters.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        let (longitude, other_longitude) = (radians(self.longitude), radians(other.longitude));
        let v = ((other_longitude - longitude) / 2.0).sin();
        if v == 0.0 {
            return self.latitude_distance(other);
        }
        let (latitude, other_latitude) = (radians(self.latitude), radians(other.latitude));
        let u = ((other_latitude - latitude) / 2.0).sin();
        let a = u * u + latitude.cos() * other_latitude.cos() * v * v;
        2.0 * EARTH_RADIUS * a.sqrt().asin()
    }

    /// How far the other place is to the north or south, meters.
    fn latitude_distance(self, other: Self) -> f64 {
        EARTH_RADIUS * (radians(other.latitude) - radians(self.latitude)).abs()
    }

    /// The cell of a place after so many halvings of a map up to that latitude.
    fn cell(self, step: u32, latitude_max: f64) -> Cell {
        let size = (1_u64 << step) as f64;
        let part = |degrees: f64, max: f64| (degrees + max) / (max + max) * size;
        let x = part(self.longitude, LONGITUDE_MAX) as u32;
        let y = part(self.latitude, latitude_max) as u32;
        Cell { bits: spread(y) | spread(x) << 1, step }
    }
}

impl Cell {
    fn edges(self) -> Edges {
        let (x, y) = (gather(self.bits >> 1), gather(self.bits));
        let size = (1_u64 << self.step) as f64;
        let edge = |number: u32, max: f64| -max + f64::from(number) / size * (max + max);
        Edges {
            west: edge(x, LONGITUDE_MAX),
            east: edge(x.wrapping_add(1), LONGITUDE_MAX),
            south: edge(y, LATITUDE_MAX),
            north: edge(y.wrapping_add(1), LATITUDE_MAX),
        }
    }

    /// The scores of its places: from the first up to the second, which is out.
    #[must_use]
    pub fn scores(self) -> (f64, f64) {
        let shift = BITS - 2 * self.step;
        ((self.bits << shift) as f64, ((self.bits + 1) << shift) as f64)
    }

    /// The cell so many cells to the east and to the north, round the whole map.
    ///
    /// REDIS: at the very edge of the map a number has one bit too many, and keeps it where the
    /// cell does not move in its direction: `GEOSEARCH g FROMLONLAT 180 85 BYRADIUS 20000 km`
    /// misses what lies on the other side.
    fn beside(self, east: i64, north: i64) -> Self {
        let mask = (1_u64 << self.step) - 1;
        let moved = |number: u32, by: i64| match by {
            0 => number,
            _ => (u64::from(number).wrapping_add(by as u64) & mask) as u32,
        };
        let (x, y) = (gather(self.bits >> 1), gather(self.bits));
        Self { bits: spread(moved(y, north)) | spread(moved(x, east)) << 1, step: self.step }
    }
}

/// A score as C casts it to an unsigned integer on most machines.
fn bits_of(score: f64) -> u64 {
    const HALF: f64 = (1_u64 << 63) as f64;
    match score {
        _ if score < HALF => score as i64 as u64,
        _ if score < 2.0 * HALF => (score - HALF) as u64 | 1 << 63,
        _ => 0,
    }
}

/// Puts a zero before every bit.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Every second bit, from the lowest on.
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    bits as u32
}

fn radians(degrees: f64) -> f64 {
    degrees * (std::f64::consts::PI / 180.0)
}

fn degrees(radians: f64) -> f64 {
    radians / (std::f64::consts::PI / 180.0)
}

#[cfg(test)]
mod tests;
