//! A document as another reader has it, and what follows from it for the configuration.

use std::fmt;

use dbconf::{DatabaseConfig, ExposeSecret, Key};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::files;

/// A value, with the members of a table in order and those that are there twice.
pub enum Node {
    Text(String),
    Null,
    Other,
    Table(Vec<(String, Node)>),
}

/// The keys that every document is compared for.
pub const KEYS: [Key; 3] = [Key::Password, Key::User, Key::Database];

/// The configuration has what the document says of these keys, or what the environment behind it says.
pub fn compare(config: &DatabaseConfig, root: &[(String, Node)], compared: &[Key]) {
    let of_default = root.iter().filter_map(|(name, node)| match node {
        Node::Table(members) if name.eq_ignore_ascii_case("default") => Some(members),
        _ => None,
    });
    // A table outside any table is no value of a key, whatever it is called.
    let outside = root
        .iter()
        .filter(|(_, node)| !matches!(node, Node::Table(_)));
    let members: Vec<&(String, Node)> = outside.chain(of_default.flatten()).collect();
    let is_elsewhere = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("url") || name.ends_with("_file")
    };
    if members.iter().any(|(name, _)| is_elsewhere(name)) {
        return;
    }
    let keys: [(Key, &[&str], &str, &str); 3] = [
        (
            Key::Password,
            &["password", "mysql_password", "default_mysql_password"],
            config.password().expose_secret(),
            files::PASSWORD,
        ),
        (
            Key::User,
            &["user", "username", "mysql_user", "default_mysql_user"],
            config.user(),
            files::USER,
        ),
        (
            Key::Database,
            &[
                "database",
                "name",
                "dbname",
                "db",
                "mysql_db",
                "mysql_database",
                "default_mysql_db",
                "default_mysql_database",
            ],
            config.database(),
            files::DATABASE,
        ),
    ];
    for (key, names, found, otherwise) in keys {
        if !compared.contains(&key) {
            continue;
        }
        let is_key = |name: &str| names.iter().any(|key| name.eq_ignore_ascii_case(key));
        let values = members.iter().filter(|(name, _)| is_key(name));
        let mut expected = None;
        for (name, node) in values {
            match node {
                Node::Text(text) if text.is_empty() => {}
                Node::Null => {}
                Node::Text(text) => {
                    assert_eq!(*expected.get_or_insert(text), text, "two values are one");
                }
                Node::Other | Node::Table(_) => panic!("{name} is no text, and is taken for one"),
            }
        }
        assert_eq!(found, expected.map_or(otherwise, String::as_str));
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Table(members))
    }
}
