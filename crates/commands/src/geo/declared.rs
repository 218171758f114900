//! The argument trees of the searches.

use command::arg::{Arg, block, double, integer, key, one_of, string, token};

pub(super) const UNITS: &[Arg] =
    &[token("m", "M"), token("km", "KM"), token("ft", "FT"), token("mi", "MI")];

const UNIT: Arg = one_of("unit", UNITS);
const COORDINATES: &[Arg] = &[double("longitude"), double("latitude")];

const FROM: Arg = one_of(
    "from",
    &[
        string("member").token("FROMMEMBER"),
        block("longitude_latitude", COORDINATES).token("FROMLONLAT"),
    ],
);

const BY: Arg = one_of(
    "by",
    &[
        block("circle", &[double("radius").token("BYRADIUS"), UNIT]),
        block("box", &[double("width").token("BYBOX"), double("height"), UNIT]),
    ],
);

const ORDER: Arg = one_of("order", &[token("asc", "ASC"), token("desc", "DESC")]).optional();

const COUNT: Arg =
    block("count", &[integer("count").token("COUNT"), token("any", "ANY").optional()]).optional();

/// The same where `ANY` is younger than the command.
const COUNT_ANY: Arg = block(
    "count",
    &[integer("count").token("COUNT"), token("any", "ANY").since("6.2.0").optional()],
)
.optional();

const WITHCOORD: Arg = token("withcoord", "WITHCOORD").optional();
const WITHDIST: Arg = token("withdist", "WITHDIST").optional();
const WITHHASH: Arg = token("withhash", "WITHHASH").optional();
const STORE: Arg = key("key").key_spec(1).token("STORE").optional();
const STOREDIST: Arg = key("key").key_spec(2).token("STOREDIST").optional();

pub(super) const SEARCH: &[Arg] =
    &[key("key"), FROM, BY, ORDER, COUNT, WITHCOORD, WITHDIST, WITHHASH];

pub(super) const SEARCH_STORE: &[Arg] = &[
    key("destination"),
    key("source").key_spec(1),
    FROM,
    BY,
    ORDER,
    COUNT,
    token("storedist", "STOREDIST").optional(),
];

pub(super) const BY_PLACE: &[Arg] = &[
    key("key"),
    double("longitude"),
    double("latitude"),
    double("radius"),
    UNIT,
    WITHCOORD,
    WITHDIST,
    WITHHASH,
    COUNT_ANY,
    ORDER,
    STORE,
    STOREDIST,
];

pub(super) const BY_PLACE_RO: &[Arg] = BY_PLACE.split_at(10).0;

pub(super) const BY_MEMBER: &[Arg] = &[
    key("key"),
    string("member"),
    double("radius"),
    UNIT,
    WITHCOORD,
    WITHDIST,
    WITHHASH,
    COUNT,
    ORDER,
    STORE,
    STOREDIST,
];

pub(super) const BY_MEMBER_RO: &[Arg] = BY_MEMBER.split_at(9).0;
