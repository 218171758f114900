//! A core that echoes lines, and obeys those that begin with an exclamation mark.
//!
//! `!core` answers the number of the core, `!move N` moves the connection to core N, `!bounce N`
//! sends a message to and fro N times before it answers, `!alarm N` answers after N milliseconds,
//! `!count wakes` says how often this core was woken, `!stop` ends all cores.

use std::io::{ErrorKind, IoSlice};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runtime::{Clock, ConnId, CoreTask, MeshEnd, Net, NetEvent, Next, Socket};

/// What cores send each other.
pub(crate) enum Mail {
    Adopt { socket: Socket, input: Vec<u8>, output: Vec<u8> },
    Bounce { left: u32, home: usize, conn: ConnId },
    Stop,
}

/// What the tests count.
#[derive(Default)]
pub(crate) struct Stats {
    turns: [AtomicU64; 2],
    partial_sends: AtomicU64,
}

impl Stats {
    pub(crate) fn turns(&self, core: usize) -> u64 {
        self.turns[core].load(Ordering::SeqCst)
    }

    pub(crate) fn partial_sends(&self) -> u64 {
        self.partial_sends.load(Ordering::SeqCst)
    }
}

#[derive(Default)]
struct Client {
    input: Vec<u8>,
    output: Vec<u8>,
    has_ended: bool,
}

pub(crate) struct Echo {
    end: MeshEnd<Mail>,
    stats: Arc<Stats>,
    clients: Vec<Option<Client>>,
    alarms: Vec<(u64, ConnId)>,
    wakes: u64,
    is_stopped: bool,
}

impl Echo {
    pub(crate) fn new(end: MeshEnd<Mail>, stats: Arc<Stats>) -> Self {
        let (clients, alarms) = (Vec::new(), Vec::new());
        Self { end, stats, clients, alarms, wakes: 0, is_stopped: false }
    }

    fn put(&mut self, conn: ConnId, client: Client) {
        let slot = conn.0 as usize;
        if self.clients.len() <= slot {
            self.clients.resize_with(slot + 1, || None);
        }
        assert!(self.clients[slot].is_none(), "the slot of {conn:?} is in use");
        self.clients[slot] = Some(client);
    }

    fn client(&mut self, conn: ConnId) -> &mut Client {
        self.clients[conn.0 as usize].as_mut().expect("events come only for open connections")
    }

    fn is_open(&self, conn: ConnId) -> bool {
        self.clients.get(conn.0 as usize).is_some_and(Option::is_some)
    }

    fn handle_event(&mut self, net: &mut dyn Net, event: NetEvent, now_ns: u64) {
        match event {
            NetEvent::Accepted(conn) => self.put(conn, Client::default()),
            NetEvent::Woken => self.wakes += 1,
            // Closed or moved away earlier in this turn.
            NetEvent::Readable(conn) | NetEvent::Hangup(conn) | NetEvent::Writable(conn)
                if !self.is_open(conn) => {}
            NetEvent::Readable(conn) | NetEvent::Hangup(conn) => self.read(net, conn, now_ns),
            NetEvent::Writable(conn) => self.flush(net, conn),
        }
    }

    fn handle_mail(&mut self, net: &mut dyn Net, mail: Mail, now_ns: u64) {
        match mail {
            Mail::Adopt { socket, input, output } => {
                let conn = net.adopt(socket).unwrap();
                self.put(conn, Client { input, output, has_ended: false });
                self.obey(net, conn, now_ns);
            }
            Mail::Bounce { left: 0, home, conn } if home == self.end.core() => {
                self.client(conn).output.extend_from_slice(b"bounced\n");
                self.flush(net, conn);
            }
            Mail::Bounce { left, home, conn } => {
                let left = left.saturating_sub(1);
                self.end.send(1 - self.end.core(), Mail::Bounce { left, home, conn });
            }
            Mail::Stop => self.is_stopped = true,
        }
    }

    fn read(&mut self, net: &mut dyn Net, conn: ConnId, now_ns: u64) {
        let client = self.client(conn);
        client.input.reserve(16 * 1024);
        match net.recv(conn, &mut client.input) {
            Ok(0) => client.has_ended = true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return self.close(net, conn),
        }
        self.obey(net, conn, now_ns);
    }

