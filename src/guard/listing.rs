//! The files that git has or would take: tracked ones, ignored or not, and untracked ones that are not ignored.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::process::Stream;

/// One run of git gives both lists, each record with a tag.
const ARGUMENTS: [&str; 7] = [
    "ls-files",
    "-z",
    "-t",
    "--stage",
    "--cached",
    "--others",
    "--exclude-standard",
];

/// The tag of an untracked file.
const UNTRACKED: &[u8] = b"? ";

/// The mode of a submodule in git's index.
const SUBMODULE: &[u8] = b"160000";

/// How many files a worker takes at once.
const BATCH: usize = 32;

/// What is listed and not searched.
#[derive(Default)]
pub(crate) struct LeftOut {
    pub submodules: usize,
    /// Untracked repositories inside the work tree.
    pub repositories: usize,
}

/// What a record says.
enum Record<'a> {
    File(&'a [u8]),
    Submodule,
    Repository,
    /// Of another form than git's.
    Malformed,
}

pub(crate) fn start(directory: &Path) -> Result<Stream, GuardError> {
    Stream::start(directory, &ARGUMENTS, Stdio::null())
}

/// Hands the files' paths, as seen from the directory, to `give` in batches while git lists them.
pub(crate) fn read(
    stream: Stream,
    directory: &Path,
    give: impl Fn(Vec<PathBuf>),
) -> Result<LeftOut, GuardError> {
    let mut left_out = LeftOut::default();
    let (mut batch, mut last, mut malformed) = (Vec::new(), Vec::new(), false);
    stream.records(directory, |record| match Record::parse(record) {
        Record::Submodule => left_out.submodules += 1,
        Record::Repository => left_out.repositories += 1,
        Record::Malformed => malformed = true,
        // A path in conflict is listed once for each side.
        Record::File(path) if *path == *last => {}
        Record::File(path) => {
            batch.push(to_path(path));
            last.clear();
            last.extend_from_slice(path);
            if batch.len() == BATCH {
                give(std::mem::take(&mut batch));
            }
        }
    })?;
    give(batch);
    if malformed {
        let what = "the output of git ls-files has another form than expected";
        return Err(GuardError::git(what.to_owned()));
    }
    Ok(left_out)
}

impl Record<'_> {
    /// Reads `? path`, or a tag followed by `mode object stage<TAB>path`.
    fn parse(record: &[u8]) -> Record<'_> {
        if let Some(path) = record.strip_prefix(UNTRACKED) {
            return if path.ends_with(b"/") {
                Record::Repository
            } else {
                Record::File(path)
            };
        }
        let entry = record.get(2..).unwrap_or_default();
        let tab = entry.iter().position(|&byte| byte == b'\t');
        match tab {
            _ if entry.starts_with(SUBMODULE) => Record::Submodule,
            Some(tab) => Record::File(&entry[tab + 1..]),
            None => Record::Malformed,
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
