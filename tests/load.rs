//! What a load does with its layers: priority, names, defaults, and every problem at once.

use std::fs;
use std::path::PathBuf;

use dbconf::{DatabaseConfig, Error, ExposeSecret, Key, Loader, ProblemKind, SslMode};
use tempfile::TempDir;

const COMPLETE: [(&str, &str); 4] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_PASSWORD", "from-env"),
    ("MYSQL_HOST", "127.0.0.1"),
];
const FILE: &str =
    "database = 'filedb'\nuser = 'app'\npassword = 'from-file'\nhost = 'db.example.com'\n";

fn env(variables: &[(&str, &str)]) -> Loader {
    DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables.iter().copied())
}

/// A loader that reads one file of this name and text, and the directory that holds it.
fn file(loader: Loader, name: &str, text: &str) -> (TempDir, Loader) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    (directory, loader.secrets_file(path))
}

fn load_file(name: &str, text: &str) -> Result<DatabaseConfig, Error> {
    let (_directory, loader) = file(env(&[]), name, text);
    loader.load()
}

fn password(config: &DatabaseConfig) -> &str {
    config.password().expose_secret()
}

/// Kind and key of every problem.
fn problems(outcome: Result<DatabaseConfig, Error>) -> Vec<(ProblemKind, Option<Key>)> {
    let error = outcome.expect_err("the load must fail");
    error.problems().map(|p| (p.kind(), p.key())).collect()
}

/// The source of a key, as the report has it.
fn source(config: &DatabaseConfig, key: &str) -> String {
    let explain = config.explain();
    let row = explain.rows().find(|row| row.key() == key).unwrap();
    row.source()
        .map_or("default".to_owned(), |source| source.name())
}

#[test]
fn defaults() {
    let config = env(&COMPLETE).load().unwrap();
    assert_eq!(config.database(), "shop");
    assert_eq!(config.user(), "app");
    assert_eq!(config.host(), "127.0.0.1");
    assert_eq!(config.port(), 3306);
    assert_eq!(config.socket(), None);
    assert_eq!(config.ssl_mode(), SslMode::Disabled);
    assert_eq!(
        config.init_command(),
        Some("SET sql_mode='STRICT_TRANS_TABLES'")
    );
}

#[test]
fn environment_over_file_key_by_key_and_what_is_shadowed() {
    let (_directory, loader) = file(env(&COMPLETE[1..3]), "secrets.toml", FILE);
    let config = loader.load().unwrap();
    assert_eq!(config.database(), "filedb");
    assert_eq!(password(&config), "from-env");
    assert_eq!(source(&config, "password"), "MYSQL_PASSWORD");
    assert_eq!(source(&config, "host"), "host");
    let explain = config.explain();
    let row = explain.rows().find(|row| row.key() == "password").unwrap();
    let shadows: Vec<String> = row.shadows().map(|source| source.name()).collect();
    assert_eq!(shadows, ["password"]);
}

#[test]
fn the_order_of_the_layers_is_the_priority() {
    let (_directory, loader) = file(DatabaseConfig::loader(), "secrets.toml", FILE);
    let config = loader.env("MYSQL_").env_from(COMPLETE).load().unwrap();
    assert_eq!(password(&config), "from-file");
}

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
fn a_url_is_split_and_weaker_than_the_single_keys_of_its_layer() {
    let url =
        "mysql://u%40x:p%2Fw@db.example.com:3307/shop?ssl-mode=VERIFY_IDENTITY&pool_max=5&x=1";
    let config = env(&[("MYSQL_URL", url), ("MYSQL_DB", "other")])
        .load()
        .unwrap();
    assert_eq!((config.user(), password(&config)), ("u@x", "p/w"));
    assert_eq!((config.database(), config.port()), ("other", 3307));
    assert_eq!(config.ssl_mode(), SslMode::VerifyIdentity);
    assert_eq!(source(&config, "user"), "MYSQL_URL");
    let notes: Vec<String> = config.explain().notes().map(str::to_owned).collect();
    assert_eq!(
        notes,
        ["environment: MYSQL_URL: 2 URL parameters are not used (pool_max)"]
    );
}

