//! What the bytes of the fuzzer stand for. Its first byte decides; an input without one of the marks is a document as it stands, so that
//! files are seeds.

use arbitrary::Unstructured;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::canary::{self, planted};

pub enum Input {
    /// Any bytes.
    Document(Vec<u8>),
    /// `=`: a password, to be written well and read back.
    Password(String),
    /// `+`: members of a well-formed document.
    Members(Vec<Member>),
}

pub type Member = (String, Value);

pub enum Value {
    Text(String),
    Integer(i64),
    Bool(bool),
    Null,
    List(Vec<String>),
    Table(Vec<Member>),
}

/// Names that mean something to the crate.
const NAMES: [&str; 28] = [
    "password",
    "user",
    "database",
    "host",
    "port",
    "socket",
    "ssl_mode",
    "ssl_ca",
    "sql_mode",
    "init_command",
    "url",
    "default",
    "replica",
    "engine",
    "Password",
    "username",
    "dbname",
    "ssl",
    "MYSQL_PASSWORD",
    "MYSQL_USER",
    "MYSQL_DB",
    "MYSQL_HOST",
    "MYSQL_URL",
    "MYSQL_PASSWORD_FILE",
    "REPLICA_MYSQL_PASSWORD",
    "DEFAULT_MYSQL_PASSWORD",
    "DATABASE_URL",
    "pasword",
];

impl Input {
    /// `*` begins a document of tokens: each byte below 32 stands for one of `tokens`, any other for itself.
    pub fn of(data: &[u8], tokens: &[&str]) -> Input {
        canary::listen();
        match data.split_first() {
            Some((b'=', password)) => Input::Password(text_of(password)),
            Some((b'+', rest)) => Input::Members(members(&mut Unstructured::new(rest), 2)),
            Some((b'*', rest)) => {
                let mut document = Vec::new();
                for byte in rest {
                    match tokens.get(usize::from(*byte)) {
                        Some(token) => document.extend_from_slice(token.as_bytes()),
                        None => document.push(*byte),
                    }
                }
                Input::Document(planted(&document))
            }
            _ => Input::Document(planted(data)),
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&planted(bytes)).into_owned()
}

/// Members, as long as there are bytes to make them of.
fn members(bytes: &mut Unstructured<'_>, depth: u8) -> Vec<Member> {
    let mut members = Vec::new();
    while !bytes.is_empty() && members.len() < 12 {
        match member(bytes, depth) {
            Ok(member) => members.push(member),
            Err(_) => break,
        }
    }
    members
}

fn member(bytes: &mut Unstructured<'_>, depth: u8) -> arbitrary::Result<Member> {
    let name = match bytes.arbitrary::<u8>()? {
        name if usize::from(name) < 6 * NAMES.len() => {
            NAMES[usize::from(name) % NAMES.len()].to_owned()
        }
        _ => text(bytes)?,
    };
    let value = match bytes.int_in_range(0..=11)? {
        0 => Value::Integer(bytes.arbitrary()?),
        1 => Value::Bool(bytes.arbitrary()?),
        2 => Value::Null,
        3 => Value::List(vec![text(bytes)?]),
        4 | 5 if depth > 0 => {
            let length = bytes.arbitrary::<u8>()?;
            let length = usize::from(length).min(bytes.len());
            Value::Table(members_of(bytes.bytes(length)?, depth - 1))
        }
        _ => Value::Text(text(bytes)?),
    };
    Ok((name, value))
}

fn members_of(bytes: &[u8], depth: u8) -> Vec<Member> {
    members(&mut Unstructured::new(bytes), depth)
}

fn text(bytes: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let length = usize::from(bytes.arbitrary::<u8>()? % 32).min(bytes.len());
    Ok(text_of(bytes.bytes(length)?))
}

/// The members as a document, in this order and with those that are there twice.
pub struct Written<'m>(pub &'m [Member]);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Null => serializer.serialize_none(),
            Value::List(items) => items.serialize(serializer),
            Value::Table(members) => Written(members).serialize(serializer),
        }
    }
}
