//! Whether a file that gave a secret could be committed to git, or can be read by others.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::source::SecretFile;

/// What is wrong with where a secret file is kept.
#[derive(Clone)]
pub(crate) enum Finding {
    Warning(String),
    /// Git could commit the file, or already has: what is wrong and what to do.
    Exposed {
        what: String,
        help: String,
    },
}

/// How long git may take for one answer while a service starts. It needs some milliseconds; a load must not hang with it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Variables that git itself and the search for it need; every other one, `GIT_*` and secrets included, stays here.
const KEPT: [&str; 7] = [
    "PATH",
    "HOME",
    "XDG_CONFIG_HOME",
    "USERPROFILE",
    "SYSTEMROOT",
    "APPDATA",
    "LOCALAPPDATA",
];

pub(crate) fn inspect(file: &SecretFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = match file.path.canonicalize() {
        Ok(path) => path,
        Err(error) => {
            let what = format!(
                "{}: could not be resolved ({}), so git was not asked",
                file.path.display(),
                error.kind()
            );
            return vec![Finding::Warning(what)];
        }
    };
    if is_mounted_secret(&path) {
        return findings;
    }
    if file.world_readable {
        let path = file.path.display();
        findings.push(Finding::Warning(format!(
            "{path}: every user of this machine can read it; chmod 600 {path}"
        )));
    }
    if let Some(work_tree) = work_tree(&path) {
        findings.extend(ask_git(&path, &work_tree));
    }
    findings
}

/// Docker and systemd credentials, and Kubernetes volumes, whose files resolve to a directory like `..2026_11_22_12_00_00.1`.
fn is_mounted_secret(path: &Path) -> bool {
    let credentials =
        std::env::var_os("CREDENTIALS_DIRECTORY").filter(|directory| !directory.is_empty());
    let credentials =
        credentials.and_then(|directory| PathBuf::from(directory).canonicalize().ok());
    path.starts_with("/run/secrets")
        || credentials.is_some_and(|directory| path.starts_with(directory))
        || path.ancestors().any(is_kubernetes_volume)
}

/// Whether this is the directory that holds a volume's files, as the link `..data` beside it says.
fn is_kubernetes_volume(directory: &Path) -> bool {
    let is_dated = directory
        .file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"..2"));
    let data = directory.with_file_name("..data");
    is_dated && data.canonicalize().is_ok_and(|target| target == directory)
}

/// The closest directory above `path` that holds a `.git`.
pub(crate) fn work_tree(path: &Path) -> Option<PathBuf> {
    let mut candidate = path.to_owned();
    while candidate.pop() {
        candidate.push(".git");
        let found = candidate.symlink_metadata().is_ok();
        candidate.pop();
        if found {
            return Some(candidate);
        }
    }
    None
}

fn ask_git(path: &Path, work_tree: &Path) -> Option<Finding> {
    let shown = path.strip_prefix(work_tree).unwrap_or(path).display();
    let (directory, name) = (path.parent()?, path.file_name()?);
    let standing = match standing(directory, Path::new(name), PATIENCE) {
        Ok(standing) => standing,
        Err(why) => {
            return Some(Finding::Warning(format!(
                "{shown}: whether git ignores it is not known: {why}"
            )));
        }
    };
    match standing {
        Standing::Ignored => None,
        Standing::IgnoredHereAlone => Some(Finding::Warning(format!(
            "{shown}: ignored by a rule of this machine alone; add the line /{shown} to .gitignore, so that every clone ignores it"
        ))),
        Standing::Tracked => Some(Finding::Exposed {
            what: format!("{shown} holds a secret and is tracked by git"),
            help: format!(
                "run `git rm --cached {shown}`, add the line /{shown} to .gitignore, and change the password: the history keeps it"
            ),
        }),
        Standing::NotIgnored => Some(Finding::Exposed {
            what: format!("{shown} holds a secret and is not ignored by git"),
            help: format!("add the line /{shown} to the .gitignore of the repository"),
        }),
    }
}

