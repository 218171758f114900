//! Listening sockets: one TCP socket per address and core, one unix socket for all cores.
//!
//! All cores listen on the same port by `SO_REUSEPORT`, which would let a second server share it in
//! silence. So the first socket of each address is bound *without* that option, which fails if
//! anybody else has the port, and gets it only afterwards, before the sockets of the other cores
//! are bound: there is no moment in which the port is free again.
//!
//! The grammar of `bind` is Redis': `*` is every IPv4 address, `::*` every IPv6 one, and a leading
//! `-` says that the machine may lack the address.

use std::fmt;
use std::fs::{self, Permissions};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::event::epoll::EventFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};
use rustix::net::{bind, listen, socket_with, sockopt};

/// What to listen on.
#[derive(Clone, Debug)]
pub struct ListenSpec {
    /// The words of `bind`.
    pub bind: Vec<String>,
    /// 0 is no TCP at all.
    pub port: u16,
    /// How many clients may wait to be accepted, per socket.
    pub backlog: u32,
    pub cores: usize,
    pub unix: Option<UnixSpec>,
}

/// A unix socket; what is at its path now is replaced.
#[derive(Clone, Debug)]
pub struct UnixSpec {
    pub path: PathBuf,
    /// Access bits, or what the umask leaves.
    pub mode: Option<u32>,
}

/// Why a socket could not be made, in Redis' words.
#[derive(Debug)]
pub enum ListenError {
    Tcp { address: String, port: u16, failure: Failure },
    Unix(Failure),
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { address, port, failure } => {
                let socket = "Could not create server TCP listening socket";
                write!(f, "{socket} {address}:{port}: {failure}")
            }
            Self::Unix(failure) => write!(f, "Failed opening Unix socket: {failure}"),
        }
    }
}

impl std::error::Error for ListenError {}

/// The system call that failed, and how.
#[derive(Debug)]
pub struct Failure {
    /// None if the name could not be looked up, which is no system call.
    step: Option<&'static str>,
    error: io::Error,
}

impl Failure {
    fn at<E: Into<io::Error>>(step: &'static str) -> impl Fn(E) -> Self {
        move |error| Self { step: Some(step), error: error.into() }
    }

    fn is(&self, errno: Errno) -> bool {
        Errno::from_io_error(&self.error) == Some(errno)
    }

    /// Whether the machine lacks the whole family of the address, as many lack IPv6.
    fn is_family_missing(&self) -> bool {
        let missing = [
            Errno::NOPROTOOPT,
            Errno::PROTONOSUPPORT,
            Errno::SOCKTNOSUPPORT,
            Errno::PFNOSUPPORT,
            Errno::AFNOSUPPORT,
        ];
        missing.iter().any(|errno| self.is(*errno))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "{step}: {}", reason(&self.error)),
            None => f.write_str(&reason(&self.error)),
        }
    }
}

/// The text of an error as the C library has it, without what Rust writes around it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    text.split(" (os error").next().unwrap_or(text).to_owned()
}

/// One listening socket.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) fd: OwnedFd,
    pub(crate) is_unix: bool,
}

impl Listener {
    /// A unix listener is shared by all cores, so only one of them is to be roused by a client.
    pub(crate) fn epoll_flags(&self) -> EventFlags {
        if self.is_unix { EventFlags::IN | EventFlags::EXCLUSIVE } else { EventFlags::IN }
    }
}

/// The listening sockets of one core.
#[derive(Debug, Default)]
pub struct CoreListeners(Vec<Listener>);

impl CoreListeners {
    pub(crate) fn into_vec(self) -> Vec<Listener> {
        self.0
    }
}

/// The listening sockets of all cores.
#[derive(Debug)]
pub struct Listeners {
    cores: Vec<CoreListeners>,
    warnings: Vec<ListenError>,
}

impl Listeners {
    /// No sockets for `cores` cores.
    pub fn none(cores: usize) -> Self {
        let cores = (0..cores).map(|_| CoreListeners::default()).collect();
        Self { cores, warnings: Vec::new() }
    }

    /// Binds and listens on everything that `spec` names.
    pub fn bind(spec: &ListenSpec) -> Result<Self, ListenError> {
        let mut listeners = Self::none(spec.cores);
        if spec.port != 0 {
            for word in &spec.bind {
                listeners.add_tcp(word, spec)?;
            }
        }
        if let Some(unix) = &spec.unix {
            listeners.add_unix(unix, spec.backlog)?;
        }
        Ok(listeners)
    }

    /// Whether nothing at all is listened on.
    pub fn is_empty(&self) -> bool {
        self.cores.iter().all(|core| core.0.is_empty())
    }

    /// Addresses that were optional, or of a family this machine lacks, and could not be bound.
    pub fn warnings(&self) -> &[ListenError] {
        &self.warnings
    }

