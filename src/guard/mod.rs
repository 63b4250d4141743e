//! The guard: a service's own unit test that no secret is hardcoded in its repository.
//!
//! Values come from configurations and secrets files (`secrets_file` -> `value`), and become needles in every form (`forms` -> `needles`).
//! Git lists what is searched (`listing`; `history` and `paths`), and threads take it from there (`search`). Each reads a file through windows
//! (`scanner`) and searches for all needles at once; where the anchor of a rule stands, the rule looks at the text around (`rules`). What is
//! found becomes a `finding`, which is shown as text, JSON or `sarif`.

mod allow;
mod encoding;
mod error;
mod escapes;
mod finding;
mod forms;
mod history;
mod listing;
mod names;
mod needles;
mod paths;
mod position;
mod process;
mod rules;
mod sarif;
mod scanner;
mod search;
mod secrets_file;
mod value;

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::GuardError;
pub use finding::{Finding, Findings};

use crate::config::DatabaseConfig;
use crate::git::{self, Standing};
use allow::Allow;
use error::Kind;
use finding::{NOT_IGNORED, TRACKED};
use listing::Listing;
use needles::Needles;
use search::{Search, escaped};
use value::Values;

/// How long git may take to say whether it ignores a file: a test can wait for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Checks that no secret is hardcoded in a repository: a unit test of the service itself.
///
/// The guard looks at the files that git has or would take below one directory: tracked ones (also those that a `.gitignore` matches), and
/// untracked ones that are not ignored. They are searched as the work tree has them; [`history`](Self::history) adds everything that was
/// ever committed or is staged. Of a symbolic link the path is searched that it holds. Submodules are left to their own guard.
///
/// A value is searched for in every common form: as it stands, escaped as JSON, Rust, shells, SQL, XML and others do, percent-encoded,
/// as base64 at any offset, hexadecimal and UTF-16, in text and binary files. A value that is too short or too common to be told from
/// other text is not, and the [notes](Findings::notes) say so.
///
/// What is searched for is in memory in plain while the search runs. The collected values and their forms are wiped afterwards; the automaton
/// that was made of them is not.
#[derive(Clone)]
#[must_use = "a guard checks nothing before assert_clean() or findings()"]
pub struct Guard {
    directory: PathBuf,
    ignored: Vec<PathBuf>,
    configs: Vec<DatabaseConfig>,
    files: Vec<PathBuf>,
    globs: Vec<String>,
    history: bool,
}

impl Guard {
    /// Guards the files below `directory`, which lies in a git work tree: `env!("CARGO_MANIFEST_DIR")` is the crate's own directory. In a
    /// workspace, `concat!(env!("CARGO_MANIFEST_DIR"), "/../..")` guards all of it.
    pub fn new(directory: impl Into<PathBuf>) -> Guard {
        Guard {
            directory: directory.into(),
            ignored: Vec::new(),
            configs: Vec::new(),
            files: Vec::new(),
            globs: Vec::new(),
            history: false,
        }
    }

    /// Requires that the repository's own `.gitignore` ignores this file, and that git does not track it. The file need not exist. A rule of
    /// this machine alone (`core.excludesFile`, `.git/info/exclude`) does not count: other clones do not have it.
    pub fn ignored(mut self, path: impl Into<PathBuf>) -> Self {
        self.ignored.push(path.into());
        self
    }

    /// Requires that the configuration's password stands in no file.
    pub fn secrets_of(mut self, config: &DatabaseConfig) -> Self {
        self.configs.push(config.clone());
        self
    }

    /// Requires that no secret of a TOML, JSON or `.env` file stands in another file: passwords of every database, passwords inside URLs,
    /// and what stands under other keys that are called like a secret (`api_key`, `token`). The file may be incomplete. If it does not
    /// exist, as on a build server, a note says that 0 values of it are checked.
    ///
    /// A relative path begins at the guarded directory.
    pub fn secrets_from(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(path.into());
        self
    }

    /// Leaves out the files that a glob matches, as seen from the guarded directory: `tests/fixtures/**`, `**/*.snap`. How many these are,
    /// objects of the history included, is in the notes. Files of the history that are not below the directory are not left out.
    pub fn allow(mut self, glob: impl Into<String>) -> Self {
        self.globs.push(glob.into());
        self
    }

    /// Searches the history as well: every object that any branch, tag or other reference reaches, and what is staged, each once. This is the
    /// history of the whole repository, and paths in it begin at its top. A file that has had several paths is
    /// shown with one of them, and left out if [`allow`](Self::allow) leaves out all. What a partial clone does not have is not fetched, and a
    /// note says so.
    pub fn history(mut self) -> Self {
        self.history = true;
        self
    }

