//! A literal that is assigned to, passed as, or compared with a password.

use super::expression::{default_of_expansion, ending, fallback, quoted, separator, typed};
use super::file::Syntax;
use super::literal::{self, looks_random};
use super::name::{self, Strength};
use super::named::{Candidate, Named};
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
    let named = Named {
        spot,
        name,
        before,
        after,
        quote,
    };
    let Candidate {
        literal,
        is_doubtful,
    } = named.found()?;
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

impl<'a> Named<'_, 'a> {
    fn found(&self) -> Option<Candidate<'a>> {
        if self.before.ends_with("${") {
            return default_of_expansion(self.after).map(Candidate::sure);
        }
        if let Some(literal) = structure::value(self) {
            return Some(Candidate::sure(literal));
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
                return literal.or_else(|| fallback(rest)).map(Candidate::sure);
            }
        } else if let Some(arguments) = after.strip_prefix('(') {
            return self.argument(arguments);
        }
        if value.starts_with("||") || value.starts_with("??") {
            return fallback(value).map(Candidate::sure);
        }
        match separator(value) {
            Some((operator, rest)) => self.assigned(operator, rest, after.len() == value.len()),
            None => self.behind_blank(after, value),
        }
    }

    /// What a function called `password` or `set_password` takes.
    fn argument(&self, arguments: &'a str) -> Option<Candidate<'a>> {
        let name = self.name.rsplit('.').next()?.to_ascii_lowercase();
        let takes_one = name.starts_with('p') || TAKERS.iter().any(|verb| name.starts_with(verb));
        let (literal, rest) = quoted(arguments).filter(|_| takes_one)?;
        match rest.trim_start().strip_prefix(',') {
            None => Some(Candidate::sure(literal)),
            // The first one of several is a user or the like.
            Some(rest) => quoted(rest).map(|(literal, _)| Candidate::doubtful(literal)),
        }
    }

    /// The second argument of a call whose first one is the name: a value that is put somewhere, or the default of a lookup.
    fn second_argument(&self, rest: &'a str) -> Option<Candidate<'a>> {
        let default = ["default=", "default:", "default ="];
        let named = default
            .iter()
            .find_map(|name| rest.trim_start().strip_prefix(name));
        if let Some((literal, _)) = named.and_then(quoted) {
            return Some(Candidate::sure(literal));
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
        Some(Candidate {
            literal,
            is_doubtful: !is_setter,
        })
    }

    /// What stands behind an equals sign or a colon.
    fn assigned(&self, operator: &str, rest: &'a str, is_tight: bool) -> Option<Candidate<'a>> {
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
            return (!is_between || !literal.contains(' ')).then_some(Candidate::sure(literal));
        }
        let value = rest.trim_start_matches([' ', '\t']);
        if let Some(expansion) = value.strip_prefix("${") {
            let end = expansion.find(|c: char| !c.is_alphanumeric() && !"_.-".contains(c))?;
            return default_of_expansion(&expansion[end..]).map(Candidate::sure);
        }
        if let Some(literal) = fallback(value) {
            return Some(Candidate::sure(literal));
        }
        let is_equals = operator == "=" && is_tight && value.len() == rest.len();
        self.unquoted(value, is_equals)
    }
}
