//! Binding: who may have which port, and the words for who may not.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;

use super::*;

fn spec(bind: &[&str], port: u16, cores: usize) -> ListenSpec {
    let bind = bind.iter().map(|&word| word.to_owned()).collect();
    ListenSpec { bind, port, backlog: 511, cores, unix: None }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn every_core_has_a_socket_for_every_address() {
    let port = free_port();
    let listeners = Listeners::bind(&spec(&["127.0.0.1", "127.0.0.2"], port, 3)).unwrap();
    assert_eq!(listeners.cores(), 3);
    assert!(listeners.cores.iter().all(|core| core.0.len() == 2));
    assert!(listeners.warnings().is_empty());
    TcpStream::connect(("127.0.0.2", port)).unwrap();
}

#[test]
fn a_second_server_is_refused_however_many_cores_it_has() {
    let port = free_port();
    let _first = Listeners::bind(&spec(&["127.0.0.1"], port, 2)).unwrap();
    for cores in [1, 2] {
        let error = Listeners::bind(&spec(&["127.0.0.1"], port, cores)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "Could not create server TCP listening socket 127.0.0.1:{port}: \
                 bind: Address already in use"
            )
        );
    }
    Listeners::bind(&spec(&["*"], port, 2)).unwrap_err();
}

#[test]
fn a_port_is_free_again_when_its_server_is_gone() {
    let port = free_port();
    for _ in 0..3 {
        let _server = Listeners::bind(&spec(&["127.0.0.1"], port, 2)).unwrap();
        let _client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    }
}

#[test]
fn an_optional_address_may_be_missing() {
    let port = free_port();
    let missing = "192.0.2.1";
    let error = Listeners::bind(&spec(&[missing], port, 1)).unwrap_err();
    assert!(error.to_string().ends_with("bind: Cannot assign requested address"), "{error}");
    let optional = format!("-{missing}");
    let listeners = Listeners::bind(&spec(&[&optional], port, 1)).unwrap();
    assert!(listeners.is_empty());
    assert_eq!(listeners.warnings().len(), 1);
    let listeners = Listeners::bind(&spec(&[&optional, "127.0.0.1"], port, 1)).unwrap();
    assert!(!listeners.is_empty());
}

#[test]
fn optional_does_not_excuse_a_port_in_use() {
    let port = free_port();
    let _first = Listeners::bind(&spec(&["127.0.0.1"], port, 2)).unwrap();
    Listeners::bind(&spec(&["-127.0.0.1"], port, 2)).unwrap_err();
}

#[test]
fn port_zero_listens_on_nothing() {
    assert!(Listeners::bind(&spec(&["*", "-::*"], 0, 2)).unwrap().is_empty());
}

#[test]
fn words_of_bind() {
    let resolved = |word| resolve(word, 7).map(|address| address.to_string());
    assert_eq!(resolved("*").unwrap(), "0.0.0.0:7");
    assert_eq!(resolved("::*").unwrap(), "[::]:7");
    assert_eq!(resolved("::1").unwrap(), "[::1]:7");
    assert_eq!(resolved("10.1.2.3").unwrap(), "10.1.2.3:7");
    assert_eq!(resolved("localhost").unwrap(), "127.0.0.1:7");
    let error = resolved("no such host").unwrap_err();
    assert_eq!(error.to_string(), "Name or service not known");
}

#[test]
fn both_families_can_share_a_port() {
    let port = free_port();
    let listeners = Listeners::bind(&spec(&["*", "-::*"], port, 2)).unwrap();
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    if listeners.warnings().is_empty() {
        TcpStream::connect(("::1", port)).unwrap();
    }
}

#[test]
fn a_unix_socket_replaces_a_stale_file_and_gets_its_mode() {
    let path = std::env::temp_dir().join(format!("listen-{}.sock", std::process::id()));
    let unix = Some(UnixSpec { path: path.clone(), mode: Some(0o770) });
    for _ in 0..2 {
        let spec = ListenSpec { unix: unix.clone(), ..spec(&[], 0, 2) };
        let listeners = Listeners::bind(&spec).unwrap();
        assert!(!listeners.is_empty());
        UnixStream::connect(&path).unwrap();
    }
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o770);
    fs::remove_file(path).unwrap();
    let unix = Some(UnixSpec { path: "/no/such/folder/x.sock".into(), mode: None });
    let error = Listeners::bind(&ListenSpec { unix, ..spec(&[], 0, 1) }).unwrap_err();
    assert_eq!(error.to_string(), "Failed opening Unix socket: bind: No such file or directory");
}
