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
}

/// Options without a name, and the commands in which they are a password.
const OPTIONS: &[(&str, &[&str], Form)] = &[
    ("-p", MYSQL, Form::Glued),
    ("-p", &["sshpass"], Form::Glued),
    (
        "-p",
        &["sshpass", "login", "cqlsh", "cypher-shell"],
        Form::Apart,
    ),
    ("-p", MONGO, Form::Apart),
    ("-P", &["sqlcmd", "bcp", "osql", "tsql"], Form::Apart),
    ("-P", &["sqlcmd", "bcp", "osql"], Form::Glued),
    ("-a", &["redis-cli", "valkey-cli"], Form::Apart),
    (
        "-w",
        &["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete"],
        Form::Apart,
    ),
    ("-u", &["curl"], Form::WithUser),
    ("--user", &["curl"], Form::WithUser),
];

const MYSQL: &[&str] = &[
    "mysql",
    "mysqladmin",
    "mysqlcheck",
    "mysqldump",
    "mysqlimport",
    "mysqlshow",
    "mysqlslap",
    "mariadb",
    "mariadb-admin",
    "mariadb-dump",
];

const MONGO: &[&str] = &[
    "mongo",
    "mongosh",
    "mongodump",
    "mongoexport",
    "mongoimport",
    "mongorestore",
];

/// Calls that take a password as one of several arguments, as which, and whether other calls are called so as well.
const CALLS: &[(&str, usize, bool)] = &[
    ("getConnection(", 2, false),
    ("DBI->connect(", 2, false),
    ("PDO(", 2, false),
    ("mysqli(", 2, false),
    ("mysqli_connect(", 2, false),
    ("mysql_connect(", 2, false),
    ("mysqli_real_connect(", 3, false),
    ("mysql_real_connect(", 3, false),
    ("odbc_connect(", 2, false),
    ("oci_connect(", 1, false),
    ("oracledb.connect(", 1, true),
    ("cx_Oracle.connect(", 1, true),
    ("pymssql.connect(", 2, true),
    ("pymysql.connect(", 2, true),
    ("MySQLdb.connect(", 2, true),
    ("psycopg2.connect(", 2, true),
    ("basic_auth(", 1, true),
    ("BasicAuth(", 1, true),
    ("PasswordAuthentication(", 1, true),
    ("Credentials(", 1, true),
    ("Credential(", 1, true),
    ("login(", 1, true),
];

/// `IDENTIFIED [WITH plugin] BY 'password'`, and without quotes in Oracle's SQL.
pub(crate) fn identified_by(spot: &Spot<'_>) -> Option<usize> {
    let before = spot.before().to_ascii_lowercase();
    let after = spot.after();
    let value = after.split_once([' ', '\t'])?.1.trim_start();
    let value = ["BY ", "by "]
        .iter()
        .find_map(|by| value.strip_prefix(by))
        .unwrap_or(value);
    let is_plain = before.ends_with("identifie");
    let is_identified = is_plain
        || before
            .rfind("identified")
            .is_some_and(|at| before.len() - at < 80);
    // In prose, much is identified by something.
    let line = spot.line();
    let is_sql = line.contains(" BY ")
        || line.to_ascii_lowercase().contains("user")
        || before.contains("grant");
    let literal = match quoted(value).filter(|_| !value.starts_with('`')) {
        Some((literal, _)) => literal,
        None => bare(value, false).filter(|literal| is_plain && looks_random(literal))?,
    };
    accept(spot, literal).filter(|_| is_identified && is_sql)
}

/// An option, by the command that it belongs to.
pub(crate) fn option(spot: &Spot<'_>) -> Option<usize> {
    let option = spot.after().trim_start_matches([' ', '"', '\'']);
    let command = spot.before().rsplit(['|', ';', '&', '`', '(']).next()?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_run = |program: &&str| command.split(|c| !is_part(c)).any(|word| word == *program);
    let known = OPTIONS
        .iter()
        .filter(|(name, programs, _)| option.starts_with(name) && programs.iter().any(is_run));
    known
        .filter_map(|(name, _, form)| argument_of(&option[name.len()..], *form))
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
    let (call, index, is_doubtful) = CALLS.iter().find_map(|(call, index, is_doubtful)| {
        let mut ends = line
            .match_indices(call)
            .map(|(start, _)| start + call.len());
        let end = ends.find(|end| (at + 1..=at + call.len()).contains(end))?;
        Some((end, *index, *is_doubtful))
    })?;
    let mut rest = line.get(call..)?;
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
