//! What rouses a sleeping core: a write to the eventfd in its poller.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

/// Wakes one core; cheap to clone, usable from any thread.
#[derive(Clone)]
pub struct Waker(Kind);

#[derive(Clone)]
enum Kind {
    Eventfd(Arc<OwnedFd>),
    Call(Arc<dyn Fn() + Send + Sync>),
}

impl Waker {
    /// A waker on an eventfd of its own.
    pub fn new() -> io::Result<Self> {
        let fd = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self(Kind::Eventfd(Arc::new(fd))))
    }

    /// A waker for every core of a house.
    pub fn per_core(cores: usize) -> io::Result<Vec<Self>> {
        (0..cores).map(|_| Self::new()).collect()
    }

    /// A waker that calls `rouse`: how a simulated core is woken.
    pub fn calling(rouse: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Kind::Call(Arc::new(rouse)))
    }

    /// Wakes the core, or lets its next sleep end at once if it is awake now.
    pub fn wake(&self) {
        let fd = match &self.0 {
            Kind::Eventfd(fd) => fd,
            Kind::Call(rouse) => return rouse(),
        };
        loop {
            match rustix::io::write(fd, &1u64.to_ne_bytes()) {
                Err(Errno::INTR) => {}
                // The counter is full: the core is being woken already.
                Ok(_) | Err(Errno::AGAIN) => return,
                Err(error) => unreachable!("write to an eventfd that is kept open: {error}"),
            }
        }
    }

    /// The eventfd, unless this waker calls a function.
    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        match &self.0 {
            Kind::Eventfd(fd) => Some(fd.as_fd()),
            Kind::Call(_) => None,
        }
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waker")
    }
}
