//! Passwords of SQL statements, options of commands and arguments of calls, where no name says what they are.

use super::expression::{opening, quoted};
use super::{Spot, literal, neighbour};

/// How a command takes a password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-ppassword`
    Glued,
    /// `-p password`
    Apart,
    /// `-u user:password`
    WithUser,
}

/// Options without a name, and the commands in which they are a password.
const OPTIONS: &[(&str, &[&str], Form)] = &[
    (
        "-p",
        &[
            "mysql",
            "mysqladmin",
            "mysqldump",
            "mysqlimport",
            "mysqlcheck",
            "mysqlshow",
            "mysqlsh",
            "mysqlbinlog",
        ],
        Form::Glued,
    ),
    (
        "-p",
        &[
            "mariadb",
            "mariadb-admin",
            "mariadb-dump",
            "mysqlslap",
            "mydumper",
            "xtrabackup",
            "sshpass",
        ],
        Form::Glued,
    ),
    (
        "-p",
        &[
            "sshpass",
            "mongo",
            "mongosh",
            "mongodump",
            "mongorestore",
            "mongoexport",
            "mongoimport",
        ],
        Form::Apart,
    ),
    ("-P", &["sqlcmd", "bcp", "tsql", "osql"], Form::Apart),
    ("-P", &["sqlcmd", "bcp", "osql"], Form::Glued),
    ("-a", &["redis-cli", "valkey-cli"], Form::Apart),
    ("-u", &["curl"], Form::WithUser),
];

/// Calls that take a password as one of several arguments, and as which.
const CALLS: &[(&str, usize)] = &[
    ("getConnection(", 2),
    ("DBI->connect(", 2),
    ("PDO(", 2),
    ("mysqli(", 2),
    ("mysqli_connect(", 2),
    ("mysqli_real_connect(", 3),
];

/// `IDENTIFIED [WITH plugin] BY 'password'`
pub(crate) fn identified_by(spot: &Spot<'_>) -> Option<usize> {
    let before = spot.before().to_ascii_lowercase();
    let is_identified = before
        .rfind("identified")
        .is_some_and(|at| before.len() - at < 80);
    let (literal, _) = quoted(&spot.after()["BY ".len()..])?;
    accept(spot, literal).filter(|_| is_identified)
}

/// An option, by the command that it belongs to.
pub(crate) fn option(spot: &Spot<'_>) -> Option<usize> {
    let (option, value) = spot.after()[1..].split_at(2);
    let command = spot.before().rsplit(['|', ';', '&', '`', '(']).next()?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_run = |program: &&str| command.split(|c| !is_part(c)).any(|word| word == *program);
    let of_option = OPTIONS.iter().filter(|(known, _, _)| *known == option);
    let forms = of_option
        .filter(|(_, programs, _)| programs.iter().any(is_run))
        .map(|(_, _, form)| *form);
    forms
        .filter_map(|form| argument_of(value, form))
        .find_map(|literal| accept(spot, literal))
}

/// The value of an option in one form.
fn argument_of(value: &str, form: Form) -> Option<&str> {
    let is_apart = value.starts_with(' ');
    let value = value.trim_start_matches(' ');
    let literal = match opening(value) {
        Some(_) => quoted(value)
            .map(|(literal, _)| literal)
            .filter(|_| is_apart || form == Form::Glued),
        None => value
            .split(|c: char| c.is_whitespace() || "\"'`|;<>)\\".contains(c))
            .next(),
    }?;
    match form {
        // Docker's ports look alike.
        Form::Glued => (!is_apart && !literal.contains(':')).then_some(literal),
        Form::Apart => (is_apart && !literal.starts_with('-')).then_some(literal),
        Form::WithUser => literal.split_once(':').map(|(_, password)| password),
    }
}

/// An argument, by its place.
pub(crate) fn argument(spot: &Spot<'_>) -> Option<usize> {
    let line = spot.line();
    let at = spot.at - spot.line.start;
    let (call, index) = CALLS.iter().find_map(|(call, index)| {
        let start = line[..(at + call.len()).min(line.len())]
            .rfind(call)
            .or_else(|| line.get(at..)?.find(call).map(|found| at + found))?;
        (start.abs_diff(at) < call.len()).then_some((start + call.len(), *index))
    })?;
    let mut rest = line.get(call..)?;
    for _ in 0..index {
        rest = behind_argument(rest)?;
    }
    let (literal, after) = quoted(rest)?;
    accept(spot, literal).filter(|_| after.trim_start().starts_with([')', ',']))
}

/// What follows the next comma that is in no string and no parentheses.
fn behind_argument(text: &str) -> Option<&str> {
    let (mut rest, mut depth) = (text, 0);
    loop {
        if let Some((_, after)) = quoted(rest).filter(|_| opening(rest).is_some()) {
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
    let rest = spot.after().strip_prefix("o-SecureString")?.trim_start();
    let rest = rest.strip_prefix("-String").unwrap_or(rest);
    let (literal, _) = quoted(rest)?;
    accept(spot, literal).filter(|_| spot.line().contains("-AsPlainText"))
}

fn accept(spot: &Spot<'_>, literal: &str) -> Option<usize> {
    (literal::is_secret(literal) && !neighbour::is_user(spot, literal))
        .then(|| spot.offset(literal))
}
