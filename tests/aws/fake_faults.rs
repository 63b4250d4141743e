//! Connections, calls and faults.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};

use crate::client::{Client, SIGNATURE};
use crate::fake::{Behaviour, Fake};
use crate::{TEXT, call, code_and_message, connect};

const GET: &str = "GetSecretValue";

fn db() -> Value {
    json!({"SecretId": "db"})
}

fn fake_with_secret() -> Fake {
    let fake = Fake::start();
    fake.secret("db", TEXT);
    fake
}

#[test]
fn connections_are_kept_and_calls_recorded() {
    let fake = fake_with_secret();
    let mut client = connect(&fake);
    let first = client.call(GET, &db()).expect("it answers");
    let second = client.call("DescribeSecret", &db()).expect("it answers");
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.content_type, "application/x-amz-json-1.1");
    assert_eq!(first.request_id.len(), 36);
    assert_ne!(first.request_id, second.request_id);
    let unsigned = connect(&fake).send(GET, "{}", None).expect("it answers");
    let (code, _) = code_and_message(&unsigned.json());
    assert_eq!(code, "MissingAuthenticationTokenException");
    let unreadable = connect(&fake)
        .send(GET, "{", Some(SIGNATURE))
        .expect("it answers");
    assert_eq!(unreadable.status, 400);

    let calls = fake.calls();
    let seen = calls
        .iter()
        .map(|it| (it.action.as_str(), it.connection, it.signed));
    let expected = [
        (GET, 1, true),
        ("DescribeSecret", 1, true),
        (GET, 2, false),
        (GET, 3, true),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    assert_eq!(fake.connections(), 3);
    assert_eq!(calls[0].body, db());
    let scope = (&*calls[0].region, &*calls[0].service, &*calls[0].access_key);
    assert_eq!(scope, ("eu-west-1", "secretsmanager", "AKIDEXAMPLE"));
    assert_eq!((&*calls[2].region, &calls[3].body), ("", &Value::Null));
    assert!(calls[0].at <= calls[1].at);
}

#[test]
fn https_is_trusted_through_its_own_authority_only() {
    let fake = Fake::start_tls();
    fake.secret("db", TEXT);
    let url = fake.url();
    let address = url.strip_prefix("https://").expect("it is HTTPS");
    let pem = fake.ca_pem().expect("it has an authority");
    let mut roots = RootCertStore::empty();
    let mut attempt = |trusted: bool, name: &'static str| {
        if trusted {
            let authority = CertificateDer::from_pem_slice(pem.as_bytes()).expect("it is PEM");
            roots.add(authority).expect("it is an authority");
        }
        let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots.clone())
            .with_no_client_auth();
        let name = ServerName::try_from(name).expect("it is a name");
        let session = ClientConnection::new(Arc::new(config), name).expect("a session");
        let stream = TcpStream::connect(address).expect("it listens");
        let mut client = Client::over(StreamOwned::new(session, stream));
        let first = client.call(GET, &db());
        first.and_then(|_| client.call(GET, &db()))
    };
    assert!(attempt(false, "localhost").is_err());
    for name in ["localhost", "127.0.0.1"] {
        let answer = attempt(true, name).expect("it is trusted");
        assert_eq!(answer.json()["SecretString"], TEXT);
    }
    assert!(attempt(true, "example.com").is_err());
    assert_eq!((fake.connections(), fake.calls().len()), (4, 4));
}

#[test]
fn faults_are_for_an_action_and_for_a_number_of_calls() {
    let fake = fake_with_secret();
    fake.times(GET, 2, Behaviour::Throttle);
    fake.times("*", 1, Behaviour::InternalError);
    fake.on(GET, Behaviour::expired_token());
    assert_eq!(call(&fake, "DescribeSecret", db()).status, 500);
    for code in [
        "ThrottlingException",
        "ThrottlingException",
        "ExpiredTokenException",
    ] {
        let answer = call(&fake, GET, db());
        assert_eq!(
            (answer.status, &*code_and_message(&answer.json()).0),
            (400, code)
        );
    }
    assert_eq!(call(&fake, "DescribeSecret", db()).status, 200);
    fake.on("*", Behaviour::Normal);
    assert_eq!(call(&fake, GET, db()).status, 200);
}

