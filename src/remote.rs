//! Loaders with a remote layer: they load as a future, and ask AWS Secrets Manager only while a required key is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;

use crate::asked::Asked;
use crate::conclusion::Conclusion;
use crate::config::DatabaseConfig;
use crate::error::{Error, Problem, ProblemKind};
use crate::layer::aws::{self, Secrets, Session, Settings, Wanted};
use crate::layer::{Database, Layer};
use crate::loader::{self, Loader, Local};

/// The loader has a remote layer, AWS Secrets Manager, so that loading is a future.
///
/// The compiler knows the difference:
///
/// ```
/// use dbconf::{DatabaseConfig, Error};
///
/// fn at_once() -> Result<DatabaseConfig, Error> {
///     DatabaseConfig::loader().env("MYSQL_").load()
/// }
/// async fn remotely() -> Result<DatabaseConfig, Error> {
///     DatabaseConfig::loader().env("MYSQL_").aws_secret("prod/shop/mysql").load().await
/// }
/// ```
///
/// Without its `.await`, this does not compile:
///
/// ```compile_fail
/// # use dbconf::{DatabaseConfig, Error};
/// fn at_once() -> Result<DatabaseConfig, Error> {
///     DatabaseConfig::loader().env("MYSQL_").aws_secret("prod/shop/mysql").load()
/// }
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Remote {
    settings: Settings,
}

impl From<Local> for Remote {
    fn from(_: Local) -> Remote {
        Remote::default()
    }
}

impl<R: Into<Remote>> Loader<R> {
    /// Adds the secret `id` of AWS Secrets Manager, a name or an ARN, as a layer. It is the default database's, as a file is; a table
    /// `replica` in it is the database `replica`'s.
    ///
    /// Region, endpoint and credentials are those of the SDK's own chain (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`, the role of a
    /// container or an instance), always from the process's own environment. Where no region is configured, that of a whole ARN counts.
    ///
    /// The layer is asked only if the layers before it lack a required key, once, and then all its keys count.
    pub fn aws_secret(self, id: impl Into<String>) -> Loader<Remote> {
        let id: String = id.into();
        self.secrets(Secrets::One(id.into()))
    }

    /// Adds the secret that `MYSQL_SECRET_ID` names (for the database `replica`: `REPLICA_MYSQL_SECRET_ID`, behind the prefix `SHOP_`:
    /// `SHOP_SECRET_ID`) as a layer. Where it is not set, there is no such layer. It counts in the environment alone, not in a file.
    pub fn aws_secret_from_env(self) -> Loader<Remote> {
        self.secrets(Secrets::FromEnvironment)
    }

    /// Adds one secret for each of several databases as a layer: pairs of the database's name (`default` is the default one) and the
    /// secret's name or ARN. [`load_all`](Loader::load_all) gets them with one call for every 20.
    pub fn aws_secrets<I, N, S>(self, secrets: I) -> Loader<Remote>
    where
        I: IntoIterator<Item = (N, S)>,
        N: AsRef<str>,
        S: Into<String>,
    {
        let named = secrets.into_iter().map(|(name, id)| {
            let id: String = id.into();
            (Database::named(name.as_ref()), id.into())
        });
        self.secrets(Secrets::Named(named.collect()))
    }

    /// Asks through this client: its region, endpoint, credentials and retries count, and its connections are shared.
    pub fn aws_client(self, client: Client) -> Loader<Remote> {
        self.set(|settings| settings.client = Some(client))
    }

    /// Reads the version of the secrets with this label, `AWSCURRENT` by default. Of any other, each secret is asked for alone.
    pub fn version_stage(self, label: &str) -> Loader<Remote> {
        self.set(|settings| settings.stage = label.into())
    }

    /// How long all calls of one load may take together, region, credentials and retries included: 5 seconds by default.
    pub fn timeout(self, timeout: Duration) -> Loader<Remote> {
        self.set(|settings| settings.timeout = timeout)
    }

    fn secrets(self, secrets: Secrets) -> Loader<Remote> {
        self.with_layer(Layer::Secrets(secrets), R::into)
    }

    fn set(self, change: impl FnOnce(&mut Settings)) -> Loader<Remote> {
        self.with_remote(|remote| {
            let mut remote: Remote = remote.into();
            change(&mut remote.settings);
            remote
        })
    }
}

