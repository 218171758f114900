//! The arbiter and the lock of a shard.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Arbiter, TxnId};

fn txn(number: u64) -> TxnId {
    TxnId { core: (number % 3) as u16, number }
}

#[test]
fn who_comes_first_is_served_first() {
    let mut arbiter = Arbiter::default();
    assert_eq!(arbiter.lock(txn(0)), Some(txn(0)));
    for number in 1..100 {
        assert_eq!(arbiter.lock(txn(number)), None);
    }
    for number in 0..99 {
        assert_eq!(arbiter.unlock(txn(number)), Some(txn(number + 1)));
    }
    assert!(!arbiter.is_idle());
    assert_eq!(arbiter.unlock(txn(99)), None);
    assert!(arbiter.is_idle());
    assert_eq!(arbiter.lock(txn(100)), Some(txn(100)));
}

#[test]
fn only_the_holder_gives_the_lock_back() {
    let mut arbiter = Arbiter::default();
    arbiter.lock(txn(1));
    arbiter.lock(txn(2));
    let stolen = catch_unwind(AssertUnwindSafe(|| arbiter.unlock(txn(2))));
    assert!(stolen.is_err());
}
