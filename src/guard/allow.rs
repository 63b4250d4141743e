//! Files that are left out on purpose, by glob.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use globset::{GlobBuilder, GlobMatcher};

use super::error::{GuardError, Kind};

/// The globs, each with how many files it left out.
pub(crate) struct Allow<'a>(Vec<(&'a str, GlobMatcher, AtomicUsize)>);

impl<'a> Allow<'a> {
    pub(crate) fn new(globs: &'a [String]) -> Result<Allow<'a>, GuardError> {
        let build = |glob: &'a String| {
            // As in .gitignore, `*` stays within one directory and `**` does not.
            let built = GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .map_err(|error| {
                    let what = format!("{glob} is no glob: {}", error.kind());
                    GuardError::new(
                        Kind::Setup,
                        what,
                        "correct it in .allow(); a character with a meaning is written like [*]",
                    )
                })?;
            Ok((glob.as_str(), built.compile_matcher(), AtomicUsize::new(0)))
        };
        globs.iter().map(build).collect::<Result<_, _>>().map(Allow)
    }

    /// Whether there is any glob.
    pub(crate) fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a file is to be left out.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        self.0.iter().any(|(_, glob, _)| glob.is_match(path))
    }

    /// Whether a file is left out, which is counted.
    pub(crate) fn has(&self, path: &Path) -> bool {
        let matching = self.0.iter().find(|(_, glob, _)| glob.is_match(path));
        matching.is_some_and(|(_, _, count)| {
            count.fetch_add(1, Ordering::Relaxed);
            true
        })
    }

    /// What the globs left out.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.0
            .iter()
            .map(|(glob, _, count)| match count.load(Ordering::Relaxed) {
                0 => format!("allow({glob:?}) leaves out no file: remove it"),
                1 => format!("allow({glob:?}): 1 file not searched"),
                count => format!("allow({glob:?}): {count} files not searched"),
            })
    }
}
