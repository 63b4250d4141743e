//! Names that are not ours but look like one of ours, for hints. Any other name is never shown: it can be a misplaced password.

use crate::key::{KEYS, Key};

/// Prefixes that other tools put before the same names.
const FAMILIES: [&str; 6] = [
    "MYSQL_",
    "MARIADB_",
    "DATABASE_",
    "DB_",
    "RDS_",
    "MYSQL_ROOT_",
];

/// The key that a variable of this name was meant for, if it looks like one.
pub(crate) fn of_variable(name: &str, prefix: &str) -> Option<Key> {
    let family = FAMILIES.iter().copied().chain([prefix]);
    let mistaken = family
        .filter_map(|family| name.strip_prefix(family))
        .find_map(|rest| {
            let row = KEYS
                .iter()
                .find(|row| row.variables.contains(&rest) || row.mistaken.contains(&rest))?;
            Some(row.key)
        });
    mistaken.or_else(|| {
        closest(name, |row| {
            row.variables
                .iter()
                .map(|variable| format!("{prefix}{variable}"))
        })
    })
}

/// The key that a member of a file of this name was meant for, if it looks like one.
pub(crate) fn of_name(name: &str) -> Option<Key> {
    let lower = name.to_ascii_lowercase();
    let mistaken = KEYS
        .iter()
        .find(|row| row.mistaken.iter().any(|m| m.eq_ignore_ascii_case(name)));
    mistaken
        .map(|row| row.key)
        .or_else(|| closest(&lower, |row| row.names.iter().map(|n| n.to_string())))
}

fn closest<N: Iterator<Item = String>>(
    name: &str,
    names: impl Fn(&'static crate::key::Row) -> N,
) -> Option<Key> {
    let candidates = KEYS
        .iter()
        .flat_map(|row| names(row).map(move |expected| (row.key, expected)));
    let distances = candidates.filter_map(|(key, expected)| {
        // A short name is a slip away from too many others.
        let most = match expected.len() {
            0..=3 => return None,
            4..=5 => 1,
            _ => 2,
        };
        let length_differs = expected.len().abs_diff(name.len());
        let distance = if length_differs > most {
            most + 1
        } else {
            strsim::osa_distance(name, &expected)
        };
        (distance <= most).then_some((distance, key))
    });
    distances
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key)
}
