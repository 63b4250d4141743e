//! Any figment provider as a layer.
#![cfg(feature = "figment")]

use dbconf::figment::providers::{Format, Json, Serialized, Toml};
use dbconf::figment::{Figment, Profile, Provider};
use dbconf::{DatabaseConfig, ExposeSecret, Key, ProblemKind};
use serde::Serialize;

const SERVICE: &str = "
    [log]
    level = 'info'
    [database]
    db = 'shop'
    user = 'app'
    password = '0123'
    host = 'db.example.com'
    port = 3307
    [database.replica]
    db = 'shop'
    user = 'reader'
    password = 'r'
    host = 'replica.example.com'
";

fn loader(provider: impl Provider + Send + Sync + 'static) -> dbconf::Loader {
    DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from([("", ""); 0])
        .layer(provider, "database")
}

#[test]
fn a_provider_below_its_key_path_with_its_metadata() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("Service.toml");
    std::fs::write(&path, SERVICE).unwrap();
    let config = loader(Toml::file(&path)).load().unwrap();
    assert_eq!(config.password().expose_secret(), "0123");
    assert_eq!(config.port(), 3307);
    let report = config.explain().to_string();
    assert!(
        report.contains("TOML file") && report.contains("Service.toml: database.password"),
        "{report}"
    );
    let replica = loader(Toml::file(&path)).named("replica").load().unwrap();
    assert_eq!(replica.user(), "reader");
    assert!(
        replica
            .explain()
            .to_string()
            .contains("database.replica.user")
    );
}

#[test]
fn a_services_whole_figment_keeps_the_metadata_of_each_value() {
    #[derive(Serialize)]
    struct Defaults {
        port: u16,
        socket: Option<String>,
    }
    let defaults = Defaults {
        port: 3308,
        socket: None,
    };
    let figment = Figment::from(Serialized::default("database", defaults))
        .merge(Toml::string(&SERVICE.replace("port = 3307", "")))
        .merge(Json::string(
            r#"{"database": {"host": "json.example.com"}}"#,
        ));
    let config = loader(figment).load().unwrap();
    assert_eq!((config.host(), config.port()), ("json.example.com", 3308));
    let report = config.explain().to_string();
    assert!(
        report.contains("JSON source string: database.host"),
        "{report}"
    );
    assert!(
        report.contains("TOML source string: database.user"),
        "{report}"
    );
    assert!(report.contains("Defaults"), "{report}");
}

#[test]
fn the_selected_profile_counts() {
    let toml = Toml::string(
        "[default.database]\nurl = 'mysql://a:p@h/d'\n[prod.database]\nurl = 'mysql://b:p@h/d'",
    )
    .nested();
    let figment = Figment::from(toml).select(Profile::const_new("prod"));
    assert_eq!(loader(figment).load().unwrap().user(), "b");
}

#[test]
fn values_of_the_wrong_type_and_broken_providers() {
    let toml = Toml::string("[database]\nurl='mysql://u:p@h/d'\npassword = 123");
    let error = loader(toml).load().unwrap_err();
    let problem = error.problems().next().unwrap();
    assert_eq!(
        (problem.kind(), problem.key()),
        (ProblemKind::WrongType, Some(Key::Password))
    );
    assert!(error.to_string().contains("TOML source string"));
    assert!(
        loader(Toml::string("password = hunter2"))
            .load()
            .unwrap_err()
            .is_malformed()
    );
    let scalar = loader(Toml::string("database = 1")).load().unwrap_err();
    assert!(scalar.is_invalid());
    // A provider that holds nothing there is an empty layer.
    let error = loader(Toml::string("x = 1")).load().unwrap_err();
    assert!(error.is_missing() && error.to_string().contains("nothing below its key path"));
}

#[test]
#[ignore = "needs git"]
fn a_file_that_a_provider_read_is_kept_out_of_git() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("Service.toml");
    std::fs::write(&path, SERVICE).unwrap();
    let mut git = std::process::Command::new("git");
    assert!(
        git.args(["init", "-q"])
            .current_dir(&directory)
            .status()
            .unwrap()
            .success()
    );
    assert!(
        loader(Toml::file(&path))
            .load()
            .unwrap_err()
            .is_not_ignored()
    );
}
