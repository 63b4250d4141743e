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
use crate::layer::{Answers, Asked, Database, Layer, Opened, Raw};
use crate::merge::{self, Merge, Ranked};
use crate::missing;
use crate::parse;
use crate::report::Report;

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
        let database = self.database.clone().unwrap_or_else(Database::default_one);
        let (mut opened, problems) = self.open(Some(&database))?;
        let config = self.assemble(&database, &mut opened, !problems.is_empty());
        match config {
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
        let (mut opened, mut problems) = self.open(None)?;
        let unreadable = !problems.is_empty();
        let mut configs = BTreeMap::new();
        for database in self.databases(&opened) {
            match self.assemble(&database, &mut opened, unreadable) {
                Ok(config) => drop(configs.insert(database.name, config)),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(configs)
        } else {
            Err(Error::new(problems))
        }
    }

    /// Reads every layer. The problems are those that belong to no key: a file that cannot be read or parsed.
    fn open(&self, only: Option<&Database>) -> Result<(Vec<Opened>, Vec<Problem>), Error> {
        if self.layers.is_empty() {
            let what = "the loader has no layer, so there is nothing to load from";
            let help = "add one: .env(\"MYSQL_\"), .secrets_file(\"secrets.toml\") or .default_secrets_files()";
            return Err(Error::new(vec![
                Problem::new(ProblemKind::Setup, what).help(help),
            ]));
        }
        let prefix = self.prefix();
        let asked = Asked {
            environment: &self.environment,
            prefix: &prefix,
            only,
        };
        let mut opened = Vec::new();
        for layer in &self.layers {
            layer.open(asked, &mut opened);
        }
        let mut problems = Vec::new();
        for layer in &mut opened {
            problems.extend(layer.take_problems());
        }
        Ok((opened, problems))
    }

    fn databases(&self, opened: &[Opened]) -> Vec<Database> {
        let mut databases: BTreeMap<String, Database> = BTreeMap::new();
        for layer in opened {
            for database in layer.databases(&self.environment) {
                databases.entry(database.id.clone()).or_insert(database);
            }
        }
        if databases.is_empty() {
            return vec![Database::default_one()];
        }
        databases.into_values().collect()
    }

    /// Merges what the layers hold of one database.
    fn assemble(
        &self,
        database: &Database,
        opened: &mut [Opened],
        unreadable: bool,
    ) -> Result<DatabaseConfig, Vec<Problem>> {
        let mut merge = Merge::default();
        let mut ranked = Vec::with_capacity(opened.len());
        for layer in opened.iter_mut() {
            let answers = layer.answers(&self.environment, database);
            if answers.holds_empty_password() {
                merge.allow_empty_password |=
                    self.allows_empty_password(database, &mut merge.problems);
            }
            ranked.push(merge.rank(layer.name(), answers));
        }
        if database.id.is_empty() && merge::is_incomplete(&ranked) {
            self.use_database_url(&mut merge, &mut ranked, opened);
        }
        merge.fill(ranked);
        let mut report = Report::new(database.own_name(), &mut merge);
        report.layers = opened
            .iter()
            .map(|layer| (layer.name().into(), layer.state()))
            .collect();
        report
            .notes
            .extend(opened.iter().flat_map(Opened::notes).cloned());
        self.keep_out_of_git(&mut merge.problems, &mut report);
        let prefix = self.prefix();
        let search = missing::Search {
            environment: &self.environment,
            prefix: &prefix,
            database,
            opened,
        };
        let config = parse::config(merge, report, |merge| {
            if unreadable {
                Vec::new()
            } else {
                search.problems(merge)
            }
        });
        config.map_err(|problems| {
            problems
                .into_iter()
                .map(|p| p.of_database(database.own_name()))
                .collect()
        })
    }

    fn use_database_url(&self, merge: &mut Merge, ranked: &mut [Ranked], opened: &[Opened]) {
        for (layer, ranked) in opened.iter().zip(ranked.iter_mut()) {
            if let Opened::Environment { .. } = layer {
                let answers = environment::ask_database_url(&self.environment);
                ranked.append(merge.rank(layer.name(), answers));
            }
        }
        merge.use_last_resort(ranked);
    }

    fn allows_empty_password(&self, database: &Database, problems: &mut Vec<Problem>) -> bool {
        let name = format!("{}ALLOW_EMPTY_PASSWORD", database.prefix(&self.prefix()));
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
    fn keep_out_of_git(&self, problems: &mut Vec<Problem>, report: &mut Report) {
        let secret = |source: &&crate::Source| source.spelling().key.is_secret();
        let sources = report
            .origins
            .iter()
            .filter_map(|origin| origin.source.as_ref())
            .filter(secret);
        let mut files: Vec<_> = sources.filter_map(|source| source.file()).collect();
        files.dedup();
        for finding in files.into_iter().flat_map(git::inspect).collect::<Vec<_>>() {
            match finding {
                Finding::Warning(note) => report.notes.push(note),
                Finding::Exposed { what, .. } if self.allow_unignored => {
                    report
                        .notes
                        .push(format!("{what}; allowed by allow_unignored()"));
                }
                Finding::Exposed { what, help } => {
                    problems.push(Problem::new(ProblemKind::NotIgnored, what).help(help));
                }
            }
        }
    }

    fn prefix(&self) -> Arc<str> {
        self.prefix.clone().unwrap_or_else(|| PREFIX.into())
    }
}

/// A configuration from what one place holds that is no layer of a loader: a URL, a value in a service's own configuration.
pub(crate) fn from_answers(layer: Arc<str>, answers: Answers) -> Result<DatabaseConfig, Error> {
    let mut merge = Merge::default();
    let ranked = merge.rank(&layer, answers);
    merge.fill(vec![ranked]);
    let mut report = Report::new(None, &mut merge);
    report.layers.push((Arc::clone(&layer), None));
    parse::config(merge, report, |merge| missing::in_one_place(&layer, merge)).map_err(Error::new)
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

impl Answers {
    fn holds_empty_password(&self) -> bool {
        let is_empty = |value: &Raw| value.text().is_some_and(str::is_empty);
        self.found
            .iter()
            .any(|a| a.spelling.key == Key::Password && is_empty(&a.value))
    }
}
