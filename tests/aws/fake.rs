//! A test double of AWS Secrets Manager: its wire protocol, labels and errors, on a loopback port, with faults on demand.
//!
//! No AWS code is used, so that the client under test is held to the protocol and not to itself. Messages are the real
//! service's, as far as its documentation and public reports quote them.
#![allow(
    dead_code,
    reason = "every test target that includes this module uses a part of it"
)]

#[path = "fake/certificates.rs"]
mod certificates;
#[path = "fake/faults.rs"]
mod faults;
#[path = "fake/reply.rs"]
mod reply;
#[path = "fake/request.rs"]
mod request;
#[path = "fake/server.rs"]
mod server;
#[path = "fake/service.rs"]
mod service;
#[path = "fake/store.rs"]
mod store;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use certificates::Certificates;
use server::{Server, Shared};
use service::State;
use store::Kms;

pub const REGION: &str = "eu-west-1";
pub const ACCOUNT: &str = "123456789012";

/// A running service, which ends with this value. Every client in `REGION` may read everything, unless denied.
pub struct Fake {
    server: Server,
    authority: Option<String>,
}

/// How a call is answered. Whatever the behaviour, the call is recorded once its request is complete.
#[derive(Clone, Debug)]
pub enum Behaviour {
    Normal,
    /// 400 `ThrottlingException`.
    Throttle,
    /// 500 `InternalServiceError`.
    InternalError,
    /// 503 from a load balancer: a page of HTML.
    Unavailable,
    /// The answer as of the call's arrival, late: a change made meanwhile is not in it.
    Delay(Duration),
    /// Nothing, and the connection stays open.
    Hang,
    /// The head and this many bytes of the body, and the connection stays open.
    Stall(usize),
    /// The head, which promises the whole body, and this many bytes of it; then the connection is closed.
    CutOff(usize),
    /// The connection is closed without an answer.
    Close,
    /// 200, but instead of a string each `SecretString` is a JSON object that holds the value. (In an answer without one, the
    /// `ARN` is a number.)
    WrongType,
    /// 200 and the right body without its last byte: not JSON, and it holds the value.
    NotJson,
    /// 200 `text/html`, as from a captive portal or proxy.
    Html,
    /// 400 `InvalidRequestException` whose message quotes the values of the secrets that were asked for.
    Echo,
    Error {
        status: u16,
        code: &'static str,
        message: String,
    },
}

/// One request that arrived.
#[derive(Clone, Debug)]
pub struct Call {
    /// `GetSecretValue`, `BatchGetSecretValue`, `DescribeSecret`, or whatever was asked for.
    pub action: String,
    /// The request's body; null if it is not JSON.
    pub body: Value,
    /// Whether it has an `Authorization: AWS4-HMAC-SHA256` header. The signature itself is not checked.
    pub signed: bool,
    /// From the credential scope, as are the next two. Empty if the call is not signed.
    pub region: String,
    pub service: String,
    pub access_key: String,
    /// Which connection it came on, counted from 1 in the order of their arrival.
    pub connection: usize,
    pub at: Instant,
}

impl Behaviour {
    /// What an unknown access key gets.
    pub fn invalid_token() -> Behaviour {
        Behaviour::Error {
            status: 400,
            code: "UnrecognizedClientException",
            message: "The security token included in the request is invalid.".to_owned(),
        }
    }

    /// What outdated temporary credentials get.
    pub fn expired_token() -> Behaviour {
        Behaviour::Error {
            status: 400,
            code: "ExpiredTokenException",
            message: "The security token included in the request is expired".to_owned(),
        }
    }
}

impl Fake {
    /// Over HTTP.
    pub fn start() -> Fake {
        Fake {
            server: Server::start(None),
            authority: None,
        }
    }

    /// Over HTTPS, with a certificate for `localhost` and `127.0.0.1` from an authority of its own.
    pub fn start_tls() -> Fake {
        let Certificates { authority, server } = Certificates::new();
        Fake {
            server: Server::start(Some(server)),
            authority: Some(authority),
        }
    }

