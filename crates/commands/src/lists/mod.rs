//! List commands: what is declared of them.
//!
//! The handlers stand beside: `push_pop` (the ends of one list), `inspect` (reading), `edit`
//! (changing what is inside), `moving` (several lists), `blocking` (those that may wait); `access`
//! is what they share.

mod access;
mod blocking;
mod edit;
mod inspect;
mod moving;
mod push_pop;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, double, integer, key, one_of, string, token};
use command::flags::{BLOCKING, DENYOOM, FAST, MOVABLE_KEYS, NOSCRIPT, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, INSERT, RO, RW, UPDATE, counted, one, range};
use command::{Group, Spec};

use crate::{Command, Run, own_db};

const ENDS: &[Arg] = &[token("left", "LEFT"), token("right", "RIGHT")];

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("LPUSH", Group::List, AtLeast(3))
        .since("1.0.0")
        .summary("Puts elements in front of a list, one after the other, and makes it if need be.")
        .complexity("O(N) for N elements.")
        .history(&[("2.4.0", "Takes several elements.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("element").many()])
        .run(Run::Shard(push_pop::lpush)),
    Spec::new("RPUSH", Group::List, AtLeast(3))
        .since("1.0.0")
        .summary("Puts elements behind a list, one after the other, and makes it if need be.")
        .complexity("O(N) for N elements.")
        .history(&[("2.4.0", "Takes several elements.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("element").many()])
        .run(Run::Shard(push_pop::rpush)),
    Spec::new("LPUSHX", Group::List, AtLeast(3))
        .since("2.2.0")
        .summary("Puts elements in front of a list, but only if there is one.")
        .complexity("O(N) for N elements.")
        .history(&[("4.0.0", "Takes several elements.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("element").many()])
        .run(Run::Shard(push_pop::lpushx)),
    Spec::new("RPUSHX", Group::List, AtLeast(3))
        .since("2.2.0")
        .summary("Puts elements behind a list, but only if there is one.")
        .complexity("O(N) for N elements.")
        .history(&[("4.0.0", "Takes several elements.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("element").many()])
        .run(Run::Shard(push_pop::rpushx)),
    Spec::new("LPOP", Group::List, AtLeast(2))
        .since("1.0.0")
        .summary("Takes the first elements out of a list and answers them.")
        .complexity("O(N) for N elements.")
        .history(&[("6.2.0", "Takes `count`.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), integer("count").since("6.2.0").optional()])
        .run(Run::Shard(push_pop::lpop)),
    Spec::new("RPOP", Group::List, AtLeast(2))
        .since("1.0.0")
        .summary("Takes the last elements out of a list and answers them.")
        .complexity("O(N) for N elements.")
        .history(&[("6.2.0", "Takes `count`.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::LIST | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), integer("count").since("6.2.0").optional()])
        .run(Run::Shard(push_pop::rpop)),
    Spec::new("LLEN", Group::List, Exactly(2))
        .since("1.0.0")
        .summary("Answers how many elements a list has.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::LIST | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(inspect::llen)),
    Spec::new("LRANGE", Group::List, Exactly(4))
        .since("1.0.0")
        .summary("Answers the elements of a list from one index to another.")
        .complexity("O(N) for N elements, and the way there from the nearer end, in large steps.")
        .flags(READONLY)
        .acl(acl::READ | acl::LIST | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("start"), integer("stop")])
        .run(Run::Shard(inspect::lrange)),
    Spec::new("LINDEX", Group::List, Exactly(3))
        .since("1.0.0")
        .summary("Answers the element of a list at an index.")
        .complexity("O(1) at the ends; inside the way there from the nearer end, in large steps.")
        .flags(READONLY)
        .acl(acl::READ | acl::LIST | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("index")])
        .run(Run::Shard(inspect::lindex)),
    Spec::new("LSET", Group::List, Exactly(4))
        .since("1.0.0")
        .summary("Puts an element of a list in the place of another.")
        .complexity("O(1) at the ends; inside the way there from the nearer end, in large steps.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), integer("index"), string("element")])
        .run(Run::Shard(edit::lset)),
    Spec::new("LINSERT", Group::List, Exactly(5))
        .since("2.2.0")
        .summary("Puts an element into a list before or behind a given one.")
        .complexity("O(N) for N elements up to the given one.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[
            key("key"),
            one_of("where", &[token("before", "BEFORE"), token("after", "AFTER")]),
            string("pivot"),
            string("element"),
        ])
        .run(Run::Shard(edit::linsert)),
    Spec::new("LREM", Group::List, Exactly(4))
        .since("1.0.0")
        .summary("Takes elements that are equal to a given one out of a list.")
        .complexity("O(N) for a list of N elements.")
        .flags(WRITE)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), integer("count"), string("element")])
        .run(Run::Shard(edit::lrem)),
    Spec::new("LTRIM", Group::List, Exactly(4))
        .since("1.0.0")
        .summary("Takes out of a list what is not between two indexes.")
        .complexity("O(N) for N elements that are taken out.")
        .flags(WRITE)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), integer("start"), integer("stop")])
        .run(Run::Shard(edit::ltrim)),
    Spec::new("LPOS", Group::List, AtLeast(3))
        .since("6.0.6")
        .summary("Answers the indexes of elements of a list that are equal to a given one.")
        .complexity("O(N) for N elements that are looked at.")
        .flags(READONLY)
        .acl(acl::READ | acl::LIST | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            string("element"),
            integer("rank").token("RANK").optional(),
            integer("num-matches").token("COUNT").optional(),
            integer("len").token("MAXLEN").optional(),
        ])
        .run(Run::Shard(inspect::lpos)),
    Spec::new("LMOVE", Group::List, Exactly(5))
        .since("6.2.0")
        .summary("Takes an element from one end of a list to an end of another, or the same.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(RW | INSERT, 2)])
        .args(&[
            key("source"),
            key("destination").key_spec(1),
            one_of("wherefrom", ENDS),
            one_of("whereto", ENDS),
        ])
        .run(Run::Together { run: moving::lmove, db_of: own_db }),
    Spec::new("RPOPLPUSH", Group::List, Exactly(3))
        .since("1.2.0")
        .summary("Takes the last element of a list and puts it in front of another, or the same.")
        .complexity("O(1).")
        .deprecated("6.2.0")
        .replaced_by("`LMOVE` with the `RIGHT` and `LEFT` arguments")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(RW | INSERT, 2)])
        .args(&[key("source"), key("destination").key_spec(1)])
        .run(Run::Together { run: moving::rpoplpush, db_of: own_db }),
    Spec::new("LMPOP", Group::List, AtLeast(4))
        .since("7.0.0")
        .summary("Takes elements out of the first of several lists that there is.")
        .complexity("O(N+M) for N keys and M elements.")
        .flags(WRITE | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::LIST | acl::SLOW)
        .keys(&[counted(RW | ACCESS | DELETE, 1)])
        .args(&[
            integer("numkeys"),
            key("key").many(),
            one_of("where", ENDS),
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Together { run: moving::lmpop, db_of: own_db }),
    Spec::new("BLPOP", Group::List, AtLeast(3))
        .since("2.0.0")
        .summary("Takes the first element out of the first of several lists, or waits for one.")
        .complexity("O(N) for N keys.")
        .history(&[("6.0.0", "Takes fractions of a second.")])
        .flags(WRITE | NOSCRIPT | BLOCKING)
        .acl(acl::WRITE | acl::LIST | acl::SLOW | acl::BLOCKING)
        .keys(&[range(RW | ACCESS | DELETE, 1, -2, 1)])
        .args(&[key("key").many(), double("timeout")])
        .run(Run::Together { run: blocking::blpop, db_of: own_db }),
    Spec::new("BRPOP", Group::List, AtLeast(3))
        .since("2.0.0")
        .summary("Takes the last element out of the first of several lists, or waits for one.")
        .complexity("O(N) for N keys.")
        .history(&[("6.0.0", "Takes fractions of a second.")])
        .flags(WRITE | NOSCRIPT | BLOCKING)
        .acl(acl::WRITE | acl::LIST | acl::SLOW | acl::BLOCKING)
        .keys(&[range(RW | ACCESS | DELETE, 1, -2, 1)])
        .args(&[key("key").many(), double("timeout")])
        .run(Run::Together { run: blocking::brpop, db_of: own_db }),
    Spec::new("BLMOVE", Group::List, Exactly(6))
        .since("6.2.0")
        .summary("Takes an element from one end of a list to an end of another, or waits for one.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | NOSCRIPT | BLOCKING)
        .acl(acl::WRITE | acl::LIST | acl::SLOW | acl::BLOCKING)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(RW | INSERT, 2)])
        .args(&[
            key("source"),
            key("destination").key_spec(1),
            one_of("wherefrom", ENDS),
            one_of("whereto", ENDS),
            double("timeout"),
        ])
        .run(Run::Together { run: blocking::blmove, db_of: own_db }),
    Spec::new("BRPOPLPUSH", Group::List, Exactly(4))
        .since("2.2.0")
        .summary("Takes the last element of a list in front of another, or waits for one.")
        .complexity("O(1).")
        .history(&[("6.0.0", "Takes fractions of a second.")])
        .deprecated("6.2.0")
        .replaced_by("`BLMOVE` with the `RIGHT` and `LEFT` arguments")
        .flags(WRITE | DENYOOM | NOSCRIPT | BLOCKING)
        .acl(acl::WRITE | acl::LIST | acl::SLOW | acl::BLOCKING)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(RW | INSERT, 2)])
        .args(&[key("source"), key("destination").key_spec(1), double("timeout")])
        .run(Run::Together { run: blocking::brpoplpush, db_of: own_db }),
    Spec::new("BLMPOP", Group::List, AtLeast(5))
        .since("7.0.0")
        .summary(
            "Takes elements out of the first of several lists that there is, or waits for one.",
        )
        .complexity("O(N+M) for N keys and M elements.")
        .flags(WRITE | BLOCKING | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::LIST | acl::SLOW | acl::BLOCKING)
        .keys(&[counted(RW | ACCESS | DELETE, 2)])
        .args(&[
            double("timeout"),
            integer("numkeys"),
            key("key").many(),
            one_of("where", ENDS),
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Together { run: blocking::blmpop, db_of: own_db }),
];
