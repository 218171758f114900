//! Sorted sets in the model: scores by member, in order only when they are answered.

use std::collections::BTreeMap;

use super::{Failed, Keyspace, Value, WRONG_TYPE, count, flag};
use crate::Reply;
use crate::linear::command::{Command, Key};

type Scores = BTreeMap<String, i64>;

impl Keyspace {
    pub(super) fn run_zset(&mut self, command: &Command) -> Result<Reply, Failed> {
        match command {
            Command::ZAdd(key, score, member) => {
                let mut scores = self.scores(*key)?;
                let old = scores.insert(member.clone(), *score);
                if old != Some(*score) {
                    self.put_scores(*key, scores);
                }
                Ok(flag(old.is_none()))
            }
            Command::ZIncrBy(key, by, member) => {
                let mut scores = self.scores(*key)?;
                let old = scores.get(member).copied();
                let new = old.unwrap_or(0) + by;
                scores.insert(member.clone(), new);
                if old != Some(new) {
                    self.put_scores(*key, scores);
                }
                Ok(Reply::bulk(new.to_string()))
            }
            Command::ZRem(key, member) => {
                let mut scores = self.scores(*key)?;
                let is_removed = scores.remove(member).is_some();
                if is_removed {
                    self.put_scores(*key, scores);
                }
                Ok(flag(is_removed))
            }
            Command::ZRange(key) => Ok(pairs(&self.scores(*key)?, usize::MAX)),
            Command::ZPopMin(key) => {
                let mut scores = self.scores(*key)?;
                let reply = pairs(&scores, 1);
                if let Some(first) = in_order(&scores).first().map(|(_, member)| (*member).clone())
                {
                    scores.remove(&first);
                    self.put_scores(*key, scores);
                }
                Ok(reply)
            }
            Command::ZUnion(keys) => Ok(pairs(&self.joined(keys)?, usize::MAX)),
            Command::ZUnionStore(to, keys) => {
                let joined = self.joined(keys)?;
                let length = count(joined.len());
                if !joined.is_empty() || self.has(*to) {
                    self.put_scores(*to, joined);
                }
                Ok(length)
            }
            _ => unreachable!("{command:?} is about no sorted set"),
        }
    }

    fn scores(&self, key: Key) -> Result<Scores, Failed> {
        match &self.values[key] {
            None => Ok(Scores::new()),
            Some(Value::Zset(scores)) => Ok(scores.clone()),
            Some(_) => Err(WRONG_TYPE),
        }
    }

    fn put_scores(&mut self, key: Key, scores: Scores) {
        self.put(key, (!scores.is_empty()).then_some(Value::Zset(scores)));
    }

    /// The union of sorted sets, and of sets, whose members have the score 1.
    fn joined(&self, keys: &[Key]) -> Result<Scores, Failed> {
        let mut joined = Scores::new();
        for key in keys {
            let scores = match &self.values[*key] {
                Some(Value::Set(set)) => set.iter().map(|member| (member.clone(), 1)).collect(),
                _ => self.scores(*key)?,
            };
            for (member, score) in scores {
                *joined.entry(member).or_default() += score;
            }
        }
        Ok(joined)
    }
}

fn in_order(scores: &Scores) -> Vec<(i64, &String)> {
    let mut ordered: Vec<(i64, &String)> =
        scores.iter().map(|(member, score)| (*score, member)).collect();
    ordered.sort();
    ordered
}

fn pairs(scores: &Scores, most: usize) -> Reply {
    let pairs = in_order(scores).into_iter().take(most);
    Reply::Array(
        pairs
            .flat_map(|(score, member)| [Reply::bulk(member), Reply::bulk(score.to_string())])
            .collect(),
    )
}
