//! The shapes of a secret: JSON as RDS and people write it, or a plain string, which is the password.

use zeroize::Zeroizing;

use super::super::json::Member;
use super::super::{Raw, Reading, json};
use crate::engine;
use crate::error::{Problem, ProblemKind};
use crate::key::Key;
use crate::source::Place;

/// What RDS writes into a secret besides the keys of ours.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html>
const RDS_KEYS: [&str; 5] = [
    ENGINE,
    "masterarn",
    "dbInstanceIdentifier",
    "dbClusterIdentifier",
    "resourceId",
];
const ENGINE: &str = "engine";
/// `aurora` is what Aurora MySQL 5.6 was called.
const OUR_ENGINES: [&str; 4] = ["mysql", "aurora-mysql", "mariadb", "aurora"];

/// Reads the secret into the layer that is being read.
pub(crate) fn read(secret: &[u8], place: &Place, reading: &mut Reading<'_>) {
    let Ok(text) = std::str::from_utf8(secret) else {
        let problem = Problem::new(ProblemKind::NotUtf8, format!("{place} is not UTF-8"));
        return reading.fail(problem.help("store JSON, or the password as text"));
    };
    if text.is_empty() {
        let problem = Problem::new(ProblemKind::Malformed, format!("{place} is empty"));
        return reading.fail(problem.help(SHAPES));
    }
    // A JSON text may begin with a byte order mark and blanks, and so may a password.
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !json.trim_ascii_start().starts_with(['{', '[']) {
        if let Some(target) = reading.member(reading.root(), Key::Password.name()) {
            reading.put(target, Raw::Lent(text));
        }
        return;
    }
    let members = match json::members(json) {
        Ok(members) => members,
        Err(syntax) => return reading.fail(syntax.problem(place).help(SHAPES)),
    };
    if let Some(problem) = other_engine(&members, place) {
        return reading.fail(problem);
    }
    let is_ours = |(name, _): &Member<'_>| {
        let mut rds = RDS_KEYS.iter();
        !rds.any(|key| name.eq_ignore_ascii_case(key))
    };
    let members = members.into_iter().filter(is_ours).collect();
    if let Err(syntax) = json::read_members(members, reading) {
        reading.fail(syntax.problem(place).help(SHAPES));
    }
}

const SHAPES: &str = r#"store a JSON object with the keys of a secrets file, or the password alone; a password that begins with { or [ is written {"password": "..."}"#;

/// The secret may be for another database altogether.
fn other_engine(members: &[Member<'_>], place: &Place) -> Option<Problem> {
    let is_engine = |(name, _): &&Member<'_>| name.eq_ignore_ascii_case(ENGINE);
    let (_, value) = members.iter().find(is_engine)?;
    let value = json::raw(value.get());
    let name = Zeroizing::new(value.text().unwrap_or_default().to_ascii_lowercase());
    if value.is_empty() || OUR_ENGINES.contains(&name.as_str()) {
        return None;
    }
    let what = match engine::named(&name) {
        Some(other) => format!("{place} is for {other}, not for MySQL or MariaDB"),
        None => format!("{place} is for an engine that is not MySQL or MariaDB"),
    };
    let help = "name the secret of a MySQL or MariaDB database, or correct its key engine";
    Some(Problem::new(ProblemKind::OtherEngine, what).help(help))
}
