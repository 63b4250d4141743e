//! Priority, several databases, and what is looked at when.

use super::*;

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

/// Tables that are meant for named databases may be called like a key, in several files and by several of its names.
#[test]
fn tables_called_like_a_key_stand_in_nobodys_way() {
    let tables = "[db]\nurl = 'mysql://u:p@h/first'\n[name]\nurl = 'mysql://u:p@h/second'\n";
    let (_first, loader) = file(env(&[]), "a.toml", tables);
    let (_second, loader) = file(loader, "b.json", r#"{"db": {"user": "x"}}"#);
    let (_third, loader) = file(loader, ".env", "MYSQL_URL=mysql://u:p@h/third\n");
    assert_eq!(loader.load().unwrap().database(), "third");
    let first = loader.clone().named("name").load().unwrap();
    assert_eq!(first.database(), "second");
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
