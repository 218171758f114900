//! The declarations of the connection commands.
//!
//! What runs them is in `commands::connection`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{block, integer, string};
use command::flags::{ALLOW_BUSY, ENDS_MULTI, FAST, LOADING, NO_AUTH, NOSCRIPT, STALE};
use command::tips::{REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED};
use command::{Group, Spec};

pub(crate) const PING: Spec = Spec::new("PING", Group::Connection, AtLeast(1))
    .since("1.0.0")
    .summary("Answers PONG, or the word that it was given.")
    .complexity("O(1).")
    .flags(FAST)
    .acl(acl::FAST | acl::CONNECTION)
    .tips(&[REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED])
    .args(&[string("message").optional()]);

pub(crate) const ECHO: Spec = Spec::new("ECHO", Group::Connection, Exactly(2))
    .since("1.0.0")
    .summary("Answers the word that it was given.")
    .complexity("O(1).")
    .flags(LOADING | STALE | FAST)
    .acl(acl::FAST | acl::CONNECTION)
    .args(&[string("message")]);

pub(crate) const HELLO: Spec = Spec::new("HELLO", Group::Connection, AtLeast(1))
    .since("6.0.0")
    .summary("Opens the conversation: protocol, credentials and name.")
    .complexity("O(1).")
    .history(&[("6.2.0", "Takes no protocol version too, and then only describes the connection.")])
    .flags(NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY)
    .acl(acl::FAST | acl::CONNECTION)
    .args(&[block(
        "arguments",
        &[
            integer("protover"),
            block("username_password", &[string("username"), string("password")])
                .token("AUTH")
                .optional(),
            string("clientname").token("SETNAME").optional(),
        ],
    )
    .optional()]);

pub(crate) const AUTH: Spec = Spec::new("AUTH", Group::Connection, AtLeast(2))
    .since("1.0.0")
    .summary("Proves who the client is.")
    .complexity("O(N) for N passwords of the user.")
    .history(&[("6.0.0", "Takes a user's name besides the password.")])
    .flags(NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY)
    .acl(acl::FAST | acl::CONNECTION)
    .args(&[string("username").since("6.0.0").optional(), string("password")]);

pub(crate) const SELECT: Spec = Spec::new("SELECT", Group::Connection, Exactly(2))
    .since("1.0.0")
    .summary("Chooses the database for the commands that follow.")
    .complexity("O(1).")
    .flags(LOADING | STALE | FAST)
    .acl(acl::FAST | acl::CONNECTION)
    .args(&[integer("index")]);

pub(crate) const QUIT: Spec = Spec::new("QUIT", Group::Connection, AtLeast(1))
    .since("1.0.0")
    .summary("Closes the connection once everything before it is answered.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY | ENDS_MULTI)
    .acl(acl::FAST | acl::CONNECTION);

pub(crate) const RESET: Spec = Spec::new("RESET", Group::Connection, Exactly(1))
    .since("6.2.0")
    .summary("Puts the connection back into the state of a fresh one.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE | FAST | NO_AUTH | ALLOW_BUSY | ENDS_MULTI)
    .acl(acl::FAST | acl::CONNECTION);
