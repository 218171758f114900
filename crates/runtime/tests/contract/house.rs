//! A running echo server, and its clients.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use runtime::{ListenSpec, Listeners, MeshEnd, Plan, Waker};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::echo::{Echo, Mail, Stats};

/// Makes the echo core of each thread.
pub(crate) type Build = Box<dyn Fn(MeshEnd<Mail>) -> Echo + Send + Sync>;
/// How a runtime runs a house to its end.
pub(crate) type Runner = fn(Plan, Build) -> io::Result<()>;

/// LIMIT: how many messages fit into a corridor of the tests; a connection has one under way.
const CORRIDOR_CAPACITY: usize = 1024;

pub(crate) struct House {
    address: SocketAddr,
    wakers: Vec<Waker>,
    stats: Arc<Stats>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl House {
    pub(crate) fn start(cores: usize, run: Runner) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let spec = ListenSpec {
            bind: vec!["127.0.0.1".to_owned()],
            port: address.port(),
            backlog: 1024,
            cores,
            unix: None,
        };
        let wakers = Waker::per_core(cores).unwrap();
        let plan = Plan {
            listeners: Listeners::bind(&spec).unwrap(),
            corridor_capacity: CORRIDOR_CAPACITY,
            pins: None,
            wakers: wakers.clone(),
        };
        let stats = Arc::new(Stats::default());
        let shared = Arc::clone(&stats);
        let build: Build = Box::new(move |end| Echo::new(end, Arc::clone(&shared)));
        let thread = std::thread::Builder::new().spawn(move || run(plan, build)).unwrap();
        Self { address, wakers, stats, thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(self.address).unwrap();
        client.set_nodelay(true).unwrap();
        client
    }

    /// A connection that this core holds: the kernel deals them out, so by trying.
    pub(crate) fn connect_to(&self, core: usize) -> TcpStream {
        loop {
            let mut client = self.connect();
            if ask(&mut client, "!core") == core.to_string() {
                return client;
            }
        }
    }

    pub(crate) fn stats(&self) -> &Stats {
        &self.stats
    }

    pub(crate) fn wake(&self, core: usize) {
        self.wakers[core].wake();
    }
}

/// Stops the house, and fails the test if a core failed.
impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.connect().write_all(b"!stop\n").unwrap();
        let thread = self.thread.take().expect("a house stops once");
        thread.join().unwrap().unwrap();
    }
}

/// Sends a line and returns the next one that comes.
pub(crate) fn ask(client: &mut TcpStream, line: &str) -> String {
    client.write_all(format!("{line}\n").as_bytes()).unwrap();
    read_line(client)
}

/// One line, without reading anything behind it.
pub(crate) fn read_line(client: &mut TcpStream) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        client.read_exact(&mut byte).unwrap();
        if byte == *b"\n" {
            return String::from_utf8(line).unwrap();
        }
        line.push(byte[0]);
    }
}

/// Both ends of a thousand connections are in this process.
pub(crate) fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}
