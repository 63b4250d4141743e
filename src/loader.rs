//! The loader: which layers are asked, in which order, and how what they hold becomes a configuration.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::DatabaseConfig;
use crate::error::{Error, Problem, ProblemKind};
use crate::git::{self, Finding};
use crate::key::Key;
use crate::layer::environment::{self, Environment};
use crate::layer::reading::{LayerRead, Names};
use crate::layer::{Database, Layer, Reading};
use crate::merge::{Merge, Rank};
use crate::missing;
use crate::parse;
use crate::source::Place;

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
        self.layers.push(Layer::Environment { prefix });
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
    /// an error where its type shows it, and cannot be seen where it does not. The provider's own copies of a secret are not wiped.
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
        let reading = self.read(&prefix, Some(database))?;
        let Reading {
            layers,
            problems,
            mut databases,
            ..
        } = reading;
        let merge = std::mem::take(&mut databases[0].1);
        match self.conclude(database, merge, &layers, &prefix, !problems.is_empty()) {
            Ok(config) if problems.is_empty() => Ok(config),
            outcome => Err(Error::new(
                problems
                    .into_iter()
                    .chain(outcome.err().unwrap_or_default())
                    .collect(),
            )),
        }
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
        let Reading {
            layers,
            mut problems,
            mut databases,
            ..
        } = self.read(&prefix, None)?;
        let unusable = !problems.is_empty();
        // Not every table is a database: one without a key of ours is not.
        let (default, named) = databases.split_at_mut(1);
        let has_named = named.iter().any(|(_, merge)| !merge.is_empty());
        let mut configs = BTreeMap::new();
        for (at, (database, merge)) in default.iter_mut().chain(named).enumerate() {
            let mut merge = std::mem::take(merge);
            if at > 0 && merge.is_empty() {
                continue;
            }
            self.ask_environment(database, &mut merge, &layers);
            if at == 0 && has_named && merge.is_empty() {
                continue;
            }
            match self.conclude(database, merge, &layers, &prefix, unusable) {
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
    fn read<'a>(
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
        let mut reading = Reading::new(&self.environment, prefix, only);
        for layer in &self.layers {
            layer.read(&mut reading);
        }
        Ok(reading)
    }

    fn ask_environment(&self, database: &Database, merge: &mut Merge, layers: &[LayerRead]) {
        for (rank, prefix) in environments(layers) {
            environment::ask(&self.environment, prefix, database, rank, merge);
        }
    }

    /// Makes the configuration of one database of what was merged.
    fn conclude(
        &self,
        database: &Database,
        mut merge: Merge,
        layers: &[LayerRead],
        prefix: &Arc<str>,
        unusable: bool,
    ) -> Result<DatabaseConfig, Vec<Problem>> {
        if merge.has_empty_password()
            && self.allows_empty_password(database, prefix, &mut merge.problems)
        {
            merge.allow_empty_password();
        }
        if database.is_default() && merge.is_incomplete() {
            for (rank, _) in environments(layers) {
                environment::ask_database_url(&self.environment, rank, &mut merge);
            }
            merge.use_last_resort();
        }
        merge.finish();
        self.keep_out_of_git(&mut merge);
        merge.notes.extend(
            layers.iter().filter_map(|layer| {
                Some(format!("{}: {}", layer.origin.place, layer.note.as_ref()?))
            }),
        );
        // Whether a key is missing is not known where a layer could not be read.
        let search = missing::Search {
            environment: &self.environment,
            prefix,
            database,
            layers,
        };
        let missing = if unusable {
            Vec::new()
        } else {
            search.problems(&merge)
        };
        let states = layers
            .iter()
            .map(|layer| (layer.origin.place.clone(), layer.state))
            .collect();
        let config = parse::config(merge, database.own_name(), states, missing);
        config.map_err(|problems| {
            problems
                .into_iter()
                .map(|p| p.of_database(database.own_name()))
                .collect()
        })
    }

    fn allows_empty_password(
        &self,
        database: &Database,
        prefix: &Arc<str>,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let name = format!("{}ALLOW_EMPTY_PASSWORD", database.prefix(prefix));
        let value = self.environment.get(&name);
        let text = value
            .as_ref()
            .map(|value| value.text().unwrap_or("?").to_ascii_lowercase());
        match text.as_deref() {
            Some("yes" | "true" | "1") => true,
            None | Some("" | "no" | "false" | "0") => false,
            Some(_) => {
                let problem = Problem::new(
                    ProblemKind::Invalid,
                    format!("{name} is neither yes nor no"),
                );
                problems.push(
                    problem
                        .of_key(Key::Password)
                        .help("set it to yes to use an empty password, or unset it"),
                );
                false
            }
        }
    }

    /// A file that gives the password, or a URL, must not be one that git could commit.
    fn keep_out_of_git(&self, merge: &mut Merge) {
        let sources = merge.slots.iter().flatten().map(|slot| &slot.source);
        let secret = sources.filter(|source| source.spelling().key.is_secret());
        let mut files: Vec<_> = secret.filter_map(|source| source.file()).collect();
        files.dedup();
        let findings: Vec<Finding> = files.into_iter().flat_map(git::inspect).collect();
        for finding in findings {
            match finding {
                Finding::Warning(note) => merge.notes.push(note),
                Finding::Exposed { what, .. } if self.allow_unignored => {
                    merge
                        .notes
                        .push(format!("{what}; allowed by allow_unignored()"));
                }
                Finding::Exposed { what, help } => {
                    merge
                        .problems
                        .push(Problem::new(ProblemKind::NotIgnored, what).help(help));
                }
            }
        }
    }

    fn prefix(&self) -> Arc<str> {
        self.prefix.clone().unwrap_or_else(|| PREFIX.into())
    }
}

/// Rank and prefix of every environment layer.
fn environments(layers: &[LayerRead]) -> impl Iterator<Item = (Rank, &Arc<str>)> {
    layers
        .iter()
        .enumerate()
        .filter_map(|(at, layer)| match (&layer.names, &layer.origin.place) {
            (Names::Variables(prefix), Place::Environment) => Some((Rank::single(at), prefix)),
            _ => None,
        })
}

/// A configuration from what one place holds that is no layer of a loader: a URL, a value in a service's own configuration.
pub(crate) fn from_one_place(place: Place, mut merge: Merge) -> Result<DatabaseConfig, Error> {
    merge.finish();
    let missing = missing::in_one_place(&place, &merge);
    parse::config(merge, None, vec![(place, None)], missing).map_err(Error::new)
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
