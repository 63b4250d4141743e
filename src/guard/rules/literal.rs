//! Whether a literal can be a secret: everything that is a placeholder, a reference or the result of a one-way function is not.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::name::{Strength, ends_with};
use super::words::{FILLERS, PLACEHOLDERS, PROSE, SEALED, SETTINGS, STORES};

/// So many characters of a literal tell what it is.
const LONGEST: usize = 128;

/// Whether a literal is a secret in its own right.
pub(crate) fn is_secret(literal: &str) -> bool {
    let literal = literal.trim().trim_end_matches("\\n");
    let literal = match literal.char_indices().nth(LONGEST) {
        Some((at, _)) => &literal[..at],
        None => literal,
    };
    let decoded: Cow<'_, str> = percent_decode_str(literal)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(literal));
    let value = &*decoded;
    value.chars().count() >= 3
        && !is_mask(value)
        && !is_reference(value)
        && !is_sealed(value)
        && !is_name(value)
        && !is_key(value)
        && !is_field(value)
        && !is_placeholder(value)
        && !is_prose(value)
}

/// `****`, `xxxx`, `...`
fn is_mask(value: &str) -> bool {
    let is_one = |mask: char| value.chars().all(|c| c.eq_ignore_ascii_case(&mask));
    ['*', 'x', '.', '-', '_', '#', '?', '\u{2022}', '\u{2026}']
        .into_iter()
        .any(is_one)
        || value.contains("***")
}

/// A variable, an expression of a template, a command: what stands there is computed.
fn is_reference(value: &str) -> bool {
    let inner = |open: &str, close: &str| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    let is_word = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || "_-.:!?[]() ".contains(c))
    };
    let is_variable = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_.:>-[]()'\"".contains(c))
            && !text.starts_with(|c: char| c.is_ascii_digit())
    };
    [
        "${", "$(", "$[", "{{", "<%", "#{", "%{", "@{", "{%", "((", "!", "<<",
    ]
    .iter()
    .any(|start| value.starts_with(start))
        || inner("<", ">").is_some()
        || inner("[", "]").is_some_and(is_word)
        || inner("{", "}").is_some_and(is_word)
        || inner("%", "%").is_some_and(is_word)
        || inner("`", "`").is_some()
        || value.starts_with('$') && is_variable(value.trim_start_matches('$'))
        || value
            .strip_prefix([':', '@'])
            .is_some_and(|name| is_identifier(name) && !name.contains(|c: char| c.is_ascii_digit()))
        || value.starts_with("%(") && value.ends_with('s')
        || value.contains("{{") && value.contains("}}")
        || value.contains("${") && value.contains('}')
        || value.contains("$(") && value.contains(')')
        || STORES.iter().any(|store| starts_with(value, store))
        || is_path(value)
        || is_format(value)
}

/// Nothing but what a format string takes in: `%s:%s`, `{}-{name}`.
fn is_format(value: &str) -> bool {
    let mut rest = value.replace("%s", "").replace("%d", "").replace("%v", "");
    while let Some((start, end)) = rest
        .find('{')
        .zip(rest.find('}'))
        .filter(|(start, end)| start < end)
    {
        rest.replace_range(start..=end, "");
    }
    rest.len() < value.len() && !rest.contains(char::is_alphanumeric)
}

/// A path, or a URL; one with a secret inside is found by its own rule.
fn is_path(value: &str) -> bool {
    let is_plain = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_-./~".contains(c));
    value.contains("://")
        || is_plain && value.matches('/').count() > 1 && value.starts_with(['/', '.', '~'])
}

/// A hash, a checksum, or an encrypted value.
fn is_sealed(value: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digest = value.strip_prefix('*').unwrap_or(value);
    SEALED.iter().any(|start| starts_with(value, start))
        || matches!(digest.len(), 32 | 40 | 56 | 64 | 96 | 128) && is_hex(digest)
}

