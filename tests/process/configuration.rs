//! Configuration: files, the command line, CONFIG SET with effect, CONFIG REWRITE.

use std::fs;
use std::path::Path;

use testkit::{Client, Launch, Reply};

use crate::{Folder, SHOAL, launch};

fn get(client: &mut Client, name: &str) -> String {
    client.cmd(&["CONFIG", "GET", name]).elements()[1].text()
}

#[test]
fn a_file_and_words_behind_it() {
    let folder = Folder::new("file");
    let included = folder.write("more.conf", "slowlog-max-len 7\nhz 20\n");
    let conf = folder.write("a.conf", &format!("timeout 77\ninclude {included}\ndatabases 3\n"));
    let yaml = folder.write("a.yaml", "timeout: 77\nslowlog-max-len: 7\nhz: 20\ndatabases: 3\n");
    for file in [conf, yaml] {
        // The harness's own words come behind the file, as an operator's would.
        let server =
            Launch::shoal(SHOAL).through(["sh", "-c", &format!("exec \"$0\" {file} \"$@\"")]);
        let server = server.args(["--hz", "30"]).start();
        let mut client = server.client();
        let expected =
            [("timeout", "77"), ("slowlog-max-len", "7"), ("hz", "30"), ("databases", "3")];
        for (name, value) in expected {
            assert_eq!(get(&mut client, name), value, "{file} {name}");
        }
        assert_eq!(client.line("SELECT 3").error(), "ERR DB index is out of range");
        let info = client.line("INFO server").text();
        assert!(info.contains(&format!("config_file:{file}\r\n")), "{info}");
    }
}

#[test]
fn changes_take_effect() {
    let server = launch("auto").start();
    let mut client = server.client();
    let mut other = server.client();
    // What keys remember.
    assert_eq!(client.line("SET k v"), Reply::ok());
    assert!(
        client.line("OBJECT FREQ k").error().contains("An LFU maxmemory policy is not selected")
    );
    client.line("CONFIG SET maxmemory-policy allkeys-lfu");
    client.line("SET k v");
    assert!(client.line("OBJECT FREQ k").int() >= 1);
    assert!(
        client.line("OBJECT IDLETIME k").error().contains("An LFU maxmemory policy is selected")
    );
    client.line("CONFIG SET maxmemory-policy noeviction");
    // What is noted.
    client.line("CONFIG SET slowlog-log-slower-than 0");
    other.line("GET k");
    client.line("CONFIG SET slowlog-log-slower-than -1");
    let noted = client.line("SLOWLOG LEN").int();
    assert!(noted >= 2, "{noted}");
    other.line("GET k");
    assert_eq!(client.line("SLOWLOG LEN").int(), noted);
    client.line("CONFIG SET slowlog-max-len 1");
    assert_eq!(client.line("SLOWLOG GET -1").elements().len(), 1);
    // Who may come in.
    client.line("CONFIG SET requirepass secret");
    assert!(other.line("PING").error().is_empty(), "whoever was in stays in");
    assert_eq!(server.client().line("PING").error(), "NOAUTH Authentication required.");
    client.line("CONFIG SET requirepass \"\"");
    assert!(server.client().line("PING").error().is_empty());
    // How long an argument may be.
    client.line("CONFIG SET proto-max-bulk-len 1mb");
    let mut long = server.client();
    long.raw(b"*2\r\n$4\r\nECHO\r\n$1048577\r\n");
    assert_eq!(long.read_until_closed(), b"-ERR Protocol error: invalid bulk length\r\n");
}

#[test]
fn the_log_says_as_much_as_it_should() {
    let folder = Folder::new("loglevel");
    let file = folder.write("a.conf", "loglevel warning\n");
    let through = ["sh", "-c", &format!("exec \"$0\" {file} \"$@\"")];
    let server = Launch::shoal(SHOAL).through(through).start();
    let mut client = server.client();
    let mut notices = |level: &str| {
        assert_eq!(client.line(&format!("CONFIG SET loglevel {level}")), Reply::ok());
        assert_eq!(client.line("CONFIG REWRITE"), Reply::ok());
        server.output().matches("* CONFIG REWRITE executed with success").count()
    };
    assert_eq!([notices("warning"), notices("notice"), notices("debug")], [0, 1, 2]);
    assert_eq!([notices("warning"), notices("verbose")], [2, 3]);
    assert!(!server.output().contains("Ready to accept connections"), "it began as a warning");
    client.line("DEBUG LOG \"a warning\"");
    assert!(server.output().contains("# DEBUG LOG: a warning"), "{}", server.output());
}

