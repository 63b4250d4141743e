//! Values that stand apart from their name: elements and attributes, pairs of name and value, defaults of declared variables.

use super::expression::{bare, quoted};
use super::named::Named;

/// Keys whose value is a name.
const NAME_KEYS: [&str; 3] = ["name", "key", "id"];

/// Keys of the value that belongs to that name.
const VALUE_KEYS: [&str; 2] = ["value", "Value"];

/// Keys of the value that a declared variable has when nobody sets it.
const DEFAULT_KEYS: [&str; 2] = ["default", "Default"];

/// How far from a name its default can stand.
const REACH: usize = 240;

/// How a sentence-like line begins that declares a variable of Terraform.
const VARIABLE: &str = "variable ";

/// The value that belongs to the name by the structure of the file.
pub(super) fn value<'a>(named: &Named<'_, 'a>) -> Option<&'a str> {
    element(named)
        .or_else(|| of_pair(named))
        .or_else(|| default(named))
}

/// The text of `<password>...</password>`, and of the element behind `<key>password</key>`.
fn element<'a>(named: &Named<'_, 'a>) -> Option<&'a str> {
    if named.before.ends_with("<key>") {
        let rest = behind(named).strip_prefix("</key>")?.trim_start();
        return content(rest.strip_prefix("<string>")?);
    }
    let inner = named.after.strip_prefix('>')?;
    let (_, tag) = named.before.rsplit_once('<')?;
    let is_tag = tag
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ":.-_".contains(c));
    content(inner).filter(|_| is_tag)
}

/// The value of `name="password" value="..."`, of `"name": "DB_PASSWORD", "value": "..."` and the like, also in the next line.
fn of_pair<'a>(named: &Named<'_, 'a>) -> Option<&'a str> {
    let before = named.before.strip_suffix(named.quote.unwrap_or(""))?;
    // The last word of a dotted name is enough.
    let before = before.trim_end_matches(|c: char| {
        c.is_ascii_alphanumeric() || "._-".contains(c) && named.quote.is_none()
    });
    let before = before.trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let before = before
        .strip_suffix(['=', ':'])?
        .trim_end_matches([' ', '"', '\'', '\\'])
        .to_ascii_lowercase();
    if !NAME_KEYS.iter().any(|key| before.ends_with(key)) {
        return None;
    }
    let rest = behind(named);
    if let Some(text) = rest.strip_prefix('>') {
        return content(text);
    }
    let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',', '"', '\'', '\\']);
    assigned_to(rest, &VALUE_KEYS)
}

/// The default of `variable "db_password" { default = "..." }`, and of a parameter that is declared in the lines below its name.
fn default<'a>(named: &Named<'_, 'a>) -> Option<&'a str> {
    let is_variable = named.before.trim_end_matches('"').ends_with(VARIABLE);
    let line = named.after.trim_start_matches([' ', ':']).trim_end();
    let is_block = line.is_empty() || line.starts_with('{');
    if !is_block || !is_variable && !named.after.starts_with(':') {
        return None;
    }
    let block = behind(named).trim_start_matches([' ', ':']);
    let body = match block.strip_prefix('{') {
        Some(inner) => &inner[..inner.find('}').unwrap_or(inner.len())],
        None => indented(block.strip_prefix(['\n', '\r'])?, named.before),
    };
    body.match_indices(['\n', ',', '{', ' ', '"'])
        .chain([(0, "")])
        .filter(|(at, _)| *at < REACH)
        .find_map(|(at, mark)| {
            assigned_to(
                body[at + mark.len()..].trim_start_matches([' ', '"', '\'']),
                &DEFAULT_KEYS,
            )
        })
}

/// The lines that are indented more than the name.
fn indented<'a>(text: &'a str, before: &str) -> &'a str {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = if before.trim().is_empty() {
        before.len()
    } else {
        indent(before)
    };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if indent(line.trim_end()) <= own && !line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

/// The literal behind one of these keys, which the text begins with.
fn assigned_to<'a>(text: &'a str, keys: &[&str]) -> Option<&'a str> {
    let rest = keys.iter().find_map(|key| text.strip_prefix(key))?;
    let rest = rest
        .trim_start_matches(['"', '\'', '\\', ' '])
        .strip_prefix([':', '='])?;
    match quoted(rest) {
        Some((literal, _)) => Some(literal),
        None => bare(rest, false),
    }
}

/// Everything behind the name, the following lines included.
fn behind<'a>(named: &Named<'_, 'a>) -> &'a str {
    named.spot.text_at(named.after).1
}

/// The text up to the next tag, which closes an element.
fn content(text: &str) -> Option<&str> {
    if let Some(data) = text.trim_start().strip_prefix("<![CDATA[") {
        return data.split_once("]]>").map(|(data, _)| data);
    }
    let (content, rest) = text.split_once('<')?;
    rest.starts_with('/').then_some(content.trim())
}
