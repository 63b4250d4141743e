//! `.env` files: `KEY=VALUE` lines. No `$` substitution, and only the environment's names count.

use zeroize::Zeroizing;

use super::file::Syntax;
use super::{Raw, Reading};
use crate::secret::Text;

const BLANK: [char; 2] = [' ', '\t'];

pub(crate) fn read(text: &str, reading: &mut Reading<'_>) -> Result<(), Syntax> {
    let mut unread = Vec::new();
    for (number, line) in lines(text) {
        let Some((name, value)) = assignment(line) else {
            unread.push(number);
            continue;
        };
        let parsed = parse_value(value);
        match (reading.variable(name), parsed) {
            (Some(target), Ok(value)) => reading.put(target, value),
            (Some(_), Err(what)) => {
                return Err(Syntax {
                    line: number,
                    column: None,
                    what,
                    help: "put the value between single quotes, which take everything literally, or between double quotes with the escapes \\\\ \\\" \\n \\r \\t",
                });
            }
            (None, Ok(_)) => {}
            (None, Err(_)) => unread.push(number),
        }
    }
    if let Some(first) = unread.first() {
        let lines = if unread.len() == 1 { "line" } else { "lines" };
        let count = unread.len();
        reading.note(format!(
            "{count} {lines} could not be read and were passed over, the first is line {first}"
        ));
    }
    Ok(())
}

/// The lines that are neither empty nor a comment, with their numbers.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.split('\n').enumerate().map(|(at, line)| {
        // Every line end takes one carriage return with it. `str::lines` leaves the one at the very end of the text.
        let line = line.strip_suffix('\r').unwrap_or(line);
        (at + 1, line.trim_start_matches(BLANK))
    });
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Name and value of `[export] NAME=VALUE`.
pub(crate) fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end();
    let name = match name.split_once(BLANK) {
        Some(("export", name)) => name.trim_start(),
        Some(_) => return None,
        None => name,
    };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

/// Reads what stands behind the equals sign.
pub(crate) fn parse_value(assigned: &str) -> Result<Raw<'_>, &'static str> {
    let value = assigned.trim_start_matches(BLANK);
    if let Some(quoted) = value.strip_prefix('\'') {
        let (text, rest) = quoted
            .split_once('\'')
            .ok_or("a single quote is not closed in its line")?;
        nothing_but_comment(rest)?;
        return Ok(Raw::Lent(text));
    }
    if let Some(quoted) = value.strip_prefix('"') {
        return double_quoted(quoted);
    }
    let comment = assigned
        .match_indices('#')
        .find(|(at, _)| assigned[..*at].ends_with(BLANK));
    let text = comment.map_or(assigned, |(at, _)| &assigned[..at]);
    if comment.is_some() && text.contains(['"', '\'']) {
        return Err("a # follows a quote inside the value, and may or may not begin a comment");
    }
    let text = text.trim_matches(BLANK);
    Ok(Raw::Lent(text))
}

fn double_quoted(quoted: &str) -> Result<Raw<'_>, &'static str> {
    let mut text = Zeroizing::new(String::with_capacity(quoted.len()));
    let mut rest = quoted;
    loop {
        let at = rest
            .find(['"', '\\'])
            .ok_or("a double quote is not closed in its line")?;
        text.push_str(&rest[..at]);
        if rest[at..].starts_with('"') {
            nothing_but_comment(&rest[at + 1..])?;
            return Ok(Raw::Text(Text::take(std::mem::take(&mut *text))));
        }
        let mut after = rest[at + 1..].chars();
        text.push(match after.next() {
            Some(literal @ ('\\' | '"')) => literal,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            _ => return Err("a backslash between double quotes stands before something that it does not escape"),
        });
        rest = after.as_str();
    }
}

fn nothing_but_comment(rest: &str) -> Result<(), &'static str> {
    let trimmed = rest.trim_start_matches(BLANK);
    let is_comment = trimmed.starts_with('#') && trimmed.len() < rest.len();
    if trimmed.is_empty() || is_comment {
        Ok(())
    } else {
        Err("there is more text after the closing quote")
    }
}
