//! Every secret of a secrets file, whether or not it is complete: passwords, passwords inside URLs, and what stands under other keys
//! that are called like a secret.

use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::error::{GuardError, Kind};
use super::names::{is_file_name, is_ordinary, is_secret, passwords_within};
use super::value::{Value, Values};
use crate::layer::file::{Format, Syntax, slurp};
use crate::layer::{Raw, dotenv, json, toml as toml_layer};
use crate::secret::Text;

/// Reads the file at `path`, which messages call `shown`. A file that is not there holds no value.
pub(crate) fn read(path: &Path, shown: &str, values: &mut Values) -> Result<(), GuardError> {
    let bytes = match slurp(Arc::from(path)) {
        Ok((bytes, _)) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            values.notes.push(format!(
                "{shown}: no such file, so 0 values of it are checked"
            ));
            return Ok(());
        }
        Err(error) => {
            return Err(setup(format!(
                "the secrets file {shown} could not be read ({})",
                error.kind()
            )));
        }
    };
    let format = Format::of(path).ok_or_else(|| {
        setup(format!(
            "the format of the secrets file {shown} is not known: it is not *.toml, *.json or *.env"
        ))
    })?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| setup(format!("the secrets file {shown} is not UTF-8")))?;
    let before = (values.secrets.len(), values.notes.len());
    let mut walk = Walk {
        shown,
        path: Vec::new(),
        values,
    };
    let outcome = match format {
        Format::Toml => walk.toml(text),
        Format::Json => walk.json(text, 0),
        Format::Dotenv => walk.dotenv(text),
    };
    outcome.map_err(|syntax| setup(syntax.problem(&shown).to_string()))?;
    if (values.secrets.len(), values.notes.len()) == before {
        values.notes.push(format!(
            "{shown}: no key of it is called like a secret, so 0 values of it are checked"
        ));
    }
    Ok(())
}

/// How deeply values of a JSON file may be nested: as serde_json itself has it.
const DEEPEST: usize = 128;

fn setup(what: String) -> GuardError {
    GuardError::new(
        Kind::Setup,
        what,
        "correct the file, or name another one in .secrets_from()",
    )
}

struct Walk<'a> {
    shown: &'a str,
    /// The names of the tables around, and of the value itself.
    path: Vec<String>,
    values: &'a mut Values,
}

impl Walk<'_> {
    fn toml(&mut self, text: &str) -> Result<(), Syntax> {
        let root = DeTable::parse(text).map_err(|error| toml_layer::syntax(text, &error))?;
        self.toml_table(root.into_inner());
        Ok(())
    }

    fn toml_table(&mut self, table: DeTable<'_>) {
        for (name, value) in table {
            self.within(name.get_ref(), |walk| walk.toml_value(value.into_inner()));
        }
    }

    fn toml_value(&mut self, value: DeValue<'_>) {
        match value {
            DeValue::Table(table) => self.toml_table(table),
            DeValue::Array(items) => items
                .into_iter()
                .for_each(|item| self.toml_value(item.into_inner())),
            scalar => self.value(toml_layer::raw(scalar)),
        }
    }

    fn json(&mut self, text: &str, depth: usize) -> Result<(), Syntax> {
        for (name, value) in json::members(text)? {
            self.within(&name, |walk| walk.json_value(value, depth + 1))?;
        }
        Ok(())
    }

    fn json_value(&mut self, value: &RawValue, depth: usize) -> Result<(), Syntax> {
        match value.get().as_bytes().first() {
            Some(b'{' | b'[') if depth > DEEPEST => Err(Syntax {
                line: 1,
                column: None,
                what: "values are nested too deeply",
                help: "a secrets file needs a few levels at most",
            }),
            Some(b'{') => self.json(value.get(), depth),
            Some(b'[') => {
                let items: Vec<&RawValue> =
                    serde_json::from_str(value.get()).map_err(|error| json::syntax(&error))?;
                let mut items = items.into_iter();
                items.try_for_each(|item| self.json_value(item, depth + 1))
            }
            _ => {
                self.value(json::raw(value.get()));
                Ok(())
            }
        }
    }

    fn dotenv(&mut self, text: &str) -> Result<(), Syntax> {
        for (number, line) in dotenv::lines(text) {
            let Some((name, assigned)) = dotenv::assignment(line) else {
                let what = format!("line {number}: not searched, because it assigns nothing");
                self.values.notes.push(format!("{}: {what}", self.shown));
                continue;
            };
            match dotenv::parse_value(assigned) {
                Ok(value) => self.within(name, |walk| walk.value(value)),
                Err(what) if is_secret(&[name.to_owned()]) => {
                    let help =
                        "put the value between single quotes, which take everything literally";
                    return Err(Syntax {
                        line: number,
                        column: None,
                        what,
                        help,
                    });
                }
                Err(what) => self.within(name, |walk| walk.not_searched(what)),
            }
        }
        Ok(())
    }

    fn within<T>(&mut self, name: &str, step: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let outcome = step(self);
        self.path.pop();
        outcome
    }

    /// Takes a value that is a secret, by the names it stands under, or has one inside.
    fn value(&mut self, value: Raw<'_>) {
        let number;
        let text = match &value {
            Raw::Integer(integer) => {
                number = Zeroizing::new(integer.to_string());
                &number
            }
            Raw::Other(what) if is_secret(&self.path) => {
                return self.not_searched(&format!("it is {what}"));
            }
            value => value.text().unwrap_or_default(),
        };
        let name = self.path.last().cloned().unwrap_or_default();
        if text.is_empty() {
            return;
        }
        if is_file_name(&name) {
            return self.named_file(text);
        }
        let before = self.values.secrets.len();
        passwords_within(text).for_each(|password| self.add(password.as_str(), ", its password"));
        if is_secret(&self.path) {
            self.add(text, "");
        } else if is_ordinary(&name) && self.values.secrets.len() == before {
            self.values.names.push(text.to_owned());
        }
    }

    fn not_searched(&mut self, why: &str) {
        let note = format!("{}: not searched, because {why}", self.label(""));
        self.values.notes.push(note);
    }

    /// Reads what a `NAME_FILE` names, as a load does.
    fn named_file(&mut self, path: &str) {
        let content = slurp(Arc::from(Path::new(path)));
        match content
            .as_ref()
            .map(|(bytes, _)| std::str::from_utf8(bytes))
        {
            Ok(Ok(text)) => {
                let text = text.strip_suffix('\n').unwrap_or(text);
                self.add(
                    text.strip_suffix('\r').unwrap_or(text),
                    ", the file that it names",
                );
            }
            _ => self.not_searched("the file that it names could not be read"),
        }
    }

    fn add(&mut self, text: &str, part: &str) {
        let label = self.label(part);
        self.values.secrets.push(Value {
            label,
            text: Text::copy(text),
        });
    }

    fn label(&self, part: &str) -> String {
        format!("{}: {}{part}", self.shown, self.path.join("."))
    }
}
