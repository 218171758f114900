//! `daemonize`, `pidfile`, `logfile`.

use std::fs;

use testkit::{Address, Client, Launch, Reply};

use crate::{Folder, SHOAL, Started, eventually, free_port, printed, run_to_end};

fn connect(port: &str) -> Client {
    let address = Address::loopback(port.parse().expect("a port"));
    eventually("the server in the background", || Client::try_connect(&address).ok())
}

fn words(folder: &Folder, port: &str) -> Vec<String> {
    let path = |name: &str| folder.path(name).display().to_string();
    let words = [
        "--port",
        port,
        "--bind",
        "127.0.0.1",
        "--daemonize",
        "yes",
        "--dir",
        &path(""),
        "--pidfile",
        &path("pid"),
        "--logfile",
        "log",
    ];
    words.map(str::to_owned).to_vec()
}

#[test]
fn a_server_in_the_background() {
    let folder = Folder::new("daemon");
    let port = free_port();
    let words = words(&folder, &port);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = run_to_end(&words, "");
    assert!(output.status.success(), "{}", printed(&output));
    let server = Started::from_pidfile(&folder.path("pid"));
    let mut client = connect(&port);
    assert_eq!(client.line("SET k v"), Reply::ok());
    assert!(client.line("INFO server").text().contains(&format!("process_id:{}\r\n", server.pid)));
    assert_eq!(client.line("CONFIG GET daemonize").elements()[1].text(), "yes");
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid)).expect("it runs");
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let (session, terminal) = (fields[3], fields[4]);
    assert_eq!((session, terminal), (server.pid.as_str(), "0"), "a session without a terminal");
    server.signal("TERM");
    eventually("its end", || (!server.is_running()).then_some(()));
    assert!(!folder.path("pid").exists(), "the pid file goes with its server");
    let log = fs::read_to_string(folder.path("log")).expect("it logs where it was told to");
    let pid = format!("{}:M ", server.pid);
    assert!(log.contains("Ready to accept connections") && log.contains(&pid), "{log}");
    assert!(log.contains("bye bye"), "{log}");
}

#[test]
fn mistakes_are_told_before_it_goes() {
    let folder = Folder::new("daemon-wrong");
    let output = run_to_end(&["--daemonize", "yes", "--port", "abc"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("couldn't be parsed into an integer"));
    // What fails later is in the log.
    let other = Launch::shoal(SHOAL).start();
    let words = words(&folder, &other.address().port().to_string());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert!(run_to_end(&words, "").status.success());
    eventually("the reason in the log", || {
        let log = fs::read_to_string(folder.path("log")).ok()?;
        log.contains("bind: Address already in use").then_some(())
    });
}

#[test]
fn a_configuration_from_standard_input_goes_along() {
    let folder = Folder::new("daemon-stdin");
    let port = free_port();
    let mut words = words(&folder, &port);
    words.push("-".to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = run_to_end(&words, "timeout 123\n");
    assert!(output.status.success(), "{}", printed(&output));
    let _server = Started::from_pidfile(&folder.path("pid"));
    assert_eq!(connect(&port).line("CONFIG GET timeout").elements()[1].text(), "123");
}

#[test]
fn a_pid_file_that_cannot_be_written_is_only_a_warning() {
    let server = Launch::shoal(SHOAL).args(["--pidfile", "/nonexistent/pid"]).start();
    assert!(server.output().contains("Failed to write PID file '/nonexistent/pid'"));
    assert!(server.client().line("PING").error().is_empty());
}
