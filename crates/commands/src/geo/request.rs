//! What GEOSEARCH and its many kin are asked for, read in Redis' order of errors.

use datatypes::geohash::{Place, Shape};
use resp::{Args, ReplyError};

use super::words::{place, radius, size};
use crate::args::{Cursor, integer};
use crate::errors::{
    ANY_WITHOUT_COUNT, COUNT_NOT_ABOVE_0, NO_PLACE_OF_MEMBER, SYNTAX, needs_one_of, no_store_with,
};

/// Which of the commands it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// GEORADIUS and GEORADIUS_RO.
    Radius { may_store: bool },
    /// GEORADIUSBYMEMBER and GEORADIUSBYMEMBER_RO.
    RadiusByMember { may_store: bool },
    /// GEOSEARCH.
    Search,
    /// GEOSEARCHSTORE.
    SearchStore,
}

impl Form {
    /// The place of the key that is searched.
    pub(super) fn source_at(self) -> usize {
        if self == Self::SearchStore { 2 } else { 1 }
    }

    fn may_store(self) -> bool {
        matches!(self, Self::Radius { may_store: true } | Self::RadiusByMember { may_store: true })
    }

    fn is_search(self) -> bool {
        matches!(self, Self::Search | Self::SearchStore)
    }
}

/// In which order places are answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    AsFound,
    Nearest,
    Farthest,
}

/// Where the middle of a search is.
#[derive(Clone, Copy)]
enum Middle {
    Place(Place),
    /// Where a member is; none if there is no key.
    Member(Option<Place>),
}

/// See the head of this file.
pub(super) struct Request {
    middle: Option<Middle>,
    shape: Option<Shape>,
    /// Meters in the unit of distances.
    pub(super) meters: f64,
    pub(super) with_distance: bool,
    pub(super) with_hash: bool,
    pub(super) with_place: bool,
    pub(super) order: Order,
    /// 0 is all.
    pub(super) count: usize,
    pub(super) any: bool,
    /// The place of the key that takes the result.
    pub(super) store_at: Option<usize>,
    pub(super) stores_distance: bool,
}

/// The place of a member of the key that is searched.
type PlaceOf<'a> = dyn Fn(&[u8]) -> Option<Place> + 'a;

impl Request {
    /// Reads a request; `place_of` is missing where the key is.
    pub(super) fn parse(
        args: Args<'_>,
        form: Form,
        place_of: Option<&PlaceOf<'_>>,
    ) -> Result<Self, ReplyError> {
        let mut request = Self::empty();
        let from = match form {
            Form::Radius { .. } => {
                request.middle = Some(Middle::Place(place(args, 2)?));
                request.set_radius(args, 4)?;
                6
            }
            Form::RadiusByMember { .. } => {
                // REDIS: without a key nobody asks whether the radius is right.
                if place_of.is_some() {
                    request.middle = Some(middle_of(args.at(2), place_of)?);
                    request.set_radius(args, 3)?;
                }
                5
            }
            Form::Search => 2,
            Form::SearchStore => {
                request.store_at = Some(1);
                3
            }
        };
        request.read_options((args, from), form, place_of)?;
        request.check(args, form)?;
        Ok(request)
    }

    fn empty() -> Self {
        Self {
            middle: None,
            shape: None,
            meters: 1.0,
            with_distance: false,
            with_hash: false,
            with_place: false,
            order: Order::AsFound,
            count: 0,
            any: false,
            store_at: None,
            stores_distance: false,
        }
    }

    /// Where to search, and what; none if the key is missing.
    pub(super) fn area(&self) -> Option<(Place, Shape)> {
        match (self.middle, self.shape) {
            (Some(Middle::Place(place) | Middle::Member(Some(place))), Some(shape)) => {
                Some((place, shape))
            }
            _ => None,
        }
    }

    fn set_radius(&mut self, args: Args<'_>, at: usize) -> Result<(), ReplyError> {
        let (number, meters) = radius(args, at)?;
        self.meters = meters;
        self.shape = Some(Shape::Circle { radius: number * meters });
        Ok(())
    }

