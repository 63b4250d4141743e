//! The name of a database, as tables and as variables spell it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::key::{DATABASE_URL, FILE_SUFFIX, Key, Spelling};

/// The name of a database, as a table spells it (`replica-1`) and as variables do (`REPLICA_1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    /// What variables' names begin with, before the prefix; empty for the default database.
    pub id: Cow<'static, str>,
    pub name: Cow<'static, str>,
}

/// The name of the default database.
const DEFAULT: &str = "default";

impl Database {
    pub(crate) fn default_one() -> Database {
        Database {
            id: Cow::Borrowed(""),
            name: Cow::Borrowed(DEFAULT),
        }
    }

    /// `default` in any case is the default database.
    pub(crate) fn named(name: &str) -> Database {
        if is_default(name) {
            return Database::default_one();
        }
        Database {
            id: Cow::Owned(id(name).collect()),
            name: Cow::Owned(name.chars().map(shown).collect()),
        }
    }

    pub(crate) fn is_default(&self) -> bool {
        self.id.is_empty()
    }

    /// Whether a table called `name` is this database's.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        if self.is_default() {
            is_default(name)
        } else {
            id(name).eq(self.id.chars())
        }
    }

    /// The name, unless it is the default database.
    pub(crate) fn own_name(&self) -> Option<&str> {
        (!self.is_default()).then_some(&*self.name)
    }

    /// What the variables of this database begin with: `REPLICA_MYSQL_`.
    pub(crate) fn prefix(&self, prefix: &Arc<str>) -> Arc<str> {
        if self.is_default() {
            return Arc::clone(prefix);
        }
        format!("{}_{prefix}", self.id).into()
    }
}

/// A line end or an escape in a name would reach the reports.
fn shown(c: char) -> char {
    if c.is_control() {
        char::REPLACEMENT_CHARACTER
    } else {
        c.to_ascii_lowercase()
    }
}

fn is_default(name: &str) -> bool {
    name.eq_ignore_ascii_case(DEFAULT)
}

fn id(name: &str) -> impl Iterator<Item = char> {
    name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    })
}

/// The prefix (`REPLICA_MYSQL_`), the database's id in it, and the key that a variable's whole name stands for.
pub(crate) fn parse_variable<'n>(
    name: &'n str,
    prefix: &str,
) -> Option<(&'n str, &'n str, Spelling)> {
    if let Some(rest) = name.strip_prefix(DATABASE_URL) {
        return match rest {
            "" => Some(("", "", Spelling::database_url())),
            FILE_SUFFIX => Some(("", "", Spelling::database_url().through_file())),
            _ => None,
        };
    }
    // Every split is tried from the end on: `REPLICA_MYSQL_DB`, and `SQL_SQL_MODE` behind the prefix `SQL_`.
    let starts = name.char_indices().map(|(at, _)| at).rev();
    let mut splits = starts.filter_map(|at| {
        let (whole_prefix, variable) = name.split_at(at);
        let head = whole_prefix.strip_suffix(prefix)?;
        let id = if head.is_empty() {
            head
        } else {
            head.strip_suffix('_')?
        };
        Some((whole_prefix, id, Key::from_variable(variable)?))
    });
    splits.next()
}
