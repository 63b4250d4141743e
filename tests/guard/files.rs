//! Which files are searched, and where in them something is found.

use std::fs;

use dbconf::Guard;
use tempfile::TempDir;

use crate::repository::{Repository, SECRET, config, notes, places};

#[test]
#[ignore = "needs git"]
fn tracked_untracked_and_force_added_files_are_searched_and_ignored_ones_are_not() {
    let repository = Repository::new();
    repository.write(".gitignore", "*.log\n/secrets.toml\n");
    for name in ["tracked.txt", "forced.log", "ignored.log", "secrets.toml"] {
        repository.write(name, SECRET);
    }
    repository.git(&["add", "-f", "tracked.txt", "forced.log"]);
    repository.write("untracked.txt", SECRET);
    let expected = [
        "forced.log:1:1 known-value",
        "tracked.txt:1:1 known-value",
        "untracked.txt:1:1 known-value",
    ];
    assert_eq!(places(&repository.findings()), expected);
    repository.commit_all();
    assert_eq!(places(&repository.findings()), expected);
}

#[cfg(unix)]
#[test]
#[ignore = "needs git"]
fn names_that_are_hard_to_write() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::new();
    repository.write("a\nb\t\u{1b}[31m.txt", SECRET);
    repository.write(" leading.txt", SECRET);
    repository.write(":(exclude)x", SECRET);
    repository.write("ü.txt", SECRET);
    repository.write(OsStr::from_bytes(b"latin-\xe9.txt"), SECRET);
    repository.write("100644 0000 0\ttab", SECRET);
    let expected = [
        " leading.txt:1:1 known-value",
        "100644 0000 0\\ttab:1:1 known-value",
        ":(exclude)x:1:1 known-value",
        "a\\nb\\t\\u{1b}[31m.txt:1:1 known-value",
        "latin-\\xe9.txt:1:1 known-value",
        "ü.txt:1:1 known-value",
    ];
    assert_eq!(places(&repository.findings()), expected);
    repository.commit_all();
    assert_eq!(places(&repository.findings()), expected);
}

#[test]
#[ignore = "needs git"]
fn a_value_in_the_name_of_a_file_is_found_and_not_shown() {
    let repository = Repository::new();
    repository.write(
        "dump-of-hunter2hunter3.txt",
        "nothing; and hunter2hunter3\n",
    );
    let guard = Guard::new(repository.path()).secrets_of(&config("hunter2hunter3"));
    let findings = guard.findings().unwrap();
    let expected = [
        "dump-of-[REDACTED].txt known-value",
        "dump-of-[REDACTED].txt:1:14 known-value",
    ];
    assert_eq!(places(&findings), expected);
    assert!(!format!("{findings}{:?}{}", guard, findings.to_sarif()).contains("hunter2hunter3"));
}

#[cfg(unix)]
#[test]
#[ignore = "needs git"]
fn a_link_is_searched_and_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("leak.txt"), SECRET).unwrap();
    let repository = Repository::new();
    symlink(
        outside.path().join("leak.txt"),
        repository.path().join("followed"),
    )
    .unwrap();
    symlink(
        format!("/nowhere/{}", SECRET.replace('/', "")),
        repository.path().join("clean"),
    )
    .unwrap();
    symlink("/hunter2hunter3", repository.path().join("held")).unwrap();
    symlink("/hunter2hunter3", repository.path().join("held-tracked")).unwrap();
    repository.git(&["add", "held-tracked"]);
    let findings = repository
        .guard()
        .secrets_of(&config("hunter2hunter3"))
        .findings()
        .unwrap();
    assert_eq!(
        places(&findings),
        ["held:1:2 known-value", "held-tracked:1:2 known-value"]
    );
}

#[test]
#[ignore = "needs git"]
fn line_ends_and_columns() {
    let repository = Repository::new();
    repository.write(
        "crlf.txt",
        format!("a\r\nb\r\n  ü {SECRET}\r\n{SECRET} {SECRET}"),
    );
    repository.write("mark.txt", format!("\u{feff}{SECRET}"));
    let expected = [
        "crlf.txt:3:5 known-value",
        "crlf.txt:4:1 known-value",
        "crlf.txt:4:20 known-value",
        "mark.txt:1:1 known-value",
    ];
    assert_eq!(places(&repository.findings()), expected);
}

#[test]
#[ignore = "needs git"]
fn a_tracked_file_that_was_deleted_is_passed_over_and_said() {
    let repository = Repository::new();
    let path = repository.write("gone.txt", SECRET);
    let inside = repository.write("was-directory/gone.txt", SECRET);
    repository.commit_all();
    fs::remove_file(path).unwrap();
    fs::remove_dir_all(inside.parent().unwrap()).unwrap();
    repository.write("was-directory", "now a file");
    let findings = repository.findings();
    assert!(findings.is_empty());
    assert!(notes(&findings).contains("2 tracked files"), "{findings}");
}

#[test]
#[ignore = "needs git"]
fn allowed_files_are_left_out_and_counted() {
    let repository = Repository::new();
    for name in [
        "tests/fixtures/a/b.txt",
        "tests/fixtures/c.txt",
        "tests/d.txt",
        "e.snap",
    ] {
        repository.write(name, SECRET);
    }
    let guard = repository
        .guard()
        .allow("tests/fixtures/**")
        .allow("*.snap")
        .allow("nothing/*");
    let findings = guard.findings().unwrap();
    assert_eq!(places(&findings), ["tests/d.txt:1:1 known-value"]);
    let notes = notes(&findings);
    assert!(
        notes.contains(r#"allow("tests/fixtures/**"): 2 files not searched"#),
        "{notes}"
    );
    assert!(
        notes.contains(r#"allow("nothing/*") leaves out no file"#),
        "{notes}"
    );
    let error = repository.guard().allow("a[").findings().unwrap_err();
    assert!(error.to_string().contains("a[ is no glob"), "{error}");
}
