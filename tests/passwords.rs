//! Every password comes out byte for byte, from every layer and through the URL, and so does every other key.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use dbconf::{DatabaseConfig, Error, ExposeSecret, Key, ProblemKind};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

/// Passwords that some parser takes for something else.
fn odd_passwords() -> Vec<String> {
    let odd = [
        "0123",
        "1e5",
        "+5",
        "1.0",
        "0x1F",
        "true",
        "null",
        "~",
        "[x]",
        "[x",
        "{a=b}",
        "\"quoted\"",
        "'q'",
        "it's",
        " pad ",
        "\tpad\t",
        "p@ss:w/rd%#?é+ \"'\\",
        "a%41b",
        "100%",
        "$HOME",
        "${HOME}",
        "p$foo",
        "#hash",
        "a #b",
        "a\\nb",
        "\\",
        "line\nbreak",
        "one\n",
        "one\r\n",
        "two\n\n",
        "\n",
        "\r",
        "\u{feff}bom",
        "\u{1}\u{7f}\u{85}\u{2028}",
        "tcp://10.0.0.1:3306",
        "mysql://u:p@h/d",
        "\u{8}\u{c}/",
        "日本語🔑",
    ];
    let mixed = "0aZ %é'\"\\#$\n@🔑".repeat(300);
    assert!(mixed.len() > 4096);
    odd.map(str::to_owned).into_iter().chain([mixed]).collect()
}

/// A way for a password to get in; `None` where this way cannot write it.
type Channel = fn(&str, &Path) -> Option<Result<DatabaseConfig, Error>>;

const CHANNELS: &[(&str, Channel)] = &[
    ("environment", |password, _| {
        // No operating system lets a variable hold a NUL.
        (!password.contains('\0')).then(|| load_env("MYSQL_PASSWORD", password))
    }),
    ("_FILE", |password, dir| {
        // Editors add the line end that the reader drops. Behind a `\r` it would be taken for a `\r\n`.
        (!password.ends_with('\r')).then(|| through_file(dir, &format!("{password}\n")))
    }),
    ("_FILE, CRLF", |password, dir| {
        Some(through_file(dir, &format!("{password}\r\n")))
    }),
    ("_FILE, no line end", |password, dir| {
        (!password.ends_with('\n')).then(|| through_file(dir, password))
    }),
    ("TOML", |password, dir| {
        let text = toml::to_string(&members(password)).unwrap();
        Some(load_file(&dir.join("a.toml"), &text))
    }),
    ("TOML literal", |password, dir| {
        let plain = |c: char| c == '\t' || c != '\'' && !c.is_ascii_control();
        let literal = format!("{KEYS_TOML}password = '{password}'");
        let is_literal = password.chars().all(plain);
        is_literal.then(|| load_file(&dir.join("a.toml"), &literal))
    }),
    ("JSON", |password, dir| {
        let text = serde_json::to_string(&members(password)).unwrap();
        Some(load_file(&dir.join("a.json"), &text))
    }),
    ("JSON, escaped", |password, dir| {
        // Every character as \u, in surrogate pairs where it needs two.
        let mut text =
            String::from("{\"database\":\"d\",\"user\":\"u\",\"host\":\"h\",\"password\":\"");
        for unit in password.encode_utf16() {
            write!(text, "\\u{unit:04x}").unwrap();
        }
        Some(load_file(&dir.join("a.json"), &(text + "\"}")))
    }),
    (".env, double quotes", |password, dir| {
        let mut text = String::from("\"");
        for character in password.chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                '"' => text.push_str("\\\""),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                other => text.push(other),
            }
        }
        Some(load_dotenv(dir, &(text + "\"")))
    }),
    (".env, single quotes", |password, dir| {
        let is_plain = !password.contains(['\'', '\n', '\r']);
        is_plain.then(|| load_dotenv(dir, &format!("'{password}' # comment")))
    }),
    (".env, no quotes", |password, dir| {
        let is_plain = !password.contains(['\n', '\r', '#'])
            && password.trim_matches([' ', '\t']) == password
            && !password.starts_with(['\'', '"']);
        is_plain.then(|| load_dotenv(dir, password))
    }),
    #[cfg(feature = "figment")]
    ("figment Serialized", |password, _| {
        use figment::providers::Serialized;
        let provider = Serialized::default("database", members(password));
        Some(DatabaseConfig::loader().layer(provider, "database").load())
    }),
    #[cfg(feature = "figment")]
    ("figment Toml", |password, _| {
        use figment::providers::{Format, Toml};
        let tables = HashMap::from([("database", members(password))]);
        let provider = Toml::string(&toml::to_string(&tables).unwrap());
        Some(DatabaseConfig::loader().layer(provider, "database").load())
    }),
    ("deserialized", |password, _| {
        #[derive(serde::Deserialize)]
        struct Host {
            database: DatabaseConfig,
        }
        let hosted = HashMap::from([("database", members(password))]);
        let host: Host = toml::from_str(&toml::to_string(&hosted).unwrap()).unwrap();
        Some(Ok(host.database))
    }),
    ("URL", |password, _| {
        let config = load_env("MYSQL_PASSWORD", password).unwrap();
        Some(config.url().expose_secret().parse())
    }),
    ("URL in a variable", |password, _| {
        let config = load_env("MYSQL_PASSWORD", password).unwrap();
        let variables = [("MYSQL_URL", config.url().expose_secret().to_owned())];
        Some(
            DatabaseConfig::loader()
                .env("MYSQL_")
                .env_from(variables)
                .load(),
        )
    }),
];

