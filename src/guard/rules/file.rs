//! What is known of a file by its name.

use std::cell::OnceCell;
use std::path::Path;

/// How values are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Values are quoted.
    Code,
    /// Values need no quotes: `NAME=value`, `name: value`. What follows a blank is not part of one in a shell.
    Shell,
    Config,
    /// Text for people.
    Prose,
}

/// What a file's name says.
pub(crate) struct FileKind {
    pub syntax: Syntax,
    /// The file may have texts of a user interface: labels and messages about passwords.
    pub is_translation: bool,
    /// `machine host login user password value`
    pub is_netrc: bool,
}

const SHELL: &[&str] = &[
    "sh", "bash", "zsh", "fish", "ksh", "bat", "cmd", "mk", "envrc",
];
const CONFIG: &[&str] = &[
    "env",
    "yml",
    "yaml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "cnf",
    "config",
    "properties",
    "tfvars",
    "xml",
    "service",
    "sample",
    "dist",
    "example",
    "template",
    "tmpl",
    "j2",
    "erb",
    "cf",
    "desktop",
    "local",
    "production",
    "development",
    "pypirc",
    "npmrc",
    "ldif",
];
const PROSE: &[&str] = &[
    "md", "markdown", "rst", "txt", "adoc", "log", "html", "htm", "tex", "org", "mdx",
];
const TRANSLATIONS: &[&str] = &[
    "locale",
    "locales",
    "i18n",
    "l10n",
    "lang",
    "langs",
    "languages",
    "translations",
];

/// A file, of whose name most is looked at only where something may stand in it.
pub(crate) struct File<'a> {
    path: &'a Path,
    kind: OnceCell<FileKind>,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a Path) -> File<'a> {
        File {
            path,
            kind: OnceCell::new(),
        }
    }

    pub(crate) fn kind(&self) -> &FileKind {
        self.kind.get_or_init(|| FileKind::of(self.path))
    }

    /// Whether it is PostgreSQL's password file: `host:port:database:user:password`.
    pub(crate) fn is_pgpass(&self) -> bool {
        let path = self.path.as_os_str().as_encoded_bytes();
        let name = path.rsplit(|&byte| byte == b'/').next();
        matches!(name, Some(b".pgpass" | b"pgpass.conf" | b"pgpass"))
    }
}

impl FileKind {
    fn of(path: &Path) -> FileKind {
        let lower = |part: &std::ffi::OsStr| part.to_string_lossy().to_ascii_lowercase();
        let name = path.file_name().map(lower).unwrap_or_default();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let mut directories = path.parent().into_iter().flat_map(Path::iter).map(lower);
        FileKind {
            syntax: syntax(&name, stem, extension),
            is_translation: is_language(stem)
                || stem.starts_with("messages")
                || matches!(
                    extension,
                    "po" | "pot" | "arb" | "resx" | "strings" | "xliff" | "xlf" | "ftl"
                )
                || directories.any(|directory| TRANSLATIONS.contains(&directory.as_str())),
            is_netrc: matches!(name.as_str(), ".netrc" | "_netrc" | ".authinfo"),
        }
    }
}

fn syntax(name: &str, stem: &str, extension: &str) -> Syntax {
    let is_shell =
        name.contains("dockerfile") || name.contains("containerfile") || name.contains("makefile");
    if is_shell
        || SHELL.contains(&extension)
        || name.starts_with(".env")
        || name.ends_with("_history")
    {
        Syntax::Shell
    } else if PROSE.contains(&extension) {
        Syntax::Prose
    } else if name == "jenkinsfile" {
        Syntax::Code
    } else if extension.is_empty() || stem.is_empty() || CONFIG.contains(&extension) {
        // Without an extension, or with a name that begins with a dot, it is rarely code.
        Syntax::Config
    } else {
        Syntax::Code
    }
}

/// `de`, `pt-BR`, `zh_cn`.
fn is_language(stem: &str) -> bool {
    let is_code =
        |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    match stem.split_once(['-', '_']) {
        Some((language, country)) => is_code(language) && is_code(country),
        // `db` and the like are no languages, and often the name of a configuration.
        None => {
            is_code(stem)
                && !matches!(
                    stem,
                    "db" | "my" | "pg" | "ci" | "qa" | "s3" | "tf" | "js" | "go" | "rc" | "id"
                )
        }
    }
}
