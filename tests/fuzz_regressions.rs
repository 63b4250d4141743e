//! What the fuzzers once found, and inputs like it, checked by the fuzz targets' own code. They are the seeds of the fuzzers, too.

#[path = "../fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Every input of a target, in the order of their names.
fn run(target: &str, check: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_regressions");
    let files = fs::read_dir(directory.join(target)).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let input = fs::read(&path).unwrap();
        let outcome = catch_unwind(|| check(&input));
        assert!(outcome.is_ok(), "{}", path.display());
    }
}

#[test]
fn toml() {
    run("toml", checks::toml::check);
}

#[test]
fn json() {
    run("json", checks::json::check);
}

#[test]
fn dotenv() {
    run("dotenv", checks::dotenv::check);
}

#[test]
fn url() {
    run("url", checks::url::check);
}

#[cfg(feature = "aws")]
#[test]
fn secret() {
    run("secret", checks::secret::check);
}

#[cfg(feature = "guard")]
#[test]
#[ignore = "needs git"]
fn guard() {
    run("guard", checks::guard::check);
}