const KEYS_TOML: &str = "database = 'd'\nuser = 'u'\nhost = 'h'\n";

fn members(password: &str) -> HashMap<&'static str, String> {
    let members = [
        ("database", "d"),
        ("user", "u"),
        ("host", "h"),
        ("password", password),
    ];
    members.map(|(key, value)| (key, value.to_owned())).into()
}

fn load_env(name: &str, value: &str) -> Result<DatabaseConfig, Error> {
    let keys = [
        ("MYSQL_DB", "d"),
        ("MYSQL_USER", "u"),
        ("MYSQL_HOST", "h"),
        (name, value),
    ];
    DatabaseConfig::loader().env("MYSQL_").env_from(keys).load()
}

fn through_file(dir: &Path, content: &str) -> Result<DatabaseConfig, Error> {
    let path = dir.join("password");
    fs::write(&path, content).unwrap();
    load_env("MYSQL_PASSWORD_FILE", path.to_str().unwrap())
}

fn load_file(path: &Path, content: &str) -> Result<DatabaseConfig, Error> {
    fs::write(path, content).unwrap();
    DatabaseConfig::loader().secrets_file(path).load()
}

fn load_dotenv(dir: &Path, assigned: &str) -> Result<DatabaseConfig, Error> {
    let text = format!("MYSQL_DB=d\nMYSQL_USER=u\nMYSQL_HOST=h\nMYSQL_PASSWORD={assigned}\n");
    load_file(&dir.join("a.env"), &text)
}

/// The password through every channel that can write it.
fn unchanged(password: &str, dir: &Path) -> TestCaseResult {
    for (name, channel) in CHANNELS {
        match channel(password, dir) {
            None => {}
            Some(Ok(config)) => {
                prop_assert_eq!(config.password().expose_secret(), password, "{}", name);
            }
            Some(Err(error)) => prop_assert!(false, "{name}: {password:?}: {error}"),
        }
    }
    Ok(())
}

#[test]
fn odd_passwords_through_every_channel() {
    let dir = tempfile::tempdir().unwrap();
    for password in odd_passwords() {
        unchanged(&password, dir.path()).unwrap();
    }
}

