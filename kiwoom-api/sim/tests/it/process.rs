//! The simulator as a process: it says where it is, and its time passes by itself.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use kiwoom_api::{Client, Credentials, Server};
use kiwoom_sim::Sim;

#[tokio::test]
async fn the_process_says_where_it_is_and_answers() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kiwoom-sim"))
        .args(["--port", "0", "--seed", "3", "--mock"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().rsplit(' ').next().unwrap().to_owned();
    let client = Client::new(Server::sandbox(url), Credentials::new("my key", "my secret")).unwrap();
    let expires = client.sign_in().await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(expires.unwrap().is_some());
}

#[test]
fn options_that_are_wrong_are_told() {
    for args in [&["--port", "many"][..], &["--speed", "0"], &["--sped", "1"], &["word"], &["--calls", "none"]] {
        let told = Command::new(env!("CARGO_BIN_EXE_kiwoom-sim")).args(args).output().unwrap();
        let text = String::from_utf8(told.stderr).unwrap();
        assert!(!told.status.success() && text.contains("--help"), "{args:?}: {text}");
    }
}

#[tokio::test]
async fn time_passes_by_itself_at_a_speed() {
    let sim = Sim::builder().speed(1_000.0).start().await.unwrap();
    let before = sim.now();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let passed = before.until(sim.now()).unwrap().total(kiwoom_api::jiff::Unit::Second).unwrap();
    assert!(passed >= 100.0, "{passed} s in 0.2 s");
}
