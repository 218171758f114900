//! Corridors between real threads, and the rules of sending.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Wakers that count, one per core.
fn counting(cores: usize) -> (Vec<Waker>, Vec<Arc<AtomicUsize>>) {
    let counts: Vec<_> = (0..cores).map(|_| Arc::new(AtomicUsize::new(0))).collect();
    let wakers = counts
        .iter()
        .map(|count| {
            let count = Arc::clone(count);
            Waker::calling(move || {
                count.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    (wakers, counts)
}

#[test]
fn messages_arrive_in_order_from_each_core() {
    let (wakers, _) = counting(3);
    let mut ends = mesh::<u32>(3, 4, wakers);
    assert_eq!(ends.iter().map(MeshEnd::core).collect::<Vec<_>>(), [0, 1, 2]);
    ends[0].send(2, 10);
    ends[1].send(2, 20);
    ends[0].send(2, 11);
    assert_eq!(ends[2].try_recv_from(0), Some(10));
    assert_eq!(ends[2].try_recv_from(1), Some(20));
    assert_eq!(ends[2].try_recv_from(0), Some(11));
    assert_eq!(ends[2].try_recv_from(0), None);
    assert_eq!(ends[2].try_recv_from(2), None);
    assert_eq!(ends[1].try_recv_from(0), None);
}

#[test]
fn only_a_parked_core_is_woken_and_only_once() {
    let (wakers, counts) = counting(2);
    let mut ends = mesh::<u32>(2, 8, wakers);
    ends[0].send(1, 1);
    ends[0].ring();
    assert_eq!(counts[1].load(Ordering::SeqCst), 0, "an awake core needs no wake-up");
    assert!(!ends[1].prepare_park(), "there is mail");
    ends[0].send(1, 2);
    ends[0].ring();
    assert_eq!(counts[1].load(Ordering::SeqCst), 0, "the refused park was undone");
    while ends[1].try_recv_from(0).is_some() {}
    assert!(ends[1].prepare_park());
    ends[0].send(1, 3);
    ends[0].send(1, 4);
    assert!(ends[0].owes_ring());
    assert_eq!(counts[1].load(Ordering::SeqCst), 0, "nobody is woken before the ring");
    ends[0].ring();
    assert!(!ends[0].owes_ring());
    assert_eq!(counts[1].load(Ordering::SeqCst), 1, "one wake-up for both");
    ends[1].unpark();
    ends[0].send(1, 5);
    ends[0].ring();
    assert_eq!(counts[1].load(Ordering::SeqCst), 1);
    assert_eq!(counts[0].load(Ordering::SeqCst), 0);
}

#[test]
fn a_core_that_goes_to_sleep_owes_no_ring() {
    let (wakers, counts) = counting(2);
    let mut ends = mesh::<u32>(2, 8, wakers);
    assert!(ends[1].prepare_park());
    ends[0].send(1, 1);
    assert!(ends[0].prepare_park());
    assert_eq!(counts[1].load(Ordering::SeqCst), 1);
}

#[test]
#[should_panic(expected = "credit rule")]
fn a_full_corridor_is_a_broken_credit_rule() {
    let (wakers, _) = counting(2);
    let mut ends = mesh::<u32>(2, 2, wakers);
    assert_eq!(ends[0].room(1), 2);
    for message in 0..3 {
        ends[0].send(1, message);
    }
}

#[test]
#[should_panic(expected = "sends to itself")]
fn a_core_has_no_corridor_to_itself() {
    let (wakers, _) = counting(2);
    mesh::<u32>(2, 2, wakers)[1].send(1, 0);
}

/// Two threads play ping-pong and sleep on their eventfds in between: a lost wake-up hangs the
/// test.
#[test]
fn sleeping_cores_play_ping_pong() {
    const ROUNDS: u32 = 20_000;
    let mut ends = mesh::<u32>(2, 1, Waker::per_core(2).unwrap());
    let mut second = ends.pop().unwrap();
    let mut first = ends.pop().unwrap();
    let player = std::thread::Builder::new().spawn(move || {
        for round in 0..ROUNDS {
            assert_eq!(receive(&mut second, 0), round);
            second.send(0, round);
        }
        second.ring();
    });
    for round in 0..ROUNDS {
        first.send(1, round);
        assert_eq!(receive(&mut first, 1), round);
    }
    player.unwrap().join().unwrap();
}

/// The next message, sleeping until it is there.
fn receive(end: &mut MeshEnd<u32>, from: usize) -> u32 {
    loop {
        if let Some(message) = end.try_recv_from(from) {
            return message;
        }
        if end.prepare_park() {
            let waker = end.waker(end.core()).clone();
            let fd = waker.fd().unwrap();
            let mut ready = [rustix::event::PollFd::new(&fd, rustix::event::PollFlags::IN)];
            rustix::event::poll(&mut ready, None).unwrap();
            rustix::io::read(fd, &mut [0; 8]).unwrap();
            end.unpark();
        }
    }
}