#[test]
fn wrong_answers_are_wrong_in_the_way_that_was_asked_for() {
    let fake = fake_with_secret();
    let answer = |behaviour| {
        fake.on(GET, behaviour);
        call(&fake, GET, db())
    };
    let html = answer(Behaviour::Html);
    assert_eq!(
        (html.status, &*html.content_type),
        (200, "text/html; charset=utf-8")
    );
    assert_eq!(answer(Behaviour::Unavailable).status, 503);
    let wrong = answer(Behaviour::WrongType);
    assert_eq!(wrong.json()["SecretString"]["password"], "canary");
    let not_json = answer(Behaviour::NotJson);
    assert!(not_json.status == 200 && not_json.body.contains("canary"));
    assert!(serde_json::from_str::<Value>(&not_json.body).is_err());
    let echo = answer(Behaviour::Echo);
    assert!(echo.status == 400 && code_and_message(&echo.json()).1.contains("canary"));
    let other = answer(Behaviour::Error {
        status: 403,
        code: "IncompleteSignature",
        message: "no".to_owned(),
    });
    assert_eq!(
        (other.status, other.json()["message"].as_str()),
        (403, Some("no"))
    );
    assert!(
        answer(Behaviour::invalid_token())
            .body
            .contains("\"message\"")
    );

    fake.on("*", Behaviour::WrongType);
    let batch = call(
        &fake,
        "BatchGetSecretValue",
        json!({"SecretIdList": ["db"]}),
    )
    .json();
    assert_eq!(
        batch["SecretValues"][0]["SecretString"]["password"],
        "canary"
    );
}

#[test]
fn answers_break_off_or_never_come() {
    let fake = fake_with_secret();
    for (behaviour, kind) in [
        (Behaviour::Close, ErrorKind::UnexpectedEof),
        (Behaviour::CutOff(20), ErrorKind::UnexpectedEof),
        (Behaviour::Hang, ErrorKind::WouldBlock),
        (Behaviour::Stall(20), ErrorKind::WouldBlock),
    ] {
        fake.on(GET, behaviour);
        let mut client = connect(&fake);
        client.set_timeout(Duration::from_millis(300));
        let error = client.call(GET, &db()).expect_err("there is no answer");
        // A timeout has another kind on Windows.
        let kinds = [error.kind(), ErrorKind::TimedOut];
        assert!(
            kinds[0] == kind || kind == ErrorKind::WouldBlock && kinds[0] == kinds[1],
            "{error:?}"
        );
    }
    assert_eq!(fake.calls().len(), 4);
}

#[test]
fn a_late_answer_is_the_one_of_its_arrival() {
    let fake = fake_with_secret();
    let delay = Duration::from_millis(400);
    fake.times(GET, 1, Behaviour::Delay(delay));
    let started = Instant::now();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| call(&fake, GET, db()));
        while fake.calls().is_empty() {
            std::thread::yield_now();
        }
        fake.put("db", "new", "AWSCURRENT");
        assert_eq!(call(&fake, GET, db()).json()["SecretString"], "new");
        let late = late.join().expect("it is answered");
        assert_eq!(late.json()["SecretString"], TEXT);
    });
    assert!(started.elapsed() >= delay);
}

#[test]
fn the_end_does_not_wait_for_anybody() {
    let started = Instant::now();
    let fake = fake_with_secret();
    let idle = connect(&fake);
    let waiting = [
        Behaviour::Hang,
        Behaviour::Stall(1),
        Behaviour::Delay(Duration::from_secs(60)),
    ];
    let clients = waiting.map(|behaviour| {
        let mut client = connect(&fake);
        let seen = fake.calls().len();
        fake.on("*", behaviour);
        let client = std::thread::spawn(move || client.call(GET, &db()));
        while fake.calls().len() == seen {
            std::thread::yield_now();
        }
        client
    });
    drop(fake);
    for client in clients {
        assert!(client.join().expect("no panic").is_err());
    }
    drop(idle);
    assert!(started.elapsed() < Duration::from_secs(10));
}
