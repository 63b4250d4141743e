//! AWS Secrets Manager as a layer, against a fake of its wire protocol and, where it is right, against moto.
#![cfg(feature = "aws")]

mod databases;
mod failures;
mod fake;
mod lazy;
mod process;
mod shapes;

use std::time::Duration;

use dbconf::aws_sdk_secretsmanager::Client;
use dbconf::aws_sdk_secretsmanager::config::{
    BehaviorVersion, Config, Credentials, Region, retry::RetryConfig,
};
use dbconf::{DatabaseConfig, Error, ExposeSecret, Loader, ProblemKind, Remote};
use fake::Fake;

const ID: &str = "prod/shop/mysql";
const PASSWORD: &str = "s3cr3t-C4n4ry\"\\é@";

/// The standard shape of RDS.
fn rds() -> String {
    let secret = serde_json::json!({
        "engine": "mysql", "host": "db.example.com", "username": "app", "password": PASSWORD,
        "dbname": "shop", "port": 3307, "dbInstanceIdentifier": "shop-1",
    });
    secret.to_string()
}

fn config(endpoint: &str) -> dbconf::aws_sdk_secretsmanager::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(fake::REGION))
        .credentials_provider(Credentials::for_tests())
        // Retries as everywhere, but soon.
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(10)))
        .endpoint_url(endpoint)
}

fn client(fake: &Fake) -> Client {
    Client::from_conf(config(&fake.url()).build())
}

/// Asks the fake, with these variables and no others.
fn loader(fake: &Fake, variables: &[(&str, &str)]) -> Loader<Remote> {
    let loader = DatabaseConfig::loader().env("MYSQL_");
    loader
        .env_from(variables.iter().copied())
        .aws_client(client(fake))
}

/// Loads the one secret of a fake.
async fn load(fake: &Fake, variables: &[(&str, &str)]) -> Result<DatabaseConfig, Error> {
    loader(fake, variables).aws_secret(ID).load().await
}

fn password(config: &DatabaseConfig) -> &str {
    config.password().expose_secret()
}

fn kinds(error: &Error) -> Vec<ProblemKind> {
    error.problems().map(|problem| problem.kind()).collect()
}

/// What became of the last layer.
fn last_layer(config: &DatabaseConfig) -> (String, Option<&'static str>) {
    config.explain().layers().last().unwrap()
}
