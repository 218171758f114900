//! The server's log: lines on standard output or in `logfile`, down to `loglevel`.

use std::fs::OpenOptions;
use std::io;
use std::sync::Mutex;

use config::{Config, LogLevel};
use tracing::Level;
use tracing_subscriber::fmt;

/// Opens the log for the whole process.
pub(crate) fn start(config: &Config) -> io::Result<()> {
    let level = match config.loglevel {
        LogLevel::Debug => Level::DEBUG,
        // Redis' notice is above verbose; both say what an operator may want to know.
        LogLevel::Verbose | LogLevel::Notice => Level::INFO,
        LogLevel::Warning => Level::WARN,
    };
    let lines = fmt().with_max_level(level).with_target(false).with_ansi(false);
    match &config.logfile {
        None => lines.with_writer(io::stdout).init(),
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            lines.with_writer(Mutex::new(file)).init();
        }
    }
    Ok(())
}
