//! What was committed once is found, however it was removed.

use std::fs;

use crate::repository::{Repository, SECRET, config, notes, places};

#[test]
#[ignore = "needs git"]
fn a_deleted_file_another_branch_a_message_and_what_is_staged() {
    let repository = Repository::new();
    let deleted = repository.write("old/deleted.env", format!("\n  {SECRET}"));
    repository.commit_all();
    fs::remove_file(deleted).unwrap();
    repository.commit_all();
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("side.bin", format!("\0{SECRET}"));
    repository.commit_all();
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&[
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        &format!("remove {SECRET}"),
    ]);
    repository.write("staged.txt", SECRET);
    repository.git(&["add", "staged.txt"]);
    repository.write("staged.txt", "not any more");
    assert!(repository.findings().is_empty());

    let findings = repository.guard().history().findings().unwrap();
    let mut places = places(&findings);
    places.iter_mut().for_each(|place| {
        let at = place.find('@').unwrap();
        place.replace_range(at..at + 13, "@OBJECT");
    });
    places.sort();
    let expected = [
        "(message)@OBJECT:6:8 known-value",
        "old/deleted.env@OBJECT:2:3 known-value",
        "side.bin@OBJECT:byte 1 known-value",
        "staged.txt@OBJECT:1:1 known-value",
    ];
    assert_eq!(places, expected);
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.object().unwrap().len())
            .max(),
        Some(40)
    );
    let allowed = repository
        .guard()
        .history()
        .allow("old/**")
        .findings()
        .unwrap();
    assert_eq!(allowed.len(), 3);
}

#[test]
#[ignore = "needs git"]
fn what_is_still_there_is_found_once() {
    let repository = Repository::new();
    repository.write("a/leak.txt", SECRET);
    repository.commit_all();
    repository.git(&["commit", "-q", "--amend", "--no-edit"]);
    let findings = repository.guard().history().findings().unwrap();
    assert_eq!(places(&findings), ["a/leak.txt:1:1 known-value"]);
    let below = dbconf::Guard::new(repository.path().join("a"))
        .secrets_of(&crate::repository::config(SECRET));
    assert_eq!(
        places(&below.history().findings().unwrap()),
        ["leak.txt:1:1 known-value"]
    );
}

#[test]
#[ignore = "needs git"]
fn many_objects_and_a_shallow_clone() {
    let repository = Repository::new();
    for file in 0..2_000 {
        repository.write(format!("many/{file}.txt"), format!("{file}\n").repeat(40));
    }
    repository.write("old.txt", SECRET);
    repository.commit_all();
    repository.git(&["rm", "-q", "old.txt"]);
    repository.commit_all();
    let findings = repository.guard().history().findings().unwrap();
    assert_eq!(findings.len(), 1);
    let clone = repository.path().join("clone");
    let origin = format!("file://{}", repository.path().display());
    repository.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &origin,
        clone.to_str().unwrap(),
    ]);
    let guard = dbconf::Guard::new(&clone).secrets_of(&crate::repository::config(SECRET));
    let shallow = guard.history().findings().unwrap();
    assert!(shallow.is_empty());
    assert!(notes(&shallow).contains("shallow clone"), "{shallow}");
}

#[test]
#[ignore = "needs git"]
fn a_rotated_value_is_told_from_the_one_that_is_still_there() {
    let repository = Repository::new();
    repository.write("a.py", "password = 'Qu1etly-old'\n");
    repository.commit_all();
    repository.write("a.py", "password = 'Qu1etly-new'\n");
    repository.commit_all();
    // By a rule, and as known values.
    let rule = dbconf::Guard::new(repository.path()).history();
    assert_eq!(rule.findings().unwrap().len(), 2);
    let known = rule
        .secrets_of(&config("Qu1etly-old"))
        .secrets_of(&config("Qu1etly-new"));
    assert_eq!(known.findings().unwrap().len(), 2);
}

#[test]
#[ignore = "needs git"]
fn a_file_of_two_names_is_searched_once_and_left_out_only_under_both() {
    let repository = Repository::new();
    for name in ["old/z.txt", "fixtures/a.txt"] {
        repository.write(name, SECRET);
        repository.commit_all();
        repository.git(&["rm", "-q", name]);
        repository.commit_all();
    }
    let guard = || repository.guard().history();
    assert_eq!(guard().findings().unwrap().len(), 1);
    let one = guard().allow("fixtures/**").findings().unwrap();
    assert_eq!(
        one.iter().map(|finding| finding.path()).collect::<Vec<_>>(),
        ["old/z.txt"]
    );
    let none = guard()
        .allow("fixtures/**")
        .allow("old/*")
        .findings()
        .unwrap();
    assert!(none.is_empty(), "{none}");
}

