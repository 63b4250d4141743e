//! Every problem at once, with what to do.

use super::*;

#[test]
fn every_problem_at_once_with_a_near_miss() {
    let error = env(&[
        ("MYSQL_PORT", "notaport"),
        ("DB_HOST", "h"),
        ("MYSQL_PASSWROD", "x"),
    ])
    .load()
    .unwrap_err();
    let found: Vec<_> = error.problems().map(|p| (p.kind(), p.key())).collect();
    use ProblemKind::{Invalid, Missing};
    assert_eq!(
        found,
        [
            (Missing, Some(Key::Database)),
            (Missing, Some(Key::User)),
            (Missing, Some(Key::Password)),
            (Missing, Some(Key::Host)),
            (Invalid, Some(Key::Port)),
        ]
    );
    let text = error.to_string();
    assert!(text.contains("MYSQL_PASSWROD is set, but is not read: did you mean MYSQL_PASSWORD?"));
    assert!(text.contains("DB_HOST is set, but is not read: did you mean MYSQL_HOST?"));
    let text = load_file("s.toml", "pasword = 'x'\nuser = 'u'")
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("`pasword` is there, but is not read: did you mean password?"),
        "{text}"
    );
}

#[test]
fn a_loader_without_a_layer_says_so() {
    let error = DatabaseConfig::loader()
        .env_from(COMPLETE)
        .load()
        .unwrap_err();
    assert!(error.to_string().contains(".env(\"MYSQL_\")"));
}

#[test]
fn a_named_secret_that_nobody_asks_is_said() {
    let error = env(&[("MYSQL_SECRET_ID", "prod/shop/mysql")])
        .load()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("MYSQL_SECRET_ID names a secret in AWS Secrets Manager")
    );
}

#[test]
fn files_that_cannot_be_read_or_parsed() {
    let missing = env(&[]).secrets_file("/nowhere/secrets.toml").load();
    assert_eq!(problems(missing), [(ProblemKind::Unreadable, None)]);
    assert_eq!(
        problems(load_file("s.yaml", "")),
        [(ProblemKind::Setup, None)]
    );
    let error = load_file("s.toml", "user = 'u'\npassword = p").unwrap_err();
    assert!(error.is_malformed() && error.to_string().contains("line 2"));
    let error = load_file("s.json", "{\"user\": \"u\",\n\"password\": }").unwrap_err();
    assert!(error.is_malformed() && error.to_string().contains("line 2"));
    assert!(load_file("s.json", "[]").unwrap_err().is_malformed());
    // A byte order mark is no part of the text.
    assert!(load_file("s.json", "\u{feff}{\"url\": \"mysql://u:p@h/d\"}").is_ok());
}

/// `/dev/zero` as a secrets file, or a path that was mistaken.
#[test]
#[cfg(unix)]
fn a_file_without_end_is_refused() {
    let error = env(&[("MYSQL_PASSWORD_FILE", "/dev/zero")])
        .load()
        .unwrap_err();
    assert!(error.is_unreadable());
    assert!(
        error.to_string().contains("is larger than 16 MiB"),
        "{error}"
    );
}

#[test]
fn names_of_databases_stay_on_their_line() {
    let (_directory, loader) = file(env(&[]), "s.toml", "[\"a\\nb\\u001b\"]\nport = 'x'");
    let error = loader.load_all().unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains('\u{fffd}') && !text.contains('\u{1b}'),
        "{text}"
    );
}
