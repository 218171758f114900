//! From bytes to requests: one read per readiness, parsed in windows, run in order.
//!
//! A session that may not go on (it waits for a transaction, is paused or has no credit) keeps the
//! requests of the window that were not run as its backlog and the bytes after them as its buffer;
//! its socket is not read meanwhile. That is the whole of back-pressure.

use std::io::ErrorKind;

use resp::{Batch, ParseLimits, ProtocolError, Step};
use runtime::ConnId;
use session::{Backlog, Standing};

use super::output::is_to_leave;
use super::{Core, READ_BYTES, World};

/// Requests that are parsed before the first of them runs, so that their keys can be fetched ahead.
const WINDOW: usize = 64;

/// What a read came to.
enum Read {
    /// The buffer has something to parse.
    Some,
    /// Not yet enough, or nothing.
    Nothing,
    /// The peer sends no more; what it has sent is still answered.
    End,
    /// The connection is broken.
    Gone,
}

impl Core {
    /// A socket has something to read, or its end.
    pub(super) fn readable(&mut self, conn: ConnId, world: &mut World<'_>) {
        let Some(key) = self.session_of(conn) else { return };
        let session = &mut self.sessions[key];
        if session.standing == Standing::Blocked {
            return self.read_ahead(key, conn, world);
        }
        if session.standing != Standing::Running || session.input.backlog.is_some() {
            // What it sends now stays in the kernel until what it sent before has run.
            world.net.watch(conn, false, is_to_leave(session));
            return;
        }
        let is_fresh = session.input.buffer.is_empty();
        let mut buffer = std::mem::take(if is_fresh {
            &mut self.read_buffer
        } else {
            &mut session.input.buffer
        });
        match self.read(key, conn, &mut buffer, world) {
            Read::Some => self.consume(key, buffer, is_fresh, world),
            Read::Nothing => self.keep(key, buffer, 0, is_fresh),
            Read::End => {
                self.keep(key, buffer, 0, is_fresh);
                self.end_of_input(key, conn, world);
            }
            Read::Gone => {
                self.keep(key, buffer, 0, is_fresh);
                self.close(key, world);
            }
        }
    }

    /// What a client sends that waits is kept until it goes on: so its end is seen at once.
    fn read_ahead(&mut self, key: usize, conn: ConnId, world: &mut World<'_>) {
        let mut buffer = std::mem::take(&mut self.sessions[key].input.buffer);
        let read = self.read(key, conn, &mut buffer, world);
        self.sessions[key].input.buffer = buffer;
        match read {
            Read::Some | Read::Nothing => self.check_query_buffer(key),
            Read::End => {
                self.stop_waiting(key);
                self.end_of_input(key, conn, world);
            }
            Read::Gone => self.close(key, world),
        }
    }

    /// A client that has closed its sending side gets the replies that are under way.
    fn end_of_input(&mut self, key: usize, conn: ConnId, world: &mut World<'_>) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let has_output = !session.replies.ready().is_empty();
        if session.replies.is_settled() && !has_output {
            return self.close(key, world);
        }
        session.client.close_after_reply = true;
        world.net.watch(conn, false, has_output);
        self.queue_flush(key);
    }

    fn read(
        &mut self,
        key: usize,
        conn: ConnId,
        buffer: &mut Vec<u8>,
        world: &mut World<'_>,
    ) -> Read {
        let session = &mut self.sessions[key];
        // A value that is complete waits for its request to be parsed.
        let big = session.input.parser.big_read().filter(|big| big.len() < big.capacity());
        let is_big = big.is_some();
        let into = match big {
            Some(big) => big,
            None => {
                buffer.reserve(READ_BYTES);
                &mut *buffer
            }
        };
        match world.net.recv(conn, into) {
            Ok(0) => Read::End,
            Ok(bytes) => {
                let is_full = into.len() == into.capacity();
                self.front.stats.reads += 1;
                self.front.stats.input_bytes += bytes as u64;
                session.client.input_bytes += bytes as u64;
                session.client.last_interaction_ms = self.front.now_ms;
                if is_big && !is_full { Read::Nothing } else { Read::Some }
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Read::Nothing
            }
            Err(_) => Read::Gone,
        }
    }

