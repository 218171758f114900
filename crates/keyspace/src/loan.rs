//! Loans: entries that leave their shard for one command and come home with it.
//!
//! A lent entry is taken out of its table whole: a pointer moves, whatever the value's size. The
//! shard is locked by the transaction meanwhile, so nobody can see the gap. At the home shard the
//! entry is a [`Guest`] during one synchronous call of a handler, which cannot tell it from a key
//! of its own.

use datatypes::Entry;

use crate::{Author, DbIndex, Mark, Shard};

/// A key that a transaction asks a shard to lend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LentKey {
    /// Its database.
    pub db: DbIndex,
    /// The key.
    pub key: Box<[u8]>,
}

/// A lent key with its entry, or its absence.
pub struct Guest {
    /// The key.
    pub lent: LentKey,
    /// Its entry; `None` if the key does not exist.
    pub entry: Option<Entry>,
    /// What is counted for those who watch it.
    pub mark: Option<Mark>,
}

impl Shard {
    /// Takes entries out. Expired ones vanish first, with their change.
    pub fn lend(&mut self, keys: Vec<LentKey>) -> Vec<Guest> {
        keys.into_iter().map(|lent| self.take(lent)).collect()
    }

    fn take(&mut self, lent: LentKey) -> Guest {
        // A database that does not exist has no keys; the handler will refuse its number.
        let exists = lent.db.index() < self.dbs.len();
        let entry = exists.then(|| self.cx(lent.db, Author::SERVER).remove(&lent.key)).flatten();
        let mark = self.take_mark(lent.db, &lent.key);
        Guest { lent, entry, mark }
    }

    /// Puts guests into the tables: at the home shard before the handler runs, at the owner when
    /// they come back.
    pub fn admit(&mut self, guests: &mut [Guest]) {
        for guest in guests {
            if let Some(entry) = guest.entry.take() {
                debug_assert_eq!(entry.key(), &*guest.lent.key);
                // DEBUG POPULATE asks nobody: it may have made the key anew meanwhile.
                self.cx(guest.lent.db, Author::SERVER).put(entry);
                self.look_at(guest.lent.db, &guest.lent.key);
            }
            if let Some(mark) = guest.mark.take() {
                self.put_mark(guest.lent.db, &guest.lent.key, mark);
            }
        }
    }

    /// Takes the guests out again after the handler ran, with whatever it made of them.
    pub fn dismiss(&mut self, guests: &mut [Guest]) {
        let databases = self.dbs.len();
        for guest in guests.iter_mut().filter(|guest| guest.lent.db.index() < databases) {
            let mut cx = self.cx(guest.lent.db, Author::SERVER);
            let hash = cx.shard.hash(&guest.lent.key);
            guest.entry = cx.detach(&guest.lent.key, hash);
            guest.mark = self.take_mark(guest.lent.db, &guest.lent.key);
        }
    }
}