    fn read_options(
        &mut self,
        (args, from): (Args<'_>, usize),
        form: Form,
        place_of: Option<&PlaceOf<'_>>,
    ) -> Result<(), ReplyError> {
        let mut at = from;
        while at < args.len() {
            let is = |keyword: &str| Cursor::new(args, at).keyword(keyword);
            let rest = args.len() - at - 1;
            at += match () {
                () if self.read_flag(is, form) => 1,
                () if is("COUNT") && rest >= 1 => {
                    self.count = count_of(args.at(at + 1))?;
                    2
                }
                () if form.may_store() && (is("STORE") || is("STOREDIST")) && rest >= 1 => {
                    self.store_at = Some(at + 1);
                    self.stores_distance = is("STOREDIST");
                    2
                }
                () if form.is_search() => self.read_area((args, at), place_of)?,
                () => return Err(SYNTAX),
            };
        }
        Ok(())
    }

    fn read_flag(&mut self, is: impl Fn(&str) -> bool, form: Form) -> bool {
        match () {
            () if is("WITHDIST") => self.with_distance = true,
            () if is("WITHHASH") => self.with_hash = true,
            () if is("WITHCOORD") => self.with_place = true,
            () if is("ANY") => self.any = true,
            () if is("ASC") => self.order = Order::Nearest,
            () if is("DESC") => self.order = Order::Farthest,
            () if form == Form::SearchStore && is("STOREDIST") => self.stores_distance = true,
            () => return false,
        }
        true
    }

    /// Reads the words from one on that say where to search, or what; answers how many they are.
    fn read_area(
        &mut self,
        (args, at): (Args<'_>, usize),
        place_of: Option<&PlaceOf<'_>>,
    ) -> Result<usize, ReplyError> {
        let is = |keyword: &str| Cursor::new(args, at).keyword(keyword);
        let rest = args.len() - at - 1;
        // One way to say it may be said again, but not the other.
        let is_place = matches!(self.middle, Some(Middle::Place(_)));
        let is_member = matches!(self.middle, Some(Middle::Member(_)));
        let is_circle = matches!(self.shape, Some(Shape::Circle { .. }));
        let is_rectangle = matches!(self.shape, Some(Shape::Rectangle { .. }));
        match () {
            () if is("FROMMEMBER") && rest >= 1 && !is_place => {
                self.middle = Some(middle_of(args.at(at + 1), place_of)?);
                Ok(2)
            }
            () if is("FROMLONLAT") && rest >= 2 && !is_member => {
                self.middle = Some(Middle::Place(place(args, at + 1)?));
                Ok(3)
            }
            () if is("BYRADIUS") && rest >= 2 && !is_rectangle => {
                self.set_radius(args, at + 1)?;
                Ok(3)
            }
            () if is("BYBOX") && rest >= 3 && !is_circle => {
                let (width, height, meters) = size(args, at + 1)?;
                self.meters = meters;
                self.shape =
                    Some(Shape::Rectangle { width: width * meters, height: height * meters });
                Ok(4)
            }
            () => Err(SYNTAX),
        }
    }

    fn check(&self, args: Args<'_>, form: Form) -> Result<(), ReplyError> {
        if self.store_at.is_some() && (self.with_distance || self.with_hash || self.with_place) {
            let who = match form {
                Form::SearchStore => "GEOSEARCHSTORE",
                _ => "STORE option in GEORADIUS",
            };
            return Err(no_store_with(who));
        }
        if form.is_search() && self.middle.is_none() {
            return Err(needs_one_of("FROMMEMBER or FROMLONLAT", args.at(0)));
        }
        if form.is_search() && self.shape.is_none() {
            return Err(needs_one_of("BYRADIUS and BYBOX", args.at(0)));
        }
        if self.any && self.count == 0 { Err(ANY_WITHOUT_COUNT) } else { Ok(()) }
    }
}

fn middle_of(member: &[u8], place_of: Option<&PlaceOf<'_>>) -> Result<Middle, ReplyError> {
    match place_of {
        Some(place_of) => {
            let place = place_of(member).ok_or(NO_PLACE_OF_MEMBER)?;
            Ok(Middle::Member(Some(place)))
        }
        None => Ok(Middle::Member(None)),
    }
}

fn count_of(word: &[u8]) -> Result<usize, ReplyError> {
    match usize::try_from(integer(word)?) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(COUNT_NOT_ABOVE_0),
    }
}
