//! One opaque error that holds every problem of a load: which key, where, what kind, what to do. Never a value.

use std::borrow::Cow;
use std::fmt;

use crate::key::Key;
use crate::source::Source;

/// Everything that keeps a database configuration from being used, at once.
///
/// `Debug` prints the same text as `Display`, so that `fn main() -> Result<(), dbconf::Error>` is readable. Neither holds a
/// value of the configuration, and [`source()`](std::error::Error::source) is always `None`: errors of the file formats may quote
/// what they read.
#[derive(thiserror::Error)]
#[error("{}", Listing(problems))]
pub struct Error {
    problems: Vec<Problem>,
}

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A required key is in no layer.
    Missing,
    /// A value cannot be what its key stands for.
    Invalid,
    /// A URL is for another database than MySQL or MariaDB.
    OtherEngine,
    /// A value is not text (or, for a port, a number).
    WrongType,
    /// A value or a file is not UTF-8.
    NotUtf8,
    /// Two values contradict each other within one layer, or two keys do.
    Conflict,
    /// The layer that gives the password names another user than the one that is used.
    MixedCredentials,
    /// A file is required and is not there, or could not be read.
    Unreadable,
    /// A file, a provider's data, a secret or an answer of AWS cannot be parsed.
    Malformed,
    /// A file that holds a password could be committed to git, or already is.
    NotIgnored,
    /// No AWS region is configured.
    NoRegion,
    /// No AWS credentials were found.
    NoCredentials,
    /// AWS does not accept the credentials: they expired, or are not its own.
    CredentialsRejected,
    /// The region that was asked has no such secret, or no version of it with the label.
    NotFound,
    /// The credentials lack the permission to read the secret.
    AccessDenied,
    /// The KMS key that encrypts the secret may not be used, or cannot be.
    Kms,
    /// The secret is marked for deletion.
    MarkedDeleted,
    /// AWS still refused for too many requests after the SDK's retries.
    Throttled,
    /// AWS did not answer in time.
    TimedOut,
    /// No connection to AWS, or a service that is down.
    Unreachable,
    /// AWS refused for another reason.
    Refused,
    /// The loader was put together wrongly.
    Setup,
}

/// One problem of an [`Error`].
#[derive(Clone)]
pub struct Problem {
    kind: ProblemKind,
    what: Cow<'static, str>,
    key: Option<Key>,
    database: Option<String>,
    source: Option<Source>,
    details: Vec<String>,
    help: Cow<'static, str>,
}

impl Error {
    pub(crate) fn new(problems: Vec<Problem>) -> Error {
        Error { problems }
    }

    /// Every problem, in the order of the keys.
    pub fn problems(&self) -> impl ExactSizeIterator<Item = &Problem> {
        self.problems.iter()
    }

    fn has(&self, kind: ProblemKind) -> bool {
        self.problems.iter().any(|p| p.kind == kind)
    }

    /// A required key is in no layer.
    pub fn is_missing(&self) -> bool {
        self.has(ProblemKind::Missing)
    }

    /// A value cannot be used: it is of the wrong type, not UTF-8, or not what its key stands for.
    pub fn is_invalid(&self) -> bool {
        self.has(ProblemKind::Invalid)
            || self.has(ProblemKind::OtherEngine)
            || self.has(ProblemKind::WrongType)
            || self.has(ProblemKind::NotUtf8)
    }

    /// Two values contradict each other, or user and password do not belong together.
    pub fn is_conflict(&self) -> bool {
        self.has(ProblemKind::Conflict) || self.has(ProblemKind::MixedCredentials)
    }

    /// A file could not be read.
    pub fn is_unreadable(&self) -> bool {
        self.has(ProblemKind::Unreadable)
    }

    /// A file, a provider's data, a secret or an answer of AWS cannot be parsed.
    pub fn is_malformed(&self) -> bool {
        self.has(ProblemKind::Malformed)
    }

