//! Passwords of SQL statements, options of commands and arguments of calls, where no name says what they are.

use super::expression::{bare, opening, quoted};
use super::literal::{self, looks_random};
use super::{Spot, neighbour};

/// How a command takes a password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-ppassword`
    Glued,
    /// `-p password`
    Apart,
    /// `-u user:password`
    WithUser,
    /// `-uuser:password`
    WithUserGlued,
}

/// How commands begin that take a password without a name: `mysqldump` is one of MySQL's.
pub(crate) const PROGRAMS: [&str; 14] = [
    "mysql",
    "mariadb",
    "sshpass",
    "mongo",
    "cqlsh",
    "cypher-shell",
    "docker login",
    "podman login",
    "sqlcmd",
    "bcp ",
    "redis-cli",
    "valkey-cli",
    "ldap",
    "curl ",
];

/// The options that take it, of each.
const OPTIONS: [(&str, &str, Form); 19] = [
    ("mysql", "-p", Form::Glued),
    ("mariadb", "-p", Form::Glued),
    ("sshpass", "-p", Form::Glued),
    ("sshpass", "-p", Form::Apart),
    ("mongo", "-p", Form::Apart),
    ("cqlsh", "-p", Form::Apart),
    ("cypher-shell", "-p", Form::Apart),
    ("docker login", "-p", Form::Apart),
    ("podman login", "-p", Form::Apart),
    ("sqlcmd", "-P", Form::Apart),
    ("sqlcmd", "-P", Form::Glued),
    ("bcp ", "-P", Form::Apart),
    ("bcp ", "-P", Form::Glued),
    ("redis-cli", "-a", Form::Apart),
    ("valkey-cli", "-a", Form::Apart),
    ("ldap", "-w", Form::Apart),
    ("curl ", "-u", Form::WithUser),
    ("curl ", "-u", Form::WithUserGlued),
    ("curl ", "--user", Form::WithUser),
];

/// Calls that take a password as one of several arguments.
pub(crate) const CALLS: [&str; 22] = [
    "getConnection(",
    "DBI->connect(",
    "PDO(",
    "mysqli(",
    "mysqli_connect(",
    "mysql_connect(",
    "odbc_connect(",
    "mysqli_real_connect(",
    "mysql_real_connect(",
    "oci_connect(",
    "pymssql.connect(",
    "pymysql.connect(",
    "MySQLdb.connect(",
    "psycopg2.connect(",
    "oracledb.connect(",
    "cx_Oracle.connect(",
    "basic_auth(",
    "BasicAuth(",
    "PasswordAuthentication(",
    "Credentials(",
    "Credential(",
    "login(",
];

/// Which argument it is, and whether other functions are called so as well.
fn place_of_password(call: &str) -> (usize, bool) {
    match call {
        "mysqli_real_connect(" | "mysql_real_connect(" => (3, false),
        "oci_connect(" => (1, false),
        "pymssql.connect(" | "pymysql.connect(" | "MySQLdb.connect(" | "psycopg2.connect(" => {
            (2, true)
        }
        "oracledb.connect(" | "cx_Oracle.connect(" | "basic_auth(" | "BasicAuth(" => (1, true),
        "PasswordAuthentication(" | "Credentials(" | "Credential(" | "login(" => (1, true),
        _ => (2, false),
    }
}

/// `IDENTIFIED [WITH plugin] BY 'password'`, and without quotes in Oracle's SQL.
pub(crate) fn identified_by(spot: &Spot<'_>) -> Option<usize> {
    let after = spot.after();
    let (plugin, value) = ["BY ", "by "].iter().find_map(|by| after.split_once(by))?;
    // In prose, much is identified by something.
    let line = spot.line();
    let is_sql = after.starts_with('I') || line.to_ascii_lowercase().contains("user");
    if plugin.len() > 80 || value.starts_with('`') || !is_sql {
        return None;
    }
    let literal = match quoted(value) {
        Some((literal, _)) => literal,
        None => bare(value, false).filter(|literal| looks_random(literal))?,
    };
    accept(spot, literal)
}

/// An option of a command.
pub(crate) fn option(spot: &Spot<'_>) -> Option<usize> {
    let command = spot.after();
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if spot.before().ends_with(is_part) {
        return None;
    }
    let end = command.find(['|', ';', '`', '#']).unwrap_or(command.len());
    let known = OPTIONS
        .iter()
        .filter(|(program, ..)| command.starts_with(program));
    known
        .flat_map(|(_, option, form)| {
            command[..end]
                .match_indices(option)
                .map(move |found| (found, form))
        })
        .filter(|((at, _), _)| command[..*at].ends_with([' ', '"', '\'']))
        .filter_map(|((at, option), form)| argument_of(&command[at + option.len()..], *form))
        .find_map(|literal| accept(spot, literal))
}

/// The value of an option in one form.
fn argument_of(value: &str, form: Form) -> Option<&str> {
    let is_apart = value.starts_with(' ');
    let value = value.trim_start_matches(' ');
    let literal = match opening(value) {
        Some(_) => quoted(value).map(|(literal, _)| literal)?,
        None => value
            .split(|c: char| c.is_whitespace() || "\"'`|;<>)\\".contains(c))
            .next()?,
    };
    let is_apart_as_asked = is_apart == matches!(form, Form::Apart | Form::WithUser);
    match form {
        _ if !is_apart_as_asked || literal.starts_with('-') => None,
        Form::Glued | Form::Apart => Some(literal),
        Form::WithUser | Form::WithUserGlued => {
            literal.split_once(':').map(|(_, password)| password)
        }
    }
}

/// An argument, by its place.
pub(crate) fn argument(spot: &Spot<'_>) -> Option<usize> {
    let after = spot.after();
    let call = CALLS.iter().find(|call| after.starts_with(**call))?;
    let (index, is_doubtful) = place_of_password(call);
    let mut rest = &after[call.len()..];
    for _ in 0..index {
        rest = behind_argument(rest)?;
    }
    let (literal, after) = quoted(rest)?;
    let is_argument = after.trim_start().starts_with([')', ',', '.']);
    accept(spot, literal).filter(|_| is_argument && (!is_doubtful || looks_random(literal)))
}

/// What follows the next comma that is in no string and no parentheses.
fn behind_argument(text: &str) -> Option<&str> {
    let (mut rest, mut depth) = (text, 0);
    loop {
        if opening(rest).is_some()
            && let Some((_, after)) = quoted(rest)
        {
            rest = after;
            continue;
        }
        let c = rest.chars().next()?;
        rest = &rest[c.len_utf8()..];
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return None,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => return Some(rest),
            _ => {}
        }
    }
}

/// `ConvertTo-SecureString 'password' -AsPlainText`
pub(crate) fn secure_string(spot: &Spot<'_>) -> Option<usize> {
    let rest = spot
        .after()
        .strip_prefix("ConvertTo-SecureString")?
        .trim_start();
    let rest = rest.strip_prefix("-String").unwrap_or(rest);
    let (literal, _) = quoted(rest)?;
    accept(spot, literal).filter(|_| spot.line().contains("-AsPlainText"))
}

fn accept(spot: &Spot<'_>, literal: &str) -> Option<usize> {
    (literal::is_secret(literal) && !neighbour::is_user(spot, literal))
        .then(|| spot.offset(literal))
}
