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

#[test]
fn a_wrong_value_names_a_right_one() {
    for (args, want) in
        [(["--at", "yesterday"], "2026-07-06T09:00:00"), (["--port", "70000"], "65535"), (["--seed", "-1"], "whole")]
    {
        let told = Command::new(env!("CARGO_BIN_EXE_kiwoom-sim")).args(args).output().unwrap();
        let text = String::from_utf8(told.stderr).unwrap();
        assert!(!told.status.success() && text.contains(args[1]) && text.contains(want), "{args:?}: {text}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_way_out() {
    let first = Sim::start().await.unwrap();
    let port = first.url().rsplit(':').next().unwrap().to_owned();
    let error = Sim::builder().port(port.parse().unwrap()).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    let told = Command::new(env!("CARGO_BIN_EXE_kiwoom-sim")).args(["--port", &port]).output().unwrap();
    for text in [error.to_string(), String::from_utf8(told.stderr).unwrap()] {
        assert!(text.contains(&port) && text.contains("another port"), "{text}");
        assert_eq!(text.matches("another port").count(), 1, "{text}");
    }
}

/// The commands of both READMEs, word for word but for the port.
#[tokio::test]
async fn the_commands_for_other_languages_work() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl");
        return;
    }
    let sim = Sim::start().await.unwrap();
    for readme in [include_str!("../../README.md"), include_str!("../../README.ko.md")] {
        let commands = readme.split("```sh\n").filter_map(|part| part.split("```").next());
        let commands: Vec<&str> = commands.filter(|commands| commands.contains("curl")).collect();
        assert_eq!(commands.len(), 1);
        let script = commands[0].replace("http://127.0.0.1:8080", &sim.url());
        let told = tokio::task::spawn_blocking(move || Command::new("sh").args(["-c", &script]).output().unwrap());
        let told = String::from_utf8(told.await.unwrap().stdout).unwrap();
        let reply: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&reply["stk_cd"], &reply["return_code"]), (&"005930".into(), &0.into()), "{told}");
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
