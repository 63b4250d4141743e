//! The canary in variables.

use super::*;

#[test]
fn environment() {
    let cases: &[(&[(&str, &str)], Outcome)] = &[
        (&[("MYSQL_PORT", "§")], Fails(&[(Invalid, PORT)])),
        (&[("MYSQL_PORT", "tcp://§:3306")], Loads("§")),
        (&[("MYSQL_HOST", "§ x")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_HOST", "[§]")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_HOST", "§:3306")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_USER", "§\u{7}")], Fails(&[(Invalid, USER)])),
        (&[("MYSQL_DB", "§\n")], Fails(&[(Invalid, DATABASE)])),
        (&[("MYSQL_SSL_MODE", "§")], Fails(&[(Invalid, SSL_MODE)])),
        (&[("MYSQL_SSL_CA", "/§\0")], Fails(&[(Invalid, SSL_CA)])),
        (
            &[("MYSQL_SSL_CA", "/§"), ("MYSQL_SSL_MODE", "REQUIRED")],
            Fails(&[(Conflict, SSL_MODE)]),
        ),
        (&[("MYSQL_SOCKET", "/§\t")], Fails(&[(Invalid, SOCKET)])),
        (
            &[("MYSQL_SOCKET", "/§"), ("MYSQL_SSL_MODE", "REQUIRED")],
            Fails(&[(Conflict, SSL_MODE)]),
        ),
        (
            &[("MYSQL_SOCKET", "/§"), ("MYSQL_PORT", "§")],
            Fails(&[(Invalid, PORT)]),
        ),
        (&[("MYSQL_SQL_MODE", "§")], Fails(&[(Invalid, SQL_MODE)])),
        (
            &[("MYSQL_SQL_MODE", "STRICT_TRANS_TABLES,§")],
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (&[("MYSQL_URL", "§")], BAD_URL),
        // All keys are there, so this one is not looked at; without the password it is.
        (&[("DATABASE_URL", "§")], Loads("§")),
        (&[("DATABASE_URL", "§"), ("MYSQL_PASSWORD", "-")], BAD_URL),
        (
            &[("MYSQL_PASSWORD", ""), ("MYSQL_ALLOW_EMPTY_PASSWORD", "§")],
            Fails(&[(Invalid, PASSWORD)]),
        ),
        (
            &[("MYSQL_DB", "-"), ("MYSQL_USER", "-"), ("MYSQL_HOST", "")],
            Fails(&[(Missing, DATABASE), (Missing, USER), (Missing, HOST)]),
        ),
        // Names that hold the canary, and a near miss whose value does.
        (
            &[("MYSQL_PASSWORD_§", "x"), ("MYSQL_PASSWORD", "-")],
            NO_PASSWORD,
        ),
        (&[("MYSQL_§", "x"), ("MYSQL_PASSWORD", "-")], NO_PASSWORD),
        (&[("§", "x"), ("MYSQL_PASSWORD", "-")], NO_PASSWORD),
        (
            &[("MYSQL_PASSWD", "§"), ("MYSQL_PASSWORD", "-")],
            NO_PASSWORD,
        ),
        (
            &[("MYSQL_SECRET_ID", "§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Missing, PASSWORD), (Setup, None)]),
        ),
        // Paths are values too.
        (
            &[("MYSQL_PASSWORD_FILE", "/no/§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_PASSWORD_FILE", "{dir}/§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_PASSWORD_FILE", "§\0"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[
                ("MYSQL_PASSWORD_FILE", "§§§§§§§§§§§§§§§§§§§§§§§"),
                ("MYSQL_PASSWORD", "-"),
            ],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_HOST_FILE", "/no/§"), ("MYSQL_HOST", "-")],
            Fails(&[(Unreadable, HOST)]),
        ),
        (&[("MYSQL_URL_FILE", "/no/§")], Fails(&[(Unreadable, URL)])),
        (
            &[("MYSQL_SECRETS_FILE", "/no/§.toml")],
            Fails(&[(Unreadable, None)]),
        ),
        (&[("MYSQL_SECRETS_FILE", "§")], Fails(&[(Unreadable, None)])),
        (
            &[("MYSQL_SECRETS_FILE", "§\0.toml")],
            Fails(&[(Unreadable, None)]),
        ),
        // Contradictions.
        (
            &[("MYSQL_PASSWORD_FILE", "{dir}/file")],
            Fails(&[(Conflict, PASSWORD)]),
        ),
        (&[("MYSQL_DATABASE", "§")], Fails(&[(Conflict, DATABASE)])),
        (&[("MYSQL_URL", "mysql://§:other-password@h/d")], Loads("§")),
    ];
    let mut watch = Watch::start();
    for (over, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(CANARY)).unwrap();
        fs::write(dir.path().join("file"), CANARY).unwrap();
        let loader = DatabaseConfig::loader()
            .env("MYSQL_")
            .default_secrets_files()
            .env_from(variables(over, dir.path().to_str().unwrap()));
        check(&mut watch, &format!("{over:?}"), &loader, expected);
    }
    watch.end();
}

/// Every variable in turn, with a value that is not UTF-8.
#[cfg(unix)]
#[test]
fn environment_that_is_not_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let keys = [
        ("DB", DATABASE),
        ("USER", USER),
        ("PASSWORD", PASSWORD),
        ("HOST", HOST),
        ("PORT", PORT),
        ("SOCKET", SOCKET),
        ("SSL_MODE", SSL_MODE),
        ("SSL_CA", SSL_CA),
        ("SQL_MODE", SQL_MODE),
        ("URL", URL),
        ("SECRETS_FILE", None),
        ("PORT_FILE", PORT),
    ];
    let broken = OsString::from_vec([CANARY.as_bytes(), b"\xff", CANARY.as_bytes()].concat());
    let mut watch = Watch::start();
    for (name, key) in keys {
        let mut given: HashMap<OsString, OsString> = variables(&[], "")
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        given.insert(format!("MYSQL_{name}").into(), broken.clone());
        // A name that is not UTF-8 is none of ours.
        given.insert(broken.clone(), CANARY.into());
        let loader = DatabaseConfig::loader()
            .env("MYSQL_")
            .default_secrets_files()
            .env_from(given);
        watch.catch(name, || texts_of_error(&loader.load().unwrap_err()));
        let error = loader.load().unwrap_err();
        let found: Vec<_> = error.problems().map(|p| (p.kind(), p.key())).collect();
        assert_eq!(found, [(NotUtf8, key)], "{name}: {error}");
    }
    watch.end();
}
