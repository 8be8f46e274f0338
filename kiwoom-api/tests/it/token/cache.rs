//! The token file: one token for all processes, and no defect of the file stops a client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::support::{self, APP_KEY, Bars, Desk, Order, SECRET_KEY};
use fs4::FileExt;
use kiwoom_api::{Client, Credentials, Retry, Server};
use tempfile::{TempDir, tempdir};

const HOUR: Duration = Duration::from_secs(3600);

fn only(directory: &Path, extension: &str) -> PathBuf {
    let mut found: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|ends| ends == extension));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// A desk that gave one token, which is in a file of the directory; the process that asked for it is gone.
async fn kept() -> (Desk, TempDir, PathBuf) {
    let (desk, directory) = (Desk::open().await, tempdir().unwrap());
    desk.client_with_cache(directory.path()).sign_in().await.unwrap();
    let file = only(directory.path(), "json");
    (desk, directory, file)
}

async fn read(client: &Client) {
    client.call(&Bars::new("005930")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_for_several_processes() {
    let (desk, directory) = (Desk::open().await, tempdir().unwrap());
    desk.rules().takes = Duration::from_millis(100);
    let children: Vec<_> = (0..6)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "token::cache::a_process_beside_others", "--ignored"])
                .env("KIWOOM_TEST_SERVER", desk.server.address().http())
                .env("KIWOOM_TEST_CACHE", directory.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
    assert_eq!(desk.asked().await, 1);
    assert_eq!(desk.used().await, ["T1."; 6]);
}

#[tokio::test]
#[ignore = "run by one_token_for_several_processes"]
async fn a_process_beside_others() {
    let server = Server::sandbox(std::env::var("KIWOOM_TEST_SERVER").unwrap());
    let builder = Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY));
    let client = builder.token_cache(std::env::var("KIWOOM_TEST_CACHE").unwrap()).build().unwrap();
    read(&client).await;
    assert_eq!(client.token_cache_problem(), None);
}

#[tokio::test]
async fn one_token_for_several_clients_and_the_next_program() {
    let (desk, directory) = (Desk::open().await, tempdir().unwrap());
    desk.rules().takes = Duration::from_millis(50);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let client = desk.client_with_cache(directory.path());
        tasks.spawn(async move { read(&client).await });
    }
    tasks.join_all().await;
    desk.time.advance(HOUR);
    let next = desk.client_with_cache(directory.path());
    assert_eq!(next.sign_in().await.unwrap().unwrap().to_string(), "2026-07-07T09:00:00");
    read(&next).await;
    assert_eq!(desk.asked().await, 1);
    desk.time.advance(23 * HOUR - Duration::from_secs(300));
    read(&next).await;
    read(&desk.client_with_cache(directory.path())).await;
    assert_eq!(desk.asked().await, 2, "renewed once, five minutes before its end");
    assert_eq!(desk.used().await.last().unwrap(), "T2.");
}

#[tokio::test]
async fn token_cache_shared_between_real_and_mock() {
    let (real, directory, real_file) = kept().await;
    let mock = Desk::open().await;
    let client = mock.client_with_cache(directory.path());
    read(&client).await;
    assert_eq!((real.asked().await, mock.asked().await), (1, 1));
    // somebody copies the file of one environment over the other's
    let mut files = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path());
    let mock_file = files.find(|path| path.extension().unwrap() == "json" && *path != real_file).unwrap();
    fs::copy(&real_file, &mock_file).unwrap();
    mock.rules().end_token();
    read(&mock.client_with_cache(directory.path())).await;
    assert_eq!(mock.used().await, ["T1.", "T2."]);
    let text = fs::read_to_string(&mock_file).unwrap();
    assert!(text.contains("T2.") && !text.contains(APP_KEY) && !text.contains(SECRET_KEY), "{text}");
}

