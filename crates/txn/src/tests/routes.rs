//! From words to shards.

use super::harness::{command, words};
use resp::Args;

use crate::{Hop, Placement, Route, ShardId, hops, part_spans, route};

#[test]
fn every_slot_has_a_shard_and_every_shard_a_core() {
    for (shards, cores) in [(1, 1), (7, 3), (3, 7), (16, 4), (16_384, 5)] {
        let placement = Placement::contiguous(shards, cores);
        assert_eq!(placement.shards(), shards);
        let of_cores: usize = (0..cores).map(|core| placement.shards_of(core).count()).sum();
        assert_eq!(of_cores, shards, "each shard is on one core");
        let most = (0..cores).map(|core| placement.shards_of(core).count()).max();
        assert!(most <= Some(shards.div_ceil(cores)), "they are dealt evenly");
    }
}

#[test]
fn a_tag_decides_where_a_key_lives() {
    let placement = Placement::contiguous(7, 2);
    for number in 0..100 {
        let tagged = format!("{{tag}}{number}");
        assert_eq!(placement.shard_of(tagged.as_bytes()), placement.shard_of(b"tag"));
    }
}

#[test]
fn keys_of_one_shard_go_there_and_others_go_to_many() {
    let placement = Placement::contiguous(4, 2);
    let way = |line: &str| {
        let words = words(line);
        let name = line.split(' ').next().expect("a name");
        route(&command(name).spec, words.as_args(), &placement)
    };
    let home = placement.shard_of(b"tag");
    assert_eq!(way("GET {tag}"), Route::One(home));
    assert_eq!(way("MGET {tag}1 {tag}2 {tag}3"), Route::One(home));
    assert_eq!(way("MSET {tag}1 a {tag}2 b"), Route::One(home));
    assert!(matches!(way("MGET a b c d e f g h"), Route::Many(hops) if hops.len() > 1));
    assert_eq!(way("DBSIZE"), Route::One(ShardId(0)));
    let single = Placement::contiguous(1, 1);
    assert_eq!(route(&command("MGET").spec, words("MGET a b").as_args(), &single), {
        Route::One(ShardId(0))
    });
}

#[test]
fn a_hop_has_its_keys_in_order_and_their_values_with_them() {
    let placement = Placement::contiguous(4, 2);
    let words = words("MSET a 1 b 2 c 3 d 4 a 5");
    let spec = &command("MSET").spec;
    let hops = hops(spec, words.as_args(), &placement);
    let mut positions: Vec<u32> = hops.iter().flat_map(|hop| hop.positions.clone()).collect();
    assert!(hops.iter().all(|hop| hop.positions.is_sorted()));
    positions.sort_unstable();
    assert_eq!(positions, [1, 3, 5, 7, 9], "every key is in one hop");
    for hop in &hops {
        let (all, part) = (words.as_args(), part_spans(spec, words.as_args(), hop));
        let part: Vec<&[u8]> = Args::new(all.bytes(), &part, all.big_values()).iter().collect();
        assert_eq!(part.len(), 1 + 2 * hop.positions.len());
        for (pair, position) in part[1..].chunks(2).zip(&hop.positions) {
            assert_eq!(placement.shard_of(pair[0]), hop.shard);
            assert_eq!(pair[1], words.as_args().at(*position as usize + 1));
        }
    }
    let first = placement.shard_of(b"a");
    assert_eq!(hops[0].shard, first, "the home is the shard of the first key");
    assert!(matches!(&hops[0], Hop { positions, .. } if positions.first() == Some(&1)));
}
