//! Ways to compare what servers say of themselves, where the bytes cannot be equal.

use testkit::Reply;
use testkit::normalise::Normaliser;

/// For HELLO: the version and the client's id are each server's own.
pub(crate) static GREETING: Normaliser = Normaliser {
    name: "greeting",
    compares: "names and values in order, but of `version` and `id` the names only",
    agree: |oracle, shoal| greeting(oracle) == greeting(shoal),
};

/// For COMMAND INFO, whose subcommands come in the order of a hash table.
pub(crate) static TREE: Normaliser = Normaliser {
    name: "tree",
    compares: "the whole tree, without the order of elements",
    agree: |oracle, shoal| tree(oracle) == tree(shoal),
};

/// For COMMAND DOCS: sentences are written anew, everything else is a fact.
pub(crate) static DOCS: Normaliser = Normaliser {
    name: "docs",
    compares: "the whole tree without order, and of summaries, complexities and histories only \
    that \
               they are there, and the versions in which something changed",
    agree: |oracle, shoal| docs(oracle) == docs(shoal),
};

/// For COMMAND DOCS compared with Redis 8.0, which repeats the name of every argument.
pub(crate) static NEWER_DOCS: Normaliser = Normaliser {
    name: "newer docs",
    compares: "the same as `docs`, but for display texts that are the names",
    agree: |oracle, shoal| docs(&undisplayed(oracle)) == docs(&undisplayed(shoal)),
};

/// A tree of records without display texts that repeat the name.
fn undisplayed(reply: &Reply) -> Reply {
    let Some(all) = fields(reply) else {
        return match reply {
            Reply::Array(elements) => Reply::Array(elements.iter().map(undisplayed).collect()),
            other => other.clone(),
        };
    };
    let name = all.iter().find(|(field, _)| *field == Reply::bulk("name")).map(|(_, name)| name);
    let repeats = |(field, text): &(Reply, Reply)| {
        *field == Reply::bulk("display_text") && name == Some(text)
    };
    let kept = all.iter().filter(|pair| !repeats(pair));
    Reply::Map(kept.map(|(field, value)| (field.clone(), undisplayed(value))).collect())
}

/// For HELP, where a server lists what it has.
pub(crate) static HELP: Normaliser = Normaliser {
    name: "help",
    compares: "the first and the last two lines, and that every line of ours is one of \
    the oracle's",
    agree: |oracle, shoal| help_agrees(oracle, shoal),
};

/// For a HELP of which we have a small part, in our own order of lines.
pub(crate) static SAME_ENDS: Normaliser = Normaliser {
    name: "same ends",
    compares: "the first and the last two lines",
    agree: |oracle, shoal| {
        let ends = |reply: &Reply| match reply {
            Reply::Array(lines) if lines.len() > 3 => {
                Some((lines[0].clone(), lines[lines.len() - 2..].to_vec()))
            }
            _ => None,
        };
        ends(oracle).is_some() && ends(oracle) == ends(shoal)
    },
};

/// For SLOWLOG GET: ids, words and names are compared, times and addresses are each server's own.
pub(crate) static SLOW_ENTRIES: Normaliser = Normaliser {
    name: "slow entries",
    compares: "entries in order: the words and the client's name; kinds of the rest",
    agree: |oracle, shoal| slow_entries(oracle) == slow_entries(shoal),
};

/// For LATENCY HISTOGRAM: how long something took is each server's own.
pub(crate) static HISTOGRAMS: Normaliser = Normaliser {
    name: "histograms",
    compares: "commands, calls, and that the last bucket counts all calls",
    agree: |oracle, shoal| histograms(oracle) == histograms(shoal),
};

/// For replies in which only numbers differ.
pub(crate) static NUMBERS_ASIDE: Normaliser = Normaliser {
    name: "numbers aside",
    compares: "the text with every number (also hexadecimal behind 0x) replaced",
    agree: |oracle, shoal| without_numbers(oracle) == without_numbers(shoal),
};

/// A flat array of names and values as pairs; a map already is one.
fn pairs(reply: &Reply) -> Vec<(Reply, Reply)> {
    match reply {
        Reply::Map(pairs) => pairs.clone(),
        Reply::Array(elements) => {
            elements.chunks(2).map(|pair| (pair[0].clone(), pair[pair.len() - 1].clone())).collect()
        }
        other => vec![(other.clone(), Reply::Nil)],
    }
}

fn greeting(reply: &Reply) -> (bool, Vec<String>) {
    let fields = pairs(reply).into_iter().map(|(name, value)| match name {
        Reply::Bulk(name) if name == b"version" || name == b"id" => format!("{name:?}"),
        name => format!("{name:?}={value:?}"),
    });
    (matches!(reply, Reply::Map(_)), fields.collect())
}

fn tree(reply: &Reply) -> String {
    match reply {
        Reply::Array(elements) | Reply::Set(elements) => {
            let mut elements: Vec<String> = elements.iter().map(tree).collect();
            elements.sort();
            let kind = if matches!(reply, Reply::Set(_)) { "set" } else { "array" };
            format!("{kind}{elements:?}")
        }
        Reply::Map(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("{name:?}={}", tree(value)));
            let mut pairs: Vec<String> = pairs.collect();
            pairs.sort();
            format!("map{pairs:?}")
        }
        other => format!("{other:?}"),
    }
}

