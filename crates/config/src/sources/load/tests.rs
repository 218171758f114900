//! Loading from a file system that is a map.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Loaded, load};
use crate::choice::Permission;
use crate::sources::command_line::CommandLine;
use crate::sources::{Files, LoadError};

#[derive(Default)]
struct Drawer {
    files: BTreeMap<PathBuf, Vec<u8>>,
    stdin: Vec<u8>,
}

impl Drawer {
    fn with(files: &[(&str, &str)]) -> Drawer {
        let files = files.iter().map(|(path, text)| (path.into(), text.as_bytes().to_vec()));
        Drawer { files: files.collect(), stdin: Vec::new() }
    }
}

impl Files for Drawer {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        Ok(self.stdin.clone())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        let directory = if directory == "." { Path::new("") } else { directory };
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(directory).ok());
        let names = inside.filter_map(|path| path.components().next());
        Ok(names.map(|name| name.as_os_str().to_owned()).collect())
    }
}

fn load_with(drawer: &Drawer, args: &[&str]) -> Result<Loaded, LoadError> {
    match CommandLine::parse(args.iter().map(OsString::from))? {
        CommandLine::Serve(sources) => load(&sources, drawer),
        other => panic!("{other:?}"),
    }
}

/// The error of a redis.conf with this text, without its first two lines.
fn error_of(text: &str) -> String {
    let drawer = Drawer::with(&[("a.conf", text)]);
    let error = load_with(&drawer, &["a.conf"]).expect_err(text).to_string();
    error.lines().skip(2).collect::<Vec<_>>().join("\n")
}

fn warnings_of(text: &str) -> Vec<String> {
    let drawer = Drawer::with(&[("a.conf", text)]);
    load_with(&drawer, &["a.conf"]).expect(text).warnings
}

#[test]
fn later_sources_win() {
    let mut drawer = Drawer::with(&[("a.conf", "port 1\nhz 2\ntimeout 3\n")]);
    drawer.stdin = b"hz 20\ntimeout 30".to_vec();
    let loaded = load_with(&drawer, &["a.conf", "--timeout", "300", "-"]).unwrap();
    let config = loaded.config;
    assert_eq!((config.port, config.hz, config.timeout), (1, 20, 300));
    assert_eq!(loaded.file, Some("a.conf".into()));
}

#[test]
fn the_grammar_of_redis_conf_is_understood() {
    let text = "# comment\n\n  TIMEOUT   7 \r\nrequirepass 'a b'\nbind \"127.0.0.1 ::1\"\n\
                latency-tracking-info-percentiles 50 90\nunixsocketperm 0755\n\
                client-output-buffer-limit normal 1kb 2kb 3\n\
                client-output-buffer-limit pubsub 1 2 3\nenable-debug-command local";
    let drawer = Drawer::with(&[("a.conf", text)]);
    let config = load_with(&drawer, &["a.conf"]).unwrap().config;
    assert_eq!(config.timeout, 7);
    assert_eq!(config.requirepass.as_deref(), Some(b"a b".as_slice()));
    assert_eq!(config.bind, ["127.0.0.1", "::1"]);
    assert_eq!(config.latency_tracking_info_percentiles, [50.0, 90.0]);
    assert_eq!(config.unixsocketperm, 0o755);
    assert_eq!(config.client_output_buffer_limit.normal.hard_bytes, 1024);
    assert_eq!(config.client_output_buffer_limit.pubsub.soft_seconds, 3);
    assert_eq!(config.enable_debug_command, Permission::Local);
}

#[test]
fn errors_name_the_file_the_line_and_the_text() {
    let drawer = Drawer::with(&[("etc/a.conf", "\n#\n foo bar\n")]);
    let error = load_with(&drawer, &["etc/a.conf"]).unwrap_err().to_string();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "\n*** FATAL CONFIG FILE ERROR (Shoal {version}) ***\n\
         Reading the configuration file 'etc/a.conf', at line 3\n\
         >>> 'foo bar'\nBad directive or wrong number of arguments"
    );
    assert_eq!(error, expected);

    let error = load_with(&drawer, &["--port", "70000"]).unwrap_err().to_string();
    assert!(error.ends_with(
        "Reading the command line\n>>> 'port \"70000\"'\n\
         argument must be between 0 and 65535 inclusive"
    ));
    let error = load_with(&drawer, &["nofile"]).unwrap_err().to_string();
    assert!(error.starts_with("Fatal error, can't open config file 'nofile': "), "{error}");
}

