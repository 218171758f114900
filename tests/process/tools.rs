//! The tools that everybody has: redis-cli and redis-benchmark.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use testkit::oracle::Packaged;
use testkit::{Reply, Server};

use crate::{RUNTIMES, launch, printed};

/// A tool under `timeout`: a load generator whose server has died may never end by itself.
fn tool(seconds: u32, program: &str, server: &Server, words: &[&str]) -> Command {
    let inner = Packaged::Oracle.command(program);
    let mut command = Command::new("timeout");
    // What a tool has to say is wanted even if it is stopped in the middle.
    command.args(["-s", "INT", &seconds.to_string(), "stdbuf", "-oL"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.args(["-h", "127.0.0.1", "-p", &server.address().port().to_string()]).args(words);
    command
}

#[track_caller]
fn run(mut command: Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("timeout is there");
    let mut pipe = child.stdin.take().expect("it was asked for");
    let stdin = stdin.to_vec();
    // A tool that has ended does not read on.
    let feeder = std::thread::spawn(move || {
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().expect("it ends");
    feeder.join().expect("it only writes");
    output
}

#[track_caller]
fn cli(server: &Server, words: &[&str], stdin: &str) -> String {
    let output = run(tool(60, "redis-cli", server, words), stdin.as_bytes());
    assert!(output.status.success(), "{words:?}: {}", printed(&output));
    printed(&output)
}

fn filled(runtime: &str) -> Server {
    let server = launch(runtime).start();
    let mut client = server.client();
    for n in 0..1000 {
        assert_eq!(client.line(&format!("SET key:{n} value:{n}")), Reply::ok());
    }
    client.cmd(&["SET", "biggest", &"x".repeat(5000)]);
    server
}

#[test]
fn redis_cli_talks() {
    for runtime in RUNTIMES {
        let server = filled(runtime);
        assert_eq!(cli(&server, &["GET", "key:7"], ""), "value:7\n");
        assert_eq!(cli(&server, &["-3", "GET", "key:7"], ""), "value:7\n");
        let said = cli(&server, &[], "SET a \"b c\"\nGET a\nINCR a\nMGET a none\nFOO\nPING\n");
        let expected = "OK\nb c\nERR value is not an integer or out of range\n\nb c\n\n\
                        ERR unknown command 'FOO', with args beginning with: \n\nPONG\n";
        assert_eq!(said, expected);
        let said = cli(&server, &["--no-raw"], "GET a\nMGET a none\nDBSIZE\n");
        assert_eq!(said, "\"b c\"\n1) \"b c\"\n2) (nil)\n(integer) 1002\n");
        assert_eq!(cli(&server, &["-n", "3", "DBSIZE"], ""), "0\n");
        let said = cli(&server, &["-r", "3", "-i", "0", "INCR", "n"], "");
        assert_eq!(said, "1\n2\n3\n");
        // It asks for the docs of all commands to know their hints.
        let said = cli(&server, &["--no-raw"], "HELP GET\n");
        assert!(said.contains("GET"), "{said}");
    }
}

#[test]
fn redis_cli_scans() {
    for runtime in RUNTIMES {
        let server = filled(runtime);
        let mut keys: Vec<String> =
            cli(&server, &["--scan"], "").lines().map(str::to_owned).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 1001, "{runtime}");
        let some = cli(&server, &["--scan", "--pattern", "key:99*"], "");
        assert_eq!(some.lines().count(), 11, "{some}");
        let big = cli(&server, &["--bigkeys"], "");
        assert!(big.contains("Biggest string found '\"biggest\"' has 5000 bytes"), "{big}");
        assert!(big.contains("Sampled 1001 keys in the keyspace!"), "{big}");
        let memory = cli(&server, &["--memkeys"], "");
        assert!(memory.contains("\"biggest\""), "{memory}");
    }
}

/// These go on until they are told to stop.
#[test]
fn redis_cli_watches() {
    let server = filled("auto");
    for words in [&["--latency"][..], &["--stat", "-i", "0.1"]] {
        let output = run(tool(2, "redis-cli", &server, words), b"");
        let text = printed(&output);
        assert!(!text.contains("ERR") && !text.contains("Error"), "{words:?}: {text}");
        assert!(!text.trim().is_empty(), "{words:?}");
        if words[0] == "--stat" {
            assert!(text.contains("1001"), "the number of keys: {text}");
        }
    }
}

#[test]
fn redis_cli_pipes() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut requests = Vec::new();
        for n in 0..50_000 {
            requests.extend(testkit::client::request(&["SET", &format!("p:{n}"), &n.to_string()]));
        }
        requests.extend(b"INCR p:1 2\r\n");
        let output = run(tool(60, "redis-cli", &server, &["--pipe"]), &requests);
        let text = printed(&output);
        assert!(text.contains("errors: 1, replies: 50001"), "{text}");
        assert_eq!(server.client().line("DBSIZE").int(), 50_000);
    }
}

#[test]
fn redis_benchmark_completes() {
    for runtime in RUNTIMES {
        for cores in ["1", "2"] {
            let server = launch(runtime).args(["--cores", cores]).start();
            for pipeline in ["1", "16"] {
                let words = [
                    "-t",
                    "ping,set,get,incr,mset",
                    "-c",
                    "50",
                    "-P",
                    pipeline,
                    "-n",
                    "10000",
                    "-r",
                    "1000",
                    "-q",
                ];
                let output = run(tool(120, "redis-benchmark", &server, &words), b"");
                let text = printed(&output);
                assert!(output.status.success(), "{runtime} {cores} {pipeline}: {text}");
                assert!(!text.contains("rror"), "{text}");
                let done = text.matches("requests per second").count();
                assert_eq!(done, 6, "PING inline, PING, SET, GET, INCR, MSET: {text}");
            }
            assert!(server.client().line("DBSIZE").int() > 900);
        }
    }
}
