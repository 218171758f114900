//! The house under load: many clients, three cores, seven shards, and nobody sees half of anything.
//!
//! What single replies say is compared in `tests/compat`; here is what several clients see of each
//! other.

mod atomicity;
mod crowd;
mod endings;
mod linear;
mod money;
mod order;
mod strict;
mod transactions;

use testkit::{Launch, Server, matrix};

/// On every runtime three cores that share seven shards: keys of one letter meet every mixture of
/// here and elsewhere.
fn houses() -> impl Iterator<Item = Server> {
    let mut runtimes: Vec<&str> = matrix::cells().iter().map(|cell| cell.runtime).collect();
    runtimes.dedup();
    runtimes.into_iter().map(|runtime| {
        let shoal = Launch::shoal(env!("CARGO_BIN_EXE_shoal")).args(["--runtime", runtime]);
        shoal.args(["--cores", "3", "--shards", "7"]).start()
    })
}

/// Keys that live on several shards.
const KEYS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Lets clients work at once; the observers look on until all the others are done.
fn at_once(writers: Vec<Box<dyn FnOnce() + Send>>, observers: Vec<Box<dyn FnMut() + Send>>) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let left = AtomicUsize::new(writers.len());
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| {
                let _done = Done(&left);
                writer();
            });
        }
        for mut observer in observers {
            let left = &left;
            scope.spawn(move || {
                while left.load(Ordering::Acquire) > 0 {
                    observer();
                }
                observer();
            });
        }
    });

    /// Counts down even if the writer panics, so that the observers do not look on for ever.
    struct Done<'a>(&'a AtomicUsize);

    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Release);
        }
    }
}
