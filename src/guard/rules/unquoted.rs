//! Values that no quotes or no operator show: those of configuration files, commands, connection strings, SQL, and sentences.

use super::expression::{bare, ending, opening, quoted, typed};
use super::file::Syntax;
use super::literal;
use super::named::{Candidate, Named};

impl<'a> Named<'_, 'a> {
    /// A value without quotes. In code, only strings that are commands or connection strings have some.
    pub(super) fn unquoted(&self, value: &'a str, is_equals: bool) -> Option<Candidate<'a>> {
        let syntax = self.spot.file().syntax;
        let is_option = self.before.ends_with('-');
        // Of these, it is clear what they are.
        let is_clear = is_equals && (self.is_variable() || self.is_connection(value));
        let is_embedded = is_clear || is_equals && is_option;
        match syntax {
            // With the lines behind it: a block begins there.
            Syntax::Config if !is_embedded => {
                bare(self.spot.text_at(value).1, true).map(Candidate::sure)
            }
            Syntax::Shell | Syntax::Config => bare(value, false).map(Candidate::sure),
            _ if is_clear => bare(value, false).map(Candidate::sure),
            Syntax::Prose => {
                bare(value.trim_start_matches(['*', '_', ' ']), false).map(Candidate::doubtful)
            }
            Syntax::Code => bare(value, false)
                .map(Candidate::doubtful)
                .filter(|_| is_embedded),
        }
    }

    /// Options of commands, `ENV` lines, SQL, credential files, sentences: a blank stands before the value.
    pub(super) fn behind_blank(&self, after: &'a str, value: &'a str) -> Option<Candidate<'a>> {
        if value.len() == after.len() {
            return None;
        }
        let file = self.spot.file();
        if let Some(rest) = value.strip_prefix("FOR ") {
            // `SET PASSWORD FOR 'user'@'host' = '...'`
            let (_, value) = rest.split_once('=')?;
            return quoted(value).map(|(literal, _)| Candidate::sure(literal));
        }
        if let Some(cell) = value
            .strip_prefix('|')
            .filter(|_| file.syntax == Syntax::Prose)
        {
            return bare(cell.trim_start_matches([' ', '`']), false).map(Candidate::doubtful);
        }
        if let Some(rest) =
            typed(value).filter(|_| file.syntax == Syntax::Code && opening(value).is_none())
        {
            // `var password string = "..."`
            return quoted(rest).map(|(literal, _)| Candidate::sure(literal));
        }
        if let Some(rest) = value.strip_prefix("is ") {
            let literal = quoted(rest)
                .map(|(literal, _)| literal)
                .or_else(|| bare(rest, false))?;
            return Some(Candidate::doubtful(literal.trim_end_matches('.')));
        }
        let is_option =
            self.before.ends_with('-') && !(self.name == "password" && self.is_of_mysql());
        let is_line = self.before.trim() == "ENV" || file.is_netrc;
        let is_sql =
            self.name.eq_ignore_ascii_case("password") && value.starts_with(['\'', 'N', 'E']);
        if let Some((literal, _)) =
            quoted(value).filter(|_| !value.starts_with('`') && (is_option || is_line || is_sql))
        {
            let is_doubtful = is_sql && !is_option && file.syntax != Syntax::Code;
            return Some(Candidate {
                literal,
                is_doubtful,
            });
        }
        let is_one_blank = after.len() - value.len() == 1;
        let is_value =
            |literal: &&str| is_line || is_option && is_one_blank && !literal.starts_with('-');
        let literal = bare(value, false).filter(is_value)?;
        Some(Candidate {
            literal,
            is_doubtful: !is_line && file.syntax != Syntax::Shell,
        })
    }

    /// The clients of MySQL take what stands behind a blank for something else than the password.
    fn is_of_mysql(&self) -> bool {
        let words = self.before.split([' ', '/', '"', '\'']);
        let mut programs =
            words.filter(|word| word.starts_with("mysql") || word.starts_with("mariadb"));
        programs.any(|word| !word.contains('-') || word.starts_with("mariadb-"))
    }

    /// `MYSQL_PASSWORD=...` as commands have it, also inside of a string.
    fn is_variable(&self) -> bool {
        let is_upper =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        self.name.contains('_') && self.name.bytes().all(is_upper)
    }

    /// Whether this is one of several keys of a connection string: `user=u;password=p`, `?user=u&password=p`, `user=u password=p`.
    fn is_connection(&self, value: &str) -> bool {
        let before = self.before;
        let inside = before.rsplit(['"', '\'', '`']).next().unwrap_or("");
        if before.ends_with(['?', '&'])
            || before.ends_with("&amp;")
            || inside.contains(';') && inside.contains('=')
        {
            return true;
        }
        let is_pair = |token: &str| {
            let (key, value) = token.split_once('=').unwrap_or_default();
            let key = key.trim_start_matches(['"', '\'', '`', '(']);
            let goes_on = value.ends_with([',', '(', '{', '"', '\'', ')']);
            literal::is_identifier(key) && !value.is_empty() && !goes_on
        };
        let behind = value.split_once([' ', ';']).map(|(_, behind)| behind);
        let next = behind.and_then(|behind| behind.split([' ', ';']).next());
        before.ends_with(' ') && before.split_whitespace().next_back().is_some_and(is_pair)
            || ending(before).is_some() && next.is_some_and(is_pair)
    }
}
