//! The guard: a document as files of many kinds, in a repository whose secret is the canary.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use dbconf::{DatabaseConfig, Guard};
use tempfile::TempDir;

use super::canary::{CANARY, planted, see_text};

/// One of each kind that the rules tell apart.
const FILES: [&str; 10] = [
    "main.rs",
    "settings.py",
    "app.yml",
    ".env",
    "Dockerfile",
    "README.md",
    "pom.xml",
    "app.json",
    ".pgpass",
    "data.bin",
];

thread_local! {
    static REPOSITORY: TempDir = {
        let repository = tempfile::tempdir().unwrap();
        let mut git = Command::new("git");
        git.args(["init", "--quiet"]).current_dir(repository.path()).stdin(Stdio::null());
        assert!(git.status().unwrap().success());
        repository
    };
}

static CONFIG: LazyLock<DatabaseConfig> = LazyLock::new(|| {
    let url = format!("mysql://app:{CANARY}@db.example.com/shop");
    url.parse().unwrap()
});

/// A text with the canary, whatever stands around it, is found in every file, and shown of none.
pub fn check(data: &[u8]) {
    let document = planted(data);
    REPOSITORY.with(|repository| {
        for name in FILES {
            fs::write(repository.path().join(name), &document).unwrap();
        }
        let guard = Guard::new(repository.path()).secrets_of(&CONFIG);
        let findings = guard.findings().unwrap();
        see_text(format!("{findings}\n{findings:?}\n{guard:?}"));
        see_text(serde_json::to_string(&findings).unwrap());
        see_text(serde_json::to_string(&findings.to_sarif()).unwrap());
        let holds = document
            .windows(CANARY.len())
            .any(|bytes| bytes == CANARY.as_bytes());
        for name in FILES.into_iter().filter(|_| holds) {
            assert!(
                findings.iter().any(|finding| finding.path() == name),
                "{name}"
            );
        }
    });
}
