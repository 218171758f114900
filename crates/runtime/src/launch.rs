//! One thread per core: starting them all, and learning how they ended.

use std::io;
use std::process;
use std::sync::{Arc, mpsc};
use std::thread;

use crate::cpus::pin_to;
use crate::listen::{CoreListeners, Listeners};
use crate::mesh::{MeshEnd, mesh};
use crate::poller::EpollNet;
use crate::task::CoreTask;
use crate::waker::Waker;

/// What a house needs from the machine.
#[derive(Debug)]
pub struct Plan {
    /// The sockets of every core; as many cores are started.
    pub listeners: Listeners,
    /// How many messages each corridor holds.
    pub corridor_capacity: usize,
    /// The processor of each core, or free to move.
    pub pins: Option<Vec<usize>>,
    /// What rouses each core; made beforehand by [`Waker::per_core`], so that others (a thread that
    /// waits for signals) can hold them too.
    pub wakers: Vec<Waker>,
}

/// Starts a thread per core and returns when all have stopped, or at the first failure; then other
/// cores may still be running, and the caller is expected to end the process.
///
/// `build` makes a core, in its own thread, from its end of the corridors. `drive` runs it to its
/// end: that is where runtimes differ. A panic in a core ends the process, because the others would
/// go on with a part of the data missing.
pub fn launch<M, C, B, D>(plan: Plan, build: B, drive: D) -> io::Result<()>
where
    M: Send + 'static,
    C: CoreTask,
    B: Fn(MeshEnd<M>) -> C + Send + Sync + 'static,
    D: Fn(&mut C, &mut EpollNet) -> io::Result<()> + Send + Sync + 'static,
{
    let Plan { listeners, corridor_capacity, pins, wakers } = plan;
    let ends = mesh(listeners.cores(), corridor_capacity, wakers);
    let pins = pins.unwrap_or_default();
    let start = Arc::new(move |end: MeshEnd<M>, listeners: CoreListeners| {
        if let Some(cpu) = pins.get(end.core()) {
            pin_to(*cpu)?;
        }
        let mut net = EpollNet::new(listeners, end.waker(end.core()).clone())?;
        drive(&mut build(end), &mut net)
    });
    let (ended, results) = mpsc::channel();
    for (end, listeners) in ends.into_iter().zip(listeners.into_cores()) {
        let (start, ended) = (Arc::clone(&start), ended.clone());
        let thread = thread::Builder::new().name(format!("shoal-core-{}", end.core()));
        thread.spawn(move || {
            let _guard = AbortOnPanic;
            // Nobody listens any more only after another core failed.
            let _ = ended.send(start(end, listeners));
        })?;
    }
    drop(ended);
    results.into_iter().collect()
}

/// Ends the process when the thread that holds it panics; the message is out by then.
struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            process::abort();
        }
    }
}
