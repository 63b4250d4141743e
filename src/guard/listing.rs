//! The files that git has or would take: tracked ones, ignored or not, and untracked ones that are not ignored.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::process::Stream;

const TRACKED: [&str; 3] = ["ls-files", "-z", "--stage"];

const UNTRACKED: [&str; 4] = ["ls-files", "-z", "--others", "--exclude-standard"];

/// The mode of a submodule in git's index.
const SUBMODULE: &[u8] = b"160000";

/// How many files a worker takes at once: so few that no worker has much left when the others are done.
const BATCH: usize = 8;

/// Git's two lists. The first one takes no walk through the directories, so that there is something to search while the other one is made.
pub(crate) struct Listing {
    tracked: Stream,
    untracked: Stream,
}

/// What is listed and not searched.
#[derive(Default)]
pub(crate) struct LeftOut {
    pub submodules: usize,
    /// Untracked repositories inside the work tree.
    pub repositories: usize,
}

impl Listing {
    pub(crate) fn start(directory: &Path) -> Result<Listing, GuardError> {
        Ok(Listing {
            tracked: Stream::start(directory, &TRACKED, Stdio::null())?,
            untracked: Stream::start(directory, &UNTRACKED, Stdio::null())?,
        })
    }

    /// Hands the files' paths, as seen from the directory, to `give` in batches while git lists them.
    pub(crate) fn read(
        self,
        directory: &Path,
        give: impl Fn(Vec<PathBuf>),
    ) -> Result<LeftOut, GuardError> {
        let mut left_out = LeftOut::default();
        let mut batch = Vec::with_capacity(BATCH);
        let mut add = |path: &[u8]| {
            batch.push(to_path(path));
            if batch.len() == BATCH {
                give(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
            }
        };
        let mut last = Vec::new();
        self.tracked.records(directory, |record| {
            // `mode object stage<TAB>path`
            let tab = record.iter().position(|&byte| byte == b'\t')?;
            let path = &record[tab + 1..];
            if record.starts_with(SUBMODULE) {
                left_out.submodules += 1;
            } else if *path != *last {
                // A path in conflict is listed once for each side.
                add(path);
                last.clear();
                last.extend_from_slice(path);
            }
            Some(())
        })?;
        self.untracked.records(directory, |path| {
            if path.ends_with(b"/") {
                left_out.repositories += 1;
            } else {
                add(path);
            }
            Some(())
        })?;
        give(batch);
        Ok(left_out)
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
