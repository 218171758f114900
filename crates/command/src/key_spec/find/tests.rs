//! Tests: keys among the words of requests.

use super::super::*;

const READ: u16 = RO | ACCESS;

fn split(line: &str) -> Vec<&str> {
    line.split(' ').map(|word| if word == "''" { "" } else { word }).collect()
}

/// The keys of a request, in the order in which they are found.
fn keys(specs: &[KeySpec], special: Option<Finder>, line: &str) -> Result<Vec<String>, BadKeys> {
    let words = split(line);
    let found = find_keys(specs, special, &words)?;
    Ok(found.iter().map(|key| words[key.index as usize].to_owned()).collect())
}

#[track_caller]
fn check(specs: &[KeySpec], special: Option<Finder>, line: &str, expected: &str) {
    let expected = match expected {
        "" => Vec::new(),
        _ => split(expected).into_iter().map(str::to_owned).collect(),
    };
    assert_eq!(keys(specs, special, line), Ok(expected), "{line}");
}

/// The positions that the folded range finds are those that the walk over the specs finds.
#[track_caller]
fn check_simple(specs: &[KeySpec], words: usize) {
    let request: Vec<String> = (0..words).map(|word| word.to_string()).collect();
    let walked = find_keys(specs, None, &request).expect("plain ranges always fit");
    let walked: Vec<usize> = walked.iter().map(|key| key.index as usize).collect();
    let folded: Vec<usize> = simple_keys(specs).expect("a range").indices(words).collect();
    assert_eq!(folded, walked, "{specs:?} in {words} words");
}

#[test]
fn ranges_and_single_keys() {
    check(&[one(READ, 1)], None, "get a b", "a");
    check(&[range(READ, 1, LAST, 1)], None, "mget a b c", "a b c");
    check(&[range(READ, 1, LAST, 2)], None, "mset a 1 b 2", "a b");
    check(&[range(READ, 1, LAST, 2)], None, "mset a 1 b", "a b");
    check(&[range(READ, 1, -2, 1)], None, "blpop a b 1", "a b");
    assert_eq!(keys(&[one(READ, 3)], None, "get a"), Err(BadKeys));
    assert_eq!(keys(&[range(READ, 2, -2, 1)], None, "x a b"), Err(BadKeys));
}

#[test]
fn counted_keys_need_an_honest_count() {
    let specs = [one(OW, 1), counted(READ, 2)];
    check(&specs, None, "zunionstore d 2 a b weights", "d a b");
    for line in ["zunionstore d 3 a b", "zunionstore d 0 a", "zunionstore d -1 a"] {
        assert_eq!(keys(&specs, None, line), Err(BadKeys), "{line}");
    }
    for line in ["zunionstore d x a", "zunionstore d 9223372036854775807 a", "zunionstore d"] {
        assert_eq!(keys(&specs, None, line), Err(BadKeys), "{line}");
    }
}

#[test]
fn keywords_are_looked_for_in_their_direction() {
    let streams = [after(READ, "STREAMS", 1).to(LAST, 1).limit(2)];
    check(&streams, None, "xread streams a b 1 2", "a b");
    check(&streams, None, "xread count 2 StReAmS a b 1", "a");
    check(&streams, None, "xread streams streams 1", "streams");
    check(&streams, None, "xread count 2", "");
    let store = [one(READ, 1), after(OW, "STORE", 6)];
    check(&store, None, "georadius k 1 2 3 m store d", "k d");
    check(&store, None, "georadius k store 2 3 m", "k");
    check(&store, None, "georadius k 1 2 3 m store", "k");
    let backward = [after(READ, "KEYS", -2).to(LAST, 1)];
    check(&backward, None, "migrate h 1 '' 0 1 keys keys a", "a");
    check(&backward, None, "migrate h 1 '' 0 1 keys a keys", "a keys");
}

