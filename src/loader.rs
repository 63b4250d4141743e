//! The loader: which layers are asked, in which order, and how what they hold becomes a configuration.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::conclusion::Conclusion;
use crate::config::DatabaseConfig;
use crate::error::{Error, Problem, ProblemKind};
use crate::layer::environment::{Environment, Variables};
use crate::layer::reading::LayerRead;
use crate::layer::{Database, Layer, Reading};

/// What the names of variables begin with where no other prefix was given.
const PREFIX: &str = "MYSQL_";

/// Loads a [`DatabaseConfig`] from the layers it was given; the first layer that has a key wins.
///
/// A loader can load any number of times. The methods that add a layer never fail; everything that is wrong is in the error of the load.
#[derive(Clone, Default)]
pub struct Loader {
    layers: Vec<Layer>,
    prefix: Option<Arc<str>>,
    environment: Environment,
    database: Option<Database>,
    allow_unignored: bool,
}

impl Loader {
    /// Adds the environment as a layer. `prefix` stands before every name: `MYSQL_` for `MYSQL_DB`, `MYSQL_USER` and so on. Files that
    /// use the environment's names use them with the prefix of the first environment layer.
    pub fn env(mut self, prefix: &str) -> Loader {
        let prefix: Arc<str> = prefix.into();
        self.prefix.get_or_insert_with(|| Arc::clone(&prefix));
        self.layers.push(Layer::Environment(Variables::new(prefix)));
        self
    }

    /// Takes variables from a test instead of the process, for every layer of this loader. It adds no layer: [`env`](Self::env) does.
    pub fn env_from<I, N, V>(mut self, variables: I) -> Loader
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
    pub fn secrets_file(mut self, path: impl Into<PathBuf>) -> Loader {
        let path: PathBuf = path.into();
        self.layers.push(Layer::File { path: path.into() });
        self
    }

    /// Adds the file that `MYSQL_SECRETS_FILE` names or, where that is not set, those of `secrets.toml`, `secrets.json` and `.env`
    /// that exist in the working directory, each a layer, in this order.
    pub fn default_secrets_files(mut self) -> Loader {
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
    ) -> Loader {
        let layer = crate::layer::provider::ProviderLayer::new(provider, path);
        self.layers.push(Layer::Provider(layer));
        self
    }

    /// Picks one of several databases: `replica` reads the variables `REPLICA_MYSQL_*` and the table `[replica]` of a file.
    pub fn named(mut self, database: &str) -> Loader {
        self.database = Some(Database::named(database));
        self
    }

    /// Uses a file with a secret even if git does not ignore it. The report still says so.
    pub fn allow_unignored(mut self) -> Loader {
        self.allow_unignored = true;
        self
    }

    /// Reads the layers and loads the one database.
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem that was found.
    pub fn load(&self) -> Result<DatabaseConfig, Error> {
        let default = Database::default_one();
        let database = self.database.as_ref().unwrap_or(&default);
        let prefix = self.prefix();
        let mut reading = Reading::new(&self.environment, &prefix, Some(database));
        self.read(&mut reading)?;
        let layers = Arc::new(std::mem::take(&mut reading.layers));
        let mut problems = reading.problems;
        let mut conclusion = self.conclusion(&prefix, &layers, &problems);
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
        let mut reading = Reading::new(&self.environment, &prefix, None);
        self.read(&mut reading)?;
        let (layers, mut problems) = (Arc::new(reading.layers), reading.problems);
        let mut databases = vec![reading.first];
        databases.extend(reading.named);
        let mut conclusion = self.conclusion(&prefix, &layers, &problems);
        // Not every table is a database: one of which no layer holds a key is not.
        databases
            .iter_mut()
            .for_each(|(database, merge)| conclusion.ask_environment(database, merge));
        if databases.iter().any(|(_, merge)| !merge.is_empty()) {
            databases.retain(|(_, merge)| !merge.is_empty());
        } else {
            databases.truncate(1);
        }
        let mut configs = BTreeMap::new();
        for (database, merge) in &mut databases {
            match conclusion.of(database, merge) {
                Ok(config) => drop(configs.insert(database.name.to_string(), config)),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(configs)
        } else {
            Err(Error::new(problems))
        }
    }

    /// Reads every layer.
    fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        if self.layers.is_empty() {
            let what = "the loader has no layer, so there is nothing to load from";
            let help = "add one: .env(\"MYSQL_\"), .secrets_file(\"secrets.toml\") or .default_secrets_files()";
            return Err(Error::new(vec![
                Problem::new(ProblemKind::Setup, what).help(help),
            ]));
        }
        if reading
            .only()
            .is_some_and(|database| database.name.is_empty())
        {
            let problem = Problem::new(ProblemKind::Setup, "the name of a database is empty");
            return Err(Error::new(vec![
                problem.help("give a name to .named(), or leave it out"),
            ]));
        }
        for layer in &self.layers {
            layer.read(reading);
        }
        Ok(())
    }

    fn conclusion<'a>(
        &'a self,
        prefix: &'a Arc<str>,
        layers: &'a Arc<Vec<LayerRead>>,
        problems: &[Problem],
    ) -> Conclusion<'a> {
        Conclusion {
            environment: &self.environment,
            prefix,
            layers,
            is_partial: !problems.is_empty(),
            allow_unignored: self.allow_unignored,
            asked_database_url: false,
            inspected: BTreeMap::new(),
            names: Default::default(),
        }
    }

    fn prefix(&self) -> Arc<str> {
        self.prefix.clone().unwrap_or_else(|| PREFIX.into())
    }
}

/// Shows the layers, never a variable.
impl fmt::Debug for Loader {
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
            .finish()
    }
}
