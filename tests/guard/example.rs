//! The example as a user runs it.

use std::path::PathBuf;
use std::process::Command;

use crate::repository::Repository;

/// Cargo puts examples beside the directory of the test's own executable.
pub fn path() -> PathBuf {
    let mut example = std::env::current_exe().unwrap();
    example.pop();
    example.pop();
    example.join("examples/guard")
}

/// What it exits with, and everything that it prints.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(path()).args(arguments).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), text)
}

#[test]
#[ignore = "needs git"]
fn it_exits_with_0_or_1_and_prints_every_format() {
    let repository = Repository::new();
    let directory = repository.path().to_str().unwrap();
    let guard =
        |options: &[&str]| run(&[options, &["--secrets", "secrets.toml", directory]].concat());
    let (status, text) = guard(&[]);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("0 findings in 1 file, 0 values checked"),
        "{text}"
    );
    assert!(text.contains("no such file"), "{text}");

    repository.write(".gitignore", "secrets.toml\n");
    repository.write("secrets.toml", "token = 'canary-7f1c'");
    repository.write("old.rs", "let a = \"canary-7f1c\";");
    repository.commit_all();
    let (status, text) = guard(&["--ignored", "secrets.toml"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("old.rs:1:10 known-value"), "{text}");
    assert!(!text.contains("canary"), "{text}");

    repository.git(&["rm", "-q", "old.rs"]);
    repository.commit_all();
    assert_eq!(guard(&[]).0, Some(0));
    let (status, json) = guard(&["--history", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(status, Some(1));
    assert_eq!(json["findings"][0]["path"], "old.rs");
    let (status, sarif) = guard(&["--history", "--sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(status, Some(1));
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(guard(&["--history", "--allow", "old.*"]).0, Some(0));
}

#[test]
fn misuse_and_a_directory_that_cannot_be_checked_are_2() {
    for arguments in [&["--nonsense"][..], &["a", "b"], &["--secrets"], &["/"]] {
        assert_eq!(run(arguments).0, Some(2), "{arguments:?}");
    }
}
