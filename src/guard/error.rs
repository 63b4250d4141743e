//! Why a repository could not be searched.

use std::fmt;

/// Why a repository could not be searched at all. `Debug` prints the same text as `Display`; neither holds a secret.
#[derive(thiserror::Error)]
#[error("{what}\n  to fix: {help}")]
pub struct GuardError {
    kind: Kind,
    what: String,
    help: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The directory lies in no git work tree.
    NoRepository,
    /// There is no program called `git`.
    NoGit,
    /// Git failed, or gave an answer that makes no sense.
    Git,
    /// A directory or file could not be read or parsed, or a glob is none.
    Setup,
}

impl GuardError {
    pub(crate) fn new(kind: Kind, what: impl Into<String>, help: impl Into<String>) -> GuardError {
        GuardError {
            kind,
            what: what.into(),
            help: help.into(),
        }
    }

    pub(crate) fn git(what: String) -> GuardError {
        GuardError::new(
            Kind::Git,
            what,
            "run that git command in the directory and see what it says",
        )
    }

    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// The directory lies in no git work tree.
    pub fn is_not_a_repository(&self) -> bool {
        self.kind == Kind::NoRepository
    }

    /// Git is not installed, or not on the `PATH`.
    pub fn is_git_missing(&self) -> bool {
        self.kind == Kind::NoGit
    }

    /// Git was run and failed.
    pub fn is_git_failure(&self) -> bool {
        self.kind == Kind::Git
    }
}

impl fmt::Debug for GuardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
