//! AWS Secrets Manager as a layer: which secret belongs to which database. The secrets are fetched only while a required key is missing.

mod client;
mod failure;
mod fetch;
mod payload;
mod wipe;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;

use super::environment::Environment;
use super::reading::{LayerRead, Names, Reading};
use super::{Database, Raw};
use crate::error::{Problem, ProblemKind};
use crate::key::SECRET_ID;
use crate::source::{Origin, Place};
pub(crate) use fetch::{Fetched, fetch};
pub(crate) use payload::read;

/// What every report calls this layer.
const NAME: &str = "AWS Secrets Manager";
/// The label of the version that is in use. BatchGetSecretValue always gives this one.
const CURRENT: &str = "AWSCURRENT";

/// How secrets are asked for.
#[derive(Clone)]
pub(crate) struct Settings {
    pub client: Option<Client>,
    pub stage: Arc<str>,
    pub timeout: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            client: None,
            stage: CURRENT.into(),
            timeout: Duration::from_secs(5),
        }
    }
}

/// The secrets of one layer.
#[derive(Clone)]
pub(crate) enum Secrets {
    /// One secret. As in a file, what stands outside any table is the default database's.
    One(Arc<str>),
    /// The ids are in `MYSQL_SECRET_ID` and `REPLICA_MYSQL_SECRET_ID`.
    FromEnvironment,
    /// One secret for each database.
    Named(Arc<[(Database, Arc<str>)]>),
}

/// The secret of one database.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub id: Arc<str>,
    /// It is this database's alone.
    is_own: bool,
}

/// Why a database has no secret to be asked for in a layer.
pub(crate) enum NotWanted {
    /// None is named: the place where that was to be seen.
    Unnamed(LayerRead),
    /// What is named cannot be a secret's id.
    Unusable(Problem),
}

impl Secrets {
    /// Puts the layer into its place. It is asked once the other layers were read.
    pub(crate) fn begin(&self, reading: &mut Reading<'_>) {
        let place = Place::Other(self.to_string().into());
        reading.begin(place, Names::Members);
        reading.end_as("not asked");
        reading.hold_place(self.clone());
    }

    /// The secret of `database`.
    pub(crate) fn of(
        &self,
        database: &Database,
        environment: &Environment,
        prefix: &Arc<str>,
    ) -> Result<Wanted, NotWanted> {
        let (id, is_own) = match self {
            Secrets::One(id) => (Arc::clone(id), database.is_default()),
            Secrets::FromEnvironment => {
                let variable = format!("{}{SECRET_ID}", database.prefix(prefix));
                match environment.get(&variable) {
                    Some(Raw::Text(id)) if !id.as_str().is_empty() => {
                        if !is_id(id.as_str()) {
                            return Err(NotWanted::Unusable(no_id(&variable)));
                        }
                        (id.as_str().into(), true)
                    }
                    Some(Raw::NotUtf8) => return Err(NotWanted::Unusable(no_id(&variable))),
                    _ => {
                        return Err(unnamed(format!("{NAME}, {variable}"), "not set"));
                    }
                }
            }
            Secrets::Named(named) => {
                let mut named = named.iter();
                match named.find(|(name, _)| name.id == database.id) {
                    Some((_, id)) => (Arc::clone(id), true),
                    None => return Err(unnamed(NAME.to_owned(), "no secret for this database")),
                }
            }
        };
        if is_id(&id) {
            Ok(Wanted { id, is_own })
        } else {
            Err(NotWanted::Unusable(no_id("the loader")))
        }
    }

    /// The databases that this layer names.
    pub(crate) fn databases(&self, environment: &Environment, prefix: &str) -> Vec<Database> {
        let of_variable = |name: String| {
            let head = name.strip_suffix(SECRET_ID)?.strip_suffix(prefix)?;
            match head.strip_suffix('_') {
                Some(name) if !name.is_empty() => Some(Database::named(name)),
                _ => head.is_empty().then(Database::default_one),
            }
        };
        match self {
            Secrets::One(_) => vec![Database::default_one()],
            Secrets::FromEnvironment => {
                let names = environment.names().into_iter();
                let mut databases: Vec<Database> = names.filter_map(of_variable).collect();
                databases.sort_by(|a, b| a.name.cmp(&b.name));
                databases
            }
            Secrets::Named(named) => named.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

impl Wanted {
    /// The layer as it is while the secret is not asked for, with the reason.
    pub(crate) fn not_asked(&self, why: &'static str) -> LayerRead {
        let mut layer = self.layer(Place::Other(format!("{NAME} {}", self.id).into()));
        layer.state = Some(why);
        layer
    }

    /// The layer with what was found in it.
    pub(crate) fn layer(&self, place: Place) -> LayerRead {
        let mut layer = LayerRead::new(Origin::new(place, ""), Names::Members);
        layer.is_own = self.is_own;
        layer
    }
}

/// Shows the ids, which are no secrets.
impl fmt::Display for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secrets::One(id) if is_id(id) => write!(f, "{NAME} {id}"),
            _ => f.write_str(NAME),
        }
    }
}

fn unnamed(place: String, state: &'static str) -> NotWanted {
    let origin = Origin::new(Place::Other(place.into()), "");
    let mut layer = LayerRead::new(origin, Names::Members);
    layer.state = Some(state);
    NotWanted::Unnamed(layer)
}

/// The characters of a secret's name and of an ARN. What a platform puts in place of the id, the secret itself, is mostly something else.
///
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
fn is_id(id: &str) -> bool {
    let is_named = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@-!:".contains(&b);
    (1..=2048).contains(&id.len()) && id.bytes().all(is_named)
}

fn no_id(origin: &str) -> Problem {
    let what = format!("what {origin} gives as the id of a secret is neither a name nor an ARN");
    let help = "give the secret's name or ARN; ECS puts the secret itself into a variable that its `secrets` lists";
    Problem::new(ProblemKind::Setup, what).help(help)
}