#[test]
fn wrong_lines_have_redis_reasons() {
    // Each asked of Redis 7.0.15.
    let cases = [
        ("port", "wrong number of arguments"),
        ("port 1 2", "wrong number of arguments"),
        ("timeout 1 # c", "wrong number of arguments"),
        ("loglevel debug verbose", "wrong number of arguments"),
        ("port 70000", "argument must be between 0 and 65535 inclusive"),
        ("databases 0", "argument must be between 1 and 2147483647 inclusive"),
        ("unixsocketperm 888", "argument couldn't be parsed as an octal number"),
        ("unixsocketperm 1000", "argument must be between 0 and 777 inclusive"),
        ("unixsocketperm -1", "argument must be between 0 and 777 inclusive"),
        ("timeout \"1", "Unbalanced quotes in configuration line"),
        ("requirepass \"a\"b", "Unbalanced quotes in configuration line"),
        ("include", "Bad directive or wrong number of arguments"),
        ("include a b", "Bad directive or wrong number of arguments"),
        ("\"foo\" bar", "Bad directive or wrong number of arguments"),
        ("enable-debug-command foo", "argument(s) must be one of the following: no, yes, local"),
        (
            "client-output-buffer-limit normal 1",
            "Wrong number of arguments in buffer limit configuration.",
        ),
        (
            "latency-tracking-info-percentiles \"50 99\" 4",
            "Invalid latency-tracking-info-percentiles parameters",
        ),
    ];
    for (line, reason) in cases {
        assert_eq!(
            error_of(line),
            format!("Reading the configuration file 'a.conf', at line 1\n>>> '{line}'\n{reason}")
        );
    }
}

#[test]
fn includes_are_read_in_place_and_in_order() {
    let drawer = Drawer::with(&[
        ("a.conf", "timeout 1\ninclude conf.d/*.conf\nhz 30\n"),
        ("conf.d/20.conf", "timeout 20\nhz 20\n"),
        ("conf.d/10.conf", "timeout 10\nmaxclients 10\n"),
        ("conf.d/.hidden.conf", "port 1\n"),
        ("conf.d/other.txt", "port 2\n"),
    ]);
    let config = load_with(&drawer, &["a.conf"]).unwrap().config;
    assert_eq!((config.timeout, config.hz, config.maxclients, config.port), (20, 30, 10, 6379));
}

#[test]
fn includes_follow_dir_and_missing_matches_are_nothing() {
    let drawer = Drawer::with(&[
        ("a.conf", "dir /srv\ndir data\ninclude b.yaml\ninclude none/*.conf\n"),
        ("/srv/data/b.yaml", "port: 7\ninclude: [c.conf, d.conf]"),
        ("/srv/data/c.conf", "hz 40"),
        ("/srv/data/d.conf", "timeout 9"),
    ]);
    let config = load_with(&drawer, &["a.conf"]).unwrap().config;
    assert_eq!((config.port, config.hz, config.timeout), (7, 40, 9));
    assert_eq!(config.dir, Some("/srv/data".into()));
    let error = load_with(&Drawer::with(&[("a", "include b")]), &["a"]).unwrap_err();
    assert!(error.to_string().contains("can't open config file 'b'"), "{error}");
}

#[test]
fn an_endless_include_ends() {
    assert!(error_of("include a.conf\ninclude a.conf").ends_with("too many included files"));
}

#[test]
fn what_is_not_there_yet_is_silent_warned_of_or_refused() {
    assert_eq!(
        warnings_of("maxmemory-clients 0\nreplica-read-only yes\nsave \"\"\nappendonly no"),
        [""; 0]
    );
    assert_eq!(
        warnings_of("\nmaxmemory-clients 100mb\nmaxmemory-clients 200mb"),
        ["Reading the configuration file 'a.conf', at line 3: directive \
             'maxmemory-clients 200mb' has no effect yet (see docs/COMPAT.md)"]
    );
    for line in ["appendonly yes", "save 60 1", "tls-port 6380", "aclfile x", "user a on"] {
        let reason = format!("directive '{line}' is not supported yet (see docs/COMPAT.md)");
        assert!(error_of(line).ends_with(&reason), "{line}");
    }
}

