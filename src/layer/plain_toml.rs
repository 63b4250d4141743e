//! Nearly every secrets file is plain TOML: tables of one level, and strings, whole numbers and booleans in them. Such a file is read
//! straight from the parser's events, without building a document. Whatever is not plain, errors included, is left to the `toml` crate.

use std::collections::BTreeSet;

use toml_parser::decoder::{Encoding, ScalarKind, StringBuilder};
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

use super::Raw;
use crate::secret::Text;

/// What a plain document is made of.
pub(crate) enum Item<'s> {
    /// A table begins, which the members up to the next one belong to.
    Table(&'s str),
    Member(&'s str, Raw<'s>),
}

/// The most members of a table of which each is compared with the others.
const MOST_MEMBERS: usize = 64;

/// The items of a plain document, in order. `None`: it is not plain.
pub(crate) fn parse(text: &str) -> Option<Vec<Item<'_>>> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut document = Document {
        source,
        is_plain: true,
        in_header: false,
        tables: BTreeSet::new(),
        table_start: 0,
        name: None,
        items: Vec::with_capacity(tokens.len() / 6 + 1),
    };
    let mut error: Option<ParseError> = None;
    parse_document(
        &tokens,
        &mut ValidateWhitespace::new(&mut document, source),
        &mut error,
    );
    (document.is_plain && error.is_none()).then_some(document.items)
}

struct Document<'s> {
    source: Source<'s>,
    is_plain: bool,
    in_header: bool,
    tables: BTreeSet<&'s str>,
    /// Where the members of the current table begin.
    table_start: usize,
    /// The key whose value comes next.
    name: Option<&'s str>,
    items: Vec<Item<'s>>,
}

impl<'s> Document<'s> {
    /// Begins a table. No two may have one name, and none may have that of a member outside any table.
    fn begin(&mut self, table: &'s str) {
        let mut outside = self.items.iter().map_while(Item::member);
        let is_new = !outside.any(|name| name == table) && self.tables.insert(table);
        self.is_plain &= is_new;
        self.items.push(Item::Table(table));
        self.table_start = self.items.len();
    }

    fn member(&mut self, name: &'s str, value: Raw<'s>) {
        let others = &self.items[self.table_start..];
        let mut names = others.iter().filter_map(Item::member);
        self.is_plain &= others.len() < MOST_MEMBERS && !names.any(|other| other == name);
        self.items.push(Item::Member(name, value));
    }

    fn value(
        &self,
        span: Span,
        encoding: Option<Encoding>,
        error: &mut dyn ErrorSink,
    ) -> Option<Raw<'s>> {
        let raw = self.raw(span, encoding)?;
        let mut text = Builder::new(raw.len());
        let kind = raw.decode_scalar(&mut text, error);
        match (kind, text) {
            (ScalarKind::String, text) => Some(text.into_raw()),
            (ScalarKind::Boolean(value), _) => Some(Raw::Bool(value)),
            (
                ScalarKind::Integer(radix),
                Builder {
                    lent, owned: None, ..
                },
            ) => i64::from_str_radix(lent, radix.value())
                .ok()
                .map(Raw::Integer),
            _ => None,
        }
    }

    fn raw(&self, span: Span, encoding: Option<Encoding>) -> Option<toml_parser::Raw<'s>> {
        let text = self.source.input().get(span.start()..span.end())?;
        Some(toml_parser::Raw::new_unchecked(text, encoding, span))
    }
}

impl<'s> Item<'s> {
    fn member(&self) -> Option<&'s str> {
        match self {
            Item::Member(name, _) => Some(name),
            Item::Table(_) => None,
        }
    }
}

impl EventReceiver for Document<'_> {
    fn std_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.in_header = true;
    }

    fn std_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.in_header = false;
    }

    fn array_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.is_plain = false;
    }

    fn inline_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) -> bool {
        self.is_plain = false;
        false
    }

    fn array_open(&mut self, _: Span, _: &mut dyn ErrorSink) -> bool {
        self.is_plain = false;
        false
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(raw) = self.raw(span, encoding) else {
            return self.is_plain = false;
        };
        let mut text = Builder::new(raw.len());
        raw.decode_key(&mut text, error);
        self.is_plain &= text.owned.is_none();
        if self.in_header {
            self.begin(text.lent);
        } else {
            self.name = Some(text.lent);
        }
    }

    fn key_sep(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.is_plain = false;
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        match (self.name.take(), self.value(span, encoding, error)) {
            (Some(name), Some(value)) => self.member(name, value),
            _ => self.is_plain = false,
        }
    }

    fn error(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.is_plain = false;
    }
}

/// Takes a decoded string: lent where it has no escapes, else written once into an allocation that is long enough.
struct Builder<'s> {
    lent: &'s str,
    owned: Option<Text>,
    capacity: usize,
}

impl<'s> Builder<'s> {
    fn new(capacity: usize) -> Builder<'s> {
        Builder {
            lent: "",
            owned: None,
            capacity,
        }
    }

    fn owned(&mut self) -> &mut Text {
        self.owned.get_or_insert_with(|| {
            let mut text = Text::with_capacity(self.capacity);
            text.push_str(self.lent);
            text
        })
    }

    fn into_raw(self) -> Raw<'s> {
        match self.owned {
            Some(text) => Raw::Text(text.shrunk()),
            None => Raw::Lent(self.lent),
        }
    }
}

impl<'s> StringBuilder<'s> for Builder<'s> {
    fn clear(&mut self) {
        self.lent = "";
        self.owned = None;
    }

    fn push_str(&mut self, append: &'s str) -> bool {
        if self.owned.is_none() && self.lent.is_empty() {
            self.lent = append;
        } else {
            self.owned().push_str(append);
        }
        true
    }

    fn push_char(&mut self, append: char) -> bool {
        self.owned().push(append);
        true
    }
}