#[test]
fn database_url_counts_only_when_a_key_is_missing() {
    let postgres = ("DATABASE_URL", "postgres://u:p@h/d");
    let mut variables = COMPLETE.to_vec();
    variables.push(postgres);
    assert!(env(&variables).load().is_ok());
    let error = env(&[postgres]).load().unwrap_err();
    assert!(error.to_string().contains("the URL is for postgres") && error.is_missing());

    // It stands in its layer, so it beats the file's host, and the file cannot add a password for another user.
    let url = [("DATABASE_URL", "mysql://web:p@platform/shop")];
    let (_directory, loader) = file(
        env(&url),
        "s.toml",
        "host = 'localhost'\nssl_mode = 'DISABLED'",
    );
    let config = loader.load().unwrap();
    assert_eq!((config.host(), config.user()), ("platform", "web"));
    assert_eq!(config.ssl_mode(), SslMode::Disabled);
    // A database with a name does not look at it.
    assert!(env(&url).named("replica").load().unwrap_err().is_missing());
}

#[test]
fn user_and_password_belong_together() {
    let (_directory, loader) = file(env(&[("MYSQL_USER", "root")]), "s.toml", FILE);
    let error = loader.load().unwrap_err();
    assert!(error.is_conflict());
    let text = error.to_string();
    assert!(text.contains("MYSQL_USER") && text.contains("s.toml: password"));
    // The same user twice is fine, and so is a password from a layer that names no user.
    let (_directory, loader) = file(env(&[("MYSQL_USER", "app")]), "s.toml", FILE);
    assert!(loader.load().is_ok());
    let (_directory, loader) = file(env(&[("MYSQL_PASSWORD", "p")]), "s.toml", FILE);
    assert!(loader.load().is_ok());
    let url = ("MYSQL_URL", "mysql://app:p@h/d");
    let mixed = env(&[url, ("MYSQL_USER", "root")]).load();
    assert_eq!(
        problems(mixed),
        [(ProblemKind::MixedCredentials, Some(Key::User))]
    );
}

#[test]
fn empty_counts_as_not_set_unless_it_is_allowed() {
    let mut variables = COMPLETE.to_vec();
    variables[2].1 = "";
    let error = env(&variables).load().unwrap_err();
    assert!(error.is_missing());
    assert!(
        error
            .to_string()
            .contains("MYSQL_PASSWORD is set but empty")
    );
    variables.push(("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"));
    assert_eq!(password(&env(&variables).load().unwrap()), "");
    variables[4].1 = "perhaps";
    assert!(env(&variables).load().unwrap_err().is_invalid());
    let (_directory, loader) = file(
        env(&[("MYSQL_PORT", ""), ("MYSQL_PASSWORD", "")]),
        "s.toml",
        FILE,
    );
    let config = loader.load().unwrap();
    assert_eq!(password(&config), "from-file");
    assert!(
        config
            .explain()
            .notes()
            .any(|note| note == "environment: MYSQL_PORT: set but empty, counts as not set")
    );
}

#[test]
fn a_kubernetes_service_link_is_no_port() {
    let mut variables = COMPLETE.to_vec();
    variables.push(("MYSQL_PORT", "tcp://10.0.0.1:3306"));
    let config = env(&variables).load().unwrap();
    assert_eq!(config.port(), 3306);
    assert!(
        config
            .explain()
            .notes()
            .any(|note| note.contains("Kubernetes service link"))
    );
}

