//! The names that count in each layer, files that hold one value, and names that nearly count.

use super::*;

#[test]
fn names_in_any_case_and_by_alias() {
    let json = r#"{"DbName": "shop", "USERNAME": "app", "Password": "p", "HOST": "h", "Port": 3307,
        "ssl": true, "init_command": "set session SQL_MODE = 'TRADITIONAL'"}"#;
    let config = load_file("secrets.json", json).unwrap();
    assert_eq!((config.database(), config.port()), ("shop", 3307));
    assert_eq!(config.ssl_mode(), SslMode::Required);
    assert_eq!(config.init_command(), Some("SET sql_mode='TRADITIONAL'"));
    let toml = "MYSQL_DATABASE = 'shop'\nmysql_user = 'app'\nMYSQL_PASSWORD = 'p'\nMYSQL_HOST = 'h'\nMYSQL_PORT = '3307'";
    assert_eq!(load_file("secrets.toml", toml).unwrap().port(), 3307);
}

#[test]
fn dotenv_knows_the_environments_names_alone() {
    let text = "# web\nPORT=8080\nHOST=0.0.0.0\nuser=nobody\nexport MYSQL_DB=shop # comment\n MYSQL_USER = app\n\
        MYSQL_PASSWORD='p # $HOME'\nMYSQL_HOST=db#1.example.com\nMYSQL_HOST_=x\n";
    let error = load_file(".env", text).unwrap_err();
    assert_eq!(
        error.problems().next().unwrap().key(),
        Some(Key::Host),
        "# without a blank before it belongs to the value"
    );
    let config = load_file("prod.env", &text.replace("#1", "")).unwrap();
    assert_eq!(config.host(), "db.example.com");
    assert_eq!(config.port(), 3306);
    assert_eq!(config.user(), "app");
    assert_eq!(password(&config), "p # $HOME");
}

#[test]
fn a_broken_dotenv_line_is_an_error_only_where_it_is_ours() {
    let rest = "MYSQL_DB=shop\nMYSQL_USER=app\nMYSQL_HOST=h\nMYSQL_PASSWORD=p\n";
    let config = load_file(
        ".env",
        &format!("OTHER='unclosed\nnot an assignment\n{rest}"),
    )
    .unwrap();
    assert!(
        config
            .explain()
            .notes()
            .any(|note| note.contains("2 lines could not be read"))
    );
    let broken = load_file(".env", &format!("{rest}MYSQL_PORT='33"));
    assert_eq!(problems(broken), [(ProblemKind::Malformed, None)]);
}

#[test]
fn file_variables_hold_a_path() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("password");
    let with = |text: &[u8]| {
        fs::write(&path, text).unwrap();
        let mut variables = COMPLETE.map(|(n, v)| (n, v.to_owned())).to_vec();
        variables[2] = ("MYSQL_PASSWORD_FILE", path.display().to_string());
        DatabaseConfig::loader().env("MYSQL_").env_from(variables)
    };
    for (text, expected) in [
        ("p", "p"),
        ("p\n", "p"),
        ("p\r\n", "p"),
        ("p\n\n", "p\n"),
        (" p \r", " p \r"),
    ] {
        let config = with(text.as_bytes()).load().unwrap();
        assert_eq!(password(&config), expected);
        assert_eq!(source(&config, "password"), "MYSQL_PASSWORD_FILE");
    }
    let not_utf8 = problems(with(b"p\xff").load());
    assert_eq!(not_utf8, [(ProblemKind::NotUtf8, Some(Key::Password))]);
    fs::remove_file(&path).unwrap();
    let gone = with(b"p");
    fs::remove_file(&path).unwrap();
    let problems = problems(gone.load());
    assert!(problems.contains(&(ProblemKind::Unreadable, Some(Key::Password))));
}

#[test]
fn a_value_and_its_file_together_are_a_conflict() {
    let mut variables = COMPLETE.to_vec();
    variables.push(("MYSQL_PASSWORD_FILE", "/dev/null"));
    // An empty file counts as not set, so only one value is left.
    assert!(env(&variables).load().is_ok());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let path = path.to_str().unwrap();
    variables[4] = ("MYSQL_USER_FILE", path);
    assert_eq!(
        problems(env(&variables).load()),
        [(ProblemKind::Conflict, Some(Key::User))]
    );
}

#[test]
fn two_spellings_may_only_say_the_same() {
    let mut variables = COMPLETE.to_vec();
    variables.push(("MYSQL_DATABASE", "shop"));
    assert!(env(&variables).load().is_ok());
    variables[4].1 = "other";
    assert_eq!(
        problems(env(&variables).load()),
        [(ProblemKind::Conflict, Some(Key::Database))]
    );
    let twice = r#"{"password": "a", "password": "b", "user": "u", "db": "d", "host": "h"}"#;
    assert_eq!(
        problems(load_file("s.json", twice)),
        [(ProblemKind::Conflict, Some(Key::Password))]
    );
}

#[test]
fn another_prefix_replaces_every_name() {
    let variables = COMPLETE.map(|(name, value)| (name.replace("MYSQL_", "SHOP_"), value));
    let loader = DatabaseConfig::loader().env("SHOP_");
    assert!(loader.clone().env_from(variables).load().is_ok());
    let text = loader.env_from(COMPLETE).load().unwrap_err().to_string();
    assert!(
        text.contains("MYSQL_PASSWORD is set, but is not read: did you mean SHOP_PASSWORD?"),
        "{text}"
    );
}

#[test]
fn prefixes_of_any_kind_count_in_files() {
    for (prefix, text) in [
        ("", "DB=d\nUSER=u\nPASSWORD=p\nHOST=h\nSQL_MODE=server"),
        (
            "SQL_",
            "SQL_DB=d\nSQL_USER=u\nSQL_PASSWORD=p\nSQL_HOST=h\nSQL_SQL_MODE=server",
        ),
    ] {
        let loader = DatabaseConfig::loader().env(prefix).env_from([("", ""); 0]);
        let (_directory, loader) = file(loader, ".env", text);
        assert_eq!(loader.load().unwrap().init_command(), None);
    }
    let loader = DatabaseConfig::loader()
        .env("shop_")
        .env_from([("", ""); 0]);
    let (_directory, loader) = file(loader, "s.toml", "shop_url = 'mysql://u:p@h/d'");
    assert!(loader.load().is_ok());
    assert!(env(&COMPLETE).named("").load().is_err());
}

#[test]
fn unknown_keys_are_counted_not_shown() {
    let (_directory, loader) = file(
        env(&[]),
        "s.toml",
        &format!("{FILE}hunter2 = 1\nprot = 3307\n"),
    );
    let config = loader.load().unwrap();
    let notes: Vec<String> = config.explain().notes().map(str::to_owned).collect();
    assert!(notes[0].ends_with("2 keys are not known"), "{notes:?}");
    assert_eq!(notes[1], "`prot` is not known, but looks like `port`");
    assert!(!format!("{}", config.explain()).contains("hunter2"));
}
