//! TOML secrets files. Strings are moved or copied once; no error of the parser is shown, as it quotes the file.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::file::Syntax;
use super::{Collector, Raw, Section};
use crate::secret;

pub(crate) fn collect(text: &str, collector: &mut Collector<'_>) -> Result<(), Syntax> {
    let root = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let section = collector.root();
    for (name, value) in root.into_inner() {
        match value.into_inner() {
            DeValue::Table(members) => {
                if let Some(section) = collector.table(name.get_ref()) {
                    collect_table(members, section, collector);
                }
            }
            value => put(collector, section, name, value),
        }
    }
    Ok(())
}

fn collect_table(members: DeTable<'_>, section: Section, collector: &mut Collector<'_>) {
    for (name, value) in members {
        put(collector, Some(section), name, value.into_inner());
    }
}

fn put(
    collector: &mut Collector<'_>,
    section: Option<Section>,
    name: Spanned<DeString<'_>>,
    value: DeValue<'_>,
) {
    if let Some(target) = collector.member(section, name.get_ref()) {
        collector.put(target, raw(value));
    }
}

fn raw(value: DeValue<'_>) -> Raw {
    match value {
        DeValue::String(DeString::Borrowed(text)) => Raw::Text(secret::copy(text)),
        DeValue::String(DeString::Owned(text)) => Raw::Text(secret::take(text)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Raw::Other("a number that is too large"), Raw::Integer),
        DeValue::Boolean(value) => Raw::Bool(value),
        DeValue::Float(_) => Raw::Other("a number with a fraction or exponent"),
        DeValue::Datetime(_) => Raw::Other("a date or time"),
        DeValue::Array(_) => Raw::Other("an array"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> Syntax {
    let at = error.span().map_or(text.len(), |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Syntax {
        line: 1 + before.matches('\n').count(),
        column: Some(1 + before[line_start..].chars().count()),
        // The parser's own message quotes a duplicate key, among others.
        what: if error.message().starts_with("duplicate key") {
            "a key is there twice"
        } else {
            "this is not TOML"
        },
        help: "correct the line; text needs quotes, and a backslash or quote in a password is safest between single quotes",
    }
}
