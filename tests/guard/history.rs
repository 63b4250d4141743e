//! What was committed once is found, however it was removed.

use std::fs;

use crate::repository::{Repository, SECRET, notes, places};

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
