//! dbconf itself.

use std::collections::BTreeMap;

use dbconf::{DatabaseConfig, ExposeSecret, Loader};

use super::{Contender, Five, Loaded};

pub fn one() -> Vec<Contender> {
    let reused = loader();
    vec![
        Contender::new("dbconf", || loader().load().unwrap()),
        Contender::new("dbconf_reused", move || reused.load().unwrap()),
    ]
}

pub fn all() -> Vec<Contender> {
    vec![Contender::new("dbconf", || loader().load_all().unwrap())]
}

pub fn named() -> Vec<Contender> {
    vec![Contender::new("dbconf", || {
        loader().named("db500").load().unwrap()
    })]
}

fn loader() -> Loader {
    DatabaseConfig::loader()
        .env("MYSQL_")
        .secrets_file("secrets.toml")
}

fn five(config: &DatabaseConfig) -> Five {
    Five {
        database: config.database().to_owned(),
        user: config.user().to_owned(),
        password: config.password().expose_secret().to_owned(),
        host: config.host().to_owned(),
        port: config.port(),
    }
}

impl Loaded for DatabaseConfig {
    fn show(self) -> BTreeMap<String, Five> {
        five(&self).show()
    }
}

impl Loaded for BTreeMap<String, DatabaseConfig> {
    fn show(self) -> BTreeMap<String, Five> {
        let databases = self.into_iter();
        databases
            .map(|(name, config)| (name, five(&config)))
            .collect()
    }
}
