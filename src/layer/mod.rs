//! The layers: places that hold values by name and say where from. They know nothing of databases beyond the names that are asked.

pub(crate) mod dotenv;
pub(crate) mod environment;
pub(crate) mod file;
pub(crate) mod json;
#[cfg(feature = "figment")]
pub(crate) mod provider;
pub(crate) mod toml;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::error::Problem;
use crate::key::{Key, Spelling};
use crate::near_miss;
use crate::source::{SecretFile, Source};
use environment::Environment;

/// A layer as the loader was told of it.
#[derive(Clone)]
pub(crate) enum Layer {
    Environment {
        prefix: Arc<str>,
    },
    File {
        path: PathBuf,
    },
    DefaultFiles,
    #[cfg(feature = "figment")]
    Provider(provider::ProviderLayer),
}

/// A layer that was read, once, for one load.
pub(crate) enum Opened {
    /// Answers when it is asked: the environment is never read as a whole.
    Environment { prefix: Arc<str> },
    /// Holds the answers of what was parsed.
    Parsed(Parsed),
}

/// Names the layer, and never a variable's value.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Layer::Environment { prefix } => write!(f, "{} {prefix}*", environment::LAYER),
            Layer::File { path } => write!(f, "{}", path.display()),
            Layer::DefaultFiles => f.write_str("default secrets files"),
            #[cfg(feature = "figment")]
            Layer::Provider(provider) => f.write_str(&provider.layer),
        }
    }
}

impl Layer {
    /// Reads the layer. What goes wrong is among the problems of what was opened.
    pub(crate) fn open(&self, asked: Asked<'_>, opened: &mut Vec<Opened>) {
        match self {
            Layer::Environment { prefix } => opened.push(Opened::Environment {
                prefix: Arc::clone(prefix),
            }),
            Layer::File { path } => opened.push(Opened::Parsed(file::open(path, asked))),
            Layer::DefaultFiles => {
                opened.extend(file::open_defaults(asked).into_iter().map(Opened::Parsed))
            }
            #[cfg(feature = "figment")]
            Layer::Provider(provider) => opened.push(Opened::Parsed(provider.open(asked))),
        }
    }
}

/// What is asked of a layer, for one load.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub environment: &'a Environment,
    /// What every variable's name begins with: `MYSQL_`.
    pub prefix: &'a Arc<str>,
    /// The one database that is wanted; `None` wants every one.
    pub only: Option<&'a Database>,
}

/// The name of a database, as a table spells it (`replica-1`) and as variables do (`REPLICA_1`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Database {
    /// What variables' names begin with, before the prefix; empty for the default database.
    pub id: String,
    pub name: String,
}

/// What a parsed layer holds.
pub(crate) struct Parsed {
    pub layer: Arc<str>,
    /// What became of the layer where it was not simply read: `no such file`.
    pub state: Option<&'static str>,
    /// Only the environment's names count in it.
    pub variables_only: bool,
    pub problems: Vec<Problem>,
    /// What an administrator should know of the layer as a whole.
    pub notes: Vec<String>,
    sections: Vec<(Database, Answers)>,
    by_id: BTreeMap<String, usize>,
}

/// What a layer holds of one database.
#[derive(Default)]
pub(crate) struct Answers {
    pub found: Vec<Answer>,
    pub problems: Vec<Problem>,
    pub unknown: usize,
    /// Unknown names that look like one of ours.
    pub near_misses: Vec<(String, Key)>,
}

/// One value under one of our names.
pub(crate) struct Answer {
    pub spelling: Spelling,
    /// Where it stands. For a part of a URL that is the URL, so its spelling is another one.
    pub source: Source,
    pub value: Raw,
}

/// A value as the layer had it. Any text may be a secret until its key is known.
pub(crate) enum Raw {
    Text(SecretString),
    Integer(i64),
    Bool(bool),
    /// Present, but without a value (JSON's `null`).
    Null,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A value of another type, named for the message.
    Other(&'static str),
}

impl Opened {
    pub(crate) fn name(&self) -> &str {
        match self {
            Opened::Environment { .. } => environment::LAYER,
            Opened::Parsed(parsed) => &parsed.layer,
        }
    }

    pub(crate) fn state(&self) -> Option<&'static str> {
        match self {
            Opened::Environment { .. } => None,
            Opened::Parsed(parsed) => parsed.state,
        }
    }

