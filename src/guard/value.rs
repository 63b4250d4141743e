//! The values that may not occur in a repository, and which of them can be searched for at all.

use secrecy::ExposeSecret;

use crate::config::DatabaseConfig;
use crate::key::Key;
use crate::secret::{self, Text};

/// A shorter value is in too many texts by chance.
const SHORTEST: usize = secret::TELLING_LENGTH;

/// The most bytes of a value that are searched for: so many decide, and every form of a value is held in memory.
const LONGEST: usize = 128;

/// Digits are in too many texts by chance up to this many: years, ports, identifiers, lengths.
const MOST_DIGITS: usize = 9;

/// What a value is called whose place would show a secret.
const HIDDEN: &str = "a value under a key that holds a secret itself";

/// Words that stand in nearly every repository, and passwords so common that they do as well.
const COMMON: &[&str] = &[
    "abc123",
    "abcdef",
    "access",
    "account",
    "admin1",
    "administrator",
    "changeit",
    "changeme",
    "change_me",
    "changethis",
    "credentials",
    "database",
    "default",
    "development",
    "example",
    "foobar",
    "localhost",
    "mariadb",
    "master",
    "mypassword",
    "mysecret",
    "passphrase",
    "passwd",
    "password",
    "password1",
    "postgres",
    "private",
    "production",
    "public",
    "qwerty",
    "rootpass",
    "rootpassword",
    "sandbox",
    "secret",
    "secrets",
    "service",
    "staging",
    "string",
    "supersecret",
    "testing",
    "testpass",
    "testpassword",
    "username",
    "wordpress",
];

/// A secret, and what it is called where it may not be shown.
pub(crate) struct Value {
    /// `password (secrets.toml: replica.password)`
    pub label: String,
    pub text: Text,
}

impl Value {
    /// Whether only a part of it is searched for.
    pub(crate) fn is_cut(&self) -> bool {
        basis(self.text.as_str()).len() < self.text.as_str().len()
    }
}

/// What was collected.
#[derive(Default)]
pub(crate) struct Values {
    pub secrets: Vec<Value>,
    /// Names that stand in configurations and code on purpose: users, databases and hosts.
    pub names: Vec<String>,
    /// What an administrator should know of the collection.
    pub notes: Vec<String>,
}

impl Values {
    /// Adds the password of a configuration.
    pub(crate) fn add_config(&mut self, config: &DatabaseConfig) {
        let names = [config.user(), config.database(), config.host()];
        self.names.extend(names.map(str::to_owned));
        let source = config.report.source(Key::Password);
        self.secrets.push(Value {
            label: source.map_or("password".to_owned(), |source| {
                format!("password ({source})")
            }),
            text: Text::copy(config.password().expose_secret()),
        });
    }

    /// Takes out what cannot be searched for, each with a note. Of several equal values the first is kept.
    pub(crate) fn judge(&mut self) {
        let Values {
            secrets,
            names,
            notes,
        } = self;
        let mut kept: Vec<Value> = Vec::with_capacity(secrets.len());
        for value in secrets.drain(..) {
            let text = value.text.as_str();
            if let Some(reason) = too_common(text, names) {
                notes.push(format!("{}: not searched, because {reason}", value.label));
                continue;
            }
            let is_same = |other: &&mut Value| basis(other.text.as_str()) == basis(text);
            match kept.iter_mut().find(is_same) {
                // The longer one is known to go on.
                Some(other) if value.is_cut() => other.text = value.text,
                Some(_) => {}
                None => kept.push(value),
            }
        }
        // A key, too, can be a misplaced secret.
        let gives_away = |text: &str| {
            let mut secrets = kept.iter().map(|value| value.text.as_str());
            secrets.any(|secret| secret::gives_away(text, secret))
        };
        let hidden: Vec<bool> = kept.iter().map(|value| gives_away(&value.label)).collect();
        for note in notes.iter_mut().filter(|note| gives_away(note)) {
            *note = format!("{HIDDEN}: not searched");
        }
        for (value, _) in kept.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden) {
            value.label = HIDDEN.to_owned();
        }
        *secrets = kept;
    }
}

/// Why a value would be found where it is not meant.
fn too_common(value: &str, names: &[String]) -> Option<String> {
    let basis = basis(value);
    let mut characters = basis.chars();
    let first = characters.next();
    let is_digits = basis.bytes().all(|byte| byte.is_ascii_digit());
    if value.is_empty() {
        return Some("it is empty".to_owned());
    }
    if basis.len() < SHORTEST {
        return Some(format!(
            "it is shorter than {SHORTEST} bytes, and so in many texts by chance"
        ));
    }
    if names.iter().any(|name| name.eq_ignore_ascii_case(basis)) {
        return Some("it equals a user, database or host, which may stand anywhere".to_owned());
    }
    if COMMON
        .iter()
        .any(|common| common.eq_ignore_ascii_case(basis))
    {
        return Some("it is a word that stands in many texts; choose another password".to_owned());
    }
    if is_digits && basis.len() <= MOST_DIGITS {
        return Some(format!(
            "it is a number of at most {MOST_DIGITS} digits, and so in many texts by chance"
        ));
    }
    characters
        .all(|character| Some(character) == first)
        .then(|| "it is one character again and again".to_owned())
}

/// The part of a value that is searched for: all of it or, of several lines, the longest, whose form does not depend on how line ends
/// and indentation are written.
pub(crate) fn basis(value: &str) -> &str {
    let lines = value.lines().map(str::trim);
    let line = match value.contains('\n') {
        true => lines.max_by_key(|line| line.len()).unwrap_or(""),
        false => value,
    };
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

#[cfg(test)]
mod tests {
    use super::{basis, too_common};

    #[test]
    fn what_is_searched() {
        assert_eq!(basis(" a b "), " a b ");
        assert_eq!(basis("short\r\n  the longest one\nx"), "the longest one");
        assert_eq!(basis(&"é".repeat(100)).len(), 128);
        assert_eq!(basis(""), "");
    }

    #[test]
    fn what_cannot_be() {
        let names = ["Shopkeeper".to_owned()];
        for common in [
            "",
            "abc12",
            "Password",
            "20261122",
            "shopkeeper",
            "xxxxxxxxx",
            "a\nb\nc\nd",
        ] {
            assert!(too_common(common, &names).is_some(), "{common}");
        }
        for searched in ["abc12!", "correct horse", "1234567890123", "shopkeeper1"] {
            assert!(too_common(searched, &names).is_none(), "{searched}");
        }
    }
}
