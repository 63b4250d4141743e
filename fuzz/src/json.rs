//! JSON secrets files, compared with serde_json.

use std::fmt::Write;

use serde::de::IgnoredAny;

use super::files;
use super::input::{Input, Written};
use super::node::{self, Node};

const NAME: &str = "a.json";

pub const TOKENS: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "d83d",
    "\\udd11",
    "0000",
    "\"password\":",
    "\"user\":",
    "\"url\":",
    "\"default\":{",
    "\"replica\":{",
    "\"engine\":",
    "\"mysql\"",
    "\"MYSQL_PASSWORD\":",
    "\"\"",
    "null",
    "true",
    "1e9",
    "-",
    "\n",
    "\t",
    "é",
    "§",
    "¤",
    "{\"",
    "\u{feff}",
];

pub fn check(data: &[u8]) {
    match Input::of(data, &TOKENS) {
        Input::Document(document) => document_is_read(&document),
        Input::Members(members) => {
            let document = serde_json::to_vec(&Written(&members)).unwrap();
            document_is_read(&document);
        }
        Input::Password(password) => password_comes_out(&password),
    }
}

fn document_is_read(document: &[u8]) {
    let loaded = files::load(NAME, document);
    let Some(text) = files::text(document) else {
        return assert!(loaded.is_err());
    };
    let is_malformed = loaded.as_ref().is_err_and(|error| error.is_malformed());
    match serde_json::from_str(text) {
        Ok(Node::Table(root)) => {
            assert!(!is_malformed, "{text}");
            if let Ok(config) = loaded {
                node::compare(&config, &root, &node::KEYS);
            }
        }
        Ok(_) => assert!(is_malformed, "{text}"),
        // A number that is too large and half of a surrogate pair are no error where nobody asks for them.
        Err(_) if serde_json::from_str::<IgnoredAny>(text).is_ok() => {}
        Err(_) => assert!(is_malformed, "{text}"),
    }
}

fn password_comes_out(password: &str) {
    if password.is_empty() {
        return;
    }
    for written in [serde_json::to_string(password).unwrap(), escaped(password)] {
        let document = format!(r#"{{"database":"d","user":"u","host":"h","password":{written}}}"#);
        files::gives(NAME, &document, password);
    }
}

/// Every character as `\u`, in surrogate pairs where it needs two.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::from("\"");
    for unit in text.encode_utf16() {
        write!(escaped, "\\u{unit:04x}").unwrap();
    }
    escaped + "\""
}
