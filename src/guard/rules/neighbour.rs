//! What stands around a secret and says that it is none: the same text as the user's name, encrypted data.

use super::Spot;

/// How far away a user's name still belongs to a password.
const REACH: usize = 240;

/// Ends of names that a user's name stands under.
const USERS: [&str; 9] = [
    "user",
    "username",
    "usr",
    "login",
    "uid",
    "role",
    "user_name",
    "-u",
    "owner",
];

/// Whether a user of the same name stands near the literal, which is part of the spot's text.
pub(crate) fn is_user(spot: &Spot<'_>, literal: &str) -> bool {
    let own = spot.offset(literal);
    let mut from = own.saturating_sub(REACH);
    let mut to = (own + REACH).min(spot.text.len());
    while !spot.text.is_char_boundary(from) {
        from += 1;
    }
    while !spot.text.is_char_boundary(to) {
        to -= 1;
    }
    let near = spot.text.get(from..to).unwrap_or("");
    near.match_indices(literal).any(|(at, _)| {
        let ends = near[at + literal.len()..].chars().next();
        let is_whole = !ends.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = near[..at].trim_end_matches([
            ' ', '\t', '"', '\'', '=', ':', '(', '>', ',', '\\', '@', '[',
        ]);
        let name = before.to_ascii_lowercase();
        from + at != own && is_whole && USERS.iter().any(|user| name.ends_with(user))
    })
}

/// Whether the values here are encrypted as a whole.
pub(crate) fn is_sealed(spot: &Spot<'_>) -> bool {
    let before = &spot.text[..spot.at];
    ["encryptedData:", "kind: SealedSecret"]
        .iter()
        .any(|mark| before.contains(mark))
}
