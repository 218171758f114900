//! CLIENT and all its subcommands.

use testkit::compare::Comparison;
use testkit::normalise::{SAME_FIELDS, SAME_KIND};
use testkit::oracle::Packaged;
use testkit::{Client, Reply, Server, matrix, script};

use crate::ways::SAME_ENDS;
use crate::{check, each_server, each_shoal};

#[test]
fn names() {
    check(&script![
        "CLIENT GETNAME",
        "CLIENT SETNAME abc",
        "CLIENT GETNAME",
        "CLIENT SETNAME",
        "CLIENT SETNAME a b",
        "CLIENT SETNAME \"a b\"",
        "CLIENT SETNAME \"a\\nb\"",
        "CLIENT SETNAME \"a\\x7fb\"",
        "CLIENT SETNAME \"!~\"",
        "CLIENT GETNAME",
        "CLIENT SETNAME \"\"",
        "CLIENT GETNAME",
        "CLIENT GETNAME a",
        "CLIENT ID" => SAME_KIND,
        "CLIENT ID a",
        "CLIENT HELP" => SAME_ENDS,
        "CLIENT HELP a",
    ]);
}

#[test]
fn lists() {
    check(&script![
        "CLIENT INFO" => SAME_FIELDS,
        "CLIENT INFO a",
        "CLIENT LIST" => SAME_FIELDS,
        "CLIENT LIST TYPE normal" => SAME_FIELDS,
        "CLIENT LIST TYPE",
        "CLIENT LIST TYPE foo",
        "CLIENT LIST TYPE master",
        "CLIENT LIST TYPE replica",
        "CLIENT LIST TYPE slave",
        "CLIENT LIST TYPE pubsub",
        "CLIENT LIST TYPE normal extra",
        "CLIENT LIST ID",
        "CLIENT LIST ID a",
        "CLIENT LIST ID 0",
        "CLIENT LIST ID -1",
        "CLIENT LIST ID 999999 1 x",
        "CLIENT LIST ID 999999999",
        "CLIENT LIST FOO",
        "CLIENT LIST FOO bar",
    ]);
}

#[test]
fn kills_that_are_refused_or_meet_nobody() {
    check(&script![
        "CLIENT KILL",
        "CLIENT KILL foo",
        "CLIENT KILL 127.0.0.1:1",
        "CLIENT KILL ID",
        "CLIENT KILL ID a",
        "CLIENT KILL ID 0",
        "CLIENT KILL ID -1",
        "CLIENT KILL ID 999999999",
        "CLIENT KILL ID 999999999 ID",
        "CLIENT KILL FOO bar",
        "CLIENT KILL TYPE foo",
        "CLIENT KILL TYPE pubsub",
        "CLIENT KILL TYPE replica",
        "CLIENT KILL TYPE slave",
        "CLIENT KILL TYPE master",
        "CLIENT KILL ADDR 1.2.3.4:5",
        "CLIENT KILL LADDR 1.2.3.4:5",
        "CLIENT KILL USER foo",
        "CLIENT KILL USER default SKIPME yes ID 999999999",
        "CLIENT KILL SKIPME foo",
        "CLIENT KILL SKIPME maybe ID 1",
    ]);
}

/// The value of a field in a line of CLIENT LIST.
fn field(client: &mut Client, name: &str) -> String {
    let line = client.cmd(&["CLIENT", "INFO"]).text();
    let mut fields = line.split_ascii_whitespace().filter_map(|field| field.split_once('='));
    let (_, value) = fields.find(|(field, _)| *field == name).expect("the field is there");
    value.to_owned()
}

fn id(client: &mut Client) -> String {
    client.cmd(&["CLIENT", "ID"]).int().to_string()
}

