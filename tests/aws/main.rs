//! AWS Secrets Manager as a layer, against a fake of its wire protocol and, where it is right, against moto.
#![cfg(feature = "aws")]

#[cfg(unix)]
#[path = "../servers/cleaner.rs"]
mod cleaner;
#[cfg(unix)]
mod client;
mod databases;
mod failures;
mod fake;
mod lazy;
#[cfg(unix)]
mod moto;
mod process;
mod sdk;
mod shapes;
#[cfg(unix)]
mod smoke;

use std::time::Duration;

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

/// Asks the fake, with these variables and no others.
fn loader(fake: &Fake, variables: &[(&str, &str)]) -> Loader<Remote> {
    let loader = DatabaseConfig::loader().env("MYSQL_");
    loader
        .env_from(variables.iter().copied())
        .aws_client(sdk::client(&fake.url()))
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
