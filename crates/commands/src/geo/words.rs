//! The words in which places are spoken of: coordinates, distances, units.

use datatypes::geohash::Place;
use resp::{Args, ReplyError};
use stdx::number::parse_f64;

use crate::errors::{HEIGHT_NOT_A_FLOAT, WIDTH_NOT_A_FLOAT, no_such_place};
use crate::errors::{
    NOT_A_FLOAT, RADIUS_NEGATIVE, RADIUS_NOT_A_FLOAT, SIZE_NEGATIVE, UNKNOWN_UNIT,
};

/// Meters in a unit.
pub(super) fn unit(word: &[u8]) -> Result<f64, ReplyError> {
    let units = [("m", 1.0), ("km", 1000.0), ("ft", 0.3048), ("mi", 1609.34)];
    let named = units.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    named.map(|(_, meters)| *meters).ok_or(UNKNOWN_UNIT)
}

/// The place whose longitude and latitude are two words.
pub(super) fn place(args: Args<'_>, at: usize) -> Result<Place, ReplyError> {
    let degrees = |at: usize| parse_f64(args.at(at)).ok_or(NOT_A_FLOAT);
    let (longitude, latitude) = (degrees(at)?, degrees(at + 1)?);
    Place::new(longitude, latitude).ok_or_else(|| no_such_place(longitude, latitude))
}

/// A radius and its unit: the number, and meters in one.
pub(super) fn radius(args: Args<'_>, at: usize) -> Result<(f64, f64), ReplyError> {
    let radius = parse_f64(args.at(at)).ok_or(RADIUS_NOT_A_FLOAT)?;
    if radius < 0.0 {
        return Err(RADIUS_NEGATIVE);
    }
    Ok((radius, unit(args.at(at + 1))?))
}

/// Width, height and their unit: the numbers, and meters in one.
pub(super) fn size(args: Args<'_>, at: usize) -> Result<(f64, f64, f64), ReplyError> {
    let width = parse_f64(args.at(at)).ok_or(WIDTH_NOT_A_FLOAT)?;
    let height = parse_f64(args.at(at + 1)).ok_or(HEIGHT_NOT_A_FLOAT)?;
    if width < 0.0 || height < 0.0 {
        return Err(SIZE_NEGATIVE);
    }
    Ok((width, height, unit(args.at(at + 2))?))
}
