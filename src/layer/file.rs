//! Files: a secrets file as a layer, and a `_FILE` that holds one value.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Names;
use super::environment::Variables;
use super::reading::Reading;
use super::{Raw, dotenv, json, toml};
use crate::error::{Problem, ProblemKind};
use crate::secret::Text;
use crate::source::{Place, SecretFile, Source};

/// Looked for in the working directory, in this order, where the environment does not name a file.
const DEFAULT_FILES: [&str; 3] = ["secrets.toml", "secrets.json", ".env"];
/// The variable that names the file to use instead, behind the prefix.
const SECRETS_FILE: &str = "SECRETS_FILE";

/// What becomes of a default file that is not there.
pub(crate) const NO_SUCH_FILE: &str = "no such file";

/// A text format that a secrets file can have.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Toml,
    Json,
    Dotenv,
}

/// Reads a file that must exist.
pub(crate) fn read(path: &Arc<Path>, reading: &mut Reading<'_>) {
    match slurp(Arc::clone(path)) {
        Ok((bytes, file)) => parse(&bytes, file, reading),
        Err(error) => {
            let name = path.display().to_string();
            unreadable(
                name,
                &error,
                "create the file, or name another one",
                reading,
            );
        }
    }
}

/// Reads the file that `MYSQL_SECRETS_FILE` names or, where that is not set, the default files that exist.
pub(crate) fn read_defaults(reading: &mut Reading<'_>) {
    let variable = format!("{}{SECRETS_FILE}", reading.prefix);
    match reading.environment.get(&variable) {
        Some(Raw::Text(path)) if !path.as_str().is_empty() => {
            read_named(&variable, path.as_str(), reading)
        }
        Some(Raw::Text(_)) | None => DEFAULT_FILES
            .iter()
            .for_each(|name| read_default(name, reading)),
        Some(_) => {
            let what = format!("the path in {variable} is not UTF-8");
            reading.begin(Place::Other(variable.into()), Names::Members);
            reading.fail(Problem::new(ProblemKind::NotUtf8, what).help("write the path as UTF-8"));
        }
    }
}

fn read_default(name: &str, reading: &mut Reading<'_>) {
    match slurp(Path::new(name).into()) {
        Ok((bytes, file)) => parse(&bytes, file, reading),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let names =
                Format::of(Path::new(name)).map_or(Names::Members, |format| format.names(reading));
            reading.begin(Place::Other(name.into()), names);
            reading.end_as(NO_SUCH_FILE);
        }
        Err(error) => unreadable(
            name.to_owned(),
            &error,
            "make it readable, or remove it",
            reading,
        ),
    }
}

/// The path is a value, so it is shown only once it has been found to be a file.
fn read_named(variable: &str, path: &str, reading: &mut Reading<'_>) {
    match slurp(Path::new(path).into()) {
        Ok((bytes, file)) => parse(&bytes, file, reading),
        Err(error) => {
            let help = format!("correct {variable}, or unset it to use the default files");
            unreadable(format!("named by {variable}"), &error, &help, reading);
        }
    }
}

fn unreadable(name: String, error: &io::Error, help: &str, reading: &mut Reading<'_>) {
    let what = format!("the secrets file {name} {}", describe(error));
    reading.begin(Place::Other(name.into()), Names::Members);
    reading.fail(Problem::new(ProblemKind::Unreadable, what).help(help.to_owned()));
}

/// Reads the file that a `NAME_FILE` names. One line end at the end is dropped, as editors add it.
pub(crate) fn follow(source: Source, value: Raw<'_>) -> Result<(Source, Raw<'static>), Problem> {
    let problem = |kind, what: String| Problem::new(kind, what).at(&source);
    let Some(path) = value.text() else {
        let (kind, found) = match value {
            Raw::NotUtf8 => (ProblemKind::NotUtf8, "UTF-8"),
            _ => (ProblemKind::WrongType, "text"),
        };
        let help = "give the path of the file as text";
        return Err(problem(kind, format!("the path is not {found}")).help(help));
    };
    if path.is_empty() {
        return Ok((source, value.into_owned()));
    }
    let (mut bytes, file) = slurp(Path::new(path).into()).map_err(|error| {
        let what = format!("the file that {} names {}", source.name(), describe(&error));
        let help = format!(
            "correct {}: it is the path of a file, not the value",
            source.name()
        );
        problem(ProblemKind::Unreadable, what).help(help)
    })?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    let value = Text::from_utf8(std::mem::take(&mut *bytes)).map_or(Raw::NotUtf8, Raw::Text);
    Ok((source.with_named_file(file), value))
}

