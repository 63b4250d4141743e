//! The shapes of a secret: JSON as RDS and people write it, or a plain string, which is the password.

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::super::file::Syntax;
use super::super::json::Member;
use super::super::reading::Section;
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
        if ["mysql://", "mariadb://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            let problem = Problem::new(ProblemKind::Malformed, format!("{place} is a bare URL"));
            return reading.fail(problem.help(r#"store it as {"url": "mysql://..."}"#));
        }
        match reading.member(reading.root(), Key::Password.name()) {
            Some(target) => {
                reading.put(target, Raw::Lent(text));
                reading.note("a plain string, taken as the password".to_owned());
            }
            None => reading.note("a plain string, which is the default database's".to_owned()),
        }
        return;
    }
    if let Err(problem) = read_object(json, place, reading) {
        reading.fail(problem);
    }
}

/// Reads the object as it would be read of a file, but only if the database is one of ours.
fn read_object(json: &str, place: &Place, reading: &mut Reading<'_>) -> Result<(), Problem> {
    let members = |json| {
        let malformed = |syntax: Syntax| syntax.problem(place).help(SHAPES);
        json::members(json).map_err(malformed)
    };
    let root = reading.root();
    let outer = members(json)?;
    check_engine(root, &outer, place)?;
    for (name, value) in outer {
        if !json::is_object(value) {
            put(reading, root, &name, value);
        } else if let Some(table) = reading.table(&name) {
            let inner = members(value.get())?;
            check_engine(Some(table), &inner, place)?;
            for (name, value) in inner {
                put(reading, Some(table), &name, value);
            }
        } else {
            reading.pass_over(&name);
        }
    }
    Ok(())
}

fn put(reading: &mut Reading<'_>, section: Option<Section>, name: &str, value: &RawValue) {
    if !RDS_KEYS.iter().any(|key| name.eq_ignore_ascii_case(key)) {
        json::put(reading, section, name, value);
    }
}

const SHAPES: &str = r#"store a JSON object with the keys of a secrets file, or the password alone; a password that begins with { or [ is written {"password": "..."}"#;

/// The section may be for another database altogether. One that is not read may.
fn check_engine(
    section: Option<Section>,
    members: &[Member<'_>],
    place: &Place,
) -> Result<(), Problem> {
    let engines = members
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(ENGINE));
    for (_, value) in engines.filter(|_| section.is_some()) {
        let value = json::raw(value.get());
        let name = Zeroizing::new(value.text().unwrap_or_default().to_ascii_lowercase());
        if value.is_empty() || OUR_ENGINES.contains(&name.as_str()) {
            continue;
        }
        let what = match engine::named(&name) {
            Some(other) => format!("{place} is for {other}, not for MySQL or MariaDB"),
            None => format!("{place} is for an engine that is not MySQL or MariaDB"),
        };
        let help = "name the secret of a MySQL or MariaDB database, or correct its key engine";
        return Err(Problem::new(ProblemKind::OtherEngine, what).help(help));
    }
    Ok(())
}
