//! URLs in a layer.

use super::*;

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
