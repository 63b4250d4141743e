//! The environment as a layer: known names are looked up, the rest is never read.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::reading::{self, Reading};
use super::{Database, Raw};
use super::{LayerRead, Names};
use crate::key::{FILE_SUFFIX, KEYS, Spelling};
use crate::merge::Merge;
use crate::secret::Text;
use crate::slot::Rank;
use crate::source::{Origin, Place, Source};

/// Where variables are looked up: in the process, or in what a test gave instead.
#[derive(Clone, Default)]
pub(crate) enum Environment {
    #[default]
    Process,
    Given(Arc<HashMap<OsString, OsString>>),
}

impl Environment {
    /// The value of the variable `name`; `None` where it is not set, as most are not.
    #[inline(always)]
    pub(crate) fn get(&self, name: &str) -> Option<Raw<'static>> {
        let value = match self {
            Environment::Process => std::env::var_os(name)?,
            Environment::Given(variables) => variables.get(OsStr::new(name))?.clone(),
        };
        Some(raw(value))
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

fn raw(value: OsString) -> Raw<'static> {
    Text::from_utf8(value.into_encoded_bytes()).map_or(Raw::NotUtf8, Raw::Text)
}

/// The names of every variable behind one prefix, spelled out once for any number of loads.
#[derive(Clone)]
pub(crate) struct Variables {
    /// The environment and the prefix.
    pub origin: Arc<Origin>,
    /// One after another, each with `_FILE` at its end.
    names: Arc<str>,
}

impl Variables {
    pub(crate) fn new(prefix: Arc<str>) -> Variables {
        let mut names =
            String::with_capacity(KEYS.len() * (prefix.len() + 2 * FILE_SUFFIX.len()) * 2);
        for spelling in spellings() {
            names.push_str(&prefix);
            names.push_str(spelling.text());
            names.push_str(FILE_SUFFIX);
        }
        Variables {
            origin: Origin::new(Place::Environment, prefix),
            names: names.into(),
        }
    }

    /// Looks up every variable.
    fn look_up(&self, environment: &Environment, rank: Rank, merge: &mut Merge) {
        let mut names = &*self.names;
        for spelling in spellings() {
            let direct = self.origin.prefix.len() + spelling.text().len();
            let (name, rest) = names.split_at(direct + FILE_SUFFIX.len());
            names = rest;
            if let Some(value) = environment.get(&name[..direct]) {
                reading::put(merge, rank, Source::new(&self.origin, spelling), value);
            }
            if let Some(value) = environment.get(name) {
                reading::put(
                    merge,
                    rank,
                    Source::new(&self.origin, spelling.through_file()),
                    value,
                );
            }
        }
    }
}

fn spellings() -> impl Iterator<Item = Spelling> {
    KEYS.iter().flat_map(Spelling::variables)
}

/// Reads what the environment holds of the one wanted database. Where every database is wanted, only the other layers know which
/// there are: the loader calls [`ask`] for each once they are known.
pub(crate) fn read(variables: &Variables, reading: &mut Reading<'_>) {
    let rank = Rank::single(reading.layers.len());
    reading.begin_at(LayerRead::new(
        Arc::clone(&variables.origin),
        Names::Variables(variables.clone()),
    ));
    if let (Some(only), Some(layer)) = (reading.only(), reading.layers.last()) {
        ask(reading.environment, layer, only, rank, &mut reading.first.1);
    }
}

/// Asks the environment, as the layer that it was read as, for one database.
pub(crate) fn ask(
    environment: &Environment,
    layer: &LayerRead,
    database: &Database,
    rank: Rank,
    merge: &mut Merge,
) {
    let Names::Variables(variables) = &layer.names else {
        return;
    };
    if database.is_default() {
        return variables.look_up(environment, rank, merge);
    }
    let prefix = database.prefix(&variables.origin.prefix);
    Variables::new(prefix).look_up(environment, rank, merge);
}

/// Looks up `DATABASE_URL`, which belongs to the default database and counts only when a key is missing.
pub(crate) fn ask_database_url(environment: &Environment, rank: Rank, merge: &mut Merge) {
    let origin = Origin::new(Place::Environment, "");
    let direct = Spelling::database_url();
    for spelling in [direct, direct.through_file()] {
        let source = Source::new(&origin, spelling);
        if let Some(value) = environment.get(&source.name()) {
            reading::put(merge, rank, source, value);
        }
    }
}
