//! Connection URLs: as text, in a variable and in a file, and those that the crate writes itself, compared with the `url` crate.

use std::collections::HashMap;

use dbconf::{DatabaseConfig, ExposeSecret};
use percent_encoding::percent_decode_str;

use super::canary::see;
use super::files;
use super::input::{Input, Member, Value};

const TOKENS: [&str; 32] = [
    "mysql://",
    "mariadb+x://",
    "postgres://",
    "jdbc:mysql://",
    "u",
    ":",
    "@",
    "h",
    "/",
    "?",
    "#",
    "&",
    "=",
    "%",
    "%4",
    "%41",
    "%ff",
    "[",
    "]",
    "::1",
    "localhost",
    "3306",
    "ssl_mode=",
    "REQUIRED",
    "ssl_ca=",
    "unix_socket=",
    "init_command=",
    "sql_mode=",
    "§",
    "¤",
    "+",
    "é",
];

/// A password may be empty, as it may in a URL that is parsed as text.
const ALLOW: (&str, &str) = ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes");

pub fn check(data: &[u8]) {
    match Input::of(data, &TOKENS) {
        Input::Document(document) => {
            if let Ok(text) = std::str::from_utf8(&document) {
                url_is_read(text);
            }
        }
        Input::Members(members) => keys_survive(&members),
        Input::Password(password) => password_survives(&password),
    }
}

fn url_is_read(text: &str) {
    let parsed = text.parse::<DatabaseConfig>();
    see(&parsed);
    for name in ["MYSQL_URL", "DATABASE_URL"] {
        let loader = DatabaseConfig::loader().env("MYSQL_");
        let loaded = loader.env_from([(name, text), ALLOW]).load();
        see(&loaded);
        let keys = loaded.as_ref().ok().map(keys);
        assert_eq!(
            keys,
            parsed.as_ref().ok().map(self::keys),
            "{text} in {name}"
        );
    }
    let document = serde_json::json!({ "url": text }).to_string();
    // The environment behind the file has every key that the URL lacks; a host too, which beside a socket is only shown.
    let loaded = files::load("a.json", document.as_bytes());
    if let (Ok(parsed), Ok(loaded)) = (&parsed, &loaded)
        && !parsed.password().expose_secret().is_empty()
        && parsed.socket().is_none()
    {
        assert_eq!(keys(parsed), keys(loaded), "{text} in a file");
    }
    if let Ok(config) = parsed {
        survives(&config);
    }
}

/// A configuration of any keys is the same behind its URL.
fn keys_survive(members: &[Member]) {
    let mut variables = HashMap::from([
        ("MYSQL_DB", "d".to_owned()),
        ("MYSQL_USER", "u".to_owned()),
        ("MYSQL_PASSWORD", "p".to_owned()),
        ("MYSQL_HOST", "h".to_owned()),
    ]);
    for (name, value) in members {
        let name = match name.to_ascii_lowercase().as_str() {
            "password" | "mysql_password" => "MYSQL_PASSWORD",
            "user" | "username" | "mysql_user" => "MYSQL_USER",
            "database" | "dbname" | "mysql_db" => "MYSQL_DB",
            "host" | "mysql_host" => "MYSQL_HOST",
            "port" => "MYSQL_PORT",
            "socket" => "MYSQL_SOCKET",
            "ssl" | "ssl_mode" => "MYSQL_SSL_MODE",
            "ssl_ca" => "MYSQL_SSL_CA",
            "sql_mode" => "MYSQL_SQL_MODE",
            _ => continue,
        };
        let value = match value {
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            _ => continue,
        };
        variables.insert(name, value);
    }
    let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
    let loaded = loader.load();
    see(&loaded);
    if let Ok(config) = loaded {
        survives(&config);
    }
}

fn password_survives(password: &str) {
    let variables = [
        ("MYSQL_DB", "d"),
        ("MYSQL_USER", "u"),
        ("MYSQL_PASSWORD", password),
        ("MYSQL_HOST", "h"),
        ALLOW,
    ];
    let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
    let config = loader.load().unwrap();
    assert_eq!(config.password().expose_secret(), password);
    survives(&config);
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
fn survives(config: &DatabaseConfig) {
    let url = config.url();
    let read: DatabaseConfig = match url.expose_secret().parse() {
        Ok(read) => read,
        Err(error) => panic!("{config:?}\n{error}"),
    };
    assert_eq!(keys(&read), keys(config));
    assert_eq!(read.url().expose_secret(), url.expose_secret());

    let parsed = ::url::Url::parse(url.expose_secret()).unwrap();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    assert_eq!(decoded(parsed.username()), config.user());
    assert_eq!(
        decoded(parsed.password().unwrap_or_default()),
        config.password().expose_secret()
    );
    assert_eq!(parsed.port(), Some(config.port()));
    // The `url` crate drops a path of dots even where they are escaped; ours keeps it.
    if ![".", ".."].contains(&config.database()) {
        assert_eq!(decoded(parsed.path()), format!("/{}", config.database()));
    }
    let parameters: HashMap<_, _> = parsed.query_pairs().into_owned().collect();
    if let Some(statement) = config.init_command() {
        assert_eq!(parameters["init_command"], statement);
    }
    for (name, value) in [
        ("unix_socket", config.socket()),
        ("ssl_ca", config.ssl_ca()),
    ] {
        assert_eq!(parameters.get(name).map(String::as_str), value);
    }
}
