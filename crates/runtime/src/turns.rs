//! The loop around a core, and the wait between two turns.

use std::io;

use crate::clock::SystemClock;
use crate::net::{Net, NetEvent, Wait};
use crate::task::{CoreTask, Next};

/// One core with its sockets, turn by turn.
///
/// ```text
///   begin:  turn -> Busy          end: poll, no waiting
///                -> Idle, parked  end: wait in the poller, unpark
///                -> Idle, mail    end: poll, no waiting
///                -> Stop
/// ```
///
/// The two halves are apart because a runtime may have to do something of its own in between.
pub struct Turns<'a, C, N> {
    task: &'a mut C,
    net: &'a mut N,
    events: Vec<NetEvent>,
}

/// What is to happen between two turns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Between {
    /// Look whether something became ready, without waiting.
    Look,
    /// The core is parked: wait.
    Sleep(Wait),
    /// There is no next turn.
    End,
}

impl<'a, C: CoreTask, N: Net> Turns<'a, C, N> {
    pub fn new(task: &'a mut C, net: &'a mut N) -> Self {
        Self { task, net, events: Vec::new() }
    }

    pub fn net(&self) -> &N {
        self.net
    }

    /// Runs one turn on what the last poll found, and parks the core if it has nothing to do.
    pub fn turn(&mut self) -> Between {
        let next = self.task.turn(self.net, &self.events, &SystemClock);
        self.events.clear();
        match next {
            Next::Idle(limit) if self.task.prepare_park() => Between::Sleep(Wait::Until(limit)),
            Next::Busy | Next::Idle(_) => Between::Look,
            Next::Stop => Between::End,
        }
    }

    /// Looks for what is ready, waiting here if the core is parked.
    pub fn poll(&mut self, between: Between) -> io::Result<()> {
        match between {
            Between::Look | Between::End => self.net.poll(&mut self.events, Wait::No),
            Between::Sleep(wait) => {
                let polled = self.net.poll(&mut self.events, wait);
                self.task.unpark();
                polled
            }
        }
    }
}

/// Runs a core to its end with nothing else on the thread.
pub fn run<C: CoreTask, N: Net>(task: &mut C, net: &mut N) -> io::Result<()> {
    let mut turns = Turns::new(task, net);
    loop {
        match turns.turn() {
            Between::End => return Ok(()),
            between => turns.poll(between)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::listen::CoreListeners;
    use crate::poller::EpollNet;
    use crate::waker::Waker;

    /// A core that says what it wants from a list, and writes down what was done to it.
    struct Scripted {
        wants: Vec<Next>,
        has_mail: bool,
        done: Vec<&'static str>,
    }

    impl CoreTask for Scripted {
        fn turn(&mut self, _net: &mut dyn Net, _events: &[NetEvent], _clock: &dyn Clock) -> Next {
            self.done.push("turn");
            self.wants.remove(0)
        }

        fn prepare_park(&mut self) -> bool {
            self.done.push("park");
            !std::mem::take(&mut self.has_mail)
        }

        fn unpark(&mut self) {
            self.done.push("unpark");
        }
    }

    fn run_script(wants: &[Next], has_mail: bool) -> Vec<&'static str> {
        let mut task = Scripted { wants: wants.to_vec(), has_mail, done: Vec::new() };
        let mut net = EpollNet::new(CoreListeners::default(), Waker::new().unwrap()).unwrap();
        run(&mut task, &mut net).unwrap();
        task.done
    }

    #[test]
    fn a_busy_core_is_not_parked() {
        assert_eq!(run_script(&[Next::Busy, Next::Stop], false), ["turn", "turn"]);
    }

    #[test]
    fn an_idle_core_is_parked_while_it_waits() {
        let idle = Next::Idle(Some(Duration::from_millis(1)));
        let done = run_script(&[idle, Next::Stop], false);
        assert_eq!(done, ["turn", "park", "unpark", "turn"]);
    }

    #[test]
    fn an_idle_core_with_mail_does_not_wait() {
        // It would be for ever.
        let done = run_script(&[Next::Idle(None), Next::Stop], true);
        assert_eq!(done, ["turn", "park", "turn"]);
    }
}