fn parse(bytes: &[u8], file: SecretFile, reading: &mut Reading<'_>) {
    let path = Arc::clone(&file.path);
    let format = Format::of(&path);
    let names = format.map_or(Names::Members, |format| format.names(reading));
    reading.begin(Place::File(file), names);
    let Some(format) = format else {
        let what = format!(
            "the format of the secrets file {} is not known",
            path.display()
        );
        let problem = Problem::new(ProblemKind::Setup, what);
        return reading.fail(problem.help("name the file *.toml, *.json or *.env"));
    };
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|&&b| b == b'\n')
                .count();
            let what = format!("{} is not UTF-8, first in line {line}", path.display());
            return reading
                .fail(Problem::new(ProblemKind::NotUtf8, what).help("save the file as UTF-8"));
        }
    };
    let outcome = match format {
        Format::Toml => toml::read(text, reading),
        Format::Json => json::read(text, reading),
        Format::Dotenv => dotenv::read(text, reading),
    };
    if let Err(syntax) = outcome {
        reading.fail(syntax.problem(&path.display()));
    }
}

/// Where and, without quoting anything, how a text is not of its format.
pub(crate) struct Syntax {
    pub line: usize,
    pub column: Option<usize>,
    pub what: &'static str,
    pub help: &'static str,
}

impl Syntax {
    pub(crate) fn problem(&self, place: &dyn fmt::Display) -> Problem {
        let Syntax { line, what, .. } = self;
        let column = self
            .column
            .map(|column| format!(", column {column}"))
            .unwrap_or_default();
        let what = format!("{place} is malformed in line {line}{column}: {what}");
        Problem::new(ProblemKind::Malformed, what).help(self.help)
    }
}

impl Format {
    fn names(self, reading: &Reading<'_>) -> Names {
        match self {
            Format::Toml | Format::Json => Names::Members,
            Format::Dotenv => Names::Variables(Variables::new(Arc::clone(reading.prefix))),
        }
    }

    /// By extension. `.env`, `prod.env` and `.env.local` are all `.env` files.
    pub(crate) fn of(path: &Path) -> Option<Format> {
        let name = path.as_os_str().as_encoded_bytes();
        let ends_in = |end: &str| {
            let start = name.len().checked_sub(end.len());
            start.is_some_and(|start| name[start..].eq_ignore_ascii_case(end.as_bytes()))
        };
        if ends_in(".toml") {
            Some(Format::Toml)
        } else if ends_in(".json") {
            Some(Format::Json)
        } else if ends_in(".env") || path.file_name()?.as_encoded_bytes().starts_with(b".env.") {
            Some(Format::Dotenv)
        } else {
            None
        }
    }
}

/// The most bytes that are read of a file: one that has no end, like `/dev/zero`, is an error and not the end of the process.
const MOST: u64 = 16 * 1024 * 1024;

/// Reads a whole file into one allocation that is wiped when it is dropped.
pub(crate) fn slurp(path: Arc<Path>) -> io::Result<(Zeroizing<Vec<u8>>, SecretFile)> {
    let file = File::open(&path)?;
    let metadata = file.metadata()?;
    let length = usize::try_from(metadata.len().min(MOST)).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::new());
    // With less room than this, std reads the first bytes into a buffer of its own, which nobody wipes.
    bytes.try_reserve_exact(length.max(32))?;
    // Through `take`, std does not ask for the length once more.
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let file = SecretFile {
        path,
        world_readable: world_readable(&metadata),
    };
    Ok((bytes, file))
}

/// What is to be known of a file that somebody else read.
#[cfg(feature = "figment")]
pub(crate) fn inspect(path: &Path) -> Option<SecretFile> {
    let metadata = path.metadata().ok()?;
    Some(SecretFile {
        path: path.into(),
        world_readable: world_readable(&metadata),
    })
}

#[cfg(unix)]
fn world_readable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn world_readable(_: &std::fs::Metadata) -> bool {
    false
}

/// An I/O error in words of ours: its own text may hold a path that is a misplaced secret.
fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read (permission denied)".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        io::ErrorKind::FileTooLarge => format!("is larger than {} MiB", MOST >> 20),
        kind => format!("could not be read ({kind})"),
    }
}