/// What a secret is called rather than what it is: `DB_PASSWORD`, `orders-db-password`, `spring.datasource.password`.
fn is_name(value: &str) -> bool {
    let is_upper = value
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    if is_upper
        && value.starts_with(|c: char| c.is_ascii_uppercase())
        && (!has_digit || value.contains('_'))
    {
        return true;
    }
    let parts = || value.split(['_', '-', '.', '/', ':']);
    let is_word = |part: &&str| {
        matches!(
            *part,
            "password" | "passwd" | "pass" | "pwd" | "secret" | "key" | "file" | "path"
        )
    };
    let is_plain = value
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-./:".contains(c));
    parts().count() > 1 && is_plain && parts().next_back().as_ref().is_some_and(is_word)
}

/// `auth/SET_PASSWORD`, `login.passwordLabel`, `login-password-input`, `2.5.4.35`: what an action, a label, an element or an object is known by.
fn is_key(value: &str) -> bool {
    let is_word = |part: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        !part.is_empty() && part.bytes().all(is_letter)
    };
    let consists_of = |separator| value.contains(separator) && value.split(separator).all(is_word);
    let lower = value.to_ascii_lowercase();
    let is_about = lower.contains("pass");
    let mut parts = lower.split('-');
    consists_of('/') && (is_about || lower == value)
        || consists_of('.') && is_about
        || consists_of('-') && parts.any(|part| part == "password")
        || value.matches('.').count() > 2
            && lower
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `confirmPassword`, which is the name of a field.
fn is_field(value: &str) -> bool {
    let is_camel = value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_camel
        && ["Password", "Passwd", "Pwd"]
            .iter()
            .any(|end| value.ends_with(end))
}

/// Only words that say that something else belongs here.
fn is_placeholder(value: &str) -> bool {
    let words = words(value);
    let is_setting = words.len() == 1 && SETTINGS.contains(&words[0].as_str());
    let is_about = |word: &String| PLACEHOLDERS.contains(&word.as_str());
    let is_part = |word: &String| is_about(word) || FILLERS.contains(&word.as_str());
    is_setting
        || words.iter().any(is_about) && words.iter().all(is_part)
        || words.len() == 1 && is_run_together(&words[0])
        || ends_with(value, "example") && value.len() >= 16
        || ends_with(value, "examplekey")
}

/// `mysecretpassword`, `passwordhere`
fn is_run_together(word: &str) -> bool {
    let parts = || {
        PLACEHOLDERS
            .iter()
            .chain(FILLERS)
            .filter(|part| part.len() > 1)
    };
    let is_about = PLACEHOLDERS.iter().any(|part| word.contains(part));
    let mut rest = word;
    while let Some(part) = parts()
        .filter(|part| rest.starts_with(**part))
        .max_by_key(|part| part.len())
    {
        rest = &rest[part.len()..];
    }
    is_about && rest.is_empty()
}

/// A sentence, a label, or the rules that a password has to follow.
fn is_prose(value: &str) -> bool {
    let tokens: Vec<String> = value
        .split_whitespace()
        .map(|token| {
            token
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .collect();
    let is_about = tokens.iter().any(|token| PROSE.contains(&token.as_str()));
    tokens.len() > 1 && is_about
        || value.ends_with([':', '?', '\u{2026}'])
            && value
                .chars()
                .all(|c| c.is_alphabetic() || c.is_whitespace() || ":?\u{2026}".contains(c))
        || value.split('|').count() > 1
            && value
                .split('|')
                .any(|rule| rule == "required" || rule == "nullable")
}

/// The words of `your-password_here`, `myPassword`, in lower case.
fn words(value: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in value.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.extend(c.to_lowercase()));
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `start` is in lower case.
fn starts_with(value: &str, start: &str) -> bool {
    value
        .get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Not a word or a name, and no code: what it is takes no context.
pub(crate) fn looks_random(literal: &str) -> bool {
    let has = |is: fn(char) -> bool| literal.chars().any(is);
    let is_mixed = has(|c| c.is_ascii_digit()) && Strength::of(literal).is_none();
    let is_special = has(|c| !c.is_alphanumeric() && !"_-.=".contains(c));
    let is_code = has(|c| "(<{[/\\$:, ".contains(c));
    has(char::is_alphabetic) && !is_code && (is_mixed || is_special)
}
