//! The example as a user runs it: a process with its own environment and working directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const PASSWORD: &str = "p@ss:w/rd%#?+";
const VARIABLES: [(&str, &str); 5] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_PASSWORD", PASSWORD),
    ("MYSQL_HOST", "127.0.0.1"),
    ("MYSQL_PORT", "3306"),
];

fn run(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    // Cargo puts examples beside the directory of the test's own executable.
    let mut example: PathBuf = std::env::current_exe().unwrap();
    example.pop();
    example.pop();
    example.push("examples/print_config");
    Command::new(example)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output of a run that must succeed and may not show the password, whole or encoded.
fn shown(output: Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    let out = text(&output.stdout) + &text(&output.stderr);
    for form in [PASSWORD, "w/rd", "w%2Frd", "p%40ss", "cEBzczp3"] {
        assert!(!out.contains(form), "{out}");
    }
    out
}

#[test]
fn from_the_environment() {
    let directory = TempDir::new().unwrap();
    let out = shown(run(directory.path(), &VARIABLES, &[]));
    for (name, _) in VARIABLES {
        assert!(out.contains(&format!("environment: {name}")), "{out}");
    }
    assert!(out.contains("STRICT_TRANS_TABLES") && out.contains("[REDACTED]"));
    assert!(!out.contains('\x1b'), "colour is for terminals");
}

#[test]
fn from_the_file_and_shadowed() {
    let directory = TempDir::new().unwrap();
    let toml = format!(
        "database='shop'\nuser='app'\npassword='{PASSWORD}'\nhost='127.0.0.1'\nport=3306\n"
    );
    fs::write(directory.path().join("secrets.toml"), toml).unwrap();
    let out = shown(run(directory.path(), &[], &[]));
    assert!(out.contains("secrets.toml: password") && out.contains("secrets.toml: port"));
    let out = shown(run(directory.path(), &VARIABLES[..1], &[]));
    let row = out
        .lines()
        .find(|line| line.starts_with("database"))
        .unwrap();
    assert!(row.contains("environment: MYSQL_DB") && row.ends_with("secrets.toml: database"));
}

#[test]
fn the_secrets_file_that_the_environment_names_is_read_alone() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("secrets.toml"), "password = 'other'").unwrap();
    let path = directory.path().join("prod.json");
    fs::write(&path, r#"{"url": "mysql://app:p@h/shop"}"#).unwrap();
    let named = [("MYSQL_SECRETS_FILE", path.to_str().unwrap())];
    let out = shown(run(directory.path(), &named, &[]));
    assert!(out.contains("prod.json: url") && !out.contains("secrets.toml"));
    let gone = run(
        directory.path(),
        &[("MYSQL_SECRETS_FILE", "/nowhere/hunter2.toml")],
        &[],
    );
    let error = text(&gone.stderr);
    assert!(
        error.contains("named by MYSQL_SECRETS_FILE does not exist") && !error.contains("hunter2")
    );
}

#[test]
fn default_files_are_layers_in_order() {
    let directory = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("secrets.toml", "host = 'toml'");
    write("secrets.json", r#"{"host": "json", "user": "json"}"#);
    write(
        ".env",
        "MYSQL_HOST=env\nMYSQL_USER=env\nMYSQL_DB=env\nPORT=8080\nHOST=0.0.0.0\n",
    );
    let out = shown(run(
        directory.path(),
        &[("MYSQL_PASSWORD", PASSWORD)],
        &["--json"],
    ));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let value = |key: &str| {
        let keys = json["keys"].as_array().unwrap();
        keys.iter().find(|row| row["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(
        (value("host"), value("user"), value("database")),
        ("toml".into(), "json".into(), "env".into())
    );
    assert_eq!(
        (value("port"), value("password")),
        ("3306".into(), "[REDACTED]".into())
    );
}

#[test]
fn with_nothing_set() {
    let directory = TempDir::new().unwrap();
    let output = run(directory.path(), &[], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let error = text(&output.stderr);
    assert!(error.contains("4 problems"));
    for key in ["database", "user", "password", "host"] {
        assert!(error.contains(&format!("  {key}: missing")), "{error}");
    }
    assert!(error.contains("looked in: environment for MYSQL_HOST, MYSQL_HOST_FILE; secrets.toml, secrets.json, .env (none of them exists)"));
    assert!(error.contains("to fix: set MYSQL_HOST, or add host to secrets.toml"));
}

#[test]
fn the_url_redacted_and_exposed() {
    let directory = TempDir::new().unwrap();
    let out = shown(run(directory.path(), &VARIABLES, &["--url"]));
    assert!(out.starts_with("mysql://app:[REDACTED]@127.0.0.1:3306/shop?init_command="));
    let exposed = run(directory.path(), &VARIABLES, &["--url", "--expose"]);
    let url = text(&exposed.stdout);
    assert!(url.starts_with("mysql://app:p%40ss%3Aw%2Frd%25%23%3F%2B@127.0.0.1:3306/shop?"));
    assert_eq!(
        run(directory.path(), &VARIABLES, &["--expose"])
            .status
            .code(),
        Some(2)
    );
}
