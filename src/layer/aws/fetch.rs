//! The calls: one for a secret, one for up to twenty of them, and never a value in anything but the secret itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::primitives::Blob;
use futures_util::future::join_all;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::session::Session;
use super::{CURRENT, NAME};
use crate::error::Problem;
use crate::source::Place;

/// How many secrets one BatchGetSecretValue takes.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html>
const BATCH: usize = 20;
/// How many secrets are asked for at a time where each takes a call of its own.
const AT_ONCE: usize = 10;

/// A secret, and what reports call it. It is wiped when it is dropped.
pub(crate) struct Fetched {
    pub place: Place,
    pub secret: Zeroizing<Vec<u8>>,
}

/// The secrets, each or its problem, by id.
pub(crate) type Answers = BTreeMap<Arc<str>, Result<Fetched, Problem>>;

/// Gets every secret of `ids`, in as few calls as there can be.
pub(crate) async fn fetch(session: &mut Session<'_>, ids: BTreeSet<Arc<str>>) -> Answers {
    let mut answers = Answers::new();
    let mut by_region: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for id in ids {
        match session.region(&id).await {
            Ok(region) => by_region.entry(region).or_default().push(id),
            Err(failure) => {
                let problem = failure.problem(&id, None, session.settings);
                answers.insert(id, Err(problem));
            }
        }
    }
    for (region, ids) in by_region {
        let client = session.client(&region).await;
        let mut call = Call {
            session,
            region,
            answers: &mut answers,
        };
        match client {
            Ok(client) => call.get(&client, ids).await,
            Err(failure) => call.fail(&ids, &failure),
        }
    }
    answers
}

/// The calls to one region.
struct Call<'s, 'a> {
    session: &'s Session<'a>,
    region: String,
    answers: &'s mut Answers,
}

impl Call<'_, '_> {
    async fn get(&mut self, client: &Client, ids: Vec<Arc<str>>) {
        let stage = &*self.session.settings.stage;
        let mut single = Vec::new();
        let mut can_batch = *stage == *CURRENT;
        for chunk in ids.chunks(BATCH) {
            if !can_batch || chunk.len() == 1 {
                single.extend_from_slice(chunk);
                continue;
            }
            match self.session.within(batch(client, chunk)).await {
                Ok(found) => single.extend(self.take_in(chunk, found)),
                Err(failure) if failure.is_of_all() => self.fail(chunk, &failure),
                // Without the permission for the batch, or where one id spoils it, each is asked for alone.
                Err(_) => {
                    can_batch = false;
                    single.extend_from_slice(chunk);
                }
            }
        }
        for ids in single.chunks(AT_ONCE) {
            let one = |id| self.session.within(one(client, id, stage));
            let found = join_all(ids.iter().map(|id| one(id))).await;
            for (id, found) in ids.iter().zip(found) {
                match found {
                    Ok(value) => self.put(id, value),
                    Err(failure) => self.fail(std::slice::from_ref(id), &failure),
                }
            }
        }
    }

    /// Takes in what a batch gave. What has no lasting answer in it is returned.
    fn take_in(&mut self, ids: &[Arc<str>], batch: Batch) -> Vec<Arc<str>> {
        let is_asked_by_arn = |value: &Value| ids.iter().any(|id| value.has_arn(id));
        let (mut by_arn, mut by_name): (Vec<Value>, Vec<Value>) =
            batch.values.into_iter().partition(is_asked_by_arn);
        for id in ids {
            // Secrets of several accounts can have one name: of a name, only the one value that nobody asked for by its ARN is meant.
            let found = if is_arn(id) {
                let at = by_arn.iter().position(|value| value.has_arn(id));
                at.map(|at| by_arn.swap_remove(at))
            } else {
                let is_of = |value: &Value| value.name.as_deref() == Some(id);
                let mut places = (0..by_name.len()).filter(|&at| is_of(&by_name[at]));
                let only = places.next().filter(|_| places.next().is_none());
                only.map(|at| by_name.swap_remove(at))
            };
            if let Some(value) = found {
                self.put(id, value);
            }
        }
        for (id, failure) in batch.failures {
            let asked = ids.iter().find(|asked| ***asked == *id);
            if let Some(id) = asked.filter(|_| !failure.is_of_all()) {
                self.fail(std::slice::from_ref(id), &failure);
            }
        }
        let unanswered = ids.iter().filter(|id| !self.answers.contains_key(*id));
        unanswered.cloned().collect()
    }

