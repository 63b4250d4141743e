//! A client of the SDK for the fake.

use std::time::Duration;

use dbconf::aws_sdk_secretsmanager::Client;
use dbconf::aws_sdk_secretsmanager::config::retry::RetryConfig;
use dbconf::aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};

pub fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(super::fake::REGION))
        .credentials_provider(Credentials::for_tests())
        // Retries as everywhere, but soon.
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(10)))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}
