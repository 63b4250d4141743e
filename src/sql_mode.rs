//! The `sql_mode` that every session runs with, and the one statement that sets it.

use std::fmt;

/// The default: exactly this statement.
const STRICT: &str = "SET sql_mode='STRICT_TRANS_TABLES'";
/// Idempotent, and works from an empty mode, on MySQL and on MariaDB. A blank after the comma would be error 1231.
const ADDITIVE: &str = "SET SESSION sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES')";
const TRADITIONAL: &str = "SET sql_mode='TRADITIONAL'";
/// What a URL carries for [`SqlMode::Server`]: a statement that changes nothing, since other clients take a missing one for a default.
const UNCHANGED: &str = "SET SESSION sql_mode=@@sql_mode";

/// The `sql_mode` of every session.
///
/// Strict means that `STRICT_TRANS_TABLES` or `STRICT_ALL_TABLES` is in the session's `@@sql_mode`: a value that does not fit its
/// column is then an error (1406 and the like) where it is silently cut short otherwise. See
/// [Server SQL Modes](https://dev.mysql.com/doc/refman/en/sql-mode.html) in the MySQL manual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlMode {
    /// `STRICT_TRANS_TABLES` and nothing else; this *replaces* the server's modes. The default. Spelled `strict`.
    #[default]
    Strict,
    /// Keeps the server's modes and adds `STRICT_TRANS_TABLES`. Recommended on MySQL 8 and later, whose own default is stricter
    /// than [`Strict`](Self::Strict) alone. Spelled `additive`.
    Additive,
    /// `TRADITIONAL`, which expands to both strict modes and more. Spelled `traditional`.
    Traditional,
    /// A list of modes that contains a strict one.
    Modes(ModeList),
    /// Leaves the server's mode alone: nothing is sent, and the session may not be strict. Spelled `server`.
    Server,
}

/// A list of modes that contains a strict one, as the statement that sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeList {
    statement: String,
}

/// Why a text is no `sql_mode`.
pub(crate) enum SqlModeProblem {
    Unreadable,
    Lax,
    OtherStatement,
}

impl SqlMode {
    /// The statement that sets the mode, which is what a driver runs as its init command. `None` for [`Server`](Self::Server).
    pub fn init_command(&self) -> Option<&str> {
        match self {
            SqlMode::Strict => Some(STRICT),
            SqlMode::Additive => Some(ADDITIVE),
            SqlMode::Traditional => Some(TRADITIONAL),
            SqlMode::Modes(list) => Some(&list.statement),
            SqlMode::Server => None,
        }
    }

    pub(crate) fn url_command(&self) -> &str {
        self.init_command().unwrap_or(UNCHANGED)
    }

    /// Reads the value of `sql_mode`: `strict`, `additive`, `traditional`, `server` or a list of modes.
    pub(crate) fn from_modes(text: &str) -> Result<SqlMode, SqlModeProblem> {
        if text.eq_ignore_ascii_case("strict") {
            Ok(SqlMode::Strict)
        } else if text.eq_ignore_ascii_case("additive") {
            Ok(SqlMode::Additive)
        } else if text.eq_ignore_ascii_case("traditional") {
            Ok(SqlMode::Traditional)
        } else if text.eq_ignore_ascii_case("server") {
            Ok(SqlMode::Server)
        } else {
            SqlMode::from_list(text)
        }
    }

    /// Reads the value of `init_command`: `SET [SESSION] sql_mode='...'`, or one of the statements of our own URLs.
    pub(crate) fn from_statement(text: &str) -> Result<SqlMode, SqlModeProblem> {
        if text == ADDITIVE {
            return Ok(SqlMode::Additive);
        }
        if text == UNCHANGED {
            return Ok(SqlMode::Server);
        }
        let list = quoted_list(text).ok_or(SqlModeProblem::OtherStatement)?;
        if list.eq_ignore_ascii_case("traditional") {
            return Ok(SqlMode::Traditional);
        }
        SqlMode::from_list(list)
    }

    fn from_list(text: &str) -> Result<SqlMode, SqlModeProblem> {
        let modes = text.to_ascii_uppercase();
        if !modes
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b == b'_' || b == b',')
        {
            return Err(SqlModeProblem::Unreadable);
        }
        if modes == "STRICT_TRANS_TABLES" {
            return Ok(SqlMode::Strict);
        }
        let is_strict = |mode: &str| {
            matches!(
                mode,
                "STRICT_TRANS_TABLES" | "STRICT_ALL_TABLES" | "TRADITIONAL"
            )
        };
        if !modes.split(',').any(is_strict) {
            return Err(SqlModeProblem::Lax);
        }
        let statement = format!("SET sql_mode='{modes}'");
        Ok(SqlMode::Modes(ModeList { statement }))
    }
}

/// The list in `SET [SESSION] sql_mode='list'`, in any case and with blanks where SQL allows them.
fn quoted_list(text: &str) -> Option<&str> {
    let rest = word(text.trim(), "SET")?;
    let rest = word(rest, "SESSION").unwrap_or(rest);
    let rest = strip_prefix_any_case(rest, "sql_mode")?.trim_start();
    let value = rest.strip_prefix('=')?.trim();
    let value = value.strip_suffix(';').unwrap_or(value).trim_end();
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    value[1..].strip_suffix(quote)
}

/// What follows the keyword `keyword` and at least one blank.
fn word<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let rest = strip_prefix_any_case(text, keyword)?;
    let trimmed = rest.trim_start();
    (trimmed.len() < rest.len()).then_some(trimmed)
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

impl fmt::Display for ModeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(quoted_list(&self.statement).unwrap_or_default())
    }
}

impl fmt::Display for SqlMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlMode::Strict => f.write_str("STRICT_TRANS_TABLES"),
            SqlMode::Additive => {
                f.write_str("additive (the server's modes and STRICT_TRANS_TABLES)")
            }
            SqlMode::Traditional => f.write_str("TRADITIONAL"),
            SqlMode::Modes(list) => list.fmt(f),
            SqlMode::Server => f.write_str("server (left as the server has it, may not be strict)"),
        }
    }
}
