//! Geo commands: places in sorted sets. What is declared of them.
//!
//! The handlers stand beside: `members` (GEOADD and what is about single members), `search`
//! (GEOSEARCH, GEORADIUS and their kin), `request` (what these are asked for), `words` (numbers and
//! units); `declared` has the argument trees of the searches.

mod declared;
mod members;
mod request;
mod search;
mod words;

use command::Arity::AtLeast;
use command::acl_category as acl;
use command::arg::{block, double, key, one_of, string, token};
use command::flags::{DENYOOM, MOVABLE_KEYS, READONLY, WRITE};
use command::key_spec::{ACCESS, OW, RO, RW, UPDATE, after, one};
use command::{Group, Spec};

use crate::{Command, Run, own_db};
use declared::{BY_MEMBER, BY_MEMBER_RO, BY_PLACE, BY_PLACE_RO, SEARCH, SEARCH_STORE, UNITS};

const RADIUS_COMPLEXITY: &str = "O(N+log(M)) for N members round the circle, of M members.";
const AREA_COMPLEXITY: &str = "O(N+log(M)) for N members round the area, of M members.";
const UPPERCASE: (&str, &str) = ("7.0.0", "Takes units in capitals.");
const ANY: (&str, &str) = ("6.2.0", "Takes `ANY` behind a count.");

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("GEOADD", Group::Geo, AtLeast(5))
        .since("3.2.0")
        .summary("Adds members with their places, or moves them.")
        .complexity("O(log N) for each member, of N members.")
        .history(&[("6.2.0", "Takes `CH`, `NX` and `XX`.")])
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::GEO | acl::SLOW)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[
            key("key"),
            one_of("condition", &[token("nx", "NX"), token("xx", "XX")]).since("6.2.0").optional(),
            token("change", "CH").since("6.2.0").optional(),
            block(
                "longitude_latitude_member",
                &[double("longitude"), double("latitude"), string("member")],
            )
            .many(),
        ])
        .run(Run::Shard(members::geoadd)),
    Spec::new("GEOPOS", Group::Geo, AtLeast(2))
        .since("3.2.0")
        .summary("Answers the places of members.")
        .complexity("O(N) for N members asked about.")
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::geopos)),
    Spec::new("GEODIST", Group::Geo, AtLeast(4))
        .since("3.2.0")
        .summary("Answers how far two members are from each other.")
        .complexity("O(1).")
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member1"), string("member2"), one_of("unit", UNITS).optional()])
        .run(Run::Shard(members::geodist)),
    Spec::new("GEOHASH", Group::Geo, AtLeast(2))
        .since("3.2.0")
        .summary("Answers the geohashes of members, as the rest of the world knows them.")
        .complexity("O(1) for each member asked about.")
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::geohash)),
    Spec::new("GEOSEARCH", Group::Geo, AtLeast(7))
        .since("6.2.0")
        .summary("Answers the members in a circle or a rectangle.")
        .complexity(AREA_COMPLEXITY)
        .history(&[UPPERCASE])
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(SEARCH)
        .run(Run::Shard(search::geosearch)),
    Spec::new("GEOSEARCHSTORE", Group::Geo, AtLeast(8))
        .since("6.2.0")
        .summary("Sets a key to the members in a circle or a rectangle.")
        .complexity(AREA_COMPLEXITY)
        .history(&[UPPERCASE])
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::GEO | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), one(RO | ACCESS, 2)])
        .args(SEARCH_STORE)
        .run(Run::Together { run: search::geosearchstore, db_of: own_db }),
    Spec::new("GEORADIUS", Group::Geo, AtLeast(6))
        .since("3.2.0")
        .summary("Answers the members up to a distance from a place, or sets a key to them.")
        .complexity(RADIUS_COMPLEXITY)
        .history(&[ANY, UPPERCASE])
        .deprecated("6.2.0")
        .replaced_by("`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")
        .flags(WRITE | DENYOOM | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::GEO | acl::SLOW)
        .keys(&[
            one(RO | ACCESS, 1),
            after(OW | UPDATE, "STORE", 6),
            after(OW | UPDATE, "STOREDIST", 6),
        ])
        .args(BY_PLACE)
        .run(Run::Together { run: search::georadius, db_of: own_db }),
    Spec::new("GEORADIUS_RO", Group::Geo, AtLeast(6))
        .since("3.2.10")
        .summary("Answers the members up to a distance from a place.")
        .complexity(RADIUS_COMPLEXITY)
        .history(&[ANY])
        .deprecated("6.2.0")
        .replaced_by("`GEOSEARCH` with the `BYRADIUS` argument")
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(BY_PLACE_RO)
        .run(Run::Shard(search::georadius_ro)),
    Spec::new("GEORADIUSBYMEMBER", Group::Geo, AtLeast(5))
        .since("3.2.0")
        .summary("Answers the members up to a distance from another, or sets a key to them.")
        .complexity(RADIUS_COMPLEXITY)
        .history(&[UPPERCASE])
        .deprecated("6.2.0")
        .replaced_by(
            "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
        )
        .flags(WRITE | DENYOOM | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::GEO | acl::SLOW)
        .keys(&[
            one(RO | ACCESS, 1),
            after(OW | UPDATE, "STORE", 5),
            after(OW | UPDATE, "STOREDIST", 5),
        ])
        .args(BY_MEMBER)
        .run(Run::Together { run: search::georadiusbymember, db_of: own_db }),
    Spec::new("GEORADIUSBYMEMBER_RO", Group::Geo, AtLeast(5))
        .since("3.2.10")
        .summary("Answers the members up to a distance from another.")
        .complexity(RADIUS_COMPLEXITY)
        .deprecated("6.2.0")
        .replaced_by("`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")
        .flags(READONLY)
        .acl(acl::READ | acl::GEO | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(BY_MEMBER_RO)
        .run(Run::Shard(search::georadiusbymember_ro)),
];
