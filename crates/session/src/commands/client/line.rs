//! One client as CLIENT LIST and CLIENT INFO print it: fields in Redis 7.4's order, on one line.

use std::io::Write;

use resp::{Args, Protocol};

use crate::commands::authentication::DEFAULT_USER;
use crate::{Blocked, Client, Front, Session, Standing};

/// What a client occupies, bytes.
#[derive(Clone, Copy, Default)]
struct Buffers {
    query: usize,
    query_free: usize,
    arguments: usize,
    reply_capacity: usize,
    reply: usize,
    awaited: usize,
    total: usize,
}

impl Buffers {
    fn of(session: &Session) -> Self {
        let query = session.input.pending_bytes();
        let input = session.input.memory();
        let output = session.replies.memory();
        Self {
            query,
            query_free: input.saturating_sub(query),
            arguments: 0,
            reply_capacity: output,
            reply: session.replies.ready().len(),
            awaited: session.replies.awaited(),
            total: size_of::<Session>() + input + output,
        }
    }

    /// Of a client whose request is just being run: apart from it, nothing is known to be there.
    fn of_request(args: Args<'_>) -> Self {
        let arguments = args.total_bytes();
        Self {
            query: arguments,
            arguments,
            total: size_of::<Session>() + arguments,
            ..Self::default()
        }
    }
}

/// Appends the line of a client of this core.
pub(super) fn write(text: &mut Vec<u8>, session: &Session, front: &Front) {
    let is_blocked = session.standing == Standing::Paused || session.blocked != Blocked::No;
    write_fields(text, &session.client, front, &Buffers::of(session), is_blocked);
}

/// Appends the line of the client that asks for it.
pub(super) fn write_own(text: &mut Vec<u8>, client: &Client, front: &Front, args: Args<'_>) {
    write_fields(text, client, front, &Buffers::of_request(args), false);
}

fn write_fields(
    text: &mut Vec<u8>,
    client: &Client,
    front: &Front,
    buffers: &Buffers,
    is_blocked: bool,
) {
    let age_s = (front.now_ms - client.created_ms).max(0) / 1000;
    let idle_s = (front.now_ms - client.last_interaction_ms).max(0) / 1000;
    let Buffers { query, query_free, arguments, reply_capacity, reply, awaited, total } = *buffers;
    let events = if reply > 0 { "rw" } else { "r" };
    let command = client.last_command.map_or("NULL", |id| front.table.full_name(id));
    let version = if client.protocol == Protocol::Resp3 { 3 } else { 2 };
    put(text, format_args!("id={} addr={} laddr={}", client.id, client.peer, client.local));
    put(text, format_args!(" fd={} name=", client.fd));
    text.extend_from_slice(&client.name);
    put(text, format_args!(" age={age_s} idle={idle_s} flags={}", flags(client, is_blocked)));
    let queued = multi_memory(client);
    let multi = client.multi.as_ref().map_or(-1, |multi| multi.len() as i64);
    let watch = client.watched.len();
    put(text, format_args!(" db={} sub=0 psub=0 ssub=0", client.db.0));
    put(text, format_args!(" multi={multi} watch={watch}"));
    put(text, format_args!(" qbuf={query} qbuf-free={query_free} argv-mem={arguments}"));
    put(text, format_args!(" multi-mem={queued}"));
    put(text, format_args!(" rbs={reply_capacity} rbp={reply_capacity} obl={reply}"));
    let total = total + queued;
    put(text, format_args!(" oll={awaited} omem=0 tot-mem={total} events={events}"));
    put(text, format_args!(" cmd={command} user={DEFAULT_USER} redir=-1 resp={version}"));
    text.extend_from_slice(b" lib-name=");
    text.extend_from_slice(&client.lib_name);
    text.extend_from_slice(b" lib-ver=");
    text.extend_from_slice(&client.lib_ver);
    text.push(b'\n');
}

/// What MULTI and WATCH hold.
fn multi_memory(client: &Client) -> usize {
    client.multi.as_ref().map_or(0, |multi| multi.memory()) + client.watched.memory()
}

fn put(text: &mut Vec<u8>, fields: std::fmt::Arguments<'_>) {
    text.write_fmt(fields).expect("a vector takes everything");
}

/// A letter for everything that is special about a client.
fn flags(client: &Client, is_blocked: bool) -> String {
    let letters = [
        (client.multi.is_some(), 'x'),
        (is_blocked, 'b'),
        (client.close_after_reply, 'c'),
        (client.close_now, 'A'),
        (client.is_unix, 'U'),
        (client.no_evict, 'e'),
        (client.no_touch, 'T'),
    ];
    let special: String =
        letters.into_iter().filter(|(is_set, _)| *is_set).map(|(_, letter)| letter).collect();
    if special.is_empty() { "N".to_owned() } else { special }
}
