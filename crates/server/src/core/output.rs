//! Replies leave: one write per connection and turn, limits on what may wait.

use std::io::{ErrorKind, IoSlice};

use runtime::ConnId;
use session::{Session, Standing};

use super::{Core, World};

/// Pieces of one write: more than this many big values leave by several writes.
const PIECES_MAX: usize = 64;

/// Bytes of finished replies that wait for those of other cores, to leave with them in one write.
const HELD_BYTES_MAX: usize = 16 * 1024;

/// Whether a session has replies that are not held back for those behind them.
///
/// What is awaited here ends when another core comes to it. A reply that may never come (of a
/// command that blocks) must not hold any back.
#[inline]
pub(super) fn is_to_leave(session: &Session) -> bool {
    let waiting = session.replies.ready().len();
    waiting > 0
        && (session.replies.is_settled()
            || waiting >= HELD_BYTES_MAX
            || session.standing == Standing::Blocked)
}

impl Core {
    /// Puts a session on the list of those with output.
    #[inline]
    pub(super) fn queue_flush(&mut self, key: usize) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let has_end = session.client.close_after_reply;
        if !session.flush_queued && (has_end || is_to_leave(session)) {
            session.flush_queued = true;
            self.flush.push(key);
        }
    }

    /// Sends what this turn has made.
    pub(super) fn flush_all(&mut self, world: &mut World<'_>) {
        let mut queued = std::mem::take(&mut self.flush);
        for key in queued.drain(..) {
            if let Some(session) = self.sessions.get_mut(key) {
                session.flush_queued = false;
                self.send(key, world);
            }
        }
        self.flush = queued;
        self.move_sessions(world);
        self.send_mail();
    }

    /// A socket takes bytes again.
    pub(super) fn writable(&mut self, conn: ConnId, world: &mut World<'_>) {
        if let Some(key) = self.session_of(conn) {
            self.send(key, world);
        }
    }

    fn send(&mut self, key: usize, world: &mut World<'_>) {
        let conn = self.conns[key];
        let session = &mut self.sessions[key];
        let stats = &mut self.front.stats;
        let reads = matches!(session.standing, Standing::Running | Standing::Blocked)
            && !session.client.close_after_reply;
        while !session.replies.ready().is_empty() {
            let sent = {
                let out = session.replies.ready();
                if let Some(bytes) = out.bytes() {
                    world.net.send(conn, &[IoSlice::new(bytes)])
                } else {
                    let pieces: smallvec::SmallVec<[IoSlice<'_>; PIECES_MAX]> =
                        out.pieces().take(PIECES_MAX).map(IoSlice::new).collect();
                    world.net.send(conn, &pieces)
                }
            };
            match sent {
                Ok(bytes) => {
                    stats.writes += 1;
                    stats.output_bytes += bytes as u64;
                    session.client.output_bytes += bytes as u64;
                    session.client.last_interaction_ms = self.front.now_ms;
                    session.replies.out().consume(bytes);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    world.net.watch(conn, reads, true);
                    return self.check_output(key, world);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.close(key, world),
            }
        }
        session.soft_limit_since_ms = None;
        if session.client.close_after_reply && session.replies.is_settled() {
            return self.close(key, world);
        }
        world.net.watch(conn, reads, false);
        session.replies.shrink();
    }

    /// Closes a client whose output is past `client-output-buffer-limit normal`.
    pub(super) fn check_output(&mut self, key: usize, world: &mut World<'_>) {
        let now_ms = self.front.now_ms;
        let session = &mut self.sessions[key];
        let waiting = session.replies.ready().len() as u64;
        let stats = &mut self.front.stats;
        stats.recent_max_output_buffer = stats.recent_max_output_buffer.max(waiting);
        let limit = self.front.config.client_output_buffer_limit.normal;
        let is_past = |bound: u64| bound > 0 && waiting >= bound;
        let soft_since = match session.soft_limit_since_ms {
            _ if !is_past(limit.soft_bytes) => None,
            Some(since) => Some(since),
            None => Some(now_ms),
        };
        session.soft_limit_since_ms = soft_since;
        self.cron.watches_output |= soft_since.is_some();
        let soft_for_s = soft_since.map_or(0, |since| now_ms.saturating_sub(since) / 1000);
        let soft_is_past = soft_since.is_some() && soft_for_s > i64::from(limit.soft_seconds);
        if is_past(limit.hard_bytes) || soft_is_past {
            tracing::warn!(
                client = session.client.id,
                waiting,
                "client closed for overcoming of output buffer limits"
            );
            stats.output_buffer_limit_disconnections += 1;
            self.close(key, world);
        }
    }
}