#[test]
fn what_cannot_be_told_is_asked_of_the_special_finder() {
    let sort = [one(READ, 1), unknown(READ), unknown(OW | UPDATE)];
    assert_eq!(keys(&sort, None, "sort a store d"), Err(BadKeys));
    check(&sort, Some(sort_keys), "sort a", "a");
    check(&sort, Some(sort_keys), "sort a by x get y STORE d", "a d");
    check(&sort, Some(sort_keys), "sort a store d store e", "a e");
    check(&sort, Some(sort_keys), "sort a limit 1 store z", "a");
    check(&sort, Some(sort_keys), "sort a by store store x", "a x");
    check(&sort, Some(sort_keys), "sort a store", "a");
    check(&sort, Some(sort_ro_keys), "sort_ro a store d", "a");
}

#[test]
fn migrate_takes_one_key_or_many() {
    const FLAGS: u16 = RW | ACCESS | DELETE;
    let specs = [one(FLAGS, 3), after(FLAGS | INCOMPLETE, "KEYS", -2).to(LAST, 1)];
    let finder = Some(migrate_keys as Finder);
    check(&specs, finder, "migrate h 1 k 0 1", "k");
    check(&specs, finder, "migrate h 1 '' 0 1 copy replace keys a b", "a b");
    check(&specs, finder, "migrate h 1 '' 0 1 auth keys keys a", "a");
    check(&specs, finder, "migrate h 1 '' 0 1 auth2 keys u keys a", "a");
    check(&specs, finder, "migrate h 1 k 0 1 auth2 keys keys copy", "k");
    check(&specs, finder, "migrate h 1 k 0 1 keys", "k");
    assert_eq!(keys(&specs, finder, "migrate h 1 k 0 1 keys a"), Err(BadKeys));
    check(&specs, finder, "migrate h 1 '' 0 1 auth x keys", "''");
    check(&specs, finder, "migrate h 1 '' 0 1 auth keys x keys", "");
}

#[test]
fn set_reads_only_when_it_is_told_to() {
    let specs = [one(RW | ACCESS | UPDATE | VARIABLE_FLAGS, 1)];
    let flags = |line| find_keys(&specs, Some(set_keys), &split(line)).unwrap()[0].flags;
    assert_eq!(flags("set k v"), OW | UPDATE);
    assert_eq!(flags("set get get"), OW | UPDATE);
    assert_eq!(flags("set k v px 3 Get"), RW | ACCESS | UPDATE);
}

#[test]
fn channels_are_no_keys() {
    check(&[one(RO | NOT_KEY, 1)], None, "spublish c m", "");
    assert_eq!(simple_keys(&[one(RO | NOT_KEY, 1)]), None);
}

#[test]
fn plain_ranges_fold_into_one() {
    for words in 3..9 {
        check_simple(&[one(READ, 1)], words);
        check_simple(&[range(READ, 1, LAST, 1)], words);
        check_simple(&[range(READ, 1, LAST, 2)], words);
        check_simple(&[range(READ, 1, -2, 1)], words);
        check_simple(&[range(READ, 1, 1, 1)], words);
        check_simple(&[one(READ, 1), one(OW, 2)], words);
        check_simple(&[one(OW, 1), range(READ, 2, LAST, 1)], words);
    }
    for specs in [[one(READ, 1), one(OW, 3)], [one(READ, 1), counted(READ, 2)]] {
        assert_eq!(simple_keys(&specs), None);
    }
    assert_eq!(simple_keys(&[]), None);
    assert_eq!(simple_keys(&[one(RW | INCOMPLETE, 3)]), None);
}

#[test]
fn first_last_and_step_tell_what_they_can() {
    assert_eq!(legacy_range(&[]), (0, 0, 0));
    assert_eq!(legacy_range(&[unknown(READ)]), (0, 0, 0));
    assert_eq!(legacy_range(&[one(READ, 2)]), (2, 2, 1));
    assert_eq!(legacy_range(&[range(READ, 1, -2, 1)]), (1, -2, 1));
    assert_eq!(legacy_range(&[one(READ, 1), one(OW, 2)]), (1, 2, 1));
    assert_eq!(legacy_range(&[one(RW, 3), after(RW | INCOMPLETE, "KEYS", -2)]), (3, 3, 1));
    assert_eq!(legacy_range(&[one(OW, 1), counted(READ, 2)]), (1, 1, 1));
}
