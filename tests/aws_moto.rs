//! The fake against Moto, an independent imitation of the same service: where Moto is known to be right, they agree.
//!
//! `cargo test --test aws_moto -- --ignored`, with `MOTO_SERVER` as printed by `tests/aws/install.sh`.
#![cfg(unix)]

#[path = "servers/cleaner.rs"]
mod cleaner;
#[path = "aws/client.rs"]
mod client;
#[path = "aws/fake.rs"]
mod fake;
#[path = "aws/moto.rs"]
mod moto;

use serde_json::{Value, json};

use client::Client;
use fake::Fake;
use moto::Moto;

const TEXT: &str = r#"{"username":"app","password":"canary"}"#;

/// What an answer says once what differs by chance is taken out of it: times, version ids and ARNs.
fn essence(url: &str, body: &Value) -> (u16, Value) {
    let client = Client::connect(url);
    let answer = client.and_then(|mut client| client.call("GetSecretValue", body));
    let answer = answer.expect("it answers");
    let mut json = answer.json();
    let fields = json.as_object_mut().expect("it is an object");
    fields.remove("CreatedDate");
    fields.remove("VersionId");
    fields.remove("ARN");
    // Moto has wordings of its own, and 404 for what is not found.
    fields
        .remove("Message")
        .or_else(|| fields.remove("message"));
    (answer.status, json)
}

#[test]
#[ignore = "needs moto_server (MOTO_SERVER or PATH)"]
fn the_fake_and_moto_agree() {
    let (fake, moto) = (Fake::start(), Moto::start());
    fake.secret("shop/db", TEXT);
    let arns = [fake.arn("shop/db"), moto.create("shop/db", TEXT)];
    fake.binary("bytes", b"\0\xff");
    moto.create_binary("bytes", b"\0\xff");
    fake.secret("gone", TEXT);
    moto.create("gone", TEXT);
    let compare = |both: [Value; 2]| {
        let [fakes, motos] = [
            essence(&fake.url(), &both[0]),
            essence(moto.url(), &both[1]),
        ];
        assert_eq!(fakes.1, motos.1, "{both:?}");
        (fakes.0, motos.0)
    };
    let same = |body: Value| compare([body.clone(), body]);

    assert_eq!(same(json!({"SecretId": "shop/db"})), (200, 200));
    assert_eq!(same(json!({"SecretId": "bytes"})), (200, 200));
    let by_arn = arns.clone().map(|arn| json!({"SecretId": arn}));
    assert_eq!(compare(by_arn), (200, 200));
    let partial = arns.map(|arn| json!({"SecretId": arn[..arn.len() - 7]}));
    assert_eq!(compare(partial), (200, 200));

    let pending = json!({"SecretId": "shop/db", "VersionStage": "AWSPENDING"});
    let current = json!({"SecretId": "shop/db", "VersionStage": "AWSCURRENT"});
    assert_eq!(same(pending.clone()), (400, 404));
    assert_eq!(same(json!({"SecretId": "unknown"})), (400, 404));
    fake.put("shop/db", "next", "AWSPENDING");
    moto.put("shop/db", "next", "AWSPENDING");
    assert_eq!(same(pending), (200, 200));
    assert_eq!(same(current), (200, 200));

    fake.delete("gone");
    moto.delete("gone");
    assert_eq!(same(json!({"SecretId": "gone"})), (400, 400));
}
