//! Files that are left out on purpose, by glob.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use globset::{GlobBuilder, GlobMatcher};

use super::error::{GuardError, Kind};

/// The globs, as they were given.
pub(crate) struct Allow<'a>(Vec<Glob<'a>>);

struct Glob<'a> {
    text: &'a str,
    matcher: GlobMatcher,
    /// Whether it has matched a path.
    is_used: AtomicBool,
    /// How many files it left out.
    files: AtomicUsize,
}

impl<'a> Allow<'a> {
    pub(crate) fn new(globs: &'a [String]) -> Result<Allow<'a>, GuardError> {
        let build = |text: &'a String| {
            // As in .gitignore, `*` stays within one directory and `**` does not.
            let built = GlobBuilder::new(text).literal_separator(true).build();
            let built = built.map_err(|error| {
                let what = format!("{text} is no glob: {}", error.kind());
                let help = "correct it in .allow(); a character with a meaning is written like [*]";
                GuardError::new(Kind::Setup, what, help)
            })?;
            Ok(Glob {
                text,
                matcher: built.compile_matcher(),
                is_used: AtomicBool::new(false),
                files: AtomicUsize::new(0),
            })
        };
        globs.iter().map(build).collect::<Result<_, _>>().map(Allow)
    }

    /// Whether there is any glob.
    pub(crate) fn is_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a path is one of those that are left out.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        self.glob_of(path).is_some()
    }

    /// Whether a file is left out, which is counted.
    pub(crate) fn leaves_out(&self, path: &Path) -> bool {
        let glob = self.glob_of(path);
        glob.is_some_and(|glob| {
            glob.files.fetch_add(1, Ordering::Relaxed);
            true
        })
    }

    fn glob_of(&self, path: &Path) -> Option<&Glob<'a>> {
        let glob = self.0.iter().find(|glob| glob.matcher.is_match(path))?;
        glob.is_used.store(true, Ordering::Relaxed);
        Some(glob)
    }

    /// What the globs left out.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|glob| {
            let text = glob.text;
            match glob.files.load(Ordering::Relaxed) {
                0 if !glob.is_used.load(Ordering::Relaxed) => {
                    format!("allow({text:?}) leaves out no file: remove it")
                }
                1 => format!("allow({text:?}): 1 file not searched"),
                count => format!("allow({text:?}): {count} files not searched"),
            }
        })
    }
}
