//! The search: several threads take files from git's lists, and each searches one at a time.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::thread;

use super::allow::Allow;
use super::error::GuardError;
use super::finding::{Finding, KNOWN_VALUE};
use super::listing::Listing;
use super::needles::Needles;
use super::scanner::{Hit, Scanner, What};
use super::value::Value;
use crate::secret::REDACTED;

/// More threads than this wait for the disk or for git.
const MOST_THREADS: usize = 8;

/// What is searched for, and where not.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    pub directory: &'a Path,
    /// Where the directory lies below the top of the work tree.
    pub below: &'a Path,
    pub needles: &'a Needles,
    pub values: &'a [Value],
    pub allow: &'a Allow<'a>,
}

/// What a search came to.
#[derive(Default)]
pub(crate) struct Outcome {
    pub findings: Vec<Finding>,
    pub notes: Vec<String>,
    pub searched: usize,
    /// How many files git tracks that are not in the work tree.
    pub absent: usize,
}

impl Search<'_> {
    /// Searches every file that git lists.
    pub(crate) fn files(self, listing: Listing) -> Result<Outcome, GuardError> {
        let (sender, receiver) = mpsc::channel::<Vec<PathBuf>>();
        let receiver = Mutex::new(receiver);
        let threads = thread::available_parallelism()
            .map_or(2, usize::from)
            .clamp(2, MOST_THREADS);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| self.work(&receiver)))
                .collect();
            let left_out = listing.read(self.directory, move |batch| {
                // Every worker is there until the sender is gone.
                let _ = sender.send(batch);
            });
            let mut all = Outcome::default();
            for worker in workers {
                let outcome = worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.findings.extend(outcome.findings);
                all.notes.extend(outcome.notes);
                all.searched += outcome.searched;
                all.absent += outcome.absent;
            }
            let left_out = left_out?;
            all.note_count(
                left_out.submodules,
                "submodule",
                "submodules",
                "guard it in its own repository",
            );
            all.note_count(
                left_out.repositories,
                "repository inside the work tree",
                "repositories inside the work tree",
                "guard it on its own",
            );
            all.note_count(
                all.absent,
                "tracked file",
                "tracked files",
                "not in the work tree",
            );
            Ok(all)
        })
    }

    fn work(self, batches: &Mutex<mpsc::Receiver<Vec<PathBuf>>>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut scanner = Scanner::new(self.needles);
        loop {
            let batch = match batches.lock() {
                Ok(receiver) => receiver.recv(),
                Err(_) => break,
            };
            let Ok(batch) = batch else { break };
            for path in batch {
                if self.allow.leaves_out(&path) {
                    continue;
                }
                match scan_file(self.directory, &path, &mut scanner) {
                    Ok(Some(hits)) => {
                        outcome.searched += 1;
                        let in_name = self.name(&path, None, &mut scanner);
                        outcome.findings.extend(in_name);
                        self.report(&path, None, hits, &mut scanner, &mut outcome.findings);
                    }
                    Ok(None) => outcome.absent += 1,
                    Err(error) => {
                        let (shown, _) = self.shown(&path, &mut scanner);
                        let note = format!("{shown}: could not be read ({})", error.kind());
                        outcome.notes.push(note);
                    }
                }
            }
        }
        outcome
    }

    /// A path of the repository as seen from the directory, if it lies below that.
    pub(crate) fn relative(self, path: &Path) -> Option<&Path> {
        path.strip_prefix(self.below).ok()
    }

    /// Turns what was found in one file into findings.
    pub(crate) fn report(
        self,
        path: &Path,
        object: Option<&str>,
        hits: Vec<Hit>,
        scanner: &mut Scanner<'_>,
        findings: &mut Vec<Finding>,
    ) {
        if hits.is_empty() {
            return;
        }
        let (path, _) = self.shown(path, scanner);
        findings.extend(hits.into_iter().map(|hit| {
            let (rule, detail) = match hit.what {
                What::Value { index, form } => (&KNOWN_VALUE, Some(self.describe(index, form))),
                What::Rule(rule) => (rule, None),
            };
            Finding {
                path: path.clone(),
                object: object.map(str::to_owned),
                place: Some(hit.place),
                rule,
                detail,
                hash: hit.hash,
            }
        }));
    }

    /// A finding if a file's name itself holds a value.
    pub(crate) fn name(
        self,
        path: &Path,
        object: Option<&str>,
        scanner: &mut Scanner<'_>,
    ) -> Option<Finding> {
        scanner.find(path.as_os_str().as_encoded_bytes()).next()?;
        let (path, found) = self.shown(path, scanner);
        Some(Finding {
            path,
            object: object.map(str::to_owned),
            place: None,
            rule: &KNOWN_VALUE,
            detail: Some(format!("{}, in the file's name", found?)),
            hash: 0,
        })
    }

    /// Where the directory lies below the top of the work tree, as it is shown; ends in a slash.
    pub(crate) fn prefix(self) -> String {
        let (shown, _) = self.shown(self.below, &mut Scanner::new(self.needles));
        if shown.is_empty() { shown } else { shown + "/" }
    }

    /// How a path is shown, and the value that is in it, which is redacted.
    fn shown(self, path: &Path, scanner: &mut Scanner<'_>) -> (String, Option<String>) {
        let bytes = path.as_os_str().as_encoded_bytes();
        let (mut shown, mut end, mut found) = (Vec::new(), 0, None);
        for (range, index, form) in scanner.find(bytes) {
            let description = || self.describe(index, form);
            if self.values[index].is_cut() {
                // The rest of it may stand anywhere around.
                return (REDACTED.to_owned(), Some(description()));
            }
            found.get_or_insert_with(description);
            if range.start >= end {
                shown.extend_from_slice(&bytes[end..range.start]);
                shown.extend_from_slice(REDACTED.as_bytes());
            }
            end = end.max(range.end);
        }
        shown.extend_from_slice(&bytes[end..]);
        (escaped(&shown), found)
    }

    fn describe(self, index: usize, form: &str) -> String {
        format!("{}, {form}", self.values[index].label)
    }
}

