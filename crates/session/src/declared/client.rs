//! The declarations of CLIENT and its subcommands.
//!
//! What runs them is in `commands::client`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{block, integer, one_of, string, token};
use command::flags::{ADMIN, LOADING, NOSCRIPT, STALE};
use command::tips::{NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED};
use command::{Group, Spec};

pub(crate) const CLIENT: Spec = Spec::new("CLIENT", Group::Connection, AtLeast(2))
    .since("2.4.0")
    .summary("Holds the commands about connections.")
    .complexity("That of the subcommand.")
    .acl(acl::SLOW);

pub(crate) const CLIENT_ID: Spec = Spec::new("ID", Group::Connection, Exactly(2))
    .since("5.0.0")
    .summary("Answers the number of this connection.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);

pub(crate) const CLIENT_GETNAME: Spec = Spec::new("GETNAME", Group::Connection, Exactly(2))
    .since("2.6.9")
    .summary("Answers the name of this connection.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);

pub(crate) const CLIENT_SETNAME: Spec = Spec::new("SETNAME", Group::Connection, Exactly(3))
    .since("2.6.9")
    .summary("Names this connection.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .args(&[string("connection-name")]);

pub(crate) const CLIENT_SETINFO: Spec = Spec::new("SETINFO", Group::Connection, Exactly(4))
    .since("7.2.0")
    .summary("Notes which client library speaks on this connection.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED])
    .args(&[one_of(
        "attr",
        &[
            string("libname").token("LIB-NAME").display_text("libname"),
            string("libver").token("LIB-VER").display_text("libver"),
        ],
    )]);

pub(crate) const CLIENT_INFO: Spec = Spec::new("INFO", Group::Connection, Exactly(2))
    .since("6.2.0")
    .summary("Describes this connection in one line.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT]);

pub(crate) const CLIENT_LIST: Spec = Spec::new("LIST", Group::Connection, AtLeast(2))
    .since("2.4.0")
    .summary("Describes all connections, one in a line.")
    .complexity("O(N) for N connections.")
    .history(&[
        ("2.8.12", "Shows `id`."),
        ("5.0.0", "Takes `TYPE`."),
        ("6.0.0", "Shows `user`."),
        ("6.2.0", "Shows `argv-mem`, `tot-mem`, `laddr` and `redir`; takes `ID`."),
        ("7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`."),
        ("7.0.3", "Shows `ssub`."),
    ])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT])
    .args(&[
        one_of(
            "normal_master_replica_pubsub",
            &[
                token("normal", "NORMAL"),
                token("master", "MASTER"),
                token("replica", "REPLICA"),
                token("pubsub", "PUBSUB"),
            ],
        )
        .token("TYPE")
        .since("5.0.0")
        .optional(),
        block("id", &[integer("client-id").many()]).token("ID").since("6.2.0").optional(),
    ]);

pub(crate) const CLIENT_KILL: Spec = Spec::new("KILL", Group::Connection, AtLeast(3))
    .since("2.4.0")
    .summary("Closes the connections that pass the filters.")
    .complexity("O(N) for N connections.")
    .history(&[
        ("2.8.12", "Takes filters."),
        ("2.8.12", "Takes `ID`."),
        ("3.2.0", "Takes `TYPE master`."),
        ("5.0.0", "Takes `TYPE replica`, which `slave` still means too."),
        ("6.2.0", "Takes `LADDR`."),
    ])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION)
    .args(&[one_of(
        "filter",
        &[
            string("ip:port").deprecated_since("2.8.12"),
            one_of(
                "new-format",
                &[
                    integer("client-id").token("ID").since("2.8.12").optional(),
                    one_of(
                        "normal_master_slave_pubsub",
                        &[
                            token("normal", "NORMAL"),
                            token("master", "MASTER").since("3.2.0"),
                            token("slave", "SLAVE"),
                            token("replica", "REPLICA").since("5.0.0"),
                            token("pubsub", "PUBSUB"),
                        ],
                    )
                    .token("TYPE")
                    .since("2.8.12")
                    .optional(),
                    string("username").token("USER").optional(),
                    string("ip:port").token("ADDR").optional(),
                    string("ip:port").token("LADDR").since("6.2.0").optional(),
                    string("yes/no").token("SKIPME").optional(),
                ],
            )
            .many(),
        ],
    )]);

pub(crate) const CLIENT_NO_EVICT: Spec = Spec::new("NO-EVICT", Group::Connection, Exactly(3))
    .since("7.0.0")
    .summary("Keeps this connection from being closed when memory is short.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION)
    .args(&[one_of("enabled", &[token("on", "ON"), token("off", "OFF")])]);

pub(crate) const CLIENT_NO_TOUCH: Spec = Spec::new("NO-TOUCH", Group::Connection, Exactly(3))
    .since("7.2.0")
    .summary("Decides whether this connection's reads count as use of a key.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .args(&[one_of(
        "enabled",
        &[token("on", "ON").display_text("on"), token("off", "OFF").display_text("off")],
    )]);

pub(crate) const CLIENT_REPLY: Spec = Spec::new("REPLY", Group::Connection, Exactly(3))
    .since("3.2.0")
    .summary("Decides whether this connection's commands are answered.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .args(&[one_of(
        "on_off_skip",
        &[token("on", "ON"), token("off", "OFF"), token("skip", "SKIP")],
    )]);

pub(crate) const CLIENT_PAUSE: Spec = Spec::new("PAUSE", Group::Connection, AtLeast(3))
    .since("2.9.50")
    .summary("Lets the commands of all clients wait for a while.")
    .complexity("O(1).")
    .history(&[("6.2.0", "Takes `WRITE` and `ALL`.")])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION)
    .args(&[
        integer("timeout"),
        one_of("mode", &[token("write", "WRITE"), token("all", "ALL")]).since("6.2.0").optional(),
    ]);

pub(crate) const CLIENT_UNBLOCK: Spec = Spec::new("UNBLOCK", Group::Connection, AtLeast(3))
    .since("5.0.0")
    .summary("Ends the waiting of another connection's command.")
    .complexity("O(log N) for N connections.")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION)
    .args(&[
        integer("client-id"),
        one_of("timeout_error", &[token("timeout", "TIMEOUT"), token("error", "ERROR")]).optional(),
    ]);

pub(crate) const CLIENT_UNPAUSE: Spec = Spec::new("UNPAUSE", Group::Connection, Exactly(2))
    .since("6.2.0")
    .summary("Ends a pause.")
    .complexity("O(N) for N clients that wait.")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS | acl::CONNECTION);

pub(crate) const CLIENT_HELP: Spec = Spec::new("HELP", Group::Connection, Exactly(2))
    .since("5.0.0")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);