#[test]
fn a_client_is_killed_by_what_it_is() {
    each_server(|server: &Server| {
        let mut asker = server.client();
        for by in ["id", "addr"] {
            let mut victim = server.client();
            let value = field(&mut victim, by);
            assert_eq!(asker.cmd(&["CLIENT", "KILL", by, &value]), Reply::Int(1), "{by}");
            assert_eq!(victim.read_until_closed(), b"", "{by}");
            assert_eq!(asker.cmd(&["CLIENT", "KILL", by, &value]), Reply::Int(0), "{by}");
        }
        let mut victim = server.client();
        let address = field(&mut victim, "addr");
        assert_eq!(asker.cmd(&["CLIENT", "KILL", &address]), Reply::ok());
        assert_eq!(victim.read_until_closed(), b"");
        let gone = asker.cmd(&["CLIENT", "KILL", &address]);
        assert_eq!(gone.error(), "ERR No such client");
        // All that is said must be true of it.
        let mut other = server.client();
        let (mine, another) = (field(&mut other, "addr"), id(&mut asker));
        let words = ["CLIENT", "KILL", "ADDR", &mine, "ID", &another, "SKIPME", "no"];
        assert_eq!(asker.cmd(&words), Reply::Int(0));
        assert_eq!(other.cmd(&["PING"]), Reply::Simple("PONG".into()));
    });
}

#[test]
fn whoever_kills_itself_is_told_first() {
    each_server(|server: &Server| {
        let mut client = server.client();
        let own = id(&mut client);
        assert_eq!(client.cmd(&["CLIENT", "KILL", "ID", &own]), Reply::Int(0));
        assert_eq!(client.cmd(&["CLIENT", "KILL", "ID", &own, "SKIPME", "no"]), Reply::Int(1));
        assert_eq!(client.read_until_closed(), b"");
        let mut client = server.client();
        let address = field(&mut client, "addr");
        assert_eq!(client.cmd(&["CLIENT", "KILL", &address]), Reply::ok());
        assert_eq!(client.read_until_closed(), b"");
    });
}

#[test]
fn clients_of_all_cores_are_listed_once() {
    each_server(|server: &Server| {
        let mut clients: Vec<Client> = (0..20).map(|_| server.client()).collect();
        let ids: Vec<String> = clients.iter_mut().map(id).collect();
        let mut rising: Vec<u64> = ids.iter().map(|id| id.parse().unwrap()).collect();
        let first_seen = rising.clone();
        rising.sort_unstable();
        rising.dedup();
        assert_eq!(rising.len(), first_seen.len(), "ids are unique");
        let mut words = vec!["CLIENT", "LIST", "ID"];
        words.extend(ids.iter().map(String::as_str));
        let list = clients[0].cmd(&words).text();
        assert_eq!(list.lines().count(), 20, "{list}");
        for id in &ids {
            let prefix = format!("id={id} ");
            assert_eq!(list.lines().filter(|line| line.starts_with(&prefix)).count(), 1);
        }
        let all = clients[1].cmd(&["CLIENT", "LIST"]).text();
        assert!(ids.iter().all(|id| all.contains(&format!("id={id} "))), "{all}");
    });
}

#[test]
fn a_line_tells_what_the_client_is() {
    each_server(|server: &Server| {
        let mut client = server.client();
        client.cmd(&["SELECT", "7"]);
        client.cmd(&["CLIENT", "SETNAME", "somebody"]);
        let expected = [("name", "somebody"), ("db", "7"), ("cmd", "client|info"), ("resp", "2")];
        for (name, value) in expected {
            assert_eq!(field(&mut client, name), value, "{name}");
        }
        for (name, value) in [("flags", "N"), ("multi", "-1"), ("user", "default"), ("sub", "0")] {
            assert_eq!(field(&mut client, name), value, "{name}");
        }
        client.hello3();
        assert_eq!(field(&mut client, "resp"), "3");
    });
}

#[test]
fn replies_on_off_and_skipped() {
    check(&script![
        "CLIENT REPLY",
        "CLIENT REPLY foo",
        "CLIENT REPLY ON",
        "> CLIENT REPLY SKIP",
        "> PING skipped",
        "PING",
        "> CLIENT REPLY OFF",
        "> PING",
        "> FOO",
        "> GET a b c",
        "> SET k v",
        "> CLIENT REPLY SKIP",
        "> CLIENT FOO",
        "CLIENT REPLY ON",
        "GET k",
        "> CLIENT REPLY SKIP",
        "> CLIENT REPLY SKIP",
        "> MSET a 1 b 2 c 3",
        "MGET a b c",
        "> CLIENT REPLY SKIP",
        "> DBSIZE",
        "> CLIENT REPLY OFF",
        "> MGET a b",
        "CLIENT REPLY ON",
    ]);
}

