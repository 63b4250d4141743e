//! Each failure is named, with what to do; the service's answer is never shown.

use std::time::Instant;

use super::fake::Behaviour;
use super::*;

/// The error of a load of which every call is answered so.
async fn error_of(behaviour: Behaviour) -> Error {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.on("*", behaviour);
    let loader = loader(&fake, &[])
        .aws_secret(ID)
        .timeout(Duration::from_secs(3));
    loader.load().await.unwrap_err()
}

fn answer(status: u16, code: &'static str, message: &str) -> Behaviour {
    let message = message.to_owned();
    Behaviour::Error {
        status,
        code,
        message,
    }
}

/// One problem of this kind, which names the secret and says so much.
fn assert_says(error: &Error, kind: ProblemKind, words: &[&str]) {
    let text = format!("{error}\n{error:?}\n{error:#?}");
    assert_eq!(kinds(error), [kind], "{text}");
    for word in words.iter().chain(&[ID, "to fix:"]) {
        assert!(text.contains(word), "no {word:?} in {text}");
    }
    assert!(!text.contains("C4n4ry"), "{text}");
}

#[tokio::test]
async fn not_found() {
    let fake = Fake::start();
    let error = load(&fake, &[]).await.unwrap_err();
    assert!(error.is_not_found());
    assert_says(&error, ProblemKind::NotFound, &["not found in eu-west-1"]);
    assert!(!error.is_missing());
}

#[tokio::test]
async fn access_denied() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.deny("GetSecretValue", Some(ID));
    let error = load(&fake, &[]).await.unwrap_err();
    assert!(error.is_access_denied());
    let resource = "arn:aws:secretsmanager:eu-west-1:*:secret:prod/shop/mysql-??????";
    assert_says(
        &error,
        ProblemKind::AccessDenied,
        &["secretsmanager:GetSecretValue", resource],
    );
}

#[tokio::test]
async fn kms() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.deny_kms(ID);
    let error = load(&fake, &[]).await.unwrap_err();
    assert!(error.is_kms());
    assert_says(&error, ProblemKind::Kms, &["kms:Decrypt"]);
    fake.break_kms(ID);
    assert_says(
        &load(&fake, &[]).await.unwrap_err(),
        ProblemKind::Kms,
        &["DecryptionFailure"],
    );
}

#[tokio::test]
async fn marked_deleted() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.delete(ID);
    let error = load(&fake, &[]).await.unwrap_err();
    assert!(error.is_marked_deleted());
    assert_says(&error, ProblemKind::MarkedDeleted, &["restore-secret"]);
}

#[tokio::test]
async fn credentials_rejected() {
    for behaviour in [Behaviour::invalid_token(), Behaviour::expired_token()] {
        let error = error_of(behaviour).await;
        assert!(error.is_credentials_rejected(), "{error}");
        assert_says(
            &error,
            ProblemKind::CredentialsRejected,
            &["Exception", "renew"],
        );
    }
    for code in [
        "ExpiredToken",
        "SignatureDoesNotMatch",
        "MissingAuthenticationToken",
    ] {
        assert_says(
            &error_of(answer(403, code, "")).await,
            ProblemKind::CredentialsRejected,
            &[code],
        );
    }
}

#[tokio::test]
async fn throttled_after_retries() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    fake.times("GetSecretValue", 2, Behaviour::Throttle);
    assert!(load(&fake, &[]).await.is_ok());
    assert_eq!(fake.calls().len(), 3);
    fake.on("GetSecretValue", Behaviour::Throttle);
    let error = load(&fake, &[]).await.unwrap_err();
    assert!(error.is_throttled());
    assert_says(&error, ProblemKind::Throttled, &["after retries"]);
    assert_eq!(fake.calls().len(), 6);
}

#[tokio::test]
async fn timed_out() {
    for behaviour in [
        Behaviour::Hang,
        Behaviour::Stall(20),
        Behaviour::Delay(Duration::from_secs(20)),
    ] {
        let fake = Fake::start();
        fake.secret(ID, &rds());
        fake.on("*", behaviour);
        let begun = Instant::now();
        let loader = loader(&fake, &[])
            .aws_secret(ID)
            .timeout(Duration::from_millis(300));
        let error = loader.load().await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(error.is_timed_out());
        assert_says(
            &error,
            ProblemKind::TimedOut,
            &["within 0.3 s", ".timeout()"],
        );
    }
}

#[tokio::test]
async fn the_timeout_is_for_the_whole_load() {
    let fake = Fake::start();
    let names: Vec<(String, String)> = (0..25)
        .map(|index| (format!("db{index}"), format!("prod/{index}")))
        .collect();
    names
        .iter()
        .for_each(|(_, id)| drop(fake.secret(id, &rds())));
    fake.deny("BatchGetSecretValue", None);
    fake.on("GetSecretValue", Behaviour::Hang);
    let loader = loader(&fake, &[])
        .aws_secrets(names)
        .timeout(Duration::from_millis(400));
    let error = loader.load_all().await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::TimedOut; 25]);
}

