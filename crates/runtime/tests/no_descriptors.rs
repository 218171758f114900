//! A process without free file descriptors rests from accepting instead of spinning.
//!
//! It goes on when one is free again. The test is alone in its file because it takes all
//! descriptors of the process.

use std::fs::File;
use std::io::IoSlice;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use runtime::{Clock, EpollNet, ListenSpec, Listeners, Net, NetEvent, SystemClock, Wait, Waker};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[test]
fn a_process_without_descriptors_rests_from_accepting() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(128), ..limit }).unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bind = vec!["127.0.0.1".to_owned()];
    let spec = ListenSpec { bind, port: address.port(), backlog: 511, cores: 1, unix: None };
    let listeners = Listeners::bind(&spec).unwrap().into_cores().remove(0);
    let mut net = EpollNet::new(listeners, Waker::new().unwrap()).unwrap();
    let mut events = Vec::new();

    let first = TcpStream::connect(address).unwrap();
    net.poll(&mut events, Wait::Until(None)).unwrap();
    let [NetEvent::Accepted(conn)] = events[..] else { panic!("{events:?}") };
    let second = TcpStream::connect(address).unwrap();
    let taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();

    // The client cannot be accepted. If the listener stayed in the set, it would be ready again at
    // once, and no poll would ever sleep.
    events.clear();
    let limit = Duration::from_millis(20);
    let slept = (0..5).any(|_| {
        let begin = SystemClock.mono_ns();
        net.poll(&mut events, Wait::Until(Some(limit))).unwrap();
        SystemClock.mono_ns() - begin >= limit.as_nanos() as u64
    });
    assert!(slept);
    assert_eq!(events, []);
    net.waker().wake();
    while events.is_empty() {
        net.poll(&mut events, Wait::Until(None)).unwrap();
    }
    assert_eq!(events, [NetEvent::Woken], "other events still come");
    net.send(conn, &[IoSlice::new(b"old clients are served")]).unwrap();
    assert_eq!(first.peek(&mut [0; 64]).unwrap(), 22);

    drop(taken);
    events.clear();
    while events.is_empty() {
        net.poll(&mut events, Wait::Until(None)).unwrap();
    }
    assert!(matches!(events[..], [NetEvent::Accepted(_)]));
    drop(second);
}
