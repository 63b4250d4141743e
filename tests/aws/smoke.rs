//! The example against Moto, a program that nobody here wrote.

use serde_json::json;

use super::moto::Moto;
use super::process::{CREDENTIALS, shown};
use super::*;

#[test]
#[ignore = "needs moto_server (MOTO_SERVER or PATH)"]
fn print_config_against_moto() {
    let moto = Moto::start();
    moto.create(ID, &rds());
    let region = [("AWS_REGION", "eu-west-1")];
    let variables = [&CREDENTIALS[..], &region].concat();
    let (ok, text) = shown(moto.url(), ID, &variables);
    assert!(ok, "{text}");
    for name in ["dbname", "username", "password", "host", "port"] {
        let line = text
            .lines()
            .find(|line| line.ends_with(&format!(": {name}")));
        let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
        let source = format!("AWS Secrets Manager {ID}, AWSCURRENT, version ");
        assert!(line.contains(&source), "{line}");
    }
    assert!(!text.contains("C4n4ry"), "{text}");

    let host = [&variables[..], &[("MYSQL_HOST", "127.0.0.1")]].concat();
    let (ok, text) = shown(moto.url(), ID, &host);
    assert!(ok && text.contains("environment: MYSQL_HOST"), "{text}");

    let missing = [
        &variables[..],
        &[("MYSQL_DB", "shop"), ("MYSQL_HOST", "127.0.0.1")],
    ]
    .concat();
    moto.create("managed", r#"{"username":"app","password":"pw-of-app"}"#);
    moto.create_binary("binary", rds().as_bytes());
    for id in ["managed", "binary"] {
        let (ok, text) = shown(moto.url(), id, &missing);
        assert!(ok, "{id}: {text}");
    }
    moto.create("plain", "pw-of-app");
    let user = [&missing[..], &[("MYSQL_USER", "app")]].concat();
    let (ok, text) = shown(moto.url(), "plain", &user);
    assert!(ok, "{text}");
    moto.create(
        "postgres",
        &json!({"engine": "postgres", "password": PASSWORD}).to_string(),
    );
    moto.create("empty", "");
    moto.delete("managed");
    let cases = [
        ("postgres", "is for postgres"),
        ("empty", "AWS Secrets Manager empty"),
        ("managed", "is marked for deletion"),
        ("nowhere", "was not found in eu-west-1"),
    ];
    for (id, what) in cases {
        let (ok, text) = shown(moto.url(), id, &user);
        assert!(!ok && text.contains(what), "{id}: {text}");
    }
}
