//! Any `figment::Provider` as a layer: what it holds below one key path, each value with the metadata of its own provider.

use std::sync::Arc;

use figment::value::{Dict, Value};
use figment::{Figment, Metadata, Provider};

use super::{Asked, Collector, Parsed, Raw, Section};
use crate::error::{Problem, ProblemKind};
use crate::secret;

/// A provider and the key path below which it is read.
#[derive(Clone)]
pub(crate) struct ProviderLayer {
    /// Asks the provider for its data, anew at every load.
    extract: Arc<dyn Fn() -> Figment + Send + Sync>,
    pub layer: Arc<str>,
    path: Arc<str>,
}

impl ProviderLayer {
    pub(crate) fn new(provider: impl Provider + Send + Sync + 'static, path: &str) -> Self {
        ProviderLayer {
            layer: name(&provider.metadata()).into(),
            extract: Arc::new(move || Figment::from(&provider)),
            path: path.into(),
        }
    }

    pub(crate) fn open(&self, asked: Asked<'_>) -> Parsed {
        let ProviderLayer { layer, path, .. } = self;
        let figment = (self.extract)();
        let fail = |problem| Parsed::failed(Arc::clone(layer), problem);
        // figment's errors quote the offending value, so only whether there was one is told.
        if figment.data().is_err() {
            let what = format!("the provider {layer} could not give its data");
            let help =
                "extract from the provider alone to see its own error, which may quote a value";
            return fail(Problem::new(ProblemKind::Malformed, what).help(help));
        }
        match figment.find_value(path) {
            Ok(Value::Dict(_, root)) => {
                let mut collector = Collector::new(asked, Arc::clone(layer), None);
                collect(root, &figment, path, &mut collector);
                collector.parsed
            }
            Ok(_) => {
                let what = format!("`{path}` of the provider {layer} is not a table");
                let help = "name the key path of a table in .layer()";
                fail(Problem::new(ProblemKind::WrongType, what).help(help))
            }
            Err(_) => Parsed::new(Arc::clone(layer), Some("nothing below its key path")),
        }
    }
}

fn collect(root: Dict, figment: &Figment, path: &str, collector: &mut Collector<'_>) {
    let section = collector.root();
    for (name, value) in root {
        match value {
            Value::Dict(_, members) => {
                if let Some(section) = collector.table(&name) {
                    let path = if path.is_empty() {
                        name
                    } else {
                        format!("{path}.{name}")
                    };
                    for (name, value) in members {
                        put(collector, Some(section), &name, value, figment, &path);
                    }
                }
            }
            value => put(collector, section, &name, value, figment, path),
        }
    }
}

fn put(
    collector: &mut Collector<'_>,
    section: Option<Section>,
    key: &str,
    value: Value,
    figment: &Figment,
    path: &str,
) {
    let Some(mut target) = collector.member(section, key) else {
        return;
    };
    let metadata = figment.get_metadata(value.tag());
    target.place(metadata.map(name), path);
    collector.put(target, raw(value));
}

fn raw(value: Value) -> Raw {
    match value {
        Value::String(_, text) => Raw::Text(secret::take(text)),
        Value::Char(_, character) => Raw::Text(secret::take(character.to_string())),
        Value::Bool(_, value) => Raw::Bool(value),
        Value::Num(_, number) => {
            let number = number
                .to_i128()
                .or_else(|| number.to_u128()?.try_into().ok());
            let number = number.and_then(|number| number.try_into().ok());
            number.map_or(Raw::Other("a number that is no whole number"), Raw::Integer)
        }
        Value::Empty(..) => Raw::Null,
        Value::Dict(..) => Raw::Other("a table"),
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
