//! JSON secrets files (and, with the same shapes, secrets). Strings are unescaped from the raw text, once, straight into the secret:
//! serde_json's own buffer would keep a fragment.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::file::Syntax;
use super::reading::{Reading, Section};
use super::{Raw, TABLE};
use crate::secret::Text;

pub(crate) fn read(text: &str, reading: &mut Reading<'_>) -> Result<(), Syntax> {
    let section = reading.root();
    for (name, value) in members(text)? {
        // Only an object is parsed again: of a string, serde_json would put the text into an error.
        if !is_object(value) {
            put(reading, section, &name, value);
        } else if let Some(section) = reading.table(&name) {
            for (name, value) in members(value.get())? {
                put(reading, Some(section), &name, value);
            }
        } else {
            reading.pass_over(&name);
        }
    }
    Ok(())
}

pub(crate) fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// The members of an object, values as they stand.
pub(crate) fn members(text: &str) -> Result<Vec<Member<'_>>, Syntax> {
    let members: Members<'_> = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    Ok(members.0)
}

pub(crate) fn put(
    reading: &mut Reading<'_>,
    section: Option<Section>,
    name: &str,
    value: &RawValue,
) {
    if let Some(target) = reading.member(section, name) {
        reading.put(target, raw(value.get()));
    }
}

/// A value as it stands, as a layer has it.
pub(crate) fn raw(value: &str) -> Raw<'_> {
    match value.as_bytes().first() {
        Some(b'"') => unescape(&value[1..value.len() - 1]),
        Some(b'n') => Raw::Null,
        Some(b't') => Raw::Bool(true),
        Some(b'f') => Raw::Bool(false),
        Some(b'[') => Raw::Other("an array"),
        Some(b'{') => Raw::Other(TABLE),
        _ => value
            .parse()
            .map_or(Raw::Other("a number that is no whole number"), Raw::Integer),
    }
}

/// The text of a string whose escapes were found to be well-formed, without its quotes.
fn unescape(quoted: &str) -> Raw<'_> {
    if !quoted.contains('\\') {
        return Raw::Lent(quoted);
    }
    // Never longer than the text with its escapes.
    let mut text = Zeroizing::new(String::with_capacity(quoted.len()));
    let mut rest = quoted;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let Some((character, length)) = escaped(escape) else {
            return Raw::Other("text with half of a surrogate pair, which is no character");
        };
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    Raw::Text(Text::take(std::mem::take(&mut *text)))
}

/// The character that an escape stands for, and the escape's length without its backslash.
fn escaped(escape: &str) -> Option<(char, usize)> {
    let unit = |hex: &str| u16::from_str_radix(hex.get(..4)?, 16).ok();
    let character = match escape.as_bytes().first()? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = unit(&escape[1..])?;
            if let Some(character) = char::from_u32(first.into()) {
                return Some((character, 5));
            }
            let second = unit(escape[5..].strip_prefix("\\u")?)?;
            let character = char::decode_utf16([first, second]).next()?.ok()?;
            return Some((character, 11));
        }
        other => char::from(*other),
    };
    Some((character, 1))
}

pub(crate) fn syntax(error: &serde_json::Error) -> Syntax {
    Syntax {
        line: error.line(),
        column: Some(error.column()),
        what: if error.is_data() {
            "the outermost value is not an object"
        } else if error.is_eof() {
            "the text ends too early"
        } else {
            "this is not JSON"
        },
        help: "correct it; a backslash or double quote in a password is written with a backslash before it",
    }
}

/// A member of an object, its value as it stands.
pub(crate) type Member<'a> = (Cow<'a, str>, &'a RawValue);

/// The members of an object, in order and with duplicates.
struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            members.push((name, map.next_value()?));
        }
        Ok(Members(members))
    }
}

/// A member's name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
