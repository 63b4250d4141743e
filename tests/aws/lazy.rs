//! The service is asked only while a required key is missing.

use super::fake::Behaviour;
use super::*;

const COMPLETE: [(&str, &str); 4] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_PASSWORD", "from-env"),
    ("MYSQL_HOST", "127.0.0.1"),
];

#[tokio::test]
async fn no_connection_while_nothing_is_missing() {
    let fake = Fake::start();
    fake.on("*", Behaviour::Hang);
    let config = load(&fake, &COMPLETE).await.unwrap();
    assert_eq!(password(&config), "from-env");
    assert_eq!(fake.connections(), 0);
    let layer = (
        format!("AWS Secrets Manager {ID}"),
        Some("not asked: nothing is missing"),
    );
    assert_eq!(last_layer(&config), layer);
}

#[tokio::test]
async fn no_connection_where_the_platforms_url_is_enough() {
    let fake = Fake::start();
    let url = "mysql://app:from-url@127.0.0.1/shop";
    let config = load(&fake, &[("DATABASE_URL", url)]).await.unwrap();
    assert_eq!(password(&config), "from-url");
    assert_eq!(fake.connections(), 0);
}

#[tokio::test]
async fn a_platforms_url_for_another_engine_is_passed_over() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let url = "postgres://app:s3cr3t@127.0.0.1/shop";
    let config = load(&fake, &[("DATABASE_URL", url)]).await.unwrap();
    assert_eq!(password(&config), PASSWORD);
    let notes: Vec<String> = config.explain().notes().map(str::to_owned).collect();
    assert_eq!(
        notes,
        ["environment: DATABASE_URL: for another engine; not used"]
    );

    // Where the secret does not complete the rest, it is a problem as ever.
    fake.put(ID, r#"{"password":"pw-of-app"}"#, "AWSCURRENT");
    let error = load(&fake, &[("DATABASE_URL", url)]).await.unwrap_err();
    assert!(kinds(&error).contains(&ProblemKind::OtherEngine), "{error}");
}

#[tokio::test]
async fn no_connection_when_the_load_fails_anyway() {
    let fake = Fake::start();
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    std::fs::write(&path, "password = ").unwrap();
    let loader = loader(&fake, &[]).secrets_file(path).aws_secret(ID);
    assert!(loader.load().await.unwrap_err().is_malformed());
    assert_eq!(fake.connections(), 0);
}

#[tokio::test]
async fn once_asked_every_key_counts() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let config = load(&fake, &[("MYSQL_HOST", "127.0.0.1")]).await.unwrap();
    assert_eq!((config.host(), config.port()), ("127.0.0.1", 3307));
    let explain = config.explain();
    let host = explain.rows().find(|row| row.key() == "host").unwrap();
    assert_eq!(
        host.source().unwrap().to_string(),
        "environment: MYSQL_HOST"
    );
    assert_eq!(host.shadows().count(), 1);
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn the_order_of_the_layers_is_the_order_of_the_questions() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.secret("second", r#"{"database":"second","ssl":true}"#);
    // A weaker local layer is no reason not to ask a stronger remote one.
    let loader = DatabaseConfig::loader()
        .aws_client(sdk::client(&fake.url()))
        .aws_secret(ID);
    let config = loader
        .env("MYSQL_")
        .env_from(COMPLETE)
        .load()
        .await
        .unwrap();
    assert_eq!(password(&config), PASSWORD);
    assert_eq!(config.host(), "db.example.com");

    // The second secret is asked only if the first leaves something open.
    let both = || {
        super::loader(&fake, &[])
            .aws_secret(ID)
            .aws_secret("second")
    };
    let before = fake.calls().len();
    let config = both().load().await.unwrap();
    assert_eq!(fake.calls().len(), before + 1);
    assert_eq!(last_layer(&config).1, Some("not asked: nothing is missing"));
    fake.put(ID, &rds().replace("dbname", "colour"), "AWSCURRENT");
    assert_eq!(both().load().await.unwrap().database(), "second");
}

#[tokio::test]
async fn user_and_password_belong_together() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let error = load(&fake, &[("MYSQL_USER", "somebody")])
        .await
        .unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::MixedCredentials]);
    let text = error.to_string();
    assert!(text.contains("environment: MYSQL_USER"), "{text}");
    assert!(
        text.contains(&format!("AWS Secrets Manager {ID}, AWSCURRENT")),
        "{text}"
    );
    // The same user named twice is no contradiction.
    assert!(load(&fake, &[("MYSQL_USER", "app")]).await.is_ok());
}

#[tokio::test]
async fn a_loader_loads_again_and_sees_the_new_version() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let loader = loader(&fake, &[]).aws_secret(ID);
    assert_eq!(password(&loader.load().await.unwrap()), PASSWORD);
    fake.put(ID, &rds().replace("C4n4ry", "rotated"), "AWSCURRENT");
    let config = loader.clone().load().await.unwrap();
    assert_eq!(password(&config), PASSWORD.replace("C4n4ry", "rotated"));
    // The client's connection is used again.
    assert_eq!(fake.connections(), 1);
}

#[test]
fn loading_can_be_spawned() {
    fn can_be_spawned<T: Send>(_: T) {}
    let loader = DatabaseConfig::loader().aws_secret(ID);
    can_be_spawned(loader.load());
    can_be_spawned(loader.load_all());
}

#[tokio::test]
async fn a_wrong_id_that_nobody_needs_keeps_nobody_from_loading() {
    let fake = Fake::start();
    let variables = [&COMPLETE[..], &[("MYSQL_SECRET_ID", "not an id")]].concat();
    let loader = loader(&fake, &variables).aws_secret_from_env();
    assert_eq!(password(&loader.load().await.unwrap()), "from-env");
}

/// A layer between two others changes nothing for what they would do without it.
#[tokio::test]
async fn the_platforms_url_is_not_needed_where_a_file_is_complete() {
    let fake = Fake::start();
    fake.secret(ID, "{}");
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    let file = "database = 'shop'\nuser = 'app'\npassword = 'from-file'\nhost = 'localhost'\n";
    std::fs::write(&path, file).unwrap();
    let url = [("DATABASE_URL", "mysql://app:from-url@127.0.0.1/shop")];
    let loader = loader(&fake, &url).aws_secret(ID).secrets_file(path);
    assert_eq!(password(&loader.load().await.unwrap()), "from-file");
}

#[tokio::test]
async fn the_longest_timeout_is_one() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let loader = loader(&fake, &[]).aws_secret(ID);
    assert!(loader.clone().timeout(Duration::MAX).load().await.is_ok());
    assert!(
        loader
            .timeout(Duration::ZERO)
            .load()
            .await
            .unwrap_err()
            .is_timed_out()
    );
}
