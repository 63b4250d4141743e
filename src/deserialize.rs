//! `DatabaseConfig` inside a service's own configuration. No message carries a value.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::config::DatabaseConfig;
use crate::key::Key;
use crate::layer::{Answers, Raw};
use crate::loader;
use crate::near_miss;
use crate::secret;
use crate::source::Source;

/// The layer's name in reports.
const LAYER: &str = "deserialized";

/// Reads a map with the keys of a secrets file, or a string with a connection URL.
///
/// Every problem is in the error's text, by key. What the host format adds to that text (toml and figment may quote the input) is outside
/// the promise of this crate.
impl<'de> Deserialize<'de> for DatabaseConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DatabaseConfig, D::Error> {
        deserializer.deserialize_any(ConfigVisitor)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = DatabaseConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with database, user, password and host, or a connection URL")
    }

    fn visit_str<E: serde::de::Error>(self, url: &str) -> Result<DatabaseConfig, E> {
        url.parse().map_err(E::custom)
    }

    fn visit_string<E: serde::de::Error>(self, url: String) -> Result<DatabaseConfig, E> {
        let url = zeroize::Zeroizing::new(url);
        self.visit_str(&url)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<DatabaseConfig, A::Error> {
        let mut answers = Answers::default();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Value>()?;
            if let Some(spelling) = Key::from_name(&name) {
                answers.put(Source::new(LAYER.into(), "".into(), spelling), value.0);
            } else {
                answers.unknown += 1;
                answers
                    .near_misses
                    .extend(near_miss::of_name(&name).map(|key| (name, key)));
            }
        }
        loader::from_answers(Arc::from(LAYER), answers).map_err(A::Error::custom)
    }
}

/// Any value of the host format.
struct Value(Raw);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Value)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(secret::copy(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(secret::take(text)))
    }

    fn visit_char<E>(self, character: char) -> Result<Raw, E> {
        Ok(Raw::Text(SecretString::from(character.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Other("a number with a fraction or exponent"))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Raw, E> {
        Ok(std::str::from_utf8(bytes).map_or(Raw::NotUtf8, |text| Raw::Text(secret::copy(text))))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Raw::Other("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Raw::Other("a table"))
    }
}
