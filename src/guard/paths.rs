//! The paths that files of the history and of the index have had. Git's list of objects has one of each, which may be one that is left out,
//! and which ends where a line would.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::listing::to_path;
use super::process::Stream;
use super::scanner::Scanner;
use super::search::Search;

const COMMITS: [&str; 2] = ["rev-list", "--all"];

/// Of each commit, what differs from each parent, or from nothing: `:mode mode object object letter`, and the path. Unlike `git log`, this
/// does not depend on what is configured.
const CHANGES: [&str; 9] = [
    "diff-tree",
    "--stdin",
    "--raw",
    "-z",
    "-r",
    "-m",
    "--root",
    "--no-renames",
    "--no-commit-id",
];

/// The whole index, wherever the directory is: `mode object stage<TAB>path`.
const STAGED: [&str; 5] = ["ls-files", "-z", "--stage", "--full-name", ":/"];

#[derive(Default)]
pub(crate) struct Paths {
    /// Of files that are left out somewhere or in the list under a part of their name, a path under which they are searched.
    searched: HashMap<String, PathBuf>,
    /// Paths that hold a known value themselves, each with a file that was there.
    pub telling: BTreeMap<PathBuf, String>,
}

impl Paths {
    pub(crate) fn read(search: Search<'_>, scanner: &mut Scanner<'_>) -> Result<Paths, GuardError> {
        let mut paths = Paths::default();
        let mut add = |object: &[u8], path: &[u8]| paths.add(object, path, search, scanner);
        let mut commits = Stream::start(search.directory, &COMMITS, Stdio::null())?;
        let changes = Stream::start(search.directory, &CHANGES, commits.output()?.into())?;
        let mut change = None;
        changes.records(search.directory, |record| {
            match change.take() {
                None => change = Some(record.to_vec()),
                // A file that was deleted was there before.
                Some(fields) if fields.ends_with(b" D") => {}
                Some(fields) => add(field(&fields, 3)?, record),
            }
            Some(())
        })?;
        commits.finish(search.directory)?;
        let staged = Stream::start(search.directory, &STAGED, Stdio::null())?;
        staged.records(search.directory, |record| {
            let tab = record.iter().position(|&byte| byte == b'\t')?;
            add(field(&record[..tab], 1)?, &record[tab + 1..]);
            Some(())
        })?;
        Ok(paths)
    }

    fn add(&mut self, object: &[u8], path: &[u8], search: Search<'_>, scanner: &mut Scanner<'_>) {
        let is_telling = scanner.find(path).next().is_some();
        let is_cut = path.contains(&b'\n');
        if !is_telling && !is_cut && !search.allow.is_any() {
            return;
        }
        let path = to_path(path);
        let relative = search.relative(&path);
        if relative.is_some_and(|path| search.allow.matches(path)) {
            return;
        }
        let object = || String::from_utf8_lossy(object).into_owned();
        if is_telling {
            self.telling.entry(path.clone()).or_insert_with(object);
        }
        if is_cut || search.allow.is_any() {
            self.searched.entry(object()).or_insert(path);
        }
    }

    /// A path of the object under which it is searched, if the one that git lists may not be.
    pub(crate) fn of(&self, object: &str) -> Option<&Path> {
        self.searched.get(object).map(PathBuf::as_path)
    }
}

fn field(fields: &[u8], number: usize) -> Option<&[u8]> {
    fields.split(|&byte| byte == b' ').nth(number)
}
