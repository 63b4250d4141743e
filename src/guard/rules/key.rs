//! Keys that show by their shape: those of AWS, and private keys.

use super::Spot;
use super::expression::quoted;

/// The length of an access key's id behind its first four letters, and of a secret access key.
const ID: usize = 16;
const SECRET: usize = 40;

/// How many characters of base64 in a row are the material of a key.
const MATERIAL: usize = 40;

/// What AWS's own documentation has in its keys.
const EXAMPLE: &str = "EXAMPL";

/// Fewer different characters than this are a mask.
const VARIETY: usize = 6;

/// `AKIA` and `ASIA`, and sixteen characters of base32.
pub(crate) fn aws_id(spot: &Spot<'_>) -> Option<usize> {
    let key = spot.after().get(..4 + ID)?;
    let is_base32 = key[4..]
        .bytes()
        .all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/".contains(c);
    let goes_on = spot.after()[4 + ID..].starts_with(is_part) || spot.before().ends_with(is_part);
    (is_base32 && !goes_on && !is_made_up(key)).then(|| spot.offset(key))
}

/// Forty characters of base64 behind a name like `aws_secret_access_key`.
pub(crate) fn aws_secret(spot: &Spot<'_>) -> Option<usize> {
    let after = spot.after();
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let name = after[..end].to_ascii_lowercase().replace('_', "");
    let (before, _) = spot.text_at(spot.after());
    let before = before.to_ascii_lowercase();
    let is_aws = ["aws", "s3", "amazon", "access_key"]
        .iter()
        .any(|owner| before.contains(owner));
    if !(name == "secretaccesskey" || name == "secretkey" && is_aws) {
        return None;
    }
    let value =
        after[end..].trim_start_matches(['"', '\'', '\\', ']', ' ', '\t', ':', '=', '>', ',', '(']);
    let value = quoted(value).map_or(value, |(literal, _)| literal);
    let length = value.find(|c: char| !is_base64(c)).unwrap_or(value.len());
    (length == SECRET && !is_made_up(&value[..length])).then(|| spot.offset(value))
}

/// The header of a private key, and key material behind it.
pub(crate) fn private(spot: &Spot<'_>) -> Option<usize> {
    let line = spot.before();
    let start = line.rfind("-----BEGIN ")?;
    let kind = &line[start + "-----BEGIN ".len()..];
    let rest = spot.text_at(spot.after()).1.strip_prefix("PRIVATE KEY")?;
    let body = rest
        .strip_prefix(" BLOCK")
        .unwrap_or(rest)
        .strip_prefix("-----")?;
    // Up to the end, or to the next header: this one may only be spoken of.
    let body = &body[..body.find("-----").unwrap_or(body.len())];
    let has_material = body
        .split(|c: char| !is_base64(c))
        .any(|run| run.len() >= MATERIAL && !is_made_up(run));
    let is_private = kind.len() < 30;
    let is_whole = !body.contains("...") && !body.contains(EXAMPLE);
    let is_open = !kind.contains("ENCRYPTED") && !body.contains("ENCRYPTED");
    (is_private && has_material && is_whole && is_open).then(|| spot.offset(&line[start..]))
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

/// A documented example, or a mask.
fn is_made_up(key: &str) -> bool {
    let mut different: Vec<char> = key.chars().collect();
    different.sort_unstable();
    different.dedup();
    key.contains(EXAMPLE) || different.len() < VARIETY
}