/// A channel that skips everything would prove nothing.
#[test]
fn every_channel_takes_most_passwords() {
    let dir = tempfile::tempdir().unwrap();
    let passwords = odd_passwords();
    for (name, channel) in CHANNELS {
        let taken = passwords.iter().filter_map(|p| channel(p, dir.path()));
        assert!(taken.count() * 2 > passwords.len(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_password_that_is_not_utf8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("password");
    fs::write(&path, b"pass\xffword\n").unwrap();
    let given = |name: &str, value: Vec<u8>| {
        let keys = [("MYSQL_DB", "d"), ("MYSQL_USER", "u"), ("MYSQL_HOST", "h")];
        let keys = keys.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let keys = keys
            .into_iter()
            .chain([(name.into(), OsString::from_vec(value))]);
        DatabaseConfig::loader().env("MYSQL_").env_from(keys)
    };
    let loaders = [
        given("MYSQL_PASSWORD", b"pass\xffword".to_vec()),
        given("MYSQL_PASSWORD_FILE", path.into_os_string().into_vec()),
    ];
    for loader in loaders {
        let error = loader.load().unwrap_err();
        let problems: Vec<_> = error.problems().map(|p| (p.kind(), p.key())).collect();
        assert_eq!(problems, [(ProblemKind::NotUtf8, Some(Key::Password))]);
        assert!(error.is_invalid());
    }
}

/// Every key of a configuration, the password included.
fn keys(config: &DatabaseConfig) -> impl PartialEq + std::fmt::Debug {
    (
        (config.database().to_owned(), config.user().to_owned()),
        config.password().expose_secret().to_owned(),
        (config.host().to_owned(), config.port()),
        (
            config.socket().map(str::to_owned),
            config.ssl_ca().map(str::to_owned),
        ),
        (config.ssl_mode(), config.sql_mode().clone()),
        config.init_command().map(str::to_owned),
    )
}

/// The crate's own reader and that of the `url` crate both get everything back from the URL.
fn survives_the_url(config: &DatabaseConfig) -> TestCaseResult {
    let url = config.url();
    let read: DatabaseConfig = match url.expose_secret().parse() {
        Ok(read) => read,
        Err(error) => return Err(TestCaseError::fail(format!("{config:?}\n{error}"))),
    };
    prop_assert_eq!(keys(&read), keys(config));
    // A second round trip changes nothing: the form is canonical.
    let again = read.url();
    prop_assert_eq!(again.expose_secret(), url.expose_secret());

    let parsed = url::Url::parse(url.expose_secret()).unwrap();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    prop_assert_eq!(parsed.scheme(), "mysql");
    prop_assert_eq!(decoded(parsed.username()), config.user());
    prop_assert_eq!(
        decoded(parsed.password().unwrap_or_default()),
        config.password().expose_secret()
    );
    prop_assert_eq!(parsed.port(), Some(config.port()));
    // The `url` crate drops a path of dots even where they are escaped; ours keeps it.
    if ![".", ".."].contains(&config.database()) {
        prop_assert_eq!(decoded(parsed.path()), format!("/{}", config.database()));
    }
    let parameters: HashMap<_, _> = parsed.query_pairs().into_owned().collect();
    if let Some(statement) = config.init_command() {
        prop_assert_eq!(&parameters["init_command"], statement);
    }
    for (name, value) in [
        ("unix_socket", config.socket()),
        ("ssl_ca", config.ssl_ca()),
    ] {
        prop_assert_eq!(parameters.get(name).map(String::as_str), value);
    }
    Ok(())
}

#[test]
fn every_key_survives_the_url() {
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("MYSQL_HOST", "localhost")],
        &[("MYSQL_HOST", "127.0.0.1"), ("MYSQL_SSL_MODE", "REQUIRED")],
        &[("MYSQL_HOST", "2001:db8::1"), ("MYSQL_PORT", "65535")],
        &[("MYSQL_HOST", "[::1]")],
        &[("MYSQL_HOST", "::ffff:10.0.0.1")],
        &[("MYSQL_HOST", "bücher.example")],
        &[("MYSQL_HOST", "shop.x.eu-west-1.rds.amazonaws.com")],
        &[("MYSQL_SSL_MODE", "DISABLED")],
        &[("MYSQL_SSL_CA", "/etc/ssl/a b%41+é&c=?#.pem")],
        &[("MYSQL_SOCKET", "/run/my sql/%s+&#.sock")],
        &[
            ("MYSQL_SOCKET", "/run/m.sock"),
            ("MYSQL_SSL_MODE", "DISABLED"),
        ],
        &[("MYSQL_SOCKET", "/s"), ("MYSQL_HOST", "127.0.0.1")],
        &[("MYSQL_SQL_MODE", "server")],
        &[("MYSQL_SQL_MODE", "additive")],
        &[("MYSQL_SQL_MODE", "traditional")],
        &[("MYSQL_SQL_MODE", "STRICT_TRANS_TABLES")],
        &[("MYSQL_SQL_MODE", "ansi,strict_all_tables")],
        &[("MYSQL_DB", "a/b?c#d@e"), ("MYSQL_USER", "u:s@e/r")],
        &[("MYSQL_DB", "."), ("MYSQL_USER", "..")],
        &[("MYSQL_DB", "..")],
        &[("MYSQL_DB", " "), ("MYSQL_USER", "%")],
    ];
    for case in cases {
        let mut variables = HashMap::from([
            ("MYSQL_DB", "shop"),
            ("MYSQL_USER", "app"),
            ("MYSQL_PASSWORD", "p@ss:w/rd%#?é+ \"'\\"),
            ("MYSQL_HOST", "db.example"),
        ]);
        variables.extend(case.iter().copied());
        let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
        let config = loader.load().unwrap();
        if let Err(error) = survives_the_url(&config) {
            panic!("{case:?}: {error}");
        }
    }
}

/// Text that can be a password: not empty, and no NUL, which no environment can hold.
fn password() -> impl Strategy<Value = String> {
    let any = proptest::collection::vec(any::<char>(), 1..40);
    let nasty = proptest::collection::vec(
        proptest::sample::select(
            &[
                '"', '\'', '\\', '%', '#', '$', '\n', '\r', '\t', ' ', '=', '@', '4', '1', 'n', 'u',
            ][..],
        ),
        1..40,
    );
    let text = prop_oneof![any, nasty].prop_map(|chars| chars.into_iter().collect());
    text.prop_filter("NUL", |text: &String| !text.contains('\0'))
}

/// A user or a database: no control characters.
fn name() -> impl Strategy<Value = String> {
    let text = proptest::collection::vec(any::<char>(), 1..20);
    text.prop_map(|chars| chars.into_iter().filter(|c| !c.is_control()).collect())
        .prop_filter("empty", |text: &String| !text.is_empty())
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z0-9-]{0,10}(\\.[a-z][a-z0-9-]{0,8}){0,3}",
        any::<std::net::Ipv4Addr>().prop_map(|ip| ip.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|ip| ip.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|ip| format!("[{ip}]")),
    ]
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(values)
}