#[test]
fn the_working_directory_is_known_and_can_be_changed() {
    let folder = Folder::new("dir");
    let inner = folder.path("inner");
    fs::create_dir_all(&inner).expect("the folder can be written");
    let server = launch("auto").args(["--enable-protected-configs", "yes"]).start();
    let mut client = server.client();
    let real = |path: &Path| fs::canonicalize(path).expect("it is there").display().to_string();
    assert_eq!(get(&mut client, "dir"), real(server.dir()));
    assert_eq!(
        client.cmd(&["CONFIG", "SET", "dir", folder.0.to_str().expect("plain")]),
        Reply::ok()
    );
    assert_eq!(get(&mut client, "dir"), real(&folder.0));
    assert_eq!(client.line("CONFIG SET dir inner"), Reply::ok());
    assert_eq!(get(&mut client, "dir"), real(&inner));
    let refused =
        "ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory";
    assert_eq!(client.line("CONFIG SET dir /nonexistent hz 99").error(), refused);
    assert_eq!(client.line("CONFIG SET dir \"\"").error(), refused);
    assert_eq!((get(&mut client, "dir"), get(&mut client, "hz")), (real(&inner), "10".to_owned()));
}

#[test]
fn rewriting_keeps_the_file_and_changes_the_values() {
    let folder = Folder::new("rewrite");
    let conf = folder.write("a.conf", "# kept\ntimeout 5\nhz 20\n\n# the end\n");
    let yaml = folder.write("a.yaml", "# kept\ntimeout: 5\nhz: 20\n\n# the end\n");
    for file in [conf, yaml] {
        let through = ["sh", "-c", &format!("exec \"$0\" {file} \"$@\"")];
        let start = || Launch::shoal(SHOAL).through(through).start();
        let server = start();
        let mut client = server.client();
        client.line("CONFIG SET timeout 66 slowlog-max-len 9");
        client.line("CONFIG SET requirepass \"pass word\"");
        client.line("CONFIG SET client-output-buffer-limit \"normal 1mb 2mb 3\"");
        assert_eq!(client.line("CONFIG REWRITE"), Reply::ok());
        let text = fs::read_to_string(&file).expect("it is there");
        assert!(text.starts_with("# kept\n") && text.contains("\n# the end\n"), "{text}");
        let separator = if file.ends_with("yaml") { ": " } else { " " };
        for (name, value) in [("timeout", "66"), ("hz", "20"), ("slowlog-max-len", "9")] {
            assert_eq!(text.matches(&format!("{name}{separator}{value}\n")).count(), 1, "{text}");
        }
        assert_eq!(client.line("CONFIG REWRITE"), Reply::ok());
        assert_eq!(
            fs::read_to_string(&file).expect("it is there"),
            text,
            "twice is as good as once"
        );
        drop((client, server));
        let server = start();
        let mut client = server.client();
        assert_eq!(client.cmd(&["AUTH", "pass word"]), Reply::ok());
        assert_eq!(get(&mut client, "timeout"), "66");
        let limits = get(&mut client, "client-output-buffer-limit");
        assert!(limits.starts_with("normal 1048576 2097152 3 "), "{limits}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let folder = Folder::new("gone");
    let file = folder.write("a.conf", "timeout 5\n");
    let through = ["sh", "-c", &format!("exec \"$0\" {file} \"$@\"")];
    let server = Launch::shoal(SHOAL).through(through).start();
    let mut client = server.client();
    fs::remove_dir_all(&folder.0).expect("it can be removed");
    let reply = client.line("CONFIG REWRITE");
    assert!(reply.error().starts_with("ERR Rewriting config file: "), "{reply:?}");
    assert!(client.line("PING").error().is_empty());
}