    /// Searches, and returns everything that was found.
    ///
    /// # Errors
    ///
    /// If nothing could be searched: the directory is in no repository, git is missing or fails, a secrets file cannot be parsed.
    pub fn findings(&self) -> Result<Findings, GuardError> {
        let unusable = |why: &dyn fmt::Display| {
            let what = format!("{} could not be opened ({why})", self.directory.display());
            GuardError::new(Kind::Setup, what, "give a directory that exists")
        };
        let directory = self.directory.canonicalize();
        let directory = directory.map_err(|error| unusable(&error.kind()))?;
        if !directory.is_dir() {
            return Err(unusable(&"it is no directory"));
        }
        let top = git::work_tree(&directory.join("-")).ok_or_else(|| {
            let what = format!(
                "{} is not in a git work tree, so there is nothing to guard",
                directory.display()
            );
            GuardError::new(
                Kind::NoRepository,
                what,
                "run `git init`, or give a directory of the repository",
            )
        })?;
        let below = directory.strip_prefix(&top).unwrap_or(Path::new(""));
        let listing = Listing::start(&directory)?;
        let values = self.values(&directory)?;
        let needles = Needles::new(&values.secrets)
            .map_err(|what| GuardError::new(Kind::Setup, what, "guard fewer secrets at once"))?;
        let allow = Allow::new(&self.globs)?;
        let search = Search {
            directory: &directory,
            below,
            needles: &needles,
            values: &values.secrets,
            allow: &allow,
        };
        let files = search.files(listing)?;
        let prefix = search.prefix();
        if files.searched == 0 {
            let what = format!(
                "no file below {} could be searched, so nothing was checked",
                directory.display()
            );
            let notes: Vec<String> = files.notes.into_iter().chain(allow.notes()).collect();
            let help = match notes.is_empty() {
                true => "give a directory whose files git does not ignore".to_owned(),
                false => notes.join("; "),
            };
            return Err(GuardError::new(Kind::Setup, what, help));
        }
        let history = if self.history {
            search.history()?
        } else {
            Default::default()
        };
        let mut findings = files.findings;
        // What still stands where it was committed is found once.
        let present: HashSet<_> = findings.iter().map(|new| new.identity(&new.path)).collect();
        let is_new = |old: &Finding| {
            let path = old.path.strip_prefix(&prefix);
            path.is_none_or(|path| !present.contains(&old.identity(path)))
        };
        let old: Vec<Finding> = history.findings.into_iter().filter(is_new).collect();
        findings.extend(old);
        findings.extend(self.not_ignored(&directory)?);
        findings.sort();
        let mut notes = values.notes;
        notes.extend([files.notes, history.notes].concat());
        notes.extend(allow.notes());
        if !prefix.is_empty() {
            notes.push(format!("only {prefix} of the work tree was searched"));
        }
        Ok(Findings {
            findings,
            notes,
            files: files.searched,
            objects: history.searched,
            values: values.secrets.len(),
            prefix,
        })
    }

    /// Panics with every finding, as `path:line:column rule` and what to do. What could not be searched is said on standard error, which
    /// `cargo test` shows with `--show-output`.
    ///
    /// # Panics
    ///
    /// If there is a finding, or if nothing could be searched.
    #[track_caller]
    pub fn assert_clean(&self) {
        match self.findings() {
            Ok(findings) if findings.is_empty() => eprintln!("{findings}"),
            Ok(findings) => panic!("{findings}\n"),
            Err(error) => panic!("the guard could not check the repository: {error}"),
        }
    }

    fn values(&self, directory: &Path) -> Result<Values, GuardError> {
        let mut values = Values::default();
        self.configs
            .iter()
            .for_each(|config| values.add_config(config));
        for path in &self.files {
            secrets_file::read(
                &directory.join(path),
                &path.display().to_string(),
                &mut values,
            )?;
        }
        values.judge();
        Ok(values)
    }

    fn not_ignored(&self, directory: &Path) -> Result<Vec<Finding>, GuardError> {
        let mut findings = Vec::new();
        for path in &self.ignored {
            let shown = escaped(path.as_os_str().as_encoded_bytes());
            let standing = git::standing(directory, path, PATIENCE).map_err(|why| {
                GuardError::git(format!("whether git ignores {shown} is not known: {why}"))
            })?;
            let (rule, detail) = match standing {
                Standing::Ignored => continue,
                Standing::IgnoredHereAlone => (
                    &NOT_IGNORED,
                    Some("a rule of this machine alone does".to_owned()),
                ),
                Standing::Tracked => (&TRACKED, None),
                Standing::NotIgnored => (&NOT_IGNORED, None),
            };
            findings.push(Finding {
                path: shown,
                object: None,
                place: None,
                rule,
                detail,
                hash: 0,
            });
        }
        Ok(findings)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("directory", &self.directory)
            .field("ignored", &self.ignored)
            .field("configs", &self.configs.len())
            .field("secrets_from", &self.files)
            .field("allow", &self.globs)
            .field("history", &self.history)
            .finish()
    }
}
