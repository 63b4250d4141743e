//! A literal that is assigned to, passed as, or compared with a password.

use super::expression::{default_of_expansion, ending, fallback, opening, quoted};
use super::file::Syntax;
use super::name::{self, Strength};
use super::{Spot, literal, neighbour};

/// Verbs of functions that look a password up, or ask for it: what they take is no password.
const LOOKUPS: [&str; 10] = [
    "get",
    "read",
    "ask",
    "prompt",
    "find",
    "load",
    "fetch",
    "lookup",
    "input",
    "rpassword",
];

/// Names of the key whose value is a name: `{"name": "DB_PASSWORD", "value": "..."}`.
const NAME_KEYS: [&str; 3] = ["name", "key", "id"];

/// A name with what stands around it in its line.
struct Place<'s, 'a> {
    spot: &'s Spot<'a>,
    name: &'a str,
    before: &'a str,
    after: &'a str,
}

/// What was found behind a name.
struct Found<'a> {
    literal: &'a str,
    /// Something else may be meant, unless it looks random.
    is_doubtful: bool,
}

pub(crate) fn find(spot: &Spot<'_>) -> Option<usize> {
    if spot.file.is_translation {
        return None;
    }
    let line = spot.line();
    let range = name::around(line, spot.at - spot.line.start);
    let strength = Strength::of(&line[range.clone()])?;
    let place = Place {
        spot,
        name: &line[range.clone()],
        before: &line[..range.start],
        after: &line[range.end..],
    };
    let Found {
        literal,
        is_doubtful,
    } = place.found()?;
    let is_doubtful = is_doubtful || strength == Strength::Doubtful;
    let is_secret = literal::is_secret(literal)
        && (!is_doubtful || looks_random(literal))
        && !neighbour::is_user(spot, literal)
        && !neighbour::is_sealed(spot);
    is_secret.then(|| spot.offset(literal))
}

/// Not a word or a name.
fn looks_random(literal: &str) -> bool {
    let has = |is: fn(&char) -> bool| literal.chars().any(|c| is(&c));
    has(char::is_ascii_digit) && has(|c| c.is_alphabetic()) && Strength::of(literal).is_none()
        || has(|c| !c.is_alphanumeric() && !"_-. ".contains(*c))
            && has(|c| c.is_alphabetic())
            && !literal.contains(['(', '<', '{', '[', '/', '\\', '$', ':', ','])
}