#[tokio::test]
async fn files_that_hold_no_token_of_ours() {
    let (desk, directory, file) = kept().await;
    let good = fs::read_to_string(&file).unwrap();
    let mut contents: Vec<Vec<u8>> = (0..good.len()).step_by(7).map(|end| good.as_bytes()[..end].to_vec()).collect();
    for (from, to) in [
        (r#""version":"1""#, r#""version":"2""#),
        ("sandbox-", "mock-"),
        (r#""app_key_sha256":""#, r#""app_key_sha256":"0"#),
        (r#""T1.""#, r#""""#),
        (r#""T1.""#, r#""T\u0000""#),
        (r#""T1.""#, "null"),
        (r#""ends":"20260707"#, r#""ends":"20260705"#),
        (r#""ends":"20260707"#, r#""ends":"20990707"#),
        (r#""ends":"20260707"#, r#""ends":"2026070"#),
        (r#""issued":"20260706"#, r#""issued":"20260806"#),
    ] {
        assert!(good.contains(from), "{good}");
        contents.push(good.replace(from, to).into_bytes());
    }
    contents.extend([b"\xff\xfe\x00".to_vec(), vec![b'{'; 100_000], format!("{good}x").into_bytes()]);
    for (round, content) in contents.iter().enumerate() {
        fs::write(&file, content).unwrap();
        let client = desk.client_with_cache(directory.path());
        read(&client).await;
        assert_eq!(client.token_cache_problem(), None);
        assert_eq!(desk.rules().issued as usize, round + 2, "{}", String::from_utf8_lossy(content));
        assert_eq!(fs::read_to_string(&file).unwrap(), good.replace("T1.", &format!("T{}.", round + 2)));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_can_read_is_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let (desk, directory, file) = kept().await;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    read(&desk.client_with_cache(directory.path())).await;
    assert_eq!(desk.used().await, ["T2."]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let (desk, directory, file) = kept().await;
    let elsewhere = directory.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    read(&desk.client_with_cache(directory.path())).await;
    assert_eq!(desk.used().await, ["T2."]);
    assert!(fs::read_to_string(&elsewhere).unwrap().contains("T1."));
    assert!(fs::read_to_string(&file).unwrap().contains("T2."));
}

#[tokio::test]
async fn no_place_for_a_file() {
    let (desk, directory) = (Desk::open().await, tempdir().unwrap());
    fs::write(directory.path().join("file"), "").unwrap();
    let client = desk.client_with_cache(&directory.path().join("file"));
    read(&client).await;
    let problem = client.token_cache_problem().unwrap();
    assert!(problem.contains("kiwoom-token-sandbox-") && !problem.contains("T1."), "{problem}");
    read(&client).await;
    assert_eq!(desk.asked().await, 1);
}

#[tokio::test]
async fn a_held_lock_blocks_nobody_for_long() {
    let (desk, directory, file) = kept().await;
    fs::remove_file(&file).unwrap();
    let lock = fs::File::open(only(directory.path(), "lock")).unwrap();
    FileExt::lock(&lock).unwrap();
    let client = desk.client_with_cache(directory.path());
    let ticks = Arc::new(AtomicU32::new(0));
    let counted = ticks.clone();
    let ticking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let error = client.call(&Bars::new("005930")).timeout(Duration::from_millis(500)).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
    assert!(ticks.load(Ordering::Relaxed) > 2, "the lock is not waited for on the runtime's thread");
    ticking.abort();
    FileExt::unlock(&lock).unwrap();
    read(&client).await;
    assert_eq!(desk.asked().await, 2);
}

#[tokio::test]
async fn a_process_that_hangs_with_the_lock_stops_nobody() {
    let (desk, directory, file) = kept().await;
    fs::remove_file(&file).unwrap();
    let lock = fs::File::open(only(directory.path(), "lock")).unwrap();
    FileExt::lock(&lock).unwrap();
    // it may be asking for as long as a request takes; after that nobody waits for it any more
    let builder = support::builder(&desk.server).token_cache(directory.path()).clock(desk.time.clock());
    let client = builder.timeout(Duration::from_secs(1)).retry(Retry::none()).build().unwrap();
    let mut failures = 0;
    while let Err(error) = client.call(&Bars::new("005930")).await {
        assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
        failures += 1;
        assert!(failures < 10, "it stops everybody");
    }
    assert_eq!(desk.used().await, ["T2."]);
}

#[tokio::test]
async fn a_token_that_another_process_renewed_is_taken_from_the_file() {
    let (desk, directory, _) = kept().await;
    let [one, other, third] = [0; 3].map(|_| desk.client_with_cache(directory.path()));
    for client in [&one, &other, &third] {
        read(client).await;
    }
    desk.time.advance(HOUR);
    one.sign_out().await.unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "the lock file is left");
    read(&one).await;
    assert_eq!(desk.asked().await, 2);
    let outcome = other.call(&Order::buy("005930", 1)).await;
    assert_eq!(outcome.error().and_then(|error| error.code()), Some(8005), "an order is not repeated: {outcome:?}");
    read(&other).await;
    // a read is repeated, with the token of the file
    read(&third).await;
    assert_eq!(desk.asked().await, 2, "the file has the new one");
    assert_eq!(desk.used().await, ["T1.", "T1.", "T1.", "T2.", "T1.", "T2.", "T1.", "T2."]);
}

#[tokio::test]
async fn a_refused_token_is_not_taken_from_the_file_again() {
    let (desk, directory, _) = kept().await;
    let client = desk.client_with_cache(directory.path());
    read(&client).await;
    desk.rules().end_token();
    // nobody can remove it from there for a while
    let lock = fs::File::open(only(directory.path(), "lock")).unwrap();
    FileExt::lock(&lock).unwrap();
    let reading = tokio::spawn(async move { read(&client).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    FileExt::unlock(&lock).unwrap();
    reading.await.unwrap();
    assert_eq!(desk.used().await, ["T1.", "T1.", "T2."]);
}

#[tokio::test]
async fn a_refused_token_leaves_the_file() {
    let (desk, directory, file) = kept().await;
    desk.rules().end_token();
    let outcome = desk.client_with_cache(directory.path()).call(&Order::buy("005930", 1)).await;
    assert!(outcome.accepted().is_none());
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if !file.exists() {
            break;
        }
    }
    let outcome = desk.client_with_cache(directory.path()).call(&Order::buy("005930", 1)).await;
    assert!(outcome.accepted().is_some(), "the next program is not refused: {outcome:?}");
}

#[tokio::test]
async fn sign_out_ends_the_token_of_an_earlier_program() {
    let (desk, directory, file) = kept().await;
    desk.client_with_cache(directory.path()).sign_out().await.unwrap();
    assert!(!file.exists());
    let last = desk.server.received().await.pop().unwrap();
    assert!(last.line().contains("/oauth2/revoke") && last.body.contains("T1."), "{last:?}");
}
