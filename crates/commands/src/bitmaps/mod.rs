//! Bitmap commands: what is declared of them.
//!
//! The handlers stand beside: `bits` (single bits), `ranges` (BITCOUNT and BITPOS), `bitop`,
//! `bitfield`; `field_steps` reads what BITFIELD is asked to do.

mod bitfield;
mod bitop;
mod bits;
mod field_steps;
mod ranges;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, block, integer, key, one_of, string, token};
use command::flags::{DENYOOM, FAST, READONLY, WRITE};
use command::key_spec::{
    ACCESS, LAST, OW, RO, RW, UPDATE, VARIABLE_FLAGS, bitfield_keys, one, range,
};
use command::{Group, Spec};

use crate::{Command, Run, own_db};

/// Whether a range is of bytes or of bits.
const UNIT: Arg =
    one_of("index_unit", &[token("byte", "BYTE"), token("bit", "BIT")]).since("7.0.0").optional();

/// What a field is, and where.
const FIELD: &[Arg] = &[string("encoding"), integer("offset")];

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("SETBIT", Group::Bitmap, Exactly(4))
        .since("2.2.0")
        .summary("Sets or clears a bit of a string, which grows as far as that takes.")
        .complexity("O(1), but for the bytes that a string grows by.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::BITMAP | acl::SLOW)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), integer("offset"), integer("value")])
        .run(Run::Shard(bits::setbit)),
    Spec::new("GETBIT", Group::Bitmap, Exactly(3))
        .since("2.2.0")
        .summary("Answers a bit of a string.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::BITMAP | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("offset")])
        .run(Run::Shard(bits::getbit)),
    Spec::new("BITCOUNT", Group::Bitmap, AtLeast(2))
        .since("2.6.0")
        .summary("Counts the bits that are set in a string, or in a part of it.")
        .complexity("O(N) for N bytes.")
        .history(&[("7.0.0", "Takes `BYTE` and `BIT`.")])
        .flags(READONLY)
        .acl(acl::READ | acl::BITMAP | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), block("index", &[integer("start"), integer("end"), UNIT]).optional()])
        .run(Run::Shard(ranges::bitcount)),
    Spec::new("BITPOS", Group::Bitmap, AtLeast(3))
        .since("2.8.7")
        .summary("Finds the first bit that is set, or is not, in a string or in a part of it.")
        .complexity("O(N) for N bytes.")
        .history(&[("7.0.0", "Takes `BYTE` and `BIT`.")])
        .flags(READONLY)
        .acl(acl::READ | acl::BITMAP | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            integer("bit"),
            block(
                "index",
                &[integer("start"), block("end_index", &[integer("end"), UNIT]).optional()],
            )
            .optional(),
        ])
        .run(Run::Shard(ranges::bitpos)),
    Spec::new("BITOP", Group::Bitmap, AtLeast(4))
        .since("2.6.0")
        .summary("Sets a key to several strings combined bit by bit.")
        .complexity("O(N) for N bytes of all strings.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::BITMAP | acl::SLOW)
        .keys(&[one(OW | UPDATE, 2), range(RO | ACCESS, 3, LAST, 1)])
        .args(&[string("operation"), key("destkey"), key("key").key_spec(1).many()])
        .run(Run::Together { run: bitop::bitop, db_of: own_db }),
    Spec::new("BITFIELD", Group::Bitmap, AtLeast(2))
        .since("3.2.0")
        .summary("Reads, writes and increments integers of any width at any bit of a string.")
        .complexity("O(1) for each integer.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::BITMAP | acl::SLOW)
        .keys(&[one(RW | ACCESS | UPDATE | VARIABLE_FLAGS, 1)
            .notes("This command allows both access and modification of the key")])
        .special_keys(bitfield_keys)
        .args(&[key("key"), one_of("operation", BITFIELD_ARGS).optional().many()])
        .run(Run::Shard(bitfield::bitfield)),
    Spec::new("BITFIELD_RO", Group::Bitmap, AtLeast(2))
        .since("6.0.0")
        .summary("Reads integers of any width at any bit of a string.")
        .complexity("O(1) for each integer.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::BITMAP | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            block("encoding_offset", FIELD).token("GET").optional().many_with_token(),
        ])
        .run(Run::Shard(bitfield::bitfield_ro)),
];

const BITFIELD_ARGS: &[Arg] = &[
    block("encoding_offset", FIELD).token("GET"),
    block(
        "write",
        &[
            one_of(
                "wrap_sat_fail",
                &[token("wrap", "WRAP"), token("sat", "SAT"), token("fail", "FAIL")],
            )
            .token("OVERFLOW")
            .optional(),
            one_of(
                "write_operation",
                &[
                    block(
                        "encoding_offset_value",
                        &[string("encoding"), integer("offset"), integer("value")],
                    )
                    .token("SET"),
                    block(
                        "encoding_offset_increment",
                        &[string("encoding"), integer("offset"), integer("increment")],
                    )
                    .token("INCRBY"),
                ],
            ),
        ],
    ),
];
