//! The history: every file that any reference reaches or that is staged, once, whatever it was called and however often it was committed.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::listing::to_path;
use super::process::{Stream, drain, is_true, read_record};
use super::scanner::Scanner;
use super::search::{Outcome, Search};

/// The path of each object follows it in what git lists, and is passed through.
const HEADER: &str = "--batch=%(objectname) %(objecttype) %(objectsize) %(rest)";

/// What is called so where a commit or tag is searched.
const MESSAGE: &str = "(message)";

/// An object, as `cat-file` announces it.
struct Header {
    name: String,
    size: u64,
    kind: Kind,
    path: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    /// A commit or a tag, which has an author and a message.
    Message,
    Directory,
    /// A shallow or partial clone does not have it.
    Missing,
}

impl Search<'_> {
    /// Searches every object, one after another: git takes longer to unpack them.
    pub(crate) fn history(self) -> Result<Outcome, GuardError> {
        let arguments = ["rev-list", "--objects", "--all", "--indexed-objects"];
        let mut objects = Stream::start(self.directory, &arguments, Stdio::null())?;
        let arguments = ["cat-file", HEADER, "--buffer"];
        let mut contents = Stream::start(self.directory, &arguments, objects.output()?.into())?;
        let mut reader = BufReader::with_capacity(256 * 1024, contents.output()?);
        let mut outcome = Outcome::default();
        self.read_objects(&mut reader, &mut outcome)
            .map_err(|error| contents.failed(&error))?;
        objects.finish(self.directory)?;
        contents.finish(self.directory)?;
        outcome.note_count(
            outcome.absent,
            "object of the history",
            "objects of the history",
            "not in this clone",
        );
        if is_true(self.directory, "--is-shallow-repository") {
            outcome
                .notes
                .push("this is a shallow clone: older history was not searched".to_owned());
        }
        Ok(outcome)
    }

    fn read_objects(self, reader: &mut impl BufRead, outcome: &mut Outcome) -> io::Result<()> {
        let mut scanner = Scanner::new(self.needles);
        let mut line = Vec::new();
        while read_record(reader, b'\n', &mut line)? {
            let header = Header::parse(&line).ok_or(io::ErrorKind::InvalidData)?;
            if header.kind == Kind::Missing {
                outcome.absent += 1;
                continue;
            }
            // The content, and the line end behind it.
            let mut content = reader.by_ref().take(header.size);
            let path = header.path.strip_prefix(self.below).unwrap_or(&header.path);
            let is_searched = match header.kind {
                Kind::File => !self.allow.has(path),
                Kind::Message => true,
                Kind::Directory | Kind::Missing => false,
            };
            if is_searched {
                self.search_object(&header, &mut content, &mut scanner, outcome)?;
            }
            drain(&mut content)?;
            drain(&mut reader.by_ref().take(1))?;
        }
        Ok(())
    }

    fn search_object(
        self,
        header: &Header,
        content: &mut impl Read,
        scanner: &mut Scanner<'_>,
        outcome: &mut Outcome,
    ) -> io::Result<()> {
        let (path, of_file) = match header.kind {
            Kind::Message => (Path::new(MESSAGE), None),
            _ => (&*header.path, Some(&*header.path)),
        };
        let hits = scanner.scan(content, of_file)?;
        outcome.searched += 1;
        self.report(
            path,
            Some(&header.name),
            hits,
            scanner,
            &mut outcome.findings,
        );
        Ok(())
    }
}

impl Header {
    /// Reads `name type size path` or `name missing`. A path with a line end is cut there by git.
    fn parse(line: &[u8]) -> Option<Header> {
        let mut fields = line.splitn(4, |&byte| byte == b' ');
        let name = String::from_utf8(fields.next()?.to_vec()).ok()?;
        let kind = match fields.next()? {
            b"blob" => Kind::File,
            b"commit" | b"tag" => Kind::Message,
            b"tree" => Kind::Directory,
            b"missing" => Kind::Missing,
            _ => return None,
        };
        let size = match kind {
            Kind::Missing => 0,
            _ => std::str::from_utf8(fields.next()?).ok()?.parse().ok()?,
        };
        let path = to_path(fields.next().unwrap_or_default());
        Some(Header {
            name,
            size,
            kind,
            path,
        })
    }
}
