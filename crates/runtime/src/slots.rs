//! The open connections of one core, by slot.
//!
//! A slot is used again, so a token carries the slot's generation beside its index:
//!
//! ```text
//!   63           32 31            0
//!   +--------------+--------------+
//!   |  generation  |     slot     |     generations start at 1; 0 is free for other uses
//!   +--------------+--------------+
//! ```
//!
//! A slot freed in this turn is given out again only after [`Slots::recycle`], so that events of
//! the same batch never meet the next connection under the same name.

use crate::net::ConnId;

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    connection: Option<T>,
}

/// The connections of one core; `T` is what its net keeps of each.
#[derive(Debug)]
pub struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    /// Closed since the last `recycle`.
    closed: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), closed: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// Makes the slots closed so far available again.
    pub fn recycle(&mut self) {
        self.free.append(&mut self.closed);
    }

    /// Puts a connection into a free slot.
    pub fn insert(&mut self, connection: T) -> ConnId {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            debug_assert!(slot.connection.is_none());
            slot.connection = Some(connection);
            return ConnId(index);
        }
        let index = u32::try_from(self.slots.len()).expect("file descriptors are fewer than 2^31");
        self.slots.push(Slot { generation: 1, connection: Some(connection) });
        ConnId(index)
    }

    /// Frees the slot; whoever holds the old token finds nothing any more.
    pub fn remove(&mut self, conn: ConnId) -> T {
        let slot = &mut self.slots[conn.0 as usize];
        let connection = slot.connection.take().expect("only an open connection is closed");
        // Zero is not a generation of a connection.
        slot.generation = slot.generation.checked_add(1).unwrap_or(1);
        self.closed.push(conn.0);
        connection
    }

    /// An open connection; asking for one that was closed is a mistake of the caller.
    pub fn get(&self, conn: ConnId) -> &T {
        self.slots[conn.0 as usize].connection.as_ref().expect("only an open connection is used")
    }

    /// As [`Slots::get`].
    pub fn get_mut(&mut self, conn: ConnId) -> &mut T {
        self.slots[conn.0 as usize].connection.as_mut().expect("only an open connection is used")
    }

    /// What names this connection and no later one of the same slot.
    pub fn token(&self, conn: ConnId) -> u64 {
        u64::from(self.slots[conn.0 as usize].generation) << 32 | u64::from(conn.0)
    }

    /// The connection that the token was made for, if it is still open.
    pub fn resolve(&self, token: u64) -> Option<ConnId> {
        let index = (token & u64::from(u32::MAX)) as u32;
        let slot = self.slots.get(index as usize)?;
        let current = u64::from(slot.generation) == token >> 32 && slot.connection.is_some();
        current.then_some(ConnId(index))
    }

    /// All open connections.
    pub fn iter(&self) -> impl Iterator<Item = (ConnId, &T)> {
        (0..).zip(&self.slots).filter_map(|(index, slot)| {
            slot.connection.as_ref().map(|connection| (ConnId(index), connection))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_token_finds_nothing() {
        let mut open = Slots::default();
        let first = open.insert(());
        let token = open.token(first);
        assert_eq!(open.resolve(token), Some(first));
        open.remove(first);
        assert_eq!(open.resolve(token), None);
        open.recycle();
        let second = open.insert(());
        assert_eq!(second, first, "the slot is used again");
        assert_eq!(open.resolve(token), None);
        assert_eq!(open.resolve(open.token(second)), Some(second));
    }

    #[test]
    fn a_slot_is_not_used_again_before_recycling() {
        let mut open = Slots::default();
        let first = open.insert(());
        open.remove(first);
        assert_ne!(open.insert(()), first);
        open.recycle();
        assert_eq!(open.insert(()), first);
    }

    #[test]
    fn generations_skip_zero() {
        let mut open = Slots::default();
        let first = open.insert(());
        open.slots[0].generation = u32::MAX;
        open.remove(first);
        open.recycle();
        let again = open.insert(());
        assert_eq!(open.token(again) >> 32, 1);
    }
}