#[test]
fn several_databases() {
    let toml = format!(
        "{FILE}\n[replica-1]\ndb = 'r'\nuser = 'reader'\npassword = 'rp'\nhost = 'r.example.com'\n\
         [stripe]\napi_key = 'x'\n"
    );
    let variables = [("REPLICA_1_MYSQL_HOST", "other.example.com")];
    let (_directory, loader) = file(env(&variables), "s.toml", &toml);
    let replica = loader.clone().named("replica-1").load().unwrap();
    assert_eq!(
        (replica.user(), replica.host()),
        ("reader", "other.example.com")
    );
    let all = loader.load_all().unwrap();
    let names: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(names, ["default", "replica-1"]);
    assert_eq!(all["replica-1"].host(), "other.example.com");
    assert_eq!(password(&all["default"]), "from-file");

    let dotenv = "MAIN_MYSQL_URL=mysql://u:p@h/d\nMYSQL_PORT=1\nB_MYSQL_DB=x\n";
    let (_directory, loader) = file(env(&[]), ".env", dotenv);
    assert_eq!(loader.clone().named("main").load().unwrap().database(), "d");
    let error = loader.load_all().unwrap_err();
    let databases: Vec<Option<&str>> = error.problems().map(|p| p.database()).collect();
    assert_eq!(databases[0], None);
    assert!(databases.contains(&Some("b")) && !databases.contains(&Some("main")));
    let missing = loader.named("nowhere").load().unwrap_err().to_string();
    assert!(missing.contains("NOWHERE_MYSQL_DB"));
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
        text.contains("`pasword` is in a file, but is not read: did you mean password?"),
        "{text}"
    );
}

#[test]
fn values_of_the_wrong_type_name_the_key() {
    let base = "database='d'\nuser='u'\nhost='h'\n";
    for value in ["123", "true", "[1]", "{a=1}", "1.5", "1979-05-27"] {
        let outcome = load_file("s.toml", &format!("{base}password = {value}"));
        assert_eq!(
            problems(outcome),
            [(ProblemKind::WrongType, Some(Key::Password))],
            "{value}"
        );
    }
    for port in ["0", "65536", "-1", "'+5'", "' 3306'", "3306.0"] {
        let outcome = load_file("s.toml", &format!("{base}password = 'p'\nport = {port}"));
        assert_eq!(problems(outcome)[0].1, Some(Key::Port), "{port}");
    }
}

#[test]
fn hosts() {
    let host = |host: &str| {
        let mut variables = COMPLETE.to_vec();
        variables[3].1 = host;
        env(&variables)
            .load()
            .map(|config| config.host().to_owned())
    };
    for good in [
        "localhost",
        "my_db",
        "db.example.com.",
        "10.0.0.1",
        "::1",
        "bücher.example",
    ] {
        assert_eq!(host(good).unwrap(), good);
    }
    assert_eq!(host("[2001:db8::1]").unwrap(), "2001:db8::1");
    for bad in ["db:3306", "a b", "a/b", "u@h", "[::1", "mysql://h", "h\n"] {
        assert!(host(bad).unwrap_err().is_invalid(), "{bad}");
    }
}

