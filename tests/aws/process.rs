//! The example as a user runs it, with the SDK's own chain: region, credentials and endpoint from the process's environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use tempfile::TempDir;

use super::fake::Behaviour;
use super::*;

/// Runs `print_config` with these variables and no others, as on a machine that is none of AWS's.
fn run(directory: &Path, variables: &[(&str, &str)]) -> Output {
    let mut example: PathBuf = std::env::current_exe().unwrap();
    example.pop();
    example.pop();
    example.push("examples/print_config");
    let home = directory.to_str().unwrap();
    Command::new(example)
        .current_dir(directory)
        .env_clear()
        .envs([("HOME", home), ("AWS_EC2_METADATA_DISABLED", "true")])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

pub const CREDENTIALS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "id"),
    ("AWS_SECRET_ACCESS_KEY", "key"),
];

/// Standard output and error of a run with the secret, credentials and, besides, these variables.
pub fn shown(endpoint: &str, id: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let directory = TempDir::new().unwrap();
    let mut all = vec![("AWS_ENDPOINT_URL", endpoint), ("MYSQL_SECRET_ID", id)];
    all.extend_from_slice(variables);
    let output = run(directory.path(), &all);
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn region_and_credentials_of_the_environment() {
    let fake = Fake::start();
    let version = fake.secret(ID, &rds());
    let region = [("AWS_REGION", "us-east-2")];
    let (ok, text) = shown(&fake.url(), ID, &[&CREDENTIALS[..], &region].concat());
    assert!(ok, "{text}");
    let source = format!(
        "AWS Secrets Manager {ID}, AWSCURRENT, version {}..: username",
        &version[..8]
    );
    assert!(text.contains(&source), "{text}");
    let call = &fake.calls()[0];
    assert_eq!(
        (call.region.as_str(), call.access_key.as_str()),
        ("us-east-2", "id")
    );
}

#[test]
fn the_region_of_an_arn_where_no_other_is_configured() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let (ok, text) = shown(&fake.url(), &fake.arn(ID), &CREDENTIALS);
    assert!(ok, "{text}");
    assert_eq!(fake.calls()[0].region, "eu-west-1");
    let region = [("AWS_REGION", "us-east-2")];
    shown(
        &fake.url(),
        &fake.arn(ID),
        &[&CREDENTIALS[..], &region].concat(),
    );
    assert_eq!(fake.calls()[1].region, "us-east-2");
    // As compose files leave it.
    let empty = [("AWS_REGION", "")];
    shown(
        &fake.url(),
        &fake.arn(ID),
        &[&CREDENTIALS[..], &empty].concat(),
    );
    assert_eq!(fake.calls()[2].region, "eu-west-1");
}

#[test]
fn no_region() {
    let fake = Fake::start();
    let (ok, text) = shown(&fake.url(), ID, &CREDENTIALS);
    assert!(
        !ok && text.contains("no AWS region is configured") && text.contains("AWS_REGION"),
        "{text}"
    );
    assert_eq!(fake.connections(), 0);
}

#[test]
fn no_credentials() {
    let fake = Fake::start();
    let (ok, text) = shown(&fake.url(), ID, &[("AWS_REGION", "eu-west-1")]);
    assert!(
        !ok && text.contains("no AWS credentials were found") && text.contains("IAM role"),
        "{text}"
    );
    assert_eq!(fake.connections(), 0);
}

#[test]
fn nothing_of_aws_is_touched_while_nothing_is_missing() {
    let fake = Fake::start();
    fake.on("*", Behaviour::Hang);
    // Any look at credentials would ask this endpoint, and a look at the profile would fail.
    let metadata = format!("{}/credentials", fake.url());
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", metadata.as_str()),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url()),
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_PROFILE", "there-is-none"),
        ("MYSQL_DB", "shop"),
        ("MYSQL_USER", "app"),
        ("MYSQL_PASSWORD", "from-env"),
        ("MYSQL_HOST", "127.0.0.1"),
    ];
    let (ok, text) = shown(&fake.url(), ID, &variables);
    assert!(
        ok && text.contains("not asked: nothing is missing"),
        "{text}"
    );
    assert_eq!(fake.connections(), 0);
    // The same without a password does look.
    let (ok, _) = shown(&fake.url(), ID, &variables[..6]);
    assert!(!ok && fake.connections() > 0);
}

#[test]
fn an_endpoint_that_hangs_costs_five_seconds() {
    let fake = Fake::start();
    fake.on("*", Behaviour::Hang);
    let begun = Instant::now();
    let region = [("AWS_REGION", "eu-west-1")];
    let (ok, text) = shown(&fake.url(), ID, &[&CREDENTIALS[..], &region].concat());
    assert!(
        !ok && text.contains("no answer in eu-west-1 within 5 s"),
        "{text}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_variable_is_not_followed_without_the_layer() {
    let variables = [("MYSQL_SECRET_ID", ID)];
    let local = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
    let error = local.load().unwrap_err();
    assert!(
        error.to_string().contains(".aws_secret_from_env()"),
        "{error}"
    );
}
