//! The way to Secrets Manager for one load: region, credentials and endpoint from the SDK's own chain, each looked for once, and only when a
//! secret is asked for.

use std::collections::BTreeMap;
use std::future::Future;

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_secretsmanager::Client;
use tokio::time::{Instant, timeout_at};

use super::Settings;
use super::failure::Failure;
use super::wipe::Bodies;
use crate::error::ProblemKind;

/// What one load has found of the way so far.
pub(crate) struct Session<'a> {
    pub settings: &'a Settings,
    deadline: Instant,
    /// The region of the environment or the profile; `Some(None)` if none is configured there.
    configured: Option<Option<String>>,
    /// The region of the machine; `Some(None)` if it has none.
    of_machine: Option<Option<String>>,
    credentials: Option<Credentials>,
    clients: BTreeMap<String, Client>,
    /// What the clients were answered.
    bodies: Bodies,
}

impl<'a> Session<'a> {
    /// The time runs from now on.
    pub(crate) fn new(settings: &'a Settings) -> Session<'a> {
        Session {
            settings,
            deadline: settings.deadline(),
            configured: None,
            of_machine: None,
            credentials: None,
            clients: BTreeMap::new(),
            bodies: Bodies::default(),
        }
    }

    /// The region to ask for a secret: the configured one or, where none is, that of the secret's ARN, or of the machine.
    pub(crate) async fn region(&mut self, id: &str) -> Result<String, Failure> {
        if let Some(client) = &self.settings.client {
            let region = client.config().region().map(Region::to_string);
            return region.ok_or_else(|| Failure::no_region("the client has no AWS region"));
        }
        if self.configured.is_none() {
            self.configured = Some(self.within(configured_region()).await?);
        }
        let arn = region_of_arn(id).map(str::to_owned);
        if let Some(region) = self.configured.clone().flatten().or(arn) {
            return Ok(region);
        }
        if self.of_machine.is_none() {
            let late = "no AWS region is configured, and the machine's metadata service did not answer in time";
            let provider = ImdsRegionProvider::builder().build();
            let machine = timeout_at(self.deadline, provider.region());
            let region = machine.await.map_err(|_| Failure::no_region(late))?;
            self.of_machine = Some(region.map(|region| region.to_string()));
        }
        let none = || Failure::no_region("no AWS region is configured");
        self.of_machine.clone().flatten().ok_or_else(none)
    }

    /// The client for a region. Credentials are found before it is used, so that a failure to find any is told apart.
    pub(crate) async fn client(&mut self, region: &str) -> Result<Client, Failure> {
        let given = self.settings.client.as_ref();
        if let Some(client) = given.or_else(|| self.clients.get(region)) {
            return Ok(client.clone());
        }
        let config = aws_config::defaults(BehaviorVersion::latest());
        let config = config.region(Region::new(region.to_owned())).load();
        let config = self.within(async { Ok(config.await) }).await?;
        let credentials = match self.credentials.take() {
            Some(credentials) => credentials,
            None => self.find_credentials(&config).await?,
        };
        self.credentials = Some(credentials.clone());
        let config = aws_sdk_secretsmanager::config::Builder::from(&config);
        let config = config.credentials_provider(credentials);
        let client = Client::from_conf(config.interceptor(self.bodies.clone()).build());
        self.clients.insert(region.to_owned(), client.clone());
        Ok(client)
    }

    /// Ends the connections, and wipes what was read on them.
    pub(crate) async fn end(self) {
        drop(self.clients);
        self.bodies.wipe().await;
    }

    async fn find_credentials(
        &self,
        config: &aws_config::SdkConfig,
    ) -> Result<Credentials, Failure> {
        let failure = |what: &str| Failure::new(ProblemKind::NoCredentials, what);
        let none = || failure("no AWS credentials are configured");
        let provider = config.credentials_provider().ok_or_else(none)?;
        let late = |_| {
            failure(
                "no AWS credentials: none in the environment or the profile, and no other source answered in time",
            )
        };
        let found = timeout_at(self.deadline, provider.provide_credentials()).await;
        let found = found.map_err(late)?;
        found.map_err(|error| Failure::no_credentials(&error))
    }

    /// What is answered before the deadline.
    pub(crate) async fn within<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        if Instant::now() >= self.deadline {
            return Err(Failure::timed_out());
        }
        let late = |_| Err(Failure::timed_out());
        timeout_at(self.deadline, answer).await.unwrap_or_else(late)
    }
}

/// An empty variable, as compose files set it, counts as not set.
async fn configured_region() -> Result<Option<String>, Failure> {
    let mut region = EnvironmentVariableRegionProvider::new().region().await;
    if region
        .as_ref()
        .is_none_or(|region| region.as_ref().is_empty())
    {
        region = ProfileFileRegionProvider::new().region().await;
    }
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    match region.map(|region| region.to_string()) {
        Some(region) if !region.bytes().all(is_name) => Err(Failure::no_region(
            "the AWS region that is configured is not the name of one",
        )),
        region => Ok(region.filter(|region| !region.is_empty())),
    }
}

/// `eu-west-1` of `arn:aws:secretsmanager:eu-west-1:123456789012:secret:...`
pub(super) fn region_of_arn(id: &str) -> Option<&str> {
    let mut parts = id.strip_prefix("arn:")?.split(':');
    parts.nth(2)
}
