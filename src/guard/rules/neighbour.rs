//! What stands around a secret and says that it is none: the same text as the user's name, encrypted data.

use super::Spot;
use super::name::ends_with;

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
    let text = spot.text();
    let own = spot.text_at(literal).0.len();
    text.match_indices(literal).any(|(at, _)| {
        let ends = text[at + literal.len()..].chars().next();
        let is_whole = !ends.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let is_near = at != own && at.abs_diff(own) <= REACH;
        let before = text[..at].trim_end_matches([
            ' ', '\t', '"', '\'', '=', ':', '(', '>', ',', '\\', '@', '[',
        ]);
        is_near && is_whole && USERS.iter().any(|user| ends_with(before, user))
    })
}

/// Whether the values here are encrypted as a whole.
pub(crate) fn is_sealed(spot: &Spot<'_>) -> bool {
    let (before, _) = spot.text_at(spot.after());
    ["encryptedData:", "kind: SealedSecret"]
        .iter()
        .any(|mark| before.contains(mark))
}