/// Redis leaves such a connection open for ever, because it has no last reply to close it after.
#[test]
fn quitting_without_replies_closes() {
    each_shoal(|server| {
        let mut client = server.client();
        client.raw(b"CLIENT REPLY OFF\r\nPING\r\nQUIT\r\n");
        assert_eq!(client.read_until_closed(), b"");
    });
}

#[test]
fn switches() {
    check(&script![
        "CLIENT NO-EVICT",
        "CLIENT NO-EVICT on",
        "CLIENT NO-EVICT OFF",
        "CLIENT NO-EVICT foo",
        "CLIENT NO-EVICT on off",
        "CLIENT PAUSE",
        "CLIENT PAUSE abc",
        "CLIENT PAUSE -1",
        "CLIENT PAUSE 10 foo",
        "CLIENT PAUSE 0",
        "CLIENT PAUSE 1",
        "CLIENT PAUSE 1 ALL",
        "CLIENT PAUSE 10 WRITE",
        "CLIENT PAUSE 99999999999999999999",
        "CLIENT PAUSE 10000 WRITE extra",
        "CLIENT UNPAUSE",
        "CLIENT UNPAUSE a",
    ]);
}

#[test]
fn a_pause_of_writes_lets_reads_pass_and_keeps_order() {
    check(&script![
        "MSET a 1 b 2 c 3 d 4",
        "CLIENT PAUSE 60000 WRITE",
        "@b> SET a paused",
        "@c> MSET b paused c paused",
        "@b> GET a",
        "GET a",
        "MGET a b c d",
        "PING",
        "CLIENT UNPAUSE",
        "@b<",
        "@c<",
        "@b<",
        "MGET a b c d",
    ]);
}

#[test]
fn a_pause_of_everything_ends_with_its_time() {
    check(&script!["CLIENT PAUSE 50 ALL", "PING", "SET a 1", "GET a"]);
}

/// What Redis 7.0 does not know is decided by Redis 8.0.
#[test]
fn newer_subcommands() {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards == 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(&script![
        "CLIENT SETINFO",
        "CLIENT SETINFO lib-name",
        "CLIENT SETINFO lib-name redis-py",
        "CLIENT SETINFO LIB-VER 1.2.3",
        "CLIENT SETINFO lib-foo x",
        "CLIENT SETINFO lib-name \"a b\"",
        "CLIENT SETINFO lib-ver \"a\\nb\"",
        "CLIENT SETINFO lib-name \"\"",
        "CLIENT SETINFO lib-name x y",
        "CLIENT NO-TOUCH",
        "CLIENT NO-TOUCH on",
        "CLIENT NO-TOUCH OFF",
        "CLIENT NO-TOUCH foo",
        "CLIENT KILL MAXAGE 100000",
        "CLIENT KILL MAXAGE 0 ID 999999",
        "CLIENT KILL MAXAGE abc",
        "CLIENT KILL MAXAGE -1",
    ]);
}

/// What NO-TOUCH says inside an EXEC counts from there on.
#[test]
fn untouched_inside_exec() {
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).check(&script![
        "CONFIG SET maxmemory-policy allkeys-lfu lfu-decay-time 0",
        "MSET k one l two m three",
        "OBJECT FREQ k",
        "MULTI",
        "GET l",
        "CLIENT NO-TOUCH on",
        "GET k",
        "CLIENT NO-TOUCH off",
        "GET m",
        "EXEC",
        "OBJECT FREQ k",
        "OBJECT FREQ l",
        "OBJECT FREQ m",
        "CONFIG SET maxmemory-policy noeviction lfu-decay-time 1",
    ]);
}
