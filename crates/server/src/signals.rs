//! SIGTERM and SIGINT end the server as SHUTDOWN does.
//!
//! SIGHUP, the end of a terminal, means nothing to it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use runtime::Waker;
use session::House;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Starts the thread that waits for signals. A second signal ends the process at once.
pub(crate) fn watch(house: Arc<House>, wakers: Vec<Waker>) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::Builder::new().name("shoal-signals".to_owned()).spawn(move || {
        for signal in signals.forever().filter(|signal| *signal != SIGHUP) {
            if house.stopping.swap(true, Ordering::AcqRel) {
                tracing::warn!("You insist... exiting now.");
                std::process::exit(1);
            }
            let name = if signal == SIGINT { "SIGINT" } else { "SIGTERM" };
            tracing::warn!("Received {name} scheduling shutdown...");
            wakers.iter().for_each(Waker::wake);
        }
    })?;
    Ok(())
}