    /// A file that holds a password could be committed to git, or already is.
    pub fn is_not_ignored(&self) -> bool {
        self.has(ProblemKind::NotIgnored)
    }

    /// The loader was put together wrongly.
    pub fn is_setup(&self) -> bool {
        self.has(ProblemKind::Setup)
    }

    /// No AWS region is configured.
    pub fn is_no_region(&self) -> bool {
        self.has(ProblemKind::NoRegion)
    }

    /// No AWS credentials were found.
    pub fn is_no_credentials(&self) -> bool {
        self.has(ProblemKind::NoCredentials)
    }

    /// AWS does not accept the credentials: they expired, or are not its own.
    pub fn is_credentials_rejected(&self) -> bool {
        self.has(ProblemKind::CredentialsRejected)
    }

    /// The region that was asked has no such secret, or no version of it with the label.
    pub fn is_not_found(&self) -> bool {
        self.has(ProblemKind::NotFound)
    }

    /// The credentials lack the permission to read the secret.
    pub fn is_access_denied(&self) -> bool {
        self.has(ProblemKind::AccessDenied)
    }

    /// The KMS key that encrypts the secret may not be used, or cannot be.
    pub fn is_kms(&self) -> bool {
        self.has(ProblemKind::Kms)
    }

    /// The secret is marked for deletion.
    pub fn is_marked_deleted(&self) -> bool {
        self.has(ProblemKind::MarkedDeleted)
    }

    /// AWS still refused for too many requests after the SDK's retries. A later load can succeed.
    pub fn is_throttled(&self) -> bool {
        self.has(ProblemKind::Throttled)
    }

    /// AWS did not answer in time. A later load can succeed.
    pub fn is_timed_out(&self) -> bool {
        self.has(ProblemKind::TimedOut)
    }

    /// No connection to AWS, or a service that is down. A later load can succeed.
    pub fn is_unreachable(&self) -> bool {
        self.has(ProblemKind::Unreachable)
    }

    /// AWS refused for another reason.
    pub fn is_refused(&self) -> bool {
        self.has(ProblemKind::Refused)
    }
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, what: impl Into<Cow<'static, str>>) -> Problem {
        Problem {
            kind,
            what: what.into(),
            key: None,
            database: None,
            source: None,
            details: Vec::new(),
            help: Cow::Borrowed(""),
        }
    }

    pub(crate) fn of_key(mut self, key: Key) -> Problem {
        self.key = Some(key);
        self
    }

    pub(crate) fn at(mut self, source: &Source) -> Problem {
        self.key.get_or_insert(source.spelling().key);
        self.source = Some(source.clone());
        self
    }

    pub(crate) fn detail(mut self, detail: String) -> Problem {
        self.details.push(detail);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Problem {
        self.help = help.into();
        self
    }

    /// Says which of several databases has the problem.
    pub(crate) fn of_database(mut self, database: Option<&str>) -> Problem {
        self.database = database.map(str::to_owned);
        self
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The key that it is about, if it is about one.
    pub fn key(&self) -> Option<Key> {
        self.key
    }

    /// The database that it is about, if that has a name of its own.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Where the value stands that is the problem, if there is one.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// What to do about it.
    pub fn help_text(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.key, &self.database) {
            (Some(key), Some(database)) => write!(f, "[{database}] {key}: ")?,
            (Some(key), None) => write!(f, "{key}: ")?,
            (None, Some(database)) => write!(f, "[{database}] ")?,
            (None, None) => {}
        }
        f.write_str(&self.what)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        for detail in &self.details {
            write!(f, "\n  {detail}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  to fix: {}", self.help)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The problems below one heading, each indented.
struct Listing<'a>(&'a [Problem]);

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        write!(f, "the database configuration has {count} {noun}:")?;
        for problem in self.0 {
            f.write_str("\n")?;
            for line in problem.to_string().lines() {
                write!(f, "\n  {line}")?;
            }
        }
        Ok(())
    }
}
