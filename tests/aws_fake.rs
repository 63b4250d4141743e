//! The test double of AWS Secrets Manager is what the tests of the layer stand on, so it is tested itself: over the wire, without
//! the AWS SDK.

#[path = "aws/client.rs"]
mod client;
#[path = "aws/fake.rs"]
mod fake;

#[path = "aws/fake_faults.rs"]
mod faults;
#[path = "aws/fake_service.rs"]
mod service;

use std::net::TcpStream;

use serde_json::{Value, json};

use client::{Answer, Client};
use fake::Fake;

const TEXT: &str = r#"{"username":"app","password":"canary"}"#;

fn connect(fake: &Fake) -> Client<TcpStream> {
    Client::connect(&fake.url()).expect("it listens")
}

fn call(fake: &Fake, action: &str, body: Value) -> Answer {
    connect(fake).call(action, &body).expect("it answers")
}

fn get(fake: &Fake, body: Value) -> Value {
    let answer = call(fake, "GetSecretValue", body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The code and message of a 400.
fn refused(fake: &Fake, action: &str, body: Value) -> (String, String) {
    let answer = call(fake, action, body);
    assert_eq!(answer.status, 400, "{answer:?}");
    code_and_message(&answer.json())
}

fn code_and_message(error: &Value) -> (String, String) {
    let key = ["Message", "message"]
        .into_iter()
        .find(|it| error.get(it).is_some());
    let text = |key: &str| error[key].as_str().expect("it is a string").to_owned();
    (text("__type"), text(key.expect("there is a message")))
}

fn with_label(name: &str, label: &str) -> Value {
    json!({"SecretId": name, "VersionStage": label})
}
