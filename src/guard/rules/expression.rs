//! Literals in source text: quoted ones, and the defaults of lookups.

use super::literal::is_identifier;

/// Calls and prefixes around a literal that leave it the value.
const WRAPPERS: &[&str] = &[
    "Some(",
    "String::from(",
    "SecretString::from(",
    "SecretString::new(",
    "Secret::new(",
    "Secret::from(",
    "Box::from(",
    "new String(",
    "&",
];

/// Prefixes of string literals: Rust, Python, SQL, C, C#, Objective-C, shells.
const PREFIXES: [&str; 11] = ["b", "r", "u", "f", "N", "L", "E", "@", "$", "r#", "b64"];

/// What quotes can look like, also inside of other quotes.
const QUOTES: [&str; 8] = ["\"\"\"", "'''", "\\\"", "\\'", "&quot;", "\"", "'", "`"];

/// What stands before a literal that is used where a lookup finds nothing.
const FALLBACKS: &[&str] = &[
    "||",
    "??",
    " or",
    "unwrap_or(",
    "|_|",
    "||(",
    ":-",
    "?:",
    "| default",
    "|default",
    "| default(",
    "|default(",
];

/// The quoted literal that `text` begins with, behind blanks, prefixes and wrappers, and what follows the closing quote.
pub(crate) fn quoted(text: &str) -> Option<(&str, &str)> {
    let mut text = text.trim_start();
    while let Some(rest) = WRAPPERS
        .iter()
        .find_map(|wrapper| text.strip_prefix(wrapper))
    {
        text = rest.trim_start();
    }
    let prefixed = PREFIXES.iter().find_map(|prefix| {
        let rest = text.strip_prefix(prefix)?;
        opening(rest).map(|_| (*prefix, rest))
    });
    let (prefix, text) = prefixed.unwrap_or(("", text));
    let quote = opening(text)?;
    let inner = &text[quote.len()..];
    let end = closing(inner, quote)?;
    // What Python and C# put together is no literal.
    let is_template = matches!(prefix, "f" | "$") && inner[..end].contains('{');
    let literal = if is_template {
        &inner[..0]
    } else {
        &inner[..end]
    };
    Some((literal, &inner[end + quote.len()..]))
}

/// The quote that `text` begins with.
pub(crate) fn opening(text: &str) -> Option<&'static str> {
    QUOTES.into_iter().find(|quote| text.starts_with(quote))
}

/// The quote that `text` ends with.
pub(crate) fn ending(text: &str) -> Option<&'static str> {
    QUOTES[2..]
        .iter()
        .copied()
        .find(|quote| text.ends_with(quote))
}

/// Where the quote is closed in its line. A backslash takes what follows it out.
fn closing(inner: &str, quote: &str) -> Option<usize> {
    let mut skip = false;
    for (at, c) in inner.char_indices() {
        if c == '\n' && quote.len() < 3 {
            return None;
        }
        if skip {
            skip = false;
        } else if inner[at..].starts_with(quote) {
            return Some(at);
        } else {
            skip = c == '\\';
        }
    }
    None
}

/// The literal that an expression falls back to where the environment has no value.
pub(crate) fn fallback(expression: &str) -> Option<&str> {
    let expression = expression.lines().next()?;
    let lower = expression.to_ascii_lowercase();
    if ["getpass", "input(", "prompt"]
        .iter()
        .any(|question| lower.contains(question))
    {
        return None;
    }
    let is_lookup = lower.contains("env");
    let mut rest = expression;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let before = expression[..expression.len() - rest.len() + at].trim_end();
        let Some((literal, after)) = quoted(&rest[at..]) else {
            break;
        };
        let is_second = is_lookup && before.ends_with(',');
        let is_fallback = FALLBACKS.iter().any(|operator| before.ends_with(operator));
        // `"name": value` is a key, and no literal to fall back to.
        let behind = after.trim_start();
        let is_key = behind.starts_with([':', '=']) && !behind.starts_with("::");
        if (is_second || is_fallback) && !is_key {
            return Some(literal);
        }
        rest = after;
    }
    None
}

/// The default in `${NAME:-default}`, `${NAME:=default}` and `${NAME:default}`, of the text behind the name.
pub(crate) fn default_of_expansion(after: &str) -> Option<&str> {
    let default = after
        .strip_prefix(":-")
        .or_else(|| after.strip_prefix(":="))
        .or_else(|| after.strip_prefix(':'))?;
    if default.starts_with(['?', '+', '$']) {
        return None;
    }
    let default = &default[..default.find(['}', '\n'])?];
    Some(quoted(default).map_or(default, |(literal, _)| literal))
}

/// The operator that a value stands behind, and what follows it.
pub(crate) fn separator(text: &str) -> Option<(&'static str, &str)> {
    let operators = [
        "===", "==", "!==", "!=", ":=", "?=", "||=", "+=", "=>", "=", ":",
    ];
    let operator = operators
        .into_iter()
        .find(|operator| text.starts_with(operator))?;
    let rest = &text[operator.len()..];
    (!rest.starts_with([':', '~', '>'])).then_some((operator, rest))
}

/// The value behind a type: `&'static str = "..."`.
pub(crate) fn typed(rest: &str) -> Option<&str> {
    let (of_type, value) = rest.split_once('=')?;
    let is_type = of_type
        .chars()
        .all(|c| c.is_alphanumeric() || " &'_<>[]|?*:".contains(c));
    (is_type && of_type.len() < 40 && !value.starts_with(['=', '>'])).then_some(value)
}

/// A value without quotes: up to what ends it in a shell or a connection string, or up to the line's end or a comment.
pub(crate) fn bare(text: &str, to_line_end: bool) -> Option<&str> {
    let value = text.trim_start_matches([' ', '\t']);
    if let Some((inner, _)) = value
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
        .filter(|(inner, _)| inner.contains([';', '=']))
    {
        // ODBC's way to quote.
        return Some(inner);
    }
    let line = value.lines().next()?;
    if matches!(line.trim_end(), "|" | ">" | "|-" | ">-") {
        // A block of YAML.
        return value.lines().nth(1).map(str::trim);
    }
    if value.starts_with(|c| "&*|>@`[(\"',)".contains(c)) {
        return None;
    }
    let end = if to_line_end {
        let stops = [" #", "\t#", ", ", "}"];
        stops.iter().filter_map(|stop| line.find(stop)).min()
    } else {
        line.find(|c: char| c.is_whitespace() || "\"'`<>&;,\\)|".contains(c))
    };
    let literal = line[..end.unwrap_or(line.len())].trim_end();
    let is_call = literal
        .split_once('(')
        .is_some_and(|(name, _)| is_identifier(&name.replace(['.', ':'], "_")));
    (!literal.is_empty() && !is_call).then_some(literal)
}
