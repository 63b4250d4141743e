//! TOML secrets files. Strings are moved or copied once; no error of the parser is shown, as it quotes the file.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use zeroize::Zeroize;

use super::file::Syntax;
use super::plain_toml::{self, Item};
use super::reading::{Reading, Section};
use super::{Raw, TABLE};
use crate::secret::Text;

pub(crate) fn read(text: &str, reading: &mut Reading<'_>) -> Result<(), Syntax> {
    if let Some(items) = plain_toml::parse(text) {
        read_plain(items, reading);
        return Ok(());
    }
    let root = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let section = reading.root();
    for (name, value) in root.into_inner() {
        match value.into_inner() {
            DeValue::Table(members) => match reading.table(name.get_ref()) {
                Some(section) => read_table(members, section, reading),
                None => {
                    reading.pass_over(name.get_ref());
                    wipe(DeValue::Table(members));
                }
            },
            value => put(reading, section, name, value),
        }
    }
    Ok(())
}

fn read_plain(items: Vec<Item<'_>>, reading: &mut Reading<'_>) {
    let mut section = reading.root();
    // Outside any table even an unwanted section is asked: a variable's name can name another database.
    let mut is_wanted = true;
    for item in items {
        match item {
            Item::Table(name) => {
                section = reading.table(name);
                is_wanted = section.is_some();
                if !is_wanted {
                    reading.pass_over(name);
                }
            }
            Item::Member(name, value) if is_wanted => {
                if let Some(target) = reading.member(section, name) {
                    reading.put(target, value);
                }
            }
            Item::Member(..) => {}
        }
    }
}

fn read_table(members: DeTable<'_>, section: Section, reading: &mut Reading<'_>) {
    for (name, value) in members {
        put(reading, Some(section), name, value.into_inner());
    }
}

fn put(
    reading: &mut Reading<'_>,
    section: Option<Section>,
    name: Spanned<DeString<'_>>,
    value: DeValue<'_>,
) {
    match reading.member(section, name.get_ref()) {
        Some(target) => reading.put(target, raw(value)),
        None => wipe(value),
    }
}

/// Wipes what is not used: a string with escapes was copied by the parser, and may be another database's secret.
fn wipe(value: DeValue<'_>) {
    match value {
        DeValue::String(DeString::Owned(mut text)) => text.zeroize(),
        DeValue::Array(items) => items.into_iter().for_each(|item| wipe(item.into_inner())),
        DeValue::Table(members) => members
            .into_iter()
            .for_each(|(_, value)| wipe(value.into_inner())),
        _ => {}
    }
}

pub(crate) fn raw(value: DeValue<'_>) -> Raw<'_> {
    match value {
        DeValue::String(DeString::Borrowed(text)) => Raw::Lent(text),
        DeValue::String(DeString::Owned(text)) => Raw::Text(Text::take(text)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Raw::Other("a number that is too large"), Raw::Integer),
        DeValue::Boolean(value) => Raw::Bool(value),
        DeValue::Float(_) => Raw::Other("a number with a fraction or exponent"),
        DeValue::Datetime(_) => Raw::Other("a date or time"),
        DeValue::Array(_) => {
            wipe(value);
            Raw::Other("an array")
        }
        DeValue::Table(_) => {
            wipe(value);
            Raw::Other(TABLE)
        }
    }
}

pub(crate) fn syntax(text: &str, error: &toml::de::Error) -> Syntax {
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
