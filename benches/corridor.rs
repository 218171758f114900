//! What a hop between two cores costs: the queue alone, a full envelope's worth, and with sleep.
//!
//! `awake` is a message there and back between two ends that never sleep, on one thread: the queue
//! and its fences. `asleep` is the same between two threads of which one always sleeps: two
//! wake-ups, which is what a hop of an idle server costs. In `cargo test --benches` everything runs
//! once.

use std::hint::black_box;
use std::thread::JoinHandle;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use runtime::listen::CoreListeners;
use runtime::{EpollNet, MeshEnd, Net, Wait, Waker, mesh};

/// What travels: as large as a pointer to an envelope.
type Mail = Box<u64>;

/// Tells the other thread to end.
const END: u64 = u64::MAX;

fn awake(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("corridor");
    group.throughput(Throughput::Elements(2));
    let wakers = Waker::per_core(2).expect("eventfds");
    let mut ends = mesh::<Mail>(2, 4, wakers);
    group.bench_function("awake", |bencher| {
        let mut mail = Some(Box::new(7));
        bencher.iter(|| {
            ends[0].send(1, mail.take().expect("it came back"));
            ends[0].ring();
            let there = ends[1].try_recv_from(0).expect("it was sent");
            ends[1].send(0, there);
            ends[1].ring();
            mail = ends[0].try_recv_from(1);
        });
        black_box(mail);
    });
    group.finish();
}

fn asleep(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("corridor");
    group.throughput(Throughput::Elements(2));
    let mut ends = mesh::<Mail>(2, 4, Waker::per_core(2).expect("eventfds"));
    let other = echo(ends.pop().expect("two ends"));
    let mut here = Sleeper::new(ends.pop().expect("one end"));
    group.bench_function("asleep", |bencher| {
        bencher.iter(|| {
            here.end.send(1, Box::new(7));
            here.receive(1)
        });
    });
    group.finish();
    here.end.send(1, Box::new(END));
    here.end.ring();
    other.join().expect("the other thread ends");
}

/// A thread that sends back what it gets.
fn echo(end: MeshEnd<Mail>) -> JoinHandle<()> {
    let other = std::thread::Builder::new().spawn(move || {
        let mut there = Sleeper::new(end);
        loop {
            let mail = there.receive(0);
            if *mail == END {
                return;
            }
            there.end.send(0, mail);
        }
    });
    other.expect("a thread")
}

/// One end, and where its core sleeps.
struct Sleeper {
    end: MeshEnd<Mail>,
    net: EpollNet,
}

impl Sleeper {
    fn new(end: MeshEnd<Mail>) -> Self {
        let waker = end.waker(end.core()).clone();
        let net = EpollNet::new(CoreListeners::default(), waker).expect("an epoll");
        Self { end, net }
    }

    /// The next message, sleeping until it is there.
    fn receive(&mut self, from: usize) -> Mail {
        let mut events = Vec::new();
        loop {
            if let Some(mail) = self.end.try_recv_from(from) {
                return mail;
            }
            if self.end.prepare_park() {
                self.net.poll(&mut events, Wait::Until(None)).expect("it can wait");
                events.clear();
                self.end.unpark();
            }
        }
    }
}

criterion_group!(benches, awake, asleep);
criterion_main!(benches);