    /// Parses and runs what a buffer holds, and keeps what is left over.
    fn consume(&mut self, key: usize, buffer: Vec<u8>, is_fresh: bool, world: &mut World<'_>) {
        let mut at = 0;
        let mut batch = std::mem::take(&mut self.batch);
        loop {
            batch.clear();
            let parsed = self.parse_window(key, &buffer, &mut at, &mut batch);
            let ran = self.run_batch(key, &buffer, &batch, 0, world);
            if ran < batch.len() {
                let backlog = Backlog::of(&buffer, &batch, ran);
                self.sessions[key].input.backlog = Some(Box::new(backlog));
                break;
            }
            match parsed {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.protocol_error(key, error);
                    break;
                }
            }
        }
        batch.clear();
        self.batch = batch;
        self.end_run(key, None, world);
        self.keep(key, buffer, at, is_fresh);
        self.queue_flush(key);
    }

    /// Fills one window; true if there may be more requests behind it.
    fn parse_window(
        &mut self,
        key: usize,
        buffer: &[u8],
        at: &mut usize,
        batch: &mut Batch,
    ) -> Result<bool, ProtocolError> {
        let session = &mut self.sessions[key];
        if session.client.close_after_reply || session.client.close_now {
            *at = buffer.len();
            return Ok(false);
        }
        let authenticated = session.client.authenticated;
        let limits =
            ParseLimits { proto_max_bulk_len: self.front.config.proto_max_bulk_len, authenticated };
        // A stranger's limits may end with its next request.
        let window = if authenticated { WINDOW } else { 1 };
        while batch.len() < window {
            match session.input.parser.next(buffer, at, batch, &limits)? {
                Step::Request => {}
                Step::NeedMore => return Ok(false),
            }
        }
        Ok(true)
    }

    fn protocol_error(&mut self, key: usize, error: ProtocolError) {
        let session = &mut self.sessions[key];
        let (client, replies) = (&mut session.client, &mut session.replies);
        tracing::debug!(client = client.id, %error, "protocol error");
        replies.here(client.protocol, |writer| writer.error(&error.reply()));
        client.close_after_reply = true;
    }

    /// Keeps `buffer[at..]` for the session and gives the core's read buffer back.
    fn keep(&mut self, key: usize, mut buffer: Vec<u8>, at: usize, is_fresh: bool) {
        let input = self.sessions.get_mut(key).map(|session| &mut session.input);
        if is_fresh {
            if let Some(input) = input.filter(|_| at < buffer.len()) {
                input.buffer = buffer[at..].to_vec();
            }
            buffer.clear();
            buffer.shrink_to(READ_BYTES);
            self.read_buffer = buffer;
        } else if let Some(input) = input {
            buffer.drain(..at);
            if !buffer.is_empty() {
                input.buffer = buffer;
            }
        }
        self.check_query_buffer(key);
    }

    fn check_query_buffer(&mut self, key: usize) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        // What MULTI has queued is input that has not run.
        let queued = session.client.multi.as_ref().map_or(0, |multi| multi.bytes());
        let pending = (session.input.pending_bytes() + queued) as u64;
        let stats = &mut self.front.stats;
        stats.recent_max_input_buffer = stats.recent_max_input_buffer.max(pending);
        if pending > self.front.config.client_query_buffer_limit {
            tracing::warn!(
                client = session.client.id,
                pending,
                "closing client that reached max query buffer length"
            );
            stats.query_buffer_limit_disconnections += 1;
            session.client.close_now = true;
            self.front.effects.push(session::Effect::CloseMarked);
        }
    }

    /// A session's wait has ended: runs its backlog, then what it sent after that.
    pub(super) fn go_on(&mut self, key: usize, world: &mut World<'_>) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.standing != Standing::Running || session.client.close_now {
            return;
        }
        if let Some(mut backlog) = session.input.backlog.take() {
            let (bytes, batch, next) = backlog.rest();
            let ran = self.run_batch(key, bytes, batch, next, world);
            self.end_run(key, None, world);
            if !backlog.advance_to(ran) {
                if let Some(session) = self.sessions.get_mut(key) {
                    session.input.backlog = Some(backlog);
                }
                self.queue_flush(key);
                return;
            }
        }
        let Some(session) = self.sessions.get_mut(key) else { return };
        let buffer = std::mem::take(&mut session.input.buffer);
        let conn = self.conns[key];
        world.net.watch(conn, true, is_to_leave(session));
        self.consume(key, buffer, false, world);
    }
}
