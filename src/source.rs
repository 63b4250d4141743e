//! Where a value came from: the layer, the name it had there, and the file it stood in.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::key::{FILE_SUFFIX, Spelling};

/// Where a value came from. Displays as `environment: MYSQL_DB` or `secrets.toml: password`.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    place: Arc<Place>,
    /// What stands before the name: a variable's prefix, or a table's path.
    prefix: Option<Arc<str>>,
    spelling: Spelling,
    /// The file that a `_FILE` named.
    named_file: Option<Arc<SecretFile>>,
}

/// A layer, as reports name it.
#[derive(PartialEq, Eq)]
pub(crate) enum Place {
    Environment,
    File(SecretFile),
    /// A provider, by the name that it gives itself, or what could not be read.
    Other(Box<str>),
}

/// A file that was read and held a value.
#[derive(PartialEq, Eq)]
pub(crate) struct SecretFile {
    pub path: Arc<Path>,
    /// Its permissions let every user of the machine read it.
    pub world_readable: bool,
}

impl Source {
    pub(crate) fn new(place: &Arc<Place>, prefix: Option<&Arc<str>>, spelling: Spelling) -> Source {
        Source {
            place: Arc::clone(place),
            prefix: prefix.cloned(),
            spelling,
            named_file: None,
        }
    }

    pub(crate) fn with_named_file(self, file: SecretFile) -> Source {
        Source {
            named_file: Some(Arc::new(file)),
            ..self
        }
    }

    /// The layer: `environment`, the path of a file, or the name that a figment provider gives itself.
    pub fn layer(&self) -> String {
        self.place.to_string()
    }

    /// The name the value had in its layer: `MYSQL_PASSWORD_FILE`, `dbname`.
    pub fn name(&self) -> String {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let suffix = if self.spelling.in_file {
            FILE_SUFFIX
        } else {
            ""
        };
        format!("{prefix}{}{suffix}", self.spelling.text())
    }

    pub(crate) fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// The file that the value stood in, if it was one.
    pub(crate) fn file(&self) -> Option<&SecretFile> {
        match (&self.named_file, &*self.place) {
            (Some(file), _) => Some(file),
            (None, Place::File(file)) => Some(file),
            (None, _) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Environment => f.write_str("environment"),
            Place::File(file) => write!(f, "{}", file.path.display()),
            Place::Other(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.name())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