#[test]
fn tls_by_host_and_by_request() {
    let with = |host: &str, more: &[(&str, &str)]| {
        let mut variables = COMPLETE.to_vec();
        variables[3].1 = host;
        variables.extend(more);
        env(&variables).load()
    };
    let default = |host: &str| with(host, &[]).unwrap().ssl_mode();
    for loopback in ["localhost", "127.0.0.1", "127.8.8.8", "::1"] {
        assert_eq!(default(loopback), SslMode::Disabled);
    }
    for rds in [
        "db.c1.eu-west-1.rds.amazonaws.com",
        "DB.c1.eu-west-1.RDS.amazonaws.com.",
        "db.c1.rds.cn-north-1.amazonaws.com.cn",
    ] {
        assert_eq!(default(rds), SslMode::VerifyIdentity, "{rds}");
    }
    for other in [
        "db.example.com",
        "rds.amazonaws.com.evil.example",
        "xrds.amazonaws.com",
    ] {
        assert_eq!(default(other), SslMode::Required, "{other}");
    }
    let mode = |host, mode| with(host, &[("MYSQL_SSL_MODE", mode)]);
    assert_eq!(
        mode("h", "verify-identity").unwrap().ssl_mode(),
        SslMode::VerifyIdentity
    );
    // `true` never weakens a better default.
    assert_eq!(
        mode("x.rds.amazonaws.com", "true").unwrap().ssl_mode(),
        SslMode::VerifyIdentity
    );
    assert_eq!(
        mode("127.0.0.1", "true").unwrap().ssl_mode(),
        SslMode::Required
    );
    for refused in ["VERIFY_CA", "PREFERRED", "yes please"] {
        assert_eq!(
            problems(mode("h", refused)),
            [(ProblemKind::Invalid, Some(Key::SslMode))]
        );
    }
    let ca = ("MYSQL_SSL_CA", "/etc/ca.pem");
    for weak in ["REQUIRED", "DISABLED"] {
        let outcome = with("h", &[ca, ("MYSQL_SSL_MODE", weak)]);
        assert_eq!(
            problems(outcome),
            [(ProblemKind::Conflict, Some(Key::SslMode))]
        );
    }
    let socket = ("MYSQL_SOCKET", "/run/mysqld.sock");
    assert_eq!(with("h", &[socket]).unwrap().ssl_mode(), SslMode::Disabled);
    assert!(
        with("h", &[socket, ("MYSQL_SSL_MODE", "REQUIRED")])
            .unwrap_err()
            .is_conflict()
    );
}

#[test]
fn a_socket_stands_for_a_host() {
    let mut variables = COMPLETE.to_vec();
    variables[3] = ("MYSQL_SOCKET", "/run/mysqld/mysqld.sock");
    let config = env(&variables).load().unwrap();
    assert_eq!(config.socket(), Some("/run/mysqld/mysqld.sock"));
    assert_eq!(config.host(), "localhost");
}

