//! Ids, labels, permissions and batches.

use serde_json::{Value, json};

use crate::fake::Fake;
use crate::{TEXT, call, get, refused, with_label};

const NOT_FOUND: &str = "ResourceNotFoundException";

#[test]
fn a_secret_is_found_by_name_and_by_arn() {
    let fake = Fake::start();
    let version = fake.secret("shop/db", TEXT);
    let arn = fake.arn("shop/db");
    let prefix = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-";
    assert!(
        arn.starts_with(prefix) && arn.len() == prefix.len() + 6,
        "{arn}"
    );
    assert_eq!(version.len(), 36);
    for id in ["shop/db", &arn, &arn[..arn.len() - 7]] {
        let answer = get(&fake, json!({"SecretId": id}));
        assert_eq!(answer["Name"], "shop/db");
        assert_eq!(answer["ARN"], arn.as_str());
        assert_eq!(answer["SecretString"], TEXT);
        assert_eq!(answer["VersionId"], version.as_str());
        assert_eq!(answer["VersionStages"], json!(["AWSCURRENT"]));
        assert!(answer["CreatedDate"].as_f64() > Some(1.7e9));
        assert_eq!(answer.get("SecretBinary"), None);
    }
    let nowhere = arn.replace("eu-west-1", "us-east-1");
    for id in ["shop", "SHOP/DB", &nowhere, &arn[..arn.len() - 6]] {
        let (code, message) = refused(&fake, "GetSecretValue", json!({"SecretId": id}));
        assert_eq!(code, NOT_FOUND);
        assert_eq!(message, "Secrets Manager can't find the specified secret.");
    }
    let (code, _) = refused(&fake, "GetSecretValue", json!({"SecretId": "shop#db"}));
    assert_eq!(code, "ValidationException");
}

#[test]
fn a_partial_arn_that_looks_complete_is_not_found() {
    let fake = Fake::start();
    fake.secret("shop-abcdef", TEXT);
    let arn = fake.arn("shop-abcdef");
    get(&fake, json!({"SecretId": arn}));
    let (code, _) = refused(
        &fake,
        "GetSecretValue",
        json!({"SecretId": arn[..arn.len() - 7]}),
    );
    assert_eq!(code, NOT_FOUND);
}

#[test]
fn binary_is_base64() {
    let fake = Fake::start();
    fake.binary("bytes", b"\0\xff?");
    let answer = get(&fake, json!({"SecretId": "bytes"}));
    assert_eq!(answer["SecretBinary"], "AP8/");
    assert_eq!(answer.get("SecretString"), None);
}

#[test]
fn labels_move_as_in_a_rotation() {
    let fake = Fake::start();
    let value = |label| get(&fake, with_label("db", label))["SecretString"].clone();
    let missing = |label: &str| {
        let (code, message) = refused(&fake, "GetSecretValue", with_label("db", label));
        assert_eq!(code, NOT_FOUND);
        let what = "Secrets Manager can't find the specified secret value for staging label: ";
        assert_eq!(message, format!("{what}{label}"));
    };
    let first = fake.secret("db", "one");
    missing("AWSPENDING");
    missing("AWSPREVIOUS");
    fake.put("db", "two", "AWSPENDING");
    assert_eq!(value("AWSCURRENT"), "one");
    assert_eq!(value("AWSPENDING"), "two");

    fake.promote("db");
    assert_eq!(value("AWSCURRENT"), "two");
    assert_eq!(value("AWSPREVIOUS"), "one");
    assert_eq!(value("AWSPENDING"), "two");
    fake.unlabel("db", "AWSPENDING");
    missing("AWSPENDING");

    let third = fake.put("db", "three", "AWSCURRENT");
    assert_eq!(
        get(&fake, json!({"SecretId": "db"}))["SecretString"],
        "three"
    );
    assert_eq!(value("AWSPREVIOUS"), "two");
    // The first has no label any more, but is still there.
    let old = get(&fake, json!({"SecretId": "db", "VersionId": first}));
    assert_eq!(old["SecretString"], "one");
    assert_eq!(old.get("VersionStages"), None);

    let described = call(&fake, "DescribeSecret", json!({"SecretId": "db"})).json();
    let stages = described["VersionIdsToStages"].as_object().expect("a map");
    assert_eq!(stages.len(), 2);
    assert_eq!(stages[&third], json!(["AWSCURRENT"]));
    assert!(!described.to_string().contains("three"));

    fake.put("db", "", "AWSPENDING");
    missing("AWSPENDING");
    let mut both = with_label("db", "AWSPREVIOUS");
    both["VersionId"] = json!(third);
    let (code, _) = refused(&fake, "GetSecretValue", both);
    assert_eq!(code, "InvalidRequestException");
    let (_, message) = refused(
        &fake,
        "GetSecretValue",
        json!({"SecretId": "db", "VersionId": "?"}),
    );
    assert!(
        message.ends_with("secret value for VersionId: ?"),
        "{message}"
    );
}

