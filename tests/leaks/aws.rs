//! Secrets of AWS Secrets Manager, and answers of the service that hold one where none belongs.

use std::time::Duration;

use dbconf::{DatabaseConfig, Loader, Remote};

use super::canary::{CANARY, Watch, texts_of_config, texts_of_error};
use super::fake::{Behaviour, Fake};
use super::sdk;

const ID: &str = "prod/shop/mysql";

/// Secrets, `§` for the canary. What a key like `host` holds is shown as that, unless it is the password too.
const SECRETS: [&str; 30] = [
    r#"{"password":"§","username":"app","host":"db.example.com","dbname":"shop"}"#,
    r#"{"password":"§","username":"app","host":"§","dbname":"shop"}"#,
    r#"{"password":"§","username":"§","host":"db.example.com","dbname":"§"}"#,
    r#"{"password":"§","username":"app","host":"db.example.com","dbname":"shop","port":"§"}"#,
    r#"{"password":"§","username":"app","host":"db.example.com","dbname":"shop","ssl":"§"}"#,
    r#"{"password":"§","username":"app","host":"db.example.com","dbname":"shop","sql_mode":"§"}"#,
    r#"{"password":"§","username":"app","host":"a b§","dbname":"shop"}"#,
    r#"{"password":"§","username":"app§\n","host":"db.example.com","dbname":"shop"}"#,
    r#"{"engine":"§","password":"§"}"#,
    r#"{"engine":["§"],"password":"§"}"#,
    r#"{"engine":"postgres","password":"§","host":"§"}"#,
    r#"{"url":"mysql://app:§@db.example.com/shop"}"#,
    r#"{"url":"mysql://app:§@x@db.example.com/shop"}"#,
    r#"{"url":"§"}"#,
    r#"{"§":"§","§2":{"§":"§"},"password":["§"]}"#,
    r#"{"password":{"§":"§"}}"#,
    r#"{"password":31415926535}"#,
    r#"{"password":"§","password":"other §"}"#,
    r#"{"password":"§","MYSQL_PASSWORD_FILE":"/nowhere/§"}"#,
    r#"{"replica":{"password":"§"},"default":{"password":"§","host":"§ "}}"#,
    r#"{"password":"§\ud800"}"#,
    r#"{"password":"§"#,
    r#"{"password":"§"}}"#,
    r#"{"password":§}"#,
    r#"{§:"x"}"#,
    r#"["§"]"#,
    r#"[§"#,
    "§",
    "§\n",
    "\u{feff}§",
];

fn loader(fake: &Fake) -> Loader<Remote> {
    let loader = DatabaseConfig::loader().env("MYSQL_");
    let loader = loader.env_from([("", "")]).timeout(Duration::from_secs(2));
    loader.aws_client(sdk::client(&fake.url()))
}

async fn see(watch: &mut Watch, case: &str, loader: Loader<Remote>) {
    let mut texts = vec![format!("{loader:?}")];
    match loader.load_all().await {
        Ok(configs) => texts.extend(configs.values().flat_map(texts_of_config)),
        Err(error) => texts.extend(texts_of_error(&error)),
    }
    watch.see(case, &texts);
}

#[tokio::test]
async fn secrets() {
    let mut watch = Watch::start();
    for text in SECRETS {
        let secret = text.replace('§', CANARY);
        let fake = Fake::start();
        fake.secret(ID, &secret);
        fake.binary("binary", &[secret.as_bytes(), b"\xff"].concat());
        let rest = [
            ("MYSQL_DB", "shop"),
            ("MYSQL_USER", "app"),
            ("MYSQL_HOST", "db.example.com"),
        ];
        see(&mut watch, text, loader(&fake).aws_secret(ID)).await;
        see(
            &mut watch,
            text,
            loader(&fake).env_from(rest).aws_secret(ID),
        )
        .await;
        see(&mut watch, text, loader(&fake).aws_secret("binary")).await;
        let several = [("a", ID), ("b", "binary"), ("c", "nowhere")];
        see(&mut watch, text, loader(&fake).aws_secrets(several)).await;
    }
    watch.end();
}

#[tokio::test]
async fn answers() {
    let error = |status, code: &'static str| Behaviour::Error {
        status,
        code,
        message: format!("{CANARY} KMS deletion {CANARY}"),
    };
    let behaviours = [
        Behaviour::WrongType,
        Behaviour::NotJson,
        Behaviour::Html,
        Behaviour::Echo,
        Behaviour::CutOff(0),
        Behaviour::CutOff(120),
        Behaviour::Stall(120),
        Behaviour::Close,
        Behaviour::InternalError,
        Behaviour::Unavailable,
        Behaviour::Throttle,
        error(200, "s3cr3t-C4n4ry"),
        error(400, "s3cr3t-C4n4ry"),
        error(400, "InvalidRequestException"),
        error(403, "AccessDeniedException"),
        error(500, "s3cr3t-C4n4ry"),
        error(302, "s3cr3t-C4n4ry"),
    ];
    let mut watch = Watch::start();
    for behaviour in behaviours {
        let case = format!("{behaviour:?}");
        let fake = Fake::start();
        let secret = format!(r#"{{"password":"{CANARY}"}}"#);
        fake.secret(ID, &secret);
        fake.secret("other", &secret);
        fake.on("*", behaviour);
        see(&mut watch, &case, loader(&fake).aws_secret(ID)).await;
        let several = [("a", ID), ("b", "other")];
        see(&mut watch, &case, loader(&fake).aws_secrets(several)).await;
    }
    watch.end();
}

#[tokio::test]
async fn ids() {
    let mut watch = Watch::start();
    let fake = Fake::start();
    for id in [
        r#"{"password":"§"}"#,
        "§ ",
        "mysql://app:§@h/d?x",
        "§\u{0}",
        "é§",
    ] {
        let id = id.replace('§', CANARY);
        see(&mut watch, &id, loader(&fake).aws_secret(&*id)).await;
        see(
            &mut watch,
            &id,
            loader(&fake).aws_secrets([("a", &*id), ("b", &*id)]),
        )
        .await;
        let variables = [("MYSQL_SECRET_ID", &*id), ("A_MYSQL_SECRET_ID", &*id)];
        see(
            &mut watch,
            &id,
            loader(&fake).env_from(variables).aws_secret_from_env(),
        )
        .await;
    }
    watch.end();
}
