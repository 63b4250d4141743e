//! The calls: one for a secret, one for up to twenty of them, and never a value in anything but the secret itself.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use aws_config::Region;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::primitives::Blob;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::wipe::Bodies;
use super::{CURRENT, NAME, Settings, client};
use crate::error::{Problem, ProblemKind};
use crate::source::Place;

/// How many secrets one BatchGetSecretValue takes.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html>
const BATCH: usize = 20;

/// A secret, and what reports call it. It is wiped when it is dropped.
pub(crate) struct Fetched {
    pub place: Place,
    pub secret: Zeroizing<Vec<u8>>,
}

/// The secrets, each or its problem, by id.
pub(crate) type Answers = BTreeMap<Arc<str>, Result<Fetched, Problem>>;

/// Gets every secret of `ids`, in as few calls as there can be, before the deadline.
pub(crate) async fn fetch(
    settings: &Settings,
    ids: BTreeSet<Arc<str>>,
    deadline: Instant,
) -> Answers {
    let mut answers = Answers::new();
    let mut by_region: BTreeMap<Option<String>, Vec<Arc<str>>> = BTreeMap::new();
    for id in ids {
        let region = match &settings.client {
            Some(client) => client.config().region().cloned(),
            // What the machine has to say about its region may take long.
            None => timeout_at(deadline, client::region(&id))
                .await
                .unwrap_or(None),
        };
        let region = region.map(|region| region.to_string());
        by_region.entry(region).or_default().push(id);
    }
    for (region, ids) in by_region {
        let bodies = Bodies::default();
        let late = |_| Err(Failure::new(ProblemKind::NoCredentials, LATE_CREDENTIALS));
        let client = timeout_at(deadline, client_for(settings, region.as_deref(), &bodies));
        let client = client.await.unwrap_or_else(late);
        let mut call = Call {
            settings,
            region,
            deadline,
            answers: &mut answers,
        };
        match client {
            Ok(client) => call.get(&client, ids).await,
            Err(failure) => call.fail(&ids, &failure),
        }
        // A client of ours is gone by now, and its connection ends.
        bodies.wipe().await;
    }
    answers
}

const LATE_CREDENTIALS: &str = "no AWS credentials: none in the environment or the profile, and no other source answered in time";

async fn client_for(
    settings: &Settings,
    region: Option<&str>,
    bodies: &Bodies,
) -> Result<Client, Failure> {
    match (&settings.client, region) {
        (Some(client), _) => Ok(client.clone()),
        (None, Some(region)) => client::client(&Region::new(region.to_owned()), bodies).await,
        (None, None) => Err(Failure::new(ProblemKind::NoRegion, "")),
    }
}

async fn within<T>(
    deadline: Instant,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    if Instant::now() >= deadline {
        return Err(Failure::timed_out());
    }
    let late = |_| Err(Failure::timed_out());
    timeout_at(deadline, answer).await.unwrap_or_else(late)
}

/// The calls to one region.
struct Call<'a> {
    settings: &'a Settings,
    region: Option<String>,
    deadline: Instant,
    answers: &'a mut Answers,
}

impl Call<'_> {
    async fn get(&mut self, client: &Client, ids: Vec<Arc<str>>) {
        let mut single = Vec::new();
        let mut can_batch = *self.settings.stage == *CURRENT;
        for chunk in ids.chunks(BATCH) {
            if can_batch && chunk.len() > 1 {
                match within(self.deadline, batch(client, chunk)).await {
                    Ok(found) => single.extend(self.take_in(chunk, found)),
                    // Without the permission for the batch, or where it is not known, each is asked for alone.
                    Err(Failure {
                        kind: ProblemKind::AccessDenied | ProblemKind::Refused,
                        ..
                    }) => {
                        can_batch = false;
                        single.extend_from_slice(chunk);
                    }
                    Err(failure) => self.fail(chunk, &failure),
                }
            } else {
                single.extend_from_slice(chunk);
            }
        }
        for id in single {
            match within(self.deadline, one(client, &id, &self.settings.stage)).await {
                Ok(value) => self.put(id, value),
                Err(failure) => self.fail(&[id], &failure),
            }
        }
    }

    /// Takes in what a batch gave. What has no lasting answer in it is returned.
    fn take_in(&mut self, ids: &[Arc<str>], batch: Batch) -> Vec<Arc<str>> {
        for value in batch.values {
            if let Some(id) = ids.iter().find(|id| value.is_of(id)) {
                self.put(Arc::clone(id), value);
            }
        }
        for (id, failure) in batch.failures {
            let passes = matches!(
                failure.kind,
                ProblemKind::Throttled | ProblemKind::Unreachable
            );
            if let Some(id) = ids.iter().find(|asked| ***asked == *id).filter(|_| !passes) {
                self.fail(std::slice::from_ref(id), &failure);
            }
        }
        let unanswered = ids.iter().filter(|id| !self.answers.contains_key(*id));
        unanswered.cloned().collect()
    }

    fn put(&mut self, id: Arc<str>, value: Value) {
        let stage = &self.settings.stage;
        let mut place = format!("{NAME} {id}, {stage}");
        let is_plain = |version: &&str| version.bytes().all(|b| b.is_ascii_alphanumeric());
        let version = value
            .version
            .as_deref()
            .and_then(|version| version.get(..8));
        if let Some(version) = version.filter(is_plain) {
            place.push_str(&format!(", version {version}.."));
        }
        let place = Place::Other(place.into());
        let fetched = Fetched {
            place,
            secret: value.secret,
        };
        self.answers.insert(id, Ok(fetched));
    }

    fn fail(&mut self, ids: &[Arc<str>], failure: &Failure) {
        for id in ids {
            let problem = failure.problem(id, self.region.as_deref(), self.settings);
            self.answers.insert(Arc::clone(id), Err(problem));
        }
    }
}

/// What a call gave of one secret.
struct Value {
    arn: Option<String>,
    name: Option<String>,
    version: Option<String>,
    secret: Zeroizing<Vec<u8>>,
}

impl Value {
    fn new(text: Option<String>, binary: Option<Blob>) -> Value {
        let text = text.map(String::into_bytes);
        let binary = binary.map(Blob::into_inner);
        Value {
            arn: None,
            name: None,
            version: None,
            secret: Zeroizing::new(text.or(binary).unwrap_or_default()),
        }
    }

    /// Whether this was asked for as `id`: by its name, its ARN, or its ARN without the six characters that AWS adds.
    fn is_of(&self, id: &str) -> bool {
        let arn = self.arn.as_deref().unwrap_or_default();
        let is_partial = || {
            arn.strip_prefix(id)
                .is_some_and(|rest| rest.len() == 7 && rest.starts_with('-'))
        };
        self.name.as_deref() == Some(id) || arn == id || is_partial()
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
    let mut found = request
        .send()
        .await
        .map_err(|error| Failure::of_call(&error))?;
    let mut value = Value::new(found.secret_string.take(), found.secret_binary.take());
    (value.arn, value.name, value.version) = (found.arn, found.name, found.version_id);
    Ok(value)
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
    let values = values.map(|mut found| {
        let mut value = Value::new(found.secret_string.take(), found.secret_binary.take());
        (value.arn, value.name, value.version) = (found.arn, found.name, found.version_id);
        value
    });
    let failures = found.errors.unwrap_or_default().into_iter();
    let failures = failures.filter_map(|error| {
        let failure = Failure::of_code(error.error_code(), error.message());
        Some((error.secret_id?, failure))
    });
    Ok(Batch {
        values: values.collect(),
        failures: failures.collect(),
    })
}
