//! SIGTERM and SIGINT end the server as SHUTDOWN does.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use runtime::Waker;
use session::House;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Starts the thread that waits for signals. A second signal ends the process at once.
pub(crate) fn watch(house: Arc<House>, wakers: Vec<Waker>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("shoal-signals".to_owned()).spawn(move || {
        for signal in &mut signals {
            if house.stopping.swap(true, Ordering::AcqRel) {
                std::process::exit(1);
            }
            let name = if signal == SIGINT { "SIGINT" } else { "SIGTERM" };
            tracing::warn!("Received {name} scheduling shutdown...");
            wakers.iter().for_each(Waker::wake);
        }
    })?;
    Ok(())
}
