//! The paths that files of the history have had. Git's list of objects has one of each, which may be one that is left out, and which ends
//! where a line would.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::listing::to_path;
use super::process::Stream;
use super::scanner::Scanner;
use super::search::Search;

/// Of each commit, what differs from each parent, or from nothing: `:mode mode object object letter`, and the path.
const ARGUMENTS: [&str; 10] = [
    "log",
    "--all",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "-m",
    "--root",
    "--format=",
    // Whatever git's configuration says: that would start another program.
    "--no-show-signature",
];

#[derive(Default)]
pub(crate) struct Paths {
    /// Of files that are left out somewhere or in the list under a part of their name, a path under which they are searched.
    searched: HashMap<String, PathBuf>,
    /// Paths that hold a known value themselves, with the file that was there first.
    pub telling: BTreeMap<PathBuf, String>,
}

impl Paths {
    pub(crate) fn read(search: Search<'_>, scanner: &mut Scanner<'_>) -> Result<Paths, GuardError> {
        let mut paths = Paths::default();
        let mut object = None;
        let stream = Stream::start(search.directory, &ARGUMENTS, Stdio::null())?;
        stream.records(search.directory, |record| {
            let Some(name) = object.take() else {
                object = Some(new_object(record));
                return;
            };
            let path = to_path(record);
            if scanner.find(record).next().is_some() {
                paths.telling.entry(path.clone()).or_insert(name.clone());
            }
            let is_cut = record.contains(&b'\n');
            let matters = is_cut || search.allow.is_any();
            if matters && !search.allow.matches(search.relative(&path)) {
                paths.searched.entry(name).or_insert(path);
            }
        })?;
        Ok(paths)
    }

    /// A path of the object under which it is searched, if the one that git lists may not be.
    pub(crate) fn of(&self, object: &str) -> Option<&Path> {
        self.searched.get(object).map(PathBuf::as_path)
    }
}

/// The object behind a change.
fn new_object(record: &[u8]) -> String {
    let object = record.split(|&byte| byte == b' ').nth(3);
    String::from_utf8_lossy(object.unwrap_or_default()).into_owned()
}