impl Outcome {
    /// Notes how many of something were not searched.
    pub(crate) fn note_count(&mut self, count: usize, one: &str, several: &str, why: &str) {
        match count {
            0 => {}
            1 => self.notes.push(format!("1 {one} not searched: {why}")),
            _ => self
                .notes
                .push(format!("{count} {several} not searched: {why}")),
        }
    }
}

/// Searches a file of the work tree; of a link, the path that it holds, which is what git stores. `None`: there is no file.
fn scan_file(
    directory: &Path,
    path: &Path,
    scanner: &mut Scanner<'_>,
) -> io::Result<Option<Vec<Hit>>> {
    let whole = directory.join(path);
    let outcome = fs::symlink_metadata(&whole).and_then(|metadata| {
        if metadata.is_symlink() {
            let target = fs::read_link(&whole)?;
            scanner
                .scan(target.as_os_str().as_encoded_bytes(), None)
                .map(Some)
        } else if metadata.is_file() {
            // With the size, the end is known without asking for more.
            let input = File::open(&whole)?.take(metadata.len());
            scanner.scan(input, Some(path)).map(Some)
        } else {
            Ok(None)
        }
    });
    match outcome {
        // Also where a directory of the path has become a file.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        outcome => outcome,
    }
}

/// A path for a person: control characters escaped, and bytes that are not UTF-8 by number.
pub(crate) fn escaped(path: &[u8]) -> String {
    let mut shown = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            // These reverse the direction of what follows, and so can make a path look like another one.
            let is_hidden = matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if character.is_control() || is_hidden {
                shown.extend(character.escape_default());
            } else {
                shown.push(character);
            }
        }
        chunk
            .invalid()
            .iter()
            .for_each(|byte| shown.push_str(&format!("\\x{byte:02x}")));
    }
    shown
}