#[tokio::test]
async fn unreachable() {
    // Nothing listens on this port, and no test is given it.
    let nowhere = sdk::client("http://127.0.0.1:1");
    let loader = DatabaseConfig::loader().aws_client(nowhere).aws_secret(ID);
    let error = loader.load().await.unwrap_err();
    assert!(error.is_unreachable());
    assert_says(
        &error,
        ProblemKind::Unreachable,
        &["could not be reached", "eu-west-1"],
    );
    let cases = [
        (Behaviour::InternalError, "failed (InternalServiceError)"),
        (Behaviour::Unavailable, "failed (HTTP status 503)"),
        (
            answer(503, "ServiceUnavailableException", ""),
            "failed (Service",
        ),
        (answer(500, "S3cr3t-C4n4ry", ""), "failed (HTTP status 500)"),
    ];
    for (behaviour, words) in cases {
        let error = error_of(behaviour).await;
        assert!(error.is_unreachable(), "{error}");
        assert_says(&error, ProblemKind::Unreachable, &[words, "eu-west-1"]);
    }
    assert!(error_of(Behaviour::Close).await.is_unreachable());
}

#[tokio::test]
async fn throttled_by_other_names() {
    for (status, code) in [
        (400, "ThrottledException"),
        (429, "TooManyRequests"),
        (429, "S3cr3t-C4n4ry"),
    ] {
        let error = error_of(answer(status, code, "")).await;
        assert!(error.is_throttled(), "{error}");
    }
}

/// The names of roles and secrets stand in the service's messages.
#[tokio::test]
async fn a_secret_called_after_kms_is_no_failure_of_kms() {
    let fake = Fake::start();
    fake.secret("prod/kms-deleted/mysql", &rds());
    fake.deny("GetSecretValue", None);
    let loader = loader(&fake, &[]).aws_secret("prod/kms-deleted/mysql");
    assert!(loader.load().await.unwrap_err().is_access_denied());
}

/// A client that the service gave us, which lacks what it needs.
#[tokio::test]
async fn of_a_client_that_is_not_complete() {
    let fake = Fake::start();
    let config = dbconf::aws_sdk_secretsmanager::Config::builder()
        .behavior_version(dbconf::aws_sdk_secretsmanager::config::BehaviorVersion::latest())
        .endpoint_url(fake.url());
    let client = |config: dbconf::aws_sdk_secretsmanager::config::Builder| {
        let client = dbconf::aws_sdk_secretsmanager::Client::from_conf(config.build());
        DatabaseConfig::loader().aws_secret(ID).aws_client(client)
    };
    let error = client(config.clone()).load().await.unwrap_err();
    assert!(error.is_no_region(), "{error}");
    let region = dbconf::aws_sdk_secretsmanager::config::Region::new("eu-west-1");
    let error = client(config.region(region)).load().await.unwrap_err();
    assert!(error.is_no_credentials(), "{error}");
    assert_eq!(fake.connections(), 0);
}

#[tokio::test]
async fn a_label_that_is_none() {
    let fake = Fake::start();
    for label in ["", "two words", "line\nend"] {
        let loader = loader(&fake, &[]).aws_secret(ID).version_stage(label);
        let error = loader.load().await.unwrap_err();
        assert_eq!(kinds(&error), [ProblemKind::Setup]);
    }
    assert_eq!(fake.connections(), 0);
}

/// The SDK's own errors print these answers, secret included.
#[tokio::test]
async fn malformed_answers() {
    let behaviours = [
        Behaviour::WrongType,
        Behaviour::NotJson,
        Behaviour::Html,
        Behaviour::CutOff(200),
        Behaviour::CutOff(0),
    ];
    for behaviour in behaviours {
        let case = format!("{behaviour:?}");
        let error = error_of(behaviour).await;
        assert!(
            error.is_malformed() || error.is_unreachable(),
            "{case}: {error}"
        );
        assert_says(&error, kinds(&error)[0], &["eu-west-1"]);
    }
}

#[tokio::test]
async fn refused_without_the_words_of_the_service() {
    assert_says(
        &error_of(Behaviour::Echo).await,
        ProblemKind::Refused,
        &["InvalidRequestException"],
    );
    let unknown = answer(400, "S3cr3t-C4n4ryException", "s3cr3t-C4n4ry");
    assert_says(
        &error_of(unknown).await,
        ProblemKind::Refused,
        &["not known"],
    );
    let invalid = answer(400, "ValidationException", "Invalid name s3cr3t-C4n4ry");
    assert_says(
        &error_of(invalid).await,
        ProblemKind::Refused,
        &["ValidationException"],
    );
}

#[tokio::test]
async fn what_is_no_id_is_not_sent() {
    let fake = Fake::start();
    for id in [
        r#"{"password":"s3cr3t-C4n4ry"}"#,
        "s3cr3t C4n4ry",
        "mysql://app:s3cr3t-C4n4ry@db.example.com:3306/shop",
        "arn:aws:s3:::s3cr3t-C4n4ry",
        "s3cr3t-C4n4ry\n",
    ] {
        let variables = [("MYSQL_SECRET_ID", id)];
        let error = loader(&fake, &variables)
            .aws_secret_from_env()
            .load()
            .await
            .unwrap_err();
        assert_eq!(kinds(&error), [ProblemKind::Setup]);
        let text = error.to_string();
        assert!(
            text.contains("MYSQL_SECRET_ID") && !text.contains("C4n4ry"),
            "{text}"
        );
        let error = loader(&fake, &[]).aws_secret(id).load().await.unwrap_err();
        assert!(!format!("{error} {:?}", loader(&fake, &[]).aws_secret(id)).contains("C4n4ry"));
    }
    assert_eq!(fake.connections(), 0);
}

#[test]
fn without_a_runtime() {
    let fake = Fake::start();
    let loader = loader(&fake, &[]).aws_secret(ID);
    let mut load = std::pin::pin!(loader.load());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcome) = load.as_mut().poll(&mut context) else {
        panic!("nothing to wait for");
    };
    assert!(
        outcome
            .unwrap_err()
            .to_string()
            .contains("needs a tokio runtime")
    );
}