/// Text that is nearly of a format, so that the parsers get past their first character.
fn nearly(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => one_of(pieces).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_password_through_every_channel(password in password()) {
        let dir = tempfile::tempdir().unwrap();
        unchanged(&password, dir.path())?;
    }

    #[test]
    fn any_keys_survive_the_url(
        database in name(),
        user in name(),
        password in password(),
        host in host(),
        port in 1..=u16::MAX,
        sql_mode in one_of(&["", "server", "additive", "traditional", "STRICT_ALL_TABLES,ANSI"]),
        // What only one of them allows: a mode, an authority, a socket.
        (option, value) in prop_oneof![
            one_of(&["REQUIRED", "DISABLED", "VERIFY_IDENTITY", ""]).prop_map(|mode| ("MYSQL_SSL_MODE", mode.to_owned())),
            name().prop_map(|path| ("MYSQL_SSL_CA", path)),
            name().prop_map(|path| ("MYSQL_SOCKET", path)),
        ],
    ) {
        let variables = [
            ("MYSQL_DB", database),
            ("MYSQL_USER", user),
            ("MYSQL_PASSWORD", password),
            ("MYSQL_HOST", host),
            ("MYSQL_PORT", port.to_string()),
            ("MYSQL_SQL_MODE", sql_mode.to_owned()),
            (option, value),
        ];
        let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables.clone());
        match loader.load() {
            Ok(config) => survives_the_url(&config)?,
            Err(error) => prop_assert!(false, "{variables:?}: {error}"),
        }
    }

    #[test]
    fn no_url_panics(
        text in nearly(&["mysql://", "u", ":", "@", "h", "/", "?", "#", "&", "=", "%", "%4", "%41", "%ff", "[", "]", "::1", "3306", "ssl_mode", "init_command", "+"]),
        any in any::<String>(),
    ) {
        for text in [text, any] {
            // Whatever can be read can be written, and read again.
            if let Ok(config) = text.parse::<DatabaseConfig>() {
                survives_the_url(&config)?;
            }
        }
    }

    #[test]
    fn no_file_panics(
        toml in nearly(&["password", "[default]", "[[x]]", "=", " ", "\"", "'", "\"\"\"", "\\", "\\u00", "\n", "\r\n", "{", "}", "[", "]", ",", ".", "1", "0x", "1e9", "true", "#", "url", "é"]),
        json in nearly(&["{", "}", "[", "]", ":", ",", "\"", "\"password\":", "\"url\":", "\\", "\\u", "d83d", "\\ude00", "null", "true", "1", "e", "-", " ", "\n", "é", "{\"default\":{\"user\":\"x\"}}"]),
        dotenv in nearly(&["MYSQL_PASSWORD", "MYSQL_", "_MYSQL_USER", "MYSQL_URL", "MYSQL_HOST_FILE", "DATABASE_URL", "export ", "=", " ", "\t", "\"", "'", "\\", "\\n", "#", "\n", "\r\n", "x", "é"]),
        any in any::<Vec<u8>>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let files = [("a.toml", toml.as_bytes()), ("a.json", json.as_bytes()), ("a.env", dotenv.as_bytes())];
        let bytes = [("b.toml", &*any), ("b.json", &*any), ("b.env", &*any)];
        for (name, content) in files.into_iter().chain(bytes) {
            let path = dir.path().join(name);
            fs::write(&path, content).unwrap();
            let loader = DatabaseConfig::loader().secrets_file(path);
            // The outcome does not matter, but reading it all must not panic either.
            let shown = match loader.load() {
                Ok(config) => config.explain().to_string(),
                Err(error) => error.to_string(),
            };
            prop_assert!(!shown.is_empty());
            let _ = loader.load_all();
        }
    }
}