impl<'a> Place<'_, 'a> {
    fn found(&self) -> Option<Found<'a>> {
        let sure = |literal| Found {
            literal,
            is_doubtful: false,
        };
        if self.before.ends_with("${") {
            return default_of_expansion(self.after).map(sure);
        }
        let quote = ending(self.before).filter(|quote| self.after.starts_with(quote));
        let after = quote.map_or(self.after, |quote| &self.after[quote.len()..]);
        if let Some(value) = self.value_of_pair(quote, after) {
            return Some(sure(value));
        }
        if let Some(text) = self.element() {
            return Some(sure(text));
        }
        let after = after.strip_prefix(']').unwrap_or(after);
        let after = if quote.is_some() {
            after
                .strip_prefix(')')
                .map_or(after, |rest| fallback(rest).map_or(after, |_| rest))
        } else {
            after
        };
        if quote.is_some()
            && let Some(default) =
                fallback(after).filter(|_| !after.trim_start().starts_with([':', '=', ',']))
        {
            return Some(sure(default));
        }
        let value = after.trim_start_matches([' ', '\t']);
        if quote.is_some()
            && let Some(rest) = value.strip_prefix(',')
        {
            return self.second_argument(rest);
        }
        if let Some(arguments) = after.strip_prefix('(').filter(|_| quote.is_none()) {
            let name = self.name.to_ascii_lowercase();
            let last = name.rsplit(['.']).next().unwrap_or(&name);
            let is_lookup = LOOKUPS.iter().any(|verb| last.starts_with(verb));
            return quoted(arguments)
                .filter(|_| !is_lookup)
                .map(|(literal, _)| sure(literal));
        }
        match separator(value) {
            Some((operator, rest)) => self.assigned(operator, rest, after.len() == value.len()),
            None => self.behind_blank(after, value),
        }
    }

    /// The value of `name="password" value="..."`, of `"name": "DB_PASSWORD", "value": "..."` and the like, also in the next line.
    fn value_of_pair(&self, quote: Option<&str>, after: &'a str) -> Option<&'a str> {
        let before = self.before.strip_suffix(quote.unwrap_or(""))?;
        let before = before.trim_end_matches([' ', '\t', '=', ':', '"', '\'', '.', '\\']);
        let is_name = |key: &&str| {
            before.len() >= key.len()
                && before
                    .get(before.len() - key.len()..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(key))
        };
        let dotted = self
            .before
            .rsplit(['"', '\'', ' '])
            .find(|part| !part.is_empty())
            .unwrap_or("");
        if !NAME_KEYS.iter().any(is_name) && !dotted.ends_with(['=', ':']) {
            return None;
        }
        NAME_KEYS.iter().find(|key| is_name(key))?;
        let rest = &self.spot.text[self.spot.offset(after)..];
        if let Some(text) = rest.strip_prefix('>') {
            return content(text);
        }
        let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',', '"', '\'', '\\']);
        let rest = ["value", "Value"]
            .iter()
            .find_map(|key| rest.strip_prefix(key))?;
        let rest = rest.trim_start_matches(['"', '\'', '\\', ' ']);
        let rest = rest.strip_prefix([':', '='])?;
        match quoted(rest) {
            Some((literal, _)) => Some(literal),
            None => bare(rest, false),
        }
    }

    /// The text of `<password>...</password>`.
    fn element(&self) -> Option<&'a str> {
        let tag = self
            .before
            .rsplit('<')
            .next()
            .filter(|_| self.before.contains('<'))?;
        let is_tag = tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":.-_".contains(c));
        content(self.after.strip_prefix('>')?).filter(|_| is_tag)
    }

    /// The second argument of a call whose first one is the name: a value that is put somewhere, or the default of a lookup.
    fn second_argument(&self, rest: &'a str) -> Option<Found<'a>> {
        let (literal, after) = quoted(rest)?;
        let called = self
            .before
            .trim_end_matches(['"', '\'', '\\', ' '])
            .to_ascii_lowercase();
        let is_key = after.trim_start().starts_with([':', '=']);
        let is_lookup = called.ends_with("env(") || called.ends_with("environ.get(");
        (!is_key).then_some(Found {
            literal,
            is_doubtful: !is_lookup,
        })
    }

    /// What stands behind an equals sign or a colon.
    fn assigned(&self, operator: &str, rest: &'a str, is_tight: bool) -> Option<Found<'a>> {
        let syntax = self.spot.file.syntax;
        let (operator, rest) =
            match typed(rest).filter(|_| operator == ":" && quoted(rest).is_none()) {
                Some(value) => ("=", value),
                None => (operator, rest),
            };
        if let Some((literal, _)) = quoted(rest) {
            return Some(Found {
                literal,
                is_doubtful: false,
            });
        }
        let value = rest.trim_start_matches([' ', '\t']);
        let is_tight = is_tight && value.len() == rest.len();
        if let Some(expansion) = value.strip_prefix("${") {
            let end = expansion.find(|c: char| !c.is_alphanumeric() && !"_.-".contains(c))?;
            let literal = default_of_expansion(&expansion[end..])?;
            return Some(Found {
                literal,
                is_doubtful: false,
            });
        }
        if let Some(literal) = fallback(value) {
            return Some(Found {
                literal,
                is_doubtful: false,
            });
        }
        if opening(value).is_some() {
            return None;
        }
        let is_option = self.before.ends_with('-');
        let is_equals = operator == "=" && is_tight;
        let to_line_end =
            syntax == Syntax::Config && !(is_equals && self.is_connection(value)) && !is_option;
        let literal = match syntax {
            Syntax::Shell | Syntax::Config => bare(value, to_line_end)?,
            Syntax::Prose => bare(value, false)?,
            Syntax::Code
                if is_equals && (is_option || self.is_variable() || self.is_connection(value)) =>
            {
                bare(value, false)?
            }
            Syntax::Code => return None,
        };
        let is_certain = matches!(syntax, Syntax::Shell | Syntax::Config)
            || is_equals && self.is_connection(value);
        Some(Found {
            literal,
            is_doubtful: !is_certain,
        })
    }

    /// Options of commands, `ENV` lines, SQL, credential files: a blank stands before the value.
    fn behind_blank(&self, after: &'a str, value: &'a str) -> Option<Found<'a>> {
        if value.len() == after.len() {
            return None;
        }
        let syntax = self.spot.file.syntax;
        let is_option = self.before.ends_with('-');
        let is_env = self.before.trim() == "ENV";
        let is_sql =
            self.name.eq_ignore_ascii_case("password") && value.starts_with(['\'', 'N', 'E']);
        if (is_option || is_env || is_sql)
            && let Some((literal, _)) = quoted(value)
        {
            return Some(Found {
                literal,
                is_doubtful: is_sql && !is_option && syntax != Syntax::Code,
            });
        }
        let is_one_blank = after.len() - value.len() == 1;
        let is_doubtful = syntax != Syntax::Shell && !self.spot.file.is_netrc;
        (is_env || self.spot.file.is_netrc || is_option && is_one_blank)
            .then(|| bare(value, false))
            .flatten()
            .map(|literal| Found {
                literal,
                is_doubtful,
            })
    }

    /// `MYSQL_PASSWORD=...` as commands have it, also inside of a string.
    fn is_variable(&self) -> bool {
        self.name.contains('_')
            && self
                .name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    }

    /// Whether this is one of several keys of a connection string: `user=u;password=p`, `?user=u&password=p`, `user=u password=p`.
    fn is_connection(&self, value: &str) -> bool {
        let before = self.before;
        if before.ends_with([';', '?', '&']) || before.ends_with("&amp;") {
            return true;
        }
        let is_pair = |token: &str| {
            let (key, value) = token.split_once('=').unwrap_or_default();
            let key = key.trim_start_matches(['"', '\'', '`', '(']);
            literal::is_identifier(key)
                && !value.is_empty()
                && !value.ends_with([',', '(', '{', '"', '\'', ')'])
        };
        let next = value
            .split_once([' ', ';'])
            .map(|(_, next)| next.split([' ', ';']).next().unwrap_or(""));
        let is_first = ending(before).is_some();
        before.ends_with(' ') && before.split_whitespace().next_back().is_some_and(is_pair)
            || is_first && next.is_some_and(is_pair)
    }
}

