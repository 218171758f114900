//! Files that Redis and Valkey have saved are read, and files written here are loaded there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use datatypes::hash::Field;
use datatypes::list::NodeLimit;
use datatypes::set::BytesHasher;
use datatypes::{Entry, HashLimits, HashRules, Object, SetLimits, SetRules, ZsetLimits, ZsetRules};
use rdb::file::{About, FileReader, FileWriter, Item};
use rdb::{Encoder, Error, Reader, Rules, Value, dump};
use testkit::oracle::Packaged;
use testkit::{Client, Launch, Reply};

/// A hash that is good enough for tests.
struct Fold;

impl BytesHasher for Fold {
    fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, fold)
    }
}

/// A folder that ends with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("shoal-rdb-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for temporary files");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("dump.rdb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Values of every type and form that is read here, in two databases.
fn fill(client: &mut Client) {
    let mut run = |words: Vec<String>| assert_eq!(client.cmd(&words).error(), "", "{words:?}");
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    for line in [
        "SET int -77",
        "SET text some-text",
        "SET volatile x PXAT 99999999999999",
        "SADD ints 1 -70000 5",
        "SADD odd 007 +1 text",
        "RPUSH few a 1 -5000",
        "EXPIREAT few 99999999999",
        "HSET hash a 1 b text c -70000",
    ] {
        run(words(line));
    }
    let many = |count: usize, length: usize| {
        (0..count).map(move |number| format!("{number}{}", "x".repeat(length)))
    };
    for (key, count, length) in [("small", 100, 5), ("large", 3000, 20), ("wide", 4, 9000)] {
        for (command, kind) in [("RPUSH", "list"), ("HSET", "hash"), ("SADD", "set")] {
            let head = [command.to_owned(), format!("{kind}:{key}")];
            run(head.into_iter().chain(many(count, length)).collect());
        }
        let scored = many(count, length).enumerate();
        let scored = scored.flat_map(|(at, word)| [(at % 7).to_string(), word]);
        let head = ["ZADD".to_owned(), format!("zset:{key}")];
        run(head.into_iter().chain(scored).collect());
    }
    run(vec!["SET".into(), "long".into(), "0123456789".repeat(20_000)]);
    run(words("SELECT 5"));
    run(words("SET elsewhere 1"));
    run(words("SELECT 0"));
}

fn read(path: &Path) -> Vec<Item> {
    let bytes = fs::read(path).expect("the server has saved");
    let set = SetRules { limits: SetLimits::default(), hasher: Fold };
    let hash = HashRules { limits: HashLimits::default(), hasher: Fold };
    let zset = ZsetRules { limits: ZsetLimits::default(), hasher: Fold };
    let rules = Rules { list: NodeLimit::default(), set, zset, hash };
    let (mut reader, mut items) = (FileReader::new(&rules), Vec::new());
    let (mut from, mut to) = (0, 0);
    loop {
        let mut source = Reader::new(&bytes[from..to]);
        let step = reader.step(&mut source);
        from += source.position();
        match step {
            Ok(None) => {}
            Ok(Some(Item::End)) => return items,
            Ok(Some(item)) => items.push(item),
            Err(Error::Short { .. }) if to < bytes.len() => to = bytes.len().min(to + 1000),
            Err(error) => panic!("{error}"),
        }
    }
}

fn entry(key: &[u8], value: Value) -> Entry {
    match value {
        Value::String(bytes) => Entry::new_bytes(key, bytes, None, 0),
        Value::Object(object) => Entry::new_object(key, object, None, 0),
    }
}

/// What was read is what the server has; how many keys that were.
fn compare(items: &[Item], client: &mut Client) -> usize {
    let mut keys = 0;
    let mut database = 0;
    for item in items {
        match item {
            Item::Database(number) => {
                database = *number;
                client.cmd(&["SELECT", &number.to_string()]);
            }
            Item::Entry { key, value, about } => {
                keys += 1;
                let entry = entry(key, value.clone());
                let payload = dump::dump(entry.value(), &mut Encoder::new(keys % 2 == 0));
                client.cmd(&["SELECT", "9"]);
                let ttl = about.expire_at.unwrap_or(0).to_string();
                let restore = [&b"RESTORE"[..], key, ttl.as_bytes(), &payload, b"ABSTTL"];
                assert_eq!(client.cmd(&restore), Reply::ok());
                let read = client.cmd(&[&b"DEBUG"[..], b"DIGEST-VALUE", key]);
                let expiry = client.cmd(&[&b"PEXPIRETIME"[..], key]);
                client.cmd(&[&b"DEL"[..], key]);
                client.cmd(&["SELECT", &database.to_string()]);
                assert_eq!(read, client.cmd(&[&b"DEBUG"[..], b"DIGEST-VALUE", key]));
                assert_eq!(expiry, client.cmd(&[&b"PEXPIRETIME"[..], key]));
            }
            Item::Fact { .. } | Item::Sizes { .. } | Item::Functions(_) => {}
            Item::End => panic!("the end is no item of a file"),
        }
    }
    keys
}

fn has_field_expiry(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Entry { value: Value::Object(Object::Hash(hash)), .. } => {
            hash.as_ref().has_volatile()
        }
        _ => false,
    })
}