    fn put(&mut self, id: &Arc<str>, value: Value) {
        let mut place = format!("{NAME} {id}, {}", self.session.settings.stage);
        let version = value
            .version
            .as_deref()
            .and_then(|version| version.get(..8));
        let is_plain = |version: &&str| version.bytes().all(|b| b.is_ascii_alphanumeric());
        if let Some(version) = version.filter(is_plain) {
            place.push_str(&format!(", version {version}.."));
        }
        let fetched = Fetched {
            place: Place::Other(place.into()),
            secret: value.secret,
        };
        self.answers.insert(Arc::clone(id), Ok(fetched));
    }

    fn fail(&mut self, ids: &[Arc<str>], failure: &Failure) {
        for id in ids {
            let problem = failure.problem(id, Some(&self.region), self.session.settings);
            self.answers.insert(Arc::clone(id), Err(problem));
        }
    }
}

/// Whether an id is an ARN; it is a name otherwise.
pub(super) fn is_arn(id: &str) -> bool {
    id.starts_with("arn:")
}

/// What a call gave of one secret.
struct Value {
    arn: Option<String>,
    name: Option<String>,
    version: Option<String>,
    secret: Zeroizing<Vec<u8>>,
}

impl Value {
    fn new(
        text: Option<String>,
        binary: Option<Blob>,
        [arn, name, version]: [Option<String>; 3],
    ) -> Value {
        let secret = text.map(String::into_bytes);
        let secret = secret.or_else(|| binary.map(Blob::into_inner));
        Value {
            arn,
            name,
            version,
            secret: Zeroizing::new(secret.unwrap_or_default()),
        }
    }

    /// Whether this was asked for by its ARN, whole or without the six characters that AWS adds to the name.
    fn has_arn(&self, id: &str) -> bool {
        let rest = self.arn.as_deref().and_then(|arn| arn.strip_prefix(id));
        is_arn(id)
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-') && rest.len() == 7)
    }
}

/// What a call gave of several secrets.
struct Batch {
    values: Vec<Value>,
    failures: Vec<(String, Failure)>,
}

async fn one(client: &Client, id: &str, stage: &str) -> Result<Value, Failure> {
    tracing::debug!(secret = id, stage, "asking AWS Secrets Manager");
    let request = client.get_secret_value().secret_id(id).version_stage(stage);
    let found = request
        .send()
        .await
        .map_err(|error| Failure::of_call(&error))?;
    let names = [found.arn, found.name, found.version_id];
    Ok(Value::new(found.secret_string, found.secret_binary, names))
}

async fn batch(client: &Client, ids: &[Arc<str>]) -> Result<Batch, Failure> {
    tracing::debug!(
        secrets = ids.len(),
        "asking AWS Secrets Manager for several secrets"
    );
    let ids = ids.iter().map(|id| id.to_string()).collect();
    let request = client
        .batch_get_secret_value()
        .set_secret_id_list(Some(ids));
    let found = request
        .send()
        .await
        .map_err(|error| Failure::of_call(&error))?;
    let values = found.secret_values.unwrap_or_default().into_iter();
    let values = values.map(|found| {
        let names = [found.arn, found.name, found.version_id];
        Value::new(found.secret_string, found.secret_binary, names)
    });
    let failures = found.errors.unwrap_or_default().into_iter();
    let failures = failures.filter_map(|error| {
        let failure = Failure::of_code(error.error_code(), error.message(), None);
        Some((error.secret_id?, failure))
    });
    Ok(Batch {
        values: values.collect(),
        failures: failures.collect(),
    })
}