/// The operator that a value stands behind, and the value.
fn separator(text: &str) -> Option<(&'static str, &str)> {
    let operators = [
        "===", "==", "!==", "!=", ":=", "?=", "||=", "+=", "=>", "=", ":",
    ];
    let operator = operators
        .into_iter()
        .find(|operator| text.starts_with(operator))?;
    let rest = &text[operator.len()..];
    (!rest.starts_with([':', '~', '>'])).then_some((operator, rest))
}

/// The value behind a type: `password: &'static str = "..."`.
fn typed(rest: &str) -> Option<&str> {
    let (of_type, value) = rest.split_once('=')?;
    let is_type = of_type
        .chars()
        .all(|c| c.is_alphanumeric() || " &'_<>[]|?*:".contains(c));
    (is_type && of_type.len() < 40 && !value.starts_with(['=', '>'])).then_some(value)
}

/// A value without quotes: up to what ends it in a shell or a connection string, or up to the line's end or a comment.
fn bare(text: &str, to_line_end: bool) -> Option<&str> {
    let value = text.trim_start_matches([' ', '\t']);
    if let Some((inner, _)) = value
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
        .filter(|(inner, _)| inner.contains([';', '=']))
    {
        // ODBC's way to quote.
        return Some(inner);
    }
    if value.starts_with(['&', '*', '|', '>', '@', '`', '[', '(', '"', '\'', ',', ')']) {
        return None;
    }
    let line = value.lines().next()?;
    let end = if to_line_end {
        [" #", "\t#", ", ", "}"]
            .iter()
            .filter_map(|stop| line.find(stop))
            .min()
    } else {
        line.find(|c: char| c.is_whitespace() || "\"'`<>&;,\\)|".contains(c))
    };
    let literal = line[..end.unwrap_or(line.len())].trim_end();
    let is_call = literal
        .split_once('(')
        .is_some_and(|(name, _)| literal::is_identifier(&name.replace(['.', ':'], "_")));
    (!literal.is_empty() && !is_call).then_some(literal)
}

/// The text up to the next tag, which closes an element.
fn content(text: &str) -> Option<&str> {
    let (content, rest) = text.split_once('<')?;
    rest.starts_with('/').then_some(content.trim())
}
