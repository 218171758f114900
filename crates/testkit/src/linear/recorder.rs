//! Recorders: each writes down what one client does, and all of them look at the same clock.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::command::Key;
use super::model::Value;
use super::operation::{Action, Operation, flat};
use crate::Reply;

/// A clock that never shows the same instant twice.
///
/// What has happened before something else has, in any thread, has an earlier instant.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    /// The instant now.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// Writes down what one connection does.
#[derive(Debug)]
pub struct Recorder {
    clock: Clock,
    client: usize,
    operations: Vec<Operation>,
    /// Operations that wait for their reply, with the number of replies that come before it.
    open: VecDeque<(usize, usize)>,
}

impl Recorder {
    /// A recorder for the connection with this number; no two have the same.
    #[must_use]
    pub fn new(clock: &Clock, client: usize) -> Self {
        let (operations, open) = (Vec::new(), VecDeque::new());
        Self { clock: clock.clone(), client, operations, open }
    }

    /// Before the request is sent.
    pub fn invoke(&mut self, action: Action) {
        let before = match &action {
            Action::Exec { commands, .. } => commands.len() + 1,
            _ => 0,
        };
        self.open.push_back((self.operations.len(), before));
        let (client, invoked) = (self.client, self.clock.now());
        self.operations.push(Operation { client, action, invoked, answer: None });
    }

    /// After a reply has come.
    ///
    /// # Panics
    /// If nothing was asked, or a queued command was not queued.
    #[track_caller]
    pub fn reply(&mut self, reply: Reply) {
        let (index, before) = self.open.front_mut().expect("a reply belongs to a request");
        if *before > 0 {
            let is_queued =
                matches!(&reply, Reply::Simple(text) if text == "OK" || text == "QUEUED");
            assert!(is_queued, "MULTI or a command behind it was answered {reply:?}");
            *before -= 1;
            return;
        }
        let operation = &mut self.operations[*index];
        let reply = operation.action.normal(reply);
        operation.answer = Some((self.clock.now(), reply));
        self.open.pop_front();
    }

    /// Requests that wait for their reply.
    #[must_use]
    pub fn awaited(&self) -> usize {
        self.open.iter().map(|(_, before)| before + 1).sum()
    }

    /// Hands out what was written down since the last time.
    ///
    /// # Panics
    /// If replies are awaited: see [`Recorder::give_up`].
    pub fn take(&mut self) -> Vec<Operation> {
        assert!(self.open.is_empty(), "{} operations are not answered yet", self.open.len());
        std::mem::take(&mut self.operations)
    }

    /// The connection is gone: hands out what was written down, unanswered requests included.
    #[must_use]
    pub fn give_up(self) -> Vec<Operation> {
        self.operations
    }
}

/// Reads everything, asking commands one by one; nobody else may be there.
///
/// # Panics
/// If a key is of a type that the model does not know.
#[track_caller]
pub fn census(clock: &Clock, names: &[String], mut ask: impl FnMut(&[&str]) -> Reply) -> Operation {
    let invoked = clock.now();
    let mut look = |key: Key| {
        let name = names[key].as_str();
        let texts = |reply: Reply| reply.elements().iter().map(Reply::text).collect::<Vec<_>>();
        match ask(&["TYPE", name]).text().as_str() {
            "none" => None,
            "string" => Some(Value::Text(ask(&["GET", name]).text())),
            "list" => Some(Value::List(texts(ask(&["LRANGE", name, "0", "-1"])).into())),
            "set" => Some(Value::Set(texts(ask(&["SMEMBERS", name])).into_iter().collect())),
            "zset" => {
                let words = texts(flat(ask(&["ZRANGE", name, "0", "-1", "WITHSCORES"])));
                let pairs = words.chunks(2);
                let number = |text: &str| text.parse().expect("scores in histories are whole");
                Some(Value::Zset(pairs.map(|pair| (pair[0].clone(), number(&pair[1]))).collect()))
            }
            other => panic!("{name} is a {other}"),
        }
    };
    let values = (0..names.len()).map(&mut look).collect();
    // A client of its own, so that it can never be taken for a part of somebody's pipeline.
    let client = usize::MAX;
    let answer = Some((clock.now(), Reply::ok()));
    Operation { client, action: Action::Census(values), invoked, answer }
}
