//! From MULTI's queue to what EXEC needs: nothing, shards and keys, or the whole house.
//!
//! Which database a command meets is known beforehand: SELECT says it. What a command needs that
//! names no keys, or asks every core, or cannot be foreseen, is the house.

use command::key_spec::words_from_fn;
use commands::own_db;
use keyspace::{DbIndex, LentKey, Sighting};
use session::{Outlook, Queue, Run, Table};
use smallvec::SmallVec;
use stdx::{HashMap, HashSet};
use txn::{Placement, ShardId, Step, Stop};

/// What EXEC needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// No shard.
    Nothing,
    /// These shards. The first one is the home of the program.
    Shards(Vec<Stop>),
    /// All shards, with nobody else.
    House(Vec<Stop>),
}

/// What is known about the world of a queue.
pub(super) struct Given<'a> {
    pub table: &'a Table,
    pub placement: &'a Placement,
    pub outlook: Outlook,
}

/// The steps of a queue that run on shards, and what EXEC needs for them.
pub(super) fn plan(
    queue: &Queue,
    watched: Vec<Sighting>,
    given: &Given<'_>,
) -> (SmallVec<[Step; 1]>, Need) {
    let mut survey = Survey::new(given);
    let is_foreseen = queue.commands.iter().all(|queued| survey.add(queue, queued));
    if !is_foreseen {
        let all = (0..given.placement.shards() as u16).map(|shard| Stop::at(ShardId(shard)));
        let mut stops: Vec<Stop> = all.collect();
        for sighting in watched {
            let shard = given.placement.shard_of(&sighting.key);
            stops[shard.index()].watched.push(sighting);
        }
        return (SmallVec::new(), Need::House(stops));
    }
    for sighting in watched {
        survey.stop(given.placement.shard_of(&sighting.key)).watched.push(sighting);
    }
    survey.into_need()
}

/// What the commands looked at so far need.
struct Survey<'a> {
    given: &'a Given<'a>,
    outlook: Outlook,
    steps: SmallVec<[Step; 1]>,
    stops: Vec<Stop>,
    /// By shard, where its stop is.
    places: HashMap<ShardId, usize>,
    keys: HashSet<(DbIndex, &'a [u8])>,
}

impl<'a> Survey<'a> {
    fn new(given: &'a Given<'a>) -> Self {
        Self {
            given,
            outlook: given.outlook,
            steps: SmallVec::new(),
            stops: Vec::new(),
            places: HashMap::default(),
            keys: HashSet::default(),
        }
    }

    fn stop(&mut self, shard: ShardId) -> &mut Stop {
        let place = *self.places.entry(shard).or_insert(self.stops.len());
        if place == self.stops.len() {
            self.stops.push(Stop::at(shard));
        }
        &mut self.stops[place]
    }

    /// Takes one more command into account; false if it needs the house.
    fn add(&mut self, queue: &'a Queue, queued: &session::Queued) -> bool {
        let args = queue.args(queued);
        let command = self.given.table.get(queued.id);
        let run = match command.run {
            Some(Run::Session(_)) => return true,
            Some(Run::Switch { foresee, .. }) => {
                let Some(outlook) = foresee(args, self.outlook) else { return false };
                self.outlook = outlook;
                return true;
            }
            Some(Run::Data(run)) => run,
            Some(Run::EveryCore { .. }) => return false,
            Some(Run::AtOnce(_) | Run::Exec | Run::Watch) | None => {
                unreachable!("{} is never queued", command.spec.name)
            }
        };
        let needs_house = matches!(
            run,
            commands::Run::EveryShard { .. }
                | commands::Run::OneShard { .. }
                | commands::Run::BetweenDbs(_)
        );
        if needs_house && self.given.placement.shards() > 1 {
            return false;
        }
        let db_of = match run {
            commands::Run::Together { db_of, .. } => db_of,
            _ => own_db,
        };
        let db = self.outlook.db;
        self.steps.push(Step { run, db, words: queued.words.clone() });
        // Words that contradict the declaration name no keys: the command itself refuses them.
        let keys = command.spec.find_keys(&words_from_fn(args.len(), |index| args.at(index)));
        for key in keys.unwrap_or_default() {
            let position = key.index as usize;
            let (db, key) = (db_of(args, position, db), args.at(position));
            if self.keys.insert((db, key)) {
                let lent = LentKey { db, key: key.into() };
                self.stop(self.given.placement.shard_of(key)).keys.push(lent);
            }
        }
        true
    }

    fn into_need(mut self) -> (SmallVec<[Step; 1]>, Need) {
        if self.stops.is_empty() {
            if self.steps.is_empty() {
                return (self.steps, Need::Nothing);
            }
            // Its commands have no keys, so any shard will do.
            self.stop(ShardId(0));
        }
        // The home of the program is where most of the keys are: they need not move.
        let keys_at = |(_, stop): &(usize, &Stop)| stop.keys.len();
        let home = self.stops.iter().enumerate().rev().max_by_key(keys_at);
        let home = home.map_or(0, |(place, _)| place);
        self.stops.swap(0, home);
        (self.steps, Need::Shards(self.stops))
    }
}
