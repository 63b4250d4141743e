//! The files that git has or would take: tracked ones, ignored or not, and untracked ones that are not ignored.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::process::Stream;

/// Both lists, which git makes at the same time.
pub(crate) struct Listing {
    tracked: Stream,
    untracked: Stream,
}

/// The mode of a submodule in git's index.
const SUBMODULE: &[u8] = b"160000";

/// How many files a worker takes at once.
const BATCH: usize = 32;

/// What stands in neither list.
#[derive(Default)]
pub(crate) struct LeftOut {
    pub submodules: usize,
    /// Untracked repositories inside the work tree.
    pub repositories: usize,
}

impl Listing {
    pub(crate) fn start(directory: &Path) -> Result<Listing, GuardError> {
        let start = |arguments: &[&'static str]| Stream::start(directory, arguments, Stdio::null());
        Ok(Listing {
            tracked: start(&["ls-files", "-z", "--stage"])?,
            untracked: start(&["ls-files", "-z", "--others", "--exclude-standard"])?,
        })
    }

    /// Hands the files' paths, as seen from the directory, to `give` in batches while git lists them.
    pub(crate) fn read(
        self,
        directory: &Path,
        give: impl Fn(Vec<PathBuf>) + Sync,
    ) -> Result<LeftOut, GuardError> {
        let Listing { tracked, untracked } = self;
        let give = &give;
        std::thread::scope(|scope| {
            let untracked = scope.spawn(move || read_untracked(untracked, directory, give));
            let submodules = read_tracked(tracked, directory, give)?;
            let repositories = untracked
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok(LeftOut {
                submodules,
                repositories,
            })
        })
    }
}

/// Reads `mode object stage<TAB>path`, and counts the submodules. A path in conflict is there once for each side.
fn read_tracked(
    stream: Stream,
    directory: &Path,
    give: &impl Fn(Vec<PathBuf>),
) -> Result<usize, GuardError> {
    let mut submodules = 0;
    let mut batch = Batch::new(give);
    let mut last = Vec::new();
    stream.records(directory, |record| {
        let tab = record.iter().position(|&byte| byte == b'\t').unwrap_or(0);
        let path = &record[(tab + 1).min(record.len())..];
        if record.starts_with(SUBMODULE) {
            submodules += 1;
        } else if *path != *last {
            batch.push(path);
            last.clear();
            last.extend_from_slice(path);
        }
    })?;
    Ok(submodules)
}

/// Reads paths, and counts those of repositories, which end in a slash.
fn read_untracked(
    stream: Stream,
    directory: &Path,
    give: &impl Fn(Vec<PathBuf>),
) -> Result<usize, GuardError> {
    let mut repositories = 0;
    let mut batch = Batch::new(give);
    stream.records(directory, |path| {
        if path.ends_with(b"/") {
            repositories += 1;
        } else {
            batch.push(path);
        }
    })?;
    Ok(repositories)
}

struct Batch<'a, F: Fn(Vec<PathBuf>)> {
    give: &'a F,
    paths: Vec<PathBuf>,
}

impl<'a, F: Fn(Vec<PathBuf>)> Batch<'a, F> {
    fn new(give: &'a F) -> Self {
        Batch {
            give,
            paths: Vec::new(),
        }
    }

    fn push(&mut self, path: &[u8]) {
        self.paths.push(to_path(path));
        if self.paths.len() == BATCH {
            (self.give)(std::mem::take(&mut self.paths));
        }
    }
}

impl<F: Fn(Vec<PathBuf>)> Drop for Batch<'_, F> {
    fn drop(&mut self) {
        if !self.paths.is_empty() {
            (self.give)(std::mem::take(&mut self.paths));
        }
    }
}

#[cfg(unix)]
pub(crate) fn to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned()
}

/// Git writes paths as UTF-8 where the system does not have bytes for them.
#[cfg(not(unix))]
pub(crate) fn to_path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
