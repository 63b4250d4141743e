//! The history: every file that any reference reaches or that is staged, once, whatever it was called and however often it was committed.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::GuardError;
use super::listing::to_path;
use super::paths::Paths;
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
        let arguments = [
            "rev-list",
            "--objects",
            "--all",
            "--indexed-objects",
            // With a question mark before it, which no object's name begins with.
            "--missing=print",
        ];
        let mut objects = Stream::start(self.directory, &arguments, Stdio::null())?;
        let arguments = ["cat-file", HEADER, "--buffer"];
        let mut contents = Stream::start(self.directory, &arguments, objects.output()?.into())?;
        let mut reader = BufReader::with_capacity(256 * 1024, contents.output()?);
        let mut outcome = Outcome::default();
        let mut scanner = Scanner::new(self.needles);
        let paths = Paths::read(self, &mut scanner).unwrap_or_else(|error| {
            // Without its directories, as in some partial clones, a history has no paths.
            let note = format!("the paths of the history could not all be read, so .allow() may leave out more than it should: {}", error.what());
            outcome.notes.push(note);
            Paths::default()
        });
        self.read_objects(&mut reader, &paths, &mut scanner, &mut outcome)
            .map_err(|error| contents.failed(&error))?;
        for (path, object) in &paths.telling {
            let in_name = self.name(path, Some(object), &mut scanner);
            outcome.findings.extend(in_name);
        }
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

    fn read_objects(
        self,
        reader: &mut impl BufRead,
        paths: &Paths,
        scanner: &mut Scanner<'_>,
        outcome: &mut Outcome,
    ) -> io::Result<()> {
        let mut line = Vec::new();
        while read_record(reader, b'\n', &mut line)? {
            let header = Header::parse(&line).ok_or(io::ErrorKind::InvalidData)?;
            if header.kind == Kind::Missing {
                outcome.absent += 1;
                continue;
            }
            // The content, and the line end behind it.
            let mut content = reader.by_ref().take(header.size);
            let of_kind = match header.kind {
                Kind::File => self.path_of(&header, paths),
                Kind::Message => Some(Path::new(MESSAGE)),
                Kind::Directory | Kind::Missing => None,
            };
            if let Some(path) = of_kind {
                let of_file = (header.kind == Kind::File).then_some(path);
                let hits = scanner.scan(&mut content, of_file)?;
                outcome.searched += 1;
                let object = Some(&*header.name);
                self.report(path, object, hits, scanner, &mut outcome.findings);
            }
            drain(&mut content)?;
            drain(&mut reader.by_ref().take(1))?;
        }
        Ok(())
    }

    /// The path under which a file is searched. `None`: it is left out.
    fn path_of<'h>(self, header: &'h Header, paths: &'h Paths) -> Option<&'h Path> {
        let other = paths.of(&header.name);
        let is_left_out = |path: &Path| {
            let relative = self.relative(path);
            relative.is_some_and(|path| self.allow.leaves_out(path))
        };
        other.or_else(|| Some(&*header.path).filter(|path| !is_left_out(path)))
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
