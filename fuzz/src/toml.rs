//! TOML secrets files, compared with the `toml` crate.

use std::fmt::Write;

use super::files;
use super::input::{Input, Written};
use super::node::{self, Node};

const NAME: &str = "a.toml";

const TOKENS: [&str; 32] = [
    "password",
    "user",
    "url",
    "MYSQL_PASSWORD",
    "[default]",
    "[replica]",
    "[",
    "]",
    "[[",
    "{",
    "}",
    " = ",
    ".",
    ",",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u00e9",
    "\\U0001F511",
    "\n",
    "\r\n",
    " ",
    "#",
    "§",
    "¤",
    "0x",
    "1e9",
    "true",
    "1979-05-27",
    "\u{feff}",
];

pub fn check(data: &[u8]) {
    match Input::of(data, &TOKENS) {
        Input::Document(document) => document_is_read(&document),
        Input::Members(members) => {
            // TOML has no null.
            if let Ok(document) = ::toml::to_string(&Written(&members)) {
                document_is_read(document.as_bytes());
            }
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
    let is_refused = ::toml::de::DeTable::parse(text).is_err();
    assert_eq!(is_malformed, is_refused, "{text}");
    if let (Ok(config), Ok(Node::Table(root))) = (loaded, ::toml::from_str(text)) {
        node::compare(&config, &root, &node::KEYS);
    }
}

const KEYS: &str = "database = 'd'\nuser = 'u'\nhost = 'h'\n";

fn password_comes_out(password: &str) {
    if password.is_empty() {
        return;
    }
    let written = ::toml::Value::from(password).to_string();
    files::gives(NAME, &format!("{KEYS}password = {written}"), password);
    let mut escaped = String::new();
    for character in password.chars() {
        write!(escaped, "\\U{:08X}", u32::from(character)).unwrap();
    }
    files::gives(NAME, &format!("{KEYS}password = \"{escaped}\""), password);
    // The line end behind the opening quotes is not part of the text.
    let lines = format!("password = \"\"\"\n{escaped}\"\"\"\n{KEYS}");
    files::gives(NAME, &lines, password);
    let is_literal = |c: char| c == '\t' || c != '\'' && !c.is_ascii_control();
    if password.chars().all(is_literal) {
        files::gives(NAME, &format!("{KEYS}password = '{password}'"), password);
    }
}
