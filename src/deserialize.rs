//! `DatabaseConfig` inside a service's own configuration. No message carries a value.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::config::DatabaseConfig;
use crate::key::Key;
use crate::layer::{Raw, TABLE};
use crate::loader;
use crate::merge::{Merge, Rank};
use crate::near_miss;
use crate::secret::Text;
use crate::source::{Origin, Place, Source};

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
        let mut merge = Merge::default();
        let origin = Origin::new(Place::Other("deserialized".into()), "");
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Value>()?;
            if let Some(spelling) = Key::from_name(&name) {
                merge.put(Rank::single(0), Source::new(&origin, spelling), value.0);
            } else {
                merge.unknown(&origin.place, &name, near_miss::of_name(&name));
            }
        }
        loader::from_one_place(origin.place.clone(), merge).map_err(A::Error::custom)
    }
}

/// Any value of the host format.
struct Value(Raw<'static>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Value)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Raw<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw<'static>, E> {
        Ok(Raw::Text(Text::copy(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw<'static>, E> {
        Ok(Raw::Text(Text::take(text)))
    }

    fn visit_char<E>(self, character: char) -> Result<Raw<'static>, E> {
        Ok(Raw::Text(Text::take(character.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw<'static>, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw<'static>, E> {
        Ok(Raw::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw<'static>, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw<'static>, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw<'static>, E> {
        Ok(i64::try_from(number).map_or(Raw::Other("a number that is too large"), Raw::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw<'static>, E> {
        Ok(Raw::Other("a number with a fraction or exponent"))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Raw<'static>, E> {
        Ok(std::str::from_utf8(bytes).map_or(Raw::NotUtf8, |text| Raw::Text(Text::copy(text))))
    }

    fn visit_unit<E>(self) -> Result<Raw<'static>, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw<'static>, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw<'static>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Raw<'static>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw<'static>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Raw::Other("an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'static>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Raw::Other(TABLE))
    }
}