    pub fn cores(&self) -> usize {
        self.cores.len()
    }

    /// The sockets by core.
    pub fn into_cores(self) -> Vec<CoreListeners> {
        self.cores
    }

    fn add_tcp(&mut self, word: &str, spec: &ListenSpec) -> Result<(), ListenError> {
        let (address, is_optional) = match word.strip_prefix('-') {
            Some(address) => (address, true),
            None => (word, false),
        };
        match tcp_sockets(address, spec) {
            Ok(sockets) => {
                for (core, fd) in self.cores.iter_mut().zip(sockets) {
                    core.0.push(Listener { fd, is_unix: false });
                }
                Ok(())
            }
            Err(failure) => {
                let is_missing = is_optional && failure.is(Errno::ADDRNOTAVAIL);
                let is_tolerable = is_missing || failure.is_family_missing();
                let (address, port) = (address.to_owned(), spec.port);
                let error = ListenError::Tcp { address, port, failure };
                if !is_tolerable {
                    return Err(error);
                }
                self.warnings.push(error);
                Ok(())
            }
        }
    }

    fn add_unix(&mut self, unix: &UnixSpec, backlog: u32) -> Result<(), ListenError> {
        let socket = unix_socket(unix, backlog).map_err(ListenError::Unix)?;
        for core in &mut self.cores {
            let shared = socket.try_clone().map_err(Failure::at("dup"));
            let fd = shared.map_err(ListenError::Unix)?;
            core.0.push(Listener { fd, is_unix: true });
        }
        Ok(())
    }
}

fn unix_socket(unix: &UnixSpec, backlog: u32) -> Result<OwnedFd, Failure> {
    // A socket file outlives its server, and Redis replaces it too without asking.
    let _ = fs::remove_file(&unix.path);
    let address = SocketAddrUnix::new(&unix.path).map_err(Failure::at("bind"))?;
    let socket = new_socket(AddressFamily::UNIX)?;
    bind(&socket, &address).map_err(Failure::at("bind"))?;
    if let Some(mode) = unix.mode {
        let mode = Permissions::from_mode(mode);
        fs::set_permissions(&unix.path, mode).map_err(Failure::at("chmod"))?;
    }
    listen(&socket, backlog_of(backlog)).map_err(Failure::at("listen"))?;
    Ok(socket)
}

/// One listening socket per core for one address.
fn tcp_sockets(address: &str, spec: &ListenSpec) -> Result<Vec<OwnedFd>, Failure> {
    let address = resolve(address, spec.port)?;
    let mut sockets = Vec::with_capacity(spec.cores);
    for core in 0..spec.cores {
        let is_first = core == 0;
        let family = if address.is_ipv6() { AddressFamily::INET6 } else { AddressFamily::INET };
        let socket = new_socket(family)?;
        if address.is_ipv6() {
            sockopt::set_ipv6_v6only(&socket, true).map_err(Failure::at("setsockopt"))?;
        }
        sockopt::set_socket_reuseaddr(&socket, true).map_err(Failure::at("setsockopt"))?;
        if !is_first {
            share_port(&socket)?;
        }
        bind(&socket, &address).map_err(Failure::at("bind"))?;
        if is_first && spec.cores > 1 {
            share_port(&socket)?;
        }
        sockets.push(socket);
    }
    for socket in &sockets {
        listen(socket, backlog_of(spec.backlog)).map_err(Failure::at("listen"))?;
    }
    Ok(sockets)
}

fn share_port(socket: &OwnedFd) -> Result<(), Failure> {
    sockopt::set_socket_reuseport(socket, true).map_err(Failure::at("setsockopt"))
}

fn new_socket(family: AddressFamily) -> Result<OwnedFd, Failure> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    socket_with(family, SocketType::STREAM, flags, None).map_err(Failure::at("socket"))
}

fn backlog_of(backlog: u32) -> i32 {
    i32::try_from(backlog).unwrap_or(i32::MAX)
}

/// The address that a word of `bind` means; a name is looked up for IPv4.
fn resolve(word: &str, port: u16) -> Result<SocketAddr, Failure> {
    let ip = match word {
        "*" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        "::*" => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => match word.parse() {
            Ok(ip) => ip,
            Err(_) => return look_up(word, port),
        },
    };
    Ok(SocketAddr::new(ip, port))
}

fn look_up(name: &str, port: u16) -> Result<SocketAddr, Failure> {
    let unknown = |error| Failure { step: None, error };
    let mut addresses = (name, port).to_socket_addrs().map_err(unknown)?;
    let first = addresses.find(SocketAddr::is_ipv4);
    first.ok_or_else(|| unknown(io::Error::other("Name or service not known")))
}

#[cfg(test)]
mod tests;
