//! The task of an executor: a turn, a wait, a turn.
//!
//! Where the loop waits is what makes this runtime cheap. With nothing out at the executor the
//! thread sleeps in our own `epoll_wait`, and glommio's way to sleep (2 to 16 microseconds a
//! command, measured) is never taken:
//!
//! ```text
//!                   no job is out                 a job is out
//!   busy            look                          await as below, for a moment at most; look
//!   idle            block in the poller           await: epoll readable, or the deadline; look
//! ```
//!
//! Giving way is always a wait for something the executor learns from its rings. A task that only
//! yields stays runnable, and the executor would run it again without looking at them until its
//! preempt timer fires; that timer must never fire (see `executor.rs`).

use std::future::poll_fn;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use glommio::io::{PollState, PollableFd};
use glommio::timer::Timer;
use runtime::turns::{Between, Turns};
use runtime::{CoreTask, EpollNet, Wait};

use crate::jobs;

/// How long a core with work to do waits for its jobs if nothing comes from its sockets.
const GIVE_WAY: Duration = Duration::from_micros(50);

pub(crate) async fn run<C: CoreTask>(task: &mut C, net: &mut EpollNet) -> io::Result<()> {
    jobs::wake_at_end(net.waker().clone());
    let readiness = PollableFd::new(net.as_pollable().try_clone_to_owned()?)?;
    let mut turns = Turns::new(task, net);
    loop {
        let between = match turns.turn() {
            Between::End => return Ok(()),
            between if !jobs::are_out() || turns.net().has_unused() => between,
            Between::Look => {
                sleep(&readiness, Wait::Until(Some(GIVE_WAY))).await?;
                Between::Look
            }
            Between::Sleep(wait) => {
                sleep(&readiness, wait).await?;
                Between::Sleep(Wait::No)
            }
        };
        turns.poll(between)?;
    }
}

/// Waits through the executor until the poller has something to report, or the time is over.
async fn sleep(readiness: &PollableFd<OwnedFd>, wait: Wait) -> io::Result<()> {
    let mut deadline = match wait {
        Wait::No => return Ok(()),
        Wait::Until(limit) => limit.map(Timer::new),
    };
    let mut registration = PollState::new();
    poll_fn(|cx| {
        if let Some(timer) = &mut deadline
            && Pin::new(timer).poll(cx).is_ready()
        {
            return Poll::Ready(Ok(()));
        }
        readiness.poll_readable(cx, &mut registration).map_err(io::Error::from)
    })
    .await
}
