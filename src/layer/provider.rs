//! Any `figment::Provider` as a layer: what it holds below one key path, each value with the metadata of its own provider.

use std::sync::Arc;

use figment::value::{Dict, Value};
use figment::{Figment, Metadata, Provider};

use super::Names;
use super::file;
use super::reading::{Reading, Section};
use super::{Raw, TABLE};
use crate::error::{Problem, ProblemKind};
use crate::secret::Text;
use crate::source::Place;

/// A provider and the key path below which it is read.
#[derive(Clone)]
pub(crate) struct ProviderLayer {
    /// Asks the provider for its data, anew at every load.
    extract: Arc<dyn Fn() -> Figment + Send + Sync>,
    pub name: Arc<str>,
    path: Arc<str>,
}

impl ProviderLayer {
    pub(crate) fn new(provider: impl Provider + Send + Sync + 'static, path: &str) -> Self {
        ProviderLayer {
            name: name(&provider.metadata()).into(),
            extract: Arc::new(move || Figment::from(&provider)),
            path: path.into(),
        }
    }

    pub(crate) fn read(&self, reading: &mut Reading<'_>) {
        let ProviderLayer { name, path, .. } = self;
        let figment = (self.extract)();
        reading.begin(Place::Other((**name).into()), Names::Members);
        // figment's errors quote the offending value, so only whether there was one is told.
        if figment.data().is_err() {
            let what = format!("the provider {name} could not give its data");
            let help =
                "extract from the provider alone to see its own error, which may quote a value";
            return reading.fail(Problem::new(ProblemKind::Malformed, what).help(help));
        }
        match figment.find_value(path) {
            Ok(Value::Dict(_, root)) => read_root(root, &figment, path, reading),
            Ok(_) => {
                let what = format!("`{path}` of the provider {name} is not a table");
                let help = "name the key path of a table in .layer()";
                reading.fail(Problem::new(ProblemKind::WrongType, what).help(help));
            }
            Err(_) => reading.end_as("nothing below its key path"),
        }
    }
}

fn read_root(root: Dict, figment: &Figment, path: &str, reading: &mut Reading<'_>) {
    let section = reading.root();
    for (name, value) in root {
        match value {
            Value::Dict(_, members) => match reading.table(&name) {
                Some(section) => {
                    for (name, value) in members {
                        put(reading, Some(section), &name, value, figment, path);
                    }
                }
                None => reading.pass_over(&name),
            },
            value => put(reading, section, &name, value, figment, path),
        }
    }
}

fn put(
    reading: &mut Reading<'_>,
    section: Option<Section>,
    key: &str,
    value: Value,
    figment: &Figment,
    path: &str,
) {
    let Some(target) = reading.member(section, key) else {
        return;
    };
    let path = if path.is_empty() {
        String::new()
    } else {
        format!("{path}.")
    };
    let metadata = figment.get_metadata(value.tag());
    let path_of = |metadata: &Metadata| file::inspect(metadata.source.as_ref()?.file_path()?);
    let file = metadata.and_then(path_of);
    let place = Place::Other(metadata.map_or_else(String::new, name).into());
    reading.put(target.within(place, &path, file), raw(value));
}

fn raw(value: Value) -> Raw<'static> {
    match value {
        Value::String(_, text) => Raw::Text(Text::take(text)),
        Value::Char(_, character) => Raw::Text(Text::take(character.to_string())),
        Value::Bool(_, value) => Raw::Bool(value),
        Value::Num(_, number) => {
            let number = number
                .to_i128()
                .or_else(|| number.to_u128()?.try_into().ok());
            let number = number.and_then(|number| number.try_into().ok());
            number.map_or(Raw::Other("a number that is no whole number"), Raw::Integer)
        }
        Value::Empty(..) => Raw::Null,
        Value::Dict(..) => Raw::Other(TABLE),
        Value::Array(..) => Raw::Other("an array"),
    }
}

/// `TOML file App.toml`.
fn name(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => format!("{} {}", metadata.name, path.display()),
        Some(source) => format!("{} ({source})", metadata.name),
        None => metadata.name.to_string(),
    }
}
