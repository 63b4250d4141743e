//! The report on a configuration, for people and for machines. It holds no secret.

use std::borrow::Cow;
use std::fmt;

use secrecy::ExposeSecret;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::config::DatabaseConfig;
use crate::key::{INIT_COMMAND, Key};
use crate::secret::{self, REDACTED};
use crate::source::Source;

/// Where every value of a [`DatabaseConfig`] came from. `Display` prints an aligned table, `Serialize` gives the same to machines.
pub struct Explain<'a> {
    config: &'a DatabaseConfig,
}

/// One row of the table: a key, its value with secrets redacted, its source and what that shadows.
pub struct ExplainRow<'a> {
    key: &'static str,
    value: Cow<'a, str>,
    source: Option<&'a Source>,
    shadows: Vec<&'a Source>,
}

impl<'a> Explain<'a> {
    pub(crate) fn new(config: &'a DatabaseConfig) -> Explain<'a> {
        Explain { config }
    }

    /// The rows, in the order of the key table. Keys that are not set and have no default are left out.
    pub fn rows(&self) -> impl Iterator<Item = ExplainRow<'a>> {
        let config = self.config;
        let named = |key: Key, name: &'static str, value: Option<Cow<'a, str>>| {
            value.map(|value| ExplainRow {
                key: name,
                value: shown(config, value),
                source: config.report.source(key),
                shadows: config.report.shadowed(key).collect(),
            })
        };
        let row = |key: Key, value| named(key, key.name(), value);
        let rows = [
            row(Key::Database, Some(config.database().into())),
            row(Key::User, Some(config.user().into())),
            row(Key::Password, Some(REDACTED.into())),
            row(Key::Host, Some(config.host().into())),
            row(Key::Port, Some(config.port().to_string().into())),
            row(Key::Socket, config.socket().map(Cow::from)),
            row(Key::SslMode, Some(config.ssl_mode().to_string().into())),
            row(Key::SslCa, config.ssl_ca().map(Cow::from)),
            row(Key::SqlMode, Some(config.sql_mode().to_string().into())),
            named(
                Key::SqlMode,
                INIT_COMMAND,
                config.init_command().map(Cow::from),
            ),
        ];
        rows.into_iter().flatten()
    }

    /// The layers in the order in which they were asked, with what became of each that was not simply read.
    pub fn layers(&self) -> impl Iterator<Item = (String, Option<&'static str>)> {
        let layers = self.config.report.layers.iter();
        layers.map(|layer| (layer.origin.place.to_string(), layer.state))
    }

    /// What a person should know: values that are set but empty, unknown keys, permissions, what git could not tell.
    pub fn notes(&self) -> impl Iterator<Item = &'a str> {
        self.config.report.notes.iter().map(String::as_str)
    }
}

impl ExplainRow<'_> {
    /// The key's canonical name.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The value, redacted if it is a secret.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where the value came from; `None` for a default.
    pub fn source(&self) -> Option<&Source> {
        self.source
    }

    /// Where the key stands as well, in weaker places.
    pub fn shadows(&self) -> impl Iterator<Item = &Source> {
        self.shadows.iter().copied()
    }

    fn source_text(&self) -> String {
        self.source()
            .map_or_else(|| "default".to_owned(), Source::to_string)
    }

    fn shadows_text(&self) -> String {
        let shadows: Vec<String> = self.shadows().map(Source::to_string).collect();
        shadows.join(", ")
    }
}

/// Hides a value that gives the password away.
fn shown<'a>(config: &DatabaseConfig, value: Cow<'a, str>) -> Cow<'a, str> {
    if secret::gives_away(&value, config.password().expose_secret()) {
        return REDACTED.into();
    }
    value
}

impl fmt::Display for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["key", "value", "source", "shadows"].map(str::to_owned);
        let rows = self.rows().map(|row| {
            [
                row.key.to_owned(),
                row.value.to_string(),
                row.source_text(),
                row.shadows_text(),
            ]
        });
        let table: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
        let width = |column: usize| {
            table
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2)];
        for row in &table {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
            }
            line.push_str(&row[3]);
            writeln!(f, "{}", line.trim_end())?;
        }
        let layers: Vec<String> = self
            .layers()
            .map(|(layer, state)| match state {
                Some(state) => format!("{layer} ({state})"),
                None => layer,
            })
            .collect();
        write!(f, "\nlayers: {}", layers.join(", "))?;
        for note in self.notes() {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Explain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Explain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Explain", 5)?;
        out.serialize_field(
            "database",
            self.config.report.database.as_deref().unwrap_or("default"),
        )?;
        out.serialize_field("keys", &self.rows().collect::<Vec<_>>())?;
        out.serialize_field(
            "layers",
            &self
                .layers()
                .map(|(name, state)| LayerState { name, state })
                .collect::<Vec<_>>(),
        )?;
        out.serialize_field("notes", &self.notes().collect::<Vec<_>>())?;
        out.serialize_field("url", &self.config.url().to_string())?;
        out.end()
    }
}

impl Serialize for ExplainRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shadows: Vec<String> = self.shadows().map(Source::to_string).collect();
        let mut out = serializer.serialize_struct("ExplainRow", 4)?;
        out.serialize_field("key", self.key)?;
        out.serialize_field("value", &self.value)?;
        out.serialize_field("source", &self.source_text())?;
        out.serialize_field("shadows", &shadows)?;
        out.end()
    }
}

struct LayerState {
    name: String,
    state: Option<&'static str>,
}

impl Serialize for LayerState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("LayerState", 2)?;
        out.serialize_field("name", &self.name)?;
        out.serialize_field("state", self.state.unwrap_or("read"))?;
        out.end()
    }
}