#[test]
fn only_the_last_word_on_what_is_not_there_yet_counts() {
    let drawer = Drawer::with(&[("a.conf", "appendonly yes\ntls-port 1\nsave 900 1\n")]);
    let args = ["a.conf", "--appendonly", "no", "--tls-port", "0", "--save"];
    assert_eq!(load_with(&drawer, &args).unwrap().warnings, [""; 0]);
    assert!(load_with(&drawer, &args[..5]).is_err());
}

#[test]
fn yaml_says_the_same_as_redis_conf() {
    let yaml = "port: 7000\nbind: [127.0.0.1, \"::1\"]\nprotected-mode: no\n\
                latency-tracking: false\nrequirepass: \"a b\"\nproto-max-bulk-len: 5mb\n\
                unixsocketperm: 700\nsave: \"\"\n\
                latency-tracking-info-percentiles:\n- 50\n- 99.9\n\
                client-output-buffer-limit:\n  - normal 1 2 3\n  - pubsub 4 5 6\n\
                maxmemory-clients: 1gb\n";
    let conf = "port 7000\nbind 127.0.0.1 ::1\nprotected-mode no\nlatency-tracking no\n\
                requirepass \"a b\"\nproto-max-bulk-len 5mb\nunixsocketperm 700\n\
                latency-tracking-info-percentiles 50 99.9\n\
                client-output-buffer-limit normal 1 2 3 pubsub 4 5 6\n";
    let drawer = Drawer::with(&[("a.yaml", yaml), ("a.conf", conf), ("empty.yml", "# none\n")]);
    let loaded = load_with(&drawer, &["a.yaml"]).unwrap();
    assert_eq!(loaded.config, load_with(&drawer, &["a.conf"]).unwrap().config);
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].contains("at line 15: directive 'maxmemory-clients: 1gb'"));
    assert_eq!(load_with(&drawer, &["empty.yml"]).unwrap().config, super::Config::default());
}

#[test]
fn wrong_yaml_names_the_line() {
    let cases = [
        ("port: 1\nfoo: 2\n", "line 2\n>>> 'foo: 2'\nBad directive or wrong number of arguments"),
        (
            "port: 70000",
            "line 1\n>>> 'port: 70000'\nargument must be between 0 and 65535 inclusive",
        ),
        ("port:\nhz: 1", "line 1\n>>> 'port:'\nexpected a word or a list of words"),
        ("port: {a: 1}", "line 1\n>>> 'port: {a: 1}'\nexpected a word or a list of words"),
        ("- a\n", "line 1\n>>> '- a'\nexpected a map of parameters to values"),
        ("1: 2\n", "line 1\n>>> '1'\nthe name of a parameter must be text"),
    ];
    for (text, expected) in cases {
        let drawer = Drawer::with(&[("a.yaml", text)]);
        let error = load_with(&drawer, &["a.yaml"]).expect_err(text).to_string();
        assert!(error.ends_with(&format!("'a.yaml', at {expected}")), "{error}");
    }
    for text in ["port: 1\nport: 2", "a: [", "\t\u{0}", "a: b: c"] {
        let drawer = Drawer::with(&[("a.yaml", text)]);
        assert!(load_with(&drawer, &["a.yaml"]).is_err(), "{text}");
    }
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z-]{0,12}:? [ -~]{0,12}",
        "(port|bind|save|include|maxmemory|user|dir)(: | )[ -~]{0,8}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_text_is_answered(lines in proptest::collection::vec(line(), 0..6)) {
        let text = lines.join("\n");
        let drawer = Drawer::with(&[("a.conf", &text), ("a.yaml", &text)]);
        for file in ["a.conf", "a.yaml"] {
            if let Err(error) = load_with(&drawer, &[file]) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_are_answered(text: Vec<u8>) {
        let files = ["a.conf", "a.yml"].map(|name| (PathBuf::from(name), text.clone()));
        let drawer = Drawer { files: files.into(), stdin: text };
        for args in [["a.conf"], ["a.yml"], ["-"]] {
            let _ = load_with(&drawer, &args);
        }
    }
}
