//! Several sorted sets, or sets, together.

use command::Arity::AtLeast;
use command::acl_category as acl;
use command::arg::{Arg, integer, key, one_of, token};
use command::flags::{DENYOOM, MOVABLE_KEYS, READONLY, WRITE};
use command::key_spec::{ACCESS, OW, RO, UPDATE, counted, one};
use command::{Group, Spec};

use super::{algebra, parts, store};
use crate::{Command, Run, own_db};

const WEIGHTS: Arg = integer("weight").token("WEIGHTS").optional().many();
const AGGREGATE: Arg =
    one_of("aggregate", &[token("sum", "SUM"), token("min", "MIN"), token("max", "MAX")])
        .token("AGGREGATE")
        .optional();
const WITHSCORES: Arg = token("withscores", "WITHSCORES").optional();

const OF_UNION: &str = "O(N)+O(M*log M) for N members in all inputs and M in the result.";
const OF_INTERSECTION: &str =
    "O(N*K)+O(M*log M) at worst, for N members of the smallest of K inputs and M in the result.";
const OF_DIFFERENCE: &str = "O(N*K)+O(M*log M) at worst, for N members of the first of K inputs.";

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("ZUNION", Group::SortedSet, AtLeast(3))
        .since("6.2.0")
        .summary("Answers the members of any of several sorted sets, their scores joined.")
        .complexity(OF_UNION)
        .flags(READONLY | MOVABLE_KEYS)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[counted(RO | ACCESS, 1)])
        .args(&[integer("numkeys"), key("key").many(), WEIGHTS, AGGREGATE, WITHSCORES])
        .run(Run::GatherWhole {
            whole: algebra::zunion,
            check: parts::zunion_check,
            part: parts::inputs_part,
            fold: parts::zunion_fold,
        }),
    Spec::new("ZINTER", Group::SortedSet, AtLeast(3))
        .since("6.2.0")
        .summary("Answers the members that several sorted sets have in common.")
        .complexity(OF_INTERSECTION)
        .flags(READONLY | MOVABLE_KEYS)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[counted(RO | ACCESS, 1)])
        .args(&[integer("numkeys"), key("key").many(), WEIGHTS, AGGREGATE, WITHSCORES])
        .run(Run::GatherWhole {
            whole: algebra::zinter,
            check: parts::zinter_check,
            part: parts::inputs_part,
            fold: parts::zinter_fold,
        }),
    Spec::new("ZDIFF", Group::SortedSet, AtLeast(3))
        .since("6.2.0")
        .summary("Answers the members of a sorted set that none of several others has.")
        .complexity(OF_DIFFERENCE)
        .flags(READONLY | MOVABLE_KEYS)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[counted(RO | ACCESS, 1)])
        .args(&[integer("numkeys"), key("key").many(), WITHSCORES])
        .run(Run::GatherWhole {
            whole: algebra::zdiff,
            check: parts::zdiff_check,
            part: parts::inputs_part,
            fold: parts::zdiff_fold,
        }),
    Spec::new("ZINTERCARD", Group::SortedSet, AtLeast(3))
        .since("7.0.0")
        .summary("Counts the members that several sorted sets have in common.")
        .complexity("O(N*K) at worst, for N members of the smallest of K inputs.")
        .flags(READONLY | MOVABLE_KEYS)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[counted(RO | ACCESS, 1)])
        .args(&[integer("numkeys"), key("key").many(), integer("limit").token("LIMIT").optional()])
        .run(Run::GatherWhole {
            whole: algebra::zintercard,
            check: parts::zintercard_check,
            part: parts::inputs_part,
            fold: parts::zintercard_fold,
        }),
    Spec::new("ZUNIONSTORE", Group::SortedSet, AtLeast(4))
        .since("2.0.0")
        .summary("Sets a key to the members of any of several sorted sets, their scores joined.")
        .complexity(OF_UNION)
        .flags(WRITE | DENYOOM | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), counted(RO | ACCESS, 2)])
        .args(&[
            key("destination"),
            integer("numkeys"),
            key("key").key_spec(1).many(),
            WEIGHTS,
            AGGREGATE,
        ])
        .run(Run::Together { run: store::zunionstore, db_of: own_db }),
    Spec::new("ZINTERSTORE", Group::SortedSet, AtLeast(4))
        .since("2.0.0")
        .summary("Sets a key to the members that several sorted sets have in common.")
        .complexity(OF_INTERSECTION)
        .flags(WRITE | DENYOOM | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), counted(RO | ACCESS, 2)])
        .args(&[
            key("destination"),
            integer("numkeys"),
            key("key").key_spec(1).many(),
            WEIGHTS,
            AGGREGATE,
        ])
        .run(Run::Together { run: store::zinterstore, db_of: own_db }),
    Spec::new("ZDIFFSTORE", Group::SortedSet, AtLeast(4))
        .since("6.2.0")
        .summary("Sets a key to the members of a sorted set that none of several others has.")
        .complexity(OF_DIFFERENCE)
        .flags(WRITE | DENYOOM | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), counted(RO | ACCESS, 2)])
        .args(&[key("destination"), integer("numkeys"), key("key").key_spec(1).many()])
        .run(Run::Together { run: store::zdiffstore, db_of: own_db }),
];
