//! Markers of other scanners by which people say that a line holds no secret. There is none of our own.

use super::Spot;

/// On the same line.
const SAME_LINE: [&str; 3] = [
    "pragma: allowlist secret",
    "pragma: whitelist secret",
    "gitleaks:allow",
];

/// On the line before.
const NEXT_LINE: [&str; 2] = [
    "pragma: allowlist nextline secret",
    "pragma: whitelist nextline secret",
];

/// Whether a marker allows what stands in the line.
pub(crate) fn is_allowed(spot: &Spot<'_>) -> bool {
    let (before, _) = spot.text_at(spot.line());
    let before = before.strip_suffix('\n').unwrap_or(before);
    let last = before.rsplit('\n').next().unwrap_or("");
    let has = |line: &str, markers: &[&str]| markers.iter().any(|marker| line.contains(marker));
    has(spot.line(), &SAME_LINE) || has(last, &NEXT_LINE)
}
