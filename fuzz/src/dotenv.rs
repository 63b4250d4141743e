//! `.env` files. No other reader has exactly these rules, so a document is compared with itself in another form.

use dbconf::{DatabaseConfig, Error, ExposeSecret};

use super::files;
use super::input::{Input, Member, Value};
use super::node::{self, Node};

const NAME: &str = "a.env";

const TOKENS: [&str; 32] = [
    "MYSQL_PASSWORD",
    "MYSQL_USER",
    "MYSQL_URL",
    "MYSQL_HOST",
    "MYSQL_DB",
    "MYSQL_PORT",
    "MYSQL_",
    "REPLICA_MYSQL_PASSWORD",
    "DEFAULT_",
    "DATABASE_URL",
    "_FILE",
    "export ",
    "=",
    " ",
    "\t",
    "\"",
    "'",
    "\\",
    "\\n",
    "\\\"",
    "#",
    " #",
    "\n",
    "\r\n",
    "\r",
    "§",
    "¤",
    "é",
    "\u{a0}",
    "$HOME",
    "mysql://u:p@h/d",
    "\u{feff}",
];

pub fn check(data: &[u8]) {
    match Input::of(data, &TOKENS) {
        Input::Document(document) => document_is_read(&document),
        Input::Members(members) => members_come_out(&members),
        Input::Password(password) => password_comes_out(&password),
    }
}

fn document_is_read(document: &[u8]) {
    let loaded = files::load(NAME, document);
    let Some(text) = files::text(document) else {
        return assert!(loaded.is_err());
    };
    // An editor of another system, and lines that are nobody's, change nothing.
    let more = format!("{text}\n# comment\nUNRELATED=1\n");
    assert_eq!(
        files_say(&loaded),
        files_say(&files::load_only(NAME, more.as_bytes())),
        "{text}"
    );
    if !text.contains('\r') {
        let windows = text.replace('\n', "\r\n");
        let windows = files::load_only(NAME, windows.as_bytes());
        assert_eq!(files_say(&loaded), files_say(&windows), "{text}");
    }
}

/// All that there is to be known of an outcome.
fn files_say(loaded: &Result<DatabaseConfig, Error>) -> (String, Option<&str>) {
    match loaded {
        Ok(config) => {
            let password = config.password().expose_secret();
            (config.explain().to_string(), Some(password))
        }
        Err(error) => (error.to_string(), None),
    }
}

/// A file with these members says what they say.
fn members_come_out(members: &[Member]) {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let (mut document, mut root) = (String::new(), Vec::new());
    for (at, (name, value)) in members.iter().enumerate() {
        let Value::Text(text) = value else { continue };
        if !is_name(name) {
            continue;
        }
        let ways = ways_to_write(text);
        let assigned = &ways[at % ways.len()];
        let export = if at % 3 == 0 { "export " } else { "" };
        document.push_str(&format!("{export}{name}={assigned}\n"));
        // Only the environment's names count here, as they are written there.
        if name.contains("MYSQL_") {
            root.push((name.clone(), Node::Text(text.clone())));
        }
    }
    let loaded = files::load(NAME, document.as_bytes());
    assert!(
        !loaded.as_ref().is_err_and(|error| error.is_malformed()),
        "{document}"
    );
    if let Ok(config) = loaded {
        node::compare(&config, &root, &node::KEYS);
    }
}

fn password_comes_out(password: &str) {
    if password.is_empty() {
        return;
    }
    for assigned in ways_to_write(password) {
        let document =
            format!("MYSQL_DB=d\nMYSQL_USER=u\nMYSQL_HOST=h\nMYSQL_PASSWORD={assigned}\n");
        files::gives(NAME, &document, password);
        files::gives(NAME, &document.replace('\n', "\r\n"), password);
    }
}

/// Every way that can hold the text.
fn ways_to_write(text: &str) -> Vec<String> {
    let mut double = String::from("\"");
    for character in text.chars() {
        match character {
            '\\' => double.push_str("\\\\"),
            '"' => double.push_str("\\\""),
            '\n' => double.push_str("\\n"),
            '\r' => double.push_str("\\r"),
            '\t' => double.push_str("\\t"),
            other => double.push(other),
        }
    }
    let mut ways = vec![format!("{double}\""), format!(" {double}\"\t# comment")];
    let is_one_line = !text.contains(['\n', '\r']);
    if is_one_line && !text.contains('\'') {
        ways.push(format!("'{text}'"));
    }
    let blank = [' ', '\t'];
    if is_one_line
        && !text.contains('#')
        && text.trim_matches(blank) == text
        && !text.starts_with(['\'', '"'])
    {
        ways.push(text.to_owned());
    }
    ways
}
