//! The environment as a layer: known names are looked up, the rest is never read.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::reading::{self, Names, Reading};
use super::{Database, Raw};
use crate::key::{FILE_SUFFIX, KEYS, Spelling};
use crate::merge::{Merge, Rank};
use crate::secret::Text;
use crate::source::{Origin, Place, Source};

/// Where variables are looked up: in the process, or in what a test gave instead.
#[derive(Clone, Default)]
pub(crate) enum Environment {
    #[default]
    Process,
    Given(Arc<HashMap<OsString, OsString>>),
}

impl Environment {
    /// The value of the variable `name`; `None` where it is not set.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<Raw<'static>> {
        let value = match self {
            Environment::Process => std::env::var_os(name)?,
            Environment::Given(variables) => variables.get(std::ffi::OsStr::new(name))?.clone(),
        };
        let text = Text::from_utf8(value.into_encoded_bytes());
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

/// Reads what the environment holds of the one wanted database. Where every database is wanted, only the other layers know which
/// there are: the loader calls [`ask`] for each once they are known.
pub(crate) fn read(prefix: &Arc<str>, reading: &mut Reading<'_>) {
    let rank = Rank::single(reading.layers.len());
    reading.begin(Place::Environment, Names::Variables(Arc::clone(prefix)));
    if let (Some(only), [(_, merge)]) = (reading.only(), reading.databases.as_mut_slice()) {
        ask(reading.environment, prefix, only, rank, merge);
    }
}

/// Looks up every variable of one database.
pub(crate) fn ask(
    environment: &Environment,
    prefix: &Arc<str>,
    database: &Database,
    rank: Rank,
    merge: &mut Merge,
) {
    let prefix = database.prefix(prefix);
    let origin = Origin::new(Place::Environment, Arc::clone(&prefix));
    let mut name = String::with_capacity(prefix.len() + LONGEST);
    name.push_str(&prefix);
    for spelling in KEYS.iter().flat_map(Spelling::variables) {
        name.truncate(prefix.len());
        look_up(environment, &mut name, &origin, spelling, rank, merge);
    }
}

/// Looks up `DATABASE_URL`, which belongs to the default database and counts only when a key is missing.
pub(crate) fn ask_database_url(environment: &Environment, rank: Rank, merge: &mut Merge) {
    let origin = Origin::new(Place::Environment, "");
    look_up(
        environment,
        &mut String::new(),
        &origin,
        Spelling::database_url(),
        rank,
        merge,
    );
}

/// Room for any of our names behind the prefix.
const LONGEST: usize = 16;

/// Looks up the name that begins with `name`, directly and through a `_FILE`.
#[inline]
fn look_up(
    environment: &Environment,
    name: &mut String,
    origin: &Arc<Origin>,
    spelling: Spelling,
    rank: Rank,
    merge: &mut Merge,
) {
    name.push_str(spelling.text());
    let direct = name.len();
    name.push_str(FILE_SUFFIX);
    if let Some(value) = environment.get(&name[..direct]) {
        reading::put(merge, rank, Source::new(origin, spelling), value);
    }
    if let Some(value) = environment.get(name) {
        reading::put(
            merge,
            rank,
            Source::new(origin, spelling.through_file()),
            value,
        );
    }
}