#[test]
fn permissions_can_be_taken_and_given_back() {
    let fake = Fake::start();
    fake.secret("db", TEXT);
    fake.secret("other", TEXT);
    let db = || json!({"SecretId": "db"});
    fake.deny("GetSecretValue", Some("db"));
    let (code, message) = refused(&fake, "GetSecretValue", db());
    assert_eq!(code, "AccessDeniedException");
    let what = "is not authorized to perform: secretsmanager:GetSecretValue on resource: db because no identity-based policy \
                allows the secretsmanager:GetSecretValue action";
    assert!(
        message.starts_with("User: arn:aws:") && message.ends_with(what),
        "{message}"
    );
    refused(&fake, "GetSecretValue", json!({"SecretId": fake.arn("db")}));
    get(&fake, json!({"SecretId": "other"}));
    assert_eq!(call(&fake, "DescribeSecret", db()).status, 200);

    fake.deny("GetSecretValue", None);
    let (code, _) = refused(&fake, "GetSecretValue", json!({"SecretId": "unknown"}));
    assert_eq!(code, "AccessDeniedException");

    fake.allow_all();
    fake.deny_kms("db");
    let (code, message) = refused(&fake, "GetSecretValue", db());
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("AccessDeniedException", "Access to KMS is not allowed")
    );
    fake.break_kms("db");
    assert_eq!(
        refused(&fake, "GetSecretValue", db()).0,
        "DecryptionFailure"
    );
    fake.allow_all();
    get(&fake, db());

    fake.delete("db");
    let (code, message) = refused(&fake, "GetSecretValue", db());
    assert_eq!(code, "InvalidRequestException");
    assert!(message.ends_with("because it was marked for deletion."));
    let described = call(&fake, "DescribeSecret", db()).json();
    assert!(described["DeletedDate"].is_f64());
}

#[test]
fn a_batch_has_values_and_errors() {
    let fake = Fake::start();
    for name in ["a", "b", "denied", "gone"] {
        fake.secret(name, name);
        fake.put(name, "next", "AWSPENDING");
    }
    fake.deny("GetSecretValue", Some("denied"));
    fake.delete("gone");
    let ids = json!({"SecretIdList": ["a", "denied", fake.arn("b"), "gone", "unknown"]});
    let answer = call(&fake, "BatchGetSecretValue", ids.clone()).json();
    let texts = |answer: &Value| {
        let values = answer["SecretValues"].as_array().expect("a list").clone();
        values
            .into_iter()
            .map(|it| it["SecretString"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&answer), ["b", "a"]);
    let errors = answer["Errors"].as_array().expect("a list");
    let error = |id: &str| {
        errors
            .iter()
            .find(|it| it["SecretId"] == id)
            .expect("it is there")
    };
    assert_eq!(errors.len(), 3);
    assert_eq!(error("denied")["ErrorCode"], "AccessDeniedException");
    assert_eq!(error("gone")["ErrorCode"], "InvalidRequestException");
    assert_eq!(error("unknown")["ErrorCode"], NOT_FOUND);
    assert_eq!(answer.get("NextToken"), None);

    fake.page(2);
    let (mut body, mut all, mut pages) = (ids.clone(), Vec::new(), 0);
    loop {
        let answer = call(&fake, "BatchGetSecretValue", body.clone()).json();
        all.extend(texts(&answer));
        pages += 1;
        match answer.get("NextToken") {
            Some(token) => body["NextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!((all, pages), (vec![json!("a"), json!("b")], 3));
    body["NextToken"] = json!("made up");
    assert_eq!(
        refused(&fake, "BatchGetSecretValue", body).0,
        "InvalidNextTokenException"
    );

    let many = |n| json!({"SecretIdList": vec!["a"; n]});
    assert_eq!(call(&fake, "BatchGetSecretValue", many(20)).status, 200);
    assert_eq!(
        refused(&fake, "BatchGetSecretValue", many(21)).0,
        "ValidationException"
    );
    assert_eq!(
        refused(&fake, "BatchGetSecretValue", many(0)).0,
        "InvalidParameterException"
    );
    fake.deny("BatchGetSecretValue", None);
    let (code, message) = refused(&fake, "BatchGetSecretValue", ids);
    assert_eq!(code, "AccessDeniedException");
    assert!(
        message.contains("secretsmanager:BatchGetSecretValue because"),
        "{message}"
    );
}