impl Loader<Remote> {
    /// Reads the local layers, asks for a secret if a required key is missing, and loads the one database.
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem that was found, those of AWS each of its own kind.
    ///
    /// # Panics
    ///
    /// On a tokio runtime that was built without `enable_all()`: the SDK needs its timer and its I/O. `#[tokio::main]` has both.
    pub async fn load(&self) -> Result<DatabaseConfig, Error> {
        let default = Database::default_one();
        let database = self.database.as_ref().unwrap_or(&default);
        let prefix = self.prefix();
        let reading = self.read(&prefix, Some(database))?;
        let mut problems = reading.problems;
        let mut asked = Asked::new(reading.first, &reading.layers);
        let mut conclusion = self.conclusion(&prefix, reading.layers, !problems.is_empty());
        let one = std::slice::from_mut(&mut asked);
        self.ask(&mut conclusion, one, reading.remote, &mut problems)
            .await;
        match asked.conclude(&mut conclusion, !problems.is_empty()) {
            Ok(config) if problems.is_empty() => return Ok(config),
            outcome => problems.extend(outcome.err().unwrap_or_default()),
        }
        Err(Error::new(problems))
    }

    /// Loads every database that a file, `aws_secrets` or a variable `*_MYSQL_SECRET_ID` names, by name. The default one is called `default`.
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem of every database; [`Problem::database`] says which.
    pub async fn load_all(&self) -> Result<BTreeMap<String, DatabaseConfig>, Error> {
        let prefix = self.prefix();
        let mut reading = self.read(&prefix, None)?;
        let mut named = Vec::new();
        for (_, secrets) in &reading.remote {
            named.extend(secrets.databases(&self.environment, &prefix));
        }
        for database in &named {
            reading.table(&database.name);
        }
        let mut problems = reading.problems;
        let mut databases = vec![reading.first];
        databases.extend(reading.named);
        let layers = reading.layers.clone();
        let mut conclusion = self.conclusion(&prefix, reading.layers, !problems.is_empty());
        let is_named = |database: &Database| named.iter().any(|named| named.id == database.id);
        // One secret that is for whoever is in it is the default database's at least, until it was read.
        let is_one = |(_, secrets): &(usize, Secrets)| matches!(secrets, Secrets::One(_));
        let may_be_default = reading.remote.iter().any(is_one);
        conclusion.keep_databases(&mut databases, |database| {
            is_named(database) || may_be_default && database.is_default()
        });
        let asked = databases
            .into_iter()
            .map(|database| Asked::new(database, &layers));
        let mut asked: Vec<Asked> = asked.collect();
        self.ask(&mut conclusion, &mut asked, reading.remote, &mut problems)
            .await;
        if asked.len() > 1 {
            asked.retain(|asked| is_named(&asked.database) || !asked.is_empty());
        }
        let are_problems = !problems.is_empty();
        let outcomes = asked.iter_mut().map(|asked| {
            let outcome = asked.conclude(&mut conclusion, are_problems);
            (asked.database.name.to_string(), outcome)
        });
        loader::by_name(outcomes, problems)
    }

    /// Asks for what is missing, layer by layer.
    async fn ask(
        &self,
        conclusion: &mut Conclusion<'_>,
        databases: &mut [Asked],
        remote: Vec<(usize, Secrets)>,
        problems: &mut Vec<Problem>,
    ) {
        let settings = &self.remote.settings;
        let mut session = None;
        for (at, secrets) in remote {
            let are_problems = !problems.is_empty();
            let wanted: Vec<Option<Wanted>> = databases
                .iter_mut()
                .map(|asked| asked.wants(at, &secrets, conclusion, are_problems))
                .collect();
            let ids = wanted.iter().flatten().map(|wanted| Arc::clone(&wanted.id));
            let ids: BTreeSet<Arc<str>> = ids.collect();
            if ids.is_empty() {
                continue;
            }
            if tokio::runtime::Handle::try_current().is_err() {
                let what = "AWS Secrets Manager needs a tokio runtime";
                let help = "load within #[tokio::main], or within Runtime::block_on";
                problems.push(Problem::new(ProblemKind::Setup, what).help(help));
                continue;
            }
            if let Some(problem) = aws::label_problem(&settings.stage) {
                problems.push(problem);
                continue;
            }
            let session = session.get_or_insert_with(|| Session::new(settings));
            let answers = aws::fetch(session, ids).await;
            for (asked, wanted) in databases.iter_mut().zip(&wanted) {
                let answer = wanted.as_ref();
                let answer = answer.and_then(|wanted| Some((wanted, answers.get(&wanted.id)?)));
                if let Some((wanted, answer)) = answer {
                    asked.take_in(at, wanted, answer, conclusion);
                }
            }
        }
        if let Some(session) = session {
            session.end().await;
        }
    }
}

/// Shows the settings; a client shows nothing of its own.
impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("client", &self.settings.client.is_some())
            .field("version_stage", &self.settings.stage)
            .field("timeout", &self.settings.timeout)
            .finish()
    }
}
