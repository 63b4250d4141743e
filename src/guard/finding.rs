//! What was found, for people and for machines. No finding holds the text that was found.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::position::{Place, Position};

/// A kind of finding.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    pub id: &'static str,
    pub what: &'static str,
    pub help: &'static str,
}

/// Every rule, in the order in which SARIF lists them.
pub(crate) static RULES: &[&Rule] = &[
    &KNOWN_VALUE,
    &PASSWORD,
    &URL_PASSWORD,
    &AWS_KEY,
    &PRIVATE_KEY,
    &NOT_IGNORED,
    &TRACKED,
];

pub(crate) static KNOWN_VALUE: Rule = Rule {
    id: "known-value",
    what: "a secret that is in use",
    help: "read it from the configuration here, and change it: whoever has a copy of the repository has it",
};

pub(crate) static PASSWORD: Rule = Rule {
    id: "password",
    what: "a literal where a password belongs",
    help: "read it from the environment or a secrets file; if it opens nothing, leave the file out with `.allow()` or mark the line with `pragma: allowlist secret`",
};

pub(crate) static URL_PASSWORD: Rule = Rule {
    id: "url-password",
    what: "a URL or connection string with a password",
    help: "read the URL from the environment or a secrets file; if it opens nothing, leave the file out with `.allow()` or mark the line with `pragma: allowlist secret`",
};

pub(crate) static AWS_KEY: Rule = Rule {
    id: "aws-key",
    what: "an access key of AWS",
    help: "revoke the key, and let the AWS SDK find credentials by itself",
};

pub(crate) static PRIVATE_KEY: Rule = Rule {
    id: "private-key",
    what: "a private key",
    help: "replace the key pair, and read the key from a file that is not in the repository",
};

pub(crate) static NOT_IGNORED: Rule = Rule {
    id: "not-ignored",
    what: "no .gitignore of the repository ignores this file",
    help: "add a line for it to the repository's .gitignore",
};

pub(crate) static TRACKED: Rule = Rule {
    id: "tracked",
    what: "git tracks this file",
    help: "run `git rm --cached` on it, add it to .gitignore, and change what it holds: the history keeps it",
};

/// What to do about everything in the history.
const IN_HISTORY: &str = "change the secret: whoever has a copy of the repository has it; if it opens nothing, leave its path out with `.allow()`";

/// One place where a secret stands, or a file that could be committed with one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// As seen from the guarded directory, or from the top of the work tree for an object of the history.
    pub(crate) path: String,
    pub(crate) object: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) rule: &'static Rule,
    /// Which secret, in which form.
    pub(crate) detail: Option<String>,
    /// By which it is told from another secret at the same place.
    pub(crate) hash: u64,
}

impl Finding {
    /// The file, as seen from the guarded directory. Control characters are escaped, and a secret in a file's name is redacted.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name of the object that has it, where it was found in the history: a blob, or a commit or tag with its message.
    pub fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The line, from 1 on; `None` for a binary file, or a file as a whole.
    pub fn line(&self) -> Option<u64> {
        self.position().map(|position| position.line)
    }

    /// The column in characters, from 1 on.
    pub fn column(&self) -> Option<u64> {
        self.position().map(|position| position.column)
    }

    /// The byte of a binary file, from 0 on.
    pub fn byte_offset(&self) -> Option<u64> {
        match self.place {
            Some(Place::Binary(offset)) => Some(offset),
            _ => None,
        }
    }

    /// The rule's name: `known-value`.
    pub fn rule(&self) -> &'static str {
        self.rule.id
    }

    /// What was found, without its value.
    pub fn message(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}: {detail}", self.rule.what),
            None => self.rule.what.to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self.object {
            Some(_) => IN_HISTORY,
            None => self.rule.help,
        }
    }

    /// What stays the same where an object of the history still is the file at `path`.
    pub(crate) fn identity<'f>(
        &'f self,
        path: &'f str,
    ) -> (&'f str, Option<Place>, Option<&'f str>, u64) {
        (path, self.place, self.detail.as_deref(), self.hash)
    }

    fn position(&self) -> Option<Position> {
        match self.place {
            Some(Place::Text(position)) => Some(position),
            _ => None,
        }
    }
}

/// `path:line:column rule: message`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(object) = &self.object {
            write!(f, "@{}", object.get(..12).unwrap_or(object))?;
        }
        match self.place {
            Some(Place::Text(position)) => write!(f, ":{}:{}", position.line, position.column)?,
            Some(Place::Binary(offset)) => write!(f, ":byte {offset}")?,
            None => {}
        }
        write!(f, " {}: {}", self.rule.id, self.message())
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 8)?;
        out.serialize_field("path", &self.path)?;
        out.serialize_field("object", &self.object)?;
        out.serialize_field("line", &self.line())?;
        out.serialize_field("column", &self.column())?;
        out.serialize_field("byte_offset", &self.byte_offset())?;
        out.serialize_field("rule", self.rule.id)?;
        out.serialize_field("message", &self.message())?;
        out.serialize_field("help", self.help())?;
        out.end()
    }
}

/// Everything that was found, and what was not searched and why.
#[derive(Clone)]
#[must_use = "findings that nobody looks at guard nothing"]
pub struct Findings {
    pub(crate) findings: Vec<Finding>,
    pub(crate) notes: Vec<String>,
    pub(crate) files: usize,
    pub(crate) objects: usize,
    pub(crate) values: usize,
    /// Where the guarded directory lies below the top of the work tree; ends in a slash.
    pub(crate) prefix: String,
}

impl Findings {
    /// Whether nothing was found. What could not be searched is in the [`notes`](Self::notes).
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// The findings by path, line and column.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// What was not searched, and why: values that are too short, files that are not there.
    pub fn notes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.notes.iter().map(String::as_str)
    }

    /// How many files were searched.
    pub fn files(&self) -> usize {
        self.files
    }

    /// How many values were searched for.
    pub fn values(&self) -> usize {
        self.values
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: usize, noun: &str| {
            format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
        };
        write!(
            f,
            "{} in {}",
            count(self.len(), "finding"),
            count(self.files, "file")
        )?;
        if self.objects > 0 {
            write!(f, " and {} of the history", count(self.objects, "object"))?;
        }
        write!(f, ", {} checked", count(self.values, "value"))?;
        for finding in self {
            write!(f, "\n\n  {finding}\n    to fix: {}", finding.help())?;
        }
        if !self.is_empty() && !self.notes.is_empty() {
            f.write_str("\n")?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Findings", 5)?;
        out.serialize_field("findings", &self.findings)?;
        out.serialize_field("notes", &self.notes)?;
        out.serialize_field("files", &self.files)?;
        out.serialize_field("history_objects", &self.objects)?;
        out.serialize_field("values", &self.values)?;
        out.end()
    }
}
