//! The layers: places that hold values by name and say where from. They know nothing of databases beyond the names that are asked.

#[cfg(feature = "aws")]
pub(crate) mod aws;
mod database;
pub(crate) mod dotenv;
pub(crate) mod environment;
pub(crate) mod file;
pub(crate) mod json;
mod layer_read;
mod plain_toml;
#[cfg(feature = "figment")]
pub(crate) mod provider;
pub(crate) mod reading;
pub(crate) mod toml;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::secret::Text;
use crate::source::Place;
pub(crate) use database::Database;
use environment::Variables;
pub(crate) use layer_read::{LayerRead, Names};
pub(crate) use reading::Reading;

/// A layer as the loader was told of it.
#[derive(Clone)]
pub(crate) enum Layer {
    Environment(Variables),
    File {
        path: Arc<Path>,
    },
    DefaultFiles,
    #[cfg(feature = "figment")]
    Provider(provider::ProviderLayer),
    #[cfg(feature = "aws")]
    Secrets(aws::Secrets),
}

impl Layer {
    /// Reads the layer into `reading`, what goes wrong included.
    pub(crate) fn read(&self, reading: &mut Reading<'_>) {
        match self {
            Layer::Environment(variables) => environment::read(variables, reading),
            Layer::File { path } => file::read(path, reading),
            Layer::DefaultFiles => file::read_defaults(reading),
            #[cfg(feature = "figment")]
            Layer::Provider(provider) => provider.read(reading),
            #[cfg(feature = "aws")]
            Layer::Secrets(secrets) => secrets.begin(reading),
        }
    }
}

impl Layer {
    /// Whether the layer asks for the secret that a variable names.
    pub(crate) fn is_secret_from_env(&self) -> bool {
        #[cfg(feature = "aws")]
        return matches!(self, Layer::Secrets(aws::Secrets::FromEnvironment));
        #[cfg(not(feature = "aws"))]
        false
    }
}

/// Names the layer, and never a variable's value.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Layer::Environment(variables) => {
                write!(f, "{} {}*", Place::Environment, variables.origin.prefix)
            }
            Layer::File { path } => write!(f, "{}", path.display()),
            Layer::DefaultFiles => f.write_str("default secrets files"),
            #[cfg(feature = "figment")]
            Layer::Provider(provider) => f.write_str(&provider.name),
            #[cfg(feature = "aws")]
            Layer::Secrets(secrets) => write!(f, "{secrets}"),
        }
    }
}

/// A value as the layer has it. Any text may be a secret until its key is known.
pub(crate) enum Raw<'a> {
    /// Text that the layer lends. It is copied only if it is used.
    Lent(&'a str),
    Text(Text),
    Integer(i64),
    Bool(bool),
    /// Present, but without a value (JSON's `null`).
    Null,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A value of another type, named for the message.
    Other(&'static str),
}

/// What a table is called where it is of the wrong type.
pub(crate) const TABLE: &str = "a table";

impl Raw<'_> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Raw::Lent(text) => Some(text),
            Raw::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Raw::Null) || self.text().is_some_and(str::is_empty)
    }

    pub(crate) fn is_same(&self, other: &Raw<'_>) -> bool {
        match (self, other) {
            (Raw::Integer(a), Raw::Integer(b)) => a == b,
            (Raw::Bool(a), Raw::Bool(b)) => a == b,
            // Neither can be used, and that is what is said of them.
            (Raw::Other(_), Raw::Other(_)) => true,
            (a, b) => a.text().is_some() && a.text() == b.text(),
        }
    }

    pub(crate) fn into_owned(self) -> Raw<'static> {
        match self {
            Raw::Lent(text) => Raw::Text(Text::copy(text)),
            Raw::Text(text) => Raw::Text(text),
            Raw::Integer(number) => Raw::Integer(number),
            Raw::Bool(value) => Raw::Bool(value),
            Raw::Null => Raw::Null,
            Raw::NotUtf8 => Raw::NotUtf8,
            Raw::Other(found) => Raw::Other(found),
        }
    }
}