/// How git treats a file.
pub(crate) enum Standing {
    /// A `.gitignore` of the repository ignores it, and it is untracked.
    Ignored,
    /// A rule that no clone of the repository has ignores it.
    IgnoredHereAlone,
    Tracked,
    NotIgnored,
}

/// Asks git about the file `name` below `directory`, whether or not there is one. The error says why there is no answer.
pub(crate) fn standing(
    directory: &Path,
    name: &Path,
    patience: Duration,
) -> Result<Standing, String> {
    let question = ["check-ignore", "--verbose", "-z", "--stdin"];
    let output = match ask(directory, &question, name, patience) {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err("git is not installed".to_owned());
        }
        Err(error) => return Err(format!("git could not be run ({})", error.kind())),
    };
    let rule = match output.status.code() {
        Some(0) => Rule::parse(&output.stdout),
        Some(1) => None,
        Some(code) => return Err(format!("git ended with status {code}")),
        None => return Err("git was killed".to_owned()),
    };
    Ok(match rule {
        Some(rule) if rule.in_repository => Standing::Ignored,
        Some(_) => Standing::IgnoredHereAlone,
        None if is_tracked(directory, name, patience) => Standing::Tracked,
        None => Standing::NotIgnored,
    })
}

fn is_tracked(directory: &Path, name: &Path, patience: Duration) -> bool {
    let Some(text) = name.to_str() else {
        return false;
    };
    let arguments = [
        "--literal-pathspecs",
        "ls-files",
        "--error-unmatch",
        "--",
        text,
    ];
    ask(directory, &arguments, name, patience).is_ok_and(|output| output.status.success())
}

/// The rule that ignores a file.
struct Rule {
    in_repository: bool,
}

impl Rule {
    /// Reads the four fields of `check-ignore --verbose -z`: source, line, pattern, path. A pattern that begins with `!` takes the
    /// file back in.
    fn parse(output: &[u8]) -> Option<Rule> {
        let mut fields = output.split(|&byte| byte == 0);
        let (source, _line, pattern) = (fields.next()?, fields.next()?, fields.next()?);
        let source = String::from_utf8_lossy(source);
        let in_repository = source.ends_with(".gitignore") && Path::new(&*source).is_relative();
        (!pattern.starts_with(b"!")).then_some(Rule { in_repository })
    }
}

/// A run of git in `directory`, with no variable but those that git needs. No other program is started on its behalf.
pub(crate) fn command(directory: &Path) -> Command {
    let kept = KEPT
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)));
    // By its whole path, so that it is started without a fork of this process.
    let mut command = Command::new(program().unwrap_or_else(|| "git".into()));
    command
        .args(["-c", "core.fsmonitor=false"])
        // Nothing that is asked here needs every tracked file looked at.
        .args(["-c", "core.preloadIndex=false"])
        .current_dir(directory)
        .env_clear()
        .envs(kept)
        // What is there is asked for, and not what stands in for it.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_GRAFT_FILE", "/dev/null/none")
        // Nothing here is worth a connection.
        .env("GIT_NO_LAZY_FETCH", "1");
    command
}

/// Where git is installed. Directories that are relative to this process's own mean another one in git's.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("git{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(&name))
        .find(|file| file.is_file())
}

/// Runs git for one small answer about a file, which it is told of on its standard input.
fn ask(
    directory: &Path,
    arguments: &[&str],
    name: &Path,
    patience: Duration,
) -> io::Result<Output> {
    let mut child = command(directory)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A git that ended already says why with its status. `./` keeps a name that begins with `:` from being more than a name.
        let start: &[u8] = if name.is_absolute() { b"" } else { b"./" };
        let _ = input
            .write_all(start)
            .and_then(|()| input.write_all(name.as_os_str().as_encoded_bytes()));
    }
    // What git has to say fits into the pipe's buffer, so it does not wait for us.
    let deadline = Instant::now() + patience;
    while child.try_wait()?.is_none() {
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.wait_with_output()
}
