//! Literals in source text: quoted ones, and the defaults of lookups.

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
const FALLBACKS: &[&str] = &["||", "??", " or", "unwrap_or(", "|_|", "||(", ":-", "?:"];

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
        opening(rest).map(|_| rest)
    });
    let text = prefixed.unwrap_or(text);
    let quote = opening(text)?;
    let inner = &text[quote.len()..];
    let end = closing(inner, quote)?;
    Some((&inner[..end], &inner[end + quote.len()..]))
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
