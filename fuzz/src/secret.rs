//! Secrets of AWS Secrets Manager and answers of the service, through the SDK and a connector that answers in this process.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dbconf::aws_sdk_secretsmanager::Client;
use dbconf::aws_sdk_secretsmanager::config::http::{HttpRequest, HttpResponse};
use dbconf::aws_sdk_secretsmanager::config::retry::RetryConfig;
use dbconf::aws_sdk_secretsmanager::config::{
    BehaviorVersion, Config, Credentials, Region, StalledStreamProtectionConfig,
};
use dbconf::{DatabaseConfig, Error, ExposeSecret, Key, Loader, Remote};
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::canary::{planted, see, see_all};
use super::files;
use super::input::{Input, Written};
use super::json::{TOKENS, escaped};
use super::node::{self, Node};

/// `!`, a status and the body of an answer; anything else is a secret, which the service delivers well.
pub fn check(data: &[u8]) {
    if let [b'!', status, body @ ..] = data {
        return answer_is_read(*status, &planted(body));
    }
    match Input::of(data, &TOKENS) {
        Input::Document(secret) => secret_is_read(&secret),
        Input::Members(members) => {
            let secret = serde_json::to_vec(&Written(&members)).unwrap();
            secret_is_read(&secret);
        }
        Input::Password(password) => password_comes_out(&password),
    }
}

/// The environment before the secret lacks the password alone.
const LOCAL: [(&str, &str); 3] = [
    ("MYSQL_DB", files::DATABASE),
    ("MYSQL_USER", files::USER),
    ("MYSQL_HOST", "h"),
];

fn secret_is_read(secret: &[u8]) {
    let Ok(text) = std::str::from_utf8(secret) else {
        let loaded = load(&of_binary(secret), &LOCAL);
        return assert!(loaded.is_err());
    };
    let answer = of_text(text);
    let _ = load(&answer, &[]);
    load_both(text);
    let loaded = load(&answer, &LOCAL);
    if text.is_empty() {
        return assert!(loaded.is_err());
    }
    let document = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !document.trim_ascii_start().starts_with(['{', '[']) {
        return assert_eq!(password_of(&loaded), Some(text));
    }
    let is_malformed = loaded.as_ref().is_err_and(|error| error.is_malformed());
    match serde_json::from_str(document) {
        Ok(Node::Table(root)) => {
            assert!(!is_malformed, "{text}");
            if let Ok(config) = loaded {
                // What the environment has is stronger.
                node::compare(&config, &root, &[Key::Password]);
            }
        }
        Ok(_) => assert!(is_malformed, "{text}"),
        Err(_) if serde_json::from_str::<IgnoredAny>(document).is_ok() => {}
        Err(_) => assert!(is_malformed, "{text}"),
    }
}

fn password_comes_out(password: &str) {
    if password.is_empty() {
        return;
    }
    let members = [
        json!({ "password": password }).to_string(),
        format!("{{\"password\":{}}}", escaped(password)),
    ];
    let is_json = password
        .trim_start_matches('\u{feff}')
        .trim_ascii_start()
        .starts_with(['{', '[']);
    let plain = (!is_json).then(|| password.to_owned());
    for secret in members.into_iter().chain(plain) {
        for answer in [of_text(&secret), of_binary(secret.as_bytes())] {
            let loaded = load(&answer, &LOCAL);
            assert_eq!(password_of(&loaded), Some(password), "{answer}");
        }
    }
}

/// Whatever the service answers: nothing of it is shown that is no value of a key.
fn answer_is_read(status: u8, body: &[u8]) {
    let status = [200, 200, 400, 500, 302, 403][usize::from(status) % 6];
    answer(status, body);
    let loader = loader(&LOCAL);
    see(&wait(loader.clone().aws_secret(ID).load()));
    see_all(&wait(several(loader).load_all()));
}

const ID: &str = "prod/shop/mysql";
const OTHER: &str = "prod/other/mysql";

fn load(answer: &str, variables: &[(&str, &str)]) -> Result<DatabaseConfig, Error> {
    self::answer(200, answer.as_bytes());
    let loaded = wait(loader(variables).aws_secret(ID).load());
    see(&loaded);
    loaded
}

/// Both of two databases, with one call.
fn load_both(text: &str) {
    let mut secrets = [of_secret(text), of_secret(text)];
    for (secret, name) in secrets.iter_mut().zip([ID, OTHER]) {
        secret["Name"] = name.into();
    }
    let batch = json!({ "SecretValues": secrets }).to_string();
    answer(200, batch.as_bytes());
    see_all(&wait(several(loader(&LOCAL)).load_all()));
}

fn several(loader: Loader<Remote>) -> Loader<Remote> {
    loader.aws_secrets([("first", ID), ("second", OTHER)])
}

fn of_text(text: &str) -> String {
    of_secret(text).to_string()
}

fn of_secret(text: &str) -> serde_json::Value {
    json!({ "Name": ID, "VersionId": "01234567-89ab-cdef", "SecretString": text })
}

fn of_binary(secret: &[u8]) -> String {
    json!({ "Name": ID, "SecretBinary": STANDARD.encode(secret) }).to_string()
}

fn password_of(loaded: &Result<DatabaseConfig, Error>) -> Option<&str> {
    let config = loaded.as_ref().ok()?;
    Some(config.password().expose_secret())
}

fn loader(variables: &[(&str, &str)]) -> Loader<Remote> {
    let variables = variables.iter().copied();
    let client = SERVICE.with(|service| service.client.clone());
    let loader = DatabaseConfig::loader().env("MYSQL_").env_from(variables);
    loader.aws_client(client)
}

fn wait<T>(answer: impl Future<Output = T>) -> T {
    SERVICE.with(|service| service.runtime.block_on(answer))
}

/// What the service answers from now on.
fn answer(status: u16, body: &[u8]) {
    SERVICE.with(|service| *service.answer.lock().unwrap() = (status, body.to_vec()));
}

thread_local! {
    static SERVICE: Service = Service::new();
}

/// A service without a socket, and what is needed to ask it.
struct Service {
    runtime: Runtime,
    client: Client,
    answer: Answer,
}

type Answer = Arc<Mutex<(u16, Vec<u8>)>>;

impl Service {
    fn new() -> Service {
        let answer = Answer::default();
        let connector = SharedHttpConnector::new(Connector(Arc::clone(&answer)));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "fuzz"))
            // An answer does not change.
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .endpoint_url("http://127.0.0.1:1")
            .http_client(http_client_fn(move |_, _| connector.clone()));
        Service {
            runtime: Builder::new_current_thread().enable_time().build().unwrap(),
            client: Client::from_conf(config.build()),
            answer,
        }
    }
}

#[derive(Debug)]
struct Connector(Answer);

impl HttpConnector for Connector {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = self.0.lock().unwrap().clone();
        let response = HttpResponse::new(status.try_into().unwrap(), body.into());
        HttpConnectorFuture::ready(Ok(response))
    }
}
