//! Why a secret could not be had, in words of ours: the SDK's own errors hold the response, and with it the secret.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::RequestId;

use super::fetch::is_arn;
use super::session::region_of_arn;
use super::{CURRENT, NAME, Settings};
use crate::error::{Problem, ProblemKind};

/// A failure to get one secret.
#[derive(Clone)]
pub(crate) struct Failure {
    pub kind: ProblemKind,
    what: String,
    /// What AWS Support, or a trail, knows the request by.
    request: Option<String>,
}

impl Failure {
    pub(crate) fn new(kind: ProblemKind, what: impl Into<String>) -> Failure {
        Failure {
            kind,
            what: what.into(),
            request: None,
        }
    }

    pub(crate) fn timed_out() -> Failure {
        Failure::new(ProblemKind::TimedOut, "did not answer")
    }

    pub(crate) fn no_credentials(error: &CredentialsError) -> Failure {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_half = is_set("AWS_ACCESS_KEY_ID") && !is_set("AWS_SECRET_ACCESS_KEY");
        let what = match error {
            _ if is_half => "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
            CredentialsError::CredentialsNotLoaded(_) if is_set("AWS_PROFILE") => {
                "no AWS credentials: the profile that AWS_PROFILE names has none, or does not exist"
            }
            CredentialsError::CredentialsNotLoaded(_) => {
                "no AWS credentials were found in the environment, the profile, or what a container or an instance offers"
            }
            CredentialsError::ProviderTimedOut(_) => {
                "no AWS credentials: the source of credentials did not answer"
            }
            CredentialsError::InvalidConfiguration(_) => {
                "no AWS credentials: the AWS profile is not valid, or the service has to add aws-config with the feature sso or credentials-process"
            }
            _ => "no AWS credentials: the source of credentials failed",
        };
        Failure::new(ProblemKind::NoCredentials, what)
    }

    pub(crate) fn no_region(what: &str) -> Failure {
        Failure::new(ProblemKind::NoRegion, what)
    }

    /// Whether it says nothing of one secret, but of the service, the way there or the caller.
    pub(crate) fn is_of_all(&self) -> bool {
        !matches!(
            self.kind,
            ProblemKind::NotFound
                | ProblemKind::AccessDenied
                | ProblemKind::Kms
                | ProblemKind::MarkedDeleted
                | ProblemKind::Refused
        )
    }

    pub(crate) fn of_call<E>(error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if let Some(error) = credentials_error(error) {
            return Failure::no_credentials(error);
        }
        match error {
            SdkError::TimeoutError(_) => Failure::timed_out(),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Failure::timed_out(),
            SdkError::DispatchFailure(failure) if lacks_credentials(error) => Failure::new(
                ProblemKind::NoCredentials,
                "the client has no AWS credentials",
            ),
            SdkError::DispatchFailure(_) => {
                Failure::new(ProblemKind::Unreachable, "could not be reached")
            }
            SdkError::ResponseError(_) => Failure::new(
                ProblemKind::Malformed,
                "answered with a response that ends too early",
            ),
            SdkError::ServiceError(context) => {
                let status = context.raw().status();
                let meta = context.err().meta();
                let mut failure = if meta.code().is_some() || status.is_server_error() {
                    let status = Some(status.as_u16());
                    Failure::of_code(meta.code(), meta.message(), status)
                } else {
                    let status = status.as_u16();
                    let what = format!(
                        "answered with HTTP status {status}, but not as Secrets Manager does"
                    );
                    Failure::new(ProblemKind::Malformed, what)
                };
                let request = meta.request_id().filter(|id| is_request_id(id));
                failure.request = request.map(str::to_owned);
                failure
            }
            _ => Failure::new(ProblemKind::Unreachable, "could not be asked"),
        }
    }

