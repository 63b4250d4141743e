//! The shapes of a secret, and what is wrong with those that are none.

use super::*;

const LOCAL: [(&str, &str); 3] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_HOST", "db.example.com"),
];

async fn load_text(text: &str, variables: &[(&str, &str)]) -> Result<DatabaseConfig, Error> {
    let fake = Fake::start();
    fake.secret(ID, text);
    load(&fake, variables).await
}

#[tokio::test]
async fn of_rds_with_every_key() {
    let fake = Fake::start();
    let version = fake.secret(ID, &rds());
    let config = load(&fake, &[]).await.unwrap();
    assert_eq!(password(&config), PASSWORD);
    assert_eq!((config.user(), config.database()), ("app", "shop"));
    assert_eq!((config.host(), config.port()), ("db.example.com", 3307));
    // What RDS adds is not taken for a mistake.
    assert_eq!(config.explain().notes().count(), 0);
    let layer = format!(
        "AWS Secrets Manager {ID}, AWSCURRENT, version {}..",
        &version[..8]
    );
    for row in config.explain().rows().take(5) {
        let source = row.source().unwrap();
        assert_eq!(source.layer(), layer);
    }
    let call = &fake.calls()[0];
    assert_eq!(call.body["VersionStage"], "AWSCURRENT");
    assert!(call.signed);
}

#[tokio::test]
async fn of_rds_as_people_vary_it() {
    let text = r#"{"engine":"Aurora-MySQL","host":"db.example.com","username":"app","password":"pw-of-app",
        "dbname":"shop","port":"3307","ssl":"true","masterarn":"arn:x","resourceId":"y","colour":"red"}"#;
    let config = load_text(text, &[]).await.unwrap();
    assert_eq!(config.port(), 3307);
    assert_eq!(config.ssl_mode(), dbconf::SslMode::Required);
    let explain = config.explain();
    let notes: Vec<&str> = explain.notes().collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].ends_with("1 key is not known"), "{notes:?}");

    for engine in ["mysql", "mariadb", "aurora", ""] {
        let text = rds()
            .replace("\"mysql\"", &format!("\"{engine}\""))
            .replace(":3307", ":3307,\"ssl\":false");
        assert_eq!(
            load_text(&text, &[]).await.unwrap().port(),
            3307,
            "{engine}"
        );
    }
}

#[tokio::test]
async fn managed_by_rds_has_no_host() {
    let text = r#"{"username":"app","password":"pw-of-app"}"#;
    let config = load_text(
        text,
        &[("MYSQL_DB", "shop"), ("MYSQL_HOST", "db.example.com")],
    )
    .await;
    let config = config.unwrap();
    assert_eq!((config.user(), password(&config)), ("app", "pw-of-app"));
    assert_eq!(config.host(), "db.example.com");

    let error = load_text(text, &[("MYSQL_DB", "shop")]).await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::Missing]);
    let text = error.to_string();
    assert!(
        text.contains(&format!("AWS Secrets Manager {ID}")),
        "{text}"
    );
}

#[tokio::test]
async fn with_names_of_ours() {
    let text = r#"{"MYSQL_PASSWORD":"pw-of-app","Database":"shop","user":"app","url":"mysql://other.example.com:3308"}"#;
    let config = load_text(text, &[]).await.unwrap();
    assert_eq!(password(&config), "pw-of-app");
    assert_eq!((config.host(), config.port()), ("other.example.com", 3308));
}

#[tokio::test]
async fn binary() {
    for secret in [
        rds(),
        format!("\u{feff}{}", rds()),
        format!("\n  {}\n", rds()),
    ] {
        let fake = Fake::start();
        fake.binary(ID, secret.as_bytes());
        assert_eq!(password(&load(&fake, &[]).await.unwrap()), PASSWORD);
    }
    let fake = Fake::start();
    fake.binary(ID, b"pw\xff\xfe-of-app");
    let error = load(&fake, &LOCAL).await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::NotUtf8]);
}

#[tokio::test]
async fn plain_text_is_the_password() {
    for plain in [
        " pad ",
        "\"quoted\"",
        "0123",
        "null",
        "true",
        "p@ss:w/rd%#?+",
        "a\nb",
        "é{}",
        "x",
    ] {
        let config = load_text(plain, &LOCAL).await.unwrap();
        assert_eq!(password(&config), plain);
    }
    let config = load_text("pw-of-app\n", &LOCAL).await.unwrap();
    assert_eq!(password(&config), "pw-of-app\n");
    let notes = config.explain().notes().collect::<Vec<_>>().join("\n");
    assert!(notes.contains("ends in a line end"), "{notes}");
}

#[tokio::test]
async fn none_of_these() {
    let postgres = rds().replace("\"mysql\"", "\"postgres\"");
    let unknown = rds().replace("\"mysql\"", "\"s3cr3t-C4n4ry\"");
    let number = rds().replace("\"mysql\"", "31415926535");
    let cases = [
        (
            postgres.as_str(),
            ProblemKind::OtherEngine,
            "is for postgres",
        ),
        (
            &unknown,
            ProblemKind::OtherEngine,
            "is for an engine that is not MySQL",
        ),
        (
            &number,
            ProblemKind::OtherEngine,
            "is for an engine that is not MySQL",
        ),
        (&rds()[..90], ProblemKind::Malformed, "ends too early"),
        (
            r#"["s3cr3t-C4n4ry"]"#,
            ProblemKind::Malformed,
            "not an object",
        ),
        (r#"{s3cr3t-C4n4ry}"#, ProblemKind::Malformed, "not JSON"),
        (
            "mysql://app:s3cr3t-C4n4ry@h/d",
            ProblemKind::Malformed,
            "is a bare URL",
        ),
        (r#"  [s3cr3t-C4n4ry"#, ProblemKind::Malformed, "JSON"),
    ];
    for (text, kind, what) in cases {
        let error = load_text(text, &LOCAL).await.unwrap_err();
        assert_eq!(kinds(&error), [kind], "{error}");
        let text = error.to_string();
        assert!(text.contains(what) && text.contains(ID), "{text}");
        assert!(
            !text.contains("C4n4ry") && !text.contains("31415"),
            "{text}"
        );
    }
    let fake = Fake::start();
    fake.binary(ID, b"");
    let error = load(&fake, &LOCAL).await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::Malformed]);
    assert!(error.to_string().contains("is empty"), "{error}");
    // A value of the wrong type is one problem of its key.
    let error = load_text(r#"{"password": 31415926535}"#, &LOCAL)
        .await
        .unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::WrongType]);
}

#[tokio::test]
async fn versions_have_labels() {
    let fake = Fake::start();
    fake.secret(ID, r#"{"password":"pw-one"}"#);
    let pending = || {
        loader(&fake, &LOCAL)
            .aws_secret(ID)
            .version_stage("AWSPENDING")
    };
    let error = pending().load().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().contains("AWSPENDING"), "{error}");

    fake.put(ID, r#"{"password":"pw-two"}"#, "AWSPENDING");
    assert_eq!(password(&load(&fake, &LOCAL).await.unwrap()), "pw-one");
    let config = pending().load().await.unwrap();
    assert_eq!(password(&config), "pw-two");
    assert!(last_layer(&config).0.contains("AWSPENDING"));

    fake.promote(ID);
    assert_eq!(password(&load(&fake, &LOCAL).await.unwrap()), "pw-two");

    // A failed rotation leaves a version without a value.
    fake.put(ID, "", "AWSPENDING");
    assert!(pending().load().await.unwrap_err().is_not_found());
}
