//! The other crates with several databases in one file. No variable is looked up: none of them knows of `DB500_MYSQL_USER`.
//!
//! confique and conf name every table in a struct when they are compiled, and envy reads no files: they are not here.

use std::collections::HashMap;

use figment::Figment;
use figment::providers::{Format as _, Toml};

use super::{Contender, Five};

pub fn all() -> Vec<Contender> {
    vec![
        Contender::new("config", || {
            let databases = with_config().try_deserialize::<HashMap<String, Five>>();
            databases.unwrap()
        }),
        Contender::new("figment", || {
            let databases = with_figment().extract::<HashMap<String, Five>>();
            databases.unwrap()
        }),
    ]
}

pub fn named() -> Vec<Contender> {
    vec![
        Contender::new("config", || with_config().get::<Five>("db500").unwrap()),
        Contender::new("figment", || {
            with_figment().extract_inner::<Five>("db500").unwrap()
        }),
    ]
}

fn with_config() -> config::Config {
    config::Config::builder()
        .add_source(config::File::with_name("secrets.toml"))
        .build()
        .unwrap()
}

fn with_figment() -> Figment {
    Figment::from(Toml::file("secrets.toml"))
}
