//! A literal that is assigned to, passed as, or compared with a password.

use super::expression::{
    bare, default_of_expansion, ending, fallback, opening, quoted, separator, typed,
};
use super::file::Syntax;
use super::literal::{self, looks_random};
use super::name::{self, Strength};
use super::{Spot, neighbour, structure};

/// How functions begin that take a password. Others look one up, or ask for it.
const TAKERS: [&str; 14] = [
    "set", "with", "use", "add", "change", "update", "reset", "store", "check", "verify", "db",
    "user", "hash", "encrypt",
];

/// Ends of functions that take a name and its value, or a name and a default.
const SETTERS: [&str; 15] = [
    "define",
    "put",
    "set",
    "property",
    "env",
    "setenv",
    "var",
    "setdefault",
    "append",
    "add",
    "param",
    "pair",
    "get",
    "fetch",
    "config",
];

/// A name with what stands around it in its line.
pub(super) struct Place<'s, 'a> {
    pub spot: &'s Spot<'a>,
    pub name: &'a str,
    pub before: &'a str,
    /// What follows the name and its closing quote.
    pub after: &'a str,
    /// The quote that the name stands in.
    pub quote: Option<&'static str>,
}

/// What was found behind a name.
struct Found<'a> {
    literal: &'a str,
    /// Something else may be meant, unless it looks random.
    is_doubtful: bool,
}

impl<'a> Found<'a> {
    fn sure(literal: &'a str) -> Found<'a> {
        Found {
            literal,
            is_doubtful: false,
        }
    }

    fn doubtful(literal: &'a str) -> Found<'a> {
        Found {
            literal,
            is_doubtful: true,
        }
    }
}

pub(crate) fn find(spot: &Spot<'_>) -> Option<usize> {
    let line = spot.line();
    let range = name::around(line, spot.column());
    let (before, name, after) = (
        &line[..range.start],
        &line[range.clone()],
        &line[range.end..],
    );
    let strength = Strength::of(name)?;
    let quote = ending(before).filter(|quote| after.starts_with(quote));
    let after = quote.map_or(after, |quote| &after[quote.len()..]);
    let place = Place {
        spot,
        name,
        before,
        after,
        quote,
    };
    let Found {
        literal,
        is_doubtful,
    } = place.found()?;
    let is_doubtful = is_doubtful || strength == Strength::Doubtful || spot.file().is_translation;
    let is_secret = literal::is_secret(literal)
        && !name
            .split('_')
            .any(|part| part.eq_ignore_ascii_case(literal))
        && (!is_doubtful || looks_random(literal))
        && !neighbour::is_user(spot, literal)
        && !neighbour::is_sealed(spot);
    is_secret.then(|| spot.offset(literal))
}

impl<'a> Place<'_, 'a> {
    fn found(&self) -> Option<Found<'a>> {
        if self.before.ends_with("${") {
            return default_of_expansion(self.after).map(Found::sure);
        }
        if let Some(literal) = structure::value(self) {
            return Some(Found::sure(literal));
        }
        let after = self.after.strip_prefix(']').unwrap_or(self.after);
        let value = after.trim_start_matches([' ', '\t']);
        if self.quote.is_some() {
            if let Some(rest) = value.strip_prefix(',') {
                return self.second_argument(rest);
            }
            if let Some(rest) = after.strip_prefix(')') {
                // The name was looked up.
                let block = rest.trim_start().strip_prefix('{').and_then(quoted);
                let literal = block.map(|(literal, _)| literal);
                return literal.or_else(|| fallback(rest)).map(Found::sure);
            }
        } else if let Some(arguments) = after.strip_prefix('(') {
            return self.argument(arguments);
        }
        if value.starts_with("||") || value.starts_with("??") {
            return fallback(value).map(Found::sure);
        }
        match separator(value) {
            Some((operator, rest)) => self.assigned(operator, rest, after.len() == value.len()),
            None => self.behind_blank(after, value),
        }
    }

