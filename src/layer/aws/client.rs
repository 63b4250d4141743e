//! The way to Secrets Manager: region, credentials and endpoint from the SDK's own chain, looked for only when a secret is asked for.

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_secretsmanager::Client;

use super::failure::Failure;
use super::wipe::Bodies;
use crate::error::ProblemKind;

/// The region to ask: the configured one or, where none is, that of the secret's ARN, or of the machine.
pub(crate) async fn region(id: &str) -> Option<Region> {
    RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .or_else(region_of_arn(id))
        .or_else(ImdsRegionProvider::builder().build())
        .region()
        .await
}

/// `arn:aws:secretsmanager:eu-west-1:123456789012:secret:...`
fn region_of_arn(id: &str) -> Option<Region> {
    let mut parts = id.split(':');
    let region = parts.nth(3).filter(|region| !region.is_empty())?;
    id.starts_with("arn:")
        .then(|| Region::new(region.to_owned()))
}

/// A client for one region, whose credentials were found already: so that a failure to find any is told apart. Its answers go to `bodies`.
pub(crate) async fn client(region: &Region, bodies: &Bodies) -> Result<Client, Failure> {
    let config = aws_config::defaults(BehaviorVersion::latest()).region(region.clone());
    let config = config.load().await;
    let none = || {
        Failure::new(
            ProblemKind::NoCredentials,
            "no AWS credentials are configured",
        )
    };
    let provider = config.credentials_provider().ok_or_else(none)?;
    let found = provider.provide_credentials().await;
    let credentials = found.map_err(|error| Failure::no_credentials(&error))?;
    let config = aws_sdk_secretsmanager::config::Builder::from(&config);
    let config = config.credentials_provider(credentials);
    Ok(Client::from_conf(
        config.interceptor(bodies.clone()).build(),
    ))
}
