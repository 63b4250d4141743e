//! The canary in deserialized values, figment providers, and under the wrong key.

use super::*;

#[test]
fn deserialized() {
    // What the text of the error must hold; nothing where it loads. A numeric canary stands where no text can.
    let cases = [
        (
            r#"{"database":{"database":"d","user":"u","password":"§","host":"h"}}"#,
            "",
        ),
        (r#"{"database":"§"}"#, "this is no URL"),
        (r#"{"database":["§"]}"#, "a table with database"),
        (r#"{"database":31415926535}"#, "a table with database"),
        (r#"{"database":-31415926535}"#, "a table with database"),
        (r#"{"database":31415926.535}"#, "a table with database"),
        (r#"{"database":null,"x":"§"}"#, "a table with database"),
        (
            r#"{"database":{"password":["§"]}}"#,
            "password: must be text, but is an array",
        ),
        (
            r#"{"database":{"password":{"§":"§"}}}"#,
            "password: must be text, but is a table",
        ),
        (
            r#"{"database":{"password":31415926535}}"#,
            "password: must be text, but is a number",
        ),
        (
            r#"{"database":{"password":31415926.535}}"#,
            "password: must be text, but is a number",
        ),
        (
            r#"{"database":{"password":"§","password":"§x"}}"#,
            "password: set twice",
        ),
        (
            r#"{"database":{"password":"§","user":"u\n§"}}"#,
            "user: holds a control character",
        ),
        (r#"{"database":{"port":"§"}}"#, "port: is no port number"),
        (
            r#"{"database":{"port":31415926535}}"#,
            "port: is no port number",
        ),
        (r#"{"database":{"ssl":"§"}}"#, "ssl_mode: is no ssl mode"),
        (r#"{"database":{"ssl":31415926535}}"#, "ssl_mode: must be"),
        (r#"{"database":{"§":"§"}}"#, "password: missing"),
    ];
    let mut watch = Watch::start();
    for (json, expected) in cases {
        let filled = json.replace('§', CANARY);
        watch.catch(json, || texts_of_hosted(&filled));
        match serde_json::from_str::<Host>(&filled) {
            Ok(_) if expected.is_empty() => {}
            Err(error) if !expected.is_empty() && error.to_string().contains(expected) => {}
            outcome => watch.fail(format!("{json}: wanted {expected:?}, got {outcome:?}")),
        }
    }
    // A host format whose keys are not text: JSON has none.
    let keys = [(31415926535_u64, "x")].into_iter();
    let map = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(keys);
    let error = serde::Deserialize::deserialize(map).map(|_: DatabaseConfig| ());
    watch.see("a number as key", &texts_of_any_error(&error.unwrap_err()));
    watch.end();
}

/// The user of one layer and the password of another.
#[test]
fn mixed_credentials() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.toml");
    fs::write(&path, format!("user = 'x{CANARY}'\npassword = '{CANARY}'")).unwrap();
    let over = [("MYSQL_USER", "§"), ("MYSQL_PASSWORD", "-")];
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .secrets_file(path)
        .env_from(variables(&over, ""));
    let mut watch = Watch::start();
    let expected = Fails(&[(MixedCredentials, USER)]);
    check(&mut watch, "mixed credentials", &loader, &expected);
    watch.end();
}

/// Where the password was given as another key as well, that key is not shown either: not in the table, not in the URL.
#[test]
fn password_under_another_key() {
    let passwords = [CANARY, "s3cr3t/C4n4ry é%41", "s3cr3t\\C4n4ry\"'"];
    let keys = [
        ("MYSQL_HOST", "host"),
        ("MYSQL_USER", "user"),
        ("MYSQL_DB", "database"),
        ("MYSQL_SOCKET", "socket"),
        ("MYSQL_SSL_CA", "ssl_ca"),
    ];
    let mut watch = Watch::start();
    for password in passwords {
        // Only the first could be a host.
        for (variable, key) in &keys[usize::from(password != CANARY)..] {
            let mut given = variables(&[], "");
            given.insert("MYSQL_PASSWORD".into(), password.into());
            given.insert((*variable).into(), password.into());
            let loader = DatabaseConfig::loader().env("MYSQL_").env_from(given);
            let config = loader.load().expect(variable);
            let row = config.explain().rows().find(|row| row.key() == *key);
            assert_eq!(row.unwrap().value(), "[REDACTED]", "{variable}");
            let case = format!("{password} in {variable}");
            watch.see_secret(&case, password, &texts_of_config(&config));
        }
    }
    // A mode is shown in capitals, and a path with the password somewhere inside.
    let inside = [
        (
            "MYSQL_SQL_MODE",
            "hunterhunter",
            "hunterhunter,STRICT_TRANS_TABLES",
        ),
        ("MYSQL_SSL_CA", CANARY, "/etc/s3cr3t-C4n4ry/ca.pem"),
    ];
    for (variable, password, value) in inside {
        let over = [("MYSQL_PASSWORD", password), (variable, value)];
        let loader = DatabaseConfig::loader().env("MYSQL_");
        let config = loader.env_from(variables(&over, "")).load().unwrap();
        watch.see_secret(variable, password, &texts_of_config(&config));
    }
    watch.end();
}

/// Every public type that can hold a secret or stand near one, formatted in every way that it has.
#[test]
fn every_public_type() {
    let over = [("MYSQL_SSL_CA", "/ca.pem"), ("MYSQL_SQL_MODE", "additive")];
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables(&over, ""));
    let config = loader.load().unwrap();
    assert_eq!(config.password().expose_secret(), CANARY);
    let mut watch = Watch::start();
    let mut texts = texts_of_config(&config);
    texts.push(format!("{loader:?} {loader:#?} {:?}", loader.clone()));
    texts.push(format!("{:?} {:#?}", config.password(), config.password()));
    texts.push(format!("{0:?} {0:#?} {0}", config.sql_mode()));
    texts.push(format!("{0:?} {0:#?} {0}", config.ssl_mode()));
    texts.push(format!("{0:?} {0:#?} {0}", Key::Password));
    texts.push(format!("{0:?} {0:#?}", ProblemKind::Missing));
    watch.see("every public type", &texts);
    // What is redacted says so, so that the check above has looked at the right texts.
    for text in [format!("{config:?}"), config.explain().to_string()] {
        assert!(text.contains("[REDACTED]"), "{text}");
    }
    assert_eq!(
        config.url().to_string().split('?').next().unwrap(),
        "mysql://app:[REDACTED]@db.example:3306/shop"
    );
    watch.end();
}
