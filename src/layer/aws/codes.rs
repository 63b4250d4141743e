//! The error codes of Secrets Manager, and what they mean.

use super::failure::Failure;
use crate::error::ProblemKind;

/// Error codes of Secrets Manager and of the services in front of it, without an `Exception` at their end, and what they mean.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html>
const CODES: [(ProblemKind, &[&str]); 7] = [
    (ProblemKind::NotFound, &["ResourceNotFound"]),
    (
        ProblemKind::AccessDenied,
        &["AccessDenied", "NotAuthorized", "UnauthorizedOperation"],
    ),
    (
        ProblemKind::Kms,
        &[
            "DecryptionFailure",
            "KMSAccessDenied",
            "KMSDisabled",
            "KMSInvalidState",
            "KMSNotFound",
        ],
    ),
    (
        ProblemKind::Throttled,
        &[
            "Throttling",
            "Throttled",
            "RequestThrottled",
            "TooManyRequests",
            "RequestLimitExceeded",
        ],
    ),
    (
        ProblemKind::Unreachable,
        &[
            "InternalServiceError",
            "InternalServerError",
            "InternalFailure",
            "ServiceUnavailable",
        ],
    ),
    (
        ProblemKind::CredentialsRejected,
        &[
            "UnrecognizedClient",
            "InvalidClientTokenId",
            "ExpiredToken",
            "InvalidSignature",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "MissingAuthenticationToken",
            "RequestExpired",
            "RequestTimeTooSkewed",
        ],
    ),
    (
        ProblemKind::Refused,
        &[
            "InvalidRequest",
            "InvalidParameter",
            "Validation",
            "UnknownOperation",
        ],
    ),
];
/// What most codes end in.
const EXCEPTION: &str = "Exception";

impl Failure {
    /// Of a whole call, with its HTTP status, or of one of several secrets.
    pub(crate) fn of_code(
        code: Option<&str>,
        message: Option<&str>,
        status: Option<u16>,
    ) -> Failure {
        let code = code.unwrap_or_default();
        let (name, ending) = match code.strip_suffix(EXCEPTION) {
            Some(name) => (name, EXCEPTION),
            None => (code, ""),
        };
        let known = CODES.iter().find_map(|(kind, names)| {
            let name = names.iter().find(|known| **known == name)?;
            Some((*kind, format!("{name}{ending}")))
        });
        let message = message.unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
        match (known, status) {
            // KMS speaks through Secrets Manager's own codes too; the names of roles and secrets stand in these messages as well.
            (Some((ProblemKind::AccessDenied, code)), _)
                if says(&["access to kms", "perform: kms:"]) =>
            {
                Failure::new(ProblemKind::Kms, code)
            }
            (Some((ProblemKind::Refused, code)), _) if says(&["access to kms", "kms key"]) => {
                Failure::new(ProblemKind::Kms, code)
            }
            (Some((ProblemKind::Refused, code)), _)
                if says(&[
                    "marked for deletion",
                    "marked deleted",
                    "scheduled for deletion",
                ]) =>
            {
                Failure::new(ProblemKind::MarkedDeleted, code)
            }
            (Some((ProblemKind::Unreachable, code)), _) => {
                Failure::new(ProblemKind::Unreachable, format!("failed ({code})"))
            }
            (Some((kind, code)), _) => Failure::new(kind, code),
            // A code that is not known is not shown: any text of an answer may be a secret.
            (None, Some(429)) => Failure::new(ProblemKind::Throttled, "HTTP status 429"),
            (None, Some(status @ 500..)) => Failure::new(
                ProblemKind::Unreachable,
                format!("failed (HTTP status {status})"),
            ),
            (None, _) => Failure::new(ProblemKind::Refused, "an error code that is not known"),
        }
    }
}
