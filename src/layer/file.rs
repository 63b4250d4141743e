//! Files: a secrets file as a layer, and a `_FILE` that holds one value.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::{Answer, Asked, Collector, Parsed, Raw, dotenv, json, toml};
use crate::error::{Problem, ProblemKind};
use crate::secret;
use crate::source::{SecretFile, Source};

/// Looked for in the working directory, in this order, where the environment does not name a file.
const DEFAULT_FILES: [&str; 3] = ["secrets.toml", "secrets.json", ".env"];
/// The variable that names the file to use instead, behind the prefix.
const SECRETS_FILE: &str = "SECRETS_FILE";

/// A text format that a secrets file can have.
#[derive(Clone, Copy)]
enum Format {
    Toml,
    Json,
    Dotenv,
}

/// Reads a file that must exist.
pub(crate) fn open(path: &Path, asked: Asked<'_>) -> Parsed {
    let layer = path.display().to_string().into();
    match read(path) {
        Ok((bytes, file)) => parse(layer, &bytes, file, asked),
        Err(error) => unreadable(layer, &error, "create the file, or name another one"),
    }
}

/// Reads the file that `MYSQL_SECRETS_FILE` names or, where that is not set, the default files that exist.
pub(crate) fn open_defaults(asked: Asked<'_>) -> Vec<Parsed> {
    let variable = format!("{}{SECRETS_FILE}", asked.prefix);
    match asked.environment.get(&variable) {
        Some(Raw::Text(path)) if !path.expose_secret().is_empty() => {
            vec![open_named(variable, path.expose_secret(), asked)]
        }
        Some(Raw::Text(_)) | None => DEFAULT_FILES.map(|name| open_default(name, asked)).into(),
        Some(_) => {
            let what = format!("the path in {variable} is not UTF-8");
            vec![Parsed::failed(
                variable.into(),
                Problem::new(ProblemKind::NotUtf8, what),
            )]
        }
    }
}

fn open_default(name: &'static str, asked: Asked<'_>) -> Parsed {
    match read(Path::new(name)) {
        Ok((bytes, file)) => parse(name.into(), &bytes, file, asked),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Parsed::new(name.into(), Some("no such file"))
        }
        Err(error) => unreadable(name.into(), &error, "make it readable, or remove it"),
    }
}

/// The path is a value, so it is shown only once it has been found to be a file.
fn open_named(variable: String, path: &str, asked: Asked<'_>) -> Parsed {
    match read(Path::new(path)) {
        Ok((bytes, file)) => parse(path.into(), &bytes, file, asked),
        Err(error) => {
            let layer = format!("named by {variable}").into();
            unreadable(
                layer,
                &error,
                &format!("correct {variable}, or unset it to use the default files"),
            )
        }
    }
}

fn unreadable(layer: Arc<str>, error: &io::Error, help: &str) -> Parsed {
    let what = format!("the secrets file {layer} {}", describe(error));
    let problem = Problem::new(ProblemKind::Unreadable, what).help(help.to_owned());
    Parsed::failed(layer, problem)
}

/// Reads the file that a `NAME_FILE` names. One line end at the end is dropped, as editors add it.
pub(crate) fn follow(source: Source, value: Raw) -> Result<Answer, Problem> {
    let problem = |kind, what: String| Problem::new(kind, what).at(&source);
    let path = match value {
        Raw::Text(path) => path,
        Raw::NotUtf8 => {
            return Err(problem(
                ProblemKind::NotUtf8,
                "the path is not UTF-8".into(),
            ));
        }
        _ => {
            return Err(problem(
                ProblemKind::WrongType,
                "the path is not text".into(),
            ));
        }
    };
    if path.expose_secret().is_empty() {
        return Ok(Answer::new(source, Raw::Text(path)));
    }
    let (mut bytes, file) = read(Path::new(path.expose_secret())).map_err(|error| {
        let what = format!("the file that {} names {}", source.name(), describe(&error));
        let help = format!(
            "correct the path in {}: it is the path of a file, not the value",
            source.name()
        );
        Problem::new(ProblemKind::Unreadable, what)
            .at(&source)
            .help(help)
    })?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    let text = secret::from_utf8(std::mem::take(&mut *bytes));
    let value = text.map_or(Raw::NotUtf8, Raw::Text);
    let source = source.with_file(Some(Arc::new(file)));
    Ok(Answer::new(source, value))
}

fn parse(layer: Arc<str>, bytes: &[u8], file: SecretFile, asked: Asked<'_>) -> Parsed {
    let Some(format) = Format::of(&file.path) else {
        let what = format!("the format of the secrets file {layer} is not known");
        let problem = Problem::new(ProblemKind::Setup, what);
        return Parsed::failed(layer, problem.help("name the file *.toml, *.json or *.env"));
    };
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|&&b| b == b'\n')
                .count();
            let what = format!("{layer} is not UTF-8, first in line {line}");
            let problem = Problem::new(ProblemKind::NotUtf8, what);
            return Parsed::failed(layer, problem.help("save the file as UTF-8"));
        }
    };
    let mut collector = Collector::new(asked, Arc::clone(&layer), Some(Arc::new(file)));
    collector.parsed.variables_only = matches!(format, Format::Dotenv);
    let outcome = match format {
        Format::Toml => toml::collect(text, &mut collector),
        Format::Json => json::collect(text, &mut collector),
        Format::Dotenv => dotenv::collect(text, &mut collector),
    };
    match outcome {
        Ok(()) => collector.parsed,
        Err(syntax) => Parsed::failed(Arc::clone(&layer), syntax.problem(&layer)),
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
    pub(crate) fn problem(&self, layer: &str) -> Problem {
        let Syntax { line, what, .. } = self;
        let column = self
            .column
            .map(|column| format!(", column {column}"))
            .unwrap_or_default();
        let what = format!("{layer} is malformed in line {line}{column}: {what}");
        Problem::new(ProblemKind::Malformed, what).help(self.help)
    }
}

impl Format {
    /// By extension. `.env`, `prod.env` and `.env.local` are all `.env` files.
    fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        match Path::new(&name).extension().and_then(|e| e.to_str()) {
            Some("toml") => Some(Format::Toml),
            Some("json") => Some(Format::Json),
            _ if name.ends_with(".env") || name.starts_with(".env.") => Some(Format::Dotenv),
            _ => None,
        }
    }
}

/// Reads a whole file into one allocation that is wiped when it is dropped.
fn read(path: &Path) -> io::Result<(Zeroizing<Vec<u8>>, SecretFile)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let length = usize::try_from(metadata.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let mut bytes = Zeroizing::new(Vec::new());
    bytes.try_reserve_exact(length)?;
    file.read_to_end(&mut bytes)?;
    let file = SecretFile {
        path: path.to_owned(),
        world_readable: world_readable(&metadata),
    };
    Ok((bytes, file))
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
        kind => format!("could not be read ({kind})"),
    }
}
