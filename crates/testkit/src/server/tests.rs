//! Starting, talking to and ending a server; the oracle plays the server under test.

use std::path::Path;

use super::*;

fn alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[test]
fn a_server_answers_and_ends_with_its_handle() {
    let server = Launch::oracle().start();
    let (pid, dir) = (server.pid(), server.dir().to_owned());
    assert_eq!(server.client().line("SET a \"1 2\""), Reply::ok());
    assert_eq!(server.client().cmd(&["GET", "a"]), Reply::bulk("1 2"));
    assert!(alive(pid) && dir.exists());
    drop(server);
    assert!(!alive(pid) && !dir.exists());
}

#[test]
fn both_protocols_and_pipelines() {
    let server = Launch::oracle().start();
    let mut client = server.client_speaking(Protocol::Resp3);
    let replies = client.pipeline(&["HSET h f v", "HGETALL h", "GET none"]);
    let pair = (Reply::bulk("f"), Reply::bulk("v"));
    assert_eq!(replies, [Reply::Int(1), Reply::Map(vec![pair]), Reply::Nil]);
}

#[test]
fn a_leash_kills_and_cleans_up_when_its_holder_is_gone() {
    let mut child = Command::new("sleep").arg("600").spawn().unwrap();
    let dir = Dir::temporary();
    let mut leash = Leash::hold(child.id(), &dir);
    drop(leash.0.stdin.take());
    assert!(!child.wait().unwrap().success());
    leash.0.wait().unwrap();
    assert!(!dir.path.exists());
}

#[test]
fn shutdown_is_waited_for() {
    let mut server = Launch::oracle().start();
    let mut client = server.client();
    client.send(&["SHUTDOWN", "NOSAVE"]);
    assert_eq!(client.read_until_closed(), b"");
    assert!(server.wait().success());
}

#[test]
#[should_panic(expected = "FATAL CONFIG FILE ERROR")]
fn a_server_that_cannot_start_shows_its_output() {
    let _server = Launch::oracle().args(["--no-such-directive", "1"]).start();
}