#[test]
#[ignore = "needs git"]
fn names_of_deleted_files_and_messages_of_tags() {
    const VALUE: &str = "hunter2hunter3";
    let repository = Repository::new();
    repository.write(format!("a/{VALUE}.txt"), "the same");
    repository.write(format!("line\n{VALUE}.txt"), "another");
    repository.commit_all();
    repository.git(&["mv", &format!("a/{VALUE}.txt"), "a/clean.txt"]);
    repository.git(&["rm", "-q", &format!("line\n{VALUE}.txt")]);
    repository.commit_all();
    repository.git(&["tag", "-a", "v1", "-m", VALUE]);
    let guard = dbconf::Guard::new(repository.path()).secrets_of(&config(VALUE));
    assert!(guard.findings().unwrap().is_empty());
    let findings = guard.history().findings().unwrap();
    let mut paths: Vec<&str> = findings.iter().map(|finding| finding.path()).collect();
    paths.sort();
    assert_eq!(
        paths,
        ["(message)", "a/[REDACTED].txt", r"line\n[REDACTED].txt"]
    );
}

#[test]
#[ignore = "needs git"]
fn replacements_hide_nothing() {
    let repository = Repository::new();
    repository.write("a.txt", SECRET);
    repository.commit_all();
    repository.git(&["tag", "bad", "HEAD:a.txt"]);
    repository.write("a.txt", "clean");
    repository.commit_all();
    repository.git(&["replace", "bad", "HEAD:a.txt"]);
    repository.git(&["tag", "-d", "bad"]);
    assert_eq!(repository.guard().history().findings().unwrap().len(), 1);
}

#[test]
#[ignore = "needs git"]
fn a_partial_clone_is_not_completed() {
    let repository = Repository::new();
    repository.write("old.txt", SECRET);
    repository.commit_all();
    repository.git(&["rm", "-q", "old.txt"]);
    repository.commit_all();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = tempfile::TempDir::new().unwrap();
    let origin = format!("file://{}", repository.path().display());
    let directory = clone.path().to_str().unwrap();
    repository.git(&["clone", "-q", "--filter=blob:none", &origin, directory]);
    let guard = dbconf::Guard::new(clone.path()).secrets_of(&config(SECRET));
    let findings = guard.history().findings().unwrap();
    assert!(findings.is_empty(), "{findings}");
    let notes = notes(&findings);
    assert!(
        notes.contains("1 object of the history not searched: not in this clone"),
        "{notes}"
    );
}

#[test]
#[ignore = "needs git"]
fn a_rotated_private_key_and_a_file_of_the_same_name_above() {
    let repository = Repository::new();
    let key =
        |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    for body in [
        "V7xk2Yq9Lm3TMIGHAgEAMBMGByqGSM49AgEGCCqGSM49",
        "ByqGSM49AgEGCCqGSM49V7xk2Yq9Lm3TMIGHAgEAMBMG",
    ] {
        repository.write("id.pem", key(body));
        repository.commit_all();
    }
    let findings = dbconf::Guard::new(repository.path()).history().findings();
    assert_eq!(findings.unwrap().len(), 2);

    repository.write("a.env", "password = 'Qu1etly'");
    repository.write("sub/a.env", "password = 'Qu1etly'\n");
    repository.commit_all();
    let below = dbconf::Guard::new(repository.path().join("sub")).history();
    let findings = below.findings().unwrap();
    let of_env = findings
        .iter()
        .filter(|finding| finding.path().ends_with("a.env"));
    assert_eq!(of_env.count(), 2, "{findings}");
}

#[test]
#[ignore = "needs git"]
fn whatever_is_configured_every_path_is_known() {
    let repository = Repository::new();
    repository.write("fixtures/a", SECRET);
    repository.write("other/z", SECRET);
    repository.commit_all();
    repository.git(&["rm", "-rq", "fixtures", "other"]);
    repository.commit_all();
    // Staged alone, and clean in the work tree.
    repository.write("fixtures/b", format!("b{SECRET}"));
    repository.commit_all();
    repository.write("staged", format!("b{SECRET}"));
    repository.git(&["add", "staged"]);
    repository.write("staged", "clean");
    for setting in [
        "diff.relative=true",
        "log.diffMerges=off",
        "diff.orderFile=nope",
        "log.showSignature=true",
    ] {
        let (name, value) = setting.split_once('=').unwrap();
        repository.git(&["config", name, value]);
    }
    let guard = repository.guard().history().allow("fixtures/**");
    let findings = guard.findings().unwrap();
    let mut paths: Vec<&str> = findings.iter().map(|finding| finding.path()).collect();
    paths.sort();
    assert_eq!(paths, ["other/z", "staged"]);
}
