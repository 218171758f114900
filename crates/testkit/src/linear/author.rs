//! Seeded random operations of one client: few keys, so that clients meet.
//!
//! Written numbers and texts are never the same twice, so a reply says whose it is. Every key has a
//! type that it usually holds; now and then a command is used on another one.

use std::collections::VecDeque;

use stdx::prng::Prng;

use super::command::{Command, Key, Kind, Side};
use super::operation::Action;

/// The most commands between MULTI and EXEC.
const QUEUE_MAX: u64 = 4;
/// Members that sets may have.
const MEMBERS: u64 = 5;

/// How often a kind is drawn, where it is not once.
const WEIGHTS: &[(Kind, usize)] = &[
    (Kind::Get, 5),
    (Kind::Set, 3),
    (Kind::Incr, 3),
    (Kind::MGet, 5),
    (Kind::MSet, 4),
    (Kind::MSetNx, 2),
    (Kind::Del, 2),
    (Kind::Rename, 4),
    (Kind::SAdd, 3),
    (Kind::SMove, 4),
    (Kind::SMembers, 3),
    (Kind::SUnionStore, 2),
    (Kind::ZAdd, 2),
    (Kind::ZRange, 3),
    (Kind::ZPopMin, 2),
    (Kind::ZUnionStore, 2),
    (Kind::RPush, 2),
    (Kind::LPop, 2),
    (Kind::LRange, 3),
    (Kind::LMove, 4),
    (Kind::Exec, 5),
    (Kind::WatchLoop, 2),
];

/// The family of values that a kind is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    List,
    Set,
    Zset,
}

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct Author {
    /// What the schedule of the test may draw from as well.
    pub chance: Prng,
    client: usize,
    keys: usize,
    /// Each as often as its weight.
    kinds: Vec<Kind>,
    written: u64,
    /// The only keys it uses for a while, if any.
    favourite: Option<Key>,
}

impl Author {
    /// An author for that client, who uses these kinds on so many keys.
    ///
    /// # Panics
    /// If there is no kind to draw, or there are less than two keys.
    #[must_use]
    pub fn new(seed: u64, client: usize, keys: usize, kinds: &[Kind]) -> Self {
        assert!(keys >= 2 && !kinds.is_empty(), "there is something to draw from");
        let weight = |kind: &Kind| {
            WEIGHTS.iter().find(|(weighted, _)| weighted == kind).map_or(1, |(_, weight)| *weight)
        };
        let kinds =
            kinds.iter().flat_map(|kind| std::iter::repeat_n(*kind, weight(kind))).collect();
        let chance = Prng::new(seed ^ (client as u64).wrapping_mul(0x9e37_79b9));
        Self { chance, client, keys, kinds, written: 0, favourite: None }
    }

    /// From now on it uses this key, if any, for all that has only one.
    pub fn prefer(&mut self, favourite: Option<Key>) {
        self.favourite = favourite;
    }

    fn kind(&mut self) -> Kind {
        let choice = self.below(self.kinds.len() as u64);
        self.kinds[choice as usize]
    }

    /// What the client does next: pipelines, each of which is sent when the one before is answered.
    #[must_use]
    pub fn agenda(&mut self, depth_max: u64) -> VecDeque<Vec<Action>> {
        match self.kind() {
            Kind::WatchLoop => self.watch_loop(),
            kind => {
                let mut pipeline = vec![self.action(kind)];
                for _ in 0..self.below(depth_max) {
                    pipeline.push(self.any_action());
                }
                [pipeline].into()
            }
        }
    }

    /// Anything that is one action.
    #[must_use]
    pub fn any_action(&mut self) -> Action {
        loop {
            match self.kind() {
                Kind::WatchLoop => {}
                kind => return self.action(kind),
            }
        }
    }

    fn action(&mut self, kind: Kind) -> Action {
        match kind {
            Kind::Exec => Action::Exec { commands: self.queue(), watched: Vec::new() },
            kind => Action::One(self.command(kind)),
        }
    }