    /// The problem of the secret `id`, which was asked for in `region`.
    pub(crate) fn problem(&self, id: &str, region: Option<&str>, settings: &Settings) -> Problem {
        let what = &self.what;
        let secret = format!("{NAME} {id}");
        let stage = &settings.stage;
        let seconds = settings.timeout.as_secs_f64();
        let at = region
            .map(|region| format!(" in {region}"))
            .unwrap_or_default();
        let (what, help) = match self.kind {
            ProblemKind::NoRegion => (
                format!("{secret}: {what}"),
                "set AWS_REGION, or a region in the AWS profile, or give the secret's whole ARN".to_owned(),
            ),
            ProblemKind::NoCredentials => (
                format!("{secret}: {what}"),
                "give the service an IAM role, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
            ),
            ProblemKind::CredentialsRejected => (
                format!("{secret}: the AWS credentials were not accepted{at} ({what})"),
                "renew them, or correct the clock".to_owned(),
            ),
            ProblemKind::NotFound if **stage == *CURRENT => (
                format!("{secret} was not found{at}"),
                "correct the name or the region; a secret of another account needs its whole ARN".to_owned(),
            ),
            ProblemKind::NotFound => (
                format!("{secret} was not found{at}, or has no version labelled {stage}"),
                "correct the name, the region or the label; a secret of another account needs its whole ARN".to_owned(),
            ),
            ProblemKind::AccessDenied => (
                format!("{secret}: access was denied{at}"),
                format!("allow secretsmanager:GetSecretValue on {}", resource(id, region)),
            ),
            ProblemKind::Kms => (
                format!("{secret}: the KMS key that encrypts it could not be used{at} ({what})"),
                "allow kms:Decrypt on that key, in the key's policy too, and see that the key is enabled".to_owned(),
            ),
            ProblemKind::MarkedDeleted => (
                format!("{secret} is marked for deletion{at}"),
                format!("restore it (aws secretsmanager restore-secret --secret-id {id}), or name another one"),
            ),
            ProblemKind::Throttled => (
                format!("{secret}: too many requests{at}, also after retries ({what})"),
                "load less often, or load once and share the configuration".to_owned(),
            ),
            ProblemKind::TimedOut => (
                format!("{secret}: no answer{at} within {seconds} s"),
                "check the network (in a VPC: a NAT gateway or an endpoint for Secrets Manager), or raise .timeout()".to_owned(),
            ),
            ProblemKind::Unreachable => (
                format!("{secret}: the service {what}{at}"),
                "check the network, the region, AWS_ENDPOINT_URL and the proxy".to_owned(),
            ),
            ProblemKind::Malformed => (
                format!("{secret}: the service {what}{at}"),
                "see what stands between this service and AWS: a proxy, a portal, AWS_ENDPOINT_URL".to_owned(),
            ),
            _ => (
                format!("{secret}: the request was refused{at} ({what})"),
                "correct the secret's id or the label".to_owned(),
            ),
        };
        let mut problem = Problem::new(self.kind, what).help(help);
        let of_arn = region_of_arn(id).filter(|of_arn| Some(*of_arn) != region);
        if let (ProblemKind::NotFound, Some(of_arn)) = (self.kind, of_arn) {
            problem = problem.detail(format!("the ARN is one of {of_arn}"));
        }
        match &self.request {
            Some(request) => problem.detail(format!("AWS request id {request}")),
            None => problem,
        }
    }
}

/// The resource that a policy has to name.
fn resource(id: &str, region: Option<&str>) -> String {
    if is_arn(id) {
        let (name, ending) = id.rsplit_once('-').unwrap_or((id, ""));
        let is_whole = ending.len() == 6 && !name.ends_with(':');
        return if is_whole {
            id.to_owned()
        } else {
            format!("{id}-??????")
        };
    }
    let region = region.unwrap_or("*");
    let partition = match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    // AWS adds a dash and six characters to the name.
    format!("arn:{partition}:secretsmanager:{region}:*:secret:{id}-??????")
}

fn is_request_id(id: &str) -> bool {
    let is_hex = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    id.len() == 36 && id.bytes().all(is_hex)
}

/// Nothing was sent, as a client that was given to us has nothing to sign with. The SDK keeps the type of this error to itself.
fn lacks_credentials(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| error.to_string().contains("auth scheme"))
}

/// What the credentials of a client that was given to us failed with.
fn credentials_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e CredentialsError> {
    chain(error).find_map(|error| error.downcast_ref())
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