#[test]
fn sql_modes() {
    let command = |key: &str, value: &str| {
        let text = format!("{FILE}{key} = \"{value}\"\n");
        let config = load_file("s.toml", &text);
        config.map(|config| config.init_command().map(str::to_owned))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        command("sql_mode", "additive").unwrap(),
        some("SET SESSION sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES')")
    );
    assert_eq!(command("sql_mode", "server").unwrap(), None);
    assert_eq!(
        command("sql_mode", "strict_all_tables,NO_ZERO_DATE").unwrap(),
        some("SET sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE'")
    );
    assert_eq!(
        command("init_command", "SET sql_mode='STRICT_TRANS_TABLES'").unwrap(),
        some("SET sql_mode='STRICT_TRANS_TABLES'")
    );
    for (key, value) in [
        ("sql_mode", "NO_ZERO_DATE"),
        ("sql_mode", "STRICT_TRANS_TABLES, NO_ZERO_DATE"),
        ("sql_mode", "SET sql_mode='STRICT_TRANS_TABLES'"),
        ("init_command", "additive"),
        ("init_command", "SET names utf8"),
        ("init_command", "SET GLOBAL sql_mode='STRICT_TRANS_TABLES'"),
        (
            "init_command",
            "SET sql_mode='STRICT_TRANS_TABLES'; DROP TABLE t",
        ),
    ] {
        assert!(
            command(key, value).unwrap_err().is_invalid(),
            "{key} = {value}"
        );
    }
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

#[test]
fn inside_a_services_own_configuration() {
    #[derive(serde::Deserialize)]
    struct Service {
        name: String,
        database: DatabaseConfig,
    }
    let json = r#"{"name": "shop", "database": {"db": "d", "user": "u", "password": "p", "host": "h", "port": "1"}}"#;
    let service: Service = serde_json::from_str(json).unwrap();
    assert_eq!(
        (service.name.as_str(), service.database.port()),
        ("shop", 1)
    );
    let url = r#"{"name": "shop", "database": "mysql://u:p@h/d"}"#;
    assert_eq!(
        serde_json::from_str::<Service>(url)
            .unwrap()
            .database
            .host(),
        "h"
    );
    let broken = json.replace(r#""p""#, "17").replace(r#""1""#, r#""one""#);
    let text = serde_json::from_str::<Service>(&broken)
        .err()
        .unwrap()
        .to_string();
    assert!(text.contains("password: must be text") && text.contains("port: is no port number"));
}

#[test]
fn what_a_url_asks_for_in_another_clients_words_is_not_weakened() {
    for query in [
        "sslMode=VERIFY_IDENTITY",
        "require_ssl=true",
        "tls=true",
        "sslCa=/ca.pem",
    ] {
        let url = format!("mysql://u:p@db.example.com/d?{query}");
        let error = env(&[("MYSQL_URL", &url)]).load().unwrap_err();
        assert!(error.to_string().contains("write ssl_mode="), "{error}");
    }
}

#[test]
fn a_weaker_layers_socket_does_not_replace_a_host() {
    let (_directory, loader) = file(env(&COMPLETE), "s.toml", "socket = '/run/mysqld.sock'");
    let config = loader.load().unwrap();
    assert_eq!((config.socket(), config.host()), (None, "127.0.0.1"));
    assert!(
        config
            .explain()
            .notes()
            .any(|note| note.contains("a stronger layer names a host"))
    );
    let socket = [("MYSQL_SOCKET", "/run/mysqld.sock")];
    let (_directory, loader) = file(env(&socket), "s.toml", FILE);
    assert_eq!(loader.load().unwrap().socket(), Some("/run/mysqld.sock"));
}

#[test]
fn an_allowed_empty_password_survives_the_url() {
    let mut variables = COMPLETE.to_vec();
    variables[2].1 = "";
    variables.push(("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"));
    let config = env(&variables).load().unwrap();
    let back: DatabaseConfig = config.url().expose_secret().parse().unwrap();
    assert_eq!((password(&back), back.user()), ("", "app"));
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
fn load_all_loses_no_database() {
    let replica = "[replica]\nurl = 'mysql://u:p@h/d'\n[empty]\n[stripe]\napi_key = 'x'\n";
    let url = [
        ("DATABASE_URL", "mysql://u:p@h/d"),
        ("EMPTY_MYSQL_URL", "mysql://u:p@h/e"),
    ];
    let (_directory, loader) = file(env(&url), "s.toml", replica);
    let all = loader.load_all().unwrap();
    assert_eq!(
        all.keys().collect::<Vec<_>>(),
        ["default", "empty", "replica"]
    );
    let (_directory, loader) = file(env(&[]), "s.toml", "[replica]\nusr = 'u'\npasswd = 'p'");
    let text = loader.load_all().unwrap_err().to_string();
    assert!(
        text.contains("[replica] password: missing") && text.contains("did you mean password?"),
        "{text}"
    );
    assert!(env(&[]).load_all().unwrap_err().is_missing());
}

#[test]
fn what_nobody_needs_is_not_read() {
    let mut variables = COMPLETE.to_vec();
    variables.push(("DATABASE_URL_FILE", "/nowhere"));
    assert!(env(&variables).load().is_ok());
    let missing = [("DATABASE_URL_FILE", "/nowhere")];
    assert!(env(&missing).load().unwrap_err().is_unreadable());
}

#[test]
fn a_report_stands_any_length_and_hides_a_misplaced_password() {
    let long = "x".repeat(70_000);
    let mut variables = COMPLETE.to_vec();
    variables[0].1 = &long;
    assert!(env(&variables).load().unwrap().explain().to_string().len() > 70_000);
    variables[0].1 = "mysql://app:from%2Denv@h/d";
    let config = env(&variables).load().unwrap();
    assert!(!format!("{config:?}{}", config.url()).contains("%2Denv"));
}
