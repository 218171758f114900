//! A client whose questions and answers are written down, and who may be lied to on purpose.

use std::collections::VecDeque;

use resp::Reply;
use testkit::linear::{Action, Clock, Key, Operation, Recorder};

use crate::house::{Guest, House};

use super::planted::Bug;

/// The reply as `testkit` writes it.
pub(super) fn seen(reply: Reply) -> testkit::Reply {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a line of text");
    match reply {
        Reply::Simple(bytes) => testkit::Reply::Simple(text(bytes)),
        Reply::Error(bytes) => testkit::Reply::Error(text(bytes)),
        Reply::Integer(number) => testkit::Reply::Int(number),
        Reply::Bulk(bytes) => testkit::Reply::Bulk(bytes),
        Reply::NullBulk | Reply::Null => testkit::Reply::Nil,
        Reply::NullArray => testkit::Reply::NilArray,
        Reply::Array(elements) => testkit::Reply::Array(elements.into_iter().map(seen).collect()),
        Reply::Set(members) => testkit::Reply::Set(members.into_iter().map(seen).collect()),
        other => panic!("nothing that is asked here is answered by {other}"),
    }
}

/// What becomes of the replies to the requests of an action.
pub(super) enum Told {
    /// They are what they are.
    AsTheyAre,
    /// Only the last one is.
    Last,
    /// Their elements are those of one.
    Joined,
    /// They are the elements of the reply to an EXEC.
    AsAnExec,
    /// They change places.
    Swapped,
    /// The client is told this instead.
    Instead(testkit::Reply),
    /// A renaming in two steps: the first one says whether there was something.
    Renamed,
    /// The client is told what it has last read there.
    Remembered(Key),
}

/// Requests whose replies are not all there.
struct Asked {
    replies: Vec<testkit::Reply>,
    count: usize,
    told: Told,
}

/// See the head of this file.
pub(super) struct Patron {
    pub(super) guest: Guest,
    recorder: Recorder,
    agenda: VecDeque<Vec<Action>>,
    asked: VecDeque<Asked>,
    /// What was read last, by key.
    remembered: Vec<(Key, testkit::Reply)>,
}

impl Patron {
    /// The client with this number, who will send these pipelines one after another.
    pub(super) fn new(
        guest: Guest,
        clock: &Clock,
        number: usize,
        agenda: VecDeque<Vec<Action>>,
    ) -> Self {
        let recorder = Recorder::new(clock, number);
        Self { guest, recorder, agenda, asked: VecDeque::new(), remembered: Vec::new() }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.asked.is_empty()
    }

    pub(super) fn has_plans(&self) -> bool {
        !self.agenda.is_empty()
    }

    /// Everything that it did.
    pub(super) fn operations(self) -> Vec<Operation> {
        self.recorder.give_up()
    }

    /// Sends the next pipeline if the one before is answered.
    pub(super) fn go_on(&mut self, house: &mut House, names: &[String], bug: Option<Bug>) {
        if self.is_waiting() {
            return;
        }
        let mut actions: VecDeque<Action> = self.agenda.pop_front().unwrap_or_default().into();
        while let Some(action) = actions.pop_front() {
            self.recorder.invoke(action.clone());
            let mut requests = action.requests(names);
            let mut told = Told::AsTheyAre;
            if bug == Some(Bug::Overtakes)
                && let (Action::One(_), Some(Action::One(_))) = (&action, actions.front())
            {
                let second = actions.pop_front().expect("it was looked at");
                requests.splice(0..0, second.requests(names));
                self.recorder.invoke(second);
                told = Told::Swapped;
            } else if let Some(bug) = bug
                && let Some((other, lie)) = bug.requests(&action, names, &mut house.chance)
            {
                (requests, told) = (other, lie);
            }
            requests.iter().for_each(|words| house.send(self.guest, words));
            self.asked.push_back(Asked { replies: Vec::new(), count: requests.len(), told });
        }
    }

    /// Writes down the replies that have come.
    pub(super) fn listen(&mut self, house: &mut House) {
        while self.is_waiting() {
            let Some(reply) = house.take(self.guest) else { return };
            let asked = self.asked.front_mut().expect("it is waiting");
            asked.replies.push(seen(reply));
            if asked.replies.len() == asked.count {
                let asked = self.asked.pop_front().expect("it is the first one");
                self.tell(asked);
            }
        }
    }

    fn tell(&mut self, asked: Asked) {
        let Asked { mut replies, told, .. } = asked;
        let last = replies.len() - 1;
        match told {
            Told::AsTheyAre => {}
            Told::Last => drop(replies.drain(..last)),
            Told::Joined => {
                let elements = replies.iter().flat_map(testkit::Reply::elements);
                replies = vec![testkit::Reply::Array(elements.cloned().collect())];
            }
            Told::AsAnExec => {
                let queued = vec![testkit::Reply::ok(); replies.len() + 1];
                replies = [queued, vec![testkit::Reply::Array(replies)]].concat();
            }
            Told::Swapped => replies.reverse(),
            Told::Instead(reply) => replies = vec![reply],
            Told::Renamed => {
                let reply = match replies[0] {
                    testkit::Reply::Int(0) => testkit::Reply::Error("ERR no such key".into()),
                    _ => testkit::Reply::ok(),
                };
                replies = vec![reply];
            }
            Told::Remembered(key) => {
                match self.remembered.iter().find(|(remembered, _)| *remembered == key) {
                    Some((_, reply)) => replies = vec![reply.clone()],
                    None => self.remembered.push((key, replies[0].clone())),
                }
            }
        }
        replies.into_iter().for_each(|reply| self.recorder.reply(reply));
    }
}
