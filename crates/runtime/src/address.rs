//! Addresses of sockets, as `CLIENT LIST` prints them.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::net::{SocketAddrAny, SocketAddrUnix, getpeername, getsockname};

use crate::net::PeerInfo;

/// What Redis prints for an end that the kernel does not name any more.
const UNKNOWN: &str = "?:0";

/// Asks the kernel who is connected.
pub(crate) fn peer_of(fd: BorrowedFd<'_>) -> PeerInfo {
    let raw = fd.as_raw_fd();
    let ours = getsockname(fd.as_fd()).ok();
    if let Some(path) =
        ours.as_ref().and_then(|address| SocketAddrUnix::try_from(address.clone()).ok())
    {
        // The client's end has no name, so both are written as the path it connected to.
        let path = String::from_utf8_lossy(path.path_bytes().unwrap_or_default()).into_owned();
        let name = format!("{path}:0");
        return PeerInfo {
            peer: name.clone(),
            local: name,
            is_unix: true,
            is_loopback: true,
            fd: raw,
        };
    }
    let ours = ours.and_then(to_inet);
    let theirs = getpeername(fd.as_fd()).ok().flatten().and_then(to_inet);
    PeerInfo {
        peer: text(theirs),
        local: text(ours),
        is_unix: false,
        is_loopback: theirs.is_some_and(|address| is_loopback(address.ip())),
        fd: raw,
    }
}

fn to_inet(address: SocketAddrAny) -> Option<SocketAddr> {
    SocketAddr::try_from(address).ok()
}

fn text(address: Option<SocketAddr>) -> String {
    // Not the Display of SocketAddr: that adds the scope of a link-local address.
    match address {
        None => UNKNOWN.to_owned(),
        Some(SocketAddr::V4(v4)) => v4.to_string(),
        Some(SocketAddr::V6(v6)) => format!("[{}]:{}", v6.ip(), v6.port()),
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_redis_does() {
        let written = |text: &str| super::text(Some(text.parse().unwrap()));
        assert_eq!(written("127.0.0.1:6379"), "127.0.0.1:6379");
        assert_eq!(written("[::1]:6379"), "[::1]:6379");
        assert_eq!(written("[fe80::1%3]:1"), "[fe80::1]:1");
        assert_eq!(super::text(None), "?:0");
    }

    #[test]
    fn loopback_is_the_whole_network_and_its_mapped_form() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.8.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false),
            ("::", false),
        ] {
            assert_eq!(is_loopback(address.parse().unwrap()), expected, "{address}");
        }
    }
}
