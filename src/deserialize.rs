//! `DatabaseConfig` inside a service's own configuration. No message carries a value.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::conclusion;
use crate::config::DatabaseConfig;
use crate::error::Error;
use crate::key::Key;
use crate::layer::{Raw, TABLE};
use crate::merge::Merge;
use crate::near_miss;
use crate::secret::Text;
use crate::slot::Rank;
use crate::source::{Origin, Place, Source};

/// Reads a map with the keys of a secrets file, or a string with a connection URL.
///
/// Every problem is in the error's text, by key. What the host format adds to that text (toml and figment may quote the input) is outside
/// the promise of this crate.
impl<'de> Deserialize<'de> for DatabaseConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DatabaseConfig, D::Error> {
        let found = match deserializer.deserialize_any(ValueVisitor)? {
            Value::Table(members) => return from_members(members).map_err(D::Error::custom),
            Value::Plain(Raw::Text(url)) => return url.as_str().parse().map_err(D::Error::custom),
            Value::Plain(_) => "something else",
        };
        Err(D::Error::custom(format!(
            "{EXPECTED} is needed here, but there is {found}"
        )))
    }
}

const EXPECTED: &str = "a table with database, user, password and host, or a connection URL";
const TOO_LARGE: &str = "a number that is too large";

fn from_members(members: Vec<(Value, Value)>) -> Result<DatabaseConfig, Error> {
    let mut merge = Merge::default();
    let origin = Origin::new(Place::Other("deserialized".into()), "");
    for (name, value) in members {
        let Value::Plain(name) = name else { continue };
        let name = name.text().unwrap_or_default();
        if let Some(spelling) = Key::from_name(name) {
            merge.put(
                Rank::single(0),
                Source::new(&origin, spelling),
                value.into_raw(),
            );
        } else {
            merge.unknown(&origin.place, name, near_miss::of_name(name));
        }
    }
    conclusion::of_one_place(origin.place.clone(), merge)
}

/// Any value of the host format. serde's own visitors would put a value of the wrong type into their messages.
enum Value {
    Plain(Raw<'static>),
    Table(Vec<(Value, Value)>),
}

impl Value {
    fn into_raw(self) -> Raw<'static> {
        match self {
            Value::Plain(raw) => raw,
            Value::Table(_) => Raw::Other(TABLE),
        }
    }
}

fn plain<E>(raw: Raw<'static>) -> Result<Value, E> {
    Ok(Value::Plain(raw))
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        plain(Raw::Text(Text::copy(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        plain(Raw::Text(Text::take(text)))
    }

    fn visit_char<E>(self, character: char) -> Result<Value, E> {
        plain(Raw::Text(Text::take(character.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        plain(Raw::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        plain(Raw::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        plain(i64::try_from(number).map_or(Raw::Other(TOO_LARGE), Raw::Integer))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Value, E> {
        plain(i64::try_from(number).map_or(Raw::Other(TOO_LARGE), Raw::Integer))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Value, E> {
        plain(i64::try_from(number).map_or(Raw::Other(TOO_LARGE), Raw::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        plain(Raw::Other("a number with a fraction or exponent"))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        plain(std::str::from_utf8(bytes).map_or(Raw::NotUtf8, |text| Raw::Text(Text::copy(text))))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        plain(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        plain(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        plain(Raw::Other("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Value::Table(members))
    }
}
