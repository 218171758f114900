//! Jobs of the executor run beside the core loop, and the loop beside them.
//!
//! The core here answers words of one byte, so that each is one read: see [`Desk::answer`].

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::io::{IoSlice, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::rc::Rc;
use std::thread::JoinHandle;
use std::time::Duration;

use glommio::io::BufferedFile;
use glommio::timer::Timer;
use runtime::{
    Clock, ConnId, CoreTask, ListenSpec, Listeners, MeshEnd, Net, NetEvent, Next, Plan, Waker,
};
use runtime_glommio::jobs;

struct Desk {
    end: MeshEnd<()>,
    /// Set by the job that writes a file.
    is_written: Rc<Cell<bool>>,
    /// Who waits for that job.
    waiting: Option<ConnId>,
    alarm: Option<(u64, ConnId)>,
    is_busy: bool,
    is_stopped: bool,
}

impl Desk {
    fn new(end: MeshEnd<()>) -> Self {
        let is_written = Rc::default();
        Self { end, is_written, waiting: None, alarm: None, is_busy: false, is_stopped: false }
    }

    /// The reply to a word, unless it comes later.
    fn answer(&mut self, word: u8, conn: ConnId, now_ns: u64) -> Option<&'static [u8]> {
        match word {
            // A job that does not end in our time.
            b'n' => jobs::spawn(async {
                Timer::new(Duration::from_secs(3600)).await;
            }),
            // A job that writes a file; the reply comes when it has ended.
            b'w' => return self.start_writing(conn),
            // The same, and until then the core is busy.
            b'b' => {
                self.is_busy = true;
                return self.start_writing(conn);
            }
            // A reply in five milliseconds.
            b'a' => {
                self.alarm = Some((now_ns + 5_000_000, conn));
                return None;
            }
            b'?' => return Some(if jobs::are_out() { b"o" } else { b"-" }),
            b's' => self.is_stopped = true,
            _ => {}
        }
        Some(b"+")
    }

    fn start_writing(&mut self, conn: ConnId) -> Option<&'static [u8]> {
        self.waiting = Some(conn);
        let is_written = Rc::clone(&self.is_written);
        jobs::spawn(async move {
            let path = scratch_file();
            let file = BufferedFile::create(&path).await.unwrap();
            file.write_at(b"written by a job".to_vec(), 0).await.unwrap();
            file.close().await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"written by a job");
            std::fs::remove_file(path).unwrap();
            is_written.set(true);
        });
        None
    }

    fn handle_event(&mut self, net: &mut dyn Net, event: NetEvent, now_ns: u64) {
        let NetEvent::Readable(conn) = event else { return };
        let mut word = Vec::with_capacity(16);
        if net.recv(conn, &mut word).unwrap() == 0 {
            net.close(conn);
        } else if let Some(reply) = self.answer(word[0], conn, now_ns) {
            net.send(conn, &[IoSlice::new(reply)]).unwrap();
        }
    }

    fn reply_to_waiting(&mut self, net: &mut dyn Net, now_ns: u64) {
        if self.is_written.get() {
            self.is_written.set(false);
            self.is_busy = false;
            let conn = self.waiting.take().unwrap();
            net.send(conn, &[IoSlice::new(b"w")]).unwrap();
        }
        if let Some((_, conn)) = self.alarm.take_if(|(at, _)| *at <= now_ns) {
            net.send(conn, &[IoSlice::new(b"a")]).unwrap();
        }
    }
}

impl CoreTask for Desk {
    fn turn(&mut self, net: &mut dyn Net, events: &[NetEvent], clock: &dyn Clock) -> Next {
        let now_ns = clock.mono_ns();
        for event in events {
            self.handle_event(net, *event, now_ns);
        }
        self.reply_to_waiting(net, now_ns);
        if self.is_stopped {
            Next::Stop
        } else if self.is_busy {
            Next::Busy
        } else {
            Next::Idle(self.alarm.map(|(at, _)| Duration::from_nanos(at - now_ns)))
        }
    }

    fn prepare_park(&mut self) -> bool {
        self.end.prepare_park()
    }

    fn unpark(&mut self) {
        self.end.unpark();
    }
}

/// A file of the thread that asks: tests run side by side.
fn scratch_file() -> PathBuf {
    let name = format!("job-{}-{:?}", std::process::id(), std::thread::current().id());
    std::env::temp_dir().join(name)
}

/// Starts a house with one such core, and a client of it, unless the machine forbids io_uring.
fn start() -> Option<(TcpStream, JoinHandle<()>)> {
    runtime_glommio::io_uring_available(1).ok()?;
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bind = vec!["127.0.0.1".to_owned()];
    let spec = ListenSpec { bind, port: address.port(), backlog: 16, cores: 1, unix: None };
    let plan = Plan {
        listeners: Listeners::bind(&spec).unwrap(),
        corridor_capacity: 1,
        pins: None,
        wakers: Waker::per_core(1).unwrap(),
    };
    let house = std::thread::Builder::new()
        .spawn(move || runtime_glommio::run(plan, Desk::new).unwrap())
        .unwrap();
    Some((TcpStream::connect(address).unwrap(), house))
}

fn ask(client: &mut TcpStream, word: u8) -> u8 {
    client.write_all(&[word]).unwrap();
    let mut reply = [0];
    client.read_exact(&mut reply).unwrap();
    reply[0]
}

#[test]
fn the_core_serves_while_a_job_is_out() {
    let Some((mut client, house)) = start() else { return };
    assert_eq!(ask(&mut client, b'?'), b'-');
    assert_eq!(ask(&mut client, b'n'), b'+');
    for _ in 0..200 {
        assert_eq!(ask(&mut client, b'?'), b'o');
    }
    for _ in 0..5 {
        assert_eq!(ask(&mut client, b'a'), b'a', "deadlines hold too");
    }
    assert_eq!(ask(&mut client, b's'), b'+');
    house.join().unwrap();
}

#[test]
fn the_end_of_a_job_wakes_the_core() {
    let Some((mut client, house)) = start() else { return };
    for _ in 0..20 {
        assert_eq!(ask(&mut client, b'w'), b'w');
        assert_eq!(ask(&mut client, b'?'), b'-');
    }
    assert_eq!(ask(&mut client, b's'), b'+');
    house.join().unwrap();
}

#[test]
fn a_busy_core_gives_way_to_its_jobs() {
    let Some((mut client, house)) = start() else { return };
    for _ in 0..3 {
        assert_eq!(ask(&mut client, b'b'), b'w');
    }
    assert_eq!(ask(&mut client, b's'), b'+');
    house.join().unwrap();
}
