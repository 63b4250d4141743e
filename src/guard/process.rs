//! Git as a stream: what it lists is read while it is still listing.

use std::io::{self, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::error::{GuardError, Kind};
use crate::git;

/// A git that writes to us.
pub(crate) struct Stream {
    child: Child,
    output: Option<ChildStdout>,
    arguments: Vec<&'static str>,
}

impl Stream {
    /// Starts git in `directory`. Its messages are dropped: after a failure, [`diagnose`] asks once more.
    pub(crate) fn start(
        directory: &Path,
        arguments: &[&'static str],
        input: Stdio,
    ) -> Result<Stream, GuardError> {
        let mut command = git::command(directory);
        command
            .args(arguments)
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = spawn(&mut command)?;
        let output = child.stdout.take();
        Ok(Stream {
            child,
            output,
            arguments: arguments.to_vec(),
        })
    }

    /// The output as it stands, for us or for another process.
    pub(crate) fn output(&mut self) -> Result<ChildStdout, GuardError> {
        self.output
            .take()
            .ok_or_else(|| GuardError::git(format!("git {} has no output", self.arguments[0])))
    }

    /// Hands every record to `each`, and waits for git to end well. `None`: the record is none that git writes.
    pub(crate) fn records(
        mut self,
        directory: &Path,
        mut each: impl FnMut(&[u8]) -> Option<()>,
    ) -> Result<(), GuardError> {
        let mut reader = BufReader::with_capacity(64 * 1024, self.output()?);
        let mut record = Vec::new();
        while read_record(&mut reader, 0, &mut record).map_err(|error| self.failed(&error))? {
            each(&record).ok_or_else(|| {
                let command = self.arguments[0];
                GuardError::git(format!("the output of git {command} makes no sense"))
            })?;
        }
        self.finish(directory)
    }

    pub(crate) fn failed(&self, error: &io::Error) -> GuardError {
        GuardError::git(format!(
            "the output of git {} could not be read ({})",
            self.arguments[0],
            error.kind()
        ))
    }

    /// Waits for git to end well.
    pub(crate) fn finish(mut self, directory: &Path) -> Result<(), GuardError> {
        let status = self.child.wait().map_err(|error| self.failed(&error))?;
        if status.success() {
            return Ok(());
        }
        let reason =
            diagnose(directory, &self.arguments).unwrap_or_else(|| "no reason given".to_owned());
        Err(GuardError::git(format!(
            "git {} failed in {} ({status}): {reason}",
            self.arguments[0],
            directory.display()
        )))
    }
}

/// Where an error ends the search early, git does not stay behind.
impl Drop for Stream {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Reads up to the next `end`, which is left out. `false`: there is nothing more.
pub(crate) fn read_record(
    reader: &mut impl io::BufRead,
    end: u8,
    record: &mut Vec<u8>,
) -> io::Result<bool> {
    record.clear();
    if reader.read_until(end, record)? == 0 {
        return Ok(false);
    }
    if record.last() == Some(&end) {
        record.pop();
    }
    Ok(true)
}

/// Drops the rest of what a reader gives.
pub(crate) fn drain(reader: &mut impl Read) -> io::Result<()> {
    io::copy(reader, &mut io::sink()).map(drop)
}

/// Whether a question of git's is answered with `true`.
pub(crate) fn is_true(directory: &Path, question: &str) -> bool {
    let output = git::command(directory)
        .args(["rev-parse", question])
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"true")
}

/// The first line of what git has to say against it.
fn diagnose(directory: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = git::command(directory);
    let command = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let output = command
        .stderr(Stdio::piped())
        .spawn()
        .ok()?
        .wait_with_output()
        .ok()?;
    let message = String::from_utf8_lossy(&output.stderr);
    message.lines().next().map(str::to_owned)
}

fn spawn(command: &mut Command) -> Result<Child, GuardError> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GuardError::new(
            Kind::NoGit,
            "git is not installed, or not on the PATH",
            "install git",
        ),
        kind => GuardError::git(format!("git could not be run ({kind})")),
    })
}
