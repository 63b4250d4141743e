//! Secrets files: what a document leads to in every way that it can be loaded.

use std::fs;
use std::path::PathBuf;

use dbconf::{DatabaseConfig, Error, ExposeSecret, Loader};
use tempfile::TempDir;

use super::canary::{see, see_all};

/// What the environment behind the file says, so that a file with a part of the keys leads to a configuration.
const REST: [(&str, &str); 2] = [
    ("MYSQL_URL", "mysql://u:from-env@h/d"),
    ("REPLICA_MYSQL_URL", "mysql://u:from-env@h/d"),
];
pub const PASSWORD: &str = "from-env";
pub const USER: &str = "u";
pub const DATABASE: &str = "d";

thread_local! {
    /// Outside of any git work tree, so that git is not asked.
    static DIRECTORY: TempDir = tempfile::tempdir().unwrap();
}

fn write(name: &str, document: &[u8]) -> PathBuf {
    let path = DIRECTORY.with(|directory| directory.path().join(name));
    fs::write(&path, document).unwrap();
    path
}

fn loader(path: PathBuf) -> Loader {
    let none: [(&str, &str); 0] = [];
    DatabaseConfig::loader().secrets_file(path).env_from(none)
}

/// Loads the document as the file `name` and looks at what is shown. What it is together with the environment is returned.
pub fn load(name: &str, document: &[u8]) -> Result<DatabaseConfig, Error> {
    let alone = loader(write(name, document));
    see(&alone.load());
    see_all(&alone.load_all());
    let with_rest = alone.env("MYSQL_").env_from(REST);
    see(&with_rest.clone().named("replica").load());
    let loaded = with_rest.load();
    see(&loaded);
    loaded
}

/// What `load` returns, and no more.
pub fn load_only(name: &str, document: &[u8]) -> Result<DatabaseConfig, Error> {
    let alone = loader(write(name, document));
    alone.env("MYSQL_").env_from(REST).load()
}

/// The document gives this very password.
pub fn gives(name: &str, document: &str, password: &str) {
    let loaded = loader(write(name, document.as_bytes())).load();
    see(&loaded);
    match loaded {
        Ok(config) => assert_eq!(config.password().expose_secret(), password, "{document}"),
        Err(error) => panic!("{document:?}: {error}"),
    }
}

/// A text without the one byte order mark that an editor may have put before it.
pub fn text(document: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(document).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}
