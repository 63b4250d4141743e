//! What a load does with its layers: priority, names, defaults, and every problem at once.

mod layers;
mod names;
mod problems;
mod urls;
mod values;

use std::fs;
use std::path::PathBuf;

use dbconf::{DatabaseConfig, Error, ExposeSecret, Key, Loader, ProblemKind, SslMode};
use tempfile::TempDir;

const COMPLETE: [(&str, &str); 4] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_PASSWORD", "from-env"),
    ("MYSQL_HOST", "127.0.0.1"),
];
const FILE: &str =
    "database = 'filedb'\nuser = 'app'\npassword = 'from-file'\nhost = 'db.example.com'\n";

fn env(variables: &[(&str, &str)]) -> Loader {
    DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables.iter().copied())
}

/// A loader that reads one file of this name and text, and the directory that holds it.
fn file(loader: Loader, name: &str, text: &str) -> (TempDir, Loader) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    (directory, loader.secrets_file(path))
}

fn load_file(name: &str, text: &str) -> Result<DatabaseConfig, Error> {
    let (_directory, loader) = file(env(&[]), name, text);
    loader.load()
}

fn password(config: &DatabaseConfig) -> &str {
    config.password().expose_secret()
}

/// Kind and key of every problem.
fn problems(outcome: Result<DatabaseConfig, Error>) -> Vec<(ProblemKind, Option<Key>)> {
    let error = outcome.expect_err("the load must fail");
    error.problems().map(|p| (p.kind(), p.key())).collect()
}

/// The source of a key, as the report has it.
fn source(config: &DatabaseConfig, key: &str) -> String {
    let explain = config.explain();
    let row = explain.rows().find(|row| row.key() == key).unwrap();
    row.source()
        .map_or("default".to_owned(), |source| source.name())
}
