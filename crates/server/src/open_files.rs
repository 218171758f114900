//! Files that the process may open: every client is one, and the cores need some for themselves.

use runtime::listen::reason;
use runtime::process::raise_open_files;

/// Descriptors for what is not a client: the log, listening sockets, files being written (as Redis
/// has it).
const RESERVED: u64 = 32;

/// Descriptors of one core: its listening sockets, pollers, rings and waker.
const RESERVED_PER_CORE: u64 = 16;

/// So few clients are no server.
const CLIENTS_MIN: u64 = 1;

/// Descriptors that so many cores need beside those of their clients.
pub(crate) fn reserved(cores: usize) -> u64 {
    RESERVED + RESERVED_PER_CORE * cores as u64
}

/// Raises the limit for so many clients. Answers how many of them there can be, and says so in the
/// log.
pub(crate) fn make_room(maxclients: u32, cores: usize) -> Result<u32, String> {
    let reserved = reserved(cores);
    let wanted = u64::from(maxclients) + reserved;
    let files = raise_open_files(wanted);
    let Some(error) = files.error else {
        if files.now > files.before {
            let (now, before) = (files.now, files.before);
            tracing::info!(
                "Increased maximum number of open files to {now} \
                 (it was originally set to {before})."
            );
        }
        return Ok(maxclients);
    };
    let limit = files.now;
    if limit < reserved + CLIENTS_MIN {
        return Err(format!(
            "Your current 'ulimit -n' of {limit} is not enough for the server to start. \
             Please increase your open file limit to at least {wanted}. Exiting."
        ));
    }
    let fewer = u32::try_from(limit - reserved).unwrap_or(maxclients).min(maxclients);
    tracing::warn!(
        "You requested maxclients of {maxclients} requiring at least {wanted} max file descriptors."
    );
    let reason = reason(&error);
    tracing::warn!(
        "Server can't set maximum open files to {wanted} because of OS error: {reason}."
    );
    tracing::warn!(
        "Current maximum open files is {limit}. maxclients has been reduced to {fewer} to \
         compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'."
    );
    Ok(fewer)
}
