//! Checks that no secret is hardcoded in a repository.
//!
//! `--history` searches everything that was ever committed, `--secrets FILE` looks for every secret of a file, `--ignored FILE` requires
//! that git ignores one, `--allow GLOB` leaves files out. `--json` and `--sarif` print for machines. Exits with 0 if nothing was found, 1 if
//! something was, 2 if the check could not be made.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use dbconf::{Findings, Guard};

const USAGE: &str = "usage: guard [--history] [--secrets FILE]... [--ignored FILE]... [--allow GLOB]... [--json | --sarif] [DIR]";

enum Format {
    Text,
    Json,
    Sarif,
}

struct Options {
    guard: Guard,
    format: Format,
}

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).map(OsString::into_string);
    let arguments: Result<Vec<String>, _> = arguments.collect();
    let Some(Options { guard, format }) = arguments.ok().and_then(Options::parse) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let findings = match guard.findings() {
        Ok(findings) => findings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match print(&findings, format) {
        Ok(()) if findings.is_empty() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

impl Options {
    /// `None`: the arguments make no sense.
    fn parse(arguments: Vec<String>) -> Option<Options> {
        let (mut steps, mut format, mut directory) = (Vec::new(), Format::Text, None);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next();
            match argument.as_str() {
                "--history" => steps.push(Step::History),
                "--secrets" => steps.push(Step::Secrets(value()?)),
                "--ignored" => steps.push(Step::Ignored(value()?)),
                "--allow" => steps.push(Step::Allow(value()?)),
                "--json" => format = Format::Json,
                "--sarif" => format = Format::Sarif,
                option if option.starts_with('-') => return None,
                _ if directory.is_some() => return None,
                _ => directory = Some(argument),
            }
        }
        let guard = Guard::new(directory.unwrap_or_else(|| ".".to_owned()));
        let guard = steps.into_iter().fold(guard, |guard, step| match step {
            Step::History => guard.history(),
            Step::Secrets(file) => guard.secrets_from(file),
            Step::Ignored(file) => guard.ignored(file),
            Step::Allow(glob) => guard.allow(glob),
        });
        Some(Options { guard, format })
    }
}

enum Step {
    History,
    Secrets(String),
    Ignored(String),
    Allow(String),
}

fn print(findings: &Findings, format: Format) -> std::io::Result<()> {
    let text = match format {
        Format::Text => findings.to_string(),
        Format::Json => serde_json::to_string_pretty(findings)?,
        Format::Sarif => serde_json::to_string_pretty(&findings.to_sarif())?,
    };
    writeln!(std::io::stdout(), "{text}")
}