    /// Without a path: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        let scheme = if self.authority.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.server.address())
    }

    /// The certificate to trust, if this is HTTPS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// CreateSecret with a `SecretString`, labelled AWSCURRENT. Returns the version's id.
    ///
    /// # Panics
    /// If there is a secret of this name already.
    pub fn secret(&self, name: &str, text: &str) -> String {
        self.state(|state| state.store.create(name, text.into()))
    }

    /// CreateSecret with a `SecretBinary`.
    pub fn binary(&self, name: &str, bytes: &[u8]) -> String {
        self.state(|state| state.store.create(name, bytes.into()))
    }

    /// PutSecretValue: a new version that takes `label` from the one that held it. Moving AWSCURRENT moves AWSPREVIOUS to the
    /// version that was current. With an empty text the version has no value, which is what a failed rotation leaves behind.
    ///
    /// # Panics
    /// This and everything below that takes a name: if there is no secret of it.
    pub fn put(&self, name: &str, text: &str, label: &str) -> String {
        self.state(|state| state.store.get_mut(name).put(text.into(), label))
    }

    /// AWSCURRENT moves to the version that holds AWSPENDING, as a rotation's finishSecret step moves it: that version keeps
    /// AWSPENDING too. The real service may take that label off afterwards, for which there is `unlabel`.
    pub fn promote(&self, name: &str) {
        self.state(|state| state.store.get_mut(name).promote());
    }

    /// Takes a label off the version that holds it, if one does.
    pub fn unlabel(&self, name: &str, label: &str) {
        self.state(|state| state.store.get_mut(name).unlabel(label));
    }

    /// `arn:aws:secretsmanager:eu-west-1:123456789012:secret:NAME-AbCdEf`, with six random characters at the end.
    pub fn arn(&self, name: &str) -> String {
        self.state(|state| state.store.get_mut(name).arn.clone())
    }

    /// Marks for deletion.
    pub fn delete(&self, name: &str) {
        self.state(|state| state.store.get_mut(name).delete());
    }

    /// Every following call of `action` (`"*"`: of any action, also one that had a behaviour of its own) is answered like this,
    /// until changed.
    pub fn on(&self, action: &str, behaviour: Behaviour) {
        self.state(|state| state.faults.on(action, behaviour));
    }

    /// The next `n` calls of `action` (`"*"`: of any action) are answered like this, in the order of these orders, whatever `on`
    /// says.
    pub fn times(&self, action: &str, n: usize, behaviour: Behaviour) {
        self.state(|state| state.faults.times(action, n, behaviour));
    }

    /// Takes the permission for an action, on one secret or on all. A batch needs `BatchGetSecretValue`, which is for all or for
    /// none, and `GetSecretValue` on each of its secrets: without the latter the secret is among its `Errors`.
    pub fn deny(&self, action: &str, name: Option<&str>) {
        self.state(|state| state.faults.deny(action, name));
    }

    /// Takes the permission to decrypt the secret's values.
    pub fn deny_kms(&self, name: &str) {
        self.state(|state| state.store.get_mut(name).kms = Kms::Denied);
    }

    /// Makes the secret's key unusable for everybody: a `DecryptionFailure`.
    pub fn break_kms(&self, name: &str) {
        self.state(|state| state.store.get_mut(name).kms = Kms::Broken);
    }

    /// Gives back what `deny`, `deny_kms` and `break_kms` took.
    pub fn allow_all(&self) {
        self.state(|state| {
            state.faults.allow_all();
            state.store.repair_kms();
        });
    }

    /// From now on a batch is answered in pages of at most `n` secrets, each but the last with a `NextToken`.
    pub fn page(&self, n: usize) {
        assert!(n > 0, "a page has room for a secret");
        self.state(|state| state.page = Some(n));
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state(|state| state.calls.clone())
    }

    /// How many TCP connections came so far.
    pub fn connections(&self) -> usize {
        self.server.connections()
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let shared: &Arc<Shared> = self.server.shared();
        change(&mut shared.state())
    }
}
