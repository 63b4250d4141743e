//! AWS Secrets Manager as a layer: which secret belongs to which database. The secrets are fetched only while a required key is missing.

mod codes;
mod failure;
mod fetch;
mod payload;
mod session;
mod wipe;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use tokio::time::Instant;

use super::environment::Environment;
use super::reading::Reading;
use super::{Database, Raw};
use super::{LayerRead, Names};
use crate::error::{Problem, ProblemKind};
use crate::key::SECRET_ID;
use crate::source::{Origin, Place};
pub(crate) use fetch::{Fetched, fetch};
pub(crate) use payload::read;
pub(crate) use session::Session;

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

/// What stands for a timeout that is later than any instant.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Settings {
    /// When a load that begins to ask now has to have its answers.
    pub(crate) fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.timeout).unwrap_or(now + FOREVER)
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
                        let mut layer = unnamed(format!("{NAME}, {variable}"), "not set");
                        layer.remedy = Some(format!("set {variable} to the name of a secret"));
                        return Err(NotWanted::Unnamed(layer));
                    }
                }
            }
            Secrets::Named(named) => {
                let mut of_database = named.iter().filter(|(name, _)| name.id == database.id);
                match (of_database.next(), of_database.next()) {
                    (None, _) => {
                        let mut layer = unnamed(NAME.to_owned(), "no secret for this database");
                        let name = &database.name;
                        layer.remedy = Some(format!("give `{name}` a secret in .aws_secrets()"));
                        return Err(NotWanted::Unnamed(layer));
                    }
                    (Some((name, _)), None) if name.name.is_empty() => {
                        return Err(NotWanted::Unusable(no_name()));
                    }
                    (Some((_, id)), None) => (Arc::clone(id), true),
                    (Some((one, _)), Some((other, _))) => {
                        return Err(NotWanted::Unusable(same_name(&one.name, &other.name)));
                    }
                }
            }
        };
        if is_id(&id) {
            Ok(Wanted { id, is_own })
        } else {
            let what = "an id that the loader was given is neither the name of a secret nor an ARN";
            let problem = Problem::new(ProblemKind::Setup, what);
            let help = "give a name of letters, digits and /_+=.@-! alone, or a whole ARN";
            Err(NotWanted::Unusable(problem.help(help)))
        }
    }

    /// The databases that this layer names. Whose one secret is shows only in it.
    pub(crate) fn databases(&self, environment: &Environment, prefix: &str) -> Vec<Database> {
        let of_variable = |name: String| {
            let head = name.strip_suffix(SECRET_ID)?.strip_suffix(prefix)?;
            if head.is_empty() {
                return Some(Database::default_one());
            }
            let head = head.strip_suffix('_')?;
            let database = Database::named(head);
            // Behind no prefix, anybody's variable ends like this one.
            (*database.id == *head && !prefix.is_empty()).then_some(database)
        };
        match self {
            Secrets::One(_) => Vec::new(),
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

/// Shows the id of one secret, which is none itself.
impl fmt::Display for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secrets::One(id) if is_id(id) => write!(f, "{NAME} {id}"),
            _ => f.write_str(NAME),
        }
    }
}

fn unnamed(place: String, state: &'static str) -> LayerRead {
    let origin = Origin::new(Place::Other(place.into()), "");
    let mut layer = LayerRead::new(origin, Names::Members);
    layer.state = Some(state);
    layer
}

/// A secret's name, or an ARN: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop/mysql-AbCdEf`. What a platform puts in place
/// of the id, the secret itself or a URL, is neither.
///
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
fn is_id(id: &str) -> bool {
    let is_part = |part: &str| {
        let is_named = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@-!".contains(&b);
        !part.is_empty() && part.bytes().all(is_named)
    };
    let parts: Vec<&str> = id.split(':').collect();
    let is_known = match parts[..] {
        [_] => true,
        ["arn", _, "secretsmanager", _, account, "secret", _] => {
            account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    };
    is_known && id.len() <= 2048 && parts.into_iter().all(is_part)
}

/// The label of a version: 1 to 256 characters.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
pub(crate) fn label_problem(label: &str) -> Option<Problem> {
    if (1..=256).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let problem = Problem::new(
        ProblemKind::Setup,
        "what .version_stage() gives is no label",
    );
    Some(problem.help("give AWSCURRENT, AWSPENDING, AWSPREVIOUS, or a label of your own"))
}

fn no_name() -> Problem {
    let what = "the name of a database in .aws_secrets() is empty";
    Problem::new(ProblemKind::Setup, what).help("`default` is the name of the default one")
}

fn same_name(one: &str, other: &str) -> Problem {
    let what =
        format!("`{one}` and `{other}` in .aws_secrets() are one database, with two secrets");
    let help = "give each database one secret; names that differ in case or punctuation alone are the same";
    Problem::new(ProblemKind::Setup, what).help(help)
}

fn no_id(variable: &str) -> Problem {
    let what = format!("what is in {variable} is neither the name of a secret nor an ARN");
    let help = "give the secret's name or ARN; ECS puts the secret itself into a variable that its `secrets` lists";
    Problem::new(ProblemKind::Setup, what).help(help)
}