fn docs(reply: &Reply) -> String {
    if let Some(fields) = fields(reply) {
        let fields = fields.iter().map(|(name, value)| {
            let value = match name.text().as_str() {
                "summary" | "complexity" => "text".into(),
                "history" => versions(value),
                _ => docs(value),
            };
            format!("{name:?}={value}")
        });
        let mut fields: Vec<String> = fields.collect();
        fields.sort();
        return format!("{fields:?}");
    }
    match reply {
        Reply::Array(elements) | Reply::Set(elements) => {
            let mut elements: Vec<String> = elements.iter().map(docs).collect();
            elements.sort();
            format!("{elements:?}")
        }
        other => format!("{other:?}"),
    }
}

/// The fields of a map, which RESP2 writes as an array: a name, then what belongs to it.
fn fields(reply: &Reply) -> Option<Vec<(Reply, Reply)>> {
    match reply {
        Reply::Map(pairs) => Some(pairs.clone()),
        Reply::Array(elements) if elements.len() % 2 == 0 && !elements.is_empty() => {
            let is_record =
                matches!(&elements[0], Reply::Bulk(name) if name == b"summary" || name == b"name");
            let is_index = elements
                .chunks(2)
                .all(|pair| matches!((&pair[0], &pair[1]), (Reply::Bulk(_), Reply::Array(_))));
            (is_record || is_index).then(|| pairs(reply))
        }
        _ => None,
    }
}

fn versions(history: &Reply) -> String {
    let mut versions: Vec<String> =
        history.elements().iter().map(|entry| entry.elements()[0].text()).collect();
    versions.sort();
    format!("{versions:?}")
}

fn help_agrees(oracle: &Reply, shoal: &Reply) -> bool {
    let (Reply::Array(theirs), Reply::Array(ours)) = (oracle, shoal) else { return false };
    let (Some(first), Some(end)) = (theirs.first(), theirs.len().checked_sub(2)) else {
        return false;
    };
    ours.first() == Some(first)
        && ours.ends_with(&theirs[end..])
        && ours.iter().all(|line| theirs.contains(line))
}

fn slow_entries(reply: &Reply) -> Vec<String> {
    let entries = reply.elements().iter().map(|entry| match entry.elements() {
        [Reply::Int(_), Reply::Int(_), Reply::Int(_), words, Reply::Bulk(_), name] => {
            format!("{words:?} by {name:?}")
        }
        other => format!("unlike an entry: {other:?}"),
    });
    entries.collect()
}

fn histograms(reply: &Reply) -> Vec<String> {
    let commands = pairs(reply).into_iter().map(|(command, facts)| {
        let facts = pairs(&facts);
        let [(calls, count), (buckets, histogram)] = facts.as_slice() else {
            return format!("unlike a histogram: {facts:?}");
        };
        let last = pairs(histogram).pop().map(|(_, calls)| calls);
        let is_whole = last.as_ref() == Some(count);
        format!("{command:?} {calls:?} {count:?} {buckets:?} {is_whole}")
    });
    commands.collect()
}

fn without_numbers(reply: &Reply) -> String {
    let text = format!("{reply:?}");
    let mut words = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        words.push_str(&rest[..at]);
        words.push('N');
        let number = &rest[at..];
        let end = match number.strip_prefix("0x") {
            Some(hex) => 2 + hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len()),
            None => number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len()),
        };
        rest = &number[end..];
    }
    words + rest
}

#[test]
fn each_way_can_disagree() {
    let bulk = |text: &str| Reply::bulk(text);
    let array = |elements: &[Reply]| Reply::Array(elements.to_vec());
    let hello = |mode: &str| array(&[bulk("version"), bulk("7"), bulk("mode"), bulk(mode)]);
    assert!((GREETING.agree)(&hello("a"), &hello("a")));
    assert!(!(GREETING.agree)(&hello("a"), &hello("b")));
    let two = array(&[Reply::Int(1), array(&[bulk("a"), bulk("b")])]);
    let turned = array(&[array(&[bulk("b"), bulk("a")]), Reply::Int(1)]);
    assert!((TREE.agree)(&two, &turned));
    assert!(!(TREE.agree)(&two, &array(&[Reply::Int(1), array(&[bulk("a")])])));
    let entry = |summary: &str, since: &str| {
        array(&[bulk("get"), array(&[bulk("summary"), bulk(summary), bulk("since"), bulk(since)])])
    };
    assert!((DOCS.agree)(&entry("x", "1"), &entry("y", "1")));
    assert!(!(DOCS.agree)(&entry("x", "1"), &entry("x", "2")));
    let lines = |lines: &[&str]| array(&lines.iter().map(|line| bulk(line)).collect::<Vec<_>>());
    assert!((HELP.agree)(&lines(&["h", "a", "b", "y", "z"]), &lines(&["h", "b", "y", "z"])));
    assert!(!(HELP.agree)(&lines(&["h", "a", "y", "z"]), &lines(&["h", "c", "y", "z"])));
    assert!((NUMBERS_ASIDE.agree)(&bulk("at:0xab12 n:1.5"), &bulk("at:0x9 n:22")));
    assert!(!(NUMBERS_ASIDE.agree)(&bulk("at:0xab12 n:1"), &bulk("at:0x9 m:1")));
}
