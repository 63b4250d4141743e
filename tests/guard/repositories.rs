//! Repositories as they come: several work trees, submodules, conflicts, broken ones and none.

use std::fs;
use std::process::Command;

use dbconf::Guard;
use tempfile::TempDir;

use crate::repository::{Repository, SECRET, config, git, notes, places};

#[test]
#[ignore = "needs git"]
fn submodules_and_repositories_inside_are_left_alone_and_said() {
    let other = Repository::new();
    other.write("leak.txt", SECRET);
    other.commit_all();
    let repository = Repository::new();
    repository.git(&[
        "submodule",
        "--quiet",
        "add",
        other.path().to_str().unwrap(),
        "module",
    ]);
    repository.commit_all();
    let nested = repository.path().join("nested");
    fs::create_dir(&nested).unwrap();
    git(&nested, &["init", "-q"]);
    fs::write(nested.join("leak.txt"), SECRET).unwrap();
    let findings = repository.findings();
    assert!(findings.is_empty(), "{findings}");
    let notes = notes(&findings);
    assert!(notes.contains("1 submodule not searched"), "{notes}");
    assert!(
        notes.contains("1 repository inside the work tree not searched"),
        "{notes}"
    );
    // In its own work tree, the submodule is a repository like any other.
    let module = Guard::new(repository.path().join("module")).secrets_of(&config(SECRET));
    assert_eq!(
        places(&module.findings().unwrap()),
        ["leak.txt:1:1 known-value"]
    );
}

#[test]
#[ignore = "needs git"]
fn a_second_work_tree_and_a_directory_below_the_top() {
    let repository = Repository::new();
    repository.write("deep/er/leak.txt", SECRET);
    repository.write("above.txt", SECRET);
    repository.commit_all();
    let other = TempDir::new().unwrap();
    let tree = other.path().join("tree");
    repository.git(&[
        "worktree",
        "add",
        "-q",
        tree.to_str().unwrap(),
        "-b",
        "other",
    ]);
    let below = Guard::new(tree.join("deep"))
        .secrets_of(&config(SECRET))
        .findings()
        .unwrap();
    assert_eq!(places(&below), ["er/leak.txt:1:1 known-value"]);
    assert!(notes(&below).contains("only deep/ of the work tree was searched"));
    let sarif = below.to_sarif().to_string();
    assert!(sarif.contains(r#""uri":"deep/er/leak.txt""#), "{sarif}");
    let all = Guard::new(&tree)
        .secrets_of(&config(SECRET))
        .findings()
        .unwrap();
    assert_eq!(
        places(&all),
        [
            "above.txt:1:1 known-value",
            "deep/er/leak.txt:1:1 known-value"
        ]
    );
}

#[test]
#[ignore = "needs git"]
fn a_conflict_is_searched_once() {
    let repository = Repository::new();
    repository.write("a.txt", "base\n");
    repository.commit_all();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.txt", "side\n");
    repository.commit_all();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.txt", SECRET);
    repository.commit_all();
    let mut merge = Command::new("git");
    assert!(
        !merge
            .args(["merge", "-q", "side"])
            .current_dir(repository.path())
            .output()
            .unwrap()
            .status
            .success()
    );
    assert_eq!(places(&repository.findings()), ["a.txt:2:1 known-value"]);
}

#[test]
#[ignore = "needs git"]
fn variables_of_git_are_not_listened_to() {
    // As in a hook, where git sets them for another repository.
    let repository = Repository::new();
    let other = Repository::new();
    let example = || {
        let mut example = Command::new(crate::example::path());
        let directory = other.path().join(".git");
        example
            .args(["--secrets", "secrets.env"])
            .arg(repository.path())
            .env("GIT_DIR", &directory)
            .env("GIT_WORK_TREE", other.path())
            .env("GIT_INDEX_FILE", directory.join("index"));
        example.output().unwrap()
    };
    repository.write(".gitignore", "secrets.env");
    repository.write("secrets.env", "PASSWORD=hunter2hunter3");
    assert_eq!(example().status.code(), Some(0));
    repository.write("leak.txt", "hunter2hunter3");
    let output = example();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("leak.txt:1:1 known-value"), "{text}");
}

#[test]
fn outside_of_a_repository_nothing_is_quietly_fine() {
    let directory = TempDir::new().unwrap();
    let guard = Guard::new(directory.path());
    let error = guard.findings().unwrap_err();
    assert!(error.is_not_a_repository());
    assert_eq!(format!("{error}"), format!("{error:?}"));
    assert!(error.to_string().contains("is not in a git work tree"));
    let panic = std::panic::catch_unwind(|| guard.assert_clean()).unwrap_err();
    assert!(
        panic
            .downcast_ref::<String>()
            .unwrap()
            .contains("is not in a git work tree")
    );
    assert!(
        Guard::new(directory.path().join("missing"))
            .findings()
            .is_err()
    );
}

#[test]
#[ignore = "needs git"]
fn nothing_to_search_is_an_error_and_so_is_a_broken_repository() {
    let directory = TempDir::new().unwrap();
    git(directory.path(), &["init", "-q"]);
    let error = Guard::new(directory.path()).findings().unwrap_err();
    assert!(error.to_string().contains("nothing was checked"));
    fs::remove_file(directory.path().join(".git/HEAD")).unwrap();
    let error = Guard::new(directory.path()).findings().unwrap_err();
    assert!(
        error.is_git_failure() && error.to_string().contains("not a git repository"),
        "{error}"
    );
}
