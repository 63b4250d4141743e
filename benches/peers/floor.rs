//! The floor: the least that a service would write by hand, without a report, a check or a second spelling.

use std::collections::HashMap;
use std::env;
use std::hint::black_box;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Contender, Five};

/// What dbconf looks up of the default database: the column `variables` of the table in src/key.rs behind `MYSQL_`, each with and without
/// `_FILE`. The five that are set come first.
const LOOKED_UP: [&str; 22] = [
    "MYSQL_DB",
    "MYSQL_USER",
    "MYSQL_PASSWORD",
    "MYSQL_HOST",
    "MYSQL_PORT",
    "MYSQL_DB_FILE",
    "MYSQL_USER_FILE",
    "MYSQL_PASSWORD_FILE",
    "MYSQL_HOST_FILE",
    "MYSQL_PORT_FILE",
    "MYSQL_DATABASE",
    "MYSQL_DATABASE_FILE",
    "MYSQL_SOCKET",
    "MYSQL_SOCKET_FILE",
    "MYSQL_SSL_MODE",
    "MYSQL_SSL_MODE_FILE",
    "MYSQL_SSL_CA",
    "MYSQL_SSL_CA_FILE",
    "MYSQL_SQL_MODE",
    "MYSQL_SQL_MODE_FILE",
    "MYSQL_URL",
    "MYSQL_URL_FILE",
];

pub fn one() -> Vec<Contender> {
    vec![
        Contender::new("floor_five", || {
            let [database, user, password, host, port, ..] = LOOKED_UP;
            over(
                [database, user, password, host, port].map(variable),
                file::<Five>(),
            )
        }),
        Contender::new("floor_same", || {
            over(LOOKED_UP.map(variable), file::<Five>())
        }),
    ]
}

pub fn all() -> Vec<Contender> {
    vec![
        Contender::new("floor", file::<HashMap<String, Five>>),
        Contender::new("floor_same", || {
            let mut found = HashMap::new();
            // A default database could stand in the environment alone.
            black_box(LOOKED_UP.map(variable));
            for (name, from_file) in file::<HashMap<String, Five>>() {
                let five = over(of_database(&name), from_file);
                found.insert(name, five);
            }
            found
        }),
    ]
}

pub fn named() -> Vec<Contender> {
    #[derive(Deserialize)]
    struct Only {
        db500: Five,
    }
    vec![
        Contender::new("floor", || file::<Only>().db500),
        Contender::new("floor_same", || {
            over(of_database("db500"), file::<Only>().db500)
        }),
    ]
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The variables of a database that has a name: `DB500_MYSQL_USER`.
fn of_database(name: &str) -> [Option<String>; 22] {
    let mut name = name.to_ascii_uppercase();
    name.push('_');
    let prefix = name.len();
    LOOKED_UP.map(|variable_of_default| {
        name.truncate(prefix);
        name.push_str(variable_of_default);
        variable(&name)
    })
}

fn file<T: DeserializeOwned>() -> T {
    let bytes = std::fs::read("secrets.toml").unwrap();
    toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap()
}

/// The variables before the file.
fn over<const N: usize>(mut variables: [Option<String>; N], file: Five) -> Five {
    let port = variables[4].take();
    let mut text = |at: usize, file: String| variables[at].take().unwrap_or(file);
    Five {
        database: text(0, file.database),
        user: text(1, file.user),
        password: text(2, file.password),
        host: text(3, file.host),
        port: port.map_or(file.port, |port| port.parse().unwrap()),
    }
}
