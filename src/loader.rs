//! The loader: which layers are asked, in which order, and how what they hold becomes a configuration.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::conclusion::Conclusion;
use crate::config::DatabaseConfig;
use crate::error::{Error, Problem, ProblemKind};
use crate::layer::LayerRead;
use crate::layer::environment::{Environment, Variables};
use crate::layer::{Database, Layer, Reading};

/// What the names of variables begin with where no other prefix was given.
const PREFIX: &str = "MYSQL_";

/// Loads a [`DatabaseConfig`] from the layers it was given; the first layer that has a key wins.
///
/// A loader can load any number of times. The methods that add a layer never fail; everything that is wrong is in the error of the load.
///
/// `R` says whether there is a remote layer: a `Loader<Local>`, which is what [`DatabaseConfig::loader`] gives, loads at once. With the
/// feature `aws`, `aws_secret` and its like turn it into a `Loader<Remote>`, whose `load()` is a future.
#[derive(Clone)]
pub struct Loader<R = Local> {
    layers: Vec<Layer>,
    prefix: Option<Arc<str>>,
    pub(crate) environment: Environment,
    pub(crate) database: Option<Database>,
    allow_unignored: bool,
    pub(crate) remote: R,
}

/// No layer of the loader needs a network.
#[derive(Clone)]
#[non_exhaustive]
pub struct Local {}

impl Default for Loader {
    fn default() -> Loader {
        Loader {
            layers: Vec::new(),
            prefix: None,
            environment: Environment::default(),
            database: None,
            allow_unignored: false,
            remote: Local {},
        }
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("none")
    }
}

impl<R> Loader<R> {
    /// Adds the environment as a layer. `prefix` stands before every name: `MYSQL_` for `MYSQL_DB`, `MYSQL_USER` and so on. Files that
    /// use the environment's names use them with the prefix of the first environment layer.
    pub fn env(mut self, prefix: &str) -> Self {
        let prefix: Arc<str> = prefix.into();
        self.prefix.get_or_insert_with(|| Arc::clone(&prefix));
        self.layers.push(Layer::Environment(Variables::new(prefix)));
        self
    }

    /// Takes variables from a test instead of the process, for every layer of this loader. It adds no layer: [`env`](Self::env) does.
    pub fn env_from<I, N, V>(mut self, variables: I) -> Self
    where
        I: IntoIterator<Item = (N, V)>,
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.environment = Environment::Given(Arc::new(variables.collect::<HashMap<_, _>>()));
        self
    }

    /// Adds a secrets file that must exist: TOML, JSON or `.env`, by extension.
    pub fn secrets_file(mut self, path: impl Into<PathBuf>) -> Self {
        let path: PathBuf = path.into();
        self.layers.push(Layer::File { path: path.into() });
        self
    }

    /// Adds the file that `MYSQL_SECRETS_FILE` names or, where that is not set, those of `secrets.toml`, `secrets.json` and `.env`
    /// that exist in the working directory, each a layer, in this order.
    pub fn default_secrets_files(mut self) -> Self {
        self.layers.push(Layer::DefaultFiles);
        self
    }

    /// Adds what a figment provider holds below the key path `path` (`"database"`, `"services.db"`; `""` is everything).
    ///
    /// Text keys must be strings there: a value that the provider changed before (`figment::providers::Env` takes `0123` for a number) is
    /// an error where its type shows it, and cannot be seen where it does not. A provider that is not `Sync`, like that one, goes into
    /// `Figment::from` first. The provider's own copies of a secret are not wiped.
    #[cfg(feature = "figment")]
    pub fn layer(
        mut self,
        provider: impl figment::Provider + Send + Sync + 'static,
        path: &str,
    ) -> Self {
        let layer = crate::layer::provider::ProviderLayer::new(provider, path);
        self.layers.push(Layer::Provider(layer));
        self
    }

    /// Picks one of several databases: `replica` reads the variables `REPLICA_MYSQL_*` and the table `[replica]` of a file.
    pub fn named(mut self, database: &str) -> Self {
        self.database = Some(Database::named(database));
        self
    }

    /// Uses a file with a secret even if git does not ignore it. The report still says so.
    pub fn allow_unignored(mut self) -> Self {
        self.allow_unignored = true;
        self
    }

    /// Adds a layer.
    #[cfg(feature = "aws")]
    pub(crate) fn with_layer<S>(mut self, layer: Layer, remote: impl FnOnce(R) -> S) -> Loader<S> {
        self.layers.push(layer);
        self.with_remote(remote)
    }

    /// Changes what is known of the remote layers.
    #[cfg(feature = "aws")]
    pub(crate) fn with_remote<S>(self, remote: impl FnOnce(R) -> S) -> Loader<S> {
        Loader {
            layers: self.layers,
            prefix: self.prefix,
            environment: self.environment,
            database: self.database,
            allow_unignored: self.allow_unignored,
            remote: remote(self.remote),
        }
    }

    /// Reads every layer.
    pub(crate) fn read<'a>(
        &'a self,
        prefix: &'a Arc<str>,
        only: Option<&'a Database>,
    ) -> Result<Reading<'a>, Error> {
        if self.layers.is_empty() {
            let what = "the loader has no layer, so there is nothing to load from";
            let help = "add one: .env(\"MYSQL_\"), .secrets_file(\"secrets.toml\") or .default_secrets_files()";
            return Err(Error::new(vec![
                Problem::new(ProblemKind::Setup, what).help(help),
            ]));
        }
        if only.is_some_and(|database| database.name.is_empty()) {
            let problem = Problem::new(ProblemKind::Setup, "the name of a database is empty");
            return Err(Error::new(vec![
                problem.help("give a name to .named(), or leave it out"),
            ]));
        }
        let mut reading = Reading::new(&self.environment, prefix, only);
        for layer in &self.layers {
            layer.read(&mut reading);
        }
        Ok(reading)
    }

    pub(crate) fn conclusion<'a>(
        &'a self,
        prefix: &'a Arc<str>,
        layers: Vec<LayerRead>,
        is_partial: bool,
    ) -> Conclusion<'a> {
        Conclusion {
            environment: &self.environment,
            prefix,
            layers: Arc::new(layers),
            is_partial,
            asks_secret_id: self.layers.iter().any(Layer::is_secret_from_env),
            allow_unignored: self.allow_unignored,
            asked_database_url: false,
            inspected: BTreeMap::new(),
            names: Default::default(),
        }
    }

    pub(crate) fn prefix(&self) -> Arc<str> {
        self.prefix.clone().unwrap_or_else(|| PREFIX.into())
    }
}

