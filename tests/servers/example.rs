//! `examples/connect.rs`, run as a user runs it.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::harness::{PASSWORD, Server};

on_both_servers! {
    connect_shows_two_strict_checkouts
}

async fn connect_shows_two_strict_checkouts(server: &Server) {
    // No secrets file and no variable but ours.
    let empty = tempfile::tempdir().expect("a temporary directory");
    let output = Command::new(example("connect"))
        .env_clear()
        .envs(server.environment(&[]))
        .current_dir(empty.path())
        .output()
        .expect("the example runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");

    let checkouts: Vec<&str> = stdout
        .lines()
        .filter(|line| line.contains(" checkout: "))
        .collect();
    let [first, second] = checkouts[..] else {
        panic!("two checkouts are expected:\n{stdout}");
    };
    for line in [first, second] {
        assert!(line.ends_with(", sql_mode STRICT_TRANS_TABLES"), "{line}");
    }
    assert_eq!(connection(first), connection(second));

    assert!(stdout.contains("[REDACTED]"), "{stdout}");
    // Neither as it is nor as a URL has it: the canary's first word stands in both.
    let canary = PASSWORD.split(' ').next().expect("it has a first word");
    assert!(!stdout.contains(canary) && !stderr.contains(canary));
}

/// `connection 7` of `first checkout: connection 7, server ...`.
fn connection(line: &str) -> &str {
    let (_, rest) = line.split_once("connection ").expect("the line names it");
    rest.split(',').next().expect("a split has a first part")
}

/// Cargo puts examples beside the directory of the test executable, but builds them only where it is asked to.
pub fn example(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a test knows its own path");
    let profile = test
        .ancestors()
        .nth(2)
        .expect("it is in target/PROFILE/deps");
    let example = profile.join("examples").join(name);
    let shown = example.display();
    assert!(
        example.exists(),
        "{shown} is missing: cargo build --example {name}"
    );
    example
}