    /// WATCH, a look at the keys, and what rests on it: one after another, or all at once.
    fn watch_loop(&mut self) -> VecDeque<Vec<Action>> {
        let watched = self.watched();
        let look = Action::One(Command::MGet(watched.clone()));
        let end = match self.below(6) {
            0 => Action::Unwatch,
            _ => Action::Exec { commands: self.queue(), watched: watched.clone() },
        };
        let steps = [Action::Watch(watched), look, end];
        match self.below(4) {
            0 => [steps.into()].into(),
            _ => steps.into_iter().map(|step| vec![step]).collect(),
        }
    }

    /// Keys for a WATCH.
    #[must_use]
    pub fn watched(&mut self) -> Vec<Key> {
        match self.below(2) {
            0 => vec![self.key(Family::Text)],
            _ => self.two(Family::Text).to_vec(),
        }
    }

    /// The commands between a MULTI and its EXEC: a transfer, or anything.
    #[must_use]
    pub fn queue(&mut self) -> Vec<Command> {
        if self.below(2) == 0 {
            let ([from, to], amount) = (self.two(Family::Text), 1 + self.below(9) as i64);
            let transfer = [Command::IncrBy(from, -amount), Command::IncrBy(to, amount)];
            return transfer.into();
        }
        let count = 1 + self.below(QUEUE_MAX);
        (0..count).map(|_| self.one_command()).collect()
    }

    fn one_command(&mut self) -> Command {
        loop {
            match self.kind() {
                Kind::Exec | Kind::WatchLoop => {}
                kind => return self.command(kind),
            }
        }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.chance.below(bound)
    }

    /// A key that usually holds such values; the first half holds texts if there are others.
    fn key(&mut self, family: Family) -> Key {
        if let Some(favourite) = self.favourite {
            return favourite;
        }
        let has_others = self
            .kinds
            .iter()
            .any(|kind| matches!(kind, Kind::LRange | Kind::SMembers | Kind::ZRange));
        let keys = self.keys as u64;
        if !has_others || self.below(16) == 0 {
            return self.below(keys) as Key;
        }
        let texts = keys.div_ceil(2);
        let lists = (keys - texts).div_ceil(2).min(keys - 1);
        let (from, count) = match family {
            Family::Text => (0, texts),
            Family::List => (texts.min(keys - 1), lists.max(1)),
            // Sets and sorted sets share keys: the one is an input where the other is asked for.
            Family::Set | Family::Zset => {
                ((texts + lists).min(keys - 1), (keys - texts - lists).max(1))
            }
        };
        (from + self.below(count)) as Key
    }

    /// Two keys, rarely the same one twice.
    fn two(&mut self, family: Family) -> [Key; 2] {
        let favourite = self.favourite.take();
        let one = favourite.unwrap_or_else(|| self.key(family));
        let mut other = self.key(family);
        for _ in 0..4 {
            if other != one {
                break;
            }
            other = self.key(family);
        }
        if other == one && self.below(8) > 0 {
            other = (one + 1) % self.keys;
        }
        self.favourite = favourite;
        [one, other]
    }

    fn some(&mut self, family: Family) -> Vec<Key> {
        let mut keys = self.two(family).to_vec();
        for _ in 0..self.below(3) {
            keys.push(self.key(family));
        }
        keys
    }

    /// A number that nobody else writes, or a text.
    fn value(&mut self) -> String {
        self.written += 1;
        match self.below(8) {
            0 => format!("t{}.{}", self.client, self.written),
            _ => (self.client as u64 * 1_000_000 + self.written * 100).to_string(),
        }
    }

    fn pairs(&mut self) -> Vec<(Key, String)> {
        let keys = self.some(Family::Text);
        keys.into_iter().map(|key| (key, self.value())).collect()
    }

    fn member(&mut self) -> String {
        format!("m{}", self.below(MEMBERS))
    }

    fn side(&mut self) -> Side {
        if self.below(2) == 0 { Side::Left } else { Side::Right }
    }

