//! The environment as a layer: known names are looked up, the rest is never read.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Answers, Database, Raw};
use crate::key::{DATABASE_URL, FILE_SUFFIX, KEYS, Key, Spelling};
use crate::secret;
use crate::source::Source;

/// The layer's name in reports.
pub(crate) const LAYER: &str = "environment";

/// Where variables are looked up: in the process, or in what a test gave instead.
#[derive(Clone, Default)]
pub(crate) enum Environment {
    #[default]
    Process,
    Given(Arc<HashMap<OsString, OsString>>),
}

impl Environment {
    /// The value of the variable `name`; `None` where it is not set.
    pub(crate) fn get(&self, name: &str) -> Option<Raw> {
        let value = match self {
            Environment::Process => std::env::var_os(name)?,
            Environment::Given(variables) => variables.get(std::ffi::OsStr::new(name))?.clone(),
        };
        let text = secret::from_utf8(value.into_encoded_bytes());
        Some(text.map_or(Raw::NotUtf8, Raw::Text))
    }

    /// Every name that is set, for the hints of an error. The values that come along are wiped.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |(name, value): (OsString, OsString)| {
            drop(Zeroizing::new(value.into_encoded_bytes()));
            name.into_string().ok()
        };
        match self {
            Environment::Process => std::env::vars_os().filter_map(name).collect(),
            Environment::Given(variables) => {
                let names = variables.keys().map(|name| name.clone().into_string());
                names.filter_map(Result::ok).collect()
            }
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Environment::Process => "the process's environment",
            Environment::Given(_) => "given variables",
        })
    }
}

/// What the environment holds of one database.
pub(crate) fn ask(environment: &Environment, prefix: &Arc<str>, database: &Database) -> Answers {
    let prefix = database.prefix(prefix);
    let mut answers = Answers::default();
    for row in &KEYS {
        for text in row.variables {
            look_up(environment, &prefix, row.key, text, &mut answers);
        }
    }
    answers
}

/// `DATABASE_URL`, which belongs to the default database and is looked at only when a key is missing.
pub(crate) fn ask_database_url(environment: &Environment) -> Answers {
    let mut answers = Answers::default();
    look_up(
        environment,
        &Arc::from(""),
        Key::Url,
        DATABASE_URL,
        &mut answers,
    );
    answers
}

fn look_up(
    environment: &Environment,
    prefix: &Arc<str>,
    key: Key,
    text: &'static str,
    answers: &mut Answers,
) {
    let mut name = String::with_capacity(prefix.len() + text.len() + FILE_SUFFIX.len());
    name.push_str(prefix);
    name.push_str(text);
    for in_file in [false, true] {
        if in_file {
            name.push_str(FILE_SUFFIX);
        }
        if let Some(value) = environment.get(&name) {
            let spelling = Spelling { key, text, in_file };
            let source = Source::new(Arc::from(LAYER), Arc::clone(prefix), spelling);
            answers.put(source, value);
        }
    }
}

/// `DATABASE_URL` and `DATABASE_URL_FILE`, which take no prefix.
pub(crate) fn database_url(name: &str) -> Option<Spelling> {
    let rest = name.strip_prefix(DATABASE_URL)?;
    let in_file = rest == FILE_SUFFIX;
    (rest.is_empty() || in_file).then_some(Spelling {
        key: Key::Url,
        text: DATABASE_URL,
        in_file,
    })
}