/// Writes what was read, as it was read.
fn write(items: Vec<Item>, path: &Path, is_checked: bool) {
    let (mut file, mut writer) = (Vec::new(), FileWriter::new(is_checked));
    writer.header(&mut file, has_field_expiry(&items));
    let mut database = 0;
    for item in items {
        match item {
            Item::Fact { .. } => writer.fact(&mut file, "ctime", "1700000000"),
            Item::Database(number) => database = number,
            Item::Sizes { keys, volatile } => {
                writer.database(&mut file, database, (keys, volatile));
            }
            Item::Entry { key, value, about } => {
                writer.entry(&mut file, &key, entry(&key, value).value(), &about);
            }
            Item::Functions(source) => writer.functions(&mut file, &source),
            Item::End => panic!("the end is no item of a file"),
        }
    }
    writer.end(&mut file, is_checked);
    fs::write(path, file).expect("the folder can be written");
}

fn check(server: Packaged, settings: &[&str], is_about: impl Fn(&About) -> bool) {
    let (folder, other) = (Folder::new(), Folder::new());
    let launch = || Launch::packaged(server).args(settings);
    let saved = launch().dir(&folder.0).start();
    let mut client = saved.client();
    fill(&mut client);
    assert_eq!(client.cmd(&["SAVE"]), Reply::ok());
    let digest = client.cmd(&["DEBUG", "DIGEST"]);
    let items = read(&folder.file());
    assert_eq!(compare(&items, &mut client), 21);
    let abouts = items.iter().filter_map(|item| match item {
        Item::Entry { about, .. } => Some(about),
        _ => None,
    });
    assert!(abouts.into_iter().all(is_about), "{settings:?}");
    for is_checked in [true, false] {
        write(items.clone(), &other.file(), is_checked);
        let loaded = launch().dir(&other.0).start();
        assert_eq!(loaded.client().cmd(&["DEBUG", "DIGEST"]), digest);
    }
}

#[test]
fn files_of_redis_7() {
    check(Packaged::Oracle, &[], |_| true);
    let settings = ["--rdbcompression", "no", "--rdbchecksum", "no"];
    check(Packaged::Oracle, &settings, |_| true);
}

#[test]
fn ages_and_frequencies_of_keys() {
    let lru = ["--maxmemory-policy", "allkeys-lru", "--maxmemory", "1gb"];
    check(Packaged::Oracle, &lru, |about| about.idle_seconds.is_some());
    let lfu = ["--maxmemory-policy", "allkeys-lfu", "--maxmemory", "1gb"];
    check(Packaged::Oracle, &lfu, |about| about.frequency.is_some());
}

#[test]
fn files_of_redis_8() {
    check(Packaged::Redis8, &[], |_| true);
}

#[test]
fn files_of_valkey() {
    check(Packaged::Valkey, &[], |_| true);
}

/// Names with the moments at which they expire, of the hash in a file.
fn moments(items: &[Item], wanted: &[u8]) -> Vec<(Vec<u8>, Option<i64>)> {
    for item in items {
        if let Item::Entry { key, value: Value::Object(Object::Hash(hash)), .. } = item
            && key == wanted
        {
            let field = |field: Field<'_>| (field.name.to_vec(), field.expire_at);
            let mut fields: Vec<_> = hash.as_ref().iter().map(field).collect();
            fields.sort();
            return fields;
        }
    }
    panic!("there is no such hash")
}

#[test]
fn fields_that_expire() {
    for server in [Packaged::Redis8, Packaged::Valkey] {
        let (folder, other) = (Folder::new(), Folder::new());
        let saved = Launch::packaged(server).dir(&folder.0).start();
        let mut client = saved.client();
        let long = "x".repeat(100);
        for line in [
            "HSET small a 1 b 2 c 3",
            &format!("HSET large a {long} b 2 c 3"),
            "HPEXPIREAT small 9999999999999 FIELDS 1 b",
            "HPEXPIREAT large 9999999999999 FIELDS 1 b",
            "HPEXPIREAT large 9999999999000 FIELDS 1 c",
            "SAVE",
        ] {
            assert_eq!(client.line(line).error(), "", "{line}");
        }
        let items = read(&folder.file());
        let of = |name: &str, at: i64| (name.as_bytes().to_vec(), (at > 0).then_some(at));
        let small = [of("a", 0), of("b", 9_999_999_999_999), of("c", 0)];
        assert_eq!(moments(&items, b"small"), small);
        let large = [of("a", 0), of("b", 9_999_999_999_999), of("c", 9_999_999_999_000)];
        assert_eq!(moments(&items, b"large"), large);
        if server == Packaged::Redis8 {
            write(items, &other.file(), true);
            let loaded = Launch::packaged(server).dir(&other.0).start();
            for key in ["small", "large"] {
                let line = format!("HPEXPIRETIME {key} FIELDS 3 a b c");
                assert_eq!(loaded.client().line(&line), client.line(&line));
                let line = format!("DEBUG DIGEST-VALUE {key}");
                assert_eq!(loaded.client().line(&line), client.line(&line));
            }
        }
    }
}
