//! Where a value came from: the layer, the name it had there, and the file it stood in.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::key::{FILE_SUFFIX, Spelling};

/// Where a value came from. Displays as `environment: MYSQL_DB` or `secrets.toml: password`.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    origin: Arc<Origin>,
    spelling: Spelling,
}

/// What the sources of several values share.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub place: Place,
    /// What stands before the names: a variable's prefix, or a table's path.
    pub prefix: Arc<str>,
    /// The file that a `_FILE` named, or that a provider read.
    named_file: Option<SecretFile>,
}

/// A layer, as reports name it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Environment,
    File(SecretFile),
    /// A provider, by the name that it gives itself, or what could not be read.
    Other(Arc<str>),
}

/// A file that was read and held a value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretFile {
    pub path: Arc<Path>,
    /// Its permissions let every user of the machine read it.
    pub world_readable: bool,
}

impl Origin {
    pub(crate) fn new(place: Place, prefix: impl Into<Arc<str>>) -> Arc<Origin> {
        Arc::new(Origin {
            place,
            prefix: prefix.into(),
            named_file: None,
        })
    }
}

impl Source {
    pub(crate) fn new(origin: &Arc<Origin>, spelling: Spelling) -> Source {
        Source {
            origin: Arc::clone(origin),
            spelling,
        }
    }

    pub(crate) fn with_named_file(self, file: SecretFile) -> Source {
        let origin = Origin {
            named_file: Some(file),
            ..Origin::clone(&self.origin)
        };
        Source {
            origin: Arc::new(origin),
            ..self
        }
    }

    #[cfg(feature = "figment")]
    pub(crate) fn within(self, place: Place, path: &str, file: Option<SecretFile>) -> Source {
        let prefix = format!("{path}{}", self.origin.prefix);
        Source {
            origin: Arc::new(Origin {
                place,
                prefix: prefix.into(),
                named_file: file,
            }),
            ..self
        }
    }

    /// The layer: `environment`, the path of a file, or the name that a figment provider gives itself.
    pub fn layer(&self) -> String {
        self.origin.place.to_string()
    }

    /// The name the value had in its layer: `MYSQL_PASSWORD_FILE`, `dbname`.
    pub fn name(&self) -> String {
        let suffix = if self.spelling.in_file {
            FILE_SUFFIX
        } else {
            ""
        };
        format!("{}{}{suffix}", self.origin.prefix, self.spelling.text())
    }

    pub(crate) fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// The file that the value stood in, if it was one.
    pub(crate) fn file(&self) -> Option<&SecretFile> {
        match (&self.origin.named_file, &self.origin.place) {
            (Some(file), _) | (None, Place::File(file)) => Some(file),
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
        write!(f, "{}: {}", self.origin.place, self.name())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
