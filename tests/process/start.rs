//! Starting, and refusing to start with a message that says why.

use std::process::Output;

use testkit::{Address, Client, Reply};

use crate::{Folder, RUNTIMES, free_port, launch, printed, run_to_end};

#[track_caller]
fn refuses(output: &Output, parts: &[&str]) {
    let text = printed(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

#[test]
fn a_port_in_use() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let port = server.address().port().to_string();
        for cores in ["1", "2"] {
            let words =
                ["--port", &port, "--bind", "127.0.0.1", "--runtime", runtime, "--cores", cores];
            let socket = format!("127.0.0.1:{port}: bind: Address already in use");
            refuses(
                &run_to_end(&words, ""),
                &["Could not create server TCP listening socket", &socket],
            );
        }
        assert_eq!(server.client().cmd(&["PING"]), Reply::Simple("PONG".into()));
    }
}

#[test]
fn an_address_that_the_machine_lacks() {
    let port = free_port();
    let output = run_to_end(&["--port", &port, "--bind", "192.0.2.1"], "");
    refuses(&output, &["192.0.2.1", "bind: Cannot assign requested address"]);
    let output = run_to_end(&["--port", "0"], "");
    refuses(&output, &["Configured to not listen anywhere, exiting."]);
}

#[test]
fn a_wrong_configuration_names_its_place() {
    let folder = Folder::new("wrong");
    let cases = [
        ("a.conf", "port 7000\n\nfoo bar\n", "at line 3\n>>> 'foo bar'\nBad directive"),
        ("b.conf", "timeout abc\n", "at line 1\n>>> 'timeout abc'\nargument couldn't be parsed"),
        ("c.conf", "\ntls-port 6380\n", "at line 2\n>>> 'tls-port 6380'\ndirective"),
        ("d.conf", "appendonly yes\n", "'appendonly yes' is not supported yet"),
        ("e.yaml", "port: 7000\nfoo: bar\n", "at line 2"),
        ("f.conf", "maxclients \"1\n", "Unbalanced quotes"),
    ];
    for (name, text, part) in cases {
        let path = folder.write(name, text);
        refuses(&run_to_end(&[&path], ""), &["FATAL CONFIG FILE ERROR", &path, part]);
    }
}

#[test]
fn wrong_words_on_the_command_line() {
    refuses(&run_to_end(&["--foo", "1"], ""), &["FATAL CONFIG FILE ERROR", ">>> 'foo \"1\"'"]);
    refuses(&run_to_end(&["--port", "abc"], ""), &["couldn't be parsed into an integer"]);
    let missing = "can't open config file '/nonexistent.conf': No such file or directory";
    refuses(&run_to_end(&["/nonexistent.conf"], ""), &[missing]);
    let nowhere = "Can't chdir to '/nonexistent': No such file or directory";
    refuses(&run_to_end(&["--dir", "/nonexistent"], ""), &[nowhere]);
    refuses(&run_to_end(&["-"], "foo bar\n"), &["stdin, at line 1", ">>> 'foo bar'"]);
}

#[test]
fn help_and_version() {
    for word in ["--version", "-v"] {
        let output = run_to_end(&[word], "");
        assert!(output.status.success());
        assert!(printed(&output).starts_with("Shoal server v="), "{}", printed(&output));
    }
    let output = run_to_end(&["--help"], "");
    assert!(output.status.success());
    assert!(printed(&output).contains("--maxclients"), "{}", printed(&output));
}

#[test]
fn the_log_introduces_the_server() {
    let server = launch("auto").args(["--maxmemory-clients", "100mb"]).start();
    let log = server.output();
    let port = format!("Running mode=standalone, port={}.", server.address().port());
    let pid = format!("{}:M ", server.pid());
    let parts = ["Shoal version=", &port, &pid, "runtime ", "* Ready to accept connections"];
    for part in parts {
        assert!(log.contains(part), "{part:?} is not in:\n{log}");
    }
    assert!(log.contains("'maxmemory-clients \"100mb\"' has no effect yet"), "{log}");
}

#[test]
fn a_unix_socket_and_nothing_else() {
    for runtime in RUNTIMES {
        let folder = Folder::new(&format!("unix-{runtime}"));
        let path = folder.path("shoal.sock");
        let server =
            launch(runtime).args(["--unixsocketperm", "700", "--unixsocket"]).args([&path]);
        let mut server = server.start();
        let mode = std::fs::metadata(&path).expect("it is there");
        let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions());
        assert_eq!(mode & 0o777, 0o700);
        let address = Address::Unix(path.clone());
        let mut clients: Vec<Client> = (0..10).map(|_| Client::connect(&address)).collect();
        for (n, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.line(&format!("SET k{n} {n}")), Reply::ok());
        }
        let list = clients[0].line("CLIENT LIST").text();
        assert!(list.contains(&format!("addr={}:0", path.display())), "{list}");
        clients[0].send(&["SHUTDOWN"]);
        assert!(server.wait().success());
        assert!(!path.exists(), "the socket goes with its server");
    }
}

#[test]
fn port_0_listens_on_the_unix_socket_alone() {
    let folder = Folder::new("port0");
    let path = folder.path("s.sock");
    let pidfile = folder.path("pid");
    let words = [
        "--port",
        "0",
        "--unixsocket",
        path.to_str().expect("plain"),
        "--pidfile",
        pidfile.to_str().expect("plain"),
        "--daemonize",
        "yes",
    ];
    assert!(run_to_end(&words, "").status.success());
    let server = crate::Started::from_pidfile(&pidfile);
    let mut client =
        crate::eventually("the socket", || Client::try_connect(&Address::Unix(path.clone())).ok());
    assert_eq!(client.line("PING"), Reply::Simple("PONG".into()));
    let info = client.line("INFO server").text();
    assert!(info.contains("tcp_port:0\r\n"), "{info}");
    client.send(&["SHUTDOWN", "NOSAVE"]);
    crate::eventually("its end", || (!server.is_running()).then_some(()));
}

#[test]
fn every_address_of_bind() {
    let server = launch("auto").args(["--bind", "127.0.0.1", "127.0.0.2", "-192.0.2.1"]).start();
    let port = server.address().port();
    for ip in ["127.0.0.1", "127.0.0.2"] {
        let address = format!("{ip}:{port}").parse().expect("an address");
        let mut client = Client::connect(&Address::Tcp(address));
        assert_eq!(client.line("PING"), Reply::Simple("PONG".into()), "{ip}");
        assert!(client.line("CLIENT INFO").text().contains(&format!("laddr={ip}:{port}")));
    }
    assert!(server.output().contains("192.0.2.1"), "an absent address is named in the log");
}
