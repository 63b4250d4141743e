//! Passwords in connection strings: URLs, and the forms of Go, Oracle and PostgreSQL's password file.

use super::expression::quoted;
use super::{Spot, literal, neighbour};

/// `scheme://user:password@host`
pub(crate) fn url(spot: &Spot<'_>) -> Option<usize> {
    let scheme = spot.before().chars().next_back()?;
    if !scheme.is_ascii_alphanumeric() {
        return None;
    }
    let rest = &spot.after()["://".len()..];
    let end = rest
        .find(|c: char| c.is_whitespace() || "/?#\"'`\\".contains(c))
        .unwrap_or(rest.len());
    let (user_information, _) = rest[..end].rsplit_once('@')?;
    let (user, password) = user_information.split_once(':')?;
    accept(spot, user, password)
}

/// `user:password@tcp(host)`
pub(crate) fn go(spot: &Spot<'_>) -> Option<usize> {
    let before = spot.before();
    let start = before
        .rfind(|c: char| c.is_whitespace() || "\"'`=/".contains(c))
        .map_or(0, |at| at + 1);
    let (user, password) = before.get(start..)?.split_once(':')?;
    accept(spot, user, password)
}

/// `sql.Open("mysql", "user:password@/database")`
pub(crate) fn go_open(spot: &Spot<'_>) -> Option<usize> {
    let arguments = spot.after().strip_prefix("sql.Open(")?;
    let (_, arguments) = quoted(arguments)?;
    let (source, _) = quoted(arguments.trim_start().strip_prefix(',')?)?;
    let (user, password) = source.rsplit_once('@')?.0.split_once(':')?;
    accept(spot, user, password).filter(|_| !source.contains("://"))
}

/// `sqlplus user/password@host`, `jdbc:oracle:thin:user/password@host`
pub(crate) fn oracle(spot: &Spot<'_>) -> Option<usize> {
    let tokens = spot
        .after()
        .split(|c: char| c.is_whitespace() || ":\"'`".contains(c))
        .skip(1);
    let (user, password) = tokens
        .filter_map(|token| token.split_once('@')?.0.split_once('/'))
        .find(|(user, _)| !user.is_empty())?;
    accept(spot, user, password)
}

/// `host:port:database:user:password`; `at` is where the line begins.
pub(crate) fn pgpass(spot: &Spot<'_>) -> Option<usize> {
    let mut fields = spot.after().splitn(5, ':');
    let user = fields.nth(3)?;
    let password = fields.next()?;
    accept(spot, user, password).filter(|_| !spot.after().starts_with('#'))
}

fn accept(spot: &Spot<'_>, user: &str, password: &str) -> Option<usize> {
    let is_secret = literal::is_secret(password)
        && !password.eq_ignore_ascii_case(user)
        && !neighbour::is_user(spot, password);
    is_secret.then(|| spot.offset(password))
}
