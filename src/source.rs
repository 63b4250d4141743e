//! Where a value came from: the layer, the name it had there, and the file it stood in.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::key::{FILE_SUFFIX, Spelling};

/// Where a value came from. Displays as `environment: MYSQL_DB` or `secrets.toml: password`.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    layer: Arc<str>,
    /// What stands before the name: a variable's prefix, or a table's path.
    prefix: Arc<str>,
    spelling: Spelling,
    file: Option<Arc<SecretFile>>,
}

/// A file that was read and held a value.
#[derive(PartialEq, Eq)]
pub(crate) struct SecretFile {
    pub path: PathBuf,
    /// Its permissions let every user of the machine read it.
    pub world_readable: bool,
}

impl Source {
    pub(crate) fn new(layer: Arc<str>, prefix: Arc<str>, spelling: Spelling) -> Source {
        Source {
            layer,
            prefix,
            spelling,
            file: None,
        }
    }

    pub(crate) fn with_file(mut self, file: Option<Arc<SecretFile>>) -> Source {
        self.file = file;
        self
    }

    #[cfg(feature = "figment")]
    pub(crate) fn below(mut self, layer: Option<Arc<str>>, path: &str) -> Source {
        self.layer = layer.unwrap_or(self.layer);
        if !path.is_empty() {
            self.prefix = format!("{path}.{}", self.prefix).into();
        }
        self
    }

    /// The layer: `environment`, the path of a file, or the name that a figment provider gives itself.
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// The name the value had in its layer: `MYSQL_PASSWORD_FILE`, `dbname`.
    pub fn name(&self) -> String {
        let suffix = if self.spelling.in_file {
            FILE_SUFFIX
        } else {
            ""
        };
        format!("{}{}{suffix}", self.prefix, self.spelling.text)
    }

    pub(crate) fn spelling(&self) -> Spelling {
        self.spelling
    }

    pub(crate) fn file(&self) -> Option<&SecretFile> {
        self.file.as_deref()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.layer, self.name())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
