//! What the rules find apart from the labelled lines, and what silences them.

use dbconf::Guard;

use crate::repository::{Repository, config, notes, places};

fn findings(name: &str, text: &str) -> Vec<String> {
    let repository = Repository::new();
    repository.write(name, text);
    places(&Guard::new(repository.path()).findings().unwrap())
}

#[test]
#[ignore = "needs git"]
fn the_column_is_where_the_secret_begins() {
    let text = "é password = \"Qu1etly\"\n  let url = \"mysql://u:Qu1etly@h/d\";\nkey = AKIAZIJ5RJW7BUQH77G5\n";
    let expected = [
        "a.rs:1:15 password",
        "a.rs:2:24 url-password",
        "a.rs:3:7 aws-key",
    ];
    assert_eq!(findings("a.rs", text), expected);
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(findings("a.rs", &crlf), expected);
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let repository = Repository::new();
    repository.write("a.rs", utf_16);
    assert_eq!(
        places(&Guard::new(repository.path()).findings().unwrap()),
        expected
    );
}

#[test]
#[ignore = "needs git"]
fn markers_silence_a_line_and_allow_a_file() {
    let text = "\
a_password = 'Qu1etly'  # pragma: allowlist secret
b_password = 'Qu1etly'  # gitleaks:allow
# pragma: allowlist nextline secret
c_password = 'Qu1etly'
d_password = 'Qu1etly'
";
    assert_eq!(findings("a.py", text), ["a.py:5:15 password"]);
    let repository = Repository::new();
    repository.write("fixtures/a.py", text);
    let guard = Guard::new(repository.path()).allow("fixtures/**");
    assert!(guard.findings().unwrap().is_empty());
    // A secret that is in use is none that somebody can declare to be harmless.
    let known = Guard::new(repository.path())
        .secrets_of(&config("Qu1etly"))
        .findings()
        .unwrap();
    assert_eq!(known.len(), 4);
    assert!(
        known.iter().all(|finding| finding.rule() == "known-value"),
        "{known}"
    );
}

#[test]
#[ignore = "needs git"]
fn a_known_value_is_reported_once() {
    let repository = Repository::new();
    repository.write(
        "a.py",
        "password = 'Qu1etly'\nurl = 'mysql://u:Qu1etly@h/d'\n",
    );
    let findings = Guard::new(repository.path())
        .secrets_of(&config("Qu1etly"))
        .findings()
        .unwrap();
    assert_eq!(
        places(&findings),
        ["a.py:1:13 known-value", "a.py:2:18 known-value"]
    );
}

#[test]
#[ignore = "needs git"]
fn lines_of_any_length_and_across_windows() {
    let line = "password = 'Qu1etly'\n";
    let long = format!(
        "{}{line}{}\n{line}",
        "x".repeat(400_000),
        " ".repeat(300_000)
    );
    assert_eq!(
        findings("a.py", &long),
        ["a.py:1:400013 password", "a.py:3:13 password"]
    );
    let many = format!("{}\n", "y".repeat(61)).repeat(9_000);
    let text = format!("{many}{line}{many}{line}");
    assert_eq!(
        findings("a.py", &text),
        ["a.py:9001:13 password", "a.py:18002:13 password"]
    );
    let every: String = line.repeat(40_000);
    let repository = Repository::new();
    repository.write("a.py", every);
    assert_eq!(
        Guard::new(repository.path()).findings().unwrap().len(),
        40_000
    );
}

#[test]
#[ignore = "needs git"]
fn a_key_in_the_history_is_found() {
    let repository = Repository::new();
    let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgV7xk2Yq9Lm3T";
    let path = repository.write(
        "old.pem",
        format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"),
    );
    repository.commit_all();
    std::fs::remove_file(path).unwrap();
    repository.commit_all();
    let guard = Guard::new(repository.path()).history();
    let findings = guard.findings().unwrap();
    assert_eq!(findings.len(), 1);
    assert!(
        findings.to_string().contains("private-key"),
        "{findings} {}",
        notes(&findings)
    );
    assert!(!findings.to_string().contains(key));
}