impl Loader {
    /// Reads the layers and loads the one database.
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem that was found.
    pub fn load(&self) -> Result<DatabaseConfig, Error> {
        let default = Database::default_one();
        let database = self.database.as_ref().unwrap_or(&default);
        let prefix = self.prefix();
        let mut reading = self.read(&prefix, Some(database))?;
        let layers = std::mem::take(&mut reading.layers);
        let mut problems = reading.problems;
        let mut conclusion = self.conclusion(&prefix, layers, !problems.is_empty());
        match conclusion.of(database, &mut reading.first.1) {
            Ok(config) if problems.is_empty() => return Ok(config),
            outcome => problems.extend(outcome.err().unwrap_or_default()),
        }
        Err(Error::new(problems))
    }

    /// Loads every database that a file has a table (or, in a `.env` file, variables) for, by name. The default one is called
    /// `default`. The environment adds to and overrides these, but is not searched for names: `REPLICA_MYSQL_*` alone needs
    /// [`named`](Self::named).
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem of every database; [`Problem::database`] says which.
    pub fn load_all(&self) -> Result<BTreeMap<String, DatabaseConfig>, Error> {
        let prefix = self.prefix();
        let reading = self.read(&prefix, None)?;
        let problems = reading.problems;
        let mut databases = vec![reading.first];
        databases.extend(reading.named);
        let mut conclusion = self.conclusion(&prefix, reading.layers, !problems.is_empty());
        conclusion.keep_databases(&mut databases, |_| false);
        let outcomes = databases.iter_mut().map(|(database, merge)| {
            let outcome = conclusion.of(database, merge);
            (database.name.to_string(), outcome)
        });
        by_name(outcomes, problems)
    }
}

/// Every configuration by name, or every problem.
pub(crate) fn by_name(
    outcomes: impl Iterator<Item = (String, Result<DatabaseConfig, Vec<Problem>>)>,
    mut problems: Vec<Problem>,
) -> Result<BTreeMap<String, DatabaseConfig>, Error> {
    let mut configs = BTreeMap::new();
    for (name, outcome) in outcomes {
        match outcome {
            Ok(config) => drop(configs.insert(name, config)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(configs)
    } else {
        Err(Error::new(problems))
    }
}

/// Shows the layers, never a variable.
impl<R: fmt::Debug> fmt::Debug for Loader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self
            .database
            .as_ref()
            .map_or("default", |database| &database.name);
        f.debug_struct("Loader")
            .field("layers", &self.layers)
            .field("environment", &self.environment)
            .field("database", &database)
            .field("allow_unignored", &self.allow_unignored)
            .field("remote", &self.remote)
            .finish()
    }
}
