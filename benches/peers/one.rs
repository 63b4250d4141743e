//! The other crates with one database, each as its own documentation shows it.

use std::collections::BTreeMap;

use conf::Conf as _;
use confique::Config as _;
use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use serde::Deserialize;

use super::{Contender, Five, Loaded};

pub fn contenders() -> Vec<Contender> {
    vec![
        Contender::new("confique", with_confique),
        Contender::new("envy", with_envy),
        Contender::new("conf", with_conf),
        Contender::new("config", with_config),
        Contender::new("figment", with_figment),
    ]
}

fn with_figment() -> Five {
    // The environment spells `database` in another way than the file.
    let environment = Env::prefixed("MYSQL_").map(|name| match name.as_str() {
        "DB" | "db" => "database".into(),
        _ => name.into(),
    });
    Figment::from(Toml::file("secrets.toml"))
        .merge(environment)
        .extract()
        .unwrap()
}

/// config can rename no variable, so that both spellings of `database` come out.
#[derive(Deserialize)]
pub struct Config {
    database: String,
    db: Option<String>,
    user: String,
    password: String,
    host: String,
    port: u16,
}

fn with_config() -> Five {
    let config = config::Config::builder()
        .add_source(config::File::with_name("secrets.toml"))
        .add_source(config::Environment::with_prefix("MYSQL"))
        .build()
        .unwrap();
    let config: Config = config.try_deserialize().unwrap();
    Five {
        database: config.db.unwrap_or(config.database),
        user: config.user,
        password: config.password,
        host: config.host,
        port: config.port,
    }
}

#[derive(confique::Config)]
pub struct Confique {
    #[config(env = "MYSQL_DB")]
    database: String,
    #[config(env = "MYSQL_USER")]
    user: String,
    #[config(env = "MYSQL_PASSWORD")]
    password: String,
    #[config(env = "MYSQL_HOST")]
    host: String,
    #[config(env = "MYSQL_PORT")]
    port: u16,
}

fn with_confique() -> Confique {
    Confique::builder()
        .env()
        .file("secrets.toml")
        .load()
        .unwrap()
}

#[derive(conf::Conf)]
#[conf(serde)]
pub struct Conf {
    #[arg(env = "MYSQL_DB")]
    database: String,
    #[arg(env = "MYSQL_USER")]
    user: String,
    #[arg(env = "MYSQL_PASSWORD")]
    password: String,
    #[arg(env = "MYSQL_HOST")]
    host: String,
    #[arg(env = "MYSQL_PORT")]
    port: u16,
}

fn with_conf() -> Conf {
    let file = std::fs::read_to_string("secrets.toml").unwrap();
    let document: toml::Value = toml::from_str(&file).unwrap();
    // The arguments are those of the benchmark.
    Conf::conf_builder()
        .args(["service"])
        .doc("secrets.toml", document)
        .parse()
}

#[derive(Deserialize)]
struct Envy {
    db: Option<String>,
    user: Option<String>,
    password: Option<String>,
    host: Option<String>,
    port: Option<u16>,
}

/// envy reads no files: that part is the floor's.
fn with_envy() -> Five {
    let variables: Envy = envy::prefixed("MYSQL_").from_env().unwrap();
    let file = std::fs::read_to_string("secrets.toml").unwrap();
    let file: Five = toml::from_str(&file).unwrap();
    Five {
        database: variables.db.unwrap_or(file.database),
        user: variables.user.unwrap_or(file.user),
        password: variables.password.unwrap_or(file.password),
        host: variables.host.unwrap_or(file.host),
        port: variables.port.unwrap_or(file.port),
    }
}

impl Loaded for Confique {
    fn show(self) -> BTreeMap<String, Five> {
        let Confique {
            database,
            user,
            password,
            host,
            port,
        } = self;
        Five {
            database,
            user,
            password,
            host,
            port,
        }
        .show()
    }
}

impl Loaded for Conf {
    fn show(self) -> BTreeMap<String, Five> {
        let Conf {
            database,
            user,
            password,
            host,
            port,
        } = self;
        Five {
            database,
            user,
            password,
            host,
            port,
        }
        .show()
    }
}