    pub(crate) fn notes(&self) -> &[String] {
        match self {
            Opened::Environment { .. } => &[],
            Opened::Parsed(parsed) => &parsed.notes,
        }
    }

    pub(crate) fn take_problems(&mut self) -> Vec<Problem> {
        match self {
            Opened::Environment { .. } => Vec::new(),
            Opened::Parsed(parsed) => std::mem::take(&mut parsed.problems),
        }
    }

    /// The databases of which this layer holds at least one key. The environment is asked for the default one alone.
    pub(crate) fn databases(&self, environment: &Environment) -> Vec<Database> {
        match self {
            Opened::Environment { prefix } => {
                let default = Database::default_one();
                let answers = environment::ask(environment, prefix, &default);
                if answers.knows_a_key() {
                    vec![default]
                } else {
                    Vec::new()
                }
            }
            Opened::Parsed(parsed) => parsed.databases().cloned().collect(),
        }
    }

    /// What the layer holds of one database; moved out of a layer that was parsed.
    pub(crate) fn answers(&mut self, environment: &Environment, database: &Database) -> Answers {
        match self {
            Opened::Environment { prefix } => environment::ask(environment, prefix, database),
            Opened::Parsed(parsed) => parsed.take(database),
        }
    }
}

impl Answer {
    fn new(source: Source, value: Raw) -> Answer {
        let spelling = source.spelling();
        Answer {
            spelling,
            source,
            value,
        }
    }
}

impl Raw {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Raw::Text(text) => Some(text.expose_secret()),
            _ => None,
        }
    }
}

impl Database {
    pub(crate) fn default_one() -> Database {
        Database {
            id: String::new(),
            name: "default".to_owned(),
        }
    }

    /// `default` in any case is the default database.
    pub(crate) fn named(name: &str) -> Database {
        if name.eq_ignore_ascii_case("default") {
            return Database::default_one();
        }
        let upper = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        };
        Database {
            id: name.chars().map(upper).collect(),
            name: name.to_ascii_lowercase(),
        }
    }

    /// The name, unless it is the default database.
    pub(crate) fn own_name(&self) -> Option<&str> {
        (!self.id.is_empty()).then_some(self.name.as_str())
    }

    /// What the variables of this database begin with: `REPLICA_MYSQL_`.
    pub(crate) fn prefix(&self, prefix: &Arc<str>) -> Arc<str> {
        if self.id.is_empty() {
            return Arc::clone(prefix);
        }
        format!("{}_{prefix}", self.id).into()
    }
}

impl Asked<'_> {
    fn wants(&self, database: &Database) -> bool {
        self.only.is_none_or(|only| only.id == database.id)
    }

    /// The prefix (`REPLICA_MYSQL_`), the database's id in it, and the key that a variable's whole name stands for.
    fn variable<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str, Spelling)> {
        if let Some(spelling) = environment::database_url(name) {
            return Some(("", "", spelling));
        }
        let at = name.rfind(&**self.prefix)?;
        let (prefix, variable) = name.split_at(at + self.prefix.len());
        let spelling = Key::from_variable(variable)?;
        let id = match &name[..at] {
            "" => "",
            head => head.strip_suffix('_')?,
        };
        Some((prefix, id, spelling))
    }
}

impl Parsed {
    pub(crate) fn new(layer: Arc<str>, state: Option<&'static str>) -> Parsed {
        Parsed {
            layer,
            state,
            variables_only: false,
            problems: Vec::new(),
            notes: Vec::new(),
            sections: Vec::new(),
            by_id: BTreeMap::new(),
        }
    }

    /// A layer that cannot be used at all.
    pub(crate) fn failed(layer: Arc<str>, problem: Problem) -> Parsed {
        let mut parsed = Parsed::new(layer, Some("not usable"));
        parsed.problems.push(problem);
        parsed
    }

    fn databases(&self) -> impl Iterator<Item = &Database> {
        self.sections
            .iter()
            .filter(|(_, answers)| answers.knows_a_key())
            .map(|(database, _)| database)
    }

    /// Moves out what the layer holds of one database.
    fn take(&mut self, database: &Database) -> Answers {
        let section = self.by_id.get(&database.id);
        section
            .map(|&at| std::mem::take(&mut self.sections[at].1))
            .unwrap_or_default()
    }

    fn section(&mut self, database: Database) -> usize {
        if let Some(&at) = self.by_id.get(&database.id) {
            return at;
        }
        let at = self.sections.len();
        self.by_id.insert(database.id.clone(), at);
        self.sections.push((database, Answers::default()));
        at
    }
}