    /// Answers every whole line.
    fn obey(&mut self, net: &mut dyn Net, conn: ConnId, now_ns: u64) {
        loop {
            let client = self.client(conn);
            let Some(end) = client.input.iter().position(|byte| *byte == b'\n') else { break };
            let line: Vec<u8> = client.input.drain(..=end).collect();
            if line[0] != b'!' {
                client.output.extend_from_slice(&line);
                continue;
            }
            let line = String::from_utf8(line).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            if words[0] == "!move" {
                return self.move_away(net, conn, words[1].parse().unwrap());
            }
            self.command(conn, &words, now_ns);
        }
        self.flush(net, conn);
    }

    fn command(&mut self, conn: ConnId, words: &[&str], now_ns: u64) {
        let (core, wakes) = (self.end.core(), self.wakes);
        match words {
            ["!core"] => self.client(conn).output.extend(format!("{core}\n").bytes()),
            ["!count", "wakes"] => self.client(conn).output.extend(format!("{wakes}\n").bytes()),
            ["!bounce", times] => {
                let left = times.parse().unwrap();
                self.end.send(1 - core, Mail::Bounce { left, home: core, conn });
            }
            ["!alarm", ms] => {
                let ms: u64 = ms.parse().unwrap();
                self.alarms.push((now_ns + ms * 1_000_000, conn));
            }
            ["!stop"] => {
                self.is_stopped = true;
                for other in (0..self.end.cores()).filter(|other| *other != core) {
                    self.end.send(other, Mail::Stop);
                }
                self.end.ring();
            }
            other => panic!("{other:?}"),
        }
    }

    fn move_away(&mut self, net: &mut dyn Net, conn: ConnId, to: usize) {
        let client = self.clients[conn.0 as usize].take().expect("it is open");
        let socket = net.detach(conn);
        let Client { input, output, .. } = client;
        self.end.send(to, Mail::Adopt { socket, input, output });
    }

    fn flush(&mut self, net: &mut dyn Net, conn: ConnId) {
        let stats = Arc::clone(&self.stats);
        let client = self.client(conn);
        if !client.output.is_empty() {
            let (first, second) = client.output.split_at(client.output.len() / 2);
            let sent = match net.send(conn, &[IoSlice::new(first), IoSlice::new(second)]) {
                Ok(sent) => sent,
                Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
                Err(_) => return self.close(net, conn),
            };
            client.output.drain(..sent);
        }
        let is_partial = !client.output.is_empty();
        let is_done = client.has_ended && !is_partial;
        stats.partial_sends.fetch_add(u64::from(is_partial), Ordering::SeqCst);
        net.watch(conn, !client.has_ended, is_partial);
        if is_done {
            self.close(net, conn);
        }
    }

    fn close(&mut self, net: &mut dyn Net, conn: ConnId) {
        net.close(conn);
        self.clients[conn.0 as usize] = None;
    }

    fn ring_alarms(&mut self, net: &mut dyn Net, now_ns: u64) {
        let due: Vec<_> = self.alarms.extract_if(.., |(at, _)| *at <= now_ns).collect();
        for (_, conn) in due {
            self.client(conn).output.extend_from_slice(b"alarm\n");
            self.flush(net, conn);
        }
    }

    fn tell_wakes(&mut self, net: &mut dyn Net) {
        for slot in 0..self.clients.len() {
            if let Some(client) = &mut self.clients[slot] {
                client.output.extend_from_slice(b"woken\n");
                self.flush(net, ConnId(u32::try_from(slot).unwrap()));
            }
        }
    }
}

impl CoreTask for Echo {
    fn turn(&mut self, net: &mut dyn Net, events: &[NetEvent], clock: &dyn Clock) -> Next {
        self.stats.turns[self.end.core()].fetch_add(1, Ordering::SeqCst);
        let now_ns = clock.now().mono_ns;
        let mut has_mail = false;
        for from in 0..self.end.cores() {
            while let Some(mail) = self.end.try_recv_from(from) {
                has_mail = true;
                self.handle_mail(net, mail, now_ns);
            }
        }
        for event in events {
            self.handle_event(net, *event, now_ns);
        }
        if events.contains(&NetEvent::Woken) && !has_mail && self.end.cores() == 1 {
            self.tell_wakes(net);
        }
        self.ring_alarms(net, now_ns);
        let next = self.alarms.iter().map(|(at, _)| *at).min();
        match next {
            _ if self.is_stopped => Next::Stop,
            None => Next::Idle(None),
            Some(at) => Next::Idle(Some(Duration::from_nanos(at - now_ns))),
        }
    }

    fn prepare_park(&mut self) -> bool {
        self.end.prepare_park()
    }

    fn unpark(&mut self) {
        self.end.unpark();
    }
}
