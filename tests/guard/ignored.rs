//! Files that must be ignored.

use std::fs;

use dbconf::Guard;

use crate::repository::{Repository, places};

fn outcome(repository: &Repository, path: &str) -> Vec<String> {
    places(
        &Guard::new(repository.path())
            .ignored(path)
            .findings()
            .unwrap(),
    )
}

#[test]
#[ignore = "needs git"]
fn a_file_need_not_exist_but_must_be_ignored_by_the_repository() {
    let repository = Repository::new();
    assert_eq!(
        outcome(&repository, "secrets.toml"),
        ["secrets.toml not-ignored"]
    );
    assert_eq!(
        outcome(&repository, "no/such/directory/.env"),
        ["no/such/directory/.env not-ignored"]
    );
    repository.write(".gitignore", "/secrets.toml\n.env\n");
    assert!(outcome(&repository, "secrets.toml").is_empty());
    assert!(outcome(&repository, "no/such/directory/.env").is_empty());
    let absolute = repository.path().join("secrets.toml");
    assert!(outcome(&repository, absolute.to_str().unwrap()).is_empty());
    repository.write("secrets.toml", "password = 'p'");
    assert!(outcome(&repository, "secrets.toml").is_empty());
}

#[test]
#[ignore = "needs git"]
fn a_tracked_file_is_not_ignored_whatever_a_rule_says() {
    let repository = Repository::new();
    repository.write(".gitignore", "secrets.toml\n");
    repository.write("secrets.toml", "password = 'p'");
    repository.git(&["add", "-f", "secrets.toml"]);
    assert_eq!(
        outcome(&repository, "secrets.toml"),
        ["secrets.toml tracked"]
    );
}

#[test]
#[ignore = "needs git"]
fn a_rule_that_clones_do_not_have_does_not_count() {
    let repository = Repository::new();
    repository.write(".git/info/exclude", "a.toml\n");
    let elsewhere = repository.path().join(".git/global-excludes");
    fs::write(&elsewhere, "b.toml\n").unwrap();
    repository.git(&["config", "core.excludesFile", elsewhere.to_str().unwrap()]);
    assert_eq!(outcome(&repository, "a.toml"), ["a.toml not-ignored"]);
    assert_eq!(outcome(&repository, "b.toml"), ["b.toml not-ignored"]);
    repository.write(".gitignore", "*.toml\n!c.toml\n");
    assert!(outcome(&repository, "a.toml").is_empty());
    assert_eq!(outcome(&repository, "c.toml"), ["c.toml not-ignored"]);
}

#[test]
#[ignore = "needs git"]
fn a_directory_below_the_top_has_its_own_files() {
    let repository = Repository::new();
    repository.write("service/src/main.rs", "fn main() {}\n");
    repository.write("service/.gitignore", "secrets.toml\n");
    let below = Guard::new(repository.path().join("service")).ignored("secrets.toml");
    assert!(below.findings().unwrap().is_empty());
    assert_eq!(
        outcome(&repository, "secrets.toml"),
        ["secrets.toml not-ignored"]
    );
}