impl Answers {
    /// Takes an answer in. A `_FILE` is read here, whichever layer names it.
    pub(crate) fn put(&mut self, source: Source, value: Raw) {
        if !source.spelling().in_file {
            self.found.push(Answer::new(source, value));
            return;
        }
        match file::follow(source, value) {
            Ok(answer) => self.found.push(answer),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn knows_a_key(&self) -> bool {
        !self.found.is_empty() || !self.problems.is_empty()
    }
}

/// Sorts what a file or a provider holds by database and key while it is read.
pub(crate) struct Collector<'a> {
    asked: Asked<'a>,
    file: Option<Arc<SecretFile>>,
    no_prefix: Arc<str>,
    pub parsed: Parsed,
}

/// A table of the layer whose database is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Section(usize);

/// Where a value belongs.
pub(crate) struct Target {
    section: Section,
    source: Source,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(asked: Asked<'a>, layer: Arc<str>, file: Option<Arc<SecretFile>>) -> Self {
        Collector {
            asked,
            file,
            no_prefix: Arc::from(""),
            parsed: Parsed::new(layer, None),
        }
    }

    /// The section of what stands outside any table. `None`: not wanted.
    pub(crate) fn root(&mut self) -> Option<Section> {
        self.wanted(Database::default_one())
    }

    /// The section of the table `name`. `None`: not wanted.
    pub(crate) fn table(&mut self, name: &str) -> Option<Section> {
        self.wanted(Database::named(name))
    }

    /// Where the member `name` of a section belongs; `None` as the section is what stands outside any table, unwanted.
    pub(crate) fn member(&mut self, section: Option<Section>, name: &str) -> Option<Target> {
        let here = section
            .map(|s| self.parsed.sections[s.0].0.id.as_str())
            .unwrap_or_default();
        if let Some(spelling) = Key::from_name(name) {
            return section.map(|section| self.target(section, "", spelling));
        }
        let upper = name.to_ascii_uppercase();
        match self.asked.variable(&upper) {
            // In a table, a variable without the database's own name means the table's database.
            Some((prefix, id, spelling)) if id == here || id.is_empty() => {
                section.map(|section| self.target(section, prefix, spelling))
            }
            Some(found) if here.is_empty() => self.of_variable(found),
            _ => {
                self.unknown(section, name, near_miss::of_name(name));
                None
            }
        }
    }

    /// Where the value of the variable `name` belongs: only the environment's names count.
    pub(crate) fn variable(&mut self, name: &str) -> Option<Target> {
        if let Some(found) = self.asked.variable(name) {
            return self.of_variable(found);
        }
        if let Some(key) = near_miss::of_variable(name, self.asked.prefix) {
            let root = self.root();
            self.unknown(root, name, Some(key));
        }
        None
    }

    pub(crate) fn put(&mut self, target: Target, value: Raw) {
        let source = target.source.with_file(self.file.clone());
        self.parsed.sections[target.section.0].1.put(source, value);
    }

    fn wanted(&mut self, database: Database) -> Option<Section> {
        self.asked
            .wants(&database)
            .then(|| Section(self.parsed.section(database)))
    }

    fn of_variable(&mut self, (prefix, id, spelling): (&str, &str, Spelling)) -> Option<Target> {
        let section = self.table(if id.is_empty() { "default" } else { id })?;
        Some(self.target(section, prefix, spelling))
    }

    fn target(&self, section: Section, prefix: &str, spelling: Spelling) -> Target {
        let prefix = if prefix.is_empty() {
            Arc::clone(&self.no_prefix)
        } else {
            Arc::from(prefix)
        };
        let source = Source::new(Arc::clone(&self.parsed.layer), prefix, spelling);
        Target { section, source }
    }

    fn unknown(&mut self, section: Option<Section>, name: &str, near: Option<Key>) {
        let Some(section) = section else { return };
        let answers = &mut self.parsed.sections[section.0].1;
        answers.unknown += 1;
        answers
            .near_misses
            .extend(near.map(|key| (name.to_owned(), key)));
    }
}

#[cfg(feature = "figment")]
impl Target {
    /// Says more exactly where the value stands: in a layer of the layer, below a path of keys.
    fn place(&mut self, layer: Option<String>, path: &str) {
        self.source = self.source.clone().below(layer.map(Arc::from), path);
    }
}
