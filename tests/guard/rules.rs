//! What the rules find apart from the labelled lines, and what silences them.

use dbconf::Guard;

use crate::repository::{Repository, config, notes, places};

pub fn findings(name: &str, text: &str) -> Vec<String> {
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

/// What the first users of the guard wrote, apart from the labelled lines.
#[test]
#[ignore = "needs git"]
fn credentials_of_first_users_are_found() {
    let lines = [
        ("deploy/de.yml", "password: 'aK3mq!9xkLw2'"),
        (
            "main.tf",
            "  access_key = var.id\n  secret_key = \"Jf7vQ2mZx9Lr4TbK1pWc8NyH3sDg6UeA0oRiVhXt\"",
        ),
        ("init.sql", "SET PASSWORD FOR 'ops'@'%' = 'Tundra4Velvet';"),
        (
            "a.py",
            "\"PASSWORD\": env(\"DB_PASSWORD\", default=\"Tundra4Velvet\"),",
        ),
        (
            "a.rb",
            "password: ENV.fetch(\"DB_PASSWORD\") { \"Tundra4Velvet\" }",
        ),
        (
            "a.ts",
            "const p = process.env.DB_PASSWORD || 'Tundra4Velvet';",
        ),
        (
            "values.yaml",
            "password: {{ .Values.pw | default \"Tundra4Velvet\" }}",
        ),
        ("block.yaml", "password: |\n  Tundra4Velvet"),
        (".env.prod", "DB_PW=Tundra4Velvet"),
        ("table.md", "| password | `Umber7Zither` |"),
        ("bold.md", "**Password:** Umber7Zither"),
        (
            "code.md",
            "let password: String = \"Umber7Zither\".to_string();",
        ),
    ];
    for (name, text) in lines {
        assert_eq!(findings(name, text).len(), 1, "{text}");
    }
}

#[test]
#[ignore = "needs git"]
fn what_first_users_wrote_on_purpose_is_none() {
    let lines = [
        (
            "compose.yml",
            "test: [\"CMD-SHELL\", \"mysqladmin ping -u root -p$$MYSQL_ROOT_PASSWORD\"]",
        ),
        ("backup.sh", "mysqldump -u root --password shop > dump.sql"),
        (
            "a.tsx",
            "export const SET_PASSWORD = \"auth/SET_PASSWORD\";",
        ),
        (
            "b.tsx",
            "<Field name=\"password\" label=\"login.passwordLabel\" />",
        ),
        (
            "c.tsx",
            "<TextField type=\"password\" id=\"login-password-input\" />",
        ),
        ("openapi.yaml", "    password: oauth2"),
        (
            "ci.yml",
            "MYSQL_ROOT_PASSWORD: root\nPOSTGRES_PASSWORD: postgres",
        ),
        (
            "de.json",
            "{ \"password\": \"Passwort eingeben\", \"pw\": \"Kennwort\" }",
        ),
        ("a.rs", "const USER_PASSWORD: &str = \"2.5.4.35\";"),
    ];
    for (name, text) in lines {
        assert_eq!(findings(name, text), [""; 0], "{text}");
    }
}

#[test]
#[ignore = "needs git"]
fn a_marker_counts_where_the_secret_stands() {
    let text = "- name: DB_PASSWORD\n  value: 'Qu1etly'";
    assert_eq!(findings("a.yml", text), ["a.yml:2:11 password"]);
    let marked = format!("{text}  # gitleaks:allow\n");
    assert_eq!(findings("a.yml", &marked), [""; 0]);
    // Only the line behind a marker is the next one.
    let apart = "# pragma: allowlist nextline secret\n\npassword: 'Qu1etly'";
    assert_eq!(findings("a.yml", apart), ["a.yml:3:12 password"]);
}
