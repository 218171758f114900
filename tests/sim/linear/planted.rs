//! Planted bugs: a house that is wrong in a known way is found out.
//!
//! The bug sits between the client and the house: what the client asks for is done as a house with
//! that mistake would do it, while the client writes down what it has asked for. So nothing of the
//! product knows of them, and they stay whatever becomes of its insides.

use stdx::prng::Prng;
use testkit::Reply;
use testkit::linear::{Action, Command, Kind, Verdict};

use super::patron::Told;
use super::{kinds, party, plan};

/// What is wrong with the house.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bug {
    /// MSET and MGET take their keys one by one.
    SkipsTheLock,
    /// Only the first half of an MSET is written, now and then.
    AppliesHalf,
    /// The first key of an MSET is written before the others are ready.
    RunsAPartEarly,
    /// A renamed key is in both places for a moment.
    LendsACopy,
    /// A SET is acknowledged and not done, now and then.
    LosesAWrite,
    /// GET answers what the client has read there before, now and then.
    AnswersFromThePast,
    /// INCR is done once more, now and then.
    DoesItTwice,
    /// The second command of a pipeline is done before the first.
    Overtakes,
    /// The commands of an EXEC are done one by one.
    TearsAnExec,
    /// Nobody hears of a change to watched keys.
    ForgetsWatches,
}

type Requests = Vec<Vec<String>>;

impl Bug {
    /// What is really asked for an action, and what the client is told; nothing if that is right.
    pub(super) fn requests(
        self,
        action: &Action,
        names: &[String],
        chance: &mut Prng,
    ) -> Option<(Requests, Told)> {
        let words = |command: Command| command.words(names);
        let mut is_now_and_then = || chance.below(3) == 0;
        match (self, action) {
            (Self::SkipsTheLock, Action::One(Command::MSet(pairs))) => {
                let set = |(key, value): &(usize, String)| words(Command::Set(*key, value.clone()));
                Some((pairs.iter().map(set).collect(), Told::Last))
            }
            (Self::SkipsTheLock, Action::One(Command::MGet(keys))) => {
                let get = |key: &usize| words(Command::MGet(vec![*key]));
                Some((keys.iter().map(get).collect(), Told::Joined))
            }
            (Self::AppliesHalf, Action::One(Command::MSet(pairs))) if is_now_and_then() => {
                let half = pairs[..pairs.len() / 2].to_vec();
                Some((vec![words(Command::MSet(half))], Told::Last))
            }
            (Self::RunsAPartEarly, Action::One(Command::MSet(pairs))) => {
                let parts = [pairs[..1].to_vec(), pairs.clone()];
                Some((parts.map(|part| words(Command::MSet(part))).into(), Told::Last))
            }
            (Self::LendsACopy, Action::One(Command::Rename(from, to))) if from != to => {
                let steps = [Command::Copy(*from, *to), Command::Del(vec![*from])];
                Some((steps.map(words).into(), Told::Renamed))
            }
            (Self::LosesAWrite, Action::One(Command::Set(key, _))) if is_now_and_then() => {
                Some((vec![words(Command::Get(*key))], Told::Instead(Reply::ok())))
            }
            (Self::AnswersFromThePast, Action::One(Command::Get(key))) => {
                Some((vec![words(Command::Get(*key))], Told::Remembered(*key)))
            }
            (Self::DoesItTwice, Action::One(command @ Command::Incr(_))) if is_now_and_then() => {
                Some((vec![words(command.clone()), words(command.clone())], Told::Last))
            }
            (Self::TearsAnExec, Action::Exec { commands, watched }) if watched.is_empty() => {
                let alone = commands.iter().map(|command| words(command.clone())).collect();
                Some((alone, Told::AsAnExec))
            }
            (Self::ForgetsWatches, Action::Watch(keys)) => {
                Some((vec![words(Command::Get(keys[0]))], Told::Instead(Reply::ok())))
            }
            _ => None,
        }
    }
}

/// LIMIT: a bug that so many histories do not show is not found.
const SEEDS: u64 = 400;

/// How many histories it takes until one cannot have come from one keyspace.
#[track_caller]
fn is_found_out(bug: Bug) {
    let shows = |seed: &u64| {
        // Mistakes between shards need shards.
        let mut plan = plan(*seed);
        plan.shards = plan.shards.max(2);
        let mut scene = party(&plan, 4, 6, 4);
        scene.bug = Some(bug);
        matches!(scene.verdict(), Verdict::Violation(_))
    };
    let seed = (0..SEEDS).find(shows);
    assert!(seed.is_some(), "{bug:?} was not found in {SEEDS} histories");
}

#[test]
fn a_lock_that_is_not_taken() {
    is_found_out(Bug::SkipsTheLock);
}

#[test]
fn half_of_an_mset() {
    is_found_out(Bug::AppliesHalf);
}

#[test]
fn a_part_that_runs_early() {
    is_found_out(Bug::RunsAPartEarly);
}

#[test]
fn a_loan_that_is_a_copy() {
    is_found_out(Bug::LendsACopy);
}

#[test]
fn an_acknowledged_write_that_is_lost() {
    is_found_out(Bug::LosesAWrite);
}

#[test]
fn an_answer_from_the_past() {
    is_found_out(Bug::AnswersFromThePast);
}

#[test]
fn an_increment_that_is_done_twice() {
    is_found_out(Bug::DoesItTwice);
}

#[test]
fn a_pipeline_that_overtakes_itself() {
    is_found_out(Bug::Overtakes);
}

/// With MULTI and WATCH, as soon as the house has them.
#[test]
fn transactions_that_are_none() {
    if kinds().contains(&Kind::Exec) {
        is_found_out(Bug::TearsAnExec);
    }
    if kinds().contains(&Kind::WatchLoop) {
        is_found_out(Bug::ForgetsWatches);
    }
}
