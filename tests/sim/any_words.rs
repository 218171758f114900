//! Every command with any words: a reply, or the end of the connection, and never a panic.
//!
//! The fuzz target `command_lines` does the same with words that it learns; here they are drawn
//! from what commands take, so that many get far.

use command::CommandId;
use session::table;
use stdx::prng::Prng;

use crate::house::{House, Plan, for_each_seed};

const COMMANDS_PER_SEED: usize = 150;

/// LIMIT: the most words behind a command's name.
const WORDS_MAX: u64 = 7;

/// Words that mean something somewhere, and numbers at the edges of what is a number.
const WORDS: &[&[u8]] = &[
    b"",
    b"a",
    b"b",
    b"c",
    b"{a}1",
    b"key",
    b"0",
    b"1",
    b"-1",
    b"2",
    b"15",
    b"16",
    b"100",
    b"1.5",
    b"-0",
    b"+1",
    b"01",
    b" 1",
    b"1 ",
    b"nan",
    b"inf",
    b"-inf",
    b"1e400",
    b"0x1",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"9223372036854775808",
    b"2147483648",
    b"4294967296",
    b"18446744073709551615",
    b"EX",
    b"PX",
    b"EXAT",
    b"PXAT",
    b"NX",
    b"XX",
    b"GT",
    b"LT",
    b"GET",
    b"KEEPTTL",
    b"PERSIST",
    b"MATCH",
    b"COUNT",
    b"TYPE",
    b"string",
    b"REPLACE",
    b"DB",
    b"LEN",
    b"IDX",
    b"MINMATCHLEN",
    b"WITHMATCHLEN",
    b"ID",
    b"ADDR",
    b"LADDR",
    b"USER",
    b"default",
    b"SKIPME",
    b"yes",
    b"no",
    b"normal",
    b"on",
    b"off",
    b"ALL",
    b"WRITE",
    b"SETNAME",
    b"AUTH",
    b"2",
    b"3",
    b"FILTERBY",
    b"PATTERN",
    b"ACLCAT",
    b"MODULE",
    b"SAMPLES",
    b"ASYNC",
    b"SYNC",
    b"everything",
    b"maxmemory-policy",
    b"allkeys-lfu",
    b"noeviction",
    b"hz",
    b"timeout",
    b"*",
    b"?",
    b"[a-",
    b"[^",
    b"\\",
    b"get",
    b"set",
    b"config|set",
    b"\0",
    b"\r\n",
    b"\xff\xfe",
    b"LIB-NAME",
];

/// Commands that end the house, the conversation or the clock, rightly.
const LEFT_OUT: &[&str] = &["shutdown", "client|pause", "client|reply", "quit"];

fn word(chance: &mut Prng) -> Vec<u8> {
    match chance.below(12) {
        0 => (0..chance.below(6)).map(|_| chance.below(256) as u8).collect(),
        1 => chance.next_u64().to_string().into_bytes(),
        2 => vec![b'x'; chance.below(300) as usize],
        _ => WORDS[chance.below(WORDS.len() as u64) as usize].to_vec(),
    }
}

fn request(chance: &mut Prng, ids: &[CommandId]) -> Vec<Vec<u8>> {
    let id = ids[chance.below(ids.len() as u64) as usize];
    let name = table().full_name(id);
    let mut words: Vec<Vec<u8>> = name.split('|').map(|part| part.as_bytes().to_vec()).collect();
    // As many as it takes, more often than not.
    let arity = table().get(id).spec.arity.shown();
    let wanted = arity.unsigned_abs().saturating_sub(words.len() as u64);
    let count = if chance.below(3) == 0 { chance.below(WORDS_MAX) } else { wanted };
    let extra = if arity < 0 { chance.below(4) } else { 0 };
    words.extend((0..count + extra).map(|_| word(chance)));
    words
}

#[test]
fn any_words_are_answered() {
    let ids: Vec<CommandId> =
        table().all().filter(|id| !LEFT_OUT.contains(&table().full_name(*id))).collect();
    for_each_seed(400, |seed| {
        let mut house = House::new(&Plan::any(seed));
        let mut chance = Prng::new(seed ^ 0x0dd5);
        let mut said = Vec::new();
        let mut guest = house.connect_anywhere();
        house.ask(guest, &["CONFIG", "SET", "proto-max-bulk-len", "1mb"]);
        for _ in 0..COMMANDS_PER_SEED {
            let words = request(&mut chance, &ids);
            said.push(words.clone());
            if house.is_closed(guest) {
                guest = house.connect_anywhere();
            }
            house.ignore(guest);
            house.send(guest, &words);
            house.stroll(40);
        }
        // Whatever was said: whoever comes now, and knows the password if there is one, is served.
        let guest = house.connect_anywhere();
        let reply = house.ask(guest, &["PING"]).to_string();
        assert!(reply.contains("PONG") || reply.contains("NOAUTH"), "{reply} after {said:?}");
    });
}
