//! A real git repository in a directory of its own, and a guard that looks for one value.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dbconf::{DatabaseConfig, Findings, Guard};
use tempfile::TempDir;

/// Has something to escape for every format, and a character that is not ASCII.
pub const SECRET: &str = r#"Zq7"w'\e/4 <&>%$é!"#;

pub struct Repository(TempDir);

impl Repository {
    pub fn new() -> Repository {
        let repository = Repository(TempDir::new().unwrap());
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("src/lib.rs", "//! Nothing to see.\n");
        repository
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn git(&self, arguments: &[&str]) {
        git(self.path(), arguments);
    }

    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn commit_all(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "all"]);
    }

    /// A guard that looks for [`SECRET`].
    pub fn guard(&self) -> Guard {
        Guard::new(self.path()).secrets_of(&config(SECRET))
    }

    pub fn findings(&self) -> Findings {
        self.guard().findings().unwrap()
    }
}

pub fn git(directory: &Path, arguments: &[&str]) {
    let settings = [
        "user.name=t",
        "user.email=t@example.com",
        "protocol.file.allow=always",
    ];
    let mut command = Command::new("git");
    for setting in settings {
        command.args(["-c", setting]);
    }
    let status = command.args(arguments).current_dir(directory).status();
    assert!(status.unwrap().success(), "{arguments:?}");
}

/// A configuration with this password.
pub fn config(password: &str) -> DatabaseConfig {
    let variables = [
        ("MYSQL_DB", "shop_database"),
        ("MYSQL_USER", "shop_user"),
        ("MYSQL_HOST", "db.shop.test"),
        ("MYSQL_PASSWORD", password),
    ];
    DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables)
        .load()
        .unwrap()
}

/// `path:line:column rule` of each finding.
pub fn places(findings: &Findings) -> Vec<String> {
    let place = |finding: &dbconf::Finding| {
        let text = finding.to_string();
        text.split(": ").next().unwrap().to_owned()
    };
    findings.iter().map(place).collect()
}

/// The notes, one per line.
pub fn notes(findings: &Findings) -> String {
    findings.notes().collect::<Vec<_>>().join("\n")
}
