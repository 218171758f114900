//! What a core has given to its executor and not got back yet.
//!
//! The core loop asks [`are_out`] before it waits: the executor makes progress only when the loop
//! gives way to it, so while a job is out the core waits through the executor.

use std::cell::{Cell, RefCell};
use std::future::Future;

use runtime::Waker;

thread_local! {
    static OUT: Cell<usize> = const { Cell::new(0) };
    static CORE: RefCell<Option<Waker>> = const { RefCell::new(None) };
}

/// Hands a job to the executor of this core. When it ends the core is woken, to look for its result
/// wherever the job has put it.
pub fn spawn(job: impl Future<Output = ()> + 'static) {
    let ticket = Ticket::new();
    glommio::spawn_local(async move {
        job.await;
        drop(ticket);
    })
    .detach();
}

/// Whether the executor has work of this core.
pub fn are_out() -> bool {
    OUT.get() > 0
}

/// Says whom the end of a job wakes on this thread.
pub(crate) fn wake_at_end(core: Waker) {
    CORE.set(Some(core));
}

/// One job that is out, even if it panics.
struct Ticket;

impl Ticket {
    fn new() -> Self {
        OUT.set(OUT.get() + 1);
        Self
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        OUT.set(OUT.get() - 1);
        CORE.with_borrow(|core| {
            if let Some(core) = core {
                core.wake();
            }
        });
    }
}