    /// What a function called `password` or `set_password` takes.
    fn argument(&self, arguments: &'a str) -> Option<Found<'a>> {
        let name = self.name.rsplit('.').next()?.to_ascii_lowercase();
        let takes_one = name.starts_with('p') || TAKERS.iter().any(|verb| name.starts_with(verb));
        let (literal, rest) = quoted(arguments).filter(|_| takes_one)?;
        match rest.trim_start().strip_prefix(',') {
            None => Some(Found::sure(literal)),
            // The first one of several is a user or the like.
            Some(rest) => quoted(rest).map(|(literal, _)| Found::doubtful(literal)),
        }
    }

    /// The second argument of a call whose first one is the name: a value that is put somewhere, or the default of a lookup.
    fn second_argument(&self, rest: &'a str) -> Option<Found<'a>> {
        let default = ["default=", "default:", "default ="];
        let named = default
            .iter()
            .find_map(|name| rest.trim_start().strip_prefix(name));
        if let Some((literal, _)) = named.and_then(quoted) {
            return Some(Found::sure(literal));
        }
        let (literal, after) = quoted(rest)?;
        if after.trim_start().starts_with([':', '=']) {
            return None;
        }
        let called = self
            .before
            .trim_end_matches(['"', '\'', '\\', ' '])
            .strip_suffix('(')?
            .to_ascii_lowercase();
        let is_setter = SETTERS.iter().any(|setter| called.ends_with(setter));
        Some(Found {
            literal,
            is_doubtful: !is_setter,
        })
    }

    /// What stands behind an equals sign or a colon.
    fn assigned(&self, operator: &str, rest: &'a str, is_tight: bool) -> Option<Found<'a>> {
        let syntax = self.spot.file().syntax;
        let is_annotated = operator == ":" && quoted(rest).is_none();
        let is_type = |value: &&str| {
            syntax == Syntax::Code || rest.contains(" = ") && quoted(value).is_some()
        };
        let (operator, rest) = match typed(rest).filter(is_type).filter(|_| is_annotated) {
            Some(value) => ("=", value),
            None => (operator, rest),
        };
        if let Some((literal, _)) = quoted(rest) {
            // The quote may also close a string that is put together: `"password=" + password + ";"`.
            let is_between = literal
                .trim_start()
                .starts_with(['+', '.', ',', ')', ';', '&', '%']);
            return (!is_between || !literal.contains(' ')).then_some(Found::sure(literal));
        }
        let value = rest.trim_start_matches([' ', '\t']);
        if let Some(expansion) = value.strip_prefix("${") {
            let end = expansion.find(|c: char| !c.is_alphanumeric() && !"_.-".contains(c))?;
            return default_of_expansion(&expansion[end..]).map(Found::sure);
        }
        if let Some(literal) = fallback(value) {
            return Some(Found::sure(literal));
        }
        let is_equals = operator == "=" && is_tight && value.len() == rest.len();
        self.unquoted(value, is_equals)
    }

    /// A value without quotes. In code, only strings that are commands or connection strings have some.
    fn unquoted(&self, value: &'a str, is_equals: bool) -> Option<Found<'a>> {
        let syntax = self.spot.file().syntax;
        let is_option = self.before.ends_with('-');
        // Of these, it is clear what they are.
        let is_clear = is_equals && (self.is_variable() || self.is_connection(value));
        let is_embedded = is_clear || is_equals && is_option;
        match syntax {
            // With the lines behind it: a block begins there.
            Syntax::Config if !is_embedded => {
                bare(self.spot.text_at(value).1, true).map(Found::sure)
            }
            Syntax::Shell | Syntax::Config => bare(value, false).map(Found::sure),
            _ if is_clear => bare(value, false).map(Found::sure),
            Syntax::Prose => {
                bare(value.trim_start_matches(['*', '_', ' ']), false).map(Found::doubtful)
            }
            Syntax::Code => bare(value, false)
                .map(Found::doubtful)
                .filter(|_| is_embedded),
        }
    }

    /// Options of commands, `ENV` lines, SQL, credential files, sentences: a blank stands before the value.
    fn behind_blank(&self, after: &'a str, value: &'a str) -> Option<Found<'a>> {
        if value.len() == after.len() {
            return None;
        }
        let file = self.spot.file();
        if let Some(rest) = value.strip_prefix("FOR ") {
            // `SET PASSWORD FOR 'user'@'host' = '...'`
            let (_, value) = rest.split_once('=')?;
            return quoted(value).map(|(literal, _)| Found::sure(literal));
        }
        if let Some(cell) = value
            .strip_prefix('|')
            .filter(|_| file.syntax == Syntax::Prose)
        {
            return bare(cell.trim_start_matches([' ', '`']), false).map(Found::doubtful);
        }
        if let Some(rest) =
            typed(value).filter(|_| file.syntax == Syntax::Code && opening(value).is_none())
        {
            // `var password string = "..."`
            return quoted(rest).map(|(literal, _)| Found::sure(literal));
        }
        if let Some(rest) = value.strip_prefix("is ") {
            let literal = quoted(rest)
                .map(|(literal, _)| literal)
                .or_else(|| bare(rest, false))?;
            return Some(Found::doubtful(literal.trim_end_matches('.')));
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
            return Some(Found {
                literal,
                is_doubtful,
            });
        }
        let is_one_blank = after.len() - value.len() == 1;
        let is_value =
            |literal: &&str| is_line || is_option && is_one_blank && !literal.starts_with('-');
        let literal = bare(value, false).filter(is_value)?;
        Some(Found {
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