    /// A family for commands that take all.
    fn any(&mut self) -> Family {
        match self.below(4) {
            0 => Family::List,
            1 if self.below(2) == 0 => Family::Zset,
            1 => Family::Set,
            _ => Family::Text,
        }
    }

    fn command(&mut self, kind: Kind) -> Command {
        match kind {
            Kind::Get => Command::Get(self.key(Family::Text)),
            Kind::Set => Command::Set(self.key(Family::Text), self.value()),
            Kind::Incr => Command::Incr(self.key(Family::Text)),
            Kind::IncrBy => Command::IncrBy(self.key(Family::Text), 1 + self.below(9) as i64),
            Kind::Append => Command::Append(self.key(Family::Text), self.below(10).to_string()),
            Kind::MGet => Command::MGet(self.some(Family::Text)),
            Kind::MSet => Command::MSet(self.pairs()),
            Kind::MSetNx => Command::MSetNx(self.pairs()),
            Kind::DbSize => Command::DbSize,
            Kind::FlushDb => Command::FlushDb,
            Kind::Del | Kind::Exists | Kind::Rename | Kind::RenameNx | Kind::Copy => {
                self.generic(kind)
            }
            Kind::LPush | Kind::RPush | Kind::LPop | Kind::RPop | Kind::LRange | Kind::LMove => {
                self.about_lists(kind)
            }
            Kind::SAdd
            | Kind::SRem
            | Kind::SMove
            | Kind::SMembers
            | Kind::SUnion
            | Kind::SUnionStore => self.about_sets(kind),
            _ => self.about_sorted_sets(kind),
        }
    }

    fn about_sorted_sets(&mut self, kind: Kind) -> Command {
        let key = self.key(Family::Zset);
        let score = self.below(7) as i64 - 2;
        match kind {
            Kind::ZAdd => Command::ZAdd(key, score, self.member()),
            Kind::ZIncrBy => Command::ZIncrBy(key, score, self.member()),
            Kind::ZRem => Command::ZRem(key, self.member()),
            Kind::ZRange => Command::ZRange(key),
            Kind::ZPopMin => Command::ZPopMin(key),
            Kind::ZUnion => Command::ZUnion(self.some(Family::Zset)),
            _ => Command::ZUnionStore(key, self.some(Family::Zset)),
        }
    }

    fn generic(&mut self, kind: Kind) -> Command {
        let family = self.any();
        let [from, to] = self.two(family);
        match kind {
            Kind::Del => Command::Del(self.some(family)),
            Kind::Exists => Command::Exists(self.some(family)),
            Kind::Rename => Command::Rename(from, to),
            Kind::RenameNx => Command::RenameNx(from, to),
            _ => Command::Copy(from, to),
        }
    }

    fn about_lists(&mut self, kind: Kind) -> Command {
        let key = self.key(Family::List);
        match kind {
            Kind::LPush => Command::Push(Side::Left, key, self.value()),
            Kind::RPush => Command::Push(Side::Right, key, self.value()),
            Kind::LPop => Command::Pop(Side::Left, key),
            Kind::RPop => Command::Pop(Side::Right, key),
            Kind::LRange => Command::LRange(key),
            _ => {
                let [from, to] = self.two(Family::List);
                Command::LMove(from, to, self.side(), self.side())
            }
        }
    }

    fn about_sets(&mut self, kind: Kind) -> Command {
        let key = self.key(Family::Set);
        match kind {
            Kind::SAdd => Command::SAdd(key, self.member()),
            Kind::SRem => Command::SRem(key, self.member()),
            Kind::SMembers => Command::SMembers(key),
            Kind::SUnion => Command::SUnion(self.some(Family::Set)),
            Kind::SUnionStore => Command::SUnionStore(key, self.some(Family::Set)),
            _ => {
                let [from, to] = self.two(Family::Set);
                Command::SMove(from, to, self.member())
            }
        }
    }
}
